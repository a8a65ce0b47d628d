/* spread.c - points' kernels added to rows of a raster. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/density.h"

#include <math.h>

enum { OFTEN = 1024 }; /* points, and a look at cancel */

static int32_t later(int32_t a, int32_t b) {
    return a > b ? a : b;
}

static int32_t earlier(int32_t a, int32_t b) {
    return a < b ? a : b;
}

typedef struct {
    const elc_buckets *buckets;
    const elc_window *window;
    const elc_row_loops *loops;
    int32_t first, end;
    double *across, *down; /* of the point at hand */
    double *rows;
} window_work;

static void evaluate(const window_work *w, double t, double *out) {
    w->loops->evaluate(w->window->coefficients, w->window->terms, w->window->room, t,
                       out);
}

/* The room of the weights beyond the window holds 0, and may lie on the row too, where
   that is long enough. */
static void add_window(const window_work *w, int32_t at_row, size_t item) {
    const elc_spot *at = &w->buckets->items[item];
    int32_t radius = w->window->before, width = w->buckets->width;
    int32_t room = (int32_t)w->window->room;
    int32_t left = at->column - radius, top = at_row - radius;
    int32_t from = later(left, 0), to = earlier(left + room, width);
    int32_t row = later(top, w->first), end = earlier(top + 2 * radius + 1, w->end);
    evaluate(w, (double)at->x, w->across);
    evaluate(w, (double)at->y, w->down);
    w->loops->add_product(w->rows + (size_t)(row - w->first) * (size_t)width + from,
                          (size_t)width, w->across + (from - left), (size_t)(to - from),
                          w->down + (row - top), (size_t)(end - row),
                          elc_buckets_weight(w->buckets, item));
}

void elc_spread_window(const elc_buckets *b, const elc_window *window,
                       const elc_row_loops *loops, int32_t first, int32_t end,
                       double *room, double *rows) {
    int32_t radius = window->before, to = earlier(end + radius, b->height);
    window_work w = {b, window, loops, first, end, room, room + window->room, rows};
    for (int32_t row = later(first - radius, 0); row < to; row++)
        for (size_t i = b->first[row]; i < b->first[row + 1]; i++)
            add_window(&w, row, i);
}

void elc_spread_bessel(const elc_buckets *b, const elc_window *window,
                       const elc_row_loops *loops, int32_t first, int32_t end,
                       size_t stride, double *rows) {
    for (int32_t row = later(first, 0); row < earlier(end, b->height); row++) {
        size_t from = b->first[row];
        loops->add_bessels(rows + (size_t)(row - first) * stride, stride,
                           window->coefficients, b->items + from,
                           b->weights != NULL ? b->weights + from : NULL,
                           b->first[row + 1] - from);
    }
}

/* Cells whose middle is within half of x, clipped to the row. */
static void add_round(const elc_row_loops *loops, double *row, int32_t width, double x,
                      double half, double s, double rest, double weight, int power) {
    double from = fmax(ceil(x - 0.5 - half), 0);
    double to = fmin(floor(x - 0.5 + half), width - 1);
    if (from <= to)
        loops->add_round(row + (size_t)from, x - 0.5 - from, s, rest, weight, power,
                         (size_t)(to - from) + 1);
}

static void add_rows(const elc_buckets *b, int32_t at_row, size_t item, double h,
                     int power, const elc_row_loops *loops, int32_t first, int32_t end,
                     double *rows) {
    const elc_spot *at = &b->items[item];
    double x = at->column + 0.5 + (double)at->x, y = at_row + 0.5 + (double)at->y;
    double s = 1 / (h * h), weight = elc_buckets_weight(b, item);
    int32_t reach = (int32_t)ceil(h);
    int32_t top = later(at_row - reach, first);
    int32_t bottom = earlier(at_row + reach + 1, end);
    for (int32_t row = top; row < bottom; row++) {
        double dy = row + 0.5 - y, rest = dy * dy * s;
        if (rest < 1)
            add_round(loops, rows + (size_t)(row - first) * (size_t)b->width, b->width,
                      x, h * sqrt(1 - rest), s, rest, weight, power);
    }
}

elc_status elc_spread_round(const elc_buckets *b, double h, int power,
                            const elc_row_loops *loops, int32_t first, int32_t end,
                            const elc_context *context, double *rows, elc_error *err) {
    int32_t reach = (int32_t)ceil(h), to = earlier(end + reach, b->height);
    for (int32_t row = later(first - reach, 0); row < to; row++)
        for (size_t i = b->first[row]; i < b->first[row + 1]; i++) {
            if (i % OFTEN == 0)
                ELC_TRY(elc_check_cancel(context, err));
            add_rows(b, row, i, h, power, loops, first, end, rows);
        }
    return ELC_OK;
}
