/* test_overlay.c - overlay on tables in memory: every operation, type and odd row,
   other CRSs, what is refused. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ONE "id:int64 geometry:geometry"
#define TWO "no:int64 geometry:geometry"

static joining laying(const char *first, const char *second, const char *options) {
    return (joining){.left = {ONE, first, "", 0},
                     .right = {second != NULL ? TWO : NULL, second, "", 0},
                     .op = "overlay",
                     .options = options,
                     .wkt = true};
}

static void gives(const char *first, const char *second, const char *options,
                  const char *expected) {
    joining_gives(laying(first, second, options), expected);
}

#define BOX "POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0))"

/* ---- two tables -------------------------------------------------------------------
 */

/* Each type with each: what is less than the lower of both dimensions is left out. */
static void test_overlay_of_each_type_with_each(void **state) {
    (void)state;
    gives("1 " BOX "|2 LINESTRING_(1_1,_9_1)|3 POINT_(3_3)|4 MULTIPOINT_((2_1),_(9_9))|"
          "5 MULTILINESTRING_((0_2,_6_2),_(3_0,_3_9))",
          "10 POLYGON_((2_0,_6_0,_6_6,_2_6,_2_0))|11 LINESTRING_(0_1,_8_1)|"
          "12 MULTIPOINT_((3_3),_(2_1))|13 POLYGON_((4_0,_8_0,_8_4,_4_4,_4_0))",
          "op=intersection",
          "id:int64 geometry:geometry no:int64\n"
          "1 POLYGON_((2_0,_2_4,_4_4,_4_0,_2_0)) 10\n"
          "1 LINESTRING_(0_1,_4_1) 11\n"
          "1 MULTIPOINT_((2_1),_(3_3)) 12\n"
          "2 LINESTRING_(2_1,_6_1) 10\n"
          "2 LINESTRING_(1_1,_8_1) 11\n"
          "2 POINT_(2_1) 12\n"
          "2 LINESTRING_(4_1,_8_1) 13\n"
          "3 POINT_(3_3) 10\n"
          "3 POINT_(3_3) 12\n"
          "4 POINT_(2_1) 10\n"
          "4 POINT_(2_1) 11\n"
          "4 POINT_(2_1) 12\n"
          "5 MULTILINESTRING_((2_2,_3_2),_(3_2,_6_2),_(3_0,_3_2),_(3_2,_3_6)) 10\n"
          "5 POINT_(3_3) 12\n"
          "5 LINESTRING_(4_2,_6_2) 13\n");
}

static void test_overlay_difference_keeps_what_nothing_covers(void **state) {
    (void)state;
    gives("1 " BOX "|2 LINESTRING_(1_1,_9_1)|3 POINT_(3_3)|4 -|5 POLYGON_EMPTY|"
          "6 POLYGON_((2_2,_3_2,_3_3,_2_3,_2_2))|7 MULTIPOINT_((3_3),_(9_9))",
          "10 POLYGON_((2_0,_6_0,_6_6,_2_6,_2_0))|11 LINESTRING_(0_1,_2_1)|12 -|"
          "13 POINT_EMPTY",
          "op=difference",
          "id:int64 geometry:geometry\n"
          "1 POLYGON_((0_0,_0_4,_2_4,_2_0,_0_0))\n"
          "2 LINESTRING_(6_1,_9_1)\n"
          "4 -\n"
          "5 -\n"
          "7 POINT_(9_9)\n");
}

static void test_overlay_symmetric_difference_has_both_rests(void **state) {
    (void)state;
    gives("1 " BOX "|2 -", "10 POLYGON_((2_0,_6_0,_6_4,_2_4,_2_0))|11 -|12 POINT_(9_9)",
          "op=symmetric-difference",
          "id:int64 geometry:geometry no:int64\n"
          "1 POLYGON_((0_0,_0_4,_2_4,_2_0,_0_0)) -\n"
          "2 - -\n"
          "- POLYGON_((6_4,_6_0,_4_0,_4_4,_6_4)) 10\n"
          "- - 11\n"
          "- POINT_(9_9) 12\n");
}

static void test_overlay_union_has_common_and_rests(void **state) {
    (void)state;
    gives("1 " BOX "|2 -",
          "10 POLYGON_((2_0,_6_0,_6_4,_2_4,_2_0))|11 -|12 POINT_(9_9)|"
          "13 LINESTRING_(5_5,_6_6)",
          "op=union",
          "id:int64 geometry:geometry no:int64\n"
          "1 POLYGON_((2_0,_2_4,_4_4,_4_0,_2_0)) 10\n"
          "1 POLYGON_((0_0,_0_4,_2_4,_2_0,_0_0)) -\n"
          "2 - -\n"
          "- POLYGON_((6_4,_6_0,_4_0,_4_4,_6_4)) 10\n"
          "- - 11\n"
          "- POINT_(9_9) 12\n"
          "- LINESTRING_(5_5,_6_6) 13\n");
}

static void test_overlay_with_an_empty_table(void **state) {
    (void)state;
    joining j = laying("1 " BOX, "", "op=union");
    joining_gives(j, "id:int64 geometry:geometry no:int64\n"
                     "1 POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0)) -\n");
    j = laying("", "10 " BOX, "op=union");
    joining_gives(j, "id:int64 geometry:geometry no:int64\n"
                     "- POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0)) 10\n");
    j.options = "op=intersection";
    joining_gives(j, ONE " no:int64\n");
    j.options = "op=difference";
    joining_gives(j, ONE "\n");
}

static void test_overlay_mends_what_is_not_valid_and_says_so(void **state) {
    (void)state;
    elc_string warnings = {0}, out = {0};
    joining j =
        laying("1 POLYGON_((0_0,_2_2,_2_0,_0_2,_0_0))|2 POLYGON_((0_0,_1_0,_1_1))|"
               "3 POINT_(inf_0)|4 LINESTRING_(1_1,_1_1)",
               "10 POLYGON_((-1_-1,_3_-1,_3_3,_-1_3,_-1_-1))|"
               "11 POLYGON_((0_0,_9_0,_0_0,_0_0))",
               "op=intersection");
    j.warnings = &warnings;
    j.threads = 3;
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(
        out.data,
        "id:int64 geometry:geometry no:int64\n"
        "1 MULTIPOLYGON_(((2_2,_2_0,_1_1,_2_2)),_((0_2,_1_1,_0_0,_0_2))) 10\n");
    assert_string_equal(
        warnings.data,
        "first: invalid geometries were made valid before they were used: 2\n"
        "first: geometries taken as NULL, since they cannot be read, have ordinates "
        "that are no finite numbers, or are nowhere in the CRS: 2\n"
        "second: invalid geometries were made valid before they were used: 1\n");
    elc_string_free(&warnings);
    elc_string_free(&out);
}

static void test_overlay_brings_the_second_table_to_the_first_s_crs(void **state) {
    (void)state;
    joining j =
        laying("1 POLYGON_((500000_0,_501000_0,_501000_1000,_500000_1000,_500000_"
               "0))",
               "10 POLYGON_((15_-1,_15.004491_-1,_15.004491_1,_15_1,_15_-1))|"
               "11 POLYGON_((15_95,_16_95,_16_96,_15_95))",
               "op=intersection");
    j.left.crs = "EPSG:32633";
    j.right.crs = "EPSG:4326";
    joining_gives(j, "id:int64 geometry:geometry no:int64\n"
                     "1 "
                     "POLYGON_((500000_0,_500000_1000,_500499.660257_1000,_500499."
                     "660257_0,_500000_0)) 10\n");
    j.right.crs = "";
    joining_refuses(j, ELC_E_ARGUMENT,
                    "second: the geometry states no CRS, and that of the other table "
                    "does; state both or none");
}

static void test_overlay_of_degrees_cuts_at_the_antimeridian(void **state) {
    (void)state;
    joining j = laying("1 POLYGON_((179_0,_-179_0,_-179_2,_179_2,_179_0))",
                       "10 POLYGON_((-180_0,_-179.5_0,_-179.5_2,_-180_2,_-180_0))|"
                       "11 POLYGON_((0_0,_10_0,_10_2,_0_2,_0_0))",
                       "op=union");
    j.left.crs = j.right.crs = NULL;
    joining_gives(j, "id:int64 geometry:geometry no:int64\n"
                     "1 POLYGON_((-180_2,_-179.5_2,_-179.5_0,_-180_0,_-180_2)) 10\n"
                     "1 "
                     "MULTIPOLYGON_(((179_2,_180_2,_180_0,_179_0,_179_2)),_((-179_2,_-"
                     "179_0,_-179.5_0,_-179.5_2,_-179_2))) -\n"
                     "- POLYGON_((0_0,_10_0,_10_2,_0_2,_0_0)) 11\n");
}

static void test_overlay_names_columns_of_both(void **state) {
    (void)state;
    joining j = {.left = {"id:int64 name:utf8 shape:geometry", "1 a " BOX, "", 0},
                 .right = {"ID:int64 place:geometry name:utf8 z:geometry",
                           "2 " BOX " b POINT_(1_1)", "", 0},
                 .op = "overlay",
                 .options = "op=intersection",
                 .wkt = true};
    joining_gives(
        j,
        "id:int64 name:utf8 shape:geometry ID_right:int64 name_right:utf8 z:geometry\n"
        "1 a POLYGON_((0_0,_0_4,_4_4,_4_0,_0_0)) 2 b POINT_(1_1)\n");
}

static void test_overlay_refuses_what_cannot_be_meant(void **state) {
    (void)state;
    joining_refuses(laying("1 " BOX, "2 " BOX, NULL), ELC_E_ARGUMENT,
                    "--op is not given; it says what to do, as in --op intersection");
    joining_refuses(laying("1 " BOX, NULL, "op=union"), ELC_E_ARGUMENT,
                    "--op union needs two tables, and one is given");
    joining_refuses(laying("1 " BOX, "2 " BOX, "op=dissolve"), ELC_E_ARGUMENT,
                    "--op dissolve needs one table, and two are given");
    joining_refuses(laying("1 " BOX, NULL, "op=buffer"), ELC_E_ARGUMENT,
                    "--distance is not given; --op buffer needs it, as in --distance "
                    "10m");
    joining_refuses(laying("1 " BOX, NULL, "op=simplify tolerance=-1"), ELC_E_ARGUMENT,
                    "--tolerance is less than 0");
    joining_refuses(laying("1 " BOX, NULL, "op=make-valid by=id"), ELC_E_ARGUMENT,
                    "--by is given, but --op make-valid does not use it");
    joining_refuses(laying("1 " BOX, NULL, "op=dissolve by=nome"), ELC_E_NOT_FOUND,
                    "--by nome: the table has no column of that name");
    joining_refuses(
        laying("1 " BOX, NULL, "op=dissolve by=geometry"), ELC_E_ARGUMENT,
        "--by geometry: the column is geometry, whose values are no groups");
    joining_refuses(
        laying("1 " BOX, NULL, "op=buffer distance=10m"), ELC_E_ARGUMENT,
        "--distance is in metres, but the geometry states no CRS; without a "
        "unit it is in the geometry's own");
    joining j = laying("1 " BOX, NULL, "op=buffer distance=10");
    j.left.crs = NULL;
    joining_refuses(j, ELC_E_ARGUMENT,
                    "--distance has no unit, and the table's CRS has degrees, in which "
                    "no circle is round; write 10m or 1km");
}

/* The first bad row of either table, whoever was faster. */
static void test_overlay_names_the_first_bytes_that_are_no_wkb(void **state) {
    (void)state;
    static const char *const ops[] = {"op=union", "op=dissolve", "op=make-valid"};
    for (size_t op = 0; op < 3; op++)
        for (int threads = 1; threads <= 4; threads += 3) {
            elc_string out = {0};
            elc_error err = {0};
            joining j = laying("1 " BOX "|2 ab|3 abcdefghijk",
                               op == 0 ? "1 " BOX : NULL, ops[op]);
            j.threads = threads;
            assert_int_equal(joining_rows(&j, &out, &err), ELC_E_FORMAT);
            assert_non_null(strstr(err.message, "first: row 2: WKB of 2 bytes"));
            elc_string_free(&out);
        }
}

static void test_overlay_is_cancelled(void **state) {
    (void)state;
    static const volatile int stop = 1;
    static const char *const ops[] = {"op=union", "op=dissolve", "op=make-valid"};
    for (size_t op = 0; op < 3; op++) {
        elc_string out = {0};
        elc_error err = {0};
        joining j = laying("1 " BOX, op == 0 ? "1 " BOX : NULL, ops[op]);
        j.cancel = &stop;
        j.threads = 2;
        assert_int_equal(joining_rows(&j, &out, &err), ELC_E_CANCELLED);
        elc_string_free(&out);
    }
}

/* ---- one table --------------------------------------------------------------------
 */

static void test_overlay_makes_each_type_valid(void **state) {
    (void)state;
    gives(
        "1 POLYGON_((0_0,_2_2,_2_0,_0_2,_0_0))|2 POINT_(1_1)|3 LINESTRING_(0_0,_1_1)|"
        "4 MULTIPOLYGON_(((0_0,_2_0,_2_2,_0_2,_0_0)),((1_0,_4_0,_4_2,_1_2,_1_0)))|5 -|"
        "6 POLYGON_EMPTY|7 LINESTRING_(1_1,_1_1)|"
        "8 POLYGON_((0_0,_9_0,_9_9,_0_9,_0_0),_(8_8,_10_8,_10_10,_8_8))|"
        "9 GEOMETRYCOLLECTION_(POINT_(1_1),_POLYGON_((0_0,_1_0,_1_1,_0_0)))",
        NULL, "op=make-valid",
        "id:int64 geometry:geometry\n"
        "1 MULTIPOLYGON_(((1_1,_2_2,_2_0,_1_1)),_((0_0,_0_2,_1_1,_0_0)))\n"
        "2 POINT_(1_1)\n"
        "3 LINESTRING_(0_0,_1_1)\n"
        "4 POLYGON_((0_2,_1_2,_2_2,_4_2,_4_0,_2_0,_1_0,_0_0,_0_2))\n"
        "5 -\n"
        "6 -\n"
        "7 -\n"
        "8 POLYGON_((0_9,_9_9,_8_8,_9_8,_9_0,_0_0,_0_9))\n"
        "9 POLYGON_((0_0,_1_0,_1_1,_0_0))\n");
}

static void test_overlay_simplifies(void **state) {
    (void)state;
    gives("1 LINESTRING_(0_0,_1_0.1,_2_0,_3_5)|2 POINT_(1_1)|"
          "3 POLYGON_((0_0,_2_0.1,_4_0,_4_4,_0_4,_0_0))|4 -|5 POLYGON_EMPTY|"
          "6 POLYGON_((0_0,_0.1_0,_0.1_0.1,_0_0))",
          NULL, "op=simplify tolerance=0.5",
          "id:int64 geometry:geometry\n"
          "1 LINESTRING_(0_0,_2_0,_3_5)\n"
          "2 POINT_(1_1)\n"
          "3 POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0))\n"
          "4 -\n"
          "5 -\n"
          "6 POLYGON_((0_0,_0.1_0,_0.1_0.1,_0_0))\n");
    gives("1 LINESTRING_(0_0,_1_0.1,_2_0,_3_5)", NULL, "op=simplify tolerance=0",
          ONE "\n1 LINESTRING_(0_0,_1_0.1,_2_0,_3_5)\n");
}

static void test_overlay_dissolves_by_values(void **state) {
    (void)state;
    joining j = {.left = {"k:utf8 v:float64 geometry:geometry",
                          "a 1 POLYGON_((0_0,_1_0,_1_1,_0_1,_0_0))|- 1 POINT_(5_5)|"
                          "a 1 POLYGON_((1_0,_2_0,_2_1,_1_1,_1_0))|a 2 " BOX "|"
                          "- 1 LINESTRING_(0_0,_1_1)|b 0 -|b -0 POLYGON_EMPTY|"
                          "- 1 POINT_(5_5)|c - POLYGON_((0_0,_2_2,_2_0,_0_2,_0_0))",
                          "", 0},
                 .op = "overlay",
                 .options = "op=dissolve by=k,v",
                 .wkt = true};
    joining_gives(
        j, "k:utf8 v:float64 n_rows:int64 geometry:geometry\n"
           "a 1 2 POLYGON_((0_0,_0_1,_1_1,_2_1,_2_0,_1_0,_0_0))\n"
           "- 1 3 GEOMETRYCOLLECTION_(POINT_(5_5),_LINESTRING_(0_0,_1_1))\n"
           "a 2 1 POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0))\n"
           "b 0 2 -\n"
           "c - 1 MULTIPOLYGON_(((1_1,_2_2,_2_0,_1_1)),_((0_0,_0_2,_1_1,_0_0)))\n");
    j.options = "op=dissolve by=k";
    joining_gives(
        j, "k:utf8 n_rows:int64 geometry:geometry\n"
           "a 3 POLYGON_((0_0,_0_1,_0_4,_4_4,_4_0,_2_0,_1_0,_0_0))\n"
           "- 3 GEOMETRYCOLLECTION_(POINT_(5_5),_LINESTRING_(0_0,_1_1))\n"
           "b 2 -\n"
           "c 1 MULTIPOLYGON_(((1_1,_2_2,_2_0,_1_1)),_((0_0,_0_2,_1_1,_0_0)))\n");
    j.options = "op=dissolve";
    joining_gives(j, "n_rows:int64 geometry:geometry\n"
                     "9 "
                     "GEOMETRYCOLLECTION_(POINT_(5_5),_LINESTRING_(0_0,_1_1),_POLYGON_("
                     "(0_1,_0_2,_0_4,_4_4,_4_0,_2_0,_1_0,_0_0,_0_1)))\n");
}

/* A geodesic circle of 64 corners has 0.16 % less area. */
static double area_m2(const char *wkt) {
    elc_measure *m;
    elc_measured got;
    elc_string text = {0}, wkb = {0};
    const elc_measure_wish wish = {.sizes = true};
    elc_string_printf(&text, NULL, "%s", wkt);
    text.data[strcspn(text.data, "\n")] = '\0';
    for (char *c = text.data; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    assert_int_equal(elc_wkb_from_wkt(text.data, strlen(text.data), &wkb, NULL, NULL),
                     ELC_OK);
    assert_int_equal(elc_measure_create(NULL, true, &m, NULL), ELC_OK);
    assert_int_equal(elc_measure_wkb(m, wkb.data, wkb.size, &wish, &got, NULL, NULL),
                     ELC_OK);
    elc_measure_free(m);
    elc_string_free(&wkb);
    elc_string_free(&text);
    return got.area;
}

static void assert_circle(const char *place) {
    elc_string rows = {0}, out = {0};
    elc_string_printf(&rows, NULL, "1 %s", place);
    joining j = laying(rows.data, NULL, "op=buffer distance=50km");
    j.left.crs = NULL;
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    double area = area_m2(strchr(strchr(out.data, '\n'), ' ') + 1);
    double circle = 3.141592653589793 * 50e3 * 50e3;
    if (!(area > circle * 0.997 && area < circle * 1.0001))
        fail_msg("%s has a buffer of %g m2", place, area);
    elc_string_free(&rows);
    elc_string_free(&out);
}

static void test_overlay_buffers_in_metres_anywhere(void **state) {
    (void)state;
    assert_circle("POINT_(11_48)");
    assert_circle("POINT_(-70_0)");
    assert_circle("POINT_(180_-17)");
    assert_circle("POINT_(-179.9_65)");
    assert_circle("POINT_(0_89.9)");
    assert_circle("POINT_(40_-90)");
}

static void test_overlay_buffers_of_odd_rows_are_null(void **state) {
    (void)state;
    elc_string warnings = {0}, out = {0};
    joining j = laying("1 " BOX "|2 -|3 POLYGON_EMPTY|4 POINT_(nan_1)|5 POINT_(1_1)",
                       NULL, "op=buffer distance=-1");
    j.warnings = &warnings;
    assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
    assert_string_equal(out.data, "id:int64 geometry:geometry\n"
                                  "1 POLYGON_((1_1,_1_3,_3_3,_3_1,_1_1))\n"
                                  "2 -\n"
                                  "3 -\n"
                                  "4 -\n"
                                  "5 -\n");
    assert_string_equal(
        warnings.data,
        "first: geometries taken as NULL, since they cannot be read, have ordinates "
        "that are no finite numbers, or are nowhere in the CRS: 1\n"
        "geometries of which nothing is left (NULL): 2\n");
    elc_string_free(&warnings);
    elc_string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlay_of_each_type_with_each),
        cmocka_unit_test(test_overlay_difference_keeps_what_nothing_covers),
        cmocka_unit_test(test_overlay_symmetric_difference_has_both_rests),
        cmocka_unit_test(test_overlay_union_has_common_and_rests),
        cmocka_unit_test(test_overlay_with_an_empty_table),
        cmocka_unit_test(test_overlay_mends_what_is_not_valid_and_says_so),
        cmocka_unit_test(test_overlay_brings_the_second_table_to_the_first_s_crs),
        cmocka_unit_test(test_overlay_of_degrees_cuts_at_the_antimeridian),
        cmocka_unit_test(test_overlay_names_columns_of_both),
        cmocka_unit_test(test_overlay_refuses_what_cannot_be_meant),
        cmocka_unit_test(test_overlay_names_the_first_bytes_that_are_no_wkb),
        cmocka_unit_test(test_overlay_is_cancelled),
        cmocka_unit_test(test_overlay_makes_each_type_valid),
        cmocka_unit_test(test_overlay_simplifies),
        cmocka_unit_test(test_overlay_dissolves_by_values),
        cmocka_unit_test(test_overlay_buffers_in_metres_anywhere),
        cmocka_unit_test(test_overlay_buffers_of_odd_rows_are_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
