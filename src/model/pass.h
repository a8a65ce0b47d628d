/* pass.h - one place to run a session: its input tensor and the outputs of a run. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_PASS_H
#define ELC_MODEL_PASS_H

#include <elcano/base.h>

#include "session.h"

/* An output as float32, row by row; borrowed until the next run. */
typedef struct elc_tensor {
    const float *data;
    size_t rank;
    int64_t dims[ELC_RANK_MAX];
} elc_tensor;

typedef struct elc_pass elc_pass;

/* `dims` are of the input, all known, as many as its rank. */
elc_status elc_pass_create(elc_session *session, const int64_t *dims, elc_pass **out,
                           elc_error *err);
/* The input, zeroed, in the type that the network declares. */
void *elc_pass_input(elc_pass *pass);
elc_status elc_pass_run(elc_pass *pass, elc_error *err);
/* Gives memory that this pass made the session take back after each run: for one that
   is run once. */
elc_status elc_pass_shrink(elc_pass *pass, elc_error *err);
/* Rank and dims of output i of the last run, of any type; `data` is NULL. */
elc_status elc_pass_shape(elc_pass *pass, size_t i, elc_tensor *out, elc_error *err);
/* Output i of the last run; ELC_E_MODEL for types other than float32, float16, int64
   and int32. */
elc_status elc_pass_output(elc_pass *pass, size_t i, elc_tensor *out, elc_error *err);
/* Output i of the last run as ONNX Runtime has it; NULL before one. */
const OrtValue *elc_pass_value(const elc_pass *pass, size_t i);
/* Any thread: a run under way fails soon with ELC_E_CANCELLED, and so do later ones. */
void elc_pass_stop(elc_pass *pass);
void elc_pass_free(elc_pass *pass);

/* Whether elc_pass_output reads a type, and whether that has whole numbers only. */
bool elc_output_is_read(ONNXTensorElementDataType type);
bool elc_output_is_whole(ONNXTensorElementDataType type);

/* Bytes of one value of an input; 0 for types that cannot go in. */
size_t elc_input_size(ONNXTensorElementDataType type);

#endif
