/* counts.c - rows counted by their cells, and by the values of --by and days in them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "counts.h"

#include <math.h>
#include <stdlib.h>

#include "operators/parts/order.h"

enum { MANY_VALUES = 10000, AT_ONCE = 4096 };

#define DAY_US INT64_C(86400000000)
#define SIGN   (UINT64_C(1) << 63)

/* What is known of the rows of a batch, AT_ONCE of them at most. */
typedef struct chunk {
    const elc_rows *rows;
    size_t from, n; /* rows [from, from + n) of the batch */
    elc_point points[AT_ONCE];
    int64_t cells[AT_ONCE];
    uint32_t places[AT_ONCE], groups[AT_ONCE];
    part_spotter spotter;
    elc_string key;
} chunk;

static bool has_values(const bin_job *job) {
    return job->by->count > 0 || job->day >= 0;
}

size_t elc_bin_counts_groups(const bin_job *job, const bin_counts *c) {
    return has_values(job) ? c->groups.count : c->cells.count;
}

void elc_bin_counts_group(const bin_job *job, const bin_counts *c, size_t group,
                          int64_t *cell, uint32_t *by) {
    if (!has_values(job)) {
        *cell = c->cells.cells[group];
        *by = ELC_NO_CELL;
        return;
    }
    int64_t both = c->groups.cells[group];
    *cell = c->cells.cells[both >> 32];
    *by = (uint32_t)(both & UINT32_MAX);
}

/* ---- places ---------------------------------------------------------------------- */

static bool is_nowhere(elc_point p) {
    return !isfinite(p.x) || !(fabs(p.y) <= 90);
}

static elc_status find_cells(const bin_job *job, bin_counts *c, chunk *k,
                             elc_error *err) {
    for (size_t i = 0; i < k->n; i++) {
        bool missing = false;
        ELC_TRY(elc_part_spot(&k->spotter, k->rows, k->from + i, &k->points[i],
                              &missing, err));
        c->n_missing += missing;
        k->places[i] = missing;
    }
    if (job->way != NULL)
        elc_transform_points(job->way, k->points, k->n);
    ELC_TRY(job->zones != NULL
                ? elc_bin_zones_cells(job->zones, k->points, k->n, k->cells, err)
                : elc_bin_grid_cells(&job->grid, k->points, k->n, k->cells, err));
    for (size_t i = 0; i < k->n; i++) {
        bool lost = k->cells[i] < 0 && !k->places[i];
        c->n_nowhere += lost && is_nowhere(k->points[i]);
        c->n_outside += lost && !is_nowhere(k->points[i]);
        if (k->cells[i] < 0)
            k->points[i].x = NAN;
    }
    if (c->images != NULL)
        ELC_TRY(
            elc_part_footprints_outside(c->images, k->points, k->n, &c->n_unseen, err));
    return elc_cell_set_add(&c->cells, k->cells, k->n, k->places, err);
}

/* ---- values ---------------------------------------------------------------------- */

/* The day as elc_part_put_value writes numbers. */
static elc_status write_day(const bin_job *job, chunk *k, size_t row, elc_error *err) {
    size_t column = (size_t)job->day;
    char bytes[1 + PART_ZONE_BYTES] = {1};
    if (elc_rows_null(k->rows, column, row))
        return elc_part_put_value(job->day_type, k->rows, column, row, &k->key, err);
    if (job->day_type == ELC_UTF8)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--day: the column is text, and days are of times or dates; in "
                        "a CSV a value that is no time makes a column text");
    int64_t day = elc_rows_int(k->rows, column, row);
    if (job->day_type == ELC_TIMESTAMP)
        day = day / DAY_US - (day % DAY_US < 0);
    elc_part_put_zone((size_t)((uint64_t)day ^ SIGN), bytes + 1);
    return elc_string_append(&k->key, bytes, sizeof bytes, err);
}

static elc_status find_values(const bin_job *job, bin_counts *c, chunk *k, size_t row,
                              size_t *out, elc_error *err) {
    k->key.size = 0;
    for (size_t i = 0; i < job->by->count; i++)
        ELC_TRY(elc_part_put_value(job->by_types[i], k->rows, job->by_columns[i], row,
                                   &k->key, err));
    if (job->day >= 0)
        ELC_TRY(write_day(job, k, row, err));
    ELC_TRY(elc_part_group(&c->by, k->key.data, k->key.size, out, err));
    return *out < UINT32_MAX ? ELC_OK
                             : elc_fail(err, ELC_E_UNSUPPORTED,
                                        "--by has more than 4,294,967,294 values");
}

/* k->groups = the groups of the rows; k->cells become what they are made of. */
static elc_status find_groups(const bin_job *job, bin_counts *c, chunk *k,
                              elc_error *err) {
    if (!has_values(job)) {
        for (size_t i = 0; i < k->n; i++)
            k->groups[i] = k->places[i];
        return ELC_OK;
    }
    for (size_t i = 0; i < k->n; i++) {
        size_t values = 0;
        k->cells[i] = -1;
        if (k->places[i] == ELC_NO_CELL)
            continue;
        ELC_TRY(find_values(job, c, k, k->from + i, &values, err));
        if (k->places[i] > INT32_MAX)
            return elc_fail(err, ELC_E_UNSUPPORTED,
                            "more than 2,147,483,648 cells; take larger ones");
        k->cells[i] = (int64_t)k->places[i] << 32 | (int64_t)values;
    }
    return elc_cell_set_add(&c->groups, k->cells, k->n, k->groups, err);
}

/* ---- counting -------------------------------------------------------------------- */

static elc_status make_room(const bin_job *job, bin_counts *c, elc_error *err) {
    size_t before = c->capacity, n = elc_bin_counts_groups(job, c);
    size_t each = job->values.count, had = c->value_capacity;
    ELC_TRY(elc_reserve(&c->count, &c->capacity, n, sizeof *c->count, err));
    for (size_t i = before; i < c->capacity; i++)
        c->count[i] = 0;
    if (each == 0)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(&c->values, &c->value_capacity, n * each, sizeof *c->values, err));
    for (size_t i = had; i < c->value_capacity; i++)
        c->values[i] = (part_group_value){0};
    return ELC_OK;
}

static elc_status add_values(const bin_job *job, bin_counts *c, const chunk *k,
                             size_t i, elc_error *err) {
    part_group_value *values = c->values + k->groups[i] * job->values.count;
    for (size_t v = 0; v < job->values.count; v++)
        ELC_TRY(elc_part_number_add(&job->numbers[v], k->rows, k->from + i,
                                    &values[v].total, &values[v].n, err));
    return ELC_OK;
}

static elc_status count_chunk(const bin_job *job, bin_counts *c, chunk *k,
                              elc_error *err) {
    ELC_TRY(elc_check_cancel(job->call->context, err));
    ELC_TRY(find_cells(job, c, k, err));
    ELC_TRY(find_groups(job, c, k, err));
    ELC_TRY(make_room(job, c, err));
    for (size_t i = 0; i < k->n; i++) {
        if (k->groups[i] == ELC_NO_CELL)
            continue;
        c->count[k->groups[i]]++;
        if (job->values.count > 0)
            ELC_TRY(add_values(job, c, k, i, err));
    }
    c->n_rows += k->n;
    return ELC_OK;
}

static elc_status count_batch(const bin_job *job, const struct ArrowArray *batch,
                              bin_counts *c, chunk *k, elc_error *err) {
    elc_rows *rows;
    elc_status status = ELC_OK;
    ELC_TRY(elc_rows_view(&job->schema, batch, &rows, err));
    size_t n = elc_rows_count(rows);
    k->rows = rows;
    for (k->from = 0; k->from < n && status == ELC_OK; k->from += AT_ONCE) {
        k->n = n - k->from < AT_ONCE ? n - k->from : AT_ONCE;
        status = count_chunk(job, c, k, err);
    }
    elc_rows_free(rows);
    return status;
}

static void warn_of_rows(const bin_job *job, const bin_counts *c) {
    const elc_context *context = job->call->context;
    unsigned long long n = c->n_rows;
    if (c->n_missing > 0)
        elc_warn(context, "rows that have no place are in no cell: %llu of %llu",
                 (unsigned long long)c->n_missing, n);
    if (c->n_nowhere > 0)
        elc_warn(
            context,
            "rows are in no cell, since their places are empty, cannot be read, "
            "are no finite numbers, or are nowhere in the table's CRS: %llu of %llu",
            (unsigned long long)c->n_nowhere, n);
    if (c->n_outside > 0 && job->zones == NULL)
        elc_warn(
            context,
            "rows beyond 85.05 degrees are off the web map, and in no tile: %llu of "
            "%llu",
            (unsigned long long)c->n_outside, n);
    if (c->by.count > MANY_VALUES)
        elc_warn(context,
                 "--by and --day have %zu different values, each of which gets rows of "
                 "its own: is a column of names or classes meant?",
                 c->by.count);
}

static elc_status count_all(const bin_job *job, struct ArrowArrayStream *table,
                            elc_progress *progress, bin_counts *c, chunk *k,
                            elc_error *err) {
    k->spotter.place = &job->place;
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_memory(job->call->context, err));
        ELC_TRY(elc_stream_next(table, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        elc_status status = count_batch(job, &batch, c, k, err);
        elc_array_release(&batch);
        ELC_TRY(status);
        progress->done = c->n_rows;
        elc_report(job->call->context, progress);
    }
}

elc_status elc_bin_counts_read(const bin_job *job, struct ArrowArrayStream *table,
                               elc_progress *progress, bin_counts *c, elc_error *err) {
    chunk *k;
    ELC_TRY(elc_alloc(1, sizeof *k, &k, err));
    elc_status status = count_all(job, table, progress, c, k, err);
    elc_part_spotter_free(&k->spotter);
    elc_string_free(&k->key);
    free(k);
    if (status == ELC_OK)
        warn_of_rows(job, c);
    return status;
}

void elc_bin_counts_free(const bin_job *job, bin_counts *c) {
    size_t n = job == NULL ? 0 : elc_bin_counts_groups(job, c) * job->values.count;
    for (size_t i = 0; i < n && i < c->value_capacity; i++)
        elc_part_total_free(&c->values[i].total);
    elc_cell_set_free(&c->cells);
    elc_cell_set_free(&c->groups);
    elc_part_groups_free(&c->by);
    free(c->count);
    free(c->values);
    *c = (bin_counts){0};
}
