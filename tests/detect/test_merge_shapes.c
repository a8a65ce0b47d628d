/* test_merge_shapes.c - oriented boxes and masks merge by their true shapes: diagonal
   rows, whose envelopes overlap, lose and double nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { SIZE = 3000, MOST = 4000 };

/* ---- planted rectangles ------------------------------------------------------------
 */

typedef struct town {
    elc_turned cars[MOST];
    size_t n;
    elc_grid grid;
    bool masks; /* chips show pixels, else turned boxes */
} town;

static void corner(const elc_turned *t, int i, double *x, double *y) {
    double along = (i == 0 || i == 3 ? -0.5 : 0.5) * t->width;
    double across = (i < 2 ? -0.5 : 0.5) * t->height;
    *x = t->x + along * cos(t->angle) - across * sin(t->angle);
    *y = t->y + along * sin(t->angle) + across * cos(t->angle);
}

static bool is_inside(const elc_turned *t, double x, double y) {
    double dx = x - t->x, dy = y - t->y;
    return fabs(dx * cos(t->angle) + dy * sin(t->angle)) <= t->width / 2 &&
           fabs(dy * cos(t->angle) - dx * sin(t->angle)) <= t->height / 2;
}

/* Whether a car has room: no sample of it, with a margin, is in another. */
static bool has_room(const town *t, elc_turned car) {
    for (int i = 0; i < 4; i++) {
        double x, y;
        corner(&car, i, &x, &y);
        if (x < 1 || y < 1 || x > SIZE - 1 || y > SIZE - 1)
            return false;
    }
    for (size_t k = 0; k < t->n; k++) {
        if (hypot(t->cars[k].x - car.x, t->cars[k].y - car.y) > 120)
            continue;
        for (int i = 0; i <= 40; i++)
            for (int j = 0; j <= 10; j++) {
                double along = (i / 40.0 - 0.5) * (car.width + 1);
                double across = (j / 10.0 - 0.5) * (car.height + 1);
                double x = car.x + along * cos(car.angle) - across * sin(car.angle);
                double y = car.y + along * sin(car.angle) + across * cos(car.angle);
                if (is_inside(&t->cars[k], x, y))
                    return false;
            }
    }
    return true;
}

/* Rows side by side at any angle, 17 px from each other, cars or buses, and some alone.
 */
static void plant(town *t, size_t total, uint64_t seed) {
    while (t->n < total) {
        double x = sim_unit(&seed) * SIZE, y = sim_unit(&seed) * SIZE;
        double angle = sim_unit(&seed) * M_PI;
        bool row = sim_unit(&seed) < 0.7, buses = sim_unit(&seed) < 0.5;
        int n = row ? 4 + (int)(sim_next(&seed) % 20) : 1;
        for (int i = 0; i < n && t->n < total; i++) {
            elc_turned car = {x - sin(angle) * 17 * i, y + cos(angle) * 17 * i,
                              buses ? 90 : 36, 15, angle};
            if (has_room(t, car))
                t->cars[t->n++] = car;
        }
    }
}

/* ---- what a chip shows -------------------------------------------------------------
 */

typedef struct outline {
    int n;
    double at[16][2];
} outline;

/* Keeps the side of one axis that is at least (sign 1) or at most (sign -1) a value. */
static outline keep(outline in, int axis, double value, double sign) {
    outline out = {0};
    for (int i = 0; i < in.n; i++) {
        const double *p = in.at[i], *q = in.at[(i + 1) % in.n];
        double of_p = sign * (p[axis] - value), of_q = sign * (q[axis] - value);
        if (of_p >= 0)
            memcpy(out.at[out.n++], p, sizeof out.at[0]);
        if ((of_p > 0) != (of_q > 0) && of_p != 0 && of_q != 0)
            for (int k = 0, to = out.n++; k < 2; k++)
                out.at[to][k] = p[k] + (q[k] - p[k]) * of_p / (of_p - of_q);
    }
    return out;
}

static outline seen_of(const elc_turned *car, elc_window w) {
    outline shape = {.n = 4};
    for (int i = 0; i < 4; i++)
        corner(car, i, &shape.at[i][0], &shape.at[i][1]);
    shape = keep(shape, 0, (double)w.x, 1);
    shape = keep(shape, 0, (double)(w.x + w.width), -1);
    shape = keep(shape, 1, (double)w.y, 1);
    return keep(shape, 1, (double)(w.y + w.height), -1);
}

static double area_of(const outline *shape) {
    double twice = 0;
    for (int i = 0; i < shape->n; i++) {
        const double *p = shape->at[i], *q = shape->at[(i + 1) % shape->n];
        twice += p[0] * q[1] - p[1] * q[0];
    }
    return twice / 2;
}

/* The box along the car's angle around what is seen, its sides off by up to 0.8 px. */
static elc_turned around(const elc_turned *car, const outline *seen, uint64_t *seed) {
    double low[2] = {1e9, 1e9}, high[2] = {-1e9, -1e9};
    double c = cos(car->angle), s = sin(car->angle);
    for (int i = 0; i < seen->n; i++) {
        double x = seen->at[i][0], y = seen->at[i][1];
        double at[2] = {x * c + y * s, y * c - x * s};
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], at[k]);
            high[k] = fmax(high[k], at[k]);
        }
    }
    for (int k = 0; k < 2; k++) {
        low[k] += 0.8 * (2 * sim_unit(seed) - 1);
        high[k] = fmax(high[k] + 0.8 * (2 * sim_unit(seed) - 1), low[k] + 0.1);
    }
    double x = (low[0] + high[0]) / 2, y = (low[1] + high[1]) / 2;
    return (elc_turned){x * c - y * s, x * s + y * c, high[0] - low[0],
                        high[1] - low[1], car->angle};
}

static void set_envelope(elc_box *box) {
    box->xmin = box->ymin = 1e9;
    box->xmax = box->ymax = -1e9;
    for (int i = 0; i < 4; i++) {
        double x, y;
        corner(&box->turned, i, &x, &y);
        box->xmin = fmin(box->xmin, x);
        box->ymin = fmin(box->ymin, y);
        box->xmax = fmax(box->xmax, x);
        box->ymax = fmax(box->ymax, y);
    }
}

/* The pixels of a car inside of a window, and their envelope as the box. */
static void set_mask(elc_box *box, const elc_turned *car, elc_window w) {
    enum { HALF = 60 };
    box->mask = calloc(1, sizeof *box->mask + 3 * HALF * sizeof *box->mask->runs);
    *box = (elc_box){.xmin = 1e9, .ymin = 1e9, .score = box->score, .mask = box->mask};
    for (int y = (int)car->y - HALF; y < (int)car->y + HALF; y++) {
        int start = -1, end = -1;
        for (int x = (int)car->x - HALF; x < (int)car->x + HALF; x++)
            if (x >= w.x && x < w.x + w.width && y >= w.y && y < w.y + w.height &&
                is_inside(car, x + 0.5, y + 0.5)) {
                start = start < 0 ? x : start;
                end = x + 1;
            }
        if (start < 0)
            continue;
        box->mask->runs[box->mask->n++] = (elc_run){y, start, end};
        box->xmin = fmin(box->xmin, start);
        box->xmax = fmax(box->xmax, end);
        box->ymin = fmin(box->ymin, y);
        box->ymax = y + 1;
    }
}

static size_t see(const town *t, elc_window w, uint64_t seed, elc_box *out) {
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const elc_turned *car = &t->cars[i];
        if (car->x < (double)w.x - 60 || car->x > (double)(w.x + w.width) + 60 ||
            car->y < (double)w.y - 60 || car->y > (double)(w.y + w.height) + 60)
            continue;
        outline seen = seen_of(car, w);
        if (seen.n < 3 || area_of(&seen) < 0.1 * car->width * car->height)
            continue;
        elc_box *box = &out[n++];
        *box = (elc_box){.score = (float)(0.5 + 0.45 * sim_unit(&seed))};
        if (t->masks) {
            set_mask(box, car, w);
        } else {
            box->turned = around(car, &seen, &seed);
            set_envelope(box);
        }
    }
    return n;
}

static void add_chip(const town *t, elc_merger *merger, int64_t chip) {
    static elc_box seen[MOST];
    size_t n = see(t, elc_grid_window(&t->grid, chip), (uint64_t)chip, seen);
    if (!t->masks)
        assert_int_equal(elc_nms(seen, &n, 0.5, false, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, chip, seen, n, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++)
        elc_box_clear(&seen[i]);
}

/* ---- merged ------------------------------------------------------------------------
 */

typedef struct merged {
    elc_detection *items;
    size_t n;
} merged;

static void merged_free(merged *m) {
    for (size_t i = 0; i < m->n; i++)
        elc_detection_clear(&m->items[i]);
    free(m->items);
}

static merged merge_all(const town *t) {
    elc_merger *merger = NULL;
    merged m = {0};
    int64_t chips = elc_grid_count(&t->grid);
    assert_int_equal(elc_merger_create(&t->grid, 0, chips, &merger, NULL), ELC_OK);
    for (int64_t i = 0; i < chips; i++)
        add_chip(t, merger, chips - 1 - i);
    elc_merger_take(merger, &m.items, &m.n);
    elc_merger_free(merger);
    return m;
}

/* The planted car as chips would show all of it. */
static elc_box whole(const town *t, size_t i) {
    elc_box box = {.turned = t->cars[i]};
    set_envelope(&box);
    if (t->masks)
        set_mask(&box, &t->cars[i], (elc_window){0, 0, SIZE, SIZE});
    return box;
}

static void assert_each_once(const town *t, const merged *m, double least) {
    assert_int_equal(m->n, t->n);
    for (size_t i = 0; i < t->n; i++) {
        elc_box car = whole(t, i);
        double best = 0;
        for (size_t k = 0; k < m->n; k++)
            best = fmax(best, elc_box_iou(&car, &m->items[k].box));
        if (best < least)
            fail_msg("car %zu at %g, %g: the best overlap is %g", i, t->cars[i].x,
                     t->cars[i].y, best);
        elc_box_clear(&car);
    }
}

static town *town_of(bool masks, size_t total) {
    town *t = calloc(1, sizeof *t);
    t->masks = masks;
    assert_int_equal(
        elc_grid_create(SIZE, SIZE, 320, 320, 96, 96, 32, false, &t->grid, NULL),
        ELC_OK);
    plant(t, total, 3);
    return t;
}

static void test_oriented_boxes_of_diagonal_rows_are_each_one_object(void **state) {
    (void)state;
    town *t = town_of(false, 2000);
    merged m = merge_all(t);
    assert_each_once(t, &m, 0.7);
    merged_free(&m);
    free(t);
}

static void test_masks_of_diagonal_rows_are_each_one_object(void **state) {
    (void)state;
    town *t = town_of(true, 2000);
    merged m = merge_all(t);
    assert_each_once(t, &m, 1);
    merged_free(&m);
    free(t);
}

/* Objects longer than the overlap, which no chip shows whole. */
static void test_cut_views_are_joined_along_the_object(void **state) {
    (void)state;
    for (int masks = 0; masks < 2; masks++) {
        town *t = town_of(masks, 0);
        assert_int_equal(
            elc_grid_create(SIZE, SIZE, 320, 320, 64, 64, 32, false, &t->grid, NULL),
            ELC_OK);
        for (int i = 0; i < 40; i++) {
            elc_turned car = {256 + 24, 60 + 65.0 * i, 95, 15, 0.05 * (i % 7) - 0.15};
            t->cars[t->n++] = car;
        }
        merged m = merge_all(t);
        size_t cut = 0;
        for (size_t i = 0; i < m.n; i++)
            cut += m.items[i].touches_border;
        assert_true(cut > 20);
        assert_each_once(t, &m, masks ? 1 : 0.8);
        merged_free(&m);
        free(t);
    }
}

/* Two that cross have one envelope: only their shapes tell them apart. */
static void test_objects_that_cross_stay_two(void **state) {
    (void)state;
    elc_grid grid;
    elc_merger *merger = NULL;
    merged m = {0};
    elc_box up = {.turned = {90, 50, 12, 2, M_PI / 4}, .score = 0.9f};
    elc_box down = {.turned = {90, 50, 12, 2, -M_PI / 4}, .score = 0.8f};
    set_envelope(&up);
    set_envelope(&down);
    elc_box left[2] = {up, down}, right[2] = {down, up};
    right[0].score = 0.7f;
    right[1].score = 0.6f;
    assert_int_equal(elc_grid_create(180, 100, 100, 100, 20, 20, 1, true, &grid, NULL),
                     ELC_OK);
    assert_int_equal(elc_merger_create(&grid, 0, 2, &merger, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, 0, left, 2, NULL), ELC_OK);
    assert_int_equal(elc_merger_add(merger, 1, right, 2, NULL), ELC_OK);
    elc_merger_take(merger, &m.items, &m.n);
    elc_merger_free(merger);
    assert_int_equal(m.n, 2);
    assert_true(m.items[0].box.turned.angle != m.items[1].box.turned.angle);
    for (size_t i = 0; i < 2; i++) {
        bool is_up = m.items[i].box.turned.angle > 0;
        assert_true(m.items[i].box.score == (is_up ? 0.9f : 0.8f));
    }
    merged_free(&m);
}

/* ---- parts -------------------------------------------------------------------------
 */

static int by_order(const void *p, const void *q) {
    const elc_detection *a = p, *b = q;
    if (a->first_chip != b->first_chip)
        return a->first_chip < b->first_chip ? -1 : 1;
    return elc_box_compare(&a->box, &b->box);
}

static void take(elc_merger *from, elc_merger *open_to, merged *m) {
    elc_detection *items = NULL;
    size_t n = 0;
    elc_merger_take(from, &items, &n);
    for (size_t i = 0; i < n; i++) {
        if (!items[i].open) {
            m->items[m->n++] = items[i];
            continue;
        }
        assert_int_equal(elc_merger_add_open(open_to, &items[i], NULL), ELC_OK);
        elc_detection_clear(&items[i]);
    }
    free(items);
}

static merged merge_in_parts(const town *t, int64_t size) {
    int64_t chips = elc_grid_count(&t->grid);
    merged m = {calloc(2 * MOST, sizeof *m.items), 0};
    elc_merger *all = NULL;
    assert_int_equal(elc_merger_create(&t->grid, 0, chips, &all, NULL), ELC_OK);
    for (int64_t first = 0; first < chips; first += size) {
        int64_t end = first + size < chips ? first + size : chips;
        elc_merger *part = NULL;
        assert_int_equal(elc_merger_create(&t->grid, first, end, &part, NULL), ELC_OK);
        for (int64_t i = first; i < end; i++)
            add_chip(t, part, i);
        take(part, all, &m);
        elc_merger_free(part);
    }
    assert_int_equal(elc_merger_finish(all, NULL), ELC_OK);
    take(all, NULL, &m);
    elc_merger_free(all);
    return m;
}

static void test_parts_give_the_same_shapes(void **state) {
    (void)state;
    static const int64_t sizes[] = {1, 7, 13, 50};
    for (int masks = 0; masks < 2; masks++) {
        town *t = town_of(masks, 700);
        merged one = merge_all(t);
        qsort(one.items, one.n, sizeof *one.items, by_order);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            merged parts = merge_in_parts(t, sizes[i]);
            qsort(parts.items, parts.n, sizeof *parts.items, by_order);
            assert_int_equal(parts.n, one.n);
            for (size_t k = 0; k < one.n; k++)
                assert_int_equal(by_order(&one.items[k], &parts.items[k]), 0);
            merged_free(&parts);
        }
        merged_free(&one);
        free(t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oriented_boxes_of_diagonal_rows_are_each_one_object),
        cmocka_unit_test(test_masks_of_diagonal_rows_are_each_one_object),
        cmocka_unit_test(test_cut_views_are_joined_along_the_object),
        cmocka_unit_test(test_objects_that_cross_stay_two),
        cmocka_unit_test(test_parts_give_the_same_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
