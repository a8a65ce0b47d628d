/* landsat.c - Landsat's MTL as XML, text and JSON, Collections 1 and 2. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const roots[] = {"LANDSAT_METADATA_FILE", "L1_METADATA_FILE", NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "PRODUCT_CONTENTS/LANDSAT_PRODUCT_ID"},
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "METADATA_FILE_INFO/LANDSAT_PRODUCT_ID"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "LANDSAT_SCENE_ID"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "SPACECRAFT_ID"},
    {ELC_FACT_SENSOR, ELC_RULE_TEXT, "SENSOR_ID"},
    {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "SUN_AZIMUTH"},
    {ELC_FACT_SUN_ELEVATION, ELC_RULE_REAL, "SUN_ELEVATION"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "CLOUD_COVER"},
    {0}};

/* The lines of three resolutions; the image's name says which is meant. */
static const char *kind_of(const char *image) {
    char stem[256];
    snprintf(stem, sizeof stem, "%s", image);
    stem[strcspn(stem, ".")] = '\0';
    size_t n = strlen(stem);
    if (n >= 3 && strcasecmp(stem + n - 3, "_B8") == 0)
        return "PANCHROMATIC";
    if (n >= 4 && (strcasecmp(stem + n - 4, "_B10") == 0 ||
                   strcasecmp(stem + n - 4, "_B11") == 0))
        return "THERMAL";
    return "REFLECTIVE";
}

static elc_status find_number(const elc_record *record, const char *before,
                              const char *kind, const char *after, elc_fact_id id,
                              double *out, elc_findings *f, elc_error *err) {
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", before, kind, after);
    *out = 0;
    const elc_leaf *leaf = elc_record_at(record, name, 0);
    if (leaf == NULL || !elc_text_real(leaf->text, out))
        return ELC_OK;
    return elc_findings_real(f, id, *out, leaf->path, err);
}

/* The corners that are stated are centres of pixels. Those in degrees have only five
   decimals; they follow from the others. */
static elc_status find_corners(const elc_record *record, double width, double height,
                               elc_findings *f, elc_error *err) {
    static const char *const corners[] = {"UL", "UR", "LR", "LL"};
    double numbers[8];
    char name[64];
    for (size_t i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "CORNER_%s_PROJECTION_%c_PRODUCT", corners[i / 2],
                 i % 2 == 0 ? 'X' : 'Y');
        if (!elc_record_real(record, name, &numbers[i]))
            return ELC_OK;
    }
    if (!(width > 1) || !(height > 1))
        return ELC_OK;
    elc_corners_outward(numbers, width, height);
    return elc_findings_list(f, ELC_FACT_CORNERS_MAP, numbers, 8,
                             "CORNER_*_PROJECTION_*_PRODUCT", err);
}

/* Zones are always those of the north: in the south northings are negative. */
static elc_status find_crs(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *name = elc_record_at(record, "MAP_PROJECTION", 0);
    const char *datum = elc_record_get(record, "DATUM");
    double zone;
    if (name == NULL || datum == NULL || strcasecmp(datum, "WGS84") != 0)
        return ELC_OK;
    if (strcasecmp(name->text, "PS") == 0)
        return elc_findings_text(f, ELC_FACT_CRS, "EPSG:3031", name->path, err);
    if (strcasecmp(name->text, "UTM") != 0 ||
        !elc_record_real(record, "UTM_ZONE", &zone))
        return ELC_OK;
    return elc_findings_utm(f, zone, true, name->path, err);
}

static elc_status find_time(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *date = elc_record_at(record, "DATE_ACQUIRED", 0);
    const char *time = elc_record_get(record, "SCENE_CENTER_TIME");
    char text[80];
    if (date == NULL)
        return ELC_OK;
    snprintf(text, sizeof text, "%.12s%s%.30s", date->text, time != NULL ? "T" : "",
             time != NULL ? time : "");
    return elc_findings_time(f, ELC_FACT_ACQUIRED, text, date->path, err);
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    const char *kind = kind_of(f->image);
    double width, height, gsd;
    ELC_TRY(find_number(record, "", kind, "_SAMPLES", ELC_FACT_WIDTH, &width, f, err));
    ELC_TRY(find_number(record, "", kind, "_LINES", ELC_FACT_HEIGHT, &height, f, err));
    ELC_TRY(
        find_number(record, "GRID_CELL_SIZE_", kind, "", ELC_FACT_GSD, &gsd, f, err));
    ELC_TRY(find_corners(record, width, height, f, err));
    ELC_TRY(find_crs(record, f, err));
    return find_time(record, f, err);
}

const elc_format elc_format_landsat = {"Landsat", ELC_WITNESS_VENDOR, roots, rules,
                                       more};
