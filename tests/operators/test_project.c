/* test_project.c - project on tables in memory: odd columns, odd values, warnings. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>
#include <elcano/run.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "joining.h"

typedef struct {
    const char *options[8]; /* name, value, ..., NULL */
    int threads;
    elc_string warnings, rows;
    elc_error err;
} projecting;

static void keep_warning(void *arg, const char *line) {
    elc_string_printf(&((projecting *)arg)->warnings, NULL, "%s\n", line);
}

static elc_status take_rows(elc_run *run, projecting *p) {
    struct ArrowArrayStream table = {0};
    struct ArrowArray batch = {0};
    elc_status status = elc_run_table(run, &table, &p->err);
    if (status != ELC_OK)
        return status;
    struct ArrowSchema schema;
    status = elc_stream_schema(&table, &schema, &p->err);
    assert_int_equal(status, ELC_OK);
    for (int64_t i = 0; i < schema.n_children; i++)
        elc_string_printf(&p->rows, NULL, "%s ", schema.children[i]->name);
    while (status == ELC_OK) {
        elc_rows *rows;
        status = elc_stream_next(&table, &batch, &p->err);
        if (status != ELC_OK || batch.release == NULL)
            break;
        assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
        for (size_t i = 0; i < elc_rows_count(rows); i++) {
            size_t size;
            const char *wkb = elc_rows_bytes(rows, 0, i, &size);
            elc_string_printf(&p->rows, NULL, "|");
            if (wkb != NULL)
                assert_int_equal(elc_wkb_to_wkt(wkb, size, 3, &p->rows, NULL), ELC_OK);
        }
        elc_rows_free(rows);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    elc_stream_release(&table);
    return status;
}

/* The first column of what comes out, as WKT; the stream is used up. */
static elc_status project(projecting *p, struct ArrowArrayStream *table) {
    elc_reference input = {.stream = table};
    elc_context context = {.threads = p->threads, .warn = keep_warning, .arg = p};
    elc_run *run = NULL;
    const elc_operator *op;
    elc_options *options;
    assert_int_equal(elc_operator_find("project", &op, NULL), ELC_OK);
    assert_int_equal(elc_options_create(op->options, &options, NULL), ELC_OK);
    for (int i = 0; p->options[i] != NULL; i += 2)
        assert_int_equal(
            elc_options_set(options, p->options[i], p->options[i + 1], NULL), ELC_OK);
    elc_call call = {
        .op = op, .options = options, .inputs = &input, .context = &context};
    elc_status status = elc_run_create(&call, &run, &p->err);
    if (status == ELC_OK)
        status = take_rows(run, p);
    elc_run_free(run);
    elc_options_free(options);
    elc_stream_release(table);
    return status;
}

static void done(projecting *p) {
    elc_string_free(&p->warnings);
    elc_string_free(&p->rows);
}

static void test_project_makes_points_of_any_numbers(void **state) {
    (void)state;
    for (size_t batch = 0; batch < 3; batch++)
        for (int threads = 1; threads <= 3; threads += 2) {
            joining_table table = {.columns =
                                       "e:int32 name:utf8 n:float32 _state:int64",
                                   .rows = "500000 a 0 1|500000 b nan 2|- c 0 3|"
                                           "500000 d inf 4|500000 e 1000000 5",
                                   .batch = batch};
            struct ArrowArrayStream stream = joining_stream(&table);
            projecting p = {.options = {"from", "EPSG:32633", "x", "e", "y", "n"},
                            .threads = threads};
            if (project(&p, &stream) != ELC_OK)
                fail_msg("%s", p.err.message);
            assert_string_equal(p.rows.data, "geometry e name n |POINT (15 0)||||"
                                             "POINT (15 9.047)");
            assert_string_equal(
                p.warnings.data,
                "1 of 5 rows lie where OGC:CRS84 has no coordinates: their geometry is "
                "NULL\n2 of 5 rows have no place (NULL, empty or NaN), and are kept\n");
            done(&p);
        }
}

static struct ArrowArrayStream places(const char *crs, const char *first, size_t size) {
    static const elc_column columns[] = {{.name = "place", .type = ELC_GEOMETRY},
                                         {.name = "second", .type = ELC_GEOMETRY}};
    elc_batch *batch;
    struct ArrowArray array;
    struct ArrowSchema schema;
    struct ArrowArrayStream stream;
    assert_int_equal(elc_batch_create(columns, 2, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, 0, first, size, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, 1, first, size, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &array, NULL), ELC_OK);
    assert_int_equal(elc_schema_create(columns, 2, crs, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, &array, 1, &stream, NULL), ELC_OK);
    elc_batch_free(batch);
    return stream;
}

static void test_project_takes_the_tables_crs_and_its_first_geometry(void **state) {
    (void)state;
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_point((elc_point){15, 0}, &wkb, NULL), ELC_OK);
    struct ArrowArrayStream stream = places(NULL, wkb.data, wkb.size);
    projecting p = {.options = {"to", "EPSG:32733"}, .threads = 1};
    assert_int_equal(project(&p, &stream), ELC_OK);
    assert_string_equal(p.rows.data, "place second |POINT (500000 10000000)");
    assert_null(p.warnings.data);
    done(&p);
    stream = places("", wkb.data, wkb.size);
    assert_int_equal(project(&p, &stream), ELC_E_ARGUMENT);
    assert_non_null(strstr(p.err.message, "give --from"));
    elc_string_free(&wkb);
}

static void test_project_refuses_bytes_that_are_no_wkb(void **state) {
    (void)state;
    static const char *const bad[] = {"\1\1\0\0\0", "\7\1\0\0\0", "\1\2\0\0\0\377\377"};
    for (size_t i = 0; i < 3; i++) {
        struct ArrowArrayStream stream = places(NULL, bad[i], i == 2 ? 7 : 5);
        projecting p = {.options = {"to", "EPSG:32733"}, .threads = 1};
        assert_int_equal(project(&p, &stream), ELC_E_FORMAT);
        assert_non_null(strstr(p.err.message, "table: WKB of "));
        done(&p);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_project_makes_points_of_any_numbers),
        cmocka_unit_test(test_project_takes_the_tables_crs_and_its_first_geometry),
        cmocka_unit_test(test_project_refuses_bytes_that_are_no_wkb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
