/* check_print.c - a network tried once, told to people and to programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Numbers of a tensor that are shown in a line, and in JSON. */
enum { SHOWN = 8, LISTED = 4096 };

#define LINE(...) ELC_TRY(elc_string_printf(out, err, __VA_ARGS__))

/* ---- text ---------------------------------------------------------------------------
 */

static elc_status print_shape(const elc_values *v, elc_string *out, elc_error *err) {
    LINE("%s [", v->type);
    for (size_t d = 0; d < v->rank; d++)
        LINE("%s%lld", d > 0 ? ", " : "", (long long)v->dims[d]);
    return elc_string_append(out, "]", 1, err);
}

static elc_status print_few(const elc_values *v, elc_string *out, elc_error *err) {
    for (size_t i = 0; i < v->count; i++) {
        LINE("%s", i == 0 ? ": " : ", ");
        if (v->numbers == NULL)
            LINE("%.60s", i < v->words.count ? v->words.items[i] : "");
        else
            LINE("%.7g", v->numbers[i]);
    }
    return elc_string_append(out, "\n", 1, err);
}

static elc_status print_values(const char *what, const elc_values *v,
                               const elc_range *r, elc_string *out, elc_error *err) {
    LINE("  %-12s%s: ", what, v->name);
    ELC_TRY(print_shape(v, out, err));
    if (v->count <= SHOWN)
        return print_few(v, out, err);
    if (r->finite > 0)
        LINE(" from %.6g to %.6g, mean %.6g", r->min, r->max, r->mean);
    if (r->others > 0)
        LINE(", %zu NaN or infinite", r->others);
    return elc_string_append(out, "\n", 1, err);
}

static elc_status print_name(const elc_answer *a, elc_string *out, elc_error *err) {
    if (a->name != NULL)
        LINE("%s", a->name);
    else
        LINE("class_%lld", (long long)a->number);
    return ELC_OK;
}

static elc_status print_answer(const elc_check *check, const elc_answer *a,
                               elc_string *out, elc_error *err) {
    switch (check->info->kind) {
    case ELC_MODEL_DETECTOR:
        ELC_TRY(print_name(a, out, err));
        LINE(" %.4f from %.1f, %.1f to %.1f, %.1f px%s\n", a->value, a->box.xmin,
             a->box.ymin, a->box.xmax, a->box.ymax,
             a->value < check->score ? ", under the threshold" : "");
        return ELC_OK;
    case ELC_MODEL_MAP:
        ELC_TRY(print_name(a, out, err));
        LINE(" on %.4g %% of the pixels\n", 100 * a->value);
        return ELC_OK;
    case ELC_MODEL_CLASSIFIER:
        ELC_TRY(print_name(a, out, err));
        LINE(" %.7g\n", a->value);
        return ELC_OK;
    case ELC_MODEL_VALUES:
        break;
    }
    LINE("%.7g at place %lld\n", a->value, (long long)a->number);
    return ELC_OK;
}

static elc_status print_boxes(const elc_check *check, elc_string *out, elc_error *err) {
    LINE("  %-12s", "boxes");
    if (check->unread.size > 0) {
        LINE("none that can be read\n");
        return ELC_OK;
    }
    LINE("%zu of %zu score %g or more", check->over, check->boxes.count, check->score);
    if (check->info->needs_nms)
        LINE("; %zu are left by NMS at IoU %g", check->few.count, check->iou);
    return elc_string_append(out, "\n", 1, err);
}

elc_status elc_check_print(const elc_check *check, elc_string *out, elc_error *err) {
    const elc_model_info *info = check->info;
    LINE("%s\n  %-12s%s\n", info->name, "tried on", check->source.data);
    LINE("  %-12s%.1f ms on %s\n", "time", 1000 * check->seconds, info->device);
    ELC_TRY(print_values("input", &check->input, &check->input_range, out, err));
    for (size_t i = 0; i < check->n_outputs; i++)
        ELC_TRY(print_values(i == 0 ? "output" : "", &check->outputs[i],
                             &check->output_ranges[i], out, err));
    if (info->kind == ELC_MODEL_DETECTOR)
        ELC_TRY(print_boxes(check, out, err));
    for (size_t i = 0; i < check->n_answers; i++) {
        LINE("  %-12s", i == 0 ? "best" : "");
        ELC_TRY(print_answer(check, &check->answers[i], out, err));
    }
    for (size_t i = 0; i < check->doubts.count; i++)
        LINE("  %-12s%s\n", i == 0 ? "doubts" : "", check->doubts.items[i]);
    return ELC_OK;
}

/* ---- JSON ---------------------------------------------------------------------------
 */

/* JSON has no NaN. */
static json_t *real(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *numbers_json(const elc_values *v) {
    if (v->numbers == NULL || v->count > LISTED)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < v->count; i++)
        json_array_append_new(list, real(v->numbers[i]));
    return list;
}

static json_t *words_json(const elc_names *words) {
    if (words->count == 0 || words->count > LISTED)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++) {
        json_t *word = json_string(words->items[i]);
        json_array_append_new(list, word != NULL ? word : json_null());
    }
    return list;
}

static json_t *values_json(const elc_values *v, const elc_range *r) {
    json_t *shape = json_array();
    bool any = r->finite > 0;
    for (size_t d = 0; d < v->rank; d++)
        json_array_append_new(shape, json_integer(v->dims[d]));
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "name", v->name, "type",
        v->type, "shape", shape, "min", any ? real(r->min) : json_null(), "mean",
        any ? real(r->mean) : json_null(), "max", any ? real(r->max) : json_null(),
        "not_finite", (json_int_t)r->others, "numbers", numbers_json(v), "words",
        words_json(&v->words));
}

static json_t *answer_json(const elc_check *check, const elc_answer *a) {
    json_t *name = a->name == NULL ? json_null() : json_string(a->name);
    json_t *object =
        json_pack("{s:o, s:I, s:o}", "class", name != NULL ? name : json_null(),
                  "number", (json_int_t)a->number, "value", real(a->value));
    const elc_box *b = &a->box;
    if (check->info->kind == ELC_MODEL_DETECTOR && object != NULL)
        json_object_set_new(
            object, "box",
            json_pack("[f, f, f, f]", b->xmin, b->ymin, b->xmax, b->ymax));
    return object;
}

static json_t *boxes_json(const elc_check *check) {
    if (check->info->kind != ELC_MODEL_DETECTOR || check->unread.size > 0)
        return json_null();
    return json_pack("{s:I, s:I, s:f, s:o, s:I, s:b}", "count",
                     (json_int_t)check->boxes.count, "over", (json_int_t)check->over,
                     "score", check->score, "after_nms",
                     check->info->needs_nms ? json_integer((json_int_t)check->few.count)
                                            : json_null(),
                     "flat", (json_int_t)check->flat, "capped", check->capped);
}

static json_t *check_json(const elc_check *check) {
    json_t *outputs = json_array(), *answers = json_array(), *doubts = json_array();
    for (size_t i = 0; i < check->n_outputs; i++)
        json_array_append_new(
            outputs, values_json(&check->outputs[i], &check->output_ranges[i]));
    for (size_t i = 0; i < check->n_answers; i++)
        json_array_append_new(answers, answer_json(check, &check->answers[i]));
    for (size_t i = 0; i < check->doubts.count; i++)
        json_array_append_new(doubts, json_string(check->doubts.items[i]));
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:f, s:o, s:o, s:o, s:o, s:o}", "name",
                     check->info->name, "sha256", check->info->sha256, "tried_on",
                     check->source.data, "generated", check->generated, "device",
                     check->info->device, "seconds", check->seconds, "input",
                     values_json(&check->input, &check->input_range), "outputs",
                     outputs, "boxes", boxes_json(check), "answers", answers, "doubts",
                     doubts);
}

elc_status elc_check_json(const elc_check *check, elc_string *out, elc_error *err) {
    json_t *object = check_json(check);
    char *text = object == NULL
                     ? NULL
                     : json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    elc_status status =
        text == NULL
            ? elc_fail(err, ELC_E_MODEL,
                       "%s: a name in it is not UTF-8, so it cannot be shown as JSON; "
                       "leave --json out",
                       check->info->path)
            : elc_string_printf(out, err, "%s\n", text);
    free(text);
    json_decref(object);
    return status;
}
