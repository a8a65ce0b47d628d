/* sides.h - rows of side tables, put aside as they come by (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_SIDES_H
#define ELCANO_RUN_SIDES_H

#include "frame.h"

typedef struct elc_sides elc_sides;

/* The empty side tables of the frame's operator; `frame` NULL: no part was opened, so
   that none will get a row. */
elc_status elc_sides_create(const elc_operator *op, const elc_frame *frame,
                            elc_sides **out, elc_error *err);
void elc_sides_free(elc_sides *sides);

/* The columns of side table `index` (of op->outputs), until it is taken. */
elc_status elc_sides_schema(const elc_sides *sides, size_t index,
                            struct ArrowSchema *out, elc_error *err);

/* Copies a row whose `_table` is not NULL. */
elc_status elc_sides_add(elc_sides *sides, const elc_rows *rows, size_t row,
                         elc_error *err);

/* Moves side table `index` (of op->outputs) out; once. */
elc_status elc_sides_take(elc_sides *sides, size_t index, struct ArrowArrayStream *out,
                          elc_error *err);

#endif
