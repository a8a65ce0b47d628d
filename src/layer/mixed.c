/* mixed.c - columns of a CSV that are not what OGR takes them for. OGR 3.6 makes a
   column that begins with yes or no boolean whatever numbers follow, and has no value
   for those; the 30th of February is a date to it, the largest number of 64 bits what
   is larger, and the nearest real number what is whole. So the words are kept beside
   the values, and looked at. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mixed.h"

#include "calendar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_ROWS = 4096 };

static bool is_boolean(OGRFeatureDefnH defn, int i) {
    OGRFieldDefnH field = OGR_FD_GetFieldDefn(defn, i);
    return OGR_Fld_GetType(field) == OFTInteger &&
           OGR_Fld_GetSubType(field) == OFSTBoolean;
}

static bool is_odd_type(OGRFieldType type) {
    return type == OFTInteger64 || type == OFTReal || type == OFTDate ||
           type == OFTDateTime;
}

bool elc_mixed_may_be(OGRLayerH layer, bool odd) {
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(defn); i++)
        if (is_boolean(defn, i) ||
            (odd && is_odd_type(OGR_Fld_GetType(OGR_FD_GetFieldDefn(defn, i)))))
            return true;
    return false;
}

bool elc_mixed_keeps(OGRFeatureDefnH defn, int i) {
    static const char ending[] = "_original";
    if (i + 1 >= OGR_FD_GetFieldCount(defn) ||
        OGR_Fld_GetType(OGR_FD_GetFieldDefn(defn, i)) == OFTString)
        return false;
    const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i));
    const char *next = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i + 1));
    size_t n = strlen(name);
    return strncmp(name, next, n) == 0 && strcmp(next + n, ending) == 0;
}

static bool has_words_alone(OGRFeatureH feature, int i) {
    return !OGR_F_IsFieldSetAndNotNull(feature, i) &&
           OGR_F_IsFieldSetAndNotNull(feature, i + 1) &&
           OGR_F_GetFieldAsString(feature, i + 1)[0] != '\0';
}

static bool is_cut_number(OGRFeatureH feature, int i) {
    GIntBig value = OGR_F_GetFieldAsInteger64(feature, i);
    const char *words = OGR_F_GetFieldAsString(feature, i + 1);
    int64_t whole;
    bool largest = value == INT64_MAX || value == INT64_MIN;
    return largest && elc_parse_int(words, "", &whole, NULL) != ELC_OK;
}

static bool is_whole(const char *words) {
    words += strspn(words, " ");
    words += *words == '-' || *words == '+';
    size_t digits = strspn(words, "0123456789");
    return digits > 0 && words[digits + strspn(words + digits, " ")] == '\0';
}

/* Beyond all real numbers, or whole and between two of them. */
static bool is_cut_real(OGRFeatureH feature, int i) {
    double value = OGR_F_GetFieldAsDouble(feature, i);
    const char *words = OGR_F_GetFieldAsString(feature, i + 1);
    int64_t whole = 0;
    if (isinf(value))
        return strpbrk(words, "0123456789") != NULL;
    if (!is_whole(words))
        return false;
    return fabs(value) >= 0x1p63 || elc_parse_int(words, "", &whole, NULL) != ELC_OK ||
           (int64_t)value != whole;
}

static bool is_no_date(OGRFeatureH feature, int i) {
    int year = 0, month = 0, day = 0, rest;
    return OGR_F_GetFieldAsDateTime(feature, i, &year, &month, &day, &rest, &rest,
                                    &rest, &rest) &&
           !elc_time_day_exists(year, month, day);
}

static bool is_mixed(OGRFeatureDefnH defn, OGRFeatureH feature, int i) {
    if (is_boolean(defn, i))
        return has_words_alone(feature, i);
    OGRFieldType type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(defn, i));
    if (!is_odd_type(type) || !OGR_F_IsFieldSetAndNotNull(feature, i))
        return false;
    return type == OFTInteger64 ? is_cut_number(feature, i)
           : type == OFTReal    ? is_cut_real(feature, i)
                                : is_no_date(feature, i);
}

static elc_status look_at_rows(OGRLayerH layer, const elc_context *context, bool *mixed,
                               elc_error *err) {
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
    int n = OGR_FD_GetFieldCount(defn);
    OGRFeatureH feature;
    for (size_t row = 0; (feature = OGR_L_GetNextFeature(layer)) != NULL; row++) {
        elc_status status = ELC_OK;
        if (row % LOOK_ROWS == 0)
            status = elc_check_cancel(context, err);
        for (int i = 0; status == ELC_OK && i < n; i++)
            if (!mixed[i] && elc_mixed_keeps(defn, i))
                mixed[i] = is_mixed(defn, feature, i);
        OGR_F_Destroy(feature);
        ELC_TRY(status);
    }
    OGR_L_ResetReading(layer);
    return ELC_OK;
}

elc_status elc_mixed_find(OGRLayerH layer, const elc_context *context, bool **out,
                          elc_error *err) {
    int n = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer));
    bool *mixed;
    ELC_TRY(elc_alloc((size_t)n, sizeof *mixed, &mixed, err));
    elc_status status = look_at_rows(layer, context, mixed, err);
    if (status != ELC_OK) {
        free(mixed);
        return status;
    }
    *out = mixed;
    return ELC_OK;
}
