/* test_planted_slow.c - counts of whole runs, from a rendered town's pixels to rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/boxes.h"
#include "support/detecting.h"
#include "support/planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char exact[600], noisy[600];

static int write_networks(void **state) {
    (void)state;
    snprintf(exact, sizeof exact, "model=%s", planted_instrument("exact.onnx", ""));
    snprintf(noisy, sizeof noisy, "model=%s",
             planted_instrument("noisy.onnx", "--jitter 0.8 --noisy-scores"));
    return 0;
}

static boxes_match run(const char *town, const elc_box_list *truth, const char *model,
                       int chip, const char *overlap) {
    char chip_option[32], overlap_option[32];
    snprintf(chip_option, sizeof chip_option, "chip=%d", chip);
    snprintf(overlap_option, sizeof overlap_option, "overlap=%s", overlap);
    const char *paths[] = {town, NULL};
    const char *options[] = {model, chip_option, overlap_option, NULL};
    detecting d = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_box_list found = boxes_of_rows(text.data, NULL);
    boxes_match m = boxes_compare(truth, &found);
    printf("chip %d, overlap %s, %s: %zu found of %zu, %zu lost, %zu extra\n", chip,
           overlap, model == exact ? "exact" : "noisy", found.count, truth->count,
           m.lost, m.extra);
    free(found.items);
    elc_string_free(&text);
    return m;
}

/* The difference of the counts, which is what lost and extra leave of each other. */
static size_t off(boxes_match m) {
    return m.lost > m.extra ? m.lost - m.extra : m.extra - m.lost;
}

static void check_town(const char *size, int objects, const int *chips, int n_chips) {
    char arguments[200], town[600], truth_path[600];
    snprintf(arguments, sizeof arguments,
             "--size %s --objects %d --seed 5 --code-only --parking 0.33", size,
             objects);
    snprintf(town, sizeof town, "%s", planted_scene("town", arguments));
    snprintf(truth_path, sizeof truth_path, "%s", planted_path("town.geojson"));
    elc_box_list truth = boxes_of_truth(truth_path);
    size_t n = truth.count;
    assert_int_equal(n, objects);
    for (int i = 0; i < n_chips; i++) {
        boxes_match whole = run(town, &truth, exact, chips[i], "100");
        assert_int_equal(whole.lost + whole.extra, 0);
        assert_true(off(run(town, &truth, exact, chips[i], "0.1")) <= n / 2000);
        assert_true(off(run(town, &truth, noisy, chips[i], "0.2")) <= n / 1000);
        assert_true(off(run(town, &truth, noisy, chips[i], "0.3")) <= n / 1000);
    }
    free(truth.items);
}

static void test_planted_4000_are_counted_at_every_chip_size(void **state) {
    (void)state;
    const int chips[] = {256, 384, 512, 640, 1024};
    check_town("5000x5000", 4000, chips, 5);
}

static void test_planted_20000_are_counted(void **state) {
    (void)state;
    const int chips[] = {320, 1024};
    check_town("10500x10500", 20000, chips, 2);
}

static void test_planted_100000_are_counted(void **state) {
    (void)state;
    const int chips[] = {640};
    check_town("22000x22000", 100000, chips, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_4000_are_counted_at_every_chip_size),
        cmocka_unit_test(test_planted_20000_are_counted),
        cmocka_unit_test(test_planted_100000_are_counted),
    };
    return cmocka_run_group_tests(tests, write_networks, NULL);
}
