/* test_like_internal.c - the nearest vectors are those of a plain loop in double. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/nearest/dots.h"
#include "operators/nearest/vectors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_WIDTH = 40, ROWS = 400, QUERIES = 37 };

static const elc_column columns[] = {{"feature", ELC_FLOATS, NULL, NULL}};

/* A table of vectors, and a look at it. */
typedef struct table {
    struct ArrowSchema schema;
    struct ArrowArray array;
    elc_rows *rows;
    nearest_vectors vectors;
    uint64_t without;
} table;

typedef size_t (*row_maker)(size_t row, float *out);

static void make(table *t, size_t n, row_maker maker, bool cosine) {
    elc_batch *batch;
    float floats[MOST_WIDTH];
    memset(t, 0, sizeof *t);
    assert_int_equal(elc_schema_create(columns, 1, NULL, &t->schema, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(columns, 1, &batch, NULL), ELC_OK);
    for (size_t row = 0; row < n; row++) {
        size_t width = maker(row, floats);
        if (width > 0)
            assert_int_equal(elc_batch_floats(batch, 0, floats, width, NULL), ELC_OK);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, &t->array, NULL), ELC_OK);
    elc_batch_free(batch);
    assert_int_equal(elc_rows_view(&t->schema, &t->array, &t->rows, NULL), ELC_OK);
    t->vectors.cosine = cosine;
}

static elc_status add(table *t, elc_error *err) {
    return elc_nearest_vectors_add(&t->vectors, t->rows, 0, 0, "left", &t->without,
                                   err);
}

static void drop(table *t) {
    nearest_vectors *vectors = &t->vectors;
    elc_nearest_vectors_free(vectors);
    elc_rows_free(t->rows);
    elc_array_release(&t->array);
    elc_schema_release(&t->schema);
}

static uint32_t state;

static float draw(void) {
    state = state * 1664525u + 1013904223u;
    return (float)((int)(state >> 20) - 2048) / 64;
}

/* Some twice, so that distances are equal; some missing; some of length 0. */
static size_t plain_row(size_t row, float *out) {
    state = (uint32_t)(row % 150) * 2654435761u + 1;
    for (size_t i = 0; i < 33; i++)
        out[i] = row % 50 == 7 ? 0 : draw();
    return row % 31 == 5 ? 0 : 33;
}

/* From the least float to the greatest, whose products no float holds. */
static size_t wild_row(size_t row, float *out) {
    static const float sizes[] = {1e-38f, 1e-30f, 1e-20f, 1, 1e10f, 1e25f, 1e36f};
    plain_row(row, out);
    for (size_t i = 0; i < 33; i++)
        out[i] = out[i] == 0 ? sizes[0] : out[i] * sizes[(row / 3) % 7];
    return 33;
}

static double far(const nearest_vectors *a, size_t i, const nearest_vectors *b,
                  size_t k) {
    const float *x = a->items[i], *y = b->items[k];
    double dot = 0, xx = 0, yy = 0, apart = 0;
    for (size_t n = 0; n < a->width; n++) {
        double d = (double)x[n] - (double)y[n];
        dot += (double)x[n] * (double)y[n];
        xx += (double)x[n] * (double)x[n];
        yy += (double)y[n] * (double)y[n];
        apart += d * d;
    }
    if (!a->cosine)
        return sqrt(apart);
    return fmin(fmax(1 - dot / (sqrt(xx) * sqrt(yy)), 0), 2);
}

/* How many rows are nearer than row `k`. */
static size_t rank_of(const nearest_vectors *in, const nearest_vectors *queries,
                      size_t query, size_t k) {
    double d = far(queries, query, in, k);
    size_t nearer = 0;
    for (size_t i = 0; i < in->count; i++) {
        double other = far(queries, query, in, i);
        nearer += other < d || (other == d && i < k);
    }
    return nearer;
}

static void check_query(const table *in, const table *queries, size_t query, size_t k,
                        double most, const vectors_near *near, size_t count) {
    size_t reach = 0;
    for (size_t i = 0; i < in->vectors.count; i++)
        reach += far(&queries->vectors, query, &in->vectors, i) <= most;
    assert_int_equal(count, reach < k ? reach : k);
    for (size_t i = 0, row = 0; i < count; i++) {
        for (row = 0; in->vectors.rows[row] != near[i].row; row++)
            assert_in_range(row, 0, in->vectors.count);
        assert_int_equal(rank_of(&in->vectors, &queries->vectors, query, row), i);
        assert_true(near[i].distance ==
                    far(&queries->vectors, query, &in->vectors, row));
    }
}

static void check(row_maker maker, bool cosine, size_t k, double most) {
    table in, queries;
    vectors_near *near = calloc(QUERIES * k, sizeof *near);
    size_t counts[QUERIES];
    make(&in, ROWS, maker, cosine);
    make(&queries, QUERIES, maker, cosine);
    assert_int_equal(add(&in, NULL), ELC_OK);
    assert_int_equal(add(&queries, NULL), ELC_OK);
    vectors_question ask = {3, queries.vectors.count, k, most};
    assert_int_equal(elc_nearest_vectors_find(&in.vectors, &queries.vectors, &ask, NULL,
                                              near, counts, NULL),
                     ELC_OK);
    for (size_t i = ask.from; i < ask.end; i++)
        check_query(&in, &queries, i, k, most, near + (i - ask.from) * k,
                    counts[i - ask.from]);
    free(near);
    drop(&in);
    drop(&queries);
}

static void test_the_nearest_are_those_of_a_plain_loop(void **unused) {
    (void)unused;
    check(plain_row, true, 1, INFINITY);
    check(plain_row, true, 7, INFINITY);
    check(plain_row, false, 7, INFINITY);
    check(plain_row, true, 500, INFINITY);
    check(plain_row, true, 9, 0.7);
    check(plain_row, false, 400, 100);
}

static void test_no_size_of_numbers_hides_a_row(void **unused) {
    (void)unused;
    check(wild_row, true, 5, INFINITY);
    check(wild_row, false, 5, INFINITY);
    check(wild_row, false, 60, 1e30);
}

static void test_rows_without_a_vector_are_counted(void **unused) {
    (void)unused;
    table t;
    make(&t, ROWS, plain_row, true);
    assert_int_equal(add(&t, NULL), ELC_OK);
    assert_int_equal(t.vectors.count + t.without, ROWS);
    assert_int_equal(t.without, 21);
    drop(&t);
    make(&t, ROWS, plain_row, false);
    assert_int_equal(add(&t, NULL), ELC_OK);
    assert_int_equal(t.without, 13);
    drop(&t);
}

static size_t uneven_row(size_t row, float *out) {
    plain_row(1, out);
    return row == 4 ? 32 : 33;
}

static size_t nan_row(size_t row, float *out) {
    plain_row(1, out);
    out[6] = row == 2 ? NAN : out[6];
    return 33;
}

static size_t infinite_row(size_t row, float *out) {
    plain_row(1, out);
    out[0] = row == 9 ? -INFINITY : out[0];
    return 33;
}

static void refuse(row_maker maker, const char *why) {
    table t;
    elc_error err = {0};
    make(&t, 20, maker, true);
    assert_int_equal(add(&t, &err), ELC_E_ARGUMENT);
    if (strstr(err.message, why) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, why);
    drop(&t);
}

static void test_vectors_that_cannot_be_compared_are_refused(void **unused) {
    (void)unused;
    refuse(uneven_row,
           "row 5 of the left table: its vector has 32 numbers, and others 33");
    refuse(nan_row, "row 3 of the left table: number 7 of its vector is not a number");
    refuse(infinite_row,
           "row 10 of the left table: number 1 of its vector is infinite");
}

/* Any order of the sum is within the bound. */
static void test_products_of_this_processor_are_near(void **unused) {
    (void)unused;
    float rows[5][MOST_WIDTH], out[4];
    const float *queries[4] = {rows[1], rows[2], rows[3], rows[4]};
    for (size_t n = 1; n <= MOST_WIDTH; n++) {
        for (size_t i = 0; i < 5 * MOST_WIDTH; i++)
            rows[i / MOST_WIDTH][i % MOST_WIDTH] = draw();
        elc_nearest_dots_choose()(queries, rows[0], n, out);
        for (size_t q = 0; q < 4; q++) {
            double sizes = sqrt(elc_nearest_dot(rows[0], rows[0], n) *
                                elc_nearest_dot(queries[q], queries[q], n));
            assert_true(
                fabs((double)out[q] - elc_nearest_dot(rows[0], queries[q], n)) <=
                (double)n * 6e-8 * sizes);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_are_those_of_a_plain_loop),
        cmocka_unit_test(test_no_size_of_numbers_hides_a_row),
        cmocka_unit_test(test_rows_without_a_vector_are_counted),
        cmocka_unit_test(test_vectors_that_cannot_be_compared_are_refused),
        cmocka_unit_test(test_products_of_this_processor_are_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
