/* casts.c - texts and bytes as geometries, and back, as DuckDB casts them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions.h"
#include "vectors.h"

/* What is given to a cast, and how it ends. */
typedef struct {
    elc_callable *callable;
    elc_vector vector;
    duckdb_vector output;
    size_t rows;
} work;

/* `n` rows of the input, from row `at` on. */
static elc_status cast_rows(work *w, size_t at, size_t n, elc_error *err) {
    struct ArrowArray part = w->vector.array, result = {0};
    const struct ArrowArray *argument = &part;
    if (part.length > 1) {
        part.offset = (int64_t)at;
        part.length = (int64_t)n;
    }
    ELC_TRY(elc_callable_call(w->callable, &argument, 1, n, &result, err));
    elc_status status =
        elc_vector_write(w->output, at, w->callable->function->result, &result, err);
    elc_array_release(&result);
    return status;
}

/* TRY_CAST: what cannot be is NULL. */
static void cast_each(work *w, duckdb_function_info info) {
    for (size_t row = 0; row < w->rows; row++) {
        elc_error why = {0};
        if (cast_rows(w, row, 1, &why) != ELC_OK)
            elc_duckdb_loaded()->cast_function_set_row_error(info, why.message, row,
                                                             w->output);
    }
}

static bool cast(work *w, duckdb_vector input, duckdb_function_info info) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    elc_error fault = {0};
    elc_type from = w->callable->function->arguments[0].type;
    elc_status status = elc_vector_read(&w->vector, input, from, w->rows, &fault);
    if (status == ELC_OK &&
        duckdb->cast_function_get_cast_mode(info) == DUCKDB_CAST_TRY) {
        cast_each(w, info);
        return true;
    }
    if (status == ELC_OK)
        status = cast_rows(w, 0, w->rows, &fault);
    if (status == ELC_OK)
        return true;
    elc_sql_note_fault(w->callable->sql, &fault);
    duckdb->cast_function_set_error(info, fault.message);
    return false;
}

static bool run(duckdb_function_info info, idx_t rows, duckdb_vector input,
                duckdb_vector output) {
    work w = {.callable = elc_duckdb_loaded()->cast_function_get_extra_info(info),
              .output = output,
              .rows = rows};
    bool done = cast(&w, input, info);
    elc_vector_free(&w.vector);
    return done;
}

/* Dearer than DuckDB's own casts that are done unasked; and a text becomes a geometry
   of the first CRS before one of another. */
enum { COST = 200, ASKED = -1 };

/* One cast: the function that does it, and what its geometries are called. */
typedef struct {
    const char *function;
    elc_type from, to;
    const char *from_name, *to_name; /* NULL: no name */
    int64_t cost;                    /* ASKED: only where it is written */
} way;

static duckdb_logical_type make_type(elc_type type, const char *name) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    duckdb_logical_type made = duckdb->create_logical_type(
        type == ELC_UTF8 ? DUCKDB_TYPE_VARCHAR : DUCKDB_TYPE_BLOB);
    if (name != NULL)
        duckdb->logical_type_set_alias(made, name);
    return made;
}

/* Takes the callable, whatever comes of it. */
static elc_status add_cast(elc_sql *sql, const way *w, elc_callable *c,
                           elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_logical_type source = make_type(w->from, w->from_name);
    duckdb_logical_type target = make_type(w->to, w->to_name);
    duckdb_cast_function made = duckdb->create_cast_function();
    duckdb->cast_function_set_source_type(made, source);
    duckdb->cast_function_set_target_type(made, target);
    duckdb->cast_function_set_implicit_cast_cost(made, w->cost);
    duckdb->cast_function_set_extra_info(made, c, elc_callable_free);
    duckdb->cast_function_set_function(made, run);
    duckdb_state state = duckdb->register_cast_function(sql->connection, made);
    duckdb->destroy_cast_function(&made);
    duckdb->destroy_logical_type(&source);
    duckdb->destroy_logical_type(&target);
    return state == DuckDBSuccess ? ELC_OK
                                  : elc_fail(err, ELC_E_INTERNAL,
                                             "DuckDB takes no cast by %s", w->function);
}

/* Bytes are the same, whatever their type's name. */
static elc_status add(elc_sql *sql, const way *w, elc_error *err) {
    elc_type takes =
        w->from_name != NULL && w->to_name == NULL ? ELC_GEOMETRY : w->from;
    const elc_function *function;
    elc_callable *c;
    ELC_TRY(elc_function_find(w->function, &takes, 1, &function, err));
    ELC_TRY(elc_callable_create(sql, function, 1, &c, err));
    return add_cast(sql, w, c, err);
}

static elc_status add_type(elc_sql *sql, const char *name, int64_t cost,
                           elc_error *err) {
    const way ways[] = {
        {"st_geomfromtext", ELC_UTF8, ELC_BINARY, NULL, name, cost},
        {"st_geomfromwkb", ELC_BINARY, ELC_BINARY, NULL, name, cost},
        {"st_astext", ELC_BINARY, ELC_UTF8, name, NULL, ASKED},
        {"st_aswkb", ELC_BINARY, ELC_BINARY, name, NULL, ASKED},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        ELC_TRY(add(sql, &ways[i], err));
    return ELC_OK;
}

/* What st_transform gives may meet the geometries of any table: who asked for a CRS
   knows which. */
elc_status elc_sql_add_casts(elc_sql *sql, elc_error *err) {
    size_t kind = 0;
    do {
        char type[32];
        elc_sql_geometry_name(kind, type);
        int64_t cost = COST + (int64_t)kind;
        const way meet = {"st_geomfromwkb", ELC_BINARY, ELC_BINARY,
                          ELC_SQL_OTHER,    type,       cost};
        ELC_TRY(add_type(sql, type, cost, err));
        ELC_TRY(add(sql, &meet, err));
    } while (++kind < sql->crs.count);
    return add_type(sql, ELC_SQL_OTHER, COST + (int64_t)kind, err);
}
