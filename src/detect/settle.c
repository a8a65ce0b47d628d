/* settle.c - which views are one object, and what that object is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "merge.h"
#include "shape.h"

#include <math.h>
#include <stdlib.h>

/* A chip that a view was paired with before; entries of one view are a list. */
typedef struct met {
    int64_t chip;
    size_t next;
} met;

/* Room for one settling: index arrays over views, NONE-terminated lists. */
typedef struct work {
    const elc_glimpse *views;
    size_t n;
    size_t *set;       /* connected sets: parent of each view */
    int64_t *last_row; /* of the set, at its root */
    bool *open;        /* of the set, at its root */
    size_t *group;     /* root of the object that a view belongs to */
    size_t *next;      /* next member of the object; at the root: all of them */
    size_t *met_head;  /* per view: chips that it was paired with */
    met *met_items;
    size_t n_met;
} work;

static const size_t NONE = SIZE_MAX;

int elc_glimpse_compare(const elc_glimpse *a, const elc_glimpse *b) {
    if (a->chip != b->chip)
        return a->chip < b->chip ? -1 : 1;
    return elc_box_compare(&a->box, &b->box);
}

static void work_free(work *w) {
    free(w->set);
    free(w->last_row);
    free(w->open);
    free(w->group);
    free(w->next);
    free(w->met_head);
    free(w->met_items);
}

static elc_status work_start(work *w, const elc_glimpse *views, size_t n,
                             size_t n_pairs, elc_error *err) {
    *w = (work){.views = views, .n = n};
    ELC_TRY(elc_alloc(n, sizeof *w->set, &w->set, err));
    ELC_TRY(elc_alloc(n, sizeof *w->last_row, &w->last_row, err));
    ELC_TRY(elc_alloc(n, sizeof *w->open, &w->open, err));
    ELC_TRY(elc_alloc(n, sizeof *w->group, &w->group, err));
    ELC_TRY(elc_alloc(n, sizeof *w->next, &w->next, err));
    ELC_TRY(elc_alloc(n, sizeof *w->met_head, &w->met_head, err));
    ELC_TRY(elc_alloc(2 * n_pairs, sizeof *w->met_items, &w->met_items, err));
    for (size_t i = 0; i < n; i++) {
        w->set[i] = w->group[i] = i;
        w->last_row[i] = views[i].last_row;
        w->open[i] = views[i].open;
        w->next[i] = w->met_head[i] = NONE;
    }
    return ELC_OK;
}

static size_t find_root(size_t *parent, size_t i) {
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join_sets(work *w, size_t a, size_t b) {
    a = find_root(w->set, a);
    b = find_root(w->set, b);
    if (a == b)
        return;
    w->set[b] = a;
    w->open[a] = w->open[a] || w->open[b];
    if (w->last_row[b] > w->last_row[a])
        w->last_row[a] = w->last_row[b];
}

/* True when the view was paired with that chip before; else notes it. */
static bool met_before(work *w, size_t view, int64_t chip) {
    for (size_t i = w->met_head[view]; i != NONE; i = w->met_items[i].next)
        if (w->met_items[i].chip == chip)
            return true;
    w->met_items[w->n_met] = (met){chip, w->met_head[view]};
    w->met_head[view] = w->n_met++;
    return false;
}

/* A chip shows an object once. */
static bool share_a_chip(const work *w, size_t a, size_t b) {
    for (size_t i = a; i != NONE; i = w->next[i])
        for (size_t j = b; j != NONE; j = w->next[j])
            if (w->views[i].chip == w->views[j].chip)
                return true;
    return false;
}

static void join_groups(work *w, size_t a, size_t b) {
    a = find_root(w->group, a);
    b = find_root(w->group, b);
    if (a == b || share_a_chip(w, a, b))
        return;
    w->group[b] = a;
    size_t last = a;
    while (w->next[last] != NONE)
        last = w->next[last];
    w->next[last] = b;
}

/* Pairs in the order in which they are taken: same class first, falling IoU, and then
   by the views themselves, so that nothing depends on where they are in memory. */
static int compare_pairs(const void *p, const void *q, void *views) {
    const elc_pair *a = p, *b = q;
    const elc_glimpse *v = views;
    if (a->same_class != b->same_class)
        return a->same_class ? -1 : 1;
    if (a->iou != b->iou)
        return a->iou > b->iou ? -1 : 1;
    int order = elc_glimpse_compare(&v[a->a], &v[b->a]);
    return order ? order : elc_glimpse_compare(&v[a->b], &v[b->b]);
}

/* Two views are one object when each is the other's best in its chip: pairs come best
   first, so that is when neither met the other's chip before. */
static void match(work *w, const elc_pair *pairs, size_t n, const bool *done) {
    for (size_t i = 0; i < n; i++) {
        size_t a = pairs[i].a, b = pairs[i].b;
        if (!done[a])
            continue;
        bool a_met = met_before(w, a, w->views[b].chip);
        bool b_met = met_before(w, b, w->views[a].chip);
        if (!a_met && !b_met)
            join_groups(w, a, b);
    }
}

static bool too_long(unsigned cut) {
    return ((cut & CUT_LEFT) && (cut & CUT_RIGHT)) ||
           ((cut & CUT_TOP) && (cut & CUT_BOTTOM));
}

/* Takes the detection, even when it fails. */
static elc_status append(elc_detection_list *out, elc_detection d, elc_error *err) {
    elc_status status = elc_reserve(&out->items, &out->capacity, out->count + 1,
                                    sizeof *out->items, err);
    if (status == ELC_OK)
        out->items[out->count++] = d;
    else
        elc_detection_clear(&d);
    return status;
}

static elc_status append_open(const elc_glimpse *v, elc_detection_list *out,
                              elc_error *err) {
    elc_detection d = {.chip = v->chip,
                       .first_chip = v->chip,
                       .touches_border = v->cut != 0,
                       .too_long = too_long(v->cut),
                       .open = true};
    ELC_TRY(elc_box_copy(&v->box, &d.box, err));
    return append(out, d, err);
}

/* A whole view is better than a cut one, then the order of boxes and chips decides. */
static bool better(const elc_glimpse *a, const elc_glimpse *b) {
    if (!a->cut != !b->cut)
        return !a->cut;
    int order = elc_box_compare(&a->box, &b->box);
    return order ? order < 0 : a->chip < b->chip;
}

/* The turned box of the longest view, made longer and wider to hold what all have seen.
 */
static elc_turned join_turned(const work *w, size_t root) {
    const elc_glimpse *longest = &w->views[root];
    double most = 0;
    for (size_t i = root; i != NONE; i = w->next[i]) {
        const elc_glimpse *v = &w->views[i];
        double side = fmax(v->box.turned.width, v->box.turned.height);
        if (side > most || (side == most && better(v, longest))) {
            longest = v;
            most = side;
        }
    }
    elc_spread spread;
    elc_spread_start(&spread, &longest->box.turned);
    for (size_t i = root; i != NONE; i = w->next[i])
        elc_spread_add(&spread, &w->views[i].box);
    return elc_spread_turned(&spread);
}

/* Adds to the mask of `box` those of all views. */
static elc_status join_masks(const work *w, size_t root, elc_box *box, elc_error *err) {
    for (size_t i = root; i != NONE; i = w->next[i]) {
        elc_mask *all = NULL;
        if (!w->views[i].box.mask)
            continue;
        ELC_TRY(elc_mask_join(box->mask, w->views[i].box.mask, &all, err));
        free(box->mask);
        box->mask = all;
    }
    return ELC_OK;
}

/* What views that were all cut show together. */
static elc_status join_views(const work *w, size_t root, elc_box *box, elc_error *err) {
    bool several = w->next[root] != NONE;
    for (size_t i = root; i != NONE; i = w->next[i])
        elc_box_widen(box, &w->views[i].box);
    if (several && box->turned.width > 0)
        box->turned = join_turned(w, root);
    return several && box->mask ? join_masks(w, root, box, err) : ELC_OK;
}

/* The best score, the whole box if there is one, else what all show together. */
static elc_status describe(const work *w, size_t root, elc_detection_list *out,
                           elc_error *err) {
    const elc_glimpse *best = &w->views[root];
    elc_detection d = {.first_chip = best->chip};
    float score = 0;
    for (size_t i = root; i != NONE; i = w->next[i]) {
        const elc_glimpse *v = &w->views[i];
        if (better(v, best))
            best = v;
        d.first_chip = v->chip < d.first_chip ? v->chip : d.first_chip;
        d.too_long = d.too_long || too_long(v->cut);
    }
    for (size_t i = root; i != NONE; i = w->next[i])
        if (w->views[i].box.class_id == best->box.class_id)
            score = fmaxf(score, w->views[i].box.score);
    d.touches_border = best->cut != 0;
    ELC_TRY(elc_box_copy(&best->box, &d.box, err));
    d.box.score = score;
    elc_status status = best->cut ? join_views(w, root, &d.box, err) : ELC_OK;
    if (status == ELC_OK)
        return append(out, d, err);
    elc_detection_clear(&d);
    return status;
}

elc_status elc_settle_alone(elc_glimpse *view, elc_detection_list *out,
                            elc_error *err) {
    return append(out,
                  (elc_detection){.box = view->box,
                                  .first_chip = view->chip,
                                  .touches_border = view->cut != 0,
                                  .too_long = too_long(view->cut)},
                  err);
}

static elc_status settle_done(work *w, const bool *done, elc_detection_list *out,
                              elc_error *err) {
    for (size_t i = 0; i < w->n; i++) {
        if (!done[i])
            continue;
        if (w->open[find_root(w->set, i)])
            ELC_TRY(append_open(&w->views[i], out, err));
        else if (w->group[i] == i)
            ELC_TRY(describe(w, i, out, err));
    }
    return ELC_OK;
}

elc_status elc_settle(const elc_glimpse *views, size_t n, elc_pair *pairs,
                      size_t n_pairs, int64_t row, bool *done, elc_detection_list *out,
                      elc_error *err) {
    work w = {0};
    elc_status status;
    ELC_TRY_GOTO(work_start(&w, views, n, n_pairs, err), status, done);
    for (size_t i = 0; i < n_pairs; i++)
        join_sets(&w, pairs[i].a, pairs[i].b);
    for (size_t i = 0; i < n; i++)
        done[i] = w.last_row[find_root(w.set, i)] <= row;
    if (n_pairs > 0)
        qsort_r(pairs, n_pairs, sizeof *pairs, compare_pairs, (void *)(uintptr_t)views);
    match(&w, pairs, n_pairs, done);
    status = settle_done(&w, done, out, err);
done:
    work_free(&w);
    return status;
}
