/* layout.h - the columns of detections, and those that check adds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_LAYOUT_H
#define ELCANO_SRC_OPERATORS_CHECK_LAYOUT_H

#include <elcano/run.h>

#include "operators/parts/columns.h"
#include "operators/parts/place.h"

/* What is added to a detection. */
enum {
    CHECK_RULE,
    CHECK_THEME,
    CHECK_REASON,
    CHECK_MAP_ID,
    CHECK_MAP_NAME,
    CHECK_DISTANCE,
    CHECK_ADDED
};
extern const elc_column elc_check_added[CHECK_ADDED];

/* The side table land_use. */
enum { CHECK_LAND_CLASS, CHECK_LAND_THEME, CHECK_LAND_COUNT, CHECK_LAND_COLUMNS };
extern const elc_column elc_check_land_columns[CHECK_LAND_COLUMNS];
#define CHECK_LAND_TABLE "land_use"

typedef struct check_layout {
    struct ArrowSchema schema; /* of the detections */
    size_t class_name;
    part_place place; /* in a CRS */
    part_columns columns;
    int64_t *from;             /* of the columns, in the schema */
    size_t added[CHECK_ADDED]; /* columns */
    size_t table, land[CHECK_LAND_COLUMNS];
} check_layout;

/* Refuses tables without a place, or whose columns cannot be meant. On failure `out` is
   the caller's to free, too. */
elc_status elc_check_layout_read(const elc_options *options,
                                 struct ArrowArrayStream *detections, check_layout *out,
                                 elc_error *err);
void elc_check_layout_free(check_layout *layout);

#endif
