/* values.h - tensors of any type as numbers, and maps and texts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_VALUES_H
#define ELC_MODEL_VALUES_H

#include <elcano/model.h>

#include "session.h"

/* Numbers of a type that ONNX Runtime names, n of them: as double, and back. False for
   types that are no numbers of one to eight bytes. */
bool elc_values_to_double(ONNXTensorElementDataType type, const void *data, size_t n,
                          double *out);
bool elc_values_from_double(ONNXTensorElementDataType type, const double *numbers,
                            size_t n, void *out);

/* A tensor of numbers in memory: `out` has name, rank and dims already. */
elc_status elc_values_take(ONNXTensorElementDataType type, const void *data,
                           elc_values *out, elc_error *err);

/* What a run gave: a tensor of numbers or texts, or the first map of a sequence. */
elc_status elc_values_read(const elc_session *session, const char *name,
                           const OrtValue *value, elc_values *out, elc_error *err);

#endif
