/* resample.c - weighted sums of source rows: down first, then along. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "image/view.h"

/* ---- sums
 * ----------------------------------------------------------------------------
 */

/* View rows that any one source row has a part in, at most. */
static size_t most_open(const elc_weights *y) {
    int64_t most = 1;
    for (int64_t low = 0, high = 0; low < y->n; low++) {
        while (high < y->n && y->start[high] < y->start[low] + y->count[low])
            high++;
        most = high - low > most ? high - low : most;
    }
    return (size_t)most;
}

static elc_status alloc_open(elc_sums *s, elc_error *err) {
    size_t rows = s->open, n = (size_t)s->n * s->wide * sizeof(float);
    ELC_TRY(elc_alloc(rows, n, &s->plain, err));
    ELC_TRY(elc_alloc(rows, sizeof *s->full, &s->full, err));
    ELC_TRY(elc_alloc(rows, sizeof *s->spotted, &s->spotted, err));
    if (!s->blanks)
        return ELC_OK;
    ELC_TRY(elc_alloc(rows, s->wide * sizeof *s->held, &s->held, err));
    ELC_TRY(elc_alloc(rows, s->wide, &s->missing, err));
    if (!s->x->cubic && !s->y->cubic)
        return ELC_OK;
    return elc_alloc(rows, n, &s->positive, err);
}

static elc_status alloc_out(elc_sums *s, elc_error *err) {
    size_t n = (size_t)s->n;
    ELC_TRY(elc_alloc(n, s->line * sizeof *s->out, &s->out, err));
    if (!s->blanks)
        return ELC_OK;
    ELC_TRY(elc_alloc(s->line, sizeof *s->out_held, &s->out_held, err));
    ELC_TRY(elc_alloc(s->line, 1, &s->out_mask, err));
    if (!s->positive)
        return ELC_OK;
    return elc_alloc(n, s->line * sizeof *s->out, &s->out_positive, err);
}

elc_status elc_sums_create(const elc_weights *x, const elc_weights *y, int n,
                           bool blanks, elc_sums *out, elc_error *err) {
    elc_sums s = {.x = x, .y = y, .n = n, .blanks = blanks, .open = most_open(y)};
    int64_t low, high;
    elc_weights_span(x, &low, &high);
    s.width = high - low;
    s.wide = (size_t)(s.width + x->most); /* weights of 0 reach beyond the row */
    s.line = (size_t)(x->n + 3) / 4 * 4;
    elc_status status = alloc_open(&s, err);
    if (status == ELC_OK)
        status = alloc_out(&s, err);
    if (status == ELC_OK)
        *out = s;
    else
        elc_sums_clear(&s);
    return status;
}

void elc_sums_clear(elc_sums *s) {
    free(s->plain);
    free(s->positive);
    free(s->held);
    free(s->missing);
    free(s->full);
    free(s->spotted);
    free(s->out);
    free(s->out_positive);
    free(s->out_held);
    free(s->out_mask);
    *s = (elc_sums){0};
}

/* ---- down
 * ----------------------------------------------------------------------------
 */

static void add_scaled(float *restrict sum, const float *restrict line, float weight,
                       size_t n) {
    for (size_t i = 0; i < n; i++)
        sum[i] += weight * line[i];
}

static void add_mask(float *restrict held, uint8_t *restrict missing,
                     const uint8_t *restrict mask, float weight, size_t n) {
    for (size_t i = 0; i < n; i++) {
        held[i] += weight * (float)mask[i];
        missing[i] |= !mask[i];
    }
}

static void add_planes(const elc_sums *s, float *sums, const float *values,
                       float weight) {
    for (size_t c = 0; c < (size_t)s->n && weight != 0; c++)
        add_scaled(sums + c * s->wide, values + c * (size_t)s->width, weight,
                   (size_t)s->width);
}

/* What an open row holds, kept from the first source row with a blank on: up to there
   it is the same for all pixels. */
static void add_held(elc_sums *s, size_t slot, const uint8_t *mask, float weight,
                     bool counts) {
    size_t n = (size_t)s->width;
    float *held = s->held + slot * s->wide;
    uint8_t *missing = s->missing + slot * s->wide;
    if (mask && counts && !s->spotted[slot]) {
        s->spotted[slot] = true;
        memset(missing, 0, n);
        for (size_t i = 0; i < n; i++)
            held[i] = s->full[slot];
    }
    s->full[slot] += weight;
    if (!s->spotted[slot])
        return;
    if (mask && counts)
        add_mask(held, missing, mask, weight, n);
    else
        for (size_t i = 0; i < n; i++)
            held[i] += weight;
}

/* Adds tap j of view row k. The taps come from the top down, so that the order of each
   sum is that of the rows, whatever the window. */
static void add_tap(elc_sums *s, int64_t k, int64_t j, const float *values,
                    const uint8_t *mask) {
    size_t slot = (size_t)k % s->open, planes = (size_t)s->n * s->wide;
    size_t tap = (size_t)(k * s->y->most + j);
    float weight = s->y->plain[tap], positive = s->y->positive[tap];
    if (j == 0) {
        memset(s->plain + slot * planes, 0, planes * sizeof *s->plain);
        s->full[slot] = 0;
        s->spotted[slot] = false;
    }
    add_planes(s, s->plain + slot * planes, values, weight);
    if (!s->blanks)
        return;
    add_held(s, slot, mask, positive, weight != 0);
    if (!s->positive)
        return;
    if (j == 0)
        memset(s->positive + slot * planes, 0, planes * sizeof *s->positive);
    add_planes(s, s->positive + slot * planes, values, positive);
}

void elc_sums_add(elc_sums *s, int64_t row, const float *values, const uint8_t *mask) {
    const elc_weights *y = s->y;
    for (int64_t k = s->next; k < y->n && y->start[k] <= row; k++)
        add_tap(s, k, row - y->start[k], values, mask);
}

/* ---- along
 * ----------------------------------------------------------------------------
 */

typedef float four __attribute__((vector_size(16)));

static inline four load(const float *from) {
    four v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline four times(const float *weights, const float *values) {
    return load(weights) * load(values);
}

/* sum + the first lanes of a, b, c, d, then + the second ones, and so on. */
static inline four add_lanes(four sum, four a, four b, four c, four d) {
    four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    sum += __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    sum += __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    sum += __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    return sum + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/* Weighs along a row, four view pixels at a time: each sum runs from left to right,
   whatever the window. */
static void weigh_line(const elc_weights *x, const float *restrict weights,
                       const float *restrict in, float *restrict out) {
    for (int64_t i = 0; i < x->n; i += 4) {
        const float *w[4], *v[4];
        for (int64_t k = 0; k < 4; k++) { /* the last one again beyond the end */
            int64_t at = i + k < x->n ? i + k : x->n - 1;
            w[k] = weights + at * x->most;
            v[k] = in + (x->start[at] - x->start[0]);
        }
        four sum = {0};
        for (int64_t j = 0; j < x->most; j += 4)
            sum = add_lanes(sum, times(w[0] + j, v[0] + j), times(w[1] + j, v[1] + j),
                            times(w[2] + j, v[2] + j), times(w[3] + j, v[3] + j));
        memcpy(out + i, &sum, sizeof sum);
    }
}

static void weigh_planes(const elc_sums *s, const float *weights, const float *in,
                         float *out) {
    for (size_t c = 0; c < (size_t)s->n; c++)
        weigh_line(s->x, weights, in + c * s->wide, out + c * s->line);
}

static float total(const float *weights, int64_t count) {
    float sum = 0;
    for (int64_t j = 0; j < count; j++)
        sum += weights[j];
    return sum;
}

/* True when all pixels hold something that view pixel `col` gives weight to. */
static bool all_held(const elc_weights *x, int64_t col, const uint8_t *missing) {
    const uint8_t *from = missing + (x->start[col] - x->start[0]);
    for (int64_t j = 0; j < x->count[col]; j++)
        if (from[j] && x->plain[col * x->most + j] != 0)
            return false;
    return true;
}

/* False where too little of what a view pixel looks at holds something. */
static bool enough_held(const elc_sums *s, int64_t col, float down) {
    if (!s->positive)
        return s->out_held[col] > 1e-6f;
    float along = total(s->x->positive + col * s->x->most, s->x->count[col]);
    return s->out_held[col] > along * down / 2;
}

/* Where all pixels hold something the sum is what it is without a mask. At the edge of
   blank pixels negative weights could have more to say than the others: there a cubic
   kernel goes without them, and gives something where half of it is on pixels that hold
   something. */
static void settle_row(elc_sums *s, size_t slot) {
    size_t planes = (size_t)s->n * s->wide;
    const float *from = s->out;
    weigh_line(s->x, s->x->positive, s->held + slot * s->wide, s->out_held);
    if (s->positive) {
        weigh_planes(s, s->x->positive, s->positive + slot * planes, s->out_positive);
        from = s->out_positive;
    }
    for (int64_t col = 0; col < s->x->n; col++) {
        s->out_mask[col] = true;
        if (all_held(s->x, col, s->missing + slot * s->wide))
            continue;
        s->out_mask[col] = enough_held(s, col, s->full[slot]);
        for (size_t c = 0; c < (size_t)s->n && s->out_mask[col]; c++) {
            size_t at = c * s->line + (size_t)col;
            s->out[at] = from[at] / s->out_held[col];
        }
    }
}

const float *elc_sums_next(elc_sums *s, int64_t row, const uint8_t **mask) {
    const elc_weights *y = s->y;
    if (s->next == y->n || y->start[s->next] + y->count[s->next] > row)
        return NULL;
    size_t slot = (size_t)s->next++ % s->open;
    weigh_planes(s, s->x->plain, s->plain + slot * (size_t)s->n * s->wide, s->out);
    *mask = NULL;
    if (s->spotted[slot]) {
        settle_row(s, slot);
        *mask = s->out_mask;
    }
    return s->out;
}
