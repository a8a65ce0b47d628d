/* vacant.c - MultiPoints with points of no coordinates: OGR writes null for them, and
   reads none. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "vacant.h"

static bool is_points(OGRGeometryH shape) {
    return wkbFlatten(OGR_G_GetGeometryType(shape)) == wkbMultiPoint;
}

static bool is_collection(OGRGeometryH shape) {
    return wkbFlatten(OGR_G_GetGeometryType(shape)) == wkbGeometryCollection;
}

bool elc_vacant_is(OGRGeometryH shape) {
    bool points = is_points(shape);
    if (!points && !is_collection(shape))
        return false;
    for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++) {
        OGRGeometryH part = OGR_G_GetGeometryRef(shape, i);
        if (points ? OGR_G_IsEmpty(part) : elc_vacant_is(part))
            return true;
    }
    return false;
}

OGRGeometryH elc_vacant_drop(OGRGeometryH shape) {
    bool points = is_points(shape);
    if (!points && !is_collection(shape))
        return OGR_G_Clone(shape);
    OGRGeometryH out = OGR_G_CreateGeometry(OGR_G_GetGeometryType(shape));
    for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++) {
        OGRGeometryH part = OGR_G_GetGeometryRef(shape, i);
        if (!points || !OGR_G_IsEmpty(part))
            OGR_G_AddGeometryDirectly(out, elc_vacant_drop(part));
    }
    return out;
}
