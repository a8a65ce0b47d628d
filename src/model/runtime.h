/* runtime.h - ONNX Runtime, found and loaded when a network is opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_RUNTIME_H
#define ELC_MODEL_RUNTIME_H

#include <onnxruntime_c_api.h>

#include <elcano/base.h>

/* The library counts its users, of dlopen and of its environment: every network holds
   a runtime of its own, and all of them are one in the process. */
typedef struct elc_runtime {
    void *library;
    const OrtApi *api;
    OrtEnv *env;
    char version[48]; /* "ONNX Runtime 1.24.1" */
    char *path;       /* what was loaded */
} elc_runtime;

/* Looks in $ELCANO_ONNXRUNTIME (then nowhere else), beside this library, where Elcano
   was built, and on the system's path. Start with {0}; close also after a failure. */
elc_status elc_runtime_open(elc_runtime *runtime, elc_error *err);
void elc_runtime_close(elc_runtime *runtime);

/* NULL is ELC_OK; else a failure of `status` that says "<what>: <ONNX Runtime's text>".
   Takes the OrtStatus. */
elc_status elc_runtime_check(const elc_runtime *runtime, OrtStatus *ort,
                             elc_status status, const char *what, elc_error *err);

#endif
