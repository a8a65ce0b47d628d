/* test_dedupe_random.c - dedupe on random sightings, beside loops over all pairs that
   measure by PROJ's geodesics. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "deduping.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, MOST_ROWS = 90, IMAGES = 6 };

static uint64_t seed;

static size_t draw(size_t below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % below;
}

static double draw_real(double low, double high) {
    return low + (high - low) * (double)draw(1 << 30) / (1 << 30);
}

static sighting rows[MOST_ROWS];
static char ids[MOST_ROWS][24];

static void draw_rows(deduping *d) {
    static const char *const images[IMAGES] = {"f", "b", "c", "a", "e", "d"};
    static const char *const classes[] = {"car", "truck"};
    static const elc_point bases[] = {
        {11, 48}, {180, -17}, {-0.00001, 0}, {77, 89.9999}};
    d->base = bases[draw(4)];
    d->n = 1 + draw(MOST_ROWS);
    d->rows = rows;
    d->points = true;
    d->within = "60s";
    double field = draw_real(2, 20);
    for (size_t i = 0; i < d->n; i++) {
        snprintf(ids[i], sizeof ids[i], "r%03zu", i);
        rows[i] = (sighting){.id = ids[i],
                             .image = images[draw(IMAGES)],
                             .class_name = classes[draw(2)],
                             .x = draw_real(0, field),
                             .y = draw_real(0, field),
                             .wide = draw_real(0.5, 4),
                             .high = draw_real(0.5, 9),
                             .score = (double)(1 + draw(8)) / 8,
                             .error_m = draw(2) ? draw_real(0.1, 1) : 0,
                             .seconds = draw(4) ? 1000 + (int64_t)draw(100) : 0};
    }
}

static bool is_match(const deduping *d, size_t i, size_t j, double *metres) {
    const sighting *a = &rows[i], *b = &rows[j];
    double half = (fmin(a->wide, a->high) + fmin(b->wide, b->high)) / 4;
    double off = 2 * hypot(a->error_m, b->error_m);
    *metres =
        elc_distance_m(deduping_place(d, a->x, a->y), deduping_place(d, b->x, b->y));
    bool moved = a->seconds && b->seconds && llabs(a->seconds - b->seconds) > 60;
    return !moved && strcmp(a->image, b->image) != 0 &&
           strcmp(a->class_name, b->class_name) == 0 && *metres <= hypot(off, half);
}

/* Whether two groups have rows of one image. */
static bool clash(const deduping *d, const size_t *group, size_t one, size_t other) {
    for (size_t i = 0; i < d->n; i++)
        for (size_t j = 0; j < d->n; j++)
            if (group[i] == one && group[j] == other &&
                strcmp(rows[i].image, rows[j].image) == 0)
                return true;
    return false;
}

/* Takes the nearest pair that is left, again and again. */
static void join_all(const deduping *d, size_t *group) {
    static bool taken[MOST_ROWS][MOST_ROWS];
    memset(taken, 0, sizeof taken);
    for (;;) {
        double least = INFINITY, metres;
        size_t one = 0, other = 0;
        for (size_t i = 0; i < d->n; i++)
            for (size_t j = i + 1; j < d->n; j++)
                if (!taken[i][j] && is_match(d, i, j, &metres) && metres < least)
                    least = metres, one = i, other = j;
        if (isinf(least))
            return;
        taken[one][other] = true;
        size_t a = group[one], b = group[other];
        if (a == b || clash(d, group, a, b))
            continue;
        for (size_t i = 0; i < d->n; i++)
            if (group[i] == b)
                group[i] = a;
    }
}

static bool is_better(size_t i, size_t j) {
    if (rows[i].score != rows[j].score)
        return rows[i].score > rows[j].score;
    return strcmp(rows[i].image, rows[j].image) < 0;
}

static void say_expected(const deduping *d, const size_t *group, elc_string *out) {
    for (size_t i = 0; i < d->n; i++) {
        size_t count = 0, better = 0;
        for (size_t j = 0; j < d->n; j++) {
            count += group[j] == group[i];
            better += group[j] == group[i] && j != i && is_better(j, i);
        }
        if (better == 0)
            elc_string_printf(out, NULL, "%s:%zu ", rows[i].id, count);
    }
}

static void test_dedupe_keeps_what_loops_over_all_pairs_keep(void **state) {
    (void)state;
    size_t group[MOST_ROWS];
    for (seed = 1; seed <= ROUNDS; seed++) {
        uint64_t round = seed;
        deduping d = {0};
        elc_string expected = {0};
        draw_rows(&d);
        for (size_t i = 0; i < d.n; i++)
            group[i] = i;
        join_all(&d, group);
        say_expected(&d, group, &expected);
        deduping_gives(d, expected.data);
        elc_string_free(&expected);
        seed = round;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dedupe_keeps_what_loops_over_all_pairs_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
