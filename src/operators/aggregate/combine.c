/* combine.c - counts of parts put together, and their right rows with them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "operators/parts/groups.h"
#include "operators/parts/held.h"
#include "operators/parts/order.h"
#include "put.h"
#include "run.h"

/* A right row, where one of the rows has it. */
typedef struct {
    size_t zone;
    const elc_rows *rows;
    size_t row;
} right_row;

typedef struct {
    const elc_call *call;
    struct ArrowSchema schema;
    aggregate_layout layout;
    part_held held;
    part_groups groups;
    right_row *rights; /* by rising zones */
    size_t n_rights, capacity;
    size_t *sorted; /* groups, by their keys */
    int64_t *from;  /* right columns to themselves, the others to -1 */
    elc_string room;
    elc_batch *out;
} combining;

/* ---- reading --------------------------------------------------------------------- */

static elc_status add_state(combining *c, const elc_rows *rows, size_t row,
                            part_group_value *values, elc_error *err) {
    size_t at = elc_aggregate_value_at(&c->layout), size;
    for (size_t i = 0; i < c->layout.values.count; i++, at += 2) {
        const char *bytes = elc_rows_bytes(rows, at + 1, row, &size);
        if (bytes == NULL)
            continue;
        values[i].n += elc_rows_int(rows, at, row);
        ELC_TRY(elc_part_total_read(&values[i].total, bytes, size, err));
    }
    return ELC_OK;
}

static elc_status add_right(combining *c, const elc_rows *rows, size_t row, size_t zone,
                            elc_error *err) {
    ELC_TRY(
        elc_reserve(&c->rights, &c->capacity, c->n_rights + 1, sizeof *c->rights, err));
    c->rights[c->n_rights++] = (right_row){zone, rows, row};
    return ELC_OK;
}

static elc_status add_row(combining *c, const elc_rows *rows, size_t row,
                          elc_error *err) {
    size_t size, group;
    const char *key =
        elc_rows_bytes(rows, elc_aggregate_order_at(&c->layout), row, &size);
    if (key == NULL || size < PART_ZONE_BYTES)
        return elc_fail(err, ELC_E_FORMAT,
                        "aggregate: a partial count has no sound _order");
    ELC_TRY(elc_part_group(&c->groups, key, size, &group, err));
    c->groups.items[group].count +=
        elc_rows_int(rows, elc_aggregate_count_at(&c->layout), row);
    if (elc_rows_int(rows, elc_aggregate_whole_at(&c->layout), row) != 0)
        ELC_TRY(add_right(c, rows, row, elc_part_get_zone(key), err));
    return add_state(c, rows, row, c->groups.values + group * c->groups.n_values, err);
}

static elc_status read_rows(combining *c, struct ArrowArrayStream *group,
                            elc_error *err) {
    ELC_TRY(elc_part_held_read(&c->held, group, &c->schema, c->call->context, err));
    for (size_t i = 0; i < c->held.count; i++) {
        const elc_rows *rows = c->held.batches[i].rows;
        for (size_t row = 0; row < elc_rows_count(rows); row++)
            ELC_TRY(add_row(c, rows, row, err));
    }
    return ELC_OK;
}

/* ---- sorting --------------------------------------------------------------------- */

static int compare_rights(const void *a, const void *b) {
    const right_row *x = a, *y = b;
    return (x->zone > y->zone) - (x->zone < y->zone);
}

static int compare_groups(const void *a, const void *b, void *arg) {
    const part_groups *g = arg;
    const size_t *i = a, *k = b;
    size_t x = g->items[*i].size, y = g->items[*k].size;
    int sign =
        memcmp(elc_part_group_key(g, *i), elc_part_group_key(g, *k), x < y ? x : y);
    return sign != 0 ? sign : (x > y) - (x < y);
}

static elc_status sort(combining *c, elc_error *err) {
    ELC_TRY(elc_alloc(c->groups.count + 1, sizeof *c->sorted, &c->sorted, err));
    for (size_t i = 0; i < c->groups.count; i++)
        c->sorted[i] = i;
    qsort_r(c->sorted, c->groups.count, sizeof *c->sorted, compare_groups, &c->groups);
    if (c->n_rights > 0)
        qsort(c->rights, c->n_rights, sizeof *c->rights, compare_rights);
    return ELC_OK;
}

/* ---- giving ---------------------------------------------------------------------- */

static size_t zone_of(const combining *c, size_t i) {
    return elc_part_get_zone(elc_part_group_key(&c->groups, c->sorted[i]));
}

/* A zone's own row comes first, and goes where there are rows of its values. */
static bool is_left_out(const combining *c, size_t i) {
    return c->layout.by->count > 0 &&
           c->groups.items[c->sorted[i]].size == PART_ZONE_BYTES &&
           i + 1 < c->groups.count && zone_of(c, i) == zone_of(c, i + 1);
}

static elc_status give_row(combining *c, size_t i, elc_error *err) {
    right_row wanted = {.zone = zone_of(c, i)};
    const right_row *right = NULL;
    if (c->n_rights > 0)
        right = bsearch(&wanted, c->rights, c->n_rights, sizeof wanted, compare_rights);
    if (right != NULL) {
        ELC_TRY(elc_batch_copy_cells(c->out, right->rows, c->from, right->row, err));
        ELC_TRY(elc_batch_int(c->out, elc_aggregate_whole_at(&c->layout), 1, err));
    }
    ELC_TRY(
        elc_aggregate_put(&c->layout, &c->groups, c->sorted[i], c->out, &c->room, err));
    return elc_batch_end_row(c->out, err);
}

/* ---- life ------------------------------------------------------------------------ */

static void combining_free(combining *c) {
    elc_part_groups_free(&c->groups);
    elc_aggregate_layout_free(&c->layout);
    elc_part_held_free(&c->held);
    elc_schema_release(&c->schema);
    elc_string_free(&c->room);
    elc_batch_free(c->out);
    free(c->rights);
    free(c->sorted);
    free(c->from);
}

static elc_status make_columns(combining *c, elc_error *err) {
    size_t n = (size_t)c->schema.n_children;
    elc_column *columns;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(n, sizeof *c->from, &c->from, err));
    ELC_TRY(elc_alloc(n, sizeof *columns, &columns, err));
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        c->from[i] = i < c->layout.n_right ? (int64_t)i : -1;
        columns[i].name = c->schema.children[i]->name;
        status = elc_schema_type(c->schema.children[i], &columns[i].type, err);
    }
    if (status == ELC_OK)
        status = elc_batch_create(columns, n, &c->out, err);
    free(columns);
    return status;
}

static elc_status combine(combining *c, struct ArrowArrayStream *group,
                          struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowArray batch = {0};
    ELC_TRY(elc_stream_schema(group, &c->schema, err));
    ELC_TRY(elc_aggregate_layout_read(c->call->options, &c->layout, err));
    ELC_TRY(elc_aggregate_layout_of(&c->layout, &c->schema, err));
    c->groups.n_values = c->layout.values.count;
    ELC_TRY(make_columns(c, err));
    ELC_TRY(read_rows(c, group, err));
    ELC_TRY(sort(c, err));
    for (size_t i = 0; i < c->groups.count; i++)
        if (!is_left_out(c, i))
            ELC_TRY(give_row(c, i, err));
    ELC_TRY(elc_batch_finish(c->out, &batch, err));
    elc_status status = elc_stream_of_batches(&c->schema, &batch, 1, out, err);
    elc_array_release(&batch);
    return status;
}

elc_status elc_aggregate_combine(const elc_call *call, struct ArrowArrayStream *group,
                                 struct ArrowArrayStream *out, elc_error *err) {
    combining c = {.call = call};
    elc_status status = combine(&c, group, out, err);
    combining_free(&c);
    return status;
}
