/* smooth.c - wide Gaussians, by way of a lattice of coarser cells. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Points are spread over a lattice by a spline; the lattice is smoothed; and where its
   cells are larger than the grid's, the grid's are found between them by the spline
   again. The weights of the smoothing are those that make all of it a Gaussian: its
   transform over that of the splines. What the lattice adds are copies of the spectrum
   a whole cycle a cell away, of which the spline leaves (f / (1 - f))^7 at the
   frequency f; a Gaussian of 3 cells or more has nearly all of its own under f = 0.2.
 */
#include "map/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map/bands.h"

enum { BAND = 64, POWER = 7, SAMPLES = 1024 };
static const double PI = 3.14159265358979323846;
static const double LEAST = 3; /* cells of the lattice in a bandwidth */

typedef struct {
    const elc_density *density;
    const elc_row_loops *loops;
    int32_t step; /* cells of the grid in one of the lattice, each way */
    elc_window spline;
    elc_buckets buckets;
    int32_t margin, width, height; /* of the lattice */
    int32_t radius;                /* of the smoothing */
    float *taps;                   /* 2 radius + 1 */
    float *between;   /* the spline's values, for each of `step` places in a cell */
    float *from, *to; /* lattices */
    float norm;
    float *out;
} smooth;

static float *row_of(const smooth *s, float *lattice, int32_t row) {
    return lattice + (size_t)row * (size_t)s->width;
}

static size_t n_taps(const smooth *s) {
    return 2 * (size_t)s->radius + 1;
}

/* ---- steps, each on a band of rows ------------------------------------------------
 */

/* Of the rows that points are spread over: as much on either side as the taps reach,
   which is more than the spline does. */
static size_t spread_stride(const smooth *s) {
    return (size_t)s->width + 2 * (size_t)s->radius;
}

static size_t spread_rows(const smooth *s, int32_t rows) {
    return (size_t)rows + 4 * (size_t)s->spline.radius;
}

/* The points, and along the rows. */
static elc_status spread_band(void *arg, int32_t first, int32_t end, double *room,
                              elc_error *err) {
    const smooth *s = arg;
    size_t stride = spread_stride(s), radius = (size_t)s->radius;
    size_t spline = (size_t)s->spline.radius;
    (void)err;
    memset(room, 0, spread_rows(s, end - first) * stride * sizeof *room);
    elc_spread_spline(&s->buckets, &s->spline, s->loops, first, end, stride,
                      room + radius - spline);
    float *line = (float *)(room + spread_rows(s, end - first) * stride);
    for (int32_t row = first; row < end; row++) {
        s->loops->narrow(line, room + ((size_t)(row - first) + 2 * spline) * stride,
                         stride);
        s->loops->sum(row_of(s, s->from, row), line, 1, s->taps, n_taps(s),
                      (size_t)s->width);
    }
    return ELC_OK;
}

/* Across the rows; beyond the lattice there is nothing. */
static elc_status smooth_band(void *arg, int32_t first, int32_t end, double *room,
                              elc_error *err) {
    const smooth *s = arg;
    int32_t radius = s->radius;
    (void)room, (void)err;
    for (int32_t row = first; row < end; row++) {
        int32_t top = row > radius ? row - radius : 0;
        int32_t bottom = row + radius < s->height ? row + radius : s->height - 1;
        s->loops->sum(row_of(s, s->to, row), row_of(s, s->from, top), (size_t)s->width,
                      s->taps + (top - row + radius), (size_t)(bottom - top) + 1,
                      (size_t)s->width);
    }
    return ELC_OK;
}

/* What the splines leave under nothing is nothing. */
static void put_row(const smooth *s, const float *values, size_t stride, size_t ways,
                    int32_t row) {
    size_t wide = (size_t)s->density->grid.width;
    s->loops->weave(s->out + (size_t)row * wide, values, stride, ways, wide, s->norm,
                    s->buckets.below ? -INFINITY : 0);
}

/* The grid's row between the lattice's rows, then its columns between theirs: each of
   `step` places in a cell has weights of its own. */
static void find_row(const smooth *s, int32_t row, float *room) {
    size_t n = s->spline.count, wide = (size_t)s->width;
    size_t every = s->spline.room, step = (size_t)s->step;
    size_t cells = ((size_t)s->density->grid.width - 1) / step + 1;
    int32_t top = row / s->step + s->margin - s->spline.radius;
    float *found = room + wide;
    s->loops->sum(room, row_of(s, s->to, top), wide,
                  s->between + (size_t)(row % s->step) * every, n, wide);
    for (size_t place = 0; place < step; place++)
        s->loops->sum(found + place * cells, room + s->margin - s->spline.radius, 1,
                      s->between + place * every, n, cells);
    put_row(s, found, cells, step, row);
}

static elc_status find_band(void *arg, int32_t first, int32_t end, double *room,
                            elc_error *err) {
    const smooth *s = arg;
    (void)err;
    for (int32_t row = first; row < end; row++) {
        if (s->step > 1)
            find_row(s, row, (float *)room);
        else
            put_row(s, row_of(s, s->to, row + s->margin) + s->margin, 0, 1, row);
    }
    return ELC_OK;
}

/* ---- the lattice -------------------------------------------------------------------
 */

/* The transform of the Gaussian over that of the splines, at f cycles a cell. */
static double wanting(double f, double sigma, int splines) {
    double sinc = f > 0 ? sin(PI * f) / (PI * f) : 1;
    return exp(-2 * PI * PI * sigma * sigma * f * f) / pow(sinc, POWER * splines);
}

/* Back from the frequencies, of which those beyond half a cycle are as good as 0. */
static double tap(int32_t j, double sigma, int splines) {
    double sum = wanting(0, sigma, splines);
    for (int i = 1; i < SAMPLES / 2; i++)
        sum += 2 * wanting((double)i / SAMPLES, sigma, splines) *
               cos(2 * PI * i * j / SAMPLES);
    return sum / SAMPLES;
}

static elc_status make_taps(smooth *s, double sigma, elc_error *err) {
    int splines = s->step > 1 ? 2 : 1;
    s->radius = (int32_t)ceil(elc_kernel_reach(ELC_KERNEL_GAUSSIAN) * sigma);
    ELC_TRY(elc_alloc(n_taps(s), sizeof *s->taps, &s->taps, err));
    for (int32_t j = 0; j <= s->radius; j++)
        s->taps[s->radius + j] = s->taps[s->radius - j] = (float)tap(j, sigma, splines);
    return ELC_OK;
}

static elc_status make_between(smooth *s, elc_error *err) {
    size_t places = s->step > 1 ? (size_t)s->step : 0, n = s->spline.room;
    ELC_TRY(elc_alloc(places * n, sizeof *s->between, &s->between, err));
    for (size_t i = 0; i < places; i++) {
        double weights[8]; /* the spline's room */
        elc_window_at(&s->spline, ((double)i + 0.5) / s->step, weights);
        s->loops->narrow(s->between + i * n, weights, n);
    }
    return ELC_OK;
}

static elc_status make_lattice(smooth *s, elc_error *err) {
    const elc_raster_grid *g = &s->density->grid;
    s->margin = s->radius + 2 * s->spline.radius + 1;
    s->width = (g->width - 1) / s->step + 1 + 2 * s->margin;
    s->height = (g->height - 1) / s->step + 1 + 2 * s->margin;
    size_t cells = (size_t)s->width * (size_t)s->height;
    ELC_TRY(elc_alloc(cells, sizeof *s->from, &s->from, err));
    return elc_alloc(cells, sizeof *s->to, &s->to, err);
}

static elc_status prepare(smooth *s, elc_error *err) {
    double sigma = s->density->bandwidth / s->density->grid.cell;
    s->step = sigma < 2 * LEAST ? 1 : (int32_t)(sigma / LEAST);
    double side = s->step * s->density->grid.cell;
    s->norm = (float)(1 / (side * side));
    ELC_TRY(elc_window_spline(&s->spline, err));
    ELC_TRY(make_taps(s, sigma / s->step, err));
    ELC_TRY(make_between(s, err));
    return make_lattice(s, err);
}

static elc_status run(smooth *s, const elc_context *context, elc_error *err) {
    size_t spread = (spread_rows(s, BAND) + 1) * spread_stride(s);
    size_t found = (size_t)s->width * ((size_t)s->step + 1);
    ELC_TRY(elc_bands_run(s->height, BAND, spread, context, spread_band, s, err));
    ELC_TRY(elc_bands_run(s->height, BAND, 0, context, smooth_band, s, err));
    return elc_bands_run(s->density->grid.height, BAND, found, context, find_band, s,
                         err);
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
    elc_window_free(&s.spline);
    free(s.taps);
    free(s.between);
    free(s.from);
    free(s.to);
    return status;
}
