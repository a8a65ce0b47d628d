/* part.c - the rows of a slice of the left table, counted by the right rows they
   belong to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "operators/parts/groups.h"
#include "operators/parts/match.h"
#include "operators/parts/reader.h"
#include "operators/parts/right_shared.h"
#include "operators/parts/order.h"
#include "put.h"
#include "run.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, LOOK_ROWS = 4096 };

/* What the options mean for tables of these columns. */
typedef struct {
    struct ArrowSchema schemas[PART_SIDES];
    part_keys keys;
    part_spatial spatial;
    aggregate_layout layout;
    part_columns columns;
    elc_names names;
    size_t *by;          /* columns of the left table */
    part_number *values; /* the same */
    int64_t *from;       /* right columns to what is given */
} shape;

typedef struct {
    const elc_call *call;
    shape *shape;
    part_right *right;
    part_match matches;
    struct ArrowArrayStream left;
    part_groups groups;
    elc_string key, room;
    elc_batch *out;
    elc_progress progress; /* rows of the left table */
    size_t given;          /* groups, or right rows */
    bool counted;
} part;

/* ---- what is meant --------------------------------------------------------------- */

static void shape_free(shape *s) {
    if (s == NULL)
        return;
    elc_part_columns_free(&s->columns);
    elc_names_free(&s->names);
    elc_part_keys_free(&s->keys);
    elc_aggregate_layout_free(&s->layout);
    free(s->by);
    free(s->values);
    free(s->from);
    elc_schema_release(&s->schemas[PART_LEFT]);
    elc_schema_release(&s->schemas[PART_RIGHT]);
    free(s);
}

static elc_status find_columns(shape *s, elc_error *err) {
    const struct ArrowSchema *left = &s->schemas[PART_LEFT];
    const aggregate_layout *l = &s->layout;
    ELC_TRY(elc_alloc(l->by->count + 1, sizeof *s->by, &s->by, err));
    ELC_TRY(elc_alloc(l->values.count + 1, sizeof *s->values, &s->values, err));
    for (size_t i = 0; i < l->by->count; i++)
        s->by[i] = (size_t)elc_schema_find(left, l->by->items[i]);
    for (size_t i = 0; i < l->values.count; i++)
        ELC_TRY(elc_part_number_find(left, PART_LEFT, l->values.items[i], &s->values[i],
                                     err));
    return ELC_OK;
}

static elc_status shape_fill(shape *s, const elc_options *options, elc_error *err) {
    ELC_TRY(elc_part_spatial_read(options, &s->spatial, err));
    if (s->spatial.asked)
        ELC_TRY(elc_part_spatial_find(options, s->schemas, &s->spatial, err));
    else
        ELC_TRY(elc_part_keys_find(elc_options_list(options, "on"), s->schemas,
                                   &s->keys, err));
    ELC_TRY(elc_aggregate_layout_read(options, &s->layout, err));
    ELC_TRY(elc_aggregate_layout_make(&s->layout, &s->schemas[PART_LEFT],
                                      &s->schemas[PART_RIGHT], &s->columns, &s->names,
                                      err));
    ELC_TRY(elc_part_columns_from(&s->columns, &s->schemas[PART_RIGHT], &s->from, err));
    return find_columns(s, err);
}

static elc_status shape_create(const elc_options *options,
                               struct ArrowArrayStream *left,
                               struct ArrowArrayStream *right, shape **out,
                               elc_error *err) {
    shape *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = elc_stream_schema(left, &s->schemas[PART_LEFT], err);
    if (status == ELC_OK)
        status = elc_stream_schema(right, &s->schemas[PART_RIGHT], err);
    if (status == ELC_OK)
        status = shape_fill(s, options, err);
    if (status != ELC_OK) {
        shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

elc_status elc_aggregate_check(const elc_call *call, struct ArrowArrayStream *left,
                               struct ArrowArrayStream *right, elc_error *err) {
    shape *s;
    part_spatial spatial;
    ELC_TRY(elc_part_spatial_read(call->options, &spatial, err));
    if (left == NULL || right == NULL)
        return ELC_OK;
    ELC_TRY(shape_create(call->options, left, right, &s, err));
    elc_part_keys_warn(&s->keys, s->schemas, call->context);
    shape_free(s);
    return ELC_OK;
}

/* ---- what is needed of the left table -------------------------------------------- */

static elc_status add_name(const shape *s, size_t column, elc_names *out,
                           elc_error *err) {
    return elc_names_add(out, s->schemas[PART_LEFT].children[column]->name, err);
}

static elc_status needed_names(const shape *s, elc_names *out, elc_error *err) {
    const part_side *place = &s->spatial.place[PART_LEFT];
    for (size_t i = 0; i < s->keys.count; i++)
        ELC_TRY(add_name(s, s->keys.items[i].column[PART_LEFT], out, err));
    if (s->spatial.asked)
        ELC_TRY(add_name(s, place->column, out, err));
    if (s->spatial.asked && place->numbers)
        ELC_TRY(add_name(s, place->y, out, err));
    for (size_t i = 0; i < s->layout.by->count; i++)
        ELC_TRY(add_name(s, s->by[i], out, err));
    for (size_t i = 0; i < s->layout.values.count; i++)
        ELC_TRY(add_name(s, s->values[i].column, out, err));
    return ELC_OK;
}

static elc_status narrow_columns(const shape *s, struct ArrowArrayStream *left,
                                 elc_error *err) {
    elc_names names = {0};
    elc_status status = needed_names(s, &names, err);
    if (status == ELC_OK)
        status = elc_stream_narrow(left, &(elc_wish){.columns = &names}, err);
    elc_names_free(&names);
    return status;
}

/* The right table is read here, and kept for the parts. */
static elc_status narrow_rows(const elc_call *call, const shape *s,
                              struct ArrowArrayStream *in,
                              struct ArrowArrayStream *left, elc_error *err) {
    part_right *right;
    elc_status status =
        elc_part_right_shared_take(call->prepared, &in[PART_RIGHT], &s->keys,
                                   &s->spatial, s->schemas, call->context, &right, err);
    return status == ELC_OK ? elc_part_right_narrow(right, &s->spatial, left, err)
                            : status;
}

elc_status elc_aggregate_narrow(const elc_call *call, struct ArrowArrayStream *in,
                                struct ArrowArrayStream *left, elc_error *err) {
    shape *s;
    ELC_TRY(shape_create(call->options, left, &in[PART_RIGHT], &s, err));
    elc_status status = narrow_columns(s, left, err);
    shape_free(s);
    ELC_TRY(status);
    ELC_TRY(shape_create(call->options, left, &in[PART_RIGHT], &s, err));
    status = narrow_rows(call, s, in, left, err);
    shape_free(s);
    return status;
}

/* ---- counting -------------------------------------------------------------------- */

static elc_status add_values(part *p, const elc_rows *rows, size_t row, size_t group,
                             elc_error *err) {
    part_group_value *values = p->groups.values + group * p->groups.n_values;
    for (size_t i = 0; i < p->groups.n_values; i++)
        ELC_TRY(elc_part_number_add(&p->shape->values[i], rows, row, &values[i].total,
                                    &values[i].n, err));
    return ELC_OK;
}

/* The key's bytes after the zone's. */
static elc_status write_by(part *p, const elc_rows *rows, size_t row, elc_error *err) {
    static const char zone[PART_ZONE_BYTES];
    const aggregate_layout *l = &p->shape->layout;
    p->key.size = 0;
    ELC_TRY(elc_string_append(&p->key, zone, sizeof zone, err));
    for (size_t i = 0; i < l->by->count; i++)
        ELC_TRY(elc_part_put_value(l->by_types[i], rows, p->shape->by[i], row, &p->key,
                                   err));
    return ELC_OK;
}

static elc_status count_row(part *p, const elc_rows *rows, size_t row, elc_error *err) {
    size_t match, group = 0;
    ELC_TRY(elc_part_blame(elc_part_match_find(&p->matches, rows, row, &match, err),
                           elc_part_input_name(p->call, PART_LEFT), 0, err));
    if (match != PART_NONE)
        ELC_TRY(write_by(p, rows, row, err));
    for (; match != PART_NONE; match = elc_part_match_next(&p->matches, match)) {
        elc_part_put_zone(elc_part_match_number(&p->matches, match), p->key.data);
        ELC_TRY(elc_part_group(&p->groups, p->key.data, p->key.size, &group, err));
        p->groups.items[group].count++;
        ELC_TRY(add_values(p, rows, row, group, err));
    }
    return ELC_OK;
}

static elc_status count_batch(part *p, const struct ArrowArray *batch, elc_error *err) {
    elc_rows *rows;
    elc_status status = ELC_OK;
    ELC_TRY(elc_rows_view(&p->shape->schemas[PART_LEFT], batch, &rows, err));
    for (size_t row = 0; status == ELC_OK && row < elc_rows_count(rows); row++) {
        if (row % LOOK_ROWS == 0)
            status = elc_check_cancel(p->call->context, err);
        if (status == ELC_OK)
            status = count_row(p, rows, row, err);
    }
    p->progress.done += elc_rows_count(rows);
    elc_rows_free(rows);
    elc_report(p->call->context, &p->progress);
    return status;
}

static elc_status count_all(part *p, elc_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_stream_next(&p->left, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        elc_status status = count_batch(p, &batch, err);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
}

/* ---- giving ---------------------------------------------------------------------- */

static elc_status give_group(part *p, size_t at, elc_error *err) {
    const aggregate_layout *l = &p->shape->layout;
    size_t zone = elc_part_get_zone(elc_part_group_key(&p->groups, at));
    ELC_TRY(elc_aggregate_put(l, &p->groups, at, p->out, &p->room, err));
    ELC_TRY(elc_aggregate_put_group(l, zone, p->out, err));
    return elc_batch_end_row(p->out, err);
}

static elc_status give_right(part *p, size_t zone, elc_error *err) {
    const aggregate_layout *l = &p->shape->layout;
    char order[PART_ZONE_BYTES];
    size_t row;
    const elc_rows *rows = elc_part_right_row(p->right, zone, &row);
    elc_part_put_zone(zone, order);
    ELC_TRY(elc_batch_copy_cells(p->out, rows, p->shape->from, row, err));
    ELC_TRY(elc_batch_int(p->out, elc_aggregate_count_at(l), 0, err));
    ELC_TRY(elc_batch_int(p->out, elc_aggregate_whole_at(l), 1, err));
    ELC_TRY(
        elc_batch_bytes(p->out, elc_aggregate_order_at(l), order, sizeof order, err));
    ELC_TRY(elc_aggregate_put_group(l, zone, p->out, err));
    return elc_batch_end_row(p->out, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    part *p = state;
    ELC_TRY(elc_check_cancel(p->call->context, err));
    if (!p->counted)
        ELC_TRY(count_all(p, err));
    p->counted = true;
    bool none = p->progress.done == 0;
    size_t n = none ? elc_part_right_rows(p->right) : p->groups.count;
    while (p->given < n && elc_batch_rows(p->out) < ROWS_A_BATCH &&
           elc_batch_size(p->out) < BYTES_A_BATCH) {
        size_t at = p->given++;
        ELC_TRY(none ? give_right(p, at, err) : give_group(p, at, err));
    }
    return elc_batch_rows(p->out) > 0 ? elc_batch_finish(p->out, out, err) : ELC_OK;
}

/* ---- life ------------------------------------------------------------------------ */

static void part_free(void *state) {
    part *p = state;
    elc_part_match_free(&p->matches);
    elc_stream_release(&p->left);
    elc_part_groups_free(&p->groups);
    elc_string_free(&p->key);
    elc_string_free(&p->room);
    elc_batch_free(p->out);
    shape_free(p->shape);
    free(p);
}

static elc_status part_fill(part *p, struct ArrowArrayStream *in,
                            struct ArrowSchema *schema, elc_error *err) {
    const elc_call *call = p->call;
    ELC_TRY(
        shape_create(call->options, &in[PART_LEFT], &in[PART_RIGHT], &p->shape, err));
    const shape *s = p->shape;
    p->groups.n_values = s->layout.values.count;
    p->progress.unit = "rows";
    ELC_TRY(elc_part_right_shared_take(call->prepared, &in[PART_RIGHT], &s->keys,
                                       &s->spatial, s->schemas, call->context,
                                       &p->right, err));
    ELC_TRY(elc_part_match_create(call->context, &s->keys, &s->spatial, p->right,
                                  &p->matches, err));
    ELC_TRY(elc_batch_create(s->columns.items, s->columns.count, &p->out, err));
    return elc_part_columns_schema(&s->columns, schema, err);
}

elc_status elc_aggregate_part(const elc_call *call, struct ArrowArrayStream *in,
                              struct ArrowArrayStream *out, elc_error *err) {
    part *p;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    p->call = call;
    elc_status status = part_fill(p, in, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, part_free, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        part_free(p);
        return status;
    }
    p->left = in[PART_LEFT];
    in[PART_LEFT].release = NULL;
    return ELC_OK;
}
