/* behead.h - GeoJSON with a long head, as OGR can stream it; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_BEHEAD_H
#define ELC_LAYER_BEHEAD_H

#include <elcano/base.h>

/* OGR streams a FeatureCollection whose "features" begin within the first 6,000 bytes,
   and keeps all others in memory, some forty times their size. Of such a file this
   makes one in the folder `memory` (of /vsimem) that is the same but for a member
   before all others which OGR finds there; *out is its name. Of any other, *out stays
   NULL. */
elc_status elc_behead(const char *path, const char *memory, char **out, elc_error *err);

#endif
