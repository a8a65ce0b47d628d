/* test_score.c - pairs, checks, curves and confusion of boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- pairs, against a loop over all --------------------------------------------- */

static double unit(uint64_t *seed) { /* SplitMix64 (Steele et al. 2014) */
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* Sides of all magnitudes, round a place that is far from the origin. */
static elc_score_box any_box(uint64_t *seed) {
    double w = exp2(20 * unit(seed) - 8), h = w * exp2(2 * unit(seed) - 1);
    double x = 1e6 * unit(seed) * unit(seed), y = 1e3 * unit(seed);
    elc_score_box b = {x, y, x + w, y + h, 0.5, NAN, 0, 0, false, false};
    return b;
}

static elc_score_box moved_box(const elc_score_box *from, uint64_t *seed) {
    elc_score_box b = *from;
    double w = b.xmax - b.xmin, h = b.ymax - b.ymin;
    b.xmin += w * (unit(seed) - 0.5);
    b.ymin += h * (unit(seed) - 0.5);
    b.xmax = b.xmin + w * (0.5 + unit(seed));
    b.ymax = b.ymin + h * (0.5 + unit(seed));
    b.score = unit(seed);
    return b;
}

static double iou_of(const elc_score_box *a, const elc_score_box *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    double common = w > 0 && h > 0 ? w * h : 0;
    return common / ((a->xmax - a->xmin) * (a->ymax - a->ymin) +
                     (b->xmax - b->xmin) * (b->ymax - b->ymin) - common);
}

enum { N = 600 };

/* By VOC's rule every found box looks at the true box of the largest IoU alone, and any
   number may take one that is ignored: partners tell whether each pair was found. */
static void compare_pairs(const elc_score_set *set, double iou) {
    elc_score *score = NULL;
    elc_score_match *match = NULL;
    elc_score_wish wish = {.rule = ELC_SCORE_VOC, .ious = &iou, .n_ious = 1};
    assert_int_equal(elc_score_create(set, iou, 2, &score, NULL), ELC_OK);
    assert_int_equal(elc_score_match_create(score, &wish, &match, NULL), ELC_OK);
    for (size_t i = 0; i < set->n_found; i++) {
        size_t best = 0;
        for (size_t k = 1; k < set->n_truth; k++)
            if (iou_of(&set->found[i], &set->truth[k]) >
                iou_of(&set->found[i], &set->truth[best]))
                best = k;
        if (iou_of(&set->found[i], &set->truth[best]) >= iou)
            assert_int_equal(match->partner[i], best);
        else
            assert_int_equal(match->partner[i], ELC_SCORE_NONE);
    }
    elc_score_match_free(match);
    elc_score_free(score);
}

static void test_score_finds_every_pair_whatever_the_sizes(void **state) {
    (void)state;
    elc_score_box truth[N], found[N];
    elc_score_set set = {found, truth, N, N, 1, 1};
    uint64_t seed = 7;
    for (size_t i = 0; i < N; i++) {
        truth[i] = any_box(&seed);
        truth[i].ignore = true; /* so that any number of found boxes may take it */
        found[i] = moved_box(&truth[i], &seed);
    }
    for (double iou = 0.05; iou < 1; iou += 0.15)
        compare_pairs(&set, iou);
}

/* ---- checks --------------------------------------------------------------------- */

static void refuses(elc_score_box box, const char *word) {
    elc_error err = {0};
    elc_score *score = NULL;
    elc_score_set set = {&box, NULL, 1, 0, 1, 1};
    assert_int_equal(elc_score_create(&set, 0.5, 1, &score, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, word));
}

static void test_score_refuses_boxes_that_cannot_be_meant(void **state) {
    (void)state;
    refuses((elc_score_box){NAN, 0, 1, 1, 0.5, NAN, 0, 0, false, false}, "no number");
    refuses((elc_score_box){0, 0, INFINITY, 1, 0.5, NAN, 0, 0, false, false}, "number");
    refuses((elc_score_box){0, 0, 1, 1, NAN, NAN, 0, 0, false, false}, "score");
    refuses((elc_score_box){2, 0, 1, 1, 0.5, NAN, 0, 0, false, false}, "begins");
    refuses((elc_score_box){0, 0, 1, 1, 0.5, NAN, 1, 0, false, false}, "beyond");
    refuses((elc_score_box){0, 0, 1, 1, 0.5, NAN, 0, 1, false, false}, "beyond");
}

/* ---- curves --------------------------------------------------------------------- */

static const char four_found[] = "0 0 0.9 0 0 10 10|0 0 0.8 50 0 60 10|"
                                 "0 0 0.8 20 0 30 10|0 0 0.1 70 0 80 10";
static const char three_true[] = "0 0 0 0 0 10 10|0 0 0 20 0 30 10|0 0 0 90 0 99 10";

static elc_score_match *match_half(const elc_score *score) {
    static const double half = 0.5;
    elc_score_match *match = NULL;
    elc_score_wish wish = {.rule = ELC_SCORE_COCO, .ious = &half, .n_ious = 1};
    assert_int_equal(elc_score_match_create(score, &wish, &match, NULL), ELC_OK);
    return match;
}

static void test_curve_takes_equal_scores_together(void **state) {
    (void)state;
    elc_score_set set = score_set_of(four_found, three_true);
    elc_score *score = NULL;
    elc_score_point *points = NULL, best;
    size_t n = 0;
    assert_int_equal(elc_score_create(&set, 0.5, 1, &score, NULL), ELC_OK);
    elc_score_match *match = match_half(score);
    assert_int_equal(elc_score_curve(score, match, 0, 100, &points, &n, &best, NULL),
                     ELC_OK);
    assert_int_equal(n, 3);
    assert_int_equal(points[0].taken, 1);
    assert_int_equal(points[1].taken, 3);
    assert_int_equal(points[1].right, 2);
    assert_true(fabs(best.score - 0.8) < 1e-12 && fabs(best.f1 - 2 / 3.0) < 1e-12);
    assert_int_equal(elc_score_at(score, match, 0, 0.85).taken, 1);
    assert_int_equal(elc_score_at(score, match, 0, 0.0).taken, 4);
    free(points);
    elc_score_match_free(match);
    elc_score_free(score);
    score_set_free(&set);
}

static void test_curve_is_thinned_and_keeps_both_ends(void **state) {
    (void)state;
    static elc_score_box found[1000];
    elc_score_box truth = {0, 0, 1, 1, 0, NAN, 0, 0, false, false};
    elc_score_set set = {found, &truth, 1000, 1, 1, 1};
    elc_score *score = NULL;
    elc_score_point *points = NULL, best;
    for (size_t i = 0; i < 1000; i++)
        found[i] = (elc_score_box){0, 0, 1, 1, (double)i, NAN, 0, 0, false, false};
    assert_int_equal(elc_score_create(&set, 0.5, 1, &score, NULL), ELC_OK);
    elc_score_match *match = match_half(score);
    for (size_t most = 3; most < 1100; most += 61) {
        size_t n = 0;
        assert_int_equal(
            elc_score_curve(score, match, 0, most, &points, &n, &best, NULL), ELC_OK);
        assert_true(n <= most && n >= (most < 1000 ? most - 1 : 1000));
        assert_int_equal(points[0].taken, 1);
        assert_int_equal(points[n - 1].taken, 1000);
        free(points);
    }
    elc_score_match_free(match);
    elc_score_free(score);
}

/* ---- confusion ------------------------------------------------------------------ */

static void test_confusion_pairs_across_classes_by_falling_iou(void **state) {
    (void)state;
    /* Class 0 stands where class 1 is found; a copy of worse IoU is one too many; one
       is under its class's score; one lies in a crowd. */
    elc_score_set set = score_set_of("0 1 0.9 0 0 10 10|0 0 0.8 0 1 10 11|"
                                     "0 1 0.1 20 0 30 10|0 0 0.7 50 50 60 60",
                                     "0 0 0 0 0 10 10|0 1 0 20 0 30 10|"
                                     "0 0 0 40 40 90 90 c");
    const double least[] = {0.5, 0.5};
    const size_t wanted[] = {0, 1, 0, 0, 0, 1, 1, 0, 0};
    size_t got[9];
    elc_score *score = NULL;
    assert_int_equal(elc_score_create(&set, 0.5, 1, &score, NULL), ELC_OK);
    assert_int_equal(elc_score_confusion(score, 0.5, least, got, NULL), ELC_OK);
    assert_memory_equal(got, wanted, sizeof wanted);
    elc_score_free(score);
    score_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score_finds_every_pair_whatever_the_sizes),
        cmocka_unit_test(test_score_refuses_boxes_that_cannot_be_meant),
        cmocka_unit_test(test_curve_takes_equal_scores_together),
        cmocka_unit_test(test_curve_is_thinned_and_keeps_both_ends),
        cmocka_unit_test(test_confusion_pairs_across_classes_by_falling_iou),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
