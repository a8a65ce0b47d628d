/* outside.h - which chips lie outside of an area of interest. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_OUTSIDE_H
#define ELCANO_SRC_OPERATORS_CHIPS_OUTSIDE_H

#include <elcano/detect.h>
#include <elcano/geometry.h>
#include <elcano/image.h>

/* An area and the way to it from longitude and latitude; borrowed. */
typedef struct chips_area {
    elc_area *area;     /* NULL: everywhere is inside */
    const elc_crs *crs; /* of the area; NULL: OGC:CRS84 */
    elc_transform *to_area;
} chips_area;

/* True when a box in the image's pixels shares no point with the area. One whose place
   is not known, or that crosses the antimeridian, is not outside. */
elc_status elc_chips_outside(const chips_area *area, elc_locator *locator,
                             const elc_box *box, bool *out, elc_error *err);

#endif
