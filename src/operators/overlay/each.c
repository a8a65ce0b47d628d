/* each.c - the rows of a table with their geometries changed, each by itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "job.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20 };

typedef struct {
    overlay_job *job;
    part_reader reader;
    elc_edit *edit;
    elc_batch *out;
    elc_string made;
    uint64_t n_gone; /* geometries of which nothing is left */
    elc_progress progress;
    bool told;
} each;

static elc_status change(each *e, const char *wkb, size_t size, elc_taken *taken,
                         elc_error *err) {
    const elc_length *length = &e->job->length;
    switch (e->job->op) {
    case OVERLAY_BUFFER:
        return elc_edit_buffer(e->edit, wkb, size, length->value, length->metres,
                               &e->made, taken, err);
    case OVERLAY_SIMPLIFY:
        return elc_edit_simplify(e->edit, wkb, size, length->value, length->metres,
                                 &e->made, taken, err);
    default:
        return elc_edit_valid(e->edit, wkb, size, &e->made, taken, err);
    }
}

static elc_status change_row(each *e, elc_error *err) {
    size_t size;
    elc_taken taken = ELC_TAKEN_SOUND;
    const char *wkb =
        elc_part_reader_bytes(&e->reader, e->job->geometry[OVERLAY_FIRST], &size);
    e->made.size = 0;
    if (wkb != NULL)
        ELC_TRY(change(e, wkb, size, &taken, err));
    elc_overlay_count(e->job, OVERLAY_FIRST, taken);
    if (e->made.size > 0)
        ELC_TRY(elc_batch_bytes(e->out, e->job->out_geometry, e->made.data,
                                e->made.size, err));
    else if (wkb != NULL && taken != ELC_TAKEN_NOWHERE)
        e->n_gone++;
    e->progress.done++;
    return elc_batch_copy_row(e->out, e->reader.rows, e->job->from[OVERLAY_FIRST],
                              e->reader.row, err);
}

/* A buffer says by itself what it is off by up to 0.1 %. */
static void warn(each *e) {
    double error = elc_edit_error(e->edit);
    const elc_context *context = e->job->call->context;
    elc_overlay_warn(e->job);
    if (e->n_gone > 0)
        elc_warn(context, "geometries of which nothing is left (NULL): %llu",
                 (unsigned long long)e->n_gone);
    if (error > 0.001)
        elc_warn(context,
                 "buffers reach so far from the middles of their geometries that "
                 "distances are up to %.1f %% off",
                 error * 100);
    e->told = true;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    each *e = state;
    while (!e->reader.ended && elc_batch_rows(e->out) < ROWS_A_BATCH &&
           elc_batch_size(e->out) < BYTES_A_BATCH) {
        ELC_TRY(elc_check_cancel(e->job->call->context, err));
        ELC_TRY(elc_part_reader_next(&e->reader, err));
        if (!e->reader.ended)
            ELC_TRY(change_row(e, err));
    }
    if (e->reader.ended && !e->told)
        warn(e);
    size_t rows = elc_batch_rows(e->out);
    e->progress.found += rows;
    elc_report(e->job->call->context, &e->progress);
    return rows > 0 ? elc_batch_finish(e->out, out, err) : ELC_OK;
}

static void free_each(void *state) {
    each *e = state;
    elc_part_reader_free(&e->reader);
    elc_edit_free(e->edit);
    elc_batch_free(e->out);
    elc_string_free(&e->made);
    elc_overlay_job_free(e->job);
    free(e);
}

elc_status elc_overlay_each(overlay_job *job, struct ArrowArrayStream *table,
                            struct ArrowArrayStream *out, elc_error *err) {
    each *e;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *e, &e, err));
    e->progress.unit = "rows";
    e->reader.schema = &job->schemas[OVERLAY_FIRST];
    elc_status status = elc_edit_create(job->crs, job->stated, &e->edit, err);
    if (status == ELC_OK)
        status = elc_batch_create(job->columns.items, job->columns.count, &e->out, err);
    if (status == ELC_OK)
        status = elc_part_columns_schema(&job->columns, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, free_each, e}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        free_each(e);
        return status;
    }
    e->job = job;
    e->reader.stream = *table;
    table->release = NULL;
    return ELC_OK;
}
