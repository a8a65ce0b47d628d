/* near_tree.h - a balanced tree of boxes over points or pieces of lines, as arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_TREE_H
#define ELCANO_SRC_GEOMETRY_NEAR_TREE_H

#include <elcano/base.h>

enum { NEAR_LEAF = 8, NEAR_DEPTH = 32 };

/* The root is node 1, children of i are 2i and 2i + 1, and all leaves have one depth.
   The items of a node are a range of `order`, cut in the middle for its children. A
   node whose items all are the same point has them by rising number and is not cut. */
typedef struct near_tree {
    int dims; /* 2 or 3 */
    int depth;
    size_t n;
    uint32_t *order; /* numbers of the items */
    double *boxes;   /* of each node: lows, then highs */
} near_tree;

/* The box of an item. */
typedef void (*near_boxer)(const void *items, size_t number, double *box);

/* Start with {0}. Cuts along the longest side, at the median of the boxes' middles. */
elc_status elc_near_tree_build(near_tree *tree, int dims, near_boxer boxer,
                               const void *items, size_t n, elc_error *err);
void elc_near_tree_free(near_tree *tree);

/* ---- walking --------------------------------------------------------------------- */

/* The square of how far a box is from another, at least: rounded as the squared
   distances of points are, so that no point of it is nearer, to the last bit. */
static inline double elc_near_bound(const double *box, const double *low,
                                    const double *high, int dims) {
    double sum = 0;
    for (int i = 0; i < dims; i++) {
        double below = box[i] - high[i], above = low[i] - box[dims + i];
        double d = below > above ? below : above;
        d = d > 0 ? d : 0;
        sum += d * d;
    }
    return sum;
}

static inline bool elc_near_same(const double *box, int dims) {
    return box[0] == box[dims] && box[1] == box[dims + 1] &&
           (dims == 2 || box[2] == box[dims + 2]);
}

typedef struct near_range {
    size_t node, low, high; /* its items are [low, high) */
    double bound;
    int depth;
} near_range;

/* Who walks. A range is looked at when its bound is at most `limit`, which may fall on
   the way, nearest first; `hopeless` (NULL: never) may turn ranges away. */
typedef struct near_walker {
    void (*look)(void *state, const near_range *range, bool same);
    bool (*hopeless)(void *state, const near_range *range);
    void *state;
    const double *limit;
} near_walker;

static inline __attribute__((always_inline)) void
elc_near_walk(const near_tree *t, int dims, const double *low, const double *high,
              near_walker w) {
    near_range stack[NEAR_DEPTH + 1], at = {.node = 1, .high = t->n};
    size_t n = 0, wide = 2 * (size_t)dims;
    if (t->n == 0)
        return;
    at.bound = elc_near_bound(t->boxes + wide, low, high, dims);
    for (;;) {
        const double *box = t->boxes + at.node * wide;
        bool wanted =
            at.bound <= *w.limit && !(w.hopeless != NULL && w.hopeless(w.state, &at));
        bool same = wanted && elc_near_same(box, dims);
        if (wanted && (same || at.depth == t->depth))
            w.look(w.state, &at, same);
        if (!wanted || same || at.depth == t->depth) {
            if (n == 0)
                return;
            at = stack[--n];
            continue;
        }
        size_t middle = at.low + (at.high - at.low) / 2, left = 2 * at.node;
        const double *pair = t->boxes + left * wide;
        near_range a = {left, at.low, middle, elc_near_bound(pair, low, high, dims),
                        at.depth + 1};
        near_range b = {left + 1, middle, at.high,
                        elc_near_bound(pair + wide, low, high, dims), at.depth + 1};
        bool first = a.bound <= b.bound;
        stack[n++] = first ? b : a;
        at = first ? a : b;
    }
}

#endif
