/* test_join_random.c - join on random tables, beside two loops. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, MOST_ROWS = 80 };

/* Kinds of key columns that may meet, and their values. */
static const struct {
    const char *left, *right, *values[8];
} kinds[] = {
    {"int64", "int32", {"-", "0", "1", "-1", "2", "3", "70000", "5"}},
    {"float64", "int64", {"-", "0", "1", "-1", "2", "3", "70000", "5"}},
    {"float32", "float64", {"-", "0.5", "1", "nan", "2", "-0.5", "inf", "5"}},
    {"utf8", "utf8", {"-", "a", "b", "ab", "ba", "aa", "bb", "\xc3\xa9"}},
    {"int64", "utf8", {"-", "0", "1", "-1", "2", "3", "70000", "5"}},
    {"bool", "bool", {"-", "0", "1", "0", "1", "-", "0", "1"}},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static uint64_t seed;

static size_t draw(size_t below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % below;
}

/* Rows of two key cells and their number, as text and as cells. */
typedef struct {
    elc_string text;
    const char *cells[MOST_ROWS][2];
    size_t count;
} rows;

static rows draw_rows(const size_t kind[2]) {
    rows r = {.count = draw(MOST_ROWS)};
    elc_string_append(&r.text, "", 0, NULL);
    for (size_t i = 0; i < r.count; i++) {
        for (size_t k = 0; k < 2; k++)
            r.cells[i][k] = kinds[kind[k]].values[draw(8)];
        elc_string_printf(&r.text, NULL, "%s%s %s %zu", i > 0 ? "|" : "", r.cells[i][0],
                          r.cells[i][1], i);
    }
    return r;
}

static bool is_equal(const char *a, const char *b) {
    return strcmp(a, b) == 0 && strcmp(a, "-") != 0 && strcmp(a, "nan") != 0;
}

static bool is_match(const rows *left, size_t i, const rows *right, size_t j) {
    return is_equal(left->cells[i][0], right->cells[j][0]) &&
           is_equal(left->cells[i][1], right->cells[j][1]);
}

/* Both keys of a left row, as they come out again, its number, and what it found. */
static void say(elc_string *out, const rows *left, size_t i, const char *found) {
    elc_string_printf(out, NULL, "%s %s %zu%s%s\n", left->cells[i][0],
                      left->cells[i][1], i, *found ? " " : "", found);
}

static void loop(const rows *left, const rows *right, const char *how,
                 elc_string *out) {
    bool pairs = strcmp(how, "inner") == 0 || strcmp(how, "left") == 0;
    for (size_t i = 0; i < left->count; i++) {
        size_t found = 0;
        for (size_t j = 0; j < right->count; j++) {
            char number[24];
            snprintf(number, sizeof number, "%zu", j);
            found += is_match(left, i, right, j);
            if (pairs && is_match(left, i, right, j))
                say(out, left, i, number);
        }
        if (found == 0 && strcmp(how, "left") == 0)
            say(out, left, i, "-");
        if (!pairs && (found > 0) == (strcmp(how, "semi") == 0))
            say(out, left, i, "");
    }
}

static void say_columns(const size_t kind[2], bool right, elc_string *out) {
    elc_string_printf(out, NULL, "a:%s b:%s n:int64",
                      right ? kinds[kind[0]].right : kinds[kind[0]].left,
                      right ? kinds[kind[1]].right : kinds[kind[1]].left);
}

static void compare_once(const char *how) {
    size_t kind[2] = {draw(KINDS), draw(KINDS)};
    rows left = draw_rows(kind), right = draw_rows(kind);
    elc_string columns[2] = {{0}}, expected = {0}, out = {0};
    say_columns(kind, false, &columns[0]);
    say_columns(kind, true, &columns[1]);
    bool pairs = strcmp(how, "inner") == 0 || strcmp(how, "left") == 0;
    elc_string_printf(&expected, NULL, "%s%s\n", columns[0].data,
                      pairs ? " n_right:int64" : "");
    loop(&left, &right, how, &expected);
    joining j = {.left = {columns[0].data, left.text.data, NULL, draw(20)},
                 .right = {columns[1].data, right.text.data, NULL, draw(20)},
                 .on = "a,b",
                 .how = how,
                 .threads = 1 + (int)draw(4)};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(out.data, expected.data);
    elc_string *all[] = {&left.text,  &right.text, &columns[0],
                         &columns[1], &expected,   &out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        elc_string_free(all[i]);
}

static void test_join_gives_what_two_loops_give(void **state) {
    (void)state;
    static const char *const hows[] = {"inner", "left", "semi", "anti"};
    for (seed = 1; seed <= ROUNDS; seed++) {
        uint64_t round = seed;
        compare_once(hows[round % 4]);
        seed = round;
    }
}

/* One key in 300 rows of each side: 90,000 pairs, in batches of some thousands. */
static void test_join_streams_the_pairs_of_a_frequent_key(void **state) {
    (void)state;
    elc_string text = {0}, out = {0};
    for (int i = 0; i < 300; i++)
        elc_string_printf(&text, NULL, "%s7 %d", i > 0 ? "|" : "", i);
    joining j = {.left = {"k:int64 n:int64", text.data, NULL, 0},
                 .right = {"k:int64 n:int64", text.data, NULL, 7},
                 .on = "k"};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    const char *at = strchr(out.data, '\n') + 1;
    for (int i = 0; i < 90000; i++, at = strchr(at, '\n') + 1) {
        char line[40];
        snprintf(line, sizeof line, "7 %d %d\n", i / 300, i % 300);
        assert_memory_equal(at, line, strlen(line));
    }
    assert_int_equal(*at, '\0');
    elc_string_free(&text);
    elc_string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_gives_what_two_loops_give),
        cmocka_unit_test(test_join_streams_the_pairs_of_a_frequent_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
