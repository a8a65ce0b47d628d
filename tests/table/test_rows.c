/* test_rows.c - batches from anywhere, checked and read. */
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

/* ---- slices ------------------------------------------------------------------ */

static void test_rows_honour_the_offset_of_the_batch(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    sample_table(0, 50, &schema, &array);
    for (int64_t offset = 0; offset <= 50; offset += 7) {
        array.offset = offset;
        array.length = 50 - offset;
        sample_assert_batch(&schema, &array, (size_t)offset);
    }
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_rows_honour_the_offsets_of_columns(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    sample_table(0, 50, &schema, &array);
    array.offset = 4;
    array.length = 30;
    for (int64_t i = 0; i < array.n_children; i++) {
        array.children[i]->offset = 9;
        array.children[i]->length = 34;
        array.children[i]->null_count = -1;
    }
    sample_assert_batch(&schema, &array, 13);
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_rows_read_values_that_are_not_aligned(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    char shifted[8 * 21 + 1];
    sample_table(1, 20, &schema, &array);
    for (int64_t i = ELC_INT32; i <= ELC_GEOMETRY; i++) {
        bool wide = i == ELC_INT64 || i == ELC_FLOAT64 || i == ELC_TIMESTAMP;
        const void *aligned = array.children[i]->buffers[1];
        memcpy(shifted + 1, aligned, i == ELC_BOOL ? 3 : wide ? 160 : 84);
        array.children[i]->buffers[1] = shifted + 1;
        sample_assert_batch(&schema, &array, 1);
        array.children[i]->buffers[1] = aligned;
    }
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_null_values_read_as_nothing(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    elc_rows *rows = NULL;
    size_t size = 9;
    sample_table(0, 1, &schema, &array);
    *(int32_t *)(uintptr_t)array.children[ELC_INT32]->buffers[1] = 77;
    assert_int_equal(elc_rows_view(&schema, &array, &rows, NULL), ELC_OK);
    assert_true(elc_rows_null(rows, ELC_INT32, 0));
    assert_int_equal(elc_rows_int(rows, ELC_INT32, 0), 0);
    assert_true(elc_rows_real(rows, ELC_INT32, 0) == 0);
    assert_null(elc_rows_bytes(rows, ELC_UTF8, 0, &size));
    assert_int_equal(size, 0);
    assert_int_equal(elc_rows_column(rows, "utf8"), ELC_UTF8);
    assert_int_equal(elc_rows_column(rows, "none"), -1);
    elc_rows_free(rows);
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_real_reads_integers_too(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    elc_rows *rows = NULL;
    sample_table(1, 1, &schema, &array);
    assert_int_equal(elc_rows_view(&schema, &array, &rows, NULL), ELC_OK);
    assert_true(elc_rows_real(rows, ELC_INT64, 0) == 3000000002.0);
    assert_true(elc_rows_real(rows, ELC_BOOL, 0) == 1.0);
    elc_rows_free(rows);
    elc_array_release(&array);
    elc_schema_release(&schema);
}

/* ---- broken arrays ----------------------------------------------------------- */

/* A sample that a test may break, in copies of its own, and its release. */
typedef struct {
    struct ArrowSchema schema;
    struct ArrowArray array, batch, column;
    struct ArrowArray *columns[SAMPLE_COLUMNS];
    const void *buffers[3];
    int32_t offsets[11];
} broken;

/* Column `c` of `batch` is `column`, its buffers `buffers`, its offsets `offsets`. */
static void break_column(broken *b, size_t c) {
    sample_table(1, 10, &b->schema, &b->array);
    b->batch = b->array;
    memcpy(b->columns, b->array.children, sizeof b->columns);
    b->batch.children = b->columns;
    b->column = *b->array.children[c];
    b->columns[c] = &b->column;
    for (int64_t i = 0; i < b->column.n_buffers; i++)
        b->buffers[i] = b->column.buffers[i];
    b->column.buffers = b->buffers;
    if (b->column.n_buffers == 3) {
        memcpy(b->offsets, b->buffers[1], sizeof b->offsets);
        b->buffers[1] = b->offsets;
    }
}

static void assert_refused(broken *b, elc_status expected, const char *message) {
    elc_rows *rows = NULL;
    elc_error err = {0};
    assert_int_equal(elc_rows_view(&b->schema, &b->batch, &rows, &err), expected);
    assert_null(rows);
    if (strstr(err.message, message) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, message);
    elc_array_release(&b->array);
    elc_schema_release(&b->schema);
}

static void test_rows_refuse_impossible_lengths(void **state) {
    (void)state;
    static const int64_t cases[][2] = {{-1, 0},
                                       {10, -1},
                                       {10, INT64_MAX},
                                       {INT64_MAX, 0},
                                       {INT64_MAX / 2, INT64_MAX / 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        broken b;
        break_column(&b, ELC_INT64);
        b.column.length = cases[i][0];
        b.column.offset = cases[i][1];
        assert_refused(&b, ELC_E_FORMAT, "column \"int64\": length or offset");
        break_column(&b, ELC_INT64);
        b.batch.length = cases[i][0];
        b.batch.offset = cases[i][1];
        assert_refused(&b, ELC_E_FORMAT, "length or offset");
    }
}

static void test_rows_refuse_columns_shorter_than_the_batch(void **state) {
    (void)state;
    broken b;
    break_column(&b, ELC_FLOAT32);
    b.column.length = 9;
    b.column.null_count = -1;
    assert_refused(&b, ELC_E_FORMAT,
                   "\"float32\": fewer values than the batch has rows");
    break_column(&b, ELC_FLOAT32);
    b.batch.offset = 1;
    assert_refused(&b, ELC_E_FORMAT, "fewer values");
}

static void test_rows_refuse_offsets_that_fall_or_are_negative(void **state) {
    (void)state;
    for (size_t at = 0; at <= 10; at++) {
        broken b;
        break_column(&b, ELC_UTF8);
        b.offsets[at] = -1;
        assert_refused(&b, ELC_E_FORMAT, "\"utf8\": offsets that are negative or fall");
    }
    broken b;
    break_column(&b, ELC_GEOMETRY);
    b.offsets[4] = INT32_MAX;
    assert_refused(&b, ELC_E_FORMAT, "\"geometry\": offsets that are negative or fall");
}

/* Offsets are checked in blocks; a fall may lie in any of them, or between two. */
static void test_rows_find_a_fall_among_many_rows(void **state) {
    (void)state;
    enum { ROWS = 10000 };
    struct ArrowSchema schema;
    struct ArrowArray array;
    sample_table(1, ROWS, &schema, &array);
    int32_t *offsets = (int32_t *)(uintptr_t)array.children[ELC_UTF8]->buffers[1];
    sample_assert_batch(&schema, &array, 1);
    for (size_t at = 1; at <= ROWS; at += at == 1 ? 4093 : at < 4100 ? 1 : 983) {
        elc_rows *rows = NULL;
        int32_t kept = offsets[at];
        offsets[at] = offsets[at - 1] - 1;
        assert_int_equal(elc_rows_view(&schema, &array, &rows, NULL), ELC_E_FORMAT);
        offsets[at] = kept;
    }
    elc_array_release(&array);
    elc_schema_release(&schema);
}

static void test_rows_refuse_missing_buffers(void **state) {
    (void)state;
    broken b;
    break_column(&b, ELC_INT32);
    b.buffers[0] = NULL;
    assert_refused(&b, ELC_E_FORMAT, "nulls without a validity buffer");
    break_column(&b, ELC_INT32);
    b.buffers[1] = NULL;
    assert_refused(&b, ELC_E_FORMAT, "values without a buffer");
    break_column(&b, ELC_BINARY);
    b.buffers[2] = NULL;
    assert_refused(&b, ELC_E_FORMAT, "values without a data buffer");
    break_column(&b, ELC_BINARY);
    b.column.buffers = NULL;
    assert_refused(&b, ELC_E_FORMAT, "not the buffers of its type");
}

static void test_rows_refuse_wrong_counts(void **state) {
    (void)state;
    broken b;
    break_column(&b, ELC_UTF8);
    b.column.n_buffers = 2;
    assert_refused(&b, ELC_E_FORMAT, "not the buffers of its type");
    break_column(&b, ELC_UTF8);
    b.column.null_count = 11;
    assert_refused(&b, ELC_E_FORMAT, "more nulls than values");
    break_column(&b, ELC_UTF8);
    b.column.n_children = 1;
    assert_refused(&b, ELC_E_FORMAT, "children that its type does not have");
    break_column(&b, ELC_UTF8);
    b.batch.n_children = 3;
    assert_refused(&b, ELC_E_FORMAT, "a batch of 3 columns, its schema has 11");
}

static void test_rows_refuse_what_is_released_or_absent(void **state) {
    (void)state;
    broken b;
    break_column(&b, ELC_UTF8);
    b.column.release = NULL;
    assert_refused(&b, ELC_E_FORMAT, "\"utf8\": released, or not there");
    break_column(&b, ELC_UTF8);
    b.columns[ELC_UTF8] = NULL;
    assert_refused(&b, ELC_E_FORMAT, "released, or not there");
    break_column(&b, ELC_UTF8);
    b.batch.release = NULL;
    assert_refused(&b, ELC_E_FORMAT, "released, or not there");
    break_column(&b, ELC_UTF8);
    b.batch.children = NULL;
    assert_refused(&b, ELC_E_FORMAT, "a batch of 11 columns");
}

static void test_rows_refuse_dictionaries_the_schema_lacks(void **state) {
    (void)state;
    broken b;
    break_column(&b, ELC_INT32);
    b.column.dictionary = &b.array;
    assert_refused(&b, ELC_E_FORMAT, "a dictionary that its schema does not have");
}

static void test_rows_refuse_rows_that_are_null_as_a_whole(void **state) {
    (void)state;
    static const uint8_t some[] = {0xff, 0xfd}, all[] = {0xff, 0xff};
    broken b;
    break_column(&b, ELC_INT32);
    const void *valid[] = {some};
    b.batch.buffers = valid;
    b.batch.null_count = -1;
    assert_refused(&b, ELC_E_FORMAT, "rows that are null as a whole");
    break_column(&b, ELC_INT32);
    valid[0] = all;
    b.batch.buffers = valid;
    b.batch.null_count = -1;
    sample_assert_batch(&b.schema, &b.batch, 1);
    elc_array_release(&b.array);
    elc_schema_release(&b.schema);
}

static void test_rows_refuse_a_schema_that_is_no_table(void **state) {
    (void)state;
    broken b;
    elc_rows *rows = NULL;
    break_column(&b, ELC_INT32);
    assert_int_equal(elc_rows_view(b.schema.children[0], &b.batch, &rows, NULL),
                     ELC_E_FORMAT);
    assert_int_equal(elc_rows_view(NULL, &b.batch, &rows, NULL), ELC_E_ARGUMENT);
    assert_null(rows);
    elc_array_release(&b.array);
    elc_schema_release(&b.schema);
}

static void test_rows_of_nothing_need_no_buffers(void **state) {
    (void)state;
    broken b;
    for (size_t c = 0; c < SAMPLE_COLUMNS; c++) {
        break_column(&b, c);
        memset(b.buffers, 0, sizeof b.buffers);
        b.column.length = b.column.null_count = b.batch.length = 0;
        sample_assert_batch(&b.schema, &b.batch, 0);
        elc_array_release(&b.array);
        elc_schema_release(&b.schema);
    }
}

/* ---- lists ------------------------------------------------------------------- */

/* A sample whose last column's floats a test may break. */
typedef struct {
    broken b;
    struct ArrowArray items, *children[1];
    const void *buffers[2];
} broken_list;

static void break_list(broken_list *l) {
    break_column(&l->b, ELC_FLOATS);
    memcpy(l->b.offsets, l->b.column.buffers[1], sizeof l->b.offsets);
    l->b.buffers[1] = l->b.offsets;
    l->items = *l->b.column.children[0];
    l->buffers[0] = l->items.buffers[0];
    l->buffers[1] = l->items.buffers[1];
    l->items.buffers = l->buffers;
    l->children[0] = &l->items;
    l->b.column.children = l->children;
}

static void refuse_list(broken_list *l, elc_status status, const char *why) {
    elc_rows *rows = NULL;
    elc_error err = {0};
    assert_int_equal(elc_rows_view(&l->b.schema, &l->b.batch, &rows, &err), status);
    assert_null(rows);
    if (strstr(err.message, why) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, why);
    elc_array_release(&l->b.array);
    elc_schema_release(&l->b.schema);
}

static void test_rows_refuse_lists_that_do_not_hold_together(void **state) {
    (void)state;
    static const uint8_t holes[8] = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    broken_list l;
    break_list(&l);
    l.b.offsets[10] = (int32_t)l.items.length + 1;
    refuse_list(&l, ELC_E_FORMAT, "offsets beyond its floats");
    break_list(&l);
    l.b.offsets[4] = -1;
    refuse_list(&l, ELC_E_FORMAT, "offsets that are negative or fall");
    break_list(&l);
    l.buffers[0] = holes;
    l.items.null_count = 1;
    refuse_list(&l, ELC_E_UNSUPPORTED, "a list with NULLs inside");
    break_list(&l);
    l.buffers[1] = (const char *)l.buffers[1] + 1;
    refuse_list(&l, ELC_E_FORMAT, "floats that are not aligned");
    break_list(&l);
    l.buffers[1] = NULL;
    refuse_list(&l, ELC_E_FORMAT, "floats without a buffer");
    break_list(&l);
    l.items.release = NULL;
    refuse_list(&l, ELC_E_FORMAT, "released, or not there");
}

/* ---- copying ----------------------------------------------------------------- */

static void test_copy_row_takes_columns_in_any_order(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array, copy;
    elc_rows *rows = NULL;
    elc_batch *batch = NULL;
    int64_t same[SAMPLE_COLUMNS];
    for (int64_t i = 0; i < SAMPLE_COLUMNS; i++)
        same[i] = i;
    sample_table(0, 40, &schema, &array);
    assert_int_equal(elc_rows_view(&schema, &array, &rows, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(sample_columns, SAMPLE_COLUMNS, &batch, NULL),
                     ELC_OK);
    for (size_t row = 5; row < 40; row++)
        assert_int_equal(elc_batch_copy_row(batch, rows, same, row, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &copy, NULL), ELC_OK);
    sample_assert_batch(&schema, &copy, 5);
    elc_array_release(&copy);
    elc_batch_free(batch);
    elc_rows_free(rows);
    elc_array_release(&array);
    elc_schema_release(&schema);
}

/* Copies row 1 of a sample's column to a batch of one column of `to`. */
static elc_status copy_one(elc_type to, int64_t from, int64_t *null_count) {
    const elc_column column = {"to", to, NULL, NULL};
    struct ArrowSchema schema;
    struct ArrowArray array, copy;
    elc_rows *rows = NULL;
    elc_batch *batch = NULL;
    sample_table(1, 1, &schema, &array);
    assert_int_equal(elc_rows_view(&schema, &array, &rows, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    elc_status status = elc_batch_copy_row(batch, rows, &from, 0, NULL);
    assert_int_equal(elc_batch_finish(batch, &copy, NULL), ELC_OK);
    *null_count = copy.children[0]->null_count;
    elc_array_release(&copy);
    elc_batch_free(batch);
    elc_rows_free(rows);
    elc_array_release(&array);
    elc_schema_release(&schema);
    return status;
}

static void test_copy_row_widens_but_never_reads_as_something_else(void **state) {
    (void)state;
    int64_t nulls;
    assert_int_equal(copy_one(ELC_INT64, ELC_INT32, &nulls), ELC_OK);
    assert_int_equal(nulls, 0);
    assert_int_equal(copy_one(ELC_FLOAT64, ELC_FLOAT32, &nulls), ELC_OK);
    assert_int_equal(copy_one(ELC_FLOAT64, ELC_INT32, &nulls), ELC_OK);
    assert_int_equal(copy_one(ELC_GEOMETRY, ELC_BINARY, &nulls), ELC_OK);
    assert_int_equal(copy_one(ELC_UTF8, -1, &nulls), ELC_OK);
    assert_int_equal(nulls, 1);
    assert_int_equal(copy_one(ELC_INT32, ELC_INT64, &nulls), ELC_E_ARGUMENT);
    assert_int_equal(copy_one(ELC_INT64, ELC_FLOAT64, &nulls), ELC_E_ARGUMENT);
    assert_int_equal(copy_one(ELC_UTF8, ELC_BINARY, &nulls), ELC_E_ARGUMENT);
    assert_int_equal(copy_one(ELC_INT32, ELC_UTF8, &nulls), ELC_E_ARGUMENT);
    assert_int_equal(copy_one(ELC_BINARY, ELC_INT32, &nulls), ELC_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_honour_the_offset_of_the_batch),
        cmocka_unit_test(test_rows_honour_the_offsets_of_columns),
        cmocka_unit_test(test_rows_read_values_that_are_not_aligned),
        cmocka_unit_test(test_null_values_read_as_nothing),
        cmocka_unit_test(test_real_reads_integers_too),
        cmocka_unit_test(test_rows_refuse_impossible_lengths),
        cmocka_unit_test(test_rows_refuse_columns_shorter_than_the_batch),
        cmocka_unit_test(test_rows_refuse_offsets_that_fall_or_are_negative),
        cmocka_unit_test(test_rows_find_a_fall_among_many_rows),
        cmocka_unit_test(test_rows_refuse_missing_buffers),
        cmocka_unit_test(test_rows_refuse_wrong_counts),
        cmocka_unit_test(test_rows_refuse_what_is_released_or_absent),
        cmocka_unit_test(test_rows_refuse_dictionaries_the_schema_lacks),
        cmocka_unit_test(test_rows_refuse_rows_that_are_null_as_a_whole),
        cmocka_unit_test(test_rows_refuse_a_schema_that_is_no_table),
        cmocka_unit_test(test_rows_of_nothing_need_no_buffers),
        cmocka_unit_test(test_rows_refuse_lists_that_do_not_hold_together),
        cmocka_unit_test(test_copy_row_takes_columns_in_any_order),
        cmocka_unit_test(test_copy_row_widens_but_never_reads_as_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
