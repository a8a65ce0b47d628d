/* test_near.c - the nearest places are those of a loop over all pairs, and of GEOS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

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

/* ---- points ---------------------------------------------------------------------- */

enum { POINTS = 600, ASKED = 60 };

typedef elc_point (*maker)(void);

static elc_point anywhere(void) {
    return (elc_point){unit() * 1000, unit() * 1000};
}
static elc_point on_a_lattice(void) {
    return (elc_point){below(20), below(20)};
}
static elc_point on_a_line(void) {
    double t = below(1000);
    return (elc_point){t / 7, t / 3};
}
static elc_point at_two_places(void) {
    return (elc_point){below(2), 1};
}
static elc_point one_unit_apart(void) {
    return (elc_point){1 + below(9) * 0x1p-52, 5e6 + below(9) * 0x1p-30};
}
static elc_point far_and_near(void) {
    return (elc_point){ldexp(unit() - 0.5, below(700) - 350),
                       ldexp(unit() - 0.5, below(700) - 350)};
}
static elc_point in_heaps(void) {
    int heap = below(5);
    return (elc_point){heap * 1e5 + unit(), heap * heap * 1e5 + unit()};
}
static elc_point on_a_circle(void) {
    double angle = unit() * 7;
    return (elc_point){cos(angle), sin(angle)};
}

static elc_point on_the_globe(void) {
    return (elc_point){unit() * 360 - 180, asin(2 * unit() - 1) * 180 / M_PI};
}
static elc_point round_the_pole(void) {
    return (elc_point){unit() * 360 - 180, 90 - unit() * unit()};
}
static elc_point at_180(void) {
    double x = unit() - 0.5;
    return (elc_point){x < 0 ? x + 180 : x - 180, unit() - 0.5};
}
static elc_point in_a_town(void) {
    return (elc_point){13 + unit() / 10, 52 + unit() / 10};
}
static elc_point at_the_far_side(void) {
    return (elc_point){-167 + unit() / 10, -52 + unit() / 10};
}
static elc_point in_whole_degrees(void) {
    return (elc_point){below(10) * 36 - 180, below(11) * 18 - 90};
}

static double in_the_plane(elc_point a, elc_point b) {
    double x = b.x - a.x, y = b.y - a.y;
    return sqrt(x * x + y * y);
}

typedef struct set {
    elc_point points[POINTS];
    elc_nearby *near;
    bool metres;
} set;

static void make_set(set *s, maker make, bool metres) {
    s->metres = metres;
    assert_int_equal(elc_nearby_create(metres, &s->near, NULL), ELC_OK);
    for (size_t i = 0; i < POINTS; i++) {
        elc_string wkb = {0};
        elc_place_state found;
        s->points[i] = make();
        elc_wkb_point(s->points[i], &wkb, NULL);
        assert_int_equal(
            elc_nearby_add(s->near, wkb.data, wkb.size, NULL, &found, NULL), ELC_OK);
        assert_int_equal(found, ELC_PLACE_SOUND);
        elc_string_free(&wkb);
    }
    assert_int_equal(elc_nearby_build(s->near, NULL), ELC_OK);
}

static int compare_hits(const void *a, const void *b) {
    const elc_nearby_hit *x = a, *y = b;
    int far = (x->distance > y->distance) - (x->distance < y->distance);
    return far != 0 ? far : (x->place > y->place) - (x->place < y->place);
}

/* All that count, by distance and number. */
static size_t by_brute_force(const set *s, elc_point p, double most,
                             elc_nearby_hit hits[POINTS]) {
    size_t n = 0;
    for (uint32_t i = 0; i < POINTS; i++) {
        double d =
            s->metres ? elc_distance_m(p, s->points[i]) : in_the_plane(p, s->points[i]);
        if (d <= most)
            hits[n++] = (elc_nearby_hit){d, i};
    }
    qsort(hits, n, sizeof *hits, compare_hits);
    return n;
}

static void check_answer(const set *s, elc_nearby_asker *asker, elc_point p, size_t k,
                         double most) {
    static elc_nearby_hit all[POINTS];
    const elc_nearby_hit *hits;
    const uint32_t *places;
    elc_place_state found;
    size_t n, within, want = by_brute_force(s, p, most, all);
    assert_int_equal(elc_nearby_within_point(asker, p, &found, &places, &within, NULL),
                     ELC_OK);
    assert_int_equal(within, want);
    for (size_t i = 1; i < within; i++)
        assert_true(places[i - 1] < places[i]);
    assert_int_equal(elc_nearby_find_point(asker, p, &found, &hits, &n, NULL), ELC_OK);
    assert_int_equal(n, want < k ? want : k);
    for (size_t i = 0; i < n; i++) {
        assert_true(hits[i].distance == all[i].distance);
        assert_int_equal(hits[i].place, all[i].place);
    }
}

static void check_points(maker right, maker left, bool metres, double most) {
    static const size_t ks[] = {1, 2, 7, POINTS + 1, 400};
    static set s;
    make_set(&s, right, metres);
    for (size_t i = 0; i < sizeof ks / sizeof *ks; i++) {
        elc_nearby_question q = {ks[i], i % 2 ? most : INFINITY, NULL};
        elc_nearby_asker *asker;
        assert_int_equal(elc_nearby_asker_create(s.near, &q, &asker, NULL), ELC_OK);
        for (int k = 0; k < (ks[i] > 7 ? 20 : ASKED); k++)
            check_answer(&s, asker, left(), ks[i], q.most);
        elc_nearby_asker_free(asker);
    }
    elc_nearby_free(s.near);
}

static void test_points_of_the_plane_are_those_of_brute_force(void **unused) {
    (void)unused;
    static const maker makers[] = {anywhere,      on_a_lattice,   on_a_line,
                                   at_two_places, one_unit_apart, far_and_near,
                                   in_heaps,      on_a_circle};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        check_points(makers[i], makers[i], false, 3);
        check_points(makers[i], anywhere, false, 900);
    }
}

static void test_points_of_the_globe_are_those_of_brute_force(void **unused) {
    (void)unused;
    static const maker makers[] = {on_the_globe, round_the_pole,   at_180,
                                   in_a_town,    in_whole_degrees, at_the_far_side};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        check_points(makers[i], makers[i], true, 20000);
        check_points(makers[i], on_the_globe, true, 1e7);
    }
    check_points(in_a_town, at_the_far_side, true, 19999000);
    check_points(at_the_far_side, in_a_town, true, INFINITY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_of_the_plane_are_those_of_brute_force),
        cmocka_unit_test(test_points_of_the_globe_are_those_of_brute_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
