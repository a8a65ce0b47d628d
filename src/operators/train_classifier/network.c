/* network.c - the backbone and what was learnt, joined into one ONNX network. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes --------------------------------------------------------------------------
 */

typedef struct join {
    const train_job *job;
    elc_network *network;
    char prefix[ELC_PREFIX_SIZE], last[160]; /* last: the tensor made last */
} join;

static void name_in(const join *j, const char *name, char out[160]) {
    snprintf(out, 160, "%s%s", j->prefix, name);
}

/* What comes out, under this name where the backbone has none like it. */
static const char probabilities[] = "probabilities";

/* A node that takes the last tensor and perhaps others, and makes the next. */
static elc_status add(join *j, const char *op, const char *name, const char *second,
                      const char *third, const elc_attribute *attribute,
                      elc_error *err) {
    char made[160];
    const char *inputs[] = {j->last, second, third, NULL}, *outputs[] = {made, NULL};
    const elc_attribute attributes[] = {
        attribute != NULL ? *attribute : (elc_attribute){0}, {0}};
    if (strcmp(name, probabilities) == 0 &&
        !elc_network_mentions(j->network, probabilities))
        snprintf(made, sizeof made, "%s", name);
    else
        name_in(j, name, made);
    ELC_TRY(elc_network_add_node(j->network, op, inputs, outputs, attributes, err));
    memcpy(j->last, made, sizeof made);
    return ELC_OK;
}

/* From this opset on, the axes of a mean are an input. */
enum { AXES_ARE_INPUT = 18 };

static elc_status add_mean(join *j, elc_error *err) {
    static const int64_t tokens = 1;
    char axes[160];
    const elc_attribute given = {
        .name = "axes", .kind = ELC_ATTRIBUTE_INTS, .wholes = &tokens, .n = 1};
    const elc_attribute keep = {.name = "keepdims", .kind = ELC_ATTRIBUTE_INT};
    name_in(j, "axes", axes);
    if (elc_network_opset(j->network) >= AXES_ARE_INPUT) {
        const int64_t one = 1;
        ELC_TRY(elc_network_add_ints(j->network, axes, &tokens, &one, 1, err));
        return add(j, "ReduceMean", "mean", axes, NULL, &keep, err);
    }
    static const elc_attribute flat = {
        .name = "axis", .kind = ELC_ATTRIBUTE_INT, .whole = 1};
    ELC_TRY(add(j, "ReduceMean", "mean", NULL, NULL, &given, err));
    return add(j, "Flatten", "features", NULL, NULL, &flat, err);
}

static elc_status add_pool(join *j, elc_error *err) {
    static const elc_attribute flat = {
        .name = "axis", .kind = ELC_ATTRIBUTE_INT, .whole = 1};
    static const elc_attribute to_float = {
        .name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 1};
    ELC_TRY(add(j, "Cast", "cast", NULL, NULL, &to_float, err));
    if (j->job->rank == 3)
        return add_mean(j, err);
    if (j->job->rank == 2)
        return ELC_OK;
    ELC_TRY(add(j, "GlobalAveragePool", "pool", NULL, NULL, NULL, err));
    return add(j, "Flatten", "features", NULL, NULL, &flat, err);
}

/* Scores over the temperature: their softmax is as sure as it was right. */
static elc_status add_weights(join *j, const char *w, const char *b, elc_error *err) {
    const elc_logistic *l = &j->job->final;
    const int64_t dims[] = {(int64_t)l->classes, (int64_t)l->features};
    size_t n = l->classes * l->features;
    float *room;
    ELC_TRY(elc_alloc(n, sizeof *room, &room, err));
    for (size_t i = 0; i < n; i++)
        room[i] = (float)(l->coefficients[i] / j->job->temperature);
    elc_status status = elc_network_add_floats(j->network, w, room, dims, 2, err);
    for (size_t k = 0; k < l->classes; k++)
        room[k] = (float)(l->intercepts[k] / j->job->temperature);
    if (status == ELC_OK)
        status = elc_network_add_floats(j->network, b, room, dims, 1, err);
    free(room);
    return status;
}

static elc_status add_head(join *j, elc_error *err) {
    static const elc_attribute transposed = {
        .name = "transB", .kind = ELC_ATTRIBUTE_INT, .whole = 1};
    static const elc_attribute along = {
        .name = "axis", .kind = ELC_ATTRIBUTE_INT, .whole = 1};
    char w[160], b[160], shape[40];
    name_in(j, "weights", w);
    name_in(j, "intercepts", b);
    ELC_TRY(add_pool(j, err));
    ELC_TRY(add_weights(j, w, b, err));
    ELC_TRY(add(j, "Gemm", "scores", w, b, &transposed, err));
    ELC_TRY(add(j, "Softmax", probabilities, NULL, NULL, &along, err));
    snprintf(shape, sizeof shape, "n,%zu", j->job->classes.count);
    return elc_network_add_output(j->network, j->last, shape, err);
}

/* ---- metadata -----------------------------------------------------------------------
 */

static elc_status no_memory(elc_error *err) {
    return elc_fail(err, ELC_E_MEMORY, "memory: no room for metadata");
}

/* Takes the value. */
static elc_status put_json(join *j, const char *key, json_t *value, elc_error *err) {
    char *text =
        value != NULL ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_decref(value);
    if (text == NULL)
        return no_memory(err);
    elc_status status = elc_network_set_metadata(j->network, key, text, err);
    free(text);
    return status;
}

static elc_status put_text(join *j, const char *key, elc_error *err, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));

static elc_status put_text(join *j, const char *key, elc_error *err, const char *format,
                           ...) {
    char text[512]; /* a file's name has at most 255 bytes */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return elc_network_set_metadata(j->network, key, text, err);
}

static json_t *names_of(const train_job *job) {
    json_t *names = json_object();
    for (size_t k = 0; k < job->classes.count; k++) {
        char id[24];
        snprintf(id, sizeof id, "%zu", k);
        json_object_set_new(names, id, json_string(job->classes.items[k]));
    }
    return names;
}

static double rounded(double value) {
    return round(value * 1e6) / 1e6;
}

static json_t *scores_of(const train_job *job) {
    return json_pack("{s:f, s:f, s:f, s:f, s:i, s:I, s:I}", "accuracy",
                     rounded(job->all.accuracy), "balanced_accuracy",
                     rounded(job->all.balanced), "log_loss", rounded(job->all.log_loss),
                     "calibration_error", rounded(job->all.gap), "folds", job->folds,
                     "places", (json_int_t)job->n_places, "labels", (json_int_t)job->n);
}

static json_t *numbers_of(const double *values, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(list, json_real(values[i]));
    return list;
}

/* How chips become the network's input, as it was here. */
static elc_status put_preparation(join *j, elc_error *err) {
    const train_job *job = j->job;
    const elc_model_info *m = job->info;
    ELC_TRY(put_text(j, "imgsz", err, "[%lld, %lld]", (long long)job->chip_height,
                     (long long)job->chip_width));
    ELC_TRY(put_text(j, "elcano.input_scale", err, "%.9g", m->scale));
    ELC_TRY(put_text(j, "elcano.channel_order", err, "%s", m->channel_order));
    ELC_TRY(put_text(j, "elcano.pad", err, "%d", m->pad));
    if (m->channels <= 16) {
        ELC_TRY(
            put_json(j, "standardization_mean", numbers_of(m->mean, m->channels), err));
        ELC_TRY(
            put_json(j, "standardization_std", numbers_of(m->std, m->channels), err));
    }
    if (!(job->resolution.gsd_m > 0))
        return ELC_OK;
    return put_text(j, "resolution", err, "%.9g", job->resolution.gsd_m * 100);
}

static elc_status put_origin(join *j, elc_error *err) {
    const train_job *job = j->job;
    const elc_model_info *m = job->info;
    const char *license = m->license;
    ELC_TRY(
        put_text(j, "description", err,
                 "Classes of chips, learnt by elcano train classifier on features of "
                 "%s",
                 m->name));
    if (license != NULL)
        ELC_TRY(elc_network_set_metadata(j->network, "license", license, err));
    ELC_TRY(put_json(j, "elcano.backbone",
                     json_pack("{s:s, s:s, s:s, s:s*}", "name", m->name, "sha256",
                               m->sha256, "tensor", m->tensor, "license", license),
                     err));
    return put_json(j, "elcano.training",
                    json_pack("{s:I, s:I, s:f, s:f, s:s, s:I}", "labels",
                              (json_int_t)job->n, "images",
                              (json_int_t)job->found.count, "strength", job->c,
                              "temperature", rounded(job->temperature), "class_weights",
                              elc_options_text(job->options, "class_weights"), "seed",
                              (json_int_t)elc_options_int(job->options, "seed")),
                    err);
}

static elc_status put_metadata(join *j, elc_error *err) {
    elc_network_clear_metadata(j->network);
    ELC_TRY(elc_network_set_metadata(j->network, "task", "classify", err));
    ELC_TRY(put_json(j, "names", names_of(j->job), err));
    ELC_TRY(put_json(j, "class_names", names_of(j->job), err));
    ELC_TRY(put_preparation(j, err));
    ELC_TRY(put_origin(j, err));
    return put_json(j, "elcano.scores", scores_of(j->job), err);
}

/* ---- all ----------------------------------------------------------------------------
 */

static elc_status join_all(join *j, elc_error *err) {
    const char *tensors[] = {j->job->info->tensor};
    ELC_TRY(elc_network_cut(j->network, tensors, 1, err));
    ELC_TRY(elc_network_prefix(j->network, "classifier", j->prefix, err));
    ELC_TRY(put_metadata(j, err));
    size_t n = strlen(tensors[0]);
    if (n >= sizeof j->last)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: the name of tensor %.60s... is longer than %zu bytes",
                        j->job->info->path, tensors[0], sizeof j->last - 1);
    memcpy(j->last, tensors[0], n + 1);
    return add_head(j, err);
}

elc_status elc_classes_write(const train_job *job, elc_string *out, elc_error *err) {
    join j = {.job = job};
    ELC_TRY(elc_network_read(job->info->path, &j.network, err));
    elc_status status = join_all(&j, err);
    if (status == ELC_OK)
        status = elc_network_write(j.network, out, err);
    elc_network_free(j.network);
    return status;
}
