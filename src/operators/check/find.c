/* find.c - tables of rules and themes, by name or as a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "find.h"

#include <elcano/files.h>

static const elc_installed tables = {"table", ".csv", "ELCANO_RULES",
                                     ELCANO_RULES_FROM_LIBRARY, ELCANO_RULES_DIR};

elc_status elc_check_find(const char *text, elc_string *path, elc_error *err) {
    return elc_installed_find(&tables, text, path, err);
}
