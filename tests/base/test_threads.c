/* test_threads.c - threads, cancel, warnings and progress. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pthread.h>

/* ---- threads ----------------------------------------------------------------- */

typedef struct {
    pthread_t ids[8];
    pthread_barrier_t all;
} meeting;

static elc_status meet(void *arg, int index, elc_error *err) {
    meeting *m = arg;
    (void)err;
    m->ids[index] = pthread_self();
    pthread_barrier_wait(&m->all);
    return ELC_OK;
}

static void test_threads_run_at_once_and_each_alone(void **state) {
    (void)state;
    meeting m;
    pthread_barrier_init(&m.all, NULL, 8);
    assert_int_equal(elc_threads_run(8, meet, &m, NULL), ELC_OK);
    pthread_barrier_destroy(&m.all);
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < i; j++)
            assert_false(pthread_equal(m.ids[i], m.ids[j]));
    }
}

static elc_status fail_from_two(void *arg, int index, elc_error *err) {
    pthread_barrier_wait(arg);
    if (index < 2)
        return ELC_OK;
    return elc_fail(err, index == 2 ? ELC_E_IO : ELC_E_MODEL, "part %d", index);
}

static void test_threads_give_the_first_failure(void **state) {
    (void)state;
    pthread_barrier_t all;
    elc_error err = {0};
    pthread_barrier_init(&all, NULL, 6);
    assert_int_equal(elc_threads_run(6, fail_from_two, &all, &err), ELC_E_IO);
    assert_string_equal(err.message, "part 2");
    assert_int_equal(err.status, ELC_E_IO);
    assert_int_equal(elc_threads_run(6, fail_from_two, &all, NULL), ELC_E_IO);
    pthread_barrier_destroy(&all);
}

static void test_threads_must_be_one_at_least(void **state) {
    (void)state;
    elc_error err = {0};
    assert_int_equal(elc_threads_run(0, meet, NULL, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message, "threads: 0 asked for, at least 1");
}

/* ---- cancel, warnings, progress ---------------------------------------------- */

typedef struct {
    elc_context context;
    int inside, most, calls; /* plain: the library must keep calls apart */
    char line[100];
} listener;

static void heard(listener *l) {
    l->most = ++l->inside > l->most ? l->inside : l->most;
    l->calls++;
    l->inside--;
}

static void on_progress(void *arg, const elc_progress *now) {
    assert_string_equal(now->unit, "chips");
    heard(arg);
}

static void on_warn(void *arg, const char *line) {
    listener *l = arg;
    strncpy(l->line, line, sizeof l->line - 1);
    heard(l);
}

static void listen(listener *l) {
    *l = (listener){.context = {.progress = on_progress, .warn = on_warn, .arg = l}};
}

static elc_status talk(void *arg, int index, elc_error *err) {
    listener *l = arg;
    const elc_progress now = {.unit = "chips", .done = 1, .total = 2};
    (void)err;
    for (int i = 0; i < 1000; i++) {
        elc_report(&l->context, &now);
        elc_warn(&l->context, "thread %d", index);
    }
    return ELC_OK;
}

static void test_callbacks_are_called_one_at_a_time(void **state) {
    (void)state;
    listener l;
    listen(&l);
    assert_int_equal(elc_threads_run(4, talk, &l, NULL), ELC_OK);
    assert_int_equal(l.calls, 8000);
    assert_int_equal(l.most, 1);
}

static void warn_again(void *arg, const elc_progress *now) {
    listener *l = arg;
    (void)now;
    elc_warn(&l->context, "from within");
}

static void test_a_callback_may_warn(void **state) {
    (void)state;
    listener l;
    listen(&l);
    l.context.progress = warn_again;
    elc_report(&l.context, &(elc_progress){0});
    assert_string_equal(l.line, "from within");
}

static void test_a_warning_is_one_line(void **state) {
    (void)state;
    listener l;
    listen(&l);
    elc_warn(&l.context, "%s\nno georeference", "a.tif");
    assert_string_equal(l.line, "a.tif no georeference");
}

static void test_no_listener_is_fine(void **state) {
    (void)state;
    const elc_context deaf = {0};
    elc_warn(NULL, "x");
    elc_warn(&deaf, "x");
    elc_report(NULL, &(elc_progress){0});
    elc_report(&deaf, &(elc_progress){0});
    assert_int_equal(elc_check_cancel(NULL, NULL), ELC_OK);
    assert_int_equal(elc_check_cancel(&deaf, NULL), ELC_OK);
}

static void test_cancel_ends_work_once_it_is_set(void **state) {
    (void)state;
    volatile int cancel = 0;
    const elc_context context = {.cancel = &cancel};
    elc_error err = {0};
    assert_int_equal(elc_check_cancel(&context, &err), ELC_OK);
    cancel = 1;
    assert_int_equal(elc_check_cancel(&context, &err), ELC_E_CANCELLED);
    assert_string_equal(err.message, "cancelled");
}

static void test_context_threads_default_to_the_processors(void **state) {
    (void)state;
    assert_int_equal(elc_context_threads(NULL), elc_cpu_count());
    assert_int_equal(elc_context_threads(&(elc_context){0}), elc_cpu_count());
    assert_int_equal(elc_context_threads(&(elc_context){.threads = 3}), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_run_at_once_and_each_alone),
        cmocka_unit_test(test_threads_give_the_first_failure),
        cmocka_unit_test(test_threads_must_be_one_at_least),
        cmocka_unit_test(test_callbacks_are_called_one_at_a_time),
        cmocka_unit_test(test_a_callback_may_warn),
        cmocka_unit_test(test_a_warning_is_one_line),
        cmocka_unit_test(test_no_listener_is_fine),
        cmocka_unit_test(test_cancel_ends_work_once_it_is_set),
        cmocka_unit_test(test_context_threads_default_to_the_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
