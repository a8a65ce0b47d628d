/* near_best.c - the nearest places so far, where there are many of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_best.h"

static bool is_before(elc_nearby_hit a, const elc_nearby_hit *b) {
    return elc_nearby_before(a.distance, a.place, b);
}

/* Puts a hit into the hole at `at` of a heap of n, or below it. */
static void sink(elc_nearby_hit *heap, size_t n, size_t at, elc_nearby_hit hit) {
    for (size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && is_before(heap[child], &heap[child + 1]))
            child++;
        if (!is_before(hit, &heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = hit;
}

static void make_heap(near_best *b) {
    for (size_t at = b->n / 2; at-- > 0;)
        sink(b->hits, b->n, at, b->hits[at]);
}

void elc_nearby_heap_take(near_best *b, elc_nearby_hit hit) {
    if (b->n == b->k) {
        sink(b->hits, b->n, 0, hit);
    } else {
        b->hits[b->n++] = hit;
        if (b->n < b->k)
            return;
        make_heap(b);
    }
    elc_nearby_set_limit(b);
}

void elc_nearby_sort(near_best *b) {
    if (!b->heap)
        return;
    b->heap = false;
    make_heap(b);
    for (size_t n = b->n; n > 1; n--) {
        elc_nearby_hit last = b->hits[n - 1];
        b->hits[n - 1] = b->hits[0];
        sink(b->hits, n - 1, 0, last);
    }
}
