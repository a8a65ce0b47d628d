/* pool.h - threads that open the parts of a plan, and their batches in order (private).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_POOL_H
#define ELCANO_RUN_POOL_H

#include "gather.h"
#include "inputs.h"

/* Parts are opened in plan order, each by one thread, at most twice as many as threads
   at a time; their batches wait in a short queue a part, and a thread whose queue is
   full waits. When a part fails those after it are cancelled and those before it go on,
   so that which failure is told does not depend on chance. */
typedef struct elc_pool elc_pool;

/* How the threads of a call are dealt out: `parts` workers, `each` threads to a part.
 */
typedef struct elc_threads {
    int parts, each;
} elc_threads;

elc_threads elc_pool_threads(const elc_call *call, const elc_plan *plan, bool drives);

/* Starts the threads. All is borrowed. */
elc_status elc_pool_create(const elc_call *call, const elc_plan *plan,
                           elc_inputs *inputs, elc_pool **out, elc_error *err);

/* Turns and batches, for the thread that made the pool. */
elc_feed elc_pool_feed(elc_pool *pool);

/* Cancels what still runs and waits for it. */
void elc_pool_stop(elc_pool *pool);
void elc_pool_free(elc_pool *pool);

#endif
