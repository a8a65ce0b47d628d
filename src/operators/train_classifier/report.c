/* report.c - all that is known of a training, as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static json_t *number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *assessment(const elc_assessment *a) {
    json_t *o = json_object();
    json_object_set_new(o, "accuracy", number(a->accuracy));
    json_object_set_new(o, "balanced_accuracy", number(a->balanced));
    json_object_set_new(o, "log_loss", number(a->log_loss));
    json_object_set_new(o, "calibration_error", number(a->gap));
    return o;
}

static json_t *classes_of(const train_job *job) {
    json_t *list = json_array();
    for (size_t k = 0; k < job->classes.count; k++)
        json_array_append_new(list, json_string(job->classes.items[k]));
    return list;
}

static json_t *confusion_of(const train_job *job) {
    json_t *rows = json_array();
    for (size_t k = 0; k < job->classes.count; k++) {
        json_t *row = json_array();
        for (size_t i = 0; i < job->classes.count; i++)
            json_array_append_new(
                row,
                json_integer((json_int_t)job->confusion[k * job->classes.count + i]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *folds_of(const train_job *job) {
    json_t *list = json_array();
    for (int f = 0; f < job->folds; f++) {
        json_t *fold = assessment(&job->of_fold[f]);
        json_object_set_new(fold, "labels", json_integer((json_int_t)job->in_fold[f]));
        json_array_append_new(list, fold);
    }
    return list;
}

static json_t *curve_of(const train_job *job) {
    json_t *list = json_array();
    for (size_t i = 0; i < job->n_points; i++) {
        json_t *point = assessment(&job->points[i].good);
        json_object_set_new(point, "labels", json_real(job->points[i].labels));
        json_object_set_new(point, "expected", json_boolean(job->points[i].expected));
        json_array_append_new(list, point);
    }
    return list;
}

/* The labels themselves: where each lies, its fold, and what it was taken for. */
static json_t *labels_of(const train_job *job) {
    json_t *list = json_array();
    for (size_t i = 0; i < job->n; i++) {
        const train_sample *s = &job->samples[i];
        const double *scores = job->scores + i * job->classes.count;
        size_t best = 0;
        for (size_t k = 1; k < job->classes.count; k++)
            best = scores[k] > scores[best] ? k : best;
        json_array_append_new(
            list, json_pack("{s:s, s:[I, I], s:s, s:s, s:i, s:i}", "image",
                            job->found.items[s->image].name, "chip", (json_int_t)s->x,
                            (json_int_t)s->y, "class", job->classes.items[s->class_id],
                            "taken_for", job->classes.items[best], "fold",
                            job->fold_of[i] + 1, "place", (int)s->place + 1));
    }
    return list;
}

elc_status elc_classes_json(const train_job *job, elc_string *out, elc_error *err) {
    json_t *all = json_object();
    json_object_set_new(all, "classes", classes_of(job));
    json_object_set_new(all, "labels", json_integer((json_int_t)job->n));
    json_object_set_new(all, "places", json_integer((json_int_t)job->n_places));
    json_object_set_new(all, "strength", number(job->c));
    json_object_set_new(all, "temperature", number(job->temperature));
    json_object_set_new(all, "all", assessment(&job->all));
    json_object_set_new(all, "before_calibration", assessment(&job->raw));
    json_object_set_new(all, "confusion", confusion_of(job));
    json_object_set_new(all, "folds", folds_of(job));
    json_object_set_new(all, "curve", curve_of(job));
    json_object_set_new(all, "chips", labels_of(job));
    char *text = json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    json_decref(all);
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "memory: no room for the report");
    elc_status status = elc_string_printf(out, err, "%s\n", text);
    free(text);
    return status;
}
