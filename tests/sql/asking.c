/* asking.c - queries asked, and their rows as text, by the tests of sql. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <elcano/geometry.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int asking_setup(void **state) {
    elc_sql *sql = NULL;
    elc_error err = {0};
    if (elc_sql_open(NULL, &sql, &err) != ELC_OK)
        fail_msg("%s", err.message);
    *state = sql;
    return 0;
}

int asking_teardown(void **state) {
    elc_sql_free(*state);
    return 0;
}

/* ---- rows as text -----------------------------------------------------------------
 */

static void add_bytes(elc_string *out, elc_type type, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (type == ELC_UTF8)
            elc_string_append(out, bytes + i, 1, NULL);
        else
            elc_string_printf(out, NULL, "%02x", (unsigned char)bytes[i]);
}

static void add_cell(elc_string *out, elc_type type, const elc_rows *rows,
                     size_t column, size_t row) {
    size_t n;
    if (elc_rows_null(rows, column, row))
        elc_string_printf(out, NULL, "NULL");
    else if (type == ELC_FLOAT32 || type == ELC_FLOAT64)
        elc_string_printf(out, NULL, "%.9g", elc_rows_real(rows, column, row));
    else if (type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY) {
        const char *bytes = elc_rows_bytes(rows, column, row, &n);
        add_bytes(out, type, bytes, n);
    } else
        elc_string_printf(out, NULL, "%lld",
                          (long long)elc_rows_int(rows, column, row));
}

static elc_type type_of(const struct ArrowSchema *schema, int64_t i) {
    elc_type type = ELC_INT32;
    assert_int_equal(elc_schema_type(schema->children[i], &type, NULL), ELC_OK);
    return type;
}

static void add_batch(elc_string *out, const struct ArrowSchema *schema,
                      const struct ArrowArray *batch) {
    elc_rows *rows = NULL;
    assert_int_equal(elc_rows_view(schema, batch, &rows, NULL), ELC_OK);
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        elc_string_printf(out, NULL, "\n");
        for (int64_t i = 0; i < schema->n_children; i++) {
            elc_string_printf(out, NULL, i > 0 ? "|" : "");
            add_cell(out, type_of(schema, i), rows, (size_t)i, row);
        }
    }
    elc_rows_free(rows);
}

char *asking_rows(struct ArrowArrayStream *stream, elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_string out = {0};
    assert_int_equal(elc_stream_schema(stream, &schema, NULL), ELC_OK);
    for (int64_t i = 0; i < schema.n_children; i++)
        elc_string_printf(&out, NULL, "%s%s:%s", i > 0 ? "|" : "",
                          schema.children[i]->name, elc_type_name(type_of(&schema, i)));
    for (bool more = true; more;) {
        struct ArrowArray batch = {0};
        if (elc_stream_next(stream, &batch, err) != ELC_OK)
            break;
        more = batch.release != NULL;
        if (more)
            add_batch(&out, &schema, &batch);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return out.data;
}

void asking_gives(elc_sql *sql, const char *query, const char *expected) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    if (elc_sql_query(sql, query, "", &stream, &err) != ELC_OK)
        fail_msg("%s: %s", query, err.message);
    char *rows = asking_rows(&stream, &err);
    elc_stream_release(&stream);
    if (err.status != ELC_OK)
        fail_msg("%s: %s", query, err.message);
    assert_string_equal(rows, expected);
    free(rows);
}

void asking_fails(elc_sql *sql, const char *query, elc_status status, const char *why) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    if (elc_sql_query(sql, query, "", &stream, &err) == ELC_OK)
        free(asking_rows(&stream, &err));
    elc_stream_release(&stream);
    if (err.status != status || strstr(err.message, why) == NULL)
        fail_msg("%s: '%s' (%d) does not say '%s' (%d)", query, err.message, err.status,
                 why, status);
}

/* ---- tables -----------------------------------------------------------------------
 */

static const elc_column columns[] = {{"id", ELC_INT64, NULL, NULL},
                                     {"word", ELC_UTF8, NULL, NULL},
                                     {"geometry", ELC_GEOMETRY, NULL, NULL}};

static void add_row(elc_batch *batch, size_t id) {
    elc_string wkb = {0};
    char word[32];
    snprintf(word, sizeof word, "the word of row %zu", id);
    assert_int_equal(elc_wkb_point((elc_point){(double)id, (double)id}, &wkb, NULL), 0);
    assert_int_equal(elc_batch_int(batch, 0, (int64_t)id, NULL), ELC_OK);
    assert_int_equal(elc_batch_text(batch, 1, id % 3 == 2 ? NULL : word, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, 2, wkb.data, wkb.size, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    elc_string_free(&wkb);
}

char *asking_projjson(const char *crs) {
    elc_crs *known = NULL;
    assert_int_equal(elc_crs_create(crs, &known, NULL), ELC_OK);
    char *json = strdup(elc_crs_projjson(known));
    elc_crs_free(known);
    return json;
}

void asking_stream(size_t n, size_t cut, const char *crs,
                   struct ArrowArrayStream *out) {
    struct ArrowSchema schema = {0};
    size_t n_batches = (n + cut - 1) / cut;
    struct ArrowArray *batches = calloc(n_batches + 1, sizeof *batches);
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(columns, 3, &batch, NULL), ELC_OK);
    for (size_t i = 0; i < n_batches; i++) {
        for (size_t id = i * cut; id < n && id < (i + 1) * cut; id++)
            add_row(batch, id);
        assert_int_equal(elc_batch_finish(batch, &batches[i], NULL), ELC_OK);
    }
    elc_batch_free(batch);
    char *json = crs == NULL ? NULL : asking_projjson(crs);
    assert_int_equal(elc_schema_create(columns, 3, json, &schema, NULL), ELC_OK);
    free(json);
    assert_int_equal(elc_stream_of_batches(&schema, batches, n_batches, out, NULL),
                     ELC_OK);
    free(batches);
}

void asking_table(elc_sql *sql, const char *name, size_t n, const char *crs) {
    struct ArrowArrayStream rows = {0};
    elc_error err = {0};
    asking_stream(n, 1000, crs, &rows);
    if (elc_sql_add_table(sql, name, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
}
