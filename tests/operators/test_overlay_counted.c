/* test_overlay_counted.c - overlay on tables of many rows, held to squares that are
   counted; the same text for any number of threads, and rows a batch. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static joining laying(const char *first, const char *second, const char *options) {
    return (joining){
        .left = {"id:int64 geometry:geometry", first, "", 0},
        .right = {second != NULL ? "no:int64 geometry:geometry" : NULL, second, "", 0},
        .op = "overlay",
        .options = options,
        .wkt = true};
}

/* ---- squares ----------------------------------------------------------------------
 */

enum { SIDE = 40, BOXES = 150 };

typedef struct {
    int x0, y0, x1, y1;
} box;

static void add_boxes(unsigned *seed, box *boxes, elc_string *rows) {
    for (int i = 0; i < BOXES; i++) {
        box *b = &boxes[i];
        b->x0 = rand_r(seed) % (SIDE - 4);
        b->y0 = rand_r(seed) % (SIDE - 4);
        b->x1 = b->x0 + 1 + rand_r(seed) % 4;
        b->y1 = b->y0 + 1 + rand_r(seed) % 4;
        elc_string_printf(rows, NULL,
                          "%s%d POLYGON_((%d_%d,_%d_%d,_%d_%d,_%d_%d,_%d_%d))",
                          i > 0 ? "|" : "", i, b->x0, b->y0, b->x1, b->y0, b->x1, b->y1,
                          b->x0, b->y1, b->x0, b->y0);
    }
}

static bool any_holds(const box *boxes, int x, int y) {
    for (int i = 0; i < BOXES; i++)
        if (x >= boxes[i].x0 && x < boxes[i].x1 && y >= boxes[i].y0 && y < boxes[i].y1)
            return true;
    return false;
}

/* What all rows together have, pieces of several rows counted for each. */
static double planar_area(const char *rows) {
    elc_measure *m;
    double sum = 0;
    const elc_measure_wish wish = {.sizes = true};
    elc_names lines = {0};
    assert_int_equal(elc_measure_create(NULL, false, &m, NULL), ELC_OK);
    assert_int_equal(elc_names_split(&lines, rows, '\n', NULL), ELC_OK);
    for (size_t i = 1; i < lines.count; i++) {
        char *at = strstr(lines.items[i], "POLYGON"), *end;
        elc_string wkb = {0};
        elc_measured got;
        if (at == NULL)
            continue;
        at = strstr(lines.items[i], "MULTIPOLYGON") != NULL
                 ? strstr(lines.items[i], "MULTIPOLYGON")
                 : at;
        end = strchr(at, ' ');
        size_t n = end != NULL ? (size_t)(end - at) : strlen(at);
        for (size_t k = 0; k < n; k++)
            at[k] = at[k] == '_' ? ' ' : at[k];
        assert_int_equal(elc_wkb_from_wkt(at, n, &wkb, NULL, NULL), ELC_OK);
        assert_int_equal(
            elc_measure_wkb(m, wkb.data, wkb.size, &wish, &got, NULL, NULL), ELC_OK);
        sum += got.area;
        elc_string_free(&wkb);
    }
    elc_names_free(&lines);
    elc_measure_free(m);
    return sum;
}

/* The same text for batches of 1, 7, 64 and all rows, by 1 and 8 threads. */
static double area_of(const char *first, const char *second, const char *options) {
    static const size_t batches[] = {0, 1, 7, 64};
    elc_string wanted = {0};
    for (size_t b = 0; b < 4; b++)
        for (int threads = 1; threads <= 8; threads += 7) {
            elc_string out = {0};
            elc_error err = {0};
            joining j = laying(first, second, options);
            j.left.batch = j.right.batch = batches[b];
            j.threads = threads;
            if (joining_rows(&j, &out, &err) != ELC_OK)
                fail_msg("%s", err.message);
            if (wanted.data == NULL) {
                wanted = out;
                continue;
            }
            assert_string_equal(out.data, wanted.data);
            elc_string_free(&out);
        }
    double area = planar_area(wanted.data);
    elc_string_free(&wanted);
    return area;
}

static void test_overlay_has_the_squares_that_are_counted(void **state) {
    (void)state;
    static box a[BOXES], b[BOXES];
    elc_string first = {0}, second = {0};
    unsigned seed = 11;
    double both = 0, own = 0, other = 0, covered = 0;
    add_boxes(&seed, a, &first);
    add_boxes(&seed, b, &second);
    for (int x = 0; x < SIDE; x++)
        for (int y = 0; y < SIDE; y++) {
            bool in_a = any_holds(a, x, y), in_b = any_holds(b, x, y);
            covered += in_a;
            for (int i = 0; i < BOXES; i++) {
                bool ai = x >= a[i].x0 && x < a[i].x1 && y >= a[i].y0 && y < a[i].y1;
                bool bi = x >= b[i].x0 && x < b[i].x1 && y >= b[i].y0 && y < b[i].y1;
                own += ai && !in_b;
                other += bi && !in_a;
                for (int k = 0; ai && k < BOXES; k++)
                    both += x >= b[k].x0 && x < b[k].x1 && y >= b[k].y0 && y < b[k].y1;
            }
        }
    assert_true(fabs(area_of(first.data, second.data, "op=intersection") - both) <
                1e-6);
    assert_true(fabs(area_of(first.data, second.data, "op=difference") - own) < 1e-6);
    assert_true(fabs(area_of(first.data, second.data, "op=symmetric-difference") - own -
                     other) < 1e-6);
    assert_true(
        fabs(area_of(first.data, second.data, "op=union") - both - own - other) < 1e-6);
    assert_true(fabs(area_of(first.data, NULL, "op=dissolve") - covered) < 1e-6);
    elc_string_free(&first);
    elc_string_free(&second);
}

/* Several windows, and unions in groups: a chessboard of 40 by 40, its black squares,
 * and all.
 */
static void test_overlay_of_many_rows(void **state) {
    (void)state;
    enum { N = 40 };
    elc_string all = {0}, black = {0};
    for (int x = 0; x < N; x++)
        for (int y = 0; y < N; y++)
            for (int k = 0; k < 1 + ((x + y) % 2 == 0); k++) {
                elc_string *to = k == 0 ? &all : &black;
                elc_string_printf(to, NULL,
                                  "%s%d POLYGON_((%d_%d,_%d_%d,_%d_%d,_%d_%d,_%d_%d))",
                                  to->size > 0 ? "|" : "", x, x, y, x + 1, y, x + 1,
                                  y + 1, x, y + 1, x, y);
            }
    assert_true(fabs(area_of(all.data, NULL, "op=dissolve") - N * N) < 1e-9);
    assert_true(fabs(area_of(all.data, NULL, "op=dissolve by=id") - N * N) < 1e-9);
    assert_true(fabs(area_of(black.data, NULL, "op=dissolve") - N * N / 2) < 1e-9);
    const char *large = "1 POLYGON_((10_10,_30_10,_30_30,_10_30,_10_10))|2 POINT_(5_5)";
    assert_true(fabs(area_of(all.data, large, "op=intersection") - 400) < 1e-9);
    assert_true(fabs(area_of(all.data, large, "op=difference") - N * N + 400) < 1e-9);
    assert_true(fabs(area_of(large, all.data, "op=union") - N * N) < 1e-9);
    elc_string_free(&all);
    elc_string_free(&black);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlay_has_the_squares_that_are_counted),
        cmocka_unit_test(test_overlay_of_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
