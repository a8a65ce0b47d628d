/* prepare.h - bytes of pixels into the values that a network takes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_PREPARE_H
#define ELC_MODEL_PREPARE_H

#include <elcano/model.h>

/* value = (pixel * high + high_offset) + (pixel * low + low_offset), in float. */
typedef struct elc_prepare_sum {
    float high, high_offset, low, low_offset;
} elc_prepare_sum;

/* A byte has 256 values only: each channel has a table of what they become, so that all
   types, scales and means cost one look-up and have no rounding of their own.
   Arithmetic takes its place for three planes of floats, where it was found to give the
   very bits of the table for all 256. */
typedef struct elc_prepare {
    elc_tensor_type type;
    bool channels_last;
    size_t channels;
    size_t *source; /* band of the image that goes into each channel */
    void *table;    /* channels x 256 values of the type */
    bool exact;     /* `sums` give what `table` has, and this processor is fast at it */
    elc_prepare_sum sums[3]; /* of each band of the image */
} elc_prepare;

/* value = (pixel * scale - mean[c]) / std[c], for uint8 rounded and kept in 0..255;
   with a threshold a pixel is 255 from it on, and 0 below. */
typedef struct elc_prepare_wish {
    elc_tensor_type type;
    bool channels_last;
    size_t channels;
    bool bgr;      /* swaps the first and third band */
    int threshold; /* 0: none */
    double scale;
    const double *mean, *std; /* one number a channel */
} elc_prepare_wish;

elc_status elc_prepare_create(const elc_prepare_wish *wish, elc_prepare *out,
                              elc_error *err);
/* `pixels`: n pixels of `channels` bands, interleaved; `out`: n x channels values. */
void elc_prepare_put(const elc_prepare *prepare, const uint8_t *pixels, size_t n,
                     void *out);
void elc_prepare_clear(elc_prepare *prepare);

#endif
