/* test_project_wkb_internal.c - geometries moved point by point, and else kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "operators/project/wkb.h"
#include "support/seeds.h"

typedef struct {
    elc_point *at;
    size_t n, capacity;
} points;

static elc_status points_of(const void *wkb, size_t size, points *out) {
    *out = (points){0};
    return elc_wkb_points(wkb, size, &out->at, &out->n, &out->capacity, NULL);
}

static bool is_number(elc_point p) {
    return !isnan(p.x) && !isnan(p.y);
}

/* Every point goes 1 east and 2 north; those that come from seeds may be anything. */
static elc_point shifted(elc_point p) {
    return (elc_point){p.x + 1, p.y + 2};
}

static elc_transform *way; /* to metres, where points have no turns */

static elc_status project_wkb(const void *wkb, size_t size, const elc_point *to,
                              project_fate *fate, elc_string *out) {
    points was;
    assert_int_equal(points_of(wkb, size, &was), ELC_OK);
    points moved = {calloc(was.n + 1, sizeof *moved.at), was.n, 0};
    if (was.n > 0)
        memcpy(moved.at, to, was.n * sizeof *to);
    project_points all = {was.at, moved.at, way};
    elc_status status = elc_project_wkb(wkb, size, &all, fate, out, NULL);
    free(was.at);
    free(moved.at);
    return status;
}

static void moves_all_points(const void *wkb, size_t size) {
    points before, after;
    project_fate fate;
    elc_string out = {0};
    if (points_of(wkb, size, &before) != ELC_OK) {
        free(before.at);
        return;
    }
    points moved = {calloc(before.n + 1, sizeof *moved.at), before.n, 0};
    for (size_t i = 0; i < before.n; i++)
        moved.at[i] = shifted(before.at[i]);
    assert_int_equal(project_wkb(wkb, size, moved.at, &fate, &out), ELC_OK);
    assert_int_equal(out.size, size);
    assert_int_equal(points_of(out.data, out.size, &after), ELC_OK);
    assert_int_equal(after.n, before.n);
    for (size_t i = 0; i < before.n; i++)
        assert_memory_equal(is_number(before.at[i]) ? &moved.at[i] : &before.at[i],
                            &after.at[i], sizeof *after.at);
    elc_string_free(&out);
    free(before.at);
    free(moved.at);
    free(after.at);
}

static void and_neighbours(elc_string *seed) {
    moves_all_points(seed->data, seed->size);
    for (size_t i = 0; i < seed->size; i++)
        for (int change = 1; change < 256; change = change * 2 + 1) {
            seed->data[i] = (char)(seed->data[i] ^ change);
            moves_all_points(seed->data, seed->size);
            seed->data[i] = (char)(seed->data[i] ^ change);
        }
}

static void test_project_moves_all_that_is_wkb(void **state) {
    (void)state;
    assert_true(seeds_each("wkb_check", "", and_neighbours) > 10);
}

/* ---- what becomes of a geometry ---------------------------------------------------
 */

/* Little-endian, from numbers of 1 byte, 4 bytes and 8 bytes: "b", "u" and "d". */
static size_t write(uint8_t *out, const char *kinds, ...) {
    va_list list;
    size_t n = 0;
    va_start(list, kinds);
    for (; *kinds; kinds++) {
        double d = *kinds == 'd' ? va_arg(list, double) : 0;
        uint32_t u = *kinds == 'd' ? 0 : va_arg(list, uint32_t);
        size_t size = *kinds == 'd' ? 8 : *kinds == 'u' ? 4 : 1;
        if (*kinds == 'd')
            memcpy(out + n, &d, size);
        else
            memcpy(out + n, &u, size);
        n += size;
    }
    va_end(list);
    return n;
}

static project_fate fate_of(const uint8_t *wkb, size_t size, const elc_point *to,
                            elc_string *out) {
    project_fate fate;
    out->size = 0;
    assert_int_equal(project_wkb(wkb, size, to, &fate, out), ELC_OK);
    return fate;
}

static void test_project_keeps_heights_measures_and_empties(void **state) {
    (void)state;
    uint8_t wkb[100], expected[100];
    elc_string out = {0};
    const elc_point to[] = {{7, 8}};
    size_t n = write(wkb, "buudddd", 1, 3002, 1, 1., 2., 3., 4.); /* LINESTRING ZM */
    write(expected, "buudddd", 1, 3002, 1, 7., 8., 3., 4.);
    assert_int_equal(fate_of(wkb, n, to, &out), PROJECT_MOVED);
    assert_memory_equal(out.data, expected, n);
    n = write(wkb, "budd", 1, 1, NAN, NAN); /* POINT EMPTY */
    assert_int_equal(fate_of(wkb, n, to, &out), PROJECT_BARE);
    assert_memory_equal(out.data, wkb, n);
    n = write(wkb, "buu", 1, 3, 0); /* POLYGON EMPTY */
    assert_int_equal(fate_of(wkb, n, NULL, &out), PROJECT_BARE);
    assert_memory_equal(out.data, wkb, n);
    elc_string_free(&out);
}

static void test_project_loses_what_has_a_point_that_is_lost(void **state) {
    (void)state;
    uint8_t wkb[100];
    elc_string out = {0};
    const elc_point lost[] = {{7, 8}, {NAN, NAN}};
    size_t n = write(wkb, "buudddd", 1, 2, 2, 1., 2., 3., 4.);
    assert_int_equal(fate_of(wkb, n, lost, &out), PROJECT_LOST);
    n = write(wkb, "buudddd", 1, 2, 2, 1., 2., NAN, 4.);
    assert_int_equal(fate_of(wkb, n, lost, &out), PROJECT_BARE);
    elc_string_free(&out);
}

static void test_project_takes_an_ewkbs_srid_off(void **state) {
    (void)state;
    uint8_t wkb[100], expected[100];
    elc_string out = {0};
    const elc_point to[] = {{7, 8}};
    size_t n = write(wkb, "buudd", 1, 0x20000001u, 4326, 1., 2.);
    write(expected, "buudd", 1, 0x20000001u, 0, 7., 8.);
    assert_int_equal(fate_of(wkb, n, to, &out), PROJECT_MOVED);
    assert_memory_equal(out.data, expected, n);
    elc_string_free(&out);
}

static int open_way(void **state) {
    (void)state;
    elc_crs *crs = NULL;
    elc_status status = elc_crs_create("EPSG:32633", &crs, NULL);
    if (status == ELC_OK)
        status = elc_transform_create(NULL, crs, &way, NULL);
    elc_crs_free(crs);
    return status != ELC_OK;
}

static int close_way(void **state) {
    (void)state;
    elc_transform_free(way);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_project_moves_all_that_is_wkb),
        cmocka_unit_test(test_project_keeps_heights_measures_and_empties),
        cmocka_unit_test(test_project_loses_what_has_a_point_that_is_lost),
        cmocka_unit_test(test_project_takes_an_ewkbs_srid_off),
    };
    return cmocka_run_group_tests(tests, open_way, close_way);
}
