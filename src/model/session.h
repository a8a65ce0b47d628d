/* session.h - a network in ONNX Runtime: what goes in, what comes out, its metadata. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_SESSION_H
#define ELC_MODEL_SESSION_H

#include <elcano/base.h>

#include "runtime.h"

#define ELC_RANK_MAX 8

/* An input or output as the network declares it; one that is no tensor has a `kind`,
   and neither type nor dims. */
typedef struct elc_tensor_spec {
    char *name;
    ONNXType kind;
    ONNXTensorElementDataType type;
    size_t rank;
    int64_t dims[ELC_RANK_MAX];  /* -1: not fixed */
    char *symbols[ELC_RANK_MAX]; /* "height" where the size has a name, else "" */
} elc_tensor_spec;

typedef struct elc_session {
    elc_runtime runtime;
    OrtSession *session;
    char *path;
    char device[24];       /* "cpu", "cuda:0" */
    elc_tensor_spec input; /* the first */
    size_t n_inputs;
    elc_tensor_spec *outputs;
    size_t n_outputs;
    const char **output_names; /* borrowed from outputs */
    elc_names keys, values;    /* custom metadata, side by side, by key */
} elc_session;

/* `device`: NULL, "cpu", "cuda", "cuda:1". A network without inputs is ELC_E_MODEL, and
   so is one whose files of weights are not there, which it names. */
elc_status elc_session_open(const char *path, const char *device, elc_session **out,
                            elc_error *err);
/* The same of the bytes of a network, made from the file `path`, in whose folder its files
   of weights are; they are not needed later. */
elc_status elc_session_open_bytes(const char *path, const void *bytes, size_t n,
                                  const char *device, elc_session **out,
                                  elc_error *err);
/* ELC_E_MODEL for several inputs, and for inputs or outputs that are no tensors. */
elc_status elc_session_check(const elc_session *session, elc_error *err);
void elc_session_free(elc_session *session);

/* "float32 [1, 3, height, ?]": sizes by number, by name, or not known; or "sequence".
 */
elc_status elc_tensor_spec_show(const elc_tensor_spec *spec, elc_string *out,
                                elc_error *err);
/* The sizes alone. */
elc_status elc_tensor_spec_print(const elc_tensor_spec *spec, elc_string *out,
                                 elc_error *err);
/* "float32" */
const char *elc_tensor_type_name(ONNXTensorElementDataType type);

#endif
