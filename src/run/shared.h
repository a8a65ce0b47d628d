/* shared.h - a table read once and seen whole by every part (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_SHARED_H
#define ELCANO_RUN_SHARED_H

#include <elcano/table.h>

/* Batches counted by reference: they live until the last array that looks into them is
   released, in whatever thread, also after elc_shared_free. */
typedef struct elc_shared elc_shared;

/* Reads the stream to its end and releases it. */
elc_status elc_shared_read(struct ArrowArrayStream *stream, const elc_context *context,
                           elc_shared **out, elc_error *err);

/* A stream of its own over the batches. */
elc_status elc_shared_stream(elc_shared *shared, struct ArrowArrayStream *out,
                             elc_error *err);

/* Gives the caller's reference back. */
void elc_shared_free(elc_shared *shared);

#endif
