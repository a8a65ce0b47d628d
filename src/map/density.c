/* density.c - kernels of points summed over a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/density.h"

#include <math.h>
#include <string.h>

#include "map/bands.h"
#include "map/grid.h"

enum { BAND = 64, ROOM = 1 << 22, WIDEST = 100000 };
/* A Gaussian of so many cells is summed by way of a lattice. */
static const double SMOOTH = 2;

double elc_kernel_reach(elc_kernel kernel) {
    return kernel == ELC_KERNEL_GAUSSIAN ? 5.9 : 1;
}

/* ---- straight onto the grid -------------------------------------------------------
 */

typedef struct {
    const elc_density *density;
    const elc_row_loops *loops;
    const elc_context *context;
    elc_buckets buckets;
    elc_window window; /* of the Gaussian alone */
    double h;          /* in cells */
    int32_t margin;
    double norm;
    float *out;
} straight;

/* Of the grid's rows, each as wide as the lattice. */
static elc_status spread(const straight *s, int32_t first, int32_t end, double *room,
                         elc_error *err) {
    size_t cells = (size_t)(end - first) * (size_t)s->buckets.width;
    memset(room, 0, cells * sizeof *room);
    first += s->margin;
    end += s->margin;
    if (s->density->kernel != ELC_KERNEL_GAUSSIAN)
        return elc_spread_round(&s->buckets, s->h,
                                s->density->kernel == ELC_KERNEL_QUARTIC ? 2 : 1,
                                s->loops, first, end, s->context, room, err);
    elc_spread_window(&s->buckets, &s->window, s->loops, first, end, room + cells,
                      room);
    return ELC_OK;
}

static elc_status sum_band(void *arg, int32_t first, int32_t end, double *room,
                           elc_error *err) {
    const straight *s = arg;
    size_t wide = (size_t)s->density->grid.width;
    ELC_TRY(spread(s, first, end, room, err));
    for (int32_t row = first; row < end; row++) {
        const double *from =
            room + (size_t)(row - first) * (size_t)s->buckets.width + s->margin;
        float *to = s->out + (size_t)row * wide;
        for (size_t i = 0; i < wide; i++)
            to[i] = (float)(from[i] * s->norm);
    }
    return ELC_OK;
}

/* What makes a kernel of height 1 hold 1, in cells. */
static double norm_of(const straight *s) {
    static const double PI = 3.14159265358979323846;
    switch (s->density->kernel) {
    case ELC_KERNEL_EPANECHNIKOV:
        return 2 / (PI * s->h * s->h);
    case ELC_KERNEL_QUARTIC:
        return 3 / (PI * s->h * s->h);
    default:
        return 1 / (2 * PI * s->h * s->h);
    }
}

static elc_status sum_straight(const elc_density *d, const elc_point *points,
                               const double *weights, size_t n,
                               const elc_context *context, float *out, elc_error *err) {
    const elc_raster_grid *g = &d->grid;
    straight s = {.density = d,
                  .loops = elc_row_loops_choose(),
                  .context = context,
                  .h = d->bandwidth / g->cell,
                  .out = out};
    elc_status status = ELC_OK;
    if (d->kernel == ELC_KERNEL_GAUSSIAN)
        ELC_TRY(elc_window_gauss(s.h, &s.window, err));
    s.margin = d->kernel == ELC_KERNEL_GAUSSIAN ? s.window.before : (int32_t)ceil(s.h);
    s.norm = norm_of(&s) / (g->cell * g->cell);
    int32_t width = g->width + 2 * s.margin, height = g->height + 2 * s.margin;
    ELC_TRY_GOTO(elc_buckets_fill(g, 1, s.margin, width, height, points, weights, n,
                                  &s.buckets, err),
                 status, done);
    int32_t band = width < ROOM / BAND ? BAND : ROOM / width + 1;
    status =
        elc_bands_run(g->height, band, (size_t)width * (size_t)band + 2 * s.window.room,
                      context, sum_band, &s, err);
done:
    elc_buckets_free(&s.buckets);
    elc_window_free(&s.window);
    return status;
}

/* ---- which way --------------------------------------------------------------------
 */

static elc_status check(const elc_density *d, elc_error *err) {
    ELC_TRY(elc_raster_check_grid(&d->grid, err));
    double cells = d->bandwidth / d->grid.cell;
    if (!(cells >= 1 && cells <= WIDEST))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a bandwidth of %g with cells of %g: it is to be 1 to %d cells "
                        "wide",
                        d->bandwidth, d->grid.cell, WIDEST);
    return ELC_OK;
}

elc_status elc_density_sum(const elc_density *d, const elc_point *points,
                           const double *weights, size_t n, const elc_context *context,
                           float *out, elc_error *err) {
    ELC_TRY(check(d, err));
    bool smooth =
        d->kernel == ELC_KERNEL_GAUSSIAN && d->bandwidth / d->grid.cell >= SMOOTH;
    return (smooth ? elc_density_smooth : sum_straight)(d, points, weights, n, context,
                                                        out, err);
}
