/* parquet_query.c - what is asked of DuckDB to read a Parquet file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static elc_status quote_files(const elc_parquet_files *files, elc_string *out,
                              elc_error *err) {
    for (size_t i = 0; i < files->paths.count; i++) {
        ELC_TRY(elc_string_printf(out, err, i == 0 ? "[" : ", "));
        ELC_TRY(quote_path(files->paths.items[i], out, err));
    }
    return elc_string_printf(out, err, "]");
}

/* The values of a query's first column, as texts or bytes. */
static elc_status read_texts(elc_parquet *o, const char *query, elc_names *out,
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

static elc_status read_about(elc_parquet *o, const char *format, const char *of,
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

static elc_status read_geo(elc_parquet *o, size_t files, elc_error *err) {
    elc_names values = {0};
    elc_status status = read_about(
        o, "SELECT value FROM parquet_kv_metadata(%s) WHERE key = 'geo'::BLOB",
        o->files.data, &values, err);
    if (status == ELC_OK)
        status = take_geo(o, &values, files, err);
    elc_names_free(&values);
    return status;
}

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
static bool is_covering(const elc_parquet *o, const char *column) {
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
        if (!is_primary(o, o->columns.items[i]) && !is_covering(o, o->columns.items[i]))
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
        status = read_texts(o, query.data, out, err);
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
static elc_status check_types(elc_parquet *o, elc_error *err) {
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

elc_status elc_parquet_look(elc_parquet_files *files, int threads, elc_parquet *o,
                            struct ArrowSchema *schema, elc_error *err) {
    elc_sql_options options = {.files = true, .threads = threads};
    ELC_TRY(elc_sql_open(&options, &o->sql, err));
    ELC_TRY(quote_files(files, &o->files, err));
    ELC_TRY(elc_string_printf(&o->from, err, "read_parquet(%s, hive_partitioning = %s)",
                              o->files.data, files->keys.count > 0 ? "true" : "false"));
    o->keys = files->keys;
    files->keys = (elc_names){0};
    ELC_TRY(read_geo(o, files->paths.count, err));
    if (files->paths.count > 1 || o->keys.count > 0)
        ELC_TRY(check_types(o, err));
    ELC_TRY(read_about(o, "SELECT column_name FROM (DESCRIBE SELECT * FROM %s)",
                       o->from.data, &o->columns, err));
    ELC_TRY(check_geo(o, err));
    ELC_TRY(find_order(o, err));
    ELC_TRY(read_schema(o, schema, err));
    return state_geometries(o, schema, err);
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

/* ---- less than all ----------------------------------------------------------------
 */

/* What the statistics of a row group say of a column. */
static elc_status write_statistic(const char *statistic, const char *column,
                                  const char *as, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err,
                              ", any_value(TRY_CAST(%s AS DOUBLE)) FILTER "
                              "(path_in_schema = ",
                              statistic));
    ELC_TRY(elc_sql_quote_text(out, column, err));
    return elc_string_printf(out, err, ") AS %s", as);
}

/* A row group by the boxes of its rows; what has no statistics is NULL. */
static elc_status write_groups(const elc_parquet *o, const char *boxes, elc_string *out,
                               elc_error *err) {
    static const struct {
        const char *field, *statistic, *as;
    } asked[] = {{"xmin", "stats_min_value", "xmin"},
                 {"ymin", "stats_min_value", "ymin"},
                 {"xmax", "stats_max_value", "xmax"},
                 {"ymax", "stats_max_value", "ymax"},
                 {"xmin", "stats_max_value", "last_xmin"},
                 {"xmax", "stats_min_value", "first_xmax"},
                 {"xmin", "stats_null_count", "no_xmin"},
                 {"ymin", "stats_null_count", "no_ymin"},
                 {"xmax", "stats_null_count", "no_xmax"},
                 {"ymax", "stats_null_count", "no_ymax"}};
    ELC_TRY(elc_string_printf(out, err,
                              "WITH g AS (SELECT any_value(row_group_num_rows) AS n"));
    ELC_TRY(write_statistic("stats_null_count", o->geo.columns[0].name, "no_shape", out,
                            err));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        elc_string path = {0};
        elc_status status =
            elc_string_printf(&path, err, "%s, %s", boxes, asked[i].field);
        if (status == ELC_OK)
            status =
                write_statistic(asked[i].statistic, path.data, asked[i].as, out, err);
        elc_string_free(&path);
        ELC_TRY(status);
    }
    return elc_string_printf(
        out, err, " FROM parquet_metadata(%s) GROUP BY file_name, row_group_id) ",
        o->files.data);
}

/* Boxes cost time to read, too: they are worth it where a third of the rows are in row
   groups that lie elsewhere. A shape without a box lies anywhere. Longitudes tell only
   where none is beyond a turn, and no box can be one over the antimeridian, whose xmin
   is more than 180 degrees above its xmax. */
static elc_status write_worth(const double box[4], bool degrees, elc_string *out,
                              elc_error *err) {
    bool far = !degrees || (box[0] > -180 && box[2] < 180);
    const char *turn =
        !far      ? "false"
        : degrees ? "xmin >= -180 AND xmax <= 180 AND last_xmin - first_xmax <= 180"
                  : "true";
    return elc_string_printf(
        out, err,
        "SELECT CASE WHEN NOT coalesce(bool_and(coalesce(greatest(no_xmin, no_ymin, "
        "no_xmax, no_ymax) <= coalesce(no_shape, 0), false)), false) THEN '' WHEN "
        "coalesce(bool_and(coalesce(%s, false)), false) AND 3 * sum(CASE WHEN xmin > "
        "%.17g OR xmax < %.17g OR ymin > %.17g OR ymax < %.17g THEN n ELSE 0 END) >= "
        "sum(n) THEN 'xy' WHEN 3 * sum(CASE WHEN ymin > %.17g OR ymax < %.17g THEN n "
        "ELSE 0 END) >= sum(n) THEN 'y' ELSE '' END FROM g",
        turn, box[2], box[0], box[3], box[1], box[3], box[1]);
}

static elc_status ask_worth(elc_parquet *o, const char *boxes, const double box[4],
                            bool degrees, elc_names *out, elc_error *err) {
    elc_string query = {0};
    elc_status status = write_groups(o, boxes, &query, err);
    if (status == ELC_OK)
        status = write_worth(box, degrees, &query, err);
    if (status == ELC_OK)
        status = read_texts(o, query.data, out, err);
    elc_string_free(&query);
    return status;
}

static elc_status write_bound(elc_parquet *o, const char *boxes, const char *field,
                              const char *sign, double bound, elc_error *err) {
    ELC_TRY(elc_string_printf(&o->where, err, "%s struct_extract(",
                              o->where.size == 0 ? " WHERE" : " AND"));
    ELC_TRY(elc_sql_quote_name(&o->where, boxes, err));
    return elc_string_printf(&o->where, err, ", '%s') %s %.17g::DOUBLE", field, sign,
                             bound);
}

/* Boxes may be of float32, rounded. */
static void loosen(const double box[4], double out[4]) {
    for (int i = 0; i < 4; i++) {
        double slack = fabs(box[i]) * 1e-6 + 1e-9;
        out[i] = i < 2 ? box[i] - slack : box[i] + slack;
    }
}

static elc_status narrow_rows(elc_parquet *o, const double wanted[4], bool degrees,
                              elc_error *err) {
    const elc_geo_column *primary = o->geo.count > 0 ? &o->geo.columns[0] : NULL;
    double box[4];
    elc_names worth = {0};
    if (primary == NULL || !primary->boxes || !is_covering(o, primary->covering))
        return ELC_OK;
    const char *boxes = primary->covering;
    loosen(wanted, box);
    elc_status status = ask_worth(o, boxes, box, degrees, &worth, err);
    const char *by = status == ELC_OK && worth.count == 1 ? worth.items[0] : "";
    bool x = strchr(by, 'x') != NULL, y = strchr(by, 'y') != NULL;
    if (status == ELC_OK && x)
        status = write_bound(o, boxes, "xmax", ">=", box[0], err);
    if (status == ELC_OK && x)
        status = write_bound(o, boxes, "xmin", "<=", box[2], err);
    if (status == ELC_OK && y)
        status = write_bound(o, boxes, "ymax", ">=", box[1], err);
    if (status == ELC_OK && y)
        status = write_bound(o, boxes, "ymin", "<=", box[3], err);
    elc_names_free(&worth);
    return status;
}

/* The first is kept where none is wanted, for rows are counted by it. */
static void narrow_columns(elc_parquet *o, const elc_names *wanted,
                           struct ArrowSchema *schema, bool *keep) {
    size_t n = 0, at = 0;
    for (size_t i = 0; i < o->n; i++)
        n += !o->left_out[i] && elc_names_find(wanted, o->names.items[i]) != SIZE_MAX;
    for (size_t i = 0; i < o->n; i++) {
        if (o->left_out[i])
            continue;
        keep[at] = elc_names_find(wanted, o->names.items[i]) != SIZE_MAX ||
                   (n == 0 && at == 0);
        o->left_out[i] = !keep[at++];
    }
    elc_schema_keep(schema, keep);
}

elc_status elc_parquet_narrow(elc_parquet *o, const elc_wish *wish,
                              struct ArrowSchema *schema, elc_error *err) {
    bool *keep;
    ELC_TRY(elc_alloc(o->n, sizeof *keep, &keep, err));
    elc_status status = ELC_OK;
    if (wish->box != NULL && o->where.size == 0)
        status = narrow_rows(o, wish->box, wish->degrees, err);
    if (status == ELC_OK && wish->columns != NULL)
        narrow_columns(o, wish->columns, schema, keep);
    free(keep);
    return status;
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
