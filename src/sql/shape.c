/* shape.c - a query's columns, and what makes them those of a table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AS_IT_IS "%s"
#define AS_TEXT  "CAST(%s AS VARCHAR)"
#define AS_JSON  "CAST(to_json(%s) AS VARCHAR)"

/* What becomes of each type; those that are not here become text. */
static const struct {
    duckdb_type from;
    elc_type to;
    const char *cast;
} known[] = {
    {DUCKDB_TYPE_BOOLEAN, ELC_BOOL, AS_IT_IS},
    {DUCKDB_TYPE_TINYINT, ELC_INT32, "CAST(%s AS INTEGER)"},
    {DUCKDB_TYPE_SMALLINT, ELC_INT32, "CAST(%s AS INTEGER)"},
    {DUCKDB_TYPE_UTINYINT, ELC_INT32, "CAST(%s AS INTEGER)"},
    {DUCKDB_TYPE_USMALLINT, ELC_INT32, "CAST(%s AS INTEGER)"},
    {DUCKDB_TYPE_INTEGER, ELC_INT32, AS_IT_IS},
    {DUCKDB_TYPE_BIGINT, ELC_INT64, AS_IT_IS},
    {DUCKDB_TYPE_UINTEGER, ELC_INT64, "CAST(%s AS BIGINT)"},
    {DUCKDB_TYPE_UBIGINT, ELC_INT64, "CAST(%s AS BIGINT)"},
    {DUCKDB_TYPE_HUGEINT, ELC_INT64, "CAST(%s AS BIGINT)"},
    {DUCKDB_TYPE_UHUGEINT, ELC_INT64, "CAST(%s AS BIGINT)"},
    {DUCKDB_TYPE_FLOAT, ELC_FLOAT32, AS_IT_IS},
    {DUCKDB_TYPE_DOUBLE, ELC_FLOAT64, AS_IT_IS},
    {DUCKDB_TYPE_DECIMAL, ELC_FLOAT64, "CAST(%s AS DOUBLE)"},
    {DUCKDB_TYPE_VARCHAR, ELC_UTF8, AS_IT_IS},
    {DUCKDB_TYPE_BLOB, ELC_BINARY, AS_IT_IS},
    {DUCKDB_TYPE_DATE, ELC_DATE32, AS_IT_IS},
    {DUCKDB_TYPE_TIMESTAMP, ELC_TIMESTAMP, AS_IT_IS},
    {DUCKDB_TYPE_TIMESTAMP_TZ, ELC_TIMESTAMP, AS_IT_IS},
    {DUCKDB_TYPE_TIMESTAMP_S, ELC_TIMESTAMP, "CAST(%s AS TIMESTAMP)"},
    {DUCKDB_TYPE_TIMESTAMP_MS, ELC_TIMESTAMP, "CAST(%s AS TIMESTAMP)"},
    {DUCKDB_TYPE_TIMESTAMP_NS, ELC_TIMESTAMP, "CAST(%s AS TIMESTAMP)"},
    {DUCKDB_TYPE_LIST, ELC_UTF8, AS_JSON},
    {DUCKDB_TYPE_STRUCT, ELC_UTF8, AS_JSON},
    {DUCKDB_TYPE_MAP, ELC_UTF8, AS_JSON},
    {DUCKDB_TYPE_ARRAY, ELC_UTF8, AS_JSON},
};

/* Which of wkb, wkb_2, … an alias is, or OTHER; SIZE_MAX: none. */
#define OTHER (SIZE_MAX - 1)
static size_t geometry_type(const char *alias) {
    size_t number;
    char end;
    if (alias == NULL || strncmp(alias, "wkb", 3) != 0)
        return SIZE_MAX;
    if (alias[3] == '\0')
        return 0;
    if (strcmp(alias, ELC_SQL_OTHER) == 0)
        return OTHER;
    return sscanf(alias + 3, "_%zu%c", &number, &end) == 1 && number > 1 ? number - 1
                                                                         : SIZE_MAX;
}

static void choose(elc_column *column, size_t *type, const char **cast,
                   duckdb_type from, bool of_floats, const char *alias) {
    column->type = ELC_UTF8;
    *cast = AS_TEXT;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].from == from) {
            column->type = known[i].to;
            *cast = known[i].cast;
        }
    if (of_floats) {
        column->type = ELC_FLOATS;
        *cast = AS_IT_IS;
    }
    *type = from == DUCKDB_TYPE_BLOB ? geometry_type(alias) : SIZE_MAX;
    if (*type != SIZE_MAX)
        column->type = ELC_GEOMETRY;
}

/* A leading '_' would hide the column, and two of one name could not be told apart. */
static elc_status add_name(elc_names *names, const char *wish, elc_error *err) {
    elc_string name = {0};
    while (wish != NULL && *wish == '_')
        wish++;
    if (wish == NULL || *wish == '\0')
        wish = "column";
    elc_status status = elc_string_printf(&name, err, "%s", wish);
    for (unsigned n = 2;
         status == ELC_OK && elc_names_find(names, name.data) != SIZE_MAX; n++) {
        name.size = 0;
        status = elc_string_printf(&name, err, "%s_%u", wish, n);
    }
    if (status == ELC_OK)
        status = elc_names_add(names, name.data, err);
    elc_string_free(&name);
    return status;
}

static bool is_of_floats(const elc_duckdb *duckdb, duckdb_logical_type type) {
    if (duckdb->get_type_id(type) != DUCKDB_TYPE_LIST)
        return false;
    duckdb_logical_type item = duckdb->list_type_child_type(type);
    bool floats = duckdb->get_type_id(item) == DUCKDB_TYPE_FLOAT;
    duckdb->destroy_logical_type(&item);
    return floats;
}

static elc_status read_column(elc_sql *sql, duckdb_prepared_statement statement,
                              size_t i, elc_sql_shape *shape, elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    const char *cast;
    duckdb_logical_type type =
        duckdb->prepared_statement_column_logical_type(statement, i);
    char *alias = duckdb->logical_type_get_alias(type);
    choose(&shape->columns[i], &shape->types[i], &cast, duckdb->get_type_id(type),
           is_of_floats(duckdb, type), alias);
    duckdb->free(alias);
    duckdb->destroy_logical_type(&type);
    shape->direct = shape->direct && strcmp(cast, AS_IT_IS) == 0;
    char *name = (char *)duckdb->prepared_statement_column_name(statement, i);
    elc_status status = add_name(&shape->names, name, err);
    duckdb->free(name);
    ELC_TRY(status);
    shape->columns[i].name = shape->names.items[i];
    return elc_names_add(&shape->casts, cast, err);
}

elc_status elc_sql_shape_read(elc_sql *sql, duckdb_prepared_statement statement,
                              elc_sql_shape *shape, elc_error *err) {
    size_t n = sql->duckdb->prepared_statement_column_count(statement);
    ELC_TRY(elc_alloc(n, sizeof *shape->columns, &shape->columns, err));
    ELC_TRY(elc_alloc(n, sizeof *shape->types, &shape->types, err));
    shape->direct = true;
    for (size_t i = 0; i < n; i++)
        ELC_TRY(read_column(sql, statement, i, shape, err));
    return ELC_OK;
}

void elc_sql_shape_free(elc_sql_shape *shape) {
    elc_names_free(&shape->names);
    elc_names_free(&shape->casts);
    free(shape->columns);
    free(shape->types);
    *shape = (elc_sql_shape){0};
}

/* ---- schema -----------------------------------------------------------------------
 */

/* A geometry column of its own CRS, in place of the one of `schema`. */
static elc_status state_crs(struct ArrowSchema *schema, size_t i,
                            const elc_column *column, const char *crs, elc_error *err) {
    struct ArrowSchema one = {0};
    ELC_TRY(elc_schema_create(column, 1, crs, &one, err));
    struct ArrowSchema moved = *one.children[0];
    one.children[0]->release = NULL;
    elc_schema_release(&one);
    elc_schema_release(schema->children[i]);
    *schema->children[i] = moved;
    return ELC_OK;
}

elc_status elc_sql_shape_schema(const elc_sql *sql, const elc_sql_shape *shape,
                                const char *crs, struct ArrowSchema *out,
                                elc_error *err) {
    struct ArrowSchema schema = {0};
    size_t n = shape->names.count;
    ELC_TRY(elc_schema_create(shape->columns, n, crs, &schema, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < n; i++)
        if (shape->types[i] < sql->crs.count)
            status = state_crs(&schema, i, &shape->columns[i],
                               sql->crs.items[shape->types[i]], err);
    if (status != ELC_OK)
        elc_schema_release(&schema);
    else
        *out = schema;
    return status;
}
