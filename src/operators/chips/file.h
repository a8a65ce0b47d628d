/* file.h - files of chips: made under another name, and then named. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_FILE_H
#define ELCANO_SRC_OPERATORS_CHIPS_FILE_H

#include <elcano/image.h>

/* Makes a folder and those above it, as far as they are not there. */
elc_status elc_chips_make_folder(const char *path, elc_error *err);
/* ELC_E_EXISTS when there is something in the folder; none is fine. */
elc_status elc_chips_check_empty(const char *path, elc_error *err);
/* ELC_E_ARGUMENT when an image that is read lies in the folder or below it. */
elc_status elc_chips_check_apart(const char *path, const elc_found_list *images,
                                 elc_error *err);
/* Writes a whole file, which appears under its name only then, and replaces what has
   it: a part may be opened again. */
elc_status elc_chips_write_file(const char *path, const void *bytes, size_t n,
                                elc_error *err);

#endif
