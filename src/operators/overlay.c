/* overlay.c - two tables of geometries laid over each other, or those of one changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "overlay/job.h"
#include "parts/points.h"

static const elc_input inputs[] = {
    {.name = "first",
     .cut = ELC_CUT_WHOLE,
     .help = "the table whose rows are looked at, in their order: FILE or FILE:LAYER; "
             "its geometries, else columns lon and lat"},
    {.name = "second",
     .cut = ELC_CUT_WHOLE,
     .optional = true,
     .help = "the table that is laid over it, for intersection, difference, union and "
             "symmetric-difference; it is held in memory"},
    {0},
};

static const char *const ops[] = {"intersection",         "difference", "union",
                                  "symmetric-difference", "buffer",     "simplify",
                                  "make-valid",           "dissolve",   NULL};

static const elc_option options[] = {
    {.name = "op",
     .type = ELC_OPTION_CHOICE,
     .choices = ops,
     .help =
         "what to do; two tables: intersection (what rows of both share), difference "
         "(what the first has alone), symmetric-difference (what either has alone), "
         "union (all of these); one table: the others"},
    {.name = "distance",
     .type = ELC_OPTION_LENGTH,
     .help = "how far a buffer reaches: 10m, 1km; less than 0 shrinks polygons; metres "
             "are true on the ellipsoid, whatever the CRS"},
    {.name = "tolerance",
     .type = ELC_OPTION_LENGTH,
     .help = "how far simplify may move lines"},
    {.name = "by",
     .type = ELC_OPTION_LIST,
     .help = "columns whose values make the groups of dissolve; default: all rows are "
             "one"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "A row for each piece, in the order of the first table and then of the "
             "second; or a row for each of the table, or of its groups.",
     .more =
         "Two tables: all columns of the first, then, without its geometry, those of "
         "the second, except for difference; _right is added to names that the "
         "first has. One table: its columns; dissolve: those of --by, n_rows, and "
         "the geometry."},
    {0},
};

static bool is_given(const struct ArrowArrayStream *stream) {
    return stream != NULL && stream->release != NULL;
}

static elc_status check_second(const elc_options *given, bool second, elc_error *err) {
    bool two = elc_overlay_op_has_two(given);
    const char *op = elc_options_text(given, "op");
    if (two == second)
        return ELC_OK;
    if (two)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--op %s needs two tables, and one is given", op);
    return elc_fail(err, ELC_E_ARGUMENT, "--op %s needs one table, and two are given",
                    op);
}

/* Early, where the tables are known: what cannot be meant. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    overlay_job *job;
    struct ArrowArrayStream *first = NULL, *second = NULL;
    ELC_TRY(elc_overlay_check(call->options, err));
    if (call->inputs != NULL) {
        first = call->inputs[OVERLAY_FIRST].stream;
        second = call->inputs[OVERLAY_SECOND].stream;
    }
    if (is_given(first)) {
        ELC_TRY(check_second(call->options, is_given(second), err));
        ELC_TRY(elc_overlay_job_create(call, first, is_given(second) ? second : NULL,
                                       &job, err));
        elc_overlay_job_free(job);
    }
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

/* Pieces of one row may lie anywhere, so that there is one part, which uses all threads
   itself. */
static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    overlay_job *job;
    bool two = is_given(&in[OVERLAY_SECOND]);
    ELC_TRY(elc_overlay_check(call->options, err));
    ELC_TRY(check_second(call->options, two, err));
    for (int side = 0; side < 1 + two; side++)
        ELC_TRY(elc_part_points(call->options, &in[side], err));
    ELC_TRY(elc_overlay_job_create(call, &in[OVERLAY_FIRST],
                                   two ? &in[OVERLAY_SECOND] : NULL, &job, err));
    elc_status status = two ? elc_overlay_pairs(job, in, out, err)
                        : job->op == OVERLAY_DISSOLVE
                            ? elc_overlay_dissolve(job, &in[0], out, err)
                            : elc_overlay_each(job, &in[0], out, err);
    if (status != ELC_OK)
        elc_overlay_job_free(job);
    return status;
}

const elc_operator elc_operator_overlay = {
    .name = "overlay",
    .summary = "intersect, subtract, unite, buffer, simplify or dissolve geometries",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano overlay parcels.gpkg floods.gpkg --op intersection -o wet.gpkg",
    .plan = plan,
    .open = open_part,
};
