/* grid.c - where a heatmap lies: its CRS, its cells, and which of them images show. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <elcano/layer.h>

#include "operators/parts/columns.h"
#include "operators/parts/reader.h"

/* UTM is true to four parts in ten thousand within its zone, and less beyond it. */
static const double WIDEST_M = 2e6;
/* A table's CRS whose square kilometres are that near to true ones is kept. */
static const double NEAR_TRUE = 0.02;
enum { TRIED = 64 };
/* Beyond a Gaussian's third bandwidth nothing is to be seen. */
static const double SHOWN = 3;

/* ---- the CRS ----------------------------------------------------------------------
 */

/* The UTM, or at the poles the UPS, of a place. */
static elc_status utm_of(elc_point lonlat, elc_crs **out, elc_error *err) {
    char text[24];
    int zone = elc_utm_zone(lonlat);
    bool south = lonlat.y < 0;
    snprintf(text, sizeof text, "EPSG:%d",
             zone > 0 ? 32600 + 100 * south + zone : 32661 + 100 * south);
    return elc_crs_create(text, out, err);
}

/* The middle of the bounds of points in degrees; those about the antimeridian are taken
   from the shorter side. */
static elc_point middle_of(const elc_point *points, size_t n) {
    elc_point low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
    double east = INFINITY, west = -INFINITY; /* nearest to 180 from either side */
    for (size_t i = 0; i < n; i++) {
        elc_point p = points[i];
        low = (elc_point){fmin(low.x, p.x), fmin(low.y, p.y)};
        high = (elc_point){fmax(high.x, p.x), fmax(high.y, p.y)};
        if (p.x >= 0)
            east = fmin(east, p.x);
        else
            west = fmax(west, p.x);
    }
    double x = (low.x + high.x) / 2;
    if (high.x - low.x > 180 && west + 360 - east < high.x - low.x)
        x = remainder((east + west + 360) / 2, 360);
    return (elc_point){x, (low.y + high.y) / 2};
}

/* The square metres on the ground of those of the CRS at a point; 1 where that is not
   known. */
static elc_status scale_at(elc_measure *measure, elc_point p, double *out,
                           elc_error *err) {
    static const elc_measure_wish wish = {.sizes = true};
    const double half = 50, area = 4 * half * half;
    const elc_point ring[] = {{p.x - half, p.y - half},
                              {p.x + half, p.y - half},
                              {p.x + half, p.y + half},
                              {p.x - half, p.y + half}};
    elc_string wkb = {0};
    elc_measured got = {0};
    elc_status status = elc_wkb_polygon(ring, 4, &wkb, err);
    if (status == ELC_OK)
        status = elc_measure_wkb(measure, wkb.data, wkb.size, &wish, &got, NULL, err);
    elc_string_free(&wkb);
    *out = got.known && got.area > 0 ? got.area / area : 1;
    return status;
}

/* The scale that is furthest from 1, at some of the points, which are in the CRS. */
static elc_status find_scale(const heat_job *job, const elc_crs *crs, double *out,
                             elc_error *err) {
    elc_measure *measure;
    elc_status status = ELC_OK;
    size_t step = job->n / TRIED + 1;
    *out = 1;
    ELC_TRY(elc_measure_create(crs, true, &measure, err));
    for (size_t i = 0; i < job->n && status == ELC_OK; i += step) {
        double scale = 1;
        if (!isnan(job->points[i].x))
            status = scale_at(measure, job->points[i], &scale, err);
        if (fabs(log(scale)) > fabs(log(*out)))
            *out = scale;
    }
    elc_measure_free(measure);
    return status;
}

bool elc_heat_is_true(double scale) {
    return fabs(scale - 1) <= NEAR_TRUE;
}

static elc_status choose_utm(heat_job *job, elc_error *err) {
    elc_point *copy;
    elc_transform *way = NULL;
    ELC_TRY(elc_alloc(job->n, sizeof *copy, &copy, err));
    memcpy(copy, job->points, job->n * sizeof *copy);
    elc_status status = ELC_OK;
    if (job->place.crs != NULL)
        status = elc_transform_create(job->place.crs, NULL, &way, err);
    if (status == ELC_OK && way != NULL)
        elc_transform_points(way, copy, job->n);
    if (status == ELC_OK)
        status = utm_of(middle_of(copy, job->n), &job->to, err);
    elc_transform_free(way);
    free(copy);
    return status;
}

static elc_status choose_crs(heat_job *job, elc_error *err) {
    if (job->to != NULL)
        return ELC_OK;
    if (job->place.crs != NULL &&
        elc_raster_check_crs(job->place.crs, NULL) == ELC_OK) {
        double scale;
        ELC_TRY(find_scale(job, job->place.crs, &scale, err));
        if (elc_heat_is_true(scale))
            return elc_crs_clone(job->place.crs, &job->to, err);
    }
    return choose_utm(job, err);
}

static elc_status move_points(heat_job *job, elc_error *err) {
    elc_transform *way;
    if (job->place.crs != NULL && elc_crs_equal(job->place.crs, job->to))
        return ELC_OK;
    ELC_TRY(elc_transform_create(job->place.crs, job->to, &way, err));
    job->n_lost = elc_transform_points(way, job->points, job->n);
    elc_transform_free(way);
    return ELC_OK;
}

elc_status elc_heat_place(heat_job *job, elc_error *err) {
    if (job->n == 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the table has no row with a place, so that there is nothing to "
            "draw");
    ELC_TRY(choose_crs(job, err));
    ELC_TRY(move_points(job, err));
    if (job->n_lost == job->n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "none of the places is in %s; give another --crs",
                        elc_crs_label(job->to));
    return find_scale(job, job->to, &job->true_km2, err);
}

/* ---- images -----------------------------------------------------------------------
 */

/* One that the CRS has no room for shows nothing of it. */
static elc_status add_image(heat_job *job, elc_transform *way, const char *wkb,
                            size_t size, elc_error *err) {
    elc_string moved = {0};
    ELC_TRY(elc_reserve(&job->images, &job->images_capacity, job->n_images + 1,
                        sizeof *job->images, err));
    elc_status status = elc_wkb_move(wkb, size, way, &moved, err);
    if (status == ELC_OK) {
        job->images[job->n_images++] = moved;
        return ELC_OK;
    }
    elc_string_free(&moved);
    return status == ELC_E_ARGUMENT || status == ELC_E_UNSUPPORTED ? ELC_OK : status;
}

/* An image that failed shows nothing. */
static elc_status take_images(heat_job *job, part_reader *reader, int64_t geometry,
                              elc_transform *way, elc_error *err) {
    int64_t failed = elc_schema_find(reader->schema, "error");
    for (;;) {
        size_t size;
        ELC_TRY(elc_check_cancel(job->call->context, err));
        ELC_TRY(elc_part_reader_next(reader, err));
        if (reader->ended)
            return ELC_OK;
        const char *wkb = elc_part_reader_bytes(reader, geometry, &size);
        if (wkb != NULL &&
            (failed < 0 || elc_rows_null(reader->rows, (size_t)failed, reader->row)))
            ELC_TRY(add_image(job, way, wkb, size, err));
    }
}

static elc_status read_layer(heat_job *job, part_reader *reader, elc_error *err) {
    elc_crs *crs = NULL;
    elc_transform *way = NULL;
    int64_t geometry;
    bool stated;
    ELC_TRY(elc_part_geometry(reader->schema, "images", &geometry, &crs, &stated, err));
    elc_status status = elc_transform_create(crs, job->to, &way, err);
    if (status == ELC_OK)
        status = take_images(job, reader, geometry, way, err);
    elc_transform_free(way);
    elc_crs_free(crs);
    return status;
}

elc_status elc_heat_read_images(heat_job *job, elc_error *err) {
    const char *name = elc_options_text(job->call->options, "images");
    struct ArrowSchema schema = {0};
    part_reader reader = {.schema = &schema};
    if (!job->imaged)
        return ELC_OK;
    ELC_TRY(elc_layer_open(name, job->call->context, &reader.stream, err));
    elc_status status = elc_stream_schema(&reader.stream, &schema, err);
    if (status == ELC_OK)
        status = read_layer(job, &reader, err);
    elc_part_reader_free(&reader);
    elc_schema_release(&schema);
    if (status == ELC_OK && job->n_images == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "--images %s: no row has a polygon in %s",
                        name, elc_crs_label(job->to));
    return status;
}

/* ---- the grid ---------------------------------------------------------------------
 */

static void widen(double box[4], elc_point p) {
    box[0] = fmin(box[0], p.x);
    box[1] = fmin(box[1], p.y);
    box[2] = fmax(box[2], p.x);
    box[3] = fmax(box[3], p.y);
}

/* What images show is all that there is to see; without, it ends where the kernels do.
 */
static elc_status find_box(const heat_job *job, double box[4], elc_error *err) {
    elc_point *points = NULL;
    size_t capacity = 0, n = 0;
    for (size_t i = 0; i < job->n && !job->imaged; i++)
        if (!isnan(job->points[i].x))
            widen(box, job->points[i]);
    elc_status status = ELC_OK;
    for (size_t i = 0; i < job->n_images && status == ELC_OK; i++)
        status = elc_wkb_points(job->images[i].data, job->images[i].size, &points, &n,
                                &capacity, err);
    for (size_t i = 0; i < n; i++)
        widen(box, points[i]);
    free(points);
    double reach = job->kernel == ELC_KERNEL_GAUSSIAN ? SHOWN : 1;
    double around = job->imaged ? 0 : reach * job->density.bandwidth;
    box[0] -= around, box[1] -= around, box[2] += around, box[3] += around;
    return status;
}

static elc_status check_size(const heat_job *job, const double box[4], double cell,
                             elc_error *err) {
    double wide = box[2] - box[0], high = box[3] - box[1];
    bool chosen = elc_options_has(job->call->options, "crs");
    if (!chosen && (wide > WIDEST_M || high > 4 * WIDEST_M))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the places reach over %.0f by %.0f km, too far for %s; give a "
                        "CRS for all of it, as --crs EPSG:3035 for Europe",
                        wide / 1000, high / 1000, elc_crs_label(job->to));
    if ((wide / cell + 2) * (high / cell + 2) > ELC_RASTER_CELLS)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%.0f by %.0f km with cells of %g m are more than %d cells; give "
            "a larger --pixel",
            wide / 1000, high / 1000, cell, ELC_RASTER_CELLS);
    return ELC_OK;
}

/* Cells lie at multiples of their side, so that rasters of one place fit together. */
elc_status elc_heat_lay_grid(heat_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    elc_raster_grid *g = &job->density.grid;
    job->density.kernel = job->kernel;
    job->density.bandwidth = elc_options_length(options, "bandwidth").value;
    g->cell = elc_options_has(options, "pixel")
                  ? elc_options_length(options, "pixel").value
                  : job->density.bandwidth / 5;
    ELC_TRY(find_box(job, box, err));
    ELC_TRY(check_size(job, box, g->cell, err));
    g->x = floor(box[0] / g->cell) * g->cell;
    g->y = ceil(box[3] / g->cell) * g->cell;
    g->width = (int32_t)fmax(ceil((box[2] - g->x) / g->cell), 1);
    g->height = (int32_t)fmax(ceil((g->y - box[1]) / g->cell), 1);
    job->cells = (size_t)g->width * (size_t)g->height;
    return ELC_OK;
}

/* ---- the imaged share -------------------------------------------------------------
 */

/* The middles of imaged cells, each of which stands for its area. */
static size_t middles(const heat_job *job, const uint8_t *mask, elc_point *out) {
    const elc_raster_grid *g = &job->density.grid;
    size_t n = 0;
    for (int32_t row = 0; row < g->height; row++)
        for (int32_t column = 0; column < g->width; column++)
            if (mask[(size_t)row * (size_t)g->width + (size_t)column])
                out[n++] = (elc_point){g->x + (column + 0.5) * g->cell,
                                       g->y - (row + 0.5) * g->cell};
    return n;
}

static elc_status sum_share(heat_job *job, const uint8_t *mask, elc_point *points,
                            elc_error *err) {
    double area = job->density.grid.cell * job->density.grid.cell;
    size_t n = middles(job, mask, points);
    ELC_TRY(elc_density_sum(&job->density, points, NULL, n, job->call->context,
                            job->share, err));
    for (size_t i = 0; i < job->cells; i++)
        job->share[i] = mask[i] ? (float)(job->share[i] * area) : NAN;
    return ELC_OK;
}

elc_status elc_heat_find_share(heat_job *job, elc_error *err) {
    uint8_t *mask = NULL;
    elc_point *points = NULL;
    if (!job->imaged)
        return ELC_OK;
    elc_status status = elc_alloc(job->cells, sizeof *job->share, &job->share, err);
    if (status == ELC_OK)
        status = elc_alloc(job->cells, 1, &mask, err);
    if (status == ELC_OK)
        status = elc_alloc(job->cells, sizeof *points, &points, err);
    if (status == ELC_OK)
        status =
            elc_raster_mask(&job->density.grid, job->images, job->n_images, mask, err);
    if (status == ELC_OK)
        status = sum_share(job, mask, points, err);
    free(points);
    free(mask);
    return status;
}
