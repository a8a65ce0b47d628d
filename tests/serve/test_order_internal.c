/* test_order_internal.c - rows in the order of their codes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "serve/places.h"

enum { N = 20000 };

/* Of the whole width of a code, many of them twice, some of no place. */
static void scatter(int64_t *codes, int width) {
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < N; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        codes[i] = state % 5 == 0 ? -1 : (int64_t)(state >> (64 - width));
        if (state % 7 == 0 && i > 100)
            codes[i] = codes[i - 100];
    }
}

static void check_order(const int64_t *codes) {
    serve_layer layer = {.n_rows = N};
    size_t placed = 0;
    for (size_t i = 0; i < N; i++)
        placed += codes[i] >= 0;
    assert_int_equal(elc_serve_places_order(&layer, codes, NULL), ELC_OK);
    assert_int_equal(layer.placed, placed);
    for (size_t i = 0; i < layer.placed; i++) {
        assert_int_equal(layer.codes[i], codes[layer.rows[i]]);
        if (i > 0 && layer.codes[i] == layer.codes[i - 1])
            assert_true(layer.rows[i] > layer.rows[i - 1]);
        else if (i > 0)
            assert_true(layer.codes[i] > layer.codes[i - 1]);
    }
    for (size_t i = layer.placed; i < N; i++)
        assert_true(codes[layer.rows[i]] < 0 &&
                    (i == layer.placed || layer.rows[i] > layer.rows[i - 1]));
    free(layer.codes);
    free(layer.rows);
}

static void test_rows_stand_by_code_and_then_by_row(void **state) {
    static int64_t codes[N];
    (void)state;
    for (int width = 1; width <= 60; width += 7) {
        scatter(codes, width);
        check_order(codes);
    }
    scatter(codes, 2 * SERVE_ZOOM);
    check_order(codes);
}

static void test_no_rows_are_in_order(void **state) {
    int64_t none = -1;
    serve_layer layer = {.n_rows = 1};
    (void)state;
    assert_int_equal(elc_serve_places_order(&layer, &none, NULL), ELC_OK);
    assert_int_equal(layer.placed, 0);
    free(layer.codes);
    free(layer.rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_stand_by_code_and_then_by_row),
        cmocka_unit_test(test_no_rows_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
