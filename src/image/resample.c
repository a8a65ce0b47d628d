/* resample.c - weights of source pixels in view pixels, and sums by them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/view.h"

/* An overlap of a pixel below this is rounding. */
static const double NOTHING = 1e-9;

/* ---- weights
 * -------------------------------------------------------------------------
 */

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
    return v < low ? low : v > high ? high : v;
}

/* What a view pixel covers of each source pixel. */
static int64_t cover(int64_t extent, double step, int64_t at, double *w,
                     int64_t *start) {
    double low = (double)at * step;
    double high = fmin(low + step, (double)extent);
    int64_t first = clamp((int64_t)floor(low + NOTHING), 0, extent - 1);
    int64_t end = clamp((int64_t)ceil(high - NOTHING), first + 1, extent);
    for (int64_t j = first; j < end; j++)
        w[j - first] =
            fmax(fmin(high, (double)(j + 1)) - fmax(low, (double)j), NOTHING);
    *start = first;
    return end - first;
}

/* R. Keys, "Cubic convolution interpolation for digital image processing", 1981. */
static double keys(double t) {
    const double a = -0.5;
    t = fabs(t);
    if (t < 1)
        return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

static int64_t interpolate(int64_t extent, double step, int64_t at, double *w,
                           int64_t *start) {
    double centre = ((double)at + 0.5) * step - 0.5;
    int64_t middle = (int64_t)floor(centre);
    int64_t first = clamp(middle - 1, 0, extent - 1);
    int64_t end = clamp(middle + 3, first + 1, extent);
    for (int64_t j = first; j < end; j++)
        w[j - first] = keys(centre - (double)j);
    *start = first;
    return end - first;
}

static void set_weights(elc_weights *out, int64_t i, const double *w, int64_t count) {
    size_t at = (size_t)(i * out->most);
    double total = 0;
    for (int64_t j = 0; j < count; j++)
        total += w[j];
    for (int64_t j = 0; j < count; j++)
        out->plain[at + (size_t)j] = (float)(w[j] / total);
    for (int64_t j = 0; j < count && out->cubic; j++) {
        float v = out->plain[at + (size_t)j];
        out->positive[at + (size_t)j] = v > 0 ? v : 0;
        out->size[at + (size_t)j] = fabsf(v);
    }
}

static elc_status weights_alloc(elc_weights *w, elc_error *err) {
    size_t n = (size_t)w->n, most = (size_t)w->most;
    ELC_TRY(elc_alloc(n, sizeof *w->start, &w->start, err));
    ELC_TRY(elc_alloc(n, sizeof *w->count, &w->count, err));
    ELC_TRY(elc_alloc(n, most * sizeof *w->plain, &w->plain, err));
    if (!w->cubic) {
        w->positive = w->size = w->plain;
        return ELC_OK;
    }
    ELC_TRY(elc_alloc(n, most * sizeof *w->positive, &w->positive, err));
    return elc_alloc(n, most * sizeof *w->size, &w->size, err);
}

elc_status elc_weights_create(int64_t extent, double step, int64_t first, int64_t n,
                              elc_weights *out, elc_error *err) {
    elc_weights w = {.first = first, .n = n, .cubic = step < 1};
    double most = w.cubic ? 4 : fmin(ceil(step) + 2, (double)extent + 2);
    w.most = (int64_t)most;
    double *one = NULL;
    elc_status status = weights_alloc(&w, err);
    if (status == ELC_OK)
        status = elc_alloc((size_t)w.most, sizeof *one, &one, err);
    for (int64_t i = 0; i < n && status == ELC_OK; i++) {
        w.count[i] = w.cubic ? interpolate(extent, step, first + i, one, &w.start[i])
                             : cover(extent, step, first + i, one, &w.start[i]);
        set_weights(&w, i, one, w.count[i]);
    }
    free(one);
    if (status == ELC_OK)
        *out = w;
    else
        elc_weights_clear(&w);
    return status;
}

void elc_weights_clear(elc_weights *w) {
    free(w->start);
    free(w->count);
    if (w->positive != w->plain)
        free(w->positive);
    if (w->size != w->plain)
        free(w->size);
    free(w->plain);
    *w = (elc_weights){0};
}

void elc_weights_span(const elc_weights *w, int64_t *low, int64_t *high) {
    *low = w->start[0];
    *high = w->start[w->n - 1] + w->count[w->n - 1];
}

/* ---- sums
 * ----------------------------------------------------------------------------
 */

elc_status elc_sums_create(const elc_weights *x, const elc_weights *y, int n,
                           bool blanks, elc_sums *out, elc_error *err) {
    elc_sums s = {.x = x, .y = y, .n = n, .blanks = blanks};
    size_t line = (size_t)x->n * (size_t)n * sizeof(float);
    size_t masks = (size_t)x->n * sizeof(float), rows = (size_t)y->n;
    bool cubic = x->cubic || y->cubic;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_alloc(1, line, &s.line, err), status, done);
    ELC_TRY_GOTO(elc_alloc(rows, line, &s.plain, err), status, done);
    if (blanks)
        ELC_TRY_GOTO(elc_alloc(rows, masks, &s.held, err), status, done);
    if (blanks && cubic) {
        ELC_TRY_GOTO(elc_alloc(rows, line, &s.positive, err), status, done);
        ELC_TRY_GOTO(elc_alloc(rows, masks, &s.size, err), status, done);
    }
    *out = s;
    return ELC_OK;
done:
    elc_sums_clear(&s);
    return status;
}

void elc_sums_clear(elc_sums *s) {
    free(s->line);
    free(s->plain);
    free(s->positive);
    free(s->held);
    free(s->size);
    *s = (elc_sums){0};
}

/* One source row, weighted along it. The sum of a view pixel runs from left to right,
   whatever the window. `n` is a constant where it is called. */
static inline __attribute__((always_inline)) void
weigh_line(const elc_weights *x, const float *restrict weights, int64_t col,
           const float *restrict in, size_t n, float *restrict out) {
    for (int64_t i = 0; i < x->n; i++) {
        const float *w = weights + (size_t)(i * x->most);
        const float *v = in + (size_t)(x->start[i] - col) * n;
        float sum[ELC_BANDS_MAX] = {0};
        for (int64_t j = 0; j < x->count[i]; j++, v += n)
            for (size_t c = 0; c < n; c++)
                sum[c] += w[j] * v[c];
        for (size_t c = 0; c < n; c++)
            *out++ = sum[c];
    }
}

static void line_of(const elc_weights *x, const float *weights, int64_t col,
                    const float *in, int n, float *out) {
    switch (n) {
    case 1:
        weigh_line(x, weights, col, in, 1, out);
        break;
    case 3:
        weigh_line(x, weights, col, in, 3, out);
        break;
    case 4:
        weigh_line(x, weights, col, in, 4, out);
        break;
    default:
        weigh_line(x, weights, col, in, (size_t)n, out);
    }
}

static void add_scaled(float *restrict sum, const float *restrict line, float weight,
                       size_t n) {
    for (size_t i = 0; i < n; i++)
        sum[i] += weight * line[i];
}

/* Adds the line to each view row that takes weight from the source row; from the top
   down, so that the order of each sum is that of the rows. */
static void add_line(elc_sums *s, const float *weights, int64_t row, size_t n,
                     float *sum) {
    const elc_weights *y = s->y;
    int64_t low = 0, high = y->n;
    while (low < high) { /* the first view row that reaches this far */
        int64_t middle = low + (high - low) / 2;
        if (y->start[middle] + y->count[middle] <= row)
            low = middle + 1;
        else
            high = middle;
    }
    for (int64_t i = low; i < y->n && y->start[i] <= row; i++)
        add_scaled(sum + (size_t)i * n, s->line,
                   weights[i * y->most + row - y->start[i]], n);
}

void elc_sums_add(elc_sums *s, int64_t row, int64_t col, const float *values,
                  const float *mask) {
    const elc_weights *x = s->x, *y = s->y;
    size_t pixels = (size_t)x->n, n = pixels * (size_t)s->n;
    line_of(x, x->plain, col, values, s->n, s->line);
    add_line(s, y->plain, row, n, s->plain);
    if (!s->blanks)
        return;
    line_of(x, x->positive, col, mask, 1, s->line);
    add_line(s, y->positive, row, pixels, s->held);
    if (!s->positive)
        return;
    line_of(x, x->positive, col, values, s->n, s->line);
    add_line(s, y->positive, row, n, s->positive);
    line_of(x, x->size, col, mask, 1, s->line);
    add_line(s, y->size, row, pixels, s->size);
}

static float total(const float *weights, int64_t count) {
    float sum = 0;
    for (int64_t j = 0; j < count; j++)
        sum += weights[j];
    return sum;
}

/* The weights of view pixel i, all together. */
static float whole_of(const elc_sums *s, size_t i, const float *x, const float *y) {
    size_t col = i % (size_t)s->x->n, row = i / (size_t)s->x->n;
    return total(x + col * (size_t)s->x->most, s->x->count[col]) *
           total(y + row * (size_t)s->y->most, s->y->count[row]);
}

/* True when every pixel that the cubic kernel looks at holds something. */
static bool all_held(const elc_sums *s, size_t i) {
    return s->size[i] > whole_of(s, i, s->x->size, s->y->size) - 1e-5f;
}

/* False where too little of what a view pixel looks at holds something. */
static bool enough_held(const elc_sums *s, size_t i) {
    if (!s->positive)
        return s->held[i] > 1e-6f;
    return s->held[i] > whole_of(s, i, s->x->positive, s->y->positive) / 2;
}

/* At the edge of blank pixels negative weights could have more to say than the others:
   there a cubic kernel goes without them, and gives something where half of it is on
   pixels that hold something. */
bool elc_sums_pixel(const elc_sums *s, size_t i, float *out) {
    size_t n = (size_t)s->n;
    const float *sum = s->plain + i * n;
    float held = 1;
    if (s->blanks && !(s->positive && all_held(s, i))) {
        held = s->held[i];
        if (!enough_held(s, i))
            return false;
        if (s->positive)
            sum = s->positive + i * n;
    }
    for (size_t c = 0; c < n; c++)
        out[c] = sum[c] / held;
    return true;
}
