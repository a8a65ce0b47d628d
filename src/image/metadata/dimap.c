/* dimap.c - DIMAP of Pleiades and SPOT, versions 1 and 2, and its RPC file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const roots[] = {"Dimap_Document", NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "Dataset_Identification/DATASET_NAME"},
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "Dataset_Id/DATASET_NAME"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "Source_Identification/SOURCE_ID"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "Source_Information/SOURCE_ID"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "CLOUD_COVERAGE"},
    {ELC_FACT_BIT_DEPTH, ELC_RULE_REAL, "Raster_Encoding/NBITS"},
    {0}};

/* "PHR" and "1A" are said apart. */
static elc_status find_joined(const elc_record *record, const char *name,
                              const char *number, elc_fact_id id, elc_findings *f,
                              elc_error *err) {
    const elc_leaf *leaf = elc_record_at(record, name, 0);
    const char *index = elc_record_get(record, number);
    char text[128];
    if (leaf == NULL)
        return ELC_OK;
    snprintf(text, sizeof text, "%.60s%s%.60s", leaf->text, index != NULL ? " " : "",
             index != NULL ? index : "");
    if (!elc_utf8_valid(text, strlen(text)))
        return ELC_OK;
    return elc_findings_text(f, id, text, leaf->path, err);
}

static elc_status find_time(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *date = elc_record_at(record, "IMAGING_DATE", 0);
    const char *time = elc_record_get(record, "IMAGING_TIME");
    char text[80];
    if (date == NULL)
        return ELC_OK;
    snprintf(text, sizeof text, "%.12s%s%.30s", date->text, time != NULL ? "T" : "",
             time != NULL ? time : "");
    return elc_findings_time(f, ELC_FACT_ACQUIRED, text, date->path, err);
}

/* Values are given at the top, the centre and the bottom: the middle one. */
static const elc_leaf *middle_of(const elc_record *record, const char *pattern) {
    size_t n = 0, k = 0;
    for (size_t i = 0; i < record->count; i++)
        n += elc_path_matches(record->items[i].path, pattern);
    for (size_t i = 0; i < record->count; i++) {
        if (elc_path_matches(record->items[i].path, pattern) && k++ == n / 2)
            return &record->items[i];
    }
    return NULL;
}

static elc_status find_angles(const elc_record *record, elc_findings *f,
                              elc_error *err) {
    static const elc_rule angles[] = {
        {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "SUN_AZIMUTH"},
        {ELC_FACT_SUN_ELEVATION, ELC_RULE_REAL, "SUN_ELEVATION"},
        {ELC_FACT_OFF_NADIR, ELC_RULE_REAL, "VIEWING_ANGLE"},
        {ELC_FACT_VIEW_ELEVATION, ELC_RULE_ZENITH, "INCIDENCE_ANGLE"},
        {0}};
    double value;
    for (const elc_rule *rule = angles; rule->path != NULL; rule++) {
        const elc_leaf *leaf = middle_of(record, rule->path);
        if (leaf == NULL || !elc_text_real(leaf->text, &value))
            continue;
        if (rule->kind == ELC_RULE_ZENITH)
            value = 90 - fabs(value);
        else if (rule->id == ELC_FACT_OFF_NADIR)
            value = fabs(value); /* the sign says the side */
        ELC_TRY(elc_findings_real(f, rule->id, value, leaf->path, err));
    }
    return ELC_OK;
}

static elc_status find_gsd(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *across = middle_of(record, "GSD_ACROSS_TRACK");
    const elc_leaf *along = middle_of(record, "GSD_ALONG_TRACK");
    double x, y;
    if (across == NULL || along == NULL || !elc_text_real(across->text, &x) ||
        !elc_text_real(along->text, &y) || !(x > 0) || !(y > 0))
        return ELC_OK;
    return elc_findings_real(f, ELC_FACT_GSD, sqrt(x * y), across->path, err);
}

/* ---- size and corners ------------------------------------------------------------ */

typedef struct {
    const char *lon, *lat, *col, *row;
} vertex_names;

static const vertex_names versions[] = {
    {"Dataset_Extent/Vertex/LON", "Dataset_Extent/Vertex/LAT",
     "Dataset_Extent/Vertex/COL", "Dataset_Extent/Vertex/ROW"},
    {"Dataset_Frame/Vertex/FRAME_LON", "Dataset_Frame/Vertex/FRAME_LAT",
     "Dataset_Frame/Vertex/FRAME_COL", "Dataset_Frame/Vertex/FRAME_ROW"}};

/* The first four values of a path. */
static bool four(const elc_record *record, const char *pattern, double out[4]) {
    size_t n = 0;
    for (size_t i = 0; i < record->count && n < 4; i++) {
        if (elc_path_matches(record->items[i].path, pattern) &&
            !elc_text_real(record->items[i].text, &out[n++]))
            return false;
    }
    return n == 4;
}

/* Vertices are centres of the corner pixels, (1, 1) the first, in the order UL, UR, LR,
   LL; other orders are not used. */
static elc_status find_vertices(const elc_record *record, const vertex_names *names,
                                elc_findings *f, elc_error *err) {
    double lon[4], lat[4], col[4], row[4];
    if (!four(record, names->lon, lon) || !four(record, names->lat, lat) ||
        !four(record, names->col, col) || !four(record, names->row, row))
        return ELC_OK;
    double w = col[1], h = row[2];
    if (col[0] != 1 || row[0] != 1 || row[1] != 1 || col[2] != w || col[3] != 1 ||
        row[3] != h || !(w > 1) || !(h > 1))
        return ELC_OK;
    double corners[] = {lon[0], lat[0], lon[1], lat[1], lon[2], lat[2], lon[3], lat[3]};
    elc_corners_outward(corners, w, h);
    ELC_TRY(elc_findings_real(f, ELC_FACT_WIDTH, w, names->col, err));
    ELC_TRY(elc_findings_real(f, ELC_FACT_HEIGHT, h, names->row, err));
    return elc_findings_list(f, ELC_FACT_CORNERS_LONLAT, corners, 8, names->lon, err);
}

/* Of a raster in a map projection alone: others are in no CRS. */
static elc_status find_crs(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *leaf = elc_record_at(record, "PROJECTED_CRS_CODE", 0);
    if (leaf == NULL)
        leaf = elc_record_at(record, "HORIZONTAL_CS_CODE", 0);
    const char *colon = leaf != NULL ? strrchr(leaf->text, ':') : NULL;
    char text[24];
    if (colon == NULL || strcasestr(leaf->text, "EPSG") == NULL ||
        strlen(colon + 1) > 8 || colon[1 + strspn(colon + 1, "0123456789")] != '\0')
        return ELC_OK;
    snprintf(text, sizeof text, "EPSG:%s", colon + 1);
    return elc_findings_text(f, ELC_FACT_CRS, text, leaf->path, err);
}

/* ---- RPCs ------------------------------------------------------------------------ */

/* From ground to image is their "inverse" model; pixels count from 1. */
static elc_status find_rpc(const elc_record *record, elc_findings *f, elc_error *err) {
    static const char *const scalars[] = {
        "LINE_OFF",   "SAMP_OFF",   "LAT_OFF",   "LONG_OFF",   "HEIGHT_OFF",
        "LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE"};
    static const char *const lists[] = {"LINE_NUM", "LINE_DEN", "SAMP_NUM", "SAMP_DEN"};
    double rpc[92] = {-1, -1}, x, y;
    char path[64];
    for (size_t i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "RFM_Validity/%s", scalars[i]);
        if (!elc_record_real(record, path, &rpc[2 + i]))
            return ELC_OK;
    }
    for (size_t i = 0; i < 80; i++) {
        snprintf(path, sizeof path, "Inverse_Model/%s_COEFF_%d", lists[i / 20],
                 (int)(i % 20) + 1);
        if (!elc_record_real(record, path, &rpc[12 + i]))
            return ELC_OK;
    }
    rpc[2] -= 1;
    rpc[3] -= 1;
    if (elc_record_real(record, "Direct_Model/ERR_BIAS_X", &x) &&
        elc_record_real(record, "Direct_Model/ERR_BIAS_Y", &y))
        rpc[0] = hypot(x, y);
    return elc_findings_list(f, ELC_FACT_RPC, rpc, 92, "Inverse_Model", err);
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    ELC_TRY(find_joined(record, "MISSION", "MISSION_INDEX", ELC_FACT_PLATFORM, f, err));
    ELC_TRY(
        find_joined(record, "INSTRUMENT", "INSTRUMENT_INDEX", ELC_FACT_SENSOR, f, err));
    ELC_TRY(find_time(record, f, err));
    ELC_TRY(find_angles(record, f, err));
    ELC_TRY(find_gsd(record, f, err));
    ELC_TRY(find_crs(record, f, err));
    if (elc_is_later_tile(f->image)) /* then GDAL's reading is all there is */
        return ELC_OK;
    ELC_TRY(find_vertices(record, &versions[0], f, err));
    ELC_TRY(find_vertices(record, &versions[1], f, err));
    return find_rpc(record, f, err);
}

const elc_format elc_format_dimap = {"DIMAP", ELC_WITNESS_VENDOR, roots, rules, more};
