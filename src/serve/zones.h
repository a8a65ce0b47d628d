/* zones.h - layers that are drawn beneath. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_ZONES_H
#define ELCANO_SRC_SERVE_ZONES_H

#include "serve/serve.h"

/* `out` starts with {0}, and is to be freed whatever comes. ELC_E_UNSUPPORTED for more
   than a browser draws. */
elc_status elc_serve_zones_make(const serve_layer *layer, const elc_context *context,
                                serve_zones *out, elc_error *err);

#endif
