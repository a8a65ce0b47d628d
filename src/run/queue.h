/* queue.h - the batches of one part that wait for their turn (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_QUEUE_H
#define ELCANO_RUN_QUEUE_H

#include <elcano/table.h>

enum { ELC_QUEUE_BATCHES = 64, ELC_QUEUE_BYTES = 4 << 20 };

/* Full with so many batches or bytes, but one batch always finds room. Start with {0}.
 */
typedef struct elc_queue {
    struct ArrowArray batches[ELC_QUEUE_BATCHES];
    size_t sizes[ELC_QUEUE_BATCHES];
    size_t first, count, bytes;
} elc_queue;

/* About how many bytes a batch holds. */
size_t elc_queue_weigh(const struct ArrowSchema *schema,
                       const struct ArrowArray *batch);

bool elc_queue_full(const elc_queue *queue, size_t bytes);
/* Moves a batch in; the queue is not full. */
void elc_queue_push(elc_queue *queue, struct ArrowArray *batch, size_t bytes);
/* Moves the first one out; there is one. */
void elc_queue_pop(elc_queue *queue, struct ArrowArray *out);
void elc_queue_clear(elc_queue *queue);

#endif
