/* text.h - bytes to a file or to standard output, every failure seen; inside layer
 * only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_TEXT_H
#define ELC_LAYER_TEXT_H

#include "output.h"

/* OGR 3.6 does not look at what its text writers' writes return, so a full disk would
   go unseen: their bytes go to the file through this. */
typedef struct elc_text {
    elc_string waiting;
    const elc_output *output; /* NULL: standard output */
    int file;
} elc_text;

/* A file is created; NULL for standard output. */
elc_status elc_text_open(elc_text *text, const elc_output *output, elc_error *err);
/* Keeps the bytes until there are enough of them. */
elc_status elc_text_append(elc_text *text, const void *bytes, size_t n, elc_error *err);
/* Writes what is kept. */
elc_status elc_text_flush(elc_text *text, elc_error *err);
/* Flushes and closes. */
elc_status elc_text_close(elc_text *text, elc_error *err);
/* Without flushing; a closed one is left as it is. */
void elc_text_free(elc_text *text);

#endif
