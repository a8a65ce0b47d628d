/* choose.c - which head a network has, and what to say when that cannot be told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <string.h>

#include "pass.h"

#define HEADS_MAX 64

/* ---- evidence -----------------------------------------------------------------------
 */

/* Only for shapes that YOLOX could have is the file read: others do not ask. */
static bool needs_tail(const elc_model *model) {
    const elc_output_shape *shape = &model->shapes[0];
    return model->session->n_outputs == 1 && shape->rank == 3 && shape->dims[2] > 5 &&
           shape->dims[1] > 6;
}

static elc_tail read_tail(const elc_model *model) {
    elc_string file = {0};
    elc_tail tail = ELC_TAIL_UNKNOWN;
    if (elc_model_bytes(model, ELC_GRAPH_BYTES_MAX, &file, NULL) == ELC_OK)
        elc_graph_tail(file.data, file.size, model->session->outputs[0].name, &tail,
                       NULL);
    elc_string_free(&file);
    return tail;
}

static elc_head_case make_case(const elc_model *model, const elc_names *names,
                               bool forced) {
    return (elc_head_case){
        .outputs = model->shapes,
        .n_outputs = model->session->n_outputs,
        .sized = model->sized,
        .input_width = model->shape_width,
        .input_height = model->shape_height,
        .n_classes = names->count,
        .first_name = names->count > 0 ? names->items[0] : NULL,
        .task = model->metadata.task,
        .end_to_end = model->metadata.end_to_end,
        .tail = needs_tail(model) ? read_tail(model) : ELC_TAIL_UNKNOWN,
        .forced = forced,
    };
}

/* ---- messages -----------------------------------------------------------------------
 */

static elc_status print_outputs(const elc_model *model, elc_string *out) {
    for (size_t i = 0; i < model->session->n_outputs; i++) {
        const elc_output_shape *shape = &model->shapes[i];
        ELC_TRY(
            elc_string_printf(out, NULL, "%s%.40s [N", i > 0 ? ", " : "", shape->name));
        for (size_t d = 1; d < shape->rank; d++)
            ELC_TRY(elc_string_printf(out, NULL, ", %lld", (long long)shape->dims[d]));
        ELC_TRY(elc_string_append(out, "]", 1, NULL));
    }
    return ELC_OK;
}

/* True when no earlier head that gave `fit` said the same. */
static bool is_new(const elc_head_layout *layouts, const elc_head_fit *fits, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (fits[k] == fits[i] && strcmp(layouts[k].reason, layouts[i].reason) == 0)
            return false;
    }
    return true;
}

/* "yolov5: ...; yolox_decoded, yolox_raw: ..." of the heads that gave `fit`. */
static elc_status print_reasons(const elc_head_layout *layouts,
                                const elc_head_fit *fits, elc_head_fit fit,
                                elc_string *out) {
    for (size_t i = 0; elc_heads[i] != NULL; i++) {
        if (fits[i] != fit || !is_new(layouts, fits, i))
            continue;
        const char *reason = layouts[i].reason;
        ELC_TRY(elc_string_printf(out, NULL, "%s%s", out->size > 0 ? "; " : "",
                                  elc_heads[i]->name));
        for (size_t k = i + 1; elc_heads[k] != NULL; k++) {
            if (fits[k] == fit && strcmp(layouts[k].reason, reason) == 0)
                ELC_TRY(elc_string_printf(out, NULL, ", %s", elc_heads[k]->name));
        }
        ELC_TRY(elc_string_printf(out, NULL, ": %s", reason));
    }
    return ELC_OK;
}

static elc_status print_heads(elc_string *out) {
    for (size_t i = 0; elc_heads[i] != NULL; i++)
        ELC_TRY(elc_string_printf(out, NULL, "%s%s", i > 0 ? ", " : "",
                                  elc_heads[i]->name));
    return ELC_OK;
}

/* "its output OUTPUT WHAT (the reasons of the heads that gave `fit`)ADVICE". */
static elc_status refuse(const elc_model *model, const elc_head_layout *layouts,
                         const elc_head_fit *fits, elc_head_fit fit, const char *what,
                         const char *advice, elc_error *err) {
    elc_string outputs = {0}, reasons = {0};
    elc_status status = ELC_E_MEMORY;
    if (print_outputs(model, &outputs) == ELC_OK &&
        print_reasons(layouts, fits, fit, &reasons) == ELC_OK)
        status =
            elc_fail(err, ELC_E_MODEL, "%s: its output %s %s (%s)%s",
                     model->session->path, outputs.data, what, reasons.data, advice);
    elc_string_free(&outputs);
    elc_string_free(&reasons);
    return status == ELC_E_MEMORY
               ? elc_fail(err, status, "memory: no room for a message")
               : status;
}

/* ---- choice -------------------------------------------------------------------------
 */

static elc_status unknown_name(const char *name, elc_error *err) {
    const char *words[HEADS_MAX + 1] = {0};
    elc_string heads = {0};
    for (size_t i = 0; i < HEADS_MAX && elc_heads[i] != NULL; i++)
        words[i] = elc_heads[i]->name;
    const char *near = elc_nearest_word(name, words);
    print_heads(&heads);
    elc_fail(err, ELC_E_ARGUMENT, "head \"%s\" is not known%s%s%s; the heads are %s",
             name, near != NULL ? ": did you mean " : "", near != NULL ? near : "",
             near != NULL ? "?" : "", heads.data == NULL ? "" : heads.data);
    elc_string_free(&heads);
    return ELC_E_ARGUMENT;
}

static elc_status choose_named(elc_model *model, const char *name,
                               const elc_names *names, elc_error *err) {
    for (size_t i = 0; elc_heads[i] != NULL; i++) {
        if (strcmp(elc_heads[i]->name, name) != 0)
            continue;
        elc_head_case network = make_case(model, names, true);
        elc_head_layout layout = {0};
        if (elc_heads[i]->fit(&network, &layout) == ELC_FIT_NO)
            return elc_fail(
                err, ELC_E_MODEL,
                "%s: head %s does not fit: %s; leave --head out to see what "
                "does",
                model->session->path, name, layout.reason);
        model->head = elc_heads[i];
        model->layout = layout;
        return ELC_OK;
    }
    return unknown_name(name, err);
}

/* One head must be sure and no other: a guess would be wrong unseen. */
static elc_status choose_fitting(elc_model *model, const elc_names *names,
                                 elc_error *err) {
    elc_head_case network = make_case(model, names, false);
    elc_head_layout layouts[HEADS_MAX] = {0};
    elc_head_fit fits[HEADS_MAX];
    size_t sure = 0, unsure = 0, chosen = 0;
    for (size_t i = 0; i < HEADS_MAX && elc_heads[i] != NULL; i++) {
        fits[i] = elc_heads[i]->fit(&network, &layouts[i]);
        sure += fits[i] == ELC_FIT_YES;
        unsure += fits[i] == ELC_FIT_UNSURE;
        if (fits[i] == ELC_FIT_YES)
            chosen = i;
    }
    if (sure == 0 && unsure == 0)
        return refuse(model, layouts, fits, ELC_FIT_NO, "fits no known head",
                      "; give a detector of one of these kinds, or say by --head which "
                      "it is",
                      err);
    if (sure != 1)
        return refuse(model, layouts, fits, sure > 1 ? ELC_FIT_YES : ELC_FIT_UNSURE,
                      "does not say which head it is; give --head with the right one",
                      ", or its class names by --classes FILE", err);
    model->head = elc_heads[chosen];
    model->layout = layouts[chosen];
    for (size_t i = 0; i < HEADS_MAX && elc_heads[i] != NULL; i++) {
        if (fits[i] == ELC_FIT_UNSURE)
            ELC_TRY(elc_names_add(&model->others, elc_heads[i]->name, err));
    }
    return ELC_OK;
}

static elc_status check_types(const elc_model *model, elc_error *err) {
    const elc_head_layout *layout = &model->layout;
    for (size_t k = 0; k < layout->n_outputs; k++) {
        const elc_tensor_spec *output =
            &model->session->outputs[layout->outputs[k].index];
        bool boxes = k == 0; /* whole numbers serve for classes and counts alone */
        if (!elc_output_is_read(output->type) ||
            (boxes && elc_output_is_whole(output->type)))
            return elc_fail(
                err, ELC_E_MODEL,
                "%s: output %s is %s; float32 or float16 is needed, export it so",
                model->session->path, output->name, elc_tensor_type_name(output->type));
    }
    return ELC_OK;
}

elc_status elc_head_choose(elc_model *model, const char *forced, const elc_names *names,
                           elc_error *err) {
    if (forced == NULL)
        ELC_TRY(choose_fitting(model, names, err));
    else
        ELC_TRY(choose_named(model, forced, names, err));
    return check_types(model, err);
}
