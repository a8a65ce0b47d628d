/* work.c - a queue of jobs and its threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/work.h"

#include <pthread.h>
#include <stdlib.h>

struct serve_work {
    pthread_mutex_t lock;
    pthread_cond_t more;
    serve_job *first, *last;
    size_t waiting, most;
    bool ended;
    pthread_t *threads;
    int count;
};

/* NULL at the end. */
static serve_job *take(serve_work *w) {
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->ended)
        pthread_cond_wait(&w->more, &w->lock);
    serve_job *job = w->first;
    if (job != NULL) {
        w->first = job->next;
        w->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *run(void *arg) {
    serve_job *job;
    while ((job = take(arg)) != NULL)
        job->run(job);
    return NULL;
}

elc_status elc_serve_work_create(int threads, size_t waiting, serve_work **out,
                                 elc_error *err) {
    serve_work *w;
    ELC_TRY(elc_alloc(1, sizeof *w, &w, err));
    w->most = waiting;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    elc_status status =
        elc_alloc((size_t)threads, sizeof *w->threads, &w->threads, err);
    while (status == ELC_OK && w->count < threads) {
        if (pthread_create(&w->threads[w->count], NULL, run, w) != 0)
            status = elc_fail(err, ELC_E_MEMORY, "no thread for the server");
        else
            w->count++;
    }
    if (status == ELC_OK)
        *out = w;
    else
        elc_serve_work_free(w);
    return status;
}

bool elc_serve_work_add(serve_work *w, serve_job *job) {
    pthread_mutex_lock(&w->lock);
    bool taken = !w->ended && w->waiting < w->most;
    if (taken) {
        job->next = NULL;
        if (w->first == NULL)
            w->first = job;
        else
            w->last->next = job;
        w->last = job;
        w->waiting++;
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

void elc_serve_work_end(serve_work *w) {
    pthread_mutex_lock(&w->lock);
    w->ended = true;
    pthread_cond_broadcast(&w->more);
    pthread_mutex_unlock(&w->lock);
    for (; w->count > 0; w->count--)
        pthread_join(w->threads[w->count - 1], NULL);
}

void elc_serve_work_free(serve_work *w) {
    if (w == NULL)
        return;
    elc_serve_work_end(w);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->more);
    free(w->threads);
    free(w);
}
