/* digitalglobe.c - DigitalGlobe's and Maxar's ISD XML, and its twins IMD, RPB and TIL.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <string.h>
#include <strings.h>

static const char *const roots[] = {
    "isd",   "IMD",   "RPB",  "TIL",    "version", "generationTime",
    "satId", "IMAGE", "TILE", "SpecId", "bandId",  "numTiles",
    NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "PRODUCTORDERID"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "IMAGE/CATID"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "PRODUCTCATALOGID"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "IMAGE/SATID"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "SATID"},
    {ELC_FACT_SENSOR, ELC_RULE_TEXT, "BANDID"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "IMAGE/FIRSTLINETIME"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "IMAGE/TLCTIME"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "MAP_PROJECTED_PRODUCT/EARLIESTACQTIME"},
    {ELC_FACT_WIDTH, ELC_RULE_REAL, "NUMCOLUMNS"},
    {ELC_FACT_HEIGHT, ELC_RULE_REAL, "NUMROWS"},
    {ELC_FACT_GSD, ELC_RULE_REAL, "MAP_PROJECTED_PRODUCT/PRODUCTGSD"},
    {ELC_FACT_GSD, ELC_RULE_REAL, "IMAGE/MEANPRODUCTGSD"},
    {ELC_FACT_GSD, ELC_RULE_REAL, "IMAGE/MEANCOLLECTEDGSD"},
    {ELC_FACT_GSD, ELC_RULE_REAL, "IMAGE/COLLECTEDGSD"},
    {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "IMAGE/MEANSUNAZ"},
    {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "IMAGE/SUNAZ"},
    {ELC_FACT_SUN_ELEVATION, ELC_RULE_REAL, "IMAGE/MEANSUNEL"},
    {ELC_FACT_SUN_ELEVATION, ELC_RULE_REAL, "IMAGE/SUNEL"},
    {ELC_FACT_OFF_NADIR, ELC_RULE_REAL, "IMAGE/MEANOFFNADIRVIEWANGLE"},
    {ELC_FACT_OFF_NADIR, ELC_RULE_REAL, "IMAGE/OFFNADIRVIEWANGLE"},
    {ELC_FACT_VIEW_AZIMUTH, ELC_RULE_REAL, "IMAGE/MEANSATAZ"},
    {ELC_FACT_VIEW_AZIMUTH, ELC_RULE_REAL, "IMAGE/SATAZ"},
    {ELC_FACT_VIEW_ELEVATION, ELC_RULE_REAL, "IMAGE/MEANSATEL"},
    {ELC_FACT_VIEW_ELEVATION, ELC_RULE_REAL, "IMAGE/SATEL"},
    {ELC_FACT_CLOUD, ELC_RULE_FRACTION, "IMAGE/CLOUDCOVER"},
    {ELC_FACT_BIT_DEPTH, ELC_RULE_REAL, "BITSPERPIXEL"},
    {0}};

/* ---- RPCs ------------------------------------------------------------------------ */

static const char *const scalars[] = {
    "LINEOFFSET", "SAMPOFFSET", "LATOFFSET", "LONGOFFSET", "HEIGHTOFFSET",
    "LINESCALE",  "SAMPSCALE",  "LATSCALE",  "LONGSCALE",  "HEIGHTSCALE"};
static const char *const coefficients[] = {"LINENUMCOEF", "LINEDENCOEF", "SAMPNUMCOEF",
                                           "SAMPDENCOEF"};

/* Of a tile only where the file is the tile's, not the whole image's. */
static bool is_of_the_whole(const elc_findings *f) {
    size_t n = strcspn(f->file, ".");
    return elc_is_later_tile(f->image) && strncasecmp(f->file, f->image, n) == 0 &&
           f->image[n] != '.';
}

static elc_status find_rpc(const elc_record *record, elc_findings *f, elc_error *err) {
    double rpc[92] = {-1, -1};
    if (is_of_the_whole(f))
        return ELC_OK;
    elc_record_real(record, "IMAGE/ERRBIAS", &rpc[0]);
    elc_record_real(record, "IMAGE/ERRRAND", &rpc[1]);
    for (size_t i = 0; i < 10; i++) {
        if (!elc_record_real(record, scalars[i], &rpc[2 + i]))
            return ELC_OK;
    }
    for (size_t i = 0; i < 4; i++) {
        const char *text = elc_record_get(record, coefficients[i]);
        if (text == NULL || elc_text_reals(text, &rpc[12 + 20 * i], 20) != 20)
            return ELC_OK;
    }
    const elc_leaf *first = elc_record_at(record, scalars[0], 0);
    return elc_findings_list(f, ELC_FACT_RPC, rpc, 92, first->path, err);
}

/* ---- corners and CRS ------------------------------------------------------------- */

/* `x` and `y` are endings after "UL", "UR", "LR", "LL". */
static elc_status find_corners(const elc_record *record, elc_fact_id id, const char *x,
                               const char *y, elc_findings *f, elc_error *err) {
    static const char *const corners[] = {"UL", "UR", "LR", "LL"};
    double numbers[8];
    char name[16];
    for (size_t i = 0; i < 8; i++) {
        strcpy(name, corners[i / 2]);
        strcat(name, i % 2 == 0 ? x : y);
        if (!elc_record_real(record, name, &numbers[i]))
            return ELC_OK;
    }
    strcpy(name, "UL");
    const elc_leaf *first = elc_record_at(record, strcat(name, x), 0);
    return elc_findings_list(f, id, numbers, 8, first->path, err);
}

static elc_status find_crs(const elc_record *record, elc_findings *f, elc_error *err) {
    const elc_leaf *name = elc_record_at(record, "MAPPROJNAME", 0);
    const char *datum = elc_record_get(record, "DATUMNAME");
    const char *hemisphere = elc_record_get(record, "MAPHEMI");
    double zone;
    if (name == NULL || datum == NULL || strcasecmp(datum, "WE") != 0)
        return ELC_OK;
    if (strncasecmp(name->text, "Geographic", 10) == 0)
        return elc_findings_text(f, ELC_FACT_CRS, "EPSG:4326", name->path, err);
    if (strcasecmp(name->text, "UTM") != 0 || hemisphere == NULL ||
        !elc_record_real(record, "MAPZONE", &zone))
        return ELC_OK;
    return elc_findings_utm(f, zone, strncasecmp(hemisphere, "N", 1) == 0, name->path,
                            err);
}

/* ---- bands ----------------------------------------------------------------------- */

/* The names of the groups BAND_C, BAND_B, … in their order. */
static elc_status find_bands(const elc_record *record, elc_findings *f,
                             elc_error *err) {
    elc_names names = {0};
    elc_string list = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < record->count && status == ELC_OK; i++) {
        const char *at = strcasestr(record->items[i].path, "BAND_");
        size_t n = at != NULL ? strcspn(at, "/") : 0;
        char name[8];
        if (at == NULL || at[n] != '/' || n - 5 >= sizeof name)
            continue;
        memcpy(name, at + 5, n - 5);
        name[n - 5] = '\0';
        if (elc_names_find(&names, name) != SIZE_MAX)
            continue;
        status = elc_names_add(&names, name, err);
        if (status == ELC_OK)
            status =
                elc_string_printf(&list, err, "%s%s", list.size > 0 ? "," : "", name);
    }
    if (status == ELC_OK && list.size > 0)
        status = elc_findings_text(f, ELC_FACT_BANDS, list.data, "BAND_*", err);
    elc_names_free(&names);
    elc_string_free(&list);
    return status;
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    ELC_TRY(find_rpc(record, f, err));
    ELC_TRY(find_crs(record, f, err));
    ELC_TRY(find_bands(record, f, err));
    return find_corners(record, ELC_FACT_CORNERS_LONLAT, "LON", "LAT", f, err);
}

const elc_format elc_format_digitalglobe = {"DigitalGlobe", ELC_WITNESS_VENDOR, roots,
                                            rules, more};
