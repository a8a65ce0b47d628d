/* feature.c - a row as a GeoJSON feature, with all that its columns say. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

json_t *elc_serve_time(int64_t value, bool date) {
    int64_t unit = date ? 1 : 1000000;
    int64_t whole = value / unit - (value % unit < 0);
    int64_t seconds = date ? value * 86400 : whole;
    time_t t = (time_t)seconds;
    struct tm parts;
    char text[64];
    if (gmtime_r(&t, &parts) == NULL || parts.tm_year > 8099 || parts.tm_year < -1899)
        return json_null();
    size_t n =
        strftime(text, sizeof text, date ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%S", &parts);
    if (!date) {
        int micros = (int)(value - whole * unit);
        snprintf(text + n, sizeof text - n, micros > 0 ? ".%06dZ" : "Z", micros);
    }
    return json_string(text);
}

static json_t *real_json(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *cell_json(const elc_rows *rows, elc_type type, size_t column,
                         size_t at) {
    size_t size;
    const char *bytes;
    if (elc_rows_null(rows, column, at))
        return json_null();
    switch (type) {
    case ELC_BOOL:
        return json_boolean(elc_rows_int(rows, column, at));
    case ELC_INT32:
    case ELC_INT64:
        return json_integer(elc_rows_int(rows, column, at));
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        return real_json(elc_rows_real(rows, column, at));
    case ELC_DATE32:
    case ELC_TIMESTAMP:
        return elc_serve_time(elc_rows_int(rows, column, at), type == ELC_DATE32);
    case ELC_UTF8:
        bytes = elc_rows_bytes(rows, column, at, &size);
        return elc_serve_text(bytes, size);
    case ELC_BINARY:
    case ELC_GEOMETRY:
    case ELC_FLOATS:
        break;
    }
    return NULL;
}

/* Without columns of bytes, lists and further geometries, which say nothing to
   people. */
static json_t *properties_json(const serve_layer *l, const elc_rows *rows, size_t at) {
    json_t *properties = json_object();
    for (int64_t c = 0; c < l->schema.n_children; c++) {
        const struct ArrowSchema *column = l->schema.children[c];
        elc_type type = ELC_BINARY;
        if (elc_schema_type(column, &type, NULL) != ELC_OK)
            continue;
        json_t *value = cell_json(rows, type, (size_t)c, at);
        if (value != NULL)
            json_object_set_new(properties, column->name, value);
    }
    return properties;
}

/* NULL, which is JSON's, where there is none or it is nowhere. */
static elc_status geometry_json(const serve_layer *l, const elc_rows *rows, size_t at,
                                elc_transform *way, json_t **out, elc_error *err) {
    size_t size = 0;
    elc_string moved = {0}, text = {0};
    const char *wkb = elc_rows_bytes(rows, (size_t)l->geometry, at, &size);
    *out = NULL;
    if (wkb != NULL && elc_wkb_move(wkb, size, way, &moved, NULL) == ELC_OK &&
        elc_wkb_to_geojson(moved.data, moved.size, 9, &text, NULL) == ELC_OK)
        *out = json_loadb(text.data, text.size, 0, NULL);
    if (*out == NULL)
        *out = json_null();
    elc_string_free(&moved);
    elc_string_free(&text);
    return *out == NULL ? elc_fail(err, ELC_E_MEMORY, "no memory for a feature")
                        : ELC_OK;
}

elc_status elc_serve_feature(const serve_layer *layer, size_t row, elc_transform *way,
                             json_t **out, elc_error *err) {
    size_t at;
    json_t *geometry;
    const elc_rows *rows = elc_serve_layer_row(layer, row, &at);
    ELC_TRY(geometry_json(layer, rows, at, way, &geometry, err));
    *out =
        json_pack("{s:s, s:I, s:o, s:o}", "type", "Feature", "id", (json_int_t)row,
                  "geometry", geometry, "properties", properties_json(layer, rows, at));
    return *out == NULL ? elc_fail(err, ELC_E_MEMORY, "no memory for a feature")
                        : ELC_OK;
}
