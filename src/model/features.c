/* features.c - a network that gives a value inside of it, as a vector of what it saw.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass.h"
#include "tap.h"

/* "x.onnx: WHY", of a failure that knows no file. */
static elc_status named(const elc_model *m, elc_status status, const elc_error *why,
                        elc_error *err) {
    return elc_fail(err, status, "%s: %s", m->session->path, why->message);
}

typedef struct tapped {
    elc_string file; /* its bytes are borrowed by `onnx` */
    elc_onnx onnx;
    size_t value;
    elc_tap_place place;
} tapped;

static void tapped_clear(tapped *t) {
    elc_onnx_clear(&t->onnx);
    elc_string_free(&t->file);
}

static elc_status find_tap(const elc_model *m, const char *tensor, tapped *out,
                           elc_error *err) {
    elc_error why = {0};
    ELC_TRY(elc_model_bytes(m, ELC_ONNX_BYTES_MAX, &out->file, err));
    elc_status status = elc_onnx_read(out->file.data, out->file.size, &out->onnx, &why);
    bool automatic = tensor[0] == '\0' || strcmp(tensor, "auto") == 0;
    if (status == ELC_OK)
        status = automatic ? elc_tap_find(&out->onnx, &out->value, &out->place, &why)
                           : elc_tap_named(&out->onnx, tensor, &out->value, &why);
    return status == ELC_OK ? ELC_OK : named(m, status, &why, err);
}

/* A session of the network that ends there. */
static elc_status open_cut(const elc_model *m, const tapped *t, const char *device,
                           elc_session **out, elc_error *err) {
    elc_string bytes = {0};
    elc_status status = elc_tap_cut(&t->onnx, t->value, &bytes, err);
    if (status == ELC_OK && bytes.size > ELC_ONNX_BYTES_MAX)
        status = elc_fail(err, ELC_E_MODEL,
                          "%s: has 2 GB or more: keep its weights in a file "
                          "beside it",
                          m->session->path);
    if (status == ELC_OK)
        status = elc_session_open_bytes(m->session->path, bytes.data, bytes.size,
                                        device, out, err);
    elc_string_free(&bytes);
    return status;
}

static elc_status check_cut(const elc_session *s, elc_error *err) {
    const elc_tensor_spec *tensor = &s->outputs[0];
    ELC_TRY(elc_session_check(s, err));
    if (elc_output_is_read(tensor->type) && !elc_output_is_whole(tensor->type))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_MODEL,
        "%s: tensor %s is %s; features are float32 or float16: name another", s->path,
        tensor->name, elc_tensor_type_name(tensor->type));
}

/* What was read of the metadata points into their texts, which therefore stay. */
static void swap_texts(elc_session *a, elc_session *b) {
    elc_names keys = a->keys, values = a->values;
    a->keys = b->keys;
    a->values = b->values;
    b->keys = keys;
    b->values = values;
}

/* From here on the model is one without a head. */
static elc_status take_session(elc_model *m, elc_session *cut, elc_error *err) {
    swap_texts(m->session, cut);
    elc_session_free(m->session);
    m->session = cut;
    free(m->shapes);
    free(m->refusal);
    m->shapes = NULL;
    m->refusal = NULL;
    m->head = &elc_head_none;
    m->layout = (elc_head_layout){0};
    m->use = (elc_use){.kind = ELC_MODEL_VALUES, .axis = 1};
    snprintf(m->use.reason, sizeof m->use.reason, "features");
    ELC_TRY(elc_strdup("it gives what it holds inside, no boxes", &m->refusal, err));
    ELC_TRY(elc_strdup(cut->outputs[0].name, &m->tensor, err));
    return elc_shapes_learn(m, err);
}

elc_status elc_features_open(elc_model *model, const char *tensor, const char *device,
                             elc_error *err) {
    tapped t = {0};
    elc_session *cut = NULL;
    if (model->input.channels == 0)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: takes no image, so it has no features of one",
                        model->session->path);
    elc_status status = find_tap(model, tensor, &t, err);
    if (status == ELC_OK)
        status = open_cut(model, &t, device, &cut, err);
    tapped_clear(&t);
    if (status == ELC_OK)
        status = check_cut(cut, err);
    if (status == ELC_OK)
        return take_session(model, cut, err);
    elc_session_free(cut);
    return status;
}

/* ---- for people ---------------------------------------------------------------------
 */

static elc_status take_found(const elc_model *m, const tapped *t, elc_found_tap *out,
                             elc_error *err) {
    const elc_onnx_value *value = &t->onnx.values[t->value];
    elc_span op = t->onnx.nodes[value->maker].op;
    elc_session *cut = NULL;
    ELC_TRY(elc_string_append(&out->name, value->name.at, value->name.n, err));
    ELC_TRY(elc_string_append(&out->op, op.at, op.n, err));
    out->is_output = t->place == ELC_TAP_OUTPUT;
    elc_status status = open_cut(m, t, m->session->device, &cut, NULL);
    if (status == ELC_OK)
        status = elc_tensor_spec_show(&cut->outputs[0], &out->shape, err);
    elc_session_free(cut);
    return status == ELC_E_MODEL ? ELC_OK : status;
}

elc_status elc_features_find(const elc_model *model, elc_found_tap *out,
                             elc_error *err) {
    tapped t = {0};
    elc_status status = ELC_OK;
    if (model->tensor != NULL || model->input.channels == 0)
        return ELC_OK;
    if (find_tap(model, "", &t, NULL) == ELC_OK)
        status = take_found(model, &t, out, err);
    tapped_clear(&t);
    return status;
}

void elc_found_tap_clear(elc_found_tap *tap) {
    elc_string_free(&tap->name);
    elc_string_free(&tap->op);
    elc_string_free(&tap->shape);
}
