/* parquet_pipe.c - batches that one thread hands to another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_pipe.h"

#include <pthread.h>
#include <stdlib.h>

struct elc_pipe {
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct ArrowArray batch; /* no release: there is room */
    bool ended, whole, gone;
};

elc_status elc_pipe_create(elc_pipe **out, elc_error *err) {
    elc_pipe *pipe;
    ELC_TRY(elc_alloc(1, sizeof *pipe, &pipe, err));
    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->change, NULL);
    *out = pipe;
    return ELC_OK;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    elc_pipe *pipe = state;
    pthread_mutex_lock(&pipe->lock);
    while (pipe->batch.release == NULL && !pipe->ended)
        pthread_cond_wait(&pipe->change, &pipe->lock);
    *out = pipe->batch;
    pipe->batch.release = NULL;
    bool whole = out->release != NULL || pipe->whole;
    pthread_cond_broadcast(&pipe->change);
    pthread_mutex_unlock(&pipe->lock);
    return whole ? ELC_OK : elc_fail(err, ELC_E_CANCELLED, "not all rows came");
}

static void leave(void *state) {
    elc_pipe *pipe = state;
    pthread_mutex_lock(&pipe->lock);
    pipe->gone = true;
    pthread_cond_broadcast(&pipe->change);
    pthread_mutex_unlock(&pipe->lock);
}

elc_status elc_pipe_stream(elc_pipe *pipe, struct ArrowSchema *schema,
                           struct ArrowArrayStream *out, elc_error *err) {
    return elc_stream_create(schema, (elc_producer){next, leave, pipe}, out, err);
}

bool elc_pipe_put(elc_pipe *pipe, struct ArrowArray *batch) {
    pthread_mutex_lock(&pipe->lock);
    while (pipe->batch.release != NULL && !pipe->gone)
        pthread_cond_wait(&pipe->change, &pipe->lock);
    bool taken = !pipe->gone;
    if (taken) {
        pipe->batch = *batch;
        batch->release = NULL;
    }
    pthread_cond_broadcast(&pipe->change);
    pthread_mutex_unlock(&pipe->lock);
    elc_array_release(batch);
    return taken;
}

void elc_pipe_end(elc_pipe *pipe, bool whole) {
    pthread_mutex_lock(&pipe->lock);
    pipe->ended = true;
    pipe->whole = whole;
    pthread_cond_broadcast(&pipe->change);
    pthread_mutex_unlock(&pipe->lock);
}

void elc_pipe_free(elc_pipe *pipe) {
    if (pipe == NULL)
        return;
    elc_array_release(&pipe->batch);
    pthread_mutex_destroy(&pipe->lock);
    pthread_cond_destroy(&pipe->change);
    free(pipe);
}
