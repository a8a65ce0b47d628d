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

/* What stands for the metadata of a file that has none, and is no JSON. */
#define NONE "-"

static elc_status fail_geo(const char *first, bool with, const char *other, bool differ,
                           elc_error *err) {
    elc_string what = {0};
    elc_status status =
        differ ? elc_string_printf(&what, err,
                                   "%s and %s differ in their geometry columns or CRSs",
                                   first, other)
               : elc_string_printf(&what, err,
                                   "%s has geo metadata (GeoParquet), and %s has none",
                                   with ? first : other, with ? other : first);
    if (status == ELC_OK)
        status = fail_disagree(what.data, err);
    elc_string_free(&what);
    return status;
}

/* Of each file, in the order of their paths. */
static elc_status take_geo(elc_parquet *o, const elc_names *values,
                           const elc_names *paths, elc_error *err) {
    for (size_t i = 0; i < values->count && i < paths->count; i++) {
        const char *text = values->items[i];
        bool with = strcmp(values->items[0], NONE) != 0, same = true;
        elc_geo geo = {0};
        if ((strcmp(text, NONE) != 0) != with)
            return fail_geo(paths->items[0], with, paths->items[i], false, err);
        if (!with)
            continue;
        ELC_TRY(elc_geo_parse(text, strlen(text), i == 0 ? &o->geo : &geo, err));
        same = i == 0 || agree(&o->geo, &geo);
        elc_geo_free(&geo);
        if (!same)
            return fail_geo(paths->items[0], with, paths->items[i], true, err);
    }
    return ELC_OK;
}

elc_status elc_parquet_read_geo(elc_parquet *o, const elc_names *paths,
                                elc_error *err) {
    elc_names values = {0};
    elc_string query = {0};
    elc_status status = elc_string_printf(
        &query, err,
        "SELECT coalesce(max(value), '" NONE "'::BLOB) FROM (SELECT file_name FROM "
        "parquet_file_metadata(%s)) LEFT JOIN (SELECT file_name, value FROM "
        "parquet_kv_metadata(%s) WHERE key = 'geo'::BLOB) USING (file_name) "
        "GROUP BY file_name ORDER BY file_name",
        o->files.data, o->files.data);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, &values, err);
    if (status == ELC_OK)
        status = take_geo(o, &values, paths, err);
    elc_string_free(&query);
    elc_names_free(&values);
    return status;
}

/* ---- types ------------------------------------------------------------------------
 */

/* Between a column's name and its type. */
#define MARK '\x1f'

/* Name, MARK and type of the columns of a read_parquet with these options. */
static elc_status read_types(elc_parquet *o, const char *files, const char *options,
                             elc_names *out, elc_error *err) {
    elc_string query = {0};
    elc_status status = elc_string_printf(
        &query, err,
        "SELECT column_name || chr(%d) || column_type FROM (DESCRIBE SELECT * FROM "
        "read_parquet(%s, hive_partitioning = false%s))",
        MARK, files, options);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, out, err);
    elc_string_free(&query);
    return status;
}

static size_t name_size(const char *column) {
    return (size_t)(strchr(column, MARK) - column);
}

/* The type that a file has for a column of another; NULL: it has none of that name. */
static const char *type_there(const elc_names *file, const char *column) {
    size_t n = name_size(column) + 1;
    for (size_t i = 0; i < file->count; i++)
        if (strncmp(file->items[i], column, n) == 0)
            return file->items[i] + n;
    return NULL;
}

/* The first of a's columns that b has not so, and b's type of it. */
static const char *odd_column(const elc_names *a, const elc_names *b,
                              const char **type) {
    for (size_t i = 0; i < a->count; i++) {
        *type = type_there(b, a->items[i]);
        if (*type == NULL || elc_names_find(b, a->items[i]) == SIZE_MAX)
            return a->items[i];
    }
    return NULL;
}

static elc_status fail_column(const char *with, const char *other, const char *column,
                              const char *type, elc_error *err) {
    int n = (int)name_size(column);
    elc_string what = {0};
    elc_status status =
        type == NULL
            ? elc_string_printf(&what, err, "%s has a column %.*s, and %s has none",
                                with, n, column, other)
            : elc_string_printf(&what, err, "the column %.*s is %s in %s, and %s in %s",
                                n, column, column + n + 1, with, type, other);
    if (status == ELC_OK)
        status = fail_disagree(what.data, err);
    elc_string_free(&what);
    return status;
}

/* Whether a file has the first one's columns. */
static elc_status compare_file(elc_parquet *o, const elc_names *first,
                               const elc_names *paths, size_t i, elc_error *err) {
    elc_names own = {0};
    elc_string quoted = {0};
    const char *column = NULL, *type = NULL;
    elc_status status = elc_parquet_quote(paths->items[i], &quoted, err);
    if (status == ELC_OK)
        status = read_types(o, quoted.data, "", &own, err);
    if (status == ELC_OK && (column = odd_column(first, &own, &type)) != NULL)
        status = fail_column(paths->items[0], paths->items[i], column, type, err);
    else if (status == ELC_OK && (column = odd_column(&own, first, &type)) != NULL)
        status = fail_column(paths->items[i], paths->items[0], column, type, err);
    elc_string_free(&quoted);
    elc_names_free(&own);
    return status;
}

/* Whether files may have other names than others, which reading them as one passes
   over where the first has more: of what is written, which are more than columns. */
static elc_status may_differ(elc_parquet *o, bool *out, elc_error *err) {
    elc_string query = {0};
    elc_names kinds = {0};
    elc_status status = elc_string_printf(
        &query, err,
        "SELECT DISTINCT hash(list_sort(list(name)))::VARCHAR FROM parquet_schema(%s) "
        "GROUP BY file_name",
        o->files.data);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, &kinds, err);
    *out = kinds.count > 1;
    elc_string_free(&query);
    elc_names_free(&kinds);
    return status;
}

/* All files at once, and one by one where they may differ: to name one. */
static elc_status compare_types(elc_parquet *o, const elc_names *first,
                                const elc_names *all, const elc_names *paths,
                                elc_error *err) {
    const char *type;
    bool odd = odd_column(all, first, &type) != NULL, differ = odd;
    if (!odd)
        ELC_TRY(may_differ(o, &differ, err));
    for (size_t i = 1; differ && i < paths->count; i++)
        ELC_TRY(compare_file(o, first, paths, i, err));
    return odd ? fail_disagree("their columns differ", err) : ELC_OK;
}

static elc_status check_keys(const elc_parquet *o, const elc_names *first,
                             elc_error *err) {
    for (size_t i = 0; i < first->count; i++)
        for (size_t k = 0; k < o->keys.count; k++) {
            size_t n = strlen(o->keys.items[k]);
            if (strncmp(first->items[i], o->keys.items[k], n) == 0 &&
                first->items[i][n] == MARK)
                return elc_fail(err, ELC_E_FORMAT,
                                "the column %s is in its files and in the names of its "
                                "folders; rename one",
                                o->keys.items[k]);
        }
    return ELC_OK;
}

/* DuckDB takes the first file's columns, and makes the others' values fit. */
elc_status elc_parquet_compare(elc_parquet *o, const elc_names *paths, elc_error *err) {
    elc_names first = {0}, all = {0};
    elc_status status = read_types(o, o->files.data, "", &first, err);
    if (status == ELC_OK)
        status = read_types(o, o->files.data, ", union_by_name = true", &all, err);
    if (status == ELC_OK)
        status = compare_types(o, &first, &all, paths, err);
    if (status == ELC_OK)
        status = check_keys(o, &first, err);
    elc_names_free(&first);
    elc_names_free(&all);
    return status;
}
