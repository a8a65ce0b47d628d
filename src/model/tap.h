/* tap.h - a value inside of a network, made its only output. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_TAP_H
#define ELC_MODEL_TAP_H

#include "onnx.h"

/* Where a tap was found. */
typedef enum elc_tap_place {
    ELC_TAP_BEFORE_HEAD, /* the last value that all heads are made from */
    ELC_TAP_OUTPUT       /* the network has no head: it ends with what it sees */
} elc_tap_place;

/* The last value before the head: of those that all last learnt layers (convolutions and
   products with weights that only arithmetic separates from the outputs) are made from,
   the one that the file has last. A network whose first output is pooled or normalised,
   and then only moved about, has no head: it is the output. ELC_E_MODEL where there is
   none, as in networks that are no more than a head. `*value` is an id. */
elc_status elc_tap_find(const elc_onnx *onnx, size_t *value, elc_tap_place *place,
                        elc_error *err);

/* The value of that name. One that is not there, that goes in, or that is a weight is
   ELC_E_ARGUMENT, with the nearest one. */
elc_status elc_tap_named(const elc_onnx *onnx, const char *name, size_t *value,
                         elc_error *err);

/* Appends the model with that value as its only output, and without the nodes and weights
   that it does not need. Nothing else changes. */
elc_status elc_tap_cut(const elc_onnx *onnx, size_t value, elc_string *out,
                       elc_error *err);

#endif
