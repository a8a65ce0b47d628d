/* cluster.c - the rows of a table that are dense together, and the shapes of where. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/job.h"

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_WHOLE,
     .help = "the table whose rows are put together; it is held in memory: FILE or "
             "FILE:LAYER"},
    {0},
};

static const char *const shapes[] = {"none", "hull", "buffer", NULL};

static const elc_option options[] = {
    {.name = "eps",
     .type = ELC_OPTION_LENGTH,
     .help =
         "rows at most so far apart are neighbours: 15m on the ellipsoid; without a "
         "unit in that of the table's CRS"},
    {.name = "min_points",
     .type = ELC_OPTION_INT,
     .fallback = "5",
     .min = 1,
     .max = 1e9,
     .help =
         "a row with so many neighbours, itself among them, is a core of a cluster"},
    {.name = "by",
     .type = ELC_OPTION_LIST,
     .help = "columns whose values are clustered apart; default: all rows together"},
    {.name = "shapes",
     .type = ELC_OPTION_CHOICE,
     .choices = shapes,
     .fallback = "none",
     .help =
         "give a row a cluster in place of those of the table: with its convex hull, "
         "or all that is within half of --eps of its rows (buffer)"},
    {.name = "class",
     .type = ELC_OPTION_TEXT,
     .fallback = "class",
     .help = "the column whose values --shapes counts in each cluster"},
    PART_PLACE_OPTIONS,
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help =
         "The table's rows, in its order, each with the number of its cluster; with "
         "--shapes a row a cluster.",
     .more =
         "All columns of the table, and cluster: from 0, in the order of the clusters' "
         "least core rows by x and y, then by the values of --by; NULL for rows of "
         "none. "
         "With --shapes: cluster, the columns of --by, count, counts (by class, as "
         "JSON, "
         "where the table has one), the middle of the rows as lon and lat, area_m2, "
         "density_per_km2, and geometry; where no CRS is stated, x, y, area and "
         "density."},
    {0},
};

/* Early, where the table is known: what cannot be clustered. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    cluster_job *job;
    struct ArrowArrayStream *table =
        call->inputs != NULL ? call->inputs[0].stream : NULL;
    ELC_TRY(elc_cluster_check(call->options, err));
    if (table != NULL && table->release != NULL) {
        ELC_TRY(elc_cluster_job_create(call, table, &job, err));
        elc_cluster_job_free(job);
    }
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

/* A cluster may be anywhere, so that there is one part. */
static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    cluster_job *job;
    ELC_TRY(elc_cluster_check(call->options, err));
    ELC_TRY(elc_cluster_job_create(call, &in[0], &job, err));
    elc_status status = elc_cluster_stream(job, &in[0], out, err);
    if (status != ELC_OK)
        elc_cluster_job_free(job);
    return status;
}

const elc_operator elc_operator_cluster = {
    .name = "cluster",
    .summary = "number the rows that are dense together, or give their outlines",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano cluster vehicles.gpkg --eps 15m --min-points 5 --shapes hull "
               "-o lots.gpkg",
    .plan = plan,
    .open = open_part,
};
