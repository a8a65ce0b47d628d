/* each.c - the rows of a table with their geometries changed, each by itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "job.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, WINDOW = 256 };

/* What became of a row. */
typedef struct changed {
    elc_string made;
    elc_taken taken;
    bool missing;
    elc_status status;
    elc_error err;
} changed;

typedef struct {
    overlay_job *job;
    part_reader reader;
    elc_edit **edits; /* one a thread */
    int threads;
    changed *window; /* rows of the batch from `first`, n of them */
    size_t first, n;
    atomic_size_t taken; /* of these */
    elc_batch *out;
    uint64_t n_gone;                   /* geometries of which nothing is left */
    uint64_t n_refused, first_refused; /* that have no buffer; the row, from 1 */
    elc_error why;                     /* of the first of them */
    elc_progress progress;
    bool told;
} each;

static elc_status change(each *e, elc_edit *edit, const char *wkb, size_t size,
                         changed *to, elc_error *err) {
    const elc_length *length = &e->job->length;
    switch (e->job->op) {
    case OVERLAY_BUFFER:
        return elc_edit_buffer(edit, wkb, size, length->value, length->metres,
                               &to->made, &to->taken, err);
    case OVERLAY_SIMPLIFY:
        return elc_edit_simplify(edit, wkb, size, length->value, length->metres,
                                 &to->made, &to->taken, err);
    default:
        return elc_edit_valid(edit, wkb, size, &to->made, &to->taken, err);
    }
}

static void change_row(each *e, elc_edit *edit, size_t number) {
    changed *to = &e->window[number];
    size_t column = (size_t)e->job->geometry[OVERLAY_FIRST], row = e->first + number;
    size_t size = 0;
    to->made.size = 0;
    to->taken = ELC_TAKEN_SOUND;
    to->missing = elc_rows_null(e->reader.rows, column, row);
    to->status = elc_check_cancel(e->job->call->context, &to->err);
    if (to->status != ELC_OK || to->missing)
        return;
    const char *wkb = elc_rows_bytes(e->reader.rows, column, row, &size);
    to->status = change(e, edit, wkb, size, to, &to->err);
}

/* Rows are taken one by one; each keeps its own failure, so that the first row's
   counts, whoever was faster. */
static elc_status change_some(void *arg, int index, elc_error *err) {
    each *e = arg;
    size_t number;
    (void)err;
    while ((number = atomic_fetch_add(&e->taken, 1)) < e->n)
        change_row(e, e->edits[index], number);
    return ELC_OK;
}

/* The next rows of the batch, from the one that the reader is at. */
static elc_status change_window(each *e, elc_error *err) {
    size_t left = elc_rows_count(e->reader.rows) - e->reader.row;
    e->first = e->reader.row;
    e->n = left < WINDOW ? left : WINDOW;
    atomic_store(&e->taken, 0);
    return elc_threads_run(e->threads < (int)e->n ? e->threads : (int)e->n, change_some,
                           e, err);
}

/* It has no answer, as what reaches too far: NULL, and the others have theirs. */
static void note_refused(each *e, changed *row) {
    if (e->n_refused++ == 0) {
        e->first_refused = e->progress.done + 1;
        e->why = row->err;
    }
    row->made.size = 0;
}

static elc_status fail_row(const each *e, const changed *row, elc_error *err) {
    if (row->status == ELC_E_CANCELLED)
        return elc_fail(err, row->status, "%s", row->err.message);
    return elc_fail(err, row->status, "%s: row %llu: %s",
                    elc_part_input_name(e->job->call, OVERLAY_FIRST),
                    (unsigned long long)e->progress.done + 1, row->err.message);
}

static elc_status give_row(each *e, elc_error *err) {
    if (e->reader.row == 0 || e->reader.row >= e->first + e->n)
        ELC_TRY(change_window(e, err));
    changed *row = &e->window[e->reader.row - e->first];
    if (row->status == ELC_E_UNSUPPORTED)
        note_refused(e, row);
    else if (row->status != ELC_OK)
        return fail_row(e, row, err);
    elc_overlay_count(e->job, OVERLAY_FIRST, row->taken);
    if (row->made.size > 0)
        ELC_TRY(elc_batch_bytes(e->out, e->job->out_geometry, row->made.data,
                                row->made.size, err));
    else if (!row->missing && row->taken != ELC_TAKEN_NOWHERE && row->status == ELC_OK)
        e->n_gone++;
    e->progress.done++;
    return elc_batch_copy_row(e->out, e->reader.rows, e->job->from[OVERLAY_FIRST],
                              e->reader.row, err);
}

/* A buffer says by itself what it is off by up to 0.1 %. */
static void warn(each *e) {
    double error = 0;
    for (int i = 0; i < e->threads; i++)
        error = fmax(error, elc_edit_error(e->edits[i]));
    const elc_context *context = e->job->call->context;
    elc_overlay_warn(e->job);
    if (e->n_gone > 0)
        elc_warn(context, "geometries of which nothing is left (NULL): %llu",
                 (unsigned long long)e->n_gone);
    if (e->n_refused > 0)
        elc_warn(context, "geometries without an answer (NULL): %llu; row %llu: %s",
                 (unsigned long long)e->n_refused, (unsigned long long)e->first_refused,
                 e->why.message);
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
            ELC_TRY(give_row(e, err));
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
    for (int i = 0; e->edits != NULL && i < e->threads; i++)
        elc_edit_free(e->edits[i]);
    for (int i = 0; e->window != NULL && i < WINDOW; i++)
        elc_string_free(&e->window[i].made);
    free(e->edits);
    free(e->window);
    elc_batch_free(e->out);
    elc_overlay_job_free(e->job);
    free(e);
}

static elc_status fill(each *e, const overlay_job *job, elc_error *err) {
    e->threads = elc_context_threads(job->call->context);
    ELC_TRY(elc_alloc(WINDOW, sizeof *e->window, &e->window, err));
    ELC_TRY(elc_alloc((size_t)e->threads, sizeof(elc_edit *), &e->edits, err));
    for (int i = 0; i < e->threads; i++)
        ELC_TRY(elc_edit_create(job->crs, job->stated, &e->edits[i], err));
    return elc_batch_create(job->columns.items, job->columns.count, &e->out, err);
}

elc_status elc_overlay_each(overlay_job *job, struct ArrowArrayStream *table,
                            struct ArrowArrayStream *out, elc_error *err) {
    each *e;
    ELC_TRY(elc_alloc(1, sizeof *e, &e, err));
    e->progress.unit = "rows";
    e->reader.schema = &job->schemas[OVERLAY_FIRST];
    elc_status status = fill(e, job, err);
    if (status == ELC_OK)
        status = elc_part_columns_stream(&job->columns,
                                         (elc_producer){next, free_each, e}, out, err);
    if (status != ELC_OK) {
        free_each(e);
        return status;
    }
    e->job = job;
    e->reader.stream = *table;
    table->release = NULL;
    return ELC_OK;
}
