/* test_box.c - heads of detectors on features that are made up. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 32, COLS = 40, FINE = 6, COARSE = 4, CELLS = ROWS * COLS };
static const double CELL = 4;

/* A chip whose fine features are noise and hints of objects, and whose coarse ones are
   noise alone. */
typedef struct {
    float fine[FINE * CELLS], coarse[COARSE * CELLS / 4];
    elc_box_map maps[2];
    elc_box_chip chip;
    elc_box_truth truth[16];
    size_t n_truth;
} scene;

static double unit(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

static double hint(const elc_box_truth *b, double x, double y, uint32_t kind) {
    double dx = (x - (b->xmin + b->xmax) / 2) / (b->xmax - b->xmin);
    double dy = (y - (b->ymin + b->ymax) / 2) / (b->ymax - b->ymin);
    return b->class_id == kind ? exp(-8 * (dx * dx + dy * dy)) : 0;
}

/* Channels 0 and 1 rise towards the middles of either class; 2 and 3 have their sizes.
 */
static void paint(scene *s) {
    for (size_t i = 0; i < CELLS; i++)
        for (size_t k = 0; k < s->n_truth; k++) {
            const elc_box_truth *b = &s->truth[k];
            double x = ((double)(i % COLS) + 0.5) * CELL;
            double y = ((double)(i / COLS) + 0.5) * CELL;
            s->fine[i] += (float)hint(b, x, y, 0);
            s->fine[CELLS + i] += (float)hint(b, x, y, 1);
            if (x < b->xmin || x > b->xmax || y < b->ymin || y > b->ymax)
                continue;
            s->fine[2 * CELLS + i] = (float)((b->xmax - b->xmin) / 16);
            s->fine[3 * CELLS + i] = (float)((b->ymax - b->ymin) / 16);
        }
}

static scene *make_scene(uint64_t seed) {
    scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    for (size_t i = 0; i < FINE * CELLS; i++)
        s->fine[i] = (float)(0.1 * unit(&seed));
    for (size_t i = 0; i < COARSE * CELLS / 4; i++)
        s->coarse[i] = (float)unit(&seed);
    for (s->n_truth = 0; s->n_truth < 6; s->n_truth++) {
        double x = 26 * (double)s->n_truth + 2 + 4 * unit(&seed);
        double y = 10 + 80 * unit(&seed);
        double w = 12 + 10 * unit(&seed), h = 14 + 16 * unit(&seed);
        s->truth[s->n_truth] =
            (elc_box_truth){x, y, x + w, y + h, (uint32_t)(s->n_truth % 2)};
    }
    paint(s);
    s->maps[0] = (elc_box_map){s->fine, FINE, 1};
    s->maps[1] = (elc_box_map){s->coarse, COARSE, 2};
    s->chip = (elc_box_chip){s->maps, 2, ROWS, COLS, CELL};
    return s;
}

static elc_box_known known_of(const scene *s, double background) {
    return (elc_box_known){.truth = s->truth,
                           .n_truth = s->n_truth,
                           .inside = {0, 0, COLS * CELL, ROWS * CELL},
                           .background = background,
                           .seed = 5};
}

/* Twelve chips, each its own place. */
static void collect(elc_box_cells *cells, double background) {
    for (uint32_t i = 0; i < 12; i++) {
        scene *s = make_scene(i + 1);
        elc_box_known known = known_of(s, background);
        known.place = i;
        known.seed = i;
        assert_int_equal(elc_box_cells_add(cells, &s->chip, &known, NULL), ELC_OK);
        free(s);
    }
}

static elc_box_head *train(const elc_box_cells *cells, int threads, size_t hidden,
                           size_t epochs, size_t batch) {
    elc_box_wish wish = {
        .hidden = hidden, .epochs = epochs, .batch = batch, .seed = 3, .left_out = 3};
    elc_context context = {.threads = threads};
    elc_box_result result = {0};
    elc_error err = {0};
    if (elc_box_train(cells, &wish, &context, &result, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return result.head;
}

/* ---- targets -------------------------------------------------------------------- */

static void test_a_middle_is_1_and_its_sides_are_distances(void **state) {
    (void)state;
    scene *s = make_scene(1);
    elc_box_cells cells = {.classes = 2};
    elc_box_known known = known_of(s, 1);
    s->truth[0] = (elc_box_truth){20, 40, 36, 64, 1}; /* the middle of cell 7, 13 */
    s->truth[0].xmax = 40;
    s->n_truth = known.n_truth = 1;
    assert_int_equal(elc_box_cells_add(&cells, &s->chip, &known, NULL), ELC_OK);
    assert_int_equal(cells.count, CELLS);
    size_t i = 13 * COLS + 7;
    assert_float_equal(cells.heat[2 * i + 1], 1, 1e-6);
    assert_float_equal(cells.heat[2 * i], 0, 0);
    assert_true(cells.heat[2 * (i + 1) + 1] < 0.5);
    assert_float_equal(cells.sides[4 * i], 10, 1e-6);
    assert_float_equal(cells.sides[4 * i + 1], 14, 1e-6);
    assert_float_equal(cells.sides[4 * i + 2], 10, 1e-6);
    assert_float_equal(cells.sides[4 * i + 3], 10, 1e-6);
    assert_float_equal(cells.features[i * (FINE + COARSE)], s->fine[i], 0);
    assert_float_equal(cells.features[i * (FINE + COARSE) + FINE],
                       s->coarse[6 * COLS / 2 + 3], 0);
    elc_box_cells_clear(&cells);
    free(s);
}

static void test_blind_cells_count_where_an_object_is(void **state) {
    (void)state;
    scene *s = make_scene(1);
    elc_box_cells cells = {.classes = 2};
    elc_box_known known = known_of(s, 1);
    elc_box_truth blind = {0, 0, 80, ROWS * CELL, 0};
    s->truth[0] = (elc_box_truth){20, 40, 40, 60, 1};
    known.n_truth = 1;
    known.blind = &blind;
    known.n_blind = 1;
    known.inside[3] = 64;
    assert_int_equal(elc_box_cells_add(&cells, &s->chip, &known, NULL), ELC_OK);
    assert_int_equal(cells.count, 16 * 20 + 5 * 5);
    elc_box_cells_clear(&cells);
    free(s);
}

static void test_few_of_the_background_stand_for_all(void **state) {
    (void)state;
    elc_box_cells all = {.classes = 2}, few = {.classes = 2};
    double total = 0;
    collect(&all, 1);
    collect(&few, 0.1);
    for (size_t i = 0; i < few.count; i++)
        total += few.stands[i];
    assert_true(few.count < all.count / 2);
    assert_true(fabs(total / (double)all.count - 1) < 0.1);
    elc_box_cells_clear(&all);
    elc_box_cells_clear(&few);
}

static void test_what_is_not_finite_is_refused(void **state) {
    (void)state;
    scene *s = make_scene(1);
    elc_box_cells cells = {.classes = 2};
    elc_box_known known = known_of(s, 1);
    elc_error err;
    s->fine[CELLS + 3] = NAN;
    assert_int_equal(elc_box_cells_add(&cells, &s->chip, &known, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "feature 1 of cell 3 is not finite"));
    elc_box_cells_clear(&cells);
    free(s);
}

/* ---- training ------------------------------------------------------------------- */

static float *weight_at(elc_box_head *h, size_t i) {
    size_t in = h->hidden ? h->hidden : h->channels;
    size_t sizes[] = {h->hidden * h->channels, h->hidden, (h->classes + 4) * in,
                      h->classes + 4};
    float *arrays[] = {h->first, h->first_bias, h->last, h->last_bias};
    for (size_t k = 0; k < 4; i -= sizes[k++])
        if (i < sizes[k])
            return &arrays[k][i];
    return NULL;
}

/* Numbers are float32 inside, so that a step is neither too short nor too long. */
static void check_gradient(size_t hidden) {
    elc_box_cells cells = {.classes = 2};
    collect(&cells, 0.2);
    elc_box_head *head = train(&cells, 1, hidden, 2, 100);
    double loss, *gradient = calloc(4096, sizeof *gradient), up, down;
    assert_int_equal(elc_box_loss(head, &cells, -1, &loss, gradient, NULL), ELC_OK);
    size_t checked = 0;
    for (size_t i = 0; weight_at(head, i); i++) {
        float *w = weight_at(head, i), kept = *w, step = 1e-3f;
        *w = kept + step;
        elc_box_loss(head, &cells, -1, &up, NULL, NULL);
        *w = kept - step;
        elc_box_loss(head, &cells, -1, &down, NULL, NULL);
        *w = kept;
        double seen = (up - down) / (2 * (double)step);
        if (fabs(seen - gradient[i]) > 0.02 * fabs(seen) + 0.02)
            fail_msg("weight %zu: gradient %g, seen %g", i, gradient[i], seen);
        checked += fabs(seen) > 0.05;
    }
    assert_true(checked > 20);
    free(gradient);
    elc_box_head_free(head);
    elc_box_cells_clear(&cells);
}

static void test_gradients_are_what_differences_say(void **state) {
    (void)state;
    check_gradient(8);
    check_gradient(SIZE_MAX);
}

static bool same_head(const elc_box_head *a, const elc_box_head *b) {
    size_t in = a->hidden ? a->hidden : a->channels, outputs = a->classes + 4;
    return !memcmp(a->first, b->first, a->hidden * a->channels * sizeof(float)) &&
           !memcmp(a->first_bias, b->first_bias, a->hidden * sizeof(float)) &&
           !memcmp(a->last, b->last, outputs * in * sizeof(float)) &&
           !memcmp(a->last_bias, b->last_bias, outputs * sizeof(float));
}

/* The loss of a head that doubts the second class, of cells that are all middles of
   objects. */
static double loss_of_objects(size_t of_first, size_t of_second) {
    float zero[6] = {0}, bias[6] = {0, -2}, ones[16], sides[64], heat[32];
    uint32_t place[16] = {0};
    size_t n = of_first + of_second;
    for (size_t i = 0; i < n; i++) {
        ones[i] = 1;
        heat[2 * i + (i >= of_first)] = 1;
        heat[2 * i + (i < of_first)] = 0.99F; /* so near that it costs nothing */
        for (size_t k = 0; k < 4; k++)
            sides[4 * i + k] = 8;
    }
    const elc_box_cells cells = {.channels = 1,
                                 .classes = 2,
                                 .count = n,
                                 .features = ones,
                                 .heat = heat,
                                 .sides = sides,
                                 .weight = ones,
                                 .stands = ones,
                                 .place = place};
    const elc_box_head head = {
        .channels = 1, .classes = 2, .unit_px = 16, .last = zero, .last_bias = bias};
    double loss = 0;
    assert_int_equal(elc_box_loss(&head, &cells, -1, &loss, NULL, NULL), ELC_OK);
    return loss;
}

static void test_a_rare_class_counts_as_much_as_a_frequent_one(void **state) {
    (void)state;
    assert_true(fabs(loss_of_objects(1, 1) - loss_of_objects(9, 1)) < 1e-6);
    assert_true(fabs(loss_of_objects(1, 1) - loss_of_objects(2, 8)) < 1e-6);
}

static void test_any_number_of_threads_gives_the_same_bytes(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 2};
    collect(&cells, 0.2);
    elc_box_head *one = train(&cells, 1, 24, 3, 600);
    elc_box_head *three = train(&cells, 3, 24, 3, 600);
    assert_true(same_head(one, three));
    elc_box_head_free(one);
    elc_box_head_free(three);
    elc_box_cells_clear(&cells);
}

/* Of the last layer, without another. */
static double size_of_weights(const elc_box_cells *cells, double decay) {
    elc_box_wish wish = {
        .hidden = SIZE_MAX, .epochs = 2, .decay = decay, .left_out = -1};
    elc_box_result result = {0};
    double sum = 0;
    assert_int_equal(elc_box_train(cells, &wish, NULL, &result, NULL), ELC_OK);
    for (size_t i = 0; i < 6 * result.head->channels; i++)
        sum += fabs((double)result.head->last[i]);
    elc_box_head_free(result.head);
    return sum;
}

static void test_weights_may_be_drawn_nowhere(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 2};
    collect(&cells, 0.2);
    double none = size_of_weights(&cells, -1);
    assert_true(none > size_of_weights(&cells, 1));
    assert_float_equal(none, size_of_weights(&cells, 1e-9), 1e-3);
    assert_float_equal(size_of_weights(&cells, 0), size_of_weights(&cells, 1), 0);
    elc_box_cells_clear(&cells);
}

static double iou(const elc_box_found *a, const elc_box_truth *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    double common = w > 0 && h > 0 ? w * h : 0;
    return common / ((a->xmax - a->xmin) * (a->ymax - a->ymin) +
                     (b->xmax - b->xmin) * (b->ymax - b->ymin) - common);
}

static void test_a_head_finds_what_it_never_saw(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 2};
    collect(&cells, 0.2);
    elc_box_head *head = train(&cells, 2, 16, 50, 0);
    scene *s = make_scene(99);
    elc_box_found *found;
    size_t n, right = 0;
    assert_int_equal(elc_box_head_find(head, &s->chip, 0.3f, &found, &n, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < s->n_truth; k++)
            right += found[i].class_id == s->truth[k].class_id &&
                     iou(&found[i], &s->truth[k]) > 0.5;
    assert_int_equal(right, s->n_truth);
    assert_int_equal(n, s->n_truth);
    free(found);
    free(s);
    elc_box_head_free(head);
    elc_box_cells_clear(&cells);
}

static void test_mistakes_are_what_scores_and_is_nothing(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 2}, more = {.classes = 2};
    collect(&cells, 0.2);
    elc_box_head *head = train(&cells, 2, 16, 50, 0);
    scene *s = make_scene(99);
    elc_box_known known = known_of(s, 1);
    assert_int_equal(elc_box_head_mistakes(head, &s->chip, &known, 0.3f, &more, NULL),
                     ELC_OK);
    assert_int_equal(more.count, 0);
    known.n_truth = 0;
    assert_int_equal(elc_box_head_mistakes(head, &s->chip, &known, 0.3f, &more, NULL),
                     ELC_OK);
    assert_true(more.count >= s->n_truth);
    for (size_t i = 0; i < more.count; i++)
        assert_float_equal(more.heat[2 * i] + more.heat[2 * i + 1], 0, 0);
    free(s);
    elc_box_head_free(head);
    elc_box_cells_clear(&more);
    elc_box_cells_clear(&cells);
}

static void test_a_class_without_an_object_is_refused(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 3};
    elc_box_wish wish = {.left_out = -1};
    elc_box_result result = {0};
    elc_error err;
    collect(&cells, 0.2);
    assert_int_equal(elc_box_train(&cells, &wish, NULL, &result, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "class 2 of 3 has no object"));
    elc_box_cells_clear(&cells);
}

/* Cancels when the third epoch begins. */
static void cancel_third(void *arg, const elc_progress *now) {
    if (now->done == 2)
        *(volatile int *)arg = 1;
}

static void test_cancelled_work_gives_its_best_only_if_asked(void **state) {
    (void)state;
    elc_box_cells cells = {.classes = 2};
    volatile int cancel = 0;
    elc_context context = {.threads = 1,
                           .cancel = &cancel,
                           .progress = cancel_third,
                           .arg = (void *)&cancel};
    elc_box_wish wish = {.left_out = 3};
    elc_box_result result = {0};
    collect(&cells, 0.2);
    assert_int_equal(elc_box_train(&cells, &wish, &context, &result, NULL),
                     ELC_E_CANCELLED);
    assert_null(result.head);
    wish.keep = true;
    assert_int_equal(elc_box_train(&cells, &wish, &context, &result, NULL),
                     ELC_E_CANCELLED); /* before the first epoch's end */
    assert_null(result.head);
    cancel = 0;
    assert_int_equal(elc_box_train(&cells, &wish, &context, &result, NULL), ELC_OK);
    assert_non_null(result.head);
    assert_true(result.stopped);
    assert_int_equal(result.epochs, 2);
    elc_box_head_free(result.head);
    elc_box_cells_clear(&cells);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_middle_is_1_and_its_sides_are_distances),
        cmocka_unit_test(test_blind_cells_count_where_an_object_is),
        cmocka_unit_test(test_few_of_the_background_stand_for_all),
        cmocka_unit_test(test_what_is_not_finite_is_refused),
        cmocka_unit_test(test_gradients_are_what_differences_say),
        cmocka_unit_test(test_a_rare_class_counts_as_much_as_a_frequent_one),
        cmocka_unit_test(test_any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(test_a_head_finds_what_it_never_saw),
        cmocka_unit_test(test_mistakes_are_what_scores_and_is_nothing),
        cmocka_unit_test(test_weights_may_be_drawn_nowhere),
        cmocka_unit_test(test_a_class_without_an_object_is_refused),
        cmocka_unit_test(test_cancelled_work_gives_its_best_only_if_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
