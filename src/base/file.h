/* file.h - a local file in pieces; inside base only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_BASE_FILE_H
#define ELC_BASE_FILE_H

#include <elcano/base.h>

typedef elc_status (*elc_file_chunk)(void *arg, const void *bytes, size_t n,
                                     elc_error *err);

/* Calls chunk() with the bytes of the file, in order, until the end or its failure. */
elc_status elc_file_each(const char *path, elc_file_chunk chunk, void *arg,
                         elc_error *err);

/* Pipes and devices may have no end, or wait for a writer that never comes: refused.
   Folders pass, for reading them has its own message. */
elc_status elc_file_check_regular(const char *path, elc_error *err);

#endif
