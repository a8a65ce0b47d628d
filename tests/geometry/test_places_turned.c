/* test_places_turned.c - x is within y just where y contains x, across 180 degrees too.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"

enum { PLACES_MOST = 240 };

static const struct {
    const char *name;
    elc_predicate asked, turned;
} PAIRS[] = {
    {"intersects", ELC_INTERSECTS, ELC_INTERSECTS},
    {"within", ELC_WITHIN, ELC_CONTAINS},
    {"contains", ELC_CONTAINS, ELC_WITHIN},
    {"covers", ELC_COVERS, ELC_COVERED_BY},
    {"coveredBy", ELC_COVERED_BY, ELC_COVERS},
    {"touches", ELC_TOUCHES, ELC_TOUCHES},
    {"overlaps", ELC_OVERLAPS, ELC_OVERLAPS},
    {"equals", ELC_EQUALS, ELC_EQUALS},
    {"disjoint", ELC_DISJOINT, ELC_DISJOINT},
};

typedef bool answers[PLACES_MOST][PLACES_MOST];

static elc_string wkb_of(const char *wkt) {
    elc_string wkb = {0};
    elc_error err = {0};
    if (elc_wkb_from_wkt(wkt, strlen(wkt), &wkb, NULL, &err) != ELC_OK)
        fail_msg("%s: %s", wkt, err.message);
    return wkb;
}

static elc_places *index_all(const elc_string *wkb, size_t n) {
    elc_places *places;
    elc_place_state state;
    assert_int_equal(elc_places_create(&places, NULL), ELC_OK);
    elc_places_globe(places);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(
            elc_places_add(places, wkb[i].data, wkb[i].size, NULL, &state, NULL),
            ELC_OK);
    assert_int_equal(elc_places_build(places, 1, NULL), ELC_OK);
    return places;
}

/* All asked of all. */
static void ask(elc_places *places, const elc_string *wkb, size_t n,
                elc_predicate predicate, answers out) {
    elc_asker *asker;
    elc_place_state state;
    const uint32_t *rows;
    size_t found;
    elc_question question = {.predicate = predicate};
    memset(out, 0, sizeof(answers));
    assert_int_equal(elc_asker_create(places, &question, &asker, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(elc_asker_find(asker, wkb[i].data, wkb[i].size, &state, &rows,
                                        &found, NULL),
                         ELC_OK);
        for (size_t k = 0; k < found; k++)
            out[i][rows[k]] = true;
    }
    elc_asker_free(asker);
}

static void all_agree_turned_round(char (*wkt)[400], size_t n) {
    elc_string wkb[PLACES_MOST];
    static answers one, other;
    for (size_t i = 0; i < n; i++)
        wkb[i] = wkb_of(wkt[i]);
    elc_places *places = index_all(wkb, n);
    for (size_t p = 0; p < sizeof PAIRS / sizeof *PAIRS; p++) {
        ask(places, wkb, n, PAIRS[p].asked, one);
        ask(places, wkb, n, PAIRS[p].turned, other);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                if (one[i][k] != other[k][i])
                    fail_msg("%s %s %s is %d, and not so the other way round", wkt[i],
                             PAIRS[p].name, wkt[k], one[i][k]);
    }
    elc_places_free(places);
    for (size_t i = 0; i < n; i++)
        elc_string_free(&wkb[i]);
}

/* ---- places ---------------------------------------------------------------------- */

static const double LONS[] = {-190, -185,    -180, -175, -170, -0.1,
                              170,  175.123, 180,  185,  190,  185.12345678912};

static double a_lon(void) {
    return LONS[random_below(sizeof LONS / sizeof *LONS)];
}

static void random_place(char out[400]) {
    double x = a_lon(), y = random_below(4) - 1, w = 1 + random_below(20),
           h = 1 + random_below(3);
    switch (random_below(7)) {
    case 0:
    case 1:
        snprintf(out, 400, "POINT (%.17g %g)", x, y);
        return;
    case 2:
        snprintf(out, 400, "LINESTRING (%.17g %g, %.17g %g)", x, y, x + w, y + h);
        return;
    case 3:
        snprintf(out, 400, "MULTIPOINT ((%.17g %g), (%.17g %g))", x, y, x + 5, y);
        return;
    case 4:
        snprintf(out, 400, "POLYGON ((%.17g %g, %.17g %g, %.17g %g, %.17g %g))", x, y,
                 x + w, y, x, y + h, x, y);
        return;
    case 5: /* crosses itself */
        snprintf(out, 400,
                 "POLYGON ((%.17g %g, %.17g %g, %.17g %g, %.17g %g, %.17g %g))", x, y,
                 x + w, y + h, x + w, y, x, y + h, x, y);
        return;
    default:
        snprintf(out, 400,
                 "POLYGON ((%.17g %g, %.17g %g, %.17g %g, %.17g %g, %.17g %g))", x, y,
                 x + w, y, x + w, y + h, x, y + h, x, y);
    }
}

static void test_random_places_agree_turned_round(void **state) {
    (void)state;
    static char wkt[PLACES_MOST][400];
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < PLACES_MOST; i++)
            random_place(wkt[i]);
        all_agree_turned_round(wkt, PLACES_MOST);
    }
}

static void test_spellings_of_places_at_180_agree_turned_round(void **state) {
    (void)state;
    static char wkt[][400] = {
        "POINT (180 5)",
        "POINT (-180 5)",
        "POINT (540 5)",
        "POINT (180 0)",
        "POINT Z (-180 5 1)",
        "MULTIPOINT ((180 5))",
        "POLYGON ((170 0, 190 0, 190 9, 170 9, 170 0))",
        "POLYGON ((-190 0, -170 0, -170 9, -190 9, -190 0))",
        "MULTIPOLYGON (((170 0, 180 0, 180 9, 170 9, 170 0)), ((-180 0, -170 0, -170 "
        "9, "
        "-180 9, -180 0)))",
        "POLYGON ((170 0, 180 0, 180 9, 170 9, 170 0))",
        "POLYGON ((-180 0, -170 0, -170 9, -180 9, -180 0))",
        "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
        "LINESTRING (170 5, 180 5)",
        "LINESTRING (170 5, 190 5)",
        "LINESTRING (-180 5, -170 5)",
        "GEOMETRYCOLLECTION (POINT (180 5), LINESTRING (170 5, 180 5))",
    };
    all_agree_turned_round(wkt, sizeof wkt / sizeof *wkt);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_of_places_at_180_agree_turned_round),
        cmocka_unit_test(test_random_places_agree_turned_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
