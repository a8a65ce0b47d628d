/* where.h - where a GeoJSON that OGR refuses is wrong; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_WHERE_H
#define ELC_LAYER_WHERE_H

#include <elcano/base.h>

/* Appends " (feature 2, byte 110)" of the first feature of a collection, or of a
   sequence of features, that is no JSON, is cut short, or whose geometry is none;
   counted from 1, bytes from 0. Appends nothing where there is none, or the file is
   packed or larger than 256 MB. */
elc_status elc_where_wrong(const char *path, elc_string *out, elc_error *err);

/* The same of bytes: false where no feature is wrong. */
bool elc_where_in(const char *text, size_t size, uint64_t *feature, size_t *byte);

#endif
