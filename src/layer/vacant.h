/* vacant.h - MultiPoints with points of no coordinates, which GeoJSON has not; inside
   layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_VACANT_H
#define ELC_LAYER_VACANT_H

#include "ogr.h"

/* Whether a MultiPoint, the shape or one in it, has a point that is EMPTY. */
bool elc_vacant_is(OGRGeometryH shape);
/* The shape without those points, which the caller destroys. */
OGRGeometryH elc_vacant_drop(OGRGeometryH shape);

#endif
