/* simulate.h - planted boxes, what each chip would see of them, and counts of both. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_SIMULATE_H
#define ELCANO_TESTS_SIMULATE_H

#include <elcano/detect.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014): the state is the seed. */
static inline uint64_t sim_next(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline double sim_unit(uint64_t *state) {
    return (double)(sim_next(state) >> 11) * 0x1p-53;
}

enum { SIM_CELL = 128 };

/* Planted boxes with a grid of lists over them. */
typedef struct sim_scene {
    int64_t size;
    elc_box *boxes;
    size_t count, capacity;
    int64_t cells;
    int32_t *head, *next;
} sim_scene;

static inline int64_t sim_cell(const sim_scene *s, double v) {
    int64_t c = (int64_t)(v / SIM_CELL);
    return c < 0 ? 0 : c >= s->cells ? s->cells - 1 : c;
}

static inline sim_scene sim_create(int64_t size, size_t capacity) {
    sim_scene s = {.size = size, .capacity = capacity};
    s.cells = size / SIM_CELL + 1;
    s.boxes = calloc(capacity, sizeof *s.boxes);
    s.next = calloc(capacity, sizeof *s.next);
    s.head = malloc((size_t)(s.cells * s.cells) * sizeof *s.head);
    for (int64_t i = 0; i < s.cells * s.cells; i++)
        s.head[i] = -1;
    return s;
}

static inline void sim_free(sim_scene *s) {
    free(s->boxes);
    free(s->next);
    free(s->head);
}

/* Largest IoU of a box with the planted ones (whose sides are below SIM_CELL). */
static inline double sim_crowding(const sim_scene *s, const elc_box *box) {
    double most = 0;
    int64_t c0 = sim_cell(s, box->xmin - SIM_CELL), c1 = sim_cell(s, box->xmax);
    int64_t r0 = sim_cell(s, box->ymin - SIM_CELL), r1 = sim_cell(s, box->ymax);
    for (int64_t r = r0; r <= r1; r++)
        for (int64_t c = c0; c <= c1; c++)
            for (int32_t i = s->head[r * s->cells + c]; i >= 0; i = s->next[i])
                most = fmax(most, elc_box_iou(box, &s->boxes[i]));
    return most;
}

/* Plants a box when it lies inside and overlaps no other by more than `limit`. */
static inline bool sim_plant(sim_scene *s, elc_box box, double limit) {
    if (s->count == s->capacity || box.xmin < 0 || box.ymin < 0 ||
        box.xmax > (double)s->size || box.ymax > (double)s->size ||
        sim_crowding(s, &box) > limit)
        return false;
    int64_t cell = sim_cell(s, box.ymin) * s->cells + sim_cell(s, box.xmin);
    s->boxes[s->count] = box;
    s->next[s->count] = s->head[cell];
    s->head[cell] = (int32_t)s->count++;
    return true;
}

/* The axis-aligned box of a length x width rectangle turned by `angle`. */
static inline elc_box sim_turned(double x, double y, double length, double width,
                                 double angle, int32_t class_id) {
    double c = fabs(cos(angle)), s = fabs(sin(angle));
    double w = length * c + width * s, h = length * s + width * c;
    return (elc_box){.xmin = x - w / 2,
                     .ymin = y - h / 2,
                     .xmax = x + w / 2,
                     .ymax = y + h / 2,
                     .score = 0.9f,
                     .class_id = class_id};
}

/* A parking row: cars side by side across their own direction. */
static inline void sim_park(sim_scene *s, size_t total, uint64_t *seed) {
    double x = sim_unit(seed) * (double)s->size, y = sim_unit(seed) * (double)s->size;
    double angle = sim_unit(seed) * M_PI, pitch = 16 + 6 * sim_unit(seed);
    int cars = 5 + (int)(sim_unit(seed) * 26);
    for (int i = 0; i < cars && s->count < total; i++)
        sim_plant(s,
                  sim_turned(x - sin(angle) * pitch * i, y + cos(angle) * pitch * i, 36,
                             15, angle, 0),
                  0.4);
}

/* `total` objects, `parked` of them (a share) in rows, one in twenty a bus of `bus` px.
 */
static inline sim_scene sim_town(int64_t size, size_t total, double parked, double bus,
                                 uint64_t seed) {
    sim_scene s = sim_create(size, total);
    size_t in_rows = (size_t)((double)total * parked);
    while (s.count < in_rows)
        sim_park(&s, in_rows, &seed);
    while (s.count < total) {
        bool is_bus = sim_unit(&seed) < 0.05;
        sim_plant(&s,
                  sim_turned(sim_unit(&seed) * (double)size,
                             sim_unit(&seed) * (double)size, is_bus ? bus : 36,
                             is_bus ? 20 : 15, sim_unit(&seed) * M_PI, is_bus ? 2 : 0),
                  0.4);
    }
    return s;
}

/* What a chip's detector gives: every planted box that it sees at least a tenth of,
   clipped, each edge off by up to `jitter` px and with a noisy score, both new for each
   chip. Returns how many were written to `out` (capacity: all planted). */
static inline size_t sim_see(const sim_scene *s, elc_window w, double jitter,
                             uint64_t seed, elc_box *out) {
    size_t n = 0;
    double x0 = (double)w.x, y0 = (double)w.y;
    double x1 = fmin(x0 + (double)w.width, (double)s->size);
    double y1 = fmin(y0 + (double)w.height, (double)s->size);
    for (int64_t r = sim_cell(s, y0 - SIM_CELL); r <= sim_cell(s, y1); r++)
        for (int64_t c = sim_cell(s, x0 - SIM_CELL); c <= sim_cell(s, x1); c++)
            for (int32_t i = s->head[r * s->cells + c]; i >= 0; i = s->next[i]) {
                elc_box b = s->boxes[i];
                double area = (b.xmax - b.xmin) * (b.ymax - b.ymin);
                double wide = fmin(b.xmax, x1) - fmax(b.xmin, x0);
                double high = fmin(b.ymax, y1) - fmax(b.ymin, y0);
                if (wide <= 0 || high <= 0 || wide * high < 0.1 * area)
                    continue;
                b.xmin = fmax(x0, b.xmin + jitter * (2 * sim_unit(&seed) - 1));
                b.ymin = fmax(y0, b.ymin + jitter * (2 * sim_unit(&seed) - 1));
                b.xmax = fmin(x1, b.xmax + jitter * (2 * sim_unit(&seed) - 1));
                b.ymax = fmin(y1, b.ymax + jitter * (2 * sim_unit(&seed) - 1));
                if (jitter > 0)
                    b.score = (float)(0.5 + 0.45 * sim_unit(&seed));
                if (b.xmax > b.xmin && b.ymax > b.ymin)
                    out[n++] = b;
            }
    return n;
}

/* Planted boxes without a found one (lost) and found ones without a planted (extra):
   one to one, each found box to the nearest free planted one with IoU >= 0.5. */
typedef struct sim_score {
    size_t lost, extra;
} sim_score;

static inline sim_score sim_match(const sim_scene *s, const elc_detection *found,
                                  size_t n) {
    bool *taken = calloc(s->count + 1, sizeof *taken);
    sim_score score = {s->count, 0};
    for (size_t k = 0; k < n; k++) {
        const elc_box *box = &found[k].box;
        double best = 0.5;
        int32_t which = -1;
        for (int64_t r = sim_cell(s, box->ymin - SIM_CELL); r <= sim_cell(s, box->ymax);
             r++)
            for (int64_t c = sim_cell(s, box->xmin - SIM_CELL);
                 c <= sim_cell(s, box->xmax); c++)
                for (int32_t i = s->head[r * s->cells + c]; i >= 0; i = s->next[i]) {
                    double iou = elc_box_iou(box, &s->boxes[i]);
                    if (!taken[i] && iou >= best) {
                        best = iou;
                        which = i;
                    }
                }
        if (which < 0) {
            score.extra++;
        } else {
            taken[which] = true;
            score.lost--;
        }
    }
    free(taken);
    return score;
}

#endif
