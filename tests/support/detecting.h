/* detecting.h - runs detect as a face does, and gives its rows as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_DETECTING_H
#define ELCANO_TESTS_DETECTING_H

#include <elcano/run.h>

/* What a user would say: paths and "name=value" options, both NULL-terminated. */
typedef struct detecting {
    const char *const *paths;
    const char *const *options;
    const elc_context *context;
    uint64_t part_units;
} detecting;

/* A call of detect, and what it borrows. */
typedef struct detect_call {
    elc_options *options;
    elc_reference input;
    elc_call call;
} detect_call;

elc_status detecting_prepare(const detecting *d, detect_call *out, elc_error *err);
void detecting_done(detect_call *call);

/* Appends a stream's rows, a line each: "column=value" of all columns that are not
   NULL, numbers so that they can be told apart bit by bit, bytes as hex. Counts the
   rows. */
elc_status detecting_print(struct ArrowArrayStream *stream, elc_string *out,
                           size_t *rows, elc_error *err);

/* Runs detect locally: its rows, then those of the images table. `rows` counts the
   former; may be NULL. */
elc_status detecting_rows(const detecting *d, elc_string *out, size_t *rows,
                          elc_error *err);

#endif
