/* parquet_same.c - whether Parquet files are one table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_same.h"

#include <string.h>

/* ---- metadata ---------------------------------------------------------------------
 */

static bool is_same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Whether two files' metadata mean one table: columns, CRSs, and where boxes are. */
static bool agree(const elc_geo *a, const elc_geo *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const elc_geo_column *x = &a->columns[i], *y = NULL;
        for (size_t k = 0; k < b->count; k++)
            if (strcmp(b->columns[k].name, x->name) == 0)
                y = &b->columns[k];
        same = y != NULL && (i > 0 || y == b->columns) && is_same(x->crs, y->crs) &&
               is_same(x->covering, y->covering) && x->boxes == y->boxes;
    }
    return same;
}

static elc_status fail_disagree(const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT,
                    "its files are no one table: %s; read them one by one", what);
}

static elc_status take_geo(elc_parquet *o, const elc_names *values, size_t files,
                           elc_error *err) {
    if (values->count != 0 && values->count != files)
        return fail_disagree("some have geo metadata (GeoParquet), some have none",
                             err);
    for (size_t i = 0; i < values->count; i++) {
        const char *text = values->items[i];
        elc_geo geo = {0};
        if (i == 0) {
            ELC_TRY(elc_geo_parse(text, strlen(text), &o->geo, err));
            continue;
        }
        ELC_TRY(elc_geo_parse(text, strlen(text), &geo, err));
        bool same = agree(&o->geo, &geo);
        elc_geo_free(&geo);
        if (!same)
            return fail_disagree("they differ in their geometry columns or CRSs", err);
    }
    return ELC_OK;
}

elc_status elc_parquet_read_geo(elc_parquet *o, size_t files, elc_error *err) {
    elc_names values = {0};
    elc_string query = {0};
    elc_status status = elc_string_printf(
        &query, err,
        "SELECT value FROM parquet_kv_metadata(%s) WHERE key = 'geo'::BLOB",
        o->files.data);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, &values, err);
    if (status == ELC_OK)
        status = take_geo(o, &values, files, err);
    elc_string_free(&query);
    elc_names_free(&values);
    return status;
}

/* ---- types ------------------------------------------------------------------------
 */

/* "name TYPE" of the columns of a read_parquet with these options. */
static elc_status read_types(elc_parquet *o, const char *options, elc_names *out,
                             elc_error *err) {
    elc_string query = {0};
    elc_status status = elc_string_printf(
        &query, err,
        "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM "
        "read_parquet(%s, %s))",
        o->files.data, options);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, out, err);
    elc_string_free(&query);
    return status;
}

static elc_status compare_types(const elc_names *first, const elc_names *all,
                                elc_error *err) {
    for (size_t i = 0; i < all->count; i++) {
        elc_string what = {0};
        const char *type = strrchr(all->items[i], ' ');
        if (elc_names_find(first, all->items[i]) != SIZE_MAX)
            continue;
        elc_status status =
            elc_string_printf(&what, err, "not all have a column %.*s of the same type",
                              (int)(type - all->items[i]), all->items[i]);
        if (status == ELC_OK)
            status = fail_disagree(what.data, err);
        elc_string_free(&what);
        return status;
    }
    return ELC_OK;
}

static elc_status check_keys(const elc_parquet *o, const elc_names *first,
                             elc_error *err) {
    for (size_t i = 0; i < first->count; i++)
        for (size_t k = 0; k < o->keys.count; k++) {
            size_t n = strlen(o->keys.items[k]);
            if (strncmp(first->items[i], o->keys.items[k], n) == 0 &&
                first->items[i][n] == ' ')
                return elc_fail(err, ELC_E_FORMAT,
                                "the column %s is in its files and in the names of its "
                                "folders; rename one",
                                o->keys.items[k]);
        }
    return ELC_OK;
}

/* DuckDB takes the first file's columns, and makes the others' values fit. */
elc_status elc_parquet_compare(elc_parquet *o, elc_error *err) {
    elc_names first = {0}, all = {0};
    elc_status status = read_types(o, "hive_partitioning = false", &first, err);
    if (status == ELC_OK)
        status =
            read_types(o, "hive_partitioning = false, union_by_name = true", &all, err);
    if (status == ELC_OK)
        status = compare_types(&first, &all, err);
    if (status == ELC_OK)
        status = check_keys(o, &first, err);
    elc_names_free(&first);
    elc_names_free(&all);
    return status;
}
