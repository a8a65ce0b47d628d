/* source.c - an OGR layer's features as rows of a table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include "mixed.h"
#include "osm.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <jansson.h>

/* ---- columns -------------------------------------------------------------- */

static elc_type column_type(OGRFieldType type, OGRFieldSubType subtype) {
    switch (type) {
    case OFTInteger:
        return subtype == OFSTBoolean ? ELC_BOOL : ELC_INT32;
    case OFTInteger64:
        return ELC_INT64;
    case OFTReal:
        return subtype == OFSTFloat32 ? ELC_FLOAT32 : ELC_FLOAT64;
    case OFTBinary:
        return ELC_BINARY;
    case OFTDate:
        return ELC_DATE32;
    case OFTDateTime:
        return ELC_TIMESTAMP;
    default: /* text, times of a day, and lists, which become JSON */
        return ELC_UTF8;
    }
}

/* A leading '_' would hide the column, and two of one name could not be told apart. */
static elc_status unique_name(const elc_names *names, const char *wish, elc_string *out,
                              elc_error *err) {
    while (*wish == '_')
        wish++;
    if (*wish == '\0' || !elc_utf8_valid(wish, strlen(wish)))
        wish = "column";
    out->size = 0;
    ELC_TRY(elc_string_printf(out, err, "%s", wish));
    for (unsigned n = 2; elc_names_find(names, out->data) != SIZE_MAX; n++) {
        out->size = 0;
        ELC_TRY(elc_string_printf(out, err, "%s_%u", wish, n));
    }
    return ELC_OK;
}

static elc_status add_column(elc_source *s, const char *name, elc_type type,
                             elc_source_field field, elc_error *err) {
    size_t i = s->names.count;
    ELC_TRY(unique_name(&s->names, name, &s->scratch, err));
    ELC_TRY(elc_names_add(&s->names, s->scratch.data, err));
    s->columns[i] = (elc_column){s->names.items[i], type, NULL, NULL};
    s->fields[i] = field;
    return ELC_OK;
}

/* OGR's own row numbers say nothing; a key that somebody named does. */
static bool is_key(const char *fid_column) {
    static const char *const usual[] = {"",        "fid",   "ogc_fid",  "elcano_fid",
                                        "ogr_fid", "rowid", "objectid", NULL};
    for (const char *const *name = usual; *name; name++)
        if (strcasecmp(fid_column, *name) == 0)
            return false;
    return true;
}

/* Of a column whose values are not all yes and no: its words. */
static elc_status add_words(elc_source *s, OGRFieldDefnH field, int i, elc_error *err) {
    elc_source_field from = {ELC_SOURCE_FIELD, i + 1, OFTString};
    return add_column(s, OGR_Fld_GetNameRef(field), ELC_UTF8, from, err);
}

static elc_status add_field(elc_source *s, OGRFieldDefnH field, int i,
                            const elc_opened *opened, elc_error *err) {
    OGRFieldType is = opened->times == NULL ? OGR_Fld_GetType(field) : opened->times[i];
    elc_source_field from = {ELC_SOURCE_FIELD, i, is};
    const char *name = OGR_Fld_GetNameRef(field);
    if (opened->is_osm && strcmp(name, "all_tags") == 0) {
        from.kind = ELC_SOURCE_TAGS;
        name = "tags";
    }
    return add_column(s, name, column_type(is, OGR_Fld_GetSubType(field)), from, err);
}

/* The column that a CSV's geometry was made of. */
static int find_shape_text(OGRFeatureDefnH defn) {
    static const char *const names[] = {ELC_OPENED_SHAPES, NULL};
    bool has = OGR_FD_GetGeomFieldCount(defn) > 0;
    for (int i = 0; has && i < OGR_FD_GetFieldCount(defn); i++)
        for (const char *const *name = names; *name; name++)
            if (strcasecmp(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i)), *name) ==
                0)
                return i;
    return -1;
}

static elc_status add_columns(elc_source *s, const elc_opened *opened, elc_error *err) {
    OGRLayerH layer = opened->layer;
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
    int n = OGR_FD_GetFieldCount(defn);
    ELC_TRY(elc_alloc((size_t)n + 2, sizeof *s->columns, &s->columns, err));
    ELC_TRY(elc_alloc((size_t)n + 2, sizeof *s->fields, &s->fields, err));
    if (OGR_FD_GetGeomFieldCount(defn) > 0)
        ELC_TRY(add_column(s, "geometry", ELC_GEOMETRY,
                           (elc_source_field){ELC_SOURCE_GEOMETRY, 0, OFTBinary}, err));
    const char *key = OGR_L_GetFIDColumn(layer);
    if (is_key(key) && OGR_FD_GetFieldIndex(defn, key) < 0)
        ELC_TRY(add_column(s, key, ELC_INT64,
                           (elc_source_field){ELC_SOURCE_FID, 0, OFTInteger64}, err));
    s->shape_text = opened->is_csv ? find_shape_text(defn) : -1;
    for (int i = 0; i < n; i++) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(defn, i);
        if (opened->mixed != NULL && opened->mixed[i])
            ELC_TRY(add_words(s, field, i, err));
        else if (i != s->shape_text)
            ELC_TRY(add_field(s, field, i, opened, err));
        i += opened->has_words && elc_mixed_keeps(defn, i);
    }
    return ELC_OK;
}

/* True when the driver keeps to an authority's order of latitude before longitude. */
static bool is_swapped(OGRSpatialReferenceH srs) {
    if (srs == NULL)
        return false;
    OGRSpatialReferenceH usual = OSRClone(srs);
    OSRSetAxisMappingStrategy(usual, OAMS_TRADITIONAL_GIS_ORDER);
    int n = 0, m = 0;
    const int *is = OSRGetDataAxisToSRSAxisMapping(srs, &n);
    const int *wanted = OSRGetDataAxisToSRSAxisMapping(usual, &m);
    bool swapped = n >= 2 && m >= 2 && is[0] == wanted[1] && is[1] == wanted[0] &&
                   is[0] != wanted[0];
    OSRRelease(usual);
    return swapped;
}

elc_status elc_source_create(const elc_opened *opened, elc_source *source,
                             elc_error *err) {
    *source = (elc_source){.swap = is_swapped(OGR_L_GetSpatialRef(opened->layer)),
                           .opened = opened,
                           .is_old = opened->is_old};
    elc_status status = add_columns(source, opened, err);
    if (status != ELC_OK)
        elc_source_free(source);
    return status;
}

/* What GDAL makes of a GeoPackage's srs_id 0 and -1. */
static bool is_undefined(OGRSpatialReferenceH srs) {
    const char *name = srs == NULL ? NULL : OSRGetName(srs);
    return name != NULL && strncasecmp(name, "undefined ", 10) == 0;
}

/* OGR makes WGS 84 with heights of a GeoJSON with some: its map is the same. */
elc_status elc_source_crs(const elc_opened *opened, const elc_ogr_scope *scope,
                          char **out, elc_error *err) {
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(opened->layer);
    char *text = NULL;
    if (opened->no_crs || is_undefined(srs))
        srs = NULL;
    const char *code = srs == NULL ? NULL : OSRGetAuthorityCode(srs, NULL);
    bool high = code != NULL && strcmp(code, "4979") == 0;
    if (high || (srs == NULL && opened->is_lonlat))
        return elc_strdup(NULL, out, err) /* which is CRS84 */;
    if (srs != NULL && OSRExportToPROJJSON(srs, &text, NULL) != OGRERR_NONE) {
        CPLFree(text);
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: its CRS cannot be told: %s",
                        opened->name, elc_ogr_reason(scope));
    }
    elc_status status = elc_strdup(text == NULL ? "" : text, out, err);
    CPLFree(text);
    return status;
}

void elc_source_free(elc_source *source) {
    elc_names_free(&source->names);
    free(source->columns);
    free(source->fields);
    elc_string_free(&source->scratch);
    *source = (elc_source){0};
}

/* ---- geometry ------------------------------------------------------------- */

/* Points, lines, polygons and collections of them are what tables have: arcs become
   lines, surfaces polygons, and measures are dropped. Takes `shape`. */
static OGRGeometryH simplify(OGRGeometryH shape) {
    if (OGR_G_HasCurveGeometry(shape, FALSE)) {
        OGRGeometryH linear = OGR_G_GetLinearGeometry(shape, 0, NULL);
        OGR_G_DestroyGeometry(shape);
        shape = linear;
    }
    switch (shape == NULL ? wkbUnknown : wkbFlatten(OGR_G_GetGeometryType(shape))) {
    case wkbTriangle:
        shape = OGR_G_ForceToPolygon(shape);
        break;
    case wkbPolyhedralSurface:
    case wkbTIN:
        shape = OGR_G_ForceToMultiPolygon(shape);
        break;
    default:
        break;
    }
    if (shape != NULL)
        OGR_G_SetMeasured(shape, FALSE);
    return shape;
}

/* Of a CSV's words that OGR takes for no geometry, which WKT with NaN is to it. */
static elc_status read_words(const elc_source *s, OGRFeatureH feature,
                             OGRGeometryH *out, elc_error *err) {
    const char *text =
        s->shape_text < 0 ? "" : OGR_F_GetFieldAsString(feature, s->shape_text);
    if (text[strspn(text, " \t")] == '\0')
        return ELC_OK;
    elc_string wkb = {0};
    elc_error why = {0};
    elc_status status = elc_wkb_from_wkt(text, strlen(text), &wkb, NULL, &why);
    bool is = status == ELC_OK &&
              OGR_G_CreateFromWkbEx(wkb.data, NULL, out, wkb.size) == OGRERR_NONE;
    elc_string_free(&wkb);
    return is ? ELC_OK
              : elc_fail(err, ELC_E_FORMAT, "its geometry '%.60s' is not WKT%s%s", text,
                         status == ELC_OK ? "" : ": ", why.message);
}

/* A polygon without rings, where OGR made NULL of one. */
static OGRGeometryH take_empty(elc_source *s) {
    const elc_opened *o = s->opened;
    if (s->n_empty == o->n_empty || o->empty[s->n_empty] != s->rows)
        return NULL;
    s->n_empty++;
    return OGR_G_CreateGeometry(wkbPolygon);
}

/* The feature's shape, NULL for none, which the caller destroys. */
static elc_status take_shape(elc_source *s, OGRFeatureH feature, OGRGeometryH *out,
                             elc_error *err) {
    OGRGeometryH empty = take_empty(s);
    *out = OGR_F_StealGeometry(feature);
    if (*out != NULL && empty != NULL)
        OGR_G_DestroyGeometry(empty);
    else if (*out == NULL)
        *out = empty;
    return *out != NULL ? ELC_OK : read_words(s, feature, out, err);
}

static elc_status put_geometry(elc_source *s, OGRFeatureH feature, size_t column,
                               elc_batch *batch, elc_error *err) {
    OGRGeometryH shape = NULL;
    ELC_TRY(take_shape(s, feature, &shape, err));
    if (shape == NULL)
        return ELC_OK;
    shape = simplify(shape);
    if (shape == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "a geometry that cannot be made of lines");
    if (s->swap)
        OGR_G_SwapXY(shape);
    size_t n = OGR_G_WkbSizeEx(shape);
    elc_status status = elc_reserve(&s->scratch.data, &s->scratch.capacity, n, 1, err);
    if (status == ELC_OK &&
        OGR_G_ExportToIsoWkb(shape, wkbNDR, (unsigned char *)s->scratch.data) !=
            OGRERR_NONE)
        status = elc_fail(err, ELC_E_FORMAT, "a geometry that cannot be said as WKB");
    OGR_G_DestroyGeometry(shape);
    ELC_TRY(status);
    return elc_batch_bytes(batch, column, s->scratch.data, n, err);
}

/* ---- lists as JSON -------------------------------------------------------- */

static json_t *list_item(const char *text) {
    json_t *item = json_string(text); /* NULL: not UTF-8 */
    return item == NULL ? json_null() : item;
}

static json_t *list_json(OGRFeatureH feature, const elc_source_field *field) {
    json_t *list = json_array();
    int n = 0;
    if (field->is == OFTStringList) {
        char **items = OGR_F_GetFieldAsStringList(feature, field->index);
        for (; items != NULL && *items != NULL; items++)
            json_array_append_new(list, list_item(*items));
    } else if (field->is == OFTRealList) {
        const double *items = OGR_F_GetFieldAsDoubleList(feature, field->index, &n);
        for (int i = 0; i < n; i++) /* NaN and infinity: NULL becomes null */
            json_array_append_new(list, isfinite(items[i]) ? json_real(items[i])
                                                           : json_null());
    } else if (field->is == OFTInteger64List) {
        const GIntBig *items = OGR_F_GetFieldAsInteger64List(feature, field->index, &n);
        for (int i = 0; i < n; i++)
            json_array_append_new(list, json_integer(items[i]));
    } else {
        const int *items = OGR_F_GetFieldAsIntegerList(feature, field->index, &n);
        for (int i = 0; i < n; i++)
            json_array_append_new(list, json_integer(items[i]));
    }
    return list;
}

static elc_status put_list(OGRFeatureH feature, const elc_source_field *field,
                           size_t column, elc_batch *batch, elc_error *err) {
    json_t *list = list_json(feature, field);
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a list");
    elc_status status = elc_batch_text(batch, column, text, err);
    free(text);
    return status;
}

/* ---- texts ---------------------------------------------------------------- */

/* Windows-1252's characters from 0x80 on; the five that it lacks are controls. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

static elc_status append_1252(elc_string *out, unsigned char byte, elc_error *err) {
    unsigned code = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
    char utf8[3] = {(char)code};
    size_t n = 1;
    if (code >= 0x800) {
        utf8[0] = (char)(0xe0 | code >> 12);
        utf8[1] = (char)(0x80 | (code >> 6 & 0x3f));
        n = 3;
    } else if (code >= 0x80) {
        utf8[0] = (char)(0xc0 | code >> 6);
        n = 2;
    }
    if (n > 1)
        utf8[n - 1] = (char)(0x80 | (code & 0x3f));
    return elc_string_append(out, utf8, n, err);
}

/* A text that is not UTF-8 is refused where the format says that it is, and in older
   formats it is what most of their programs write. */
static elc_status put_text(elc_source *s, const char *text, size_t column,
                           elc_batch *batch, elc_error *err) {
    if (elc_utf8_valid(text, strlen(text)))
        return elc_batch_text(batch, column, text, err);
    if (!s->is_old)
        return elc_fail(err, ELC_E_FORMAT, "column '%s': its text is not UTF-8",
                        s->columns[column].name);
    s->scratch.size = 0;
    for (; *text != '\0'; text++)
        ELC_TRY(append_1252(&s->scratch, (unsigned char)*text, err));
    return elc_batch_text(batch, column, s->scratch.data, err);
}

static elc_status put_tags(elc_source *s, const char *hstore, size_t column,
                           elc_batch *batch, elc_error *err) {
    ELC_TRY(elc_osm_tags(hstore, &s->scratch, err));
    return elc_batch_text(batch, column, s->scratch.data, err);
}

/* ---- other values --------------------------------------------------------- */

int64_t elc_source_time(const elc_time *t, float second, int zone, bool is_date) {
    if (is_date)
        return elc_time_days(t->year, t->month, t->day);
    int64_t time = elc_time_join(t) + llround((double)second * 1000) * 1000;
    if (zone > 1) /* in quarters of an hour, 100 being UTC */
        time -= (int64_t)(zone - 100) * 15 * 60 * 1000000;
    return time;
}

/* As it is, or as the text says, which is one of a date: it was looked at. */
static void read_time(const elc_source *s, OGRFeatureH feature, int i, elc_time *t,
                      float *second, int *zone) {
    OGRField field = {0};
    if (s->opened->times == NULL) {
        OGR_F_GetFieldAsDateTimeEx(feature, i, &t->year, &t->month, &t->day, &t->hour,
                                   &t->minute, second, zone);
        return;
    }
    OGRParseDate(OGR_F_GetFieldAsString(feature, i), &field, 0);
    *t = (elc_time){.year = field.Date.Year,
                    .month = field.Date.Month,
                    .day = field.Date.Day,
                    .hour = field.Date.Hour,
                    .minute = field.Date.Minute};
    *second = field.Date.Second;
    *zone = field.Date.TZFlag;
}

static void tell_date(elc_source *s, const elc_time *t, size_t column) {
    if (!s->told_date)
        elc_warn(s->opened->context,
                 "%s: column '%s': %04d-%02d-%02d is a date that does not exist; such "
                 "are NULL",
                 s->opened->name, s->columns[column].name, t->year, t->month, t->day);
    s->told_date = true;
}

static elc_status put_time(elc_source *s, OGRFeatureH feature,
                           const elc_source_field *field, size_t column,
                           elc_batch *batch, elc_error *err) {
    elc_time t = {0};
    float second = 0;
    int zone = 0;
    read_time(s, feature, field->index, &t, &second, &zone);
    if (!elc_time_day_exists(t.year, t.month, t.day)) {
        tell_date(s, &t, column);
        return ELC_OK;
    }
    return elc_batch_int(batch, column,
                         elc_source_time(&t, second, zone, field->is == OFTDate), err);
}

static elc_status put_field(elc_source *s, OGRFeatureH feature,
                            const elc_source_field *field, size_t column,
                            elc_batch *batch, elc_error *err) {
    int n = 0;
    const GByte *bytes = NULL;
    const char *text = NULL;
    if (!OGR_F_IsFieldSetAndNotNull(feature, field->index))
        return ELC_OK;
    switch (field->is) {
    case OFTInteger:
    case OFTInteger64:
        return elc_batch_int(batch, column,
                             OGR_F_GetFieldAsInteger64(feature, field->index), err);
    case OFTReal:
        return elc_batch_real(batch, column,
                              OGR_F_GetFieldAsDouble(feature, field->index), err);
    case OFTBinary:
        bytes = OGR_F_GetFieldAsBinary(feature, field->index, &n);
        return elc_batch_bytes(batch, column, bytes, (size_t)n, err);
    case OFTDate:
    case OFTDateTime:
        return put_time(s, feature, field, column, batch, err);
    case OFTIntegerList:
    case OFTInteger64List:
    case OFTRealList:
    case OFTStringList:
        return put_list(feature, field, column, batch, err);
    default:
        text = OGR_F_GetFieldAsString(feature, field->index);
        return field->kind == ELC_SOURCE_TAGS ? put_tags(s, text, column, batch, err)
                                              : put_text(s, text, column, batch, err);
    }
}

elc_status elc_source_row(elc_source *s, OGRFeatureH feature, elc_batch *batch,
                          elc_error *err) {
    s->rows++;
    for (size_t i = 0; i < s->names.count; i++) {
        const elc_source_field *field = &s->fields[i];
        if (field->kind == ELC_SOURCE_GEOMETRY)
            ELC_TRY(put_geometry(s, feature, i, batch, err));
        else if (field->kind == ELC_SOURCE_FID)
            ELC_TRY(elc_batch_int(batch, i, OGR_F_GetFID(feature), err));
        else
            ELC_TRY(put_field(s, feature, field, i, batch, err));
    }
    return elc_batch_end_row(batch, err);
}
