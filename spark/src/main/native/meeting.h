/* meeting.h - how rows of two tables meet: what a call of join or nearest asks. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SPARK_MEETING_H
#define ELCANO_SPARK_MEETING_H

#include "shim.h"

#include "operators/join/shape.h"
#include "operators/nearest/shape.h"

/* Of one of the two operators; the other's shape is NULL. */
typedef struct meeting {
    elc_options *options;
    join_shape *join;
    part_frame frame;
    nearest_shape *nearest;
} meeting;

/* `op` is join or nearest, `options` its own as JSON. A side's CRS is any text that
   PROJ knows, "" where none is stated, and NULL where the side has numbers instead of
   geometries: lon and lat, or those that the options x and y name. */
elc_status elc_meeting_create(const char *op, const char *options,
                              const char *const crs[PART_SIDES], meeting **out,
                              elc_error *err);
void elc_meeting_free(meeting *m);

/* What brings a side's places to where they are compared: borrowed for the right ones
   of join, *own otherwise. NULL: they are there. */
elc_status elc_meeting_way(const meeting *m, int side, elc_transform **way,
                           elc_transform **own, elc_error *err);

#endif
