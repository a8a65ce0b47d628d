/* test_ogr_internal.c - CRSs between tables and OGR, and GDAL kept quiet. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <layer/ogr.h>

#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>

static OGRSpatialReferenceH srs_of(const char *text) {
    OGRSpatialReferenceH srs = NULL;
    elc_error err = {0};
    if (elc_ogr_srs(text, &srs, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return srs;
}

/* A table's CRS may come from anywhere: OGR would open a file or ask a server for it.
 */
static void test_a_crs_that_is_a_file_or_address_is_refused(void **state) {
    static const char *const texts[] = {"/etc/passwd",
                                        "crs.prj",
                                        "http://localhost/x",
                                        "@file",
                                        "../x",
                                        "/vsicurl/http://x",
                                        "http:x/../y[EPSG]",
                                        "EPSG:/x",
                                        " "};
    OGRSpatialReferenceH srs = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(elc_ogr_srs(texts[i], &srs, NULL), ELC_E_FORMAT);
    assert_null(srs);
}

static void test_a_crs_that_is_none_is_refused(void **state) {
    static const char *const texts[] = {"{\"type\": 1}", "{", "GEOGCS[\"x\"", "EPSG:0",
                                        "NOBODY:1"};
    OGRSpatialReferenceH srs = NULL;
    elc_ogr_scope scope;
    (void)state;
    elc_ogr_enter(&scope, ELC_OGR_READ);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(elc_ogr_srs(texts[i], &srs, NULL), ELC_E_FORMAT);
    elc_ogr_leave(&scope);
    assert_null(srs);
}

static void test_longitude_and_latitude_are_known_by_any_name(void **state) {
    static const struct {
        const char *text;
        bool lonlat;
    } cases[] = {{"OGC:CRS84", true},  {"EPSG:4326", true},   {"EPSG:4258", false},
                 {"EPSG:3857", false}, {"EPSG:32633", false}, {"EPSG:4979", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        OGRSpatialReferenceH srs = srs_of(cases[i].text);
        assert_int_equal(elc_ogr_is_lonlat(srs), cases[i].lonlat);
        OSRRelease(srs);
    }
}

static void test_no_crs_is_no_crs(void **state) {
    (void)state;
    assert_null(srs_of(""));
}

static void count(CPLErr class, CPLErrorNum number, const char *text) {
    (void)class, (void)number, (void)text;
    ++*(int *)CPLGetErrorHandlerUserData();
}

static void test_a_scope_keeps_the_first_failure_and_prints_none(void **state) {
    int heard = 0;
    elc_ogr_scope scope;
    (void)state;
    CPLPushErrorHandlerEx(count, &heard);
    elc_ogr_enter(&scope, ELC_OGR_WRITE);
    CPLError(CE_Warning, CPLE_AppDefined, "only a warning");
    assert_false(elc_ogr_failed(&scope));
    CPLError(CE_Failure, CPLE_AppDefined, "the cause");
    CPLError(CE_Failure, CPLE_AppDefined, "its echo");
    assert_string_equal(elc_ogr_reason(&scope), "the cause");
    elc_ogr_leave(&scope);
    assert_int_equal(heard, 0);
    CPLError(CE_Failure, CPLE_AppDefined, "after it");
    CPLPopErrorHandler();
    assert_int_equal(heard, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_crs_that_is_a_file_or_address_is_refused),
        cmocka_unit_test(test_a_crs_that_is_none_is_refused),
        cmocka_unit_test(test_longitude_and_latitude_are_known_by_any_name),
        cmocka_unit_test(test_no_crs_is_no_crs),
        cmocka_unit_test(test_a_scope_keeps_the_first_failure_and_prints_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
