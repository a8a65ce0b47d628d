/* right_shared.c - the right table of a call, read by the first part that comes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "right_shared.h"

#include <pthread.h>
#include <stdlib.h>

struct part_right_shared {
    pthread_mutex_t lock;
    part_right *right;
};

elc_status elc_part_right_shared_create(part_right_shared **out, elc_error *err) {
    part_right_shared *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return ELC_OK;
}

void elc_part_right_shared_free(part_right_shared *s) {
    elc_part_right_free(s->right);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* After a failure the next part tries again: it may only have been this part that was
   told to stop. */
elc_status elc_part_right_shared_take(
    part_right_shared *s, struct ArrowArrayStream *stream, const part_keys *keys,
    const part_spatial *spatial, const struct ArrowSchema schemas[PART_SIDES],
    const elc_context *context, part_right **out, elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&s->lock);
    if (s->right == NULL)
        status = elc_part_right_read(stream, keys, spatial, schemas, context, &s->right,
                                     err);
    pthread_mutex_unlock(&s->lock);
    ELC_TRY(status);
    *out = s->right;
    return elc_part_right_check(s->right, keys, err);
}
