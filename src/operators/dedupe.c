/* dedupe.c - one row an object, where several images show it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "dedupe/run.h"

static const elc_input inputs[] = {
    {.name = "detections",
     .cut = ELC_CUT_WHOLE,
     .help = "the table that detect wrote, or another with image and geometry: FILE or "
             "FILE:LAYER; it is held in memory"},
    {0},
};

static const elc_option options[] = {
    {.name = "images",
     .type = ELC_OPTION_LAYER,
     .help = "outlines of the images by their names, as detect's layer images or the "
             "catalogue has them: the row of the image whose edge is farthest is kept; "
             "default: the row of the best score"},
    {.name = "tolerance",
     .type = ELC_OPTION_REAL,
     .unit = "m",
     .min = 0.001,
     .max = 10000,
     .help =
         "how far apart two images may show the centre of one object; default: from "
         "position_error_m of both and half of the objects' shorter side"},
    {.name = "within",
     .type = ELC_OPTION_TEXT,
     .fallback = "60s",
     .help = "how far apart in time, since vehicles move: 60s, 10min, 2h, 3d; any: it "
             "does not matter"},
    {.name = "across_classes",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "rows are compared whatever their classes"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "detections",
     .help = "The rows of which there is one an object, in the table's order.",
     .more = "All columns of the table, then n_images: how many images saw the object; "
             "NULL for rows that could not be compared. Where the table has n_images "
             "already, those of the rows that are one object are added up."},
    {0},
};

static elc_status read_wish(const elc_call *call, dedupe_wish *out, elc_error *err) {
    *out = (dedupe_wish){.images = elc_options_text(call->options, "images")};
    return elc_dedupe_rule_read(call->options, &out->rule, err);
}

/* An object may be seen by any of the images, so that there is one part. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    dedupe_wish wish;
    ELC_TRY(read_wish(call, &wish, err));
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    dedupe_wish wish;
    ELC_TRY(read_wish(call, &wish, err));
    return elc_dedupe_stream(&wish, call->context, &in[0], out, err);
}

const elc_operator elc_operator_dedupe = {
    .name = "dedupe",
    .summary = "keep one row an object where several images show it",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano dedupe vehicles.gpkg:detections --images vehicles.gpkg:images "
               "-o counted.gpkg",
    .plan = plan,
    .open = open_part,
};
