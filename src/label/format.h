/* format.h - the formats of label files, and how each is told and read. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_FORMAT_H
#define ELCANO_SRC_LABEL_FORMAT_H

#include "label/build.h"

typedef struct elc_label_format {
    const char *name;
    const char *const *endings; /* of its files in a folder; NULL-terminated */
    /* True for a file that begins like one: `head` has its first bytes, at most 64 KiB,
       and a NUL. NULL: never by itself. */
    bool (*is)(const char *head);
    /* Reads b->path. */
    elc_status (*read)(elc_label_build *b, elc_error *err);
} elc_label_format;

extern const elc_label_format elc_label_format_voc, elc_label_format_coco,
    elc_label_format_yolo, elc_label_format_xview, elc_label_format_dota,
    elc_label_format_csv, elc_label_format_layer;

#endif
