/* frame.h - the columns of a call's part streams, seen and hidden (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_FRAME_H
#define ELCANO_RUN_FRAME_H

#include <elcano/run.h>

/* All parts of a call have the same columns; the first part's stream says which. */
typedef struct elc_frame {
    const elc_operator *op;
    struct ArrowSchema schema;
    elc_column *columns; /* of the schema, hidden ones too; names borrowed from it */
    size_t count;
    size_t *seen; /* indices of the columns without leading '_' */
    size_t n_seen;
    int64_t group, order, table; /* indices of _group, _order, _table; -1: none */
} elc_frame;

/* `schema` is moved in on success. */
elc_status elc_frame_create(const elc_operator *op, struct ArrowSchema *schema,
                            elc_frame **out, elc_error *err);
void elc_frame_free(elc_frame *frame);

/* Refuses a schema that is not the frame's: names, types, CRS. */
elc_status elc_frame_check(const elc_frame *frame, const struct ArrowSchema *schema,
                           elc_error *err);

/* The seen columns as a schema, and as columns for a builder (`out` has room for
   n_seen). */
elc_status elc_frame_seen_schema(const elc_frame *frame, struct ArrowSchema *out,
                                 elc_error *err);
void elc_frame_seen_columns(const elc_frame *frame, elc_column *out);

/* True when elc_frame_strip can take the batch: one that is no slice and has no NULL
   structs. */
bool elc_frame_strippable(const elc_frame *frame, const struct ArrowArray *batch);

/* Moves the seen columns of a batch to `out` and releases the others; no copy. */
elc_status elc_frame_strip(const elc_frame *frame, struct ArrowArray *batch,
                           struct ArrowArray *out, elc_error *err);

/* The column of `name` in `columns`, or -1. */
int64_t elc_columns_find(const elc_column *columns, size_t n, const char *name);

#endif
