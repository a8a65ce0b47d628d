/* test_cluster.c - clusters are those of the definition, and of scikit-learn. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int below(int n) {
    return (int)(unit() * n);
}

/* ---- the definition -------------------------------------------------------------- */

enum { MOST = 2000 };

static elc_point points[MOST];
static int32_t labels[MOST], wanted[MOST];
static bool core[MOST];

static double distance(elc_point a, elc_point b, bool metres) {
    double x = a.x - b.x, y = a.y - b.y;
    return metres ? elc_distance_m(a, b) : sqrt(x * x + y * y);
}

static bool is_near(size_t a, size_t b, const elc_cluster_wish *wish) {
    return distance(points[a], points[b], wish->metres) <= wish->eps;
}

static void find_core(size_t n, const elc_cluster_wish *wish) {
    for (size_t i = 0; i < n; i++) {
        size_t near = 0;
        for (size_t k = 0; k < n; k++)
            near += is_near(i, k, wish);
        core[i] = near >= wish->min_points;
        wanted[i] = -1;
    }
}

/* All core points that are reached from one get its number. */
static void flood(size_t from, int32_t label, size_t n, const elc_cluster_wish *wish) {
    static size_t stack[MOST];
    size_t open = 0;
    wanted[from] = label;
    stack[open++] = from;
    while (open > 0) {
        size_t at = stack[--open];
        for (size_t k = 0; k < n; k++)
            if (core[k] && wanted[k] < 0 && is_near(at, k, wish)) {
                wanted[k] = label;
                stack[open++] = k;
            }
    }
}

/* The core point of no cluster that is first by x, then y; n: there is none. */
static size_t next_core(size_t n) {
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (core[i] && wanted[i] < 0 &&
            (best == n || points[i].x < points[best].x ||
             (points[i].x == points[best].x && points[i].y < points[best].y)))
            best = i;
    return best;
}

static size_t find_by_definition(size_t n, const elc_cluster_wish *wish) {
    size_t many = 0;
    find_core(n, wish);
    for (size_t at = next_core(n); at < n; at = next_core(n))
        flood(at, (int32_t)many++, n, wish);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n && !core[i]; k++)
            if (core[k] && is_near(i, k, wish) &&
                (wanted[i] < 0 || wanted[k] < wanted[i]))
                wanted[i] = wanted[k];
    return many;
}

static void shuffle(size_t n) {
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)below((int)i);
        elc_point p = points[i - 1];
        points[i - 1] = points[k];
        points[k] = p;
    }
}

static size_t check(size_t n, double eps, size_t least, bool metres, const char *what) {
    static elc_point given[MOST];
    elc_context context = {.threads = 1 + below(4)};
    elc_cluster_wish wish = {eps, metres, least, &context};
    elc_clusters clusters;
    memcpy(given, points, sizeof given);
    assert_int_equal(elc_clusters_find(points, n, &wish, labels, &clusters, NULL),
                     ELC_OK);
    assert_memory_equal(given, points, n * sizeof *points);
    size_t many = find_by_definition(n, &wish);
    if (clusters.count != many || memcmp(labels, wanted, n * sizeof *labels) != 0)
        fail_msg("%s: eps %g, min_points %zu: not the clusters of the definition", what,
                 eps, least);
    for (size_t i = 0; i < many; i++)
        assert_true(i == 0 || clusters.least[i - 1].x <= clusters.least[i].x);
    elc_clusters_free(&clusters);
    return many;
}

/* ---- sets ------------------------------------------------------------------------ */

typedef elc_point (*maker)(void);

static elc_point anywhere(void) {
    return (elc_point){unit() * 100, unit() * 100};
}
static elc_point on_a_lattice(void) {
    return (elc_point){below(40), below(40)};
}
static elc_point below_the_origin(void) {
    return (elc_point){-below(30) - 1e6, below(30) - 5e6};
}
static elc_point on_a_line(void) {
    return (elc_point){7, below(4000) / 16.0};
}
static elc_point in_heaps(void) {
    int heap = below(5);
    return (elc_point){heap * 1e6 + 3 * unit(), heap * heap * 1e5 + 3 * unit()};
}
static elc_point at_few_places(void) {
    return (elc_point){below(6), below(6)};
}
static elc_point in_two_arcs(void) { /* facing each other, 3 and a little more apart */
    double angle = (unit() - 0.5) * 0.3;
    int side = below(2);
    return (elc_point){side * (23.0 + 1e-9) + (side ? -1 : 1) * 10 * cos(angle),
                       10 * sin(angle)};
}
static elc_point in_a_town(void) {
    return (elc_point){13 + unit() / 50, 52 + unit() / 80};
}
static elc_point at_180(void) {
    double x = (unit() - 0.5) / 40;
    return (elc_point){x < 0 ? x + 180 : x - 180, 65 + unit() / 80};
}
static elc_point round_the_pole(void) {
    return (elc_point){unit() * 360 - 180, 90 - unit() * unit() / 50};
}
static elc_point round_the_south_pole(void) {
    return (elc_point){below(36) * 10 - 180, -90 + below(20) / 1000.0};
}
static elc_point on_the_equator(void) {
    return (elc_point){below(30) / 1000.0, (below(30) - 15) / 1000.0};
}
static elc_point on_the_globe(void) {
    return (elc_point){unit() * 360 - 180, asin(2 * unit() - 1) * 180 / M_PI};
}
static elc_point a_turn_further(void) {
    elc_point p = in_a_town();
    return below(2) ? p : (elc_point){p.x - 360, p.y};
}

static const struct {
    const char *name;
    maker make;
    bool metres;
    double eps[3];
} sets[] = {
    {"anywhere", anywhere, false, {1, 3, 7}},
    {"on a lattice", on_a_lattice, false, {1, 1.4142135623730951, 5}},
    {"below the origin", below_the_origin, false, {1, 2, 3}},
    {"on a line", on_a_line, false, {0.0625, 0.25, 1}},
    {"in heaps", in_heaps, false, {0.1, 0.5, 200000}},
    {"at few places", at_few_places, false, {0.5, 1, 9}},
    {"in two arcs", in_two_arcs, false, {0.05, 3, 3.0000001}},
    {"in a town", in_a_town, true, {15, 40, 100}},
    {"at 180", at_180, true, {20, 60, 100}},
    {"round the pole", round_the_pole, true, {20, 60, 200}},
    {"round the south pole", round_the_south_pole, true, {20, 111, 500}},
    {"on the equator",
     on_the_equator,
     true,
     {111.31949079327357, 110.57427582158878, 160}},
    {"on the globe", on_the_globe, true, {100000, 400000, 1000000}},
    {"a turn further", a_turn_further, true, {15, 40, 100}},
};

static void test_clusters_are_those_of_the_definition(void **unused) {
    (void)unused;
    static const size_t leasts[] = {1, 3, 5, 20};
    size_t clusters = 0;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (size_t e = 0; e < 3; e++) {
            size_t n = sets[i].metres ? 160 : 600;
            for (size_t k = 0; k < n; k++)
                points[k] = sets[i].make();
            for (size_t m = 0; m < 4; m++)
                clusters +=
                    check(n, sets[i].eps[e], leasts[m], sets[i].metres, sets[i].name);
        }
    assert_true(clusters > 500);
}

/* Cells of thousands of points that face each other across a gap. */
static void test_crowded_cells_are_joined_where_a_pair_is_near(void **unused) {
    (void)unused;
    for (int joined = 0; joined < 2; joined++) {
        for (size_t i = 0; i < MOST; i++)
            points[i] = in_two_arcs();
        if (joined)
            points[0] = (elc_point){11.5, 0};
        size_t many = check(MOST, 3, 100, false, "two arcs");
        assert_int_equal(many, joined ? 1 : 2);
    }
}

static void test_the_order_of_points_does_not_matter(void **unused) {
    (void)unused;
    for (int turn = 0; turn < 5; turn++) {
        state = 77;
        for (size_t i = 0; i < 500; i++)
            points[i] = on_a_lattice();
        state = (uint64_t)turn;
        shuffle(500);
        check(500, 2, 6, false, "shuffled");
    }
}

/* ---- scikit-learn ---------------------------------------------------------------- */

/* Core points have one renumbering; border points any cluster within reach. */
static void compare_with_file(size_t n, const int *theirs, const int *core_there,
                              const char *name) {
    int map[MOST];
    for (size_t i = 0; i < n; i++)
        map[i] = -1;
    for (size_t i = 0; i < n; i++) {
        if ((labels[i] < 0) != (theirs[i] < 0) || core[i] != (core_there[i] != 0))
            fail_msg("%s: point %zu is noise, or core, for one only", name, i);
        if (!core[i])
            continue;
        if (map[theirs[i]] < 0)
            map[theirs[i]] = labels[i];
        if (map[theirs[i]] != labels[i])
            fail_msg("%s: point %zu is of another cluster", name, i);
    }
}

static void test_clusters_are_those_of_scikit_learn(void **unused) {
    (void)unused;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geometry/cluster.txt", "r");
    char name[64];
    double eps;
    size_t least, n, sets_read = 0;
    static int theirs[MOST], core_there[MOST];
    assert_non_null(file);
    while (fscanf(file, " set %63s %lf %zu %zu", name, &eps, &least, &n) == 4) {
        assert_in_range(n, 1, MOST);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(fscanf(file, "%lf %lf %d %d", &points[i].x, &points[i].y,
                                    &theirs[i], &core_there[i]),
                             4);
        check(n, eps, least, false, name);
        compare_with_file(n, theirs, core_there, name);
        sets_read++;
    }
    fclose(file);
    assert_int_equal(sets_read, 20);
}

/* ---- what is refused ------------------------------------------------------------- */

static void refuse(elc_point second, double eps, size_t least, bool metres,
                   const char *words) {
    elc_cluster_wish wish = {eps, metres, least, NULL};
    elc_error err;
    points[0] = (elc_point){0, 0};
    points[1] = second;
    assert_int_equal(elc_clusters_find(points, 2, &wish, labels, NULL, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, words));
}

static void test_what_cannot_be_clustered_is_refused(void **unused) {
    (void)unused;
    refuse((elc_point){1, 1}, 0, 1, false, "eps is 0");
    refuse((elc_point){1, 1}, -1, 1, false, "eps is -1");
    refuse((elc_point){1, 1}, NAN, 1, false, "eps is");
    refuse((elc_point){1, 1}, 0.01, 1, true, "0.02 m to 1,000 km");
    refuse((elc_point){1, 1}, 2e6, 1, true, "0.02 m to 1,000 km");
    refuse((elc_point){1, 1}, 1, 0, false, "min_points");
    refuse((elc_point){NAN, 1}, 1, 1, false, "point 1 is nowhere");
    refuse((elc_point){1, INFINITY}, 1, 1, false, "point 1 is nowhere");
    refuse((elc_point){1, 91}, 1, 1, true, "point 1 is nowhere");
    refuse((elc_point){1e12, 1}, 1, 1, false, "3,000,000,000th");
}

static void test_no_points_are_no_clusters(void **unused) {
    (void)unused;
    elc_cluster_wish wish = {1, false, 1, NULL};
    elc_clusters many = {.count = 7};
    assert_int_equal(elc_clusters_find(points, 0, &wish, labels, &many, NULL), ELC_OK);
    assert_int_equal(many.count, 0);
    elc_clusters_free(&many);
}

static void test_a_cancelled_search_ends(void **unused) {
    (void)unused;
    volatile int cancel = 1;
    elc_context context = {.cancel = &cancel};
    elc_cluster_wish wish = {1, false, 1, &context};
    points[0] = (elc_point){0, 0};
    assert_int_equal(elc_clusters_find(points, 1, &wish, labels, NULL, NULL),
                     ELC_E_CANCELLED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clusters_are_those_of_the_definition),
        cmocka_unit_test(test_crowded_cells_are_joined_where_a_pair_is_near),
        cmocka_unit_test(test_the_order_of_points_does_not_matter),
        cmocka_unit_test(test_clusters_are_those_of_scikit_learn),
        cmocka_unit_test(test_what_cannot_be_clustered_is_refused),
        cmocka_unit_test(test_no_points_are_no_clusters),
        cmocka_unit_test(test_a_cancelled_search_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
