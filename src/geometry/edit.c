/* edit.c - geometries made valid, simpler, or wider, each by itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/edit.h"

#include <math.h>
#include <stdlib.h>

#define QUARTER 16 /* segments of a quarter of a circle */

elc_status elc_edit_create(const elc_crs *crs, bool stated, elc_edit **out,
                           elc_error *err) {
    elc_edit *e;
    ELC_TRY(elc_alloc(1, sizeof *e, &e, err));
    e->globe = stated && (crs == NULL || elc_crs_is_geographic(crs));
    elc_status status = elc_geos_open(&e->geos, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(crs, NULL, &e->to_lonlat, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(NULL, crs, &e->to_crs, err);
    if (status != ELC_OK) {
        elc_edit_free(e);
        return status;
    }
    *out = e;
    return ELC_OK;
}

void elc_edit_free(elc_edit *e) {
    if (e == NULL)
        return;
    elc_geos_close(&e->geos);
    elc_transform_free(e->to_lonlat);
    elc_transform_free(e->to_crs);
    free(e);
}

double elc_edit_error(const elc_edit *e) {
    return e->error;
}

/* Takes the shape; NULL and empty ones append nothing. */
static elc_status write_take(elc_edit *e, GEOSGeometry *shape, elc_string *out,
                             elc_error *err) {
    elc_status status = ELC_OK;
    if (shape != NULL && GEOSisEmpty_r(e->geos.handle, shape) == 0)
        status = elc_geos_write(&e->geos, shape, out, err);
    GEOSGeom_destroy_r(e->geos.handle, shape);
    return status;
}

elc_status elc_edit_valid(elc_edit *e, const void *wkb, size_t size, elc_string *out,
                          elc_taken *taken, elc_error *err) {
    GEOSGeometry *shape = NULL;
    ELC_TRY(elc_geos_mend(&e->geos, wkb, size, NULL, e->globe, &shape, taken, err));
    return write_take(e, shape, out, err);
}

/* ---- simpler -------------------------------------------------------------------- */

double elc_edit_scale(elc_edit *e, const GEOSGeometry *shape, double *lat) {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    GEOSGeom_getXMin_r(e->geos.handle, shape, &x0);
    GEOSGeom_getYMin_r(e->geos.handle, shape, &y0);
    GEOSGeom_getXMax_r(e->geos.handle, shape, &x1);
    GEOSGeom_getYMax_r(e->geos.handle, shape, &y1);
    double step = e->globe ? 1e-4 : 1;
    elc_point middle = {x0 + (x1 - x0) / 2, y0 + (y1 - y0) / 2};
    elc_point at[] = {{middle.x - step, middle.y},
                      {middle.x + step, middle.y},
                      {middle.x, middle.y - step},
                      {middle.x, middle.y + step}};
    if (e->to_lonlat != NULL)
        elc_transform_points(e->to_lonlat, at, 4);
    *lat = at[0].y;
    return fmax(elc_distance_m(at[0], at[1]), elc_distance_m(at[2], at[3])) /
           (2 * step);
}

elc_status elc_edit_simplify(elc_edit *e, const void *wkb, size_t size,
                             double tolerance, bool metres, elc_string *out,
                             elc_taken *taken, elc_error *err) {
    GEOSGeometry *shape = NULL;
    double lat;
    ELC_TRY(elc_geos_mend(&e->geos, wkb, size, NULL, e->globe, &shape, taken, err));
    if (shape == NULL)
        return ELC_OK;
    if (metres)
        tolerance /= elc_edit_scale(e, shape, &lat);
    if (!isfinite(tolerance)) {
        *taken = ELC_TAKEN_NOWHERE;
        GEOSGeom_destroy_r(e->geos.handle, shape);
        return ELC_OK;
    }
    GEOSGeometry *made =
        GEOSTopologyPreserveSimplify_r(e->geos.handle, shape, tolerance);
    GEOSGeom_destroy_r(e->geos.handle, shape);
    if (made == NULL)
        return elc_geos_fail(&e->geos, "a geometry cannot be simplified", err);
    return write_take(e, made, out, err);
}

/* ---- wider ---------------------------------------------------------------------- */

elc_status elc_edit_buffer(elc_edit *e, const void *wkb, size_t size, double distance,
                           bool metres, elc_string *out, elc_taken *taken,
                           elc_error *err) {
    GEOSGeometry *shape = NULL, *made = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_geos_mend(&e->geos, wkb, size, NULL, e->globe, &shape, taken, err));
    if (shape == NULL)
        return ELC_OK;
    if (metres)
        status = elc_edit_buffer_metres(e, shape, distance, &made, err);
    else
        made = GEOSBuffer_r(e->geos.handle, shape, distance, QUARTER);
    if (status == ELC_OK && !metres && made == NULL)
        status = elc_geos_fail(&e->geos, "a geometry has no buffer", err);
    GEOSGeom_destroy_r(e->geos.handle, shape);
    ELC_TRY(status);
    return write_take(e, made, out, err);
}
