/* threads.c - a body run in several threads at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    elc_thread_body body;
    void *arg;
    int index;
    pthread_t thread;
    elc_status status;
    elc_error err;
} worker;

static void *work(void *arg) {
    worker *w = arg;
    w->status = w->body(w->arg, w->index, &w->err);
    return NULL;
}

/* Starts workers 1.. and gives how many; a thread that cannot start is its failure. */
static int start_all(worker *workers, int threads) {
    for (int i = 1; i < threads; i++) {
        int code = pthread_create(&workers[i].thread, NULL, work, &workers[i]);
        if (code == 0)
            continue;
        char text[128];
        workers[i].status =
            elc_fail(&workers[i].err, ELC_E_MEMORY,
                     "thread %d of %d: cannot be started: %s; use fewer threads", i + 1,
                     threads, strerror_r(code, text, sizeof text));
        return i;
    }
    return threads;
}

static elc_status first_failure(const worker *workers, int threads, elc_error *err) {
    for (int i = 0; i < threads; i++) {
        if (workers[i].status == ELC_OK)
            continue;
        if (err != NULL) {
            *err = workers[i].err;
            err->status = workers[i].status;
        }
        return workers[i].status;
    }
    return ELC_OK;
}

elc_status elc_threads_run(int threads, elc_thread_body body, void *arg,
                           elc_error *err) {
    if (threads < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "threads: %d asked for, at least 1",
                        threads);
    worker *workers;
    ELC_TRY(elc_alloc((size_t)threads, sizeof *workers, &workers, err));
    for (int i = 0; i < threads; i++) {
        workers[i].body = body;
        workers[i].arg = arg;
        workers[i].index = i;
    }
    int started = start_all(workers, threads);
    work(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    elc_status status = first_failure(workers, threads, err);
    free(workers);
    return status;
}
