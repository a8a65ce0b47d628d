/* stretches.h - stretches that an earlier run recorded, to be used again. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PIXELS_STRETCHES_H
#define ELCANO_SRC_OPERATORS_PIXELS_STRETCHES_H

#include <elcano/image.h>

typedef struct elc_stretches {
    elc_recorded_stretch *items;
    size_t count, capacity;
} elc_stretches;

/* From a text file that holds one recorded stretch, for all images; or from the column
   `stretch`, beside `image`, of any layer that can be read, where NULL means none. */
elc_status elc_stretches_load(const char *path, elc_stretches *out, elc_error *err);
void elc_stretches_free(elc_stretches *stretches);

#endif
