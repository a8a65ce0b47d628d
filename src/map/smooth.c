/* smooth.c - wide Gaussians, by way of a lattice of coarser cells. */
/* SPDX-License-Identifier: Apache-2.0 */
/* A Gaussian is the convolution of narrower ones whose variances add up to its own:
   points are spread over a lattice by one of variance 1.2 cells, the lattice is
   smoothed by what is wanting, and where its cells are larger than the grid's, the
   grid's are found between them by a third, of variance 1.2 again. Sums over a lattice
   stand for integrals: with v the variance of the product of two Gaussians, a b / (a +
   b), they are off by 2 exp(-2 pi^2 v) of the value (Poisson's summation), 5e-9 for the
   variances here. */
#include "map/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map/bands.h"

enum { BAND = 32 };
static const double SPREAD = 1.2; /* cells squared */
static const double LEAST = 3;    /* cells of a bandwidth, of the lattice */

typedef struct {
    const elc_density *density;
    const elc_row_loops *loops;
    int32_t step; /* cells of the grid in one of the lattice, each way */
    elc_gauss narrow, wide;
    elc_buckets buckets;
    int32_t margin, width, height; /* of the lattice */
    double *taps;                  /* of `wide`, 2 radius + 1 */
    double *between;   /* of `narrow`, for each of `step` places in a cell */
    double *from, *to; /* lattices */
    double norm;
    float *out;
} smooth;

static double *row_of(const smooth *s, double *lattice, int32_t row) {
    return lattice + (size_t)row * (size_t)s->width;
}

static size_t taps_of(const elc_gauss *gauss) {
    return 2 * (size_t)gauss->radius + 1;
}

/* ---- steps, each on a band of rows ------------------------------------------------
 */

/* The points, and along the rows. */
static elc_status spread_band(void *arg, int32_t first, int32_t end, double *room,
                              elc_error *err) {
    const smooth *s = arg;
    size_t wide = (size_t)s->width, radius = (size_t)s->wide.radius;
    (void)err;
    elc_spread_gauss(&s->buckets, &s->narrow, s->loops, first, end, room,
                     row_of(s, s->from, first));
    memset(room, 0, (wide + 2 * radius) * sizeof *room);
    for (int32_t row = first; row < end; row++) {
        double *values = row_of(s, s->from, row);
        memcpy(room + radius, values, wide * sizeof *room);
        s->loops->convolve(values, room, s->taps, taps_of(&s->wide), wide);
    }
    return ELC_OK;
}

/* Across the rows. */
static elc_status smooth_band(void *arg, int32_t first, int32_t end, double *room,
                              elc_error *err) {
    const smooth *s = arg;
    int32_t radius = s->wide.radius;
    (void)room, (void)err;
    for (int32_t row = first; row < end; row++)
        for (int32_t j = -radius; j <= radius; j++)
            if (row + j >= 0 && row + j < s->height)
                s->loops->add(row_of(s, s->to, row), row_of(s, s->from, row + j),
                              s->taps[j + radius], (size_t)s->width);
    return ELC_OK;
}

static void put_row(const smooth *s, const double *values, size_t every, size_t n,
                    float *out) {
    for (size_t i = 0; i < n; i++)
        out[i * every] = (float)(values[i] * s->norm);
}

/* The grid's row between the lattice's rows, then its columns between theirs: each of
   `step` places in a cell has weights of its own. */
static void find_row(const smooth *s, int32_t row, double *room) {
    size_t n = taps_of(&s->narrow), wide = (size_t)s->width, grid_wide,
           step = (size_t)s->step;
    int32_t top = row / s->step + s->margin - s->narrow.radius;
    const double *down = s->between + (size_t)(row % s->step) * n;
    double *found = room + wide;
    grid_wide = (size_t)s->density->grid.width;
    memset(room, 0, wide * sizeof *room);
    for (size_t j = 0; j < n; j++)
        s->loops->add(room, row_of(s, s->to, top + (int32_t)j), down[j], wide);
    for (size_t place = 0; place < step && place < grid_wide; place++) {
        size_t count = (grid_wide - place + step - 1) / step;
        s->loops->convolve(found, room + s->margin - s->narrow.radius,
                           s->between + place * n, n, count);
        put_row(s, found, step, count, s->out + (size_t)row * grid_wide + place);
    }
}

static elc_status find_band(void *arg, int32_t first, int32_t end, double *room,
                            elc_error *err) {
    const smooth *s = arg;
    size_t wide = (size_t)s->density->grid.width;
    (void)err;
    for (int32_t row = first; row < end; row++) {
        if (s->step > 1)
            find_row(s, row, room);
        else
            put_row(s, row_of(s, s->to, row + s->margin) + s->margin, 1, wide,
                    s->out + (size_t)row * wide);
    }
    return ELC_OK;
}

/* ---- the lattice -------------------------------------------------------------------
 */

static elc_status make_gausses(smooth *s, double sigma, elc_error *err) {
    double left = sigma * sigma - (s->step > 1 ? 2 : 1) * SPREAD;
    ELC_TRY(elc_gauss_create(sqrt(SPREAD), &s->narrow, err));
    ELC_TRY(elc_gauss_create(sqrt(left), &s->wide, err));
    double norm = elc_gauss_norm(&s->wide) * elc_gauss_norm(&s->narrow);
    norm *= s->step > 1 ? elc_gauss_norm(&s->narrow) : 1;
    s->norm = norm * norm;
    return ELC_OK;
}

static elc_status make_taps(smooth *s, elc_error *err) {
    size_t n = taps_of(&s->narrow), places = s->step > 1 ? (size_t)s->step : 0;
    ELC_TRY(elc_alloc(taps_of(&s->wide), sizeof *s->taps, &s->taps, err));
    elc_gauss_at(&s->wide, 0.5, s->taps);
    ELC_TRY(elc_alloc(places * n, sizeof *s->between, &s->between, err));
    for (size_t i = 0; i < places; i++)
        elc_gauss_at(&s->narrow, ((double)i + 0.5) / s->step, s->between + i * n);
    return ELC_OK;
}

static elc_status make_lattice(smooth *s, elc_error *err) {
    const elc_raster_grid *g = &s->density->grid;
    s->margin = s->wide.radius + 2 * s->narrow.radius + 1;
    s->width = (g->width - 1) / s->step + 1 + 2 * s->margin;
    s->height = (g->height - 1) / s->step + 1 + 2 * s->margin;
    size_t cells = (size_t)s->width * (size_t)s->height;
    ELC_TRY(elc_alloc(cells, sizeof *s->from, &s->from, err));
    return elc_alloc(cells, sizeof *s->to, &s->to, err);
}

static elc_status prepare(smooth *s, elc_error *err) {
    double sigma = s->density->bandwidth / s->density->grid.cell;
    s->step = sigma < 2 * LEAST ? 1 : (int32_t)(sigma / LEAST);
    ELC_TRY(make_gausses(s, sigma / s->step, err));
    double side = s->step * s->density->grid.cell;
    s->norm /= side * side;
    ELC_TRY(make_taps(s, err));
    return make_lattice(s, err);
}

static elc_status run(smooth *s, const elc_context *context, elc_error *err) {
    size_t line = (size_t)s->width + 2 * (size_t)s->wide.radius;
    size_t weights = 2 * taps_of(&s->narrow);
    ELC_TRY(elc_bands_run(s->height, BAND, line > weights ? line : weights, context,
                          spread_band, s, err));
    ELC_TRY(elc_bands_run(s->height, BAND, 0, context, smooth_band, s, err));
    return elc_bands_run(s->density->grid.height, BAND, 2 * (size_t)s->width, context,
                         find_band, s, err);
}

elc_status elc_density_smooth(const elc_density *density, const elc_point *points,
                              const double *weights, size_t n,
                              const elc_context *context, float *out, elc_error *err) {
    smooth s = {.density = density, .loops = elc_row_loops_choose(), .out = out};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(prepare(&s, err), status, done);
    ELC_TRY_GOTO(elc_buckets_fill(&density->grid, s.step, s.margin, s.width, s.height,
                                  points, weights, n, &s.buckets, err),
                 status, done);
    status = run(&s, context, err);
done:
    elc_buckets_free(&s.buckets);
    elc_gauss_free(&s.narrow);
    elc_gauss_free(&s.wide);
    free(s.taps);
    free(s.between);
    free(s.from);
    free(s.to);
    return status;
}
