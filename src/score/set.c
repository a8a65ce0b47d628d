/* set.c - boxes from outside: checked, and put in the orders that matching needs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <math.h>
#include <stdlib.h>

#define FARTHEST 1073741824.0 /* 2^30: cells of the index are whole numbers there */

/* ---- checks --------------------------------------------------------------------- */

static const char *wrong_box(const elc_score_box *b, const elc_score_set *set) {
    double sides[] = {b->xmin, b->ymin, b->xmax, b->ymax};
    for (int i = 0; i < 4; i++)
        if (!(fabs(sides[i]) <= FARTHEST))
            return "has a side that is no number, or over 2^30 from the origin";
    if (b->xmax < b->xmin || b->ymax < b->ymin)
        return "ends before it begins";
    if (b->image >= set->n_images || b->class_id >= set->n_classes)
        return "is of an image or class beyond those that were counted";
    return NULL;
}

static const char *wrong_score(const elc_score_box *b, elc_score_rule rule) {
    if (!isfinite(b->score))
        return "has a score that is no number";
    if (rule != ELC_SCORE_XVIEW)
        return NULL;
    if (!(b->score > 0 && b->score <= 1))
        return "has a score outside of (0, 1], which xView's rules refuse";
    if (b->xmin < 0 || b->ymin < 0 || b->xmax < 0 || b->ymax < 0)
        return "has a negative side, which xView's rules refuse";
    return NULL;
}

static elc_status fail_box(const char *kind, size_t i, const elc_score_box *b,
                           const char *why, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s box %zu (%g, %g to %g, %g, score %g) %s",
                    kind, i + 1, b->xmin, b->ymin, b->xmax, b->ymax, b->score, why);
}

elc_status elc_score_check(const elc_score_set *set, elc_score_rule rule,
                           elc_error *err) {
    if (set->n_found >= ELC_SCORE_NONE || set->n_truth >= ELC_SCORE_NONE)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%zu and %zu boxes: more than the 2^32 that can be compared",
                        set->n_found, set->n_truth);
    for (size_t i = 0; i < set->n_found; i++) {
        const char *why = wrong_box(&set->found[i], set);
        if (why == NULL)
            why = wrong_score(&set->found[i], rule);
        if (why != NULL)
            return fail_box("found", i, &set->found[i], why, err);
    }
    for (size_t i = 0; i < set->n_truth; i++) {
        const char *why = wrong_box(&set->truth[i], set);
        if (why != NULL)
            return fail_box("true", i, &set->truth[i], why, err);
    }
    return ELC_OK;
}

/* ---- orders --------------------------------------------------------------------- */

typedef struct key {
    double score;
    uint32_t group, image, index;
} key;

static int compare_keys(const void *a, const void *b) {
    const key *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->score > y->score || x->score < y->score)
        return x->score > y->score ? -1 : 1;
    if (x->image != y->image)
        return x->image < y->image ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* `start` becomes where each group begins, of groups that come one after the other. */
static void fill_starts(const key *keys, size_t n, size_t *start, size_t n_groups) {
    size_t at = 0;
    for (size_t g = 0; g <= n_groups; g++) {
        while (at < n && keys[at].group < g)
            at++;
        start[g] = at;
    }
}

static void sort_into(key *keys, size_t n, uint32_t *order, size_t *start,
                      size_t n_groups) {
    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 0; i < n; i++)
        order[i] = keys[i].index;
    fill_starts(keys, n, start, n_groups);
}

static void order_found(elc_score *s, key *keys) {
    const elc_score_set *set = &s->set;
    for (size_t i = 0; i < set->n_found; i++) {
        const elc_score_box *b = &set->found[i];
        keys[i] = (key){b->score, b->image, b->image, (uint32_t)i};
    }
    sort_into(keys, set->n_found, s->by_image, s->image_start, set->n_images);
    for (size_t i = 0; i < set->n_found; i++)
        keys[i].group = set->found[keys[i].index].class_id;
    sort_into(keys, set->n_found, s->by_class, s->class_start, set->n_classes);
}

/* Counting, for there is nothing but the image to sort by. */
static void order_truth(elc_score *s) {
    const elc_score_set *set = &s->set;
    size_t *start = s->truth_start;
    for (size_t i = 0; i < set->n_truth; i++)
        start[set->truth[i].image + 1]++;
    for (size_t i = 0; i < set->n_images; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < set->n_truth; i++)
        s->truths[start[set->truth[i].image]++] = (uint32_t)i;
    for (size_t i = set->n_images; i > 0; i--)
        start[i] = start[i - 1];
    start[0] = 0;
}

/* `last` has, for each class, the image that it was last met in, and how often. */
typedef struct tally {
    uint32_t image, count;
} tally;

static void count_ranks(elc_score *s, tally *last) {
    for (uint32_t c = 0; c < s->set.n_classes; c++)
        last[c] = (tally){ELC_SCORE_NONE, 0};
    for (size_t i = 0; i < s->set.n_found; i++) {
        const elc_score_box *b = &s->set.found[s->by_image[i]];
        tally *t = &last[b->class_id];
        if (t->image != b->image)
            *t = (tally){b->image, 0};
        s->rank[s->by_image[i]] = t->count++;
    }
}

elc_status elc_score_order(elc_score *s, elc_error *err) {
    const elc_score_set *set = &s->set;
    size_t n = set->n_found;
    key *keys = NULL;
    tally *last = NULL;
    ELC_TRY(elc_alloc(n, sizeof(uint32_t), &s->by_image, err));
    ELC_TRY(elc_alloc(n, sizeof(uint32_t), &s->by_class, err));
    ELC_TRY(elc_alloc(n, sizeof(uint32_t), &s->rank, err));
    ELC_TRY(elc_alloc(set->n_truth, sizeof(uint32_t), &s->truths, err));
    ELC_TRY(elc_alloc((size_t)set->n_images + 1, sizeof(size_t), &s->image_start, err));
    ELC_TRY(elc_alloc((size_t)set->n_images + 1, sizeof(size_t), &s->truth_start, err));
    ELC_TRY(
        elc_alloc((size_t)set->n_classes + 1, sizeof(size_t), &s->class_start, err));
    ELC_TRY(elc_alloc(n, sizeof *keys, &keys, err));
    elc_status status = elc_alloc(set->n_classes, sizeof *last, &last, err);
    if (status == ELC_OK) {
        order_found(s, keys);
        order_truth(s);
        count_ranks(s, last);
    }
    free(keys);
    free(last);
    return status;
}

/* ---- life ----------------------------------------------------------------------- */

/* `overlaps` NULL: of boxes. */
static elc_status create(const elc_score_set *set, const elc_score_overlap *overlaps,
                         size_t n, double least_iou, int threads, elc_score **out,
                         elc_error *err) {
    elc_score *s = NULL;
    ELC_TRY(elc_score_check(set, ELC_SCORE_COCO, err));
    if (!(least_iou > 0 && least_iou <= 1))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "an IoU of %g: it must be over 0, at most 1", least_iou);
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->set = *set;
    s->threads = threads > 0 ? threads : elc_cpu_count();
    elc_status status = elc_score_order(s, err);
    if (status == ELC_OK)
        status = overlaps ? elc_score_take_pairs(s, overlaps, n, least_iou, err)
                          : elc_score_find_pairs(s, least_iou, s->threads, err);
    if (status != ELC_OK) {
        elc_score_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

elc_status elc_score_create(const elc_score_set *set, double least_iou, int threads,
                            elc_score **out, elc_error *err) {
    return create(set, NULL, 0, least_iou, threads, out, err);
}

elc_status elc_score_create_of(const elc_score_set *set,
                               const elc_score_overlap *overlaps, size_t n,
                               double least_iou, int threads, elc_score **out,
                               elc_error *err) {
    static const elc_score_overlap none;
    return create(set, overlaps ? overlaps : &none, n, least_iou, threads, out, err);
}

void elc_score_free(elc_score *s) {
    if (s == NULL)
        return;
    free(s->by_image);
    free(s->by_class);
    free(s->truths);
    free(s->image_start);
    free(s->class_start);
    free(s->truth_start);
    free(s->rank);
    free(s->pair_start);
    free(s->pairs);
    free(s);
}
