/* pairs.c - the rows of a slice of the left table with those that match them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pairs.h"

#include "operators/parts/total.h"
#include "operators/parts/match.h"
#include "operators/parts/reader.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, LOOK_ROWS = 4096 };

typedef struct {
    const elc_call *call;
    join_shape *shape;
    part_right *right;
    struct ArrowArrayStream left;
    struct ArrowArray batch; /* of the left table; released: fetch the next */
    elc_rows *rows;
    size_t row;
    size_t match; /* the next one to give with that row; PART_NONE: row not begun */
    bool ended;
    part_match matches;
    part_total total; /* of a sum */
    elc_batch *out[PART_SIDES];
    elc_progress progress; /* rows of the left table */
} pairs;

/* ---- a row ---------------------------------------------------------------------- */

static const elc_rows *right_row(const pairs *p, size_t match, size_t *row) {
    return elc_part_right_row(p->right, elc_part_match_number(&p->matches, match), row);
}

/* Adds the left row beside the row of `match`, or NULLs. */
static elc_status add_pair(pairs *p, size_t match, elc_error *err) {
    size_t row;
    ELC_TRY(elc_batch_copy_row(p->out[PART_LEFT], p->rows,
                               p->shape->given[PART_LEFT].from, p->row, err));
    if (match == PART_NONE)
        return elc_batch_end_row(p->out[PART_RIGHT], err);
    const elc_rows *rows = right_row(p, match, &row);
    return elc_batch_copy_row(p->out[PART_RIGHT], rows,
                              p->shape->given[PART_RIGHT].from, row, err);
}

static void end_row(pairs *p) {
    p->row++;
    p->progress.done++;
}

/* Whether a row leaves alone, for what it found or did not find. */
static bool leaves_alone(join_how how, bool found) {
    switch (how) {
    case JOIN_OUTER:
    case JOIN_ANTI:
        return !found;
    case JOIN_SEMI:
        return found;
    case JOIN_INNER:
        break;
    }
    return false;
}

static elc_status add_sum(pairs *p, size_t i, size_t match, elc_error *err) {
    const join_sum *wish = &p->shape->sums.items[i];
    int64_t n = 0;
    size_t row;
    elc_part_total_clear(&p->total);
    for (; match != PART_NONE; match = elc_part_match_next(&p->matches, match)) {
        const elc_rows *rows = right_row(p, match, &row);
        ELC_TRY(elc_part_number_add(&wish->number, rows, row, &p->total, &n, err));
    }
    if (n == 0)
        return ELC_OK;
    double sum = elc_part_total_value(&p->total);
    return elc_batch_real(p->out[PART_RIGHT], i + 1, wish->mean ? sum / (double)n : sum,
                          err);
}

/* One row for all that match, or none. */
static elc_status add_counts(pairs *p, size_t match, elc_error *err) {
    int64_t n = 0;
    if (match == PART_NONE && p->shape->how == JOIN_INNER)
        return ELC_OK;
    for (size_t at = match; at != PART_NONE; at = elc_part_match_next(&p->matches, at))
        n++;
    ELC_TRY(elc_batch_copy_row(p->out[PART_LEFT], p->rows,
                               p->shape->given[PART_LEFT].from, p->row, err));
    ELC_TRY(elc_batch_int(p->out[PART_RIGHT], 0, n, err));
    for (size_t i = 0; i < p->shape->sums.count; i++)
        ELC_TRY(add_sum(p, i, match, err));
    return elc_batch_end_row(p->out[PART_RIGHT], err);
}

static elc_status begin_row(pairs *p, elc_error *err) {
    size_t match;
    join_how how = p->shape->how;
    if (p->row % LOOK_ROWS == 0)
        ELC_TRY(elc_check_cancel(p->call->context, err));
    ELC_TRY(
        elc_part_blame(elc_part_match_find(&p->matches, p->rows, p->row, &match, err),
                       elc_part_input_name(p->call, PART_LEFT), 0, err));
    if (p->shape->sums.counted) {
        ELC_TRY(add_counts(p, match, err));
        end_row(p);
        return ELC_OK;
    }
    if (leaves_alone(how, match != PART_NONE))
        ELC_TRY(add_pair(p, PART_NONE, err));
    bool has_pairs = match != PART_NONE && (how == JOIN_INNER || how == JOIN_OUTER);
    p->match = has_pairs ? match : PART_NONE;
    if (!has_pairs)
        end_row(p);
    return ELC_OK;
}

static elc_status give_match(pairs *p, elc_error *err) {
    ELC_TRY(add_pair(p, p->match, err));
    p->match = elc_part_match_next(&p->matches, p->match);
    if (p->match == PART_NONE)
        end_row(p);
    return ELC_OK;
}

/* ---- batches -------------------------------------------------------------------- */

static void drop_batch(pairs *p) {
    elc_rows_free(p->rows);
    p->rows = NULL;
    elc_array_release(&p->batch);
}

static elc_status fetch_batch(pairs *p, elc_error *err) {
    p->row = 0;
    ELC_TRY(elc_stream_next(&p->left, &p->batch, err));
    p->ended = p->batch.release == NULL;
    return p->ended
               ? ELC_OK
               : elc_rows_view(&p->shape->schemas[PART_LEFT], &p->batch, &p->rows, err);
}

static elc_status step(pairs *p, elc_error *err) {
    if (p->rows == NULL)
        return fetch_batch(p, err);
    if (p->match != PART_NONE)
        return give_match(p, err);
    if (p->row < elc_rows_count(p->rows))
        return begin_row(p, err);
    drop_batch(p);
    return ELC_OK;
}

/* What a joined batch owns: those of both sides, whose columns are its own. */
typedef struct {
    struct ArrowArray sides[PART_SIDES];
    const void *buffers[1];
    struct ArrowArray **children;
} both;

static void both_free(both *b) {
    elc_array_release(&b->sides[PART_LEFT]);
    elc_array_release(&b->sides[PART_RIGHT]);
    free(b->children);
    free(b);
}

static void both_release(struct ArrowArray *array) {
    both_free(array->private_data);
    array->release = NULL;
}

static elc_status both_fill(both *b, elc_batch *const out[PART_SIDES], elc_error *err) {
    ELC_TRY(elc_batch_finish(out[PART_LEFT], &b->sides[PART_LEFT], err));
    ELC_TRY(elc_batch_finish(out[PART_RIGHT], &b->sides[PART_RIGHT], err));
    size_t n = (size_t)b->sides[PART_LEFT].n_children, all = n;
    all += (size_t)b->sides[PART_RIGHT].n_children;
    ELC_TRY(elc_alloc(all, sizeof *b->children, &b->children, err));
    for (size_t i = 0; i < all; i++)
        b->children[i] = i < n ? b->sides[PART_LEFT].children[i]
                               : b->sides[PART_RIGHT].children[i - n];
    return ELC_OK;
}

static elc_status finish_batch(pairs *p, struct ArrowArray *out, elc_error *err) {
    both *b;
    ELC_TRY(elc_alloc(1, sizeof *b, &b, err));
    elc_status status = both_fill(b, p->out, err);
    if (status != ELC_OK) {
        both_free(b);
        return status;
    }
    *out = (struct ArrowArray){
        .length = b->sides[PART_LEFT].length,
        .n_buffers = 1,
        .n_children = b->sides[PART_LEFT].n_children + b->sides[PART_RIGHT].n_children,
        .buffers = b->buffers,
        .children = b->children,
        .release = both_release,
        .private_data = b,
    };
    return ELC_OK;
}

static bool is_full(const pairs *p) {
    const elc_batch *left = p->out[PART_LEFT], *right = p->out[PART_RIGHT];
    return elc_batch_rows(left) >= ROWS_A_BATCH ||
           elc_batch_size(left) + elc_batch_size(right) >= BYTES_A_BATCH;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    pairs *p = state;
    ELC_TRY(elc_check_cancel(p->call->context, err));
    while (!p->ended && !is_full(p))
        ELC_TRY(step(p, err));
    size_t rows = elc_batch_rows(p->out[PART_LEFT]);
    p->progress.found += rows;
    elc_report(p->call->context, &p->progress);
    return rows > 0 ? finish_batch(p, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void pairs_free(void *state) {
    pairs *p = state;
    drop_batch(p);
    elc_stream_release(&p->left);
    elc_part_match_free(&p->matches);
    elc_part_total_free(&p->total);
    elc_batch_free(p->out[PART_LEFT]);
    elc_batch_free(p->out[PART_RIGHT]);
    elc_join_shape_free(p->shape);
    free(p);
}

static elc_status pairs_fill(pairs *p, const join_shape *shape, elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++) {
        const join_columns *given = &shape->given[side];
        ELC_TRY(elc_batch_create(given->items, given->count, &p->out[side], err));
    }
    return elc_part_match_create(p->call->context, &shape->keys, &shape->spatial,
                                 p->right, &p->matches, err);
}

elc_status elc_join_pairs(const elc_call *call, join_shape *shape, part_right *right,
                          struct ArrowArrayStream *left, struct ArrowArrayStream *out,
                          elc_error *err) {
    pairs *p;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    p->call = call;
    p->right = right;
    p->match = PART_NONE;
    p->progress.unit = "rows";
    elc_status status = pairs_fill(p, shape, err);
    if (status == ELC_OK)
        status = elc_join_shape_schema(shape, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, pairs_free, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        pairs_free(p);
        return status;
    }
    p->shape = shape;
    p->left = *left;
    left->release = NULL;
    return ELC_OK;
}
