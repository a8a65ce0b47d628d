/* flip.h - chips mirrored for the network, and its boxes mirrored back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_FLIP_H
#define ELC_MODEL_FLIP_H

#include <elcano/model.h>

typedef struct elc_flip {
    bool x, y; /* left becomes right; top becomes bottom */
} elc_flip;

/* "none" (or NULL), "horizontal", "vertical", "both"; `*name` is one of them. */
elc_status elc_flip_parse(const char *text, elc_flip *out, const char **name,
                          elc_error *err);
/* `out` is another place of the same size: height x width pixels of n bytes. */
void elc_flip_pixels(elc_flip flip, const uint8_t *pixels, int64_t width,
                     int64_t height, size_t n, uint8_t *out);
/* With what is turned and with masks. */
void elc_flip_boxes(elc_flip flip, int64_t width, int64_t height, elc_box *boxes,
                    size_t count);

#endif
