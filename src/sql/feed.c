/* feed.c - the rows of a stream, as DuckDB takes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <elcano/geo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A table function's stream; DuckDB's own, which frees it with the database. */
typedef struct {
    elc_sql *sql; /* outlives it */
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    elc_type *types;  /* of its columns */
    elc_names labels; /* their DuckDB types' names; "": none of their own */
    bool instants, begun, ended;
    struct ArrowArray batch;
    elc_rows *rows; /* of the batch; NULL: none */
    size_t at;      /* its next row */
    uint64_t row;   /* rows taken before */
} feed;

static void drop_batch(feed *f) {
    elc_rows_free(f->rows);
    f->rows = NULL;
    elc_array_release(&f->batch);
    f->batch.release = NULL;
}

static void feed_free(void *state) {
    feed *f = state;
    drop_batch(f);
    elc_schema_release(&f->schema);
    elc_stream_release(&f->stream);
    elc_names_free(&f->labels);
    free(f->types);
    free(f);
}

/* ---- columns ----------------------------------------------------------------------
 */

static duckdb_type type_of(const feed *f, elc_type type) {
    return type == ELC_TIMESTAMP && f->instants ? DUCKDB_TYPE_TIMESTAMP_TZ
                                                : elc_vector_type(type);
}

static duckdb_logical_type make_type(const feed *f, elc_type type) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    if (type != ELC_FLOATS)
        return duckdb->create_logical_type(type_of(f, type));
    duckdb_logical_type item = duckdb->create_logical_type(DUCKDB_TYPE_FLOAT);
    duckdb_logical_type list = duckdb->create_list_type(item);
    duckdb->destroy_logical_type(&item);
    return list;
}

static void bind(duckdb_bind_info info) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    const feed *f = duckdb->bind_get_extra_info(info);
    for (int64_t i = 0; i < f->schema.n_children; i++) {
        duckdb_logical_type type = make_type(f, f->types[i]);
        const char *label = f->labels.items[i];
        if (label[0] != '\0')
            duckdb->logical_type_set_alias(type, label);
        duckdb->bind_add_result_column(info, f->schema.children[i]->name, type);
        duckdb->destroy_logical_type(&type);
    }
}

static void begin(duckdb_init_info info) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    feed *f = duckdb->init_get_extra_info(info);
    duckdb->init_set_max_threads(info, 1);
    if (f->begun)
        duckdb->init_set_error(info, "a stream can be read once");
    f->begun = true;
}

/* ---- rows -------------------------------------------------------------------------
 */

/* The next batch that has rows; f->ended where there is none. */
static elc_status next_batch(feed *f, elc_error *err) {
    drop_batch(f);
    ELC_TRY(elc_check_cancel(f->sql->context, err));
    ELC_TRY(elc_stream_next(&f->stream, &f->batch, err));
    f->ended = f->batch.release == NULL;
    f->at = 0;
    return f->ended ? ELC_OK : elc_rows_view(&f->schema, &f->batch, &f->rows, err);
}

/* UTF-8, in which DuckDB, unlike elc_utf8_valid, takes a NUL. */
static bool is_text(const char *bytes, size_t size) {
    const char *nul;
    while ((nul = memchr(bytes, '\0', size)) != NULL) {
        if (!elc_utf8_valid(bytes, (size_t)(nul - bytes)))
            return false;
        size -= (size_t)(nul - bytes) + 1;
        bytes = nul + 1;
    }
    return elc_utf8_valid(bytes, size);
}

static elc_status put_text(const feed *f, duckdb_vector vector, size_t column,
                           size_t from, size_t to, elc_error *err) {
    size_t size;
    const char *bytes = elc_rows_bytes(f->rows, column, from, &size);
    if (f->types[column] == ELC_UTF8 && !is_text(bytes, size))
        return elc_fail(err, ELC_E_FORMAT, "row %llu: %s is no UTF-8",
                        (unsigned long long)f->row + 1,
                        f->schema.children[column]->name);
    elc_duckdb_loaded()->vector_assign_string_element_len(vector, to, bytes, size);
    return ELC_OK;
}

static elc_status put_floats(const feed *f, duckdb_vector vector,
                             duckdb_list_entry *entries, size_t column, size_t from,
                             size_t to, elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    size_t n;
    const float *floats = elc_rows_floats(f->rows, column, from, &n);
    idx_t at = duckdb->list_vector_get_size(vector);
    if (duckdb->list_vector_reserve(vector, at + n) != DuckDBSuccess ||
        duckdb->list_vector_set_size(vector, at + n) != DuckDBSuccess)
        return elc_fail(err, ELC_E_MEMORY, "no memory for lists of %zu numbers", n);
    float *items = duckdb->vector_get_data(duckdb->list_vector_get_child(vector));
    if (n > 0)
        memcpy(items + at, floats, n * sizeof *floats);
    entries[to] = (duckdb_list_entry){at, n};
    return ELC_OK;
}

static elc_status put(const feed *f, duckdb_vector vector, void *data, size_t column,
                      size_t from, size_t to, elc_error *err) {
    switch (f->types[column]) {
    case ELC_INT32:
    case ELC_DATE32:
        ((int32_t *)data)[to] = (int32_t)elc_rows_int(f->rows, column, from);
        return ELC_OK;
    case ELC_INT64:
    case ELC_TIMESTAMP:
        ((int64_t *)data)[to] = elc_rows_int(f->rows, column, from);
        return ELC_OK;
    case ELC_FLOAT32:
        ((float *)data)[to] = (float)elc_rows_real(f->rows, column, from);
        return ELC_OK;
    case ELC_FLOAT64:
        ((double *)data)[to] = elc_rows_real(f->rows, column, from);
        return ELC_OK;
    case ELC_BOOL:
        ((bool *)data)[to] = elc_rows_int(f->rows, column, from) != 0;
        return ELC_OK;
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY:
        break;
    case ELC_FLOATS:
        return put_floats(f, vector, data, column, from, to, err);
    }
    return put_text(f, vector, column, from, to, err);
}

/* n rows of the batch to the chunk's rows from `to` on. */
static elc_status put_rows(const feed *f, duckdb_data_chunk chunk, size_t to, size_t n,
                           elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    for (size_t column = 0; column < (size_t)f->schema.n_children; column++) {
        duckdb_vector vector = duckdb->data_chunk_get_vector(chunk, column);
        void *data = duckdb->vector_get_data(vector);
        for (size_t i = 0; i < n; i++) {
            if (elc_rows_null(f->rows, column, f->at + i)) {
                duckdb->vector_ensure_validity_writable(vector);
                duckdb->validity_set_row_invalid(duckdb->vector_get_validity(vector),
                                                 to + i);
            } else {
                ELC_TRY(put(f, vector, data, column, f->at + i, to + i, err));
            }
        }
    }
    return ELC_OK;
}

/* Chunks are as full as they can be, whatever the batches: what DuckDB writes depends
   on where they end. */
static elc_status fill(feed *f, duckdb_data_chunk chunk, elc_error *err) {
    size_t room = elc_duckdb_loaded()->vector_size(), count = 0;
    while (count < room && !f->ended) {
        size_t left = f->rows == NULL ? 0 : elc_rows_count(f->rows) - f->at;
        size_t n = left < room - count ? left : room - count;
        if (n == 0) {
            ELC_TRY(next_batch(f, err));
            continue;
        }
        ELC_TRY(put_rows(f, chunk, count, n, err));
        f->at += n;
        f->row += n;
        count += n;
    }
    elc_duckdb_loaded()->data_chunk_set_size(chunk, count);
    return ELC_OK;
}

static void take(duckdb_function_info info, duckdb_data_chunk chunk) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    feed *f = duckdb->function_get_extra_info(info);
    elc_error fault = {0};
    if (fill(f, chunk, &fault) == ELC_OK)
        return;
    f->ended = true;
    elc_sql_note_fault(f->sql, &fault);
    duckdb->function_set_error(info, fault.message);
}

/* ---- life -------------------------------------------------------------------------
 */

/* Others state a CRS by its code or as WKT; tables that come out state PROJJSON. */
static elc_status projjson_of(char **crs, elc_error *err) {
    elc_crs *known;
    if ((*crs)[0] == '\0' || (*crs)[0] == '{')
        return ELC_OK;
    ELC_TRY(elc_crs_create(*crs, &known, err));
    free(*crs);
    elc_status status = elc_strdup(elc_crs_projjson(known), crs, err);
    elc_crs_free(known);
    return status;
}

static elc_status label(feed *f, size_t i, bool table, elc_error *err) {
    char *crs = NULL, name[32] = "";
    if (f->types[i] == ELC_GEOMETRY && table) {
        ELC_TRY(elc_schema_crs(f->schema.children[i], &crs, err));
        elc_status status = projjson_of(&crs, err);
        if (status == ELC_OK)
            status = elc_sql_geometry_type(f->sql, crs, name, err);
        free(crs);
        ELC_TRY(status);
    }
    return elc_names_add(&f->labels, name, err);
}

/* DuckDB's names differ by more than case. */
static elc_status check_names(const struct ArrowSchema *schema, elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++)
        for (int64_t k = 0; k < i; k++) {
            const char *a = schema->children[k]->name, *b = schema->children[i]->name;
            if (strcasecmp(a, b) == 0)
                return elc_fail(err, ELC_E_UNSUPPORTED,
                                "the columns %s and %s have one name to SQL, which "
                                "does not tell capitals from small letters; rename one",
                                a, b);
        }
    return ELC_OK;
}

static elc_status describe(feed *f, bool table, elc_error *err) {
    ELC_TRY(elc_stream_schema(&f->stream, &f->schema, err));
    size_t n = (size_t)f->schema.n_children;
    if (n == 0)
        return elc_fail(err, ELC_E_UNSUPPORTED, "a table without columns");
    ELC_TRY(check_names(&f->schema, err));
    ELC_TRY(elc_alloc(n, sizeof *f->types, &f->types, err));
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_schema_type(f->schema.children[i], &f->types[i], err));
        ELC_TRY(label(f, i, table, err));
    }
    return ELC_OK;
}

/* Takes the feed, whatever comes of it. */
static elc_status add_function(feed *f, const char *name, elc_error *err) {
    const elc_sql *sql = f->sql;
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_table_function function = duckdb->create_table_function();
    duckdb->table_function_set_name(function, name);
    duckdb->table_function_set_extra_info(function, f, feed_free);
    duckdb->table_function_set_bind(function, bind);
    duckdb->table_function_set_init(function, begin);
    duckdb->table_function_set_function(function, take);
    duckdb_state state = duckdb->register_table_function(sql->connection, function);
    duckdb->destroy_table_function(&function);
    return state == DuckDBSuccess
               ? ELC_OK
               : elc_fail(err, ELC_E_ARGUMENT,
                          "%s: DuckDB takes no function of this name", name);
}

static elc_status add_feed(elc_sql *sql, const char *name,
                           struct ArrowArrayStream *rows, bool table, bool instants,
                           elc_error *err) {
    feed *f;
    ELC_TRY(elc_alloc(1, sizeof *f, &f, err));
    f->sql = sql;
    f->stream = *rows;
    f->instants = instants;
    rows->release = NULL;
    elc_status status = describe(f, table, err);
    if (status != ELC_OK) {
        feed_free(f);
        return status;
    }
    return add_function(f, name, err);
}

elc_status elc_sql_add_stream(elc_sql *sql, const char *name,
                              struct ArrowArrayStream *rows, bool instants,
                              elc_error *err) {
    return add_feed(sql, name, rows, false, instants, err);
}

static elc_status make_table(elc_sql *sql, const char *name, const char *function,
                             elc_error *err) {
    elc_string make = {0};
    elc_status status = elc_string_printf(&make, err, "CREATE TABLE ");
    if (status == ELC_OK)
        status = elc_sql_quote_name(&make, name, err);
    if (status == ELC_OK)
        status = elc_string_printf(&make, err, " AS SELECT * FROM %s()", function);
    if (status == ELC_OK)
        status = elc_sql_run(sql, make.data, err);
    elc_string_free(&make);
    return status;
}

elc_status elc_sql_add_table(elc_sql *sql, const char *name,
                             struct ArrowArrayStream *rows, elc_error *err) {
    char function[32];
    snprintf(function, sizeof function, "elc_feed_%u", ++sql->feeds);
    ELC_TRY(add_feed(sql, function, rows, true, false, err));
    return make_table(sql, name, function, err);
}
