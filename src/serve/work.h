/* work.h - threads that do what takes long, so that those who listen never wait. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_WORK_H
#define ELCANO_SRC_SERVE_WORK_H

#include <elcano/base.h>

/* A piece of work; it is its owner's, and is not touched after `run` was called. */
typedef struct serve_job {
    void (*run)(struct serve_job *job);
    struct serve_job *next;
} serve_job;

typedef struct serve_work serve_work;

/* At most `waiting` jobs wait for one of the threads. */
elc_status elc_serve_work_create(int threads, size_t waiting, serve_work **out,
                                 elc_error *err);
/* Puts it at the end of the queue; false where that is full, or work has ended. */
bool elc_serve_work_add(serve_work *work, serve_job *job);
/* Takes no more, runs what waits, and ends the threads. */
void elc_serve_work_end(serve_work *work);
void elc_serve_work_free(serve_work *work);

#endif
