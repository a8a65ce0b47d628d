/* near.c - which rows could be near enough to a row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "near.h"

#include <math.h>
#include <stdlib.h>

enum { FAN = 8 };

/* ---- boxes: the least x, y, z, then the greatest ----------------------------------
 */

static void row_box(const near_tree *tree, size_t row, double box[6]) {
    ground_point p = tree->table->rows[row].at;
    double r = tree->reach[row];
    box[0] = p.x - r, box[1] = p.y - r, box[2] = p.z - r;
    box[3] = p.x + r, box[4] = p.y + r, box[5] = p.z + r;
}

static void join(double box[6], const double other[6]) {
    for (int i = 0; i < 3; i++) {
        box[i] = fmin(box[i], other[i]);
        box[i + 3] = fmax(box[i + 3], other[i + 3]);
    }
}

static bool meet(const double a[6], const double b[6]) {
    return a[0] <= b[3] && b[0] <= a[3] && a[1] <= b[4] && b[1] <= a[4] &&
           a[2] <= b[5] && b[2] <= a[5];
}

/* ---- the tree ------------------------------------------------------------------- */

static void fill_leaf(near_tree *tree, size_t leaf) {
    size_t end = (leaf + 1) * FAN, n = tree->table->n_placed;
    double *box = tree->boxes[leaf], row[6];
    row_box(tree, leaf * FAN, box);
    for (size_t i = leaf * FAN + 1; i < (end < n ? end : n); i++) {
        row_box(tree, i, row);
        join(box, row);
    }
}

static void fill_node(near_tree *tree, int level, size_t node) {
    size_t below = tree->first[level - 1], n = tree->count[level - 1];
    size_t end = (node + 1) * FAN;
    double *box = tree->boxes[tree->first[level] + node];
    for (int i = 0; i < 6; i++)
        box[i] = tree->boxes[below + node * FAN][i];
    for (size_t i = node * FAN + 1; i < (end < n ? end : n); i++)
        join(box, tree->boxes[below + i]);
}

elc_status elc_near_create(const dedupe_table *table, const double *reach,
                           near_tree *out, elc_error *err) {
    near_tree tree = {.table = table, .reach = reach};
    size_t all = 0, n = table->n_placed;
    while (n > 0 && (tree.levels == 0 || n > 1)) {
        n = n / FAN + (n % FAN > 0);
        tree.first[tree.levels] = all;
        tree.count[tree.levels++] = n;
        all += n;
    }
    ELC_TRY(elc_alloc(all, sizeof *tree.boxes, &tree.boxes, err));
    for (size_t i = 0; tree.levels > 0 && i < tree.count[0]; i++)
        fill_leaf(&tree, i);
    for (int level = 1; level < tree.levels; level++)
        for (size_t i = 0; i < tree.count[level]; i++)
            fill_node(&tree, level, i);
    *out = tree;
    return ELC_OK;
}

/* Whether a pair is worth the rule. */
static bool is_candidate(const near_tree *tree, uint32_t one, uint32_t other) {
    const dedupe_row *a = &tree->table->rows[one], *b = &tree->table->rows[other];
    if (a->class_id != b->class_id || a->image == b->image)
        return false;
    return elc_ground_distance(a->at, b->at) <= tree->reach[one] + tree->reach[other];
}

static elc_status look_at_leaf(near_tree *tree, uint32_t row, size_t leaf,
                               elc_error *err) {
    size_t first = leaf * FAN, end = first + FAN;
    if (end > tree->table->n_placed)
        end = tree->table->n_placed;
    if (first <= row)
        first = (size_t)row + 1;
    for (size_t i = first; i < end; i++) {
        tree->looks++;
        if (!is_candidate(tree, row, (uint32_t)i))
            continue;
        ELC_TRY(elc_reserve(&tree->found, &tree->capacity, tree->n_found + 1,
                            sizeof *tree->found, err));
        tree->found[tree->n_found++] = (uint32_t)i;
    }
    return ELC_OK;
}

/* `span` rows lie below a node of the level. */
static elc_status look(near_tree *tree, uint32_t row, const double box[6], int level,
                       size_t node, size_t span, elc_error *err) {
    if ((node + 1) * span <= (size_t)row + 1 ||
        !meet(box, tree->boxes[tree->first[level] + node]))
        return ELC_OK;
    if (level == 0)
        return look_at_leaf(tree, row, node, err);
    size_t end = (node + 1) * FAN, n = tree->count[level - 1];
    for (size_t i = node * FAN; i < (end < n ? end : n); i++)
        ELC_TRY(look(tree, row, box, level - 1, i, span / FAN, err));
    return ELC_OK;
}

elc_status elc_near_find(near_tree *tree, uint32_t row, elc_error *err) {
    double box[6];
    size_t span = 1;
    for (int i = 0; i < tree->levels; i++)
        span *= FAN;
    row_box(tree, row, box);
    tree->n_found = 0;
    return look(tree, row, box, tree->levels - 1, 0, span, err);
}

void elc_near_free(near_tree *tree) {
    free(tree->boxes);
    free(tree->found);
    *tree = (near_tree){0};
}
