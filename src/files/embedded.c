/* embedded.c - files that are in the library: those of pages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/files.h>

#include "embedded.h"

#include <string.h>

const char *elc_embedded_file(const char *name, size_t *size) {
    for (const elc_embedded *f = elc_embedded_files; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0) {
            *size = (size_t)(f->end - f->start);
            return (const char *)f->start;
        }
    return NULL;
}
