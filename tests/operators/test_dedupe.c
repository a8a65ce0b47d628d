/* test_dedupe.c - dedupe: which rows are one object, and which of them stays. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "deduping.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of some id an image shows something at (x, y) metres. */
#define AT(i, of, east, north, ...)                                                    \
    { .id = i, .image = of, .x = east, .y = north, __VA_ARGS__ }
#define ROWS(...)                                                                      \
    .rows = (const sighting[]){__VA_ARGS__},                                           \
    .n = sizeof((const sighting[]){__VA_ARGS__}) / sizeof(sighting)

/* ---- which rows are one ---------------------------------------------------------- */

static void test_dedupe_keeps_one_row_of_a_car_in_two_images(void **state) {
    (void)state;
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0, .score = 0.8),
                                   AT("b", "B", 0.4, 0.3), AT("c", "B", 50, 0))},
                   "a:2 c:1 ");
}

static void test_dedupe_counts_every_image_that_saw_it(void **state) {
    (void)state;
    deduping_gives(
        (deduping){ROWS(AT("a", "A", 0, 0), AT("b", "B", 0.2, 0),
                        AT("c", "C", 0, 0.2, .score = 0.9), AT("d", "D", 0, 0))},
        "c:4 ");
}

static void test_dedupe_keeps_parked_neighbours(void **state) {
    (void)state;
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0), AT("b", "B", 2.5, 0))},
                   "a:1 b:1 ");
    deduping_gives((deduping){ROWS(AT("a1", "A", 0, 0), AT("a2", "A", 2.5, 0),
                                   AT("b1", "B", 0.3, 0), AT("b2", "B", 2.8, 0))},
                   "a1:2 a2:2 ");
}

static void test_dedupe_lets_rows_be_as_far_off_as_two_sigmas_of_both(void **state) {
    (void)state;
    /* 2 sqrt(1 + 1) m and half of 1.8 m: 2.968 m. */
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0, .error_m = 1),
                                   AT("b", "B", 2.96, 0, .error_m = 1))},
                   "a:2 ");
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0, .error_m = 1),
                                   AT("b", "B", 2.98, 0, .error_m = 1))},
                   "a:1 b:1 ");
}

static void test_dedupe_takes_a_tolerance_instead(void **state) {
    (void)state;
    deduping_gives(
        (deduping){ROWS(AT("a", "A", 0, 0, .error_m = 9), AT("b", "B", 3.99, 0)),
                   .tolerance = "4"},
        "a:2 ");
    deduping_gives(
        (deduping){ROWS(AT("a", "A", 0, 0, .error_m = 9), AT("b", "B", 4.02, 0)),
                   .tolerance = "4"},
        "a:1 b:1 ");
}

static void test_dedupe_takes_nearest_pairs_first(void **state) {
    (void)state;
    /* Both of B are near a1; the nearer one is it, and the other one is a2. */
    deduping_gives((deduping){ROWS(AT("a1", "A", 0, 0), AT("a2", "A", 2.5, 0),
                                   AT("b1", "B", 1.2, 0), AT("b2", "B", 3.7, 0)),
                              .tolerance = "3"},
                   "a1:2 a2:2 ");
    deduping_gives((deduping){ROWS(AT("a1", "A", 0, 0, .score = 0.9),
                                   AT("b1", "B", 1, 0), AT("b2", "B", -0.5, 0)),
                              .tolerance = "3"},
                   "a1:2 b1:1 ");
}

static void test_dedupe_never_joins_rows_of_one_image(void **state) {
    (void)state;
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0), AT("b", "A", 0, 0))},
                   "a:1 b:1 ");
    /* Nor through a third. */
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0), AT("b", "B", 0.5, 0),
                                   AT("c", "A", 0.9, 0, .score = 0.9))},
                   "a:1 c:2 ");
}

static void test_dedupe_compares_rows_of_one_class(void **state) {
    (void)state;
    deduping d = {ROWS(AT("a", "A", 0, 0, .class_name = "truck", .score = 0.9),
                       AT("b", "B", 0, 0, .class_name = "bus"))};
    deduping_gives(d, "a:1 b:1 ");
    d.across_classes = true;
    deduping_gives(d, "a:2 ");
}

static void test_dedupe_keeps_what_was_seen_at_another_time(void **state) {
    (void)state;
    deduping d = {
        ROWS(AT("a", "A", 0, 0, .seconds = 1000), AT("b", "B", 0, 0, .seconds = 1061))};
    deduping_gives(d, "a:1 b:1 ");
    d.within = "61s";
    deduping_gives(d, "a:2 ");
    d.within = "1min";
    deduping_gives(d, "a:1 b:1 ");
    d.within = "any";
    deduping_gives(d, "a:2 ");
}

static void test_dedupe_compares_rows_without_a_time_and_says_so(void **state) {
    (void)state;
    elc_string said = {0}, out = {0};
    deduping d = {ROWS(AT("a", "A", 0, 0, .seconds = 1000), AT("b", "B", 0, 0)),
                  .warnings = &said};
    assert_int_equal(deduping_rows(&d, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "a:2 ");
    assert_non_null(strstr(said.data, "1 of 2 rows have no time: "));
    elc_string_free(&said);
    elc_string_free(&out);
}

static void test_dedupe_meets_across_the_antimeridian_and_at_a_pole(void **state) {
    (void)state;
    deduping d = {
        ROWS(AT("a", "A", -0.3, 0), AT("b", "B", 0.3, 0), AT("c", "C", 2.5, 0)),
        .base = {180, -17}};
    deduping_gives(d, "a:2 c:1 ");
    deduping_gives((deduping){ROWS(AT("a", "A", 0, -0.3), AT("b", "B", 0, 0.3),
                                   AT("c", "C", 0, 2.5)),
                              .base = {30, 90}, .points = true},
                   "a:2 c:1 ");
}

static void test_dedupe_measures_boxes_that_state_no_size(void **state) {
    (void)state;
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0), AT("b", "B", 0.85, 0),
                                   AT("c", "C", 0, 0.95)),
                              .no_size = true},
                   "a:2 c:1 ");
}

/* ---- which row stays ---------------------------------------------------------------
 */

static void test_dedupe_keeps_the_best_score_where_edges_are_not_known(void **state) {
    (void)state;
    elc_string said = {0}, out = {0};
    deduping d = {
        ROWS(AT("a", "A", 0, 0, .score = 0.5), AT("b", "B", 0, 0, .score = 0.6)),
        .within = "any", .warnings = &said};
    assert_int_equal(deduping_rows(&d, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "b:2 ");
    assert_non_null(strstr(said.data, "where images end is not known: "));
    elc_string_free(&said);
    elc_string_free(&out);
    deduping_gives((deduping){ROWS(AT("b", "B", 0, 0), AT("a", "A", 0, 0))}, "a:2 ");
}

static const char *const two_images[] = {"A -100 -50 20 50", "B -30 -50 90 50"};

/* A reaches from -100 to 20 m, B from -30 to 90. */
static void edges_give(deduping d, const char *expected) {
    d.within = "any";
    d.images = deduping_outlines(&d, two_images, 2);
    deduping_gives(d, expected);
}

static void test_dedupe_keeps_the_row_that_is_farthest_from_an_edge(void **state) {
    (void)state;
    edges_give((deduping){ROWS(AT("a", "A", 10, 0, .score = 0.9), AT("b", "B", 10, 0))},
               "b:2 ");
    edges_give(
        (deduping){ROWS(AT("a", "A", -20, 0, .score = 0.1), AT("b", "B", -20, 0))},
        "a:2 ");
}

static void test_dedupe_knows_what_an_edge_has_cut(void **state) {
    (void)state;
    /* A bus of 12 m, of which A shows 3 m. */
    edges_give((deduping){ROWS(AT("a", "A", 18.5, 0, .wide = 3, .high = 2.5),
                               AT("b", "B", 23, 0, .wide = 12, .high = 2.5))},
               "b:2 ");
    /* Parked side by side: A shows a half of each. */
    edges_give((deduping){ROWS(AT("a1", "A", 19, 0, .wide = 2, .high = 1.8),
                               AT("a2", "A", 19, 2.5, .wide = 2, .high = 1.8),
                               AT("b1", "B", 20, 0, .wide = 4, .high = 1.8),
                               AT("b2", "B", 20, 2.5, .wide = 4, .high = 1.8))},
               "b1:2 b2:2 ");
    /* And where B missed one, the neighbour is not it. */
    edges_give((deduping){ROWS(AT("a1", "A", 19, 0, .wide = 2, .high = 1.8),
                               AT("b2", "B", 20, 2.5, .wide = 4, .high = 1.8))},
               "a1:1 b2:1 ");
}

static void test_dedupe_knows_what_reaches_beyond_an_outline(void **state) {
    (void)state;
    /* An outline of chips that were run: A saw more of it than the outline says. */
    edges_give((deduping){ROWS(AT("a", "A", 19, 0, .wide = 12, .high = 2.5),
                               AT("b", "B", 19.2, 0.1, .wide = 12, .high = 2.5))},
               "b:2 ");
    edges_give((deduping){ROWS(AT("a", "A", 23, 0, .wide = 12, .high = 2.5),
                               AT("b", "B", 23.2, 0.1, .wide = 12, .high = 2.5))},
               "b:2 ");
}

static void test_dedupe_takes_the_antimeridian_for_no_edge(void **state) {
    (void)state;
    edges_give(
        (deduping){ROWS(AT("a", "A", 0.1, 0, .score = 0.9), AT("b", "B", -0.1, 0)),
                   .base = {179.99999, 10}},
        "b:2 ");
}

static void test_dedupe_says_of_which_images_it_knows_no_edge(void **state) {
    (void)state;
    elc_string said = {0}, out = {0};
    deduping d = {ROWS(AT("a", "A", 10, 0), AT("c", "C", 10, 0, .score = 0.9)),
                  .within = "any", .warnings = &said};
    d.images = deduping_outlines(&d, two_images, 2);
    assert_int_equal(deduping_rows(&d, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "a:2 ");
    assert_non_null(strstr(said.data, "has no outline of 1 of 2 images"));
    elc_string_free(&said);
    elc_string_free(&out);
}

/* ---- rows that cannot be compared --------------------------------------------------
 */

static void test_dedupe_leaves_rows_without_a_place_as_they_are(void **state) {
    (void)state;
    elc_string said = {0}, out = {0};
    deduping d = {ROWS(AT("a", "A", NAN, 0), AT("b", "B", NAN, 0), AT("c", NULL, 0, 0),
                       AT("d", "A", NAN, 0, .error = "unreadable"), AT("e", "A", 0, 0)),
                  .within = "any", .warnings = &said};
    deduping_gives(d, "a:- b:- c:- d:- e:1 ");
    said.size = 0;
    assert_int_equal(deduping_rows(&d, &out, NULL), ELC_OK);
    assert_string_equal(said.data,
                        "3 of 5 rows have no place or no image: they stay as they "
                        "are\n");
    elc_string_free(&said);
    elc_string_free(&out);
}

static void test_dedupe_of_no_rows_is_no_rows(void **state) {
    (void)state;
    elc_string out = {0};
    deduping d = {.rows = NULL};
    assert_int_equal(deduping_rows(&d, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "");
    elc_string_free(&out);
}

static void test_dedupe_survives_sizes_and_errors_that_no_thing_has(void **state) {
    (void)state;
    deduping_gives((deduping){ROWS(AT("a", "A", 0, 0, .error_m = INFINITY),
                                   AT("b", "B", 0.1, 0, .error_m = NAN),
                                   AT("c", "C", 9000, 0, .error_m = 1e300),
                                   AT("d", "D", 40000, 0, .error_m = 1e300))},
                   "a:3 d:1 ");
}

static void test_dedupe_wants_sizes_errors_or_a_tolerance(void **state) {
    (void)state;
    deduping d = {ROWS(AT("a", "A", 0, 0), AT("b", "B", 0.5, 0)), .no_size = true,
                  .points = true};
    deduping_refuses(d, ELC_E_ARGUMENT,
                     "the rows have neither sizes nor position errors, which say how "
                     "far apart one object may be seen; give --tolerance METRES");
    d.tolerance = "1";
    deduping_gives(d, "a:2 ");
}

static void test_dedupe_refuses_times_that_are_none(void **state) {
    (void)state;
    deduping_refuses((deduping){ROWS(AT("a", "A", 0, 0)), .within = "soon"},
                     ELC_E_ARGUMENT,
                     "--within: \"soon\" is no time; give one as 60s, 10min, 2h or 3d "
                     "(at most 1e9 s), or any");
    deduping_refuses((deduping){ROWS(AT("a", "A", 0, 0)), .within = "-5s"},
                     ELC_E_ARGUMENT,
                     "--within: \"-5s\" is no time; give one as 60s, 10min, 2h or 3d "
                     "(at most 1e9 s), or any");
}

static void test_dedupe_refuses_outlines_of_other_images(void **state) {
    (void)state;
    elc_string out = {0};
    elc_error err = {0};
    deduping d = {ROWS(AT("a", "X", 0, 0), AT("b", "Y", 0, 0))};
    d.images = deduping_outlines(&d, two_images, 2);
    assert_int_equal(deduping_rows(&d, &out, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "has the outline of none of the detections'"));
    elc_string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dedupe_keeps_one_row_of_a_car_in_two_images),
        cmocka_unit_test(test_dedupe_counts_every_image_that_saw_it),
        cmocka_unit_test(test_dedupe_keeps_parked_neighbours),
        cmocka_unit_test(test_dedupe_lets_rows_be_as_far_off_as_two_sigmas_of_both),
        cmocka_unit_test(test_dedupe_takes_a_tolerance_instead),
        cmocka_unit_test(test_dedupe_takes_nearest_pairs_first),
        cmocka_unit_test(test_dedupe_never_joins_rows_of_one_image),
        cmocka_unit_test(test_dedupe_compares_rows_of_one_class),
        cmocka_unit_test(test_dedupe_keeps_what_was_seen_at_another_time),
        cmocka_unit_test(test_dedupe_compares_rows_without_a_time_and_says_so),
        cmocka_unit_test(test_dedupe_meets_across_the_antimeridian_and_at_a_pole),
        cmocka_unit_test(test_dedupe_measures_boxes_that_state_no_size),
        cmocka_unit_test(test_dedupe_keeps_the_best_score_where_edges_are_not_known),
        cmocka_unit_test(test_dedupe_keeps_the_row_that_is_farthest_from_an_edge),
        cmocka_unit_test(test_dedupe_knows_what_an_edge_has_cut),
        cmocka_unit_test(test_dedupe_knows_what_reaches_beyond_an_outline),
        cmocka_unit_test(test_dedupe_takes_the_antimeridian_for_no_edge),
        cmocka_unit_test(test_dedupe_says_of_which_images_it_knows_no_edge),
        cmocka_unit_test(test_dedupe_leaves_rows_without_a_place_as_they_are),
        cmocka_unit_test(test_dedupe_of_no_rows_is_no_rows),
        cmocka_unit_test(test_dedupe_survives_sizes_and_errors_that_no_thing_has),
        cmocka_unit_test(test_dedupe_wants_sizes_errors_or_a_tolerance),
        cmocka_unit_test(test_dedupe_refuses_times_that_are_none),
        cmocka_unit_test(test_dedupe_refuses_outlines_of_other_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
