/* columns.c - the columns of the catalogue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <strings.h>

#define DEGREES "degrees"

const elc_column elc_catalog_columns[ELC_CATALOG_COLUMNS] = {
    [COL_ID] = {"id", ELC_UTF8, NULL, "16 hex digits from the image's name and size"},
    [COL_IMAGE] = {"image", ELC_UTF8, NULL,
                   "the image's path below what was asked for"},
    [COL_GEOMETRY] = {"geometry", ELC_GEOMETRY, NULL,
                      "its outline on the ground, eight points a side"},
    [COL_PATH] = {"path", ELC_UTF8, NULL, "what opens it, here and in GDAL"},
    [COL_DRIVER] = {"driver", ELC_UTF8, NULL, "GDAL's name of its format"},
    [COL_BYTES] = {"size_bytes", ELC_INT64, "bytes", "size of its file"},
    [COL_MODIFIED] = {"modified", ELC_TIMESTAMP, NULL, "last change of its file, UTC"},
    [COL_WIDTH] = {"width_px", ELC_INT64, "px", "columns"},
    [COL_HEIGHT] = {"height_px", ELC_INT64, "px", "rows"},
    [COL_BANDS] = {"bands", ELC_INT32, NULL, "number of bands, alpha among them"},
    [COL_DATA_TYPE] = {"data_type", ELC_UTF8, NULL,
                       "GDAL's type of a pixel: Byte, UInt16"},
    [COL_NODATA] = {"nodata", ELC_FLOAT64, NULL,
                    "value of the first band that stands for nothing"},
    [COL_BLOCK_WIDTH] = {"block_width_px", ELC_INT32, "px", "what is read at once"},
    [COL_BLOCK_HEIGHT] = {"block_height_px", ELC_INT32, "px", "what is read at once"},
    [COL_COMPRESSION] = {"compression", ELC_UTF8, NULL, "as GDAL names it"},
    [COL_OVERVIEWS] = {"overviews", ELC_INT32, NULL,
                       "reduced copies, in the file or beside it"},
    [COL_CRS] = {"crs", ELC_UTF8, NULL, "EPSG:32633, or the CRS's name"},
    [COL_GSD] = {"gsd_m", ELC_FLOAT64, "m",
                 "ground size of a pixel at the centre; as stated where that is not "
                 "known"},
    [COL_PLACE] = {"place", ELC_UTF8, NULL,
                   "what says where it lies: affine, gcps, rpc or corners"},
    [COL_POSITION_ERROR] = {"position_error_m", ELC_FLOAT64, "m",
                            "how uncertain that is, one sigma, where it is stated"},
    [COL_UL_LON] = {"ul_lon", ELC_FLOAT64, DEGREES, "outer corner of the first pixel"},
    [COL_UL_LON + 1] = {"ul_lat", ELC_FLOAT64, DEGREES, "and its latitude, WGS 84"},
    [COL_UL_LON + 2] = {"ur_lon", ELC_FLOAT64, DEGREES, "end of the first row"},
    [COL_UL_LON + 3] = {"ur_lat", ELC_FLOAT64, DEGREES, "and its latitude"},
    [COL_UL_LON + 4] = {"lr_lon", ELC_FLOAT64, DEGREES, "end of the last row"},
    [COL_UL_LON + 5] = {"lr_lat", ELC_FLOAT64, DEGREES, "and its latitude"},
    [COL_UL_LON + 6] = {"ll_lon", ELC_FLOAT64, DEGREES, "start of the last row"},
    [COL_LL_LAT] = {"ll_lat", ELC_FLOAT64, DEGREES, "and its latitude"},
    [COL_PRODUCT_ID] = {"product_id", ELC_UTF8, NULL,
                        "the product that it is a part of"},
    [COL_CATALOG_ID] = {"catalog_id", ELC_UTF8, NULL, "the vendor's number of it"},
    [COL_PLATFORM] = {"platform", ELC_UTF8, NULL, "satellite, aircraft or drone"},
    [COL_SENSOR] = {"sensor", ELC_UTF8, NULL, "instrument or camera"},
    [COL_ACQUIRED] = {"acquired", ELC_TIMESTAMP, NULL, "when it was taken, UTC"},
    [COL_SUN_AZIMUTH] = {"sun_azimuth_deg", ELC_FLOAT64, DEGREES,
                         "of the sun, clockwise from north"},
    [COL_SUN_ELEVATION] = {"sun_elevation_deg", ELC_FLOAT64, DEGREES,
                           "of the sun above the horizon"},
    [COL_OFF_NADIR] = {"off_nadir_deg", ELC_FLOAT64, DEGREES,
                       "of the view, from straight down"},
    [COL_VIEW_AZIMUTH] = {"view_azimuth_deg", ELC_FLOAT64, DEGREES,
                          "from the ground to the sensor, clockwise from north"},
    [COL_VIEW_ELEVATION] = {"view_elevation_deg", ELC_FLOAT64, DEGREES,
                            "of the sensor above the horizon"},
    [COL_CLOUD] = {"cloud", ELC_FLOAT64, NULL, "share of it under clouds, 0 to 1"},
    [COL_BAND_NAMES] = {"band_names", ELC_UTF8, NULL, "with commas between"},
    [COL_BIT_DEPTH] = {"bit_depth", ELC_FLOAT64, "bits",
                       "that a pixel of a band makes use of"},
    [COL_POSITION] = {"position", ELC_UTF8, NULL,
                      "of the camera as JSON: lon, lat and, where known, metres above "
                      "the sea"},
    [COL_ALTITUDE] = {"altitude_m", ELC_FLOAT64, "m",
                      "of the camera above where it took off"},
    [COL_AFFINE] = {"affine", ELC_UTF8, NULL,
                    "pixels to CRS as JSON: six numbers in GDAL's order"},
    [COL_CORNERS_MAP] =
        {"corners_map", ELC_UTF8, NULL,
         "its outer corners in its CRS as JSON: UL, UR, LR, LL as x, y"},
    [COL_RPC] = {"rpc", ELC_UTF8, NULL,
                 "rational polynomials as JSON: 92 numbers in the order of RPC00B"},
    [COL_SOURCES] = {"sources", ELC_UTF8, NULL,
                     "where each value of the metadata is from, as JSON"},
    [COL_CONFLICTS] = {"conflicts", ELC_UTF8, NULL,
                       "where sources disagree, with all values, as JSON"},
    [COL_RAW] = {"raw", ELC_UTF8, NULL, "the metadata as found, as JSON"},
    [COL_ERROR] = {"error", ELC_UTF8, NULL, "why it cannot be read; NULL when well"},
};

const int elc_catalog_fact_columns[ELC_N_FACTS] = {
    [ELC_FACT_PRODUCT_ID] = COL_PRODUCT_ID,
    [ELC_FACT_CATALOG_ID] = COL_CATALOG_ID,
    [ELC_FACT_PLATFORM] = COL_PLATFORM,
    [ELC_FACT_SENSOR] = COL_SENSOR,
    [ELC_FACT_ACQUIRED] = COL_ACQUIRED,
    [ELC_FACT_CRS] = COL_CRS,
    [ELC_FACT_AFFINE] = COL_AFFINE,
    [ELC_FACT_CORNERS_MAP] = COL_CORNERS_MAP,
    [ELC_FACT_CORNERS_LONLAT] = -1,
    [ELC_FACT_WIDTH] = COL_WIDTH,
    [ELC_FACT_HEIGHT] = COL_HEIGHT,
    [ELC_FACT_GSD] = COL_GSD,
    [ELC_FACT_SUN_AZIMUTH] = COL_SUN_AZIMUTH,
    [ELC_FACT_SUN_ELEVATION] = COL_SUN_ELEVATION,
    [ELC_FACT_OFF_NADIR] = COL_OFF_NADIR,
    [ELC_FACT_VIEW_AZIMUTH] = COL_VIEW_AZIMUTH,
    [ELC_FACT_VIEW_ELEVATION] = COL_VIEW_ELEVATION,
    [ELC_FACT_CLOUD] = COL_CLOUD,
    [ELC_FACT_RPC] = COL_RPC,
    [ELC_FACT_BANDS] = COL_BAND_NAMES,
    [ELC_FACT_BIT_DEPTH] = COL_BIT_DEPTH,
    [ELC_FACT_POSITION] = COL_POSITION,
    [ELC_FACT_ALTITUDE] = COL_ALTITUDE,
};

int elc_catalog_column_find(const char *name) {
    for (int i = 0; i < ELC_CATALOG_COLUMNS; i++)
        if (!strcasecmp(elc_catalog_columns[i].name, name))
            return i;
    return -1;
}
