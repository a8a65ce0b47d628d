/* cache.c - a ring of answers, found by the hashes of their addresses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "serve/names.h"

enum { WAYS = 4, SETS = 1024 }; /* an address has its set, and in it any of the ways */

typedef struct kept {
    char *uri;
    const char *type;
    char *bytes;
    size_t size;
    uint64_t used;
} kept;

struct serve_cache {
    pthread_mutex_t lock;
    kept sets[SETS][WAYS];
    size_t most, held;
    size_t hand; /* the set that gives next where all is full */
    uint64_t calls;
};

elc_status elc_serve_cache_create(size_t most, serve_cache **out, elc_error *err) {
    serve_cache *cache;
    ELC_TRY(elc_alloc(1, sizeof *cache, &cache, err));
    pthread_mutex_init(&cache->lock, NULL);
    cache->most = most;
    *out = cache;
    return ELC_OK;
}

static kept *set_of(serve_cache *cache, const char *uri) {
    return cache->sets[elc_serve_hash(uri, strlen(uri)) % SETS];
}

static void drop(serve_cache *cache, kept *k) {
    cache->held -= k->uri == NULL ? 0 : k->size + strlen(k->uri);
    free(k->uri);
    free(k->bytes);
    *k = (kept){0};
}

bool elc_serve_cache_find(serve_cache *cache, const char *uri, serve_answer *out) {
    bool found = false;
    pthread_mutex_lock(&cache->lock);
    kept *set = set_of(cache, uri);
    for (size_t i = 0; !found && i < WAYS; i++) {
        if (set[i].uri == NULL || strcmp(set[i].uri, uri) != 0)
            continue;
        set[i].used = ++cache->calls;
        found =
            elc_string_append(&out->body, set[i].bytes, set[i].size, NULL) == ELC_OK;
        out->type = set[i].type;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* Room for one more: the way of the set that was not used for longest, and bytes of
   others, set by set. */
static kept *make_room(serve_cache *cache, kept *set, size_t size) {
    kept *oldest = &set[0];
    for (size_t i = 1; i < WAYS; i++)
        if (set[i].used < oldest->used)
            oldest = &set[i];
    drop(cache, oldest);
    for (size_t tried = 0; cache->held + size > cache->most && tried < SETS; tried++) {
        for (size_t i = 0; i < WAYS; i++)
            drop(cache, &cache->sets[cache->hand][i]);
        cache->hand = (cache->hand + 1) % SETS;
    }
    return cache->held + size > cache->most ? NULL : oldest;
}

void elc_serve_cache_keep(serve_cache *cache, const char *uri,
                          const serve_answer *answer) {
    size_t size = answer->body.size, whole = size + strlen(uri);
    char *name = strdup(uri), *bytes = malloc(size + 1);
    pthread_mutex_lock(&cache->lock);
    kept *place = name == NULL || bytes == NULL
                      ? NULL
                      : make_room(cache, set_of(cache, uri), whole);
    if (place != NULL) {
        memcpy(bytes, answer->body.data, size);
        *place = (kept){name, answer->type, bytes, size, ++cache->calls};
        cache->held += whole;
        name = bytes = NULL;
    }
    pthread_mutex_unlock(&cache->lock);
    free(name);
    free(bytes);
}

void elc_serve_cache_free(serve_cache *cache) {
    if (cache == NULL)
        return;
    for (size_t s = 0; s < SETS; s++)
        for (size_t i = 0; i < WAYS; i++)
            drop(cache, &cache->sets[s][i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}
