/* text.c - geometries as well-known text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <string.h>

#include <geos_c.h>

static char *write_text(GEOSContextHandle_t geos, const void *wkb, size_t size,
                        int decimals) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSWKTWriter *writer = GEOSWKTWriter_create_r(geos);
    GEOSGeometry *shape = reader ? GEOSWKBReader_read_r(geos, reader, wkb, size) : NULL;
    char *text = NULL;
    if (shape && writer) {
        GEOSWKTWriter_setTrim_r(geos, writer, 1);
        GEOSWKTWriter_setRoundingPrecision_r(geos, writer, decimals);
        text = GEOSWKTWriter_write_r(geos, writer, shape);
    }
    GEOSGeom_destroy_r(geos, shape);
    if (writer)
        GEOSWKTWriter_destroy_r(geos, writer);
    if (reader)
        GEOSWKBReader_destroy_r(geos, reader);
    return text;
}

elc_status elc_wkb_text(const void *wkb, size_t size, int decimals, elc_string *out,
                        elc_error *err) {
    ELC_TRY(elc_wkb_check(wkb, size, err));
    GEOSContextHandle_t geos = GEOS_init_r();
    char *text = write_text(geos, wkb, size, decimals);
    elc_status status =
        text ? elc_string_append(out, text, strlen(text), err)
             : elc_fail(err, ELC_E_FORMAT, "a geometry cannot be written as text");
    GEOSFree_r(geos, text);
    GEOS_finish_r(geos);
    return status;
}
