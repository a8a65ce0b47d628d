/* test_move_polar.c - polygons round a pole, moved to longitude and latitude: what is
   inside of them on their own plane is inside then, by GEOS on both. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "shapes.h"

enum { CORNERS = 180, TRIES = 60 };

static double uniform(void) {
    return (double)(random_bits() >> 11) * 0x1p-53;
}

static elc_transform *to_degrees(const char *code) {
    elc_crs *crs = NULL;
    elc_transform *way = NULL;
    assert_int_equal(elc_crs_create(code, &crs, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(crs, NULL, &way, NULL), ELC_OK);
    elc_crs_free(crs);
    return way;
}

static GEOSGeometry *moved(const GEOSGeometry *shape, elc_transform *way) {
    GEOSContextHandle_t geos = shapes_geos();
    elc_string out = {0};
    elc_error err = {0};
    size_t size;
    unsigned char *wkb = GEOSGeomToWKB_buf_r(geos, shape, &size);
    if (elc_wkb_move(wkb, size, way, &out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    GEOSGeometry *made = shapes_of_wkb(&out);
    elc_string_free(&out);
    GEOSFree_r(geos, wkb);
    return made;
}

/* In any of its turns. */
static bool has(const GEOSGeometry *shape, elc_point at) {
    bool inside = false;
    for (int turn = -1; turn <= 1; turn++) {
        GEOSGeometry *point =
            GEOSGeom_createPointFromXY_r(shapes_geos(), at.x + 360 * turn, at.y);
        inside |= GEOSIntersects_r(shapes_geos(), shape, point) == 1;
        GEOSGeom_destroy_r(shapes_geos(), point);
    }
    return inside;
}

static double from_border(const GEOSGeometry *shape, const GEOSGeometry *point) {
    double distance = 0;
    GEOSGeometry *border = GEOSBoundary_r(shapes_geos(), shape);
    GEOSDistance_r(shapes_geos(), border, point, &distance);
    GEOSGeom_destroy_r(shapes_geos(), border);
    return distance;
}

static void same_points(const GEOSGeometry *plane, const GEOSGeometry *made,
                        elc_transform *way, double reach) {
    for (int i = 0; i < TRIES; i++) {
        elc_point p = {reach * (2 * uniform() - 1), reach * (2 * uniform() - 1)};
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(shapes_geos(), p.x, p.y);
        bool inside = GEOSContains_r(shapes_geos(), plane, point) == 1;
        bool sure = from_border(plane, point) > reach / 300;
        GEOSGeom_destroy_r(shapes_geos(), point);
        if (sure && elc_transform_points(way, &p, 1) == 0)
            assert_int_equal(has(made, p), inside);
    }
}

static void stays_where_it_is(const char *crs, const GEOSGeometry *plane,
                              double reach) {
    elc_transform *way = to_degrees(crs);
    double low, high;
    assert_int_equal(GEOSisValid_r(shapes_geos(), plane), 1);
    GEOSGeometry *made = moved(plane, way);
    assert_int_equal(GEOSisValid_r(shapes_geos(), made), 1);
    assert_int_equal(GEOSGeomTypeId_r(shapes_geos(), made),
                     GEOSGeomTypeId_r(shapes_geos(), plane));
    GEOSGeom_getYMin_r(shapes_geos(), made, &low);
    GEOSGeom_getYMax_r(shapes_geos(), made, &high);
    assert_true(low >= -90 && high <= 90);
    same_points(plane, made, way, reach);
    GEOSGeom_destroy_r(shapes_geos(), made);
    elc_transform_free(way);
}

/* A ring round a place whose radius is between two, by a few waves, and whose angle
   goes to and fro, so that rays from the place may meet it several times. */
static GEOSGeometry *ring(elc_point at, double low, double high, double fro,
                          bool over) {
    GEOSContextHandle_t geos = shapes_geos();
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, CORNERS + 1, 2);
    double waves = floor(2 + 6 * uniform()), phase = 6.3 * uniform();
    for (unsigned i = 0; i <= CORNERS; i++) {
        double t = 2 * M_PI * (i % CORNERS) / CORNERS * (over ? -1 : 1);
        double r = low + (high - low) * (0.5 + 0.5 * sin(waves * t + phase));
        double angle = t + fro * sin(waves * t + phase);
        GEOSCoordSeq_setXY_r(geos, points, i, at.x + r * cos(angle),
                             at.y + r * sin(angle));
    }
    return GEOSGeom_createLinearRing_r(geos, points);
}

static GEOSGeometry *polygon(GEOSGeometry *shell, GEOSGeometry **holes, unsigned n) {
    return GEOSGeom_createPolygon_r(shapes_geos(), shell, holes, n);
}

static const char *const CRS[] = {"EPSG:3413",  "EPSG:3031", "EPSG:32661",
                                  "EPSG:32761", "EPSG:3574", "EPSG:6932"};
static const double AWAY[] = {0, 0, 2e6, 2e6, 0, 0};

static elc_point pole_of(size_t crs) {
    return (elc_point){AWAY[crs], AWAY[crs]};
}

static void test_a_polygon_round_a_pole_has_it(void **state) {
    (void)state;
    for (size_t i = 0; i < 6; i++)
        for (int k = 0; k < 12; k++) {
            GEOSGeometry *plane =
                polygon(ring(pole_of(i), 5e5, 2e6, 0.6 * uniform(), k % 2), NULL, 0);
            stays_where_it_is(CRS[i], plane, 4e6);
            GEOSGeom_destroy_r(shapes_geos(), plane);
        }
}

static void test_a_hole_round_a_pole_stays_empty(void **state) {
    (void)state;
    for (size_t i = 0; i < 6; i++)
        for (int k = 0; k < 12; k++) {
            GEOSGeometry *hole = ring(pole_of(i), 2e5, 8e5, 0.6 * uniform(), k % 3 > 0);
            GEOSGeometry *plane =
                polygon(ring(pole_of(i), 1e6, 2e6, 0.4, k % 2), &hole, 1);
            stays_where_it_is(CRS[i], plane, 4e6);
            GEOSGeom_destroy_r(shapes_geos(), plane);
        }
}

/* Twelve round the pole at two distances, some of which lie across the antimeridian. */
static void test_holes_beside_a_pole_stay_where_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < 6; i++)
        for (int k = 0; k < 12; k++) {
            GEOSGeometry *holes[13];
            elc_point pole = pole_of(i);
            unsigned n = 0;
            for (; n < 12; n++) {
                double far = n % 2 ? 8e5 : 1.5e6,
                       t = (n / 2 + 0.3 * uniform()) * 1.0472;
                elc_point at = {pole.x + far * cos(t), pole.y + far * sin(t)};
                holes[n] = ring(at, 8e4, 2.5e5, 0.3, n % 3 == 0);
            }
            if (k % 2)
                holes[n++] = ring(pole, 1e5, 4e5, 0.5, false);
            GEOSGeometry *plane =
                polygon(ring(pole, 1.9e6, 2.5e6, 0.2, k % 3), holes, n);
            stays_where_it_is(CRS[i], plane, 4e6);
            GEOSGeom_destroy_r(shapes_geos(), plane);
        }
}

/* Nearly once, and nearly twice. */
static void test_a_hole_may_wind_round_a_pole_like_a_snail(void **state) {
    (void)state;
    GEOSContextHandle_t geos = shapes_geos();
    for (int k = 0; k < 24; k++) {
        GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, 181, 2);
        for (unsigned i = 0; i < 180; i++) {
            double share = (i < 90 ? i : 179 - i) / 89.0;
            double t = 0.26 * k + share * (k % 2 ? 6 : 11);
            double r = 1e6 - 5e5 * share + (i < 90 ? 5e4 : -5e4);
            GEOSCoordSeq_setXY_r(geos, points, i, r * cos(t), r * sin(t));
        }
        double x, y;
        GEOSCoordSeq_getXY_r(geos, points, 0, &x, &y);
        GEOSCoordSeq_setXY_r(geos, points, 180, x, y);
        GEOSGeometry *hole = GEOSGeom_createLinearRing_r(geos, points);
        GEOSGeometry *plane =
            polygon(ring((elc_point){0, 0}, 1.5e6, 2e6, 0.2, false), &hole, 1);
        stays_where_it_is(k % 3 ? "EPSG:3413" : "EPSG:3031", plane, 3e6);
        GEOSGeom_destroy_r(geos, plane);
    }
}

/* On a lattice round the pole: rings through it, along themselves, of no area. */
static void test_what_is_odd_is_moved_to_sound_bytes_or_refused(void **state) {
    (void)state;
    elc_transform *ways[] = {
        to_degrees("+proj=stere +lat_0=90 +x_0=2.5 +y_0=2.5 +datum=WGS84 +type=crs"),
        to_degrees("+proj=stere +lat_0=-90 +x_0=3 +y_0=3 +datum=WGS84 +type=crs")};
    elc_string wkb = {0}, out = {0};
    int led = 0;
    for (int i = 0; i < 20000; i++) {
        random_wish wish = {.z = i % 2, .m = i % 3 == 0, .lattice = true};
        wkb.size = out.size = 0;
        random_wkb(random_kind(i % 5 == 0), &wish, &wkb);
        elc_status status = elc_wkb_move(wkb.data, wkb.size, ways[i % 2], &out, NULL);
        assert_true(status == ELC_OK || status == ELC_E_UNSUPPORTED);
        if (status == ELC_OK)
            assert_int_equal(elc_wkb_check(out.data, out.size, NULL), ELC_OK);
        led += status == ELC_OK && out.size != wkb.size;
    }
    assert_true(led > 100);
    elc_string_free(&wkb);
    elc_string_free(&out);
    elc_transform_free(ways[0]);
    elc_transform_free(ways[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_polygon_round_a_pole_has_it),
        cmocka_unit_test(test_a_hole_round_a_pole_stays_empty),
        cmocka_unit_test(test_holes_beside_a_pole_stay_where_they_are),
        cmocka_unit_test(test_what_is_odd_is_moved_to_sound_bytes_or_refused),
        cmocka_unit_test(test_a_hole_may_wind_round_a_pole_like_a_snail),
    };
    return cmocka_run_group_tests(tests, shapes_set_up, shapes_tear_down);
}
