/* test_aggregate.c - aggregate: rows counted by the rows of another table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const joining_table points = {
    .columns = "id:int64 class:utf8 lon:float64 lat:float64 score:float64",
    .rows = "1 car 1 1 0.5|2 bus 2 1 0.25|3 car 3 1 1|4 - 2.5 1 -|5 car 9 9 2|"
            "6 bus 1.5 1 4|7 truck - - 8|8 car nan 1 16|9 car 1 1.5 nan"};
static const joining_table zones = {
    .columns = "geometry:geometry zone:utf8",
    .rows = "POLYGON((0_0,2_0,2_2,0_2,0_0)) west|POLYGON((2_0,4_0,4_2,2_2,2_0)) east|"
            "- nowhere|POLYGON_EMPTY none|POLYGON((2_0,4_0,4_2,2_2,2_0)) again"};

static void gives(const char *options, const char *expected) {
    joining_gives((joining){points, zones, .op = "aggregate", .options = options},
                  expected);
}

static void test_aggregate_gives_a_row_for_each_right_row(void **state) {
    (void)state;
    gives("predicate=within", "geometry:geometry zone:utf8 count:int64\n"
                              "# west 3\n# east 2\n- nowhere 0\n# none 0\n# again 2\n");
}

static void test_aggregate_counts_a_row_in_each_zone_that_it_meets(void **state) {
    (void)state;
    gives("predicate=intersects",
          "geometry:geometry zone:utf8 count:int64\n"
          "# west 4\n# east 3\n- nowhere 0\n# none 0\n# again 3\n");
    gives("ownership=yes", "geometry:geometry zone:utf8 count:int64\n"
                           "# west 3\n# east 3\n- nowhere 0\n# none 0\n# again 0\n");
}

/* Shapes count where a point inside of them does; the points of no row are owned twice.
 */
static void test_aggregate_counts_what_is_owned_once(void **state) {
    (void)state;
    joining_table shapes = {
        .columns = "geometry:geometry id:int64",
        .rows = "MULTIPOINT((2_1)) 1|LINESTRING(1_1,3_1,3_2,3_3) 2|"
                "POLYGON((1.5_0.5,3.5_0.5,3.5_1.5,1.5_1.5,1.5_0.5)) 3|"
                "MULTIPOINT((1_1),(3_1)) 4|LINESTRING(9_9,8_8) 5|- 6|"
                "POLYGON((0.1_0.1,0.2_0.1,0.2_0.2,0.1_0.1)) 7|LINESTRING_EMPTY 8"};
    joining_gives(
        (joining){shapes, zones, .op = "aggregate", .options = "ownership=yes sum=id"},
        "geometry:geometry zone:utf8 count:int64 id_sum:float64\n"
        "# west 2 11\n# east 3 6\n- nowhere 0 -\n# none 0 -\n# again 0 -\n");
}

static void test_aggregate_adds_up_large_whole_numbers_exactly(void **state) {
    (void)state;
    joining_table big = {.columns = "k:utf8 v:int64",
                         .rows = "a 9007199254740993|a 2|b -9007199254740993|b -2|"
                                 "c 9223372036854775807|c -9223372036854775806"};
    joining_table keys = {.columns = "k:utf8", .rows = "a|b|c"};
    joining_gives((joining){big, keys, .op = "aggregate", .options = "on=k sum=v"},
                  "k:utf8 count:int64 v_sum:float64\na 2 9007199254740996\n"
                  "b 2 -9007199254740996\nc 2 1\n");
    joining_gives((joining){keys, big, .op = "join", .options = "on=k sum=v"},
                  "k:utf8 count:int64 v_sum:float64\na 2 9007199254740996\n"
                  "b 2 -9007199254740996\nc 2 1\n");
}

static void test_aggregate_adds_up_without_null_and_nan(void **state) {
    (void)state;
    gives("predicate=within sum=score,id mean=score",
          "geometry:geometry zone:utf8 count:int64 score_sum:float64 id_sum:float64 "
          "score_mean:float64\n"
          "# west 3 4.5 16 2.25\n# east 2 1 7 1\n- nowhere 0 - - -\n# none 0 - - -\n"
          "# again 2 1 7 1\n");
}

static void test_aggregate_by_a_column_gives_a_row_for_each_value(void **state) {
    (void)state;
    gives("predicate=intersects by=class sum=score",
          "geometry:geometry zone:utf8 class:utf8 count:int64 score_sum:float64\n"
          "# west bus 2 4.25\n# west car 2 0.5\n"
          "# east bus 1 0.25\n# east car 1 1\n# east - 1 -\n"
          "- nowhere - 0 -\n# none - 0 -\n"
          "# again bus 1 0.25\n# again car 1 1\n# again - 1 -\n");
}

static const joining_table keyed = {
    .columns =
        "k:utf8 i:int32 r:float64 f:float32 b:bool d:date32 t:timestamp x:binary",
    .rows =
        "a -3 -0 0.5 1 -7 -9 q|a 2 0 -0.5 0 7 9 qq|b 2 -inf 0.5 1 7 9 q|a -3 nan 0.5 "
        "1 -7 -9 q|a - - - - - - -|a -3 nan 0.5 1 -7 -9 q|a 40 1.5 8 1 100 9 r"};
static const joining_table names = {.columns = "k:utf8", .rows = "a|c|b|a|-"};

static void by_gives(const char *options, const char *expected) {
    joining_gives((joining){keyed, names, .op = "aggregate", .options = options},
                  expected);
}

static void test_aggregate_by_sorts_values_of_every_type(void **state) {
    (void)state;
    by_gives("on=k by=i", "k:utf8 i:int32 count:int64\n"
                          "a -3 3\na 2 1\na 40 1\na - 1\nc - 0\nb 2 1\n"
                          "a -3 3\na 2 1\na 40 1\na - 1\n- - 0\n");
    by_gives("on=k by=r", "k:utf8 r:float64 count:int64\n"
                          "a 0 2\na 1.5 1\na nan 2\na - 1\nc - 0\nb -inf 1\n"
                          "a 0 2\na 1.5 1\na nan 2\na - 1\n- - 0\n");
    by_gives("on=k by=f,b,d,t,x",
             "k:utf8 f:float32 b:bool d:date32 t:timestamp x:binary count:int64\n"
             "a -0.5 0 7 9 qq 1\na 0.5 1 -7 -9 q 3\na 8 1 100 9 r 1\na - - - - - 1\n"
             "c - - - - - 0\nb 0.5 1 7 9 q 1\n"
             "a -0.5 0 7 9 qq 1\na 0.5 1 -7 -9 q 3\na 8 1 100 9 r 1\na - - - - - 1\n"
             "- - - - - - 0\n");
}

static void test_aggregate_names_what_both_tables_have(void **state) {
    (void)state;
    joining_table right = {.columns = "k:utf8 count:int64 k_left:utf8 i_sum:utf8",
                           .rows = "a 7 x y"};
    joining_gives(
        (joining){keyed, right, .op = "aggregate", .options = "on=k by=k sum=i,i"},
        "k:utf8 count:int64 k_left:utf8 i_sum:utf8 k_left_left:utf8 "
        "count_aggregated:int64 i_sum_aggregated:float64 "
        "i_sum_aggregated_aggregated:float64\n"
        "a 7 x y a 6 33 33\n");
}

static void test_aggregate_with_an_empty_table_has_all_columns(void **state) {
    (void)state;
    joining_table none = {.columns = keyed.columns, .rows = ""};
    joining_table no_zones = {.columns = "k:utf8", .rows = ""};
    joining_gives(
        (joining){none, names, .op = "aggregate", .options = "on=k by=i sum=r"},
        "k:utf8 i:int32 count:int64 r_sum:float64\na - 0 -\nc - 0 -\nb - 0 -\n"
        "a - 0 -\n- - 0 -\n");
    joining_gives(
        (joining){keyed, no_zones, .op = "aggregate", .options = "on=k by=i sum=r"},
        "k:utf8 i:int32 count:int64 r_sum:float64\n");
    joining_table typeless = {.columns = "k:utf8 r:utf8", .rows = "a -\n"};
    joining_gives(
        (joining){typeless, names, .op = "aggregate", .options = "on=k mean=r"},
        "k:utf8 count:int64 r_mean:float64\na 1 -\nc 0 -\nb 0 -\na 1 -\n- 0 -\n");
}

static void test_aggregate_refuses_what_it_cannot_count_by(void **state) {
    (void)state;
    joining j = {points, zones, .op = "aggregate",
                 .options = "predicate=within by=kind"};
    joining_refuses(j, ELC_E_NOT_FOUND,
                    "the left table has no column kind to count by");
    j.options = "predicate=within sum=class";
    elc_string out = {0};
    elc_error err = {0};
    assert_int_equal(joining_rows(&j, &out, &err), ELC_E_ARGUMENT);
    assert_string_equal(
        err.message, "the column class is text, which cannot be added up; in a CSV a "
                     "value that is no number makes a column text");
    elc_string_free(&out);
    j = (joining){zones, zones, .op = "aggregate",
                  .options = "predicate=within sum=geometry"};
    joining_refuses(j, ELC_E_ARGUMENT,
                    "geometry of the left table is geometry, which cannot be added up");
    j.options = "predicate=within by=geometry";
    joining_refuses(j, ELC_E_ARGUMENT,
                    "geometry of the left table is a geometry; --by takes columns of "
                    "text, numbers or times");
}

/* ---- parts elsewhere ---------------------------------------------------------------
 */

/* Opens a part of a slice of the left table, as a process of its own would. */
static void open_part(const elc_call *call, const joining_table *left,
                      struct ArrowArrayStream *out) {
    elc_part part = {0};
    elc_error err = {0};
    struct ArrowArrayStream in[] = {joining_stream(left), joining_stream(&zones)};
    if (elc_run_open_part(call, &part, in, out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_stream_release(&in[0]);
    elc_stream_release(&in[1]);
}

static elc_call call_of(const char *options, elc_options **out) {
    elc_call call = {0};
    joining j = {.options = options};
    assert_int_equal(elc_operator_find("aggregate", &call.op, NULL), ELC_OK);
    *out = joining_options(call.op, &j);
    call.options = *out;
    assert_int_equal(elc_call_prepare(&call, NULL), ELC_OK);
    return call;
}

/* A slice that is empty gives the zones; there may be several. */
static void test_aggregate_opens_parts_wherever_they_are(void **state) {
    (void)state;
    const char *rows[] = {"", "1 car 1 1 0.1|2 bus 1 1 1e100", "",
                          "3 car 1 1 0.2|4 car 3 1 0.3", "5 bus 1 1 -1e100"};
    elc_options *options;
    elc_call call = call_of("predicate=within sum=score by=class", &options);
    struct ArrowArrayStream parts[5], table;
    elc_string out = {0};
    for (size_t i = 0; i < 5; i++) {
        joining_table slice = {.columns = points.columns, .rows = rows[i]};
        open_part(&call, &slice, &parts[i]);
    }
    assert_int_equal(elc_run_finish_scope(&call, parts, 5, &table, NULL), ELC_OK);
    joining_print(&table, &out);
    assert_string_equal(
        out.data,
        "geometry:geometry zone:utf8 class:utf8 count:int64 score_sum:float64\n"
        "# west bus 2 0\n# west car 2 0.30000000000000004\n# east car 1 "
        "0.29999999999999999\n- nowhere - 0 -\n# none - 0 -\n"
        "# again car 1 0.29999999999999999\n");
    elc_stream_release(&table);
    elc_string_free(&out);
    elc_call_release(&call);
    elc_options_free(options);
}

static void test_aggregate_refuses_partial_counts_that_are_damaged(void **state) {
    (void)state;
    elc_options *options;
    elc_error err = {0};
    elc_call call = call_of("on=k sum=v", &options);
    joining_table rows = {.columns = "k:utf8 count:int64 v_sum:float64 _n0:int64 "
                                     "_total0:binary _whole:bool _group:utf8 "
                                     "_order:binary",
                          .rows = "a 1 1 1 abc 1 0 12345678"};
    struct ArrowArrayStream group = joining_stream(&rows), out = {0};
    assert_int_equal(call.op->combine(&call, &group, &out, &err), ELC_E_FORMAT);
    assert_string_equal(err.message, "a partial sum is damaged");
    elc_stream_release(&group);
    rows.rows = "a 1 1 1 - 1 0 1234567";
    group = joining_stream(&rows);
    assert_int_equal(call.op->combine(&call, &group, &out, &err), ELC_E_FORMAT);
    elc_stream_release(&group);
    elc_call_release(&call);
    elc_options_free(options);
}

static void test_aggregate_ends_when_it_is_cancelled(void **state) {
    (void)state;
    int cancel = 1;
    elc_string out = {0};
    joining j = {points, zones, .op = "aggregate", .options = "predicate=within",
                 .cancel = &cancel};
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_E_CANCELLED);
    elc_string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aggregate_gives_a_row_for_each_right_row),
        cmocka_unit_test(test_aggregate_counts_a_row_in_each_zone_that_it_meets),
        cmocka_unit_test(test_aggregate_counts_what_is_owned_once),
        cmocka_unit_test(test_aggregate_adds_up_large_whole_numbers_exactly),
        cmocka_unit_test(test_aggregate_adds_up_without_null_and_nan),
        cmocka_unit_test(test_aggregate_by_a_column_gives_a_row_for_each_value),
        cmocka_unit_test(test_aggregate_by_sorts_values_of_every_type),
        cmocka_unit_test(test_aggregate_names_what_both_tables_have),
        cmocka_unit_test(test_aggregate_with_an_empty_table_has_all_columns),
        cmocka_unit_test(test_aggregate_refuses_what_it_cannot_count_by),
        cmocka_unit_test(test_aggregate_opens_parts_wherever_they_are),
        cmocka_unit_test(test_aggregate_refuses_partial_counts_that_are_damaged),
        cmocka_unit_test(test_aggregate_ends_when_it_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
