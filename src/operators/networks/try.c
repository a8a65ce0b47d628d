/* try.c - a network that was made is tried before anyone gets it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "try.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GREY = 127 };

static elc_status is_other(const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_MODEL, "%s", what);
}

static elc_status check_info(const network_promise *p, const elc_model_info *info,
                             elc_error *err) {
    if (info->kind != p->kind)
        return is_other(info->head_reason, err);
    if (info->classes->count != p->classes->count)
        return is_other("its classes are others", err);
    for (size_t i = 0; i < p->classes->count; i++)
        if (strcmp(info->classes->items[i], p->classes->items[i]) != 0)
            return is_other("its classes have other names", err);
    return ELC_OK;
}

static elc_status check_boxes(elc_inference *inference, elc_error *err) {
    elc_box_list boxes = {0};
    uint64_t flat = 0;
    bool capped = false;
    elc_status status =
        elc_inference_boxes(inference, 0, 0.5F, &boxes, &flat, &capped, err);
    free(boxes.items);
    return status;
}

static elc_status check_scores(elc_inference *inference, size_t classes,
                               elc_error *err) {
    elc_floats scores;
    ELC_TRY(elc_inference_floats(inference, 0, &scores, err));
    if (scores.count != classes)
        return is_other("it gives other numbers than one for each class", err);
    for (size_t i = 0; i < scores.count; i++)
        if (!isfinite(scores.data[i]))
            return is_other("it gives what is no number", err);
    return ELC_OK;
}

static elc_status look(const network_promise *p, elc_inference *inference,
                       elc_error *err) {
    ELC_TRY(elc_inference_run(inference, 1, err));
    return p->kind == ELC_MODEL_DETECTOR
               ? check_boxes(inference, err)
               : check_scores(inference, p->classes->count, err);
}

static elc_status look_at_grey(const network_promise *p, elc_model *model,
                               elc_error *err) {
    const elc_model_info *info = elc_model_info_at(model);
    size_t n = (size_t)info->chip_width * (size_t)info->chip_height;
    elc_inference *inference = NULL;
    uint8_t *pixels = NULL;
    ELC_TRY(check_info(p, info, err));
    ELC_TRY(elc_inference_create(model, 1, info->chip_width, info->chip_height,
                                 &inference, err));
    elc_status status = elc_alloc(n, (size_t)info->channels, &pixels, err);
    if (status == ELC_OK) {
        memset(pixels, GREY, n * (size_t)info->channels);
        elc_inference_put(inference, 0, pixels);
        status = look(p, inference, err);
    }
    free(pixels);
    elc_inference_free(inference);
    return status;
}

elc_status elc_network_try(const network_promise *promise, const elc_string *made,
                           elc_error *err) {
    const elc_model_options as_it_is = {.any = promise->kind != ELC_MODEL_DETECTOR};
    elc_model *model = NULL;
    elc_error why = {0};
    elc_status status = elc_model_open_bytes(made->data, made->size, promise->path,
                                             &as_it_is, &model, &why);
    if (status == ELC_OK)
        status = look_at_grey(promise, model, &why);
    elc_model_free(model);
    if (status != ELC_E_MODEL && status != ELC_E_FORMAT && status != ELC_E_ARGUMENT)
        return status == ELC_OK ? ELC_OK : elc_fail(err, status, "%s", why.message);
    return elc_fail(err, ELC_E_MODEL,
                    "%s: is not written, since the network that was made does not work "
                    "(%s); take another backbone or tensor, and please report this",
                    promise->path, why.message);
}
