/* find.h - tables of rules and themes, by name or as a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_FIND_H
#define ELCANO_SRC_OPERATORS_CHECK_FIND_H

#include <elcano/base.h>

/* The path of a table: `text` itself where it has a dot or a slash, else NAME.csv in
   the folder that the variable ELCANO_RULES names, of the installed library, or of the
   build. ELC_E_NOT_FOUND says where it was looked for. */
elc_status elc_check_find(const char *text, elc_string *path, elc_error *err);

#endif
