/* test_rules.c - VOC's and xView's rules give what readings of their texts give. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static elc_score *score_of(const elc_score_set *set) {
    elc_error err = {0};
    elc_score *score = NULL;
    if (elc_score_create(set, 0.5, 1, &score, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return score;
}

/* The averages of each class at one IoU. */
static elc_score_match *match_at(const elc_score *score, elc_score_rule rule,
                                 double iou) {
    elc_score_match *match = NULL;
    elc_score_wish wish = {.rule = rule, .ious = &iou, .n_ious = 1};
    assert_int_equal(elc_score_match_create(score, &wish, &match, NULL), ELC_OK);
    return match;
}

static double mean_average(const score_case *c, elc_score_rule rule, double iou,
                           double *classes) {
    elc_score *score = score_of(&c->set);
    elc_score_match *match = match_at(score, rule, iou);
    for (uint32_t k = 0; k < c->set.n_classes; k++)
        elc_score_average(score, match, rule, 1, k, &classes[k]);
    elc_score_match_free(match);
    elc_score_free(score);
    return elc_score_mean(classes, c->set.n_classes, 1);
}

/* ---- VOC ------------------------------------------------------------------------ */

static void compare_voc(const score_case *c) {
    double classes[CASE_CLASSES];
    case_close(c, "mean at 0.75", mean_average(c, ELC_SCORE_VOC, 0.75, classes),
               c->stats[1]);
    case_close(c, "mean at 0.5", mean_average(c, ELC_SCORE_VOC, 0.5, classes),
               c->stats[0]);
    for (uint32_t k = 0; k < c->set.n_classes; k++)
        case_close(c, "a class's average", classes[k], c->classes[k]);
}

static void test_voc_gives_what_its_all_point_rule_gives(void **state) {
    (void)state;
    assert_int_equal(cases_each("voc_cases.txt", compare_voc), 12);
}

/* ---- xView ---------------------------------------------------------------------- */

static void compare_means(const score_case *c) {
    double precision[CASE_CLASSES], recall[CASE_CLASSES];
    elc_score *score = score_of(&c->set);
    elc_score_match *match = match_at(score, ELC_SCORE_XVIEW, 0.5);
    for (uint32_t k = 0; k < c->set.n_classes; k++) {
        elc_score_point all = elc_score_at(score, match, k, -INFINITY);
        precision[k] = match->n_truth[k] > 0 ? all.precision : NAN;
        recall[k] = all.recall;
    }
    case_close(c, "precision", elc_score_mean(precision, c->set.n_classes, 1),
               c->stats[1]);
    case_close(c, "recall", elc_score_mean(recall, c->set.n_classes, 1), c->stats[2]);
    elc_score_match_free(match);
    elc_score_free(score);
}

static void compare_xview(const score_case *c) {
    double classes[CASE_CLASSES];
    assert_int_equal(elc_score_check(&c->set, ELC_SCORE_XVIEW, NULL), ELC_OK);
    case_close(c, "mean", mean_average(c, ELC_SCORE_XVIEW, 0.5, classes), c->stats[0]);
    for (uint32_t k = 0; k < c->set.n_classes; k++)
        case_close(c, "a class's average", classes[k], c->classes[k]);
    compare_means(c);
}

static void test_xview_gives_what_its_published_rules_give(void **state) {
    (void)state;
    assert_int_equal(cases_each("xview_cases.txt", compare_xview), 11);
}

static void test_xview_refuses_negative_sides_and_odd_scores(void **state) {
    (void)state;
    static const char *const odd[] = {"0 0 0.5 -1 0 9 9", "0 0 0 0 0 9 9",
                                      "0 0 1.01 0 0 9 9", "0 0 -0.5 0 0 9 9"};
    for (size_t i = 0; i < 4; i++) {
        elc_error err = {0};
        elc_score_set set = score_set_of(odd[i], "0 0 0 0 0 9 9");
        assert_int_equal(elc_score_check(&set, ELC_SCORE_XVIEW, &err), ELC_E_FORMAT);
        assert_int_equal(elc_score_check(&set, ELC_SCORE_COCO, &err), ELC_OK);
        score_set_free(&set);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voc_gives_what_its_all_point_rule_gives),
        cmocka_unit_test(test_xview_gives_what_its_published_rules_give),
        cmocka_unit_test(test_xview_refuses_negative_sides_and_odd_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
