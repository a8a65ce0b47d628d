/* pairs.c - warns of queries that ask a function of all pairs of rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Fewer are done before anybody has read a warning. */
#define MANY 1e7

/* DuckDB's plan of a query as JSON; empty for one that has none. */
static elc_status explain(elc_sql *sql, const char *query, elc_string *out,
                          elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_result result = {0};
    elc_string ask = {0};
    ELC_TRY(elc_string_printf(&ask, err, "EXPLAIN (FORMAT json) %s", query));
    duckdb_state state = duckdb->query(sql->connection, ask.data, &result);
    elc_string_free(&ask);
    duckdb_data_chunk chunk =
        state == DuckDBSuccess ? duckdb->fetch_chunk(result) : NULL;
    elc_status status = ELC_OK;
    if (chunk != NULL && duckdb->data_chunk_get_size(chunk) > 0) {
        const duckdb_string_t *plan =
            duckdb->vector_get_data(duckdb->data_chunk_get_vector(chunk, 1));
        size_t n = plan->value.inlined.length;
        bool inlined = n <= sizeof plan->value.inlined.inlined;
        status = elc_string_append(
            out, inlined ? plan->value.inlined.inlined : plan->value.pointer.ptr, n,
            err);
    }
    if (chunk != NULL)
        duckdb->destroy_data_chunk(&chunk);
    duckdb->destroy_result(&result);
    return status;
}

static const char *info(const json_t *node, const char *key) {
    const char *text =
        json_string_value(json_object_get(json_object_get(node, "extra_info"), key));
    return text == NULL ? "" : text;
}

static double rows_of(const json_t *node) {
    const char *text = info(node, "Estimated Cardinality");
    const json_t *child = json_array_get(json_object_get(node, "children"), 0);
    return text[0] != '\0' || child == NULL ? strtod(text, NULL) : rows_of(child);
}

static bool is(const json_t *node, const char *name) {
    const char *is_named = json_string_value(json_object_get(node, "name"));
    return is_named != NULL && strncmp(is_named, name, strlen(name)) == 0;
}

static double product(const json_t *node) {
    const json_t *children = json_object_get(node, "children");
    return rows_of(json_array_get(children, 0)) * rows_of(json_array_get(children, 1));
}

/* The most pairs that a function of a geometry is asked of, in this step of a plan or
   those before it. */
static double pairs_of(const json_t *node) {
    double most = 0;
    size_t i;
    const json_t *children = json_object_get(node, "children"), *child;
    const json_t *first = json_array_get(children, 0);
    bool joins = is(node, "BLOCKWISE_NL_JOIN") || is(node, "NESTED_LOOP_JOIN");
    if (joins && (strstr(info(node, "Condition"), "st_") != NULL ||
                  strstr(info(node, "Conditions"), "st_") != NULL))
        most = product(node);
    if (is(node, "FILTER") && is(first, "CROSS_PRODUCT") &&
        strstr(info(node, "Expression"), "st_") != NULL)
        most = product(first);
    json_array_foreach(children, i, child) {
        double pairs = pairs_of(child);
        most = pairs > most ? pairs : most;
    }
    return most;
}

elc_status elc_sql_warn_of_pairs(elc_sql *sql, const char *query, elc_error *err) {
    elc_string plan = {0};
    ELC_TRY(explain(sql, query, &plan, err));
    json_t *root = plan.size == 0 ? NULL : json_loadb(plan.data, plan.size, 0, NULL);
    double pairs = pairs_of(json_array_get(root, 0));
    json_decref(root);
    elc_string_free(&plan);
    if (pairs >= MANY)
        elc_warn(sql->context,
                 "the query asks a function of about %.2g pairs of rows, one by one; "
                 "'elcano join --predicate ...' finds the same ones by an index",
                 pairs);
    return ELC_OK;
}
