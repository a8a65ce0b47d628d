/* near.c - which rows could be near enough to a row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "near.h"

#include <math.h>
#include <stdlib.h>

enum { FAN = 8, LOOK_LEAVES = 4096 };

/* ---- order ------------------------------------------------------------------------
   Bins as long as the times of one object may be apart, so that what a row is compared
   with stands in three of them, and by place in each. */

typedef struct binned {
    int64_t bin;
    uint32_t row;
} binned;

static int by_bin(const void *one, const void *two) {
    const binned *a = one, *b = two;
    if (a->bin != b->bin)
        return a->bin < b->bin ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* Whether it is compared with rows of any time. */
static bool is_timeless(const rule_book *book, uint32_t row) {
    return book->rule.within_us < 0 || book->table->rows[row].time == INT64_MIN;
}

static int64_t bin_of(const rule_book *book, uint32_t row) {
    int64_t within = book->rule.within_us;
    if (is_timeless(book, row))
        return INT64_MAX;
    return book->table->rows[row].time / (within > 0 ? within : 1);
}

static elc_status order_rows(near_tree *tree, elc_error *err) {
    size_t n = tree->book->table->n_placed;
    binned *rows;
    ELC_TRY(elc_alloc(n, sizeof *tree->order, &tree->order, err));
    ELC_TRY(elc_alloc(n, sizeof *tree->place, &tree->place, err));
    ELC_TRY(elc_alloc(n, sizeof *rows, &rows, err));
    for (size_t i = 0; i < n; i++)
        rows[i] = (binned){bin_of(tree->book, (uint32_t)i), (uint32_t)i};
    if (n > 0)
        qsort(rows, n, sizeof *rows, by_bin);
    for (size_t i = 0; i < n; i++) {
        tree->order[i] = rows[i].row;
        tree->place[rows[i].row] = (uint32_t)i;
    }
    free(rows);
    return ELC_OK;
}

/* ---- boxes ------------------------------------------------------------------------
 */

/* `within`: how far from its time it may be met. */
static near_box row_box(const near_tree *tree, uint32_t row, int64_t within) {
    ground_point p = tree->book->table->rows[row].at;
    int64_t time = tree->book->table->rows[row].time;
    double r = tree->book->reach[row];
    near_box box = {
        {p.x - r, p.y - r, p.z - r}, {p.x + r, p.y + r, p.z + r}, INT64_MIN, INT64_MAX};
    if (is_timeless(tree->book, row))
        return box;
    if (time > INT64_MIN + within)
        box.from = time - within;
    if (time < INT64_MAX - within)
        box.until = time + within;
    return box;
}

static void join(near_box *box, const near_box *other) {
    for (int i = 0; i < 3; i++) {
        box->least[i] = fmin(box->least[i], other->least[i]);
        box->most[i] = fmax(box->most[i], other->most[i]);
    }
    box->from = other->from < box->from ? other->from : box->from;
    box->until = other->until > box->until ? other->until : box->until;
}

static bool meet(const near_box *a, const near_box *b) {
    for (int i = 0; i < 3; i++)
        if (!(a->least[i] <= b->most[i] && b->least[i] <= a->most[i]))
            return false;
    return a->from <= b->until && b->from <= a->until;
}

/* ---- the tree ------------------------------------------------------------------- */

static void fill_leaf(near_tree *tree, size_t leaf) {
    size_t end = (leaf + 1) * FAN, n = tree->book->table->n_placed;
    near_box *box = &tree->boxes[leaf];
    *box = row_box(tree, tree->order[leaf * FAN], 0);
    for (size_t i = leaf * FAN + 1; i < (end < n ? end : n); i++) {
        near_box row = row_box(tree, tree->order[i], 0);
        join(box, &row);
    }
}

static void fill_node(near_tree *tree, int level, size_t node) {
    size_t below = tree->first[level - 1], n = tree->count[level - 1];
    size_t end = (node + 1) * FAN;
    near_box *box = &tree->boxes[tree->first[level] + node];
    *box = tree->boxes[below + node * FAN];
    for (size_t i = node * FAN + 1; i < (end < n ? end : n); i++)
        join(box, &tree->boxes[below + i]);
}

elc_status elc_near_create(const rule_book *book, const elc_context *context,
                           near_tree *tree, elc_error *err) {
    size_t all = 0, n = book->table->n_placed;
    *tree = (near_tree){.book = book, .context = context};
    ELC_TRY(order_rows(tree, err));
    while (n > 0 && (tree->levels == 0 || n > 1)) {
        n = n / FAN + (n % FAN > 0);
        tree->first[tree->levels] = all;
        tree->count[tree->levels++] = n;
        all += n;
    }
    ELC_TRY(elc_alloc(all, sizeof *tree->boxes, &tree->boxes, err));
    for (size_t i = 0; tree->levels > 0 && i < tree->count[0]; i++)
        fill_leaf(tree, i);
    for (int level = 1; level < tree->levels; level++)
        for (size_t i = 0; i < tree->count[level]; i++)
            fill_node(tree, level, i);
    return ELC_OK;
}

/* ---- questions ------------------------------------------------------------------ */

/* Whether a pair is worth the rule. */
static bool is_candidate(const near_tree *tree, uint32_t one, uint32_t other) {
    const rule_book *book = tree->book;
    const dedupe_row *a = &book->table->rows[one], *b = &book->table->rows[other];
    if (a->class_id != b->class_id || a->image == b->image ||
        elc_rule_apart_in_time(book, one, other))
        return false;
    return elc_ground_distance(a->at, b->at) <= book->reach[one] + book->reach[other];
}

static elc_status look_at_leaf(near_tree *tree, uint32_t row, size_t leaf,
                               elc_error *err) {
    size_t first = leaf * FAN, end = first + FAN, place = tree->place[row];
    if (end > tree->book->table->n_placed)
        end = tree->book->table->n_placed;
    if (first <= place)
        first = place + 1;
    if (++tree->leaves % LOOK_LEAVES == 0)
        ELC_TRY(elc_check_cancel(tree->context, err));
    for (size_t i = first; i < end; i++) {
        tree->looks++;
        if (!is_candidate(tree, row, tree->order[i]))
            continue;
        ELC_TRY(elc_reserve(&tree->found, &tree->capacity, tree->n_found + 1,
                            sizeof *tree->found, err));
        tree->found[tree->n_found++] = tree->order[i];
    }
    return ELC_OK;
}

/* `span` rows lie below a node of the level. */
static elc_status look(near_tree *tree, uint32_t row, const near_box *box, int level,
                       size_t node, size_t span, elc_error *err) {
    if ((node + 1) * span <= (size_t)tree->place[row] + 1 ||
        !meet(box, &tree->boxes[tree->first[level] + node]))
        return ELC_OK;
    if (level == 0)
        return look_at_leaf(tree, row, node, err);
    size_t end = (node + 1) * FAN, n = tree->count[level - 1];
    for (size_t i = node * FAN; i < (end < n ? end : n); i++)
        ELC_TRY(look(tree, row, box, level - 1, i, span / FAN, err));
    return ELC_OK;
}

elc_status elc_near_find(near_tree *tree, uint32_t row, elc_error *err) {
    near_box box = row_box(tree, row, tree->book->rule.within_us);
    size_t span = 1;
    for (int i = 0; i < tree->levels; i++)
        span *= FAN;
    tree->n_found = 0;
    return look(tree, row, &box, tree->levels - 1, 0, span, err);
}

void elc_near_free(near_tree *tree) {
    free(tree->order);
    free(tree->place);
    free(tree->boxes);
    free(tree->found);
    *tree = (near_tree){0};
}
