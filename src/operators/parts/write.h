/* write.h - a file that an operator writes beside its rows, whole or not at all. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_WRITE_H
#define ELCANO_SRC_OPERATORS_PARTS_WRITE_H

#include <elcano/base.h>

/* Writes a whole file, which appears under its name only then, and replaces what has
   it: a part may be opened again. A device or a pipe is written to. */
elc_status elc_write_file(const char *path, const void *bytes, size_t n,
                          elc_error *err);

enum { WRITTEN_FILES_MAX = 2 };

typedef struct written_file {
    const char *path;
    const void *bytes;
    size_t n;
} written_file;

/* Writes files that belong together beside their names, and only when all are whole
   puts them there: where one fails, what had the names before stays. */
elc_status elc_write_files(const written_file *files, size_t n, elc_error *err);

/* Before the work, which may be long: whether the file may be written. NULL is none. */
elc_status elc_check_file(const char *path, bool overwrite, elc_error *err);

#endif
