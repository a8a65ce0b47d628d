/* test_dedupe_near.c - which rows dedupe takes for near in place and time, beside loops
   over all pairs, and what that costs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/dedupe/near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = 40000, FEW = 150, ROUNDS = 40 };
static const int64_t SECOND = 1000000;

static dedupe_row rows[MANY];
static double reach[MANY];
static dedupe_table table = {.rows = rows};
static rule_book book = {.table = &table, .reach = reach};
static uint64_t seed;

static size_t draw(size_t below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % below;
}

/* Rows of one place, of an image each, every so many seconds. */
static void plant_time_lapse(size_t n, int64_t every) {
    table.n_placed = n;
    book.rule.within_us = 60 * SECOND;
    for (size_t i = 0; i < n; i++) {
        rows[i] =
            (dedupe_row){.image = (uint32_t)i, .time = (int64_t)i * every * SECOND};
        reach[i] = 1;
    }
}

/* How many pairs questions for all rows find. */
static size_t pairs_found(near_tree *tree) {
    size_t n = 0;
    for (size_t i = 0; i < table.n_placed; i++) {
        assert_int_equal(elc_near_find(tree, (uint32_t)i, NULL), ELC_OK);
        n += tree->n_found;
    }
    return n;
}

/* ---- what it costs ----------------------------------------------------------------
 */

static void test_near_does_not_look_at_one_place_at_other_times(void **state) {
    (void)state;
    near_tree tree;
    plant_time_lapse(MANY, 300);
    assert_int_equal(elc_near_create(&book, NULL, &tree, NULL), ELC_OK);
    assert_int_equal(pairs_found(&tree), 0);
    assert_true(tree.looks < 8 * (uint64_t)MANY);
    elc_near_free(&tree);
}

static void test_near_looks_at_few_rows_where_half_have_no_time(void **state) {
    (void)state;
    near_tree tree;
    plant_time_lapse(MANY, 0);
    for (size_t i = 0; i < MANY; i++) { /* two in a place */
        rows[i].at.x = 5 * (double)(i / 2);
        rows[i].time = i % 2 ? INT64_MIN : (int64_t)draw(3600) * SECOND;
    }
    assert_int_equal(elc_near_create(&book, NULL, &tree, NULL), ELC_OK);
    assert_int_equal(pairs_found(&tree), MANY / 2);
    assert_true(tree.looks < 64 * (uint64_t)MANY);
    elc_near_free(&tree);
}

static void test_near_ends_within_a_question_once_it_is_cancelled(void **state) {
    (void)state;
    near_tree tree;
    const int cancel = 1;
    const elc_context context = {.cancel = &cancel};
    plant_time_lapse(MANY, 0);
    assert_int_equal(elc_near_create(&book, &context, &tree, NULL), ELC_OK);
    assert_int_equal(elc_near_find(&tree, 0, NULL), ELC_E_CANCELLED);
    elc_near_free(&tree);
}

/* ---- what it finds ----------------------------------------------------------------
 */

static int64_t draw_time(void) {
    static const int64_t ends[] = {
        INT64_MIN, INT64_MIN + 1, INT64_MIN + 60000000, -1, 0, 1,
        INT64_MAX, INT64_MAX - 1, INT64_MAX - 60000000};
    if (draw(4) == 0)
        return ends[draw(sizeof ends / sizeof *ends)];
    return ((int64_t)draw(600) - 300) * SECOND + (int64_t)draw(3) - 1;
}

static void draw_rows(void) {
    static const int64_t withins[] = {-1, 0, 1, 60000000, 1000000000000000};
    table.n_placed = 1 + draw(FEW);
    book.rule.within_us = withins[draw(sizeof withins / sizeof *withins)];
    for (size_t i = 0; i < table.n_placed; i++) {
        rows[i] = (dedupe_row){.at = {(double)draw(30), (double)draw(30), 0},
                               .time = draw_time(),
                               .image = (uint32_t)draw(20),
                               .class_id = (uint32_t)draw(2)};
        reach[i] = (double)draw(9);
    }
}

static bool is_near(size_t i, size_t j) {
    const dedupe_row *a = &rows[i], *b = &rows[j];
    __int128 gap = (__int128)a->time - b->time;
    bool timed = a->time != INT64_MIN && b->time != INT64_MIN;
    if (book.rule.within_us >= 0 && timed &&
        (gap < 0 ? -gap : gap) > book.rule.within_us)
        return false;
    return a->image != b->image && a->class_id == b->class_id &&
           elc_ground_distance(a->at, b->at) <= reach[i] + reach[j];
}

static void test_near_finds_every_pair_once_whatever_the_times(void **state) {
    (void)state;
    static int met[FEW][FEW];
    for (seed = 1; seed <= ROUNDS; seed++) {
        uint64_t round = seed;
        near_tree tree;
        draw_rows();
        size_t n = table.n_placed;
        assert_int_equal(elc_near_create(&book, NULL, &tree, NULL), ELC_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                met[i][j] = 0;
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(elc_near_find(&tree, (uint32_t)i, NULL), ELC_OK);
            for (size_t k = 0; k < tree.n_found; k++)
                met[i][tree.found[k]]++;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++)
                assert_int_equal(met[i][j] + met[j][i], is_near(i, j));
        elc_near_free(&tree);
        seed = round;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_near_does_not_look_at_one_place_at_other_times),
        cmocka_unit_test(test_near_looks_at_few_rows_where_half_have_no_time),
        cmocka_unit_test(test_near_ends_within_a_question_once_it_is_cancelled),
        cmocka_unit_test(test_near_finds_every_pair_once_whatever_the_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
