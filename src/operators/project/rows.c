/* rows.c - the rows of a slice of a table, in another CRS, a batch at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "operators/parts/reader.h"
#include "wkb.h"

typedef struct {
    const elc_call *call;
    project_shared *shared;
    project_shape *shape;
    struct ArrowArrayStream in;
    elc_transform *transform;
    elc_batch *out;
    elc_point *points; /* of all rows of a batch, moved at once */
    size_t n_points, points_capacity;
    elc_point *was; /* the same before they were moved */
    size_t was_capacity;
    size_t *first; /* of each row, among them */
    size_t first_capacity;
    elc_string wkb;
    elc_progress progress;
} project;

/* ---- points of a batch ------------------------------------------------------------
 */

static elc_status add_point(project *p, elc_point at, elc_error *err) {
    ELC_TRY(elc_reserve(&p->points, &p->points_capacity, p->n_points + 1,
                        sizeof *p->points, err));
    p->points[p->n_points++] = at;
    return ELC_OK;
}

/* A column without any value has no type to guess, and is as good as any other. */
static elc_status read_number(const project *p, const elc_rows *rows, int64_t column,
                              size_t row, double *out, elc_error *err) {
    const struct ArrowSchema *described = p->shape->schema.children[column];
    elc_type type;
    *out = NAN;
    if (elc_rows_null(rows, (size_t)column, row))
        return ELC_OK;
    ELC_TRY(elc_schema_type(described, &type, err));
    if (type != ELC_INT32 && type != ELC_INT64 && type != ELC_FLOAT32 &&
        type != ELC_FLOAT64)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the column %s is %s, and coordinates are numbers; in a CSV a "
                        "value that is no number makes a column text",
                        described->name, elc_type_name(type));
    *out = elc_rows_real(rows, (size_t)column, row);
    return ELC_OK;
}

static elc_status read_row(project *p, const elc_rows *rows, size_t row,
                           elc_error *err) {
    const project_shape *s = p->shape;
    if (s->geometry == PROJECT_NONE) {
        elc_point at;
        ELC_TRY(read_number(p, rows, s->x, row, &at.x, err));
        ELC_TRY(read_number(p, rows, s->y, row, &at.y, err));
        return add_point(p, at, err);
    }
    size_t size;
    const char *bytes = elc_rows_bytes(rows, (size_t)s->geometry, row, &size);
    if (bytes == NULL)
        return ELC_OK;
    return elc_part_blame(
        elc_wkb_points(bytes, size, &p->points, &p->n_points, &p->points_capacity, err),
        elc_part_input_name(p->call, 0), 0, err);
}

static elc_status read_points(project *p, const elc_rows *rows, elc_error *err) {
    size_t n = elc_rows_count(rows);
    p->n_points = 0;
    ELC_TRY(elc_reserve(&p->first, &p->first_capacity, n, sizeof *p->first, err));
    for (size_t row = 0; row < n; row++) {
        p->first[row] = p->n_points;
        ELC_TRY(read_row(p, rows, row, err));
    }
    return ELC_OK;
}

/* ---- geometries -------------------------------------------------------------------
 */

static elc_status make_point(project *p, const elc_rows *rows, size_t row,
                             project_fate *fate, elc_error *err) {
    elc_point at = p->points[p->first[row]];
    if (!isnan(at.x)) {
        *fate = PROJECT_MOVED;
        return elc_wkb_point(at, &p->wkb, err);
    }
    double x, y;
    ELC_TRY(read_number(p, rows, p->shape->x, row, &x, err));
    ELC_TRY(read_number(p, rows, p->shape->y, row, &y, err));
    *fate = isnan(x) || isnan(y) ? PROJECT_BARE : PROJECT_LOST;
    return ELC_OK;
}

/* A polygon round a pole gets points that it had not. */
static elc_status move_alone(project *p, const void *bytes, size_t size,
                             project_fate *fate, elc_error *err) {
    elc_status status = elc_wkb_move(bytes, size, p->transform, &p->wkb, err);
    if (status == ELC_OK)
        *fate = PROJECT_MOVED;
    return status == ELC_E_UNSUPPORTED ? ELC_OK : status;
}

/* Leaves p->wkb empty where there is to be none. */
static elc_status make_geometry(project *p, const elc_rows *rows, size_t row,
                                project_fate *fate, elc_error *err) {
    const project_shape *s = p->shape;
    size_t size;
    p->wkb.size = 0;
    if (s->geometry == PROJECT_NONE)
        return make_point(p, rows, row, fate, err);
    const char *bytes = elc_rows_bytes(rows, (size_t)s->geometry, row, &size);
    *fate = PROJECT_BARE;
    if (bytes == NULL)
        return ELC_OK;
    project_points points = {p->was + p->first[row], p->points + p->first[row],
                             p->transform};
    ELC_TRY(elc_project_wkb(bytes, size, &points, fate, &p->wkb, err));
    if (*fate == PROJECT_LOST || *fate == PROJECT_ROUND)
        p->wkb.size = 0;
    return *fate == PROJECT_ROUND ? move_alone(p, bytes, size, fate, err) : ELC_OK;
}

static elc_status write_rows(project *p, const elc_rows *rows, elc_error *err) {
    project_counts counts = {.rows = elc_rows_count(rows)};
    for (size_t row = 0; row < counts.rows; row++) {
        project_fate fate;
        ELC_TRY(make_geometry(p, rows, row, &fate, err));
        counts.bare += fate == PROJECT_BARE;
        counts.lost += fate == PROJECT_LOST;
        counts.round += fate == PROJECT_ROUND;
        if (p->wkb.size > 0)
            ELC_TRY(elc_batch_bytes(p->out, p->shape->place, p->wkb.data, p->wkb.size,
                                    err));
        ELC_TRY(elc_batch_copy_row(p->out, rows, p->shape->from, row, err));
    }
    elc_project_shared_count(p->shared, &counts);
    p->progress.done += counts.rows;
    p->progress.found += counts.rows;
    return ELC_OK;
}

static elc_status move_points(project *p, elc_error *err) {
    ELC_TRY(elc_reserve(&p->was, &p->was_capacity, p->n_points, sizeof *p->was, err));
    if (p->n_points > 0)
        memcpy(p->was, p->points, p->n_points * sizeof *p->was);
    elc_transform_points(p->transform, p->points, p->n_points);
    return ELC_OK;
}

/* ---- batches ----------------------------------------------------------------------
 */

static elc_status move_batch(project *p, const struct ArrowArray *batch,
                             elc_error *err) {
    elc_rows *rows;
    ELC_TRY(elc_rows_view(&p->shape->schema, batch, &rows, err));
    elc_status status = read_points(p, rows, err);
    if (status == ELC_OK)
        status = move_points(p, err);
    if (status == ELC_OK)
        status = write_rows(p, rows, err);
    elc_rows_free(rows);
    return status;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    project *p = state;
    bool ended = false;
    while (!ended && elc_batch_rows(p->out) == 0) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_cancel(p->call->context, err));
        ELC_TRY(elc_stream_next(&p->in, &batch, err));
        ended = batch.release == NULL;
        elc_status status = ended ? ELC_OK : move_batch(p, &batch, err);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
    elc_report(p->call->context, &p->progress);
    return elc_batch_rows(p->out) > 0 ? elc_batch_finish(p->out, out, err) : ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static void project_free(void *state) {
    project *p = state;
    elc_stream_release(&p->in);
    elc_project_shared_give(p->shared, p->transform);
    elc_batch_free(p->out);
    elc_string_free(&p->wkb);
    elc_project_shape_free(p->shape);
    free(p->points);
    free(p->was);
    free(p->first);
    free(p);
}

static elc_status fill(project *p, const project_shape *shape,
                       struct ArrowSchema *schema, elc_error *err) {
    ELC_TRY(elc_project_shared_start(p->shared, shape, err));
    ELC_TRY(elc_project_shared_take(p->shared, &p->transform, err));
    ELC_TRY(elc_batch_create(shape->columns, shape->count, &p->out, err));
    return elc_project_shape_schema(shape, elc_project_shared_to(p->shared), schema,
                                    err);
}

elc_status elc_project_rows(const elc_call *call, project_shared *shared,
                            project_shape *shape, struct ArrowArrayStream *in,
                            struct ArrowArrayStream *out, elc_error *err) {
    project *p;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    p->call = call;
    p->shared = shared;
    p->progress.unit = "rows";
    elc_status status = fill(p, shape, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, project_free, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        project_free(p);
        return status;
    }
    p->shape = shape;
    p->in = *in;
    in->release = NULL;
    return ELC_OK;
}
