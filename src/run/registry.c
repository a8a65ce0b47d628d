/* registry.c - an operator by its name. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdlib.h>

static elc_status unknown_operator(const char *name, size_t count, elc_error *err) {
    const char **names;
    ELC_TRY(elc_alloc(count + 1, sizeof *names, &names, err));
    for (size_t i = 0; i < count; i++)
        names[i] = elc_operators[i]->name;
    elc_status status =
        elc_option_unknown(ELC_E_NOT_FOUND, "operator", name, names, err);
    free(names);
    return status;
}

elc_status elc_operator_find(const char *name, const elc_operator **out,
                             elc_error *err) {
    size_t i = 0;
    for (; elc_operators[i] != NULL; i++) {
        if (elc_option_same_name(elc_operators[i]->name, name)) {
            *out = elc_operators[i];
            return ELC_OK;
        }
    }
    return unknown_operator(name, i, err);
}
