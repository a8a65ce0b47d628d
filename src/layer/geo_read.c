/* geo_read.c - the `geo` metadata of GeoParquet, read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static elc_status bad(const char *why, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "its geo metadata (GeoParquet) %s", why);
}

/* The native encodings of 1.1 are GeoArrow's. */
static elc_status check_encoding(const char *name, const json_t *column,
                                 elc_error *err) {
    const char *encoding = json_string_value(json_object_get(column, "encoding"));
    if (encoding == NULL)
        return bad("names no encoding of a column", err);
    if (strcmp(encoding, "WKB") == 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "its geometry column %s is encoded as '%s', and WKB is read: write "
                    "it so, as in geopandas' to_parquet(geometry_encoding='WKB')",
                    name, encoding);
}

/* Absent is CRS84, null none. */
static elc_status read_crs(const json_t *column, char **out, elc_error *err) {
    const json_t *crs = json_object_get(column, "crs");
    if (crs == NULL)
        return ELC_OK;
    if (json_is_null(crs))
        return elc_strdup("", out, err);
    if (!json_is_object(crs))
        return bad("states a crs that is no PROJJSON", err);
    *out = json_dumps(crs, JSON_COMPACT);
    return *out == NULL ? elc_fail(err, ELC_E_MEMORY, "no memory for a CRS") : ELC_OK;
}

/* {"xmin": ["bbox", "xmin"], ...}: all of one column, or there is nothing to hide. */
static elc_status read_covering(const json_t *column, elc_geo_column *out,
                                elc_error *err) {
    static const char *const sides[] = {"xmin", "ymin", "xmax", "ymax"};
    const json_t *box = json_object_get(json_object_get(column, "covering"), "bbox");
    const char *name = NULL;
    bool plain = true;
    for (size_t i = 0; box != NULL && i < sizeof sides / sizeof *sides; i++) {
        const json_t *path = json_object_get(box, sides[i]);
        const char *of = json_string_value(json_array_get(path, 0));
        if (json_array_size(path) != 2 || of == NULL ||
            (name != NULL && strcmp(of, name) != 0))
            return ELC_OK;
        const char *field = json_string_value(json_array_get(path, 1));
        plain = plain && field != NULL && strcmp(field, sides[i]) == 0;
        name = of;
    }
    out->boxes = name != NULL && plain;
    return elc_strdup(name, &out->covering, err);
}

static elc_status read_column(const char *name, const json_t *column,
                              elc_geo_column *out, elc_error *err) {
    if (!json_is_object(column))
        return bad("has a column that is no object", err);
    ELC_TRY(check_encoding(name, column, err));
    ELC_TRY(elc_strdup(name, &out->name, err));
    ELC_TRY(read_crs(column, &out->crs, err));
    return read_covering(column, out, err);
}

static elc_status read_columns(json_t *columns, const char *primary, elc_geo *geo,
                               elc_error *err) {
    const char *name;
    json_t *column;
    ELC_TRY(
        elc_alloc(json_object_size(columns), sizeof *geo->columns, &geo->columns, err));
    geo->count = 1;
    ELC_TRY(
        read_column(primary, json_object_get(columns, primary), &geo->columns[0], err));
    json_object_foreach(columns, name, column) {
        if (strcmp(name, primary) != 0)
            ELC_TRY(read_column(name, column, &geo->columns[geo->count++], err));
    }
    return ELC_OK;
}

static elc_status read_root(const json_t *root, elc_geo *geo, elc_error *err) {
    const char *primary = json_string_value(json_object_get(root, "primary_column"));
    json_t *columns = json_object_get(root, "columns");
    if (!json_is_object(root))
        return bad("is no JSON object", err);
    if (primary == NULL || !json_is_object(columns))
        return bad("states no primary_column and columns", err);
    if (json_object_get(columns, primary) == NULL)
        return bad("says nothing of its primary_column", err);
    return read_columns(columns, primary, geo, err);
}

elc_status elc_geo_parse(const char *json, size_t size, elc_geo *out, elc_error *err) {
    elc_geo geo = {0};
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, NULL);
    elc_status status = read_root(root, &geo, err);
    json_decref(root);
    if (status != ELC_OK)
        elc_geo_free(&geo);
    else
        *out = geo;
    return status;
}

void elc_geo_free(elc_geo *geo) {
    for (size_t i = 0; i < geo->count; i++) {
        free(geo->columns[i].name);
        free(geo->columns[i].crs);
        free(geo->columns[i].covering);
    }
    free(geo->columns);
    *geo = (elc_geo){0};
}
