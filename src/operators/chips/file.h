/* file.h - the folder that gets the files of chips. */
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

#endif
