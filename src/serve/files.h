/* files.h - the files of the page, which are in the library (made by
 * cmake/Embed.cmake). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_FILES_H
#define ELCANO_SRC_SERVE_FILES_H

#include <stddef.h>

typedef struct serve_file {
    const char *name; /* "main.js" */
    const unsigned char *start, *end;
} serve_file;

/* Ends with a NULL name. */
extern const serve_file elc_serve_files[];

#endif
