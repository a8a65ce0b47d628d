/* csv_open.h - CSV opened for OGR to read; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_CSV_OPEN_H
#define ELC_LAYER_CSV_OPEN_H

#include "open.h"

/* Looks at all of a file, under its name to GDAL, and opens it. Quotes that are no
   quotes, lines that are too long and NUL bytes are ELC_E_FORMAT; lines that are too
   short are told. No dataset where OGR does not open it. */
elc_status elc_opened_csv(elc_opened *o, const char *name, elc_error *err);

#endif
