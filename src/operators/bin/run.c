/* run.c - the table that bin gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "imaged.h"
#include "operators/parts/order.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, LOOK_ROWS = 256 };

/* A row: of a cell, and of values in it. */
typedef struct bin_row {
    int64_t cell;
    uint32_t rank;  /* of the values; ELC_NO_CELL: none */
    uint32_t group; /* ELC_NO_CELL: no row is in it */
} bin_row;

typedef struct running {
    bin_job *job;
    struct ArrowArrayStream table;
    bool counted;
    bin_counts counts;
    bin_imaged imaged;
    uint32_t *by_rank, *by_of_rank; /* of values */
    bin_row *rows;
    size_t n_rows, capacity, given;
    elc_batch *out;
    elc_string room, shape;
    elc_progress progress;
} running;

/* ---- which rows ------------------------------------------------------------------ */

static int by_key(const void *a, const void *b, void *arg) {
    const part_groups *g = arg;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    size_t n = g->items[i].size, m = g->items[k].size;
    int way = memcmp(elc_part_group_key(g, i), elc_part_group_key(g, k), n < m ? n : m);
    return way != 0 ? way : (n > m) - (n < m);
}

static elc_status rank_values(running *r, elc_error *err) {
    size_t n = r->counts.by.count;
    ELC_TRY(elc_alloc(n, sizeof *r->by_rank, &r->by_rank, err));
    ELC_TRY(elc_alloc(n, sizeof *r->by_of_rank, &r->by_of_rank, err));
    for (size_t i = 0; i < n; i++)
        r->by_of_rank[i] = (uint32_t)i;
    qsort_r(r->by_of_rank, n, sizeof *r->by_of_rank, by_key, &r->counts.by);
    for (size_t i = 0; i < n; i++)
        r->by_rank[r->by_of_rank[i]] = (uint32_t)i;
    return ELC_OK;
}

static elc_status add_row(running *r, bin_row row, elc_error *err) {
    ELC_TRY(elc_reserve(&r->rows, &r->capacity, r->n_rows + 1, sizeof *r->rows, err));
    r->rows[r->n_rows++] = row;
    return ELC_OK;
}

static int by_cell(const void *a, const void *b) {
    const bin_row *p = a, *q = b;
    if (p->cell != q->cell)
        return p->cell < q->cell ? -1 : 1;
    return (p->rank > q->rank) - (p->rank < q->rank);
}

/* What images show of a cell; all of it where there are none. */
static double seen_of(const running *r, int64_t cell) {
    uint32_t place = elc_cell_set_find(&r->imaged.cells, cell);
    return r->job->images == NULL ? 1
           : place == ELC_NO_CELL ? 0
                                  : r->imaged.area_m2[place];
}

static elc_status list_groups(running *r, elc_error *err) {
    const bin_job *job = r->job;
    size_t n = elc_bin_counts_groups(job, &r->counts);
    uint64_t unseen = 0;
    for (size_t i = 0; i < n; i++) {
        bin_row row = {.group = (uint32_t)i};
        uint32_t by;
        elc_bin_counts_group(job, &r->counts, i, &row.cell, &by);
        row.rank = by == ELC_NO_CELL ? by : r->by_rank[by];
        if (seen_of(r, row.cell) > 0)
            ELC_TRY(add_row(r, row, err));
        else
            unseen += (uint64_t)r->counts.count[i];
    }
    if (r->counts.n_unseen > unseen)
        elc_part_footprints_warn_outside(job->call->context,
                                         r->counts.n_unseen - unseen, r->counts.n_rows);
    if (unseen > 0)
        elc_warn(job->call->context,
                 "rows are left out, since no image shows any of their cells: %llu of "
                 "%llu",
                 (unsigned long long)unseen, (unsigned long long)r->counts.n_rows);
    return ELC_OK;
}

/* A cell that no row is in has one row, of no values. */
static elc_status add_empty(running *r, int64_t cell, elc_error *err) {
    if (elc_cell_set_find(&r->counts.cells, cell) != ELC_NO_CELL)
        return ELC_OK;
    return add_row(r, (bin_row){cell, ELC_NO_CELL, ELC_NO_CELL}, err);
}

static elc_status list_empty(running *r, elc_error *err) {
    const bin_imaged *imaged = &r->imaged;
    if (r->job->images == NULL && r->job->zones != NULL)
        for (size_t i = 0; i < r->job->zones->rows.n_rows; i++)
            ELC_TRY(add_empty(r, (int64_t)i, err));
    for (size_t i = 0; i < imaged->cells.count; i++)
        if (imaged->area_m2[i] > 0)
            ELC_TRY(add_empty(r, imaged->cells.cells[i], err));
    return ELC_OK;
}

static elc_status list_rows(running *r, elc_error *err) {
    ELC_TRY(rank_values(r, err));
    ELC_TRY(list_groups(r, err));
    ELC_TRY(list_empty(r, err));
    if (r->n_rows > 0)
        qsort(r->rows, r->n_rows, sizeof *r->rows, by_cell);
    return ELC_OK;
}

static elc_status count(running *r, elc_error *err) {
    const elc_context *context = r->job->call->context;
    if (r->job->zones != NULL)
        ELC_TRY(elc_bin_zones_read(r->job->zones, context, err));
    if (r->job->images != NULL)
        ELC_TRY(elc_bin_imaged_read(r->job, &r->imaged, err));
    r->counts.images = r->imaged.index;
    ELC_TRY(elc_bin_counts_read(r->job, &r->table, &r->progress, &r->counts, err));
    ELC_TRY(list_rows(r, err));
    r->counted = true;
    return ELC_OK;
}

/* ---- a row ----------------------------------------------------------------------- */

/* The cell's name, or the zone's columns; and its outline. */
static elc_status put_cell(running *r, int64_t cell, elc_error *err) {
    const bin_job *job = r->job;
    if (job->zones != NULL) {
        size_t row, size;
        const elc_rows *rows = elc_part_held_row(&job->zones->rows, (size_t)cell, &row);
        const char *wkb =
            elc_rows_bytes(rows, (size_t)job->zones->geometry, row, &size);
        if (wkb != NULL)
            ELC_TRY(elc_batch_bytes(r->out, job->out_shape, wkb, size, err));
        return elc_batch_copy_cells(r->out, rows, job->from, row, err);
    }
    r->room.size = r->shape.size = 0;
    ELC_TRY(elc_bin_grid_name(&job->grid, cell, &r->room, err));
    ELC_TRY(elc_batch_text(r->out, 0, r->room.data, err));
    ELC_TRY(elc_bin_grid_outline(&job->grid, cell, &r->shape, err));
    return elc_batch_bytes(r->out, job->out_shape, r->shape.data, r->shape.size, err);
}

static elc_status put_values(running *r, uint32_t rank, elc_error *err) {
    const bin_job *job = r->job;
    const part_groups *by = &r->counts.by;
    size_t at = 0, which;
    if (rank == ELC_NO_CELL)
        return ELC_OK;
    which = r->by_of_rank[rank];
    const char *key = elc_part_group_key(by, which);
    size_t size = by->items[which].size;
    for (size_t i = 0; i < job->by->count; i++)
        ELC_TRY(elc_part_get_value(job->by_types[i], key, size, &at, r->out,
                                   job->out_by + i, &r->room, err));
    if (job->day < 0)
        return ELC_OK;
    return elc_part_get_value(ELC_DATE32, key, size, &at, r->out, job->out_day,
                              &r->room, err);
}

static elc_status put_sums(running *r, size_t group, elc_error *err) {
    const bin_job *job = r->job;
    const part_group_value *values = r->counts.values + group * job->values.count;
    for (size_t i = 0; i < job->n_sums; i++) {
        const part_group_value *value = &values[job->sums[i].value];
        double sum = value->n > 0 ? elc_part_total_value(&value->total) : 0;
        if (value->n > 0)
            ELC_TRY(elc_batch_real(r->out, job->out_sums + i,
                                   job->sums[i].mean ? sum / (double)value->n : sum,
                                   err));
    }
    return ELC_OK;
}

static elc_status put_area(running *r, const bin_row *row, int64_t n, elc_error *err) {
    const bin_job *job = r->job;
    double area = seen_of(r, row->cell);
    if (job->images == NULL)
        return ELC_OK;
    ELC_TRY(elc_batch_real(r->out, job->out_area, area, err));
    if (!job->rate)
        return ELC_OK;
    return elc_batch_real(r->out, job->out_rate, (double)n / area * 1e6, err);
}

static elc_status give_row(running *r, const bin_row *row, elc_error *err) {
    bool none = row->group == ELC_NO_CELL;
    int64_t n = none ? 0 : r->counts.count[row->group];
    ELC_TRY(put_cell(r, row->cell, err));
    ELC_TRY(put_values(r, row->rank, err));
    ELC_TRY(elc_batch_int(r->out, r->job->out_count, n, err));
    if (!none)
        ELC_TRY(put_sums(r, row->group, err));
    ELC_TRY(put_area(r, row, n, err));
    return elc_batch_end_row(r->out, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    running *r = state;
    if (!r->counted)
        ELC_TRY(count(r, err));
    while (r->given < r->n_rows && elc_batch_rows(r->out) < ROWS_A_BATCH &&
           elc_batch_size(r->out) < BYTES_A_BATCH) {
        if (r->given % LOOK_ROWS == 0)
            ELC_TRY(elc_check_cancel(r->job->call->context, err));
        ELC_TRY(give_row(r, &r->rows[r->given++], err));
    }
    size_t rows = elc_batch_rows(r->out);
    r->progress.found += rows;
    elc_report(r->job->call->context, &r->progress);
    return rows > 0 ? elc_batch_finish(r->out, out, err) : ELC_OK;
}

/* ---- life ------------------------------------------------------------------------ */

static void running_free(void *state) {
    running *r = state;
    elc_bin_counts_free(r->job, &r->counts);
    elc_bin_imaged_free(&r->imaged);
    elc_stream_release(&r->table);
    elc_batch_free(r->out);
    elc_string_free(&r->room);
    elc_string_free(&r->shape);
    free(r->by_rank);
    free(r->by_of_rank);
    free(r->rows);
    elc_bin_job_free(r->job);
    free(r);
}

elc_status elc_bin_stream(bin_job *job, struct ArrowArrayStream *table,
                          struct ArrowArrayStream *out, elc_error *err) {
    running *r;
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->progress.unit = "rows";
    elc_status status =
        elc_batch_create(job->columns.items, job->columns.count, &r->out, err);
    if (status == ELC_OK)
        status = elc_part_columns_stream(
            &job->columns, (elc_producer){next, running_free, r}, out, err);
    if (status != ELC_OK) {
        running_free(r);
        return status;
    }
    r->job = job;
    r->table = *table;
    table->release = NULL;
    return ELC_OK;
}
