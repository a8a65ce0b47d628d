/* near_tree.c - building a balanced tree of boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where choosing a pivot from a sample pays. */
enum { WORTH_A_SAMPLE = 600 };

typedef struct record {
    double at[3]; /* the middle of its box */
    uint32_t number;
} record;

typedef struct builder {
    near_tree *tree;
    near_boxer boxer;
    const void *items;
    record *records;
} builder;

static void swap(record *r, size_t i, size_t k) {
    record kept = r[i];
    r[i] = r[k];
    r[k] = kept;
}

/* Cuts [low, high] by the record at k; *at is where that one comes to stand. */
static size_t cut(record *r, size_t low, size_t high, size_t k, int axis) {
    double t = r[k].at[axis];
    size_t i = low, j = high;
    swap(r, low, k);
    if (r[high].at[axis] > t)
        swap(r, low, high);
    while (i < j) {
        swap(r, i++, j--);
        while (r[i].at[axis] < t)
            i++;
        while (r[j].at[axis] > t)
            j--;
    }
    if (r[low].at[axis] == t)
        swap(r, low, j);
    else
        swap(r, ++j, high);
    return j;
}

/* Brings the k-th along an axis to place k of [low, high], those below it before it
   (Floyd and Rivest 1975, Algorithm 489). */
static void choose(record *r, size_t low, size_t high, size_t k, int axis) {
    while (high > low) {
        if (high - low > WORTH_A_SAMPLE) {
            double n = (double)(high - low + 1), m = (double)(k - low + 1), z = log(n);
            double s = 0.5 * exp(2 * z / 3);
            double spread = 0.5 * sqrt(z * s * (n - s) / n) * (m < n / 2 ? -1 : 1);
            double from = (double)k - m * s / n + spread;
            double to = (double)k + (n - m) * s / n + spread;
            choose(r, (size_t)fmax((double)low, from), (size_t)fmin((double)high, to),
                   k, axis);
        }
        size_t j = cut(r, low, high, k, axis);
        if (j <= k)
            low = j + 1;
        if (k <= j) {
            if (j == 0)
                return;
            high = j - 1;
        }
    }
}

/* The axis along which the records [low, high) reach farthest; -1: nowhere. */
static int longest(const record *r, size_t low, size_t high, int dims) {
    int axis = -1;
    double most = 0;
    for (int d = 0; d < dims; d++) {
        double least = r[low].at[d], greatest = least;
        for (size_t i = low + 1; i < high; i++) {
            least = r[i].at[d] < least ? r[i].at[d] : least;
            greatest = r[i].at[d] > greatest ? r[i].at[d] : greatest;
        }
        if (greatest - least > most) {
            most = greatest - least;
            axis = d;
        }
    }
    return axis;
}

static int compare_numbers(const void *a, const void *b) {
    uint32_t x = ((const record *)a)->number, y = ((const record *)b)->number;
    return (x > y) - (x < y);
}

static void add_box(double *box, const double *other, int dims, bool first) {
    for (int d = 0; d < dims; d++) {
        box[d] = first ? other[d] : fmin(box[d], other[d]);
        box[dims + d] = first ? other[dims + d] : fmax(box[dims + d], other[dims + d]);
    }
}

static void bound_items(builder *b, double *box, size_t low, size_t high) {
    for (size_t i = low; i < high; i++) {
        double other[6];
        b->boxer(b->items, b->records[i].number, other);
        add_box(box, other, b->tree->dims, i == low);
    }
}

static void split(builder *b, size_t node, int depth) {
    int dims = b->tree->dims;
    size_t wide = 2 * (size_t)dims, low, middle, high;
    elc_nearby_items(b->tree, node, &low, &high);
    elc_nearby_items(b->tree, 2 * node, &low, &middle);
    double *box = b->tree->boxes + node * wide;
    int axis = longest(b->records, low, high, dims);
    if (axis < 0) {
        qsort(b->records + low, high - low, sizeof *b->records, compare_numbers);
        bound_items(b, box, low, high);
        if (depth == b->tree->depth || elc_nearby_same(box, dims))
            return;
    } else if (depth == b->tree->depth) {
        bound_items(b, box, low, high);
        return;
    } else
        choose(b->records, low, high - 1, middle, axis);
    split(b, 2 * node, depth + 1);
    split(b, 2 * node + 1, depth + 1);
    add_box(box, b->tree->boxes + 2 * node * wide, dims, true);
    add_box(box, b->tree->boxes + (2 * node + 1) * wide, dims, false);
}

static void fill_records(builder *b) {
    int dims = b->tree->dims;
    for (size_t i = 0; i < b->tree->n; i++) {
        double box[6];
        b->boxer(b->items, i, box);
        for (int d = 0; d < dims; d++)
            b->records[i].at[d] = box[d] / 2 + box[dims + d] / 2;
        b->records[i].number = (uint32_t)i;
    }
}

elc_status elc_nearby_tree_build(near_tree *tree, int dims, near_boxer boxer,
                                 const void *items, size_t n, elc_error *err) {
    builder b = {tree, boxer, items, NULL};
    *tree = (near_tree){.dims = dims, .n = n};
    if (n > UINT32_MAX)
        return elc_fail(err, ELC_E_MEMORY, "more than 2^32 pieces of places");
    while (n >> tree->depth > NEAR_LEAF)
        tree->depth++;
    size_t nodes = (size_t)2 << tree->depth;
    ELC_TRY(elc_alloc(n, sizeof *tree->order, &tree->order, err));
    ELC_TRY(
        elc_alloc(nodes * 2 * (size_t)dims, sizeof *tree->boxes, &tree->boxes, err));
    ELC_TRY(elc_alloc(n, sizeof *b.records, &b.records, err));
    fill_records(&b);
    if (n > 0)
        split(&b, 1, 0);
    for (size_t i = 0; i < n; i++)
        tree->order[i] = b.records[i].number;
    free(b.records);
    return ELC_OK;
}

elc_status elc_nearby_tree_order(const near_tree *tree, void *items, size_t size,
                                 elc_error *err) {
    char *from, *to;
    ELC_TRY(elc_alloc(tree->n, size, &to, err));
    memcpy(&from, items, sizeof from);
    for (size_t i = 0; i < tree->n; i++)
        memcpy(to + i * size, from + tree->order[i] * size, size);
    free(from);
    memcpy(items, &to, sizeof to);
    return ELC_OK;
}

void elc_nearby_tree_free(near_tree *tree) {
    free(tree->order);
    free(tree->boxes);
    *tree = (near_tree){0};
}

size_t elc_nearby_tree_bytes(const near_tree *tree) {
    size_t nodes = (size_t)2 << tree->depth, wide = 2 * (size_t)tree->dims;
    return (tree->order != NULL ? tree->n * sizeof *tree->order : 0) +
           (tree->boxes != NULL ? nodes * wide * sizeof *tree->boxes : 0);
}
