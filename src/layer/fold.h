/* fold.h - shapes in longitude and latitude, cut at the antimeridian; inside layer
   only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_FOLD_H
#define ELC_LAYER_FOLD_H

#include <elcano/base.h>

#include <ogr_api.h>

/* Puts what of a shape lies beyond [-180, 180] where it is within: points and parts
   that lie in one turn are moved, others cut (RFC 7946 3.1.9). All else stays as it is,
   and what has no finite place, too. False, and no change, where GEOS cannot cut it, as
   one that is not valid, or it spans more than four turns. */
bool elc_fold(OGRGeometryH *shape);

#endif
