/* parquet_query.c - what is asked of DuckDB to read a Parquet file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_query.h"

#include "parquet_same.h"

#include <stdlib.h>
#include <string.h>

/* ---- statements -------------------------------------------------------------------
 */

/* A name is a pattern to DuckDB: what would be one of its marks goes into brackets. */
elc_status elc_parquet_quote(const char *path, elc_string *out, elc_error *err) {
    elc_string plain = {0};
    elc_status status = path[0] == '/' ? ELC_OK : elc_string_printf(&plain, err, "./");
    for (; status == ELC_OK && *path != '\0'; path++)
        status = strchr("*?[", *path) != NULL
                     ? elc_string_printf(&plain, err, "[%c]", *path)
                     : elc_string_append(&plain, path, 1, err);
    if (status == ELC_OK)
        status = elc_sql_quote_text(out, plain.data, err);
    elc_string_free(&plain);
    return status;
}

static elc_status quote_files(const elc_parquet_files *files, elc_string *out,
                              elc_error *err) {
    for (size_t i = 0; i < files->paths.count; i++) {
        ELC_TRY(elc_string_printf(out, err, i == 0 ? "[" : ", "));
        ELC_TRY(elc_parquet_quote(files->paths.items[i], out, err));
    }
    return elc_string_printf(out, err, "]");
}

static elc_status add_text(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    size_t size;
    elc_string text = {0};
    const char *bytes = elc_rows_bytes(rows, 0, row, &size);
    elc_status status = elc_string_append(&text, bytes, size, err);
    if (status == ELC_OK)
        status = elc_names_add(with, text.data, err);
    elc_string_free(&text);
    return status;
}

elc_status elc_parquet_texts(elc_parquet *o, const char *query, elc_names *out,
                             elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_sql_query(o->sql, query, NULL, &stream, err));
    elc_status status = elc_stream_schema(&stream, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_each(&stream, &schema, NULL, add_text, out, err);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    return status;
}

static elc_status read_columns(elc_parquet *o, elc_error *err) {
    elc_string query = {0};
    elc_status status = elc_string_printf(
        &query, err, "SELECT column_name FROM (DESCRIBE SELECT * FROM %s)",
        o->from.data);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, &o->columns, err);
    elc_string_free(&query);
    return status;
}

/* ---- columns ----------------------------------------------------------------------
 */

static elc_status check_geo(const elc_parquet *o, elc_error *err) {
    for (size_t i = 0; i < o->geo.count; i++)
        if (elc_names_find(&o->columns, o->geo.columns[i].name) == SIZE_MAX)
            return elc_fail(err, ELC_E_FORMAT,
                            "its geo metadata (GeoParquet) has the column %s, and the "
                            "file has none",
                            o->geo.columns[i].name);
    return ELC_OK;
}

static bool is_primary(const elc_parquet *o, const char *column) {
    return o->geo.count > 0 && strcmp(o->geo.columns[0].name, column) == 0;
}

/* Of boxes, and no geometry itself, whatever is stated: those are all in the table. */
bool elc_parquet_is_covering(const elc_parquet *o, const char *column) {
    bool is = false;
    for (size_t i = 0; i < o->geo.count; i++) {
        const elc_geo_column *geo = &o->geo.columns[i];
        if (strcmp(geo->name, column) == 0)
            return false;
        is |= geo->covering != NULL && strcmp(geo->covering, column) == 0;
    }
    return is;
}

/* The primary geometry first; then the others in the file's order. */
static elc_status find_order(elc_parquet *o, elc_error *err) {
    ELC_TRY(elc_alloc(o->columns.count, sizeof *o->order, &o->order, err));
    ELC_TRY(elc_alloc(o->columns.count, sizeof *o->left_out, &o->left_out, err));
    for (size_t i = 0; i < o->columns.count; i++)
        if (is_primary(o, o->columns.items[i]))
            o->order[o->n++] = i;
    for (size_t i = 0; i < o->columns.count; i++)
        if (!is_primary(o, o->columns.items[i]) &&
            !elc_parquet_is_covering(o, o->columns.items[i]))
            o->order[o->n++] = i;
    return ELC_OK;
}

/* Hive's name for NULL, in names of folders. */
static elc_status write_value(const elc_parquet *o, const char *name, elc_string *out,
                              elc_error *err) {
    if (elc_names_find(&o->keys, name) == SIZE_MAX)
        return elc_sql_quote_name(out, name, err);
    ELC_TRY(elc_string_printf(out, err, "CASE WHEN "));
    ELC_TRY(elc_sql_quote_name(out, name, err));
    ELC_TRY(
        elc_string_printf(out, err, "::VARCHAR <> '__HIVE_DEFAULT_PARTITION__' THEN "));
    ELC_TRY(elc_sql_quote_name(out, name, err));
    return elc_string_printf(out, err, " END");
}

/* As the table has them, once their names there are known. */
static elc_status write_column(const elc_parquet *o, size_t i, elc_string *out,
                               elc_error *err) {
    const char *name = o->columns.items[o->order[i]], *as = name;
    if (is_primary(o, name))
        as = "geometry";
    if (o->names.count > 0)
        as = o->names.items[i];
    ELC_TRY(write_value(o, name, out, err));
    ELC_TRY(elc_string_printf(out, err, " AS "));
    return elc_sql_quote_name(out, as, err);
}

static elc_status write_query(const elc_parquet *o, elc_string *out, elc_error *err) {
    const char *comma = "";
    ELC_TRY(elc_string_printf(out, err, "SELECT "));
    for (size_t i = 0; i < o->n; i++) {
        if (o->left_out[i])
            continue;
        ELC_TRY(elc_string_printf(out, err, "%s", comma));
        ELC_TRY(write_column(o, i, out, err));
        comma = ", ";
    }
    return elc_string_printf(out, err, " FROM %s%s", o->from.data,
                             o->where.size > 0 ? o->where.data : "");
}

static elc_status state_geometry(struct ArrowSchema *schema, int64_t i,
                                 const elc_geo_column *stated, elc_error *err) {
    elc_type type;
    struct ArrowSchema one = {0}, *child = schema->children[i];
    ELC_TRY(elc_schema_type(child, &type, err));
    if (type != ELC_BINARY)
        return elc_fail(err, ELC_E_FORMAT,
                        "its geometry column %s is %s, and WKB is bytes", stated->name,
                        elc_type_name(type));
    elc_column column = {child->name, ELC_GEOMETRY, NULL, NULL};
    ELC_TRY(elc_schema_create(&column, 1, stated->crs, &one, err));
    elc_schema_release(child);
    *child = *one.children[0];
    one.children[0]->release = NULL;
    elc_schema_release(&one);
    return ELC_OK;
}

/* Without a row: types, and names as they are in a table. */
static elc_status read_schema(elc_parquet *o, struct ArrowSchema *schema,
                              elc_error *err) {
    elc_string query = {0};
    struct ArrowArrayStream none = {0};
    elc_status status = write_query(o, &query, err);
    if (status == ELC_OK)
        status = elc_string_printf(&query, err, " LIMIT 0");
    if (status == ELC_OK)
        status = elc_sql_query(o->sql, query.data, "", &none, err);
    if (status == ELC_OK)
        status = elc_stream_schema(&none, schema, err);
    elc_stream_release(&none);
    elc_string_free(&query);
    for (size_t i = 0; status == ELC_OK && i < o->n; i++)
        status = elc_names_add(&o->names, schema->children[i]->name, err);
    return status;
}

static elc_status state_geometries(const elc_parquet *o, struct ArrowSchema *schema,
                                   elc_error *err) {
    for (size_t i = 0; i < o->n; i++)
        for (size_t k = 0; k < o->geo.count; k++)
            if (strcmp(o->geo.columns[k].name, o->columns.items[o->order[i]]) == 0)
                ELC_TRY(state_geometry(schema, (int64_t)i, &o->geo.columns[k], err));
    return ELC_OK;
}

elc_status elc_parquet_look(elc_parquet_files *files, int threads, elc_parquet *o,
                            struct ArrowSchema *schema, elc_error *err) {
    elc_sql_options options = {.files = true, .threads = threads};
    ELC_TRY(elc_sql_open(&options, &o->sql, err));
    ELC_TRY(quote_files(files, &o->files, err));
    ELC_TRY(elc_string_printf(&o->from, err, "read_parquet(%s, hive_partitioning = %s)",
                              o->files.data, files->keys.count > 0 ? "true" : "false"));
    o->keys = files->keys;
    files->keys = (elc_names){0};
    ELC_TRY(elc_parquet_read_geo(o, &files->paths, err));
    if (files->paths.count > 1 || o->keys.count > 0)
        ELC_TRY(elc_parquet_compare(o, &files->paths, err));
    ELC_TRY(read_columns(o, err));
    ELC_TRY(check_geo(o, err));
    ELC_TRY(find_order(o, err));
    ELC_TRY(read_schema(o, schema, err));
    return state_geometries(o, schema, err);
}

elc_status elc_parquet_rows(elc_parquet *o, struct ArrowArrayStream *out,
                            elc_error *err) {
    elc_string query = {0};
    elc_status status = write_query(o, &query, err);
    if (status == ELC_OK)
        status = elc_sql_query(o->sql, query.data, "", out, err);
    elc_string_free(&query);
    return status;
}

void elc_parquet_free(elc_parquet *o) {
    elc_sql_free(o->sql);
    elc_string_free(&o->files);
    elc_string_free(&o->from);
    elc_string_free(&o->where);
    elc_names_free(&o->keys);
    elc_names_free(&o->columns);
    elc_names_free(&o->names);
    elc_geo_free(&o->geo);
    free(o->order);
    free(o->left_out);
}
