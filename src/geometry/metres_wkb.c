/* metres_wkb.c - metres on the ellipsoid between two geometries, each by itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include <math.h>

typedef struct pair {
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    GEOSGeometry *shapes[2];
    char said[300];
} pair;

static elc_status read_one(pair *p, int i, const void *wkb, size_t size,
                           elc_error *err) {
    elc_place_state state;
    ELC_TRY(elc_places_read(p->geos, p->reader, p->said, wkb, size, NULL, &p->shapes[i],
                            &state, err));
    if (state == ELC_PLACE_NOWHERE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a geometry has a coordinate that is no finite number");
    return ELC_OK;
}

static elc_status measure(pair *p, double *out, elc_error *err) {
    *out = NAN;
    if (p->shapes[0] == NULL || p->shapes[1] == NULL)
        return ELC_OK;
    if (elc_places_metres(p->geos, p->shapes[0], p->shapes[1], out) == ELC_OK)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "metres on the ellipsoid are known between a point and another "
                    "geometry; for two others take a CRS in metres");
}

elc_status elc_wkb_distance_m(const void *a, size_t size_a, const void *b,
                              size_t size_b, double *out, elc_error *err) {
    pair p = {.geos = NULL};
    elc_status status = ELC_E_MEMORY;
    p.geos = elc_places_geos(p.said);
    p.reader = p.geos != NULL ? GEOSWKBReader_create_r(p.geos) : NULL;
    if (p.reader == NULL)
        status = elc_places_fail("", ELC_E_MEMORY, err);
    else
        status = read_one(&p, 0, a, size_a, err);
    if (status == ELC_OK)
        status = read_one(&p, 1, b, size_b, err);
    if (status == ELC_OK)
        status = measure(&p, out, err);
    if (p.geos == NULL)
        return status;
    for (int i = 0; i < 2; i++)
        GEOSGeom_destroy_r(p.geos, p.shapes[i]);
    if (p.reader != NULL)
        GEOSWKBReader_destroy_r(p.geos, p.reader);
    GEOS_finish_r(p.geos);
    return status;
}
