/* test_assess.c - how sure and how right probabilities are, and folds by place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool near(double a, double b) {
    return fabs(a - b) < 1e-9;
}

static void test_probabilities_are_counted(void **state) {
    (void)state;
    const double p[] = {0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.5, 0.5, 0.0, 0.3, 0.3, 0.4};
    const int32_t labels[] = {0, 1, 1, 0};
    uint64_t confusion[9];
    elc_assessment a;
    elc_assess(p, 4, 3, labels, &a, confusion);
    assert_true(near(a.accuracy, 0.5));
    assert_true(near(a.balanced, 0.5)); /* the third class has no row */
    assert_true(near(a.log_loss, -(log(0.7) + log(0.8) + log(0.5) + log(0.3)) / 4));
    /* bins of 0.7, 0.8, 0.5 and 0.4, each of one row */
    assert_true(near(a.gap, (0.3 + 0.2 + 0.5 + 0.4) / 4));
    const uint64_t wanted[] = {1, 0, 1, 1, 1, 0, 0, 0, 0};
    assert_memory_equal(confusion, wanted, sizeof wanted);
}

static void test_certain_and_wrong_is_finite(void **state) {
    (void)state;
    const double p[] = {1, 0};
    const int32_t labels[] = {1};
    elc_assessment a;
    elc_assess(p, 1, 2, labels, &a, NULL);
    assert_true(isfinite(a.log_loss) && near(a.gap, 1));
    elc_assess(p, 0, 2, labels, &a, NULL);
    assert_true(isnan(a.accuracy) && isnan(a.log_loss));
}

/* Scores that are three times too large have the temperature three. */
static void test_the_temperature_is_found(void **state) {
    (void)state;
    enum { N = 3000 };
    double *scores = malloc(2 * N * sizeof *scores), one, three;
    int32_t *labels = malloc(N * sizeof *labels);
    for (size_t i = 0; i < N; i++) {
        size_t own = i / 2 % 2; /* right by 3 in 4: the odds of a score of log 3 */
        labels[i] = (int32_t)own;
        scores[2 * i + (i % 4 == 0 ? 1 - own : own)] = log(3);
        scores[2 * i + (i % 4 == 0 ? own : 1 - own)] = 0;
    }
    one = elc_temperature_find(scores, N, 2, labels);
    for (size_t i = 0; i < 2 * N; i++)
        scores[i] *= 3;
    three = elc_temperature_find(scores, N, 2, labels);
    assert_true(fabs(one - 1) < 1e-3 && fabs(three - 3 * one) < 1e-8);
    elc_softmax_rows(scores, 1, 2, three);
    assert_true(near(scores[0] + scores[1], 1));
    assert_true(fabs(fmax(scores[0], scores[1]) - 0.75) < 1e-3);
    free(scores);
    free(labels);
}

/* Two rows without a mistake are right three times in four. */
static void test_scores_without_a_mistake_are_not_certain(void **state) {
    (void)state;
    const double right[] = {1, 0, 0, 1};
    const int32_t labels[] = {0, 1}, wrong[] = {1, 0};
    assert_true(near(elc_temperature_find(right, 2, 2, labels), 1 / log(3)));
    assert_true(fabs(elc_temperature_find(right, 2, 2, wrong) - 100) < 1e-6);
}

/* ---- folds --------------------------------------------------------------------------
 */

enum { ROWS = 400, PLACES = 40 };

static void fill(int32_t *groups, int32_t *labels) {
    for (int32_t i = 0; i < ROWS; i++) {
        groups[i] = i % PLACES;
        labels[i] = i / PLACES % 5 == 0;
    }
}

static void test_a_place_stays_in_one_fold(void **state) {
    (void)state;
    int32_t groups[ROWS], labels[ROWS], folds[ROWS];
    fill(groups, labels);
    assert_int_equal(elc_folds_make(groups, labels, ROWS, 2, 5, 1, folds, NULL),
                     ELC_OK);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(folds[i], folds[groups[i]]);
}

static void test_folds_have_their_share_of_each_class(void **state) {
    (void)state;
    int32_t groups[ROWS], labels[ROWS], folds[ROWS];
    int counts[5][2] = {{0}};
    fill(groups, labels);
    assert_int_equal(elc_folds_make(groups, labels, ROWS, 2, 5, 1, folds, NULL),
                     ELC_OK);
    for (int i = 0; i < ROWS; i++)
        counts[folds[i]][labels[i]]++;
    for (int f = 0; f < 5; f++) {
        assert_int_equal(counts[f][0], 64);
        assert_int_equal(counts[f][1], 16);
    }
}

static void test_the_seed_decides_between_equals(void **state) {
    (void)state;
    int32_t groups[ROWS], labels[ROWS], a[ROWS], b[ROWS], c[ROWS];
    fill(groups, labels);
    elc_folds_make(groups, labels, ROWS, 2, 5, 1, a, NULL);
    elc_folds_make(groups, labels, ROWS, 2, 5, 1, b, NULL);
    elc_folds_make(groups, labels, ROWS, 2, 5, 2, c, NULL);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

static void test_fewer_places_than_folds_are_refused(void **state) {
    (void)state;
    int32_t groups[ROWS], labels[ROWS], folds[ROWS];
    elc_error err;
    fill(groups, labels);
    for (int i = 0; i < ROWS; i++)
        groups[i] = 3 * (groups[i] % 3);
    assert_int_equal(elc_folds_make(groups, labels, ROWS, 2, 5, 1, folds, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "in 3 places, too few for 5 folds"));
    assert_int_equal(elc_folds_make(groups, labels, 0, 2, 5, 1, folds, &err),
                     ELC_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probabilities_are_counted),
        cmocka_unit_test(test_certain_and_wrong_is_finite),
        cmocka_unit_test(test_the_temperature_is_found),
        cmocka_unit_test(test_scores_without_a_mistake_are_not_certain),
        cmocka_unit_test(test_a_place_stays_in_one_fold),
        cmocka_unit_test(test_folds_have_their_share_of_each_class),
        cmocka_unit_test(test_the_seed_decides_between_equals),
        cmocka_unit_test(test_fewer_places_than_folds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
