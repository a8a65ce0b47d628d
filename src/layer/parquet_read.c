/* parquet_read.c - Parquet and GeoParquet files as tables, through DuckDB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet.h"

#include "geo.h"

#include <elcano/layer.h>
#include <elcano/sql.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct {
    char *path;
    struct ArrowArrayStream rows;
} parquet;

/* What is needed to open one. */
typedef struct {
    const char *path;
    elc_sql *sql;
    elc_string from;   /* read_parquet('path') */
    elc_names columns; /* of the file */
    elc_geo geo;       /* no columns: none */
} opening;

bool elc_is_parquet(const char *reference) {
    static const char *const endings[] = {".parquet", ".geoparquet", NULL};
    size_t n = strlen(reference);
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        size_t m = strlen(*ending);
        if (n > m && strcasecmp(reference + n - m, *ending) == 0)
            return true;
    }
    return false;
}

/* DuckDB says what is wrong with a query, and here nothing is wrong with that. */
static elc_status fail_file(const char *path, elc_status status, const elc_error *why,
                            elc_error *err) {
    if (status == ELC_E_ARGUMENT)
        status = ELC_E_FORMAT;
    return elc_fail(err, status, "%s: %s", path, why->message);
}

static elc_status check_file(const char *path, elc_error *err) {
    struct stat info;
    if (strncmp(path, "/vsi", 4) == 0 || strstr(path, "://") != NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: Parquet is read from local files; copy it here", path);
    if (stat(path, &info) != 0)
        return elc_fail(err, errno == ENOENT ? ELC_E_NOT_FOUND : ELC_E_IO, "%s: %s",
                        path,
                        errno == ENOENT ? "there is no such file" : strerror(errno));
    if (!S_ISREG(info.st_mode))
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: is no file; give one Parquet file",
                        path);
    return ELC_OK;
}

/* ---- statements -------------------------------------------------------------------
 */

/* A name is a pattern to DuckDB: what would be one of its marks goes into brackets. */
static elc_status quote_path(const char *path, elc_string *out, elc_error *err) {
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

/* The values of a query's first column, as texts or bytes. */
static elc_status read_texts(opening *o, const char *query, elc_names *out,
                             elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    elc_status status;
    ELC_TRY(elc_sql_query(o->sql, query, NULL, &stream, err));
    ELC_TRY_GOTO(elc_stream_schema(&stream, &schema, err), status, done);
    for (;;) {
        struct ArrowArray batch = {0};
        elc_rows *rows = NULL;
        ELC_TRY_GOTO(elc_stream_next(&stream, &batch, err), status, done);
        if (batch.release == NULL)
            break;
        status = elc_rows_view(&schema, &batch, &rows, err);
        for (size_t i = 0; status == ELC_OK && i < elc_rows_count(rows); i++) {
            size_t size;
            elc_string text = {0};
            const char *bytes = elc_rows_bytes(rows, 0, i, &size);
            status = elc_string_append(&text, bytes, size, err);
            if (status == ELC_OK)
                status = elc_names_add(out, text.data, err);
            elc_string_free(&text);
        }
        elc_rows_free(rows);
        elc_array_release(&batch);
        if (status != ELC_OK)
            break;
    }
done:
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    return status;
}

static elc_status read_about(opening *o, const char *format, const char *of,
                             elc_names *out, elc_error *err) {
    elc_string query = {0};
    const char *hole = strstr(format, "%s");
    elc_status status = elc_string_printf(&query, err, "%.*s%s%s", (int)(hole - format),
                                          format, of, hole + 2);
    if (status == ELC_OK)
        status = read_texts(o, query.data, out, err);
    elc_string_free(&query);
    return status;
}

/* ---- columns ----------------------------------------------------------------------
 */

static elc_status read_geo(opening *o, elc_error *err) {
    elc_names values = {0};
    elc_string path = {0};
    elc_status status = quote_path(o->path, &path, err);
    if (status == ELC_OK)
        status = read_about(
            o, "SELECT value FROM parquet_kv_metadata(%s) WHERE key = 'geo'::BLOB",
            path.data, &values, err);
    if (status == ELC_OK && values.count > 0)
        status = elc_geo_parse(values.items[0], strlen(values.items[0]), &o->geo, err);
    elc_string_free(&path);
    elc_names_free(&values);
    return status;
}

static elc_status check_geo(const opening *o, elc_error *err) {
    for (size_t i = 0; i < o->geo.count; i++)
        if (elc_names_find(&o->columns, o->geo.columns[i].name) == SIZE_MAX)
            return elc_fail(err, ELC_E_FORMAT,
                            "its geo metadata (GeoParquet) has the column %s, and the "
                            "file has none",
                            o->geo.columns[i].name);
    return ELC_OK;
}

static bool is_primary(const opening *o, const char *column) {
    return o->geo.count > 0 && strcmp(o->geo.columns[0].name, column) == 0;
}

static bool is_covering(const opening *o, const char *column) {
    for (size_t i = 0; i < o->geo.count; i++)
        if (o->geo.columns[i].covering != NULL &&
            strcmp(o->geo.columns[i].covering, column) == 0)
            return true;
    return false;
}

/* The primary geometry first, as `geometry`; then the others in the file's order. */
static elc_status write_query(const opening *o, elc_string *out, elc_error *err) {
    const char *comma = "";
    ELC_TRY(elc_string_printf(out, err, "SELECT "));
    if (o->geo.count > 0) {
        ELC_TRY(elc_sql_quote_name(out, o->geo.columns[0].name, err));
        ELC_TRY(elc_string_printf(out, err, " AS geometry"));
        comma = ", ";
    }
    for (size_t i = 0; i < o->columns.count; i++) {
        if (is_primary(o, o->columns.items[i]) || is_covering(o, o->columns.items[i]))
            continue;
        ELC_TRY(elc_string_printf(out, err, "%s", comma));
        ELC_TRY(elc_sql_quote_name(out, o->columns.items[i], err));
        comma = ", ";
    }
    return elc_string_printf(out, err, " FROM %s", o->from.data);
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

/* Where the column of the file is in the table. */
static int64_t place_of(const opening *o, const char *name) {
    int64_t place = o->geo.count > 0;
    if (is_primary(o, name))
        return 0;
    for (size_t i = 0; strcmp(o->columns.items[i], name) != 0; i++)
        place +=
            !is_primary(o, o->columns.items[i]) && !is_covering(o, o->columns.items[i]);
    return place;
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status parquet_next(void *state, struct ArrowArray *out, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = elc_stream_next(&p->rows, out, &why);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static void parquet_free(void *state) {
    parquet *p = state;
    elc_stream_release(&p->rows);
    free(p->path);
    free(p);
}

static elc_status open_rows(opening *o, parquet *p, struct ArrowSchema *schema,
                            elc_error *err) {
    elc_string query = {0};
    ELC_TRY(read_geo(o, err));
    ELC_TRY(read_about(o, "SELECT column_name FROM (DESCRIBE SELECT * FROM %s)",
                       o->from.data, &o->columns, err));
    ELC_TRY(check_geo(o, err));
    elc_status status = write_query(o, &query, err);
    if (status == ELC_OK)
        status = elc_sql_query(o->sql, query.data, "", &p->rows, err);
    elc_string_free(&query);
    ELC_TRY(status);
    ELC_TRY(elc_stream_schema(&p->rows, schema, err));
    for (size_t i = 0; i < o->geo.count; i++)
        ELC_TRY(state_geometry(schema, place_of(o, o->geo.columns[i].name),
                               &o->geo.columns[i], err));
    return ELC_OK;
}

static elc_status open_file(opening *o, parquet *p, struct ArrowSchema *schema,
                            elc_error *err) {
    elc_sql_options options = {.files = true};
    ELC_TRY(elc_strdup(o->path, &p->path, err));
    ELC_TRY(elc_sql_open(&options, &o->sql, err));
    ELC_TRY(elc_string_printf(&o->from, err, "read_parquet("));
    ELC_TRY(quote_path(o->path, &o->from, err));
    ELC_TRY(elc_string_printf(&o->from, err, ", hive_partitioning = false)"));
    return open_rows(o, p, schema, err);
}

static void opening_free(opening *o) {
    elc_sql_free(o->sql);
    elc_string_free(&o->from);
    elc_names_free(&o->columns);
    elc_geo_free(&o->geo);
}

elc_status elc_parquet_read(const char *path, struct ArrowArrayStream *out,
                            elc_error *err) {
    opening o = {.path = path};
    struct ArrowSchema schema = {0};
    elc_error why = {0};
    parquet *p;
    ELC_TRY(check_file(path, err));
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    elc_status status = open_file(&o, p, &schema, &why);
    if (status != ELC_OK)
        fail_file(path, status, &why, err);
    opening_free(&o);
    if (status == ELC_OK)
        status = elc_stream_create(
            &schema, (elc_producer){parquet_next, parquet_free, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        parquet_free(p);
    }
    return status == ELC_E_ARGUMENT ? ELC_E_FORMAT : status;
}
