/* postgis_read.c - what OGR does not see of a table of PostGIS: that its rows are of
   several CRSs, and the CRS of geographies. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "postgis_read.h"

#include "statements.h"

#include <elcano/table.h>

#include <stdlib.h>
#include <string.h>

/* The numbers of the first row of an answer; *any is false where there is none. */
static void ask(const elc_opened *o, const char *sql, int64_t *out, int n, bool *any) {
    OGRLayerH answer = GDALDatasetExecuteSQL(o->dataset, sql, NULL, NULL);
    OGRFeatureH row = answer == NULL ? NULL : OGR_L_GetNextFeature(answer);
    *any = row != NULL && OGR_F_GetFieldCount(row) >= n;
    for (int i = 0; *any && i < n; i++)
        out[i] = OGR_F_GetFieldAsInteger64(row, i);
    OGR_F_Destroy(row);
    if (answer != NULL)
        GDALDatasetReleaseResultSet(o->dataset, answer);
}

/* OGR's name of a layer has the schema where it is not in the search path. */
static elc_status append_table(const elc_opened *o, elc_string *sql, elc_error *err) {
    const char *name = OGR_L_GetName(o->layer), *point = strchr(name, '.');
    char *schema = NULL;
    if (point == NULL)
        return elc_pg_table(sql, NULL, name, err);
    ELC_TRY(elc_strdup(name, &schema, err));
    schema[point - name] = '\0';
    elc_status status = elc_pg_table(sql, schema, point + 1, err);
    free(schema);
    return status;
}

/* Whether the column is of geographies, and the SRID that it states; 0 for none. */
static elc_status ask_column(const elc_opened *o, const char *table, int64_t out[2],
                             bool *any, elc_error *err) {
    elc_string sql = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(
        elc_string_printf(
            &sql, err,
            "SELECT (t.typname = 'geography')::int, CASE WHEN a.atttypmod >= 0 THEN "
            "postgis_typmod_srid(a.atttypmod) ELSE 0 END FROM pg_attribute a JOIN "
            "pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass("),
        status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', table, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&sql, err, ") AND a.attname = "), status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', OGR_L_GetGeometryColumn(o->layer), err),
                 status, done);
    ask(o, sql.data, out, 2, any);
done:
    elc_string_free(&sql);
    return status;
}

/* The first row whose SRID is not that of the first geometry, and both. */
static elc_status ask_rows(const elc_opened *o, const char *table, int64_t out[3],
                           bool *any, elc_error *err) {
    elc_string sql = {0}, column = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_pg_name(&column, OGR_L_GetGeometryColumn(o->layer), err), status,
                 done);
    ELC_TRY_GOTO(
        elc_string_printf(&sql, err,
                          "SELECT t.n AS n, t.s AS s, f.s AS first FROM (SELECT "
                          "row_number() OVER () AS n, ST_SRID(%s) AS s FROM %s) t, "
                          "(SELECT ST_SRID(%s) AS s FROM %s WHERE %s IS NOT NULL LIMIT "
                          "1) f WHERE t.s <> f.s ORDER BY t.n LIMIT 1",
                          column.data, table, column.data, table, column.data),
        status, done);
    ask(o, sql.data, out, 3, any);
done:
    elc_string_free(&sql);
    elc_string_free(&column);
    return status;
}

static elc_status check_rows(const elc_opened *o, const char *table, elc_error *err) {
    int64_t found[3] = {0};
    bool any = false;
    ELC_TRY(ask_rows(o, table, found, &any, err));
    if (!any)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: row %lld of '%s' has SRID %lld, and those before it %lld; a "
                    "table has one CRS: bring them to one with ST_Transform",
                    o->name, (long long)found[0], OGR_L_GetName(o->layer),
                    (long long)found[1], (long long)found[2]);
}

elc_status elc_pg_settle(elc_opened *o, elc_error *err) {
    enum { GEOGRAPHY, SRID, WGS84 = 4326 };
    int64_t column[2] = {0};
    bool any = false;
    elc_string table = {0};
    if (OGR_FD_GetGeomFieldCount(OGR_L_GetLayerDefn(o->layer)) == 0)
        return ELC_OK;
    elc_status status = append_table(o, &table, err);
    if (status == ELC_OK)
        status = ask_column(o, table.data, column, &any, err);
    if (any && column[GEOGRAPHY] != 0)
        o->is_lonlat = column[SRID] == 0 || column[SRID] == WGS84;
    else if (status == ELC_OK && any && column[SRID] == 0)
        status = check_rows(o, table.data, err);
    elc_string_free(&table);
    return status;
}
