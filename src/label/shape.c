/* shape.c - outlines of one ring, whatever parts and holes a shape has. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/shape.h"

#include <stdlib.h>
#include <string.h>

static elc_status append(elc_label_ring *ring, const elc_point *points, size_t n,
                         elc_error *err) {
    ELC_TRY(elc_reserve(&ring->points, &ring->capacity, ring->n + n,
                        sizeof *ring->points, err));
    memcpy(ring->points + ring->n, points, n * sizeof *points);
    ring->n += n;
    return ELC_OK;
}

elc_status elc_label_ring_join(elc_label_ring *ring, const elc_point *part, size_t n,
                               elc_error *err) {
    if (n == 0)
        return ELC_OK;
    if (ring->n == 0)
        return append(ring, part, n, err);
    elc_point first = ring->points[0];
    ELC_TRY(append(ring, &first, 1, err));
    ELC_TRY(append(ring, part, n, err));
    return append(ring, part, 1, err);
}

static elc_status join_line(GEOSContextHandle_t geos, const GEOSGeometry *line,
                            elc_label_ring *ring, elc_error *err) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
    unsigned n = 0;
    elc_point *part = NULL;
    if (points == NULL || !GEOSCoordSeq_getSize_r(geos, points, &n) || n < 4)
        return ELC_OK;
    ELC_TRY(elc_alloc(n, sizeof *part, &part, err));
    for (unsigned i = 0; i < n; i++)
        GEOSCoordSeq_getXY_r(geos, points, i, &part[i].x, &part[i].y);
    elc_status status = elc_label_ring_join(ring, part, n - 1, err);
    free(part);
    return status;
}

static elc_status join_polygon(GEOSContextHandle_t geos, const GEOSGeometry *polygon,
                               elc_label_ring *ring, elc_error *err) {
    ELC_TRY(join_line(geos, GEOSGetExteriorRing_r(geos, polygon), ring, err));
    int n = GEOSGetNumInteriorRings_r(geos, polygon);
    for (int i = 0; i < n; i++)
        ELC_TRY(join_line(geos, GEOSGetInteriorRingN_r(geos, polygon, i), ring, err));
    return ELC_OK;
}

elc_status elc_label_ring_of(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                             elc_label_ring *ring, elc_error *err) {
    int type = GEOSGeomTypeId_r(geos, shape);
    if (GEOSisEmpty_r(geos, shape) == 1)
        return ELC_OK;
    if (type == GEOS_POLYGON)
        return join_polygon(geos, shape, ring, err);
    if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION)
        return ELC_OK;
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n; i++)
        ELC_TRY(elc_label_ring_of(geos, GEOSGetGeometryN_r(geos, shape, i), ring, err));
    return ELC_OK;
}

GEOSGeometry *elc_label_polygon(GEOSContextHandle_t geos, const elc_point *ring,
                                size_t n) {
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)n + 1, 2);
    if (points == NULL)
        return NULL;
    for (size_t i = 0; i <= n; i++)
        GEOSCoordSeq_setXY_r(geos, points, (unsigned)i, ring[i % n].x, ring[i % n].y);
    GEOSGeometry *line = GEOSGeom_createLinearRing_r(geos, points);
    return line ? GEOSGeom_createPolygon_r(geos, line, NULL, 0) : NULL;
}
