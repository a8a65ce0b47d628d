/* box_cells.c - cells of feature maps, and what a detector should say of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/box_chip.h"

static const double SIGMA = 0.09;      /* of a side: TTFNet's alpha 0.54 / 6 */
static const double SIGMA_CELLS = 0.4; /* at least */
static const double BELL = 0.01,
                    BOX = 0.05; /* least height that counts, and for sides */

/* ---- targets ----------------------------------------------------------------------
 */

/* Of all cells of a chip. */
typedef struct {
    const elc_box_chip *chip;
    size_t classes;
    float *heat, *sides, *weight;
    uint8_t *counts, *near; /* cells that count, and that objects reach */
    double *row, *column;   /* a bell along each */
} targets;

static void targets_free(targets *t) {
    free(t->heat);
    free(t->sides);
    free(t->weight);
    free(t->counts);
    free(t->near);
    free(t->row);
    free(t->column);
}

static elc_status targets_create(const elc_box_chip *chip, size_t classes, targets *t,
                                 elc_error *err) {
    size_t n = chip->rows * chip->cols;
    *t = (targets){.chip = chip, .classes = classes};
    ELC_TRY(elc_alloc(n, classes * sizeof *t->heat, &t->heat, err));
    ELC_TRY(elc_alloc(n, 4 * sizeof *t->sides, &t->sides, err));
    ELC_TRY(elc_alloc(n, sizeof *t->weight, &t->weight, err));
    ELC_TRY(elc_alloc(n, sizeof *t->counts, &t->counts, err));
    ELC_TRY(elc_alloc(n, sizeof *t->near, &t->near, err));
    ELC_TRY(elc_alloc(chip->rows, sizeof *t->row, &t->row, err));
    return elc_alloc(chip->cols, sizeof *t->column, &t->column, err);
}

static double middle(const targets *t, size_t i) {
    return ((double)i + 0.5) * t->chip->cell_px;
}

/* Cells along an axis whose middles lie between two places. */
static void reach(const targets *t, double from, double to, size_t n, size_t *first,
                  size_t *end) {
    double cell = t->chip->cell_px;
    double low = fmax(ceil(from / cell - 0.5), 0), high = floor(to / cell - 0.5) + 1;
    *first = low < (double)n ? (size_t)low : n;
    *end = high <= (double)*first ? *first : high < (double)n ? (size_t)high : n;
}

static void mark(const targets *t, uint8_t *map, const double box[4], uint8_t value) {
    size_t x0, x1, y0, y1;
    reach(t, box[0], box[2], t->chip->cols, &x0, &x1);
    reach(t, box[1], box[3], t->chip->rows, &y0, &y1);
    for (size_t y = y0; y < y1; y++)
        for (size_t x = x0; x < x1; x++)
            map[y * t->chip->cols + x] = value;
}

/* A Gaussian that is 1 at the cell nearest to its middle, or at both where that lies
   between two. */
static void bell(const targets *t, double from, double to, size_t n, double *out,
                 size_t *first, size_t *end) {
    double cell = t->chip->cell_px, at = (from + to) / 2;
    double sigma = fmax(SIGMA * (to - from), SIGMA_CELLS * cell);
    double off = at / cell - 0.5;
    double least = fabs(off - nearbyint(off)) * cell;
    double radius = sigma * sqrt(-2 * log(BELL)) + cell;
    reach(t, at - radius, at + radius, n, first, end);
    for (size_t i = *first; i < *end; i++) {
        double d = middle(t, i) - at;
        out[i] = exp(0.5 * (least * least - d * d) / (sigma * sigma));
    }
}

static void put_sides(targets *t, const elc_box_truth *b, size_t x, size_t y,
                      double weight) {
    size_t i = y * t->chip->cols + x;
    double sides[4] = {middle(t, x) - b->xmin, middle(t, y) - b->ymin,
                       b->xmax - middle(t, x), b->ymax - middle(t, y)};
    bool in = sides[0] > 0 && sides[1] > 0 && sides[2] > 0 && sides[3] > 0;
    for (size_t k = 0; k < 4; k++)
        t->sides[4 * i + k] = in ? (float)sides[k] : 0;
    t->weight[i] = in ? (float)weight : 0;
}

/* An object's weight is shared among its cells by the bell, and grows with its area as
   TTFNet has it. */
static void put_object(targets *t, const elc_box_truth *b) {
    size_t x0, x1, y0, y1, cols = t->chip->cols;
    bell(t, b->xmin, b->xmax, cols, t->column, &x0, &x1);
    bell(t, b->ymin, b->ymax, t->chip->rows, t->row, &y0, &y1);
    double sum = 0, area = (b->xmax - b->xmin) * (b->ymax - b->ymin);
    for (size_t y = y0; y < y1; y++)
        for (size_t x = x0; x < x1; x++)
            sum += t->row[y] * t->column[x];
    for (size_t y = y0; y < y1; y++)
        for (size_t x = x0; x < x1; x++) {
            double height = t->row[y] * t->column[x];
            size_t i = y * cols + x;
            float *heat = &t->heat[i * t->classes + b->class_id];
            if (height < BELL)
                continue;
            *heat = fmaxf(*heat, (float)height);
            t->near[i] = 1;
            if (height > BOX)
                put_sides(t, b, x, y, height / sum * log(fmax(area, 3)));
        }
}

static int by_area(const void *a, const void *b) {
    const elc_box_truth *p = a, *q = b;
    double pa = (p->xmax - p->xmin) * (p->ymax - p->ymin);
    double qa = (q->xmax - q->xmin) * (q->ymax - q->ymin);
    if (pa != qa)
        return pa < qa ? 1 : -1;
    if (p->xmin != q->xmin)
        return p->xmin < q->xmin ? -1 : 1;
    return p->ymin < q->ymin ? -1 : p->ymin > q->ymin;
}

/* The largest first, so that the sides of smaller ones stand. */
static elc_status put_objects(targets *t, const elc_box_known *known, elc_error *err) {
    elc_box_truth *sorted;
    ELC_TRY(elc_alloc(known->n_truth, sizeof *sorted, &sorted, err));
    if (known->n_truth > 0)
        memcpy(sorted, known->truth, known->n_truth * sizeof *sorted);
    qsort(sorted, known->n_truth, sizeof *sorted, by_area);
    for (size_t i = 0; i < known->n_truth; i++)
        put_object(t, &sorted[i]);
    free(sorted);
    return ELC_OK;
}

static void box_of(const elc_box_truth *b, double out[4]) {
    out[0] = b->xmin;
    out[1] = b->ymin;
    out[2] = b->xmax;
    out[3] = b->ymax;
}

static void mark_all(const targets *t, uint8_t *map, const elc_box_truth *boxes,
                     size_t n, uint8_t value) {
    for (size_t i = 0; i < n; i++) {
        double box[4];
        box_of(&boxes[i], box);
        mark(t, map, box, value);
    }
}

/* Cells that count: those inside, without the blind, with the objects. */
static elc_status mark_counts(targets *t, const elc_box_known *known, elc_error *err) {
    size_t n = t->chip->rows * t->chip->cols;
    uint8_t *inside;
    ELC_TRY(elc_alloc(n, sizeof *inside, &inside, err));
    mark(t, inside, known->inside, 1);
    memcpy(t->counts, inside, n);
    mark_all(t, t->counts, known->blind, known->n_blind, 0);
    mark_all(t, t->counts, known->truth, known->n_truth, 1);
    mark_all(t, t->near, known->truth, known->n_truth, 1);
    for (size_t i = 0; i < n; i++)
        t->counts[i] &= inside[i];
    free(inside);
    return ELC_OK;
}

/* ---- the set ----------------------------------------------------------------------
 */

void elc_box_cells_clear(elc_box_cells *cells) {
    free(cells->features);
    free(cells->heat);
    free(cells->sides);
    free(cells->weight);
    free(cells->stands);
    free(cells->place);
    *cells = (elc_box_cells){.channels = cells->channels, .classes = cells->classes};
}

static elc_status grow_one(void *items, size_t old, size_t now, size_t count,
                           elc_error *err) {
    size_t size, capacity = old;
    if (__builtin_mul_overflow(count, sizeof(float), &size))
        return elc_fail(err, ELC_E_MEMORY, "cells to learn from: too many");
    return elc_reserve(items, &capacity, now, size, err);
}

/* All arrays keep pace, so that one capacity says the room of each. */
static elc_status grow(elc_box_cells *c, size_t more, elc_error *err) {
    size_t need, old = c->capacity;
    if (__builtin_add_overflow(c->count, more, &need) || need > SIZE_MAX / 4)
        return elc_fail(err, ELC_E_MEMORY, "cells to learn from: too many");
    if (need <= old)
        return ELC_OK;
    size_t now = need > 2 * old ? need : 2 * old;
    ELC_TRY(grow_one(&c->features, old, now, c->channels, err));
    ELC_TRY(grow_one(&c->heat, old, now, c->classes, err));
    ELC_TRY(grow_one(&c->sides, old, now, 4, err));
    ELC_TRY(grow_one(&c->weight, old, now, 1, err));
    ELC_TRY(grow_one(&c->stands, old, now, 1, err));
    ELC_TRY(grow_one(&c->place, old, now, 1, err));
    c->capacity = now;
    return ELC_OK;
}

static elc_status add_cell(elc_box_cells *cells, const targets *t, size_t i,
                           double stands, uint32_t place, elc_error *err) {
    ELC_TRY(grow(cells, 1, err));
    size_t at = cells->count, k = cells->classes;
    float *features = cells->features + at * cells->channels;
    elc_box_chip_features(t->chip, i, features);
    for (size_t c = 0; c < cells->channels; c++)
        if (!isfinite(features[c]))
            return elc_fail(err, ELC_E_FORMAT,
                            "feature %zu of cell %zu is not finite: the network gives "
                            "no features that can be learnt from; name another tensor",
                            c, i);
    memcpy(cells->heat + at * k, t->heat + i * k, k * sizeof *cells->heat);
    memcpy(cells->sides + 4 * at, t->sides + 4 * i, 4 * sizeof *cells->sides);
    cells->weight[at] = t->weight[i];
    cells->stands[at] = (float)stands;
    cells->place[at] = place;
    cells->count++;
    return ELC_OK;
}

static elc_status check(const elc_box_cells *cells, const elc_box_chip *chip,
                        const elc_box_known *known, elc_error *err) {
    for (size_t i = 0; i < known->n_truth; i++)
        if (known->truth[i].class_id >= cells->classes)
            return elc_fail(err, ELC_E_ARGUMENT, "class %u of an object, of %zu",
                            known->truth[i].class_id, cells->classes);
    return elc_box_chip_check(chip, cells->channels, err);
}

static elc_status make_targets(const elc_box_chip *chip, const elc_box_known *known,
                               size_t classes, targets *t, elc_error *err) {
    elc_status status = targets_create(chip, classes, t, err);
    if (status == ELC_OK)
        status = put_objects(t, known, err);
    if (status == ELC_OK)
        status = mark_counts(t, known, err);
    if (status != ELC_OK)
        targets_free(t);
    return status;
}

/* splitmix64 (Steele, Lea, Flood 2014), as a number between 0 and 1. */
static double chance(uint64_t seed, uint64_t i) {
    uint64_t z = seed + (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

elc_status elc_box_cells_add(elc_box_cells *cells, const elc_box_chip *chip,
                             const elc_box_known *known, elc_error *err) {
    targets t;
    if (cells->channels == 0)
        cells->channels = elc_box_chip_channels(chip);
    ELC_TRY(check(cells, chip, known, err));
    ELC_TRY(make_targets(chip, known, cells->classes, &t, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < chip->rows * chip->cols && status == ELC_OK; i++) {
        bool kept = t.near[i] || chance(known->seed, i) < known->background;
        if (t.counts[i] && kept)
            status = add_cell(cells, &t, i, t.near[i] ? 1 : 1 / known->background,
                              known->place, err);
    }
    targets_free(&t);
    return status;
}

/* Whether the cell scores and nothing is there. */
static bool is_mistake(const targets *t, const float *scores, size_t i, float least) {
    if (!t->counts[i] || t->near[i])
        return false;
    for (size_t k = 0; k < t->classes; k++)
        if (scores[i * t->classes + k] >= least)
            return true;
    return false;
}

elc_status elc_box_head_mistakes(const elc_box_head *head, const elc_box_chip *chip,
                                 const elc_box_known *known, float least,
                                 elc_box_cells *cells, elc_error *err) {
    targets t;
    float *scores, *sides;
    if (cells->channels == 0)
        cells->channels = head->channels;
    ELC_TRY(check(cells, chip, known, err));
    ELC_TRY(elc_box_chip_run(head, chip, &scores, &sides, err));
    elc_status status = make_targets(chip, known, cells->classes, &t, err);
    if (status == ELC_OK) {
        for (size_t i = 0; i < chip->rows * chip->cols && status == ELC_OK; i++)
            if (is_mistake(&t, scores, i, least))
                status = add_cell(cells, &t, i, 1, known->place, err);
        targets_free(&t);
    }
    free(scores);
    free(sides);
    return status;
}

elc_status elc_box_cells_join(elc_box_cells *cells, const elc_box_cells *more,
                              elc_error *err) {
    size_t n = more->count, at = cells->count, c = more->channels, k = more->classes;
    if (n == 0)
        return ELC_OK;
    if (cells->channels == 0)
        cells->channels = c;
    if (cells->channels != c || cells->classes != k)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "cells of %zu channels and %zu classes, and of %zu and %zu: "
                        "they are of two networks",
                        cells->channels, cells->classes, c, k);
    ELC_TRY(grow(cells, n, err));
    memcpy(cells->features + at * c, more->features, n * c * sizeof(float));
    memcpy(cells->heat + at * k, more->heat, n * k * sizeof(float));
    memcpy(cells->sides + 4 * at, more->sides, 4 * n * sizeof(float));
    memcpy(cells->weight + at, more->weight, n * sizeof(float));
    memcpy(cells->stands + at, more->stands, n * sizeof(float));
    memcpy(cells->place + at, more->place, n * sizeof(uint32_t));
    cells->count += n;
    return ELC_OK;
}
