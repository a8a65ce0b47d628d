/* network.c - backbone and head as one ONNX file, whose metadata say how to use it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    elc_network *network;
    elc_status status;
    elc_error *err;
} setter;

static void set(setter *s, const char *key, const char *value) {
    if (s->status == ELC_OK)
        s->status = elc_network_set_metadata(s->network, key, value, s->err);
}

__attribute__((format(printf, 3, 4))) static void
set_printed(setter *s, const char *key, const char *format, ...) {
    char text[512]; /* a file's name has at most 255 bytes */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    set(s, key, text);
}

/* Takes the value. */
static void set_json(setter *s, const char *key, json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(value);
    if (text)
        set(s, key, text);
    else if (s->status == ELC_OK)
        s->status = elc_fail(s->err, ELC_E_MEMORY, "%s: out of memory", key);
    free(text);
}

static void set_names(setter *s, const train_job *job) {
    json_t *names = json_object();
    for (size_t i = 0; i < job->classes.count; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i);
        json_object_set_new(names, number, json_string(job->classes.items[i]));
    }
    json_incref(names);
    set_json(s, "names", names);
    set_json(s, "class_names", names);
}

static void set_numbers(setter *s, const char *key, const double *values, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(list, json_real(values[i]));
    set_json(s, key, list);
}

/* As the backbone's own metadata, or what stood for them. */
static void set_preparation(setter *s, const train_job *job) {
    const elc_model_info *i = job->info;
    const elc_resolution *r = &job->options.resolution;
    set(s, "elcano.channel_order", i->channel_order);
    set_printed(s, "elcano.input_scale", "%.17g", i->scale);
    set_printed(s, "elcano.pad", "%d", i->pad);
    set_numbers(s, "standardization_mean", i->mean, i->channels);
    set_numbers(s, "standardization_std", i->std, i->channels);
    set_printed(s, "stride", "%lld", (long long)i->stride);
    set_printed(s, "imgsz", "[%lld, %lld]", (long long)job->options.chip_height,
                (long long)job->options.chip_width);
    set_printed(s, "tile_size", "%lld", (long long)job->options.chip_width);
    if (r->gsd_m > 0)
        set_printed(s, "resolution", "%.9g", r->gsd_m * 100);
}

static json_t *real(double v) {
    return isfinite(v) ? json_real(v) : json_null();
}

static void set_scores(setter *s, const train_job *job, const train_outcome *o) {
    json_t *all = json_array();
    for (size_t c = 0; c < job->classes.count; c++) {
        const train_score *k = &o->scores[c];
        json_array_append_new(
            all, json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o}", "class",
                           job->classes.items[c], "objects", (json_int_t)k->learnt,
                           "left_out", (json_int_t)k->left_out, "ap50", real(k->ap50),
                           "precision", real(k->precision), "recall", real(k->recall),
                           "f1", real(k->f1)));
    }
    set_json(s, "elcano.scores", all);
}

static void set_origin(setter *s, const train_job *job, const train_outcome *o) {
    const elc_options *options = job->call->options;
    const char *license = elc_options_text(options, "license");
    json_t *tensors = json_array();
    for (size_t i = 0; i < job->backbone.tensors.count; i++)
        json_array_append_new(tensors, json_string(job->backbone.tensors.items[i]));
    set_json(s, "elcano.tensors", tensors);
    set(s, "elcano.backbone", job->info->name);
    set(s, "elcano.backbone_sha256", job->info->sha256);
    set_printed(s, "elcano.trained_on", "%zu images, %zu cells, %zu epochs, seed %llu",
                job->n_images, o->cells, o->epochs, (unsigned long long)job->seed);
    set_printed(s, "description", "Boxes of %zu class%s, learnt on %s",
                job->classes.count, job->classes.count == 1 ? "" : "es",
                job->info->name);
    set(s, "elcano.backbone_license", job->info->license);
    set(s, "license", license ? license : job->info->license);
    set(s, "author", NULL);
}

elc_status elc_train_add_metadata(elc_network *network, const train_job *job,
                                  const train_outcome *outcome, elc_error *err) {
    setter s = {.network = network, .err = err};
    set(&s, "task", "detect");
    set(&s, "end2end", NULL);
    set(&s, "det_type", "YOLO_Ultralytics");
    set_names(&s, job);
    set_preparation(&s, job);
    set_printed(&s, "det_conf", "%g", outcome->measured ? TRAIN_ALIGNED : 0.3);
    set(&s, "det_iou_thresh", "0.5");
    set_origin(&s, job, outcome);
    set_scores(&s, job, outcome);
    return s.status;
}

elc_status elc_train_network(const train_job *job, const train_outcome *outcome,
                             elc_string *out, elc_error *err) {
    elc_network *network = NULL;
    const train_backbone *b = &job->backbone;
    ELC_TRY(elc_network_read(job->info->path, &network, err));
    elc_status status = elc_network_cut(network, (const char *const *)b->tensors.items,
                                        b->tensors.count, err);
    if (status == ELC_OK)
        status = elc_train_add_head(network, b, outcome->head, err);
    if (status == ELC_OK)
        status = elc_train_add_metadata(network, job, outcome, err);
    if (status == ELC_OK)
        status = elc_network_write(network, out, err);
    elc_network_free(network);
    return status;
}
