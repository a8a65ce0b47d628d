/* statements.c - statements to a PostGIS database, and its numbers of CRSs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "statements.h"

#include <stdlib.h>

#include <cpl_conv.h>

elc_status elc_pg_fail(const elc_sink *sink, elc_error *err) {
    return elc_fail(err, ELC_E_IO, "%s: writing failed: %s", elc_sink_name(sink),
                    elc_ogr_reason(&sink->scope));
}

/* ---- SQL ------------------------------------------------------------------ */

elc_status elc_pg_quote(elc_string *sql, char quote, const char *text, elc_error *err) {
    ELC_TRY(elc_string_append(sql, &quote, 1, err));
    for (; *text != '\0'; text++)
        ELC_TRY(elc_string_append(sql, (char[]){*text, *text}, *text == quote ? 2 : 1,
                                  err));
    return elc_string_append(sql, &quote, 1, err);
}

elc_status elc_pg_name(elc_string *sql, const char *name, elc_error *err) {
    return elc_pg_quote(sql, '"', name, err);
}

/* "schema.table", the schema being everything before the first point. */
elc_status elc_pg_table(elc_string *sql, const char *schema, const char *name,
                        elc_error *err) {
    if (schema != NULL) {
        ELC_TRY(elc_pg_name(sql, schema, err));
        ELC_TRY(elc_string_append(sql, ".", 1, err));
    }
    return elc_pg_name(sql, name, err);
}

/* Runs a statement; *answer, where not NULL, is the first number of its rows, and stays
   where there is none. The text is emptied. */
elc_status elc_pg_run(elc_sink *sink, elc_string *sql, int64_t *answer,
                      elc_error *err) {
    OGRLayerH rows = GDALDatasetExecuteSQL(sink->dataset, sql->data, NULL, NULL);
    OGRFeatureH row = rows == NULL ? NULL : OGR_L_GetNextFeature(rows);
    if (row != NULL && answer != NULL)
        *answer = OGR_F_GetFieldAsInteger64(row, 0);
    OGR_F_Destroy(row);
    if (rows != NULL)
        GDALDatasetReleaseResultSet(sink->dataset, rows);
    sql->size = 0;
    return elc_ogr_failed(&sink->scope) ? elc_pg_fail(sink, err) : ELC_OK;
}

elc_status elc_pg_run_text(elc_sink *sink, const char *text, elc_error *err) {
    elc_string sql = {0};
    elc_status status = elc_string_printf(&sql, err, "%s", text);
    if (status == ELC_OK)
        status = elc_pg_run(sink, &sql, NULL, err);
    elc_string_free(&sql);
    return status;
}

/* ---- the CRS -------------------------------------------------------------- */

static elc_status find_registered(elc_sink *sink, const char *authority,
                                  const char *code, int64_t *srid, elc_error *err) {
    elc_string sql = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_string_printf(&sql, err,
                                   "SELECT srid FROM spatial_ref_sys WHERE auth_srid = "
                                   "%ld AND upper(auth_name) = upper(",
                                   strtol(code, NULL, 10)),
                 status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', authority, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&sql, err, ") LIMIT 1"), status, done);
    status = elc_pg_run(sink, &sql, srid, err);
done:
    elc_string_free(&sql);
    return status;
}

static elc_status find_text(elc_sink *sink, const char *wkt, int64_t *srid,
                            elc_error *err) {
    elc_string sql = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_string_printf(&sql, err,
                                   "SELECT srid FROM spatial_ref_sys WHERE srtext = "),
                 status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', wkt, err), status, done);
    status = elc_pg_run(sink, &sql, srid, err);
done:
    elc_string_free(&sql);
    return status;
}

/* Its number is the next among those that PostGIS leaves to users. */
static elc_status add_text(elc_sink *sink, const char *wkt, const char *proj4,
                           elc_error *err) {
    elc_string sql = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_string_printf(
                     &sql, err,
                     "INSERT INTO spatial_ref_sys (srid, srtext, proj4text) SELECT "
                     "greatest(coalesce(max(srid), 0), 910000) + 1, "),
                 status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', wkt, err), status, done);
    ELC_TRY_GOTO(elc_string_append(&sql, ", ", 2, err), status, done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', proj4, err), status, done);
    ELC_TRY_GOTO(
        elc_string_printf(&sql, err, " FROM spatial_ref_sys WHERE srid < 998999"),
        status, done);
    status = elc_pg_run(sink, &sql, NULL, err);
done:
    elc_string_free(&sql);
    return status;
}

static elc_status find_unregistered(elc_sink *sink, OGRSpatialReferenceH srs,
                                    int64_t *srid, elc_error *err) {
    char *wkt = NULL, *proj4 = NULL;
    elc_status status = ELC_OK;
    if (OSRExportToWkt(srs, &wkt) != OGRERR_NONE ||
        OSRExportToProj4(srs, &proj4) != OGRERR_NONE) {
        status = elc_fail(err, ELC_E_UNSUPPORTED,
                          "%s: the table's CRS cannot be said to PostGIS; project it",
                          elc_sink_name(sink));
        goto done;
    }
    ELC_TRY_GOTO(find_text(sink, wkt, srid, err), status, done);
    if (*srid == 0) {
        ELC_TRY_GOTO(add_text(sink, wkt, proj4, err), status, done);
        status = find_text(sink, wkt, srid, err);
    }
done:
    CPLFree(wkt);
    CPLFree(proj4);
    return status;
}

elc_status elc_pg_srid(elc_sink *sink, OGRSpatialReferenceH srs, int64_t *srid,
                       elc_error *err) {
    *srid = 0;
    if (srs == NULL)
        return ELC_OK;
    const char *authority = OSRGetAuthorityName(srs, NULL);
    const char *code = OSRGetAuthorityCode(srs, NULL);
    if (authority != NULL && code != NULL)
        ELC_TRY(find_registered(sink, authority, code, srid, err));
    return *srid != 0 ? ELC_OK : find_unregistered(sink, srs, srid, err);
}
