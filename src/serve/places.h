/* places.h - the rows of a layer put in the order of their places. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_PLACES_H
#define ELCANO_SRC_SERVE_PLACES_H

#include "serve/layer.h"

/* Fills what a layer knows by place, and of all rows, from its batches. */
elc_status elc_serve_places_make(serve_layer *layer, const elc_context *context,
                                 elc_error *err);

/* Sets the layer's `placed`, `codes` and `rows`: the rows whose code is not below 0, by
   code, and by row where it is the same; then the others by row. `codes` has one for
   each of the layer's n_rows. */
elc_status elc_serve_places_order(serve_layer *layer, const int64_t *codes,
                                  elc_error *err);

#endif
