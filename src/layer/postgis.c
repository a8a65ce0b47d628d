/* postgis.c - rows to a PostGIS database. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "postgis.h"

#include "reference.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_conv.h>
#include <cpl_string.h>

/* All is one transaction. Rows go by COPY into a table of another name, geometry as
   bytes, reals and times as text; when all are there, the old table goes, the new one
   gets its name, and one ALTER TABLE makes their types of them: by then it is known
   which shapes there are. So the old table is locked for the last moment only. */

#define WKB_COLUMN "elcano_wkb"

/* ---- opening -------------------------------------------------------------- */

static elc_status check_postgis(elc_sink *sink, elc_error *err) {
    elc_string sql = {0};
    int64_t there = 0;
    elc_status status = elc_string_printf(
        &sql, err, "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'");
    if (status == ELC_OK)
        status = elc_pg_run(sink, &sql, &there, err);
    elc_string_free(&sql);
    if (status == ELC_OK && there == 0)
        status = elc_fail(err, ELC_E_UNSUPPORTED,
                          "%s: the database has no PostGIS; CREATE EXTENSION postgis",
                          elc_sink_name(sink));
    return status;
}

/* PostgreSQL would cut it. */
static elc_status check_length(const elc_sink *sink, const char *table,
                               elc_error *err) {
    enum { LONGEST_NAME = 63 };
    if (strlen(table) <= LONGEST_NAME)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: the table's name has %zu bytes, and PostgreSQL keeps %d",
                    elc_sink_name(sink), strlen(table), LONGEST_NAME);
}

static elc_status check_absent(elc_sink *sink, const char *table, elc_error *err) {
    ELC_TRY(check_length(sink, table, err));
    if (sink->options.overwrite)
        return ELC_OK;
    elc_string name = {0}, sql = {0};
    int64_t there = 0;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_pg_table(&name, sink->schema, table, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&sql, err, "SELECT count(to_regclass("), status,
                 done);
    ELC_TRY_GOTO(elc_pg_quote(&sql, '\'', name.data, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&sql, err, "))"), status, done);
    ELC_TRY_GOTO(elc_pg_run(sink, &sql, &there, err), status, done);
    if (there > 0)
        status = elc_fail(err, ELC_E_EXISTS,
                          "%s: the table '%s' is there already; choose another name, "
                          "or overwrite it",
                          elc_sink_name(sink), table);
done:
    elc_string_free(&name);
    elc_string_free(&sql);
    return status;
}

static elc_status split_table(elc_sink *sink, const char *table, elc_error *err) {
    const char *point = strchr(table, '.');
    ELC_TRY(elc_strdup(point == NULL ? table : point + 1, &sink->table, err));
    if (point == NULL)
        return ELC_OK;
    ELC_TRY(elc_strdup(table, &sink->schema, err));
    sink->schema[point - table] = '\0';
    return ELC_OK;
}

static elc_status connect(elc_sink *sink, const char *connection, elc_error *err) {
    static const char *const drivers[] = {"PostgreSQL", NULL};
    /* Without any tables: it would look at each of a database. */
    static const char *const options[] = {"TABLES=elcano_none", NULL};
    sink->dataset =
        GDALOpenEx(connection, GDAL_OF_VECTOR | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR,
                   drivers, options, NULL);
    if (sink->dataset != NULL)
        return check_postgis(sink, err);
    char *reason = NULL;
    ELC_TRY(
        elc_reference_scrub(connection, elc_ogr_reason(&sink->scope), &reason, err));
    elc_status status = elc_fail(err, ELC_E_IO, "%s: cannot be opened: %s",
                                 elc_sink_name(sink), reason);
    free(reason);
    return status;
}

elc_status elc_postgis_open(elc_sink *sink, const char *reference, elc_error *err) {
    const char *table = elc_reference_layer(reference);
    char *connection = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_reference_check(reference, err));
    ELC_TRY(elc_layer_label(reference, &sink->place, err));
    if (table != NULL)
        ELC_TRY(split_table(sink, table, err));
    ELC_TRY(elc_strdup(reference, &connection, err));
    if (table != NULL)
        connection[table - reference - 1] = '\0';
    elc_ogr_enter(&sink->scope, ELC_OGR_WRITE);
    status = connect(sink, connection, err);
    if (status == ELC_OK && table != NULL)
        status = check_absent(sink, sink->table, err);
    elc_ogr_leave(&sink->scope);
    free(connection);
    return status;
}

/* ---- layers --------------------------------------------------------------- */

static bool is_shape(const elc_ogr_row *record, const elc_field *field) {
    return (int64_t)field->column == record->geometry;
}

static const char *final_type(elc_type type) {
    static const char *const types[] = {
        [ELC_INT32] = "integer",
        [ELC_INT64] = "bigint",
        [ELC_FLOAT32] = "real",
        [ELC_FLOAT64] = "double precision",
        [ELC_BOOL] = "boolean",
        [ELC_UTF8] = "text",
        [ELC_BINARY] = "bytea",
        [ELC_DATE32] = "date",
        [ELC_TIMESTAMP] = "timestamptz",
        [ELC_GEOMETRY] = "text", /* all but the first */
        [ELC_FLOATS] = "text",   /* JSON, as in files */
    };
    return types[type];
}

/* What comes as text and is made its type of in the end, with all its digits. */
static bool is_changed(const elc_field *field) {
    return field->type == ELC_FLOAT32 || field->type == ELC_FLOAT64 ||
           field->type == ELC_DATE32 || field->type == ELC_TIMESTAMP;
}

static const char *loading_type(const elc_ogr_row *record, const elc_field *field) {
    if (is_shape(record, field))
        return "bytea";
    return is_changed(field) ? "text" : final_type(field->type);
}

static elc_status create_table(elc_sink *sink, const elc_sink_layer *layer,
                               elc_error *err) {
    const elc_ogr_row *record = &layer->record;
    elc_string sql = {0};
    elc_status status = elc_string_printf(&sql, err, "CREATE TABLE ");
    if (status == ELC_OK)
        status = elc_pg_table(&sql, sink->schema, layer->part, err);
    for (size_t i = 0; i < record->n_fields && status == ELC_OK; i++) {
        const elc_field *field = &record->fields[i];
        ELC_TRY_GOTO(elc_string_append(&sql, i == 0 ? " (" : ", ", 2, err), status,
                     done);
        ELC_TRY_GOTO(
            elc_pg_name(&sql, is_shape(record, field) ? WKB_COLUMN : field->name, err),
            status, done);
        status = elc_string_printf(&sql, err, " %s", loading_type(record, field));
    }
    if (status == ELC_OK)
        status = elc_string_append(&sql, record->n_fields == 0 ? " ()" : ")",
                                   record->n_fields == 0 ? 3 : 1, err);
    if (status == ELC_OK)
        status = elc_pg_run(sink, &sql, NULL, err);
done:
    elc_string_free(&sql);
    return status;
}

static elc_status begin_transaction(elc_sink *sink, elc_error *err) {
    if (sink->pending++ > 0)
        return ELC_OK;
    if (GDALDatasetStartTransaction(sink->dataset, FALSE) != OGRERR_NONE)
        return elc_pg_fail(sink, err);
    /* Whoever reads the old table may hold it for a while, but not for ever. */
    ELC_TRY(elc_pg_run_text(sink, "SET LOCAL lock_timeout = '300s'", err));
    return elc_pg_run_text(sink, "SET LOCAL client_min_messages = error", err);
}

/* The first layer has the name that was asked for, others that and their own. */
static elc_status name_table(const elc_sink *sink, elc_sink_layer *layer,
                             elc_error *err) {
    char id[17];
    elc_string name = {0}, part = {0};
    elc_id(id, "%s %d %f", layer->name, (int)getpid(), elc_clock());
    ELC_TRY(elc_string_printf(&part, err, "elcano_%s", id));
    layer->part = part.data;
    if (sink->table == NULL)
        return ELC_OK;
    ELC_TRY(elc_string_printf(&name, err, "%s%s%s", sink->table,
                              sink->n_layers == 0 ? "" : "_",
                              sink->n_layers == 0 ? "" : layer->name));
    free(layer->name);
    layer->name = name.data;
    return ELC_OK;
}

static elc_status open_layer(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    elc_string name = {0};
    ELC_TRY(elc_string_printf(&name, err, "%s%s%s",
                              sink->schema == NULL ? "" : sink->schema,
                              sink->schema == NULL ? "" : ".", layer->part));
    layer->layer = GDALDatasetGetLayerByName(sink->dataset, name.data);
    elc_string_free(&name);
    if (layer->layer == NULL)
        return elc_pg_fail(sink, err);
    for (size_t i = 0; i < layer->record.n_fields; i++)
        layer->record.fields[i].index = (int)i;
    layer->feature = OGR_F_Create(OGR_L_GetLayerDefn(layer->layer));
    return layer->feature != NULL
               ? ELC_OK
               : elc_fail(err, ELC_E_MEMORY, "no memory for a feature");
}

static elc_status postgis_begin(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    ELC_TRY(name_table(sink, layer, err));
    ELC_TRY(check_absent(sink, layer->name, err));
    ELC_TRY(begin_transaction(sink, err));
    ELC_TRY(elc_pg_srid(sink, layer->record.srs, &layer->srid, err));
    ELC_TRY(create_table(sink, layer, err));
    return open_layer(sink, layer, err);
}

static elc_status postgis_row(elc_sink *sink, elc_sink_layer *layer,
                              const elc_rows *rows, size_t row, elc_error *err) {
    ELC_TRY(elc_ogr_row_set(&layer->record, rows, row, layer->feature, err));
    bool made = OGR_L_CreateFeature(layer->layer, layer->feature) == OGRERR_NONE;
    return made && !elc_ogr_failed(&sink->scope) ? ELC_OK : elc_pg_fail(sink, err);
}

/* ---- the end -------------------------------------------------------------- */

/* "geometry(POLYGONZ,4326)"; where some rows have heights and others none, the column
   takes any. */
static elc_status append_shape_type(elc_string *sql, const elc_sink_layer *layer,
                                    elc_error *err) {
    const elc_ogr_row *record = &layer->record;
    bool flat = (record->dims & ELC_DIMS_XY) != 0, high = (record->dims & ELC_DIMS_XYZ);
    if (flat && high)
        return elc_string_printf(sql, err, "geometry");
    const char *kind = OGRGeometryTypeToName(wkbFlatten(record->shapes));
    bool any = wkbFlatten(record->shapes) == wkbUnknown;
    ELC_TRY(elc_string_printf(sql, err, "geometry("));
    for (const char *p = any ? "Geometry" : kind; *p != '\0'; p++)
        if (*p != ' ')
            ELC_TRY(elc_string_append(sql, p, 1, err));
    return elc_string_printf(sql, err, "%s,%lld)", high ? "Z" : "",
                             (long long)layer->srid);
}

/* ", ALTER COLUMN x TYPE y USING …" where the loading type is not the last one. */
static elc_status append_change(elc_string *sql, const elc_sink_layer *layer,
                                const elc_field *field, elc_error *err) {
    bool shape = is_shape(&layer->record, field);
    if (!shape && !is_changed(field))
        return ELC_OK;
    ELC_TRY(elc_string_printf(sql, err, ", ALTER COLUMN "));
    ELC_TRY(elc_pg_name(sql, field->name, err));
    ELC_TRY(elc_string_printf(sql, err, " TYPE "));
    if (!shape) {
        ELC_TRY(elc_string_printf(sql, err, "%s USING ", final_type(field->type)));
        ELC_TRY(elc_pg_name(sql, field->name, err));
        return elc_string_printf(sql, err, "::%s", final_type(field->type));
    }
    ELC_TRY(append_shape_type(sql, layer, err));
    ELC_TRY(elc_string_printf(sql, err, " USING ST_SetSRID(ST_GeomFromWKB("));
    ELC_TRY(elc_pg_name(sql, field->name, err));
    return elc_string_printf(sql, err, "), %lld)", (long long)layer->srid);
}

static elc_status rename_part(elc_sink *sink, const elc_sink_layer *layer,
                              elc_string *sql, elc_error *err) {
    if (sink->options.overwrite) {
        ELC_TRY(elc_string_printf(sql, err, "DROP TABLE IF EXISTS "));
        ELC_TRY(elc_pg_table(sql, sink->schema, layer->name, err));
        ELC_TRY(elc_pg_run(sink, sql, NULL, err));
    }
    ELC_TRY(elc_string_printf(sql, err, "ALTER TABLE "));
    ELC_TRY(elc_pg_table(sql, sink->schema, layer->part, err));
    ELC_TRY(elc_string_printf(sql, err, " RENAME TO "));
    ELC_TRY(elc_pg_name(sql, layer->name, err));
    ELC_TRY(elc_pg_run(sink, sql, NULL, err));
    if (layer->record.geometry < 0)
        return ELC_OK;
    ELC_TRY(elc_string_printf(sql, err, "ALTER TABLE "));
    ELC_TRY(elc_pg_table(sql, sink->schema, layer->name, err));
    ELC_TRY(elc_string_printf(sql, err, " RENAME COLUMN " WKB_COLUMN " TO "));
    ELC_TRY(elc_pg_name(sql, layer->record.geometry_name, err));
    return elc_pg_run(sink, sql, NULL, err);
}

static elc_status finish_columns(elc_sink *sink, const elc_sink_layer *layer,
                                 elc_string *sql, elc_error *err) {
    const elc_ogr_row *record = &layer->record;
    ELC_TRY(elc_string_printf(sql, err, "ALTER TABLE "));
    ELC_TRY(elc_pg_table(sql, sink->schema, layer->name, err));
    ELC_TRY(elc_string_printf(sql, err,
                              " ADD COLUMN %s bigint GENERATED BY DEFAULT AS "
                              "IDENTITY PRIMARY KEY",
                              elc_sink_fid_name(record)));
    for (size_t i = 0; i < record->n_fields; i++)
        ELC_TRY(append_change(sql, layer, &record->fields[i], err));
    ELC_TRY(elc_pg_run(sink, sql, NULL, err));
    if (record->geometry >= 0) {
        ELC_TRY(elc_string_printf(sql, err, "CREATE INDEX ON "));
        ELC_TRY(elc_pg_table(sql, sink->schema, layer->name, err));
        ELC_TRY(elc_string_printf(sql, err, " USING GIST ("));
        ELC_TRY(elc_pg_name(sql, record->geometry_name, err));
        ELC_TRY(elc_string_append(sql, ")", 1, err));
        ELC_TRY(elc_pg_run(sink, sql, NULL, err));
    }
    ELC_TRY(elc_string_printf(sql, err, "ANALYZE "));
    ELC_TRY(elc_pg_table(sql, sink->schema, layer->name, err));
    return elc_pg_run(sink, sql, NULL, err);
}

static elc_status check_count(elc_sink *sink, const elc_sink_layer *layer,
                              elc_string *sql, elc_error *err) {
    int64_t rows = -1;
    ELC_TRY(elc_string_printf(sql, err, "SELECT count(*) FROM "));
    ELC_TRY(elc_pg_table(sql, sink->schema, layer->part, err));
    ELC_TRY(elc_pg_run(sink, sql, &rows, err));
    if (rows == (int64_t)layer->record.rows)
        return ELC_OK;
    return elc_fail(err, ELC_E_IO, "%s: %lld rows of %llu arrived", elc_sink_name(sink),
                    (long long)rows, (unsigned long long)layer->record.rows);
}

static elc_status finish_layer(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    OGR_L_SyncToDisk(layer->layer); /* the end of COPY */
    if (elc_ogr_failed(&sink->scope))
        return elc_pg_fail(sink, err);
    elc_sink_drop_feature(layer);
    elc_string sql = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(check_count(sink, layer, &sql, err), status, done);
    ELC_TRY_GOTO(rename_part(sink, layer, &sql, err), status, done);
    status = finish_columns(sink, layer, &sql, err);
done:
    elc_string_free(&sql);
    return status;
}

static elc_status postgis_finish(elc_sink *sink, elc_error *err) {
    for (size_t i = 0; i < sink->n_layers; i++)
        ELC_TRY(finish_layer(sink, sink->layers[i], err));
    if (GDALDatasetCommitTransaction(sink->dataset) != OGRERR_NONE ||
        elc_ogr_failed(&sink->scope))
        return elc_pg_fail(sink, err);
    GDALClose(sink->dataset);
    sink->dataset = NULL;
    return ELC_OK;
}

/* OGR's closing would commit. */
static void postgis_undo(elc_sink *sink) {
    if (sink->pending > 0)
        GDALDatasetRollbackTransaction(sink->dataset);
}

const elc_writer elc_writer_postgis = {.begin = postgis_begin,
                                       .row = postgis_row,
                                       .finish = postgis_finish,
                                       .undo = postgis_undo};
