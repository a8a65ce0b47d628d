/* check.c - detections held against what a map says there. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check/job.h"
#include "check/layout.h"
#include "check/rows.h"
#include "operators/parts/place.h"
#include "operators/parts/points.h"

static const char *const needed[] = {"class", NULL};

static const elc_input inputs[] = {
    {.name = "detections",
     .cut = ELC_CUT_WHOLE,
     .columns = needed,
     .help = "the table whose rows are held against the map; it may be larger than "
             "memory: FILE or FILE:LAYER"},
    {0},
};

static const elc_option options[] = {
    {.name = "rules",
     .type = ELC_OPTION_PATH,
     .help = "what the map must or must not have there: vehicles, ships, aircraft, "
             "buildings, or a CSV with class, rule, relation, theme, distance_m and "
             "reason (a name is a word without . and /)"},
    {.name = "osm",
     .type = ELC_OPTION_PATH,
     .help = "an OpenStreetMap file (.osm, .pbf) that has the themes of --themes; it "
             "is held in memory, what is of no theme aside"},
    {.name = "layers",
     .type = ELC_OPTION_LIST,
     .help = "themes from other layers, THEME=FILE or THEME=FILE:LAYER, with commas "
             "between; they are in place of OpenStreetMap's"},
    {.name = "themes",
     .type = ELC_OPTION_PATH,
     .fallback = "osm",
     .help = "which tags of OpenStreetMap make a theme: a CSV with theme, layer, tags "
             "and distance_m, or osm, the one that comes with Elcano"},
    PART_PLACE_DEGREES_OPTIONS,
    {0},
};

static const elc_output outputs[] = {
    {.name = "doubtful",
     .help = "A row for each rule that a detection violates, in the order of the "
             "detections and then of the rules.",
     .columns = elc_check_added,
     .n_columns = CHECK_ADDED,
     .more = "All columns of the detections come first; _check is added to names that "
             "they have."},
    {.name = CHECK_LAND_TABLE,
     .help = "on which themes the detections of each class are, doubtful or not: in an "
             "area, or as near to a line or point as the theme says",
     .columns = elc_check_land_columns,
     .n_columns = CHECK_LAND_COLUMNS},
    {0},
};

/* Early, where the table is known: what cannot be meant. */
static elc_status check_table(const elc_call *call, elc_error *err) {
    struct ArrowArrayStream *given =
        call->inputs != NULL ? call->inputs[0].stream : NULL;
    check_layout layout = {0};
    if (given == NULL || given->release == NULL)
        return ELC_OK;
    elc_status status = elc_check_layout_read(call->options, given, &layout, err);
    elc_check_layout_free(&layout);
    return status;
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    check_job *job;
    ELC_TRY(check_table(call, err));
    ELC_TRY(elc_check_job_create(call, &job, err));
    *prepared = job;
    return ELC_OK;
}

static void release(void *prepared) {
    elc_check_job_free(prepared);
}

/* One part, which uses all threads itself: the map is read once, and the counts of land
   use are of all rows. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    (void)call;
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    ELC_TRY(elc_part_points(call->options, &in[0], err));
    return elc_check_rows(call, &in[0], out, err);
}

const elc_operator elc_operator_check = {
    .name = "check",
    .summary = "hold detections against what a map says there",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano check vehicles.gpkg --osm city.osm.pbf --rules vehicles "
               "-o doubtful.gpkg",
    .prepare = prepare,
    .release = release,
    .plan = plan,
    .open = open_part,
};
