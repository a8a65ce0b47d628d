/* try.h - a network that was made is tried before anyone gets it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NETWORKS_TRY_H
#define ELCANO_SRC_OPERATORS_NETWORKS_TRY_H

#include <elcano/model.h>

/* What it is to be. */
typedef struct network_promise {
    const char *path; /* its name to be, for messages */
    elc_model_kind kind;
    const elc_names *classes;
} network_promise;

/* Opens the bytes as the file will be, with no option, and has it look at one grey
   chip: ELC_E_MODEL where that fails, or where it is not what was promised. */
elc_status elc_network_try(const network_promise *promise, const elc_string *made,
                           elc_error *err);

#endif
