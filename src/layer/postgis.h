/* postgis.h - rows to a PostGIS database; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_POSTGIS_H
#define ELC_LAYER_POSTGIS_H

#include "sink.h"

/* Connects and checks what can be checked. */
elc_status elc_postgis_open(elc_sink *sink, const char *reference, elc_error *err);

#endif
