/* test_round_trips.c - random geometries of every type and dimension, through every
   spelling and back to the same bytes; GDAL and GEOS read what is written, and what
   they write is read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <geos_c.h>
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <ogr_api.h>

enum { ROUNDS = 400 }; /* of each type and dimension */

typedef elc_status (*read_text)(const char *, size_t, elc_string *, int32_t *,
                                elc_error *);

static GEOSContextHandle_t geos;

static int set_up(void **state) {
    (void)state;
    geos = GEOS_init_r();
    CPLSetConfigOption("OGR_WKT_PRECISION", "15");
    CPLSetErrorHandler(CPLQuietErrorHandler);
    return geos ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

static bool same_bytes(const elc_string *a, const void *b, size_t n) {
    return a->size == n && memcmp(a->data, b, n) == 0;
}

static void fail_of(const char *what, const elc_string *wkb, const char *other) {
    elc_string text = {0};
    elc_wkb_to_wkt(wkb->data, wkb->size, ELC_EXACT, &text, NULL);
    fail_msg("%s: %s\n%s", what, text.data, other);
}

/* What was written reads back as the same bytes. */
static void comes_back(const elc_string *wkb, const char *text, size_t size,
                       read_text read, int32_t wanted, const char *what) {
    elc_string got = {0};
    elc_error err = {0};
    int32_t srid = -1;
    if (read(text, size, &got, &srid, &err) != ELC_OK)
        fail_of(what, wkb, err.message);
    if (!same_bytes(&got, wkb->data, wkb->size) || srid != wanted)
        fail_of(what, wkb, "is not what was read");
    elc_string_free(&got);
}

static elc_status from_ewkb(const char *text, size_t size, elc_string *out,
                            int32_t *srid, elc_error *err) {
    return elc_wkb_from_ewkb(text, size, out, srid, err);
}

static void rounds_of(uint32_t kind, const random_wish *wish,
                      void (*body)(const elc_string *wkb)) {
    for (int i = 0; i < ROUNDS; i++) {
        elc_string wkb = {0};
        random_wkb(kind, wish, &wkb);
        body(&wkb);
        elc_string_free(&wkb);
    }
}

/* Each kind of geometry so many times, with so many of XY, Z, M, ZM. */
static void each(bool surfaces, int dims, random_wish wish,
                 void (*body)(const elc_string *wkb)) {
    for (int d = 0; d < dims; d++) {
        wish.z = d % 2;
        wish.m = d / 2;
        for (uint32_t kind = 1; kind <= 7; kind++)
            rounds_of(kind, &wish, body);
        for (uint32_t kind = 15; kind <= 17 && surfaces; kind++)
            rounds_of(kind, &wish, body);
    }
}

/* ---- by themselves ----------------------------------------------------------------
 */

static void through_all(const elc_string *wkb) {
    elc_string text = {0};
    assert_int_equal(elc_wkb_to_wkt(wkb->data, wkb->size, ELC_EXACT, &text, NULL),
                     ELC_OK);
    comes_back(wkb, text.data, text.size, elc_wkb_from_wkt, 0, "WKT");
    text.size = 0;
    assert_int_equal(elc_wkb_to_hex(wkb->data, wkb->size, &text, NULL), ELC_OK);
    comes_back(wkb, text.data, text.size, elc_wkb_from_hex, 0, "hex");
    for (int32_t srid = 0; srid < 9000; srid += 4326) {
        text.size = 0;
        assert_int_equal(elc_wkb_to_ewkb(wkb->data, wkb->size, srid, &text, NULL),
                         ELC_OK);
        comes_back(wkb, text.data, text.size, from_ewkb, srid, "EWKB");
    }
    comes_back(wkb, wkb->data, wkb->size, from_ewkb, 0, "WKB");
    elc_string_free(&text);
}

static void through_geojson(const elc_string *wkb) {
    elc_string text = {0};
    assert_int_equal(elc_wkb_to_geojson(wkb->data, wkb->size, ELC_EXACT, &text, NULL),
                     ELC_OK);
    comes_back(wkb, text.data, text.size, elc_wkb_from_geojson, 0, text.data);
    elc_string_free(&text);
}

/* But that nothing at all has no Z there. */
static void test_every_type_comes_back_from_geojson(void **state) {
    (void)state;
    each(false, 1, (random_wish){0}, through_geojson);
}

static void test_every_type_comes_back_from_wkt_hex_and_ewkb(void **state) {
    (void)state;
    each(true, 4, (random_wish){0}, through_all);
}

/* ---- GDAL -------------------------------------------------------------------------
 */

/* Its text has not every number, and leaves EMPTY parts out: these tests have
 * neither.*/
static OGRGeometryH ogr_of(const elc_string *wkb) {
    OGRGeometryH shape = NULL;
    if (OGR_G_CreateFromWkb(wkb->data, NULL, &shape, (int)wkb->size) != 0)
        fail_of("WKB for GDAL", wkb, "cannot be read");
    return shape;
}

static void is_ogr(OGRGeometryH shape, const elc_string *wkb, const char *what) {
    int size = OGR_G_WkbSize(shape);
    unsigned char *bytes = malloc((size_t)size);
    OGR_G_ExportToIsoWkb(shape, wkbNDR, bytes);
    if (!same_bytes(wkb, bytes, (size_t)size))
        fail_of(what, wkb, "is not what GDAL has");
    free(bytes);
    OGR_G_DestroyGeometry(shape);
}

/* GDAL gives GDAL back what was read, in both byte orders, and reads our text alike. */
static void through_ogr(const elc_string *wkb) {
    OGRGeometryH shape = ogr_of(wkb), again = NULL;
    int size = OGR_G_WkbSize(shape);
    char *text = NULL, *bytes = malloc((size_t)size);
    OGR_G_ExportToIsoWkb(shape, wkbXDR, (unsigned char *)bytes);
    comes_back(wkb, bytes, (size_t)size, from_ewkb, 0, "WKB of GDAL");
    OGR_G_ExportToIsoWkt(shape, &text);
    comes_back(wkb, text, strlen(text), elc_wkb_from_wkt, 0, text);
    CPLFree(text);
    free(bytes);
    OGR_G_DestroyGeometry(shape);
    elc_string ours = {0};
    elc_wkb_to_wkt(wkb->data, wkb->size, ELC_EXACT, &ours, NULL);
    char *at = ours.data;
    if (OGR_G_CreateFromWkt(&at, NULL, &again) != 0)
        fail_of("WKT for GDAL", wkb, "cannot be read");
    is_ogr(again, wkb, "WKT for GDAL");
    elc_string_free(&ours);
}

static void test_every_type_is_read_and_written_as_gdal_does(void **state) {
    (void)state;
    each(true, 4, (random_wish){.tame = true, .no_empty = true}, through_ogr);
}

static void through_json(const elc_string *wkb) {
    OGRGeometryH shape = ogr_of(wkb);
    char **options = CSLAddString(NULL, "COORDINATE_PRECISION=15");
    char *text = OGR_G_ExportToJsonEx(shape, options);
    comes_back(wkb, text, strlen(text), elc_wkb_from_geojson, 0, text);
    CPLFree(text);
    CSLDestroy(options);
    OGR_G_DestroyGeometry(shape);
    elc_string ours = {0};
    elc_wkb_to_geojson(wkb->data, wkb->size, ELC_EXACT, &ours, NULL);
    is_ogr(OGR_G_CreateGeometryFromJson(ours.data), wkb, "GeoJSON for GDAL");
    elc_string_free(&ours);
}

static void test_geojson_is_read_and_written_as_gdal_does(void **state) {
    (void)state;
    each(false, 2, (random_wish){.tame = true, .no_empty = true}, through_json);
}

/* ---- GEOS -------------------------------------------------------------------------
 */

static void through_geos(const elc_string *wkb) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    GEOSGeometry *shape =
        GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb->data, wkb->size);
    GEOSSetSRID_r(geos, shape, 25833);
    GEOSWKBWriter_setOutputDimension_r(geos, writer, 3);
    GEOSWKBWriter_setIncludeSRID_r(geos, writer, 1);
    for (int order = 0; order < 2; order++)
        for (int flavor = GEOS_WKB_EXTENDED; flavor <= GEOS_WKB_ISO; flavor++) {
            size_t size;
            GEOSWKBWriter_setByteOrder_r(geos, writer, order);
            GEOSWKBWriter_setFlavor_r(geos, writer, flavor);
            unsigned char *bytes = GEOSWKBWriter_write_r(geos, writer, shape, &size);
            comes_back(wkb, (char *)bytes, size, from_ewkb,
                       flavor == GEOS_WKB_EXTENDED ? 25833 : 0, "WKB of GEOS");
            GEOSFree_r(geos, bytes);
        }
    GEOSGeom_destroy_r(geos, shape);
    GEOSWKBWriter_destroy_r(geos, writer);
    GEOSWKBReader_destroy_r(geos, reader);
}

static void test_wkb_of_geos_comes_back_in_both_orders_and_flavours(void **state) {
    (void)state;
    each(false, 2, (random_wish){.no_empty = true}, through_geos);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_comes_back_from_wkt_hex_and_ewkb),
        cmocka_unit_test(test_every_type_comes_back_from_geojson),
        cmocka_unit_test(test_every_type_is_read_and_written_as_gdal_does),
        cmocka_unit_test(test_geojson_is_read_and_written_as_gdal_does),
        cmocka_unit_test(test_wkb_of_geos_comes_back_in_both_orders_and_flavours),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
