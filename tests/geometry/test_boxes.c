/* test_boxes.c - the outline of boxes on the ground, point by point. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

enum { SIDE = 8, CELLS = SIDE * SIDE }; /* boxes are cells of 10 px on a square */

/* Pixels to the ground: `west` degrees at x 0, a degree a cell. */
static void to_plain(void *arg, elc_point *points, size_t n) {
    const double *west = arg;
    for (size_t i = 0; i < n; i++) {
        double x = *west + points[i].x / 10;
        points[i] = (elc_point){x > 180 ? x - 360 : x, 40 - points[i].y / 10};
    }
}

/* A polar picture: the pole is in the middle of it. */
static void to_pole(void *arg, elc_point *points, size_t n) {
    const double *pole = arg;
    for (size_t i = 0; i < n; i++) {
        double x = points[i].x - 5 * SIDE, y = points[i].y - 5 * SIDE;
        points[i] = (elc_point){atan2(x, y) * 180 / M_PI, *pole * (90 - hypot(x, y))};
    }
}

static size_t boxes_of(const bool *chosen, double boxes[CELLS][4]) {
    size_t n = 0;
    for (int i = 0; i < CELLS; i++) {
        double x = 10 * (i % SIDE), y = 10 * (i / SIDE);
        if (!chosen[i])
            continue;
        boxes[n][0] = x, boxes[n][1] = y;
        boxes[n][2] = x + 10, boxes[n++][3] = y + 10;
    }
    return n;
}

/* The middle of a cell lies in the outline just when its box was given. */
static void outlines_just(const bool *chosen, elc_point_map map, double arg) {
    double boxes[CELLS][4];
    elc_string wkb = {0};
    elc_error err = {0};
    elc_area *area = NULL;
    size_t n = boxes_of(chosen, boxes);
    if (elc_wkb_boxes_lonlat((const double(*)[4])boxes, n, 1, map, &arg, &wkb, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(elc_area_create(&area, NULL), ELC_OK);
    assert_int_equal(elc_area_add(area, wkb.data, wkb.size, NULL), ELC_OK);
    for (int i = 0; i < CELLS; i++) {
        bool covered;
        elc_point at = {10 * (i % SIDE) + 5, 10 * (i / SIDE) + 5};
        map(&arg, &at, 1);
        assert_int_equal(elc_area_covers_point(area, at, &covered, NULL), ELC_OK);
        assert_int_equal(covered, chosen[i]);
    }
    elc_area_free(area);
    elc_string_free(&wkb);
}

static void choose(unsigned seed, bool *chosen) {
    for (int i = 0; i < CELLS; i++) {
        seed = seed * 1103515245u + 12345u;
        chosen[i] = (seed >> 16 & 3) != 0;
    }
    chosen[0] = true;
}

static void test_boxes_outline_is_theirs_away_from_the_antimeridian(void **state) {
    (void)state;
    bool chosen[CELLS];
    for (unsigned seed = 0; seed < 20; seed++) {
        choose(seed, chosen);
        outlines_just(chosen, to_plain, 100);
    }
}

static void test_boxes_outline_is_cut_at_the_antimeridian(void **state) {
    (void)state;
    bool chosen[CELLS];
    for (unsigned seed = 0; seed < 60; seed++) {
        choose(seed, chosen);
        outlines_just(chosen, to_plain, 175.5 + seed % 4);
    }
}

static void test_boxes_outline_is_led_along_the_pole(void **state) {
    (void)state;
    bool chosen[CELLS];
    for (unsigned seed = 0; seed < 20; seed++) {
        choose(seed, chosen);
        for (int y = 3; y < 5; y++)
            for (int x = 3; x < 5; x++)
                chosen[y * SIDE + x] = true;
        outlines_just(chosen, to_pole, seed % 2 ? 1 : -1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boxes_outline_is_theirs_away_from_the_antimeridian),
        cmocka_unit_test(test_boxes_outline_is_cut_at_the_antimeridian),
        cmocka_unit_test(test_boxes_outline_is_led_along_the_pole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
