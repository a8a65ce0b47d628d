/* postgis_read.h - what OGR does not see of a table of PostGIS; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_POSTGIS_READ_H
#define ELC_LAYER_POSTGIS_READ_H

#include "open.h"

/* Looks at the layer's geometry column. Where it states no SRID, rows of more than one
   are ELC_E_FORMAT; a geography that states none is in longitude and latitude. */
elc_status elc_pg_settle(elc_opened *opened, elc_error *err);

#endif
