/* pairs.c - two tables laid over each other: what their rows share, and what not. Rows
   are laid by threads, a window of them at a time, and given in their order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "operators/parts/crew.h"
#include "job.h"
#include "operators/parts/held.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, WINDOW = 512 };

/* A geometry that was made, and the row of the second table that it is shared with. */
typedef struct {
    size_t end; /* of its bytes */
    size_t member;
} piece;
enum { ALONE = -1 };

/* What became of one row. */
typedef struct {
    elc_string made;
    piece *pieces;
    size_t n, capacity;
    bool there; /* it has a geometry */
    elc_taken taken;
} laid;

typedef struct {
    overlay_job *job;
    part_reader first;
    struct ArrowArrayStream second;
    part_held held; /* the second table */
    int threads;
    elc_overlay **second_over; /* its geometries, by their rows: one a thread */
    elc_overlay **first_over;  /* those of the first, where the second has a rest */
    elc_transform **ways;
    bool begun;
    laid window[WINDOW];
    size_t n, row, at;  /* rows in it; the one that is given, and its piece */
    size_t start, kept; /* where it begins: in the batch; in first_over */
    size_t rest;        /* row of the second table whose rest comes next */
    elc_batch *out;
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

/* ---- laying a row, by any thread ------------------------------------------------- */

/* Notes what was made since the last piece, if it is anything. */
static elc_status end_piece(laid *to, size_t member, elc_error *err) {
    size_t before = to->n > 0 ? to->pieces[to->n - 1].end : 0;
    if (to->made.size == before)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(&to->pieces, &to->capacity, to->n + 1, sizeof *to->pieces, err));
    to->pieces[to->n++] = (piece){to->made.size, member};
    return ELC_OK;
}

static elc_status lay_common(pairs *p, elc_overlay *over, const size_t *met, size_t n,
                             laid *to, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_check_cancel(p->job->call->context, err));
        ELC_TRY(elc_overlay_common(over, met[i], &to->made, err));
        ELC_TRY(end_piece(to, met[i], err));
    }
    return ELC_OK;
}

static elc_status lay_rest(elc_overlay *over, laid *to, elc_error *err) {
    if (to->there)
        ELC_TRY(elc_overlay_rest(over, &to->made, err));
    return end_piece(to, (size_t)ALONE, err);
}

static void empty(laid *to) {
    to->made.size = to->n = 0;
    to->taken = ELC_TAKEN_SOUND;
}

static elc_status lay_first(void *arg, int worker, size_t number, elc_error *err) {
    pairs *p = arg;
    laid *to = &p->window[number];
    elc_overlay *over = p->second_over[worker];
    size_t column = (size_t)p->job->geometry[OVERLAY_FIRST], row = p->start + number;
    size_t size = 0, n = 0;
    const size_t *met = NULL;
    const char *wkb = elc_rows_null(p->first.rows, column, row)
                          ? NULL
                          : elc_rows_bytes(p->first.rows, column, row, &size);
    empty(to);
    ELC_TRY(elc_part_blame(
        elc_overlay_ask(over, wkb, size, NULL, &met, &n, &to->taken, err),
        elc_part_input_name(p->job->call, OVERLAY_FIRST), p->kept + number + 1, err));
    to->there = elc_overlay_has_asked(over);
    if (gives_common(p->job))
        ELC_TRY(lay_common(p, over, met, n, to, err));
    if (gives_rest(p->job))
        ELC_TRY(lay_rest(over, to, err));
    if (gives_second(p->job))
        elc_overlay_keep(over, p->first_over[worker], p->kept + number);
    return ELC_OK;
}

static elc_status lay_second(void *arg, int worker, size_t number, elc_error *err) {
    pairs *p = arg;
    laid *to = &p->window[number];
    elc_overlay *over = p->first_over[worker];
    const size_t *met = NULL;
    size_t n = 0;
    empty(to);
    ELC_TRY(elc_overlay_ask_member(over, p->second_over[worker], p->rest + number, &met,
                                   &n, err));
    to->there = elc_overlay_has_asked(over);
    return lay_rest(over, to, err);
}

/* ---- reading the second table ---------------------------------------------------- */

static elc_status read_row(void *arg, int worker, size_t number, elc_error *err) {
    pairs *p = arg;
    size_t row, size = 0, column = (size_t)p->job->geometry[OVERLAY_SECOND];
    const elc_rows *rows = elc_part_held_row(&p->held, p->start + number, &row);
    const char *wkb = elc_rows_null(rows, column, row)
                          ? NULL
                          : elc_rows_bytes(rows, column, row, &size);
    size_t at = p->start + number;
    return elc_part_blame(
        elc_overlay_set(p->second_over[worker], at, wkb, size, p->ways[worker],
                        &p->window[number].taken, err),
        elc_part_input_name(p->job->call, OVERLAY_SECOND), at + 1, err);
}

static size_t window_of(size_t left) {
    return left < WINDOW ? left : WINDOW;
}

static elc_status read_second(pairs *p, elc_error *err) {
    overlay_job *job = p->job;
    const elc_context *context = job->call->context;
    ELC_TRY(elc_part_held_read(&p->held, &p->second, &job->schemas[OVERLAY_SECOND],
                               context, err));
    ELC_TRY(elc_overlay_extend(p->second_over[0], p->held.n_rows, err));
    for (size_t n; p->start < p->held.n_rows; p->start += n) {
        n = window_of(p->held.n_rows - p->start);
        ELC_TRY(elc_check_memory(context, err));
        ELC_TRY(elc_part_crew(context, p->threads, n, read_row, p, err));
        for (size_t i = 0; i < n; i++)
            elc_overlay_count(job, OVERLAY_SECOND, p->window[i].taken);
    }
    p->begun = true;
    return elc_overlay_ready(p->second_over[0], err);
}

/* ---- windows --------------------------------------------------------------------- */

/* The next rows of the first table's batch, from the one that the reader is at. */
static elc_status fill_first(pairs *p, elc_error *err) {
    p->kept += p->n;
    p->n = p->row = p->at = 0;
    ELC_TRY(elc_part_reader_next(&p->first, err));
    if (p->first.ended)
        return gives_second(p->job) ? elc_overlay_ready(p->first_over[0], err) : ELC_OK;
    p->start = p->first.row;
    p->n = window_of(elc_rows_count(p->first.rows) - p->start);
    if (gives_second(p->job))
        ELC_TRY(elc_overlay_extend(p->first_over[0], p->n, err));
    ELC_TRY(elc_check_memory(p->job->call->context, err));
    ELC_TRY(elc_part_crew(p->job->call->context, p->threads, p->n, lay_first, p, err));
    for (size_t i = 0; i < p->n; i++)
        elc_overlay_count(p->job, OVERLAY_FIRST, p->window[i].taken);
    p->first.row += p->n - 1;
    return ELC_OK;
}

static elc_status fill_second(pairs *p, elc_error *err) {
    p->rest += p->n;
    p->row = p->at = 0;
    p->n = window_of(p->held.n_rows - p->rest);
    return elc_part_crew(p->job->call->context, p->threads, p->n, lay_second, p, err);
}

/* ---- giving ---------------------------------------------------------------------- */

static elc_status put_second(pairs *p, size_t number, elc_error *err) {
    size_t row;
    const elc_rows *rows = elc_part_held_row(&p->held, number, &row);
    return elc_batch_copy_cells(p->out, rows, p->job->from[OVERLAY_SECOND], row, err);
}

static elc_status put_piece(pairs *p, const laid *from, elc_error *err) {
    size_t begin = p->at > 0 ? from->pieces[p->at - 1].end : 0;
    return elc_batch_bytes(p->out, p->job->out_geometry, from->made.data + begin,
                           from->pieces[p->at].end - begin, err);
}

/* The row by itself, of either table. */
static elc_status end_alone(pairs *p, elc_error *err) {
    if (p->first.ended) {
        ELC_TRY(put_second(p, p->rest + p->row, err));
        return elc_batch_end_row(p->out, err);
    }
    return elc_batch_copy_row(p->out, p->first.rows, p->job->from[OVERLAY_FIRST],
                              p->start + p->row, err);
}

/* A row without a geometry has nothing in common with another, and stays as it is. */
static elc_status give_row(pairs *p, elc_error *err) {
    const laid *from = &p->window[p->row];
    if (p->at < from->n) {
        size_t member = from->pieces[p->at].member;
        ELC_TRY(put_piece(p, from, err));
        p->at++;
        if (member != (size_t)ALONE)
            ELC_TRY(put_second(p, member, err));
        return end_alone(p, err);
    }
    if (!from->there && gives_rest(p->job))
        ELC_TRY(end_alone(p, err));
    p->progress.done += !p->first.ended;
    p->row++;
    p->at = 0;
    return ELC_OK;
}

static bool has_ended(const pairs *p) {
    if (!p->first.ended || p->row < p->n)
        return false;
    return !gives_second(p->job) || p->rest + p->n >= p->held.n_rows;
}

static elc_status step(pairs *p, elc_error *err) {
    if (!p->begun)
        return read_second(p, err);
    if (p->row < p->n)
        return give_row(p, err);
    return p->first.ended ? fill_second(p, err) : fill_first(p, err);
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

/* ---- life ------------------------------------------------------------------------ */

static void free_pairs(void *state) {
    pairs *p = state;
    elc_part_reader_free(&p->first);
    elc_stream_release(&p->second);
    elc_overlay_shares_free(p->first_over, p->threads);
    elc_overlay_shares_free(p->second_over, p->threads);
    elc_overlay_ways_free(p->ways, p->threads);
    elc_part_held_free(&p->held);
    for (size_t i = 0; i < WINDOW; i++) {
        elc_string_free(&p->window[i].made);
        free(p->window[i].pieces);
    }
    elc_batch_free(p->out);
    elc_overlay_job_free(p->job);
    free(p);
}

static elc_status fill(pairs *p, const overlay_job *job, struct ArrowSchema *schema,
                       elc_error *err) {
    p->progress.unit = "rows";
    p->first.schema = &job->schemas[OVERLAY_FIRST];
    p->threads = elc_context_threads(job->call->context);
    ELC_TRY(elc_overlay_job_shares(job, p->threads, &p->second_over, err));
    ELC_TRY(elc_overlay_job_shares(job, p->threads, &p->first_over, err));
    ELC_TRY(elc_overlay_job_ways(job, p->threads, &p->ways, err));
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
