/* test_bulk.c - functions that take many rows at once: UTM, and other CRSs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const elc_type numbers[] = {ELC_FLOAT64, ELC_FLOAT64};

/* ---- UTM in bulk ---------------------------------------------------------------- */

static void test_utm_keeps_rows_apart_whatever_their_zones(void **state) {
    (void)state;
    enum { N = 5000 };
    static double lon[N], lat[N];
    for (size_t i = 0; i < N; i++) {
        lon[i] = i % 97 == 0 ? NAN : fmod((double)(i * 7919 % 3600) / 10, 360) - 180;
        lat[i] = fmod((double)(i * 104729 % 1780) / 10, 178) - 89;
    }
    struct ArrowArray x = reals_of(lon, N), y = reals_of(lat, N), out;
    const struct ArrowArray *arguments[] = {&x, &y};
    elc_caller *caller = caller_of("st_utmnorthing", numbers, 2);
    assert_int_equal(elc_caller_call(caller, arguments, 2, N, &out, NULL), ELC_OK);
    for (size_t i = 0; i < N; i += 7) {
        elc_point p = {lon[i], lat[i]};
        value v = value_at(&out, ELC_FLOAT64, i);
        int zone = isnan(p.x) ? 0 : elc_utm_zone(p);
        bool lost = zone == 0 || elc_utm_from_lonlat(zone, p.y < 0, &p, 1) > 0;
        assert_int_equal(v.null, lost);
        if (!lost && v.real != p.y)
            fail_msg("row %zu: %.17g is not %.17g", i, v.real, p.y);
    }
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&x);
    elc_array_release(&y);
}

/* ---- another CRS ---------------------------------------------------------------- */

static struct ArrowArray text_of(const char *text, size_t n) {
    value v = {.type = ELC_UTF8};
    struct ArrowArray out;
    elc_string_printf(&v.bytes, NULL, "%s", text);
    value_array(&v, ELC_UTF8, n, &out);
    value_free(&v);
    return out;
}

/* `n_to` 1: the CRS stands in all rows, and points go together; n: each row goes alone.
 */
static elc_status transform_column(const char *const *wkts, size_t n, const char *crs,
                                   size_t n_to, struct ArrowArray *out,
                                   elc_error *err) {
    static const elc_type types[] = {ELC_GEOMETRY, ELC_UTF8, ELC_UTF8};
    struct ArrowArray geom = shapes_of(wkts, n), from = text_of("OGC:CRS84", 1);
    struct ArrowArray to = text_of(crs, n_to);
    const struct ArrowArray *arguments[] = {&geom, &from, &to};
    elc_caller *caller = caller_of("st_transform", types, 3);
    elc_status status = elc_caller_call(caller, arguments, 3, n, out, err);
    elc_caller_free(caller);
    elc_array_release(&geom);
    elc_array_release(&from);
    elc_array_release(&to);
    return status;
}

static void assert_shape(struct ArrowArray *got, size_t row, const char *wanted) {
    value v = value_at(got, ELC_GEOMETRY, row);
    char *text = value_text(&v);
    if (!texts_agree(text, wanted, 1e-8))
        fail_msg("row %zu is %s, and should be %s", row, text, wanted);
    free(text);
    value_free(&v);
}

static void test_points_lines_and_nothing_are_transformed_together(void **state) {
    (void)state;
    static const char *const wkts[] = {"POINT (15 0)", NULL, "LINESTRING (15 0, 15 0)",
                                       "POINT EMPTY", "POINT Z (15 0 7)"};
    for (size_t n_to = 1; n_to <= 5; n_to += 4) {
        struct ArrowArray out;
        elc_error err = {0};
        if (transform_column(wkts, 5, "EPSG:32633", n_to, &out, &err) != ELC_OK)
            fail_msg("%s", err.message);
        assert_shape(&out, 0, "POINT (500000 0)");
        assert_shape(&out, 1, "NULL");
        assert_shape(&out, 2, "LINESTRING (500000 0, 500000 0)");
        assert_shape(&out, 3, "POINT EMPTY");
        assert_shape(&out, 4, "POINT Z (500000 0 7)");
        elc_array_release(&out);
    }
}

static void test_a_point_that_no_crs_reaches_is_named_by_its_row(void **state) {
    (void)state;
    static const char *const wkts[] = {"POINT (15 0)", "POINT (15 91)"};
    for (size_t n_to = 1; n_to <= 2; n_to++) {
        struct ArrowArray out;
        elc_error err = {0};
        assert_int_equal(transform_column(wkts, 2, "EPSG:3857", n_to, &out, &err),
                         ELC_E_ARGUMENT);
        assert_string_equal(
            err.message,
            "st_transform: row 1: geom lies where EPSG:3857 has no coordinates");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utm_keeps_rows_apart_whatever_their_zones),
        cmocka_unit_test(test_points_lines_and_nothing_are_transformed_together),
        cmocka_unit_test(test_a_point_that_no_crs_reaches_is_named_by_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
