/* crew.c - threads that take rows one by one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct {
    const elc_context *context;
    part_task task;
    void *arg;
    atomic_size_t next, end; /* rows from `end` on are not wanted any more */
    pthread_mutex_t lock;    /* of the failure of row `end` */
    elc_status status;
    elc_error err;
} crew;

static void note(crew *c, size_t number, elc_status status, const elc_error *err) {
    pthread_mutex_lock(&c->lock);
    if (number < atomic_load(&c->end)) {
        atomic_store(&c->end, number);
        c->status = status;
        c->err = *err;
    }
    pthread_mutex_unlock(&c->lock);
}

static elc_status work(void *arg, int worker, elc_error *err) {
    crew *c = arg;
    size_t number;
    (void)err;
    while ((number = atomic_fetch_add(&c->next, 1)) < atomic_load(&c->end)) {
        elc_error why = {0};
        elc_status status = elc_check_cancel(c->context, &why);
        if (status == ELC_OK)
            status = c->task(c->arg, worker, number, &why);
        if (status != ELC_OK)
            note(c, number, status, &why);
    }
    return ELC_OK;
}

elc_status elc_part_crew(const elc_context *context, int threads, size_t n,
                         part_task task, void *arg, elc_error *err) {
    crew c = {.context = context, .task = task, .arg = arg, .status = ELC_OK};
    if (n == 0)
        return ELC_OK;
    atomic_store(&c.next, 0);
    atomic_store(&c.end, n);
    pthread_mutex_init(&c.lock, NULL);
    if ((size_t)threads > n)
        threads = (int)n;
    elc_status status = elc_threads_run(threads, work, &c, err);
    pthread_mutex_destroy(&c.lock);
    if (status == ELC_OK && c.status != ELC_OK && err != NULL)
        *err = c.err;
    return status != ELC_OK ? status : c.status;
}
