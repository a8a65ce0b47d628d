/* test_facts_time_internal.c - times and paths as metadata write them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

typedef struct {
    const char *text;
    int64_t seconds, us; /* by python3's datetime */
    bool day_only;
} written;

static void test_times_are_read_in_every_way_they_are_written(void **state) {
    (void)state;
    static const written cases[] = {
        {"2013-04-19T16:01:51.8294190Z", 1366387311, 829419, false},
        {"2015-01-01T00:00:00.000000Z;", 1420070400, 0, false},
        {"2018:05:01 12:00:00", 1525176000, 0, false},
        {"2020-02-29T10:00:00+02:00", 1582963200, 0, false},
        {"2020-02-29T10:00:00-0330", 1582983000, 0, false},
        {"20160620", 1466380800, 0, true},
        {"2013-04-19", 1366329600, 0, true},
        {"1969-12-31T23:59:59.5Z", -1, 500000, false},
        {"2016-06-20T1310", 1466428200, 0, false},
        {"\"1972-07-23 08:00:00\"", 80726400, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us = 0;
        bool day_only = false;
        if (!elc_time_parse(cases[i].text, &us, &day_only))
            fail_msg("%s is not read", cases[i].text);
        assert_int_equal(us, cases[i].seconds * 1000000 + cases[i].us);
        assert_int_equal(day_only, cases[i].day_only);
    }
}

static void test_times_that_are_none_are_refused(void **state) {
    (void)state;
    static const char *const cases[] = {
        "",           "Unknown",           "2019-02-29",           "2020-13-01",
        "2020-00-10", "2020-01-32",        "2020-01-01T25:00",     "2020-01-01T10:61",
        "201",        "2020-01-01T10:00x", "unpublished material", "2020-01"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us = 0;
        bool day_only = false;
        if (elc_time_parse(cases[i], &us, &day_only))
            fail_msg("%s is read as %lld", cases[i], (long long)us);
    }
}

static void test_paths_match_by_their_last_elements(void **state) {
    (void)state;
    assert_true(elc_path_matches("isd/IMD/IMAGE/CATID", "IMAGE/CATID"));
    assert_true(elc_path_matches("IMAGE_1/catId", "IMAGE/CATID"));
    assert_true(elc_path_matches("IMAGE_1/catId", "image_1/CATID"));
    assert_true(elc_path_matches("CATID", "CATID"));
    assert_false(elc_path_matches("CATID", "IMAGE/CATID"));
    assert_false(elc_path_matches("XIMAGE/CATID", "IMAGE/CATID"));
    assert_false(elc_path_matches("IMAGE_A/CATID", "IMAGE/CATID"));
    assert_false(elc_path_matches("IMAGE/CATID/X", "CATID"));
}

static void test_corners_of_centres_move_half_a_pixel_outward(void **state) {
    (void)state;
    /* 3 x 2 pixels of size 10, rotated by a right angle: columns go north. */
    double corners[] = {5, 5, 5, 25, 15, 25, 15, 5};
    static const double expected[] = {0, 0, 0, 30, 20, 30, 20, 0};
    elc_corners_outward(corners, 3, 2);
    for (size_t i = 0; i < 8; i++)
        assert_true(fabs(corners[i] - expected[i]) < 1e-12);
}

static void test_records_keep_what_repeats_a_hundred_times(void **state) {
    (void)state;
    elc_record record = {0};
    for (int i = 0; i < 1000; i++)
        assert_int_equal(elc_record_add(&record, "a/b", "1", NULL), ELC_OK);
    assert_int_equal(elc_record_add(&record, "a/c", "\xff 2", NULL), ELC_OK);
    assert_int_equal(record.count, ELC_LEAVES_SAME + 1);
    assert_string_equal(elc_record_get(&record, "c"), "? 2");
    elc_record_free(&record);
}

static void test_grouped_text_is_read_by_groups(void **state) {
    (void)state;
    static const char text[] = "GROUP = A\n x = \"a;b, c\"\n BEGIN_GROUP = B\n"
                               "  y = (\n 1,\n -2.5 );\n END_GROUP = B\n z =\n"
                               " w = 3;\nEND_GROUP = A\nq = 4\nEND\nrubbish";
    elc_record record = {0};
    double y[3];
    assert_int_equal(elc_record_text(&record, "t", text, sizeof text - 1, NULL),
                     ELC_OK);
    assert_string_equal(elc_record_get(&record, "A/x"), "a;b, c");
    assert_int_equal(elc_text_reals(elc_record_get(&record, "A/B/y"), y, 3), 2);
    assert_true(y[0] == 1 && y[1] == -2.5);
    assert_null(elc_record_get(&record, "A/z"));
    assert_string_equal(elc_record_get(&record, "A/w"), "3");
    assert_string_equal(elc_record_get(&record, "q"), "4");
    elc_record_free(&record);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_read_in_every_way_they_are_written),
        cmocka_unit_test(test_times_that_are_none_are_refused),
        cmocka_unit_test(test_paths_match_by_their_last_elements),
        cmocka_unit_test(test_corners_of_centres_move_half_a_pixel_outward),
        cmocka_unit_test(test_records_keep_what_repeats_a_hundred_times),
        cmocka_unit_test(test_grouped_text_is_read_by_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
