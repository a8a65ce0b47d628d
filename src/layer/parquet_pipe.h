/* parquet_pipe.h - batches that one thread hands to another; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_PIPE_H
#define ELC_LAYER_PARQUET_PIPE_H

#include <elcano/table.h>

/* A writer is asked to take batches, DuckDB to give them: a pipe stands between, with
   room for one batch, so that memory stays bounded. */
typedef struct elc_pipe elc_pipe;

elc_status elc_pipe_create(elc_pipe **out, elc_error *err);
/* The far end, as a stream, which may be released at any time and by any thread.
   `schema` is moved in. */
elc_status elc_pipe_stream(elc_pipe *pipe, struct ArrowSchema *schema,
                           struct ArrowArrayStream *out, elc_error *err);
/* Moves a batch in when there is room. False when the far end is gone, and the batch is
   released. */
bool elc_pipe_put(elc_pipe *pipe, struct ArrowArray *batch);
/* No batch comes any more: the stream ends well, or, `whole` false, with a failure. */
void elc_pipe_end(elc_pipe *pipe, bool whole);
/* When its stream is released, too. */
void elc_pipe_free(elc_pipe *pipe);

#endif
