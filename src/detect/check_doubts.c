/* check_doubts.c - what looks wrong in what a network gave, in plain words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { ENOUGH = 20, LOOKED_AT = 100 };

static elc_status add(elc_check *check, elc_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static elc_status add(elc_check *check, elc_error *err, const char *format, ...) {
    char text[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return elc_names_add(&check->doubts, text, err);
}

/* ---- what went in -------------------------------------------------------------------
 */

/* Only where the numbers are what detect would make of bytes. */
static elc_status doubt_range(elc_check *check, elc_error *err) {
    const elc_model_info *info = check->info;
    double ratio = info->usual_scale > 0 ? info->scale / info->usual_scale : 1;
    if (info->head != NULL && (ratio > 20 || ratio < 0.05))
        return add(check, err,
                   "pixels go in as 0 to %g before mean and std; %s networks are "
                   "trained with 0 to %g: see --scale",
                   255 * info->scale, info->head, 255 * info->usual_scale);
    double most = fmax(fabs(check->input_range.min), fabs(check->input_range.max));
    if (most > 300 || (most < 1.0 / 64 && check->input_range.max > 0))
        return add(check, err,
                   "what goes in is at most %g in size, which no usual preparation "
                   "gives: see --scale, --mean and --std",
                   most);
    return ELC_OK;
}

static elc_status doubt_input(elc_check *check, elc_error *err) {
    if (check->info->channels == 0)
        return ELC_OK;
    if (check->empty)
        ELC_TRY(add(check, err, "the middle of the image holds no data"));
    else if (check->input_range.min == check->input_range.max)
        ELC_TRY(add(check, err, "all that goes in is %g: the chip is of one colour",
                    check->input_range.min));
    if (check->padded)
        ELC_TRY(add(check, err,
                    "the image is smaller than the chip; the rest is padding of %d",
                    check->info->pad));
    return check->info->input_type == ELC_TENSOR_UINT8 ? ELC_OK
                                                       : doubt_range(check, err);
}

/* ---- what came out ------------------------------------------------------------------
 */

static elc_status doubt_numbers(elc_check *check, elc_error *err) {
    for (size_t i = 0; i < check->n_outputs; i++) {
        const elc_range *r = &check->output_ranges[i];
        const elc_values *v = &check->outputs[i];
        if (r->others > 0)
            ELC_TRY(add(check, err,
                        "%zu of %zu numbers of %s are NaN or infinite: the network "
                        "overflows, or its export is broken",
                        r->others, v->count, v->name));
        else if (v->count >= ENOUGH && r->min == r->max)
            ELC_TRY(add(check, err, "all %zu numbers of %s are %g", v->count, v->name,
                        r->min));
    }
    return ELC_OK;
}

static elc_status doubt_scores(elc_check *check, elc_error *err) {
    const elc_box *boxes = check->boxes.items;
    size_t n = check->boxes.count;
    if (n == 0)
        return add(check, err, "no box has a score over 0%s",
                   check->generated ? ": give an image with such objects" : "");
    double best = (double)boxes[0].score, least = (double)boxes[n - 1].score;
    if (n >= ENOUGH && best - least < 1e-6)
        return add(check, err,
                   "all %zu boxes score %g: the network tells nothing apart, or its "
                   "scores are read from the wrong place (--head)",
                   n, best);
    if (best < 0.01)
        return add(check, err, "no box scores over 0.01%s; the best has %g",
                   check->generated ? ", which is usual on a generated chip"
                                    : ": see --channels, --scale and the resolution",
                   best);
    if (n >= ENOUGH && check->info->needs_nms && least >= 0.5)
        return add(check, err,
                   "all %zu boxes score %g or more: a sigmoid is taken twice, or "
                   "scores are read from the wrong place (--head)",
                   n, least);
    return ELC_OK;
}

/* Of the best hundred: those whose middle lies outside, and those that are specks. */
static elc_status doubt_places(elc_check *check, elc_error *err) {
    const elc_model_info *info = check->info;
    size_t n = check->boxes.count < LOOKED_AT ? check->boxes.count : LOOKED_AT;
    size_t outside = 0, specks = 0;
    for (size_t i = 0; i < n; i++) {
        const elc_box *b = &check->boxes.items[i];
        double x = (b->xmin + b->xmax) / 2, y = (b->ymin + b->ymax) / 2;
        outside += !(x >= 0 && y >= 0 && x <= (double)info->chip_width &&
                     y <= (double)info->chip_height);
        specks += b->xmax - b->xmin <= 2 && b->ymax - b->ymin <= 2;
    }
    if (n > 0 && 2 * outside > n)
        return add(check, err,
                   "of the best %zu boxes %zu lie outside of the chip: they are in "
                   "other units than %s has them, or another head is right (--head)",
                   n, outside, info->head);
    if (n > 0 && specks == n)
        return add(check, err,
                   "the best %zu boxes are all of 2 px or less: they may be shares of "
                   "the chip and no pixels, and another head right (--head)",
                   n);
    return ELC_OK;
}

static elc_status doubt_boxes(elc_check *check, elc_error *err) {
    if (check->unread.size > 0)
        return add(check, err, "its boxes cannot be read: %s", check->unread.data);
    ELC_TRY(doubt_scores(check, err));
    ELC_TRY(doubt_places(check, err));
    if (check->flat > 0 && check->boxes.count == 0)
        ELC_TRY(add(check, err, "all %llu boxes are without width or height",
                    (unsigned long long)check->flat));
    if (check->info->cap > 0 && check->over >= (size_t)check->info->cap)
        ELC_TRY(add(check, err,
                    "the network gives at most %lld boxes a chip, and all of them "
                    "count here: more objects may be there",
                    (long long)check->info->cap));
    return ELC_OK;
}

/* Shares of classes are one together; other numbers may be right all the same. */
static elc_status doubt_classes(elc_check *check, elc_error *err) {
    size_t output, axis, n = 0;
    double sum = 0;
    elc_model_answer(check->model, &output, &axis);
    if (output >= check->n_outputs)
        return ELC_OK;
    const elc_values *v = &check->outputs[output];
    if (check->output_ranges[output].others > 0)
        return ELC_OK;
    n = v->rank > 1 && v->dims[0] > 0 ? v->count / (size_t)v->dims[0] : v->count;
    for (size_t i = 0; v->numbers != NULL && i < n; i++)
        sum += v->numbers[i];
    if (n < 2 || fabs(sum - 1) < 0.01)
        return ELC_OK;
    return add(check, err,
               "its numbers sum to %g and not to 1: they are no shares, but scores "
               "before a softmax, or features",
               sum);
}

elc_status elc_check_doubt(elc_check *check, elc_error *err) {
    ELC_TRY(doubt_input(check, err));
    ELC_TRY(doubt_numbers(check, err));
    if (check->info->kind == ELC_MODEL_DETECTOR)
        return doubt_boxes(check, err);
    return check->info->kind == ELC_MODEL_CLASSIFIER ? doubt_classes(check, err)
                                                     : ELC_OK;
}
