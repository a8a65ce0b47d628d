/* near.c - an order of boxes in which neighbours follow each other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/near.h"

#include <math.h>
#include <stdlib.h>

typedef struct frame {
    double x, y, per_x, per_y;
} frame;

static double scale(double extent) {
    return extent > 0 ? 65535 / extent : 0;
}

static frame frame_of(const elc_score_box *boxes, const uint32_t *ids, size_t n) {
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const elc_score_box *b = &boxes[ids[i]];
        x0 = fmin(x0, b->xmin);
        y0 = fmin(y0, b->ymin);
        x1 = fmax(x1, b->xmin);
        y1 = fmax(y1, b->ymin);
    }
    return (frame){x0, y0, scale(x1 - x0), scale(y1 - y0)};
}

/* The bits of a 16 bit number, with a 0 before each. */
static uint32_t spread(uint32_t v) {
    v = (v | v << 8) & 0x00ff00ffu;
    v = (v | v << 4) & 0x0f0f0f0fu;
    v = (v | v << 2) & 0x33333333u;
    return (v | v << 1) & 0x55555555u;
}

static int compare(const void *a, const void *b) {
    const near_key *x = a, *y = b;
    if (x->z != y->z)
        return x->z < y->z ? -1 : 1;
    return (x->i > y->i) - (x->i < y->i);
}

void elc_score_near(const elc_score_box *boxes, const uint32_t *ids, size_t n,
                    near_key *keys) {
    frame f = frame_of(boxes, ids, n);
    for (size_t i = 0; i < n; i++) {
        const elc_score_box *b = &boxes[ids[i]];
        uint32_t column = (uint32_t)((b->xmin - f.x) * f.per_x);
        uint32_t row = (uint32_t)((b->ymin - f.y) * f.per_y);
        keys[i] = (near_key){spread(column & 0xffff) | spread(row & 0xffff) << 1,
                             (uint32_t)i};
    }
    if (n > 1)
        qsort(keys, n, sizeof *keys, compare);
}
