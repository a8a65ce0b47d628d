/* test_runner.c - the local runner: same rows whatever the threads and parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toys.h"

#include <setjmp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* A run with what it borrows. */
typedef struct {
    toy_watch watch;
    elc_context context;
    elc_options *options;
    elc_call call;
    elc_run *run;
    struct ArrowArrayStream table;
} started;

static void create(started *s, const elc_operator *op, const char *settings,
                   int threads, uint64_t part_units) {
    elc_error err = {0};
    memset(s, 0, sizeof *s);
    s->context = toy_context(threads, &s->watch);
    s->options = toy_options(op, settings);
    s->call =
        (elc_call){op, s->options, NULL, &s->context, part_units, false, false, NULL};
    if (elc_run_create(&s->call, &s->run, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void start(started *s, const elc_operator *op, const char *settings, int threads,
                  uint64_t part_units) {
    elc_error err = {0};
    create(s, op, settings, threads, part_units);
    if (elc_run_table(s->run, &s->table, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void finish(started *s) {
    elc_stream_release(&s->table);
    elc_run_free(s->run);
    elc_options_free(s->options);
    assert_int_equal(atomic_load(&s->watch.live), 0);
    assert_int_equal(atomic_load(&s->watch.open), 0);
}

static size_t count_lines(const char *text) {
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* The rows of numbers before `end`, made another way. */
static elc_string numbers_until(int64_t end) {
    static const char *const words[] = {"zero", "one", "two",   "three", "four",
                                        "five", "six", "seven", "eight", "nine"};
    elc_string text = {0};
    elc_string_append(&text, "", 0, NULL);
    for (int64_t id = 0; id < end; id++)
        elc_string_printf(&text, NULL, "id=%lld square=%lld word=%s\n", (long long)id,
                          (long long)(id * id), id % 11 == 3 ? "NULL" : words[id % 10]);
    return text;
}

/* The rows of sums, made another way. */
static elc_string expected_sums(int64_t scopes, int64_t items, int64_t size) {
    elc_string text = {0};
    for (int64_t s = 0; s < scopes; s++) {
        for (int64_t first = 0; first < items + s; first += size) {
            int64_t sum = 0;
            for (int64_t i = first; i < first + size && i < items + s; i++)
                sum += i;
            elc_string_printf(&text, NULL,
                              "scope=%lld bucket=%lld sum=%lld place=NULL\n",
                              (long long)s, (long long)(first / size), (long long)sum);
        }
    }
    elc_string_printf(&text, NULL, "--\n");
    for (int64_t s = 0; s < scopes; s++)
        elc_string_printf(&text, NULL, "scope=%lld note=%lld items place=NULL\n",
                          (long long)s, (long long)(items + s));
    return text;
}

static const int threads[] = {1, 2, 8};
static const uint64_t sizes[] = {0, 1, 2, 7, 13, 1000};

static void test_runner_gives_rows_in_plan_order_whatever_the_parts(void **state) {
    (void)state;
    elc_string expected = numbers_until(100);
    for (size_t t = 0; t < 3; t++) {
        for (size_t s = 0; s < 6; s++) {
            elc_string text = toy_run(&toy_numbers, NULL, threads[t], sizes[s]);
            assert_string_equal(text.data, expected.data);
            elc_string_free(&text);
        }
    }
    elc_string_free(&expected);
}

static void test_runner_settles_scopes_the_same_whatever_the_parts(void **state) {
    (void)state;
    elc_string expected = expected_sums(3, 50, 6);
    for (size_t t = 0; t < 3; t++) {
        for (size_t s = 0; s < 6; s++) {
            elc_string text = toy_run(&toy_sums, NULL, threads[t], sizes[s]);
            assert_string_equal(text.data, expected.data);
            elc_string_free(&text);
        }
    }
    elc_string_free(&expected);
}

static void test_runner_settles_many_groups(void **state) {
    (void)state;
    elc_string expected = expected_sums(1, 60000, 3);
    elc_string text = toy_run(&toy_sums, "scopes=1 items=60000 bucket=3", 2, 2);
    assert_string_equal(text.data, expected.data);
    elc_string_free(&text);
    elc_string_free(&expected);
}

static void test_runner_settles_large_batches(void **state) {
    (void)state;
    elc_string expected = expected_sums(2, 30000, 3);
    for (uint64_t size = 500; size <= 10000; size *= 5) {
        elc_string text =
            toy_run(&toy_sums, "scopes=2 items=30000 bucket=3 batch=700", 2, size + 1);
        assert_string_equal(text.data, expected.data);
        elc_string_free(&text);
    }
    elc_string_free(&expected);
}

static void test_runner_shows_the_plan(void **state) {
    (void)state;
    started s;
    create(&s, &toy_sums, "scopes=2 items=10", 1, 4);
    const elc_plan *plan = elc_run_plan(s.run);
    assert_int_equal(plan->count, 6);
    assert_int_equal(plan->parts[2].scope, 0);
    assert_int_equal(plan->parts[3].scope, 3);
    finish(&s);
}

static void test_runner_leaves_hidden_columns_out_of_the_schema(void **state) {
    (void)state;
    started s;
    struct ArrowSchema schema;
    start(&s, &toy_sums, NULL, 2, 7);
    assert_int_equal(elc_stream_schema(&s.table, &schema, NULL), ELC_OK);
    assert_int_equal(schema.n_children, 4);
    assert_string_equal(schema.children[0]->name, "scope");
    assert_string_equal(schema.children[3]->name, "place");
    assert_non_null(schema.children[3]->metadata);
    elc_schema_release(&schema);
    finish(&s);
}

static void test_runner_empty_plan_is_an_empty_table(void **state) {
    (void)state;
    elc_string text = toy_run(&toy_numbers, "items=0", 4, 5);
    assert_string_equal(text.data, "");
    elc_string_free(&text);
    text = toy_run(&toy_sums, "scopes=0", 4, 5);
    assert_string_equal(text.data, "--\n");
    elc_string_free(&text);
}

static void test_runner_empty_plan_has_the_declared_columns(void **state) {
    (void)state;
    started s;
    struct ArrowSchema schema;
    start(&s, &toy_sums, "scopes=0", 2, 7);
    assert_int_equal(elc_stream_schema(&s.table, &schema, NULL), ELC_OK);
    assert_int_equal(schema.n_children, 4);
    assert_string_equal(schema.children[2]->name, "sum");
    elc_schema_release(&schema);
    finish(&s);
}

static void test_runner_deals_threads_out_to_parts(void **state) {
    (void)state;
    const struct {
        int threads;
        uint64_t part_units;
        int each;
    } cases[] = {{8, 0, 8}, {8, 50, 4}, {8, 40, 2}, {8, 1, 1}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        started s;
        start(&s, &toy_numbers, NULL, cases[i].threads, cases[i].part_units);
        elc_string text = toy_text(&s.table);
        assert_int_equal(atomic_load(&s.watch.threads), cases[i].each);
        assert_true(atomic_load(&s.watch.most_open) <= cases[i].threads);
        elc_string_free(&text);
        finish(&s);
    }
}

static void test_runner_gives_the_rows_before_a_failure_and_its_message(void **state) {
    (void)state;
    elc_string expected = numbers_until(56);
    for (size_t t = 0; t < 3; t++) {
        started s;
        elc_string text = {0};
        elc_error err = {0};
        start(&s, &toy_numbers, "fail_at=56 batch=4", threads[t], 8);
        assert_int_equal(toy_read(&s.table, &text, &err), ELC_E_IO);
        assert_string_equal(err.message, "numbers: 56 cannot be read");
        assert_string_equal(text.data, expected.data);
        assert_true(atomic_load(&s.watch.opened) <= 8 + 2 * threads[t]);
        elc_string_free(&text);
        finish(&s);
    }
    elc_string_free(&expected);
}

static void test_runner_tells_the_first_failure_of_the_plan(void **state) {
    (void)state;
    for (int round = 0; round < 20; round++) {
        started s;
        elc_string text = {0};
        elc_error err = {0};
        /* The slow part 5 fails long after parts 6 and 7 could have been done. */
        start(&s, &toy_numbers, "items=80 fail_at=55 slow=5 batch=2", 4, 10);
        assert_int_equal(toy_read(&s.table, &text, &err), ELC_E_IO);
        assert_int_equal(count_lines(text.data), 54);
        assert_int_equal(toy_read(&s.table, &text, &err), ELC_E_IO);
        elc_string_free(&text);
        finish(&s);
    }
}

static void test_runner_fails_at_once_when_the_first_part_does_not_open(void **state) {
    (void)state;
    started s;
    elc_error err = {0};
    create(&s, &toy_numbers, NULL, 2, 50);
    elc_plan *plan = (elc_plan *)(uintptr_t)elc_run_plan(s.run);
    plan->parts[0].size = 3;
    assert_int_equal(elc_run_table(s.run, &s.table, &err), ELC_E_FORMAT);
    assert_string_equal(err.message, "numbers: a part of 3 bytes");
    assert_null(s.table.release);
    finish(&s);
}

static void test_runner_ends_when_cancelled(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        started s;
        elc_error err = {0};
        struct ArrowArray batch = {0};
        start(&s, &toy_numbers, "items=1000000", threads[t], 1000);
        assert_int_equal(elc_stream_next(&s.table, &batch, NULL), ELC_OK);
        elc_array_release(&batch);
        atomic_store(&s.watch.cancel, 1);
        assert_int_equal(elc_stream_next(&s.table, &batch, &err), ELC_E_CANCELLED);
        assert_true(atomic_load(&s.watch.opened) < 100);
        finish(&s);
    }
}

static void *cancel_soon(void *arg) {
    toy_watch *watch = arg;
    usleep(50000);
    atomic_store(&watch->cancel, 1);
    return NULL;
}

static void test_runner_cancels_a_part_that_gives_nothing(void **state) {
    (void)state;
    started s;
    pthread_t thread;
    elc_string text = {0};
    start(&s, &toy_numbers, "stall=5 batch=1", 2, 50);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &s.watch), 0);
    assert_int_equal(toy_read(&s.table, &text, NULL), ELC_E_CANCELLED);
    pthread_join(thread, NULL);
    elc_string_free(&text);
    finish(&s);
}

static void test_runner_stops_the_parts_after_a_failure(void **state) {
    (void)state;
    started s;
    /* Parts 0 and 2 fill their queues and wait; part 1 fails, so that 2 has no use. */
    start(&s, &toy_numbers, "items=3000000 batch=10 slow=1 fail_at=1000000", 3,
          1000000);
    for (int i = 0; i < 3000 && (atomic_load(&s.watch.opened) < 2 ||
                                 atomic_load(&s.watch.open) > 1);
         i++)
        usleep(10000);
    assert_int_equal(atomic_load(&s.watch.open), 1);
    finish(&s);
}

static void test_runner_notices_a_cancel_while_it_waits(void **state) {
    (void)state;
    started s;
    struct ArrowArray batch = {0};
    elc_status status = ELC_OK;
    double before = elc_clock();
    start(&s, &toy_numbers, "items=1000000 slow=0 batch=1", 1, 0);
    for (int i = 0; status == ELC_OK; i++) {
        status = elc_stream_next(&s.table, &batch, NULL);
        if (status == ELC_OK)
            elc_array_release(&batch);
        if (i == 3)
            atomic_store(&s.watch.cancel, 1);
    }
    assert_int_equal(status, ELC_E_CANCELLED);
    assert_true(elc_clock() - before < 60);
    finish(&s);
}

static void test_runner_does_not_start_when_cancelled(void **state) {
    (void)state;
    started s;
    create(&s, &toy_numbers, NULL, 2, 5);
    atomic_store(&s.watch.cancel, 1);
    assert_int_equal(elc_run_table(s.run, &s.table, NULL), ELC_E_CANCELLED);
    finish(&s);
}

static void test_runner_stops_when_its_stream_is_released(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        started s;
        struct ArrowArray batch = {0};
        start(&s, &toy_numbers, "items=1000000", threads[t], 1000);
        assert_int_equal(elc_stream_next(&s.table, &batch, NULL), ELC_OK);
        elc_stream_release(&s.table);
        assert_int_equal(atomic_load(&s.watch.open), 0);
        assert_true(atomic_load(&s.watch.opened) <= 2 * threads[t]);
        elc_array_release(&batch);
        finish(&s);
    }
}

static void test_runner_batches_outlive_the_run(void **state) {
    (void)state;
    started s;
    struct ArrowArray batch = {0};
    struct ArrowSchema schema;
    elc_rows *rows;
    start(&s, &toy_sums, "scopes=1", 2, 0);
    assert_int_equal(elc_stream_schema(&s.table, &schema, NULL), ELC_OK);
    do {
        elc_array_release(&batch);
        assert_int_equal(elc_stream_next(&s.table, &batch, NULL), ELC_OK);
    } while (batch.length < 3);
    finish(&s);
    assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
    assert_int_equal(elc_rows_int(rows, 0, 0), 0);
    elc_rows_free(rows);
    elc_array_release(&batch);
    elc_schema_release(&schema);
}

static void test_runner_table_is_taken_once(void **state) {
    (void)state;
    started s;
    struct ArrowArrayStream second = {0};
    elc_error err = {0};
    start(&s, &toy_numbers, NULL, 2, 5);
    assert_int_equal(elc_run_table(s.run, &second, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "numbers: its table was taken already; make a new run");
    finish(&s);
}

static void test_runner_side_table_waits_for_the_end(void **state) {
    (void)state;
    started s;
    struct ArrowArrayStream side = {0};
    elc_error err = {0};
    start(&s, &toy_sums, NULL, 2, 5);
    assert_int_equal(elc_run_side(s.run, 1, &side, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "before the table has ended"));
    elc_string text = toy_text(&s.table);
    elc_string_free(&text);
    assert_int_equal(elc_run_side(s.run, 0, &side, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_run_side(s.run, 2, &side, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_run_side(s.run, 1, &side, NULL), ELC_OK);
    elc_stream_release(&side);
    assert_int_equal(elc_run_side(s.run, 1, &side, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "sums: the table scopes was taken already; keep what "
                        "was given");
    finish(&s);
}

static void test_runner_streams_a_scope_of_one_part(void **state) {
    (void)state;
    started s;
    struct ArrowArray batch = {0};
    start(&s, &toy_sums, "scopes=1 items=3000000 bucket=1", 1, 0);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(elc_stream_next(&s.table, &batch, NULL), ELC_OK);
        elc_array_release(&batch);
    }
    assert_true(atomic_load(&s.watch.most_live) < 80);
    finish(&s);
}

static void test_runner_memory_is_bounded_over_ten_thousand_parts(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        started s;
        elc_string expected = numbers_until(20000);
        start(&s, &toy_numbers, "items=20000 slow=3 batch=1", threads[t], 2);
        elc_string text = toy_text(&s.table);
        assert_string_equal(text.data, expected.data);
        assert_int_equal(atomic_load(&s.watch.opened), 10000);
        assert_true(atomic_load(&s.watch.most_live) <= 2 * 2 * threads[t] + 2);
        elc_string_free(&text);
        elc_string_free(&expected);
        finish(&s);
    }
}

static void test_runner_makes_fast_parts_wait(void **state) {
    (void)state;
    started s;
    start(&s, &toy_numbers, "items=40000 slow=0 batch=10", 4, 1000);
    elc_string text = toy_text(&s.table);
    assert_int_equal(count_lines(text.data), 40000);
    /* A queue of 64 and a batch in hand, for each of 8 parts. */
    assert_true(atomic_load(&s.watch.most_live) <= 8 * 65 + 1);
    elc_string_free(&text);
    finish(&s);
}

static void test_runner_large_batches_wait_by_their_bytes(void **state) {
    (void)state;
    started s;
    struct ArrowArray batch = {0};
    int64_t rows = 0;
    start(&s, &toy_numbers, "items=1600000 slow=0 batch=40000", 4, 400000);
    do {
        elc_array_release(&batch);
        assert_int_equal(elc_stream_next(&s.table, &batch, NULL), ELC_OK);
        rows += batch.release != NULL ? batch.length : 0;
    } while (batch.release != NULL);
    assert_int_equal(rows, 1600000);
    /* Each is about a megabyte: at most four wait, and one is in hand. */
    assert_true(atomic_load(&s.watch.most_live) <= 4 * 5 + 1);
    finish(&s);
}

static elc_status fault(int kind, uint64_t part_units, elc_error *err) {
    char settings[64];
    started s;
    elc_string text = {0};
    snprintf(settings, sizeof settings, "scopes=1 items=30 fault=%d", kind);
    create(&s, &toy_sums, settings, 2, part_units);
    elc_status status = elc_run_table(s.run, &s.table, err);
    if (status == ELC_OK)
        status = toy_read(&s.table, &text, err);
    elc_string_free(&text);
    finish(&s);
    return status;
}

static void faulty(int kind, uint64_t part_units, elc_status status, const char *text) {
    elc_error err = {0};
    assert_int_equal(fault(kind, part_units, &err), status);
    assert_string_equal(err.message, text);
}

static void test_runner_finds_faults_of_operators(void **state) {
    (void)state;
    const char *order = "sums: a row's _order lies before that of a row already given; "
                        "please report this";
    faulty(TOY_UNORDERED, 0, ELC_E_INTERNAL, order);
    faulty(TOY_LATE_GROUP, 0, ELC_E_INTERNAL, order);
    faulty(TOY_UNKNOWN_SIDE, 7, ELC_E_INTERNAL,
           "sums: a row is of the table \"scoops\", which it does not declare; please "
           "report this");
    faulty(TOY_GROUP_REMAINS, 7, ELC_E_INTERNAL,
           "sums: combine gives a row with a _group; please report this");
    faulty(TOY_OTHER_COLUMNS, 7, ELC_E_INTERNAL,
           "sums: column 2 is int64 sum in one part, int64 total in another; please "
           "report this");
    faulty(TOY_OTHER_CRS, 7, ELC_E_INTERNAL,
           "sums: parts differ in the CRS of column place; please report this");
}

static void test_runner_finds_columns_that_do_not_fit(void **state) {
    (void)state;
    faulty(TOY_FEWER_COLUMNS, 7, ELC_E_INTERNAL,
           "sums: one part has 8 columns, another 7; please report this");
    faulty(TOY_NO_ORDER, 7, ELC_E_INTERNAL,
           "sums: gives no column _order, which it needs as it combines; please report "
           "this");
    faulty(TOY_OTHER_ORDER, 7, ELC_E_INTERNAL,
           "sums: column _order is utf8, not binary; please report this");
    faulty(TOY_COMBINE_DIFFERS, 7, ELC_E_INTERNAL,
           "sums: combine does not give the column sum as int64; please report this");
}

static void test_runner_passes_the_failure_of_combine_on(void **state) {
    (void)state;
    faulty(TOY_COMBINE_FAILS, 7, ELC_E_MODEL, "sums: bucket 1 of scope 0 is cursed");
    assert_int_equal(fault(TOY_COMBINE_FAILS, 0, NULL), ELC_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runner_gives_rows_in_plan_order_whatever_the_parts),
        cmocka_unit_test(test_runner_settles_scopes_the_same_whatever_the_parts),
        cmocka_unit_test(test_runner_settles_many_groups),
        cmocka_unit_test(test_runner_settles_large_batches),
        cmocka_unit_test(test_runner_shows_the_plan),
        cmocka_unit_test(test_runner_leaves_hidden_columns_out_of_the_schema),
        cmocka_unit_test(test_runner_empty_plan_is_an_empty_table),
        cmocka_unit_test(test_runner_empty_plan_has_the_declared_columns),
        cmocka_unit_test(test_runner_deals_threads_out_to_parts),
        cmocka_unit_test(test_runner_gives_the_rows_before_a_failure_and_its_message),
        cmocka_unit_test(test_runner_tells_the_first_failure_of_the_plan),
        cmocka_unit_test(test_runner_fails_at_once_when_the_first_part_does_not_open),
        cmocka_unit_test(test_runner_ends_when_cancelled),
        cmocka_unit_test(test_runner_cancels_a_part_that_gives_nothing),
        cmocka_unit_test(test_runner_stops_the_parts_after_a_failure),
        cmocka_unit_test(test_runner_notices_a_cancel_while_it_waits),
        cmocka_unit_test(test_runner_does_not_start_when_cancelled),
        cmocka_unit_test(test_runner_stops_when_its_stream_is_released),
        cmocka_unit_test(test_runner_batches_outlive_the_run),
        cmocka_unit_test(test_runner_table_is_taken_once),
        cmocka_unit_test(test_runner_side_table_waits_for_the_end),
        cmocka_unit_test(test_runner_streams_a_scope_of_one_part),
        cmocka_unit_test(test_runner_memory_is_bounded_over_ten_thousand_parts),
        cmocka_unit_test(test_runner_makes_fast_parts_wait),
        cmocka_unit_test(test_runner_large_batches_wait_by_their_bytes),
        cmocka_unit_test(test_runner_finds_faults_of_operators),
        cmocka_unit_test(test_runner_finds_columns_that_do_not_fit),
        cmocka_unit_test(test_runner_passes_the_failure_of_combine_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
