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

/* From the middle of the cell of x, which is not negative. */
static double off_middle(double x) {
    return x - 0.5 - (double)(int32_t)x;
}

static void evaluate(const window_work *w, double x, double *out) {
    w->loops->evaluate(w->window->coefficients, w->window->terms, w->window->room,
                       off_middle(x), out);
}

/* The room of the weights beyond the window holds 0, and may lie on the row too, where
   that is long enough. */
static void add_window(const window_work *w, const elc_weighted *at) {
    int32_t radius = w->window->radius, width = w->buckets->width;
    int32_t room = (int32_t)w->window->room;
    int32_t left = (int32_t)at->x - radius, top = (int32_t)at->y - radius;
    int32_t from = later(left, 0), to = earlier(left + room, width);
    int32_t row = later(top, w->first), end = earlier(top + 2 * radius + 1, w->end);
    if (row >= end)
        return;
    evaluate(w, at->x, w->across);
    evaluate(w, at->y, w->down);
    w->loops->add_product(w->rows + (size_t)(row - w->first) * (size_t)width + from,
                          (size_t)width, w->across + (from - left), (size_t)(to - from),
                          w->down + (row - top), (size_t)(end - row), at->weight);
}

/* Where all of the window is on the rows, and it is the spline's. */
static bool add_spline(const window_work *w, const elc_weighted *at) {
    int32_t radius = w->window->radius, width = w->buckets->width;
    int32_t left = (int32_t)at->x - radius, top = (int32_t)at->y - radius;
    if (w->window->count != 7 || left < 0 || left + 8 > width || top < w->first ||
        top + 7 > w->end)
        return false;
    w->loops->add_spline(w->rows + (size_t)(top - w->first) * (size_t)width + left,
                         (size_t)width, w->window->coefficients, off_middle(at->x),
                         off_middle(at->y), at->weight);
    return true;
}

void elc_spread_window(const elc_buckets *b, const elc_window *window,
                       const elc_row_loops *loops, int32_t first, int32_t end,
                       double *room, double *rows) {
    int32_t radius = window->radius, from = later(first - radius, 0);
    window_work w = {b, window, loops, first, end, room, room + window->room, rows};
    for (size_t i = b->first[from]; i < b->first[earlier(end + radius, b->height)]; i++)
        if (!add_spline(&w, &b->items[i]))
            add_window(&w, &b->items[i]);
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

static void add_rows(const elc_buckets *b, const elc_weighted *at, double h, int power,
                     const elc_row_loops *loops, int32_t first, int32_t end,
                     double *rows) {
    int32_t reach = (int32_t)ceil(h);
    int32_t top = later((int32_t)at->y - reach, first);
    int32_t bottom = earlier((int32_t)at->y + reach + 1, end);
    double s = 1 / (h * h);
    for (int32_t row = top; row < bottom; row++) {
        double dy = row + 0.5 - at->y, rest = dy * dy * s;
        if (rest < 1)
            add_round(loops, rows + (size_t)(row - first) * (size_t)b->width, b->width,
                      at->x, h * sqrt(1 - rest), s, rest, at->weight, power);
    }
}

elc_status elc_spread_round(const elc_buckets *b, double h, int power,
                            const elc_row_loops *loops, int32_t first, int32_t end,
                            const elc_context *context, double *rows, elc_error *err) {
    int32_t reach = (int32_t)ceil(h);
    size_t from = b->first[later(first - reach, 0)];
    size_t to = b->first[earlier(end + reach, b->height)];
    for (size_t i = from; i < to; i++) {
        if ((i - from) % OFTEN == 0)
            ELC_TRY(elc_check_cancel(context, err));
        add_rows(b, &b->items[i], h, power, loops, first, end, rows);
    }
    return ELC_OK;
}
