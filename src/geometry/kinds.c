/* kinds.c - the types of WKB: their names, and what they are made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/wkb.h"

#include <string.h>
#include <strings.h>

static const elc_wkb_kind kinds[] = {
    {"POINT", "Point", ELC_WKB_POINT, 0, ELC_BUILT_AS_POINT},
    {"LINESTRING", "LineString", ELC_WKB_LINE, 0, ELC_BUILT_AS_LINE},
    {"POLYGON", "Polygon", ELC_WKB_POLYGON, 0, ELC_BUILT_OF_RINGS},
    {"MULTIPOINT", "MultiPoint", ELC_WKB_MULTIPOINT, ELC_WKB_POINT, ELC_BUILT_OF_PARTS},
    {"MULTILINESTRING", "MultiLineString", ELC_WKB_MULTILINE, ELC_WKB_LINE,
     ELC_BUILT_OF_PARTS},
    {"MULTIPOLYGON", "MultiPolygon", ELC_WKB_MULTIPOLYGON, ELC_WKB_POLYGON,
     ELC_BUILT_OF_PARTS},
    {"GEOMETRYCOLLECTION", "GeometryCollection", ELC_WKB_COLLECTION, 0,
     ELC_BUILT_OF_ANY},
    {"CIRCULARSTRING", NULL, ELC_WKB_CIRCULAR, 0, ELC_BUILT_OF_CURVES},
    {"COMPOUNDCURVE", NULL, ELC_WKB_COMPOUND, 0, ELC_BUILT_OF_CURVES},
    {"CURVEPOLYGON", NULL, ELC_WKB_CURVEPOLYGON, 0, ELC_BUILT_OF_CURVES},
    {"MULTICURVE", NULL, ELC_WKB_MULTICURVE, 0, ELC_BUILT_OF_CURVES},
    {"MULTISURFACE", NULL, ELC_WKB_MULTISURFACE, 0, ELC_BUILT_OF_CURVES},
    {"CURVE", NULL, ELC_WKB_CURVE, 0, ELC_BUILT_OF_CURVES},
    {"SURFACE", NULL, ELC_WKB_SURFACE, 0, ELC_BUILT_OF_CURVES},
    {"POLYHEDRALSURFACE", NULL, ELC_WKB_POLYHEDRAL, ELC_WKB_POLYGON,
     ELC_BUILT_OF_PARTS},
    {"TIN", NULL, ELC_WKB_TIN, ELC_WKB_TRIANGLE, ELC_BUILT_OF_PARTS},
    {"TRIANGLE", NULL, ELC_WKB_TRIANGLE, 0, ELC_BUILT_OF_RINGS},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const elc_wkb_kind *elc_wkb_kind_of(uint32_t number) {
    return number >= 1 && number <= KINDS ? &kinds[number - 1] : NULL;
}

const elc_wkb_kind *elc_wkb_kind_named(const char *name, size_t n) {
    for (size_t i = 0; i < KINDS; i++)
        if (strncasecmp(kinds[i].name, name, n) == 0 && kinds[i].name[n] == '\0')
            return &kinds[i];
    return NULL;
}

const elc_wkb_kind *elc_wkb_kind_of_json(const char *name, size_t n) {
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].json != NULL && elc_json_is(name, n, kinds[i].json))
            return &kinds[i];
    return NULL;
}

elc_status elc_wkb_refuse_curves(const elc_wkb_kind *kind, elc_error *err) {
    if (kind->build != ELC_BUILT_OF_CURVES)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: curves cannot be used; make lines of them first, as "
                    "ST_CurveToLine or ogr2ogr -nlt CONVERT_TO_LINEAR do",
                    kind->name);
}
