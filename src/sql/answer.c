/* answer.c - a query's rows as a stream of record batches. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 4096 };
#define BATCH_BYTES ((size_t)32 << 20)

typedef struct {
    elc_sql *sql; /* kept */
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool has_result, ended;
    elc_sql_shape shape;
    elc_batch *batch;
    elc_progress progress;
} answer;

/* ---- a statement ------------------------------------------------------------------
 */

static elc_status check_statement(const elc_duckdb *duckdb,
                                  duckdb_prepared_statement statement, elc_error *err) {
    if (duckdb->prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "SQL here asks for rows and changes nothing: the query has to "
                        "be a SELECT (or FROM, WITH, VALUES)");
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
    elc_status status = prepare_one(sql, all, n, out, err);
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

static bool is_finite(const elc_column *column, int64_t value) {
    if (column->type == ELC_DATE32)
        return value < INT32_MAX && value > -INT32_MAX;
    return column->type != ELC_TIMESTAMP || (value < INT64_MAX && value > -INT64_MAX);
}

static elc_status put_bytes(elc_batch *batch, size_t column, bool is_text,
                            const duckdb_string_t *value, elc_string *scratch,
                            elc_error *err) {
    size_t size = value->value.inlined.length;
    const char *bytes = size <= sizeof value->value.inlined.inlined
                            ? value->value.inlined.inlined
                            : value->value.pointer.ptr;
    if (!is_text)
        return elc_batch_bytes(batch, column, bytes, size, err);
    scratch->size = 0; /* for its NUL */
    ELC_TRY(elc_string_append(scratch, bytes, size, err));
    return elc_batch_text(batch, column, scratch->data, err);
}

static elc_status put_int(elc_batch *batch, size_t i, const elc_column *column,
                          int64_t value, elc_error *err) {
    return is_finite(column, value) ? elc_batch_int(batch, i, value, err) : ELC_OK;
}

static elc_status put(elc_batch *batch, size_t i, const elc_column *column,
                      const void *data, size_t row, elc_string *scratch,
                      elc_error *err) {
    switch (column->type) {
    case ELC_BOOL:
        return elc_batch_int(batch, i, ((const bool *)data)[row], err);
    case ELC_INT32:
    case ELC_DATE32:
        return put_int(batch, i, column, ((const int32_t *)data)[row], err);
    case ELC_INT64:
    case ELC_TIMESTAMP:
        return put_int(batch, i, column, ((const int64_t *)data)[row], err);
    case ELC_FLOAT32:
        return elc_batch_real(batch, i, (double)((const float *)data)[row], err);
    case ELC_FLOAT64:
        return elc_batch_real(batch, i, ((const double *)data)[row], err);
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY:
        break;
    }
    return put_bytes(batch, i, column->type == ELC_UTF8,
                     (const duckdb_string_t *)data + row, scratch, err);
}

/* One column's vector, as it lies in a chunk. */
typedef struct {
    const void *data;
    const uint64_t *valid; /* NULL: all are */
} vector;

static elc_status take_row(answer *a, const vector *vectors, size_t row,
                           elc_string *scratch, elc_error *err) {
    for (size_t i = 0; i < a->shape.names.count; i++)
        if (vectors[i].valid == NULL || (vectors[i].valid[row / 64] >> row % 64 & 1))
            ELC_TRY(put(a->batch, i, &a->shape.columns[i], vectors[i].data, row,
                        scratch, err));
    return elc_batch_end_row(a->batch, err);
}

static elc_status take_chunk(answer *a, duckdb_data_chunk chunk, elc_error *err) {
    const elc_duckdb *duckdb = a->sql->duckdb;
    size_t n = a->shape.names.count, rows = duckdb->data_chunk_get_size(chunk);
    vector *vectors;
    elc_string scratch = {0};
    ELC_TRY(elc_alloc(n, sizeof *vectors, &vectors, err));
    for (size_t i = 0; i < n; i++) {
        duckdb_vector from = duckdb->data_chunk_get_vector(chunk, i);
        vectors[i] =
            (vector){duckdb->vector_get_data(from), duckdb->vector_get_validity(from)};
    }
    elc_status status = ELC_OK;
    for (size_t row = 0; status == ELC_OK && row < rows; row++)
        status = take_row(a, vectors, row, &scratch, err);
    elc_string_free(&scratch);
    free(vectors);
    return status;
}

static elc_status next_chunk(answer *a, elc_error *err) {
    const elc_duckdb *duckdb = a->sql->duckdb;
    ELC_TRY(elc_check_cancel(a->sql->context, err));
    duckdb_data_chunk chunk = duckdb->fetch_chunk(a->result);
    a->ended = chunk == NULL;
    if (chunk == NULL) {
        const char *why = duckdb->result_error(&a->result);
        return why == NULL ? ELC_OK
                           : elc_sql_fail(a->sql, duckdb->result_error_type(&a->result),
                                          why, err);
    }
    elc_status status = take_chunk(a, chunk, err);
    duckdb->destroy_data_chunk(&chunk);
    return status;
}

static elc_status answer_next(void *state, struct ArrowArray *out, elc_error *err) {
    answer *a = state;
    while (!a->ended && elc_batch_rows(a->batch) < BATCH_ROWS &&
           elc_batch_size(a->batch) < BATCH_BYTES)
        ELC_TRY(next_chunk(a, err));
    a->progress.done += elc_batch_rows(a->batch);
    a->progress.found = a->progress.done;
    elc_report(a->sql->context, &a->progress);
    return elc_batch_rows(a->batch) > 0 ? elc_batch_finish(a->batch, out, err) : ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static void answer_free(void *state) {
    answer *a = state;
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
