/* test_logistic.c - classes learnt from features, as scikit-learn learns them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- cases of scikit-learn ----------------------------------------------------------
 */

typedef struct set {
    char name[32];
    size_t n, d, classes;
    int scaled;
    double c, *weights, *answers; /* of each class: coefficients and intercept */
    float *x;
    int32_t *labels;
} set;

static void set_clear(set *s) {
    free(s->x);
    free(s->labels);
    free(s->weights);
    free(s->answers);
}

static double number(FILE *file) {
    double value;
    if (fscanf(file, "%lf", &value) != 1)
        fail_msg("logistic_cases.txt: a number is missing");
    return value;
}

static bool read_set(FILE *file, set *s) {
    if (fscanf(file, " case %31s %zu %zu %zu %lf %d", s->name, &s->n, &s->d,
               &s->classes, &s->c, &s->scaled) != 6)
        return false;
    s->x = malloc(s->n * s->d * sizeof *s->x);
    s->labels = malloc(s->n * sizeof *s->labels);
    s->weights = malloc(s->n * sizeof *s->weights);
    s->answers = malloc(s->classes * (s->d + 1) * sizeof *s->answers);
    for (size_t i = 0; i < s->n; i++) {
        s->labels[i] = (int32_t)number(file);
        s->weights[i] = number(file);
        for (size_t j = 0; j < s->d; j++)
            s->x[i * s->d + j] = (float)number(file);
    }
    for (size_t i = 0; i < s->classes * (s->d + 1); i++)
        s->answers[i] = number(file);
    return true;
}

static elc_logistic learn(const set *s, const elc_logistic_wish *wish, int threads) {
    elc_context context = {.threads = threads};
    elc_logistic model;
    elc_error err;
    if (elc_logistic_train(s->x, s->n, s->d, s->labels, s->classes, wish, &context,
                           &model, &err) != ELC_OK)
        fail_msg("%s: %s", s->name, err.message);
    return model;
}

/* Within 1e-6 of what the coefficients are at most. */
static void check_set(const set *s) {
    elc_logistic_wish wish = {.c = s->c,
                              .tolerance = 1e-10,
                              .standardise = s->scaled == 1,
                              .weights = s->weights};
    elc_logistic model = learn(s, &wish, 1);
    assert_true(model.converged);
    for (size_t k = 0; k < s->classes; k++) {
        for (size_t j = 0; j <= s->d; j++) {
            double wanted = s->answers[k * (s->d + 1) + j];
            double got =
                j < s->d ? model.coefficients[k * s->d + j] : model.intercepts[k];
            if (!(fabs(got - wanted) <= 1e-6 * fmax(1, fabs(wanted))))
                fail_msg("%s: class %zu, %zu: %.10g, not %.10g", s->name, k, j, got,
                         wanted);
        }
    }
    elc_logistic_clear(&model);
}

static void test_coefficients_are_those_of_scikit_learn(void **state) {
    (void)state;
    size_t count = 0;
    set s = {0};
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/learn/logistic_cases.txt", "r");
    assert_non_null(file);
    while (read_set(file, &s)) {
        check_set(&s);
        set_clear(&s);
        count++;
    }
    fclose(file);
    assert_true(count == 8);
}

/* ---- sets made here -----------------------------------------------------------------
 */

static double unit(uint64_t *state) { /* SplitMix64 */
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static set make(size_t n, size_t d, size_t classes) {
    set s = {.name = "made", .n = n, .d = d, .classes = classes, .c = 1};
    uint64_t state = 5;
    s.x = malloc(n * d * sizeof *s.x);
    s.labels = malloc(n * sizeof *s.labels);
    assert_true(s.x != NULL && s.labels != NULL);
    for (size_t i = 0; i < n; i++) {
        s.labels[i] = (int32_t)(i % classes);
        for (size_t j = 0; j < d; j++)
            s.x[i * d + j] = (float)(unit(&state) + (j % classes == i % classes) * 0.3);
    }
    return s;
}

static void assert_same(const elc_logistic *a, const elc_logistic *b) {
    size_t n = a->classes * a->features;
    assert_memory_equal(a->coefficients, b->coefficients, n * sizeof(double));
    assert_memory_equal(a->intercepts, b->intercepts, a->classes * sizeof(double));
}

static void test_any_number_of_threads_learns_the_same(void **state) {
    (void)state;
    set s = make(3000, 37, 5);
    elc_logistic_wish wish = {.c = 1};
    elc_logistic one = learn(&s, &wish, 1), two = learn(&s, &wish, 2),
                 seven = learn(&s, &wish, 7);
    assert_same(&one, &two);
    assert_same(&one, &seven);
    elc_logistic_clear(&one);
    elc_logistic_clear(&two);
    elc_logistic_clear(&seven);
    set_clear(&s);
}

/* Rows of weight 0 count as not there; a class's weight is that of its rows. */
static void test_weights_are_rows(void **state) {
    (void)state;
    set s = make(300, 5, 3);
    double *weights = malloc(300 * sizeof *weights), classes[] = {1, 2, 0.5};
    for (size_t i = 0; i < 300; i++)
        weights[i] = i < 200 ? classes[s.labels[i]] : 0;
    elc_logistic_wish by_rows = {.c = 2, .tolerance = 1e-11, .weights = weights};
    elc_logistic_wish by_class = {.c = 2, .tolerance = 1e-11, .class_weights = classes};
    elc_logistic a = learn(&s, &by_rows, 1);
    s.n = 200;
    elc_logistic b = learn(&s, &by_class, 1);
    for (size_t i = 0; i < 15; i++)
        assert_true(fabs(a.coefficients[i] - b.coefficients[i]) < 1e-7);
    elc_logistic_clear(&a);
    elc_logistic_clear(&b);
    free(weights);
    set_clear(&s);
}

/* More features than the moments are kept whole of. */
static void test_many_features_are_learnt_from(void **state) {
    (void)state;
    set s = make(60, 2100, 3);
    elc_logistic_wish wish = {.c = 0.1};
    elc_logistic model = learn(&s, &wish, 2);
    double scores[3];
    assert_true(model.converged);
    for (size_t i = 0; i < s.n; i++) {
        elc_logistic_scores(&model, s.x + i * s.d, 1, scores);
        size_t own = (size_t)s.labels[i];
        assert_true(scores[own] >= scores[0] && scores[own] >= scores[1] &&
                    scores[own] >= scores[2]);
    }
    elc_logistic_clear(&model);
    set_clear(&s);
}

/* A feature that is always the same keeps no coefficient, standardised or not. */
static void test_a_constant_feature_tells_nothing(void **state) {
    (void)state;
    set s = make(90, 4, 3);
    for (size_t i = 0; i < s.n; i++)
        s.x[i * 4 + 2] = 100;
    for (int scaled = 0; scaled < 2; scaled++) {
        elc_logistic_wish wish = {
            .c = 1, .tolerance = 1e-11, .standardise = scaled == 1};
        elc_logistic model = learn(&s, &wish, 1);
        for (size_t k = 0; k < 3; k++)
            assert_true(fabs(model.coefficients[k * 4 + 2]) < 1e-7);
        elc_logistic_clear(&model);
    }
    set_clear(&s);
}

/* ---- refusals -----------------------------------------------------------------------
 */

static void refuse(const set *s, const elc_logistic_wish *wish, elc_status wanted,
                   const char *part) {
    elc_logistic model = {0};
    elc_error err = {0};
    elc_status status = elc_logistic_train(s->x, s->n, s->d, s->labels, s->classes,
                                           wish, NULL, &model, &err);
    if (status != wanted || strstr(err.message, part) == NULL)
        fail_msg("expected \"%s\", got %s \"%s\"", part, elc_status_name(status),
                 err.message);
    assert_null(model.coefficients);
}

static void test_what_cannot_be_learnt_is_refused(void **state) {
    (void)state;
    set s = make(30, 4, 3);
    elc_logistic_wish wish = {0}, negative = {.c = -1};
    double weights[30] = {-1}, classes[] = {1, NAN, 1};
    elc_logistic_wish odd = {.weights = weights}, classy = {.class_weights = classes};
    refuse(&s, &negative, ELC_E_ARGUMENT, "C is -1");
    refuse(&s, &odd, ELC_E_ARGUMENT, "the weight of row 0 is -1");
    refuse(&s, &classy, ELC_E_ARGUMENT, "the weight of class 1 is nan");
    s.classes = 1;
    refuse(&s, &wish, ELC_E_ARGUMENT, "of one class");
    s.classes = 2;
    refuse(&s, &wish, ELC_E_ARGUMENT, "the label of row 2 is 2");
    s.classes = 4;
    refuse(&s, &wish, ELC_E_ARGUMENT, "class 3 has no row");
    s.classes = 3;
    s.x[4 * 7 + 2] = NAN;
    refuse(&s, &wish, ELC_E_ARGUMENT, "feature 2 of row 7 is NaN");
    s.x[4 * 7 + 2] = -INFINITY;
    refuse(&s, &wish, ELC_E_ARGUMENT, "feature 2 of row 7 is infinite");
    set_clear(&s);
}

static void test_cancel_ends_it(void **state) {
    (void)state;
    set s = make(3000, 37, 5);
    volatile int cancel = 1;
    elc_context context = {.threads = 2, .cancel = &cancel};
    elc_logistic_wish wish = {0};
    elc_logistic model = {0};
    assert_int_equal(elc_logistic_train(s.x, s.n, s.d, s.labels, s.classes, &wish,
                                        &context, &model, NULL),
                     ELC_E_CANCELLED);
    set_clear(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coefficients_are_those_of_scikit_learn),
        cmocka_unit_test(test_any_number_of_threads_learns_the_same),
        cmocka_unit_test(test_weights_are_rows),
        cmocka_unit_test(test_many_features_are_learnt_from),
        cmocka_unit_test(test_a_constant_feature_tells_nothing),
        cmocka_unit_test(test_what_cannot_be_learnt_is_refused),
        cmocka_unit_test(test_cancel_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
