/* summary.c - counts by class, and how scores and times are spread, of what a filter
   and a polygon let pass. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <math.h>
#include <stdlib.h>

enum { SCORE_BINS = 20, TIME_BINS = 60 };

typedef struct sums {
    const serve_layer *layer;
    size_t total, placed; /* rows, and those of them that are on the map */
    size_t *classes;      /* the last is of NULL */
    size_t scores[SCORE_BINS], times[TIME_BINS];
} sums;

/* The bin of a value between two, both of which count. */
static size_t bin_of(double value, double low, double high, size_t n) {
    double at = high > low ? (value - low) / (high - low) * (double)n : 0;
    return at >= (double)n ? n - 1 : (size_t)fmax(0, at);
}

static elc_status add(void *arg, size_t i, elc_error *err) {
    (void)err;
    sums *s = arg;
    const serve_layer *l = s->layer;
    size_t id = l->classes == NULL || l->classes[i] == SERVE_NO_CLASS
                    ? l->class_names.count
                    : l->classes[i];
    s->total++;
    s->placed += i < l->placed;
    s->classes[id]++;
    if (l->scores != NULL && !isnan(l->scores[i]))
        s->scores[bin_of(l->scores[i], l->score_low, l->score_high, SCORE_BINS)]++;
    if (l->times != NULL && l->times[i] != INT64_MIN)
        s->times[bin_of((double)l->times[i], (double)l->time_low, (double)l->time_high,
                        TIME_BINS)]++;
    return ELC_OK;
}

/* Classes that have none are left out. */
static json_t *classes_json(const sums *s) {
    json_t *list = json_array();
    const elc_names *names = &s->layer->class_names;
    for (size_t i = 0; i <= names->count; i++) {
        if (s->classes[i] > 0)
            json_array_append_new(
                list, json_pack("{s:I, s:I}", "class",
                                i == names->count ? (json_int_t)-1 : (json_int_t)i,
                                "count", (json_int_t)s->classes[i]));
    }
    return list;
}

static json_t *bins_json(const size_t *bins, size_t n) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_integer((json_int_t)bins[i]));
    return list;
}

static json_t *sums_json(const sums *s) {
    json_t *json = json_pack("{s:I, s:I, s:o}", "total", (json_int_t)s->total, "placed",
                             (json_int_t)s->placed, "classes", classes_json(s));
    if (json != NULL && s->layer->score_low <= s->layer->score_high)
        json_object_set_new(json, "scores", bins_json(s->scores, SCORE_BINS));
    if (json != NULL && s->layer->time_low <= s->layer->time_high)
        json_object_set_new(json, "times", bins_json(s->times, TIME_BINS));
    return json;
}

static elc_status sum_up(const serve_call *call, sums *s, elc_error *err) {
    serve_filter filter;
    elc_string polygon = {0};
    ELC_TRY(elc_serve_filter_read(call->request, s->layer, &filter, err));
    elc_status status = elc_serve_polygon_read(call, &polygon, err);
    serve_within within = {polygon.data, polygon.size};
    if (status == ELC_OK)
        status =
            elc_serve_select(s->layer, &filter, &within, call->patience, add, s, err);
    elc_serve_filter_clear(&filter);
    elc_string_free(&polygon);
    return status;
}

elc_status elc_serve_summary(const serve_call *call, serve_answer *answer,
                             elc_error *err) {
    sums s = {0};
    ELC_TRY(elc_serve_layer_named(call, 2, &s.layer, err));
    ELC_TRY(
        elc_alloc(s.layer->class_names.count + 1, sizeof *s.classes, &s.classes, err));
    elc_status status = sum_up(call, &s, err);
    if (status == ELC_OK)
        status = elc_serve_answer_json(answer, SERVE_JSON, sums_json(&s), err);
    free(s.classes);
    return status;
}
