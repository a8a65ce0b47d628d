/* pairs.c - two tables laid over each other: what their rows share, and what not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "job.h"
#include "operators/parts/held.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20 };

typedef struct {
    overlay_job *job;
    part_reader first;
    struct ArrowArrayStream second;
    part_held held;           /* the second table */
    elc_overlay *second_over; /* its geometries, by their rows */
    elc_overlay *first_over;  /* those of the first, where the second has a rest */
    bool begun;
    const size_t *met; /* members that the row meets, of which `at` were given */
    size_t n_met, at;
    bool open;   /* the row of the first table has more to give */
    size_t rest; /* row of the second table whose rest comes next */
    elc_batch *out;
    elc_string made;
    elc_progress progress;
} pairs;

static bool gives_common(const overlay_job *job) {
    return job->op == OVERLAY_INTERSECTION || job->op == OVERLAY_UNION;
}

static bool gives_rest(const overlay_job *job) {
    return job->op != OVERLAY_INTERSECTION;
}

static bool gives_second(const overlay_job *job) {
    return job->op == OVERLAY_UNION || job->op == OVERLAY_SYMMETRIC;
}

/* ---- rows ----------------------------------------------------------------------- */

static elc_status put_geometry(pairs *p, elc_error *err) {
    if (p->made.size == 0)
        return ELC_OK;
    return elc_batch_bytes(p->out, p->job->out_geometry, p->made.data, p->made.size,
                           err);
}

static elc_status put_second(pairs *p, size_t number, elc_error *err) {
    size_t row;
    const elc_rows *rows = elc_part_held_row(&p->held, number, &row);
    return elc_batch_copy_cells(p->out, rows, p->job->from[OVERLAY_SECOND], row, err);
}

static elc_status end_first(pairs *p, elc_error *err) {
    return elc_batch_copy_row(p->out, p->first.rows, p->job->from[OVERLAY_FIRST],
                              p->first.row, err);
}

static elc_status give_common(pairs *p, elc_error *err) {
    size_t member = p->met[p->at++];
    p->made.size = 0;
    ELC_TRY(elc_overlay_common(p->second_over, member, &p->made, err));
    if (p->made.size == 0)
        return ELC_OK;
    ELC_TRY(put_geometry(p, err));
    ELC_TRY(put_second(p, member, err));
    return end_first(p, err);
}

/* A row without a geometry has nothing in common with another, and stays as it is. */
static elc_status give_rest(pairs *p, elc_error *err) {
    bool some = elc_overlay_has_asked(p->second_over);
    p->open = false;
    p->made.size = 0;
    if (!gives_rest(p->job))
        return ELC_OK;
    if (some)
        ELC_TRY(elc_overlay_rest(p->second_over, &p->made, err));
    if (some && p->made.size == 0)
        return ELC_OK;
    ELC_TRY(put_geometry(p, err));
    return end_first(p, err);
}

/* ---- the first table ------------------------------------------------------------ */

static elc_status begin_row(pairs *p, elc_error *err) {
    size_t size;
    elc_taken taken;
    overlay_job *job = p->job;
    ELC_TRY(elc_part_reader_next(&p->first, err));
    if (p->first.ended)
        return ELC_OK;
    const char *wkb =
        elc_part_reader_bytes(&p->first, job->geometry[OVERLAY_FIRST], &size);
    ELC_TRY(elc_overlay_ask(p->second_over, wkb, size, NULL, &p->met, &p->n_met, &taken,
                            err));
    elc_overlay_count(job, OVERLAY_FIRST, taken);
    if (gives_second(job))
        ELC_TRY(elc_overlay_add(p->first_over, wkb, size, NULL, &taken, err));
    p->at = gives_common(job) ? 0 : p->n_met;
    p->open = true;
    p->progress.done++;
    return ELC_OK;
}

/* ---- the second table ----------------------------------------------------------- */

static const char *second_wkb(const pairs *p, size_t number, size_t *size) {
    size_t row, column = (size_t)p->job->geometry[OVERLAY_SECOND];
    const elc_rows *rows = elc_part_held_row(&p->held, number, &row);
    *size = 0;
    return elc_rows_null(rows, column, row) ? NULL
                                            : elc_rows_bytes(rows, column, row, size);
}

static elc_status read_second(pairs *p, elc_error *err) {
    overlay_job *job = p->job;
    ELC_TRY(elc_part_held_read(&p->held, &p->second, &job->schemas[OVERLAY_SECOND],
                               job->call->context, err));
    for (size_t i = 0; i < p->held.n_rows; i++) {
        size_t size;
        elc_taken taken;
        const char *wkb = second_wkb(p, i, &size);
        ELC_TRY(elc_check_cancel(job->call->context, err));
        ELC_TRY(elc_overlay_add(p->second_over, wkb, size, job->way, &taken, err));
        elc_overlay_count(job, OVERLAY_SECOND, taken);
    }
    p->begun = true;
    return ELC_OK;
}

static elc_status give_second(pairs *p, elc_error *err) {
    const size_t *met;
    size_t size, n, number = p->rest++;
    elc_taken taken;
    const char *wkb = second_wkb(p, number, &size);
    p->made.size = 0;
    ELC_TRY(
        elc_overlay_ask(p->first_over, wkb, size, p->job->way, &met, &n, &taken, err));
    bool some = elc_overlay_has_asked(p->first_over);
    if (some)
        ELC_TRY(elc_overlay_rest(p->first_over, &p->made, err));
    if (some && p->made.size == 0)
        return ELC_OK;
    ELC_TRY(put_geometry(p, err));
    ELC_TRY(put_second(p, number, err));
    return elc_batch_end_row(p->out, err);
}

/* ---- batches -------------------------------------------------------------------- */

static bool has_ended(const pairs *p) {
    return p->first.ended && (!gives_second(p->job) || p->rest >= p->held.n_rows);
}

static elc_status step(pairs *p, elc_error *err) {
    if (!p->begun)
        return read_second(p, err);
    if (p->open && p->at < p->n_met)
        return give_common(p, err);
    if (p->open)
        return give_rest(p, err);
    return p->first.ended ? give_second(p, err) : begin_row(p, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    pairs *p = state;
    bool ended = has_ended(p);
    while (!has_ended(p) && elc_batch_rows(p->out) < ROWS_A_BATCH &&
           elc_batch_size(p->out) < BYTES_A_BATCH) {
        ELC_TRY(elc_check_cancel(p->job->call->context, err));
        ELC_TRY(step(p, err));
    }
    if (!ended && has_ended(p))
        elc_overlay_warn(p->job);
    size_t rows = elc_batch_rows(p->out);
    p->progress.found += rows;
    elc_report(p->job->call->context, &p->progress);
    return rows > 0 ? elc_batch_finish(p->out, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void free_pairs(void *state) {
    pairs *p = state;
    elc_part_reader_free(&p->first);
    elc_stream_release(&p->second);
    elc_overlay_free(p->first_over);
    elc_overlay_free(p->second_over);
    elc_part_held_free(&p->held);
    elc_batch_free(p->out);
    elc_string_free(&p->made);
    elc_overlay_job_free(p->job);
    free(p);
}

static elc_status fill(pairs *p, const overlay_job *job, struct ArrowSchema *schema,
                       elc_error *err) {
    p->progress.unit = "rows";
    p->first.schema = &job->schemas[OVERLAY_FIRST];
    ELC_TRY(elc_overlay_create(job->crs, job->stated, &p->second_over, err));
    ELC_TRY(elc_overlay_create(job->crs, job->stated, &p->first_over, err));
    ELC_TRY(elc_batch_create(job->columns.items, job->columns.count, &p->out, err));
    return elc_part_columns_schema(&job->columns, schema, err);
}

elc_status elc_overlay_pairs(overlay_job *job, struct ArrowArrayStream *tables,
                             struct ArrowArrayStream *out, elc_error *err) {
    pairs *p;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    elc_status status = fill(p, job, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, free_pairs, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        free_pairs(p);
        return status;
    }
    p->job = job;
    p->first.stream = tables[OVERLAY_FIRST];
    p->second = tables[OVERLAY_SECOND];
    tables[OVERLAY_FIRST].release = NULL;
    tables[OVERLAY_SECOND].release = NULL;
    return ELC_OK;
}
