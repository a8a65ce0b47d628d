/* mixed.h - columns of a CSV that are not what OGR takes them for: yes and no, dates,
   numbers; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_MIXED_H
#define ELC_LAYER_MIXED_H

#include "ogr.h"

/* GDAL's option that keeps each value's own words in a field behind its own. */
#define ELC_MIXED_OPTION "KEEP_SOURCE_COLUMNS=YES"

/* Whether a layer has a field of yes and no; or, where there are `odd` values, of
   dates, 64 bits or real numbers. */
bool elc_mixed_may_be(OGRLayerH layer, bool odd);
/* Where field i + 1 keeps the words of field i. */
bool elc_mixed_keeps(OGRFeatureDefnH defn, int i);
/* Reads the layer through: (*out)[i] says that field i has no value where there are
   words, a date that does not exist, or a number that its type cannot hold. Freed by
   the caller. */
elc_status elc_mixed_find(OGRLayerH layer, const elc_context *context, bool **out,
                          elc_error *err);

#endif
