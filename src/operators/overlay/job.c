/* job.c - what overlay is asked to do with the tables that it is given. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>
#include <string.h>

#include "operators/parts/points.h"

/* ---- options -------------------------------------------------------------------- */

static const char *const words[] = {"intersection",         "difference", "union",
                                    "symmetric-difference", "buffer",     "simplify",
                                    "make-valid",           "dissolve"};

static overlay_op op_of(const elc_options *options) {
    const char *word = elc_options_text(options, "op");
    overlay_op op = OVERLAY_INTERSECTION;
    while (op < OVERLAY_DISSOLVE && strcmp(words[op], word) != 0)
        op++;
    return op;
}

bool elc_overlay_op_has_two(const elc_options *options) {
    return op_of(options) < OVERLAY_BUFFER;
}

static elc_status check_length(const elc_options *options, const char *name,
                               bool wanted, const char *op, elc_error *err) {
    if (elc_options_given(options, name) == wanted)
        return ELC_OK;
    if (wanted)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--%s is not given; --op %s needs it, as in --%s 10m", name, op,
                        name);
    return elc_fail(err, ELC_E_ARGUMENT, "--%s is given, but --op %s does not use it",
                    name, op);
}

elc_status elc_overlay_check(const elc_options *options, elc_error *err) {
    if (!elc_options_has(options, "op"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--op is not given; it says what to do, as in --op "
                        "intersection");
    overlay_op op = op_of(options);
    ELC_TRY(check_length(options, "distance", op == OVERLAY_BUFFER, words[op], err));
    ELC_TRY(check_length(options, "tolerance", op == OVERLAY_SIMPLIFY, words[op], err));
    if (op == OVERLAY_SIMPLIFY && elc_options_length(options, "tolerance").value < 0)
        return elc_fail(err, ELC_E_ARGUMENT, "--tolerance is less than 0");
    if (op != OVERLAY_DISSOLVE && elc_options_given(options, "by"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--by is given, but --op %s does not use it", words[op]);
    return ELC_OK;
}

/* ---- tables --------------------------------------------------------------------- */

static bool same_crs(const elc_crs *a, const elc_crs *b) {
    return a == NULL || b == NULL ? a == b : elc_crs_equal(a, b);
}

static elc_status find_geometries(overlay_job *job, bool two, elc_error *err) {
    bool stated = false;
    ELC_TRY(elc_part_points_geometry(&job->schemas[0],
                                     elc_part_input_name(job->call, 0),
                                     &job->geometry[0], &job->crs, &job->stated, err));
    if (!two)
        return ELC_OK;
    ELC_TRY(elc_part_points_geometry(&job->schemas[1],
                                     elc_part_input_name(job->call, 1),
                                     &job->geometry[1], &job->other, &stated, err));
    if (stated != job->stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the geometry states no CRS, and that of the other table "
                        "does; state both or none",
                        elc_part_input_name(job->call, !stated));
    job->moves = !same_crs(job->crs, job->other);
    elc_transform *way = NULL;
    if (job->moves) /* early, to be refused where there is none */
        ELC_TRY(elc_transform_create(job->other, job->crs, &way, err));
    elc_transform_free(way);
    return ELC_OK;
}

static elc_status check_units(const overlay_job *job, elc_error *err) {
    bool globe = job->stated && (job->crs == NULL || elc_crs_is_geographic(job->crs));
    const char *name = job->op == OVERLAY_BUFFER ? "distance" : "tolerance";
    if (job->op != OVERLAY_BUFFER && job->op != OVERLAY_SIMPLIFY)
        return ELC_OK;
    if (job->length.metres && !job->stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--%s is in metres, but the geometry states no CRS; without a "
                        "unit it is in the geometry's own",
                        name);
    if (!job->length.metres && globe && job->op == OVERLAY_BUFFER)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--%s has no unit, and the table's CRS has degrees, in which "
                        "no circle is round; write 10m or 1km",
                        name);
    return ELC_OK;
}

/* ---- columns -------------------------------------------------------------------- */

static elc_status add_by(overlay_job *job, elc_error *err) {
    const elc_names *by = elc_options_list(job->call->options, "by");
    const struct ArrowSchema *schema = &job->schemas[0];
    for (size_t i = 0; i < by->count; i++) {
        int64_t at = elc_schema_find(schema, by->items[i]);
        if (at < 0)
            return elc_fail(err, ELC_E_NOT_FOUND,
                            "--by %s: the table has no column of that name",
                            by->items[i]);
        elc_column column = {.name = schema->children[at]->name};
        ELC_TRY(elc_schema_type(schema->children[at], &column.type, err));
        if (column.type == ELC_GEOMETRY || column.type == ELC_BINARY)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--by %s: the column is %s, whose values are no groups",
                            by->items[i], elc_type_name(column.type));
        ELC_TRY(elc_part_columns_add(&job->columns, column, schema->children[at],
                                     "_again", err));
    }
    job->out_rows = job->columns.count;
    return elc_part_columns_add(&job->columns,
                                (elc_column){"n_rows", ELC_INT64, NULL, NULL}, NULL,
                                "_dissolved", err);
}

static elc_status add_columns(overlay_job *job, bool two, elc_error *err) {
    const struct ArrowSchema *own = job->schemas[0].children[job->geometry[0]];
    if (job->op == OVERLAY_DISSOLVE) {
        ELC_TRY(add_by(job, err));
        ELC_TRY(elc_part_columns_add(
            &job->columns, (elc_column){.name = own->name, .type = ELC_GEOMETRY}, own,
            "_dissolved", err));
    } else {
        ELC_TRY(
            elc_part_columns_pass(&job->columns, &job->schemas[0], -1, "_again", err));
        if (two && job->op != OVERLAY_DIFFERENCE)
            ELC_TRY(elc_part_columns_pass(&job->columns, &job->schemas[1],
                                          job->geometry[1], "_right", err));
    }
    for (int side = 0; side < 1 + two; side++)
        ELC_TRY(elc_part_columns_from(&job->columns, &job->schemas[side],
                                      &job->from[side], err));
    for (size_t i = 0; i < job->columns.count; i++)
        if (job->from[0][i] == job->geometry[0])
            job->out_geometry = i;
    job->from[0][job->out_geometry] = -1;
    return ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static elc_status read_schema(overlay_job *job, int side,
                              struct ArrowArrayStream *table, elc_error *err) {
    ELC_TRY(elc_stream_schema(table, &job->schemas[side], err));
    return elc_part_points_schema(job->call->options, &job->schemas[side], err);
}

static elc_status fill(overlay_job *job, struct ArrowArrayStream *first,
                       struct ArrowArrayStream *second, elc_error *err) {
    const elc_options *options = job->call->options;
    job->op = op_of(options);
    if (job->op == OVERLAY_BUFFER || job->op == OVERLAY_SIMPLIFY)
        job->length = elc_options_length(
            options, job->op == OVERLAY_BUFFER ? "distance" : "tolerance");
    ELC_TRY(read_schema(job, 0, first, err));
    if (second != NULL)
        ELC_TRY(read_schema(job, 1, second, err));
    ELC_TRY(find_geometries(job, second != NULL, err));
    ELC_TRY(check_units(job, err));
    return add_columns(job, second != NULL, err);
}

elc_status elc_overlay_job_create(const elc_call *call, struct ArrowArrayStream *first,
                                  struct ArrowArrayStream *second, overlay_job **out,
                                  elc_error *err) {
    overlay_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    job->call = call;
    elc_status status = fill(job, first, second, err);
    if (status != ELC_OK) {
        elc_overlay_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_overlay_job_free(overlay_job *job) {
    if (job == NULL)
        return;
    elc_part_columns_free(&job->columns);
    for (int side = 0; side < OVERLAY_SIDES; side++) {
        elc_schema_release(&job->schemas[side]);
        free(job->from[side]);
    }
    elc_crs_free(job->crs);
    elc_crs_free(job->other);
    free(job);
}

/* ---- threads -------------------------------------------------------------------- */

void elc_overlay_ways_free(elc_transform **ways, int threads) {
    for (int i = 0; ways != NULL && i < threads; i++)
        elc_transform_free(ways[i]);
    free(ways);
}

elc_status elc_overlay_job_ways(const overlay_job *job, int threads,
                                elc_transform ***out, elc_error *err) {
    ELC_TRY(elc_alloc((size_t)threads, sizeof(elc_transform *), out, err));
    for (int i = 0; job->moves && i < threads; i++)
        ELC_TRY(elc_transform_create(job->other, job->crs, &(*out)[i], err));
    return ELC_OK;
}

void elc_overlay_shares_free(elc_overlay **shares, int threads) {
    for (int i = threads - 1; shares != NULL && i >= 0; i--)
        elc_overlay_free(shares[i]);
    free(shares);
}

elc_status elc_overlay_job_shares(const overlay_job *job, int threads,
                                  elc_overlay ***out, elc_error *err) {
    ELC_TRY(elc_alloc((size_t)threads, sizeof(elc_overlay *), out, err));
    ELC_TRY(elc_overlay_create(job->crs, job->stated, &(*out)[0], err));
    for (int i = 1; i < threads; i++)
        ELC_TRY(elc_overlay_share((*out)[0], &(*out)[i], err));
    return ELC_OK;
}

/* ---- counts --------------------------------------------------------------------- */

void elc_overlay_count(overlay_job *job, int side, elc_taken taken) {
    job->n_mended[side] += taken == ELC_TAKEN_MENDED;
    job->n_nowhere[side] += taken == ELC_TAKEN_NOWHERE;
}

void elc_overlay_warn(const overlay_job *job) {
    for (int side = 0; side < OVERLAY_SIDES; side++) {
        const char *name = elc_part_input_name(job->call, (size_t)side);
        unsigned long long mended = job->n_mended[side], lost = job->n_nowhere[side];
        if (mended > 0 && job->op != OVERLAY_VALID)
            elc_warn(job->call->context,
                     "%s: invalid geometries were made valid before they were used: "
                     "%llu",
                     name, mended);
        if (lost > 0)
            elc_warn(job->call->context,
                     "%s: geometries taken as NULL, since they cannot be read, have "
                     "ordinates that are no finite numbers, or are nowhere in the CRS: "
                     "%llu",
                     name, lost);
    }
}
