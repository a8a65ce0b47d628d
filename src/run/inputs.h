/* inputs.h - what is given for an operator's inputs, dealt out to parts (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_INPUTS_H
#define ELCANO_RUN_INPUTS_H

#include <elcano/run.h>

typedef struct elc_inputs elc_inputs;

/* Refuses a call that lacks an input or a column that its operator needs. The streams
   stay the caller's until elc_inputs_move. */
elc_status elc_inputs_create(const elc_call *call, elc_inputs **out, elc_error *err);
void elc_inputs_move(elc_inputs *inputs);
void elc_inputs_free(elc_inputs *inputs);

/* True when a driving input is given: each of its batches is a part. */
bool elc_inputs_drive(const elc_inputs *inputs);
/* True when a keyed input is given: there can be one part only. */
bool elc_inputs_keyed(const elc_inputs *inputs);

/* Reads whole inputs, so that any number of parts can be opened; without it only one.
 */
elc_status elc_inputs_share(elc_inputs *inputs, const elc_context *context,
                            elc_error *err);

/* Lets the operator narrow the driving input, once the whole ones are shared and before
   it is read. */
elc_status elc_inputs_narrow(elc_inputs *inputs, const elc_call *call, elc_error *err);

/* A part's batches of the driving input. */
enum { ELC_PART_BATCHES = 16, ELC_PART_BYTES = 4 << 20 };
typedef struct elc_batches {
    struct ArrowArray batches[ELC_PART_BATCHES];
    size_t count;
} elc_batches;
void elc_batches_release(elc_batches *slice);

/* The next batches of the driving input, `most` or some 4 MB at most; none at its end.
   One thread at a time. */
elc_status elc_inputs_next(elc_inputs *inputs, size_t most, elc_batches *out,
                           elc_error *err);

/* Streams for one part, `slice` (moved in; may be of no batches) for the driving
   one. `in` has room for elc_inputs_streams; inputs not given are zeroed. */
size_t elc_inputs_streams(const elc_inputs *inputs);
elc_status elc_inputs_open(elc_inputs *inputs, elc_batches *slice,
                           struct ArrowArrayStream *in, elc_error *err);

#endif
