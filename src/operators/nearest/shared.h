/* shared.h - the right table, which the first part reads for all. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_SHARED_H
#define ELCANO_SRC_OPERATORS_NEAREST_SHARED_H

#include <pthread.h>
#include <stdatomic.h>

#include "operators/parts/held.h"
#include "shape.h"

typedef struct nearest_shared {
    pthread_mutex_t lock;
    bool read;
    struct ArrowSchema schema; /* of the table, whose rows borrow it */
    part_held rows;
    elc_nearby *near;
    atomic_uint told; /* bits of the states of left places */
} nearest_shared;

elc_status elc_nearest_shared_create(nearest_shared **out, elc_error *err);
void elc_nearest_shared_free(nearest_shared *shared);

/* Reads the right table and indexes its places, unless a part did. After a failure the
   next part tries again: it may only have been this part that was told to stop. */
elc_status elc_nearest_shared_read(nearest_shared *shared, const elc_call *call,
                                   const nearest_shape *shape,
                                   struct ArrowArrayStream *right, elc_error *err);

/* Warns of a left place's state, once for each. Any thread may tell. */
void elc_nearest_shared_tell(nearest_shared *shared, const elc_context *context,
                             elc_place_state state);

#endif
