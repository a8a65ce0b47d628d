/* imagery.c - tiles of the images, and the picture of what lies round a row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "serve/bounds.h"

#define HALF 20037508.342789244 /* metres of half the web map */

enum { SIDE = 256, ZOOM_MOST = 26, CHIP = 192 };

static bool gone(void *arg) {
    return elc_serve_still_there(arg, NULL) != ELC_OK;
}

/* JPEG where all of it is there, for it is smaller, else PNG. */
static elc_status encode(uint8_t *rgba, int side, serve_answer *answer,
                         elc_error *err) {
    size_t n = (size_t)side * (size_t)side;
    bool whole = true;
    for (size_t i = 0; whole && i < n; i++)
        whole = rgba[4 * i + 3] == 255;
    answer->type = whole ? "image/jpeg" : "image/png";
    answer->keep = true;
    for (size_t i = 0; whole && i < n; i++)
        for (size_t c = 0; c < 3; c++)
            rgba[3 * i + c] = rgba[4 * i + c];
    return elc_pixels_encode(rgba, side, side, whole ? 3 : 4,
                             whole ? ELC_FILE_JPEG : ELC_FILE_PNG, &answer->body, err);
}

/* A square picture of the web map, no wider than it. */
typedef struct picture {
    elc_mosaic *mosaic;
    elc_mosaic_wait wait;
    double box[4];
    int side; /* px */
    uint8_t *rgba;
} picture;

/* Columns from `from` to before `to`, of what lies `turn` metres further east. Their
   box ends a hair before the map's edge, where longitudes begin again. */
static elc_status draw_columns(const picture *p, int from, int to, double turn,
                               elc_error *err) {
    double metres_px = (p->box[2] - p->box[0]) / p->side, edge = HALF * (1 - 1e-12);
    double box[4] = {fmax(-edge, p->box[0] + from * metres_px + turn), p->box[1],
                     fmin(edge, p->box[0] + to * metres_px + turn), p->box[3]};
    size_t side = (size_t)p->side, width = (size_t)(to - from);
    uint8_t *strip;
    if (width == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(side * width, 4, &strip, err));
    elc_status status =
        elc_mosaic_draw(p->mosaic, box, to - from, p->side, &p->wait, strip, err);
    for (size_t y = 0; status == ELC_OK && y < side; y++)
        memcpy(p->rgba + (y * side + (size_t)from) * 4, strip + y * width * 4,
               width * 4);
    free(strip);
    return status;
}

/* What goes beyond an edge of the map lies at the other one. */
static elc_status draw_round(const picture *p, elc_error *err) {
    bool east = p->box[2] > HALF;
    if (!east && p->box[0] >= -HALF)
        return elc_mosaic_draw(p->mosaic, p->box, p->side, p->side, &p->wait, p->rgba,
                               err);
    double before = (east ? HALF : -HALF) - p->box[0];
    double column = round(before / (p->box[2] - p->box[0]) * p->side);
    int edge = (int)fmax(0, fmin(p->side, column));
    ELC_TRY(draw_columns(p, 0, edge, east ? 0 : 2 * HALF, err));
    return draw_columns(p, edge, p->side, east ? -2 * HALF : 0, err);
}

static elc_status draw(const serve_call *call, const double box[4], int side,
                       serve_answer *answer, elc_error *err) {
    picture p = {.mosaic = call->shown->imagery,
                 .wait = {gone, (void *)(uintptr_t)call->patience},
                 .box = {box[0], box[1], box[2], box[3]},
                 .side = side};
    if (p.mosaic == NULL)
        return elc_fail(err, ELC_E_NOT_FOUND, "there is no imagery");
    ELC_TRY(elc_alloc((size_t)side * (size_t)side, 4, &p.rgba, err));
    elc_status status = draw_round(&p, err);
    if (status == ELC_OK)
        status = encode(p.rgba, side, answer, err);
    free(p.rgba);
    return status;
}

elc_status elc_serve_imagery(const serve_call *call, serve_answer *answer,
                             elc_error *err) {
    elc_quad t;
    ELC_TRY(elc_serve_tile_read(call, 2, ZOOM_MOST, &t, err));
    double width = 2 * HALF / (double)(INT64_C(1) << t.zoom);
    double west = -HALF + t.x * width, north = HALF - t.y * width;
    double box[4] = {west, north - width, west + width, north};
    return draw(call, box, SIDE, answer, err);
}

/* ---- chips ----------------------------------------------------------------------- */

/* The bounds of a row's geometry on the web map; beyond it to the east for what lies
   across the antimeridian. */
static elc_status bounds_of(const serve_layer *l, size_t row, double box[4],
                            elc_error *err) {
    size_t at, size;
    bool found = false, wide;
    serve_bounder bounder = {0};
    const elc_rows *rows = elc_serve_layer_row(l, row, &at);
    const char *wkb = elc_rows_bytes(rows, (size_t)l->geometry, at, &size);
    if (wkb == NULL)
        return elc_fail(err, ELC_E_NOT_FOUND, "the row has no place");
    ELC_TRY(elc_serve_layer_way(l, false, &bounder.way, err));
    elc_status status = elc_serve_bounds(&bounder, wkb, size, box, &found, &wide, err);
    elc_transform_free(bounder.way);
    elc_serve_bounder_free(&bounder);
    elc_point corners[] = {{0, box[1]}, {0, box[3]}};
    if (status == ELC_OK && (!found || elc_web_from_lonlat(corners, 2) > 0))
        return elc_fail(err, ELC_E_NOT_FOUND, "the row has no place on the map");
    box[0] *= HALF / 180;
    box[1] = corners[0].y;
    box[2] *= HALF / 180;
    box[3] = corners[1].y;
    return status;
}

/* A square round the row, half as large again, of 10 m to all of the web map's width.
 */
elc_status elc_serve_chip(const serve_call *call, serve_answer *answer,
                          elc_error *err) {
    const serve_layer *l;
    int64_t row;
    double box[4] = {0};
    ELC_TRY(elc_serve_layer_named(call, 2, &l, err));
    ELC_TRY(elc_parse_int(call->request->segments[3], "row", &row, err));
    if (row < 0 || (size_t)row >= l->n_rows)
        return elc_fail(err, ELC_E_NOT_FOUND, "%lld: no row of %s", (long long)row,
                        l->name);
    ELC_TRY(bounds_of(l, (size_t)row, box, err));
    double half = 0.75 * fmax(box[2] - box[0], box[3] - box[1]);
    half = fmax(5, fmin(HALF, half));
    double x = box[0] + (box[2] - box[0]) / 2, y = box[1] + (box[3] - box[1]) / 2;
    double square[4] = {x - half, y - half, x + half, y + half};
    return draw(call, square, CHIP, answer, err);
}
