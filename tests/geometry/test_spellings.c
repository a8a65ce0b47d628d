/* test_spellings.c - WKT, GeoJSON, EWKB and hexadecimal digits, line by line of
   spellings.txt, and what is hostile. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef elc_status (*read_text)(const char *, size_t, elc_string *, int32_t *,
                                elc_error *);

static read_text reader_of(const char *text) {
    bool hex =
        text[0] != '\0' && strspn(text, "0123456789ABCDEFabcdef ") == strlen(text);
    return text[0] == '{' ? elc_wkb_from_geojson
           : hex          ? elc_wkb_from_hex
                          : elc_wkb_from_wkt;
}

/* "\\n" and its like, in place. */
static void resolve(char *text) {
    static const char from[] = "ntr\\", to[] = "\n\t\r\\";
    char *out = text;
    for (; *text != '\0'; text++) {
        const char *which = *text == '\\' ? strchr(from, text[1]) : NULL;
        *out++ = which ? to[which - from] : *text;
        text += which != NULL;
    }
    *out = '\0';
}

static void is_written(const char *text, const char *wanted) {
    elc_string wkb = {0}, out = {0};
    elc_error err = {0};
    int32_t srid = -1;
    if (reader_of(text)(text, strlen(text), &wkb, &srid, &err) != ELC_OK)
        fail_msg("%s: %s", text, err.message);
    if (srid != 0)
        elc_string_printf(&out, NULL, "SRID=%d;", srid);
    assert_int_equal(elc_wkb_check(wkb.data, wkb.size, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_wkt(wkb.data, wkb.size, ELC_EXACT, &out, NULL), ELC_OK);
    assert_string_equal(out.data, wanted);
    elc_string_free(&wkb);
    elc_string_free(&out);
}

static void is_refused(const char *text, const char *words) {
    elc_string wkb = {0};
    elc_error err = {0};
    int32_t srid = -1;
    elc_string_append(&wkb, "x", 1, NULL);
    elc_status status = reader_of(text)(text, strlen(text), &wkb, &srid, &err);
    if (strstr(err.message, words) == NULL)
        fail_msg("%s: \"%s\" has no \"%s\"", text, err.message, words);
    bool unsupported = strstr(words, "curves") || strstr(words, "its crs");
    assert_int_equal(status, unsupported ? ELC_E_UNSUPPORTED : ELC_E_FORMAT);
    assert_string_equal(wkb.data, "x");
    assert_int_equal(wkb.size, 1);
    assert_int_equal(srid, -1);
    elc_string_free(&wkb);
}

static int check_line(char *line) {
    char *bar = strstr(line, " | ");
    line[strcspn(line, "\n")] = '\0';
    if (line[0] != ' ' || bar == NULL)
        return 0;
    *bar = '\0';
    resolve(line + 2);
    if (bar[3] == '!')
        is_refused(line + 2, bar + 4);
    else
        is_written(line + 2, bar + 3);
    return 1;
}

static void test_spellings_are_read_and_written_as_the_table_says(void **state) {
    (void)state;
    char line[1000];
    int n = 0;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geometry/spellings.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        n += check_line(line);
    fclose(file);
    assert_true(n > 110);
}

/* ---- writing ----------------------------------------------------------------------
 */

static elc_string wkb_of(const char *wkt) {
    elc_string wkb = {0};
    elc_error err = {0};
    if (elc_wkb_from_wkt(wkt, strlen(wkt), &wkb, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return wkb;
}

static void rounds_to(const char *wkt, int decimals, const char *wanted) {
    elc_string wkb = wkb_of(wkt), out = {0};
    assert_int_equal(elc_wkb_to_wkt(wkb.data, wkb.size, decimals, &out, NULL), ELC_OK);
    assert_string_equal(out.data, wanted);
    elc_string_free(&wkb);
    elc_string_free(&out);
}

static void
test_numbers_are_rounded_to_decimals_without_zeros_at_their_ends(void **state) {
    (void)state;
    rounds_to("POINT (1.23456 -1.5)", 3, "POINT (1.235 -1.5)");
    rounds_to("POINT (0.5 1.5)", 0, "POINT (0 2)");
    rounds_to("POINT (-0.0001 0.0006)", 3, "POINT (0 0.001)");
    rounds_to("POINT (0.1 99.9996)", 3, "POINT (0.1 100)");
    rounds_to("POINT (1e300 1e-300)", 3, "POINT (1e300 0)");
    rounds_to("POINT (0.1 0.30000000000000004)", 99, "POINT (0.1 0.30000000000000004)");
}

static void json_is(const char *wkt, const char *wanted) {
    elc_string wkb = wkb_of(wkt), out = {0};
    elc_error err = {0};
    if (elc_wkb_to_geojson(wkb.data, wkb.size, 7, &out, &err) != ELC_OK)
        assert_non_null(strstr(err.message, wanted));
    else
        assert_string_equal(out.data, wanted);
    elc_string_free(&wkb);
    elc_string_free(&out);
}

static void test_geojson_is_written_as_rfc_7946_says(void **state) {
    (void)state;
    json_is("POINT (1.123456789 2)",
            "{\"type\":\"Point\",\"coordinates\":[1.1234568,2]}");
    json_is("POINT ZM (1 2 3 4)", "{\"type\":\"Point\",\"coordinates\":[1,2,3]}");
    json_is("POINT M (1 2 3)", "{\"type\":\"Point\",\"coordinates\":[1,2]}");
    json_is("POINT EMPTY", "{\"type\":\"Point\",\"coordinates\":[]}");
    json_is("MULTIPOINT (1 2, 3 4)",
            "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}");
    json_is("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), EMPTY)",
            "{\"type\":\"MultiPolygon\",\"coordinates\":"
            "[[[[0,0],[4,0],[4,4],[0,0]]],[]]}");
    json_is(
        "GEOMETRYCOLLECTION (POINT (1 2), GEOMETRYCOLLECTION EMPTY)",
        "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\","
        "\"coordinates\":[1,2]},{\"type\":\"GeometryCollection\",\"geometries\":[]}]}");
    json_is("TIN EMPTY", "TIN: GeoJSON has no such type");
    json_is("LINESTRING (1 2, NaN 3)", "no number for a coordinate that is nan");
    json_is("LINESTRING (1 2, 3 Infinity)", "no number for a coordinate that is inf");
}

static void test_ewkb_and_hexadecimal_digits_are_postgis_own(void **state) {
    (void)state;
    elc_string wkb = wkb_of("POINT Z (1 2 3)"), ewkb = {0}, hex = {0};
    assert_int_equal(elc_wkb_to_ewkb(wkb.data, wkb.size, 4326, &ewkb, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_hex(ewkb.data, ewkb.size, &hex, NULL), ELC_OK);
    assert_string_equal(
        hex.data, "01010000A0E6100000000000000000F03F00000000000000400000000000000840");
    assert_int_equal(elc_wkb_to_ewkb(wkb.data, wkb.size, -1, &ewkb, NULL),
                     ELC_E_ARGUMENT);
    elc_string_free(&wkb);
    elc_string_free(&ewkb);
    elc_string_free(&hex);
}

/* ---- hostile ----------------------------------------------------------------------
 */

/* `head`, then a piece many times. */
static elc_string repeated(const char *head, const char *piece, int times) {
    elc_string text = {0};
    elc_string_printf(&text, NULL, "%s", head);
    for (int i = 0; i < times; i++)
        elc_string_append(&text, piece, strlen(piece), NULL);
    return text;
}

static void is_too_deep(read_text read, const char *piece) {
    elc_string text = repeated("", piece, 100000), wkb = {0};
    elc_error err = {0};
    assert_int_equal(read(text.data, text.size, &wkb, NULL, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "nested deeper than"));
    assert_true(wkb.capacity < 1000);
    elc_string_free(&text);
    elc_string_free(&wkb);
}

static void test_nesting_of_100000_is_refused(void **state) {
    (void)state;
    is_too_deep(elc_wkb_from_wkt, "GEOMETRYCOLLECTION (");
    is_too_deep(elc_wkb_from_geojson,
                "{\"type\":\"GeometryCollection\",\"geometries\":[");
    is_too_deep(elc_wkb_from_geojson, "{\"a\":");
    is_too_deep(elc_wkb_from_hex, "010700000001000000");
    elc_string wkb = {0};
    elc_string text = repeated("{\"type\":\"Polygon\",\"coordinates\":", "[", 100000);
    assert_int_equal(elc_wkb_from_geojson(text.data, text.size, &wkb, NULL, NULL),
                     ELC_E_FORMAT);
    elc_string_free(&text);
    text = repeated("POLYGON ", "(", 100000);
    assert_int_equal(elc_wkb_from_wkt(text.data, text.size, &wkb, NULL, NULL),
                     ELC_E_FORMAT);
    elc_string_free(&text);
    elc_string_free(&wkb);
}

static void test_collections_of_32_in_each_other_are_read(void **state) {
    (void)state;
    elc_string text = repeated("", "GEOMETRYCOLLECTION (", 32), wkb = {0}, out = {0};
    elc_string_printf(&text, NULL, "POINT (1 2)");
    for (int i = 0; i < 32; i++)
        elc_string_printf(&text, NULL, ")");
    assert_int_equal(elc_wkb_from_wkt(text.data, text.size, &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_geojson(wkb.data, wkb.size, 7, &out, NULL), ELC_OK);
    wkb.size = 0;
    assert_int_equal(elc_wkb_from_geojson(out.data, out.size, &wkb, NULL, NULL),
                     ELC_OK);
    out.size = 0;
    assert_int_equal(elc_wkb_to_wkt(wkb.data, wkb.size, 7, &out, NULL), ELC_OK);
    assert_string_equal(out.data, text.data);
    elc_string_free(&text);
    elc_string_free(&wkb);
    elc_string_free(&out);
}

static void test_counts_of_4294967295_ask_for_no_memory(void **state) {
    (void)state;
    static const char *const heads[] = {
        "0102000000FFFFFFFF", "0103000000FFFFFFFF", "010300000001000000FFFFFFFF",
        "0107000000FFFFFFFF", "0106000020E6100000FFFFFFFF"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        elc_string wkb = {0};
        assert_int_equal(elc_wkb_from_hex(heads[i], strlen(heads[i]), &wkb, NULL, NULL),
                         ELC_E_FORMAT);
        assert_int_equal(wkb.capacity, 0);
    }
}

static void test_numbers_of_a_million_digits_are_refused(void **state) {
    (void)state;
    elc_string text = repeated("POINT (0.", "1", 1000000), wkb = {0};
    elc_string_printf(&text, NULL, " 2)");
    assert_int_equal(elc_wkb_from_wkt(text.data, text.size, &wkb, NULL, NULL),
                     ELC_E_FORMAT);
    elc_string_free(&text);
    text = repeated("POINT (0.", "1", 700);
    elc_string_printf(&text, NULL, " 2)");
    assert_int_equal(elc_wkb_from_wkt(text.data, text.size, &wkb, NULL, NULL), ELC_OK);
    elc_string_free(&text);
    elc_string_free(&wkb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_are_read_and_written_as_the_table_says),
        cmocka_unit_test(
            test_numbers_are_rounded_to_decimals_without_zeros_at_their_ends),
        cmocka_unit_test(test_geojson_is_written_as_rfc_7946_says),
        cmocka_unit_test(test_ewkb_and_hexadecimal_digits_are_postgis_own),
        cmocka_unit_test(test_nesting_of_100000_is_refused),
        cmocka_unit_test(test_collections_of_32_in_each_other_are_read),
        cmocka_unit_test(test_counts_of_4294967295_ask_for_no_memory),
        cmocka_unit_test(test_numbers_of_a_million_digits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
