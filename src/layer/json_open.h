/* json_open.h - what of a GeoJSON OGR would pass over without a word; inside layer only.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_JSON_OPEN_H
#define ELC_LAYER_JSON_OPEN_H

#include "open.h"

/* Looks through the file `name` (GDAL's name for it) that OGR has opened as GeoJSON. A
   feature that is wrong is ELC_E_FORMAT; OGR has to give as many as there are. A CRS
   that is not known is none, and columns with dates that do not exist become text; these,
   and numbers beyond 64 bits, are told to the context. */
elc_status elc_json_settle(elc_opened *opened, const char *name, elc_error *err);

/* Whether GDAL knows what a collection's member `crs` says. */
bool elc_json_knows_crs(const char *text, size_t size);

#endif
