/* boxes.c - which of many boxes meet another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/boxes.h"

#include <math.h>
#include <stdlib.h>

enum { NODE = 16, STACK = 8 * NODE };

elc_status elc_boxes_add(elc_boxes *b, const elc_box *box, uint32_t number,
                         elc_error *err) {
    size_t need = b->count + 1;
    ELC_TRY(elc_reserve(&b->boxes, &b->capacity, need, sizeof *b->boxes, err));
    ELC_TRY(
        elc_reserve(&b->numbers, &b->number_capacity, need, sizeof *b->numbers, err));
    b->boxes[b->count] = *box;
    b->numbers[b->count++] = number;
    return ELC_OK;
}

void elc_boxes_free(elc_boxes *b) {
    free(b->boxes);
    free(b->numbers);
    *b = (elc_boxes){0};
}

/* ---- building -------------------------------------------------------------------- */

typedef struct entry {
    double x, y; /* the middle */
    uint32_t at; /* where it is */
} entry;

static int compare_x(const void *a, const void *b) {
    const entry *p = a, *q = b;
    int sign = (p->x > q->x) - (p->x < q->x);
    return sign != 0 ? sign : (p->at > q->at) - (p->at < q->at);
}

static int compare_y(const void *a, const void *b) {
    const entry *p = a, *q = b;
    int sign = (p->y > q->y) - (p->y < q->y);
    return sign != 0 ? sign : (p->at > q->at) - (p->at < q->at);
}

/* By columns of about as many nodes as there are columns, each by rows. */
static void sort_entries(entry *entries, size_t n) {
    size_t nodes = (n + NODE - 1) / NODE;
    size_t column = (size_t)ceil(sqrt((double)nodes)) * NODE;
    qsort(entries, n, sizeof *entries, compare_x);
    for (size_t at = 0; at < n; at += column)
        qsort(entries + at, n - at < column ? n - at : column, sizeof *entries,
              compare_y);
}

static void take_entries(elc_boxes *b, const entry *entries, elc_box *boxes,
                         uint32_t *numbers) {
    for (size_t i = 0; i < b->count; i++) {
        boxes[i] = b->boxes[entries[i].at];
        numbers[i] = b->numbers[entries[i].at];
    }
    free(b->boxes);
    free(b->numbers);
    b->boxes = boxes;
    b->numbers = numbers;
}

/* How many boxes all levels have, and where each begins. */
static size_t count_levels(elc_boxes *b) {
    size_t all = 0, n = b->count;
    b->levels[0] = 0;
    for (b->n_levels = 0; n > 0; n = n > 1 ? (n + NODE - 1) / NODE : 0)
        b->levels[++b->n_levels] = all += n;
    return all;
}

static elc_status order(elc_boxes *b, size_t all, elc_error *err) {
    entry *entries = NULL;
    elc_box *boxes = NULL;
    uint32_t *numbers = NULL;
    ELC_TRY(elc_alloc(b->count, sizeof *entries, &entries, err));
    elc_status status = elc_alloc(all, sizeof *boxes, &boxes, err);
    if (status == ELC_OK)
        status = elc_alloc(b->count, sizeof *numbers, &numbers, err);
    if (status != ELC_OK) {
        free(boxes);
        free(entries);
        return status;
    }
    for (size_t i = 0; i < b->count; i++) {
        const elc_box *box = &b->boxes[i];
        entries[i] = (entry){box->xmin / 2 + box->xmax / 2,
                             box->ymin / 2 + box->ymax / 2, (uint32_t)i};
    }
    sort_entries(entries, b->count);
    take_entries(b, entries, boxes, numbers);
    free(entries);
    return ELC_OK;
}

static elc_box join_boxes(const elc_box *boxes, size_t n) {
    elc_box all = boxes[0];
    for (size_t i = 1; i < n; i++) {
        all.xmin = fmin(all.xmin, boxes[i].xmin);
        all.ymin = fmin(all.ymin, boxes[i].ymin);
        all.xmax = fmax(all.xmax, boxes[i].xmax);
        all.ymax = fmax(all.ymax, boxes[i].ymax);
    }
    return all;
}

elc_status elc_boxes_build(elc_boxes *b, elc_error *err) {
    size_t all = count_levels(b);
    if (all == 0)
        return ELC_OK;
    ELC_TRY(order(b, all, err));
    for (int level = 1; level < b->n_levels; level++) {
        const elc_box *below = b->boxes + b->levels[level - 1];
        size_t n = b->levels[level] - b->levels[level - 1];
        for (size_t i = 0; i < n; i += NODE)
            b->boxes[b->levels[level] + i / NODE] =
                join_boxes(below + i, n - i < NODE ? n - i : NODE);
    }
    return ELC_OK;
}

/* ---- asking ---------------------------------------------------------------------- */

/* A node of a level, whose boxes are those of NODE * index and on in it. */
typedef struct visit {
    int level;
    size_t index;
} visit;

elc_status elc_boxes_find(const elc_boxes *b, const elc_box *box,
                          elc_boxes_found *found, elc_error *err) {
    visit stack[STACK]; /* a node puts NODE there at most, and takes itself away */
    size_t n = 0;
    if (b->n_levels > 0)
        stack[n++] = (visit){b->n_levels - 1, 0};
    while (n > 0) {
        visit v = stack[--n];
        size_t first = b->levels[v.level] + v.index * NODE, end = first + NODE;
        if (end > b->levels[v.level + 1])
            end = b->levels[v.level + 1];
        if (v.level == 0)
            ELC_TRY(elc_reserve(&found->items, &found->capacity, found->count + NODE,
                                sizeof *found->items, err));
        for (size_t i = first; i < end; i++) {
            if (!elc_box_meets(&b->boxes[i], box))
                continue;
            if (v.level == 0)
                found->items[found->count++] = b->numbers[i];
            else
                stack[n++] = (visit){v.level - 1, i - b->levels[v.level]};
        }
    }
    return ELC_OK;
}
