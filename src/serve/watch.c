/* watch.c - a list of connections, and a thread that looks at it each second. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/watch.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct serve_watched {
    serve_watch *watch;
    int socket;
    bool asking;
    double since, due; /* of elc_clock() */
    struct serve_watched *next, **at;
};

struct serve_watch {
    pthread_mutex_t lock;
    pthread_cond_t end;
    pthread_t thread;
    serve_watched *first;
    size_t n;
    bool running, ended;
};

static bool is_due(const serve_watch *w, const serve_watched *c, double now) {
    bool hurried = c->asking && w->n > SERVE_CROWD;
    return c->due <= now || (hurried && c->since + SERVE_HURRY_S <= now);
}

/* What is shut down is at its end for who listens, and is closed there. */
static void look(const serve_watch *w) {
    double now = elc_clock();
    for (serve_watched *c = w->first; c != NULL; c = c->next) {
        if (!is_due(w, c, now))
            continue;
        shutdown(c->socket, SHUT_RDWR);
        c->asking = false;
        c->due = INFINITY;
    }
}

static void *run(void *arg) {
    serve_watch *w = arg;
    struct timespec until;
    pthread_mutex_lock(&w->lock);
    while (!w->ended) {
        look(w);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&w->end, &w->lock, &until);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

elc_status elc_serve_watch_create(serve_watch **out, elc_error *err) {
    serve_watch *w;
    ELC_TRY(elc_alloc(1, sizeof *w, &w, err));
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->end, NULL);
    w->running = pthread_create(&w->thread, NULL, run, w) == 0;
    if (!w->running) {
        elc_serve_watch_free(w);
        return elc_fail(err, ELC_E_MEMORY, "no thread for the server");
    }
    *out = w;
    return ELC_OK;
}

void elc_serve_watch_free(serve_watch *w) {
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->ended = true;
    pthread_cond_signal(&w->end);
    pthread_mutex_unlock(&w->lock);
    if (w->running)
        pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->end);
    free(w);
}

serve_watched *elc_serve_watch_begin(serve_watch *w, int socket) {
    serve_watched *c;
    if (elc_alloc(1, sizeof *c, &c, NULL) != ELC_OK)
        return NULL;
    *c = (serve_watched){.watch = w, .socket = socket, .due = INFINITY};
    pthread_mutex_lock(&w->lock);
    c->next = w->first;
    c->at = &w->first;
    if (c->next != NULL)
        c->next->at = &c->next;
    w->first = c;
    w->n++;
    pthread_mutex_unlock(&w->lock);
    return c;
}

void elc_serve_watch_end(serve_watched *c) {
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->watch->lock);
    c->watch->n--;
    *c->at = c->next;
    if (c->next != NULL)
        c->next->at = c->at;
    pthread_mutex_unlock(&c->watch->lock);
    free(c);
}

static void allow(serve_watched *c, bool asking, double seconds) {
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->watch->lock);
    c->asking = asking;
    c->since = elc_clock();
    c->due = c->since + seconds;
    pthread_mutex_unlock(&c->watch->lock);
}

void elc_serve_watch_allow(serve_watched *c, double seconds) {
    allow(c, false, seconds);
}

void elc_serve_watch_ask(serve_watched *c, double seconds) {
    allow(c, true, seconds);
}
