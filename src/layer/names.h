/* names.h - the short names and widths of a shapefile's columns; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_NAMES_H
#define ELC_LAYER_NAMES_H

#include <elcano/base.h>

enum { ELC_SHORT_NAME = 10 };

/* The name of `column` in a .dbf, unlike all in `taken`, to which it is added: from the
   table where it is known, else its first ten bytes, with a number where that is taken.
 */
elc_status elc_short_name(const char *column, elc_names *taken, elc_error *err);
/* Bytes that its texts usually need; 0: not known. OGR widens a field that is too
   narrow, up to 254, by writing all rows anew. */
int elc_short_width(const char *column);

#endif
