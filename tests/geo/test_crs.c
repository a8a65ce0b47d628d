/* test_crs.c - CRSs from any text: labels, equality, and what is refused. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static elc_crs *crs_of(const char *text) {
    elc_crs *crs = NULL;
    elc_error err = {0};
    if (elc_crs_create(text, &crs, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return crs;
}

static void is_labelled(const char *text, const char *label, bool geographic) {
    elc_crs *crs = crs_of(text);
    assert_string_equal(elc_crs_label(crs), label);
    assert_int_equal(elc_crs_is_geographic(crs), geographic);
    elc_crs_free(crs);
}

static void test_crs_is_made_of_codes_names_and_proj_text(void **state) {
    (void)state;
    is_labelled("EPSG:32633", "EPSG:32633", false);
    is_labelled("epsg:4326", "EPSG:4326", true);
    is_labelled("OGC:CRS84", "OGC:CRS84", true);
    is_labelled("urn:ogc:def:crs:EPSG::2154", "EPSG:2154", false);
    is_labelled("WGS 84 / UTM zone 33N", "EPSG:32633", false);
    is_labelled("  +proj=utm +zone=33 +datum=WGS84", "unknown", false);
    is_labelled("+proj=longlat +datum=WGS84 +type=crs", "unknown", true);
    is_labelled("+proj=lcc +lat_0=46 +lat_1=49 +lat_2=44 +ellps=bessel "
                "+towgs84=1,2,3,0,0,0,0",
                "unknown", false);
}

static void test_crs_counts_as_its_horizontal_part(void **state) {
    (void)state;
    is_labelled("EPSG:32633+5773", "EPSG:32633", false);
    is_labelled("EPSG:4979", "EPSG:4326", true);
}

static bool are_equal(const char *a, const char *b) {
    elc_crs *x = crs_of(a), *y = crs_of(b);
    bool equal = elc_crs_equal(x, y);
    assert_int_equal(elc_crs_equal(y, x), equal);
    elc_crs_free(x);
    elc_crs_free(y);
    return equal;
}

static void test_crs_equality_overlooks_axis_order_and_names(void **state) {
    (void)state;
    assert_true(are_equal("EPSG:4326", "EPSG:4326"));
    assert_true(are_equal("EPSG:4326", "OGC:CRS84"));
    assert_true(are_equal("EPSG:32633", "+proj=utm +zone=33 +datum=WGS84"));
    assert_true(are_equal("EPSG:32661", "EPSG:5041"));
    assert_false(are_equal("EPSG:32633", "EPSG:32634"));
    assert_false(are_equal("EPSG:32633", "EPSG:32733"));
    assert_false(are_equal("EPSG:4326", "EPSG:4258"));
    assert_false(are_equal("EPSG:4326", "EPSG:3857"));
}

static void comes_back(const char *code) {
    elc_crs *crs = crs_of(code);
    assert_true(are_equal(code, elc_crs_projjson(crs)));
    assert_true(are_equal(code, elc_crs_wkt(crs)));
    assert_null(strchr(elc_crs_projjson(crs), '\n'));
    assert_null(strchr(elc_crs_wkt(crs), '\n'));
    elc_crs_free(crs);
}

static void test_crs_comes_back_from_its_projjson_and_wkt(void **state) {
    (void)state;
    comes_back("EPSG:32633");
    comes_back("EPSG:4326");
    comes_back("EPSG:2193");
    comes_back("EPSG:27572");
    comes_back("EPSG:3031");
}

static void is_refused(const char *text, const char *says) {
    elc_crs *crs = NULL;
    elc_error err = {0};
    assert_int_equal(elc_crs_create(text, &crs, &err), ELC_E_ARGUMENT);
    assert_null(crs);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void test_crs_refuses_what_is_no_crs_of_places(void **state) {
    (void)state;
    is_refused("", "is empty");
    is_refused(" \n", "is empty");
    is_refused("EPSG:999999", "CRS \"EPSG:999999\" is not understood: ");
    is_refused("somewhere in the north", "is not understood");
    is_refused("nope", "no CRS has that name");
    is_refused("UTM", "is not understood");
    is_refused("{\"type\":", "is not understood");
    is_refused("GEOGCS[\"WGS 84\"", "is not understood");
    is_refused("+proj=nothing", "is not understood");
    is_refused("+proj=pipeline +step +proj=axisswap +order=2,1", "CRS");
    is_refused("EPSG:5773", "not a CRS of places");
    is_refused("EPSG:4978", "not a CRS of places");
    is_refused("EPSG:7030", "is not understood"); /* an ellipsoid */
}

static void test_crs_knows_whole_names(void **state) {
    (void)state;
    comes_back("WGS 84 / UTM zone 33N");
    comes_back("wgs84");
}

static void test_crs_refuses_long_and_deep_text(void **state) {
    (void)state;
    size_t n = 300 * 1024;
    char *text = malloc(n + 1);
    memset(text, '[', n);
    text[n] = 0;
    is_refused(text, "longer than");
    text[200 * 1024] = 0;
    is_refused(text, "is not understood");
    free(text);
}

static void test_crs_is_silent(void **state) {
    (void)state;
    int old = dup(2);
    FILE *file = tmpfile();
    elc_crs *crs = NULL;
    dup2(fileno(file), 2);
    elc_status status = elc_crs_create("EPSG:999999", &crs, NULL);
    fflush(stderr);
    dup2(old, 2);
    close(old);
    assert_int_equal(status, ELC_E_ARGUMENT);
    fseek(file, 0, SEEK_END);
    assert_int_equal(ftell(file), 0);
    fclose(file);
}

/* Eight threads read one CRS, compare it and make transforms of it. */
static elc_status use_crs(void *arg, int index, elc_error *err) {
    const elc_crs *crs = arg;
    (void)index;
    for (int i = 0; i < 5; i++) {
        elc_transform *t = NULL;
        ELC_TRY(elc_transform_create(crs, NULL, &t, err));
        elc_point p = {500000, 5000000};
        size_t lost = elc_transform_points(t, &p, 1);
        elc_transform_free(t);
        if (lost || !elc_crs_equal(crs, crs) || p.x < 14.99 || p.x > 15.01)
            return elc_fail(err, ELC_E_INTERNAL, "%g %g", p.x, p.y);
    }
    return ELC_OK;
}

static void test_crs_is_read_by_many_threads(void **state) {
    (void)state;
    elc_crs *crs = crs_of("EPSG:32633");
    assert_int_equal(elc_threads_run(8, use_crs, crs, NULL), ELC_OK);
    elc_crs_free(crs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crs_is_made_of_codes_names_and_proj_text),
        cmocka_unit_test(test_crs_counts_as_its_horizontal_part),
        cmocka_unit_test(test_crs_equality_overlooks_axis_order_and_names),
        cmocka_unit_test(test_crs_comes_back_from_its_projjson_and_wkt),
        cmocka_unit_test(test_crs_refuses_what_is_no_crs_of_places),
        cmocka_unit_test(test_crs_knows_whole_names),
        cmocka_unit_test(test_crs_refuses_long_and_deep_text),
        cmocka_unit_test(test_crs_is_silent),
        cmocka_unit_test(test_crs_is_read_by_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
