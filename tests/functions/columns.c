/* columns.c - arrays of tests, and callers of functions by name. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

elc_caller *caller_of(const char *name, const elc_type *types, size_t n) {
    const elc_function *f;
    elc_caller *caller;
    elc_error err = {0};
    if (elc_function_find(name, types, n, &f, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(elc_caller_create(f, &caller, NULL), ELC_OK);
    return caller;
}

struct ArrowArray shapes_of(const char *const *wkts, size_t n) {
    elc_column column = {.name = "geom", .type = ELC_GEOMETRY};
    struct ArrowArray table;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        if (wkts[i] != NULL) {
            elc_string wkb = wkb_of(wkts[i]);
            elc_batch_bytes(batch, 0, wkb.data, wkb.size, NULL);
            elc_string_free(&wkb);
        }
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, &table, NULL), ELC_OK);
    struct ArrowArray out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    elc_batch_free(batch);
    return out;
}

struct ArrowArray reals_of(const double *values, size_t n) {
    elc_column column = {.name = "x", .type = ELC_FLOAT64};
    struct ArrowArray table;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i]))
            elc_batch_real(batch, 0, values[i], NULL);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, &table, NULL), ELC_OK);
    struct ArrowArray out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    elc_batch_free(batch);
    return out;
}
