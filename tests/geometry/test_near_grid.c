/* test_near_grid.c - points find the lines within a distance through a grid just as
   through the tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINES = 400, SIDE = 100, ASKED = 2560, MOST = LINES + 2 };

static uint64_t state = 7;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double whole(int n) {
    return floor(unit() * n);
}

static void add(elc_nearby *near, uint8_t type, const elc_point *points, uint8_t n) {
    elc_string wkb = {0};
    elc_place_state found;
    const uint8_t head[] = {1, type, 0, 0, 0}, rings[] = {1, 0, 0, 0},
                  count[] = {n, 0, 0, 0};
    elc_string_append(&wkb, head, sizeof head, NULL);
    if (type == 3)
        elc_string_append(&wkb, rings, sizeof rings, NULL);
    elc_string_append(&wkb, count, type == 1 ? 0 : sizeof count, NULL);
    elc_string_append(&wkb, points, n * sizeof *points, NULL);
    assert_int_equal(elc_nearby_add(near, wkb.data, wkb.size, NULL, &found, NULL),
                     ELC_OK);
    assert_int_equal(found, ELC_PLACE_SOUND);
    elc_string_free(&wkb);
}

/* Lines between corners of a lattice, each longer than a third of what it is scaled by.
 */
static elc_nearby *lattice(bool metres, double scale, bool others) {
    elc_nearby *near;
    uint64_t kept = state;
    state = 11;
    assert_int_equal(elc_nearby_create(metres, &near, NULL), ELC_OK);
    for (int i = 0; i < LINES; i++) {
        elc_point p[3];
        p[0] = (elc_point){whole(SIDE), whole(SIDE)};
        for (int k = 1; k < 3; k++)
            p[k] = (elc_point){p[k - 1].x + 1 + whole(4), p[k - 1].y + whole(5) - 2};
        for (int k = 0; k < 3; k++)
            p[k] = (elc_point){p[k].x * scale, p[k].y * scale};
        add(near, 2, p, 3);
    }
    elc_point box[] = {{0, 0}, {30, 0}, {30, 30}, {0, 30}, {0, 0}};
    for (int i = 0; i < 5; i++)
        box[i] = (elc_point){box[i].x * scale, box[i].y * scale};
    if (others) {
        add(near, 3, box, 5);
        add(near, 1, box + 1, 1);
    }
    assert_int_equal(elc_nearby_build(near, NULL), ELC_OK);
    state = kept;
    return near;
}

/* The tree's answer, by rising number. */
static size_t expected(elc_nearby_asker *nearest, elc_point p, bool has[MOST]) {
    const elc_nearby_hit *hits;
    elc_place_state found;
    size_t n;
    assert_int_equal(elc_nearby_find_point(nearest, p, &found, &hits, &n, NULL),
                     ELC_OK);
    memset(has, 0, MOST * sizeof *has);
    for (size_t i = 0; i < n; i++)
        has[hits[i].place] = true;
    return n;
}

static void check(const uint32_t *places, size_t n, const bool has[MOST], size_t want) {
    assert_int_equal(n, want);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || places[i - 1] < places[i]);
        assert_true(has[places[i]]);
    }
}

/* `grid` is asked by nobody before. */
static size_t compare(elc_nearby *tree, elc_nearby *grid, double scale, double most) {
    const elc_nearby_question q = {MOST, most, NULL};
    elc_nearby_asker *nearest, *within;
    bool has[MOST];
    size_t found = 0;
    assert_int_equal(elc_nearby_asker_create(tree, &q, &nearest, NULL), ELC_OK);
    assert_int_equal(elc_nearby_asker_create(grid, &q, &within, NULL), ELC_OK);
    for (int i = 0; i < ASKED; i++) {
        const uint32_t *places;
        elc_place_state is;
        size_t n, want;
        elc_point p = {(whole(SIDE + 40) - 20) * scale,
                       (whole(SIDE + 40) - 20) * scale};
        if (i % ELC_NEARBY_EXPECTED == 0)
            elc_nearby_expect(within, &p, 1);
        assert_int_equal(elc_nearby_within_point(within, p, &is, &places, &n, NULL),
                         ELC_OK);
        want = expected(nearest, p, has);
        check(places, n, has, want);
        found += n;
    }
    elc_nearby_asker_free(nearest);
    elc_nearby_asker_free(within);
    return found;
}

static void compare_both(bool metres, double scale, bool others, double most) {
    elc_nearby *tree = lattice(metres, scale, others);
    elc_nearby *grid = lattice(metres, scale, others);
    assert_true(compare(tree, grid, scale, most) > 0);
    elc_nearby_free(tree);
    elc_nearby_free(grid);
}

/* On a lattice many points are just so far away: 5 is the root of 9 + 16. */
static void test_what_is_just_so_far_counts(void **unused) {
    (void)unused;
    compare_both(false, 1, false, 5);
    compare_both(false, 1, true, 1);
    compare_both(false, 0.1, true, 0.5);
    compare_both(false, 1, false, 0);
    compare_both(false, 0x1p-300, false, 0x1p-299);
    compare_both(false, 0x1p+300, true, 0x1p+301);
    compare_both(false, 1e-100, true, 3e-100);
}

static void test_metres_and_other_places_are_found_too(void **unused) {
    (void)unused;
    compare_both(true, 0.001, false, 300);
    compare_both(true, 0.001, true, 150);
}

/* A distance so large that no grid is made, and another one for the same lines. */
static void test_every_distance_has_a_grid_of_its_own(void **unused) {
    (void)unused;
    elc_nearby *tree = lattice(false, 1, true), *grid = lattice(false, 1, true);
    size_t few = compare(tree, grid, 1, 1), many = compare(tree, grid, 1, 3);
    size_t all = compare(tree, grid, 1, 1000), again = compare(tree, grid, 1, 3);
    assert_true(few < many && many < all);
    assert_int_equal(all, (size_t)ASKED * MOST);
    assert_true(again > 0);
    elc_nearby_free(tree);
    elc_nearby_free(grid);
}

/* A line asks the tree, after points have asked the grid and before others do. */
static void test_lines_may_ask_between_points(void **unused) {
    (void)unused;
    elc_nearby *tree = lattice(false, 1, false), *grid = lattice(false, 1, false);
    const elc_nearby_question q = {MOST, 4, NULL};
    const char *text = "LINESTRING (10 10, 90 80)";
    elc_nearby_asker *asker;
    const uint32_t *places;
    elc_place_state is;
    elc_string wkb = {0};
    size_t n = 0;
    elc_wkb_from_wkt(text, strlen(text), &wkb, NULL, NULL);
    size_t before = compare(tree, grid, 1, 4), size = elc_nearby_bytes(grid);
    assert_int_equal(elc_nearby_asker_create(grid, &q, &asker, NULL), ELC_OK);
    assert_int_equal(
        elc_nearby_within(asker, wkb.data, wkb.size, &is, &places, &n, NULL), ELC_OK);
    assert_true(n > 0);
    assert_true(elc_nearby_bytes(grid) > size);
    assert_true(before > 0 && compare(tree, grid, 1, 4) > 0);
    elc_nearby_asker_free(asker);
    elc_string_free(&wkb);
    elc_nearby_free(tree);
    elc_nearby_free(grid);
}

typedef struct job {
    elc_nearby *grid;
    size_t found[4];
} job;

static elc_status ask_some(void *arg, int part, elc_error *err) {
    job *j = arg;
    const elc_nearby_question q = {1, 4, NULL};
    elc_nearby_asker *asker;
    ELC_TRY(elc_nearby_asker_create(j->grid, &q, &asker, err));
    for (int i = 0; i < SIDE * SIDE; i++) {
        const uint32_t *places;
        elc_place_state is;
        size_t n = 0;
        elc_point p = {i % SIDE, (double)i / SIDE};
        elc_nearby_within_point(asker, p, &is, &places, &n, NULL);
        j->found[part] += n;
    }
    elc_nearby_asker_free(asker);
    return ELC_OK;
}

static void test_threads_share_what_the_first_one_makes(void **unused) {
    (void)unused;
    job j = {lattice(false, 1, true), {0}};
    assert_int_equal(elc_threads_run(4, ask_some, &j, NULL), ELC_OK);
    assert_true(j.found[0] > 0);
    for (int i = 1; i < 4; i++)
        assert_int_equal(j.found[i], j.found[0]);
    elc_nearby_free(j.grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_just_so_far_counts),
        cmocka_unit_test(test_metres_and_other_places_are_found_too),
        cmocka_unit_test(test_every_distance_has_a_grid_of_its_own),
        cmocka_unit_test(test_lines_may_ask_between_points),
        cmocka_unit_test(test_threads_share_what_the_first_one_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
