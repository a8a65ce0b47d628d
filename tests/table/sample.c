/* sample.c - a table with a column of each type. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

const elc_column sample_columns[SAMPLE_COLUMNS] = {
    {"int32", ELC_INT32, NULL, NULL},         {"int64", ELC_INT64, NULL, NULL},
    {"float32", ELC_FLOAT32, NULL, NULL},     {"float64", ELC_FLOAT64, NULL, NULL},
    {"bool", ELC_BOOL, NULL, NULL},           {"utf8", ELC_UTF8, NULL, NULL},
    {"binary", ELC_BINARY, NULL, NULL},       {"date32", ELC_DATE32, NULL, NULL},
    {"timestamp", ELC_TIMESTAMP, NULL, NULL}, {"geometry", ELC_GEOMETRY, NULL, NULL},
    {"float32[]", ELC_FLOATS, NULL, NULL},
};

static bool is_null(size_t column, size_t row) {
    return row % (column + 3) == 0;
}

/* The value of a row in an integer or real column, and its text in the others. */
static int64_t number(elc_type type, size_t row) {
    int64_t n = (int64_t)row;
    if (type == ELC_BOOL)
        return n % 3 == 1;
    return type == ELC_INT64 || type == ELC_TIMESTAMP ? n * 3000000007 - 5 : 5 - n * 7;
}

static size_t text(size_t row, char out[32]) {
    int n = snprintf(out, 32, "row %zu", row);
    return row % 7 == 1 ? 0 : (size_t)n;
}

/* Of none to six floats. */
static size_t list(size_t row, float out[6]) {
    size_t n = row % 7;
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(row % 1000) + (float)i / 8;
    return n;
}

static elc_status put(elc_batch *batch, size_t column, size_t row) {
    elc_type type = sample_columns[column].type;
    char bytes[32];
    float floats[6];
    size_t size = text(row, bytes);
    bytes[size] = '\0';
    switch (type) {
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        return elc_batch_real(batch, column, (double)number(type, row) / 4, NULL);
    case ELC_FLOATS:
        size = list(row, floats);
        return elc_batch_floats(batch, column, floats, size, NULL);
    case ELC_UTF8:
        return elc_batch_text(batch, column, bytes, NULL);
    case ELC_BINARY:
    case ELC_GEOMETRY:
        return elc_batch_bytes(batch, column, bytes, size, NULL);
    default:
        return elc_batch_int(batch, column, number(type, row), NULL);
    }
}

void sample_row(elc_batch *batch, size_t row) {
    for (size_t i = 0; i < SAMPLE_COLUMNS; i++) {
        if (!is_null(i, row))
            assert_int_equal(put(batch, i, row), ELC_OK);
    }
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
}

void sample_table(size_t start, size_t n, struct ArrowSchema *schema,
                  struct ArrowArray *batch) {
    elc_batch *b = NULL;
    assert_int_equal(
        elc_schema_create(sample_columns, SAMPLE_COLUMNS, NULL, schema, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(sample_columns, SAMPLE_COLUMNS, &b, NULL),
                     ELC_OK);
    for (size_t row = start; row < start + n; row++)
        sample_row(b, row);
    assert_int_equal(elc_batch_finish(b, batch, NULL), ELC_OK);
    elc_batch_free(b);
}

static void assert_value(const elc_rows *rows, size_t column, size_t i, size_t row) {
    elc_type type = sample_columns[column].type;
    char expected[32];
    size_t size, expected_size = text(row, expected);
    switch (type) {
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        assert_true(elc_rows_real(rows, column, i) == (double)number(type, row) / 4);
        break;
    case ELC_FLOATS: {
        float floats[6];
        const float *seen = elc_rows_floats(rows, column, i, &size);
        assert_non_null(seen);
        assert_int_equal(size, list(row, floats));
        assert_memory_equal(seen, floats, size * sizeof *floats);
        break;
    }
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY: {
        const char *bytes = elc_rows_bytes(rows, column, i, &size);
        assert_non_null(bytes);
        assert_int_equal(size, expected_size);
        assert_memory_equal(bytes, expected, size);
        break;
    }
    default:
        assert_true(elc_rows_int(rows, column, i) == number(type, row));
    }
}

void sample_assert(const elc_rows *rows, size_t start) {
    for (size_t i = 0; i < elc_rows_count(rows); i++) {
        for (size_t c = 0; c < SAMPLE_COLUMNS; c++) {
            assert_int_equal(elc_rows_null(rows, c, i), is_null(c, start + i));
            if (!is_null(c, start + i))
                assert_value(rows, c, i, start + i);
        }
    }
}

void sample_assert_batch(const struct ArrowSchema *schema,
                         const struct ArrowArray *batch, size_t start) {
    elc_rows *rows = NULL;
    elc_error err = {0};
    elc_status status = elc_rows_view(schema, batch, &rows, &err);
    if (status != ELC_OK)
        fail_msg("%s", err.message);
    sample_assert(rows, start);
    elc_rows_free(rows);
}
