/* test_classifier.c - classifiers of whole images: what threads share, and files that
   are replaced. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/classify.h>

#include "support/planted.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 8 };

static char network[256], image[256];

/* A classifier of red, green and blue, and a picture that is mostly green. */
static int setup(void **state) {
    (void)state;
    planted_run("python3 '%s/tools/networks.py' heads nets", ELCANO_SOURCE_DIR);
    planted_run("cp nets/scenes.onnx net.onnx");
    planted_run(
        "printf 'P6 2 2 255\\n\\1\\377\\2\\1\\377\\2\\1\\377\\2\\1\\2\\3' >a.ppm");
    snprintf(network, sizeof network, "%s", planted_path("net.onnx"));
    snprintf(image, sizeof image, "%s", planted_path("a.ppm"));
    return 0;
}

static elc_classifier *opened(const char *path) {
    elc_classifier *c = NULL;
    elc_error err = {0};
    elc_status status = elc_classifier_open(path, &c, &err);
    if (status != ELC_OK && strstr(err.message, "ONNX Runtime is not here") != NULL) {
        fprintf(stderr, "[  SKIPPED ] %s\n", err.message);
        skip();
    }
    if (status != ELC_OK)
        fail_msg("%s", err.message);
    return c;
}

static float score_by(elc_classifier *c, const char *wanted) {
    const char *name = NULL;
    float score = 0;
    elc_error err = {0};
    if (elc_classifier_ask(c, image, &name, &score, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_string_equal(name, wanted);
    return score;
}

static void test_classes_have_the_names_and_scores_of_the_network(void **state) {
    (void)state;
    elc_classifier *c = opened(network);
    float score = score_by(c, "green");
    assert_true(score > 0.9f && score < 1);
    elc_classifier_free(c);
}

static void *ask_often(void *out) {
    for (int i = 0; i < 20; i++) {
        elc_classifier *c = NULL;
        const char *name = "";
        if (elc_classifier_open(network, &c, NULL) != ELC_OK ||
            elc_classifier_ask(c, image, &name, out, NULL) != ELC_OK ||
            strcmp(name, "green") != 0)
            *(float *)out = -1;
        elc_classifier_free(c);
    }
    return NULL;
}

static void test_threads_share_a_network_and_get_the_same(void **state) {
    (void)state;
    elc_classifier *c = opened(network);
    float score = score_by(c, "green"), scores[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &scores[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_memory_equal(&scores[i], &score, sizeof score);
    }
    elc_classifier_free(c);
}

/* Who has begun stays with the network that was there; who comes then has the new one.
 */
static void test_a_file_that_was_replaced_is_opened_anew(void **state) {
    (void)state;
    elc_classifier *before = opened(network);
    float score = score_by(before, "green");
    planted_run("cp nets/scenes_each.onnx new.onnx && mv new.onnx net.onnx");
    elc_classifier *after = opened(network);
    assert_true(score_by(after, "green") != score);
    assert_true(score_by(before, "green") == score);
    elc_classifier_free(before);
    elc_classifier_free(after);
    planted_run("cp nets/scenes.onnx new.onnx && mv new.onnx net.onnx");
}

static void test_more_networks_than_are_kept_can_be_in_use(void **state) {
    (void)state;
    elc_classifier *all[9];
    char path[300];
    planted_run("for i in 0 1 2 3 4 5 6 7 8; do cp nets/scenes.onnx $i.onnx; done");
    for (int again = 0; again < 2; again++) {
        for (int i = 0; i < 9; i++) {
            snprintf(path, sizeof path, "%s/%d.onnx", planted_folder(), i);
            all[i] = opened(path);
        }
        for (int i = 0; i < 9; i++) {
            score_by(all[i], "green");
            elc_classifier_free(all[i]);
        }
    }
}

/* What failed is no network that the next one finds. */
static void test_a_file_that_is_none_fails_each_time(void **state) {
    (void)state;
    elc_classifier *c = NULL;
    elc_error err = {0};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(elc_classifier_open(image, &c, &err), ELC_E_MODEL);
        assert_non_null(strstr(err.message, "a.ppm"));
    }
    assert_int_equal(elc_classifier_open("./none.onnx", &c, &err), ELC_E_NOT_FOUND);
    assert_null(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes_have_the_names_and_scores_of_the_network),
        cmocka_unit_test(test_threads_share_a_network_and_get_the_same),
        cmocka_unit_test(test_a_file_that_was_replaced_is_opened_anew),
        cmocka_unit_test(test_more_networks_than_are_kept_can_be_in_use),
        cmocka_unit_test(test_a_file_that_is_none_fails_each_time),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
