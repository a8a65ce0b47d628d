/* test_functions.c - what functions give, and what they do with NULL, nothing and
   nonsense. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "expression.h"

#include "support/seeds.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- one expression ------------------------------------------------------------- */

static void assert_gives(const char *expression, const char *wanted, double tolerance) {
    value v = {0};
    elc_error err = {0};
    if (expression_run(expression, &v, &err) != ELC_OK)
        fail_msg("%s: %s", expression, err.message);
    char *text = value_text(&v);
    if (!texts_agree(text, wanted, tolerance))
        fail_msg("%s is %s, and should be %s", expression, text, wanted);
    free(text);
    value_free(&v);
}

static void assert_refused(const char *expression, const char *reason) {
    value v = {0};
    elc_error err = {0};
    if (expression_run(expression, &v, &err) == ELC_OK)
        fail_msg("%s gives %s, and should fail", expression, value_text(&v));
    if (strstr(err.message, reason) == NULL)
        fail_msg("%s fails with \"%s\", without \"%s\"", expression, err.message,
                 reason);
}

/* "EXPRESSION = VALUE", or "EXPRESSION ! REASON". */
static void check_line(char *line) {
    line[strcspn(line, "\n")] = '\0';
    char *equal = strstr(line, " = "), *refused = strstr(line, " ! ");
    if (*line == '#' || *line == '\0')
        return;
    if (equal != NULL) {
        *equal = '\0';
        assert_gives(line, equal + 3, 1e-9);
    } else if (refused != NULL) {
        *refused = '\0';
        assert_refused(line, refused + 3);
    } else {
        fail_msg("the line %s says nothing", line);
    }
}

static void check_file(const char *name, int least) {
    static char line[65536];
    char path[1024];
    int n = 0;
    snprintf(path, sizeof path, "%s%s", ELCANO_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; n++)
        check_line(line);
    fclose(file);
    assert_true(n >= least);
}

static void test_functions_give_what_the_table_says(void **state) {
    (void)state;
    check_file("/tests/functions/cases.txt", 1000);
}

static void test_what_is_odd_gives_what_the_table_says(void **state) {
    (void)state;
    check_file("/tests/functions/edges.txt", 200);
}

static void test_each_example_gives_what_its_function_says(void **state) {
    (void)state;
    const elc_function *f;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        if (!f->image) /* tests/cli/sql_classify.sh has files */
            assert_gives(f->example, f->gives != NULL ? f->gives : "NULL", 1e-12);
}

/* ---- each function, with what it is not made for -------------------------------- */

static value plain_value(const elc_argument *argument) {
    static const char *const texts[][2] = {
        {"from", "EPSG:4326"}, {"to", "EPSG:3857"},      {"geohash", "u28"},
        {"quadkey", "12"},     {"pattern", "T*F**F***"}, {"text", "POINT (1 2)"},
        {"image", "a.png"},    {"model", "a.onnx"}};
    elc_type type = argument->type;
    bool hexagons = strstr(argument->name, "size_m") != NULL;
    value v = {.type = type, .real = hexagons ? 100000 : 1, .whole = 1};
    for (size_t i = 0; i < 8 && type == ELC_UTF8; i++)
        if (strcmp(argument->name, texts[i][0]) == 0)
            elc_string_printf(&v.bytes, NULL, "%s", texts[i][1]);
    if (type == ELC_UTF8)
        assert_true(v.bytes.size > 0);
    else if (type == ELC_GEOMETRY || type == ELC_BINARY)
        v.bytes = wkb_of("POINT (1 2)");
    return v;
}

/* Runs f with argument `which` as given and plain values for the others. */
static elc_status run_with(const elc_function *f, size_t which, const value *given,
                           value *out, elc_error *err) {
    size_t n = elc_function_arguments(f, NULL);
    struct ArrowArray arrays[8], result;
    const struct ArrowArray *borrowed[8];
    elc_caller *caller;
    for (size_t i = 0; i < n; i++) {
        value plain = plain_value(&f->arguments[i]);
        value_array(i == which ? given : &plain, f->arguments[i].type, 3, &arrays[i]);
        borrowed[i] = &arrays[i];
        value_free(&plain);
    }
    assert_int_equal(elc_caller_create(f, &caller, NULL), ELC_OK);
    elc_status status = elc_caller_call(caller, borrowed, n, 3, &result, err);
    elc_caller_free(caller);
    for (size_t i = 0; i < n; i++)
        elc_array_release(&arrays[i]);
    if (status != ELC_OK)
        return status;
    assert_int_equal(result.length, 3);
    *out = result_at(f, &result, 2);
    elc_array_release(&result);
    return ELC_OK;
}

static void test_null_in_any_argument_gives_null(void **state) {
    (void)state;
    const elc_function *f;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        for (size_t k = 0; k < elc_function_arguments(f, NULL); k++) {
            value none = {.type = f->arguments[k].type, .null = true}, v;
            elc_error err = {0};
            if (run_with(f, k, &none, &v, &err) != ELC_OK)
                fail_msg("%s", err.message);
            if (!v.null)
                fail_msg("%s with argument %zu NULL is not NULL", f->name, k + 1);
            value_free(&v);
        }
}

static void expect_refusal(const elc_function *f, size_t k, const void *bytes,
                           size_t size) {
    value bad = {.type = ELC_GEOMETRY}, v = {0};
    elc_error err = {0};
    elc_string_append(&bad.bytes, bytes, size, NULL);
    elc_status status = run_with(f, k, &bad, &v, &err);
    value_free(&bad);
    if (status != ELC_E_FORMAT)
        fail_msg("%s with argument %zu no WKB gives %d: %s", f->name, k + 1, status,
                 err.message);
    assert_non_null(strstr(err.message, f->name));
    assert_non_null(strstr(err.message, "row 0"));
}

static void test_bytes_that_are_no_wkb_are_refused_with_the_row(void **state) {
    (void)state;
    const elc_function *f;
    static const unsigned char many[] = {1, 2, 0, 0, 0, 255, 255, 255, 255};
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        for (size_t k = 0; k < elc_function_arguments(f, NULL); k++) {
            if (f->arguments[k].type != ELC_GEOMETRY)
                continue;
            expect_refusal(f, k, "", 0);
            expect_refusal(f, k, "no WKB at all", 13);
            expect_refusal(f, k, many, sizeof many);
        }
}

/* Values or refusals, and nothing worse: what ASan would see. */
static void run_all_on(const elc_string *wkb, bool sound) {
    const elc_function *f;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        for (size_t k = 0; k < elc_function_arguments(f, NULL); k++) {
            value odd = {.type = ELC_GEOMETRY, .bytes = *wkb}, v = {0};
            elc_error err = {0};
            if (f->arguments[k].type != ELC_GEOMETRY)
                continue;
            if (run_with(f, k, &odd, &v, &err) == ELC_OK)
                free(value_text(&v));
            else if (err.status == ELC_E_INTERNAL ||
                     (sound && err.status == ELC_E_FORMAT))
                fail_msg("%s", err.message);
            value_free(&v);
        }
}

static void run_all_with(const char *wkt) {
    elc_string wkb = wkb_of(wkt);
    run_all_on(&wkb, true);
    elc_string_free(&wkb);
}

static void run_all_on_seed(elc_string *seed) {
    run_all_on(seed, false);
}

static void test_seeds_of_the_fuzzers_are_answered_or_refused(void **state) {
    (void)state;
    assert_true(seeds_each("wkb_check", "", run_all_on_seed) > 20);
    assert_true(seeds_each("ewkb_read", "", run_all_on_seed) > 10);
}

static void test_odd_geometries_are_answered_or_refused(void **state) {
    (void)state;
    run_all_with("POINT EMPTY");
    run_all_with("LINESTRING EMPTY");
    run_all_with("POLYGON EMPTY");
    run_all_with("MULTIPOINT EMPTY");
    run_all_with("MULTIPOLYGON EMPTY");
    run_all_with("GEOMETRYCOLLECTION EMPTY");
    run_all_with("GEOMETRYCOLLECTION (POINT EMPTY, LINESTRING (0 0, 1 1))");
    run_all_with("LINESTRING (1 1, 1 1)");
    run_all_with("LINESTRING Z (1 1 5, 2 2 6)");
    run_all_with("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))");
    run_all_with("POLYGON ((0 0, 0 0, 0 0, 0 0))");
    run_all_with("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 2 1, 2 2, 1 1)))");
    run_all_with("POINT (1e300 -1e300)");
    run_all_with("LINESTRING (-1e308 -1e308, 1e308 1e308)");
    run_all_with("MULTIPOINT ((1 2), EMPTY)");
}

static void test_coordinates_that_are_no_numbers_are_answered_or_refused(void **state) {
    (void)state;
    run_all_with("LINESTRING (nan nan, 1 1)");
    run_all_with("LINESTRING (inf 0, 1 1)");
    run_all_with("POLYGON ((0 0, inf 0, 1 1, 0 0))");
    run_all_with("MULTIPOINT ((nan 1), (2 2))");
}

static void test_numbers_of_any_size_are_answered_or_refused(void **state) {
    (void)state;
    static const double odd[] = {0, -1, 1e300, -1e300, 1e-300, 0.0 / 0.0, 1.0 / 0.0};
    const elc_function *f;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++)
        for (size_t k = 0; k < elc_function_arguments(f, NULL); k++)
            for (size_t n = 0; n < sizeof odd / sizeof odd[0]; n++) {
                elc_type type = f->arguments[k].type;
                value number = {.type = type, .real = odd[n]}, v = {0};
                number.whole = n % 2 ? INT32_MAX : INT32_MIN;
                if (type != ELC_FLOAT64 && type != ELC_INT32)
                    continue;
                elc_error err = {0};
                if (run_with(f, k, &number, &v, &err) == ELC_OK)
                    free(value_text(&v));
                value_free(&v);
            }
}

/* ---- the descriptors ------------------------------------------------------------ */

static void test_each_function_says_what_faces_need(void **state) {
    (void)state;
    const elc_function *f;
    size_t n = 0;
    for (; (f = elc_function_at(n)) != NULL; n++) {
        assert_int_equal(strncmp(f->name, "st_", 3) == 0, !f->image);
        for (const char *c = f->name; *c; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) ||
                        *c == '_');
        assert_true((f->row != NULL) != (f->bulk != NULL));
        assert_true(strlen(f->summary) > 5);
        assert_true(f->summary[strlen(f->summary) - 1] != '.');
        assert_int_equal(strncmp(f->example, f->name, strlen(f->name)), 0);
        assert_true(elc_function_arguments(f, NULL) > 0);
    }
    assert_true(n > 100);
}

static bool same_types(const elc_function *a, const elc_function *b) {
    size_t n = elc_function_arguments(a, NULL);
    if (elc_function_arguments(b, NULL) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (a->arguments[i].type != b->arguments[i].type)
            return false;
    return true;
}

static void test_no_two_functions_of_a_name_take_the_same(void **state) {
    (void)state;
    const elc_function *a, *b;
    for (size_t i = 0; (a = elc_function_at(i)) != NULL; i++)
        for (size_t k = 0; (b = elc_function_at(k)) != NULL; k++)
            if (i != k && elc_function_is(b, a->name) && same_types(a, b))
                fail_msg("%s is there twice", a->name);
}

static void test_a_name_that_is_not_there_is_told_with_the_nearest(void **state) {
    (void)state;
    assert_refused("st_aera('POINT (1 2)')", "did you mean \"st_area\"?");
    assert_refused("st_area(1, 2)", "does not take these arguments: (geometry)");
    assert_refused("ST_Buffer('POINT (1 2)')", "(geometry, float64, int32)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_give_what_the_table_says),
        cmocka_unit_test(test_what_is_odd_gives_what_the_table_says),
        cmocka_unit_test(test_each_example_gives_what_its_function_says),
        cmocka_unit_test(test_null_in_any_argument_gives_null),
        cmocka_unit_test(test_bytes_that_are_no_wkb_are_refused_with_the_row),
        cmocka_unit_test(test_odd_geometries_are_answered_or_refused),
        cmocka_unit_test(test_seeds_of_the_fuzzers_are_answered_or_refused),
        cmocka_unit_test(test_coordinates_that_are_no_numbers_are_answered_or_refused),
        cmocka_unit_test(test_numbers_of_any_size_are_answered_or_refused),
        cmocka_unit_test(test_each_function_says_what_faces_need),
        cmocka_unit_test(test_no_two_functions_of_a_name_take_the_same),
        cmocka_unit_test(test_a_name_that_is_not_there_is_told_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
