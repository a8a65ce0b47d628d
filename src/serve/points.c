/* points.c - tiles of detections: their places where they are few, else how dense they
   lie, as a picture. docs/map.md has the bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    POINTS_MOST = 4000, /* of a tile; more are a picture */
    HEAD = 16,
    RECORD = 16,
    SIDE = 256,     /* pixels */
    CELL = 4,       /* pixels of a side of what is counted together */
    CELL_ZOOMS = 6, /* finer than the tile */
    CELLS = 1 << CELL_ZOOMS
};

/* What a tile is made of. */
typedef struct tile {
    const serve_layer *layer;
    const serve_filter *filter;
    elc_quad quad;
    size_t from, to; /* places */
    size_t n;        /* of them that pass */
} tile;

static size_t count(const tile *t) {
    if (serve_filter_is_open(t->filter))
        return t->to - t->from;
    return elc_serve_filter_count(t->filter, t->layer, t->from, t->to);
}

/* ---- places ---------------------------------------------------------------------- */

static void put(uint8_t *out, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* A cell of SERVE_ZOOM as a share of the tile's side, 0 to 65535. */
static uint16_t share(uint32_t cell, int32_t tile_at, int zoom) {
    int bits = SERVE_ZOOM - zoom;
    uint64_t in_tile = cell - ((uint64_t)tile_at << bits);
    return (uint16_t)(bits >= 16 ? in_tile >> (bits - 16) : in_tile << (16 - bits));
}

static void put_record(const tile *t, size_t i, uint8_t *out) {
    const serve_layer *l = t->layer;
    float score = l->scores == NULL ? NAN : l->scores[i];
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    put(out, l->rows[i], 4);
    put(out + 4, share(serve_x(l->codes[i]), t->quad.x, t->quad.zoom), 2);
    put(out + 6, share(serve_y(l->codes[i]), t->quad.y, t->quad.zoom), 2);
    put(out + 8, bits, 4);
    put(out + 12, l->classes == NULL ? SERVE_NO_CLASS : l->classes[i], 2);
    put(out + 14, 0, 2);
}

/* Of more than there may be every so-manieth is taken, along the curve of places and so
   evenly over the tile. */
static elc_status put_points(const tile *t, serve_answer *answer, elc_error *err) {
    size_t sent = t->n < POINTS_MOST ? t->n : POINTS_MOST;
    uint8_t *bytes;
    ELC_TRY(elc_alloc(HEAD + sent * RECORD, 1, &bytes, err));
    memcpy(bytes, "ELCP", 4);
    put(bytes + 4, 1, 4);
    put(bytes + 8, sent, 4);
    put(bytes + 12, t->n, 4);
    size_t seen = 0, k = 0;
    for (size_t i = t->from; i < t->to && k < sent; i++) {
        if (!serve_filter_passes(t->filter, t->layer, i))
            continue;
        if (seen++ * sent / t->n == k)
            put_record(t, i, bytes + HEAD + k++ * RECORD);
    }
    answer->type = "application/octet-stream";
    answer->body =
        (elc_string){(char *)bytes, HEAD + sent * RECORD, HEAD + sent * RECORD};
    return ELC_OK;
}

/* ---- density --------------------------------------------------------------------- */

/* Of the places [from, to), which lie in a cell. */
static uint32_t count_between(const tile *t, size_t from, size_t to) {
    if (serve_filter_is_open(t->filter))
        return (uint32_t)(to - from);
    return (uint32_t)elc_serve_filter_count(t->filter, t->layer, from, to);
}

/* Cells are tiles of a finer zoom, and so each a run of places; those of zooms finer
   than the places' are theirs. */
static void count_cells(const tile *t, uint32_t counts[CELLS * CELLS]) {
    int zoom = t->quad.zoom + CELL_ZOOMS;
    zoom = zoom < SERVE_ZOOM ? zoom : SERVE_ZOOM;
    int bits = 2 * (SERVE_ZOOM - zoom), side_bits = zoom - t->quad.zoom;
    const int64_t *codes = t->layer->codes;
    for (size_t i = t->from; i < t->to;) {
        int64_t cell = codes[i] >> bits;
        size_t end = elc_serve_layer_end(t->layer, i, t->to, (cell + 1) << bits);
        uint32_t x = serve_x(cell) & ((1u << side_bits) - 1);
        uint32_t y = serve_y(cell) & ((1u << side_bits) - 1);
        int wide = CELL_ZOOMS - side_bits;
        counts[(y << wide) * CELLS + (x << wide)] += count_between(t, i, end);
        i = end;
    }
}

/* Viridis (Smith and van der Walt 2015), at nine places of it. */
static const uint8_t ramp[][3] = {{68, 1, 84},    {72, 40, 120},  {62, 74, 137},
                                  {49, 104, 142}, {38, 130, 142}, {31, 158, 137},
                                  {53, 183, 121}, {109, 205, 89}, {253, 231, 37}};

enum { STEPS = sizeof ramp / sizeof ramp[0] - 1, MOST = 1024 };

/* One object in a cell is the ramp's foot, MOST and more its head, by logarithms: the
   same in all tiles of a zoom, so that neighbours fit. */
static void colour(uint32_t n, uint8_t out[4]) {
    if (n == 0)
        return;
    double at = fmin(1, log2(n) / log2(MOST)) * STEPS;
    int low = at >= STEPS ? STEPS - 1 : (int)at;
    for (int c = 0; c < 3; c++)
        out[c] = (uint8_t)lrint(ramp[low][c] +
                                (at - low) * (ramp[low + 1][c] - ramp[low][c]));
    out[3] = 210;
}

json_t *elc_serve_density(void) {
    json_t *colours = json_array();
    for (int i = 0; i <= STEPS; i++)
        json_array_append_new(
            colours, json_sprintf("#%02x%02x%02x", ramp[i][0], ramp[i][1], ramp[i][2]));
    return json_pack("{s:o, s:i}", "colours", colours, "most", (int)MOST);
}

static elc_status put_density(const tile *t, serve_answer *answer, elc_error *err) {
    uint32_t *counts;
    uint8_t *pixels = NULL;
    ELC_TRY(elc_alloc(CELLS * CELLS, sizeof *counts, &counts, err));
    elc_status status = elc_alloc(SIDE * SIDE, 4, &pixels, err);
    if (status == ELC_OK) {
        count_cells(t, counts);
        for (size_t y = 0; y < SIDE; y++)
            for (size_t x = 0; x < SIDE; x++)
                colour(counts[y / CELL * CELLS + x / CELL],
                       pixels + (y * SIDE + x) * 4);
        answer->type = "image/png";
        status =
            elc_pixels_encode(pixels, SIDE, SIDE, 4, ELC_FILE_PNG, &answer->body, err);
    }
    free(counts);
    free(pixels);
    return status;
}

/* ---- all ------------------------------------------------------------------------- */

elc_status elc_serve_points(const serve_call *call, serve_answer *answer,
                            elc_error *err) {
    tile t = {0};
    serve_filter filter;
    const char *as = elc_serve_parameter(call->request, "as", NULL);
    ELC_TRY(elc_serve_layer_named(call, 2, &t.layer, err));
    ELC_TRY(elc_serve_tile_read(call, 3, SERVE_ZOOM, &t.quad, err));
    if (as != NULL && strcmp(as, "points") != 0 && strcmp(as, "density") != 0)
        return elc_fail(err, ELC_E_ARGUMENT, "as: points or density");
    ELC_TRY(elc_serve_filter_read(call->request, t.layer, &filter, err));
    t.filter = &filter;
    elc_serve_layer_range(t.layer, t.quad, &t.from, &t.to);
    t.n = count(&t);
    bool density = as != NULL ? strcmp(as, "density") == 0 : t.n > POINTS_MOST;
    answer->keep = true;
    elc_status status =
        density ? put_density(&t, answer, err) : put_points(&t, answer, err);
    elc_serve_filter_clear(&filter);
    return status;
}
