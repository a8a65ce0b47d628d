/* spatial.h - where the places of two tables are, and what is asked of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_SPATIAL_H
#define ELC_OPERATORS_JOIN_SPATIAL_H

#include "keys.h"

#include <elcano/geometry.h>
#include <elcano/run.h>

/* A side's places: a column of geometries, or two of numbers. */
typedef struct join_place {
    bool numbers;
    size_t column, y; /* of the geometry, or of x; of y */
    bool lonlat;      /* x and y are degrees on WGS 84 */
    const char *text; /* the one of them that is text, which has no values; borrowed
                         from the options */
} join_place;

typedef struct join_spatial {
    bool asked;   /* else rows meet by their keys */
    bool implied; /* for nothing says how they meet */
    elc_question question;
    join_place place[JOIN_SIDES];
} join_spatial;

/* What the options ask for; refuses those that do not go together. */
elc_status elc_join_spatial_read(const elc_options *options, join_spatial *out,
                                 elc_error *err);
/* Finds the places' columns. What was implied is refused where a table has none. */
elc_status elc_join_spatial_find(const elc_options *options,
                                 const struct ArrowSchema schemas[JOIN_SIDES],
                                 join_spatial *spatial, elc_error *err);

/* Transforms between the CRSs of two tables. A CRS is NULL where none is stated;
   `moves` is what brings right places to where they are compared, NULL when they are
   there. */
typedef struct join_frame {
    elc_crs *left;
    elc_transform *moves;
    bool globe;      /* they are compared in degrees of longitude and latitude */
    bool moves_left; /* left places too are brought to longitude and latitude */
} join_frame;

elc_status elc_join_frame_create(const join_spatial *spatial,
                                 const struct ArrowSchema schemas[JOIN_SIDES],
                                 const elc_context *context, join_frame *out,
                                 elc_error *err);
void elc_join_frame_free(join_frame *frame);

#endif
