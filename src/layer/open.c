/* open.c - a layer of anything that OGR opens. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "open.h"

#include "behead.h"
#include "csv_open.h"
#include "json_open.h"
#include "mixed.h"
#include "osm.h"
#include "postgis_read.h"
#include "reference.h"
#include "where.h"

#include <elcano/layer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

/* ---- datasets ------------------------------------------------------------- */

static bool ends_with(const char *path, const char *ending) {
    size_t n = strlen(path), m = strlen(ending);
    return n > m && strcasecmp(path + n - m, ending) == 0;
}

static bool is_csv(const char *path) {
    return ends_with(path, ".csv") || ends_with(path, ".tsv") ||
           ends_with(path, ".csv.gz") || ends_with(path, ".tsv.gz");
}

static bool is_driver(const elc_opened *o, const char *name) {
    return strcmp(GDALGetDriverShortName(GDALGetDatasetDriver(o->dataset)), name) == 0;
}

/* What is only read gets no file beside it: GML, by whatever name. */
static const char *const other_options[] = {"WRITE_GFS=NO", NULL};

/* What GDAL is told to open: packed files through its own file systems. */
static elc_status packed_name(const char *path, elc_string *out, elc_error *err) {
    bool local = strncmp(path, "/vsi", 4) != 0 && elc_reference_exists(path);
    const char *system = "";
    if (local && ends_with(path, ".gz"))
        system = "/vsigzip/";
    else if (local && ends_with(path, ".zip"))
        system = "/vsizip/";
    const char *driver = ends_with(path, ".gz") && is_csv(path) ? "CSV:" : "";
    return elc_string_printf(out, err, "%s%s%s", driver, system, path);
}

static bool is_json(const char *path) {
    static const char *const endings[] = {
        ".geojson", ".json", ".geojson.gz", ".json.gz", ".geojsonl", ".geojsons", NULL};
    for (const char *const *ending = endings; *ending; ending++)
        if (ends_with(path, *ending))
            return true;
    return false;
}

static elc_status open_as(elc_opened *o, const char *name, const char *const *options) {
    o->dataset =
        GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                   NULL, options, NULL);
    return ELC_OK;
}

static elc_status open_osm(elc_opened *o, const char *name, elc_error *err) {
    elc_string option = {0};
    ELC_TRY(elc_osm_configure(o->memory, err));
    ELC_TRY(
        elc_string_printf(&option, err, "CONFIG_FILE=%s/" ELC_OSM_CONFIG, o->memory));
    elc_status status = open_as(o, name, (const char *const[]){option.data, NULL});
    elc_string_free(&option);
    return status;
}

static elc_status open_json(elc_opened *o, const char *name, elc_error *err) {
    char *other = NULL;
    ELC_TRY(elc_behead(name, o->memory, &other, err));
    elc_status status = open_as(o, other == NULL ? name : other, NULL);
    free(other);
    return status;
}

/* One of another name, or the only file of an archive. Of a folder OGR opens all, and
   takes every value for text. */
static elc_status check_csv(elc_opened *o, const char *name, elc_error *err) {
    VSIStatBufL info;
    if (o->dataset == NULL || !is_driver(o, "CSV"))
        return ELC_OK;
    if (VSIStatL(name, &info) == 0 && VSI_ISDIR(info.st_mode))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: a folder of CSVs is no table; name one of them (of an "
                        "archive, /vsizip/FILE.zip/NAME.csv), or make Parquet of them, "
                        "which may be many files",
                        o->name);
    GDALClose(o->dataset);
    o->dataset = NULL;
    return elc_opened_csv(o, name, err);
}

static elc_status open_dataset(elc_opened *o, const char *path, elc_error *err) {
    elc_string name = {0};
    elc_status status = packed_name(path, &name, err);
    snprintf(o->memory, sizeof o->memory, "/vsimem/elcano/%p", (void *)o);
    if (status != ELC_OK)
        return status;
    if (is_csv(path))
        status = elc_opened_csv(o, name.data, err);
    else if (elc_osm_is(path))
        status = open_osm(o, name.data, err);
    else if (is_json(path))
        status = open_json(o, name.data, err);
    else
        status = open_as(o, name.data, other_options);
    if (status == ELC_OK && !is_csv(path))
        status = check_csv(o, name.data, err);
    elc_string_free(&name);
    return status;
}

static const char *unknown_reason(const char *name) {
    if (is_csv(name))
        return "a CSV needs a line of at least two columns";
    if (ends_with(name, ".bz2") || ends_with(name, ".xz") || ends_with(name, ".zst"))
        return "it is packed in a way that is not read; unpack it (bunzip2, unxz, "
               "unzstd), "
               "or pack it as .gz or .zip";
    return "it is in no vector format that GDAL knows";
}

static elc_status fail_open(const elc_opened *o, const char *reference,
                            const elc_ogr_scope *scope, elc_error *err) {
    const char *reason = elc_ogr_reason(scope);
    if (strstr(reason, "not recognized as") != NULL)
        reason = unknown_reason(o->name);
    if (strstr(reason, "SHAPE_RESTORE_SHX") != NULL)
        reason =
            "its .shx, the index of its shapes, is not beside it; copy it there, or "
            "make it anew with `ogrinfo --config SHAPE_RESTORE_SHX YES FILE`";
    char *clean = NULL;
    elc_string where = {0};
    elc_string name = {0};
    ELC_TRY(elc_reference_scrub(reference, reason, &clean, err));
    elc_status status = packed_name(o->name, &name, err);
    if (status == ELC_OK)
        status = elc_where_wrong(o->name, name.data, &where, err);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_FORMAT, "%s: not a layer that can be read: %s%s",
                          o->name, clean, where.size > 0 ? where.data : "");
    elc_string_free(&where);
    elc_string_free(&name);
    free(clean);
    return status;
}

/* ---- databases ------------------------------------------------------------ */

static elc_status fail_database(const elc_opened *o, const char *reference,
                                const elc_ogr_scope *scope, elc_error *err) {
    char *clean = NULL;
    ELC_TRY(elc_reference_scrub(reference, elc_ogr_reason(scope), &clean, err));
    elc_status status =
        elc_fail(err, ELC_E_IO, "%s: cannot be opened: %s", o->name, clean);
    free(clean);
    return status;
}

static elc_status open_database(elc_opened *o, const char *reference,
                                const elc_ogr_scope *scope, const char **layer,
                                elc_error *err) {
    static const char *const drivers[] = {"PostgreSQL", NULL};
    *layer = elc_reference_layer(reference);
    ELC_TRY(elc_reference_check(reference, err));
    char *connection = NULL;
    ELC_TRY(elc_strdup(reference, &connection, err));
    if (*layer != NULL)
        connection[*layer - reference - 1] = '\0';
    elc_status status = elc_layer_label(connection, &o->name, err);
    if (status == ELC_OK)
        o->dataset = GDALOpenEx(connection, GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR,
                                drivers, NULL, NULL);
    free(connection);
    ELC_TRY(status);
    return o->dataset != NULL ? ELC_OK : fail_database(o, reference, scope, err);
}

/* ---- files ---------------------------------------------------------------- */

static elc_status open_file(elc_opened *o, const char *reference,
                            const elc_ogr_scope *scope, const char **layer,
                            elc_error *err) {
    *layer = elc_reference_layer(reference);
    ELC_TRY(elc_strdup(reference, &o->name, err));
    if (*layer != NULL)
        o->name[*layer - reference - 1] = '\0';
    bool there = elc_reference_exists(o->name);
    if (*layer == NULL || there)
        ELC_TRY(open_dataset(o, o->name, err));
    if (o->dataset == NULL && *layer != NULL && !there) {
        ELC_TRY(open_dataset(o, reference, err));
        if (o->dataset != NULL) {
            *layer = NULL;
            o->name[strlen(o->name)] = ':';
        }
    }
    if (o->dataset != NULL)
        return ELC_OK;
    if (!there)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: there is no such file", o->name);
    return fail_open(o, reference, scope, err);
}

/* ---- the layer ------------------------------------------------------------ */

static elc_status layer_names(const elc_opened *o, elc_string *out, elc_error *err) {
    int n = GDALDatasetGetLayerCount(o->dataset);
    for (int i = 0; i < n && i < 12; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(o->dataset, i);
        ELC_TRY(elc_string_printf(out, err, "%s%s", i > 0 ? ", " : "",
                                  layer == NULL ? "?" : OGR_L_GetName(layer)));
    }
    return n > 12 ? elc_string_printf(out, err, " and %d more", n - 12) : ELC_OK;
}

static elc_status fail_layers(const elc_opened *o, const char *name, elc_error *err) {
    elc_string names = {0};
    elc_status status = layer_names(o, &names, err);
    if (status == ELC_OK && name != NULL)
        status = elc_fail(err, ELC_E_NOT_FOUND, "%s: no layer '%s'; it has %s", o->name,
                          name, names.data);
    else if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "%s: it has the layers %s; name one, as in %s:%s", o->name,
                          names.data, o->name,
                          OGR_L_GetName(GDALDatasetGetLayer(o->dataset, 0)));
    elc_string_free(&names);
    return status;
}

/* The first, as other tools do, and of OpenStreetMap's the lines; and says so. */
static elc_status take_default(elc_opened *o, elc_error *err) {
    elc_string names = {0};
    o->layer = is_driver(o, "OSM") ? GDALDatasetGetLayerByName(o->dataset, "lines")
                                   : GDALDatasetGetLayer(o->dataset, 0);
    if (o->layer == NULL)
        return fail_layers(o, NULL, err);
    elc_status status = layer_names(o, &names, err);
    if (status == ELC_OK)
        elc_warn(o->context,
                 "%s: it has the layers %s; '%s' is read (%s:NAME for "
                 "another)",
                 o->name, names.data, OGR_L_GetName(o->layer), o->name);
    elc_string_free(&names);
    return status;
}

static elc_status choose_layer(elc_opened *o, const char *name, elc_error *err) {
    int n = GDALDatasetGetLayerCount(o->dataset);
    if (n <= 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: it has no layer", o->name);
    if (name == NULL && n > 1 && is_driver(o, "PostgreSQL"))
        return fail_layers(o, NULL, err);
    if (name == NULL && n > 1)
        return take_default(o, err);
    o->layer = name == NULL ? GDALDatasetGetLayer(o->dataset, 0)
                            : GDALDatasetGetLayerByName(o->dataset, name);
    return o->layer == NULL ? fail_layers(o, name == NULL ? "0" : name, err) : ELC_OK;
}

/* OSM's layers stand mixed in the file, and reading one keeps the others' features
   until they are too many: a query tells the driver which is wanted. */
static elc_status query_layer(elc_opened *o, elc_error *err) {
    elc_string sql = {0};
    ELC_TRY(
        elc_string_printf(&sql, err, "SELECT * FROM \"%s\"", OGR_L_GetName(o->layer)));
    o->layer = GDALDatasetExecuteSQL(o->dataset, sql.data, NULL, NULL);
    elc_string_free(&sql);
    o->is_query = o->layer != NULL;
    return o->is_query ? ELC_OK
                       : elc_fail(err, ELC_E_FORMAT, "%s: not a layer that can be read",
                                  o->name);
}

/* The first bytes of a shapefile's part, and its size; false where there is none. */
static bool read_part(const elc_opened *o, const char *extension,
                      unsigned char head[32], size_t *got, uint64_t *size) {
    VSILFILE *file = VSIFOpenL(CPLResetExtension(o->name, extension), "rb");
    if (file == NULL)
        return false;
    *got = VSIFReadL(head, 1, 32, file);
    VSIFSeekL(file, 0, SEEK_END);
    *size = VSIFTellL(file);
    VSIFCloseL(file);
    return true;
}

/* OGR reads a shapefile whose table it cannot open as one that has none, and takes
   shapes without a record for deleted ones. */
static elc_status check_table(const elc_opened *o, elc_error *err) {
    enum { SHX_HEAD = 100, SHX_RECORD = 8 };
    unsigned char head[32] = {0}, index[32] = {0};
    size_t got = 0;
    uint64_t size = 0;
    if (!read_part(o, "dbf", head, &got, &size))
        return ELC_OK;
    bool whole = got == sizeof head && size >= (unsigned)(head[8] | head[9] << 8);
    if (!whole && OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(o->layer)) == 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: its .dbf is cut short", o->name);
    uint64_t records = head[4] | (uint64_t)head[5] << 8 | (uint64_t)head[6] << 16 |
                       (uint64_t)head[7] << 24;
    if (!read_part(o, "shx", index, &got, &size) || size < SHX_HEAD)
        return ELC_OK;
    uint64_t shapes = (size - SHX_HEAD) / SHX_RECORD;
    if (records >= shapes)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: its .dbf has %llu records, and its .shx %llu shapes", o->name,
                    (unsigned long long)records, (unsigned long long)shapes);
}

static void tell_encoding(const elc_opened *o) {
    const char *says = GDALGetMetadataItem(o->layer, "CPG_VALUE", "SHAPEFILE");
    const char *means = GDALGetMetadataItem(o->layer, "SOURCE_ENCODING", "SHAPEFILE");
    if (says == NULL || says[0] == '\0' || (means != NULL && means[0] != '\0'))
        return;
    elc_warn(
        o->context,
        "%s: the encoding '%.40s' of its .cpg is not known; text that is not UTF-8 "
        "is read as Windows-1252",
        o->name, says);
}

/* Shapes alone are read, and what they are is gone. */
static void tell_no_table(const elc_opened *o) {
    char **files = GDALGetFileList(o->dataset);
    bool has = false;
    for (char **file = files; file != NULL && *file != NULL; file++)
        has = has || ends_with(*file, ".dbf");
    CSLDestroy(files);
    if (!has)
        elc_warn(o->context, "%s: no .dbf is beside it; its rows have a geometry alone",
                 o->name);
}

static elc_status check_json(elc_opened *o, elc_error *err) {
    elc_string name = {0};
    ELC_TRY(packed_name(o->name, &name, err));
    elc_status status = elc_json_settle(o, name.data, err);
    elc_string_free(&name);
    return status;
}

static elc_status check_layer(elc_opened *o, elc_error *err) {
    if (is_driver(o, "FlatGeobuf"))
        o->rows = OGR_L_GetFeatureCount(o->layer, FALSE);
    if (is_driver(o, "GeoJSON") || is_driver(o, "GeoJSONSeq"))
        ELC_TRY(check_json(o, err));
    if (is_driver(o, "PostgreSQL"))
        ELC_TRY(elc_pg_settle(o, err));
    if (o->has_words)
        ELC_TRY(elc_mixed_find(o->layer, o->context, &o->mixed, err));
    if (!is_driver(o, "ESRI Shapefile"))
        return ELC_OK;
    tell_encoding(o);
    tell_no_table(o);
    return check_table(o, err);
}

/* What is said of a GeoJSON's CRS, which is looked at for itself. */
static bool is_unknown_crs(const elc_opened *o, const elc_ogr_scope *scope) {
    static const char *const words[] = {"PROJ: ", ELC_OGR_NOT_FETCHED, "Cannot import ",
                                        "The given string is not recognized as a URL"};
    const char *reason = elc_ogr_reason(scope);
    bool json =
        o->dataset != NULL && (is_driver(o, "GeoJSON") || is_driver(o, "GeoJSONSeq"));
    for (size_t i = 0; json && i < sizeof words / sizeof *words; i++)
        if (strncmp(reason, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static elc_status open_layer(elc_opened *o, const char *name, elc_error *err) {
    ELC_TRY(choose_layer(o, name, err));
    o->is_osm = is_driver(o, "OSM");
    o->is_csv = is_driver(o, "CSV");
    o->is_old = o->is_csv || is_driver(o, "ESRI Shapefile");
    ELC_TRY(check_layer(o, err));
    return o->is_osm ? query_layer(o, err) : ELC_OK;
}

/* That of a collection is told as none; that of a feature cannot be left out. */
static elc_status open_unknown_crs(elc_opened *o, const char *reference,
                                   const char *name, elc_ogr_scope *scope,
                                   elc_error *err) {
    elc_ogr_scope before = *scope;
    scope->first[0] = '\0';
    ELC_TRY(open_layer(o, name, err));
    return o->no_crs ? ELC_OK : fail_open(o, reference, &before, err);
}

elc_status elc_opened_open(const char *reference, elc_ogr_scope *scope, elc_opened *out,
                           elc_error *err) {
    const char *layer = NULL;
    if (elc_reference_is_postgres(reference))
        ELC_TRY(open_database(out, reference, scope, &layer, err));
    else
        ELC_TRY(open_file(out, reference, scope, &layer, err));
    if (is_unknown_crs(out, scope))
        return open_unknown_crs(out, reference, layer, scope, err);
    if (elc_ogr_failed(scope)) /* GML's driver goes on with what it has of a cut file */
        return fail_open(out, reference, scope, err);
    return open_layer(out, layer, err);
}

void elc_opened_close(elc_opened *o) {
    if (o->is_query)
        GDALDatasetReleaseResultSet(o->dataset, o->layer);
    if (o->dataset != NULL)
        GDALClose(o->dataset);
    if (o->memory[0] != '\0')
        VSIRmdirRecursive(o->memory);
    free(o->name);
    free(o->mixed);
    free(o->times);
    free(o->empty);
    *o = (elc_opened){0};
}
