/* test_zcell.c - cells of the z-order curve: geohashes, parents and neighbours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static elc_zcell at(double lon, double lat, int bits) {
    elc_zcell cell = {0};
    elc_error err = {0};
    if (elc_zcell_at((elc_point){lon, lat}, bits, &cell, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return cell;
}

static elc_zcell parsed(const char *text) {
    elc_zcell cell = {0};
    assert_int_equal(elc_zcell_parse(text, &cell, NULL), ELC_OK);
    return cell;
}

static void is_text(elc_zcell cell, const char *expected) {
    char text[ELC_ZCELL_TEXT];
    elc_zcell_text(cell, text);
    assert_string_equal(text, expected);
}

static void test_zcell_is_the_geohash_of_others(void **state) {
    (void)state;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geo/geohash.txt", "re");
    char line[200], hash[32];
    double lon, lat;
    int n = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lf %lf %31s", &lon, &lat, hash) != 3)
            continue;
        is_text(at(lon, lat, 5 * (int)strlen(hash)), hash);
        assert_true(parsed(hash).code == at(lon, lat, 5 * (int)strlen(hash)).code);
        n++;
    }
    fclose(file);
    assert_int_equal(n, 100);
}

static void test_zcell_has_well_known_geohashes(void **state) {
    (void)state;
    is_text(at(-5.6, 42.6, 25), "ezs42");
    is_text(at(10.40744, 57.64911, 55), "u4pruydqqvj");
    is_text(parsed("EZS42"), "ezs42");
    is_text(at(1, 1, 3), "110"); /* east, north, west of 90 */
    is_text(at(-1, 1, 2), "01");
}

static void test_zcell_bounds_hold_the_place(void **state) {
    (void)state;
    for (int bits = 1; bits <= ELC_ZCELL_BITS; bits++)
        for (int i = 0; i <= 40; i++) {
            elc_point low, high, p = {-180 + 9 * i, -90 + 4.5 * i};
            elc_zcell_bounds(at(p.x, p.y, bits), &low, &high);
            assert_true(low.x <= p.x && (p.x < high.x || p.x == 180));
            assert_true(low.y <= p.y && (p.y < high.y || p.y == 90));
            assert_true(at(low.x, low.y, bits).code == at(p.x, p.y, bits).code);
        }
}

static void test_zcell_edge_belongs_to_the_east_and_north(void **state) {
    (void)state;
    for (int bits = 2; bits <= ELC_ZCELL_BITS; bits++) {
        elc_point low, high;
        elc_zcell cell = at(10.1, 50.1, bits);
        elc_zcell_bounds(cell, &low, &high);
        assert_true(at(low.x, low.y, bits).code == cell.code);
        assert_true(at(nextafter(low.x, -200), low.y, bits).code != cell.code);
        assert_true(at(low.x, nextafter(low.y, -200), bits).code != cell.code);
    }
}

static void test_zcell_parent_is_the_cell_of_fewer_bits(void **state) {
    (void)state;
    elc_zcell cell = at(13.4, 52.5, 60), parent = {0};
    for (int bits = 1; bits <= 60; bits++) {
        assert_int_equal(elc_zcell_parent(cell, bits, &parent, NULL), ELC_OK);
        assert_true(parent.code == at(13.4, 52.5, bits).code && parent.bits == bits);
    }
    assert_int_equal(elc_zcell_parent(at(0, 0, 5), 6, &parent, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_parent(at(0, 0, 5), 0, &parent, NULL), ELC_E_ARGUMENT);
}

static void has_neighbours(const char *hash, const char *expected) {
    elc_zcell cells[8];
    size_t n = elc_zcell_neighbours(parsed(hash), cells);
    elc_string text = {0};
    for (size_t i = 0; i < n; i++) {
        char one[ELC_ZCELL_TEXT];
        elc_zcell_text(cells[i], one);
        elc_string_printf(&text, NULL, "%s%s", i > 0 ? " " : "", one);
    }
    assert_string_equal(text.data, expected);
    elc_string_free(&text);
}

static void test_zcell_neighbours_go_round_the_world_but_not_over_poles(void **state) {
    (void)state;
    /* By pygeohash, of the middles moved by a cell. */
    has_neighbours("ezs42", "ezefx ezs48 ezs49 ezefr ezs43 ezefp ezs40 ezs41");
    has_neighbours("8", "z b c x 9 r 2 3");
    has_neighbours("b", "z c x 8 9");
    has_neighbours("2", "x 8 9 r 3 p 0 1");
    has_neighbours("zzzz", "zzzx bpbp zzzw zzzy bpbn");
    has_neighbours("u4pruydqqvj", "u4pruydqqvk u4pruydqqvm u4pruydqqvq u4pruydqqvh "
                                  "u4pruydqqvn u4pruydqquu u4pruydqquv u4pruydqquy");
    elc_zcell cells[8];
    assert_int_equal(elc_zcell_neighbours(at(1, 1, 1), cells), 1);
    assert_int_equal(elc_zcell_neighbours(at(1, 1, 2), cells), 3);
    assert_int_equal(elc_zcell_neighbours(at(1, 1, 60), cells), 8);
}

static void test_zcell_refuses_what_is_no_cell(void **state) {
    (void)state;
    static const elc_point nowhere[] = {
        {180.0001, 0}, {0, -90.0001}, {NAN, 0}, {0, NAN}, {INFINITY, 0}};
    elc_zcell cell = {7, 7};
    for (int i = 0; i < 5; i++)
        assert_int_equal(elc_zcell_at(nowhere[i], 30, &cell, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_at((elc_point){0, 0}, 0, &cell, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_at((elc_point){0, 0}, 61, &cell, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_parse("", &cell, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_parse("ezsa2", &cell, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_zcell_parse("0123456789bcd", &cell, NULL), ELC_E_ARGUMENT);
    assert_true(cell.code == 7 && cell.bits == 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zcell_is_the_geohash_of_others),
        cmocka_unit_test(test_zcell_has_well_known_geohashes),
        cmocka_unit_test(test_zcell_bounds_hold_the_place),
        cmocka_unit_test(test_zcell_edge_belongs_to_the_east_and_north),
        cmocka_unit_test(test_zcell_parent_is_the_cell_of_fewer_bits),
        cmocka_unit_test(test_zcell_neighbours_go_round_the_world_but_not_over_poles),
        cmocka_unit_test(test_zcell_refuses_what_is_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
