/* answer.c - a query's rows as a stream of record batches. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BATCH_ROWS = 4096 };
#define BATCH_BYTES ((size_t)32 << 20)

/* The rows of a chunk as a batch takes them; all but `columns` is room. */
typedef struct {
    elc_column_values *columns;
    uint64_t **valid;       /* of dates and times */
    elc_bytes **bytes;      /* of texts, bytes and lists */
    elc_column_values *one; /* a row alone, and the validity of its values */
    uint64_t *bits;
    size_t rows, taken;
    bool is_long; /* more than a batch is to hold */
} chunk_view;

typedef struct {
    elc_sql *sql; /* kept */
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool has_result, ended;
    elc_sql_shape shape;
    duckdb_data_chunk chunk; /* that is being taken, or NULL */
    chunk_view view;         /* of it */
    elc_batch *batch;
    elc_progress progress;
} answer;

/* ---- a statement ------------------------------------------------------------------
 */

static elc_status fail_other(elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "SQL here asks for rows and changes nothing: the query has to be a "
                    "SELECT (or FROM, WITH, VALUES)");
}

/* Blanks, comments and empty statements. */
static const char *past_nothing(const char *at) {
    for (const char *end; *at != '\0'; at = end) {
        end = at + strspn(at, " \t\r\n\f\v;");
        if (strncmp(end, "--", 2) == 0)
            end += strcspn(end, "\n");
        else if (strncmp(end, "/*", 2) == 0 && strstr(end + 2, "*/") != NULL)
            end = strstr(end + 2, "*/") + 2;
        if (end == at)
            break;
    }
    return at;
}

/* DuckDB makes a SELECT of it. */
static bool is_pragma(const char *query) {
    return strncasecmp(past_nothing(query), "pragma", strlen("pragma")) == 0;
}

static elc_status check_statement(const elc_duckdb *duckdb,
                                  duckdb_prepared_statement statement, elc_error *err) {
    if (duckdb->prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT)
        return fail_other(err);
    if (duckdb->nparams(statement) > 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the query has parameters (? or $1), which nothing fills: write "
            "the values");
    return ELC_OK;
}

static elc_status prepare_one(elc_sql *sql, duckdb_extracted_statements all, size_t n,
                              duckdb_prepared_statement *out, elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    if (n == 0) {
        const char *why = duckdb->extract_statements_error(all);
        return why == NULL || why[0] == '\0'
                   ? elc_fail(err, ELC_E_ARGUMENT, "the query is empty")
                   : elc_sql_fail(sql, DUCKDB_ERROR_PARSER, why, err);
    }
    if (n > 1)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the query is %zu statements (a PIVOT without its values counts "
            "as such), and one is run",
            n);
    if (duckdb->prepare_extracted_statement(sql->connection, all, 0, out) !=
        DuckDBSuccess)
        return elc_sql_fail(sql, DUCKDB_ERROR_BINDER, duckdb->prepare_error(*out), err);
    return check_statement(duckdb, *out, err);
}

/* *out is to be destroyed after a failure, too. */
static elc_status prepare(elc_sql *sql, const char *query,
                          duckdb_prepared_statement *out, elc_error *err) {
    duckdb_extracted_statements all = NULL;
    size_t n = sql->duckdb->extract_statements(sql->connection, query, &all);
    elc_status status =
        is_pragma(query) ? fail_other(err) : prepare_one(sql, all, n, out, err);
    sql->duckdb->destroy_extracted(&all);
    return status;
}

/* ---- casts ------------------------------------------------------------------------
 */

static elc_status add_cast(const char *cast, const char *name, elc_string *out,
                           elc_error *err) {
    elc_string quoted = {0};
    const char *hole = strstr(cast, "%s");
    elc_status status = elc_sql_quote_name(&quoted, name, err);
    if (status == ELC_OK)
        status = elc_string_printf(out, err, "%.*s%s%s AS %s", (int)(hole - cast), cast,
                                   quoted.data, hole + 2, quoted.data);
    elc_string_free(&quoted);
    return status;
}

/* The casts go around a view of the query, whose columns have the same names. */
static elc_status write_casts(const elc_sql_shape *shape, const char *view,
                              elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err, "SELECT "));
    for (size_t i = 0; i < shape->names.count; i++) {
        if (i > 0)
            ELC_TRY(elc_string_printf(out, err, ", "));
        ELC_TRY(add_cast(shape->casts.items[i], shape->names.items[i], out, err));
    }
    return elc_string_printf(out, err, " FROM %s", view);
}

static elc_status make_view(elc_sql *sql, const elc_sql_shape *shape, const char *query,
                            const char *name, elc_error *err) {
    elc_string make = {0};
    elc_status status;
    ELC_TRY_GOTO(elc_string_printf(&make, err, "CREATE TEMP VIEW %s(", name), status,
                 done);
    for (size_t i = 0; i < shape->names.count; i++) {
        if (i > 0)
            ELC_TRY_GOTO(elc_string_printf(&make, err, ", "), status, done);
        ELC_TRY_GOTO(elc_sql_quote_name(&make, shape->names.items[i], err), status,
                     done);
    }
    size_t start = make.size;
    ELC_TRY_GOTO(elc_string_printf(&make, err, ") AS\n%s", query), status, done);
    status = elc_sql_run(sql, make.data, err);
    if (status == ELC_OK)
        goto done;
    make.size = start; /* SUMMARIZE and DESCRIBE are queries only in brackets */
    ELC_TRY_GOTO(elc_string_printf(&make, err, ") AS FROM (\n%s\n)", query), status,
                 done);
    status = elc_sql_run(sql, make.data, err);
done:
    elc_string_free(&make);
    return status;
}

static elc_status prepare_casts(answer *a, const char *query, elc_error *err) {
    elc_sql *sql = a->sql;
    char view[32];
    elc_string cast = {0};
    snprintf(view, sizeof view, "elc_answer_%u", ++sql->feeds);
    ELC_TRY(make_view(sql, &a->shape, query, view, err));
    sql->duckdb->destroy_prepare(&a->statement);
    elc_status status = write_casts(&a->shape, view, &cast, err);
    if (status == ELC_OK)
        status = prepare(sql, cast.data, &a->statement, err);
    elc_string_free(&cast);
    return status;
}

/* ---- rows -------------------------------------------------------------------------
 */

static void view_free(chunk_view *v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(v->valid == NULL ? NULL : v->valid[i]);
        free(v->bytes == NULL ? NULL : v->bytes[i]);
    }
    free(v->columns);
    free(v->valid);
    free(v->bytes);
    free(v->one);
    free(v->bits);
    *v = (chunk_view){0};
}

static bool is_date(elc_type type) {
    return type == ELC_DATE32 || type == ELC_TIMESTAMP;
}

static bool has_bytes(elc_type type) {
    return type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY;
}

/* Bytes of a value, as elc_batch_append takes it. */
static size_t width_of(elc_type type) {
    switch (type) {
    case ELC_BOOL:
        return sizeof(bool);
    case ELC_INT32:
    case ELC_DATE32:
        return sizeof(int32_t);
    case ELC_FLOAT32:
        return sizeof(float);
    case ELC_FLOAT64:
        return sizeof(double);
    case ELC_INT64:
    case ELC_TIMESTAMP:
        return sizeof(int64_t);
    default:
        return sizeof(elc_bytes);
    }
}

static elc_status view_make(chunk_view *v, const elc_sql_shape *shape, size_t rows,
                            elc_error *err) {
    size_t n = shape->names.count;
    ELC_TRY(elc_alloc(n, sizeof *v->columns, &v->columns, err));
    ELC_TRY(elc_alloc(n, sizeof *v->valid, &v->valid, err));
    ELC_TRY(elc_alloc(n, sizeof *v->bytes, &v->bytes, err));
    ELC_TRY(elc_alloc(n, sizeof *v->one, &v->one, err));
    ELC_TRY(elc_alloc(n, sizeof *v->bits, &v->bits, err));
    v->rows = rows;
    for (size_t i = 0; i < n; i++) {
        if (is_date(shape->columns[i].type))
            ELC_TRY(elc_alloc(rows / 64 + 1, sizeof **v->valid, &v->valid[i], err));
        if (has_bytes(shape->columns[i].type) || shape->columns[i].type == ELC_FLOATS)
            ELC_TRY(elc_alloc(rows, sizeof **v->bytes, &v->bytes[i], err));
    }
    return ELC_OK;
}

static bool is_finite(elc_type type, const void *values, size_t row) {
    if (type == ELC_DATE32) {
        int32_t day = ((const int32_t *)values)[row];
        return day < INT32_MAX && day > -INT32_MAX;
    }
    int64_t time = ((const int64_t *)values)[row];
    return time < INT64_MAX && time > -INT64_MAX;
}

static bool is_valid(const uint64_t *valid, size_t row) {
    return valid == NULL || (valid[row / 64] >> row % 64 & 1) != 0;
}

/* Infinite ones are NULL. */
static void look_at_dates(elc_type type, elc_column_values *column, size_t rows,
                          uint64_t *valid) {
    memset(valid, 0, (rows / 64 + 1) * sizeof *valid);
    for (size_t row = 0; row < rows; row++)
        if (is_valid(column->valid, row) && is_finite(type, column->values, row))
            valid[row / 64] |= UINT64_C(1) << row % 64;
    column->valid = valid;
}

static void look_at_bytes(elc_column_values *column, size_t rows, elc_bytes *bytes) {
    const duckdb_string_t *values = column->values;
    for (size_t row = 0; row < rows; row++) {
        if (!is_valid(column->valid, row))
            continue;
        size_t size = values[row].value.inlined.length;
        bytes[row].size = size;
        bytes[row].data = size <= sizeof values->value.inlined.inlined
                              ? values[row].value.inlined.inlined
                              : values[row].value.pointer.ptr;
    }
    column->values = bytes;
}

/* A list's floats lie side by side. */
static elc_status look_at_lists(elc_column_values *column, duckdb_vector list,
                                const char *name, size_t rows, elc_bytes *bytes,
                                elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    const duckdb_list_entry *entries = column->values;
    duckdb_vector items = duckdb->list_vector_get_child(list);
    const uint64_t *valid = duckdb->vector_get_validity(items);
    const float *floats = duckdb->vector_get_data(items);
    for (size_t row = 0; row < rows; row++) {
        if (!is_valid(column->valid, row))
            continue;
        for (uint64_t i = 0; valid != NULL && i < entries[row].length; i++)
            if (!is_valid(valid, entries[row].offset + i))
                return elc_fail(err, ELC_E_UNSUPPORTED,
                                "column \"%s\": a list with NULLs inside; give numbers",
                                name);
        bytes[row] = (elc_bytes){(const char *)(floats + entries[row].offset),
                                 entries[row].length * sizeof *floats};
    }
    column->values = bytes;
    return ELC_OK;
}

static elc_status look(chunk_view *v, const elc_duckdb *duckdb,
                       const elc_sql_shape *shape, duckdb_data_chunk chunk, size_t rows,
                       elc_error *err) {
    for (size_t i = 0; i < shape->names.count; i++) {
        elc_type type = shape->columns[i].type;
        duckdb_vector from = duckdb->data_chunk_get_vector(chunk, i);
        v->columns[i] = (elc_column_values){duckdb->vector_get_data(from),
                                            duckdb->vector_get_validity(from)};
        if (is_date(type))
            look_at_dates(type, &v->columns[i], rows, v->valid[i]);
        else if (has_bytes(type))
            look_at_bytes(&v->columns[i], rows, v->bytes[i]);
        else if (type == ELC_FLOATS)
            ELC_TRY(look_at_lists(&v->columns[i], from, shape->names.items[i], rows,
                                  v->bytes[i], err));
    }
    return ELC_OK;
}

static bool is_long(const chunk_view *v, size_t n) {
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t row = 0; v->bytes[i] != NULL && row < v->rows; row++)
            size += v->bytes[i][row].size; /* of NULLs: 0 */
    return size > BATCH_BYTES;
}

static elc_status view_chunk(chunk_view *v, const elc_duckdb *duckdb,
                             const elc_sql_shape *shape, duckdb_data_chunk chunk,
                             elc_error *err) {
    size_t rows = duckdb->data_chunk_get_size(chunk);
    ELC_TRY(view_make(v, shape, rows, err));
    ELC_TRY(look(v, duckdb, shape, chunk, rows, err));
    v->is_long = is_long(v, shape->names.count);
    return ELC_OK;
}

static void drop_chunk(answer *a) {
    view_free(&a->view, a->shape.names.count);
    a->sql->duckdb->destroy_data_chunk(&a->chunk);
    a->chunk = NULL;
}

static elc_status next_chunk(answer *a, elc_error *err) {
    const elc_duckdb *duckdb = a->sql->duckdb;
    a->chunk = duckdb->fetch_chunk(a->result);
    if (a->chunk != NULL) {
        elc_status status = view_chunk(&a->view, duckdb, &a->shape, a->chunk, err);
        if (status != ELC_OK)
            drop_chunk(a);
        return status;
    }
    a->ended = true;
    const char *why = duckdb->result_error(&a->result);
    return why == NULL
               ? ELC_OK
               : elc_sql_fail(a->sql, duckdb->result_error_type(&a->result), why, err);
}

/* The next row of the view alone. */
static const elc_column_values *next_row(chunk_view *v, const elc_sql_shape *shape) {
    for (size_t i = 0; i < shape->names.count; i++) {
        const char *values = v->columns[i].values;
        v->bits[i] = is_valid(v->columns[i].valid, v->taken);
        v->one[i].values = values + v->taken * width_of(shape->columns[i].type);
        v->one[i].valid = &v->bits[i];
    }
    return v->one;
}

/* All rows of the chunk at once, or one by one where they are long: 2,048 of 1 MB each
   are more than a batch can hold. */
static elc_status take_rows(answer *a, elc_error *err) {
    chunk_view *v = &a->view;
    size_t rows = v->is_long ? 1 : v->rows;
    ELC_TRY(elc_batch_append(a->batch, v->is_long ? next_row(v, &a->shape) : v->columns,
                             rows, err));
    v->taken += rows;
    if (v->taken == v->rows)
        drop_chunk(a);
    return ELC_OK;
}

static elc_status answer_next(void *state, struct ArrowArray *out, elc_error *err) {
    answer *a = state;
    while (!a->ended && elc_batch_rows(a->batch) < BATCH_ROWS &&
           elc_batch_size(a->batch) < BATCH_BYTES) {
        ELC_TRY(elc_check_cancel(a->sql->context, err));
        ELC_TRY(a->chunk == NULL ? next_chunk(a, err) : take_rows(a, err));
    }
    a->progress.done += elc_batch_rows(a->batch);
    a->progress.found = a->progress.done;
    elc_report(a->sql->context, &a->progress);
    return elc_batch_rows(a->batch) > 0 ? elc_batch_finish(a->batch, out, err) : ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static void answer_free(void *state) {
    answer *a = state;
    if (a->chunk != NULL)
        drop_chunk(a);
    if (a->has_result)
        a->sql->duckdb->destroy_result(&a->result);
    a->sql->duckdb->destroy_prepare(&a->statement);
    elc_sql_shape_free(&a->shape);
    elc_batch_free(a->batch);
    elc_sql_free(a->sql);
    free(a);
}

static elc_status run(answer *a, elc_error *err) {
    elc_sql *sql = a->sql;
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_pending_result pending = NULL;
    elc_status status = ELC_OK;
    if (duckdb->pending_prepared_streaming(a->statement, &pending) != DuckDBSuccess)
        status =
            elc_sql_fail(sql, DUCKDB_ERROR_BINDER, duckdb->pending_error(pending), err);
    else if (duckdb->execute_pending(pending, &a->result) != DuckDBSuccess)
        status = elc_sql_fail_result(sql, &a->result, err);
    else
        a->has_result = true;
    duckdb->destroy_pending(&pending);
    return status;
}

static elc_status start(answer *a, const char *query, const char *crs,
                        struct ArrowSchema *schema, elc_error *err) {
    ELC_TRY(prepare(a->sql, query, &a->statement, err));
    ELC_TRY(elc_sql_shape_read(a->sql, a->statement, &a->shape, err));
    if (!a->shape.direct)
        ELC_TRY(prepare_casts(a, query, err));
    ELC_TRY(elc_sql_shape_schema(a->sql, &a->shape, crs, schema, err));
    ELC_TRY(elc_batch_create(a->shape.columns, a->shape.names.count, &a->batch, err));
    return run(a, err);
}

elc_status elc_sql_query(elc_sql *sql, const char *query, const char *crs,
                         struct ArrowArrayStream *out, elc_error *err) {
    answer *a;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    elc_sql_keep(sql);
    a->sql = sql;
    a->progress.unit = "rows";
    elc_status status = start(a, query, crs, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){answer_next, answer_free, a},
                                   out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        answer_free(a);
    }
    return status;
}

elc_status elc_sql_tables_of(elc_sql *sql, const char *query, elc_names *out,
                             elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_value names = duckdb->get_table_names(sql->connection, query, false);
    size_t n = names == NULL ? 0 : duckdb->get_list_size(names);
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < n; i++) {
        duckdb_value item = duckdb->get_list_child(names, i);
        char *name = duckdb->get_varchar(item);
        if (elc_names_find(out, name) == SIZE_MAX)
            status = elc_names_add(out, name, err);
        duckdb->free(name);
        duckdb->destroy_value(&item);
    }
    if (names != NULL)
        duckdb->destroy_value(&names);
    return status;
}
