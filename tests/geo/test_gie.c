/* test_gie.c - PROJ's own acceptance values, each .gie file of
   $ELCANO_DATA/oracles/proj: projections from longitude and latitude and back, through
   elc_transform. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include "support/planted.h"

#include <glob.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct gie {
    elc_transform *forward, *inverse; /* NULL: an operation that is passed over */
    bool back, there; /* `there`: a place was given that nothing was expected of yet */
    double tolerance; /* metres */
    elc_point at;
    int n, failed;
    char operation[300];
} gie;

/* ---- operations -------------------------------------------------------------------
 */

/* Projections whose numbers are degrees and metres in the order of x and y. */
static bool is_plain(const char *text) {
    static const char *const names[] = {"utm", "etmerc", "tmerc", "webmerc", "merc",
                                        "lcc", "laea",   "aea",   "stere",   "cea",
                                        "eqc", "sinu",   "moll",  "robin",   "poly"};
    static const char *const odd[] = {"+axis",  "+step", "+init",     "+units",
                                      "+to_me", "+over", "+lon_wrap", "+pm",
                                      "ooops",  "+geoc", "+inv",      "+towgs84"};
    char name[20] = "";
    const char *proj = strstr(text, "proj=");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (strstr(text, odd[i]) != NULL)
            return false;
    if (proj == NULL || sscanf(proj, "proj=%19[a-z]", name) != 1)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Longitude and latitude on the ellipsoid of an operation. */
static void ground_of(const char *text, char *out, size_t size) {
    static const char *const kept[] = {
        "+ellps=", "+datum=", "+a=", "+b=", "+rf=", "+R=", "+f=", "+es="};
    size_t n = (size_t)snprintf(out, size, "+proj=longlat");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *at = strstr(text, kept[i]);
        if (at != NULL)
            n += (size_t)snprintf(out + n, size - n, " %.*s", (int)strcspn(at, " \t"),
                                  at);
    }
    snprintf(out + n, size - n, " +no_defs");
}

static void forget(gie *g) {
    elc_transform_free(g->forward);
    elc_transform_free(g->inverse);
    g->forward = g->inverse = NULL;
    g->back = g->there = false;
}

static void begin(gie *g, const char *text) {
    elc_crs *map = NULL, *ground = NULL;
    char on[300];
    forget(g);
    g->tolerance = 5e-4;
    snprintf(g->operation, sizeof g->operation, "%s", text + strspn(text, " \t"));
    if (!is_plain(text))
        return;
    ground_of(text, on, sizeof on);
    if (elc_crs_create(g->operation, &map, NULL) == ELC_OK &&
        elc_crs_create(on, &ground, NULL) == ELC_OK &&
        elc_transform_create(ground, map, &g->forward, NULL) == ELC_OK &&
        elc_transform_create(map, ground, &g->inverse, NULL) != ELC_OK)
        forget(g);
    elc_crs_free(map);
    elc_crs_free(ground);
}

/* ---- values -----------------------------------------------------------------------
 */

static double off_by(const gie *g, elc_point got, elc_point wanted) {
    double x = got.x - wanted.x, y = got.y - wanted.y;
    if (!g->back)
        return hypot(x, y);
    return hypot(remainder(x, 360) * cos(wanted.y * M_PI / 180), y) * 111320;
}

static void expect(gie *g, elc_point wanted) {
    elc_transform *t = g->back ? g->inverse : g->forward;
    elc_point got = g->at;
    bool nowhere =
        fabs(wanted.x) > 1e8 || fabs(wanted.y) > 1e8; /* a pole of Mercator's */
    if (t == NULL || !g->there || nowhere)
        return;
    elc_transform_points(t, &got, 1);
    g->n++;
    if (off_by(g, got, wanted) <= g->tolerance)
        return;
    g->failed++;
    print_error("%s%s: %.15g %.15g gave %.15g %.15g, not %.15g %.15g\n", g->operation,
                g->back ? ", inverse" : "", g->at.x, g->at.y, got.x, got.y, wanted.x,
                wanted.y);
}

static double metres_of(const char *unit) {
    static const struct {
        const char *name;
        double metres;
    } units[] = {{"nm", 1e-9}, {"um", 1e-6}, {"mm", 1e-3},
                 {"cm", 1e-2}, {"m", 1},     {"km", 1e3}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, unit) == 0)
            return units[i].metres;
    return 0;
}

/* What is expected to fail, or that names an error, has no two numbers. */
static void take_line(gie *g, char *line) {
    char unit[8];
    elc_point p;
    line[strcspn(line, "#\r\n")] = '\0';
    if (strncmp(line, "operation", 9) == 0) {
        begin(g, line + 9);
    } else if (strncmp(line, "direction", 9) == 0) {
        g->back = strstr(line, "inverse") != NULL;
    } else if (sscanf(line, "tolerance %lf %7s", &p.x, unit) == 2) {
        g->tolerance = p.x * metres_of(unit);
    } else if (strncmp(line, "accept", 6) == 0) {
        g->there = sscanf(line, "accept %lf %lf", &g->at.x, &g->at.y) == 2;
    } else if (sscanf(line, "expect %lf %lf", &p.x, &p.y) == 2) {
        expect(g, p);
    }
}

static void test_values_of_proj_are_those_of_transforms(void **state) {
    gie g = {.n = 0};
    glob_t files;
    char pattern[1100], line[1000];
    (void)state;
    const char *folder = planted_data("oracles/proj");
    if (folder == NULL)
        skip();
    snprintf(pattern, sizeof pattern, "%s/*.gie", folder);
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "re");
        assert_non_null(file);
        while (fgets(line, sizeof line, file) != NULL)
            take_line(&g, line);
        fclose(file);
        forget(&g);
    }
    globfree(&files);
    print_message("%d values\n", g.n);
    assert_true(g.n >= 20);
    assert_int_equal(g.failed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_of_proj_are_those_of_transforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
