/* store.c - rows to the files that OGR writes itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar.h"
#include "sink.h"
#include "whole.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

/* Rows in one transaction of a GeoPackage: what SQLite keeps of one is bounded so. */
#define TRANSACTION 50000
/* Rows between two looks at the file's size. */
#define SIZE_CHECK 4096

static elc_status fail_write(elc_sink *sink, elc_error *err) {
    return elc_output_fail(sink->output, elc_ogr_reason(&sink->scope), err);
}

/* ---- options -------------------------------------------------------------- */

const char *elc_sink_fid_name(const elc_ogr_row *record) {
    static const char *const names[] = {"fid", "ogc_fid", "elcano_fid", NULL};
    for (const char *const *name = names; *name; name++) {
        bool taken = strcasecmp(record->geometry_name, *name) == 0;
        for (size_t i = 0; i < record->n_fields; i++)
            taken = taken || strcasecmp(record->fields[i].name, *name) == 0;
        if (!taken)
            return *name;
    }
    return "fid"; /* and OGR says why not */
}

static char **layer_options(const elc_sink *sink, const elc_ogr_row *record) {
    char day[ELC_TIME_TEXT];
    switch (sink->format->code) {
    case ELC_FORMAT_GPKG: {
        char **list = CSLSetNameValue(NULL, "FID", elc_sink_fid_name(record));
        return CSLSetNameValue(list, "GEOMETRY_NAME", record->geometry_name);
    }
    case ELC_FORMAT_FGB:
        return CSLSetNameValue(NULL, "SPATIAL_INDEX",
                               sink->options.index ? "YES" : "NO");
    case ELC_FORMAT_SHP: {
        elc_time_day_text(elc_ogr_clock() / 86400, day);
        char **list = CSLSetNameValue(NULL, "DBF_DATE_LAST_UPDATE", day);
        return CSLSetNameValue(list, "ENCODING", "UTF-8");
    }
    default:
        return NULL;
    }
}

/* ---- layers --------------------------------------------------------------- */

static elc_status open_dataset(elc_sink *sink, elc_error *err) {
    char **options = NULL;
    if (sink->format->code == ELC_FORMAT_GPKG)
        options = CSLSetNameValue(options, "DATETIME_FORMAT", "UTC");
    sink->dataset =
        GDALCreate(GDALGetDriverByName(sink->format->driver),
                   elc_output_temporary(sink->output), 0, 0, 0, GDT_Unknown, options);
    CSLDestroy(options);
    return sink->dataset != NULL ? ELC_OK : fail_write(sink, err);
}

static elc_status create_layer(elc_sink *sink, elc_sink_layer *layer,
                               OGRwkbGeometryType shapes, elc_error *err) {
    if (sink->dataset == NULL)
        ELC_TRY(open_dataset(sink, err));
    const elc_ogr_row *record = &layer->record;
    char **options = layer_options(sink, record);
    layer->layer =
        GDALDatasetCreateLayer(sink->dataset, layer->name, record->srs,
                               record->geometry < 0 ? wkbNone : shapes, options);
    CSLDestroy(options);
    if (layer->layer == NULL)
        return fail_write(sink, err);
    ELC_TRY(elc_ogr_row_define(&layer->record, layer->layer, &layer->feature,
                               &sink->scope, err));
    /* GeoPackage makes a table with its first row: empty ones would come last. */
    if (sink->format->code == ELC_FORMAT_GPKG)
        OGR_L_SyncToDisk(layer->layer);
    return ELC_OK;
}

/* Its layer is created by its first row: see create_by_first. */
static bool is_lazy(const elc_sink *sink) {
    return sink->format->code == ELC_FORMAT_FGB || sink->format->code == ELC_FORMAT_SHP;
}

static elc_status store_begin(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    if (is_lazy(sink))
        return ELC_OK;
    return create_layer(sink, layer, wkbUnknown, err);
}

/* ---- rows ----------------------------------------------------------------- */

static elc_status transact(elc_sink *sink, elc_error *err) {
    if (sink->format->code != ELC_FORMAT_GPKG)
        return ELC_OK;
    if (sink->pending == TRANSACTION) {
        sink->pending = 0;
        if (GDALDatasetCommitTransaction(sink->dataset) != OGRERR_NONE)
            return fail_write(sink, err);
    }
    if (sink->pending++ == 0 &&
        GDALDatasetStartTransaction(sink->dataset, FALSE) != OGRERR_NONE)
        return fail_write(sink, err);
    return ELC_OK;
}

/* Points, lines or areas, whether one or many: what a shapefile has one of; -1 for what
   it cannot have. */
static int shape_kind(OGRGeometryH shape) {
    switch (wkbFlatten(OGR_G_GetGeometryType(shape))) {
    case wkbPoint:
        return 0;
    case wkbMultiPoint:
        return 1;
    case wkbLineString:
    case wkbMultiLineString:
        return 2;
    case wkbPolygon:
    case wkbMultiPolygon:
        return 3;
    default:
        return -1;
    }
}

/* OGR would drop the heights, or make some of nothing. */
static elc_status check_dims(const elc_sink *sink, const elc_sink_layer *layer,
                             elc_error *err) {
    if (layer->record.dims != (ELC_DIMS_XY | ELC_DIMS_XYZ))
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: up to row %llu some shapes have heights and some none, and %s "
                    "holds only one or the other; write .gpkg",
                    elc_sink_name(sink), (unsigned long long)layer->record.rows + 1,
                    sink->format->name);
}

static elc_status check_one_kind(elc_sink *sink, elc_sink_layer *layer,
                                 OGRGeometryH shape, elc_error *err) {
    if (shape == NULL)
        return ELC_OK;
    int kind = shape_kind(shape);
    if (layer->shape_kind == 0)
        layer->shape_kind = kind + 1;
    if (kind >= 0 && layer->shape_kind == kind + 1)
        return check_dims(sink, layer, err);
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: row %llu is a %s, and a shapefile holds only points or only "
                    "lines or only polygons; write .gpkg",
                    elc_sink_name(sink), (unsigned long long)layer->record.rows + 1,
                    OGR_G_GetGeometryName(shape));
}

/* What a format cannot hold, and OGR would drop or say less plainly. */
static elc_status check_shape(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    OGRGeometryH shape = OGR_F_GetGeometryRef(layer->feature);
    if (sink->format->code == ELC_FORMAT_SHP)
        return check_one_kind(sink, layer, shape, err);
    if (sink->format->code == ELC_FORMAT_FGB && (shape == NULL || OGR_G_IsEmpty(shape)))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: row %llu has no geometry, and FlatGeobuf would lose it; "
                        "write .gpkg",
                        elc_sink_name(sink),
                        (unsigned long long)layer->record.rows + 1);
    return sink->format->code == ELC_FORMAT_FGB ? check_dims(sink, layer, err) : ELC_OK;
}

static uint64_t part_size(const elc_sink *sink, const char *extension) {
    VSIStatBufL info;
    const char *path = CPLResetExtension(elc_output_temporary(sink->output), extension);
    return VSIStatL(path, &info) == 0 ? (uint64_t)info.st_size : 0;
}

/* What OGR 3.6 does not look at: that a shapefile's parts stay under 2 GB, and that a
   FlatGeobuf's writes arrive, which it would only miss in the end. */
static elc_status check_size(elc_sink *sink, elc_error *err) {
    bool fgb = sink->format->code == ELC_FORMAT_FGB;
    if (fgb ? sink->options.index : sink->format->code != ELC_FORMAT_SHP)
        return ELC_OK;
    if (fgb) {
        uint64_t before = sink->size;
        sink->size = part_size(sink, "fgb");
        if (sink->size > before)
            return ELC_OK;
        return elc_output_fail(sink->output, "the file no longer grows", err);
    }
    if (part_size(sink, "dbf") > INT32_MAX || part_size(sink, "shp") > INT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: a shapefile ends at 2 GB, and the table is longer; write "
                        ".gpkg or .fgb",
                        elc_sink_name(sink));
    return ELC_OK;
}

/* The kind of a batch's first shape; points where it has none. */
static elc_status first_shape(elc_sink_layer *layer, const elc_rows *rows, size_t row,
                              OGRwkbGeometryType *out, elc_error *err) {
    size_t column = (size_t)layer->record.geometry, n = elc_rows_count(rows);
    while (row + 1 < n && elc_rows_null(rows, column, row))
        row++;
    OGRGeometryH shape = NULL;
    ELC_TRY(elc_ogr_row_geometry(&layer->record, rows, column, row, &shape, err));
    *out = shape == NULL ? wkbPoint : OGR_G_GetGeometryType(shape);
    OGR_G_DestroyGeometry(shape);
    return ELC_OK;
}

/* A FlatGeobuf has to be told before its first row whether there are heights, and a
   shapefile of what kind its shapes are where the first row has none. */
static elc_status create_by_first(elc_sink *sink, elc_sink_layer *layer,
                                  const elc_rows *rows, size_t row, elc_error *err) {
    OGRwkbGeometryType type = wkbUnknown;
    ELC_TRY(first_shape(layer, rows, row, &type, err));
    if (sink->format->code == ELC_FORMAT_FGB)
        return create_layer(
            sink, layer, OGR_GT_HasZ(type) ? OGR_GT_SetZ(wkbUnknown) : wkbUnknown, err);
    bool collection =
        wkbFlatten(type) == wkbGeometryCollection; /* refused by its row */
    return create_layer(sink, layer, collection ? wkbUnknown : type, err);
}

static elc_status store_row(elc_sink *sink, elc_sink_layer *layer, const elc_rows *rows,
                            size_t row, elc_error *err) {
    if (layer->layer == NULL)
        ELC_TRY(create_by_first(sink, layer, rows, row, err));
    ELC_TRY(transact(sink, err));
    ELC_TRY(elc_ogr_row_set(&layer->record, rows, row, layer->feature, err));
    ELC_TRY(check_shape(sink, layer, err));
    if (OGR_L_CreateFeature(layer->layer, layer->feature) != OGRERR_NONE)
        return fail_write(sink, err);
    return layer->record.rows % SIZE_CHECK == SIZE_CHECK - 1 ? check_size(sink, err)
                                                             : ELC_OK;
}

/* ---- the end -------------------------------------------------------------- */

/* "POLYGON"; NULL where there was no shape, or several kinds. */
static const char *shape_name(const elc_ogr_row *record) {
    static const char *const names[] = {
        [wkbPoint] = "POINT",
        [wkbLineString] = "LINESTRING",
        [wkbPolygon] = "POLYGON",
        [wkbMultiPoint] = "MULTIPOINT",
        [wkbMultiLineString] = "MULTILINESTRING",
        [wkbMultiPolygon] = "MULTIPOLYGON",
    };
    OGRwkbGeometryType type = wkbFlatten(record->shapes);
    bool one = type >= wkbPoint && type <= wkbMultiPolygon;
    return one && strpbrk(record->geometry_name, "'\"") == NULL ? names[type] : NULL;
}

static elc_status execute(elc_sink *sink, const char *sql, elc_error *err) {
    OGRLayerH rows = GDALDatasetExecuteSQL(sink->dataset, sql, NULL, NULL);
    if (rows != NULL)
        GDALDatasetReleaseResultSet(sink->dataset, rows);
    return elc_ogr_failed(&sink->scope) ? fail_write(sink, err) : ELC_OK;
}

/* A GeoPackage says which shapes a table has, and readers show one kind better than
   "any", but only now is it known. OGR 3.6 cannot alter it: it stands in
   gpkg_geometry_columns and, as the column's type, in the table's definition. */
static elc_status state_shapes(elc_sink *sink, const elc_sink_layer *layer,
                               elc_error *err) {
    const char *column = layer->record.geometry_name;
    const char *shape = shape_name(&layer->record);
    if (shape == NULL)
        return ELC_OK;
    elc_string state = {0}, define = {0};
    elc_status status = ELC_OK;
    char *table = CPLEscapeString(layer->name, -1, CPLES_SQL);
    ELC_TRY_GOTO(
        elc_string_printf(&state, err,
                          "UPDATE gpkg_geometry_columns SET geometry_type_name "
                          "= '%s' WHERE table_name = '%s'",
                          shape, table),
        status, done);
    ELC_TRY_GOTO(
        elc_string_printf(&define, err,
                          "UPDATE sqlite_master SET sql = replace(sql, '\"%s\" "
                          "GEOMETRY', '\"%s\" %s') WHERE type = 'table' AND "
                          "name = '%s'",
                          column, column, shape, table),
        status, done);
    ELC_TRY_GOTO(execute(sink, state.data, err), status, done);
    ELC_TRY_GOTO(execute(sink, "PRAGMA writable_schema = 1", err), status, done);
    ELC_TRY_GOTO(execute(sink, define.data, err), status, done);
    ELC_TRY_GOTO(execute(sink, "PRAGMA writable_schema = 0", err), status, done);
done:
    CPLFree(table);
    elc_string_free(&state);
    elc_string_free(&define);
    return status;
}

static elc_status finish_geopackage(elc_sink *sink, elc_error *err) {
    if (sink->pending > 0 && GDALDatasetCommitTransaction(sink->dataset) != OGRERR_NONE)
        return fail_write(sink, err);
    for (size_t i = 0; i < sink->n_layers; i++)
        ELC_TRY(state_shapes(sink, sink->layers[i], err));
    return ELC_OK;
}

/* Without its index OGR leaves an empty FlatGeobuf of no bytes; with it, a whole one.
 */
static elc_status create_empty(elc_sink *sink, elc_error *err) {
    if (!is_lazy(sink) || sink->layers[0]->record.rows > 0)
        return ELC_OK;
    sink->options.index = sink->format->code == ELC_FORMAT_FGB;
    return create_layer(sink, sink->layers[0], wkbUnknown, err);
}

static elc_status store_finish(elc_sink *sink, elc_error *err) {
    if (sink->format->code == ELC_FORMAT_GPKG)
        ELC_TRY(finish_geopackage(sink, err));
    ELC_TRY(create_empty(sink, err));
    for (size_t i = 0; i < sink->n_layers; i++)
        elc_sink_drop_feature(sink->layers[i]);
    GDALClose(sink->dataset);
    sink->dataset = NULL;
    if (elc_ogr_failed(&sink->scope))
        return fail_write(sink, err);
    if (sink->format->code == ELC_FORMAT_SHP)
        ELC_TRY(check_size(sink, err));
    return elc_sink_check_whole(sink, err);
}

const elc_writer elc_writer_ogr = {
    .begin = store_begin, .row = store_row, .finish = store_finish};
