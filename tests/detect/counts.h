/* counts.h - runs the merge over simulated chips and counts what it gets wrong. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_COUNTS_H
#define ELCANO_TESTS_COUNTS_H

#include "simulate.h"

typedef struct count_case {
    int64_t chip, overlap;
    bool exact_step;
    double jitter;
} count_case;

/* Every chip's boxes after its NMS, one list; the caller frees. */
static inline elc_box *sim_raw(const sim_scene *s, const elc_grid *grid, double jitter,
                               size_t *n) {
    size_t capacity = 0;
    elc_box *all = NULL, *seen = malloc(s->count * sizeof *seen);
    *n = 0;
    for (int64_t i = 0; i < elc_grid_count(grid); i++) {
        size_t k = sim_see(s, elc_grid_window(grid, i), jitter, (uint64_t)i, seen);
        elc_nms(seen, &k, 0.5, false, NULL);
        if (k == 0)
            continue;
        elc_reserve(&all, &capacity, *n + k, sizeof *all, NULL);
        memcpy(all + *n, seen, k * sizeof *all);
        *n += k;
    }
    free(seen);
    return all;
}

static inline size_t sim_merge(const sim_scene *s, const elc_grid *grid, double jitter,
                               sim_score *score) {
    elc_merger *merger = NULL;
    elc_box *seen = malloc(s->count * sizeof *seen);
    elc_merger_create(grid, 0, elc_grid_count(grid), &merger, NULL);
    for (int64_t i = 0; i < elc_grid_count(grid); i++) {
        size_t k = sim_see(s, elc_grid_window(grid, i), jitter, (uint64_t)i, seen);
        elc_nms(seen, &k, 0.5, false, NULL);
        elc_merger_add(merger, i, seen, k, NULL);
    }
    elc_detection *found = NULL;
    size_t n = 0;
    elc_merger_take(merger, &found, &n);
    *score = sim_match(s, found, n);
    free(found);
    free(seen);
    elc_merger_free(merger);
    return n;
}

/* What most tools do with the boxes of all chips: NMS by IoU over all of them … */
static inline size_t sim_plain_nms(const sim_scene *s, const elc_grid *grid) {
    size_t n;
    elc_box *all = sim_raw(s, grid, 0, &n);
    elc_nms(all, &n, 0.5, false, NULL);
    free(all);
    return n;
}

static inline double sim_over_smaller(const elc_box *a, const elc_box *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    double area_a = (a->xmax - a->xmin) * (a->ymax - a->ymin);
    double area_b = (b->xmax - b->xmin) * (b->ymax - b->ymin);
    return w > 0 && h > 0 ? w * h / fmin(area_a, area_b) : 0;
}

/* … or a greedy merge: by falling score, each takes in what overlaps it by more than
   half of the smaller box. Kept boxes are looked up by the cell of their upper left
   corner. */
static inline size_t sim_greedy(const sim_scene *s, const elc_grid *grid) {
    size_t n, kept = 0;
    elc_box *all = sim_raw(s, grid, 0.001, &n);
    size_t none = n;
    elc_nms(all, &none, 1.0, false, NULL); /* sorts, drops equal boxes */
    sim_scene out = sim_create(s->size, n + 1);
    for (size_t i = 0; i < none; i++) {
        bool taken = false;
        const elc_box *b = &all[i];
        for (int64_t r = sim_cell(s, b->ymin - SIM_CELL); r <= sim_cell(s, b->ymax);
             r++)
            for (int64_t c = sim_cell(s, b->xmin - SIM_CELL); c <= sim_cell(s, b->xmax);
                 c++)
                for (int32_t k = out.head[r * out.cells + c]; k >= 0; k = out.next[k])
                    taken = taken || sim_over_smaller(b, &out.boxes[k]) > 0.5;
        if (!taken)
            kept += sim_plant(&out, *b, 1);
    }
    sim_free(&out);
    free(all);
    return kept;
}

#endif
