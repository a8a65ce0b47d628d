/* utm_crs.c - whether a CRS is UTM or Web Mercator on WGS 84, by its numbers and not by
   its name. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/utm.h"

/* ---- axes and datum ---------------------------------------------------------------
 */

/* Two axes, east and north in any order, in units of `unit` SI units. */
static bool has_axes(elc_proj *p, const PJ *crs, double unit) {
    PJ *cs = proj_crs_get_coordinate_system(p->context, crs);
    int east = 0, north = 0;
    for (int i = 0; cs && i < 2; i++) {
        const char *direction = NULL;
        double factor = 0;
        if (!proj_cs_get_axis_info(p->context, cs, i, NULL, NULL, &direction, &factor,
                                   NULL, NULL, NULL) ||
            !direction || fabs(factor / unit - 1) > 1e-12)
            break;
        east += !strcmp(direction, "east");
        north += !strcmp(direction, "north");
    }
    proj_destroy(cs);
    return east == 1 && north == 1;
}

static bool is_on_wgs84(elc_proj *p, const PJ *geographic) {
    PJ *wgs84 = proj_create(p->context, "EPSG:4326");
    bool same =
        wgs84 && geographic &&
        proj_is_equivalent_to_with_ctx(p->context, geographic, wgs84,
                                       PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS);
    proj_destroy(wgs84);
    return same;
}

bool elc_utm_is_wgs84(elc_proj *p, const PJ *crs) {
    return proj_get_type(crs) == PJ_TYPE_GEOGRAPHIC_2D_CRS &&
           has_axes(p, crs, 0.017453292519943295) && is_on_wgs84(p, crs);
}

/* ---- the projection ---------------------------------------------------------------
 */

/* EPSG's codes of what a transverse Mercator projection takes, in SI units. */
enum { LATITUDE = 8801, LONGITUDE, SCALE = 8805, EASTING, NORTHING };

static bool has_code(const char *authority, const char *code, int number) {
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    return authority && code && !strcmp(authority, "EPSG") && !strcmp(code, text);
}

/* NAN when there is none. */
static double parameter(elc_proj *p, const PJ *conversion, int number) {
    int n = proj_coordoperation_get_param_count(p->context, conversion);
    for (int i = 0; i < n; i++) {
        const char *authority = NULL, *code = NULL;
        double value = NAN, unit = NAN;
        if (proj_coordoperation_get_param(p->context, conversion, i, NULL, &authority,
                                          &code, &value, NULL, &unit, NULL, NULL, NULL,
                                          NULL) &&
            has_code(authority, code, number))
            return value * unit;
    }
    return NAN;
}

enum { TRANSVERSE_MERCATOR = 9807, PSEUDO_MERCATOR = 1024 };

static bool has_method(elc_proj *p, const PJ *conversion, int number) {
    const char *authority = NULL, *code = NULL;
    return conversion &&
           proj_coordoperation_get_method_info(p->context, conversion, NULL, &authority,
                                               &code) &&
           has_code(authority, code, number);
}

static bool read_zone(elc_proj *p, const PJ *conversion, int *zone, bool *south) {
    double lon0 = parameter(p, conversion, LONGITUDE) / 0.017453292519943295;
    double north = parameter(p, conversion, NORTHING);
    double number = (lon0 + 183) / 6, whole = round(number);
    if (!(fabs(number - whole) < 1e-12) || !(whole >= 1 && whole <= 60) ||
        parameter(p, conversion, LATITUDE) != 0 ||
        parameter(p, conversion, SCALE) != 0.9996 ||
        parameter(p, conversion, EASTING) != 500000 ||
        (north != 0 && north != 10000000))
        return false;
    *zone = (int)whole;
    *south = north > 0;
    return true;
}

bool elc_utm_is(elc_proj *p, const PJ *crs, int *zone, bool *south) {
    if (proj_get_type(crs) != PJ_TYPE_PROJECTED_CRS || !has_axes(p, crs, 1))
        return false;
    PJ *conversion = proj_crs_get_coordoperation(p->context, crs);
    bool is = has_method(p, conversion, TRANSVERSE_MERCATOR) &&
              read_zone(p, conversion, zone, south);
    proj_destroy(conversion);
    PJ *base = is ? proj_crs_get_geodetic_crs(p->context, crs) : NULL;
    is = is && is_on_wgs84(p, base);
    proj_destroy(base);
    return is;
}

bool elc_web_is(elc_proj *p, const PJ *crs) {
    if (proj_get_type(crs) != PJ_TYPE_PROJECTED_CRS || !has_axes(p, crs, 1))
        return false;
    PJ *conversion = proj_crs_get_coordoperation(p->context, crs);
    bool is = has_method(p, conversion, PSEUDO_MERCATOR) &&
              parameter(p, conversion, LATITUDE) == 0 &&
              parameter(p, conversion, LONGITUDE) == 0 &&
              parameter(p, conversion, EASTING) == 0 &&
              parameter(p, conversion, NORTHING) == 0;
    proj_destroy(conversion);
    PJ *base = is ? proj_crs_get_geodetic_crs(p->context, crs) : NULL;
    is = is && is_on_wgs84(p, base);
    proj_destroy(base);
    return is;
}
