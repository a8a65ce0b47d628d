/* pairs.c - which found and true boxes of an image overlap, and by how much. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/near.h"
#include "score/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PAIRS ((size_t)1 << 27)
#define SLACK      1e-6 /* of the search, so that rounding loses no pair */

enum { LEVEL_MIN = -30, LEVEL_MAX = 31 };

/* True boxes are found by size and centre. Boxes of an IoU of t differ in size by at
   most the factor t, so only some levels of size are looked at; and their centres lie
   less than (small side) / 2 + (1/2 - t) (large side) apart on each axis. */
typedef struct cell {
    int64_t column, row;
    int level; /* its side is 2^(level + 2), boxes' longer ones at least 2^level */
} cell;

typedef struct entry {
    cell at;
    double x, y;          /* its centre */
    uint32_t truth, next; /* next: index of an entry + 1 */
} entry;

/* The true boxes of one image. */
typedef struct lookup {
    entry *entries;
    uint32_t *heads; /* index of an entry + 1 */
    uint32_t *crowds;
    size_t n, n_crowds, mask;
    int level_min, level_max;
} lookup;

/* ---- cells ---------------------------------------------------------------------- */

static int level_of(double side) {
    int level = side > 0 ? ilogb(side) : LEVEL_MIN;
    return level < LEVEL_MIN ? LEVEL_MIN : level > LEVEL_MAX ? LEVEL_MAX : level;
}

static double longer_side(const elc_score_box *b) {
    return fmax(b->xmax - b->xmin, b->ymax - b->ymin);
}

static int64_t cell_of(double at, int level) {
    return (int64_t)floor(ldexp(at, -(level + 2)));
}

/* Cells of a row lie side by side, so that neighbours are in one line of the cache. */
static size_t slot_of(const lookup *x, cell c) {
    uint64_t h = (uint64_t)c.row * UINT64_C(0x9e3779b97f4a7c15) +
                 (uint64_t)(c.level - LEVEL_MIN) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)((h >> 20) + (uint64_t)c.column) & x->mask;
}

static void index_add(lookup *x, const elc_score_box *b, uint32_t truth) {
    if (b->crowd) {
        x->crowds[x->n_crowds++] = truth;
        return;
    }
    int level = level_of(longer_side(b));
    double cx = (b->xmin + b->xmax) / 2, cy = (b->ymin + b->ymax) / 2;
    cell at = {cell_of(cx, level), cell_of(cy, level), level};
    uint32_t *head = &x->heads[slot_of(x, at)];
    x->entries[x->n] = (entry){at, cx, cy, truth, *head};
    *head = (uint32_t)++x->n;
    if (level < x->level_min)
        x->level_min = level;
    if (level > x->level_max)
        x->level_max = level;
}

static void index_fill(lookup *x, const elc_score *s, uint32_t image, near_key *keys) {
    size_t from = s->truth_start[image], to = s->truth_start[image + 1];
    const uint32_t *truths = s->truths + from;
    x->n = x->n_crowds = 0;
    x->level_min = LEVEL_MAX + 1;
    x->level_max = LEVEL_MIN - 1;
    for (x->mask = 1; x->mask < to - from;)
        x->mask = 2 * x->mask + 1;
    for (size_t i = 0; i <= x->mask; i++)
        x->heads[i] = 0;
    elc_score_near(s->set.truth, truths, to - from, keys);
    for (size_t i = 0; i < to - from; i++)
        index_add(x, &s->set.truth[truths[keys[i].i]], truths[keys[i].i]);
}

/* ---- pairs ---------------------------------------------------------------------- */

/* The shared part over the union, or for a crowd over the found box alone, as
   pycocotools' bbIou reckons it. */
static double overlap(const elc_score_box *found, const elc_score_box *truth) {
    double w = fmin(found->xmax, truth->xmax) - fmax(found->xmin, truth->xmin);
    double h = fmin(found->ymax, truth->ymax) - fmax(found->ymin, truth->ymin);
    if (!(w > 0 && h > 0))
        return 0;
    double common = w * h, own = score_area(found);
    return common / (truth->crowd ? own : own + score_area(truth) - common);
}

/* A thread's share: the found boxes of places that follow each other. */
typedef struct search {
    const elc_score *score;
    double least;
    size_t from, to;
    size_t *start; /* where the pairs of each place are, counted from `from` */
    size_t *count;
    score_pair *pairs; /* in the order in which they were found */
    size_t n, capacity;
    lookup index;
    near_key *keys;
} search;

static elc_status fail_many(double least, elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "more than 2^27 pairs of boxes overlap by an IoU of %g: are there "
                    "many copies of each? suppress doubles first",
                    least);
}

static elc_status look_at(search *s, const elc_score_box *found, uint32_t truth,
                          elc_error *err) {
    const elc_score_box *b = &s->score->set.truth[truth];
    double iou = overlap(found, b);
    if (iou < s->least)
        return ELC_OK;
    if (s->n == MOST_PAIRS)
        return fail_many(s->least, err);
    ELC_TRY(elc_reserve(&s->pairs, &s->capacity, s->n + 1, sizeof *s->pairs, err));
    s->pairs[s->n++] = (score_pair){iou, truth, b->class_id == found->class_id};
    return ELC_OK;
}

/* Where the centres may lie. */
typedef struct reach {
    double xmin, ymin, xmax, ymax;
} reach;

static bool is_within(const reach *r, const entry *e) {
    return e->x >= r->xmin && e->x <= r->xmax && e->y >= r->ymin && e->y <= r->ymax;
}

static elc_status look_in(search *s, cell at, const elc_score_box *found,
                          const reach *r, elc_error *err) {
    const entry *entries = s->index.entries;
    for (uint32_t next = s->index.heads[slot_of(&s->index, at)]; next != 0;
         next = entries[next - 1].next) {
        const entry *e = &entries[next - 1];
        if (is_within(r, e) && e->at.column == at.column && e->at.row == at.row &&
            e->at.level == at.level)
            ELC_TRY(look_at(s, found, e->truth, err));
    }
    return ELC_OK;
}

static elc_status look_on_level(search *s, int level, const elc_score_box *found,
                                const reach *r, elc_error *err) {
    int64_t c0 = cell_of(r->xmin, level), c1 = cell_of(r->xmax, level);
    int64_t r0 = cell_of(r->ymin, level), r1 = cell_of(r->ymax, level);
    for (int64_t row = r0; row <= r1; row++)
        for (int64_t column = c0; column <= c1; column++)
            ELC_TRY(look_in(s, (cell){column, row, level}, found, r, err));
    return ELC_OK;
}

static reach reach_of(const elc_score_box *b, double least) {
    double beyond = fmax(0, 0.5 - least) / least + SLACK;
    double w = (b->xmax - b->xmin) * beyond, h = (b->ymax - b->ymin) * beyond;
    return (reach){b->xmin - w, b->ymin - h, b->xmax + w, b->ymax + h};
}

static elc_status look_around(search *s, const elc_score_box *b, elc_error *err) {
    const lookup *x = &s->index;
    double side = longer_side(b);
    reach r = reach_of(b, s->least);
    int from = level_of(side * s->least * (1 - SLACK));
    int to = level_of(side / s->least * (1 + SLACK));
    if (from < x->level_min)
        from = x->level_min;
    if (to > x->level_max)
        to = x->level_max;
    for (int level = from; level <= to && score_area(b) > 0; level++)
        ELC_TRY(look_on_level(s, level, b, &r, err));
    for (size_t i = 0; i < x->n_crowds; i++)
        ELC_TRY(look_at(s, b, x->crowds[i], err));
    return ELC_OK;
}

/* ---- a share of the found boxes ------------------------------------------------- */

static elc_status find_at(search *s, size_t place, elc_error *err) {
    const elc_score *score = s->score;
    size_t first = s->n;
    ELC_TRY(look_around(s, &score->set.found[score->by_image[place]], err));
    elc_score_sort_pairs(s->pairs + first, s->n - first);
    s->start[place - s->from] = first;
    s->count[place - s->from] = s->n - first;
    return ELC_OK;
}

/* The places [from, to) are of one image. */
static elc_status find_in_image(search *s, size_t from, size_t to, elc_error *err) {
    const elc_score *score = s->score;
    const uint32_t *found = score->by_image + from;
    index_fill(&s->index, score, score->set.found[found[0]].image, s->keys);
    elc_score_near(score->set.found, found, to - from, s->keys);
    for (size_t i = 0; i < to - from; i++)
        ELC_TRY(find_at(s, from + s->keys[i].i, err));
    return ELC_OK;
}

static elc_status find_share(search *s, elc_error *err) {
    const elc_score *score = s->score;
    for (size_t from = s->from, to; from < s->to; from = to) {
        to = score->image_start[score->set.found[score->by_image[from]].image + 1];
        to = to < s->to ? to : s->to;
        ELC_TRY(find_in_image(s, from, to, err));
    }
    return ELC_OK;
}

static size_t largest_group(const size_t *start, size_t n) {
    size_t most = 1;
    for (size_t i = 0; i < n; i++)
        if (start[i + 1] - start[i] > most)
            most = start[i + 1] - start[i];
    return most;
}

static elc_status search_create(search *s, elc_error *err) {
    const elc_score *score = s->score;
    size_t truths = largest_group(score->truth_start, score->set.n_images);
    size_t found = largest_group(score->image_start, score->set.n_images);
    size_t heads = 1, n = s->to - s->from;
    while (heads < truths)
        heads *= 2;
    ELC_TRY(elc_alloc(truths, sizeof *s->index.entries, &s->index.entries, err));
    ELC_TRY(elc_alloc(2 * heads, sizeof *s->index.heads, &s->index.heads, err));
    ELC_TRY(elc_alloc(truths, sizeof *s->index.crowds, &s->index.crowds, err));
    ELC_TRY(elc_alloc(truths > found ? truths : found, sizeof *s->keys, &s->keys, err));
    ELC_TRY(elc_alloc(n, sizeof *s->start, &s->start, err));
    return elc_alloc(n, sizeof *s->count, &s->count, err);
}

static elc_status run_share(void *arg, int which, elc_error *err) {
    search *s = (search *)arg + which;
    if (s->from == s->to)
        return ELC_OK;
    elc_status status = search_create(s, err);
    if (status == ELC_OK)
        status = find_share(s, err);
    free(s->index.entries);
    free(s->index.heads);
    free(s->index.crowds);
    free(s->keys);
    return status;
}

/* ---- all of them ---------------------------------------------------------------- */

/* Puts the pairs of all places in their order. */
static elc_status gather(elc_score *score, const search *shares, int n,
                         elc_error *err) {
    size_t at = 0, count = 0;
    for (int i = 0; i < n; i++)
        count += shares[i].n;
    if (count > MOST_PAIRS)
        return fail_many(shares[0].least, err);
    ELC_TRY(elc_alloc(count, sizeof *score->pairs, &score->pairs, err));
    for (int i = 0; i < n; i++) {
        const search *s = &shares[i];
        for (size_t k = 0; k < s->to - s->from; k++) {
            score->pair_start[s->from + k] = at;
            if (s->count[k] > 0)
                memcpy(score->pairs + at, s->pairs + s->start[k],
                       s->count[k] * sizeof *s->pairs);
            at += s->count[k];
        }
    }
    score->pair_start[score->set.n_found] = at;
    return ELC_OK;
}

elc_status elc_score_find_pairs(elc_score *score, double least_iou, int threads,
                                elc_error *err) {
    size_t n = score->set.n_found;
    search *shares = NULL;
    ELC_TRY(elc_alloc(n + 1, sizeof(size_t), &score->pair_start, err));
    ELC_TRY(elc_alloc((size_t)threads, sizeof *shares, &shares, err));
    for (int i = 0; i < threads; i++) {
        size_t from = n * (size_t)i / (size_t)threads;
        size_t to = n * ((size_t)i + 1) / (size_t)threads;
        shares[i] =
            (search){.score = score, .least = least_iou, .from = from, .to = to};
    }
    elc_status status = elc_threads_run(threads, run_share, shares, err);
    if (status == ELC_OK)
        status = gather(score, shares, threads, err);
    for (int i = 0; i < threads; i++) {
        free(shares[i].start);
        free(shares[i].count);
        free(shares[i].pairs);
    }
    free(shares);
    return status;
}
