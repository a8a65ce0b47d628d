/* mixed.c - columns of a CSV that OGR takes for yes and no, and are not. OGR 3.6 makes
   a column that begins with such words boolean whatever numbers follow, and has no
   value for those; so the words are kept beside the values, and looked at. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mixed.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_ROWS = 4096 };

static bool is_boolean(OGRFeatureDefnH defn, int i) {
    OGRFieldDefnH field = OGR_FD_GetFieldDefn(defn, i);
    return OGR_Fld_GetType(field) == OFTInteger &&
           OGR_Fld_GetSubType(field) == OFSTBoolean;
}

bool elc_mixed_may_be(OGRLayerH layer) {
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(defn); i++)
        if (is_boolean(defn, i))
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
            if (is_boolean(defn, i) && elc_mixed_keeps(defn, i))
                mixed[i] = mixed[i] || has_words_alone(feature, i);
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
