/* bin.c - the rows of a table counted by the cell of a grid, or the zone, they are in.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "bin/job.h"

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_WHOLE,
     .help = "the table whose rows are counted; it may be larger than memory: FILE or "
             "FILE:LAYER"},
    {0},
};

static const char *const rates[] = {"imaged-area", NULL};

static const elc_option options[] = {
    {.name = "hex",
     .type = ELC_OPTION_LENGTH,
     .help = "hexagons of equal area whose centres are so far apart: 100m, 1km"},
    {.name = "quad",
     .type = ELC_OPTION_INT,
     .min = 0,
     .max = ELC_QUAD_ZOOM,
     .help = "tiles of the web map at this zoom"},
    {.name = "geohash",
     .type = ELC_OPTION_INT,
     .min = 1,
     .max = 12,
     .help = "geohashes of so many letters"},
    {.name = "zones",
     .type = ELC_OPTION_LAYER,
     .help =
         "polygons of a layer, all of whose columns are given; a point is of one: on "
         "a border of the zone on its right, else above; where zones overlap, of the "
         "first"},
    {.name = "by",
     .type = ELC_OPTION_LIST,
     .help = "a row for each cell and each value of these columns in it"},
    {.name = "day",
     .type = ELC_OPTION_TEXT,
     .help = "a row for each cell and each day (UTC) of this column of times or dates"},
    {.name = "sum",
     .type = ELC_OPTION_LIST,
     .help = "sums of these columns (NAME_sum)"},
    {.name = "mean", .type = ELC_OPTION_LIST, .help = "their means (NAME_mean)"},
    {.name = "images",
     .type = ELC_OPTION_LAYER,
     .help =
         "outlines of what was looked at, as detect's layer images or the catalogue "
         "has them: cells that no image shows are left out, those without rows "
         "count 0"},
    {.name = "per",
     .type = ELC_OPTION_CHOICE,
     .choices = rates,
     .help =
         "the rate to give: rows for each km2 of the cell that --images show, where "
         "images overlap counted once"},
    PART_PLACE_OPTIONS,
    {0},
};

static const elc_output outputs[] = {
    {.name = "cells",
     .help = "A row for each cell that has rows, by its number; with --zones for each "
             "zone, with --images for each cell that they show.",
     .more =
         "cell (hexagon's number, quadkey or geohash) or the columns of the zones, "
         "those "
         "of --by, day, count, sums and means; with --images imaged_m2, the area of "
         "the "
         "cell that they show; with --per count_per_km2; geometry. _binned is added to "
         "a "
         "name that is there already. NULL and NaN count, and are in no sum or mean."},
    {0},
};

/* Early, where the table is known: what cannot be counted. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    bin_job *job;
    struct ArrowArrayStream *table =
        call->inputs != NULL ? call->inputs[0].stream : NULL;
    ELC_TRY(elc_bin_check(call->options, err));
    if (table != NULL && table->release != NULL) {
        ELC_TRY(elc_bin_job_create(call, table, &job, err));
        elc_bin_job_free(job);
    }
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

/* The table streams through one part, so that nothing but the counts is held. */
static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    bin_job *job;
    ELC_TRY(elc_bin_check(call->options, err));
    ELC_TRY(elc_bin_job_create(call, &in[0], &job, err));
    elc_status status = elc_bin_stream(job, &in[0], out, err);
    if (status != ELC_OK)
        elc_bin_job_free(job);
    return status;
}

const elc_operator elc_operator_bin = {
    .name = "bin",
    .summary = "count rows by hexagons, tiles, geohashes or zones, as rates too",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano bin vehicles.gpkg --images vehicles.gpkg:images --hex 100m "
               "--by class --per imaged-area -o density.geojson",
    .plan = plan,
    .open = open_part,
};
