/* joining.c - runs join and aggregate on tables that are written as text, and gives
   text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elcano/geometry.h>

enum { MOST_COLUMNS = 16 };

/* ---- tables from text ----------------------------------------------------------- */

static elc_type type_named(const char *name) {
    for (elc_type type = ELC_INT32; type <= ELC_GEOMETRY; type++) {
        if (strcmp(elc_type_name(type), name) == 0)
            return type;
    }
    fail_msg("no type is called %s", name);
    return ELC_INT32;
}

/* Cuts "name:type" words; the names live in `words`. */
static size_t read_columns(const char *text, elc_names *words, elc_column *columns) {
    assert_int_equal(elc_names_split(words, text, ' ', NULL), ELC_OK);
    assert_true(words->count <= MOST_COLUMNS);
    for (size_t i = 0; i < words->count; i++) {
        char *colon = strrchr(words->items[i], ':');
        *colon = '\0';
        columns[i] = (elc_column){words->items[i], type_named(colon + 1), NULL, NULL};
    }
    return words->count;
}

static void put_wkt(elc_batch *batch, size_t i, const char *cell) {
    size_t n = strlen(cell);
    char text[1000];
    elc_string wkb = {0};
    assert_true(n < sizeof text);
    for (size_t k = 0; k <= n; k++)
        text[k] = cell[k] == '_' ? ' ' : cell[k];
    assert_int_equal(elc_wkb_from_wkt(text, n, &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, i, wkb.data, wkb.size, NULL), ELC_OK);
    elc_string_free(&wkb);
}

static bool is_wkt(const char *cell) {
    return strchr(cell, '(') != NULL || strstr(cell, "EMPTY") != NULL;
}

static void put_cell(elc_batch *batch, size_t i, elc_type type, const char *cell) {
    elc_status status = ELC_OK;
    if (strcmp(cell, "-") == 0)
        return;
    if (type == ELC_GEOMETRY && is_wkt(cell))
        put_wkt(batch, i, cell);
    else if (type == ELC_UTF8)
        status = elc_batch_text(batch, i, cell, NULL);
    else if (type == ELC_BINARY || type == ELC_GEOMETRY)
        status = elc_batch_bytes(batch, i, cell, strlen(cell), NULL);
    else if (type == ELC_FLOAT32 || type == ELC_FLOAT64)
        status = elc_batch_real(batch, i, strtod(cell, NULL), NULL);
    else
        status = elc_batch_int(batch, i, strtoll(cell, NULL, 10), NULL);
    assert_int_equal(status, ELC_OK);
}

static void put_row(elc_batch *batch, const elc_column *columns, size_t n,
                    const char *row) {
    elc_names cells = {0};
    assert_int_equal(elc_names_split(&cells, row, ' ', NULL), ELC_OK);
    assert_int_equal(cells.count, n);
    for (size_t i = 0; i < n; i++)
        put_cell(batch, i, columns[i].type, cells.items[i]);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    elc_names_free(&cells);
}

static struct ArrowArray read_batch(const elc_column *columns, size_t n,
                                    const elc_names *rows, size_t first, size_t end) {
    struct ArrowArray out;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(columns, n, &batch, NULL), ELC_OK);
    for (size_t i = first; i < end; i++)
        put_row(batch, columns, n, rows->items[i]);
    assert_int_equal(elc_batch_finish(batch, &out, NULL), ELC_OK);
    elc_batch_free(batch);
    return out;
}

/* "EPSG:32633" as PROJJSON. */
static void create_schema(const elc_column *columns, size_t n, const char *text,
                          struct ArrowSchema *out) {
    elc_crs *crs = NULL;
    bool code = text != NULL && strncmp(text, "EPSG:", 5) == 0;
    if (code)
        assert_int_equal(elc_crs_create(text, &crs, NULL), ELC_OK);
    assert_int_equal(
        elc_schema_create(columns, n, code ? elc_crs_projjson(crs) : text, out, NULL),
        ELC_OK);
    elc_crs_free(crs);
}

struct ArrowArrayStream joining_stream(const joining_table *table) {
    elc_names words = {0}, rows = {0};
    elc_column columns[MOST_COLUMNS];
    struct ArrowSchema schema;
    struct ArrowArrayStream stream;
    size_t n = read_columns(table->columns, &words, columns), made = 0;
    assert_int_equal(elc_names_split(&rows, table->rows, '|', NULL), ELC_OK);
    struct ArrowArray *batches = calloc(rows.count + 1, sizeof *batches);
    size_t step = table->batch > 0 ? table->batch : rows.count + 1;
    for (size_t at = 0; at < rows.count; at += step) {
        size_t end = at + step < rows.count ? at + step : rows.count;
        batches[made++] = read_batch(columns, n, &rows, at, end);
    }
    create_schema(columns, n, table->crs, &schema);
    assert_int_equal(elc_stream_of_batches(&schema, batches, made, &stream, NULL),
                     ELC_OK);
    free(batches);
    elc_names_free(&words);
    elc_names_free(&rows);
    return stream;
}

/* ---- tables to text ------------------------------------------------------------- */

static elc_type column_type(const struct ArrowSchema *schema, size_t i) {
    elc_type type = ELC_INT32;
    assert_int_equal(elc_schema_type(schema->children[i], &type, NULL), ELC_OK);
    return type;
}

static void print_wkt(const char *wkb, size_t size, elc_string *out) {
    size_t at = out->size;
    assert_int_equal(elc_wkb_to_wkt(wkb, size, 6, out, NULL), ELC_OK);
    for (; at < out->size; at++)
        if (out->data[at] == ' ')
            out->data[at] = '_';
}

static void print_cell(const elc_rows *rows, elc_type type, size_t i, size_t row,
                       bool wkt, elc_string *out) {
    size_t n;
    if (elc_rows_null(rows, i, row)) {
        elc_string_append(out, "-", 1, NULL);
    } else if (wkt && type == ELC_GEOMETRY) {
        const char *bytes = elc_rows_bytes(rows, i, row, &n);
        print_wkt(bytes, n, out);
    } else if (type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY) {
        const char *bytes = elc_rows_bytes(rows, i, row, &n);
        bool wkb = type == ELC_GEOMETRY && n > 0 && bytes[0] == 1;
        elc_string_append(out, wkb ? "#" : bytes, wkb ? 1 : n, NULL);
    } else if (type == ELC_FLOAT32 || type == ELC_FLOAT64) {
        elc_string_printf(out, NULL, "%.17g", elc_rows_real(rows, i, row));
    } else {
        elc_string_printf(out, NULL, "%lld", (long long)elc_rows_int(rows, i, row));
    }
}

static void print_batch(const struct ArrowSchema *schema,
                        const struct ArrowArray *batch, bool wkt, elc_string *out) {
    elc_rows *rows;
    assert_int_equal(elc_rows_view(schema, batch, &rows, NULL), ELC_OK);
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        for (size_t i = 0; i < (size_t)schema->n_children; i++) {
            elc_string_printf(out, NULL, i > 0 ? " " : "");
            print_cell(rows, column_type(schema, i), i, row, wkt, out);
        }
        elc_string_append(out, "\n", 1, NULL);
    }
    elc_rows_free(rows);
}

static void print_schema(const struct ArrowSchema *schema, elc_string *out) {
    for (size_t i = 0; i < (size_t)schema->n_children; i++)
        elc_string_printf(out, NULL, "%s%s:%s", i > 0 ? " " : "",
                          schema->children[i]->name,
                          elc_type_name(column_type(schema, i)));
    elc_string_append(out, "\n", 1, NULL);
}

static elc_status print_stream(struct ArrowArrayStream *stream, bool wkt,
                               elc_string *out, elc_error *err) {
    struct ArrowSchema schema;
    elc_status status = ELC_OK;
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    print_schema(&schema, out);
    for (;;) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(stream, &batch, err);
        if (status != ELC_OK || batch.release == NULL)
            break;
        print_batch(&schema, &batch, wkt, out);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return status;
}

/* ---- joins ---------------------------------------------------------------------- */

static void keep_warning(void *arg, const char *line) {
    const joining *j = arg;
    if (j->warnings != NULL)
        elc_string_printf(j->warnings, NULL, "%s\n", line);
}

static void keep_progress(void *arg, const elc_progress *now) {
    const joining *j = arg;
    if (j->told != NULL)
        *j->told = *now;
}

static void set_option(elc_options *options, char *word) {
    char *equals = strchr(word, '=');
    *equals = '\0';
    assert_int_equal(elc_options_set(options, word, equals + 1, NULL), ELC_OK);
}

elc_options *joining_options(const elc_operator *op, const joining *j) {
    elc_options *options;
    elc_names words = {0};
    assert_int_equal(elc_options_create(op->options, &options, NULL), ELC_OK);
    if (j->options != NULL)
        assert_int_equal(elc_names_split(&words, j->options, ' ', NULL), ELC_OK);
    for (size_t i = 0; i < words.count; i++)
        set_option(options, words.items[i]);
    elc_names_free(&words);
    if (j->on != NULL)
        assert_int_equal(elc_options_set(options, "on", j->on, NULL), ELC_OK);
    if (j->how != NULL)
        assert_int_equal(elc_options_set(options, "how", j->how, NULL), ELC_OK);
    return options;
}

void joining_print(struct ArrowArrayStream *stream, elc_string *out) {
    elc_error err = {0};
    if (print_stream(stream, false, out, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static elc_status run(elc_call *call, bool wkt, elc_string *out, elc_error *err) {
    struct ArrowArrayStream table = {0};
    elc_run *running = NULL;
    elc_status status = elc_run_create(call, &running, err);
    if (status == ELC_OK)
        status = elc_run_table(running, &table, err);
    if (status == ELC_OK)
        status = print_stream(&table, wkt, out, err);
    elc_stream_release(&table);
    elc_run_free(running);
    return status;
}

elc_status joining_rows(const joining *j, elc_string *out, elc_error *err) {
    joining copy = *j;
    struct ArrowArrayStream streams[2] = {joining_stream(&j->left)};
    if (j->right.columns != NULL)
        streams[1] = joining_stream(&j->right);
    elc_reference inputs[] = {{.stream = &streams[0]}, {.stream = &streams[1]}};
    elc_context context = {.threads = j->threads > 0 ? j->threads : 1,
                           .cancel = j->cancel,
                           .progress = keep_progress,
                           .warn = keep_warning,
                           .arg = &copy};
    const elc_operator *op;
    assert_int_equal(elc_operator_find(j->op != NULL ? j->op : "join", &op, NULL),
                     ELC_OK);
    elc_options *options = joining_options(op, j);
    elc_call call = {
        .op = op, .options = options, .inputs = inputs, .context = &context};
    elc_status status = run(&call, j->wkt, out, err);
    elc_options_free(options);
    elc_stream_release(&streams[0]);
    elc_stream_release(&streams[1]);
    return status;
}

void joining_gives(joining j, const char *expected) {
    for (size_t batch = 0; batch < 3; batch++) {
        for (j.threads = 1; j.threads <= 3; j.threads += 2) {
            elc_string out = {0};
            elc_error err = {0};
            j.left.batch = batch;
            j.right.batch = 2 - batch;
            if (joining_rows(&j, &out, &err) != ELC_OK)
                fail_msg("%s", err.message);
            assert_string_equal(out.data, expected);
            elc_string_free(&out);
        }
    }
}

void joining_refuses(joining j, elc_status status, const char *message) {
    elc_string out = {0};
    elc_error err = {0};
    assert_int_equal(joining_rows(&j, &out, &err), status);
    assert_string_equal(err.message, message);
    assert_null(out.data);
    elc_string_free(&out);
}
