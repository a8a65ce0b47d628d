/* test_stream.c - streams made and read, and the errors that they carry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sample.h"

#include <errno.h>

/* ---- a producer that counts -------------------------------------------------- */

typedef struct {
    int asked, released;
    size_t left;
    elc_status failure; /* after the last batch */
} source;

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    source *s = state;
    struct ArrowSchema schema;
    s->asked++;
    if (s->left == 0)
        return s->failure == ELC_OK ? ELC_OK
                                    : elc_fail(err, s->failure, "chip 7: %s",
                                               elc_status_name(s->failure));
    s->left--;
    sample_table(s->left, 3, &schema, out);
    elc_schema_release(&schema);
    return ELC_OK;
}

static void count_release(void *state) {
    ((source *)state)->released++;
}

static void open_stream(source *s, struct ArrowArrayStream *out) {
    struct ArrowSchema schema;
    assert_int_equal(
        elc_schema_create(sample_columns, SAMPLE_COLUMNS, NULL, &schema, NULL), ELC_OK);
    elc_producer producer = {next, count_release, s};
    assert_int_equal(elc_stream_create(&schema, producer, out, NULL), ELC_OK);
    assert_null(schema.release);
}

static void assert_ends(struct ArrowArrayStream *stream) {
    struct ArrowArray batch = {.length = 9};
    assert_int_equal(elc_stream_next(stream, &batch, NULL), ELC_OK);
    assert_null(batch.release);
}

/* ---- tests ------------------------------------------------------------------- */

static void test_stream_gives_batches_and_then_the_end(void **state) {
    (void)state;
    source s = {.left = 2};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    open_stream(&s, &stream);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    for (size_t i = 2; i-- > 0;) {
        assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_OK);
        sample_assert_batch(&schema, &batch, i);
        elc_array_release(&batch);
    }
    assert_ends(&stream);
    assert_ends(&stream);
    assert_int_equal(s.asked, 3);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    assert_int_equal(s.released, 1);
    elc_stream_release(&stream);
    assert_int_equal(s.released, 1);
}

typedef struct {
    size_t rows, stop_at; /* the row that fails */
} counter;

static elc_status count_row(void *with, const elc_rows *rows, size_t row,
                            elc_error *err) {
    counter *c = with;
    assert_true(row < elc_rows_count(rows));
    if (c->rows == c->stop_at)
        return elc_fail(err, ELC_E_FORMAT, "row %zu", c->rows);
    c->rows++;
    return ELC_OK;
}

static elc_status count_rows(source *s, counter *c, const elc_context *context,
                             elc_error *err) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    open_stream(s, &stream);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    elc_status status = elc_stream_each(&stream, &schema, context, count_row, c, err);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    return status;
}

static void test_each_row_of_a_stream_comes_once_till_one_fails(void **state) {
    (void)state;
    source whole = {.left = 4}, failing = {.left = 4};
    counter all = {.stop_at = SIZE_MAX}, some = {.stop_at = 4};
    elc_error err = {0};
    assert_int_equal(count_rows(&whole, &all, NULL, &err), ELC_OK);
    assert_int_equal(all.rows, 12);
    assert_int_equal(count_rows(&failing, &some, NULL, &err), ELC_E_FORMAT);
    assert_string_equal(err.message, "row 4");
    assert_int_equal(failing.asked, 2);
}

static void test_rows_of_a_stream_end_where_it_fails_or_is_cancelled(void **state) {
    (void)state;
    source broken = {.left = 2, .failure = ELC_E_IO}, unasked = {.left = 2};
    counter c = {.stop_at = SIZE_MAX}, none = {.stop_at = SIZE_MAX};
    int cancel = 1;
    elc_context context = {.cancel = &cancel};
    elc_error err = {0};
    assert_int_equal(count_rows(&broken, &c, NULL, &err), ELC_E_IO);
    assert_int_equal(c.rows, 6);
    assert_int_equal(count_rows(&unasked, &none, &context, &err), ELC_E_CANCELLED);
    assert_int_equal(unasked.asked, 0);
}

static void test_stream_carries_every_status_and_its_text(void **state) {
    (void)state;
    for (int i = ELC_E_ARGUMENT; i <= ELC_E_INTERNAL; i++) {
        source s = {.failure = (elc_status)i};
        struct ArrowArrayStream stream;
        struct ArrowArray batch = {.length = 9};
        elc_error err = {0}, again = {0};
        open_stream(&s, &stream);
        assert_int_equal(elc_stream_next(&stream, &batch, &err), i);
        assert_memory_equal(err.message, "chip 7: ", 8);
        assert_string_equal(err.message + 8, elc_status_name((elc_status)i));
        assert_int_equal(batch.length, 9);
        assert_int_equal(elc_stream_next(&stream, &batch, &again), i);
        assert_string_equal(again.message, err.message);
        assert_int_equal(s.asked, 1);
        elc_stream_release(&stream);
    }
}

static void test_errno_of_each_status_is_its_own(void **state) {
    (void)state;
    for (int i = ELC_OK; i <= ELC_E_INTERNAL; i++) {
        int code = elc_status_errno((elc_status)i);
        assert_int_equal(elc_status_of_errno(code), i);
        assert_int_equal(code == 0, i == ELC_OK);
    }
    assert_int_equal(elc_status_errno(ELC_E_MEMORY), ENOMEM);
    assert_int_equal(elc_status_errno(ELC_E_CANCELLED), ECANCELED);
    assert_int_equal(elc_status_of_errno(ENOSPC), ELC_E_IO);
    assert_int_equal(elc_status_of_errno(-1), ELC_E_IO);
    assert_int_equal(elc_status_of_errno(ENOSYS), ELC_E_UNSUPPORTED);
}

static void test_stream_of_batches_gives_them_in_order(void **state) {
    (void)state;
    struct ArrowSchema schema, own;
    struct ArrowArray batches[3], batch;
    struct ArrowArrayStream stream;
    for (size_t i = 0; i < 3; i++) {
        sample_table(i * 10, 10, &schema, &batches[i]);
        if (i < 2)
            elc_schema_release(&schema);
    }
    assert_int_equal(elc_stream_of_batches(&schema, batches, 3, &stream, NULL), ELC_OK);
    assert_null(schema.release);
    assert_null(batches[2].release);
    assert_int_equal(elc_stream_schema(&stream, &own, NULL), ELC_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_OK);
        sample_assert_batch(&own, &batch, i * 10);
        elc_array_release(&batch);
    }
    assert_ends(&stream);
    elc_schema_release(&own);
    elc_stream_release(&stream);
}

static void test_stream_releases_what_nobody_read(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct ArrowArrayStream stream;
    sample_table(0, 10, &schema, &batch);
    assert_int_equal(elc_stream_of_batches(&schema, &batch, 1, &stream, NULL), ELC_OK);
    elc_stream_release(&stream);
    assert_null(stream.release);
}

static void test_stream_of_no_batches_ends_at_once(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArrayStream stream;
    assert_int_equal(
        elc_schema_create(sample_columns, SAMPLE_COLUMNS, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, NULL, 0, &stream, NULL), ELC_OK);
    assert_ends(&stream);
    elc_stream_release(&stream);
}

static void test_a_released_stream_is_refused(void **state) {
    (void)state;
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch;
    struct ArrowSchema schema;
    assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_stream_next(NULL, &batch, NULL), ELC_E_ARGUMENT);
}

/* ---- somebody else's stream -------------------------------------------------- */

static int foreign_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    (void)stream;
    out->length = 5; /* half-made, as a failing producer may leave it */
    return ENOSPC;
}

static const char *foreign_error(struct ArrowArrayStream *stream) {
    return stream->private_data;
}

static void foreign_release(struct ArrowArrayStream *stream) {
    stream->release = NULL;
}

static void test_a_foreign_failure_has_a_text_in_any_case(void **state) {
    (void)state;
    char text[] = "out of\ndisk";
    struct ArrowArrayStream stream = {.get_next = foreign_next,
                                      .get_last_error = foreign_error,
                                      .release = foreign_release,
                                      .private_data = text};
    struct ArrowArray batch = {0};
    elc_error err = {0};
    assert_int_equal(elc_stream_next(&stream, &batch, &err), ELC_E_IO);
    assert_string_equal(err.message, "out of disk");
    stream.private_data = NULL;
    assert_int_equal(elc_stream_next(&stream, &batch, &err), ELC_E_IO);
    assert_string_equal(err.message, "No space left on device");
    assert_int_equal(batch.length, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stream_gives_batches_and_then_the_end),
        cmocka_unit_test(test_each_row_of_a_stream_comes_once_till_one_fails),
        cmocka_unit_test(test_rows_of_a_stream_end_where_it_fails_or_is_cancelled),
        cmocka_unit_test(test_stream_carries_every_status_and_its_text),
        cmocka_unit_test(test_errno_of_each_status_is_its_own),
        cmocka_unit_test(test_stream_of_batches_gives_them_in_order),
        cmocka_unit_test(test_stream_releases_what_nobody_read),
        cmocka_unit_test(test_stream_of_no_batches_ends_at_once),
        cmocka_unit_test(test_a_released_stream_is_refused),
        cmocka_unit_test(test_a_foreign_failure_has_a_text_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
