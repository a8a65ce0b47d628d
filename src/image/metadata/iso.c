/* iso.c - ISO 19115 in the XML of ISO 19139. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const roots[] = {"MD_Metadata", "MI_Metadata", NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "fileIdentifier/CharacterString"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT,
     "MI_Platform/identifier/MD_Identifier/code/CharacterString"},
    {ELC_FACT_SENSOR, ELC_RULE_TEXT,
     "MI_Instrument/identifier/MD_Identifier/code/CharacterString"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME,
     "EX_TemporalExtent/extent/TimePeriod/beginPosition"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME,
     "EX_TemporalExtent/extent/TimeInstant/timePosition"},
    {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "illuminationAzimuthAngle/Real"},
    {ELC_FACT_SUN_ELEVATION, ELC_RULE_REAL, "illuminationElevationAngle/Real"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "cloudCoverPercentage/Real"},
    {0}};

/* "EPSG:32633", "urn:ogc:def:crs:EPSG::32633", or "32633" in the code space EPSG. */
static elc_status find_crs(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *leaf =
        elc_record_at(record, "RS_Identifier/code/CharacterString", 0);
    const char *space =
        elc_record_get(record, "RS_Identifier/codeSpace/CharacterString");
    char text[24];
    if (leaf == NULL)
        return ELC_OK;
    const char *colon = strrchr(leaf->text, ':');
    const char *number = colon != NULL ? colon + 1 : leaf->text;
    bool epsg = strcasestr(leaf->text, "EPSG") != NULL ||
                (space != NULL && strcasestr(space, "EPSG") != NULL);
    if (!epsg || strlen(number) < 4 || strlen(number) > 8 ||
        number[strspn(number, "0123456789")] != '\0')
        return ELC_OK;
    snprintf(text, sizeof text, "EPSG:%s", number);
    return elc_findings_text(f, ELC_FACT_CRS, text, leaf->path, err);
}

static elc_status find_gsd(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *leaf = elc_record_at(record, "MD_Resolution/distance/Distance", 0);
    const char *unit = elc_record_get(record, "MD_Resolution/distance/Distance@uom");
    double value;
    bool metres = unit != NULL &&
                  (strcasecmp(unit, "m") == 0 || strncasecmp(unit, "met", 3) == 0);
    if (leaf == NULL || !metres || !elc_text_real(leaf->text, &value) || !(value > 0))
        return ELC_OK;
    return elc_findings_real(f, ELC_FACT_GSD, value, leaf->path, err);
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    ELC_TRY(find_crs(record, f, err));
    return find_gsd(record, f, err);
}

const elc_format elc_format_iso = {"ISO 19139", ELC_WITNESS_OTHER, roots, rules, more};
