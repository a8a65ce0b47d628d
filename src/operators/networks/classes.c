/* classes.c - the surest classes of a chip. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANK, CLASS, CLASS_ID, SCORE };

static const elc_column columns[] = {
    [RANK] = {"rank", ELC_INT32, NULL, "1 for the surest class of the chip"},
    [CLASS] = {"class", ELC_UTF8, NULL, "its name"},
    [CLASS_ID] = {"class_id", ELC_INT32, NULL, "and its number in the network"},
    [SCORE] = {"score", ELC_FLOAT32, NULL, "how sure the network is, 0 to 1"},
};

/* ---- scores -----------------------------------------------------------------------
 */

typedef struct scored {
    double score;
    int32_t class_id;
} scored;

typedef struct ranking {
    size_t n, shown; /* of items, and of rows */
    scored items[];
} ranking;

static double sigmoid(double v) {
    return 1 / (1 + exp(-v));
}

/* Less the greatest, so that none overflows. */
static void soften(scored *items, size_t n) {
    double most = items[0].score, sum = 0;
    for (size_t i = 1; i < n; i++)
        most = items[i].score > most ? items[i].score : most;
    for (size_t i = 0; i < n; i++)
        sum += items[i].score = exp(items[i].score - most);
    for (size_t i = 0; i < n; i++)
        items[i].score /= sum;
}

static void make_scores(classes_scores how, scored *items, size_t n) {
    if (how == CLASSES_SOFTMAX)
        soften(items, n);
    for (size_t i = 0; how == CLASSES_SIGMOID && i < n; i++)
        items[i].score = sigmoid(items[i].score);
}

/* Falling, and of equal ones the lower number first. */
static int by_score(const void *a, const void *b) {
    const scored *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->class_id < y->class_id ? -1 : x->class_id > y->class_id;
}

/* ---- reading a chip ---------------------------------------------------------------
 */

static elc_status make_room(size_t n, void **room, elc_error *err) {
    ranking *r = *room;
    if (r != NULL && r->n == n)
        return ELC_OK;
    free(r);
    *room = NULL;
    ELC_TRY(elc_alloc(1, sizeof *r + n * sizeof *r->items, &r, err));
    r->n = n;
    *room = r;
    return ELC_OK;
}

static elc_status take_numbers(const network_job *job, const elc_floats *of_chip,
                               ranking *r, elc_error *err) {
    for (size_t i = 0; i < r->n; i++) {
        if (!isfinite(of_chip->data[i]))
            return elc_fail(err, ELC_E_MODEL,
                            "%s: what it gives for class %zu is %s; see --scale, "
                            "--mean and --std",
                            job->info->name, i,
                            isnan(of_chip->data[i]) ? "not a number" : "infinite");
        r->items[i] = (scored){(double)of_chip->data[i], (int32_t)i};
    }
    return ELC_OK;
}

static elc_status check_names(const network_job *job, size_t n, elc_error *err) {
    size_t named = job->info->classes->count;
    if (named == 0 || named == n)
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL,
                    "%s: gives %zu numbers a chip, and %zu classes are named; give "
                    "--classes FILE with one a line",
                    job->info->name, n, named);
}

static elc_status read_classes(const network_job *job, const elc_floats *of_chip,
                               void **room, size_t *rows, elc_error *err) {
    const classes_wish *wish = job->wish;
    ELC_TRY(check_names(job, of_chip->count, err));
    ELC_TRY(make_room(of_chip->count, room, err));
    ranking *r = *room;
    ELC_TRY(take_numbers(job, of_chip, r, err));
    make_scores(wish->scores, r->items, r->n);
    qsort(r->items, r->n, sizeof *r->items, by_score);
    *rows = wish->top < r->n ? wish->top : r->n;
    return ELC_OK;
}

static elc_status set_class(const network_job *job, const void *room, size_t i,
                            elc_batch *batch, elc_error *err) {
    const scored *item = &((const ranking *)room)->items[i];
    const elc_names *names = job->info->classes;
    char unnamed[32];
    snprintf(unnamed, sizeof unnamed, "class_%d", item->class_id);
    const char *name =
        (size_t)item->class_id < names->count ? names->items[item->class_id] : unnamed;
    ELC_TRY(elc_batch_int(batch, NETWORK_COLUMN + RANK, (int64_t)i + 1, err));
    ELC_TRY(elc_batch_text(batch, NETWORK_COLUMN + CLASS, name, err));
    ELC_TRY(elc_batch_int(batch, NETWORK_COLUMN + CLASS_ID, item->class_id, err));
    return elc_batch_real(batch, NETWORK_COLUMN + SCORE, item->score, err);
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

static elc_status run_trials(const network_job *job, const classes_wish *wish,
                             elc_inference *inference, uint8_t *pixels, size_t n,
                             bool *shares, size_t *classes, elc_error *err) {
    *shares = true;
    for (int trial = 0; trial < 3; trial++) {
        elc_floats floats = {0};
        for (size_t i = 0; i < n; i++)
            pixels[i] = trial_value(trial, i);
        elc_inference_put(inference, 0, pixels);
        ELC_TRY(elc_inference_run(inference, 1, err));
        ELC_TRY(elc_inference_floats(inference, wish->reading.output, &floats, err));
        *shares = *shares && are_shares(&floats);
        *classes = floats.count / (size_t)elc_inference_batch(inference);
    }
    return check_names(job, *classes, err);
}

static elc_status find_scores(const network_job *job, classes_wish *wish,
                              elc_error *err) {
    elc_inference *inference = NULL;
    uint8_t *pixels = NULL;
    bool shares = false;
    size_t classes = 0;
    int64_t width = job->chips.chip, height = job->chips.chip_height;
    size_t n = (size_t)width * (size_t)height * (size_t)job->info->channels;
    ELC_TRY(elc_inference_create(job->model, 1, width, height, &inference, err));
    elc_status status = elc_alloc(n, 1, &pixels, err);
    if (status == ELC_OK)
        status = run_trials(job, wish, inference, pixels, n, &shares, &classes, err);
    free(pixels);
    elc_inference_free(inference);
    wish->scores = shares         ? CLASSES_AS_IS
                   : classes == 1 ? CLASSES_SIGMOID
                                  : CLASSES_SOFTMAX;
    return status;
}

static elc_status check_kind(const network_job *job, elc_error *err) {
    const elc_model_info *info = job->info;
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

elc_status elc_classes_wish_read(const elc_options *options, network_job *job,
                                 classes_wish *out, elc_error *err) {
    const char *how = elc_options_text(options, "scores");
    size_t axis;
    ELC_TRY(check_kind(job, err));
    out->reading = (network_reading){
        .columns = columns, .n_columns = 4, .read = read_classes, .set = set_class};
    elc_model_answer(job->model, &out->reading.output, &axis);
    out->top = (size_t)elc_options_int(options, "top");
    out->scores = strcmp(how, "softmax") == 0   ? CLASSES_SOFTMAX
                  : strcmp(how, "sigmoid") == 0 ? CLASSES_SIGMOID
                                                : CLASSES_AS_IS;
    return strcmp(how, "auto") == 0 ? find_scores(job, out, err) : ELC_OK;
}
