/* test_memory.c - checked allocation. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_alloc_gives_zeroed_room(void **state) {
    (void)state;
    int *items = NULL;
    assert_int_equal(elc_alloc(3, sizeof *items, &items, NULL), ELC_OK);
    assert_int_equal(items[0] | items[1] | items[2], 0);
    free(items);
}

static void test_alloc_of_nothing_is_not_null(void **state) {
    (void)state;
    int *items = NULL;
    assert_int_equal(elc_alloc(0, sizeof *items, &items, NULL), ELC_OK);
    assert_non_null(items);
    free(items);
}

static void test_alloc_refuses_a_size_that_overflows(void **state) {
    (void)state;
    int untouched, *items = &untouched;
    elc_error err = {0};
    assert_int_equal(elc_alloc(SIZE_MAX / 2, 4, &items, &err), ELC_E_MEMORY);
    assert_int_equal(elc_alloc(SIZE_MAX / 8 + 1, 4, &items, &err), ELC_E_MEMORY);
    assert_ptr_equal(items, &untouched);
    assert_non_null(strstr(err.message, "more than can be addressed"));
}

static void test_reserve_keeps_what_was_there(void **state) {
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(
            elc_reserve(&items, &capacity, (size_t)i + 1, sizeof *items, NULL), ELC_OK);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void test_reserve_doubles(void **state) {
    (void)state;
    char *items = NULL;
    size_t capacity = 0, grown = 0;
    for (size_t i = 1; i <= 1 << 20; i++) {
        size_t before = capacity;
        assert_int_equal(elc_reserve(&items, &capacity, i, 1, NULL), ELC_OK);
        grown += capacity != before;
    }
    assert_true(grown <= 20);
    free(items);
}

static void test_reserve_refuses_a_size_that_overflows(void **state) {
    (void)state;
    double *items = NULL;
    size_t capacity = 0;
    assert_int_equal(elc_reserve(&items, &capacity, SIZE_MAX, sizeof *items, NULL),
                     ELC_E_MEMORY);
    assert_int_equal(elc_reserve(&items, &capacity, SIZE_MAX / 2 + 2, 1, NULL),
                     ELC_E_MEMORY);
    assert_null(items);
    assert_int_equal(capacity, 0);
}

static void test_strdup_copies_and_keeps_null(void **state) {
    (void)state;
    char *copy = NULL;
    assert_int_equal(elc_strdup("car", &copy, NULL), ELC_OK);
    assert_string_equal(copy, "car");
    free(copy);
    assert_int_equal(elc_strdup(NULL, &copy, NULL), ELC_OK);
    assert_null(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc_gives_zeroed_room),
        cmocka_unit_test(test_alloc_of_nothing_is_not_null),
        cmocka_unit_test(test_alloc_refuses_a_size_that_overflows),
        cmocka_unit_test(test_reserve_keeps_what_was_there),
        cmocka_unit_test(test_reserve_doubles),
        cmocka_unit_test(test_reserve_refuses_a_size_that_overflows),
        cmocka_unit_test(test_strdup_copies_and_keeps_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
