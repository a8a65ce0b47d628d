/* features.c - a vector a chip, pooled over space where the network gives a map. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 64 MB a row: a map that large is to be pooled. */
#define FLOATS_MAX ((size_t)1 << 24)

typedef struct vector {
    size_t n;
    float floats[];
} vector;

static const elc_column columns[] = {
    {"feature", ELC_FLOATS, NULL, "what the network sees of the chip"},
};

/* How numbers are pooled: each of `n` over `over` values that are `step` apart. */
typedef struct pooling {
    size_t n, over, next, step;
} pooling;

/* [1, channels, rows, columns], or [1, tokens, numbers]; a row stays as it is. */
static pooling find_pooling(const elc_floats *f, bool none) {
    if (!none && f->rank == 4) {
        size_t channels = (size_t)f->dims[1], area = f->count / channels;
        return (pooling){channels, area, area, 1};
    }
    if (!none && f->rank == 3) {
        size_t numbers = (size_t)f->dims[2];
        return (pooling){numbers, f->count / numbers, 1, numbers};
    }
    return (pooling){f->count, 1, 1, 1};
}

/* In the order that they lie in, so that the sum is the same each time. */
static float mean_of(const float *from, size_t n, size_t step) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)from[i * step];
    return (float)(sum / (double)n);
}

/* NaN where there is one. */
static float most_of(const float *from, size_t n, size_t step) {
    float most = from[0];
    for (size_t i = 1; i < n; i++)
        most = from[i * step] > most || isnan(from[i * step]) ? from[i * step] : most;
    return most;
}

static elc_status make_room(size_t n, void **room, elc_error *err) {
    vector *v = *room;
    if (v != NULL && v->n >= n) {
        v->n = n;
        return ELC_OK;
    }
    free(v);
    *room = NULL;
    ELC_TRY(elc_alloc(1, sizeof *v + n * sizeof *v->floats, &v, err));
    v->n = n;
    *room = v;
    return ELC_OK;
}

static elc_status check_finite(const network_job *job, const vector *v,
                               elc_error *err) {
    for (size_t i = 0; i < v->n; i++)
        if (!isfinite(v->floats[i]))
            return elc_fail(err, ELC_E_MODEL,
                            "%s: number %zu of tensor %s is %s; see --scale, --mean "
                            "and --std, or name another tensor",
                            job->info->name, i, job->info->tensor,
                            isnan(v->floats[i]) ? "not a number" : "infinite");
    return ELC_OK;
}

static elc_status read_vector(const network_job *job, const elc_floats *of_chip,
                              void **room, size_t *rows, elc_error *err) {
    const char *pool = job->wish;
    pooling p = find_pooling(of_chip, pool[0] == 'n');
    if (p.n > FLOATS_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: tensor %s has %zu numbers a chip, at most %zu; pool them",
                        job->info->name, job->info->tensor, p.n, FLOATS_MAX);
    ELC_TRY(make_room(p.n, room, err));
    vector *v = *room;
    for (size_t i = 0; i < p.n; i++) {
        const float *from = of_chip->data + i * p.next;
        v->floats[i] = p.over == 1                ? *from
                       : strcmp(pool, "max") == 0 ? most_of(from, p.over, p.step)
                                                  : mean_of(from, p.over, p.step);
    }
    *rows = 1;
    return check_finite(job, v, err);
}

static elc_status set_vector(const network_job *job, const void *room, size_t i,
                             elc_batch *batch, elc_error *err) {
    const vector *v = room;
    (void)i;
    return elc_batch_floats(batch, job->own, v->floats, v->n, err);
}

const network_reading elc_features_reading = {.columns = columns,
                                              .n_columns = 1,
                                              .output = 0,
                                              .read = read_vector,
                                              .set = set_vector};
