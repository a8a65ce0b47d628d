/* metadata.c - the key-value pairs of an ArrowSchema, and GeoArrow's among them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "metadata.h"

#include <stdlib.h>
#include <string.h>
#include <jansson.h>

/* Longitude and latitude on WGS 84, as PROJ 9.1 writes it. */
static const char crs84[] =
    "{\"$schema\":\"https://proj.org/schemas/v0.5/projjson.schema.json\",\"type\":\"G"
    "eographicCRS\",\"name\":\"WGS 84 (CRS84)\",\"datum_ensemble\":{\"name\":\"World "
    "Geodetic System 1984 ensemble\",\"members\":[{\"name\":\"World Geodetic System 1"
    "984 (Transit)\",\"id\":{\"authority\":\"EPSG\",\"code\":1166}},{\"name\":\"World"
    " Geodetic System 1984 (G730)\",\"id\":{\"authority\":\"EPSG\",\"code\":1152}},{"
    "\"name\":\"World Geodetic System 1984 (G873)\",\"id\":{\"authority\":\"EPSG\",\""
    "code\":1153}},{\"name\":\"World Geodetic System 1984 (G1150)\",\"id\":{\"authori"
    "ty\":\"EPSG\",\"code\":1154}},{\"name\":\"World Geodetic System 1984 (G1674)\","
    "\"id\":{\"authority\":\"EPSG\",\"code\":1155}},{\"name\":\"World Geodetic System"
    " 1984 (G1762)\",\"id\":{\"authority\":\"EPSG\",\"code\":1156}},{\"name\":\"World"
    " Geodetic System 1984 (G2139)\",\"id\":{\"authority\":\"EPSG\",\"code\":1309}}],"
    "\"ellipsoid\":{\"name\":\"WGS 84\",\"semi_major_axis\":6378137,\"inverse_flatten"
    "ing\":298.257223563},\"accuracy\":\"2.0\",\"id\":{\"authority\":\"EPSG\",\"code"
    "\":6326}},\"coordinate_system\":{\"subtype\":\"ellipsoidal\",\"axis\":[{\"name\""
    ":\"Geodetic longitude\",\"abbreviation\":\"Lon\",\"direction\":\"east\",\"unit\""
    ":\"degree\"},{\"name\":\"Geodetic latitude\",\"abbreviation\":\"Lat\",\"directio"
    "n\":\"north\",\"unit\":\"degree\"}]},\"scope\":\"Not known.\",\"area\":\"World."
    "\",\"bbox\":{\"south_latitude\":-90,\"west_longitude\":-180,\"north_latitude\":9"
    "0,\"east_longitude\":180},\"id\":{\"authority\":\"OGC\",\"code\":\"CRS84\"}}";

/* ---- pairs: int32 count, then int32 size and bytes of each key and value ----- */

static bool take_int(const char **at, int32_t *out) {
    memcpy(out, *at, sizeof *out);
    *at += sizeof *out;
    return *out >= 0;
}

static bool take_slice(const char **at, elc_slice *out) {
    int32_t size;
    if (!take_int(at, &size))
        return false;
    *out = (elc_slice){*at, (size_t)size};
    *at += size;
    return true;
}

bool elc_slice_is(elc_slice slice, const char *text) {
    return slice.data != NULL && slice.size == strlen(text) &&
           memcmp(slice.data, text, slice.size) == 0;
}

elc_slice elc_metadata_find(const char *metadata, const char *key) {
    int32_t count;
    elc_slice name, value;
    if (metadata == NULL || !take_int(&metadata, &count))
        return (elc_slice){NULL, 0};
    for (int32_t i = 0; i < count; i++) {
        if (!take_slice(&metadata, &name) || !take_slice(&metadata, &value))
            break;
        if (elc_slice_is(name, key))
            return value;
    }
    return (elc_slice){NULL, 0};
}

size_t elc_metadata_size(const char *metadata) {
    const char *at = metadata;
    int32_t count;
    elc_slice text;
    if (metadata == NULL || !take_int(&at, &count))
        return 0;
    for (int64_t i = 0; i < (int64_t)count * 2; i++) {
        if (!take_slice(&at, &text))
            return 0;
    }
    return (size_t)(at - metadata);
}

static elc_status put_text(elc_string *out, const char *text, size_t n,
                           elc_error *err) {
    if (n > INT32_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "metadata: a text of %zu bytes, at most %d fit", n, INT32_MAX);
    int32_t size = (int32_t)n;
    ELC_TRY(elc_string_append(out, &size, sizeof size, err));
    return elc_string_append(out, text, n, err);
}

/* ---- GeoArrow ---------------------------------------------------------------- */

static elc_status check_projjson(const char *crs, elc_error *err) {
    json_error_t where;
    json_t *json = json_loads(crs, 0, &where);
    bool object = json_is_object(json);
    json_decref(json);
    if (!object)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "CRS \"%.60s\": not PROJJSON; convert it to PROJJSON first",
                        crs);
    return ELC_OK;
}

static elc_status extension_json(const char *crs, elc_string *out, elc_error *err) {
    if (crs[0] == '\0')
        return elc_string_append(out, "{}", 2, err);
    return elc_string_printf(out, err, "{\"crs\":%s,\"crs_type\":\"projjson\"}", crs);
}

bool elc_crs_text_is_crs84(const char *crs) {
    return strcmp(crs, crs84) == 0;
}

elc_status elc_metadata_geometry(const char *crs, elc_string *out, elc_error *err) {
    static const char type[] = "geoarrow.wkb";
    const int32_t pairs = 2;
    if (crs == NULL)
        crs = crs84;
    else if (crs[0] != '\0')
        ELC_TRY(check_projjson(crs, err));
    elc_string json = {0};
    elc_status status = extension_json(crs, &json, err);
    if (status == ELC_OK)
        status = elc_string_append(out, &pairs, sizeof pairs, err);
    if (status == ELC_OK)
        status = put_text(out, ELC_EXTENSION_NAME, strlen(ELC_EXTENSION_NAME), err);
    if (status == ELC_OK)
        status = put_text(out, type, strlen(type), err);
    if (status == ELC_OK)
        status =
            put_text(out, ELC_EXTENSION_METADATA, strlen(ELC_EXTENSION_METADATA), err);
    if (status == ELC_OK)
        status = put_text(out, json.data, json.size, err);
    elc_string_free(&json);
    return status;
}

/* One JSON value at the start of `text`: jansson says how long it is, so that the CRS
   can be handed on as it was written, number for number. NULL when it is not JSON. */
static json_t *value_at(elc_slice text, size_t *size) {
    json_error_t where;
    json_t *value = json_loadb(text.data, text.size,
                               JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &where);
    *size = value == NULL ? 0 : (size_t)where.position;
    return value;
}

static void skip(elc_slice *text, size_t n) {
    text->data += n;
    text->size -= n;
}

static void skip_blanks(elc_slice *text) {
    while (text->size > 0 && strchr(" \t\r\n", text->data[0]) != NULL &&
           text->data[0] != '\0')
        skip(text, 1);
}

static bool skip_sign(elc_slice *text, char sign) {
    skip_blanks(text);
    if (text->size == 0 || text->data[0] != sign)
        return false;
    skip(text, 1);
    skip_blanks(text);
    return true;
}

/* Walks the members of an object that is known to be sound up to `name`'s value. */
static json_t *member(elc_slice object, const char *name, elc_slice *written) {
    bool more = skip_sign(&object, '{');
    while (more) {
        size_t size;
        json_t *key = value_at(object, &size);
        skip(&object, size);
        bool found = json_is_string(key) && strcmp(json_string_value(key), name) == 0;
        json_decref(key);
        if (!skip_sign(&object, ':'))
            return NULL;
        json_t *value = value_at(object, &size);
        *written = (elc_slice){object.data, size};
        if (value == NULL || found)
            return value;
        json_decref(value);
        skip(&object, size);
        more = skip_sign(&object, ',');
    }
    return NULL;
}

static elc_status copy_slice(elc_slice slice, char **out, elc_error *err) {
    char *copy;
    ELC_TRY(elc_alloc(slice.size + 1, 1, &copy, err));
    if (slice.size > 0)
        memcpy(copy, slice.data, slice.size);
    *out = copy;
    return ELC_OK;
}

elc_status elc_metadata_crs(elc_slice json, char **out, elc_error *err) {
    const elc_slice none = {"", 0};
    if (json.data == NULL || json.size == 0)
        return copy_slice(none, out, err);
    json_error_t where;
    json_t *whole = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, &where);
    bool object = json_is_object(whole);
    json_decref(whole);
    if (!object)
        return elc_fail(err, ELC_E_FORMAT, "%s: not a JSON object, as GeoArrow has it",
                        ELC_EXTENSION_METADATA);
    elc_slice written = none;
    json_t *crs = member(json, "crs", &written);
    elc_status status;
    if (json_is_string(crs))
        status = copy_slice(
            (elc_slice){json_string_value(crs), json_string_length(crs)}, out, err);
    else
        status = copy_slice(json_is_object(crs) ? written : none, out, err);
    json_decref(crs);
    return status;
}
