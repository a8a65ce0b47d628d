/* test_near_shapes.c - the nearest lines, polygons and collections are GEOS's; metres
   between them are the least of those between their points. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

enum { PLACES = 250, ASKED = 250, K = 6 };

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int below(int n) {
    return (int)(unit() * n);
}

/* ---- places on a lattice, valid ones ------------------------------------------------
 */

static const char *line(char out[200], int x, int y, int n) {
    int at = 0;
    for (int i = 0; i < n; i++)
        at += snprintf(out + at, (size_t)(200 - at), "%s%d %d", i ? ", " : "(",
                       x + below(5), y + below(5));
    snprintf(out + at, (size_t)(200 - at), ")");
    return out;
}

static const char *box(char out[200], int x, int y) {
    int w = 1 + below(6), h = 1 + below(6), at;
    at = snprintf(out, 200, "((%d %d, %d %d, %d %d, %d %d, %d %d)", x, y, x + w, y,
                  x + w, y + h, x, y + h, x, y);
    if (w > 3 && h > 3)
        at += snprintf(out + at, (size_t)(200 - at),
                       ", (%d %d, %d %d, %d %d, %d %d, %d %d)", x + 1, y + 1, x + w - 1,
                       y + 1, x + w - 1, y + h - 1, x + 1, y + h - 1, x + 1, y + 1);
    snprintf(out + at, (size_t)(200 - at), ")");
    return out;
}

static GEOSGeometry *any_place(GEOSContextHandle_t geos) {
    char one[200], other[200], text[700] = "";
    int x = below(30), y = below(30);
    switch (below(9)) {
    case 0:
    case 1:
        snprintf(text, sizeof text, "POINT (%d %d)", x, y);
        break;
    case 2:
        snprintf(text, sizeof text, "MULTIPOINT %s", line(one, x, y, 3));
        break;
    case 3:
        snprintf(text, sizeof text, "LINESTRING %s", line(one, x, y, 2 + below(3)));
        break;
    case 4:
        snprintf(text, sizeof text, "MULTIPOLYGON (%s, %s)", box(one, x, y),
                 box(other, x + 8, y));
        break;
    case 5:
        snprintf(text, sizeof text,
                 "GEOMETRYCOLLECTION (POINT (%d %d), POLYGON %s, LINESTRING %s)", x, y,
                 box(one, x, y), line(other, x, y, 3));
        break;
    case 6:
        snprintf(text, sizeof text, "MULTILINESTRING (%s, %s)", line(one, x, y, 3),
                 line(other, x + 5, y, 2));
        break;
    default:
        snprintf(text, sizeof text, "POLYGON %s", box(one, x, y));
    }
    return GEOSGeomFromWKT_r(geos, text);
}

/* Turned and stretched, so that no number is whole; or as it is. */
static int turn(double *x, double *y, void *arg) {
    double angle = *(double *)arg, u = *x, v = *y;
    *x = u * cos(angle) - v * sin(angle);
    *y = u * sin(angle) + v * cos(angle);
    return 1;
}

typedef struct set {
    GEOSContextHandle_t geos;
    GEOSGeometry *places[PLACES];
    elc_nearby *near;
    bool whole; /* all numbers are */
} set;

static GEOSGeometry *turned(const set *s, double angle) {
    GEOSGeometry *plain = any_place(s->geos);
    if (angle == 0)
        return plain;
    GEOSGeometry *out = GEOSGeom_transformXY_r(s->geos, plain, turn, &angle);
    GEOSGeom_destroy_r(s->geos, plain);
    return out;
}

static void make_set(set *s, double angle, bool metres) {
    s->geos = GEOS_init_r();
    s->whole = angle == 0;
    assert_int_equal(elc_nearby_create(metres, &s->near, NULL), ELC_OK);
    for (int i = 0; i < PLACES; i++) {
        size_t size;
        elc_place_state found;
        s->places[i] = turned(s, angle);
        unsigned char *wkb = GEOSGeomToWKB_buf_r(s->geos, s->places[i], &size);
        assert_int_equal(elc_nearby_add(s->near, wkb, size, NULL, &found, NULL),
                         ELC_OK);
        assert_int_equal(found, ELC_PLACE_SOUND);
        GEOSFree_r(s->geos, wkb);
    }
    assert_int_equal(elc_nearby_build(s->near, NULL), ELC_OK);
}

static void free_set(set *s) {
    for (int i = 0; i < PLACES; i++)
        GEOSGeom_destroy_r(s->geos, s->places[i]);
    elc_nearby_free(s->near);
    GEOS_finish_r(s->geos);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- the plane --------------------------------------------------------------------
 */

static void check_hits(const set *s, const GEOSGeometry *left,
                       const elc_nearby_hit *hits, size_t n) {
    double all[PLACES], own[PLACES];
    for (int i = 0; i < PLACES; i++) {
        GEOSDistance_r(s->geos, left, s->places[i], &own[i]);
        if (GEOSIntersects_r(s->geos, left, s->places[i]) == 1)
            own[i] = 0;
        all[i] = own[i];
    }
    qsort(all, PLACES, sizeof *all, compare);
    assert_int_equal(n, K);
    for (size_t i = 0; i < n; i++) {
        double d = hits[i].distance;
        assert_true(fabs(d - own[hits[i].place]) <= 1e-14);
        assert_true(fabs(d - all[i]) <= 1e-14);
        /* GEOS rounds where lines cross, unless all is whole */
        assert_true(own[hits[i].place] > 0 || d <= (s->whole ? 0 : 1e-14));
        assert_true(i == 0 || hits[i - 1].distance < d ||
                    (hits[i - 1].distance == d && hits[i - 1].place < hits[i].place));
    }
}

static void check_within(const set *s, const GEOSGeometry *left, double most,
                         const uint32_t *places, size_t n) {
    size_t at = 0;
    for (uint32_t i = 0; i < PLACES; i++) {
        double d;
        GEOSDistance_r(s->geos, left, s->places[i], &d);
        bool listed = at < n && places[at] == i;
        at += listed;
        assert_true(listed == (d <= most) || fabs(d - most) <= 1e-14);
    }
    assert_int_equal(at, n);
}

static void check_plane(double angle) {
    set s;
    elc_nearby_question q = {K, INFINITY, NULL}, q_within = {1, 2.5, NULL};
    elc_nearby_asker *nearest, *within;
    make_set(&s, angle, false);
    elc_nearby_asker_create(s.near, &q, &nearest, NULL);
    elc_nearby_asker_create(s.near, &q_within, &within, NULL);
    for (int i = 0; i < ASKED; i++) {
        GEOSGeometry *left = turned(&s, angle);
        elc_place_state found;
        const elc_nearby_hit *hits;
        const uint32_t *places;
        size_t size, n;
        unsigned char *wkb = GEOSGeomToWKB_buf_r(s.geos, left, &size);
        assert_int_equal(elc_nearby_find(nearest, wkb, size, &found, &hits, &n, NULL),
                         ELC_OK);
        check_hits(&s, left, hits, n);
        assert_int_equal(
            elc_nearby_within(within, wkb, size, &found, &places, &n, NULL), ELC_OK);
        check_within(&s, left, 2.5, places, n);
        GEOSFree_r(s.geos, wkb);
        GEOSGeom_destroy_r(s.geos, left);
    }
    elc_nearby_asker_free(nearest);
    elc_nearby_asker_free(within);
    free_set(&s);
}

static void test_shapes_of_a_lattice_are_as_near_as_geos_says(void **unused) {
    (void)unused;
    check_plane(0);
}

static void test_turned_shapes_are_as_near_as_geos_says(void **unused) {
    (void)unused;
    check_plane(0.3);
    check_plane(1e-9);
}

/* ---- metres -----------------------------------------------------------------------
 */

/* The distance of two geometries in metres, by an index of one. */
static double metres(const char *one, const char *other) {
    GEOSContextHandle_t geos = GEOS_init_r();
    elc_nearby *near;
    elc_nearby_asker *asker;
    elc_nearby_question q = {1, INFINITY, NULL};
    elc_place_state found;
    const elc_nearby_hit *hits;
    size_t size, n;
    GEOSGeometry *a = GEOSGeomFromWKT_r(geos, one), *b = GEOSGeomFromWKT_r(geos, other);
    unsigned char *wkb = GEOSGeomToWKB_buf_r(geos, a, &size);
    assert_int_equal(elc_nearby_create(true, &near, NULL), ELC_OK);
    assert_int_equal(elc_nearby_add(near, wkb, size, NULL, &found, NULL), ELC_OK);
    GEOSFree_r(geos, wkb);
    elc_nearby_build(near, NULL);
    elc_nearby_asker_create(near, &q, &asker, NULL);
    wkb = GEOSGeomToWKB_buf_r(geos, b, &size);
    assert_int_equal(elc_nearby_find(asker, wkb, size, &found, &hits, &n, NULL),
                     ELC_OK);
    assert_int_equal(n, 1);
    double distance = hits[0].distance;
    GEOSFree_r(geos, wkb);
    GEOSGeom_destroy_r(geos, a);
    GEOSGeom_destroy_r(geos, b);
    elc_nearby_asker_free(asker);
    elc_nearby_free(near);
    GEOS_finish_r(geos);
    return distance;
}

static double points(double x0, double y0, double x1, double y1) {
    return elc_distance_m((elc_point){x0, y0}, (elc_point){x1, y1});
}

static void test_metres_between_lines_are_those_of_their_nearest_points(void **unused) {
    (void)unused;
    assert_float_equal(metres("LINESTRING (0 0, 10 0)", "LINESTRING (3 1, 3 2)"),
                       points(3, 0, 3, 1), 1e-8);
    assert_float_equal(metres("LINESTRING (0 0, 10 0)", "LINESTRING (0 1, 10 1)"),
                       points(5, 0, 5, 1), 1e-8);
    assert_true(metres("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)") == 0);
    assert_true(metres("LINESTRING (0 0, 10 0)", "LINESTRING (5 0, 5 9)") == 0);
    assert_float_equal(
        metres("LINESTRING (179 0, 180 0)", "LINESTRING (-179 1, -179 0)"),
        points(180, 0, 181, 0), 1e-8);
    assert_true(metres("LINESTRING (179 0, 181 0)", "POINT (-179.5 0)") == 0);
    assert_float_equal(metres("POLYGON ((0 80, 90 80, 180 80, 180 85, 0 85, 0 80))",
                              "LINESTRING (-90 85, -90 84)"),
                       points(0, 85, -90, 85), 1e-8);
}

static void test_metres_are_0_where_one_is_inside_of_the_other(void **unused) {
    (void)unused;
    const char *area = "POLYGON ((0 0, 60 0, 60 60, 0 60, 0 0), (20 20, 40 20, 40 40, "
                       "20 40, 20 20))";
    assert_true(metres(area, "POINT (5 5)") == 0);
    assert_true(metres(area, "POINT (365 5)") == 0);
    assert_true(metres("LINESTRING (-355 5, -354 5)", area) == 0);
    assert_true(metres(area, "LINESTRING (3 3, 4 4)") == 0);
    assert_true(metres("POLYGON ((3 3, 4 3, 4 4, 3 3))", area) == 0);
    assert_true(metres(area, "POLYGON ((-1 -1, 61 -1, 61 61, -1 61, -1 -1))") == 0);
    assert_float_equal(metres(area, "POINT (39 30)"), points(39, 30, 40, 30), 200);
    assert_float_equal(metres("POINT (30 39)", area), points(30, 39, 30, 40), 1e-8);
}

/* The least over a dense row of points on both. */
static double dense(const elc_point a[2], const elc_point b[2]) {
    enum { DENSE = 60 };
    double best = INFINITY;
    for (int i = 0; i <= DENSE; i++)
        for (int k = 0; k <= DENSE; k++)
            best = fmin(best, points(a[0].x + (a[1].x - a[0].x) * i / DENSE,
                                     a[0].y + (a[1].y - a[0].y) * i / DENSE,
                                     b[0].x + (b[1].x - b[0].x) * k / DENSE,
                                     b[0].y + (b[1].y - b[0].y) * k / DENSE));
    return best;
}

static elc_point beside(elc_point p, double far) {
    return (elc_point){p.x + far * (unit() - 0.5), p.y + far * (unit() - 0.5)};
}

static void check_dense(double far, double size) {
    elc_point a[2], b[2];
    char one[200], other[200];
    a[0] = (elc_point){unit() * 360 - 180, unit() * 160 - 80};
    a[1] = beside(a[0], size);
    b[0] = beside(a[0], far);
    b[1] = beside(b[0], size);
    snprintf(one, sizeof one, "LINESTRING (%.17g %.17g, %.17g %.17g)", a[0].x, a[0].y,
             a[1].x, a[1].y);
    snprintf(other, sizeof other, "LINESTRING (%.17g %.17g, %.17g %.17g)", b[0].x,
             b[0].y, b[1].x, b[1].y);
    double most = dense(a, b), found = metres(one, other);
    assert_true(found <= most + 1e-6);
    assert_true(found >= most - size * 111700 / 60);
    assert_true(fabs(found - metres(other, one)) <= 1e-6);
}

static void test_metres_between_lines_are_not_more_than_between_any_points(void **u) {
    (void)u;
    for (int i = 0; i < 40; i++) {
        check_dense(3, 1);
        check_dense(0.1, 0.1);
        check_dense(8, 6);
    }
}

/* ---- many questions for all within a distance --------------------------------------
 */

enum { LINES = 300, MANY = 2500 };

static elc_nearby *random_lines(bool in_metres, elc_point from, double size) {
    static const unsigned char head[] = {1, 2, 0, 0, 0, 3, 0, 0, 0};
    elc_nearby *near;
    elc_place_state found;
    assert_int_equal(elc_nearby_create(in_metres, &near, NULL), ELC_OK);
    for (int i = 0; i < LINES; i++) {
        elc_string wkb = {0};
        elc_point p = {from.x + unit() * size, from.y + unit() * size};
        elc_string_append(&wkb, head, sizeof head, NULL);
        for (int k = 0; k < 3; k++) {
            elc_string_append(&wkb, &p, sizeof p, NULL);
            p = beside(p, size / 20);
        }
        elc_nearby_add(near, wkb.data, wkb.size, NULL, &found, NULL);
        elc_string_free(&wkb);
    }
    assert_int_equal(elc_nearby_build(near, NULL), ELC_OK);
    return near;
}

/* Those within are those whose distance is at most that far. */
static size_t check_point(elc_nearby_asker *all, elc_nearby_asker *within,
                          elc_point p) {
    const elc_nearby_hit *hits;
    const uint32_t *places;
    elc_place_state found;
    size_t n, n_within;
    bool has[LINES] = {false};
    assert_int_equal(elc_nearby_find_point(all, p, &found, &hits, &n, NULL), ELC_OK);
    assert_int_equal(
        elc_nearby_within_point(within, p, &found, &places, &n_within, NULL), ELC_OK);
    assert_int_equal(n_within, n);
    for (size_t i = 0; i < n_within; i++) {
        assert_true(i == 0 || places[i - 1] < places[i]);
        has[places[i]] = true;
    }
    for (size_t i = 0; i < n; i++)
        assert_true(has[hits[i].place]);
    return n;
}

static void check_many(bool in_metres, elc_point from, double size, double most) {
    elc_nearby *near = random_lines(in_metres, from, size);
    elc_nearby_question q = {LINES, most, NULL};
    elc_nearby_asker *all, *within;
    size_t found = 0;
    elc_nearby_asker_create(near, &q, &all, NULL);
    elc_nearby_asker_create(near, &q, &within, NULL);
    for (int i = 0; i < MANY;) {
        elc_point points[ELC_NEARBY_EXPECTED];
        for (int k = 0; k < ELC_NEARBY_EXPECTED; k++)
            points[k] = (elc_point){from.x + (unit() * 1.2 - 0.1) * size,
                                    from.y + (unit() * 1.2 - 0.1) * size};
        elc_nearby_expect(within, points, ELC_NEARBY_EXPECTED);
        for (int k = 0; k < ELC_NEARBY_EXPECTED; k++, i++)
            found += check_point(all, within, points[k]);
    }
    assert_true(found > 0);
    elc_nearby_asker_free(all);
    elc_nearby_asker_free(within);
    elc_nearby_free(near);
}

static void test_all_within_a_distance_are_found_however_many_ask(void **unused) {
    (void)unused;
    check_many(false, (elc_point){0, 0}, 1000, 10);
    check_many(false, (elc_point){5e6, 5e6}, 1e-3, 1e-5);
    check_many(false, (elc_point){-1e30, 1e30}, 1e30, 1e29);
    check_many(false, (elc_point){0, 0}, 1, 100);
    check_many(true, (elc_point){13, 52}, 0.1, 300);
    check_many(true, (elc_point){179.95, -60}, 0.1, 300); /* and beyond 180 */
    check_many(true, (elc_point){20, 89.9}, 0.05, 300);
    check_many(true, (elc_point){-60, 20}, 30, 100000);
}

static void test_what_is_no_geometry_is_near_to_nothing(void **unused) {
    (void)unused;
    const char *odd[] = {"POLYGON ((1 1, 3 1, 3 3))", "LINESTRING (1 1)"};
    const elc_nearby_question question = {1, INFINITY, NULL};
    elc_string wkb[2] = {{0}, {0}};
    elc_nearby *near;
    elc_nearby_asker *asker;
    elc_place_state found;
    const elc_nearby_hit *hits;
    size_t n;
    assert_int_equal(elc_nearby_create(false, &near, NULL), ELC_OK);
    for (int i = 0; i < 2; i++) {
        elc_wkb_from_wkt(odd[i], strlen(odd[i]), &wkb[i], NULL, NULL);
        assert_int_equal(
            elc_nearby_add(near, wkb[i].data, wkb[i].size, NULL, &found, NULL), ELC_OK);
        assert_int_equal(found, ELC_PLACE_BROKEN);
    }
    assert_int_equal(elc_nearby_build(near, NULL), ELC_OK);
    assert_int_equal(elc_nearby_asker_create(near, &question, &asker, NULL), ELC_OK);
    elc_nearby_find_point(asker, (elc_point){1, 1}, &found, &hits, &n, NULL);
    assert_int_equal(n, 0);
    for (int i = 0; i < 2; i++) {
        elc_nearby_find(asker, wkb[i].data, wkb[i].size, &found, &hits, &n, NULL);
        assert_int_equal(found, ELC_PLACE_BROKEN);
        assert_int_equal(n, 0);
        elc_string_free(&wkb[i]);
    }
    elc_nearby_asker_free(asker);
    elc_nearby_free(near);
}

/* A line of so many degrees to and fro is as many pieces. */
static void test_a_line_10000_times_round_the_globe_is_nowhere(void **unused) {
    (void)unused;
    for (int turns = 2499; turns <= 2501; turns += 2) {
        elc_string wkt = {0}, wkb = {0};
        elc_nearby *near;
        elc_place_state found;
        elc_string_printf(&wkt, NULL, "LINESTRING (-720 0");
        for (int i = 1; i <= turns; i++)
            elc_string_printf(&wkt, NULL, ", %d 0", i % 2 == 1 ? 720 : -720);
        elc_string_printf(&wkt, NULL, ")");
        elc_wkb_from_wkt(wkt.data, wkt.size, &wkb, NULL, NULL);
        elc_nearby_create(true, &near, NULL);
        elc_nearby_add(near, wkb.data, wkb.size, NULL, &found, NULL);
        assert_int_equal(found, turns < 2500 ? ELC_PLACE_SOUND : ELC_PLACE_NOWHERE);
        elc_nearby_free(near);
        elc_string_free(&wkt);
        elc_string_free(&wkb);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes_of_a_lattice_are_as_near_as_geos_says),
        cmocka_unit_test(test_turned_shapes_are_as_near_as_geos_says),
        cmocka_unit_test(test_metres_between_lines_are_those_of_their_nearest_points),
        cmocka_unit_test(test_metres_are_0_where_one_is_inside_of_the_other),
        cmocka_unit_test(
            test_metres_between_lines_are_not_more_than_between_any_points),
        cmocka_unit_test(test_all_within_a_distance_are_found_however_many_ask),
        cmocka_unit_test(test_what_is_no_geometry_is_near_to_nothing),
        cmocka_unit_test(test_a_line_10000_times_round_the_globe_is_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
