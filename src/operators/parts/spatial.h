/* spatial.h - where the places of two tables are, and what is asked of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_SPATIAL_H
#define ELC_OPERATORS_PARTS_SPATIAL_H

#include "keys.h"

#include <elcano/geometry.h>
#include <elcano/run.h>

/* A side's places: a column of geometries, or two of numbers. */
typedef struct part_side {
    bool numbers;
    size_t column, y; /* of the geometry, or of x; of y */
    bool lonlat;      /* x and y are degrees on WGS 84 */
    const char *text; /* the one of them that is text, which has no values; borrowed
                         from the options */
} part_side;

typedef struct part_spatial {
    bool asked;   /* else rows meet by their keys */
    bool implied; /* for nothing says how they meet */
    elc_question question;
    part_side place[PART_SIDES];
} part_spatial;

/* What the options ask for; refuses those that do not go together. */
elc_status elc_part_spatial_read(const elc_options *options, part_spatial *out,
                                 elc_error *err);
/* Finds the places' columns. What was implied is refused where a table has none. */
elc_status elc_part_spatial_find(const elc_options *options,
                                 const struct ArrowSchema schemas[PART_SIDES],
                                 part_spatial *spatial, elc_error *err);

/* Warns of columns of longitude and latitude by their names, which --x and --y say to
   be in a CRS of the other table that is of no degrees. */
void elc_part_side_warn(const part_side *place, const struct ArrowSchema *schema,
                        const elc_crs *other, const elc_context *context);

/* Transforms between the CRSs of two tables. A CRS is NULL where none is stated;
   `moves` is what brings right places to where they are compared, NULL when they are
   there. */
typedef struct part_frame {
    elc_crs *left;
    elc_transform *moves;
    bool globe;      /* they are compared in degrees of longitude and latitude */
    bool moves_left; /* left places too are brought to longitude and latitude */
} part_frame;

elc_status elc_part_frame_create(const part_spatial *spatial,
                                 const struct ArrowSchema schemas[PART_SIDES],
                                 const elc_context *context, part_frame *out,
                                 elc_error *err);
void elc_part_frame_free(part_frame *frame);

#endif
