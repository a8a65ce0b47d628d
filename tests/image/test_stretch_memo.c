/* test_stretch_memo.c - threads that see one image decide its stretch once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <gdal.h>

#include "pictures.h"

static const int BAND = 1;
static const char *const PATH = "/vsimem/memo.tif";
static elc_stretch_memo *memo;

static int set_up(void **state) {
    (void)state;
    picture_make(&(picture){
        .path = PATH, .width = 300, .height = 200, .bands = 1, .type = GDT_UInt16});
    return elc_stretch_memo_create(&memo, NULL) == ELC_OK ? 0 : 1;
}

static int tear_down(void **state) {
    (void)state;
    elc_stretch_memo_free(memo);
    picture_delete(PATH);
    return 0;
}

static elc_status decide(const char *path, elc_stretch *out) {
    const elc_stretch_wish wish = {
        .kind = ELC_STRETCH_PERCENT, .n = 1, .low = {2}, .high = {98}};
    elc_image *image = picture_open(path);
    elc_status status =
        elc_stretch_memo_decide(memo, image, &BAND, 1, &wish, out, NULL);
    elc_image_free(image);
    return status;
}

static elc_stretch decided(const char *path) {
    elc_stretch out = {0};
    assert_int_equal(decide(path, &out), ELC_OK);
    return out;
}

static void fill(uint8_t value) {
    picture_fill(PATH, 1, (elc_window){0, 0, 300, 200}, value);
}

static void test_what_was_decided_stands_for_the_next_ones(void **state) {
    (void)state;
    elc_stretch first = decided(PATH);
    fill(7);
    elc_stretch second = decided(PATH);
    assert_memory_equal(&first, &second, sizeof first);
}

static void test_images_have_stretches_of_their_own(void **state) {
    (void)state;
    static const char *const OTHER = "/vsimem/other.tif";
    elc_stretch first = decided(PATH);
    picture_make(&(picture){.path = OTHER,
                            .width = 300,
                            .height = 200,
                            .bands = 1,
                            .type = GDT_UInt16,
                            .blank = true});
    assert_true(decided(OTHER).high[0] != first.high[0]);
    picture_delete(OTHER);
}

static void test_many_images_are_let_go(void **state) {
    (void)state;
    decided(PATH);
    for (int i = 0; i < 64; i++) {
        char other[40];
        snprintf(other, sizeof other, "/vsimem/%d.tif", i);
        picture_make(&(picture){.path = other, .width = 8, .height = 8, .bands = 1});
        decided(other);
        picture_delete(other);
    }
    fill(7);
    assert_true(decided(PATH).low[0] == 7);
}

static void test_a_failure_is_found_by_each(void **state) {
    (void)state;
    elc_stretch out = {0};
    const int none = 5;
    const elc_stretch_wish wish = {
        .kind = ELC_STRETCH_PERCENT, .n = 1, .low = {2}, .high = {98}};
    elc_image *image = picture_open(PATH);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            elc_stretch_memo_decide(memo, image, &none, 1, &wish, &out, NULL),
            ELC_E_NOT_FOUND);
    elc_image_free(image);
    assert_true(decided(PATH).high[0] > 0);
}

static void *decide_in_thread(void *out) {
    if (decide(PATH, out) != ELC_OK)
        memset(out, 1, sizeof(elc_stretch));
    return NULL;
}

static void test_threads_that_come_together_get_the_same(void **state) {
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    elc_stretch found[THREADS] = {0}, alone = {0};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decide_in_thread, &found[i]),
                         0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    alone = decided(PATH);
    for (int i = 0; i < THREADS; i++)
        assert_memory_equal(&found[i], &alone, sizeof alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_decided_stands_for_the_next_ones,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_images_have_stretches_of_their_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_many_images_are_let_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_failure_is_found_by_each, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_threads_that_come_together_get_the_same,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
