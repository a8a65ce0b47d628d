/* folds.c - rows of one place stay together: folds of whole groups. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct group {
    size_t rows;
    uint64_t draw; /* among equals */
    int32_t id;
} group;

typedef struct making {
    size_t n, classes, n_groups;
    int folds;
    group *groups;
    double *counts; /* of each group, by class */
    double *filled; /* of each fold, by class */
    double *shares; /* of all rows, by class */
    int32_t *fold_of_group;
} making;

/* SplitMix64 (Steele, Lea and Flood 2014) of the seed and a number. */
static uint64_t draw(uint64_t seed, uint64_t i) {
    uint64_t z = seed + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int by_rows(const void *a, const void *b) {
    const group *p = a, *q = b;
    if (p->rows != q->rows)
        return p->rows > q->rows ? -1 : 1;
    return p->draw != q->draw ? (p->draw < q->draw ? -1 : 1)
                              : (p->id > q->id) - (p->id < q->id);
}

static elc_status count(making *m, const int32_t *groups, const int32_t *labels,
                        uint64_t seed, elc_error *err) {
    for (size_t i = 0; i < m->n; i++)
        m->n_groups =
            (size_t)groups[i] >= m->n_groups ? (size_t)groups[i] + 1 : m->n_groups;
    ELC_TRY(elc_alloc(m->n_groups, sizeof *m->groups, &m->groups, err));
    ELC_TRY(elc_alloc(m->n_groups * m->classes, sizeof *m->counts, &m->counts, err));
    ELC_TRY(
        elc_alloc((size_t)m->folds * m->classes, sizeof *m->filled, &m->filled, err));
    ELC_TRY(elc_alloc(m->classes, sizeof *m->shares, &m->shares, err));
    ELC_TRY(elc_alloc(m->n_groups, sizeof *m->fold_of_group, &m->fold_of_group, err));
    for (size_t g = 0; g < m->n_groups; g++)
        m->groups[g] = (group){0, draw(seed, g), (int32_t)g};
    for (size_t i = 0; i < m->n; i++) {
        m->groups[groups[i]].rows++;
        m->counts[(size_t)groups[i] * m->classes + (size_t)labels[i]]++;
        m->shares[labels[i]]++;
    }
    return ELC_OK;
}

/* How uneven the folds are once a group is in one of them: over the classes, the
   squares of each fold's rows over those of the class. */
static double uneven(const making *m, const double *counts, int fold) {
    double sum = 0;
    for (size_t k = 0; k < m->classes; k++) {
        if (m->shares[k] <= 0)
            continue;
        double had = m->filled[(size_t)fold * m->classes + k];
        double has = had + counts[k];
        sum += (has * has - had * had) / (m->shares[k] * m->shares[k]);
    }
    return sum;
}

static void place(making *m) {
    for (size_t g = 0; g < m->n_groups && m->groups[g].rows > 0; g++) {
        const double *counts = m->counts + (size_t)m->groups[g].id * m->classes;
        int best = 0;
        double least = INFINITY;
        for (int f = 0; f < m->folds; f++) {
            double now = uneven(m, counts, f);
            if (now < least) {
                least = now;
                best = f;
            }
        }
        for (size_t k = 0; k < m->classes; k++)
            m->filled[(size_t)best * m->classes + k] += counts[k];
        m->fold_of_group[m->groups[g].id] = best;
    }
}

static elc_status check(const making *m, elc_error *err) {
    size_t places = 0;
    while (places < m->n_groups && m->groups[places].rows > 0)
        places++;
    if (places >= (size_t)m->folds)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "the labels lie in %zu place%s, too few for %d folds of whole "
                    "places; give fewer folds, smaller blocks or labels of more places",
                    places, places == 1 ? "" : "s", m->folds);
}

elc_status elc_folds_make(const int32_t *groups, const int32_t *labels, size_t n,
                          size_t classes, int folds, uint64_t seed, int32_t *fold_of,
                          elc_error *err) {
    making m = {.n = n, .classes = classes, .folds = folds};
    elc_status status = count(&m, groups, labels, seed, err);
    if (status == ELC_OK) {
        if (m.n_groups > 0)
            qsort(m.groups, m.n_groups, sizeof *m.groups, by_rows);
        status = check(&m, err);
    }
    if (status == ELC_OK) {
        place(&m);
        for (size_t i = 0; i < n; i++)
            fold_of[i] = m.fold_of_group[groups[i]];
    }
    free(m.groups);
    free(m.counts);
    free(m.filled);
    free(m.shares);
    free(m.fold_of_group);
    return status;
}
