/* smooth.c - wide Gaussians, by way of a lattice of coarser cells. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Points are spread over a lattice of nodes by a window; the lattice is smoothed; and
   where its cells are larger than the grid's, the grid's are found between the nodes by
   the window again. The weights of the smoothing are those that make all of it a
   Gaussian: its transform over that of the windows. What the lattice adds are copies of
   the spectrum a whole cycle a cell away: of the Gaussian's own the window, of 8 nodes,
   leaves under 3e-7 of its middle where it is 2 cells wide (as Barnett, Magland and af
   Klinteberg 2019 do for transforms).
 */
#include "map/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map/bands.h"

enum { BAND = 64, SPREAD_BAND = 256, STRIP = 8, SAMPLES = 1024 };
/* Of nodes: those on which the window goes on after a point's row of cells. */
enum { OVER = ELC_BESSEL_NODES - 1 };
static const double PI = 3.14159265358979323846;
static const double LEAST = 2; /* cells of the lattice in a bandwidth */

typedef struct {
    const elc_density *density;
    const elc_row_loops *loops;
    int32_t step; /* cells of the grid in one of the lattice, each way */
    double beta;
    elc_window window;
    elc_buckets buckets;
    int32_t margin, width, height; /* of the lattice */
    int32_t radius;                /* of the smoothing */
    float *taps;                   /* 2 radius + 1 */
    float *between; /* the window's values, for each of `step` places in a cell */
    float *nodes;   /* width x height, smoothed along rows */
    float norm;
    float *out;
} smooth;

static float *row_of(const smooth *s, int32_t row) {
    return s->nodes + (size_t)row * (size_t)s->width;
}

static size_t n_taps(const smooth *s) {
    return 2 * (size_t)s->radius + 1;
}

/* ---- steps, each on a band of rows ------------------------------------------------
 */

/* Of the rows that points are spread over: as much on either side as the taps reach,
   which is more than the window does. */
static size_t spread_stride(const smooth *s) {
    return (size_t)s->width + 2 * (size_t)s->radius;
}

/* A row of nodes, once all of its points are there, smoothed along itself. */
static void smooth_row(const smooth *s, const double *nodes, float *line, int32_t row) {
    s->loops->narrow(line, nodes, spread_stride(s));
    s->loops->sum(row_of(s, row), line, 1, s->taps, n_taps(s), (size_t)s->width);
}

/* The points, and along the rows. A strip of rows of points is spread over as many rows
   of nodes and OVER more, which the next strip adds to. */
static elc_status spread_band(void *arg, int32_t first, int32_t end, double *room,
                              elc_error *err) {
    const smooth *s = arg;
    size_t stride = spread_stride(s), before = (size_t)s->window.before;
    float *line = (float *)(room + (STRIP + OVER) * stride);
    (void)err;
    memset(room, 0, (STRIP + OVER) * stride * sizeof *room);
    for (int32_t top = first - OVER; top < end; top += STRIP) {
        int32_t points = top + s->window.before;
        elc_spread_bessel(&s->buckets, &s->window, s->loops, points, points + STRIP,
                          stride, room + (size_t)s->radius - before);
        for (int32_t row = top < first ? first : top; row < top + STRIP && row < end;
             row++)
            smooth_row(s, room + (size_t)(row - top) * stride, line, row);
        memcpy(room, room + STRIP * stride, OVER * stride * sizeof *room);
        memset(room + OVER * stride, 0, STRIP * stride * sizeof *room);
    }
    return ELC_OK;
}

/* A row of nodes across the rows; beyond the lattice there is nothing. */
static void smooth_across(const smooth *s, int32_t row, float *out) {
    int32_t radius = s->radius;
    int32_t top = row > radius ? row - radius : 0;
    int32_t bottom = row + radius < s->height ? row + radius : s->height - 1;
    s->loops->sum(out, row_of(s, top), (size_t)s->width, s->taps + (top - row + radius),
                  (size_t)(bottom - top) + 1, (size_t)s->width);
}

/* What the windows leave under nothing is nothing. */
static void put_row(const smooth *s, const float *values, size_t stride, size_t ways,
                    int32_t row) {
    size_t wide = (size_t)s->density->grid.width;
    s->loops->weave(s->out + (size_t)row * wide, values, stride, ways, wide, s->norm,
                    s->buckets.below ? -INFINITY : 0);
}

/* The grid's row between rows of nodes, the first of which it is given, then its
   columns between theirs: each of `step` places in a cell has weights of its own. */
static void find_row(const smooth *s, int32_t row, const float *nodes, float *room) {
    size_t n = s->window.count, wide = (size_t)s->width;
    size_t every = s->window.room, step = (size_t)s->step;
    size_t cells = ((size_t)s->density->grid.width - 1) / step + 1;
    float *found = room + wide;
    s->loops->sum(room, nodes, wide, s->between + (size_t)(row % s->step) * every, n,
                  wide);
    for (size_t place = 0; place < step; place++)
        s->loops->sum(found + place * cells, room + s->margin - s->window.before, 1,
                      s->between + place * every, n, cells);
    put_row(s, found, cells, step, row);
}

/* The grid's rows, of so many of the nodes' above the first. */
static int32_t top_of(const smooth *s, int32_t row) {
    return row / s->step + s->margin - s->window.before;
}

static elc_status find_band(void *arg, int32_t first, int32_t end, double *room,
                            elc_error *err) {
    const smooth *s = arg;
    size_t wide = (size_t)s->width;
    int32_t top = top_of(s, first), bottom = top_of(s, end - 1) + ELC_BESSEL_NODES;
    float *nodes = (float *)room, *found = nodes + (size_t)(bottom - top) * wide;
    (void)err;
    for (int32_t row = top; row < bottom; row++)
        smooth_across(s, row, nodes + (size_t)(row - top) * wide);
    for (int32_t row = first; row < end; row++)
        find_row(s, row, nodes + (size_t)(top_of(s, row) - top) * wide, found);
    return ELC_OK;
}

/* Where nodes are the grid's cells. */
static elc_status put_band(void *arg, int32_t first, int32_t end, double *room,
                           elc_error *err) {
    const smooth *s = arg;
    float *nodes = (float *)room;
    (void)err;
    for (int32_t row = first; row < end; row++) {
        smooth_across(s, row + s->margin, nodes);
        put_row(s, nodes + s->margin, 0, 1, row);
    }
    return ELC_OK;
}

/* ---- the lattice -------------------------------------------------------------------
 */

/* The transform of the Gaussian over that of the windows, at f cycles a cell. */
static double wanting(const smooth *s, double f, double sigma) {
    double window = elc_window_bessel_at(s->beta, f);
    return exp(-2 * PI * PI * sigma * sigma * f * f) /
           (s->step > 1 ? window * window : window);
}

/* Back from the frequencies, of which those beyond half a cycle are as good as 0. */
static double tap(const smooth *s, int32_t j, double sigma) {
    double sum = wanting(s, 0, sigma);
    for (int i = 1; i < SAMPLES / 2; i++)
        sum +=
            2 * wanting(s, (double)i / SAMPLES, sigma) * cos(2 * PI * i * j / SAMPLES);
    return sum / SAMPLES;
}

static elc_status make_taps(smooth *s, double sigma, elc_error *err) {
    s->radius = (int32_t)ceil(elc_kernel_reach(ELC_KERNEL_GAUSSIAN) * sigma);
    ELC_TRY(elc_alloc(n_taps(s), sizeof *s->taps, &s->taps, err));
    for (int32_t j = 0; j <= s->radius; j++)
        s->taps[s->radius + j] = s->taps[s->radius - j] = (float)tap(s, j, sigma);
    s->taps[0] /= 2; /* those that are left out are of either sign in turn */
    s->taps[2 * s->radius] /= 2;
    return ELC_OK;
}

static elc_status make_between(smooth *s, elc_error *err) {
    size_t places = s->step > 1 ? (size_t)s->step : 0, n = s->window.room;
    ELC_TRY(elc_alloc(places * n, sizeof *s->between, &s->between, err));
    for (size_t i = 0; i < places; i++) {
        double weights[ELC_BESSEL_NODES];
        elc_window_at(&s->window, ((double)i + 0.5) / s->step, weights);
        s->loops->narrow(s->between + i * n, weights, n);
    }
    return ELC_OK;
}

static elc_status make_lattice(smooth *s, elc_error *err) {
    const elc_raster_grid *g = &s->density->grid;
    s->margin = s->radius + ELC_BESSEL_NODES;
    s->width = (g->width - 1) / s->step + 1 + 2 * s->margin;
    s->height = (g->height - 1) / s->step + 1 + 2 * s->margin;
    size_t cells = (size_t)s->width * (size_t)s->height;
    return elc_alloc(cells, sizeof *s->nodes, &s->nodes, err);
}

/* The wider the Gaussian, the less of its spectrum is near the copies, and the steeper
   may the window be; by trial. */
static double choose_beta(double sigma) {
    return PI * ELC_BESSEL_NODES * fmin(0.75 + 0.1 * (sigma - LEAST), 0.85);
}

static elc_status prepare(smooth *s, elc_error *err) {
    double sigma = s->density->bandwidth / s->density->grid.cell;
    s->step = sigma < 2 * LEAST ? 1 : (int32_t)(sigma / LEAST);
    double side = s->step * s->density->grid.cell;
    s->norm = (float)(1 / (side * side));
    s->beta = choose_beta(sigma / s->step);
    ELC_TRY(elc_window_bessel(s->beta, &s->window, err));
    ELC_TRY(make_taps(s, sigma / s->step, err));
    ELC_TRY(make_between(s, err));
    return make_lattice(s, err);
}

static elc_status run(smooth *s, const elc_context *context, elc_error *err) {
    size_t wide = (size_t)s->width,
           rows = BAND / (size_t)s->step + ELC_BESSEL_NODES + 1;
    size_t spread = (STRIP + OVER + 1) * spread_stride(s);
    size_t found = wide * (rows + (size_t)s->step + 1); /* twice what floats take */
    ELC_TRY(
        elc_bands_run(s->height, SPREAD_BAND, spread, context, spread_band, s, err));
    return elc_bands_run(s->density->grid.height, BAND, s->step > 1 ? found : wide,
                         context, s->step > 1 ? find_band : put_band, s, err);
}

/* Nodes are where the lattice's cells begin; without a lattice of its own they are to
   be the middles of the grid's. */
static double before_grid(const smooth *s) {
    return s->step > 1 ? s->margin : s->margin - 0.5;
}

elc_status elc_density_smooth(const elc_density *density, const elc_point *points,
                              const double *weights, size_t n,
                              const elc_context *context, float *out, elc_error *err) {
    smooth s = {.density = density, .loops = elc_row_loops_choose(), .out = out};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(prepare(&s, err), status, done);
    ELC_TRY_GOTO(elc_buckets_fill(&density->grid, s.step, before_grid(&s), s.width,
                                  s.height, points, weights, n, &s.buckets, err),
                 status, done);
    status = run(&s, context, err);
done:
    elc_buckets_free(&s.buckets);
    elc_window_free(&s.window);
    free(s.taps);
    free(s.between);
    free(s.nodes);
    return status;
}
