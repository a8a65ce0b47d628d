/* rows.h - the rows of the catalogue: its columns, and how an image fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CATALOG_ROWS_H
#define ELCANO_SRC_OPERATORS_CATALOG_ROWS_H

#include <elcano/image.h>
#include <elcano/table.h>

/* Columns of the table by index; those of key=value folders follow. */
enum {
    COL_ID,
    COL_IMAGE,
    COL_GEOMETRY,
    COL_PATH,
    COL_DRIVER,
    COL_BYTES,
    COL_MODIFIED,
    COL_WIDTH,
    COL_HEIGHT,
    COL_BANDS,
    COL_DATA_TYPE,
    COL_NODATA,
    COL_BLOCK_WIDTH,
    COL_BLOCK_HEIGHT,
    COL_COMPRESSION,
    COL_OVERVIEWS,
    COL_CRS,
    COL_GSD,
    COL_PLACE,
    COL_POSITION_ERROR,
    COL_UL_LON,
    COL_LL_LAT = COL_UL_LON + 7, /* UL, UR, LR, LL; each lon, lat */
    COL_PRODUCT_ID,
    COL_CATALOG_ID,
    COL_PLATFORM,
    COL_SENSOR,
    COL_ACQUIRED,
    COL_SUN_AZIMUTH,
    COL_SUN_ELEVATION,
    COL_OFF_NADIR,
    COL_VIEW_AZIMUTH,
    COL_VIEW_ELEVATION,
    COL_CLOUD,
    COL_BAND_NAMES,
    COL_BIT_DEPTH,
    COL_POSITION,
    COL_ALTITUDE,
    COL_AFFINE,
    COL_CORNERS_MAP,
    COL_RPC,
    COL_SOURCES,
    COL_CONFLICTS,
    COL_RAW,
    COL_ERROR,
    ELC_CATALOG_COLUMNS
};

extern const elc_column elc_catalog_columns[ELC_CATALOG_COLUMNS];

/* The column that has a fact, or -1: corners in lon/lat have eight. */
extern const int elc_catalog_fact_columns[ELC_N_FACTS];

/* A column of that name whatever its case, or -1. */
int elc_catalog_column_find(const char *name);

/* What is known of one image. */
typedef struct catalog_image {
    const char *name, *path; /* its row's; `path` opens it */
    const char *file;        /* that it is in */
    elc_image *image;        /* NULL when it cannot be read */
    const elc_facts *facts;
    const char *error; /* why it cannot be read; NULL */
} catalog_image;

typedef struct catalog_rows catalog_rows;

/* `keys` is borrowed. */
elc_status elc_catalog_rows_create(const elc_names *keys, catalog_rows **out,
                                   elc_error *err);
elc_status elc_catalog_rows_schema(const catalog_rows *rows, struct ArrowSchema *out,
                                   elc_error *err);
elc_status elc_catalog_rows_add(catalog_rows *rows, const catalog_image *image,
                                elc_error *err);
elc_batch *elc_catalog_rows_batch(catalog_rows *rows);
void elc_catalog_rows_free(catalog_rows *rows);

#endif
