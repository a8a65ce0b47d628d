/* test_quad.c - tiles of the web map: quadkeys, parents and neighbours. */
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

static elc_quad at(double lon, double lat, int zoom) {
    elc_quad quad = {0};
    elc_error err = {0};
    if (elc_quad_at((elc_point){lon, lat}, zoom, &quad, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return quad;
}

static void is_quad(elc_quad quad, int zoom, int x, int y, const char *key) {
    char text[ELC_QUAD_TEXT];
    elc_quad back = {0};
    assert_int_equal(quad.zoom, zoom);
    assert_int_equal(quad.x, x);
    assert_int_equal(quad.y, y);
    elc_quad_text(quad, text);
    assert_string_equal(text, key);
    assert_int_equal(elc_quad_parse(key, &back, NULL), ELC_OK);
    assert_memory_equal(&back, &quad, sizeof quad);
}

static void is_as_in_line(const char *line) {
    double lon, lat;
    int zoom, x, y;
    char key[40];
    elc_point low, high, sw, ne;
    assert_int_equal(sscanf(line, "%lf %lf %d %d %d %39s %lf %lf %lf %lf", &lon, &lat,
                            &zoom, &x, &y, key, &sw.x, &sw.y, &ne.x, &ne.y),
                     10);
    is_quad(at(lon, lat, zoom), zoom, x, y, key);
    elc_quad_bounds(at(lon, lat, zoom), &low, &high);
    assert_true(fabs(low.x - sw.x) < 1e-12 && fabs(low.y - sw.y) < 1e-12);
    assert_true(fabs(high.x - ne.x) < 1e-12 && fabs(high.y - ne.y) < 1e-12);
}

static void test_quad_is_the_tile_of_others(void **state) {
    (void)state;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geo/quadkey.txt", "re");
    char line[400];
    int n = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (line[0] != '#')
            is_as_in_line(line), n++;
    fclose(file);
    assert_int_equal(n, 100);
}

static void test_quad_has_the_well_known_quadkey(void **state) {
    (void)state;
    /* Microsoft's "Bing Maps Tile System". */
    elc_quad quad = {0};
    assert_int_equal(elc_quad_parse("213", &quad, NULL), ELC_OK);
    is_quad(quad, 3, 3, 5, "213");
    is_quad(at(0, 0, 0), 0, 0, 0, "");
    is_quad(at(180, 85.0511, 1), 1, 1, 0, "1");
    is_quad(at(-180, -85.0511, 1), 1, 0, 1, "2");
    is_quad(at(180, -85.05112877980659, 30), 30, 1073741823, 1073741823,
            "333333333333333333333333333333");
}

static void test_quad_parent_drops_a_digit(void **state) {
    (void)state;
    elc_quad quad = at(13.4, 52.5, 30);
    for (int zoom = 29; zoom >= 0; zoom--) {
        elc_quad expected = at(13.4, 52.5, zoom);
        assert_int_equal(elc_quad_parent(quad, &quad, NULL), ELC_OK);
        assert_memory_equal(&quad, &expected, sizeof quad);
    }
    assert_int_equal(elc_quad_parent(quad, &quad, NULL), ELC_E_ARGUMENT);
}

static void test_quad_neighbours_go_round_the_world_but_not_off_the_map(void **state) {
    (void)state;
    elc_quad out[8];
    assert_int_equal(elc_quad_neighbours((elc_quad){5, 7, 9}, out), 8);
    assert_true(out[0].x == 6 && out[0].y == 8 && out[7].x == 8 && out[7].y == 10);
    assert_int_equal(elc_quad_neighbours((elc_quad){5, 0, 0}, out), 5);
    assert_true(out[0].x == 31 && out[0].y == 0 && out[0].zoom == 5);
    assert_int_equal(elc_quad_neighbours((elc_quad){1, 0, 0}, out), 3);
    assert_int_equal(elc_quad_neighbours((elc_quad){0, 0, 0}, out), 0);
    assert_int_equal(elc_quad_neighbours((elc_quad){30, 1073741823, 1073741823}, out),
                     5);
}

static void test_quad_refuses_what_is_no_tile(void **state) {
    (void)state;
    static const elc_point nowhere[] = {
        {180.0001, 0}, {0, 85.0512}, {0, -85.0512}, {NAN, 0}, {0, NAN}};
    elc_quad quad = {7, 7, 7};
    for (int i = 0; i < 5; i++)
        assert_int_equal(elc_quad_at(nowhere[i], 3, &quad, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_quad_at((elc_point){0, 0}, -1, &quad, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_quad_at((elc_point){0, 0}, 31, &quad, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_quad_parse("0124", &quad, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_quad_parse("0000000000000000000000000000000", &quad, NULL),
                     ELC_E_ARGUMENT);
    assert_int_equal(quad.x, 7);
}

static void test_quad_codes_are_quadkeys_as_numbers(void **state) {
    (void)state;
    elc_quad quad;
    assert_int_equal(elc_quad_parse("0231", &quad, NULL), ELC_OK);
    assert_int_equal(elc_quad_code(quad), 45); /* 0231 to base four */
    srand48(9);
    for (int i = 0; i < 10000; i++) {
        elc_quad wide = {30, (int32_t)(drand48() * 1073741824),
                         (int32_t)(drand48() * 1073741824)};
        elc_quad back = elc_quad_of_code(30, elc_quad_code(wide));
        assert_true(back.zoom == 30 && back.x == wide.x && back.y == wide.y);
    }
}

static void test_quad_codes_in_bulk_are_those_of_single_places(void **state) {
    (void)state;
    enum { N = 1000 };
    elc_point points[N];
    int64_t codes[N];
    srand48(10);
    for (int zoom = 0; zoom <= 24; zoom++) {
        for (int i = 0; i < N; i++)
            points[i] = (elc_point){drand48() * 360 - 180, drand48() * 170 - 85};
        assert_int_equal(elc_quad_codes(points, N, zoom, codes, NULL), ELC_OK);
        for (int i = 0; i < N; i++) {
            elc_quad quad;
            assert_int_equal(elc_quad_at(points[i], zoom, &quad, NULL), ELC_OK);
            assert_int_equal(codes[i], elc_quad_code(quad));
        }
    }
}

static void test_quad_codes_know_the_edges_of_the_map(void **state) {
    (void)state;
    const elc_point points[] = {{-180, 85.0511}, {180, -85.0511}, {0, 85.06},
                                {NAN, 0},        {0, NAN},        {INFINITY, 0}};
    int64_t codes[6];
    assert_int_equal(elc_quad_codes(points, 6, 1, codes, NULL), ELC_OK);
    const int64_t expected[6] = {0, 3, -1, -1, -1, -1};
    for (int i = 0; i < 6; i++)
        assert_int_equal(codes[i], expected[i]);
    assert_int_equal(elc_quad_codes(points, 6, 31, codes, NULL), ELC_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quad_is_the_tile_of_others),
        cmocka_unit_test(test_quad_has_the_well_known_quadkey),
        cmocka_unit_test(test_quad_parent_drops_a_digit),
        cmocka_unit_test(test_quad_neighbours_go_round_the_world_but_not_off_the_map),
        cmocka_unit_test(test_quad_refuses_what_is_no_tile),
        cmocka_unit_test(test_quad_codes_are_quadkeys_as_numbers),
        cmocka_unit_test(test_quad_codes_in_bulk_are_those_of_single_places),
        cmocka_unit_test(test_quad_codes_know_the_edges_of_the_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
