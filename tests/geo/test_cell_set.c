/* test_cell_set.c - cells keep the places at which they came first. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N = 200000, VALUES = 30000 };

static void test_a_cell_has_one_place_in_the_order_of_its_coming(void **unused) {
    (void)unused;
    static int64_t cells[N], first[VALUES];
    static uint32_t places[N];
    elc_cell_set set = {0};
    uint32_t next = 0;
    srand(3);
    for (size_t i = 0; i < VALUES; i++)
        first[i] = -1;
    for (size_t i = 0; i < N; i++) {
        int value = rand() % VALUES;
        cells[i] = value == 0 ? -1 : (int64_t)value * INT64_C(281474976710656);
    }
    for (size_t i = 0; i < N; i += 1000)
        assert_int_equal(elc_cell_set_add(&set, cells + i, 1000, places + i, NULL),
                         ELC_OK);
    for (size_t i = 0; i < N; i++) {
        size_t value = cells[i] < 0 ? 0 : (size_t)(cells[i] / INT64_C(281474976710656));
        if (value > 0 && first[value] < 0)
            first[value] = next++;
        assert_int_equal(places[i], value == 0 ? ELC_NO_CELL : (uint32_t)first[value]);
        assert_int_equal(elc_cell_set_find(&set, cells[i]), places[i]);
    }
    assert_int_equal(set.count, next);
    assert_int_equal(elc_cell_set_find(&set, 7), ELC_NO_CELL);
    elc_cell_set_free(&set);
    assert_int_equal(elc_cell_set_find(&set, 7), ELC_NO_CELL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cell_has_one_place_in_the_order_of_its_coming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
