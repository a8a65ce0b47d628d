/* quad.c - tiles of the web map and their quadkeys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/web.h"

#include <math.h>
#include <string.h>

#define PI                 3.141592653589793
#define RADIANS_PER_DEGREE 0.017453292519943295

/* The map is a square, so it ends where atanh(sin(latitude)) is pi. */
#define MOST_LATITUDE 85.05112877980659

static int64_t tiles(int zoom) {
    return INT64_C(1) << zoom;
}

static elc_status check_zoom(int zoom, elc_error *err) {
    if (zoom >= 0 && zoom <= ELC_QUAD_ZOOM)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "a tile of zoom %d: give 0 to %d", zoom,
                    ELC_QUAD_ZOOM);
}

static int32_t index_of(double share, int zoom) {
    double i = floor(share * (double)tiles(zoom)), last = (double)(tiles(zoom) - 1);
    return (int32_t)(i < 0 ? 0 : i > last ? last : i);
}

elc_status elc_quad_at(elc_point lonlat, int zoom, elc_quad *out, elc_error *err) {
    ELC_TRY(check_zoom(zoom, err));
    if (!(fabs(lonlat.x) <= 180) || !(fabs(lonlat.y) <= MOST_LATITUDE))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the place %g, %g is on no tile: longitudes go from -180 to "
                        "180 and latitudes from -85.0511 to 85.0511",
                        lonlat.x, lonlat.y);
    double north = atanh(sin(lonlat.y * RADIANS_PER_DEGREE));
    out->zoom = zoom;
    out->x = index_of((lonlat.x + 180) / 360, zoom);
    out->y = index_of(0.5 - north / (2 * PI), zoom);
    return ELC_OK;
}

static elc_point corner(int64_t x, int64_t y, int zoom) {
    double north = PI * (1 - 2 * (double)y / (double)tiles(zoom));
    return (elc_point){360 * (double)x / (double)tiles(zoom) - 180,
                       atan(sinh(north)) / RADIANS_PER_DEGREE};
}

void elc_quad_bounds(elc_quad quad, elc_point *low, elc_point *high) {
    elc_point west = corner(quad.x, (int64_t)quad.y + 1, quad.zoom);
    *high = corner((int64_t)quad.x + 1, quad.y, quad.zoom);
    *low = west;
}

elc_status elc_quad_parent(elc_quad quad, elc_quad *out, elc_error *err) {
    if (quad.zoom == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "the tile of zoom 0 has no parent");
    *out = (elc_quad){quad.zoom - 1, quad.x / 2, quad.y / 2};
    return ELC_OK;
}

static bool is_among(const elc_quad *quads, size_t n, elc_quad quad) {
    for (size_t i = 0; i < n; i++)
        if (quads[i].x == quad.x && quads[i].y == quad.y)
            return true;
    return false;
}

size_t elc_quad_neighbours(elc_quad quad, elc_quad out[8]) {
    int64_t side = tiles(quad.zoom);
    size_t n = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int64_t x = (quad.x + dx + side) % side, y = (int64_t)quad.y + dy;
            if (y < 0 || y >= side)
                continue;
            elc_quad other = {quad.zoom, (int32_t)x, (int32_t)y};
            if (!is_among(&quad, 1, other) && !is_among(out, n, other))
                out[n++] = other;
        }
    return n;
}

/* ---- codes --------------------------------------------------------------------------
 */

static uint64_t gathered(uint64_t v) {
    v &= UINT64_C(0x5555555555555555);
    v = (v | v >> 1) & UINT64_C(0x3333333333333333);
    v = (v | v >> 2) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v = (v | v >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (v | v >> 16) & UINT64_C(0x00000000ffffffff);
}

int64_t elc_quad_code(elc_quad quad) {
    return elc_web_code(quad.x, quad.y);
}

elc_quad elc_quad_of_code(int zoom, int64_t code) {
    return (elc_quad){zoom, (int32_t)gathered((uint64_t)code),
                      (int32_t)gathered((uint64_t)code >> 1)};
}

elc_status elc_quad_codes(const elc_point *lonlat, size_t n, int zoom, int64_t *out,
                          elc_error *err) {
    ELC_TRY(check_zoom(zoom, err));
    elc_web_choose()->codes(lonlat, n, zoom, out);
    return ELC_OK;
}

/* ---- quadkeys
 * ------------------------------------------------------------------------
 */

void elc_quad_text(elc_quad quad, char out[ELC_QUAD_TEXT]) {
    for (int i = 0; i < quad.zoom; i++) {
        int left = quad.zoom - 1 - i;
        out[i] = (char)('0' + (quad.x >> left & 1) + 2 * (quad.y >> left & 1));
    }
    out[quad.zoom] = '\0';
}

elc_status elc_quad_parse(const char *quadkey, elc_quad *out, elc_error *err) {
    size_t n = strnlen(quadkey, ELC_QUAD_TEXT);
    elc_quad quad = {(int)n, 0, 0};
    if (n > ELC_QUAD_ZOOM || strspn(quadkey, "0123") != n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "\"%.40s\" is no quadkey: those have at most %d digits of 0 to "
                        "3",
                        quadkey, ELC_QUAD_ZOOM);
    for (size_t i = 0; i < n; i++) {
        quad.x = quad.x << 1 | (quadkey[i] & 1);
        quad.y = quad.y << 1 | (quadkey[i] >> 1 & 1);
    }
    *out = quad;
    return ELC_OK;
}
