/* test_utm.c - zones of UTM, what is refused, and transforms that go by the bulk path.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int zone_of(double lon, double lat) {
    return elc_utm_zone((elc_point){lon, lat});
}

static void test_zone_is_every_six_degrees(void **state) {
    (void)state;
    for (int i = 0; i < 60; i++) {
        assert_int_equal(zone_of(i * 6 - 180, 10), i + 1);
        assert_int_equal(zone_of(nextafter(i * 6 - 174, -181), -10), i + 1);
    }
    assert_int_equal(zone_of(180, 0), 1);
    assert_int_equal(zone_of(190, 0), 2);
    assert_int_equal(zone_of(-190, 0), 59);
    assert_int_equal(zone_of(12, -80), 33);
}

static void test_zone_knows_norway_and_svalbard(void **state) {
    (void)state;
    assert_int_equal(zone_of(5.3, 60.4), 32); /* Bergen */
    assert_int_equal(zone_of(3, 56), 32);
    assert_int_equal(zone_of(2.999, 60), 31);
    assert_int_equal(zone_of(5, 64), 31);
    assert_int_equal(zone_of(5, 55.999), 31);
    assert_int_equal(zone_of(8.999, 72), 31);
    assert_int_equal(zone_of(9, 78), 33);
    assert_int_equal(zone_of(15.6, 78.2), 33); /* Longyearbyen */
    assert_int_equal(zone_of(21, 84), 35);
    assert_int_equal(zone_of(33, 72), 37);
    assert_int_equal(zone_of(41.999, 80), 37);
    assert_int_equal(zone_of(42, 80), 38);
    assert_int_equal(zone_of(-0.001, 80), 30);
    assert_int_equal(zone_of(10, 71.999), 32);
}

static void test_zone_is_none_at_the_poles_and_nowhere(void **state) {
    (void)state;
    assert_int_equal(zone_of(0, 84.001), 0);
    assert_int_equal(zone_of(0, -80.001), 0);
    assert_int_equal(zone_of(NAN, 0), 0);
    assert_int_equal(zone_of(0, NAN), 0);
    assert_int_equal(zone_of(INFINITY, 0), 0);
}

static bool refuses_place(double lon, double lat) {
    elc_point p = {lon, lat};
    size_t lost = elc_utm_from_lonlat(31, false, &p, 1); /* 3 degrees east */
    assert_int_equal(lost, isnan(p.x));
    assert_int_equal(isnan(p.x), isnan(p.y));
    return lost;
}

static bool refuses_grid(double x, double y) {
    elc_point p = {x, y};
    size_t lost = elc_utm_to_lonlat(31, false, &p, 1);
    assert_int_equal(lost, isnan(p.x));
    assert_int_equal(isnan(p.x), isnan(p.y));
    return lost;
}

static void test_utm_refuses_what_is_beyond_35_degrees(void **state) {
    (void)state;
    assert_false(refuses_place(38, 0));
    assert_true(refuses_place(38.001, 0));
    assert_false(refuses_place(-32, 0));
    assert_true(refuses_place(-32.001, 0));
    assert_false(refuses_place(51.5, 84));
    assert_true(refuses_place(183, 0));
    assert_true(refuses_place(183, 89));
    assert_false(refuses_place(3 + 360, 0));
    assert_false(refuses_grid(500000 + 4.16e6, 0));
    assert_true(refuses_grid(500000 - 4.17e6, 0));
}

static void test_utm_refuses_what_is_beyond_a_pole(void **state) {
    (void)state;
    assert_false(refuses_place(3, 90));
    assert_false(refuses_place(3, -90));
    assert_true(refuses_place(3, 90.0001));
    assert_false(refuses_grid(500000, 9997964.9));
    assert_true(refuses_grid(500000, 9997965));
    assert_true(refuses_grid(500000, -9997965));
}

static void test_utm_refuses_what_is_no_number(void **state) {
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300};
    for (int i = 0; i < 5; i++) {
        assert_true(refuses_place(odd[i], 5) && refuses_place(5, odd[i]));
        assert_true(refuses_grid(odd[i], 5) && refuses_grid(500000, odd[i]));
    }
}

static void test_utm_refuses_zones_that_there_are_not(void **state) {
    (void)state;
    elc_point p[2] = {{3, 5}, {4, 5}};
    assert_int_equal(elc_utm_from_lonlat(0, false, p, 2), 2);
    assert_true(isnan(p[0].x) && isnan(p[1].y));
    assert_int_equal(elc_utm_to_lonlat(61, true, p, 2), 2);
    assert_int_equal(elc_utm_to_lonlat(1, true, NULL, 0), 0);
}

/* ---- through a transform ----------------------------------------------------------
 */

static elc_transform *between(const char *from, const char *to) {
    elc_crs *a = NULL, *b = NULL;
    elc_transform *t = NULL;
    assert_int_equal(elc_crs_create(from, &a, NULL), ELC_OK);
    assert_int_equal(elc_crs_create(to, &b, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(a, b, &t, NULL), ELC_OK);
    elc_crs_free(a);
    elc_crs_free(b);
    return t;
}

/* True when a transform gives the very bits of the bulk functions. */
static bool is_bulk(const char *from, const char *to, int zone, bool south, bool back) {
    elc_transform *t = between(from, to);
    bool same = true;
    for (int i = 0; i < 300; i++) {
        elc_point p = {zone * 6 - 185 + i * 0.0137, (south ? -0.27 : 0.27) * i};
        if (back)
            elc_utm_from_lonlat(zone, south, &p, 1);
        elc_point q = p;
        (back ? elc_utm_to_lonlat : elc_utm_from_lonlat)(zone, south, &p, 1);
        assert_int_equal(elc_transform_points(t, &q, 1), 0);
        same = same && memcmp(&p, &q, sizeof p) == 0;
    }
    elc_transform_free(t);
    return same;
}

static void test_transform_of_utm_goes_by_the_bulk_path(void **state) {
    (void)state;
    assert_true(is_bulk("EPSG:32633", "EPSG:4326", 33, false, true));
    assert_true(is_bulk("EPSG:32633", "OGC:CRS84", 33, false, true));
    assert_true(is_bulk("EPSG:4326", "EPSG:32756", 56, true, false));
    assert_true(is_bulk("+proj=utm +zone=5 +datum=WGS84", "EPSG:4326", 5, false, true));
}

static void test_transform_of_other_pairs_does_not(void **state) {
    (void)state;
    assert_false(is_bulk("EPSG:25833", "EPSG:4258", 33, false, true)); /* GRS 80 */
    assert_false(is_bulk("EPSG:32633", "EPSG:3857", 33, false, true));
    assert_false(is_bulk("+proj=tmerc +lon_0=15 +k=0.9996 +x_0=500001 +datum=WGS84",
                         "EPSG:4326", 33, false, true));
    assert_false(is_bulk("+proj=utm +zone=33 +datum=WGS84 +units=us-ft", "EPSG:4326",
                         33, false, true));
}

static void test_transform_leaves_to_proj_what_the_bulk_path_refuses(void **state) {
    (void)state;
    elc_transform *t = between("EPSG:4326", "EPSG:32633");
    elc_point p[600];
    for (int i = 0; i < 600; i++)
        p[i] = (elc_point){i % 3 == 0 ? 15 : i % 3 == 1 ? 75 : NAN, 45};
    assert_int_equal(elc_transform_points(t, p, 600), 200);
    for (int i = 0; i < 600; i += 3) {
        assert_true(p[i].x == 500000);
        assert_true(p[i + 1].x > 4e6 && p[i + 1].y > 5e6);
        assert_true(isnan(p[i + 2].x));
    }
    elc_transform_free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_is_every_six_degrees),
        cmocka_unit_test(test_zone_knows_norway_and_svalbard),
        cmocka_unit_test(test_zone_is_none_at_the_poles_and_nowhere),
        cmocka_unit_test(test_utm_refuses_what_is_beyond_35_degrees),
        cmocka_unit_test(test_utm_refuses_what_is_beyond_a_pole),
        cmocka_unit_test(test_utm_refuses_what_is_no_number),
        cmocka_unit_test(test_utm_refuses_zones_that_there_are_not),
        cmocka_unit_test(test_transform_of_utm_goes_by_the_bulk_path),
        cmocka_unit_test(test_transform_of_other_pairs_does_not),
        cmocka_unit_test(test_transform_leaves_to_proj_what_the_bulk_path_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
