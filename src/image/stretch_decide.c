/* stretch_decide.c - from which values an image's bytes go from 0 to 255. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/view.h"

enum {
    SAMPLE = 1 << 20,    /* pixels that are kept, about */
    ENOUGH = SAMPLE / 4, /* of an overview */
    CELL = 1 << 18,      /* most pixels of a block that are read at once */
    LEAST_CELLS = 64     /* of an image that is not looked at as a whole */
};

/* Values of pixels that hold something, n each. */
typedef struct sample {
    double *values;
    size_t count, capacity;
    int n;
} sample;

/* ---- looking
 * ---------------------------------------------------------------------------
 */

/* The cells that are looked at: `nx` x `ny` of the `cols` x `rows` that there are. */
typedef struct lattice {
    int64_t width, height; /* of a cell */
    int64_t cols, rows, nx, ny;
    int64_t skip; /* every how many pixels one is kept */
} lattice;

static int64_t at_least_one(int64_t v) {
    return v < 1 ? 1 : v;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static lattice spread_cells(const elc_source *s) {
    lattice l = {.width = least(s->block_width, s->width),
                 .height = least(s->block_height, s->height)};
    while (l.width * l.height > CELL) {
        int64_t *longer = l.width > l.height ? &l.width : &l.height;
        *longer = (*longer + 1) / 2;
    }
    l.cols = (s->width + l.width - 1) / l.width;
    l.rows = (s->height + l.height - 1) / l.height;
    int64_t most = SAMPLE / (l.width * l.height);
    most = most < LEAST_CELLS ? LEAST_CELLS : most;
    double share = fmin(1, sqrt((double)most / ((double)l.cols * (double)l.rows)));
    l.nx = at_least_one((int64_t)((double)l.cols * share));
    l.ny = at_least_one(least(l.rows, most / l.nx));
    l.nx = at_least_one(least(l.cols, most / l.ny));
    l.skip = at_least_one(l.nx * l.ny * l.width * l.height / SAMPLE);
    return l;
}

/* The i-th of n, spread evenly over `all`. */
static int64_t pick(int64_t i, int64_t n, int64_t all) {
    return (int64_t)(((double)i + 0.5) * (double)all / (double)n);
}

static elc_window cell_window(const elc_source *s, const lattice *l, int64_t i,
                              int64_t j) {
    int64_t x = pick(i, l->nx, l->cols) * l->width;
    int64_t y = pick(j, l->ny, l->rows) * l->height;
    return (elc_window){x, y, least(l->width, s->width - x),
                        least(l->height, s->height - y)};
}

/* What a cell is read into: planes of doubles. */
typedef struct cell {
    double *values;
    uint8_t *mask;
} cell;

static elc_status take_cell(elc_source *s, elc_window w, int64_t skip, const cell *in,
                            sample *out, elc_error *err) {
    size_t n = (size_t)out->n, pixels = (size_t)w.width * (size_t)w.height;
    ELC_TRY(elc_reserve(&out->values, &out->capacity, (out->count + pixels) * n,
                        sizeof *out->values, err));
    ELC_TRY(elc_source_read(s, w, in->values, in->mask, err));
    for (size_t i = 0; i < pixels; i++) {
        if (!in->mask[i] || ((int64_t)i % w.width + (int64_t)i / w.width) % skip != 0)
            continue;
        double *values = out->values + n * out->count++;
        for (size_t c = 0; c < n; c++)
            values[c] = in->values[c * pixels + i];
    }
    return ELC_OK;
}

static elc_status look_over(elc_source *s, sample *out, elc_error *err) {
    cell in = {0};
    lattice l = spread_cells(s);
    out->n = s->n;
    size_t pixels = (size_t)l.width * (size_t)l.height;
    elc_status status =
        elc_alloc(pixels, (size_t)s->n * sizeof *in.values, &in.values, err);
    if (status == ELC_OK)
        status = elc_alloc(pixels, 1, &in.mask, err);
    for (int64_t j = 0; j < l.ny; j++)
        for (int64_t i = 0; i < l.nx && status == ELC_OK; i++)
            status = take_cell(s, cell_window(s, &l, i, j), l.skip, &in, out, err);
    free(in.values);
    free(in.mask);
    return status;
}

/* An overview that is damaged says nothing of the image, which may be whole. */
static elc_status look(elc_source *s, sample *out, elc_error *err) {
    elc_error why = {0};
    s->type = GDT_Float64;
    elc_source_use_overview(s, ENOUGH);
    if (s->overview < 0)
        return look_over(s, out, err);
    elc_status status = look_over(s, out, &why);
    if (status != ELC_E_IO)
        return status == ELC_OK ? ELC_OK : elc_fail(err, status, "%s", why.message);
    elc_source_leave_overview(s);
    out->count = 0;
    return look_over(s, out, err);
}

/* ---- percentiles
 * -----------------------------------------------------------------------
 */

/* Bits that compare as the numbers do. */
static uint64_t key_of(double v) {
    uint64_t bits;
    v += 0.0; /* -0 is 0 */
    memcpy(&bits, &v, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double value_of(uint64_t key) {
    uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* The value of band `c` that has `rank` others before it, found 16 bits at a time:
   the time is the same whatever the values. `counts` has room for 65536. */
static double ranked(const sample *s, int c, size_t rank, size_t *counts) {
    uint64_t found = 0, known = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        memset(counts, 0, sizeof *counts << 16);
        for (size_t i = 0; i < s->count; i++) {
            uint64_t key = key_of(s->values[i * (size_t)s->n + (size_t)c]);
            if ((key & known) == found)
                counts[key >> shift & 0xffff]++;
        }
        uint64_t digit = 0;
        while (rank >= counts[digit])
            rank -= counts[digit++];
        found |= digit << shift;
        known |= (uint64_t)0xffff << shift;
    }
    return value_of(found);
}

static double percentile(const sample *s, int c, double percent, size_t *counts) {
    double rank = percent / 100 * (double)(s->count - 1);
    size_t below = (size_t)rank;
    double share = rank - (double)below, low = ranked(s, c, below, counts);
    if (share == 0 || below + 1 >= s->count)
        return low;
    return low + share * (ranked(s, c, below + 1, counts) - low);
}

static elc_status find_percentiles(const sample *s, elc_stretch *out, elc_error *err) {
    size_t *counts = NULL;
    ELC_TRY(elc_alloc((size_t)1 << 16, sizeof *counts, &counts, err));
    for (int c = 0; c < s->n; c++) {
        out->low[c] = percentile(s, c, out->from, counts);
        out->high[c] = percentile(s, c, out->to, counts);
    }
    free(counts);
    return ELC_OK;
}

/* ---- the others
 * ------------------------------------------------------------------------
 */

static void find_extremes(const sample *s, elc_stretch *out) {
    for (int c = 0; c < s->n; c++) {
        out->low[c] = out->high[c] = s->values[c];
        for (size_t i = 0; i < s->count; i++) {
            double v = s->values[i * (size_t)s->n + (size_t)c];
            out->low[c] = fmin(out->low[c], v);
            out->high[c] = fmax(out->high[c], v);
        }
    }
}

static void find_spread(const sample *s, elc_stretch *out) {
    for (int c = 0; c < s->n; c++) {
        double mean = 0, squares = 0;
        for (size_t i = 0; i < s->count; i++) { /* Welford 1962 */
            double v = s->values[i * (size_t)s->n + (size_t)c], before = v - mean;
            mean += before / (double)(i + 1);
            squares += before * (v - mean);
        }
        double deviation = sqrt(squares / (double)s->count);
        out->low[c] = mean - out->from * deviation;
        out->high[c] = mean + out->from * deviation;
    }
}

static elc_status measure(const sample *s, elc_stretch *out, elc_error *err) {
    for (int c = 0; s->count == 0 && c < s->n; c++)
        out->high[c] = 1;
    if (s->count == 0)
        return ELC_OK;
    if (out->kind == ELC_STRETCH_PERCENT)
        return find_percentiles(s, out, err);
    if (out->kind == ELC_STRETCH_MINMAX)
        find_extremes(s, out);
    else
        find_spread(s, out);
    return ELC_OK;
}

/* Of very large values the next number may be more than one away. */
static void part_limits(elc_stretch *s) {
    for (int c = 0; c < s->n; c++)
        if (!(s->high[c] > s->low[c]))
            s->high[c] = fmax(s->low[c] + 1, nextafter(s->low[c], INFINITY));
}

static elc_status decide(elc_source *s, int n, elc_stretch *out, elc_error *err) {
    sample seen = {0};
    elc_status status = look(s, &seen, err);
    if (status == ELC_OK)
        status = measure(&seen, out, err);
    free(seen.values);
    out->n = n;
    for (int c = s->n; c < n; c++) { /* one band n times */
        out->low[c] = out->low[0];
        out->high[c] = out->high[0];
    }
    part_limits(out);
    return status;
}

static elc_status take_values(const elc_image *image, int n,
                              const elc_stretch_wish *wish, elc_stretch *out,
                              elc_error *err) {
    if (wish->n != 1 && wish->n != n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: stretch has %d pairs of values for %d bands: give one for "
                        "all, or one a band",
                        image->path, wish->n, n);
    out->n = n;
    for (int c = 0; c < n; c++) {
        out->low[c] = wish->low[wish->n == 1 ? 0 : c];
        out->high[c] = wish->high[wish->n == 1 ? 0 : c];
    }
    return ELC_OK;
}

elc_status elc_stretch_decide(elc_image *image, const int *bands, int n,
                              const elc_stretch_wish *wish, elc_stretch *out,
                              elc_error *err) {
    elc_source source;
    elc_stretch s = {.kind = wish->kind, .from = wish->low[0], .to = wish->high[0]};
    ELC_TRY(elc_source_open(image, bands, n, &source, err));
    if (s.kind == ELC_STRETCH_AUTO) {
        s.kind = source.all_bytes ? ELC_STRETCH_NONE : ELC_STRETCH_PERCENT;
        s.from = 2;
        s.to = 98;
    }
    elc_status status = ELC_OK;
    if (s.kind == ELC_STRETCH_NONE || s.kind == ELC_STRETCH_VALUES)
        s.from = s.to = 0;
    if (s.kind == ELC_STRETCH_VALUES)
        status = take_values(image, n, wish, &s, err);
    else if (s.kind != ELC_STRETCH_NONE)
        status = decide(&source, n, &s, err);
    elc_source_clear(&source);
    if (status == ELC_OK)
        *out = s;
    return status;
}
