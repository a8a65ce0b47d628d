/* embedded.h - files that are in the library (the list is made by cmake/Embed.cmake).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FILES_EMBEDDED_H
#define ELCANO_SRC_FILES_EMBEDDED_H

#include <stddef.h>

typedef struct elc_embedded {
    const char *name; /* "main.js" */
    const unsigned char *start, *end;
} elc_embedded;

/* Ends with a NULL name. */
extern const elc_embedded elc_embedded_files[];

#endif
