/* bands.h - a raster's rows in bands, given to threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_BANDS_H
#define ELCANO_SRC_MAP_BANDS_H

#include <elcano/base.h>

/* Works on rows `first` up to `end`, which no other call has. `room` is the thread's
   own: so many doubles as were asked for, with any values. */
typedef elc_status (*elc_band_body)(void *arg, int32_t first, int32_t end, double *room,
                                    elc_error *err);

/* Cuts `rows` into bands of `band` rows, and gives them to the context's threads. */
elc_status elc_bands_run(int32_t rows, int32_t band, size_t room,
                         const elc_context *context, elc_band_body body, void *arg,
                         elc_error *err);

#endif
