/* test_utm_internal.c - UTM in bulk against GeographicLib and PROJ, and bit by bit. */
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

#include "geo/mercator.h"
#include <proj.h>

#define METRES_PER_DEGREE 111319.490793273573
#define GRS80_F           (1 / 298.257222101)

enum { ZONES = 60, MANY = 4096 };

/* Metres between two places in degrees that are next to each other. */
static double apart_m(elc_point a, elc_point b) {
    double x = remainder(a.x - b.x, 360) * cos(a.y * 0.017453292519943295);
    return hypot(x, a.y - b.y) * METRES_PER_DEGREE;
}

/* xorshift64* (Vigna 2016): within low and high. */
static double any(uint64_t *seed, double low, double high) {
    *seed ^= *seed >> 12, *seed ^= *seed << 25, *seed ^= *seed >> 27;
    uint64_t bits = *seed * UINT64_C(2685821657736338717);
    return low + (high - low) * (double)(bits >> 11) / 9007199254740992.0;
}

/* Eastings of 0 to 1,000 km, northings to 84 degrees. */
static void any_grid(elc_point *points, size_t n, bool south, uint64_t seed) {
    for (size_t i = 0; i < n; i++)
        points[i] = (elc_point){any(&seed, 0, 1e6), any(&seed, 0, 9328000)};
    for (size_t i = 0; i < n && south; i++)
        points[i].y = 1e7 - points[i].y;
}

/* ---- GeographicLib, PROJ ----------------------------------------------------------
 */

static void is_as_in_line(const char *line) {
    int zone, south;
    elc_point place, grid;
    assert_int_equal(sscanf(line, "%d %d %lf %lf %lf %lf", &zone, &south, &place.x,
                            &place.y, &grid.x, &grid.y),
                     6);
    elc_point there = place, back = grid;
    assert_int_equal(elc_utm_from_lonlat(zone, south, &there, 1), 0);
    assert_int_equal(elc_utm_to_lonlat(zone, south, &back, 1), 0);
    if (!(hypot(there.x - grid.x, there.y - grid.y) < 10e-9))
        fail_msg("%s is %.10f %.10f", line, there.x, there.y);
    if (!(apart_m(back, place) < 10e-9))
        fail_msg("%s comes back as %.15g %.15g", line, back.x, back.y);
}

static void test_utm_is_within_10_nm_of_geographiclib(void **state) {
    (void)state;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geo/utm.txt", "re");
    char line[256];
    int n = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (line[0] >= '0' && line[0] <= '9')
            is_as_in_line(line), n++;
    fclose(file);
    assert_int_equal(n, 240);
}

static PJ *proj_utm(PJ_CONTEXT *context, int zone, bool south) {
    char text[200];
    snprintf(text, sizeof text,
             "+proj=pipeline +step +inv +proj=utm +zone=%d %s +ellps=WGS84 +step "
             "+proj=unitconvert +xy_in=rad +xy_out=deg",
             zone, south ? "+south" : "");
    PJ *pj = proj_create(context, text);
    assert_non_null(pj);
    return pj;
}

static void is_near_projs(PJ *pj, const elc_point *grid, const elc_point *place) {
    for (int i = 0; i < MANY; i++) {
        PJ_COORD at = proj_coord(grid[i].x, grid[i].y, 0, 0);
        PJ_COORD to = proj_trans(pj, PJ_FWD, at);
        if (!(apart_m((elc_point){to.xy.x, to.xy.y}, place[i]) < 10e-9))
            fail_msg("%.9f %.9f: %.15g %.15g", grid[i].x, grid[i].y, place[i].x,
                     place[i].y);
    }
}

static void test_utm_is_within_10_nm_of_proj_in_every_zone(void **state) {
    (void)state;
    static elc_point grid[MANY], place[MANY];
    PJ_CONTEXT *context = proj_context_create();
    for (int i = 0; i < 2 * ZONES; i++) {
        int zone = i / 2 + 1;
        bool south = i % 2;
        any_grid(grid, MANY, south, (uint64_t)i + 1);
        memcpy(place, grid, sizeof grid);
        assert_int_equal(elc_utm_to_lonlat(zone, south, place, MANY), 0);
        PJ *pj = proj_utm(context, zone, south);
        is_near_projs(pj, grid, place);
        proj_destroy(pj);
    }
    proj_context_destroy(context);
}

static void test_utm_there_and_back_is_within_5_nm(void **state) {
    (void)state;
    static elc_point grid[MANY], back[MANY];
    for (int i = 0; i < 20 * ZONES; i++) {
        int zone = i % ZONES + 1;
        bool south = i / ZONES % 2;
        any_grid(grid, MANY, south, (uint64_t)i + 1000);
        memcpy(back, grid, sizeof grid);
        assert_int_equal(elc_utm_to_lonlat(zone, south, back, MANY), 0);
        for (int k = 0; k < MANY; k++)
            assert_true(back[k].x >= -180 && back[k].x <= 180);
        assert_int_equal(elc_utm_from_lonlat(zone, south, back, MANY), 0);
        for (int k = 0; k < MANY; k++)
            if (!(hypot(back[k].x - grid[k].x, back[k].y - grid[k].y) < 5e-9))
                fail_msg("zone %d: %.9f %.9f", zone, grid[k].x, grid[k].y);
    }
}

/* ---- PROJ's acceptance values -----------------------------------------------------
 */

typedef struct {
    elc_tm tm;
    bool known, back;
    double tolerance; /* metres */
    elc_point at;
    int n;
} gie;

/* "+proj=etmerc   +ellps=GRS80", "+proj=utm +zone=32"; what must fail is no case here.
 */
static void gie_operation(gie *g, const char *text) {
    const char *zone = strstr(text, "+zone=");
    g->back = false;
    g->known = strstr(text, "+a=") == NULL && strstr(text, "ooops") == NULL;
    if (zone)
        elc_tm_create(&g->tm, 6378137, GRS80_F, atoi(zone + 6) * 6 - 183, 0.9996,
                      500000, 0);
    else
        elc_tm_create(&g->tm, 6378137, GRS80_F, 0, 1, 0, 0);
}

static void gie_expect(gie *g, elc_point wanted) {
    elc_point got = g->at;
    if (g->back)
        elc_tm_choose()->inverse(&g->tm, &got, 1);
    else
        elc_tm_choose()->forward(&g->tm, &got, 1);
    double off =
        g->back ? apart_m(got, wanted) : hypot(got.x - wanted.x, got.y - wanted.y);
    if (!(off <= g->tolerance))
        fail_msg("%.15g %.15g: %.15g %.15g, off by %g m", g->at.x, g->at.y, got.x,
                 got.y, off);
    g->n++;
}

static void gie_line(gie *g, const char *line) {
    char unit[8];
    elc_point p;
    if (!strncmp(line, "operation", 9))
        gie_operation(g, line + 9);
    else if (!strncmp(line, "direction inverse", 17))
        g->back = true;
    else if (sscanf(line, "tolerance %lf %7s", &p.x, unit) == 2)
        g->tolerance = p.x * (strcmp(unit, "nm") ? 1e-3 : 1e-9);
    else if (sscanf(line, "accept %lf %lf", &p.x, &p.y) == 2)
        g->at = p;
    else if (g->known && sscanf(line, "expect %lf %lf", &p.x, &p.y) == 2)
        gie_expect(g, p);
}

static void test_utm_agrees_with_projs_acceptance_values(void **state) {
    (void)state;
    const char *data = getenv("ELCANO_DATA");
    char path[1024], line[256];
    snprintf(path, sizeof path, "%s/oracles/proj/utm.gie",
             data ? data : ELCANO_SOURCE_DIR "/../shared/data");
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "SKIPPED: %s is not there (set ELCANO_DATA)\n", path);
        skip();
    }
    gie g = {.n = 0};
    while (fgets(line, sizeof line, file))
        gie_line(&g, line);
    fclose(file);
    assert_int_equal(g.n, 22);
}

/* ---- the same bits ----------------------------------------------------------------
 */

static void is_the_same(const elc_tm_loops *loops, const elc_tm *tm,
                        const elc_point *from, bool back, size_t n) {
    static elc_point plain[MANY], other[MANY];
    memcpy(plain, from, n * sizeof *from);
    memcpy(other, from, n * sizeof *from);
    (back ? elc_tm_plain.inverse : elc_tm_plain.forward)(tm, plain, n);
    (back ? loops->inverse : loops->forward)(tm, other, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(isnan(plain[i].x), isnan(other[i].x));
        assert_int_equal(isnan(plain[i].x), isnan(plain[i].y));
        if (!isnan(plain[i].x))
            assert_memory_equal(&plain[i], &other[i], sizeof plain[i]);
    }
}

/* All over the world and beyond, and what is no number. */
static void any_numbers(elc_point *points, size_t n, double x, double y) {
    static const double odd[] = {NAN,   INFINITY, -INFINITY, 0,     -0.0,   90,
                                 -90,   180,      -180,      1e300, -1e300, 1e-320,
                                 500e3, 35,       50,        10e6};
    uint64_t seed = 77;
    for (size_t i = 0; i < n; i++)
        points[i] = (elc_point){any(&seed, -x, x), any(&seed, -y, y)};
    for (size_t i = 0; i < 256; i++)
        points[i * 7] = (elc_point){odd[i % 16], odd[i / 16]};
}

static void are_the_same(const elc_tm_loops *loops) {
    static elc_point points[MANY];
    for (int zone = 1; zone <= ZONES; zone++) {
        elc_tm tm;
        elc_tm_create(&tm, 6378137, 1 / 298.257223563, zone * 6 - 183, 0.9996, 500000,
                      zone % 2 ? 10000000 : 0);
        any_numbers(points, MANY, 200, 95);
        is_the_same(loops, &tm, points, false, MANY);
        any_numbers(points, MANY, 5e6, 2.2e7);
        is_the_same(loops, &tm, points, true, MANY);
        any_grid(points, MANY, zone % 2, 3);
        for (size_t n = 0; n < 40; n++)
            is_the_same(loops, &tm, points + n, true, n);
        is_the_same(loops, &tm, points, true, MANY);
    }
}

static void test_utm_has_the_same_bits_with_wide_vectors(void **state) {
    (void)state;
    if (!elc_cpu_is_wide())
        skip();
    are_the_same(&elc_tm_wide);
}

static void test_utm_has_the_same_bits_with_the_widest_vectors(void **state) {
    (void)state;
    if (!elc_cpu_is_widest())
        skip();
    are_the_same(&elc_tm_widest);
}

static uint64_t hash_bits(uint64_t hash, const elc_point *points) {
    for (int i = 0; i < MANY; i++) {
        uint64_t bits[2];
        memcpy(bits, &points[i], sizeof bits);
        hash = (hash ^ bits[0]) * UINT64_C(0x100000001b3);
        hash = (hash ^ bits[1]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* What another processor or compiler must give too, to the last bit. */
static void test_utm_has_the_bits_that_it_always_had(void **state) {
    (void)state;
    static elc_point points[MANY];
    any_grid(points, MANY, false, 11);
    assert_int_equal(elc_utm_to_lonlat(33, false, points, MANY), 0);
    uint64_t hash = hash_bits(1, points);
    assert_int_equal(elc_utm_from_lonlat(33, false, points, MANY), 0);
    hash = hash_bits(hash, points);
    if (hash != UINT64_C(0xaca7497935034931))
        fail_msg("the hash of the bits is %llx", (unsigned long long)hash);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utm_is_within_10_nm_of_geographiclib),
        cmocka_unit_test(test_utm_is_within_10_nm_of_proj_in_every_zone),
        cmocka_unit_test(test_utm_there_and_back_is_within_5_nm),
        cmocka_unit_test(test_utm_agrees_with_projs_acceptance_values),
        cmocka_unit_test(test_utm_has_the_same_bits_with_wide_vectors),
        cmocka_unit_test(test_utm_has_the_same_bits_with_the_widest_vectors),
        cmocka_unit_test(test_utm_has_the_bits_that_it_always_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
