/* test_merge.c - the border rule case by case, and that order and parts do not matter.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate.h"
#include "support/boxes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Two chips of 100 px side by side that share the columns 80 to 100: core border 90. */
static elc_grid two_chips(void) {
    elc_grid grid;
    assert_int_equal(elc_grid_create(180, 100, 100, 100, 20, 20, 1, true, &grid, NULL),
                     ELC_OK);
    assert_int_equal(elc_grid_count(&grid), 2);
    return grid;
}

typedef struct merged {
    elc_detection *items;
    size_t n;
} merged;

static merged merge_two(const elc_box *left, size_t n_left, const elc_box *right,
                        size_t n_right) {
    elc_grid grid = two_chips();
    elc_merger *merger = NULL;
    merged m = {0};
    assert_int_equal(elc_merger_create(&grid, 0, 2, &merger, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, 0, left, n_left, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, 1, right, n_right, NULL), ELC_OK);
    elc_merger_take(merger, &m.items, &m.n);
    elc_merger_free(merger);
    return m;
}

static void test_merge_counts_an_object_that_both_chips_see_whole_once(void **state) {
    (void)state;
    elc_box a = PLAIN_BOX(85, 10, 95, 20, 0.7f, 0),
            b = PLAIN_BOX(85, 10, 95, 20, 0.9f, 0);
    merged m = merge_two(&a, 1, &b, 1);
    assert_int_equal(m.n, 1);
    assert_float_equal(m.items[0].box.score, 0.9, 1e-6);
    assert_false(m.items[0].touches_border);
    free(m.items);
}

static void test_merge_takes_the_whole_box_over_a_cut_one(void **state) {
    (void)state;
    elc_box cut = PLAIN_BOX(60, 10, 100, 20, 0.95f, 0),
            whole = PLAIN_BOX(84, 10, 110, 20, 0.6f, 0);
    merged m = merge_two(&cut, 1, &whole, 1);
    assert_int_equal(m.n,
                     2); /* the cut one begins 24 px further left: another object */
    free(m.items);
    cut = (elc_box){.xmin = 84, .ymin = 10, .xmax = 100, .ymax = 20, .score = 0.95f};
    m = merge_two(&cut, 1, &whole, 1);
    assert_int_equal(m.n, 1);
    assert_float_equal(m.items[0].box.xmax, 110, 0);
    assert_float_equal(m.items[0].box.score, 0.95, 1e-6);
    assert_int_equal(m.items[0].chip, 1);
    assert_int_equal(m.items[0].first_chip, 0);
    free(m.items);
}

static void test_merge_joins_two_cut_halves_of_a_long_object(void **state) {
    (void)state;
    elc_box left = PLAIN_BOX(60, 10, 100, 20, 0.8f, 0),
            right = PLAIN_BOX(80, 10, 120, 20, 0.7f, 0);
    left.xmin = 76;
    right.xmax = 104;
    merged m = merge_two(&left, 1, &right, 1);
    assert_int_equal(m.n, 1);
    assert_float_equal(m.items[0].box.xmin, 76, 0);
    assert_float_equal(m.items[0].box.xmax, 104, 0);
    assert_true(m.items[0].touches_border);
    free(m.items);
}

static void test_merge_keeps_neighbours_whose_boxes_overlap(void **state) {
    (void)state;
    elc_box both[2] = {PLAIN_BOX(82, 10, 94, 30, 0.9f, 0),
                       PLAIN_BOX(87, 10, 99, 30, 0.8f, 0)};
    merged m = merge_two(both, 2, both, 2);
    assert_int_equal(m.n, 2);
    free(m.items);
}

static void test_merge_drops_what_a_chip_does_not_own(void **state) {
    (void)state;
    elc_box far_side =
        PLAIN_BOX(93, 10, 99, 20, 0.9f, 0); /* centre 96: 6 px beyond the core */
    merged m = merge_two(&far_side, 1, NULL, 0);
    assert_int_equal(m.n, 0);
    free(m.items);
}

static void test_merge_clips_boxes_to_chip_and_image(void **state) {
    (void)state;
    elc_box out = PLAIN_BOX(-20, -5, 30, 40, 0.9f, 0);
    merged m = merge_two(&out, 1, NULL, 0);
    assert_int_equal(m.n, 1);
    assert_float_equal(m.items[0].box.xmin, 0, 0);
    assert_float_equal(m.items[0].box.ymin, 0, 0);
    assert_false(m.items[0].touches_border);
    free(m.items);
}

static void test_merge_marks_objects_longer_than_a_chip(void **state) {
    (void)state;
    elc_grid grid;
    assert_int_equal(elc_grid_create(300, 100, 100, 100, 20, 20, 1, true, &grid, NULL),
                     ELC_OK);
    elc_merger *merger = NULL;
    assert_int_equal(elc_merger_create(&grid, 0, elc_grid_count(&grid), &merger, NULL),
                     ELC_OK);
    elc_box across = PLAIN_BOX(80, 10, 180, 20, 0.9f, 0);
    for (int64_t i = 0; i < elc_grid_count(&grid); i++)
        assert_int_equal(elc_merger_add(merger, i, &across, i == 1, NULL), ELC_OK);
    merged m = {0};
    elc_merger_take(merger, &m.items, &m.n);
    assert_int_equal(m.n, 1);
    assert_true(m.items[0].too_long);
    free(m.items);
    elc_merger_free(merger);
}

static void test_merge_gives_a_failed_chip_in_its_place(void **state) {
    (void)state;
    elc_grid grid = two_chips();
    elc_merger *merger = NULL;
    elc_box box = PLAIN_BOX(120, 10, 130, 20, 0.9f, 0);
    merged m = {0};
    assert_int_equal(elc_merger_create(&grid, 0, 2, &merger, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, 1, &box, 1, NULL), ELC_OK);
    assert_int_equal(elc_merger_add_failed(merger, 0, "broken", NULL), ELC_OK);
    elc_merger_take(merger, &m.items, &m.n);
    assert_int_equal(m.n, 2);
    assert_string_equal(m.items[0].error, "broken");
    assert_null(m.items[1].error);
    free(m.items[0].error);
    free(m.items);
    elc_merger_free(merger);
}

/* ---- order and parts ------------------------------------------------------------- */

enum { SIZE = 3000, OBJECTS = 2500 };

typedef struct fixture {
    sim_scene scene;
    elc_grid grid;
    elc_box *seen;
} fixture;

static int set_up(void **state) {
    static fixture f;
    f.scene = sim_town(SIZE, OBJECTS, 0.4, 100, 11);
    f.seen = malloc(OBJECTS * sizeof *f.seen);
    *state = &f;
    return (int)elc_grid_create(SIZE, SIZE, 320, 320, 64, 64, 32, false, &f.grid, NULL);
}

static int tear_down(void **state) {
    fixture *f = *state;
    sim_free(&f->scene);
    free(f->seen);
    return 0;
}

static void add_chip(fixture *f, elc_merger *merger, int64_t chip) {
    size_t n = sim_see(&f->scene, elc_grid_window(&f->grid, chip), 0.8, (uint64_t)chip,
                       f->seen);
    assert_int_equal(elc_nms(f->seen, &n, 0.5, false, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, chip, f->seen, n, NULL), ELC_OK);
}

static merged merge_in_order(fixture *f, const int64_t *order) {
    elc_merger *merger = NULL;
    merged m = {0};
    int64_t chips = elc_grid_count(&f->grid);
    assert_int_equal(elc_merger_create(&f->grid, 0, chips, &merger, NULL), ELC_OK);
    for (int64_t i = 0; i < chips; i++)
        add_chip(f, merger, order ? order[i] : i);
    elc_merger_take(merger, &m.items, &m.n);
    elc_merger_free(merger);
    return m;
}

static void assert_same(merged a, merged b) {
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) {
        assert_int_equal(elc_box_compare(&a.items[i].box, &b.items[i].box), 0);
        assert_int_equal(a.items[i].chip, b.items[i].chip);
        assert_int_equal(a.items[i].first_chip, b.items[i].first_chip);
        assert_int_equal(a.items[i].touches_border, b.items[i].touches_border);
    }
}

static void test_merge_finds_every_planted_object_once(void **state) {
    fixture *f = *state;
    merged m = merge_in_order(f, NULL);
    sim_score score = sim_match(&f->scene, m.items, m.n);
    assert_int_equal(m.n, OBJECTS);
    assert_int_equal(score.lost, 0);
    free(m.items);
}

static void test_merge_does_not_depend_on_the_order_of_chips(void **state) {
    fixture *f = *state;
    int64_t chips = elc_grid_count(&f->grid);
    int64_t *order = malloc((size_t)chips * sizeof *order);
    merged plain = merge_in_order(f, NULL);
    for (uint64_t seed = 1; seed < 6; seed++) {
        uint64_t random = seed;
        for (int64_t i = 0; i < chips; i++)
            order[i] = i;
        for (int64_t i = chips - 1; i > 0; i--) {
            int64_t j = (int64_t)(sim_next(&random) % (uint64_t)(i + 1)), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        merged shuffled = merge_in_order(f, order);
        assert_same(plain, shuffled);
        free(shuffled.items);
    }
    free(plain.items);
    free(order);
}

static int by_place(const void *p, const void *q) {
    const elc_detection *a = p, *b = q;
    if (a->first_chip != b->first_chip)
        return a->first_chip < b->first_chip ? -1 : 1;
    if (a->box.ymin != b->box.ymin)
        return a->box.ymin < b->box.ymin ? -1 : 1;
    return a->box.xmin < b->box.xmin ? -1 : a->box.xmin > b->box.xmin;
}

/* Merges parts of `size` chips, then what they leave open; sorts all. */
static merged merge_in_parts(fixture *f, int64_t size, size_t *open) {
    int64_t chips = elc_grid_count(&f->grid);
    elc_merger *all = NULL;
    merged m = {calloc(2 * OBJECTS, sizeof *m.items), 0};
    *open = 0;
    assert_int_equal(elc_merger_create(&f->grid, 0, chips, &all, NULL), ELC_OK);
    for (int64_t first = 0; first <= chips; first += size) {
        bool last = first + size > chips;
        elc_merger *part = all;
        merged got = {0};
        if (first < chips) {
            int64_t end = last ? chips : first + size;
            assert_int_equal(elc_merger_create(&f->grid, first, end, &part, NULL),
                             ELC_OK);
            for (int64_t i = first; i < end; i++)
                add_chip(f, part, i);
            elc_merger_take(part, &got.items, &got.n);
            elc_merger_free(part);
        }
        for (size_t i = 0; i < got.n; i++) {
            *open += got.items[i].open;
            if (got.items[i].open)
                assert_int_equal(elc_merger_add_open(all, &got.items[i], NULL), ELC_OK);
            else
                m.items[m.n++] = got.items[i];
        }
        free(got.items);
    }
    merged rest = {0};
    assert_int_equal(elc_merger_finish(all, NULL), ELC_OK);
    elc_merger_take(all, &rest.items, &rest.n);
    for (size_t i = 0; i < rest.n; i++)
        m.items[m.n++] = rest.items[i];
    free(rest.items);
    elc_merger_free(all);
    qsort(m.items, m.n, sizeof *m.items, by_place);
    return m;
}

static void test_merge_does_not_depend_on_parts(void **state) {
    fixture *f = *state;
    const int64_t sizes[] = {1, 7, 12, 64, 100000};
    merged plain = merge_in_order(f, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t open;
        merged parts = merge_in_parts(f, sizes[i], &open);
        assert_same(plain, parts);
        assert_int_equal(open == 0, sizes[i] == 100000);
        free(parts.items);
    }
    free(plain.items);
}

static void test_merge_refuses_chips_that_are_not_there(void **state) {
    fixture *f = *state;
    elc_merger *merger = NULL;
    elc_error err = {0};
    assert_int_equal(elc_merger_create(&f->grid, 3, 100000, &merger, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "100000"));
}

/* A state from another process may have no chips at all. */
static void test_merge_refuses_a_grid_without_chips(void **state) {
    (void)state;
    const elc_grid none = {0};
    elc_merger *merger = NULL;
    assert_int_equal(elc_merger_create(&none, 0, 0, &merger, NULL), ELC_E_ARGUMENT);
    assert_null(merger);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge_counts_an_object_that_both_chips_see_whole_once),
        cmocka_unit_test(test_merge_takes_the_whole_box_over_a_cut_one),
        cmocka_unit_test(test_merge_joins_two_cut_halves_of_a_long_object),
        cmocka_unit_test(test_merge_refuses_a_grid_without_chips),
        cmocka_unit_test(test_merge_keeps_neighbours_whose_boxes_overlap),
        cmocka_unit_test(test_merge_drops_what_a_chip_does_not_own),
        cmocka_unit_test(test_merge_clips_boxes_to_chip_and_image),
        cmocka_unit_test(test_merge_marks_objects_longer_than_a_chip),
        cmocka_unit_test(test_merge_gives_a_failed_chip_in_its_place),
        cmocka_unit_test(test_merge_finds_every_planted_object_once),
        cmocka_unit_test(test_merge_does_not_depend_on_the_order_of_chips),
        cmocka_unit_test(test_merge_does_not_depend_on_parts),
        cmocka_unit_test(test_merge_refuses_chips_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
