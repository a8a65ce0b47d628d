/* test_nms.c - suppression inside a chip, against a loop of ten lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate.h"
#include "support/boxes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The definition: falling score, kept unless a kept one overlaps it more. */
static size_t nms_by_loop(elc_box *boxes, size_t n, double iou, bool across) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool free_of_others = true;
        for (size_t k = 0; k < kept; k++)
            if ((across || boxes[k].class_id == boxes[i].class_id) &&
                elc_box_iou(&boxes[k], &boxes[i]) > iou)
                free_of_others = false;
        if (free_of_others)
            boxes[kept++] = boxes[i];
    }
    return kept;
}

static int by_order(const void *a, const void *b) {
    return elc_box_compare(a, b);
}

static void random_boxes(elc_box *boxes, size_t n, uint64_t seed) {
    for (size_t i = 0; i < n; i++) {
        double x = 600 * sim_unit(&seed), y = 600 * sim_unit(&seed);
        boxes[i] = (elc_box){.xmin = x,
                             .ymin = y,
                             .xmax = x + 5 + 60 * sim_unit(&seed),
                             .ymax = y + 5 + 60 * sim_unit(&seed),
                             .score = (float)(sim_next(&seed) % 50) / 50.0f,
                             .class_id = (int32_t)(sim_next(&seed) % 3)};
    }
}

static void compare_with_loop(double iou, bool across, uint64_t seed) {
    enum { N = 700 };
    elc_box ours[N], loop[N];
    random_boxes(ours, N, seed);
    memcpy(loop, ours, sizeof loop);
    size_t n = N;
    assert_int_equal(elc_nms(ours, &n, iou, across, NULL), ELC_OK);
    qsort(loop, N, sizeof *loop, by_order);
    size_t expected = nms_by_loop(loop, N, iou, across);
    assert_int_equal(n, expected);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(elc_box_compare(&ours[i], &loop[i]), 0);
}

static void test_nms_keeps_what_the_definition_keeps(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        compare_with_loop(0.5, false, seed);
        compare_with_loop(0.5, true, seed);
        compare_with_loop(0.1, true, seed);
        compare_with_loop(0.9, false, seed);
    }
}

static void test_nms_does_not_depend_on_the_order_of_boxes(void **state) {
    (void)state;
    enum { N = 300 };
    elc_box a[N], b[N];
    random_boxes(a, N, 3);
    for (size_t i = 0; i < N; i++)
        b[i] = a[N - 1 - i];
    size_t na = N, nb = N;
    assert_int_equal(elc_nms(a, &na, 0.5, true, NULL), ELC_OK);
    assert_int_equal(elc_nms(b, &nb, 0.5, true, NULL), ELC_OK);
    assert_int_equal(na, nb);
    for (size_t i = 0; i < na; i++)
        assert_int_equal(elc_box_compare(&a[i], &b[i]), 0);
}

static void test_nms_keeps_boxes_that_overlap_exactly_the_threshold(void **state) {
    (void)state;
    elc_box boxes[] = {PLAIN_BOX(0, 0, 2, 1, 0.9f, 0), PLAIN_BOX(1, 0, 3, 1, 0.8f, 0)};
    size_t n = 2;
    assert_int_equal(elc_nms(boxes, &n, 1.0 / 3, false, NULL), ELC_OK);
    assert_int_equal(n, 2);
}

static void test_nms_takes_no_boxes_and_equal_boxes(void **state) {
    (void)state;
    size_t n = 0;
    assert_int_equal(elc_nms(NULL, &n, 0.5, false, NULL), ELC_OK);
    elc_box boxes[3] = {PLAIN_BOX(5, 5, 9, 9, 0.5f, 1), PLAIN_BOX(5, 5, 9, 9, 0.5f, 1),
                        PLAIN_BOX(5, 5, 9, 9, 0.5f, 1)};
    n = 3;
    assert_int_equal(elc_nms(boxes, &n, 0.5, false, NULL), ELC_OK);
    assert_int_equal(n, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nms_keeps_what_the_definition_keeps),
        cmocka_unit_test(test_nms_does_not_depend_on_the_order_of_boxes),
        cmocka_unit_test(test_nms_keeps_boxes_that_overlap_exactly_the_threshold),
        cmocka_unit_test(test_nms_takes_no_boxes_and_equal_boxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
