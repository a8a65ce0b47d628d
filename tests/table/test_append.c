/* test_append.c - many rows appended at once are the rows that were set one by one. */
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

enum { ROWS = 1000, MOST_COLUMNS = 16 };

/* A table's rows as elc_batch_append takes them. */
typedef struct {
    elc_column columns[MOST_COLUMNS];
    elc_column_values values[MOST_COLUMNS];
    union {
        int32_t narrow[ROWS];
        int64_t wide[ROWS];
        float single[ROWS];
        double real[ROWS];
        bool is[ROWS];
        elc_bytes bytes[ROWS];
    } room[MOST_COLUMNS];
    uint64_t valid[MOST_COLUMNS][ROWS / 64 + 1];
} spread;

static void spread_value(spread *s, size_t c, const elc_rows *rows, size_t from,
                         size_t to) {
    switch (s->columns[c].type) {
    case ELC_INT32:
    case ELC_DATE32:
        s->room[c].narrow[to] = (int32_t)elc_rows_int(rows, c, from);
        return;
    case ELC_INT64:
    case ELC_TIMESTAMP:
        s->room[c].wide[to] = elc_rows_int(rows, c, from);
        return;
    case ELC_BOOL:
        s->room[c].is[to] = elc_rows_int(rows, c, from) != 0;
        return;
    case ELC_FLOAT32:
        s->room[c].single[to] = (float)elc_rows_real(rows, c, from);
        return;
    case ELC_FLOAT64:
        s->room[c].real[to] = elc_rows_real(rows, c, from);
        return;
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY:
        s->room[c].bytes[to].data =
            elc_rows_bytes(rows, c, from, &s->room[c].bytes[to].size);
        return;
    case ELC_FLOATS:
        s->room[c].bytes[to].data =
            (const char *)elc_rows_floats(rows, c, from, &s->room[c].bytes[to].size);
        s->room[c].bytes[to].size *= sizeof(float);
    }
}

/* Rows from..from + n; the places of NULLs are filled with what is no value. */
static void spread_rows(spread *s, const elc_rows *rows, size_t n_columns, size_t from,
                        size_t n) {
    memset(s->room, 0xa5, sizeof s->room);
    for (size_t c = 0; c < n_columns; c++) {
        bool any = false;
        for (size_t i = 0; i < n; i++) {
            bool null = elc_rows_null(rows, c, from + i);
            uint64_t bit = UINT64_C(1) << i % 64, *word = &s->valid[c][i / 64];
            *word = null ? *word & ~bit : *word | bit;
            any |= null;
            if (!null)
                spread_value(s, c, rows, from + i, i);
        }
        s->values[c] = (elc_column_values){&s->room[c], any ? s->valid[c] : NULL};
    }
}

static void encode(const struct ArrowSchema *schema, const struct ArrowArray *batch,
                   elc_string *out) {
    assert_int_equal(elc_batch_encode(schema, batch, out, NULL), ELC_OK);
}

/* In pieces of `step` rows, with one set alone between them. */
static void check_pieces(size_t step) {
    struct ArrowSchema schema;
    struct ArrowArray whole, made;
    elc_string ours = {0}, theirs = {0};
    elc_rows *rows;
    elc_batch *batch;
    int64_t all[MOST_COLUMNS];
    spread *s = calloc(1, sizeof *s);
    assert_non_null(s);
    sample_table(5, ROWS, &schema, &whole);
    size_t n_columns = (size_t)schema.n_children;
    assert_in_range(n_columns, 1, MOST_COLUMNS);
    for (size_t c = 0; c < n_columns; c++) {
        all[c] = (int64_t)c;
        s->columns[c].name = schema.children[c]->name;
        assert_int_equal(elc_schema_type(schema.children[c], &s->columns[c].type, NULL),
                         ELC_OK);
    }
    assert_int_equal(elc_rows_view(&schema, &whole, &rows, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(s->columns, n_columns, &batch, NULL), ELC_OK);
    for (size_t row = 0; row < ROWS;) {
        size_t n = step < ROWS - row ? step : ROWS - row;
        spread_rows(s, rows, n_columns, row, n);
        assert_int_equal(elc_batch_append(batch, s->values, n, NULL), ELC_OK);
        row += n;
        if (row < ROWS)
            assert_int_equal(elc_batch_copy_row(batch, rows, all, row++, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_rows(batch), ROWS);
    assert_int_equal(elc_batch_finish(batch, &made, NULL), ELC_OK);
    encode(&schema, &whole, &theirs);
    encode(&schema, &made, &ours);
    assert_int_equal(ours.size, theirs.size);
    assert_memory_equal(ours.data, theirs.data, ours.size);
    elc_array_release(&made);
    elc_array_release(&whole);
    elc_schema_release(&schema);
    elc_rows_free(rows);
    elc_batch_free(batch);
    elc_string_free(&ours);
    elc_string_free(&theirs);
    free(s);
}

static void test_append_gives_the_same_rows(void **state) {
    (void)state;
    static const size_t steps[] = {1, 7, 8, 63, 64, 65, 300, ROWS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        check_pieces(steps[i]);
}

static void test_append_repairs_text(void **state) {
    (void)state;
    const elc_column column = {"c", ELC_UTF8, NULL, NULL};
    const elc_bytes texts[] = {{"a", 1}, {"b\0c", 3}, {"\xff\xff", 2}, {NULL, 0}};
    static const char marked[] = "b\xef\xbf\xbd"
                                 "c"; /* else c were a digit of it */
    const char *wanted[] = {"a", marked, "\xef\xbf\xbd\xef\xbf\xbd", ""};
    const elc_column_values values = {texts, NULL};
    struct ArrowArray made;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_append(batch, &values, 4, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &made, NULL), ELC_OK);
    const int32_t *offsets = made.children[0]->buffers[1];
    const char *data = made.children[0]->buffers[2];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(offsets[i + 1] - offsets[i], strlen(wanted[i]));
        assert_memory_equal(data + offsets[i], wanted[i], strlen(wanted[i]));
    }
    elc_array_release(&made);
    elc_batch_free(batch);
}

/* Its halves lie side by side then, and are no text. */
static void test_append_repairs_a_character_in_two_values(void **state) {
    (void)state;
    const elc_column column = {"c", ELC_UTF8, NULL, NULL};
    const elc_bytes texts[] = {{"\xc3", 1}, {"\xa9", 1}, {"\xc3\xa9", 2}};
    const char *wanted[] = {"\xef\xbf\xbd", "\xef\xbf\xbd", "\xc3\xa9"};
    const elc_column_values values = {texts, NULL};
    struct ArrowArray made;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_append(batch, &values, 3, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &made, NULL), ELC_OK);
    const int32_t *offsets = made.children[0]->buffers[1];
    const char *data = made.children[0]->buffers[2];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(offsets[i + 1] - offsets[i], strlen(wanted[i]));
        assert_memory_equal(data + offsets[i], wanted[i], strlen(wanted[i]));
    }
    elc_array_release(&made);
    elc_batch_free(batch);
}

static void test_append_makes_zeros_of_nulls(void **state) {
    (void)state;
    enum { N = 200 };
    const elc_column column = {"c", ELC_FLOAT64, NULL, NULL};
    double reals[N];
    const uint64_t valid[N / 64 + 1] = {0, 0, UINT64_MAX, 1};
    const elc_column_values values = {reals, valid};
    struct ArrowArray made;
    elc_batch *batch;
    for (size_t i = 0; i < N; i++)
        reals[i] = 1 + (double)i;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_append(batch, &values, N, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &made, NULL), ELC_OK);
    const double *given = made.children[0]->buffers[1];
    for (size_t i = 0; i < N; i++)
        assert_true(given[i] == (i >= 128 && i <= 192 ? reals[i] : 0));
    assert_int_equal(made.children[0]->null_count, N - 65);
    elc_array_release(&made);
    elc_batch_free(batch);
}

/* 3 GB that nobody looks at: the lengths alone say that it does not fit. */
static void test_append_refuses_more_than_offsets_can_say(void **state) {
    (void)state;
    const elc_column column = {"c", ELC_BINARY, NULL, NULL};
    const elc_bytes bytes[] = {{"x", 1}, {"x", (size_t)3 << 30}, {"x", SIZE_MAX}};
    const elc_column_values values = {bytes, NULL};
    elc_batch *batch;
    elc_error err = {0};
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_append(batch, &values, 1, &err), ELC_OK);
    assert_int_equal(elc_batch_append(batch, &values, 3, &err), ELC_E_MEMORY);
    assert_non_null(strstr(err.message, "at most 2147483647"));
    assert_int_equal(elc_batch_rows(batch), 1);
    elc_batch_free(batch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append_gives_the_same_rows),
        cmocka_unit_test(test_append_repairs_text),
        cmocka_unit_test(test_append_repairs_a_character_in_two_values),
        cmocka_unit_test(test_append_makes_zeros_of_nulls),
        cmocka_unit_test(test_append_refuses_more_than_offsets_can_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
