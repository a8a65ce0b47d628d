/* fgdc.c - FGDC's content standard, as NAIP and USGS deliver it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const roots[] = {"metadata", NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "idinfo/citation/citeinfo/title"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "timeperd/timeinfo/sngdate/caldate"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "timeperd/timeinfo/rngdates/begdate"},
    {ELC_FACT_WIDTH, ELC_RULE_REAL, "spdoinfo/rastinfo/colcount"},
    {ELC_FACT_HEIGHT, ELC_RULE_REAL, "spdoinfo/rastinfo/rowcount"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "dataqual/cloud"},
    {0}};

/* UTM on NAD 83 or WGS 84. */
static elc_status find_crs(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *leaf = elc_record_at(record, "gridsys/utm/utmzone", 0);
    const char *datum = elc_record_get(record, "geodetic/horizdn");
    double zone;
    char text[24];
    if (leaf == NULL || datum == NULL || !elc_text_real(leaf->text, &zone))
        return ELC_OK;
    if (strcasestr(datum, "WGS") != NULL || strcasestr(datum, "World Geodetic") != NULL)
        return elc_findings_utm(f, zone, true, leaf->path, err);
    if (!(zone >= 1 && zone <= 23) || strstr(datum, "83") == NULL)
        return ELC_OK;
    snprintf(text, sizeof text, "EPSG:%d", 26900 + (int)zone);
    return elc_findings_text(f, ELC_FACT_CRS, text, leaf->path, err);
}

/* The resolution is in the units of the plane, and those are metres or not used. */
static elc_status find_gsd(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *leaf = elc_record_at(record, "planci/coordrep/absres", 0);
    const char *unit = elc_record_get(record, "planci/plandu");
    double value;
    if (leaf == NULL || unit == NULL || strncasecmp(unit, "met", 3) != 0 ||
        !elc_text_real(leaf->text, &value) || !(value > 0))
        return ELC_OK;
    return elc_findings_real(f, ELC_FACT_GSD, value, leaf->path, err);
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    ELC_TRY(find_crs(record, f, err));
    return find_gsd(record, f, err);
}

const elc_format elc_format_fgdc = {"FGDC", ELC_WITNESS_OTHER, roots, rules, more};
