/* test_batch.c - record batches built row by row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sample.h"

static elc_batch *batch_of(elc_type type) {
    const elc_column column = {"c", type, NULL, NULL};
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    return batch;
}

static void finish(elc_batch *batch, struct ArrowArray *out) {
    assert_int_equal(elc_batch_finish(batch, out, NULL), ELC_OK);
    elc_batch_free(batch);
}

static void assert_text(const struct ArrowArray *column, size_t i, const char *text) {
    const int32_t *offsets = column->buffers[1];
    assert_int_equal(offsets[i + 1] - offsets[i], strlen(text));
    assert_memory_equal((const char *)column->buffers[2] + offsets[i], text,
                        strlen(text));
}

static void test_batch_keeps_every_type(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 7, 8, 9, 63, 64, 65, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        sample_table(11, counts[i], &schema, &array);
        assert_int_equal(array.length, counts[i]);
        sample_assert_batch(&schema, &array, 11);
        elc_array_release(&array);
        elc_schema_release(&schema);
    }
}

static void test_batch_has_the_shape_of_the_specification(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    sample_table(0, 100, &schema, &array);
    assert_int_equal(array.n_buffers, 1);
    assert_null(array.buffers[0]);
    assert_int_equal(array.null_count, 0);
    for (int64_t i = 0; i < array.n_children; i++) {
        const struct ArrowArray *column = array.children[i];
        bool bytes = i == ELC_UTF8 || i == ELC_BINARY || i == ELC_GEOMETRY;
        assert_int_equal(column->n_buffers, bytes ? 3 : 2);
        assert_int_equal(column->null_count, 99 / (i + 3) + 1);
        for (int64_t b = 0; b < column->n_buffers; b++)
            assert_int_equal((uintptr_t)column->buffers[b] % 64, 0);
    }
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_batch_without_nulls_has_no_bitmap(void **state) {
    (void)state;
    struct ArrowArray array;
    elc_batch *batch = batch_of(ELC_INT32);
    elc_batch_int(batch, 0, 7, NULL);
    elc_batch_end_row(batch, NULL);
    finish(batch, &array);
    assert_int_equal(array.children[0]->null_count, 0);
    assert_null(array.children[0]->buffers[0]);
    assert_int_equal(*(const int32_t *)array.children[0]->buffers[1], 7);
    elc_array_release(&array);
}

static void test_a_value_set_twice_is_the_later_one(void **state) {
    (void)state;
    struct ArrowArray array;
    elc_batch *batch = batch_of(ELC_UTF8);
    elc_batch_text(batch, 0, "a long first value", NULL);
    elc_batch_text(batch, 0, "short", NULL);
    elc_batch_end_row(batch, NULL);
    elc_batch_text(batch, 0, "gone", NULL);
    elc_batch_text(batch, 0, NULL, NULL);
    elc_batch_end_row(batch, NULL);
    elc_batch_text(batch, 0, "next", NULL);
    elc_batch_end_row(batch, NULL);
    finish(batch, &array);
    assert_int_equal(array.children[0]->null_count, 1);
    assert_text(array.children[0], 0, "short");
    assert_text(array.children[0], 1, "");
    assert_text(array.children[0], 2, "next");
    elc_array_release(&array);
}

static void test_text_that_is_not_utf8_is_repaired(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xc3", "\xef\xbf\xbd"},
        {"\xc3\xbc\xc3", "\xc3\xbc\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x9a\x97\x80", "\xf0\x9f\x9a\x97\xef\xbf\xbd"},
    };
    struct ArrowArray array;
    elc_batch *batch = batch_of(ELC_UTF8);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(elc_batch_text(batch, 0, cases[i][0], NULL), ELC_OK);
        elc_batch_end_row(batch, NULL);
    }
    finish(batch, &array);
    for (size_t i = 0; i < 5; i++)
        assert_text(array.children[0], i, cases[i][1]);
    elc_array_release(&array);
}

static void test_integers_that_do_not_fit_are_refused(void **state) {
    (void)state;
    static const elc_type types[] = {ELC_INT32, ELC_DATE32};
    for (size_t i = 0; i < 2; i++) {
        elc_batch *batch = batch_of(types[i]);
        elc_error err = {0};
        assert_int_equal(elc_batch_int(batch, 0, INT32_MAX, &err), ELC_OK);
        assert_int_equal(elc_batch_int(batch, 0, INT32_MIN, &err), ELC_OK);
        assert_int_equal(elc_batch_int(batch, 0, (int64_t)INT32_MAX + 1, &err),
                         ELC_E_ARGUMENT);
        assert_non_null(
            strstr(err.message, "column \"c\": 2147483648 does not fit in"));
        assert_int_equal(elc_batch_int(batch, 0, (int64_t)INT32_MIN - 1, &err),
                         ELC_E_ARGUMENT);
        elc_batch_free(batch);
    }
}

static void test_bytes_beyond_what_offsets_hold_are_refused(void **state) {
    (void)state;
    elc_batch *batch = batch_of(ELC_BINARY);
    elc_error err = {0};
    assert_int_equal(elc_batch_bytes(batch, 0, "ab", 2, NULL), ELC_OK);
    elc_batch_end_row(batch, NULL);
    assert_int_equal(elc_batch_bytes(batch, 0, "x", (size_t)INT32_MAX - 1, &err),
                     ELC_E_MEMORY);
    assert_non_null(strstr(err.message, "make smaller batches"));
    assert_int_equal(elc_batch_rows(batch), 1);
    elc_batch_free(batch);
}

static void test_finish_starts_anew(void **state) {
    (void)state;
    struct ArrowArray first, second;
    elc_batch *batch = batch_of(ELC_UTF8);
    elc_batch_text(batch, 0, "one", NULL);
    elc_batch_end_row(batch, NULL);
    elc_batch_text(batch, 0, "begun", NULL);
    assert_int_equal(elc_batch_finish(batch, &first, NULL), ELC_OK);
    assert_int_equal(elc_batch_rows(batch), 0);
    assert_int_equal(elc_batch_size(batch), 0);
    elc_batch_end_row(batch, NULL);
    finish(batch, &second);
    assert_text(first.children[0], 0, "one");
    assert_int_equal(first.length, 1);
    assert_int_equal(second.length, 1);
    assert_int_equal(second.children[0]->null_count, 1);
    elc_array_release(&first);
    elc_array_release(&second);
}

static void test_size_counts_the_bytes_of_the_rows(void **state) {
    (void)state;
    static const elc_column columns[] = {{"a", ELC_INT64, NULL, NULL},
                                         {"b", ELC_UTF8, NULL, NULL}};
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(columns, 2, &batch, NULL), ELC_OK);
    for (int i = 0; i < 16; i++) {
        elc_batch_int(batch, 0, i, NULL);
        elc_batch_text(batch, 1, i == 3 ? NULL : "12345", NULL);
        elc_batch_end_row(batch, NULL);
    }
    assert_int_equal(elc_batch_rows(batch), 16);
    assert_int_equal(elc_batch_size(batch), 16 * 8 + 16 * 4 + 15 * 5 + 2);
    elc_batch_free(batch);
}

static void test_bits_after_the_last_row_are_zero(void **state) {
    (void)state;
    struct ArrowArray array;
    elc_batch *batch = batch_of(ELC_BOOL);
    for (int i = 0; i < 3; i++) {
        if (i != 1)
            elc_batch_int(batch, 0, 1, NULL);
        elc_batch_end_row(batch, NULL);
    }
    elc_batch_int(batch, 0, 1, NULL);
    finish(batch, &array);
    assert_int_equal(*(const uint8_t *)array.children[0]->buffers[0], 5);
    assert_int_equal(*(const uint8_t *)array.children[0]->buffers[1], 5);
    elc_array_release(&array);
}

static void test_a_column_may_be_moved_out(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array, column;
    sample_table(1, 9, &schema, &array);
    column = *array.children[ELC_INT32];
    array.children[ELC_INT32]->release = NULL;
    elc_array_release(&array);
    assert_null(array.release);
    assert_int_equal(((const int32_t *)column.buffers[1])[0], -2);
    elc_array_release(&column);
    elc_schema_release(&schema);
}

static void test_release_accepts_what_is_not_there(void **state) {
    (void)state;
    struct ArrowArray array = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream stream = {0};
    elc_array_release(NULL);
    elc_array_release(&array);
    elc_schema_release(NULL);
    elc_schema_release(&schema);
    elc_stream_release(NULL);
    elc_stream_release(&stream);
    elc_batch_free(NULL);
    elc_rows_free(NULL);
    assert_null(array.release);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_keeps_every_type),
        cmocka_unit_test(test_batch_has_the_shape_of_the_specification),
        cmocka_unit_test(test_batch_without_nulls_has_no_bitmap),
        cmocka_unit_test(test_a_value_set_twice_is_the_later_one),
        cmocka_unit_test(test_text_that_is_not_utf8_is_repaired),
        cmocka_unit_test(test_integers_that_do_not_fit_are_refused),
        cmocka_unit_test(test_bytes_beyond_what_offsets_hold_are_refused),
        cmocka_unit_test(test_finish_starts_anew),
        cmocka_unit_test(test_size_counts_the_bytes_of_the_rows),
        cmocka_unit_test(test_bits_after_the_last_row_are_zero),
        cmocka_unit_test(test_a_column_may_be_moved_out),
        cmocka_unit_test(test_release_accepts_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
