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

static void compare(const score_case *c, int threads) {
    elc_error err = {0};
    elc_score *score = NULL;
    elc_score_summary summary = {0};
    double stats[12];
    if (elc_score_create(&c->set, 0.5, threads, &score, &err) != ELC_OK ||
        elc_score_summarize(score, ELC_SCORE_COCO, c->most, NULL, &summary, &err) !=
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
    for (int threads = 1; threads <= 3; threads++)
        compare(c, threads);
}

static void test_coco_gives_what_pycocotools_gives(void **state) {
    (void)state;
    assert_int_equal(cases_each("coco_cases.txt", compare_case), 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coco_gives_what_pycocotools_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
