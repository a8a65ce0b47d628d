/* ways.c - transforms to longitude and latitude that wait for their next use. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ways.h"

#include <pthread.h>
#include <stdlib.h>

enum { WAITING = 8 };

struct elc_ways {
    pthread_mutex_t lock;
    int references; /* of CRSs, and of transforms in use */
    int n;
    elc_transform *waiting[WAITING];
};

elc_status elc_ways_create(elc_ways **out, elc_error *err) {
    elc_ways *ways = NULL;
    ELC_TRY(elc_alloc(1, sizeof *ways, &ways, err));
    pthread_mutex_init(&ways->lock, NULL);
    ways->references = 1;
    *out = ways;
    return ELC_OK;
}

elc_ways *elc_ways_share(elc_ways *ways) {
    pthread_mutex_lock(&ways->lock);
    ways->references++;
    pthread_mutex_unlock(&ways->lock);
    return ways;
}

void elc_ways_free(elc_ways *ways) {
    if (!ways)
        return;
    pthread_mutex_lock(&ways->lock);
    int left = --ways->references;
    pthread_mutex_unlock(&ways->lock);
    if (left > 0)
        return;
    for (int i = 0; i < ways->n; i++)
        elc_transform_destroy(ways->waiting[i]);
    pthread_mutex_destroy(&ways->lock);
    free(ways);
}

elc_transform *elc_ways_take(elc_ways *ways) {
    pthread_mutex_lock(&ways->lock);
    elc_transform *transform = ways->n > 0 ? ways->waiting[--ways->n] : NULL;
    pthread_mutex_unlock(&ways->lock);
    return transform;
}

bool elc_ways_give(elc_ways *ways, elc_transform *transform) {
    pthread_mutex_lock(&ways->lock);
    bool room = ways->n < WAITING;
    if (room)
        ways->waiting[ways->n++] = transform;
    pthread_mutex_unlock(&ways->lock);
    return room;
}
