/* json_open.c - what of a GeoJSON OGR would pass over without a word. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "json_open.h"

#include "calendar.h"
#include "where.h"

#include <elcano/table.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_error.h>
#include <jansson.h>

enum { LOOK_ROWS = 4096 };

/* ---- CRS --------------------------------------------------------------------------
 */

/* What may be a path or an address is not looked up. */
static bool is_closed(const char *name) {
    static const char authority[] = "http://www.opengis.net/def/crs/";
    return strchr(name, '/') == NULL ||
           strncmp(name, authority, sizeof authority - 1) == 0;
}

static bool knows_name(const char *name) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    bool knows =
        srs != NULL && is_closed(name) && OSRSetFromUserInput(srs, name) == OGRERR_NONE;
    CPLPopErrorHandler();
    if (srs != NULL)
        OSRRelease(srs);
    return knows;
}

static bool knows_code(const json_t *code) {
    char name[32];
    long long number = json_is_string(code) ? atoll(json_string_value(code))
                                            : (long long)json_integer_value(code);
    snprintf(name, sizeof name, "EPSG:%lld", number);
    return knows_name(name);
}

/* null names none, and then it is the usual one. */
bool elc_json_knows_crs(const char *text, size_t size) {
    json_t *crs = json_loadb(text, size, JSON_DECODE_ANY, NULL);
    json_t *properties = json_object_get(crs, "properties");
    const char *type = json_string_value(json_object_get(crs, "type"));
    const char *name = json_string_value(json_object_get(properties, "name"));
    json_t *code = json_object_get(properties, "code");
    bool knows = json_is_null(crs);
    if (type != NULL && strcasecmp(type, "name") == 0 && name != NULL)
        knows = knows_name(name);
    else if (type != NULL && strcasecmp(type, "EPSG") == 0 && code != NULL)
        knows = knows_code(code);
    json_decref(crs);
    return knows;
}

static void settle_crs(elc_opened *o, const elc_where *where) {
    if (where->crs.size == 0 || elc_json_knows_crs(where->crs.data, where->crs.size))
        return;
    o->no_crs = true;
    elc_warn(o->context,
             "%s: its crs %.80s is not known, so that its coordinates may be anything; "
             "`elcano project --from` states what they are",
             o->name, where->crs.data);
}

/* ---- dates ------------------------------------------------------------------------
 */

static bool is_time(OGRFieldType type) {
    return type == OFTDate || type == OFTDateTime;
}

/* The types of the fields, before OGR is asked for texts. */
static elc_status list_types(elc_opened *o, elc_error *err) {
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(o->layer);
    int n = OGR_FD_GetFieldCount(defn);
    ELC_TRY(elc_alloc((size_t)n, sizeof *o->times, &o->times, err));
    for (int i = 0; i < n; i++)
        o->times[i] = OGR_Fld_GetType(OGR_FD_GetFieldDefn(defn, i));
    return ELC_OK;
}

static elc_status open_as_texts(elc_opened *o, elc_error *err) {
    static const char *const options[] = {"DATE_AS_STRING=YES", NULL};
    char *name = NULL;
    int n = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(o->layer));
    ELC_TRY(elc_strdup(GDALGetDescription(o->dataset), &name, err));
    GDALClose(o->dataset);
    o->layer = NULL;
    o->dataset =
        GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, options, NULL);
    free(name);
    if (o->dataset != NULL)
        o->layer = GDALDatasetGetLayer(o->dataset, 0);
    if (o->layer != NULL && OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(o->layer)) == n)
        return ELC_OK;
    return elc_fail(err, ELC_E_IO, "%s: it changed while it was read", o->name);
}

static void see_dates(elc_opened *o, OGRFeatureH feature, uint64_t row) {
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(o->layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(defn); i++) {
        OGRField field;
        if (!is_time(o->times[i]) || !OGR_F_IsFieldSetAndNotNull(feature, i))
            continue;
        const char *text = OGR_F_GetFieldAsString(feature, i);
        if (OGRParseDate(text, &field, 0) &&
            elc_time_day_exists(field.Date.Year, field.Date.Month, field.Date.Day))
            continue;
        o->times[i] = OFTString;
        elc_warn(o->context,
                 "%s: row %llu: '%.40s' is a date that does not exist; its column "
                 "'%s' is read as text",
                 o->name, (unsigned long long)row, text,
                 OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i)));
    }
}

static elc_status look_at_dates(elc_opened *o, elc_error *err) {
    OGRFeatureH feature;
    for (uint64_t row = 1; (feature = OGR_L_GetNextFeature(o->layer)) != NULL; row++) {
        see_dates(o, feature, row);
        OGR_F_Destroy(feature);
        if (row % LOOK_ROWS == 0)
            ELC_TRY(elc_check_cancel(o->context, err));
    }
    OGR_L_ResetReading(o->layer);
    return ELC_OK;
}

/* OGR's driver of sequences gives no texts: there, such a date is NULL. */
static elc_status settle_dates(elc_opened *o, const elc_where *where, elc_error *err) {
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(o->dataset));
    if (!where->odd_dates || strcmp(driver, "GeoJSON") != 0)
        return ELC_OK;
    ELC_TRY(list_types(o, err));
    ELC_TRY(open_as_texts(o, err));
    return look_at_dates(o, err);
}

/* ---- all of it --------------------------------------------------------------------
 */

static void take_empty(elc_opened *o, elc_where *where) {
    o->empty = where->empty;
    o->n_empty = where->n_empty;
    where->empty = NULL;
}

static elc_status settle(elc_opened *o, elc_where *where, elc_error *err) {
    if (where->wrong)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: a feature that is no feature, or no geometry, of GeoJSON "
                        "(feature %llu, byte %llu)",
                        o->name, (unsigned long long)where->feature,
                        (unsigned long long)where->byte);
    if (where->nul_feature > 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: a text with a NUL, \\u0000 (feature %llu, byte %llu)",
                        o->name, (unsigned long long)where->nul_feature,
                        (unsigned long long)where->nul_byte);
    if (where->too_large)
        return ELC_OK;
    take_empty(o, where);
    o->rows = (int64_t)where->feature;
    if (where->big_feature > 0)
        elc_warn(o->context,
                 "%s: a whole number beyond 64 bits is read as the largest of 64 "
                 "(feature %llu, byte %llu)",
                 o->name, (unsigned long long)where->big_feature,
                 (unsigned long long)where->big_byte);
    settle_crs(o, where);
    return settle_dates(o, where, err);
}

elc_status elc_json_settle(elc_opened *o, const char *name, elc_error *err) {
    elc_where where = {0};
    elc_status status = elc_where_look_file(name, o->context, &where, err);
    if (status == ELC_OK)
        status = settle(o, &where, err);
    elc_where_free(&where);
    return status;
}
