/* weights.c - weights of source pixels in view pixels, by area or cubic. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "image/view.h"

/* An overlap of a pixel below this is rounding. */
static const double NOTHING = 1e-9;

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
    }
}

static elc_status weights_alloc(elc_weights *w, elc_error *err) {
    size_t n = (size_t)w->n, most = (size_t)w->most;
    ELC_TRY(elc_alloc(n, sizeof *w->start, &w->start, err));
    ELC_TRY(elc_alloc(n, sizeof *w->count, &w->count, err));
    ELC_TRY(elc_alloc(n, most * sizeof *w->plain, &w->plain, err));
    if (w->cubic)
        return elc_alloc(n, most * sizeof *w->positive, &w->positive, err);
    w->positive = w->plain;
    return ELC_OK;
}

elc_status elc_weights_create(int64_t extent, double step, int64_t first, int64_t n,
                              elc_weights *out, elc_error *err) {
    elc_weights w = {.first = first, .n = n, .cubic = step < 1};
    double most = w.cubic ? 4 : fmin(ceil(step) + 2, (double)extent + 2);
    w.most = ((int64_t)most + 3) / 4 * 4;
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
    free(w->plain);
    *w = (elc_weights){0};
}

void elc_weights_span(const elc_weights *w, int64_t *low, int64_t *high) {
    *low = w->start[0];
    *high = w->start[w->n - 1] + w->count[w->n - 1];
}
