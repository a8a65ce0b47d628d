/* test_isea_internal.c - Snyder's icosahedral map: against PROJ, and there and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/isea.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define RADIANS_PER_DEGREE 0.017453292519943295

static elc_point anywhere(void) {
    return (elc_point){drand48() * 360 - 180,
                       asin(2 * drand48() - 1) / RADIANS_PER_DEGREE};
}

static elc_transform *transform_of(const char *from_text, const char *to_text) {
    elc_crs *from = NULL, *to = NULL;
    elc_transform *t = NULL;
    elc_error err = {0};
    if (elc_crs_create(from_text, &from, &err) != ELC_OK ||
        elc_crs_create(to_text, &to, &err) != ELC_OK ||
        elc_transform_create(from, to, &t, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_crs_free(from);
    elc_crs_free(to);
    return t;
}

/* By the closed formula (Snyder 1987, 3-11 and 3-12). */
static double authalic(double lat_deg) {
    double e2 = (2 - 1 / 298.257223563) / 298.257223563, e = sqrt(e2);
    double s = sin(lat_deg * RADIANS_PER_DEGREE);
    double q = s / (1 - e2 * s * s) - log((1 - e * s) / (1 + e * s)) / (2 * e);
    double most = 1 / (1 - e2) - log((1 - e) / (1 + e)) / (2 * e);
    return asin(q / most) / RADIANS_PER_DEGREE;
}

/* Weights are those of an equilateral triangle's corners. */
static double apart(elc_isea a, elc_isea b) {
    double d[3], sum = 0;
    for (int k = 0; k < 3; k++)
        d[k] = a.weights[k] - b.weights[k];
    for (int k = 0; k < 3; k++)
        sum += d[k] * d[k] / 2;
    return sqrt(sum) * ELC_ISEA_EDGE_M;
}

/* PROJ puts the faces beside each other in its own way, so what can be compared is how
   far points of one face lie apart. */
static void test_isea_puts_points_as_far_apart_as_proj(void **state) {
    (void)state;
    elc_transform *t =
        transform_of("+proj=longlat +R=6371007.18091847 +type=crs",
                     "+proj=isea +R=6371007.18091847 +orient=isea +type=crs");
    int compared = 0;
    srand48(1);
    for (int i = 0; i < 20000; i++) {
        elc_point p[2] = {anywhere(), anywhere()};
        elc_isea a = elc_isea_from_lonlat(p[0]), b = elc_isea_from_lonlat(p[1]);
        if (a.face != b.face)
            continue;
        p[0].y = authalic(p[0].y);
        p[1].y = authalic(p[1].y);
        assert_int_equal(elc_transform_points(t, p, 2), 0);
        double theirs = hypot(p[0].x - p[1].x, p[0].y - p[1].y);
        assert_true(fabs(theirs - apart(a, b)) < 0.01);
        compared++;
    }
    assert_true(compared > 800);
    elc_transform_free(t);
}

static void test_isea_comes_back_within_a_micrometre(void **state) {
    (void)state;
    srand48(2);
    for (int i = 0; i < 50000; i++) {
        elc_point p = anywhere();
        elc_point q = elc_isea_to_lonlat(elc_isea_from_lonlat(p));
        assert_true(elc_distance_m(p, q) < 1e-6);
    }
}

/* Corners of faces, their middles and the poles: where angles are of nothing. */
static void test_isea_knows_its_corners_and_middles(void **state) {
    (void)state;
    for (int f = 0; f < ELC_ISEA_FACES; f++)
        for (int k = 0; k < 4; k++) {
            elc_isea place = {f, {1.0 / 3, 1.0 / 3, 1.0 / 3}};
            for (int i = 0; k < 3 && i < 3; i++)
                place.weights[i] = i == k;
            elc_point p = elc_isea_to_lonlat(place);
            elc_point q = elc_isea_to_lonlat(elc_isea_from_lonlat(p));
            assert_true(elc_distance_m(p, q) < 1e-6);
        }
    for (int sign = -1; sign <= 1; sign += 2) {
        elc_point q =
            elc_isea_to_lonlat(elc_isea_from_lonlat((elc_point){7, 90 * sign}));
        assert_true(elc_distance_m((elc_point){0, 90 * sign}, q) < 1e-6);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_isea_puts_points_as_far_apart_as_proj),
        cmocka_unit_test(test_isea_comes_back_within_a_micrometre),
        cmocka_unit_test(test_isea_knows_its_corners_and_middles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
