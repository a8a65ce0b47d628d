/* describe.c - a network explained, for people and as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_SHOWN 20

/* One line: "  head       yolov8 ..." */
#define LINE(...) ELC_TRY(elc_string_printf(out, err, __VA_ARGS__))

static elc_status tensor_line(const char *what, const elc_tensor_spec *spec,
                              elc_string *out, elc_error *err) {
    LINE("  %-12s%s: ", what, spec->name);
    ELC_TRY(elc_tensor_spec_show(spec, out, err));
    return elc_string_append(out, "\n", 1, err);
}

static elc_status tensor_lines(const elc_model *m, elc_string *out, elc_error *err) {
    ELC_TRY(tensor_line("input", &m->session->input, out, err));
    if (m->session->n_inputs > 1)
        LINE("  %-12sand %zu more\n", "", m->session->n_inputs - 1);
    for (size_t i = 0; i < m->session->n_outputs; i++)
        ELC_TRY(tensor_line(i == 0 ? "output" : "", &m->session->outputs[i], out, err));
    return ELC_OK;
}

static elc_status size_lines(const elc_model_info *info, elc_string *out,
                             elc_error *err) {
    bool fixed = info->input_width > 0 && info->input_height > 0;
    LINE("  %-12s%lld x %lld px", "chips", (long long)info->chip_width,
         (long long)info->chip_height);
    if (fixed)
        LINE(", fixed by the network");
    else if (info->multiple > 1)
        LINE(" by default, any multiple of %lld", (long long)info->multiple);
    else
        LINE(" by default, any size");
    if (info->head != NULL)
        LINE("; steps of %lld px repeat the network", (long long)info->stride);
    LINE("\n");
    if (info->batch > 0)
        LINE("  %-12s%lld, fixed by the network\n", "batch", (long long)info->batch);
    else
        LINE("  %-12sany\n", "batch");
    return ELC_OK;
}

static bool is_standardised(const elc_model *m) {
    for (int64_t c = 0; c < m->input.channels; c++) {
        if (m->mean[c] != 0 || m->std[c] != 1)
            return true;
    }
    return false;
}

static elc_status number_list(const char *what, const double *numbers, int64_t n,
                              elc_string *out, elc_error *err) {
    LINE("%s", what);
    for (int64_t c = 0; c < n; c++)
        LINE(" %g", numbers[c]);
    return ELC_OK;
}

static elc_status preparation_line(const elc_model *m, elc_string *out,
                                   elc_error *err) {
    const elc_model_info *info = &m->info;
    LINE("  %-12s", "pixels");
    if (info->channels == 3)
        LINE("%s, ", info->channel_order[0] == 'b' ? "BGR" : "RGB");
    else
        LINE("%d channel%s, ", info->channels, info->channels == 1 ? "" : "s");
    if (info->threshold > 0)
        LINE("0 below %d and 255 from it on, ", info->threshold);
    if (info->scale == 1)
        LINE("values 0 to 255 as they are");
    else if (info->scale == 1.0 / 255)
        LINE("values / 255");
    else
        LINE("values x %g", info->scale);
    if (is_standardised(m)) {
        ELC_TRY(number_list(", minus", m->mean, m->input.channels, out, err));
        ELC_TRY(number_list(", divided by", m->std, m->input.channels, out, err));
    }
    LINE("; padded with %d", info->pad);
    if (m->flip.x || m->flip.y)
        LINE("; flipped: %s", info->flip);
    return elc_string_append(out, "\n", 1, err);
}

static const char *shapes_of(const elc_model_info *info) {
    return info->masks ? "masks" : info->oriented ? "oriented boxes" : "boxes";
}

static elc_status head_lines(const elc_model *m, elc_string *out, elc_error *err) {
    const elc_model_info *info = &m->info;
    LINE("  %-12s%s: %s\n", "head", info->head, info->head_reason);
    if (info->oriented || info->masks)
        LINE("  %-12s%s\n", "shapes", shapes_of(info));
    if (info->instrument)
        LINE("  %-12sa test instrument that reads planted codes, no detector\n", "");
    if (info->cap > 0)
        LINE("  %-12sat most %lld boxes a chip\n", "", (long long)info->cap);
    LINE("  %-12s%s\n", "NMS",
         info->needs_nms ? "needed" : "not needed, the network has done it");
    if (info->score > 0)
        LINE("  %-12s%g, stated by the model\n", "score", info->score);
    if (info->iou > 0)
        LINE("  %-12s%g, stated by the model\n", "IoU", info->iou);
    if (info->gsd_m > 0)
        LINE("  %-12strained at %g m a pixel\n", "resolution", info->gsd_m);
    return ELC_OK;
}

static elc_status class_lines(const elc_model *m, elc_string *out, elc_error *err) {
    const elc_names *names = &m->classes;
    if (m->n_named == 0) {
        LINE("  %-12snot named: class_0 to class_%zu; name them by --classes FILE\n",
             "classes", names->count - 1);
        return ELC_OK;
    }
    LINE("  %-12s%zu:", "classes", names->count);
    for (size_t i = 0; i < names->count && i < NAMES_SHOWN; i++)
        LINE("%s %s", i > 0 ? "," : "", names->items[i]);
    if (names->count > NAMES_SHOWN)
        LINE(" and %zu more", names->count - NAMES_SHOWN);
    return elc_string_append(out, "\n", 1, err);
}

static const char *const kinds[] = {"detector", "classifier", "map", "values"};

/* Of a network that no head reads. */
static elc_status use_lines(const elc_model *m, elc_string *out, elc_error *err) {
    LINE("  %-12s%s: %s\n", "head", "none", m->refusal);
    LINE("  %-12s%s", "kind", kinds[m->use.kind]);
    if (m->session->n_outputs > 0)
        LINE(", by its output %s", m->session->outputs[m->use.output].name);
    LINE(": %s\n", m->use.reason);
    if (m->use.kind == ELC_MODEL_CLASSIFIER && m->n_named > 0)
        return class_lines(m, out, err);
    if (m->use.classes > 1)
        LINE("  %-12s%lld, not named\n", "classes", (long long)m->use.classes);
    return ELC_OK;
}

static elc_status doubt_lines(const elc_model *m, elc_string *out, elc_error *err) {
    elc_doubts doubts = {0};
    elc_status status = elc_doubts_find(m, &doubts, err);
    for (size_t i = 0; status == ELC_OK && i < doubts.about.count; i++) {
        const char *option = doubts.options.items[i];
        status =
            elc_string_printf(out, err, "  %-12s%s: %s%s%s\n", i == 0 ? "doubts" : "",
                              doubts.about.items[i], doubts.texts.items[i],
                              option[0] != '\0' ? "; say it by " : "", option);
    }
    elc_doubts_clear(&doubts);
    return status;
}

/* What featurize takes from it, unless told. */
static elc_status features_line(const elc_model *m, elc_string *out, elc_error *err) {
    elc_found_tap tap = {0};
    elc_status status = elc_features_find(m, &tap, err);
    if (status == ELC_OK && m->tensor != NULL)
        status = elc_string_printf(out, err, "  %-12s%s, as asked for\n", "features",
                                   m->tensor);
    if (status == ELC_OK && tap.name.size > 0)
        status = elc_string_printf(
            out, err, "  %-12s%s: %s, made by %s, %s\n", "features", tap.name.data,
            tap.shape.size > 0 ? tap.shape.data : "of any shape",
            tap.op.size > 0 ? tap.op.data : "a node",
            tap.is_output ? "its output: it has no head" : "the last before the head");
    elc_found_tap_clear(&tap);
    return status;
}

static elc_status metadata_lines(const elc_model *m, elc_string *out, elc_error *err) {
    for (size_t i = 0; i < m->session->keys.count; i++) {
        const char *value = m->session->values.items[i];
        bool cut = strlen(value) > 60;
        LINE("  %-12s%s = %.60s%s\n", i == 0 ? "metadata" : "",
             m->session->keys.items[i], value, cut ? "..." : "");
    }
    return ELC_OK;
}

static elc_status describe_text(const elc_model *m, elc_string *out, elc_error *err) {
    LINE("%s\n  %-12s%s\n", m->name, "sha-256", m->sha256);
    ELC_TRY(tensor_lines(m, out, err));
    if (m->input.channels > 0) {
        ELC_TRY(size_lines(&m->info, out, err));
        ELC_TRY(preparation_line(m, out, err));
    }
    if (m->refusal != NULL) {
        ELC_TRY(use_lines(m, out, err));
    } else {
        ELC_TRY(head_lines(m, out, err));
        ELC_TRY(class_lines(m, out, err));
    }
    ELC_TRY(features_line(m, out, err));
    ELC_TRY(metadata_lines(m, out, err));
    ELC_TRY(doubt_lines(m, out, err));
    LINE("  %-12s%s on %s\n", "runtime", m->info.runtime, m->info.device);
    return ELC_OK;
}

/* ---- JSON ---------------------------------------------------------------------------
 */

/* A number for what is known, null for what is not. */
static json_t *known(double value) {
    return value > 0 ? json_real(value) : json_null();
}

static json_t *size_or_null(int64_t size) {
    return size > 0 ? json_integer(size) : json_null();
}

static json_t *tensor_json(const elc_tensor_spec *spec) {
    if (spec->kind != ONNX_TYPE_TENSOR)
        return json_pack("{s:s, s:s, s:n}", "name", spec->name, "type",
                         spec->kind == ONNX_TYPE_SEQUENCE ? "sequence" : "no tensor",
                         "shape");
    json_t *shape = json_array();
    for (size_t i = 0; i < spec->rank; i++)
        json_array_append_new(shape, spec->dims[i] >= 0 ? json_integer(spec->dims[i])
                                     : spec->symbols[i][0]
                                         ? json_string(spec->symbols[i])
                                         : json_null());
    return json_pack("{s:s, s:s, s:o}", "name", spec->name, "type",
                     elc_tensor_type_name(spec->type), "shape", shape);
}

static json_t *outputs_json(const elc_model *m) {
    json_t *list = json_array();
    for (size_t i = 0; i < m->session->n_outputs; i++)
        json_array_append_new(list, tensor_json(&m->session->outputs[i]));
    return list;
}

static json_t *numbers_json(const double *numbers, int64_t n) {
    json_t *list = json_array();
    for (int64_t i = 0; i < n; i++)
        json_array_append_new(list, json_real(numbers[i]));
    return list;
}

static json_t *names_json(const elc_names *names) {
    json_t *list = json_array();
    for (size_t i = 0; i < names->count; i++)
        json_array_append_new(list, json_string(names->items[i]));
    return list;
}

/* Values that are no UTF-8 are null: JSON cannot hold them. */
static json_t *metadata_json(const elc_session *s) {
    json_t *object = json_object();
    for (size_t i = 0; i < s->keys.count; i++) {
        json_t *value = json_string(s->values.items[i]);
        json_object_set_new(object, s->keys.items[i], value ? value : json_null());
    }
    return object;
}

static json_t *preparation_json(const elc_model *m) {
    return json_pack("{s:s, s:o, s:f, s:o, s:o, s:i, s:s}", "channel_order",
                     m->info.channel_order, "threshold",
                     size_or_null(m->info.threshold), "scale", m->info.scale, "mean",
                     numbers_json(m->mean, m->input.channels), "std",
                     numbers_json(m->std, m->input.channels), "pad", (int)m->info.pad,
                     "flip", m->info.flip);
}

static json_t *chips_json(const elc_model_info *info) {
    return json_pack(
        "{s:I, s:I, s:o, s:o, s:I, s:I, s:o}", "width", (json_int_t)info->chip_width,
        "height", (json_int_t)info->chip_height, "fixed_width",
        size_or_null(info->input_width), "fixed_height",
        size_or_null(info->input_height), "multiple", (json_int_t)info->multiple,
        "stride", (json_int_t)info->stride, "batch", size_or_null(info->batch));
}

/* [{"about": "channels", "doubt": "...", "option": "--channels"}] */
static json_t *doubts_json(const elc_model *m) {
    json_t *list = json_array();
    elc_doubts doubts = {0};
    if (elc_doubts_find(m, &doubts, NULL) != ELC_OK) {
        json_decref(list);
        list = NULL;
    }
    for (size_t i = 0; list != NULL && i < doubts.about.count; i++) {
        const char *option = doubts.options.items[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?}", "about",
                                              doubts.about.items[i], "doubt",
                                              doubts.texts.items[i], "option",
                                              option[0] != '\0' ? option : NULL));
    }
    elc_doubts_clear(&doubts);
    return list;
}

/* {"tensor": "relu5", "op": "Relu", "shape": "float32 [batch, 512, 7, 7]"}, or null */
static json_t *features_json(const elc_model *m) {
    elc_found_tap tap = {0};
    json_t *found = NULL;
    if (elc_features_find(m, &tap, NULL) == ELC_OK && tap.name.size > 0)
        found = json_pack("{s:s, s:s, s:s?}", "tensor", tap.name.data, "op",
                          tap.op.size > 0 ? tap.op.data : "", "shape", tap.shape.data);
    else if (m->tensor != NULL)
        found = json_pack("{s:s}", "tensor", m->tensor);
    elc_found_tap_clear(&tap);
    return found != NULL ? found : json_null();
}

static json_t *model_json(const elc_model *m) {
    const elc_model_info *info = &m->info;
    bool image = m->input.channels > 0;
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:o, s:i, s:o, s:s?, s:i, s:o, s:o}", "name", m->name,
        "sha256", m->sha256, "kind", kinds[info->kind], "input",
        tensor_json(&m->session->input), "inputs", (int)m->session->n_inputs, "outputs",
        outputs_json(m), "layout",
        !image                ? NULL
        : info->channels_last ? "NHWC"
                              : "NCHW",
        "channels", info->channels, "chips", image ? chips_json(info) : json_null(),
        "preparation", image ? preparation_json(m) : json_null());
    json_t *rest = json_pack(
        "{s:s?, s:s, s:s?, s:s?, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:s, s:s}",
        "head", info->head, "head_reason", info->head_reason, "kind_reason",
        m->refusal != NULL ? m->use.reason : NULL, "shapes",
        info->head != NULL ? shapes_of(info) : NULL, "cap", size_or_null(info->cap),
        "needs_nms", info->needs_nms, "instrument", info->instrument, "score",
        known(info->score), "iou", known(info->iou), "gsd_m", known(info->gsd_m),
        "classes", names_json(&m->classes), "features", features_json(m), "metadata",
        metadata_json(m->session), "doubts", doubts_json(m), "device", info->device,
        "runtime", info->runtime);
    if (object != NULL && rest != NULL && json_object_update(object, rest) == 0) {
        json_decref(rest);
        return object;
    }
    json_decref(rest);
    json_decref(object);
    return NULL;
}

static elc_status describe_json(const elc_model *m, elc_string *out, elc_error *err) {
    json_t *object = model_json(m);
    char *text = object == NULL ? NULL : json_dumps(object, JSON_INDENT(2));
    elc_status status =
        text == NULL
            ? elc_fail(err, ELC_E_MODEL,
                       "%s: a name in it is not UTF-8, so it cannot be shown as "
                       "JSON; leave --json out",
                       m->session->path)
            : elc_string_printf(out, err, "%s\n", text);
    free(text);
    json_decref(object);
    return status;
}

elc_status elc_model_describe(const elc_model *model, bool json, elc_string *out,
                              elc_error *err) {
    return json ? describe_json(model, out, err) : describe_text(model, out, err);
}
