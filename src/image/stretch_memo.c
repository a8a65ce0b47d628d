/* stretch_memo.c - stretches of the images under way, each decided once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"

/* Images that are kept: more than are worked on at once. */
enum { KEPT = 64 };

typedef struct entry {
    char *path; /* NULL: free */
    bool ready; /* else someone decides it now */
    elc_stretch stretch;
} entry;

struct elc_stretch_memo {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    entry entries[KEPT];
    size_t next; /* that is given up for another image */
};

elc_status elc_stretch_memo_create(elc_stretch_memo **out, elc_error *err) {
    elc_stretch_memo *memo = NULL;
    ELC_TRY(elc_alloc(1, sizeof *memo, &memo, err));
    pthread_mutex_init(&memo->lock, NULL);
    pthread_cond_init(&memo->changed, NULL);
    *out = memo;
    return ELC_OK;
}

void elc_stretch_memo_free(elc_stretch_memo *memo) {
    if (!memo)
        return;
    for (size_t i = 0; i < KEPT; i++)
        free(memo->entries[i].path);
    pthread_cond_destroy(&memo->changed);
    pthread_mutex_destroy(&memo->lock);
    free(memo);
}

static entry *find(elc_stretch_memo *memo, const char *path) {
    for (size_t i = 0; i < KEPT; i++)
        if (memo->entries[i].path && !strcmp(memo->entries[i].path, path))
            return &memo->entries[i];
    return NULL;
}

/* An entry that nobody decides now, for `path`; NULL when there is none, or no memory:
   then the caller keeps to itself what it finds. */
static entry *claim(elc_stretch_memo *memo, const char *path) {
    char *copy = strdup(path);
    for (size_t i = 0; i < KEPT && copy; i++) {
        entry *e = &memo->entries[memo->next++ % KEPT];
        if (e->path && !e->ready)
            continue;
        free(e->path);
        *e = (entry){.path = copy};
        return e;
    }
    free(copy);
    return NULL;
}

static void settle(elc_stretch_memo *memo, entry *e, elc_status status,
                   const elc_stretch *stretch) {
    pthread_mutex_lock(&memo->lock);
    e->ready = status == ELC_OK;
    if (e->ready) {
        e->stretch = *stretch;
    } else { /* the next one finds the reason for itself */
        free(e->path);
        e->path = NULL;
    }
    pthread_cond_broadcast(&memo->changed);
    pthread_mutex_unlock(&memo->lock);
}

elc_status elc_stretch_memo_decide(elc_stretch_memo *memo, elc_image *image,
                                   const int *bands, int n,
                                   const elc_stretch_wish *wish, elc_stretch *out,
                                   elc_error *err) {
    pthread_mutex_lock(&memo->lock);
    entry *e = find(memo, image->path);
    while (e && !e->ready) {
        pthread_cond_wait(&memo->changed, &memo->lock);
        e = find(memo, image->path);
    }
    if (e)
        *out = e->stretch;
    bool known = e != NULL;
    if (!known)
        e = claim(memo, image->path);
    pthread_mutex_unlock(&memo->lock);
    if (known)
        return ELC_OK;
    elc_status status = elc_stretch_decide(image, bands, n, wish, out, err);
    if (e)
        settle(memo, e, status, out);
    return status;
}
