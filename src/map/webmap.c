/* webmap.c - a raster as a picture for a map in the browser. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/webmap.h"

#include <math.h>
#include <stdlib.h>

#include "map/ramp.h"
#include "map/shrink.h"

enum { KNOTS = 65, SMALLEST = 256 };
static const double PI = 3.14159265358979323846;
static const double NORTHMOST = 85.0511287798066; /* where the web map ends */
static const elc_colour UNSEEN = {150, 150, 150, 96};

/* ---- where it lies ----------------------------------------------------------------
 */

/* The web map's y of a latitude, in radians of its sphere, and back. */
static double rise_of(double lat) {
    return asinh(tan(lat * PI / 180));
}

static double lat_of(double rise) {
    return atan(sinh(rise)) * 180 / PI;
}

/* Knots of the grid, its border among them, in degrees; NaN where it has none. */
static elc_status find_knots(const elc_raster_grid *g, const elc_crs *crs,
                             elc_point *knots, elc_error *err) {
    elc_transform *way;
    double wide = g->width * g->cell, high = g->height * g->cell;
    ELC_TRY(elc_transform_create(crs, NULL, &way, err));
    for (int i = 0; i < KNOTS * KNOTS; i++)
        knots[i] = (elc_point){g->x + wide * (i % KNOTS) / (KNOTS - 1),
                               g->y - high * (i / KNOTS) / (KNOTS - 1)};
    elc_transform_points(way, knots, (size_t)KNOTS * KNOTS);
    elc_transform_free(way);
    return ELC_OK;
}

/* Longitudes are taken from the side of the raster's middle that is shorter. */
static bool bound(const elc_point *knots, elc_web_frame *f) {
    double middle = knots[KNOTS * KNOTS / 2].x;
    elc_web_frame b = {INFINITY, INFINITY, -INFINITY, -INFINITY, 0, 0};
    for (int i = 0; i < KNOTS * KNOTS; i++) {
        if (isnan(knots[i].x))
            continue;
        if (isnan(middle))
            middle = knots[i].x;
        double x = middle + remainder(knots[i].x - middle, 360);
        double y = fmin(fmax(knots[i].y, -NORTHMOST), NORTHMOST);
        b.west = fmin(b.west, x), b.east = fmax(b.east, x);
        b.south = fmin(b.south, y), b.north = fmax(b.north, y);
    }
    *f = b;
    return b.west < b.east && b.south < b.north;
}

static void choose_size(const elc_raster_grid *g, int32_t longest, elc_web_frame *f) {
    double wide = (f->east - f->west) * PI / 180;
    double high = rise_of(f->north) - rise_of(f->south);
    double cells = g->width > g->height ? g->width : g->height;
    double side = fmin(fmax(2 * cells, SMALLEST), longest);
    double pixel = fmax(wide, high) / side;
    f->width = (int32_t)fmax(round(wide / pixel), 1);
    f->height = (int32_t)fmax(round(high / pixel), 1);
}

elc_status elc_web_frame_lay(const elc_raster_grid *grid, const elc_crs *crs,
                             int32_t longest, elc_web_frame *out, elc_error *err) {
    elc_point knots[KNOTS * KNOTS];
    elc_web_frame frame;
    ELC_TRY(find_knots(grid, crs, knots, err));
    if (!bound(knots, &frame))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "the raster lies beyond 85.05 degrees of latitude, where the "
                        "web map ends; make a GeoTIFF or a PNG of it");
    choose_size(grid, longest, &frame);
    *out = frame;
    return ELC_OK;
}

/* ---- what it shows ----------------------------------------------------------------
 */

/* Little is seen through, and nothing at all, so that a map beneath is there. */
static elc_colour colour_of(double share) {
    elc_colour c = elc_ramp_at(share);
    c.alpha = (uint8_t)lround(255 * fmin(fmax(share * 8, 0), 1));
    return c;
}

static elc_colour colour_at(const elc_raster_grid *g, const float *values,
                            double highest, int32_t side, elc_point at) {
    double column = floor((at.x - g->x) / g->cell),
           row = floor((g->y - at.y) / g->cell);
    if (!(column >= 0 && column < g->width && row >= 0 && row < g->height))
        return (elc_colour){0};
    double value = elc_cells_mean(g, values, side, (int32_t)column / side * side,
                                  (int32_t)row / side * side);
    return isnan(value) ? UNSEEN : colour_of(highest > 0 ? value / highest : 0);
}

/* The middles of a row's pixels. */
static void lay_row(const elc_web_frame *f, int32_t row, elc_point *points) {
    double top = rise_of(f->north), bottom = rise_of(f->south);
    double lat = lat_of(top - (top - bottom) * (row + 0.5) / f->height);
    for (int32_t i = 0; i < f->width; i++) {
        double lon = f->west + (f->east - f->west) * (i + 0.5) / f->width;
        points[i] = (elc_point){remainder(lon, 360), lat};
    }
}

static elc_status draw_rows(const elc_web_frame *f, const elc_raster_grid *g,
                            elc_transform *way, const float *values, double highest,
                            const elc_context *context, elc_point *points,
                            elc_canvas *canvas, elc_error *err) {
    size_t wide = (size_t)f->width;
    int32_t cells = g->width > g->height ? g->width : g->height;
    int32_t pixels = f->width > f->height ? f->width : f->height;
    int32_t side = (cells - 1) / pixels + 1;
    for (int32_t row = 0; row < f->height; row++) {
        ELC_TRY(elc_check_cancel(context, err));
        lay_row(f, row, points);
        elc_transform_points(way, points, wide);
        for (size_t i = 0; i < wide; i++)
            canvas->pixels[(size_t)row * wide + i] =
                colour_at(g, values, highest, side, points[i]);
    }
    return ELC_OK;
}

elc_status elc_web_frame_draw(const elc_web_frame *frame, const elc_raster_grid *grid,
                              const elc_crs *crs, const float *values, double highest,
                              const elc_context *context, elc_canvas *canvas,
                              elc_error *err) {
    elc_transform *way;
    elc_point *points = NULL;
    ELC_TRY(elc_transform_create(NULL, crs, &way, err));
    elc_status status = elc_alloc((size_t)frame->width, sizeof *points, &points, err);
    if (status == ELC_OK)
        status =
            draw_rows(frame, grid, way, values, highest, context, points, canvas, err);
    free(points);
    elc_transform_free(way);
    return status;
}

void elc_web_draw_bar(elc_canvas *canvas) {
    for (int32_t i = 0; i < canvas->width; i++)
        elc_canvas_fill(canvas, i, 0, 1, canvas->height,
                        colour_of((i + 0.5) / canvas->width));
}
