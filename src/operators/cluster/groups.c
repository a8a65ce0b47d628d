/* groups.c - clusters of rows that the values of --by put in groups.
 *
 * Each group is clustered by itself; then all clusters get their numbers in one order:
 * of their least core rows, and where these are in one place of their groups' values.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "found.h"
#include "operators/parts/groups.h"
#include "operators/parts/order.h"

enum { MANY_GROUPS = 10000, LOOK_ROWS = 4096 };

/* A cluster of a group. */
typedef struct cluster_one {
    elc_point least;
    uint32_t rank; /* of the group's values */
    int32_t was;
} cluster_one;

typedef struct grouping {
    part_groups groups;
    uint32_t *group; /* of each placed row, */
    uint32_t *first; /* groups + 1: the first of each among */
    uint32_t *order; /* the rows by their groups */
    uint32_t *rank;  /* of each group */
    cluster_one *all;
    size_t n_all, capacity;
    elc_point *spots; /* of a group */
    int32_t *labels;
} grouping;

/* ---- groups ---------------------------------------------------------------------- */

static elc_status find_group(const cluster_job *job, const cluster_found *f, size_t i,
                             grouping *g, elc_string *key, elc_error *err) {
    size_t row, group;
    const elc_rows *rows = elc_part_held_row(&f->table, f->row[i], &row);
    key->size = 0;
    for (size_t k = 0; k < job->by->count; k++)
        ELC_TRY(elc_part_put_value(job->by_types[k], rows, job->by_columns[k], row, key,
                                   err));
    ELC_TRY(elc_part_group(&g->groups, key->data, key->size, &group, err));
    g->group[i] = (uint32_t)group;
    return ELC_OK;
}

static elc_status find_groups(const cluster_job *job, const cluster_found *f,
                              grouping *g, elc_error *err) {
    elc_string key = {0};
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(f->n_placed, sizeof *g->group, &g->group, err));
    for (size_t i = 0; i < f->n_placed && status == ELC_OK; i++) {
        if (i % LOOK_ROWS == 0)
            status = elc_check_cancel(job->call->context, err);
        if (status == ELC_OK)
            status = find_group(job, f, i, g, &key, err);
    }
    elc_string_free(&key);
    if (g->groups.count > MANY_GROUPS)
        elc_warn(job->call->context,
                 "--by has %zu different values, and rows of each are clustered apart: "
                 "is a column of names or classes meant?",
                 g->groups.count);
    return status;
}

static elc_status order_rows(const cluster_found *f, grouping *g, elc_error *err) {
    size_t n = g->groups.count;
    ELC_TRY(elc_alloc(n + 1, sizeof *g->first, &g->first, err));
    ELC_TRY(elc_alloc(f->n_placed, sizeof *g->order, &g->order, err));
    for (size_t i = 0; i < f->n_placed; i++)
        g->first[g->group[i]]++;
    for (size_t k = 0, sum = 0; k <= n; k++) {
        sum += g->first[k];
        g->first[k] = (uint32_t)sum; /* where the group ends, */
    }
    for (size_t i = f->n_placed; i-- > 0;) /* and in the end begins */
        g->order[--g->first[g->group[i]]] = (uint32_t)i;
    return ELC_OK;
}

static int by_key(const void *a, const void *b, void *arg) {
    const part_groups *g = arg;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    size_t n = g->items[i].size, m = g->items[k].size;
    int way = memcmp(elc_part_group_key(g, i), elc_part_group_key(g, k), n < m ? n : m);
    return way != 0 ? way : (n > m) - (n < m);
}

static elc_status rank_groups(grouping *g, elc_error *err) {
    size_t n = g->groups.count;
    uint32_t *sorted;
    ELC_TRY(elc_alloc(n, sizeof *g->rank, &g->rank, err));
    ELC_TRY(elc_alloc(n, sizeof *sorted, &sorted, err));
    for (size_t i = 0; i < n; i++)
        sorted[i] = (uint32_t)i;
    qsort_r(sorted, n, sizeof *sorted, by_key, &g->groups);
    for (size_t i = 0; i < n; i++)
        g->rank[sorted[i]] = (uint32_t)i;
    free(sorted);
    return ELC_OK;
}

/* ---- clusters -------------------------------------------------------------------- */

static elc_status add_clusters(grouping *g, uint32_t rank, const elc_clusters *found,
                               elc_error *err) {
    ELC_TRY(elc_reserve(&g->all, &g->capacity, g->n_all + found->count, sizeof *g->all,
                        err));
    for (size_t i = 0; i < found->count; i++, g->n_all++)
        g->all[g->n_all] = (cluster_one){found->least[i], rank, (int32_t)g->n_all};
    return ELC_OK;
}

/* Clusters of one group come after those of the groups before it. */
static elc_status cluster_group(const cluster_job *job, cluster_found *f, grouping *g,
                                size_t group, elc_error *err) {
    const uint32_t *order = g->order + g->first[group];
    size_t n = g->first[group + 1] - g->first[group], before = g->n_all;
    elc_clusters found = {0};
    for (size_t i = 0; i < n; i++)
        g->spots[i] = f->spots[order[i]];
    ELC_TRY(elc_clusters_find(g->spots, n, &job->wish, g->labels, &found, err));
    for (size_t i = 0; i < n; i++)
        f->cluster[order[i]] = g->labels[i] < 0 ? -1 : g->labels[i] + (int32_t)before;
    elc_status status = add_clusters(g, g->rank[group], &found, err);
    elc_clusters_free(&found);
    return status;
}

static elc_status cluster_groups(const cluster_job *job, cluster_found *f, grouping *g,
                                 elc_error *err) {
    ELC_TRY(elc_alloc(f->n_placed, sizeof *g->spots, &g->spots, err));
    ELC_TRY(elc_alloc(f->n_placed, sizeof *g->labels, &g->labels, err));
    for (size_t i = 0; i < g->groups.count; i++)
        ELC_TRY(cluster_group(job, f, g, i, err));
    f->n_clusters = g->n_all;
    return ELC_OK;
}

/* ---- numbers --------------------------------------------------------------------- */

static int by_least(const void *a, const void *b) {
    const cluster_one *p = a, *q = b;
    if (p->least.x != q->least.x)
        return p->least.x < q->least.x ? -1 : 1;
    if (p->least.y != q->least.y)
        return p->least.y < q->least.y ? -1 : 1;
    return (p->rank > q->rank) - (p->rank < q->rank);
}

static elc_status number_all(cluster_found *f, grouping *g, elc_error *err) {
    int32_t *number;
    ELC_TRY(elc_alloc(g->n_all, sizeof *number, &number, err));
    if (g->n_all > 0)
        qsort(g->all, g->n_all, sizeof *g->all, by_least);
    for (size_t i = 0; i < g->n_all; i++)
        number[g->all[i].was] = (int32_t)i;
    for (size_t i = 0; i < f->n_placed; i++)
        if (f->cluster[i] >= 0)
            f->cluster[i] = number[f->cluster[i]];
    free(number);
    return ELC_OK;
}

static elc_status find_by(const cluster_job *job, cluster_found *f, grouping *g,
                          elc_error *err) {
    ELC_TRY(find_groups(job, f, g, err));
    ELC_TRY(order_rows(f, g, err));
    ELC_TRY(rank_groups(g, err));
    ELC_TRY(cluster_groups(job, f, g, err));
    return number_all(f, g, err);
}

elc_status elc_cluster_found_by(const cluster_job *job, cluster_found *f,
                                elc_error *err) {
    grouping g = {0};
    elc_status status = find_by(job, f, &g, err);
    elc_part_groups_free(&g.groups);
    free(g.group);
    free(g.first);
    free(g.order);
    free(g.rank);
    free(g.all);
    free(g.spots);
    free(g.labels);
    return status;
}
