/* plain.h - CSV files as most are, read without OGR to the rows that OGR gives; inside
   layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PLAIN_H
#define ELC_LAYER_PLAIN_H

#include <elcano/table.h>

/* The file as a table, as elc_layer_read gives it, where all of it is plain: commas,
   a header of names, no geometry in it, numbers and texts in their usual forms. `out`
   is left alone where anything is not, which is no failure: OGR reads it then. The
   look at all of it ends when the context is cancelled. */
elc_status elc_plain_read(const char *path, const elc_context *context,
                          struct ArrowArrayStream *out, elc_error *err);

/* ---- lines ------------------------------------------------------------------------
 */

typedef struct elc_plain_lines {
    int file;
    char *data;
    size_t at, end; /* of what is still to be given */
    bool ended;     /* the file */
} elc_plain_lines;

/* A value of a line; a NUL follows it. */
typedef struct elc_plain_field {
    char *text;
    size_t size;
    bool quoted;
} elc_plain_field;

enum { ELC_PLAIN_ODD = -1, ELC_PLAIN_END = 0, ELC_PLAIN_LINE = 1 };

/* Whether there is a column of that name, capitals or not. */
bool elc_plain_has_name(const elc_names *names, const char *name);

/* The next line cut into exactly `n` fields, valid until the next call: one of
   ELC_PLAIN_… in *out. The line may be overwritten. */
elc_status elc_plain_next(elc_plain_lines *lines, elc_plain_field *fields, size_t n,
                          int *out, elc_error *err);
/* The first line of the file as at most `most` fields; their number, or 0 where it is
   odd, in *out. */
elc_status elc_plain_header(elc_plain_lines *lines, elc_plain_field *fields,
                            size_t most, size_t *out, elc_error *err);

/* ---- values -----------------------------------------------------------------------
 */

/* In the order in which a column takes the next for its type. */
typedef enum elc_plain_kind {
    ELC_PLAIN_NOTHING,
    ELC_PLAIN_INT, /* of 32 bits */
    ELC_PLAIN_LONG,
    ELC_PLAIN_REAL,
    ELC_PLAIN_TEXT,
    ELC_PLAIN_STRANGE /* what OGR may take for something else */
} elc_plain_kind;

/* What a value is by itself, and as both kinds of numbers where it is one. */
elc_plain_kind elc_plain_value(const elc_plain_field *field, int64_t *whole,
                               double *real);

#endif
