/* test_coco.c - COCO's rule gives what pycocotools gives, on random and hostile cases.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The twelve numbers that pycocotools prints. */
static void take_stats(const elc_score_summary *s, size_t n, double stats[12]) {
    const double *all = s->precision[ELC_SCORE_ALL];
    stats[0] = elc_score_mean(all, n, 1);
    stats[1] = elc_score_mean(all, n, ELC_SCORE_IOUS);
    stats[2] = n > 0 ? elc_score_mean(all + 5, n - 5, ELC_SCORE_IOUS) : NAN;
    for (int i = 0; i < 3; i++) {
        stats[3 + i] = elc_score_mean(s->precision[ELC_SCORE_SMALL + i], n, 1);
        stats[6 + i] = elc_score_mean(s->recall_of[i], n, 1);
        stats[9 + i] = elc_score_mean(s->recall[ELC_SCORE_SMALL + i], n, 1);
    }
}

static void compare(const score_case *c, elc_score *score) {
    elc_error err = {0};
    elc_score_summary summary = {0};
    double stats[12];
    if (elc_score_summarize(score, ELC_SCORE_COCO, c->most, NULL, &summary, &err) !=
        ELC_OK)
        fail_msg("%s: %s", c->name, err.message);
    assert_int_equal(c->n_stats, 12);
    take_stats(&summary, (size_t)c->set.n_classes * ELC_SCORE_IOUS, stats);
    for (int i = 0; i < 12; i++) {
        char what[20];
        snprintf(what, sizeof what, "number %d", i);
        case_close(c, what, stats[i], c->stats[i]);
    }
    for (uint32_t k = 0; k < c->set.n_classes; k++)
        case_close(c, "a class's average",
                   elc_score_mean(summary.precision[ELC_SCORE_ALL] + k * ELC_SCORE_IOUS,
                                  ELC_SCORE_IOUS, 1),
                   c->classes[k]);
    elc_score_summary_clear(&summary);
    elc_score_free(score);
}

static void compare_case(const score_case *c) {
    for (int threads = 1; threads <= 3; threads++) {
        elc_score *score = NULL;
        assert_int_equal(elc_score_create(&c->set, 0.5, threads, &score, NULL), ELC_OK);
        compare(c, score);
    }
}

static void test_coco_gives_what_pycocotools_gives(void **state) {
    (void)state;
    assert_int_equal(cases_each("coco_cases.txt", compare_case), 24);
}

/* ---- overlaps that are known ---------------------------------------------------- */

static double area_of(const elc_score_box *b) {
    return (b->xmax - b->xmin) * (b->ymax - b->ymin);
}

static double iou_of(const elc_score_box *a, const elc_score_box *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    if (a->image != b->image || !(w > 0 && h > 0))
        return 0;
    return w * h / (b->crowd ? area_of(a) : area_of(a) + area_of(b) - w * h);
}

static void compare_known(const score_case *c) {
    static elc_score_overlap overlaps[1 << 16];
    elc_score *score = NULL;
    size_t n = 0;
    for (uint32_t k = (uint32_t)c->set.n_truth; k-- > 0;)
        for (uint32_t i = 0; i < c->set.n_found; i++) {
            double iou = iou_of(&c->set.found[i], &c->set.truth[k]);
            assert_true(n < sizeof overlaps / sizeof *overlaps);
            if (iou > 0)
                overlaps[n++] = (elc_score_overlap){i, k, iou};
        }
    assert_int_equal(elc_score_create_of(&c->set, overlaps, n, 0.5, 1, &score, NULL),
                     ELC_OK);
    compare(c, score);
}

static void test_known_overlaps_give_the_same(void **state) {
    (void)state;
    assert_int_equal(cases_each("coco_cases.txt", compare_known), 24);
}

static void test_overlaps_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const elc_score_overlap odd[] = {{1, 0, 0.7}, {0, 2, 0.7},  {0, 1, 0.7},
                                            {0, 0, 1.5}, {0, 0, -0.1}, {0, 0, NAN}};
    elc_score_set set = score_set_of("0 0 1 0 0 9 9", "0 0 0 0 0 9 9|1 0 0 0 0 9 9");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        elc_score *score = NULL;
        assert_int_equal(elc_score_create_of(&set, &odd[i], 1, 0.5, 1, &score, NULL),
                         ELC_E_ARGUMENT);
        assert_null(score);
    }
    score_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coco_gives_what_pycocotools_gives),
        cmocka_unit_test(test_known_overlaps_give_the_same),
        cmocka_unit_test(test_overlaps_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
