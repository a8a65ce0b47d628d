/* sentinel2.c - Sentinel-2's product (MTD_MSI*.xml) and tile (MTD_TL.xml). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const roots[] = {"Level-1C_User_Product",  "Level-2A_User_Product",
                                    "Level-2Ap_User_Product", "Level-1C_Tile_ID",
                                    "Level-2A_Tile_ID",       NULL};

static const elc_rule rules[] = {
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "Product_Info/PRODUCT_URI"},
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "PRODUCT_URI_2A"},
    {ELC_FACT_PRODUCT_ID, ELC_RULE_TEXT, "PRODUCT_URI_1C"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "General_Info/TILE_ID"},
    {ELC_FACT_CATALOG_ID, ELC_RULE_TEXT, "General_Info/TILE_ID_2A"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "Datatake/SPACECRAFT_NAME"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "General_Info/SENSING_TIME"},
    {ELC_FACT_ACQUIRED, ELC_RULE_ABOUT, "Product_Info/PRODUCT_START_TIME"},
    {ELC_FACT_ACQUIRED, ELC_RULE_ABOUT, "Datatake/DATATAKE_SENSING_START"},
    {ELC_FACT_CRS, ELC_RULE_TEXT, "Tile_Geocoding/HORIZONTAL_CS_CODE"},
    {ELC_FACT_SUN_ELEVATION, ELC_RULE_ZENITH, "Mean_Sun_Angle/ZENITH_ANGLE"},
    {ELC_FACT_SUN_AZIMUTH, ELC_RULE_REAL, "Mean_Sun_Angle/AZIMUTH_ANGLE"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "CLOUDY_PIXEL_PERCENTAGE"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "Cloud_Coverage_Assessment"},
    {0}};

/* The resolution of an image by its name: "…_B02_20m.jp2", "…_B02.jp2"; 0: unknown. */
static int resolution_of(const char *image) {
    static const struct {
        const char *ending;
        int metres;
    } table[] = {{"10m", 10}, {"20m", 20}, {"60m", 60}, {"B02", 10}, {"B03", 10},
                 {"B04", 10}, {"B08", 10}, {"TCI", 10}, {"B05", 20}, {"B06", 20},
                 {"B07", 20}, {"B8A", 20}, {"B11", 20}, {"B12", 20}, {"B01", 60},
                 {"B09", 60}, {"B10", 60}};
    const char *dot = strrchr(image, '.');
    size_t n = dot != NULL ? (size_t)(dot - image) : strlen(image);
    for (size_t i = 0; n >= 3 && i < sizeof table / sizeof *table; i++) {
        if (strncasecmp(image + n - 3, table[i].ending, 3) == 0)
            return table[i].metres;
    }
    return 0;
}

/* The index of "<group>@resolution" of that many metres; what the group holds comes
   just before. SIZE_MAX: there is none. */
static size_t find_group(const elc_record *record, const char *pattern, int metres) {
    for (size_t i = 0; i < record->count; i++) {
        if (elc_path_matches(record->items[i].path, pattern) &&
            atoi(record->items[i].text) == metres)
            return i;
    }
    return SIZE_MAX;
}

/* The number of the last leaf before `at` that matches. */
static bool number_before(const elc_record *record, size_t at, const char *pattern,
                          double *out) {
    while (at-- > 0) {
        if (elc_path_matches(record->items[at].path, pattern))
            return elc_text_real(record->items[at].text, out);
    }
    return false;
}

static elc_status find_grid(const elc_record *record, int metres, elc_findings *f,
                            elc_error *err) {
    size_t size = find_group(record, "Tile_Geocoding/Size@resolution", metres);
    size_t at = find_group(record, "Tile_Geocoding/Geoposition@resolution", metres);
    double cols, rows, x, y, dx, dy;
    if (size == SIZE_MAX || at == SIZE_MAX ||
        !number_before(record, size, "Size/NCOLS", &cols) ||
        !number_before(record, size, "Size/NROWS", &rows) ||
        !number_before(record, at, "Geoposition/ULX", &x) ||
        !number_before(record, at, "Geoposition/ULY", &y) ||
        !number_before(record, at, "Geoposition/XDIM", &dx) ||
        !number_before(record, at, "Geoposition/YDIM", &dy))
        return ELC_OK;
    const char *where = record->items[at].path;
    const double affine[] = {x, dx, 0, y, 0, dy};
    const double corners[] = {
        x, y, x + cols * dx, y, x + cols * dx, y + rows * dy, x, y + rows * dy};
    ELC_TRY(elc_findings_real(f, ELC_FACT_WIDTH, cols, record->items[size].path, err));
    ELC_TRY(elc_findings_real(f, ELC_FACT_HEIGHT, rows, record->items[size].path, err));
    ELC_TRY(elc_findings_real(f, ELC_FACT_GSD, dx, where, err));
    ELC_TRY(elc_findings_list(f, ELC_FACT_AFFINE, affine, 6, where, err));
    return elc_findings_list(f, ELC_FACT_CORNERS_MAP, corners, 8, where, err);
}

/* The mean over the bands: elevations as they are, azimuths as directions. */
static elc_status find_view(const elc_record *record, elc_findings *f, elc_error *err) {
    static const char zenith[] = "Mean_Viewing_Incidence_Angle/ZENITH_ANGLE";
    static const char azimuth[] = "Mean_Viewing_Incidence_Angle/AZIMUTH_ANGLE";
    const double degree = acos(-1) / 180;
    double sum = 0, n = 0, north = 0, east = 0, value;
    for (size_t i = 0; i < record->count; i++) {
        const elc_leaf *leaf = &record->items[i];
        if (elc_path_matches(leaf->path, zenith) && elc_text_real(leaf->text, &value)) {
            sum += value;
            n++;
        }
        if (elc_path_matches(leaf->path, azimuth) &&
            elc_text_real(leaf->text, &value)) {
            north += cos(value * degree);
            east += sin(value * degree);
        }
    }
    if (n == 0)
        return ELC_OK;
    double bearing = atan2(east, north) / degree;
    ELC_TRY(elc_findings_real(f, ELC_FACT_VIEW_ELEVATION, 90 - sum / n, zenith, err));
    return elc_findings_real(f, ELC_FACT_VIEW_AZIMUTH,
                             bearing < 0 ? bearing + 360 : bearing, azimuth, err);
}

static elc_status more(const elc_record *record, elc_findings *f, elc_error *err) {
    int metres = resolution_of(f->image);
    if (metres != 0)
        ELC_TRY(find_grid(record, metres, f, err));
    ELC_TRY(elc_findings_text(f, ELC_FACT_SENSOR, "MSI", "the format", err));
    return find_view(record, f, err);
}

const elc_format elc_format_sentinel2 = {"Sentinel-2", ELC_WITNESS_VENDOR, roots, rules,
                                         more};
