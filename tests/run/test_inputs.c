/* test_inputs.c - driving, whole and keyed inputs, dealt out to parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const int threads[] = {1, 2, 8};

/* Runs an operator over tables to its end or failure. */
static elc_status run_over(const elc_operator *op, const char *settings, int n_threads,
                           struct ArrowArrayStream *tables, size_t n, elc_string *text,
                           elc_error *err) {
    elc_reference references[3] = {{0}};
    elc_context context = toy_context(n_threads, NULL);
    elc_options *options = toy_options(op, settings);
    elc_call call = {op, options, references, &context, 0, false, false, NULL};
    struct ArrowArrayStream table = {0};
    elc_run *run = NULL;
    elc_string_append(text, "", 0, NULL);
    for (size_t i = 0; i < n; i++)
        references[i].stream = &tables[i];
    elc_status status = elc_run_create(&call, &run, err);
    if (status == ELC_OK)
        status = elc_run_table(run, &table, err);
    if (status == ELC_OK)
        status = toy_read(&table, text, err);
    elc_stream_release(&table);
    elc_run_free(run);
    elc_options_free(options);
    for (size_t i = 0; i < n; i++)
        elc_stream_release(&tables[i]);
    return status;
}

static elc_string text_over(const elc_operator *op, int n_threads,
                            struct ArrowArrayStream *tables, size_t n) {
    elc_string text = {0};
    elc_error err = {0};
    if (run_over(op, NULL, n_threads, tables, n, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text;
}

static void test_inputs_driving_rows_keep_their_order(void **state) {
    (void)state;
    struct ArrowArrayStream plain = toy_table(0, 1000, 1000);
    elc_string expected = text_over(&toy_evens, 1, &plain, 1);
    assert_memory_equal(expected.data, "id=0 square=0 word=zero\nid=2 ", 29);
    for (size_t t = 0; t < 3; t++) {
        for (int64_t batch = 1; batch <= 1000; batch *= 9) {
            struct ArrowArrayStream table = toy_table(0, 1000, batch);
            elc_string text = text_over(&toy_evens, threads[t], &table, 1);
            assert_string_equal(text.data, expected.data);
            elc_string_free(&text);
        }
    }
    elc_string_free(&expected);
}

static void test_inputs_driving_table_without_rows_keeps_its_columns(void **state) {
    (void)state;
    struct ArrowArrayStream none = toy_table(0, 0, 5), out = {0};
    elc_reference reference = {.stream = &none};
    elc_options *options = toy_options(&toy_evens, NULL);
    elc_call call = {&toy_evens, options, &reference, NULL, 0, false, false, NULL};
    struct ArrowSchema schema;
    elc_run *run;
    assert_int_equal(elc_run_create(&call, &run, NULL), ELC_OK);
    assert_int_equal(elc_run_table(run, &out, NULL), ELC_OK);
    assert_int_equal(elc_stream_schema(&out, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_find(&schema, "word"), 2);
    elc_schema_release(&schema);
    elc_string text = toy_text(&out);
    assert_string_equal(text.data, "");
    elc_string_free(&text);
    elc_run_free(run);
    elc_options_free(options);
}

static void test_inputs_driving_stream_is_moved_from(void **state) {
    (void)state;
    struct ArrowArrayStream table = toy_table(0, 10, 5);
    elc_reference reference = {.stream = &table};
    elc_options *options = toy_options(&toy_evens, NULL);
    elc_call call = {&toy_evens, options, &reference, NULL, 0, false, false, NULL};
    elc_run *run;
    assert_int_equal(elc_run_create(&call, &run, NULL), ELC_OK);
    assert_null(table.release);
    assert_int_equal(elc_run_plan(run)->count, 0);
    elc_run_free(run);
    elc_options_free(options);
}

static void test_inputs_failure_in_a_slice_is_told_in_order(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        struct ArrowArrayStream table = toy_table(0, 100, 2);
        elc_string text = {0};
        elc_error err = {0};
        assert_int_equal(
            run_over(&toy_evens, "unlucky=yes", threads[t], &table, 1, &text, &err),
            ELC_E_MODEL);
        assert_string_equal(err.message, "evens: 13 brings bad luck");
        assert_non_null(strstr(text.data, "id=10 "));
        assert_null(strstr(text.data, "id=12 "));
        elc_string_free(&text);
    }
}

typedef struct {
    struct ArrowArrayStream stream;
    int left;
} brittle;

static elc_status brittle_next(void *state, struct ArrowArray *out, elc_error *err) {
    brittle *b = state;
    if (b->left-- == 0)
        return elc_fail(err, ELC_E_IO, "the table broke off");
    return elc_stream_next(&b->stream, out, err);
}

static void brittle_release(void *state) {
    brittle *b = state;
    elc_stream_release(&b->stream);
}

/* `table` for some batches, then a failure. */
static struct ArrowArrayStream break_after(brittle *b, struct ArrowArrayStream table,
                                           int batches) {
    struct ArrowSchema schema;
    struct ArrowArrayStream out;
    *b = (brittle){table, batches};
    assert_int_equal(elc_stream_schema(&table, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_create(&schema,
                                       (elc_producer){brittle_next, brittle_release, b},
                                       &out, NULL),
                     ELC_OK);
    return out;
}

static void test_inputs_failure_of_the_input_comes_after_its_rows(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        brittle b;
        struct ArrowArrayStream table = break_after(&b, toy_table(0, 100, 2), 6);
        elc_string text = {0};
        elc_error err = {0};
        assert_int_equal(run_over(&toy_evens, NULL, threads[t], &table, 1, &text, &err),
                         ELC_E_IO);
        assert_string_equal(err.message, "the table broke off");
        assert_non_null(strstr(text.data, "id=10 "));
        elc_string_free(&text);
    }
}

static void test_inputs_failure_of_the_input_may_be_its_first_word(void **state) {
    (void)state;
    brittle b;
    struct ArrowArrayStream table = break_after(&b, toy_table(0, 100, 2), 0);
    elc_string text = {0};
    assert_int_equal(run_over(&toy_evens, NULL, 2, &table, 1, &text, NULL), ELC_E_IO);
    assert_string_equal(text.data, "");
    elc_string_free(&text);
}

static void test_inputs_whole_table_is_seen_by_every_part(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        struct ArrowArrayStream tables[2] = {toy_table(0, 60, 1), toy_table(0, 60, 60)};
        elc_string text = text_over(&toy_names, threads[t], tables, 2);
        assert_non_null(strstr(text.data, "id=0 square=0 word=zero name=zero\n"));
        assert_non_null(strstr(text.data, "id=57 square=3249 word=seven name=seven\n"));
        assert_non_null(strstr(text.data, "id=14 square=196 word=NULL name=NULL\n"));
        elc_string_free(&text);
    }
}

static void test_inputs_optional_table_may_be_missing(void **state) {
    (void)state;
    struct ArrowArrayStream table = toy_table(0, 5, 2);
    elc_string text = text_over(&toy_names, 2, &table, 1);
    assert_non_null(strstr(text.data, "id=4 square=16 word=four name=NULL\n"));
    elc_string_free(&text);
}

static void test_inputs_failure_of_a_whole_table_is_told(void **state) {
    (void)state;
    brittle b;
    struct ArrowArrayStream tables[2] = {toy_table(0, 60, 1),
                                         break_after(&b, toy_table(0, 60, 6), 3)};
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(run_over(&toy_names, NULL, 2, tables, 2, &text, &err), ELC_E_IO);
    assert_string_equal(err.message, "the table broke off");
    elc_string_free(&text);
}

static void test_inputs_keyed_rows_of_a_key_meet_in_one_part(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        struct ArrowArrayStream table = toy_table(0, 110, 3);
        elc_string text = text_over(&toy_tally, threads[t], &table, 1);
        assert_string_equal(text.data,
                            "word=zero n=10\nword=one n=10\nword=two n=10\n"
                            "word=NULL n=10\nword=four n=10\nword=five n=10\n"
                            "word=six n=10\nword=seven n=10\nword=eight n=10\n"
                            "word=nine n=10\nword=three n=10\n");
        elc_string_free(&text);
    }
}

static void test_inputs_driving_slices_meet_in_combine(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        for (int64_t batch = 1; batch <= 1000; batch *= 9) {
            struct ArrowArrayStream table = toy_table(0, 110, batch);
            elc_string text = text_over(&toy_census, threads[t], &table, 1);
            assert_string_equal(text.data,
                                "word=eight n=10\nword=five n=10\nword=four n=10\n"
                                "word=nine n=10\nword=one n=10\nword=seven n=10\n"
                                "word=six n=10\nword=three n=10\nword=two n=10\n"
                                "word=zero n=10\nword=NULL n=10\n");
            elc_string_free(&text);
        }
    }
}

static void test_inputs_many_rows_of_groups_are_combined_as_they_come(void **state) {
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        struct ArrowArrayStream table = toy_table(0, 110000, 10);
        elc_string text = text_over(&toy_folding_census, threads[t], &table, 1);
        assert_string_equal(text.data,
                            "word=eight n=10000\nword=five n=10000\nword=four n=10000\n"
                            "word=nine n=10000\nword=one n=10000\nword=seven n=10000\n"
                            "word=six n=10000\nword=three n=10000\nword=two n=10000\n"
                            "word=zero n=10000\nword=NULL n=10000\n");
        elc_string_free(&text);
    }
}

static void refused(const elc_operator *op, struct ArrowArrayStream *table, size_t n,
                    elc_status status, const char *message) {
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(run_over(op, NULL, 2, table, n, &text, &err), status);
    assert_string_equal(err.message, message);
    elc_string_free(&text);
}

static void test_inputs_missing_table_is_refused(void **state) {
    (void)state;
    refused(&toy_evens, NULL, 0, ELC_E_ARGUMENT,
            "evens: no table given for the input rows");
}

static void test_inputs_missing_column_is_refused(void **state) {
    (void)state;
    const elc_column columns[] = {{"number", ELC_INT64, NULL, NULL}};
    struct ArrowSchema schema;
    struct ArrowArrayStream table;
    assert_int_equal(elc_schema_create(columns, 1, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, NULL, 0, &table, NULL), ELC_OK);
    refused(
        &toy_evens, &table, 1, ELC_E_NOT_FOUND,
        "evens: the input rows has no column id; rename one, or give a table that has "
        "it");
}

static void test_inputs_missing_key_is_refused(void **state) {
    (void)state;
    const elc_column columns[] = {{"id", ELC_INT64, NULL, NULL}};
    struct ArrowSchema schema;
    struct ArrowArrayStream table;
    assert_int_equal(elc_schema_create(columns, 1, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, NULL, 0, &table, NULL), ELC_OK);
    refused(
        &toy_tally, &table, 1, ELC_E_NOT_FOUND,
        "tally: the input rows has no column word; rename one, or give a table that "
        "has it");
}

static const elc_input source_inputs[] = {
    {"images", ELC_CUT_SOURCE, NULL, NULL, false, "files"}, {0}};

static void test_inputs_source_needs_a_path(void **state) {
    (void)state;
    elc_operator op = toy_numbers;
    op.inputs = source_inputs;
    refused(&op, NULL, 0, ELC_E_ARGUMENT,
            "numbers: no images given; name at least one");
}

static void test_inputs_source_takes_paths(void **state) {
    (void)state;
    elc_operator op = toy_numbers;
    op.inputs = source_inputs;
    const char *const paths[] = {"a.tif"};
    elc_reference reference = {.paths = paths, .n_paths = 1};
    elc_options *options = toy_options(&op, "items=1");
    elc_call call = {&op, options, &reference, NULL, 0, false, false, NULL};
    struct ArrowArrayStream out = {0};
    elc_run *run;
    assert_int_equal(elc_run_create(&call, &run, NULL), ELC_OK);
    assert_int_equal(elc_run_table(run, &out, NULL), ELC_OK);
    elc_string text = toy_text(&out);
    assert_string_equal(text.data, "id=0 square=0 word=zero\n");
    elc_string_free(&text);
    elc_run_free(run);
    elc_options_free(options);
}

static elc_status plan_nothing(const elc_call *call, elc_plan *plan, elc_error *err) {
    (void)call, (void)plan;
    return elc_fail(err, ELC_E_INTERNAL, "the plan was asked");
}

static void test_inputs_driving_table_takes_the_place_of_the_plan(void **state) {
    (void)state;
    struct ArrowArrayStream table = toy_table(0, 5, 5), none = toy_table(0, 5, 5);
    elc_operator op = toy_evens;
    op.plan = plan_nothing;
    elc_string with = text_over(&op, 2, &table, 1), without;
    without = text_over(&toy_evens, 2, &none, 1);
    assert_string_equal(with.data, without.data);
    elc_string_free(&with);
    elc_string_free(&without);
}

static void test_inputs_failed_create_leaves_the_streams(void **state) {
    (void)state;
    struct ArrowArrayStream table = toy_table(0, 5, 5);
    static const elc_input both[] = {
        {.name = "left", .cut = ELC_CUT_DRIVING},
        {.name = "right", .cut = ELC_CUT_KEYED, .optional = true},
        {0}};
    elc_operator op = toy_evens;
    op.inputs = both;
    elc_reference references[2] = {{.stream = &table}};
    elc_options *options = toy_options(&toy_evens, NULL);
    elc_call call = {&op, options, references, NULL, 0, false, false, NULL};
    elc_run *run = NULL;
    elc_error err = {0};
    assert_int_equal(elc_run_create(&call, &run, &err), ELC_E_INTERNAL);
    assert_non_null(strstr(err.message, "has a driving input and a keyed one"));
    assert_null(run);
    assert_non_null(table.release);
    elc_stream_release(&table);
    elc_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inputs_driving_rows_keep_their_order),
        cmocka_unit_test(test_inputs_driving_table_without_rows_keeps_its_columns),
        cmocka_unit_test(test_inputs_driving_stream_is_moved_from),
        cmocka_unit_test(test_inputs_driving_table_takes_the_place_of_the_plan),
        cmocka_unit_test(test_inputs_failure_in_a_slice_is_told_in_order),
        cmocka_unit_test(test_inputs_failure_of_the_input_comes_after_its_rows),
        cmocka_unit_test(test_inputs_failure_of_the_input_may_be_its_first_word),
        cmocka_unit_test(test_inputs_whole_table_is_seen_by_every_part),
        cmocka_unit_test(test_inputs_optional_table_may_be_missing),
        cmocka_unit_test(test_inputs_failure_of_a_whole_table_is_told),
        cmocka_unit_test(test_inputs_keyed_rows_of_a_key_meet_in_one_part),
        cmocka_unit_test(test_inputs_driving_slices_meet_in_combine),
        cmocka_unit_test(test_inputs_many_rows_of_groups_are_combined_as_they_come),
        cmocka_unit_test(test_inputs_missing_table_is_refused),
        cmocka_unit_test(test_inputs_missing_column_is_refused),
        cmocka_unit_test(test_inputs_missing_key_is_refused),
        cmocka_unit_test(test_inputs_source_needs_a_path),
        cmocka_unit_test(test_inputs_source_takes_paths),
        cmocka_unit_test(test_inputs_failed_create_leaves_the_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
