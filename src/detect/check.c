/* check.c - a network tried once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCORE_USUAL 0.25
#define IOU_USUAL   0.5

static elc_range range_of(const elc_values *v) {
    elc_range r = {0};
    double sum = 0;
    for (size_t i = 0; v->numbers != NULL && i < v->count; i++) {
        double value = v->numbers[i];
        if (!isfinite(value)) {
            r.others++;
            continue;
        }
        r.min = r.finite == 0 ? value : fmin(r.min, value);
        r.max = r.finite == 0 ? value : fmax(r.max, value);
        sum += value;
        r.finite++;
    }
    r.mean = r.finite > 0 ? sum / (double)r.finite : 0;
    return r;
}

static elc_status run(elc_check *check, elc_error *err) {
    double began = elc_clock();
    ELC_TRY(elc_inference_run(check->inference, 1, err));
    check->seconds = elc_clock() - began;
    return ELC_OK;
}

/* An output of a type that has no numbers is a doubt, and no failure. */
static elc_status take_output(elc_check *check, size_t i, elc_values *v,
                              elc_error *err) {
    elc_error why = {0};
    elc_string name = {0};
    elc_status status = elc_inference_output(check->inference, i, v, &why);
    if (status == ELC_OK)
        return ELC_OK;
    if (status != ELC_E_MODEL)
        return elc_fail(err, status, "%s", why.message);
    ELC_TRY(elc_names_add(&check->doubts, why.message, err));
    ELC_TRY(elc_string_printf(&name, err, "output %zu", i));
    v->name = name.data;
    v->type = "not shown";
    return ELC_OK;
}

static elc_status take_outputs(elc_check *check, elc_error *err) {
    size_t n = elc_inference_outputs(check->inference);
    ELC_TRY(elc_inference_input(check->inference, &check->input, err));
    check->input_range = range_of(&check->input);
    ELC_TRY(elc_alloc(n, sizeof *check->outputs, &check->outputs, err));
    ELC_TRY(elc_alloc(n, sizeof *check->output_ranges, &check->output_ranges, err));
    for (check->n_outputs = 0; check->n_outputs < n; check->n_outputs++) {
        elc_values *v = &check->outputs[check->n_outputs];
        ELC_TRY(take_output(check, check->n_outputs, v, err));
        check->output_ranges[check->n_outputs] = range_of(v);
    }
    return ELC_OK;
}

/* Boxes that cannot be read are an answer, and no failure: the network ran. */
static elc_status take_boxes(elc_check *check, elc_error *err) {
    elc_error why = {0};
    if (check->info->kind != ELC_MODEL_DETECTOR)
        return ELC_OK;
    elc_status status = elc_inference_boxes(check->inference, 0, 0, &check->boxes,
                                            &check->flat, &check->capped, &why);
    if (status == ELC_E_MODEL) {
        size_t n = strlen(check->info->path);
        bool starts = strncmp(why.message, check->info->path, n) == 0;
        return elc_string_printf(&check->unread, err, "%s",
                                 starts ? why.message + n + 2 : why.message);
    }
    return status == ELC_OK ? ELC_OK : elc_fail(err, status, "%s", why.message);
}

static elc_status check_all(elc_check *check, elc_error *err) {
    bool image = check->info->channels > 0 && check->wish->input != NULL;
    if (!image && check->wish->bands != NULL && check->wish->bands->count > 0)
        return elc_fail(err, ELC_E_ARGUMENT, "--bands are of an image, and %s",
                        check->info->channels > 0 ? "none is given"
                                                  : "the network takes none");
    ELC_TRY(elc_check_feed(check, err));
    ELC_TRY(run(check, err));
    ELC_TRY(take_outputs(check, err));
    ELC_TRY(take_boxes(check, err));
    ELC_TRY(elc_check_answer(check, err));
    return elc_check_doubt(check, err);
}

static void clear(elc_check *check) {
    elc_inference_free(check->inference);
    elc_string_free(&check->source);
    elc_string_free(&check->unread);
    elc_values_clear(&check->input);
    for (size_t i = 0; i < check->n_outputs; i++)
        elc_values_clear(&check->outputs[i]);
    free(check->outputs);
    free(check->output_ranges);
    free(check->boxes.items);
    free(check->few.items);
    elc_names_free(&check->doubts);
}

/* The wish's, else the network's own, else the usual. */
static double threshold(double wish, double own, double usual) {
    return wish >= 0 ? wish : own > 0 ? own : usual;
}

elc_status elc_model_check(elc_model *model, const elc_check_wish *wish, bool json,
                           elc_string *out, elc_error *err) {
    const elc_model_info *info = elc_model_info_at(model);
    elc_check check = {.model = model,
                       .info = info,
                       .wish = wish,
                       .score = threshold(wish->score, info->score, SCORE_USUAL),
                       .iou = threshold(-1, info->iou, IOU_USUAL)};
    elc_status status = check_all(&check, err);
    if (status == ELC_OK)
        status =
            json ? elc_check_json(&check, out, err) : elc_check_print(&check, out, err);
    clear(&check);
    return status;
}
