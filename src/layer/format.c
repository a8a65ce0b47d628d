/* format.c - the formats that a table can be written to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#include <elcano/layer.h>

#include <string.h>
#include <strings.h>

static const char *const shp_parts[] = {".shx", ".dbf", ".prj", ".cpg", NULL};
static const char *const shp_leaves[] = {".qix", ".sbn", ".sbx",  ".qpj",
                                         ".idm", ".ind", "+.xml", NULL};
static const char *const gpkg_leaves[] = {"+-journal", "+-wal", "+-shm", NULL};
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

static const elc_format formats[] = {
    {GPKG, .output = {".gpkg", NULL, gpkg_leaves}},
    {GEOJSON, .output = {".geojson", NULL, NULL}},
    {GEOJSON, .output = {".json", NULL, NULL}},
    {GEOJSONSEQ, .output = {".geojsonl", NULL, NULL}},
    {GEOJSONSEQ, .output = {".geojsons", NULL, NULL}},
    {FGB, .output = {".fgb", NULL, NULL}},
    {SHP, .output = {".shp", shp_parts, shp_leaves}},
    {CSV, .output = {".csv", NULL, csv_leaves}},
    {PARQUET, .output = {".parquet", NULL, NULL}},
    {PARQUET, .output = {".geoparquet", NULL, NULL}},
};

static const elc_format standard_output = {GEOJSONSEQ, .output = {"", NULL, NULL}};

const char *const *elc_sink_formats(void) {
    static const char *const lines[] = {
        ".gpkg  GeoPackage",
        ".geojson, .json  GeoJSON (RFC 7946, longitude and latitude)",
        ".geojsonl, .geojsons  GeoJSONSeq: one feature a line",
        ".fgb  FlatGeobuf",
        ".shp  Shapefile",
        ".csv  CSV, geometry as WKT",
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

elc_status elc_format_find(const char *path, const elc_format **out, elc_error *err) {
    if (strcmp(path, "-") == 0) {
        *out = &standard_output;
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
                    ".geojsonl, .fgb, .shp, .csv or .parquet, or - for standard output",
                    path);
}
