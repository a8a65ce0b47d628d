/* functions.c - Elcano's functions, as DuckDB calls them: a vector at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions.h"
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void elc_callable_free(void *state) {
    elc_callable *c = state;
    for (size_t i = 0; i < c->n_waiting; i++)
        elc_caller_free(c->waiting[i]);
    free(c->waiting);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

elc_status elc_callable_create(elc_sql *sql, const elc_function *function, size_t n,
                               elc_callable **out, elc_error *err) {
    elc_callable *c;
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    *c = (elc_callable){.sql = sql, .function = function, .n = n};
    pthread_mutex_init(&c->lock, NULL);
    *out = c;
    return ELC_OK;
}

static elc_status take_caller(elc_callable *c, elc_caller **out, elc_error *err) {
    pthread_mutex_lock(&c->lock);
    *out = c->n_waiting > 0 ? c->waiting[--c->n_waiting] : NULL;
    pthread_mutex_unlock(&c->lock);
    return *out != NULL ? ELC_OK : elc_caller_create(c->function, out, err);
}

static void give_caller(elc_callable *c, elc_caller *caller) {
    pthread_mutex_lock(&c->lock);
    elc_status status =
        elc_reserve(&c->waiting, &c->capacity, c->n_waiting + 1, sizeof caller, NULL);
    if (status == ELC_OK)
        c->waiting[c->n_waiting++] = caller;
    pthread_mutex_unlock(&c->lock);
    if (status != ELC_OK)
        elc_caller_free(caller);
}

elc_status elc_callable_call(elc_callable *c, const struct ArrowArray *const *arguments,
                             size_t n, size_t rows, struct ArrowArray *out,
                             elc_error *err) {
    elc_caller *caller;
    ELC_TRY(take_caller(c, &caller, err));
    elc_caller_watch(caller, c->sql->context);
    elc_status status = elc_caller_call(caller, arguments, n, rows, out, err);
    give_caller(c, caller);
    return status;
}

/* ---- a call -----------------------------------------------------------------------
 */

static elc_status call(elc_callable *c, duckdb_data_chunk chunk, duckdb_vector output,
                       elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    size_t rows = duckdb->data_chunk_get_size(chunk);
    elc_vector vectors[ELC_FUNCTION_ARGUMENTS] = {0};
    const struct ArrowArray *arguments[ELC_FUNCTION_ARGUMENTS];
    struct ArrowArray result = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < c->n; i++) {
        status = elc_vector_read(&vectors[i], duckdb->data_chunk_get_vector(chunk, i),
                                 c->function->arguments[i].type, rows, err);
        arguments[i] = &vectors[i].array;
    }
    if (status == ELC_OK)
        status = elc_callable_call(c, arguments, c->n, rows, &result, err);
    if (status == ELC_OK)
        status = c->function->list
                     ? elc_vector_write_lists(output, &result, err)
                     : elc_vector_write(output, 0, c->function->result, &result, err);
    elc_array_release(&result);
    for (size_t i = 0; i < c->n; i++)
        elc_vector_free(&vectors[i]);
    return status;
}

/* "st_name: row 7: " without the row: those of a vector are no rows of a table. */
static void drop_row(elc_error *fault) {
    size_t row;
    int end = 0;
    char *at = strstr(fault->message, ": row ");
    if (at != NULL && sscanf(at, ": row %zu: %n", &row, &end) == 1 && end > 0)
        memmove(at + 2, at + end, strlen(at + end) + 1);
}

static void run(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector out) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    elc_callable *c = duckdb->scalar_function_get_extra_info(info);
    elc_error fault = {0};
    if (call(c, chunk, out, &fault) == ELC_OK)
        return;
    drop_row(&fault);
    elc_sql_note_fault(c->sql, &fault);
    duckdb->scalar_function_set_error(info, fault.message);
}

/* ---- registration -----------------------------------------------------------------
 */

/* How DuckDB sees a function: its name here, and the types of its geometries. */
typedef struct {
    const char *name, *geometry, *result;
} guise;

static duckdb_logical_type make_type(elc_type type, const char *geometry) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    duckdb_logical_type made = duckdb->create_logical_type(elc_vector_type(type));
    if (type == ELC_GEOMETRY)
        duckdb->logical_type_set_alias(made, geometry);
    return made;
}

static duckdb_logical_type make_result(const elc_function *function,
                                       const char *geometry) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    duckdb_logical_type type = make_type(function->result, geometry);
    if (!function->list)
        return type;
    duckdb_logical_type list = duckdb->create_list_type(type);
    duckdb->destroy_logical_type(&type);
    return list;
}

static duckdb_scalar_function make_function(elc_callable *c, const guise *as) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    duckdb_scalar_function made = duckdb->create_scalar_function();
    duckdb->scalar_function_set_name(made, as->name);
    for (size_t i = 0; i < c->n; i++) {
        duckdb_logical_type type =
            make_type(c->function->arguments[i].type, as->geometry);
        duckdb->scalar_function_add_parameter(made, type);
        duckdb->destroy_logical_type(&type);
    }
    duckdb_logical_type result = make_result(c->function, as->result);
    duckdb->scalar_function_set_return_type(made, result);
    duckdb->destroy_logical_type(&result);
    duckdb->scalar_function_set_extra_info(made, c, elc_callable_free);
    duckdb->scalar_function_set_function(made, run);
    if (c->function->image)
        duckdb->scalar_function_set_volatile(made);
    return made;
}

/* With its first n arguments. What takes the same ones as another, to DuckDB, is left
   out of the set. */
static elc_status add_arity(elc_sql *sql, duckdb_scalar_function_set set,
                            const guise *as, const elc_function *function, size_t n,
                            elc_error *err) {
    elc_callable *c;
    ELC_TRY(elc_callable_create(sql, function, n, &c, err));
    duckdb_scalar_function made = make_function(c, as);
    sql->duckdb->add_scalar_function_to_set(set, made);
    sql->duckdb->destroy_scalar_function(&made);
    return ELC_OK;
}

static bool takes_geometry(const elc_function *function) {
    for (const elc_argument *a = function->arguments; a->name != NULL; a++)
        if (a->type == ELC_GEOMETRY)
            return true;
    return false;
}

/* What it gives is in another CRS than what it takes. */
static bool changes_crs(const elc_function *function) {
    return elc_function_is(function, "st_transform");
}

static elc_status add_arities(elc_sql *sql, duckdb_scalar_function_set set,
                              const char *name, const char *geometry,
                              const elc_function *function, elc_error *err) {
    size_t required, most = elc_function_arguments(function, &required);
    guise as = {name, geometry, changes_crs(function) ? ELC_SQL_OTHER : geometry};
    for (size_t n = required; n <= most; n++)
        ELC_TRY(add_arity(sql, set, &as, function, n, err));
    return ELC_OK;
}

/* For the geometries of each CRS of the session: those of two do not meet. */
static elc_status add_overloads(elc_sql *sql, duckdb_scalar_function_set set,
                                const char *name, const elc_function *function,
                                elc_error *err) {
    bool takes = takes_geometry(function);
    for (size_t kind = 0; kind == 0 || (takes && kind < sql->crs.count); kind++) {
        char type[32];
        elc_sql_geometry_name(kind, type);
        ELC_TRY(add_arities(sql, set, name, type, function, err));
    }
    return takes && sql->transforms
               ? add_arities(sql, set, name, ELC_SQL_OTHER, function, err)
               : ELC_OK;
}

static elc_status add_name(elc_sql *sql, const char *name, elc_error *err) {
    duckdb_scalar_function_set set = sql->duckdb->create_scalar_function_set(name);
    elc_status status = ELC_OK;
    const elc_function *function;
    for (size_t i = 0; status == ELC_OK && (function = elc_function_at(i)) != NULL; i++)
        if (elc_function_is(function, name))
            status = add_overloads(sql, set, name, function, err);
    if (status == ELC_OK && sql->duckdb->register_scalar_function_set(
                                sql->connection, set) != DuckDBSuccess)
        status = elc_fail(err, ELC_E_INTERNAL,
                          "%s: DuckDB takes no function of this name", name);
    sql->duckdb->destroy_scalar_function_set(&set);
    return status;
}

static elc_status add_names(elc_names *names, const elc_function *function,
                            elc_error *err) {
    elc_names own = {0};
    elc_status status = elc_names_add(&own, function->name, err);
    if (status == ELC_OK && function->aliases != NULL)
        status = elc_names_split(&own, function->aliases, ',', err);
    for (size_t i = 0; status == ELC_OK && i < own.count; i++)
        if (elc_names_find(names, own.items[i]) == SIZE_MAX)
            status = elc_names_add(names, own.items[i], err);
    elc_names_free(&own);
    return status;
}

/* A text is as good for geometries of one type as of another, and DuckDB chooses none
   then: those of no table's CRS are there only where something makes some. */
elc_status elc_sql_add_functions(elc_sql *sql, const char *query, elc_error *err) {
    elc_names names = {0};
    elc_status status = ELC_OK;
    const elc_function *function;
    sql->transforms = strcasestr(query, "st_transform") != NULL;
    for (size_t i = 0; status == ELC_OK && (function = elc_function_at(i)) != NULL; i++)
        status = add_names(&names, function, err);
    for (size_t i = 0; status == ELC_OK && i < names.count; i++)
        status = add_name(sql, names.items[i], err);
    if (status == ELC_OK)
        status = elc_sql_add_casts(sql, err);
    elc_names_free(&names);
    return status;
}
