/* test_join.c - join: which rows find which, and the columns that they get. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const joining_table images = {
    .columns = "geometry:geometry id:utf8 name:utf8",
    .rows = "g1 A one|g2 B two|g3 - none|g4 C four|g5 A five"};
static const joining_table records = {.columns = "id:utf8 cloud:float64 name:utf8",
                                      .rows = "C 0.5 x|A 0.25 y|D 1 z|- 9 n|A 0.75 w"};

/* Two tables of one column of keys, and what a column of the left one says of which. */
static void keys_give(const char *left, const char *left_rows, const char *right,
                      const char *right_rows, const char *expected) {
    joining j = {{.columns = left, .rows = left_rows},
                 {.columns = right, .rows = right_rows},
                 .on = "k"};
    joining_gives(j, expected);
}

/* ---- rows ----------------------------------------------------------------------- */

static void test_join_gives_pairs_in_the_order_of_both_tables(void **state) {
    (void)state;
    joining_gives((joining){images, records, .on = "id"},
                  "geometry:geometry id:utf8 name:utf8 cloud:float64 name_right:utf8\n"
                  "g1 A one 0.25 y\n"
                  "g1 A one 0.75 w\n"
                  "g4 C four 0.5 x\n"
                  "g5 A five 0.25 y\n"
                  "g5 A five 0.75 w\n");
}

static void test_join_left_keeps_rows_without_a_match(void **state) {
    (void)state;
    joining_gives((joining){images, records, .on = "id", .how = "left"},
                  "geometry:geometry id:utf8 name:utf8 cloud:float64 name_right:utf8\n"
                  "g1 A one 0.25 y\n"
                  "g1 A one 0.75 w\n"
                  "g2 B two - -\n"
                  "g3 - none - -\n"
                  "g4 C four 0.5 x\n"
                  "g5 A five 0.25 y\n"
                  "g5 A five 0.75 w\n");
}

static void test_join_semi_gives_each_row_that_matches_once(void **state) {
    (void)state;
    joining_gives((joining){images, records, .on = "id", .how = "semi"},
                  "geometry:geometry id:utf8 name:utf8\n"
                  "g1 A one\ng4 C four\ng5 A five\n");
}

static void test_join_anti_gives_the_rows_that_match_nothing(void **state) {
    (void)state;
    joining_gives((joining){images, records, .on = "id", .how = "anti"},
                  "geometry:geometry id:utf8 name:utf8\n"
                  "g2 B two\ng3 - none\n");
}

static void test_join_takes_columns_of_different_names(void **state) {
    (void)state;
    joining_table other = {.columns = "record:utf8 id:int64", .rows = "B 7"};
    joining_gives((joining){images, other, .on = "id=record"},
                  "geometry:geometry id:utf8 name:utf8 id_right:int64\n"
                  "g2 B two 7\n");
}

static void test_join_takes_a_name_with_an_equals_sign_where_both_have_it(void **s) {
    (void)s;
    joining_table left = {.columns = "a=b:int64 a:int64", .rows = "1 2"};
    joining_table right = {.columns = "a=b:int64 b:int64", .rows = "1 3|2 2"};
    joining_gives((joining){left, right, .on = "a=b"},
                  "a=b:int64 a:int64 b:int64\n1 2 3\n");
}

static void test_join_on_several_columns_needs_all_equal(void **state) {
    (void)state;
    joining_table left = {.columns = "a:utf8 b:utf8", .rows = "x yz|xy z|x -|- yz"};
    joining_table right = {.columns = "a:utf8 c:utf8 n:int32",
                           .rows = "xy z 1|x yz 2|x - 3|- yz 4"};
    joining_gives((joining){left, right, .on = "a, b=c"},
                  "a:utf8 b:utf8 n:int32\nx yz 2\nxy z 1\n");
}

static void test_join_with_an_empty_table_has_all_columns(void **state) {
    (void)state;
    joining_table none = {.columns = "id:utf8 cloud:float64", .rows = ""};
    joining_gives((joining){none, records, .on = "id"},
                  "id:utf8 cloud:float64 cloud_right:float64 name:utf8\n");
    joining_gives((joining){records, none, .on = "id", .how = "left"},
                  "id:utf8 cloud:float64 name:utf8 cloud_right:float64\n"
                  "C 0.5 x -\nA 0.25 y -\nD 1 z -\n- 9 n -\nA 0.75 w -\n");
}

/* ---- values --------------------------------------------------------------------- */

static void test_join_compares_numbers_of_any_width_by_value(void **state) {
    (void)state;
    keys_give("k:int32", "1|2|-3", "k:int64 n:int64", "-3 1|2 2|4294967297 3",
              "k:int32 n:int64\n2 2\n-3 1\n");
    keys_give("k:int64", "1|2", "k:float64 n:int64", "2 1|1.5 2|1 3",
              "k:int64 n:int64\n1 3\n2 1\n");
    keys_give("k:float32", "0.5|0.1|-0", "k:float64 n:int64", "0.5 1|0.1 2|0 3",
              "k:float32 n:int64\n0.5 1\n-0 3\n");
}

/* 2^53 + 1 is no double, and 2^63 no int64. */
static void test_join_loses_no_digit_of_large_numbers(void **state) {
    (void)state;
    keys_give("k:int64", "9007199254740993|9007199254740992|9223372036854775807",
              "k:float64 n:int64", "9007199254740992 1|9223372036854775808 2",
              "k:int64 n:int64\n9007199254740992 1\n");
}

static void test_join_matches_infinity_but_never_nan(void **state) {
    (void)state;
    keys_give("k:float64", "inf|nan|-inf", "k:float64 n:int64", "nan 1|inf 2",
              "k:float64 n:int64\ninf 2\n");
}

static void test_join_compares_bools_days_times_and_bytes(void **state) {
    (void)state;
    keys_give("k:bool", "1|0|-", "k:bool n:int64", "0 7", "k:bool n:int64\n0 7\n");
    keys_give("k:date32", "19000|5", "k:date32 n:int64", "5 7",
              "k:date32 n:int64\n5 7\n");
    keys_give("k:timestamp", "19000|5", "k:timestamp n:int64", "5 7",
              "k:timestamp n:int64\n5 7\n");
    keys_give("k:binary", "ab|a", "k:binary n:int64", "a 7", "k:binary n:int64\na 7\n");
}

static void test_join_takes_whole_numbers_for_their_decimal_text(void **state) {
    (void)state;
    keys_give("k:utf8", "42|042|+42|42.0|-7|4x", "k:int64 n:int64", "42 1|-7 2",
              "k:utf8 n:int64\n42 1\n-7 2\n");
    keys_give("k:int32", "42|7", "k:utf8 n:int64", "042 1|42 2|7 3",
              "k:int32 n:int64\n42 2\n7 3\n");
}

static void test_join_warns_that_numbers_meet_text(void **state) {
    (void)state;
    elc_string out = {0}, warnings = {0};
    joining j = {{.columns = "id:utf8", .rows = "42"},
                 {.columns = "record:int64", .rows = "42"},
                 .on = "id=record",
                 .warnings = &warnings};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(
        warnings.data,
        "id is utf8 in the left table and record is int64 in the right one: "
        "numbers are compared as text, so that 42 is \"42\" but not \"042\"; in a CSV, "
        "quotes make a column text\n");
    elc_string_free(&out);
    elc_string_free(&warnings);
}

/* ---- columns -------------------------------------------------------------------- */

static void test_join_adds_right_to_names_until_they_are_free(void **state) {
    (void)state;
    joining_table left = {.columns = "k:int64 A:int64 b:int64", .rows = "1 2 3"};
    joining_table right = {.columns = "k:int64 a:int64 a_right:int64 B:int64",
                           .rows = "1 4 5 6"};
    joining_gives((joining){left, right, .on = "k"},
                  "k:int64 A:int64 b:int64 a_right_right:int64 a_right:int64 "
                  "B_right:int64\n1 2 3 4 5 6\n");
}

static void test_join_leaves_hidden_columns_out(void **state) {
    (void)state;
    joining_table left = {.columns = "_group:utf8 k:int64", .rows = "x 1"};
    joining_table right = {.columns = "k:int64 _table:utf8", .rows = "1 y"};
    joining_gives((joining){left, right, .on = "k"}, "k:int64\n1\n");
}

static void test_join_keeps_the_right_geometry_and_names_its_crs(void **state) {
    (void)state;
    elc_string out = {0}, warnings = {0};
    joining j = {{.columns = "geometry:geometry k:int64", .rows = "g 1"},
                 {.columns = "k:int64 geometry:geometry", .rows = "1 h", .crs = ""},
                 .on = "k",
                 .warnings = &warnings};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(out.data,
                        "geometry:geometry k:int64 geometry_right:geometry\ng 1 h\n");
    assert_non_null(strstr(warnings.data, "the CRS of geometry_right (none) is not "
                                          "that of geometry ("));
    elc_string_free(&out);
    elc_string_free(&warnings);
}

static void test_join_says_nothing_where_one_table_has_a_geometry(void **state) {
    (void)state;
    elc_string out = {0}, warnings = {0};
    joining j = {{.columns = "k:int64", .rows = "1"},
                 {.columns = "k:int64 geometry:geometry", .rows = "1 h", .crs = ""},
                 .on = "k",
                 .warnings = &warnings};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "k:int64 geometry:geometry\n1 h\n");
    assert_null(warnings.data);
    elc_string_free(&out);
}

/* ---- refusals ------------------------------------------------------------------- */

static void test_join_needs_columns_to_join_on(void **state) {
    (void)state;
    joining_refuses((joining){.left = images, .right = records}, ELC_E_ARGUMENT,
                    "--on is not given, and the right table has no places; name the "
                    "columns whose values must be equal, as in --on catalog_id or --on "
                    "id=record_id, or those of its coordinates by --x and --y");
}

static void test_join_names_the_column_that_is_near(void **state) {
    (void)state;
    joining_refuses((joining){images, records, .on = "clouds"}, ELC_E_NOT_FOUND,
                    "the left table has no column clouds to join on; it has "
                    "geometry, id, name");
    joining_refuses((joining){images, records, .on = "name=clouds"}, ELC_E_NOT_FOUND,
                    "the right table has no column clouds to join on; did you "
                    "mean cloud?");
}

/* Such a column is text for want of a type: that of a CSV with a header line only. */
static void test_join_takes_a_column_without_values_for_any_type(void **state) {
    (void)state;
    keys_give("k:float64", "1|2", "k:utf8 n:utf8", "", "k:float64 n:utf8\n");
    keys_give("k:date32", "1", "k:utf8 n:utf8", "- a", "k:date32 n:utf8\n");
    keys_give("k:utf8", "", "k:float64 n:int64", "1 2", "k:utf8 n:int64\n");
    joining left = {{.columns = "k:timestamp", .rows = "1|-|2"},
                    {.columns = "k:utf8 n:utf8", .rows = ""},
                    .on = "k",
                    .how = "left"};
    joining_gives(left, "k:timestamp n:utf8\n1 -\n- -\n2 -\n");
    left.how = "anti";
    joining_gives(left, "k:timestamp\n1\n-\n2\n");
}

static void test_join_refuses_types_that_never_are_equal(void **state) {
    (void)state;
    joining_refuses((joining){{.columns = "k:date32", .rows = ""},
                              {.columns = "k:int64", .rows = ""},
                              .on = "k"},
                    ELC_E_ARGUMENT,
                    "k is date32 in the left table and int64 in the right one, which "
                    "never are equal; give one of them the other's type (in a CSV, "
                    "quotes make a column text)");
}

static void test_join_refuses_text_that_meets_what_it_never_equals(void **state) {
    (void)state;
    elc_string out = {0};
    elc_error err = {0};
    joining j = {images, records, .on = "id=cloud"};
    assert_int_equal(joining_rows(&j, &out, &err), ELC_E_ARGUMENT);
    assert_string_equal(
        err.message,
        "id=cloud is utf8 in the left table and float64 in the right "
        "one, which never are equal; give one of them the other's type (in "
        "a CSV, quotes make a column text)");
    assert_string_equal(strchr(out.data, '\n'), "\n"); /* no row */
    elc_string_free(&out);
}

static void test_join_refuses_a_geometry_as_key(void **state) {
    (void)state;
    joining_refuses((joining){images, records, .on = "geometry=id"}, ELC_E_ARGUMENT,
                    "geometry=id is a geometry in the left table; --on takes "
                    "columns of numbers, text, times or bytes");
}

static void test_join_reports_rows_looked_at_and_found(void **state) {
    (void)state;
    elc_progress told = {0};
    elc_string out = {0};
    joining j = {images, records, .on = "id", .threads = 2, .told = &told};
    j.left.batch = 2;
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(told.unit, "rows");
    assert_int_equal(told.done, 5);
    assert_int_equal(told.found, 5);
    elc_string_free(&out);
}

static void test_join_ends_when_it_is_cancelled(void **state) {
    (void)state;
    int cancel = 1;
    elc_string out = {0};
    joining j = {images, records, .on = "id", .threads = 2, .cancel = &cancel};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_E_CANCELLED);
    elc_string_free(&out);
}

/* ---- parts elsewhere ------------------------------------------------------------ */

/* The rows of one part of a call whose inputs it does not know, as in a cluster. */
static elc_status open_part(const elc_call *call, const joining_table *left,
                            const joining_table *right, elc_string *out,
                            elc_error *err) {
    const elc_part part = {0};
    struct ArrowArrayStream in[] = {joining_stream(left), joining_stream(right)};
    struct ArrowArrayStream rows = {0};
    elc_status status = elc_run_open_part(call, &part, in, &rows, err);
    if (status == ELC_OK)
        joining_print(&rows, out);
    elc_stream_release(&rows);
    elc_stream_release(&in[0]);
    elc_stream_release(&in[1]);
    return status;
}

/* A prepared call without inputs. */
static elc_call prepare(elc_options **options) {
    elc_call call = {0};
    assert_int_equal(elc_operator_find("join", &call.op, NULL), ELC_OK);
    assert_int_equal(elc_options_create(call.op->options, options, NULL), ELC_OK);
    assert_int_equal(elc_options_set(*options, "on", "id", NULL), ELC_OK);
    call.options = *options;
    assert_int_equal(elc_call_prepare(&call, NULL), ELC_OK);
    return call;
}

static void test_join_opens_parts_wherever_they_are(void **state) {
    (void)state;
    elc_options *options;
    elc_string out = {0};
    elc_call call = prepare(&options);
    const joining_table slices[] = {{.columns = "id:utf8 n:int32", .rows = "A 1|B 2"},
                                    {.columns = "id:utf8 n:int32", .rows = ""},
                                    {.columns = "id:utf8 n:int32", .rows = "C 3"}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(open_part(&call, &slices[i], &records, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "id:utf8 n:int32 cloud:float64 name:utf8\n"
                                  "A 1 0.25 y\nA 1 0.75 w\n"
                                  "id:utf8 n:int32 cloud:float64 name:utf8\n"
                                  "id:utf8 n:int32 cloud:float64 name:utf8\n"
                                  "C 3 0.5 x\n");
    elc_string_free(&out);
    elc_call_release(&call);
    elc_options_free(options);
}

static void test_join_refuses_a_part_of_another_table(void **state) {
    (void)state;
    elc_options *options;
    elc_string out = {0};
    elc_error err = {0};
    elc_call call = prepare(&options);
    joining_table one = {.columns = "id:utf8", .rows = "A"};
    joining_table other = {.columns = "id:int64", .rows = "1"};
    assert_int_equal(open_part(&call, &one, &records, &out, &err), ELC_OK);
    assert_int_equal(open_part(&call, &other, &records, &out, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "a part's key columns are of other types than those of the "
                        "parts before it; give all parts slices of one table");
    elc_string_free(&out);
    elc_call_release(&call);
    elc_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_gives_pairs_in_the_order_of_both_tables),
        cmocka_unit_test(test_join_left_keeps_rows_without_a_match),
        cmocka_unit_test(test_join_semi_gives_each_row_that_matches_once),
        cmocka_unit_test(test_join_anti_gives_the_rows_that_match_nothing),
        cmocka_unit_test(test_join_takes_columns_of_different_names),
        cmocka_unit_test(test_join_takes_a_name_with_an_equals_sign_where_both_have_it),
        cmocka_unit_test(test_join_on_several_columns_needs_all_equal),
        cmocka_unit_test(test_join_with_an_empty_table_has_all_columns),
        cmocka_unit_test(test_join_compares_numbers_of_any_width_by_value),
        cmocka_unit_test(test_join_loses_no_digit_of_large_numbers),
        cmocka_unit_test(test_join_matches_infinity_but_never_nan),
        cmocka_unit_test(test_join_compares_bools_days_times_and_bytes),
        cmocka_unit_test(test_join_takes_whole_numbers_for_their_decimal_text),
        cmocka_unit_test(test_join_warns_that_numbers_meet_text),
        cmocka_unit_test(test_join_adds_right_to_names_until_they_are_free),
        cmocka_unit_test(test_join_leaves_hidden_columns_out),
        cmocka_unit_test(test_join_keeps_the_right_geometry_and_names_its_crs),
        cmocka_unit_test(test_join_says_nothing_where_one_table_has_a_geometry),
        cmocka_unit_test(test_join_needs_columns_to_join_on),
        cmocka_unit_test(test_join_names_the_column_that_is_near),
        cmocka_unit_test(test_join_takes_a_column_without_values_for_any_type),
        cmocka_unit_test(test_join_refuses_types_that_never_are_equal),
        cmocka_unit_test(test_join_refuses_text_that_meets_what_it_never_equals),
        cmocka_unit_test(test_join_refuses_a_geometry_as_key),
        cmocka_unit_test(test_join_reports_rows_looked_at_and_found),
        cmocka_unit_test(test_join_ends_when_it_is_cancelled),
        cmocka_unit_test(test_join_opens_parts_wherever_they_are),
        cmocka_unit_test(test_join_refuses_a_part_of_another_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
