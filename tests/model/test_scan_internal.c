/* test_scan_internal.c - the cells that score, against a plain loop. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/scan.h"
#include "support/boxes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct grid {
    elc_head_layout layout;
    size_t cells;
    bool objectness;
    float *data;
} grid;

static float *at(const grid *g, size_t cell, size_t k) {
    size_t features = (size_t)g->layout.features;
    return &g->data[g->layout.cells_last ? k * g->cells + cell : cell * features + k];
}

/* Random boxes and scores of 0 to 1 in steps of 1/64, so that ties come too. */
static grid grid_make(bool cells_last, bool objectness, size_t cells, int64_t classes) {
    grid g = {.cells = cells, .objectness = objectness};
    int64_t fixed = objectness ? 5 : 4;
    g.layout = (elc_head_layout){
        .cells_last = cells_last, .features = fixed + classes, .classes = classes};
    g.data = malloc(cells * (size_t)g.layout.features * sizeof *g.data);
    srand((unsigned)cells);
    for (size_t i = 0; i < cells; i++) {
        for (size_t k = 0; k < (size_t)g.layout.features; k++)
            *at(&g, i, k) =
                k < 4 ? (float)(1 + rand() % 640) : (float)(rand() % 65) / 64;
    }
    return g;
}

static elc_status scan(const grid *g, float min_score, elc_box_list *boxes,
                       elc_error *err) {
    uint64_t flat = 0;
    elc_head_input in = {.layout = &g->layout,
                         .data = g->data,
                         .cells = g->cells,
                         .width = 640,
                         .height = 640,
                         .min_score = min_score};
    elc_head_boxes out = {.list = boxes, .flat = &flat};
    return elc_scan(&in, g->objectness, elc_scan_centred, &out, err);
}

static void plain(const grid *g, float min_score, elc_box_list *boxes) {
    size_t from = g->objectness ? 5 : 4;
    for (size_t i = 0; i < g->cells; i++) {
        int32_t best = 0;
        for (int32_t c = 1; c < (int32_t)g->layout.classes; c++) {
            if (*at(g, i, from + (size_t)c) > *at(g, i, from + (size_t)best))
                best = c;
        }
        float score =
            *at(g, i, from + (size_t)best) * (g->objectness ? *at(g, i, 4) : 1);
        if (score < min_score)
            continue;
        double x = (double)*at(g, i, 0), y = (double)*at(g, i, 1);
        double w = (double)*at(g, i, 2), h = (double)*at(g, i, 3);
        assert_int_equal(elc_reserve(&boxes->items, &boxes->capacity, boxes->count + 1,
                                     sizeof *boxes->items, NULL),
                         ELC_OK);
        boxes->items[boxes->count++] =
            (elc_box)PLAIN_BOX(x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, best);
        boxes->items[boxes->count - 1].cell = (int32_t)i;
    }
}

static void compare(bool cells_last, bool objectness, size_t cells, int64_t classes,
                    float min_score) {
    grid g = grid_make(cells_last, objectness, cells, classes);
    elc_box_list got = {0}, expected = {0};
    assert_int_equal(scan(&g, min_score, &got, NULL), ELC_OK);
    plain(&g, min_score, &expected);
    assert_int_equal(got.count, expected.count);
    if (got.count > 0)
        assert_memory_equal(got.items, expected.items, got.count * sizeof *got.items);
    free(got.items);
    free(expected.items);
    free(g.data);
}

static void compare_sizes(bool cells_last, bool objectness) {
    static const size_t cells[] = {1, 7, 700, 1023, 1024, 1025, 2500};
    static const float scores[] = {0, 0.25f, 0.984375f, 1};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        for (size_t s = 0; s < 4; s++) {
            compare(cells_last, objectness, cells[i], 1, scores[s]);
            compare(cells_last, objectness, cells[i], 3, scores[s]);
            compare(cells_last, objectness, cells[i], 16, scores[s]);
            compare(cells_last, objectness, cells[i], 83, scores[s]);
        }
    }
}

static void test_planes_give_what_a_plain_loop_gives(void **state) {
    (void)state;
    compare_sizes(true, false);
}

static void test_rows_give_what_a_plain_loop_gives(void **state) {
    (void)state;
    compare_sizes(false, false);
    compare_sizes(false, true);
}

static void assert_caught(bool cells_last, size_t cell, size_t k, float value) {
    grid g = grid_make(cells_last, false, 1500, 35);
    elc_box_list boxes = {0};
    elc_error err = {0};
    *at(&g, cell, k) = value;
    assert_int_equal(scan(&g, 0.5f, &boxes, &err), ELC_E_MODEL);
    assert_non_null(strstr(err.message, "score that is no number"));
    free(boxes.items);
    free(g.data);
}

static void test_any_score_that_is_no_number_is_caught(void **state) {
    (void)state;
    for (size_t k = 4; k < 39; k++) {
        for (int last = 0; last < 2; last++) {
            assert_caught(last, 0, k, NAN);
            assert_caught(last, 1499, k, -INFINITY);
            assert_caught(last, 1024, k, INFINITY);
        }
    }
}

/* Cells without a score may hold anything, as an exponential that overflows. */
static void test_boxes_that_no_score_asks_for_are_not_read(void **state) {
    (void)state;
    grid g = grid_make(true, false, 300, 1);
    elc_box_list boxes = {0};
    for (size_t i = 0; i < 300; i++)
        *at(&g, i, 4) = 0;
    *at(&g, 17, 2) = INFINITY;
    assert_int_equal(scan(&g, 0.1f, &boxes, NULL), ELC_OK);
    assert_int_equal(boxes.count, 0);
    *at(&g, 17, 4) = 0.5f;
    assert_int_equal(scan(&g, 0.1f, &boxes, NULL), ELC_E_MODEL);
    free(boxes.items);
    free(g.data);
}

static void test_a_score_a_little_over_one_is_one(void **state) {
    (void)state;
    grid g = grid_make(false, false, 1, 1);
    elc_box_list boxes = {0};
    *at(&g, 0, 4) = 1.0005f;
    assert_int_equal(scan(&g, 0.5f, &boxes, NULL), ELC_OK);
    assert_float_equal(boxes.items[0].score, 1, 0);
    *at(&g, 0, 4) = 1.01f;
    assert_int_equal(scan(&g, 0.5f, &boxes, NULL), ELC_E_MODEL);
    free(boxes.items);
    free(g.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planes_give_what_a_plain_loop_gives),
        cmocka_unit_test(test_rows_give_what_a_plain_loop_gives),
        cmocka_unit_test(test_any_score_that_is_no_number_is_caught),
        cmocka_unit_test(test_boxes_that_no_score_asks_for_are_not_read),
        cmocka_unit_test(test_a_score_a_little_over_one_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
