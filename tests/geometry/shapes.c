/* shapes.c - geometries of tests, from WKT to WKB and back by GEOS alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shapes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static GEOSContextHandle_t geos;

int shapes_set_up(void **state) {
    (void)state;
    geos = GEOS_init_r();
    return geos ? 0 : -1;
}

int shapes_tear_down(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

GEOSContextHandle_t shapes_geos(void) {
    return geos;
}

GEOSGeometry *shapes_of_wkt(const char *wkt) {
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt);
    GEOSWKTReader_destroy_r(geos, reader);
    if (shape == NULL)
        fail_msg("%s is no WKT", wkt);
    return shape;
}

GEOSGeometry *shapes_of_wkb(const elc_string *wkb) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *shape =
        GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb->data, wkb->size);
    GEOSWKBReader_destroy_r(geos, reader);
    assert_non_null(shape);
    return shape;
}

elc_string shapes_wkb(const char *wkt) {
    GEOSGeometry *shape = shapes_of_wkt(wkt);
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    size_t size = 0;
    elc_string out = {0};
    GEOSWKBWriter_setOutputDimension_r(geos, writer, 3);
    unsigned char *wkb = GEOSWKBWriter_write_r(geos, writer, shape, &size);
    assert_non_null(wkb);
    assert_int_equal(elc_string_append(&out, wkb, size, NULL), ELC_OK);
    GEOSFree_r(geos, wkb);
    GEOSWKBWriter_destroy_r(geos, writer);
    GEOSGeom_destroy_r(geos, shape);
    return out;
}
