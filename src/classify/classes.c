/* classes.c - what a classifier says of a chip, as ranked classes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/classify.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- scores -----------------------------------------------------------------------
 */

static double sigmoid(double v) {
    return 1 / (1 + exp(-v));
}

/* Less the greatest, so that none overflows. */
static void soften(elc_class *items, size_t n) {
    double most = items[0].score, sum = 0;
    for (size_t i = 1; i < n; i++)
        most = items[i].score > most ? items[i].score : most;
    for (size_t i = 0; i < n; i++)
        sum += items[i].score = exp(items[i].score - most);
    for (size_t i = 0; i < n; i++)
        items[i].score /= sum;
}

static void make_scores(elc_scores how, elc_class *items, size_t n) {
    if (how == ELC_SCORES_SOFTMAX)
        soften(items, n);
    for (size_t i = 0; how == ELC_SCORES_SIGMOID && i < n; i++)
        items[i].score = sigmoid(items[i].score);
}

/* Falling, and of equal ones the lower number first. */
static int by_score(const void *a, const void *b) {
    const elc_class *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static elc_status take_numbers(const elc_model_info *info, const elc_floats *numbers,
                               elc_class *out, elc_error *err) {
    for (size_t i = 0; i < numbers->count; i++) {
        if (!isfinite(numbers->data[i]))
            return elc_fail(err, ELC_E_MODEL,
                            "%s: what it gives for class %zu is %s; see --scale, "
                            "--mean and --std",
                            info->name, i,
                            isnan(numbers->data[i]) ? "not a number" : "infinite");
        out[i] = (elc_class){(double)numbers->data[i], (int32_t)i};
    }
    return ELC_OK;
}

static elc_status check_names(const elc_model_info *info, size_t n, elc_error *err) {
    size_t named = info->classes->count;
    if (named == 0 || named == n)
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL,
                    "%s: gives %zu numbers a chip, and %zu classes are named; give "
                    "--classes FILE with one a line",
                    info->name, n, named);
}

elc_status elc_classes_rank(const elc_model_info *info, const elc_floats *numbers,
                            elc_scores scores, elc_class *out, elc_error *err) {
    ELC_TRY(check_names(info, numbers->count, err));
    ELC_TRY(take_numbers(info, numbers, out, err));
    make_scores(scores, out, numbers->count);
    qsort(out, numbers->count, sizeof *out, by_score);
    return ELC_OK;
}

const char *elc_class_name(const elc_model_info *info, int32_t id,
                           char unnamed[ELC_CLASS_UNNAMED]) {
    if ((size_t)id < info->classes->count)
        return info->classes->items[id];
    snprintf(unnamed, ELC_CLASS_UNNAMED, "class_%d", id);
    return unnamed;
}

/* ---- what kind of numbers the network gives ---------------------------------------
 */

/* Chips of the trial: black, white, and grains of every value. */
static uint8_t trial_value(int trial, size_t i) {
    if (trial < 2)
        return trial == 0 ? 0 : 255;
    uint32_t x = (uint32_t)i * 2654435761u + 1;
    x = (x ^ x >> 16) * 0x7feb352du; /* Wellons' lowbias32 */
    x = (x ^ x >> 15) * 0x846ca68bu;
    return (uint8_t)(x ^ x >> 16);
}

static bool are_shares(const elc_floats *floats) {
    for (size_t i = 0; i < floats->count; i++)
        if (!(floats->data[i] >= 0 && floats->data[i] <= 1.0001f))
            return false;
    return true;
}

static elc_status run_trials(const elc_model_info *info, size_t output,
                             elc_inference *inference, uint8_t *pixels, size_t n,
                             elc_scores *scores, elc_error *err) {
    bool shares = true;
    size_t classes = 0;
    for (int trial = 0; trial < 3; trial++) {
        elc_floats floats = {0};
        for (size_t i = 0; i < n; i++)
            pixels[i] = trial_value(trial, i);
        elc_inference_put(inference, 0, pixels);
        ELC_TRY(elc_inference_run(inference, 1, err));
        ELC_TRY(elc_inference_floats(inference, output, &floats, err));
        shares = shares && are_shares(&floats);
        classes = floats.count / (size_t)elc_inference_batch(inference);
    }
    *scores = shares         ? ELC_SCORES_AS_IS
              : classes == 1 ? ELC_SCORES_SIGMOID
                             : ELC_SCORES_SOFTMAX;
    return check_names(info, classes, err);
}

static elc_status find_scores(elc_model *model, int64_t width, int64_t height,
                              size_t output, elc_scores *scores, elc_error *err) {
    const elc_model_info *info = elc_model_info_at(model);
    elc_inference *inference = NULL;
    uint8_t *pixels = NULL;
    size_t n = (size_t)width * (size_t)height * (size_t)info->channels;
    ELC_TRY(elc_inference_create(model, 1, width, height, &inference, err));
    elc_status status = elc_alloc(n, 1, &pixels, err);
    if (status == ELC_OK)
        status = run_trials(info, output, inference, pixels, n, scores, err);
    free(pixels);
    elc_inference_free(inference);
    return status;
}

static elc_status check_kind(const elc_model_info *info, elc_error *err) {
    if (info->kind == ELC_MODEL_DETECTOR)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: is a detector (%s), no classifier; elcano detect runs it",
                        info->name, info->head);
    if (info->kind == ELC_MODEL_MAP)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: gives numbers for each pixel, and a classifier gives some "
                        "for the whole chip",
                        info->name);
    return ELC_OK;
}

elc_status elc_classes_decide(elc_model *model, int64_t width, int64_t height,
                              size_t *output, elc_scores *scores, elc_error *err) {
    size_t axis;
    ELC_TRY(check_kind(elc_model_info_at(model), err));
    elc_model_answer(model, output, &axis);
    return *scores == ELC_SCORES_AUTO
               ? find_scores(model, width, height, *output, scores, err)
               : ELC_OK;
}
