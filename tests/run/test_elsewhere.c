/* test_elsewhere.c - parts opened in processes of their own, and finished here. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- one part in another process ------------------------------------------------ */

static bool write_all(int fd, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool read_all(int fd, void *bytes, size_t size) {
    char *at = bytes;
    while (size > 0) {
        ssize_t n = read(fd, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* Each batch as its size and its bytes; 0 is the end. */
static bool send_batches(struct ArrowArrayStream *stream, int fd) {
    struct ArrowSchema schema;
    bool well = elc_stream_schema(stream, &schema, NULL) == ELC_OK;
    while (well) {
        struct ArrowArray batch = {0};
        elc_string bytes = {0};
        well = elc_stream_next(stream, &batch, NULL) == ELC_OK;
        if (well && batch.release != NULL)
            well = elc_batch_encode(&schema, &batch, &bytes, NULL) == ELC_OK;
        well = well && write_all(fd, &bytes.size, sizeof bytes.size) &&
               write_all(fd, bytes.data, bytes.size);
        elc_string_free(&bytes);
        if (batch.release == NULL)
            break;
        elc_array_release(&batch);
    }
    return well;
}

static void child(const elc_call *call, const elc_part *part, int fd) {
    struct ArrowArrayStream stream = {0};
    bool well = elc_run_open_part(call, part, NULL, &stream, NULL) == ELC_OK &&
                send_batches(&stream, fd);
    _exit(well ? 0 : 1);
}

/* Reads what a child sends into batches of `schema`. */
static struct ArrowArrayStream receive(const struct ArrowSchema *schema, int fd) {
    struct ArrowArray batches[200];
    struct ArrowSchema copy;
    struct ArrowArrayStream stream;
    size_t n = 0, size;
    while (assert_true(read_all(fd, &size, sizeof size)), size > 0) {
        char *bytes = malloc(size);
        assert_true(read_all(fd, bytes, size));
        assert_true(n < 200);
        assert_int_equal(elc_batch_decode(schema, bytes, size, &batches[n++], NULL),
                         ELC_OK);
        free(bytes);
    }
    assert_int_equal(elc_schema_clone(schema, &copy, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&copy, batches, n, &stream, NULL), ELC_OK);
    return stream;
}

static struct ArrowArrayStream open_elsewhere(const elc_call *call,
                                              const elc_part *part,
                                              const struct ArrowSchema *schema) {
    int ends[2], outcome;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(call, part, ends[1]);
    close(ends[1]);
    struct ArrowArrayStream stream = receive(schema, ends[0]);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &outcome, 0), pid);
    assert_true(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
    return stream;
}

/* ---- a plan carried out part by part -------------------------------------------- */

static struct ArrowSchema part_schema(const elc_call *call, const elc_part *part) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    assert_int_equal(elc_run_open_part(call, part, NULL, &stream, NULL), ELC_OK);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    elc_stream_release(&stream);
    return schema;
}

static void add_table(struct ArrowArrayStream *table, elc_string *text) {
    elc_string rows = toy_text(table);
    elc_string_append(text, rows.data, rows.size, NULL);
    elc_string_free(&rows);
}

/* Adds the rows of the scope that begins at part i; gives the part after it. */
static size_t finish_scope(const elc_call *call, const elc_plan *plan, size_t i,
                           elc_string *text, elc_string *side) {
    struct ArrowArrayStream streams[100], tables[2] = {0};
    elc_error err = {0};
    size_t n = 0;
    for (uint64_t scope = plan->parts[i].scope;
         i + n < plan->count && plan->parts[i + n].scope == scope; n++) {
        struct ArrowSchema schema = part_schema(call, &plan->parts[i + n]);
        streams[n] = open_elsewhere(call, &plan->parts[i + n], &schema);
        elc_schema_release(&schema);
    }
    if (elc_run_finish_tables(call, streams, n, tables, &err) != ELC_OK)
        fail_msg("%s", err.message);
    add_table(&tables[0], text);
    if (tables[1].release != NULL)
        add_table(&tables[1], side);
    return i + n;
}

static elc_string run_elsewhere(const elc_operator *op, const char *settings,
                                uint64_t part_units) {
    elc_options *options = toy_options(op, settings);
    elc_call call = {op, options, NULL, NULL, part_units, false, false, NULL};
    elc_plan plan = {0};
    elc_string text = {0}, side = {0};
    assert_int_equal(op->plan(&call, &plan, NULL), ELC_OK);
    for (size_t i = 0; i < plan.count;)
        i = finish_scope(&call, &plan, i, &text, &side);
    if (side.size > 0)
        elc_string_printf(&text, NULL, "--\n%s", side.data);
    elc_string_free(&side);
    elc_plan_clear(&plan);
    elc_options_free(options);
    return text;
}

static void same_elsewhere(const elc_operator *op, const char *settings,
                           uint64_t part_units) {
    elc_string there = run_elsewhere(op, settings, part_units);
    elc_string here = toy_run(op, settings, 2, part_units);
    assert_true(there.size > 1000);
    assert_string_equal(there.data, here.data);
    elc_string_free(&there);
    elc_string_free(&here);
}

static void test_elsewhere_a_part_a_process_gives_the_same_rows(void **state) {
    (void)state;
    same_elsewhere(&toy_sums, "scopes=3 items=100 bucket=6", 7);
    same_elsewhere(&toy_sums, "scopes=3 items=100 bucket=7", 64);
    same_elsewhere(&toy_numbers, "items=300", 17);
}

static void test_elsewhere_scopes_of_one_part_give_the_same_rows(void **state) {
    (void)state;
    same_elsewhere(&toy_sums, "scopes=4 items=100 bucket=6", 0);
    same_elsewhere(&toy_numbers, "items=300", 0);
}

static void test_elsewhere_parts_keep_their_hidden_columns(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, "scopes=1 items=10 bucket=4");
    elc_call call = {&toy_sums, options, NULL, NULL, 6, false, false, NULL};
    elc_plan plan = {0};
    struct ArrowArrayStream stream;
    assert_int_equal(toy_sums.plan(&call, &plan, NULL), ELC_OK);
    assert_int_equal(elc_run_open_part(&call, &plan.parts[0], NULL, &stream, NULL),
                     ELC_OK);
    elc_string text = toy_text(&stream);
    assert_non_null(strstr(text.data, "_group=0/1"));
    assert_non_null(strstr(text.data, "_table=scopes _note=10 items"));
    elc_string_free(&text);
    elc_plan_clear(&plan);
    elc_options_free(options);
}

static void test_elsewhere_damaged_part_is_refused(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, NULL);
    elc_call call = {&toy_sums, options, NULL, NULL, 0, false, false, NULL};
    elc_part part = {.bytes = "abc", .size = 3};
    struct ArrowArrayStream stream = {0};
    assert_int_equal(elc_run_open_part(&call, &part, NULL, &stream, NULL),
                     ELC_E_FORMAT);
    assert_null(stream.release);
    elc_options_free(options);
}

/* ---- what the parts share --------------------------------------------------------
 */

static int prepared_times, released_times;

static elc_status prepare_count(const elc_call *call, void **out, elc_error *err) {
    (void)call;
    (void)err;
    prepared_times++;
    *out = &prepared_times;
    return ELC_OK;
}

static void release_count(void *prepared) {
    assert_ptr_equal(prepared, &prepared_times);
    released_times++;
}

static elc_operator preparing_sums(void) {
    elc_operator op = toy_sums;
    op.prepare = prepare_count;
    op.release = release_count;
    prepared_times = released_times = 0;
    return op;
}

static void test_elsewhere_part_of_a_call_not_prepared_is_refused(void **state) {
    (void)state;
    elc_operator op = preparing_sums();
    elc_options *options = toy_options(&op, NULL);
    elc_call call = {&op, options, NULL, NULL, 0, false, false, NULL};
    elc_part part = {.bytes = "abc", .size = 3};
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    assert_int_equal(elc_run_open_part(&call, &part, NULL, &stream, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "elc_call_prepare()"));
    elc_options_free(options);
}

static void test_elsewhere_call_is_prepared_once(void **state) {
    (void)state;
    elc_operator op = preparing_sums();
    elc_options *options = toy_options(&op, NULL);
    elc_call call = {&op, options, NULL, NULL, 0, false, false, NULL};
    assert_int_equal(elc_call_prepare(&call, NULL), ELC_OK);
    assert_int_equal(elc_call_prepare(&call, NULL), ELC_OK);
    assert_int_equal(prepared_times, 1);
    elc_call_release(&call);
    elc_call_release(&call);
    assert_int_equal(released_times, 1);
    elc_options_free(options);
}

static void test_elsewhere_run_of_many_parts_prepares_once(void **state) {
    (void)state;
    elc_operator op = preparing_sums();
    elc_string text = toy_run(&op, "scopes=3 items=40", 2, 7);
    assert_int_equal(prepared_times, 1);
    assert_int_equal(released_times, 1);
    elc_string_free(&text);
}

static void test_elsewhere_scope_without_parts_is_an_empty_table(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, NULL);
    elc_call call = {&toy_sums, options, NULL, NULL, 0, false, false, NULL};
    struct ArrowArrayStream out = {0};
    assert_int_equal(elc_run_finish_scope(&call, NULL, 0, &out, NULL), ELC_OK);
    elc_string text = toy_text(&out);
    assert_string_equal(text.data, "");
    elc_string_free(&text);
    elc_options_free(options);
}

/* The only slice of a driving input may be one of many: its rows are put in order. */
static void test_elsewhere_lone_slice_is_put_in_order(void **state) {
    (void)state;
    static const elc_input driving[] = {
        {"rows", ELC_CUT_DRIVING, NULL, NULL, false, "any"}, {0}};
    elc_operator op = toy_sums;
    op.inputs = driving;
    elc_options *options = toy_options(&op, "scopes=1 items=30 bucket=10 fault=1");
    elc_call call = {&op, options, NULL, NULL, 0, false, false, NULL};
    elc_plan plan = {0};
    struct ArrowArrayStream part = {0}, out = {0};
    assert_int_equal(op.plan(&call, &plan, NULL), ELC_OK);
    assert_int_equal(elc_run_open_part(&call, &plan.parts[0], NULL, &part, NULL),
                     ELC_OK);
    assert_int_equal(elc_run_finish_scope(&call, &part, 1, &out, NULL), ELC_OK);
    elc_string text = toy_text(&out);
    assert_string_equal(text.data, "scope=0 bucket=0 sum=45 place=NULL\n"
                                   "scope=0 bucket=-2 sum=245 place=NULL\n"
                                   "scope=0 bucket=-1 sum=145 place=NULL\n");
    elc_string_free(&text);
    elc_plan_clear(&plan);
    elc_options_free(options);
}

/* The three parts of a scope opened here, in streams that the caller finishes. */
static void open_three(const elc_call *call, struct ArrowArrayStream *streams) {
    elc_plan plan = {0};
    assert_int_equal(call->op->plan(call, &plan, NULL), ELC_OK);
    assert_int_equal(plan.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            elc_run_open_part(call, &plan.parts[i], NULL, &streams[i], NULL), ELC_OK);
    elc_plan_clear(&plan);
}

static void test_elsewhere_side_table_comes_after_the_table(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, "scopes=1 items=100");
    elc_call call = {&toy_sums, options, NULL, NULL, 40, false, false, NULL};
    struct ArrowArrayStream streams[3], tables[2] = {0};
    struct ArrowArray batch = {0};
    elc_error err = {0};
    open_three(&call, streams);
    assert_int_equal(elc_run_finish_tables(&call, streams, 3, tables, NULL), ELC_OK);
    assert_int_equal(elc_stream_next(&tables[1], &batch, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "read that to its end first"));
    elc_stream_release(&tables[1]);
    elc_stream_release(&tables[0]);
    elc_options_free(options);
}

static void test_elsewhere_side_table_outlives_the_table(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, "scopes=1 items=100");
    elc_call call = {&toy_sums, options, NULL, NULL, 40, false, false, NULL};
    struct ArrowArrayStream streams[3], tables[2] = {0};
    open_three(&call, streams);
    assert_int_equal(elc_run_finish_tables(&call, streams, 3, tables, NULL), ELC_OK);
    elc_string rows = toy_text(&tables[0]), side = toy_text(&tables[1]);
    assert_int_equal(strncmp(side.data, "scope=0", 7), 0);
    elc_string_free(&rows);
    elc_string_free(&side);
    elc_options_free(options);
}

static void test_elsewhere_slices_of_batches_are_read_right(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_numbers, NULL);
    elc_call call = {&toy_numbers, options, NULL, NULL, 0, false, false, NULL};
    struct ArrowArrayStream table = toy_table(0, 10, 10), slice = {0}, out = {0};
    struct ArrowArray batch = {0};
    struct ArrowSchema schema;
    assert_int_equal(elc_stream_schema(&table, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_next(&table, &batch, NULL), ELC_OK);
    batch.offset = 4;
    batch.length = 2;
    assert_int_equal(elc_stream_of_batches(&schema, &batch, 1, &slice, NULL), ELC_OK);
    assert_int_equal(elc_run_finish_scope(&call, &slice, 1, &out, NULL), ELC_OK);
    elc_string text = toy_text(&out);
    assert_string_equal(text.data,
                        "id=4 square=16 word=four\nid=5 square=25 word=five\n");
    elc_string_free(&text);
    elc_stream_release(&table);
    elc_options_free(options);
}

static void test_elsewhere_finish_may_be_left_early(void **state) {
    (void)state;
    elc_options *options = toy_options(&toy_sums, "scopes=1 items=100");
    elc_call call = {&toy_sums, options, NULL, NULL, 40, false, false, NULL};
    elc_plan plan = {0};
    struct ArrowArrayStream streams[3], out = {0};
    struct ArrowArray batch = {0};
    assert_int_equal(toy_sums.plan(&call, &plan, NULL), ELC_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            elc_run_open_part(&call, &plan.parts[i], NULL, &streams[i], NULL), ELC_OK);
    assert_int_equal(elc_run_finish_scope(&call, streams, 3, &out, NULL), ELC_OK);
    assert_null(streams[2].release);
    assert_int_equal(elc_stream_next(&out, &batch, NULL), ELC_OK);
    elc_array_release(&batch);
    elc_stream_release(&out);
    elc_plan_clear(&plan);
    elc_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elsewhere_a_part_a_process_gives_the_same_rows),
        cmocka_unit_test(test_elsewhere_scopes_of_one_part_give_the_same_rows),
        cmocka_unit_test(test_elsewhere_parts_keep_their_hidden_columns),
        cmocka_unit_test(test_elsewhere_damaged_part_is_refused),
        cmocka_unit_test(test_elsewhere_part_of_a_call_not_prepared_is_refused),
        cmocka_unit_test(test_elsewhere_call_is_prepared_once),
        cmocka_unit_test(test_elsewhere_run_of_many_parts_prepares_once),
        cmocka_unit_test(test_elsewhere_scope_without_parts_is_an_empty_table),
        cmocka_unit_test(test_elsewhere_lone_slice_is_put_in_order),
        cmocka_unit_test(test_elsewhere_side_table_comes_after_the_table),
        cmocka_unit_test(test_elsewhere_side_table_outlives_the_table),
        cmocka_unit_test(test_elsewhere_slices_of_batches_are_read_right),
        cmocka_unit_test(test_elsewhere_finish_may_be_left_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
