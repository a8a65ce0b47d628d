/* near_tree.h - a balanced tree of boxes over points or pieces of lines, as arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_TREE_H
#define ELCANO_SRC_GEOMETRY_NEAR_TREE_H

#include <elcano/base.h>

enum { NEAR_LEAF = 16, NEAR_DEPTH = 32 };

/* The root is node 1, children of i are 2i and 2i + 1, and all leaves have one depth.
   The items of a node are a range of `order`: of the j-th of depth d those from n j /
   2^d to n (j + 1) / 2^d. A node whose items all are the same point has them by rising
   number and is not cut. */
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
elc_status elc_nearby_tree_build(near_tree *tree, int dims, near_boxer boxer,
                                 const void *items, size_t n, elc_error *err);
/* Puts items, to whose array `items` points, into their tree's order. */
elc_status elc_nearby_tree_order(const near_tree *tree, void *items, size_t size,
                                 elc_error *err);
void elc_nearby_tree_free(near_tree *tree);
/* Bytes of its arrays. */
size_t elc_nearby_tree_bytes(const near_tree *tree);

/* ---- walking --------------------------------------------------------------------- */

/* The square of how far a box is from another, at least: rounded as the squared
   distances of points are, so that no point of it is nearer, to the last bit. */
static inline double elc_nearby_bound(const double *box, const double *low,
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

static inline bool elc_nearby_same(const double *box, int dims) {
    return box[0] == box[dims] && box[1] == box[dims + 1] &&
           (dims == 2 || box[2] == box[dims + 2]);
}

/* The items of a node, [low, high). */
static inline void elc_nearby_items(const near_tree *t, size_t node, size_t *low,
                                    size_t *high) {
    int depth = 63 - __builtin_clzll(node);
    size_t j = node - ((size_t)1 << depth);
    *low = t->n * j >> depth;
    *high = t->n * (j + 1) >> depth;
}

typedef struct near_node {
    size_t node;
    double bound;
} near_node;

/* Who walks. Items are looked at where the bound of their node is at most `limit`,
   which may fall on the way, nearest first; `hopeless` (NULL: never) may turn nodes
   away. */
typedef struct near_walker {
    void (*look)(void *state, size_t low, size_t high, bool same);
    bool (*hopeless)(void *state, const near_node *node);
    void *state;
    const double *limit;
    const void *items; /* in the order of the tree, to be fetched early; NULL: none */
    size_t size;       /* of one */
} near_walker;

static inline void elc_nearby_fetch(const near_tree *t, size_t node,
                                    const near_walker *w) {
    size_t low, high;
    elc_nearby_items(t, node, &low, &high);
    for (size_t at = low * w->size; at < high * w->size; at += 64)
        __builtin_prefetch((const char *)w->items + at);
}

static inline __attribute__((always_inline)) void
elc_nearby_walk(const near_tree *t, int dims, const double *low, const double *high,
                near_walker w) {
    near_node stack[NEAR_DEPTH + 1], at = {.node = 1};
    size_t n = 0, wide = 2 * (size_t)dims, leaves = (size_t)1 << t->depth, from, to;
    if (t->n == 0)
        return;
    at.bound = elc_nearby_bound(t->boxes + wide, low, high, dims);
    for (;;) {
        bool wanted =
            at.bound <= *w.limit && !(w.hopeless != NULL && w.hopeless(w.state, &at));
        bool same = wanted && elc_nearby_same(t->boxes + at.node * wide, dims);
        if (wanted && (same || at.node >= leaves)) {
            elc_nearby_items(t, at.node, &from, &to);
            w.look(w.state, from, to, same);
        }
        if (!wanted || same || at.node >= leaves) {
            if (n == 0)
                return;
            at = stack[--n];
            continue;
        }
        size_t left = 2 * at.node;
        const double *pair = t->boxes + left * wide;
        if (left < leaves) { /* the next step's, wherever it goes */
            __builtin_prefetch(pair + left * wide);
            __builtin_prefetch(pair + (left + 2) * wide);
        } else if (w.items != NULL)
            elc_nearby_fetch(t, at.node, &w);
        near_node a = {left, elc_nearby_bound(pair, low, high, dims)};
        near_node b = {left + 1, elc_nearby_bound(pair + wide, low, high, dims)};
        bool second = b.bound < a.bound;
        at = second ? b : a;
        stack[n++] = second ? a : b;
    }
}

#endif
