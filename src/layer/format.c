/* format.c - the formats that a table can be written to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#include "reference.h"

#include <elcano/layer.h>

#include <limits.h>
#include <string.h>
#include <strings.h>

static const char *const shp_parts[] = {".shx", ".dbf", ".prj", ".cpg", NULL};
static const char *const shp_leaves[] = {".qix", ".sbn", ".sbx",  ".qpj",
                                         ".idm", ".ind", "+.xml", NULL};
static const char *const gpkg_leaves[] = {"+-journal", "+-wal", "+-shm", NULL};
static const char *const gml_parts[] = {".xsd", NULL};
static const char *const gml_leaves[] = {".gfs", NULL};
static const char *const csv_leaves[] = {".csvt", NULL};

#define GPKG                                                                           \
    .code = ELC_FORMAT_GPKG, .name = "GeoPackage", .driver = "GPKG", .layers = true,   \
    .blobs = true
#define JSON .text = true, .text_times = true, .lonlat = true, .finite = true
#define GEOJSON                                                                        \
    .code = ELC_FORMAT_GEOJSON, .name = "GeoJSON", .driver = "GeoJSONSeq", JSON
#define GEOJSONSEQ                                                                     \
    .code = ELC_FORMAT_GEOJSONSEQ, .name = "GeoJSONSeq", .driver = "GeoJSONSeq", JSON
#define FGB                                                                            \
    .code = ELC_FORMAT_FGB, .name = "FlatGeobuf", .driver = "FlatGeobuf", .blobs = true
#define SHP                                                                            \
    .code = ELC_FORMAT_SHP, .name = "Shapefile", .driver = "ESRI Shapefile",           \
    .text_times = true, .finite = true
#define CSV                                                                            \
    .code = ELC_FORMAT_CSV, .name = "CSV", .text = true, .text_times = true,           \
    .finite = true
#define PARQUET .code = ELC_FORMAT_PARQUET, .name = "Parquet", .blobs = true

/* The driver with libkml keeps all rows in memory until the end. */
#define KML                                                                            \
    .code = ELC_FORMAT_KML, .name = "KML", .driver = "KML", .text_times = true,        \
    .lonlat = true, .finite = true
#define GML                                                                            \
    .code = ELC_FORMAT_GML, .name = "GML", .driver = "GML", .text_times = true,        \
    .finite = true

static const elc_format formats[] = {
    {GPKG, .output = {".gpkg", NULL, gpkg_leaves}},
    {GEOJSON, .output = {".geojson", NULL, NULL}},
    {GEOJSON, .output = {".json", NULL, NULL}},
    {GEOJSONSEQ, .output = {".geojsonl", NULL, NULL}},
    {GEOJSONSEQ, .output = {".geojsons", NULL, NULL}},
    {FGB, .output = {".fgb", NULL, NULL}},
    {SHP, .output = {".shp", shp_parts, shp_leaves}},
    {KML, .output = {".kml", NULL, NULL}},
    {GML, .output = {".gml", gml_parts, gml_leaves}},
    {CSV, .output = {".csv", NULL, csv_leaves}},
    {PARQUET, .output = {".parquet", NULL, NULL}},
    {PARQUET, .output = {".geoparquet", NULL, NULL}},
};

static const elc_format standard_output = {GEOJSONSEQ, .output = {"", NULL, NULL}};

static const elc_format postgis = {.code = ELC_FORMAT_POSTGIS,
                                   .name = "PostGIS",
                                   .driver = "PostgreSQL",
                                   .layers = true,
                                   .blobs = true,
                                   .text_times = true};

const char *const *elc_sink_formats(void) {
    static const char *const lines[] = {
        ".gpkg  GeoPackage",
        ".geojson, .json  GeoJSON (RFC 7946, longitude and latitude)",
        ".geojsonl, .geojsons  GeoJSONSeq: one feature a line",
        ".fgb  FlatGeobuf",
        ".shp  Shapefile",
        ".kml  KML (longitude and latitude)",
        ".gml  GML, with its schema beside it",
        ".csv  CSV, geometry as WKT",
        "PG:dbname=DB:TABLE  PostGIS, also postgresql://HOST/DB:TABLE",
        ".parquet, .geoparquet  Parquet, with geometry GeoParquet 1.1",
        "-  GeoJSONSeq to standard output",
        NULL,
    };
    return lines;
}

static bool ends_with(const char *path, const char *extension) {
    size_t n = strlen(path), m = strlen(extension);
    return n > m && path[n - m - 1] != '/' && strcasecmp(path + n - m, extension) == 0;
}

bool elc_layer_is_named(const char *reference) {
    const elc_format *format;
    const char *layer = elc_reference_layer(reference);
    char path[PATH_MAX];
    size_t n = layer != NULL ? (size_t)(layer - reference) - 1 : strlen(reference);
    if (strcmp(reference, "-") == 0 || n >= sizeof path)
        return false;
    memcpy(path, reference, n);
    path[n] = '\0';
    return elc_format_find(path, &format, NULL) == ELC_OK;
}

elc_status elc_format_find(const char *path, const elc_format **out, elc_error *err) {
    if (strcmp(path, "-") == 0) {
        *out = &standard_output;
        return ELC_OK;
    }
    if (elc_reference_is_postgres(path)) {
        *out = &postgis;
        return ELC_OK;
    }
    if (strncmp(path, "/vsi", 4) == 0)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: output goes to a local file; copy it from there", path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (ends_with(path, formats[i].output.extension)) {
            *out = &formats[i];
            return ELC_OK;
        }
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: no format is known by that ending; use .gpkg, .geojson, "
                    ".geojsonl, .fgb, .shp, .kml, .gml, .csv or .parquet, PG:... for a "
                    "database, or - for standard output",
                    path);
}
