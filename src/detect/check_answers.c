/* check_answers.c - the five best answers of a network, whatever it is for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a map: more are no classes. */
enum { CLASSES_MAX = 4096 };
/* Boxes that NMS looks at for the best five. */
enum { NMS_MAX = 3000 };

/* Keeps the five greatest, the first of equals first. */
static void offer(elc_check *check, const elc_answer *answer) {
    size_t at = check->n_answers;
    if (!isfinite(answer->value))
        return;
    while (at > 0 && check->answers[at - 1].value < answer->value)
        at--;
    if (at == ELC_ANSWERS_MAX)
        return;
    if (check->n_answers < ELC_ANSWERS_MAX)
        check->n_answers++;
    memmove(check->answers + at + 1, check->answers + at,
            (check->n_answers - at - 1) * sizeof *check->answers);
    check->answers[at] = *answer;
}

static const char *class_at(const elc_check *check, int64_t i, size_t classes) {
    const elc_names *names = check->info->classes;
    bool fits = check->info->kind == ELC_MODEL_DETECTOR || names->count == classes;
    return fits && i >= 0 && (size_t)i < names->count ? names->items[i] : NULL;
}

/* ---- boxes --------------------------------------------------------------------------
 */

static int by_order(const void *a, const void *b) {
    return elc_box_compare(a, b);
}

/* NMS over the best, and of what is left the best five and how many count. */
static elc_status answer_boxes(elc_check *check, elc_error *err) {
    elc_box_list *all = &check->boxes, *few = &check->few;
    if (all->count > 1)
        qsort(all->items, all->count, sizeof *all->items, by_order);
    while (check->over < all->count &&
           (double)all->items[check->over].score >= check->score)
        check->over++;
    size_t n = all->count < NMS_MAX ? all->count : NMS_MAX;
    ELC_TRY(elc_reserve(&few->items, &few->capacity, n, sizeof *few->items, err));
    if (n > 0)
        memcpy(few->items, all->items, n * sizeof *few->items);
    few->count = n;
    if (check->info->needs_nms)
        ELC_TRY(elc_nms(few->items, &few->count, check->iou, false, err));
    for (size_t i = 0; i < few->count && i < ELC_ANSWERS_MAX; i++) {
        elc_box box = few->items[i];
        offer(check, &(elc_answer){.name = class_at(check, box.class_id, 0),
                                   .number = box.class_id,
                                   .value = (double)box.score,
                                   .box = box});
    }
    while (few->count > 0 && (double)few->items[few->count - 1].score < check->score)
        few->count--;
    return ELC_OK;
}

/* ---- numbers ------------------------------------------------------------------------
 */

/* Of the first chip or row. */
static size_t numbers_of_first(const elc_values *v) {
    return v->rank > 1 && v->dims[0] > 0 ? v->count / (size_t)v->dims[0] : v->count;
}

static void answer_row(elc_check *check, const elc_values *v) {
    size_t n = numbers_of_first(v);
    for (size_t i = 0; v->numbers != NULL && i < n; i++) {
        const char *word = i < v->words.count ? v->words.items[i]
                           : check->info->kind == ELC_MODEL_CLASSIFIER
                               ? class_at(check, (int64_t)i, n)
                               : NULL;
        offer(check, &(elc_answer){
                         .name = word, .number = (int64_t)i, .value = v->numbers[i]});
    }
}

/* The class of each pixel: the greatest of its numbers, or the number itself; -1 where
   there is none. `step` is between classes, and pixels lie side by side or are whole
   rows of classes. */
static int64_t class_of(const elc_values *v, size_t pixel, size_t classes,
                        size_t pixels, bool last) {
    int64_t best = -1;
    if (classes == 0) { /* half and more of a sure one is one */
        double whole = floor(v->numbers[pixel] + 0.5);
        return whole >= 0 && whole < CLASSES_MAX ? (int64_t)whole : -1;
    }
    for (size_t c = 0; c < classes; c++) {
        double value = v->numbers[last ? pixel * classes + c : c * pixels + pixel];
        size_t at = best < 0 ? 0 : (size_t)best;
        double so_far = v->numbers[last ? pixel * classes + at : at * pixels + pixel];
        if (isfinite(value) && (best < 0 || value > so_far))
            best = (int64_t)c;
    }
    return best;
}

/* Numbers of classes are whole, and how sure one is lies between 0 and 1; others are
   heights or the like, of which the ranges tell. */
static bool are_classes(const elc_values *v) {
    bool whole = true, share = true;
    for (size_t i = 0; i < v->count && (whole || share); i++) {
        double value = v->numbers[i];
        whole = whole && !(floor(value) < value);
        share = share && !(value < 0 || value > 1);
    }
    return whole || share;
}

/* Shares of the pixels that each class has. */
static elc_status answer_map(elc_check *check, const elc_values *v, size_t axis,
                             elc_error *err) {
    bool whole = axis >= v->rank;
    size_t n = numbers_of_first(v), classes = whole ? 0 : (size_t)v->dims[axis];
    size_t pixels = classes > 0 ? n / classes : n, *seen = NULL;
    size_t most = classes > 0 ? classes : CLASSES_MAX;
    if (v->numbers == NULL || most > CLASSES_MAX || (whole && !are_classes(v)))
        return ELC_OK;
    ELC_TRY(elc_alloc(most, sizeof *seen, &seen, err));
    for (size_t p = 0; p < pixels; p++) {
        int64_t c = class_of(v, p, classes, pixels, axis + 1 == v->rank);
        if (c >= 0)
            seen[c]++;
    }
    for (size_t c = 0; c < most; c++)
        if (seen[c] > 0)
            offer(check, &(elc_answer){.name = class_at(check, (int64_t)c, most),
                                       .number = (int64_t)c,
                                       .value = (double)seen[c] / (double)pixels});
    free(seen);
    return ELC_OK;
}

elc_status elc_check_answer(elc_check *check, elc_error *err) {
    size_t output, axis;
    if (check->info->kind == ELC_MODEL_DETECTOR)
        return check->unread.size > 0 ? ELC_OK : answer_boxes(check, err);
    elc_model_answer(check->model, &output, &axis);
    if (output >= check->n_outputs)
        return ELC_OK;
    const elc_values *v = &check->outputs[output];
    if (check->info->kind == ELC_MODEL_MAP && v->rank > 2)
        return answer_map(check, v, axis, err);
    answer_row(check, v);
    return ELC_OK;
}
