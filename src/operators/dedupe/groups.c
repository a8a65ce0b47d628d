/* groups.c - rows that are one object, put together: pairs by rising distance, as long
   as no image would show an object twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "groups.h"

#include <stdlib.h>

#include "near.h"

#define NONE UINT32_MAX

static const uint64_t MOST_LOOKS = UINT64_C(1) << 34;
static const size_t MOST_PAIRS = (size_t)1 << 26; /* in memory at a time: 1 GiB */

typedef struct pair {
    double metres;
    uint32_t a, b;
} pair;

typedef struct grouper {
    rule_book *book;
    const elc_context *context;
    size_t n;
    near_tree tree;
    uint32_t *cluster; /* rows that pairs lead to from each other: a tree each */
    uint32_t *order;   /* rows by cluster */
    uint32_t *group;   /* the objects, trees too */
    uint32_t *next;    /* of the group's rows, by image; NONE: the last */
    uint32_t *last;    /* cluster in which an image was met last */
    pair *pairs;
    size_t n_pairs, capacity;
} grouper;

static uint32_t root_of(uint32_t *parent, uint32_t i) {
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* ---- clusters ------------------------------------------------------------------- */

static elc_status too_wide(const grouper *g, elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "too many of the %zu rows are near enough to each other to be one "
                    "object; give a smaller --tolerance",
                    g->n);
}

/* The smaller root stays, so that clusters and their rows rise. */
static void join_clusters(grouper *g, uint32_t a, uint32_t b) {
    a = root_of(g->cluster, a), b = root_of(g->cluster, b);
    if (a < b)
        g->cluster[b] = a;
    else
        g->cluster[a] = b;
}

/* The rule on a pair as the near ones are found: the row that is sorted first is the
   first of the pair. */
static elc_status ask_rule(grouper *g, uint32_t row, uint32_t other, bool *same,
                           pair *out, elc_error *err) {
    *out = row < other ? (pair){.a = row, .b = other} : (pair){.a = other, .b = row};
    ELC_TRY(elc_check_cancel(g->context, err));
    return elc_rule_same(g->book, out->a, out->b, same, &out->metres, err);
}

static elc_status find_cluster(grouper *g, uint32_t row, elc_error *err) {
    ELC_TRY(elc_check_cancel(g->context, err));
    ELC_TRY(elc_near_find(&g->tree, row, err));
    if (g->tree.looks > MOST_LOOKS)
        return too_wide(g, err);
    for (size_t i = 0; i < g->tree.n_found; i++) {
        uint32_t other = g->tree.found[i];
        bool same;
        pair p;
        if (root_of(g->cluster, row) == root_of(g->cluster, other))
            continue;
        ELC_TRY(ask_rule(g, row, other, &same, &p, err));
        if (same)
            join_clusters(g, row, other);
    }
    return ELC_OK;
}

static elc_status find_clusters(grouper *g, elc_error *err) {
    for (size_t i = 0; i < g->n; i++)
        ELC_TRY(find_cluster(g, g->tree.order[i], err));
    return ELC_OK;
}

/* Counts the rows of each cluster in `group`, then deals them out: `order` has clusters
   by their first row, and a cluster's rows rising. */
static void order_rows(grouper *g) {
    uint32_t at = 0;
    for (size_t i = 0; i < g->n; i++)
        g->group[root_of(g->cluster, (uint32_t)i)]++;
    for (size_t i = 0; i < g->n; i++) {
        uint32_t count = g->group[i];
        g->group[i] = at;
        at += count;
    }
    for (size_t i = 0; i < g->n; i++)
        g->order[g->group[root_of(g->cluster, (uint32_t)i)]++] = (uint32_t)i;
}

/* ---- objects ----------------------------------------------------------------------
 */

static elc_status add_pairs(grouper *g, uint32_t row, elc_error *err) {
    ELC_TRY(elc_near_find(&g->tree, row, err));
    for (size_t i = 0; i < g->tree.n_found; i++) {
        pair p;
        bool same;
        ELC_TRY(ask_rule(g, row, g->tree.found[i], &same, &p, err));
        if (!same)
            continue;
        if (g->n_pairs == MOST_PAIRS)
            return too_wide(g, err);
        ELC_TRY(elc_reserve(&g->pairs, &g->capacity, g->n_pairs + 1, sizeof *g->pairs,
                            err));
        g->pairs[g->n_pairs++] = p;
    }
    return ELC_OK;
}

static int by_distance(const void *one, const void *two) {
    const pair *a = one, *b = two;
    if (a->metres != b->metres)
        return a->metres < b->metres ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static uint32_t image_of(const grouper *g, uint32_t row) {
    return g->book->table->rows[row].image;
}

/* The first of a group is its root: rows are listed by image. */
static bool share_image(const grouper *g, uint32_t a, uint32_t b) {
    while (a != NONE && b != NONE) {
        uint32_t one = image_of(g, a), other = image_of(g, b);
        if (one == other)
            return true;
        if (one < other)
            a = g->next[a];
        else
            b = g->next[b];
    }
    return false;
}

static void join_groups(grouper *g, uint32_t a, uint32_t b) {
    bool first = image_of(g, a) < image_of(g, b);
    uint32_t root = first ? a : b, last = root;
    g->group[first ? b : a] = root;
    if (first)
        a = g->next[a];
    else
        b = g->next[b];
    while (a != NONE || b != NONE) {
        bool take = b == NONE || (a != NONE && image_of(g, a) < image_of(g, b));
        uint32_t *from = take ? &a : &b;
        g->next[last] = *from;
        last = *from;
        *from = g->next[last];
    }
    g->next[last] = NONE;
}

static elc_status take_pairs(grouper *g, elc_error *err) {
    if (g->n_pairs > 0)
        qsort(g->pairs, g->n_pairs, sizeof *g->pairs, by_distance);
    for (size_t i = 0; i < g->n_pairs; i++) {
        uint32_t a = root_of(g->group, g->pairs[i].a);
        uint32_t b = root_of(g->group, g->pairs[i].b);
        ELC_TRY(elc_check_cancel(g->context, err));
        if (a != b && !share_image(g, a, b))
            join_groups(g, a, b);
    }
    return ELC_OK;
}

/* One row of the group stays, and has the images of all. */
static void settle_group(grouper *g, uint32_t root, uint64_t *joined) {
    int32_t *seen = g->book->table->seen;
    const dedupe_row *rows = g->book->table->rows;
    uint32_t best = root;
    int64_t images = 0;
    for (uint32_t i = root; i != NONE; i = g->next[i]) {
        images += seen[rows[i].number];
        seen[rows[i].number] = 0;
        if (i != root && elc_rule_better(g->book, i, best))
            best = i;
    }
    seen[rows[best].number] = images < INT32_MAX ? (int32_t)images : INT32_MAX;
    *joined += g->next[root] != NONE;
}

/* Whether no image has two rows of the cluster: then it is one object, since nothing
   keeps any of its pairs apart. */
static bool is_object(grouper *g, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        uint32_t *last = &g->last[image_of(g, g->order[i])];
        if (*last == g->order[first])
            return false;
        *last = g->order[first];
    }
    return true;
}

static void join_cluster(grouper *g, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        g->group[g->order[i]] = g->order[first];
        g->next[g->order[i]] = i + 1 < end ? g->order[i + 1] : NONE;
    }
}

static elc_status join_pairs(grouper *g, size_t first, size_t end, elc_error *err) {
    g->n_pairs = 0;
    for (size_t i = first; i < end; i++) {
        ELC_TRY(elc_check_cancel(g->context, err));
        ELC_TRY(add_pairs(g, g->order[i], err));
    }
    return take_pairs(g, err);
}

static elc_status settle_cluster(grouper *g, size_t first, size_t end, uint64_t *joined,
                                 elc_error *err) {
    if (is_object(g, first, end))
        join_cluster(g, first, end);
    else
        ELC_TRY(join_pairs(g, first, end, err));
    for (size_t i = first; i < end; i++)
        if (g->group[g->order[i]] == g->order[i])
            settle_group(g, g->order[i], joined);
    return ELC_OK;
}

static elc_status settle_clusters(grouper *g, uint64_t *joined, elc_error *err) {
    for (size_t i = 0; i < g->n; i++) {
        g->group[i] = (uint32_t)i;
        g->next[i] = NONE;
    }
    for (size_t first = 0, end = 0; first < g->n; first = end) {
        uint32_t root = root_of(g->cluster, g->order[first]);
        while (end < g->n && root_of(g->cluster, g->order[end]) == root)
            end++;
        ELC_TRY(elc_check_cancel(g->context, err));
        ELC_TRY(settle_cluster(g, first, end, joined, err));
    }
    return ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static elc_status grouper_fill(grouper *g, elc_error *err) {
    ELC_TRY(elc_alloc(g->n, sizeof *g->cluster, &g->cluster, err));
    ELC_TRY(elc_alloc(g->n, sizeof *g->order, &g->order, err));
    ELC_TRY(elc_alloc(g->n, sizeof *g->group, &g->group, err));
    ELC_TRY(elc_alloc(g->n, sizeof *g->next, &g->next, err));
    size_t images = g->book->table->images.keys.count;
    ELC_TRY(elc_alloc(images, sizeof *g->last, &g->last, err));
    for (size_t i = 0; i < images; i++)
        g->last[i] = NONE;
    for (size_t i = 0; i < g->n; i++)
        g->cluster[i] = (uint32_t)i;
    return elc_near_create(g->book, g->context, &g->tree, err);
}

elc_status elc_dedupe_groups(rule_book *book, const elc_context *context,
                             uint64_t *joined, elc_error *err) {
    grouper g = {.book = book, .context = context, .n = book->table->n_placed};
    elc_status status = ELC_OK;
    *joined = 0;
    if (g.n == 0)
        return ELC_OK;
    ELC_TRY_GOTO(grouper_fill(&g, err), status, done);
    ELC_TRY_GOTO(find_clusters(&g, err), status, done);
    order_rows(&g);
    status = settle_clusters(&g, joined, err);
done:
    elc_near_free(&g.tree);
    free(g.cluster);
    free(g.order);
    free(g.group);
    free(g.next);
    free(g.last);
    free(g.pairs);
    return status;
}
