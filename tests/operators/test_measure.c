/* test_measure.c - measure on tables in memory: every option and type, known sizes on
   the ellipsoid, odd rows, parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static joining measuring(const char *crs, const char *rows, const char *options) {
    return (joining){.left = {"id:int64 geometry:geometry", rows, crs, 0},
                     .op = "measure",
                     .options = options,
                     .wkt = true};
}

static void gives(const char *crs, const char *rows, const char *options,
                  const char *expected) {
    joining_gives(measuring(crs, rows, options), expected);
}

/* What one geometry gives in its last columns, as numbers. */
static void sizes_of(const char *crs, const char *wkt, double out[3]) {
    elc_string rows = {0}, text = {0};
    elc_error err = {0};
    elc_string_printf(&rows, NULL, "1 %s", wkt);
    joining j = measuring(crs, rows.data, "area=yes length=yes perimeter=yes");
    if (joining_rows(&j, &text, &err) != ELC_OK)
        fail_msg("%s: %s", wkt, err.message);
    const char *line = strchr(text.data, '\n') + 1;
    const char *last = strrchr(line, ' ');
    for (int i = 2; i >= 0; i--) {
        out[i] = strtod(last + 1, NULL);
        while (i > 0 && *--last != ' ')
            continue;
    }
    elc_string_free(&rows);
    elc_string_free(&text);
}

/* ---- on the ellipsoid ------------------------------------------------------------ */

static void check_line(char *line) {
    char *field[5], *at = line;
    double got[3];
    for (int i = 0; i < 5; i++) {
        field[i] = at;
        at = strstr(at, "; ");
        assert_true(at != NULL || i == 4);
        if (at != NULL) {
            *at = '\0';
            at += 2;
        }
    }
    for (char *c = field[1]; *c != '\0'; c++)
        *c = *c == ' ' ? '_' : *c;
    if (strlen(field[1]) >= 1000)
        return;
    sizes_of(strcmp(field[0], "OGC:CRS84") == 0 ? NULL : field[0], field[1], got);
    for (int i = 0; i < 3; i++) {
        double wanted = strtod(field[2 + i], NULL), least = i == 0 ? 1e-3 : 1e-8;
        if (!(fabs(got[i] - wanted) <= fmax(least, fabs(wanted) * 1e-9)))
            fail_msg("%s has %.17g, and GeographicLib %.17g", field[1], got[i], wanted);
    }
}

/* Among them the antimeridian, both poles, holes, Z, and five CRSs. */
static void test_measure_has_geographiclib_s_sizes(void **state) {
    (void)state;
    static char line[65536];
    int n = 0;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geometry/measure.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        check_line(line);
        n++;
    }
    fclose(file);
    assert_true(n > 30);
}

static void test_measure_of_the_ellipsoid_knows_no_turn_of_rings(void **state) {
    (void)state;
    double a[3], b[3];
    sizes_of(NULL, "POLYGON_((10_40,_11_40,_11_41,_10_40))", a);
    sizes_of(NULL, "POLYGON_((10_40,_11_41,_11_40,_10_40))", b);
    assert_true(a[0] > 4e9 && a[0] == b[0] && a[2] == b[2]);
}

/* ---- in the plane -----------------------------------------------------------------
 */

static void test_measure_of_each_type_in_the_plane(void **state) {
    (void)state;
    gives(
        "",
        "1 POINT_(3_4)|2 MULTIPOINT_((1_1),_(2_2))|3 LINESTRING_(0_0,_3_4,_3_9)|"
        "4 MULTILINESTRING_((0_0,_3_4),_(5_5,_5_9))|"
        "5 POLYGON_((0_0,_9_0,_9_9,_0_9,_0_0),_(2_2,_2_4,_4_4,_4_2,_2_2))|"
        "6 MULTIPOLYGON_(((0_0,_2_0,_2_2,_0_2,_0_0)),_((5_5,_8_5,_8_9,_5_5)))|"
        "7 GEOMETRYCOLLECTION_(POINT_(1_1),_LINESTRING_(0_0,_3_4),_"
        "POLYGON_((0_0,_2_0,_2_2,_0_2,_0_0)))|8 POLYGON_Z_((0_0_7,_4_0_8,_4_4_9,_0_0_"
        "7))|9 POLYGON_EMPTY|10 POINT_EMPTY|11 GEOMETRYCOLLECTION_EMPTY|12 -",
        "planar=yes area=yes length=yes perimeter=yes",
        "id:int64 geometry:geometry area:float64 length:float64 perimeter:float64\n"
        "1 POINT_(3_4) 0 0 0\n"
        "2 MULTIPOINT_((1_1),_(2_2)) 0 0 0\n"
        "3 LINESTRING_(0_0,_3_4,_3_9) 0 10 0\n"
        "4 MULTILINESTRING_((0_0,_3_4),_(5_5,_5_9)) 0 9 0\n"
        "5 POLYGON_((0_0,_9_0,_9_9,_0_9,_0_0),_(2_2,_2_4,_4_4,_4_2,_2_2)) 77 0 44\n"
        "6 MULTIPOLYGON_(((0_0,_2_0,_2_2,_0_2,_0_0)),_((5_5,_8_5,_8_9,_5_5))) 10 0 20\n"
        "7 GEOMETRYCOLLECTION_(POINT_(1_1),_LINESTRING_(0_0,_3_4),_POLYGON_((0_0,_2_0,_"
        "2_2,_0_2,_0_0))) 4 5 8\n"
        "8 POLYGON_Z_((0_0_7,_4_0_8,_4_4_9,_0_0_7)) 8 0 13.65685424949238\n"
        "9 POLYGON_EMPTY 0 0 0\n"
        "10 POINT_EMPTY 0 0 0\n"
        "11 GEOMETRYCOLLECTION_EMPTY 0 0 0\n"
        "12 - - - -\n");
}

static void test_measure_of_places(void **state) {
    (void)state;
    gives(
        NULL,
        "1 POINT_(3_4)|2 LINESTRING_(0_0,_4_0,_4_4)|3 POLYGON_((0_0,_6_0,_6_6,_0_6,_"
        "0_0),_(0_0,_3_0,_3_3,_0_3,_0_0))|4 POLYGON_EMPTY|5 -|"
        "6 POLYGON_((179_0,_-179_0,_-179_1,_179_1,_179_0))",
        "centroid=yes bounds=yes",
        "id:int64 geometry:geometry centroid_x:float64 centroid_y:float64 xmin:float64 "
        "ymin:float64 xmax:float64 ymax:float64\n"
        "1 POINT_(3_4) 3 4 3 4 3 4\n"
        "2 LINESTRING_(0_0,_4_0,_4_4) 3 1 0 0 4 4\n"
        "3 POLYGON_((0_0,_6_0,_6_6,_0_6,_0_0),_(0_0,_3_0,_3_3,_0_3,_0_0)) 3.5 3.5 0 0 "
        "6 6\n"
        "4 POLYGON_EMPTY - - - - - -\n"
        "5 - - - - - - -\n"
        "6 POLYGON_((179_0,_-179_0,_-179_1,_179_1,_179_0)) 0 0.5 -179 0 179 1\n");
}

static void test_measure_says_why_what_is_not_valid(void **state) {
    (void)state;
    gives(
        "EPSG:32633",
        "1 POLYGON_((0_0,_2_2,_2_0,_0_2,_0_0))|2 POLYGON_((0_0,_2_0,_2_2,_0_0))|"
        "3 POLYGON_((0_0,_9_0,_9_9,_0_9,_0_0),_(20_20,_21_20,_21_21,_20_20))|"
        "4 LINESTRING_(1_1,_1_1)|5 POLYGON_EMPTY|6 -|7 POINT_(nan_nan)|"
        "8 MULTIPOLYGON_(((0_0,_4_0,_4_4,_0_4,_0_0)),_((1_1,_2_1,_2_2,_1_1)))|"
        "9 POLYGON_((0_0,_1_0,_1_1))|10 POLYGON_((0_0,_1_0,_1_inf,_0_0))",
        "valid=yes",
        "id:int64 geometry:geometry valid:bool invalid_reason:utf8\n"
        "1 POLYGON_((0_0,_2_2,_2_0,_0_2,_0_0)) 0 Self-intersection at 1 1\n"
        "2 POLYGON_((0_0,_2_0,_2_2,_0_0)) 1 -\n"
        "3 POLYGON_((0_0,_9_0,_9_9,_0_9,_0_0),_(20_20,_21_20,_21_21,_20_20)) 0 Hole "
        "lies outside shell at 20 20\n"
        "4 LINESTRING_(1_1,_1_1) 0 Too few points in geometry component at 1 1\n"
        "5 POLYGON_EMPTY 1 -\n"
        "6 - - -\n"
        "7 POINT_EMPTY 1 -\n"
        "8 MULTIPOLYGON_(((0_0,_4_0,_4_4,_0_4,_0_0)),_((1_1,_2_1,_2_2,_1_1))) 0 Nested "
        "shells at 1 1\n"
        "9 POLYGON_((0_0,_1_0,_1_1)) - IllegalArgumentException: Points of LinearRing "
        "do not form a closed linestring\n"
        "10 POLYGON_((0_0,_1_0,_1_Infinity,_0_0)) 0 Invalid Coordinate at 1 inf\n");
}

/* ---- another geometry -------------------------------------------------------------
 */

#define TYPES                                                                          \
    "1 POINT_(3_4)|2 MULTIPOINT_((0_0),_(4_0),_(2_6),_(2_1))|"                         \
    "3 LINESTRING_(0_0,_4_0,_4_4)|4 POLYGON_((0_0,_6_0,_1_1,_0_6,_0_0))|"              \
    "5 POLYGON_EMPTY|6 -"

static void test_measure_puts_the_centroid_in_place_of_the_geometry(void **state) {
    (void)state;
    gives("EPSG:32633", TYPES, "geometry=centroid",
          "id:int64 geometry:geometry\n"
          "1 POINT_(3_4)\n2 POINT_(2_1.75)\n3 POINT_(3_1)\n"
          "4 POINT_(1.333333_1.333333)\n5 POINT_EMPTY\n6 -\n");
}

static void test_measure_puts_the_hull_in_place_of_the_geometry(void **state) {
    (void)state;
    gives(NULL, TYPES, "geometry=hull planar=yes area=yes",
          "id:int64 geometry:geometry area:float64\n1 POINT_(3_4) 0\n"
          "2 POLYGON_((0_0,_2_6,_4_0,_0_0)) 0\n3 POLYGON_((0_0,_4_4,_4_0,_0_0)) 0\n"
          "4 POLYGON_((0_0,_0_6,_6_0,_0_0)) 6\n5 GEOMETRYCOLLECTION_EMPTY 0\n6 - -\n");
}

static void test_measure_puts_the_envelope_in_place_of_the_geometry(void **state) {
    (void)state;
    gives(
        "", TYPES, "geometry=envelope",
        "id:int64 geometry:geometry\n1 POINT_(3_4)\n"
        "2 POLYGON_((0_0,_4_0,_4_6,_0_6,_0_0))\n3 POLYGON_((0_0,_4_0,_4_4,_0_4,_0_0))\n"
        "4 POLYGON_((0_0,_6_0,_6_6,_0_6,_0_0))\n5 POINT_EMPTY\n6 -\n");
}

/* ---- tables -----------------------------------------------------------------------
 */

static void test_measure_gives_the_usual_without_options(void **state) {
    (void)state;
    joining j = measuring("EPSG:3857", "1 POINT_(0_0)", NULL);
    joining_gives(j, "id:int64 geometry:geometry area_m2:float64 length_m:float64 "
                     "perimeter_m:float64 valid:bool invalid_reason:utf8\n"
                     "1 POINT_(0_0) 0 0 0 1 -\n");
    j.options = "planar=yes";
    joining_gives(j, "id:int64 geometry:geometry area:float64 length:float64 "
                     "perimeter:float64 valid:bool invalid_reason:utf8\n"
                     "1 POINT_(0_0) 0 0 0 1 -\n");
}

static void test_measure_takes_the_first_geometry_and_keeps_all_columns(void **state) {
    (void)state;
    joining j = {.left = {"area:utf8 _hidden:int64 a:geometry b:geometry Area_measured:"
                          "float64",
                          "x 1 LINESTRING_(0_0,_3_4) POINT_(1_1) 5", "", 0},
                 .op = "measure",
                 .options = "planar=yes length=yes area=yes",
                 .wkt = true};
    joining_gives(j, "area:utf8 a:geometry b:geometry Area_measured:float64 "
                     "area_measured_measured:float64 length:float64\n"
                     "x LINESTRING_(0_0,_3_4) POINT_(1_1) 5 0 5\n");
}

static void test_measure_refuses_what_has_no_size_there(void **state) {
    (void)state;
    joining_refuses(measuring("", "1 POINT_(0_0)", "area=yes"), ELC_E_ARGUMENT,
                    "table: the geometry states no CRS, so that its place on the "
                    "ellipsoid is not known; give it one (elcano project --from), or "
                    "measure in its own units (--planar)");
    joining j = {.left = {"id:int64", "1", NULL, 0}, .op = "measure"};
    joining_refuses(j, ELC_E_NOT_FOUND,
                    "table: no column has geometries, and none are lon and lat; a CSV "
                    "has geometries as WKT, in a "
                    "column called geometry");
}

/* No size is asked, so that no CRS is needed. */
static void test_measure_of_places_needs_no_crs(void **state) {
    (void)state;
    gives("", "1 POINT_(7_8)", "centroid=yes valid=yes",
          "id:int64 geometry:geometry centroid_x:float64 centroid_y:float64 valid:bool "
          "invalid_reason:utf8\n1 POINT_(7_8) 7 8 1 -\n");
}

static void test_measure_refuses_bytes_that_are_no_wkb(void **state) {
    (void)state;
    elc_string out = {0};
    elc_error err = {0};
    joining j = measuring(NULL, "1 POINT_(0_0)|2 nonsense", NULL);
    assert_int_equal(joining_rows(&j, &out, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "table: WKB of 8 bytes"));
    elc_string_free(&out);
}

/* Once a run, though each row is a part of its own. */
static void test_measure_warns_once_of_what_has_no_measures(void **state) {
    (void)state;
    for (int threads = 1; threads <= 4; threads += 3) {
        elc_string warnings = {0}, out = {0};
        joining j = measuring(
            "EPSG:32633",
            "1 POLYGON_((0_0,_1_0,_1_inf,_0_0))|2 POLYGON_((0_0,_1_0,_1_inf,_0_0))|"
            "3 LINESTRING_(0_0,_1e30_1)|4 LINESTRING_(0_0,_1e30_1)|5 POINT_(0_0)",
            "area=yes");
        j.left.batch = 1;
        j.threads = threads;
        j.warnings = &warnings;
        assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
        size_t lines = 0;
        for (const char *c = warnings.data; (c = strchr(c, '\n')) != NULL; c++)
            lines++;
        assert_int_equal(lines, 2);
        assert_non_null(strstr(warnings.data, "no finite numbers"));
        assert_non_null(strstr(warnings.data, "beyond where its CRS is"));
        elc_string_free(&warnings);
        elc_string_free(&out);
    }
}

static void test_measure_is_cancelled(void **state) {
    (void)state;
    static const volatile int stop = 1;
    elc_string out = {0};
    elc_error err = {0};
    joining j = measuring(NULL, "1 POINT_(0_0)", NULL);
    j.cancel = &stop;
    assert_int_equal(joining_rows(&j, &out, &err), ELC_E_CANCELLED);
    elc_string_free(&out);
}

/* ---- parts ------------------------------------------------------------------------
 */

/* Each batch of the driving table is a part. */
static void test_measure_gives_the_same_for_any_parts_and_threads(void **state) {
    (void)state;
    elc_string rows = {0}, first = {0};
    unsigned seed = 7;
    for (int i = 0; i < 200; i++) {
        double x = rand_r(&seed) % 360 - 180, y = rand_r(&seed) % 160 - 80;
        elc_string_printf(&rows, NULL, "%s%d ", i > 0 ? "|" : "", i);
        if (i % 11 == 0)
            elc_string_printf(&rows, NULL, "-");
        else
            elc_string_printf(
                &rows, NULL, "POLYGON_((%g_%g,_%g_%g,_%g_%g,_%g_%g,_%g_%g))", x, y,
                x + 3.25, y, x + 4, y + 5, x + (i % 5 ? -1 : 5), y + 7, x, y);
    }
    static const size_t parts[] = {0, 1, 7, 64};
    for (size_t p = 0; p < 4; p++)
        for (int threads = 1; threads <= 8; threads *= 2) {
            elc_string out = {0};
            joining j = measuring(NULL, rows.data,
                                  "area=yes length=yes perimeter=yes centroid=yes "
                                  "bounds=yes valid=yes geometry=hull");
            j.left.batch = parts[p];
            j.threads = threads;
            assert_int_equal(joining_rows(&j, &out, NULL), ELC_OK);
            if (first.data == NULL)
                first = out;
            else
                assert_string_equal(out.data, first.data);
            if (out.data != first.data)
                elc_string_free(&out);
        }
    elc_string_free(&first);
    elc_string_free(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure_has_geographiclib_s_sizes),
        cmocka_unit_test(test_measure_of_the_ellipsoid_knows_no_turn_of_rings),
        cmocka_unit_test(test_measure_of_each_type_in_the_plane),
        cmocka_unit_test(test_measure_of_places),
        cmocka_unit_test(test_measure_says_why_what_is_not_valid),
        cmocka_unit_test(test_measure_puts_the_centroid_in_place_of_the_geometry),
        cmocka_unit_test(test_measure_puts_the_hull_in_place_of_the_geometry),
        cmocka_unit_test(test_measure_puts_the_envelope_in_place_of_the_geometry),
        cmocka_unit_test(test_measure_gives_the_usual_without_options),
        cmocka_unit_test(test_measure_takes_the_first_geometry_and_keeps_all_columns),
        cmocka_unit_test(test_measure_refuses_what_has_no_size_there),
        cmocka_unit_test(test_measure_of_places_needs_no_crs),
        cmocka_unit_test(test_measure_refuses_bytes_that_are_no_wkb),
        cmocka_unit_test(test_measure_warns_once_of_what_has_no_measures),
        cmocka_unit_test(test_measure_is_cancelled),
        cmocka_unit_test(test_measure_gives_the_same_for_any_parts_and_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
