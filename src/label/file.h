/* file.h - label files read in a stream, from any file system that GDAL knows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_FILE_H
#define ELCANO_SRC_LABEL_FILE_H

#include <elcano/base.h>

#include <cpl_vsi.h>

typedef struct elc_label_file {
    const char *path; /* borrowed */
    VSILFILE *handle;
    unsigned char *buffer;
    size_t at, filled;
    uint64_t line; /* of the byte that comes next, from 1 */
} elc_label_file;

/* Opens a file that is no folder and no device; a mark of UTF-8 is passed over, one of
   UTF-16 refused. */
elc_status elc_label_file_open(const char *path, elc_label_file *out, elc_error *err);
void elc_label_file_close(elc_label_file *file);

/* Reads on into the buffer; false at the end. */
bool elc_label_file_fill(elc_label_file *file);

/* The next byte, or -1 at the end. */
static inline int elc_label_file_peek(elc_label_file *file) {
    if (file->at == file->filled && !elc_label_file_fill(file))
        return -1;
    return file->buffer[file->at];
}

static inline int elc_label_file_next(elc_label_file *file) {
    int c = elc_label_file_peek(file);
    file->at += c >= 0;
    file->line += c == '\n';
    return c;
}

/* The next line without its end, as UTF-8 of at most 1 MiB. `*number` is its number;
   `*more` false: there is none. */
elc_status elc_label_file_line(elc_label_file *file, elc_string *line, uint64_t *number,
                               bool *more, elc_error *err);

/* The first bytes, at most 64 KiB. */
elc_status elc_label_file_head(const char *path, elc_string *out, elc_error *err);

/* All files below a folder, as paths below it: folders and files bytewise by name,
   hidden ones left out, a link to a folder above it not followed. */
elc_status elc_label_folder_list(const char *folder, elc_names *out, elc_error *err);
/* The files of one folder alone, by name; none where it cannot be read. */
elc_status elc_label_folder_names(const char *folder, elc_names *out, elc_error *err);
bool elc_label_is_folder(const char *path);
bool elc_label_exists(const char *path);
elc_status elc_label_join(elc_string *out, const char *folder, const char *name,
                          elc_error *err);

#endif
