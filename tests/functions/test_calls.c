/* test_calls.c - functions over many rows: constants, batches, mistakes, threads, and
   the answers of elcano join. */
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

static const elc_type two[] = {ELC_GEOMETRY, ELC_GEOMETRY};
static const elc_type numbers[] = {ELC_FLOAT64, ELC_FLOAT64};

/* "tf-": true, false, NULL. */
static void assert_bools(struct ArrowArray *got, const char *wanted) {
    assert_int_equal(got->length, strlen(wanted));
    for (size_t i = 0; wanted[i] != '\0'; i++) {
        value v = value_at(got, ELC_BOOL, i);
        char is = v.null ? '-' : v.whole ? 't' : 'f';
        if (is != wanted[i])
            fail_msg("row %zu is %c, and should be %c of %s", i, is, wanted[i], wanted);
    }
}

#define SQUARE "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"
#define FAR    "POLYGON ((10 0, 14 0, 14 4, 10 4, 10 0))"

/* ---- constants and repeats ------------------------------------------------------ */

static void test_one_row_stands_in_all(void **state) {
    (void)state;
    static const char *const points[] = {
        "POINT (1 1)", "POINT (9 9)", NULL,          "POINT (0 1)",
        "POINT (2 2)", "POINT EMPTY", "POINT (3 3)", "LINESTRING (1 1, 2 2)"};
    static const char *const square[] = {SQUARE}, *const none[] = {NULL};
    struct ArrowArray a = shapes_of(points, 8), b = shapes_of(square, 1), out;
    struct ArrowArray null = shapes_of(none, 1);
    const struct ArrowArray *within[] = {&a, &b}, *contains[] = {&b, &a};
    const struct ArrowArray *with_null[] = {&a, &null};
    elc_caller *caller = caller_of("st_within", two, 2);
    for (int again = 0; again < 3; again++) {
        assert_int_equal(elc_caller_call(caller, within, 2, 8, &out, NULL), ELC_OK);
        assert_bools(&out, "tf-ftftt");
        elc_array_release(&out);
    }
    assert_int_equal(elc_caller_call(caller, with_null, 2, 8, &out, NULL), ELC_OK);
    assert_bools(&out, "--------");
    elc_array_release(&out);
    elc_caller_free(caller);
    caller = caller_of("st_contains", two, 2);
    assert_int_equal(elc_caller_call(caller, contains, 2, 8, &out, NULL), ELC_OK);
    assert_bools(&out, "tf-ftftt");
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&a);
    elc_array_release(&b);
    elc_array_release(&null);
}

/* What is kept of an argument must not outlive it. Runs are long enough for an index.
 */
static void test_an_argument_that_changes_is_asked_anew(void **state) {
    (void)state;
    enum { N = 100, RUN = 30 };
    const char *points[N], *squares[N];
    char wanted[N + 1], all[2][N + 1];
    for (size_t i = 0; i < N; i++) {
        points[i] = "POINT (1 1)";
        squares[i] = i / RUN % 2 == 0 && i != 40 ? SQUARE : FAR;
        wanted[i] = i / RUN % 2 == 0 && i != 40 ? 't' : 'f';
        all[0][i] = 't';
        all[1][i] = 'f';
    }
    wanted[N] = all[0][N] = all[1][N] = '\0';
    struct ArrowArray a = shapes_of(points, N), b = shapes_of(squares, N), out;
    struct ArrowArray one = shapes_of(squares, 1), other = shapes_of(squares + RUN, 1);
    const struct ArrowArray *arguments[] = {&a, &b}, *ones[] = {&a, &one},
                            *others[] = {&a, &other};
    elc_caller *caller = caller_of("st_intersects", two, 2);
    assert_int_equal(elc_caller_call(caller, arguments, 2, N, &out, NULL), ELC_OK);
    assert_bools(&out, wanted);
    elc_array_release(&out);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            elc_caller_call(caller, i % 2 ? others : ones, 2, N, &out, NULL), ELC_OK);
        assert_bools(&out, all[i % 2]);
        elc_array_release(&out);
    }
    elc_caller_free(caller);
    elc_array_release(&a);
    elc_array_release(&b);
    elc_array_release(&one);
    elc_array_release(&other);
}

static void test_slices_and_no_rows_are_columns_too(void **state) {
    (void)state;
    static const double xs[] = {1, 2, NAN, 4, 5};
    struct ArrowArray x = reals_of(xs, 5), slice = x, none = x, out;
    slice.offset = 1;
    slice.length = 3;
    slice.null_count = -1;
    none.length = none.null_count = 0;
    const struct ArrowArray *sliced[] = {&slice, &slice}, *empty[] = {&none, &none};
    elc_caller *caller = caller_of("st_point", numbers, 2);
    assert_int_equal(elc_caller_call(caller, sliced, 2, 3, &out, NULL), ELC_OK);
    value v = value_at(&out, ELC_GEOMETRY, 2);
    char *text = value_text(&v);
    assert_string_equal(text, "POINT (4 4)");
    assert_true(value_at(&out, ELC_GEOMETRY, 1).null);
    free(text);
    value_free(&v);
    elc_array_release(&out);
    assert_int_equal(elc_caller_call(caller, empty, 2, 0, &out, NULL), ELC_OK);
    assert_int_equal(out.length, 0);
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&x);
}

/* ---- lists ---- */

/* As Arrow asks: what is moved out of an array outlives it. */
static void test_lists_are_arrow_s_lists(void **state) {
    (void)state;
    static const elc_type types[] = {ELC_GEOMETRY, ELC_FLOAT64};
    static const char *const shapes[] = {"POINT (3 4)", NULL, "POINT EMPTY",
                                         "LINESTRING (0 0, 1 1)"};
    static const char *const wanted[] = {"[12884901892]", "NULL", "[]",
                                         "[0, 1, 4294967296, 4294967297]"};
    static const double one[] = {1};
    struct ArrowArray a = shapes_of(shapes, 4), size = reals_of(one, 1), out, items;
    const struct ArrowArray *arguments[] = {&a, &size};
    const elc_function *f;
    assert_int_equal(elc_function_find("st_gridcover", types, 2, &f, NULL), ELC_OK);
    elc_caller *caller = caller_of("st_gridcover", types, 2);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(elc_caller_call(caller, arguments, 2, 4, &out, NULL), ELC_OK);
        assert_int_equal(out.length, 4);
        assert_int_equal(out.null_count, 1);
        for (size_t i = 0; i < 4; i++) {
            value v = result_at(f, &out, i);
            char *text = value_text(&v);
            assert_string_equal(text, wanted[i]);
            free(text);
            value_free(&v);
        }
        items = *out.children[0];
        out.children[0]->release = NULL;
        elc_array_release(&out);
        assert_int_equal(items.length, 5);
        assert_int_equal(((const int64_t *)items.buffers[1])[4], 4294967297);
        elc_array_release(&items);
    }
    elc_caller_free(caller);
    elc_array_release(&a);
    elc_array_release(&size);
}

/* What a row that failed had begun is not in the next call's lists. */
static void test_lists_of_a_call_that_failed_are_gone(void **state) {
    (void)state;
    static const elc_type types[] = {ELC_GEOMETRY, ELC_FLOAT64};
    static const char *const shapes[] = {"POINT (3 4)", "LINESTRING (0 0, 1e9 1e9)"};
    static const double one[] = {1};
    struct ArrowArray bad = shapes_of(shapes, 2), good = shapes_of(shapes, 1), out;
    struct ArrowArray size = reals_of(one, 1);
    const struct ArrowArray *failing[] = {&bad, &size}, *fine[] = {&good, &size};
    elc_caller *caller = caller_of("st_gridcover", types, 2);
    elc_error err;
    assert_int_equal(elc_caller_call(caller, failing, 2, 2, &out, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "row 1: the geometry's bounds are 1000000001"));
    assert_int_equal(elc_caller_call(caller, fine, 2, 1, &out, NULL), ELC_OK);
    assert_int_equal(out.length, 1);
    assert_int_equal(out.children[0]->length, 1);
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&bad);
    elc_array_release(&good);
    elc_array_release(&size);
}

/* ---- mistakes ------------------------------------------------------------------- */

static void test_a_row_that_fails_is_named_and_nothing_is_given(void **state) {
    (void)state;
    static const char *const lines[] = {"POINT (1 1)", NULL, "LINESTRING (0 0, 1 1)"};
    static const char *const points[] = {"POINT (1 1)", "POINT (2 2)", "POINT (3 3)"};
    struct ArrowArray a = shapes_of(lines, 3), b = shapes_of(points, 3), out;
    const struct ArrowArray *bad[] = {&a, &b}, *good[] = {&b, &b};
    elc_caller *caller = caller_of("st_azimuth", two, 2);
    elc_error err;
    memset(&out, 0x5a, sizeof out);
    struct ArrowArray was = out;
    assert_int_equal(elc_caller_call(caller, bad, 2, 3, &out, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message, "st_azimuth: row 2: a is no point");
    assert_memory_equal(&out, &was, sizeof out);
    assert_int_equal(elc_caller_call(caller, bad, 2, 3, &out, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_caller_call(caller, good, 2, 3, &out, NULL), ELC_OK);
    assert_int_equal(out.length, 3); /* nothing is left of the rows before */
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&a);
    elc_array_release(&b);
}

static void test_calls_that_cannot_be_meant_are_refused(void **state) {
    (void)state;
    static const char *const points[] = {"POINT (1 1)", "POINT (2 2)", "POINT (3 3)"};
    struct ArrowArray a = shapes_of(points, 3), b = shapes_of(points, 2), gone = {0},
                      out;
    const struct ArrowArray *uneven[] = {&a, &b}, *released[] = {&a, &gone};
    const struct ArrowArray *missing[] = {&a, NULL};
    elc_caller *caller = caller_of("st_within", two, 2);
    elc_error err;
    assert_int_equal(elc_caller_call(caller, uneven, 2, 3, &out, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "argument 2: 2 rows, the call has 3"));
    assert_int_equal(elc_caller_call(caller, uneven, 1, 3, &out, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "1 arguments, it takes 2"));
    assert_int_equal(elc_caller_call(caller, released, 2, 3, &out, &err),
                     ELC_E_ARGUMENT);
    assert_int_equal(elc_caller_call(caller, missing, 2, 3, &out, &err),
                     ELC_E_ARGUMENT);
    elc_caller_free(caller);
    elc_caller_free(NULL);
    elc_array_release(&a);
    elc_array_release(&b);
}

static void test_rows_look_for_a_cancel(void **state) {
    (void)state;
    static const char *const points[] = {"POINT (1 1)", "POINT (2 2)", "POINT (3 3)"};
    int stop = 0;
    const elc_context context = {.cancel = &stop};
    struct ArrowArray a = shapes_of(points, 3), out;
    const struct ArrowArray *arguments[] = {&a, &a};
    elc_caller *caller = caller_of("st_union", two, 2);
    elc_caller_watch(caller, &context);
    assert_int_equal(elc_caller_call(caller, arguments, 2, 3, &out, NULL), ELC_OK);
    elc_array_release(&out);
    stop = 1;
    assert_int_equal(elc_caller_call(caller, arguments, 2, 3, &out, NULL),
                     ELC_E_CANCELLED);
    stop = 0;
    assert_int_equal(elc_caller_call(caller, arguments, 2, 3, &out, NULL), ELC_OK);
    assert_int_equal(out.length, 3);
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&a);
}

/* ---- the same as elcano join ---------------------------------------------------- */

enum { PLACES = 60 };

static double next(unsigned *seed) {
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16 & 7) + (*seed >> 8 & 1) * 0.5;
}

/* Small numbers, so that points meet edges and corners. */
static void random_wkt(unsigned *seed, char out[200]) {
    double x = next(seed), y = next(seed), w = 1 + next(seed), h = 1 + next(seed);
    int kind = (int)(*seed >> 20 & 3);
    if (kind == 0)
        snprintf(out, 200, "POINT (%g %g)", x, y);
    else if (kind == 1)
        snprintf(out, 200, "LINESTRING (%g %g, %g %g)", x, y, x + w, y);
    else if (kind == 2)
        snprintf(out, 200, "POLYGON ((%g %g, %g %g, %g %g, %g %g))", x, y, x + w, y,
                 x + w, y + h, x, y);
    else
        snprintf(out, 200, "POLYGON ((%g %g, %g %g, %g %g, %g %g, %g %g))", x, y, x + w,
                 y, x, y + h, x + w, y + h, x, y); /* crosses itself */
}

static bool join_says(elc_predicate predicate, const char *a, const char *b) {
    const elc_question question = {.predicate = predicate};
    elc_string left = wkb_of(a), right = wkb_of(b);
    elc_places *places;
    elc_asker *asker;
    elc_place_state state;
    const uint32_t *rows;
    size_t n;
    assert_int_equal(elc_places_create(&places, NULL), ELC_OK);
    assert_int_equal(elc_places_add(places, right.data, right.size, NULL, &state, NULL),
                     ELC_OK);
    assert_int_equal(elc_places_build(places, 1, NULL), ELC_OK);
    assert_int_equal(elc_asker_create(places, &question, &asker, NULL), ELC_OK);
    assert_int_equal(
        elc_asker_find(asker, left.data, left.size, &state, &rows, &n, NULL), ELC_OK);
    elc_asker_free(asker);
    elc_places_free(places);
    elc_string_free(&left);
    elc_string_free(&right);
    return n > 0;
}

/* Rows of each place with one place, which is a column of its own or a constant. */
static void compare(const char *name, elc_predicate predicate, const char *const *wkts,
                    const char *one, bool turned) {
    struct ArrowArray a = shapes_of(wkts, PLACES), b = shapes_of(&one, 1), out;
    const struct ArrowArray *arguments[] = {turned ? &b : &a, turned ? &a : &b};
    elc_caller *caller = caller_of(name, two, 2);
    elc_error err = {0};
    if (elc_caller_call(caller, arguments, 2, PLACES, &out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < PLACES; i++) {
        const char *left = turned ? one : wkts[i], *right = turned ? wkts[i] : one;
        bool is = value_at(&out, ELC_BOOL, i).whole != 0;
        if (is != join_says(predicate, left, right))
            fail_msg("%s(%s, %s) is %d, other than in elcano join", name, left, right,
                     is);
    }
    elc_array_release(&out);
    elc_caller_free(caller);
    elc_array_release(&a);
    elc_array_release(&b);
}

static void test_relations_are_those_of_elcano_join(void **state) {
    (void)state;
    static const struct {
        const char *name;
        elc_predicate predicate;
    } relations[] = {{"st_intersects", ELC_INTERSECTS}, {"st_within", ELC_WITHIN},
                     {"st_contains", ELC_CONTAINS},     {"st_covers", ELC_COVERS},
                     {"st_coveredby", ELC_COVERED_BY},  {"st_touches", ELC_TOUCHES},
                     {"st_crosses", ELC_CROSSES},       {"st_overlaps", ELC_OVERLAPS},
                     {"st_equals", ELC_EQUALS},         {"st_disjoint", ELC_DISJOINT}};
    static char texts[PLACES][200];
    const char *wkts[PLACES];
    unsigned seed = 42;
    for (size_t i = 0; i < PLACES; i++) {
        random_wkt(&seed, texts[i]);
        wkts[i] = texts[i];
    }
    wkts[7] = "POLYGON EMPTY";
    wkts[9] = "MULTIPOINT ((1 1), (2 2.5))";
    for (size_t r = 0; r < 10; r++)
        for (size_t k = 0; k < 12; k++)
            for (int turned = 0; turned < 2; turned++)
                compare(relations[r].name, relations[r].predicate, wkts, wkts[k * 5],
                        turned == 1);
}

/* ---- threads -------------------------------------------------------------------- */

static elc_status call_often(void *arg, int index, elc_error *err) {
    const struct ArrowArray *const *arguments = arg;
    const elc_function *f;
    elc_caller *caller;
    struct ArrowArray out;
    ELC_TRY(elc_function_find(index % 2 ? "st_within" : "st_intersection", two, 2, &f,
                              err));
    ELC_TRY(elc_caller_create(f, &caller, err));
    elc_status status = ELC_OK;
    for (int i = 0; i < 50 && status == ELC_OK; i++) {
        status = elc_caller_call(caller, arguments, 2, 8, &out, err);
        if (status == ELC_OK)
            elc_array_release(&out);
    }
    elc_caller_free(caller);
    return status;
}

static void test_threads_call_the_same_functions_at_once(void **state) {
    (void)state;
    static const char *const points[] = {"POINT (1 1)", SQUARE, FAR,    SQUARE,
                                         "POINT (2 2)", SQUARE, SQUARE, NULL};
    static const char *const square[] = {SQUARE};
    struct ArrowArray a = shapes_of(points, 8), b = shapes_of(square, 1);
    const struct ArrowArray *arguments[] = {&a, &b};
    elc_error err = {0};
    if (elc_threads_run(4, call_often, arguments, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_array_release(&a);
    elc_array_release(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_row_stands_in_all),
        cmocka_unit_test(test_an_argument_that_changes_is_asked_anew),
        cmocka_unit_test(test_slices_and_no_rows_are_columns_too),
        cmocka_unit_test(test_lists_are_arrow_s_lists),
        cmocka_unit_test(test_lists_of_a_call_that_failed_are_gone),
        cmocka_unit_test(test_a_row_that_fails_is_named_and_nothing_is_given),
        cmocka_unit_test(test_calls_that_cannot_be_meant_are_refused),
        cmocka_unit_test(test_rows_look_for_a_cancel),
        cmocka_unit_test(test_relations_are_those_of_elcano_join),
        cmocka_unit_test(test_threads_call_the_same_functions_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
