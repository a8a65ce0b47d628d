/* geokeys.h - the bytes that a GeoTIFF states its CRS in (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_GEOKEYS_H
#define ELCANO_SRC_IMAGE_GEOKEYS_H

#include <elcano/base.h>

/* The GeoKeys of a TIFF's first image, with their doubles and texts, into `out`, which
   is emptied first: files that give the same bytes state the same CRS. Empty for all
   that is no plain GeoTIFF: no file, no keys, a thumbnail first, tags out of order,
   values of another type or over 16 KiB. Fails for want of memory alone. */
elc_status elc_geokeys_read(const char *path, elc_string *out, elc_error *err);

#endif
