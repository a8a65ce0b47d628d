/* find.c - networks by name: installed ones, the build's own, those of a folder. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <elcano/files.h>

static const elc_installed networks = {"network", ".onnx", "ELCANO_MODELS",
                                       ELCANO_MODELS_FROM_LIBRARY, ELCANO_MODELS_DIR};

elc_status elc_model_find(const char *model, elc_string *path, elc_error *err) {
    return elc_installed_find(&networks, model, path, err);
}

elc_status elc_model_names(elc_names *names, elc_error *err) {
    return elc_installed_names(&networks, names, err);
}
