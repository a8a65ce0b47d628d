/* test_bytes.c - batches as bytes, and bytes that are not what they claim. */
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

typedef struct {
    struct ArrowSchema schema;
    struct ArrowArray array;
    elc_string bytes;
} encoded;

static void encode(encoded *e, size_t start, size_t n) {
    e->bytes = (elc_string){0};
    sample_table(start, n, &e->schema, &e->array);
    assert_int_equal(elc_batch_encode(&e->schema, &e->array, &e->bytes, NULL), ELC_OK);
}

static void encoded_free(encoded *e) {
    elc_string_free(&e->bytes);
    elc_array_release(&e->array);
    elc_schema_release(&e->schema);
}

static void test_bytes_come_back_as_the_same_batch(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 8, 9, 64, 65, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        encoded e;
        struct ArrowArray back;
        encode(&e, 3, counts[i]);
        assert_int_equal(e.bytes.size % 8, 0);
        assert_int_equal(
            elc_batch_decode(&e.schema, e.bytes.data, e.bytes.size, &back, NULL),
            ELC_OK);
        assert_int_equal(back.length, counts[i]);
        for (int64_t c = 0; c < SAMPLE_COLUMNS; c++)
            assert_int_equal(back.children[c]->null_count,
                             e.array.children[c]->null_count);
        sample_assert_batch(&e.schema, &back, 3);
        elc_array_release(&back);
        encoded_free(&e);
    }
}

static void test_bytes_of_a_slice_are_those_of_its_rows(void **state) {
    (void)state;
    for (size_t start = 0; start < 20; start++) {
        encoded whole, part;
        elc_string slice = {0};
        encode(&whole, 0, 100);
        encode(&part, start, 61);
        whole.array.offset = (int64_t)start;
        whole.array.length = 61;
        assert_int_equal(elc_batch_encode(&whole.schema, &whole.array, &slice, NULL),
                         ELC_OK);
        assert_int_equal(slice.size, part.bytes.size);
        assert_memory_equal(slice.data, part.bytes.data, slice.size);
        elc_string_free(&slice);
        encoded_free(&whole);
        encoded_free(&part);
    }
}

static void test_encode_appends(void **state) {
    (void)state;
    encoded e;
    encode(&e, 1, 5);
    size_t size = e.bytes.size;
    assert_int_equal(elc_batch_encode(&e.schema, &e.array, &e.bytes, NULL), ELC_OK);
    assert_int_equal(e.bytes.size, 2 * size);
    assert_memory_equal(e.bytes.data, e.bytes.data + size, size);
    encoded_free(&e);
}

static void test_encode_checks_the_batch(void **state) {
    (void)state;
    encoded e;
    encode(&e, 1, 5);
    size_t size = e.bytes.size;
    e.array.length = 6;
    assert_int_equal(elc_batch_encode(&e.schema, &e.array, &e.bytes, NULL),
                     ELC_E_FORMAT);
    assert_int_equal(e.bytes.size, size);
    encoded_free(&e);
}

static void test_a_table_without_columns_keeps_its_rows(void **state) {
    (void)state;
    elc_batch *batch = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array, back;
    elc_string bytes = {0};
    assert_int_equal(elc_schema_create(NULL, 0, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(NULL, 0, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &array, NULL), ELC_OK);
    assert_int_equal(elc_batch_encode(&schema, &array, &bytes, NULL), ELC_OK);
    assert_int_equal(elc_batch_decode(&schema, bytes.data, bytes.size, &back, NULL),
                     ELC_OK);
    assert_int_equal(back.length, 1);
    elc_array_release(&back);
    elc_array_release(&array);
    elc_string_free(&bytes);
    elc_batch_free(batch);
    elc_schema_release(&schema);
}

/* ---- damage ------------------------------------------------------------------ */

/* Decodes a copy of exactly `size` bytes, so that a sanitizer sees any read beyond. */
static elc_status decode(const struct ArrowSchema *schema, const void *bytes,
                         size_t size, struct ArrowArray *out) {
    elc_error err = {0};
    char *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    copy = realloc(copy, size > 0 ? size : 1);
    elc_status status = elc_batch_decode(schema, copy, size, out, &err);
    free(copy);
    assert_int_equal(status != ELC_OK, err.message[0] != '\0');
    return status;
}

static void test_bytes_that_were_cut_are_refused(void **state) {
    (void)state;
    encoded e;
    struct ArrowArray back = {0};
    encode(&e, 1, 20);
    for (size_t size = 0; size < e.bytes.size; size++)
        assert_int_equal(decode(&e.schema, e.bytes.data, size, &back), ELC_E_FORMAT);
    assert_null(back.release);
    encoded_free(&e);
}

static void test_bytes_with_more_behind_are_refused(void **state) {
    (void)state;
    encoded e;
    struct ArrowArray back = {0};
    encode(&e, 1, 20);
    assert_int_equal(elc_string_append(&e.bytes, "12345678", 8, NULL), ELC_OK);
    assert_int_equal(decode(&e.schema, e.bytes.data, e.bytes.size, &back),
                     ELC_E_FORMAT);
    encoded_free(&e);
}

/* Any change is refused, or changes values only: the view of what is given is sound. */
static void test_bytes_that_were_changed_are_sound_or_refused(void **state) {
    (void)state;
    encoded e;
    size_t refused = 0;
    encode(&e, 1, 20);
    for (size_t i = 0; i < e.bytes.size * 8; i++) {
        struct ArrowArray back = {0};
        elc_rows *rows = NULL;
        e.bytes.data[i / 8] = (char)(e.bytes.data[i / 8] ^ 1 << i % 8);
        if (decode(&e.schema, e.bytes.data, e.bytes.size, &back) == ELC_OK)
            assert_int_equal(elc_rows_view(&e.schema, &back, &rows, NULL), ELC_OK);
        else
            refused++;
        elc_rows_free(rows);
        elc_array_release(&back);
        e.bytes.data[i / 8] = (char)(e.bytes.data[i / 8] ^ 1 << i % 8);
    }
    assert_true(refused > 3000); /* heads and offsets: 176 + 3 * 84 bytes */
    encoded_free(&e);
}

static void test_bytes_of_another_table_are_refused(void **state) {
    (void)state;
    encoded e;
    struct ArrowSchema fewer, other;
    struct ArrowArray back = {0};
    elc_column columns[SAMPLE_COLUMNS];
    memcpy(columns, sample_columns, sizeof columns);
    columns[3].type = ELC_INT64;
    encode(&e, 1, 20);
    assert_int_equal(
        elc_schema_create(sample_columns, SAMPLE_COLUMNS - 1, NULL, &fewer, NULL),
        ELC_OK);
    assert_int_equal(elc_schema_create(columns, SAMPLE_COLUMNS, NULL, &other, NULL),
                     ELC_OK);
    assert_int_equal(decode(&fewer, e.bytes.data, e.bytes.size, &back), ELC_E_FORMAT);
    assert_int_equal(decode(&other, e.bytes.data, e.bytes.size, &back), ELC_E_FORMAT);
    elc_schema_release(&fewer);
    elc_schema_release(&other);
    encoded_free(&e);
}

static void test_a_claim_of_many_rows_asks_for_no_memory(void **state) {
    (void)state;
    encoded e;
    struct ArrowArray back = {0};
    static const uint64_t rows[] = {UINT64_MAX, INT64_MAX, 1ull << 62, 1ull << 40};
    encode(&e, 1, 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memcpy(e.bytes.data + 8, &rows[i], 8);
        assert_int_equal(decode(&e.schema, e.bytes.data, e.bytes.size, &back),
                         ELC_E_FORMAT);
    }
    encoded_free(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_come_back_as_the_same_batch),
        cmocka_unit_test(test_bytes_of_a_slice_are_those_of_its_rows),
        cmocka_unit_test(test_encode_appends),
        cmocka_unit_test(test_encode_checks_the_batch),
        cmocka_unit_test(test_a_table_without_columns_keeps_its_rows),
        cmocka_unit_test(test_bytes_that_were_cut_are_refused),
        cmocka_unit_test(test_bytes_with_more_behind_are_refused),
        cmocka_unit_test(test_bytes_that_were_changed_are_sound_or_refused),
        cmocka_unit_test(test_bytes_of_another_table_are_refused),
        cmocka_unit_test(test_a_claim_of_many_rows_asks_for_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
