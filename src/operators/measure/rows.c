/* rows.c - the rows of a slice of a table with the measures of their geometries. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"
#include "operators/parts/reader.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20 };

typedef struct {
    const elc_call *call;
    measure_shape *shape;
    elc_measure *measure;
    part_reader reader;
    elc_batch *out;
    elc_string made;
    elc_progress progress;
} measuring;

/* ---- a row ---------------------------------------------------------------------- */

static elc_status put_real(measuring *m, int which, double value, elc_error *err) {
    int64_t at = m->shape->at[which];
    if (at < 0 || !isfinite(value))
        return ELC_OK;
    return elc_batch_real(m->out, (size_t)at, value + 0.0, err); /* no -0 */
}

static elc_status put_validity(measuring *m, const elc_measured *got, elc_error *err) {
    int64_t valid = m->shape->at[MEASURE_VALID], reason = m->shape->at[MEASURE_REASON];
    if (valid < 0)
        return ELC_OK;
    if (got->validity != ELC_MEASURE_NOT_KNOWN)
        ELC_TRY(elc_batch_int(m->out, (size_t)valid,
                              got->validity == ELC_MEASURE_IS_VALID, err));
    return elc_batch_text(m->out, (size_t)reason, got->reason, err);
}

static elc_status put_measures(measuring *m, const elc_measured *got, elc_error *err) {
    ELC_TRY(put_real(m, MEASURE_AREA, got->area, err));
    ELC_TRY(put_real(m, MEASURE_LENGTH, got->length, err));
    ELC_TRY(put_real(m, MEASURE_PERIMETER, got->perimeter, err));
    ELC_TRY(put_real(m, MEASURE_X, got->centroid.x, err));
    ELC_TRY(put_real(m, MEASURE_Y, got->centroid.y, err));
    for (int i = 0; i < 4; i++)
        ELC_TRY(put_real(m, MEASURE_XMIN + i, got->box[i], err));
    if (m->made.size > 0)
        ELC_TRY(elc_batch_bytes(m->out, m->shape->out_geometry, m->made.data,
                                m->made.size, err));
    return put_validity(m, got, err);
}

/* Once a run, since parts do not know what others saw. */
static void warn_once(measuring *m, atomic_bool *told, const char *what,
                      const char *reason) {
    if (!atomic_exchange(told, true))
        elc_warn(m->call->context, "%s has no measures (NULL), and others like it: %s",
                 what, reason);
}

static void warn_unknown(measuring *m, const elc_measured *got) {
    measure_told *told = m->call->prepared;
    if (!got->known)
        warn_once(m, &told->unread, "a geometry",
                  got->reason != NULL ? got->reason
                                      : "it has ordinates that are no finite numbers");
    else if (m->shape->wish.sizes &&
             !isfinite(got->area + got->length + got->perimeter))
        warn_once(m, &told->unplaced, "a geometry",
                  m->shape->planar ? "its size is beyond what numbers hold"
                                   : "it reaches beyond where its CRS is on the "
                                     "ellipsoid");
}

static elc_status measure_row(measuring *m, elc_error *err) {
    size_t size;
    elc_measured got;
    const char *wkb = elc_part_reader_bytes(&m->reader, m->shape->geometry, &size);
    if (wkb != NULL) {
        m->made.size = 0;
        ELC_TRY(elc_part_blame(elc_measure_wkb(m->measure, wkb, size, &m->shape->wish,
                                               &got, &m->made, err),
                               elc_part_input_name(m->call, 0), 0, err));
        warn_unknown(m, &got);
        ELC_TRY(put_measures(m, &got, err));
    }
    m->progress.done++;
    return elc_batch_copy_row(m->out, m->reader.rows, m->shape->from, m->reader.row,
                              err);
}

/* ---- batches -------------------------------------------------------------------- */

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    measuring *m = state;
    while (!m->reader.ended && elc_batch_rows(m->out) < ROWS_A_BATCH &&
           elc_batch_size(m->out) < BYTES_A_BATCH) {
        ELC_TRY(elc_check_cancel(m->call->context, err));
        ELC_TRY(elc_part_reader_next(&m->reader, err));
        if (!m->reader.ended)
            ELC_TRY(measure_row(m, err));
    }
    size_t rows = elc_batch_rows(m->out);
    m->progress.found += rows;
    elc_report(m->call->context, &m->progress);
    return rows > 0 ? elc_batch_finish(m->out, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void free_measuring(void *state) {
    measuring *m = state;
    elc_part_reader_free(&m->reader);
    elc_measure_free(m->measure);
    elc_batch_free(m->out);
    elc_string_free(&m->made);
    elc_measure_shape_free(m->shape);
    free(m);
}

elc_status elc_measure_rows(const elc_call *call, measure_shape *shape,
                            struct ArrowArrayStream *table,
                            struct ArrowArrayStream *out, elc_error *err) {
    measuring *m;
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    m->call = call;
    m->progress.unit = "rows";
    m->reader.schema = &shape->schema;
    bool geodesic = !shape->planar && shape->wish.sizes;
    elc_status status = elc_measure_create(shape->crs, geodesic, &m->measure, err);
    if (status == ELC_OK)
        status =
            elc_batch_create(shape->columns.items, shape->columns.count, &m->out, err);
    if (status == ELC_OK)
        status = elc_part_columns_stream(
            &shape->columns, (elc_producer){next, free_measuring, m}, out, err);
    if (status != ELC_OK) {
        free_measuring(m);
        return status;
    }
    m->shape = shape;
    m->reader.stream = *table;
    table->release = NULL;
    return ELC_OK;
}
