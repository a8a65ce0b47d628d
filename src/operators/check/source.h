/* source.h - the rows of a layer that a map is read from, one after the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_SOURCE_H
#define ELCANO_SRC_OPERATORS_CHECK_SOURCE_H

#include <elcano/geo.h>
#include <elcano/layer.h>

#include "operators/parts/reader.h"

/* Start with {0}. */
typedef struct check_source {
    const elc_context *context;
    char *label; /* the reference without passwords */
    struct ArrowSchema schema;
    part_reader reader;
    int64_t geometry;
    elc_transform *way; /* to longitude and latitude; NULL: it is there */
    uint64_t rows;      /* so far, with this one */
} check_source;

/* Refuses layers without a geometry or a stated CRS. */
elc_status elc_check_source_open(check_source *source, const char *reference,
                                 const elc_context *context, elc_error *err);
/* Goes to the next row; looks for a cancel and for the memory now and then. False at
   the end. */
elc_status elc_check_source_next(check_source *source, bool *more, elc_error *err);
/* The index of the first column of such a name, -1 for none. Case does not matter. */
int64_t elc_check_source_find(const check_source *source, const char *const *names);
/* A cell's text, or whole number as one; *out = NULL for NULL and other types. `room`
   is where it is put. */
elc_status elc_check_source_text(const check_source *source, int64_t column,
                                 elc_string *room, const char **out, elc_error *err);
void elc_check_source_close(check_source *source);

#endif
