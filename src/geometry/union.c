/* union.c - the outline of many pixel boxes, on the ground. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <geos_c.h>
#include <stdlib.h>

#include "geometry/globe.h"

typedef struct mapping {
    elc_point_map map;
    void *arg;
} mapping;

static int map_point(double *x, double *y, void *arg) {
    const mapping *m = arg;
    elc_point p = {*x, *y};
    m->map(m->arg, &p, 1);
    *x = p.x;
    *y = p.y;
    return 1;
}

static GEOSGeometry *collect(GEOSContextHandle_t geos, const double (*boxes)[4],
                             GEOSGeometry **parts, size_t n) {
    for (size_t i = 0; i < n; i++) {
        parts[i] = GEOSGeom_createRectangle_r(geos, boxes[i][0], boxes[i][1], boxes[i][2],
                                              boxes[i][3]);
        if (!parts[i]) {
            while (i-- > 0)
                GEOSGeom_destroy_r(geos, parts[i]);
            return NULL;
        }
    }
    return GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, parts,
                                       (unsigned)n);
}

/* Collection -> union -> with points along its sides -> moved to the ground; takes it. */
static GEOSGeometry *outline(GEOSContextHandle_t geos, GEOSGeometry *boxes, double step,
                             mapping *m) {
    GEOSGeometry *one = boxes ? GEOSUnaryUnion_r(geos, boxes) : NULL;
    GEOSGeometry *dense = one ? GEOSDensify_r(geos, one, step) : NULL;
    GEOSGeometry *ground =
        dense ? GEOSGeom_transformXY_r(geos, dense, map_point, m) : NULL;
    GEOSGeom_destroy_r(geos, boxes);
    GEOSGeom_destroy_r(geos, one);
    GEOSGeom_destroy_r(geos, dense);
    return ground;
}

static elc_status write_wkb(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                            elc_string *out, elc_error *err) {
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    size_t size = 0;
    unsigned char *wkb = NULL;
    if (writer) {
        GEOSWKBWriter_setByteOrder_r(geos, writer, GEOS_WKB_NDR);
        GEOSWKBWriter_setOutputDimension_r(geos, writer, 2);
        wkb = GEOSWKBWriter_write_r(geos, writer, shape, &size);
        GEOSWKBWriter_destroy_r(geos, writer);
    }
    if (!wkb)
        return elc_fail(err, ELC_E_MEMORY, "a footprint cannot be written as WKB");
    elc_status status = elc_string_append(out, wkb, size, err);
    GEOSFree_r(geos, wkb);
    return status;
}

static elc_status write_lonlat(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                               elc_string *out, elc_error *err) {
    GEOSGeometry *cut = NULL;
    if (!elc_globe_wraps(geos, shape))
        return write_wkb(geos, shape, out, err);
    ELC_TRY(elc_globe_cut(geos, shape, &cut, err));
    elc_status status = write_wkb(geos, cut, out, err);
    GEOSGeom_destroy_r(geos, cut);
    return status;
}

typedef elc_status (*writer)(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                             elc_string *out, elc_error *err);

static elc_status write_boxes(const double (*boxes)[4], size_t n, double step,
                              mapping *m, writer write, elc_string *out,
                              elc_error *err) {
    if (n == 0)
        return ELC_OK;
    GEOSGeometry **parts = NULL;
    ELC_TRY(elc_alloc(n, sizeof(GEOSGeometry *), &parts, err));
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSGeometry *ground = outline(geos, collect(geos, boxes, parts, n), step, m);
    elc_status status =
        ground ? write(geos, ground, out, err)
               : elc_fail(err, ELC_E_INTERNAL, "a footprint of %zu boxes failed", n);
    GEOSGeom_destroy_r(geos, ground);
    GEOS_finish_r(geos);
    free(parts);
    return status;
}

elc_status elc_wkb_boxes(const double (*boxes)[4], size_t n, double step,
                         elc_point_map map, void *arg, elc_string *out, elc_error *err) {
    mapping m = {map, arg};
    return write_boxes(boxes, n, step, &m, write_wkb, out, err);
}

elc_status elc_wkb_boxes_lonlat(const double (*boxes)[4], size_t n, double step,
                                elc_point_map map, void *arg, elc_string *out,
                                elc_error *err) {
    mapping m = {map, arg};
    return write_boxes(boxes, n, step, &m, write_lonlat, out, err);
}
