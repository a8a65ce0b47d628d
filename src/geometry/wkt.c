/* wkt.c - the outline of a polygon that is text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <geos_c.h>

static void stay_silent(const char *message, void *data) {
    (void)message;
    (void)data;
}

/* GEOS reads collections in each other as deep as they go; polygons have no depth. */
static bool is_polygon(const char *text) {
    text += strspn(text, " \t\r\n");
    return strncasecmp(text, "POLYGON", 7) == 0 ||
           strncasecmp(text, "MULTIPOLYGON", 12) == 0;
}

static unsigned char *wkb_of(GEOSContextHandle_t geos, const char *text, size_t *size) {
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = reader ? GEOSWKTReader_read_r(geos, reader, text) : NULL;
    unsigned char *wkb = shape ? GEOSGeomToWKB_buf_r(geos, shape, size) : NULL;
    GEOSGeom_destroy_r(geos, shape);
    if (reader != NULL)
        GEOSWKTReader_destroy_r(geos, reader);
    return wkb;
}

elc_status elc_wkt_shape(const char *text, elc_point **points, size_t *n,
                         size_t *capacity, elc_error *err) {
    size_t size = 0;
    if (!is_polygon(text))
        return elc_fail(err, ELC_E_FORMAT, "'%.40s' is no POLYGON or MULTIPOLYGON",
                        text);
    GEOSContextHandle_t geos = GEOS_init_r();
    if (geos == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for GEOS");
    GEOSContext_setErrorMessageHandler_r(geos, stay_silent, NULL);
    unsigned char *wkb = wkb_of(geos, text, &size);
    elc_status status =
        wkb ? elc_wkb_shape(wkb, size, points, n, capacity, err)
            : elc_fail(err, ELC_E_FORMAT, "'%.40s' is a polygon that cannot be read",
                       text);
    GEOSFree_r(geos, wkb);
    GEOS_finish_r(geos);
    return status;
}
