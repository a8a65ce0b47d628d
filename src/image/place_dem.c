/* place_dem.c - heights of the ground, from any raster that GDAL opens. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"

/* Squares of heights that are kept: each in the one slot that it can be in. */
enum { SIDE = 128, SLOTS = 16 };

typedef struct tile {
    int64_t x, y; /* in tiles; -1: empty */
    float heights[SIDE * SIDE];
} tile;

typedef struct dem {
    elc_image *image;
    GDALRasterBandH band;
    elc_transform *from_lonlat;
    elc_affine to_pixel;
    bool turns; /* x is a longitude: 190 and -170 are one place */
    bool has_nodata;
    float nodata;
    double scale, offset; /* to metres */
    elc_geoid *geoid;     /* that they are above; NULL: the ellipsoid */
    tile *tiles;
} dem;

static void dem_free(void *arg) {
    dem *d = arg;
    elc_geoid_free(d->geoid);
    elc_image_free(d->image);
    elc_transform_free(d->from_lonlat);
    free(d->tiles);
    free(d);
}

/* ---- heights --------------------------------------------------------------------- */

static void fill_tile(dem *d, tile *t, int64_t x, int64_t y) {
    const elc_image_info *info = elc_image_info_at(d->image);
    int64_t x0 = x * SIDE, y0 = y * SIDE;
    int width = (int)(info->width - x0 < SIDE ? info->width - x0 : SIDE);
    int height = (int)(info->height - y0 < SIDE ? info->height - y0 : SIDE);
    elc_gdal_log log;
    elc_gdal_begin(&log);
    CPLErr failed = GDALRasterIO(d->band, GF_Read, (int)x0, (int)y0, width, height,
                                 t->heights, width, height, GDT_Float32, sizeof(float),
                                 (GSpacing)(SIDE * sizeof(float)));
    elc_gdal_end();
    t->x = x;
    t->y = y;
    for (int i = 0; i < SIDE * SIDE; i++)
        if (failed || (d->has_nodata && t->heights[i] == d->nodata))
            t->heights[i] = NAN;
}

/* NaN where there is none. The pixel is inside. */
static double pixel_height(dem *d, int64_t x, int64_t y) {
    int64_t tx = x / SIDE, ty = y / SIDE;
    tile *t = &d->tiles[(tx + 5 * ty) % SLOTS];
    if (t->x != tx || t->y != ty)
        fill_tile(d, t, tx, ty);
    float value = t->heights[(y % SIDE) * SIDE + x % SIDE];
    return (double)value * d->scale + d->offset;
}

static int64_t clamp(int64_t v, int64_t end) {
    return v < 0 ? 0 : v >= end ? end - 1 : v;
}

/* Bilinear of the neighbours that are known. */
static double between(dem *d, elc_point pixel) {
    const elc_image_info *info = elc_image_info_at(d->image);
    double left = floor(pixel.x - 0.5), top = floor(pixel.y - 0.5);
    double right = pixel.x - 0.5 - left, down = pixel.y - 0.5 - top;
    double sum = 0, weights = 0;
    for (int i = 0; i < 4; i++) {
        int64_t x = clamp((int64_t)left + i % 2, info->width);
        int64_t y = clamp((int64_t)top + i / 2, info->height);
        double weight = (i % 2 ? right : 1 - right) * (i / 2 ? down : 1 - down);
        double height = pixel_height(d, x, y);
        if (isfinite(height)) {
            sum += weight * height;
            weights += weight;
        }
    }
    return weights > 0 ? sum / weights : NAN;
}

static bool is_inside(const dem *d, elc_point pixel) {
    const elc_image_info *info = elc_image_info_at(d->image);
    return pixel.x >= 0 && pixel.y >= 0 && pixel.x <= (double)info->width &&
           pixel.y <= (double)info->height;
}

static double dem_height(void *arg, elc_point lonlat) {
    dem *d = arg;
    static const double around[] = {0, 360, -360};
    if (elc_transform_points(d->from_lonlat, &lonlat, 1))
        return NAN;
    for (int i = 0; i < (d->turns ? 3 : 1); i++) {
        elc_point map = {lonlat.x + around[i], lonlat.y};
        elc_point pixel = elc_affine_apply(&d->to_pixel, map);
        if (is_inside(d, pixel))
            return between(d, pixel) + (d->geoid ? elc_geoid_height(d->geoid, map) : 0);
    }
    return NAN;
}

/* ---- opening --------------------------------------------------------------------- */

static double metres_of(const char *unit) {
    static const struct {
        const char *name;
        double metres;
    } feet[] = {{"ft", 0.3048},
                {"foot", 0.3048},
                {"feet", 0.3048},
                {"us-ft", 1200.0 / 3937},
                {"US survey foot", 1200.0 / 3937}};
    for (size_t i = 0; i < sizeof feet / sizeof feet[0]; i++)
        if (!strcmp(unit, feet[i].name))
            return feet[i].metres;
    return 1;
}

static void describe_heights(dem *d) {
    int has = 0;
    d->band = GDALGetRasterBand(d->image->dataset, 1);
    d->nodata = (float)GDALGetRasterNoDataValue(d->band, &has);
    d->has_nodata = has != 0;
    double unit = metres_of(GDALGetRasterUnitType(d->band));
    d->scale = GDALGetRasterScale(d->band, &has) * unit;
    d->offset = GDALGetRasterOffset(d->band, &has) * unit;
}

static elc_status open_dem(dem *d, const char *path, elc_error *err) {
    ELC_TRY(elc_image_open(path, &d->image, err));
    const elc_image_info *info = elc_image_info_at(d->image);
    if (!info->has_place)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: heights without a georeference: give a raster with an "
                        "affine and a CRS",
                        path);
    ELC_TRY(elc_affine_invert(&info->affine, &d->to_pixel, err));
    ELC_TRY(elc_transform_create(NULL, info->crs, &d->from_lonlat, err));
    ELC_TRY(elc_geoid_open(d->image, &d->geoid, err));
    d->turns = elc_crs_is_geographic(info->crs);
    ELC_TRY(elc_alloc(SLOTS, sizeof *d->tiles, &d->tiles, err));
    for (int i = 0; i < SLOTS; i++)
        d->tiles[i].x = -1;
    describe_heights(d);
    return ELC_OK;
}

elc_status elc_dem_open(const char *path, double height_m, elc_ground *out,
                        elc_error *err) {
    dem *d = NULL;
    ELC_TRY(elc_alloc(1, sizeof *d, &d, err));
    elc_status status = open_dem(d, path, err);
    if (status == ELC_OK)
        *out = (elc_ground){height_m, dem_height, dem_free, d};
    else
        dem_free(d);
    return status;
}
