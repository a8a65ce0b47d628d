/* json.c - a comparison as one JSON document. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

#include <jansson.h>

/* ---- values --------------------------------------------------------------------- */

/* JSON has no NaN. */
static json_t *real(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value) {
    return value != NULL ? json_string(value) : json_null();
}

static json_t *count_json(const eval_count *c) {
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "n_truth",
                     (json_int_t)c->truth, "n_found", (json_int_t)c->found, "n_right",
                     (json_int_t)c->right, "precision",
                     real(eval_share(c->right, c->found)), "recall",
                     real(eval_share(c->right, c->truth)), "f1",
                     real(eval_share(2 * c->right, c->found + c->truth)), "count_error",
                     (json_int_t)c->found - (json_int_t)c->truth);
}

/* Takes both. */
static json_t *with_count(json_t *object, const eval_count *c) {
    json_t *count = count_json(c);
    json_object_update(object, count);
    json_decref(count);
    return object;
}

/* ---- parts ---------------------------------------------------------------------- */

static json_t *curve_json(const eval_class *k) {
    json_t *list = json_array();
    for (size_t i = 0; i < k->n_curve; i++) {
        const elc_score_point *p = &k->curve[i];
        json_array_append_new(list, json_pack("[o, o, o]", real(p->score),
                                              real(p->precision), real(p->recall)));
    }
    return list;
}

static json_t *class_json(const eval_data *data, const eval_result *r, size_t c) {
    const eval_class *k = &r->classes[c];
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "class",
        text(elc_eval_class_name(data, c)), "ap", real(k->ap), "ap50", real(k->ap50),
        "ap75", real(k->ap75), "ap_small", real(k->ap_size[0]), "ap_medium",
        real(k->ap_size[1]), "ap_large", real(k->ap_size[2]), "threshold",
        real(k->least), "position_error_px", real(k->error_px), "position_error_m",
        real(k->error_m), "position_error_p95_m", real(k->error_p95_m));
    if (c < r->n_classes)
        json_object_set_new(object, "curve", curve_json(k));
    return with_count(object, &k->count);
}

static json_t *classes_json(const eval_data *data, const eval_result *r) {
    json_t *list = json_array();
    for (size_t c = 0; c < r->n_classes; c++)
        if (elc_eval_is_shown(data, r, c))
            json_array_append_new(list, class_json(data, r, c));
    return list;
}

static json_t *images_json(const eval_data *data, const eval_result *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < data->images.shown.count && !data->on_map; i++)
        json_array_append_new(
            list, with_count(json_pack("{s:s}", "image", data->images.shown.items[i]),
                             &r->images[i]));
    return list;
}

static json_t *zones_json(const eval_data *data, const eval_result *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_zones; i++)
        for (size_t c = 0; c <= r->n_classes; c++)
            if (elc_eval_is_shown(data, r, c))
                json_array_append_new(
                    list,
                    with_count(json_pack("{s:o, s:o}", "zone", text(r->zones[i].name),
                                         "class", text(elc_eval_class_name(data, c))),
                               &r->zones[i].classes[c]));
    return list;
}

static json_t *splits_json(const eval_result *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_splits; i++)
        json_array_append_new(
            list, with_count(json_pack("{s:s, s:s}", "split", r->splits[i].kind,
                                       "range", r->splits[i].range),
                             &r->splits[i].count));
    return list;
}

static json_t *confusion_json(const eval_data *data, const eval_result *r) {
    json_t *list = json_array();
    size_t side = r->n_classes + 1;
    for (size_t i = 0; i < side * side; i++) {
        size_t row = i / side, column = i % side;
        if (r->confusion[i] == 0)
            continue;
        json_array_append_new(
            list,
            json_pack(
                "{s:o, s:o, s:I}", "true_class",
                text(row < r->n_classes ? elc_eval_class_name(data, row) : NULL),
                "found_class",
                text(column < r->n_classes ? elc_eval_class_name(data, column) : NULL),
                "n", (json_int_t)r->confusion[i]));
    }
    return list;
}

static json_t *xview_json(const eval_result *r) {
    static const char *const names[EVAL_XVIEW_LISTS] = {
        "map_small", "map_medium", "map_large", "map_common", "map_rare"};
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:o}", "map", real(r->classes[r->n_classes].ap50),
                  "precision", real(r->mean_precision), "recall", real(r->mean_recall),
                  "f1", real(r->mean_f1));
    for (int i = 0; i < EVAL_XVIEW_LISTS; i++)
        json_object_set_new(object, names[i], real(r->map_xview[i]));
    return object;
}

/* The means that a scorer's own program prints besides. */
static json_t *scorer_json(const eval_wish *wish, const eval_result *r) {
    if (wish->rule == ELC_SCORE_XVIEW)
        return xview_json(r);
    if (wish->rule == ELC_SCORE_VOC)
        return json_pack("{s:o}", "map", real(r->classes[r->n_classes].ap50));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "ar1", real(r->recall_of[0]),
                     "ar10", real(r->recall_of[1]), "ar", real(r->recall_of[2]),
                     "ar_small", real(r->recall_size[0]), "ar_medium",
                     real(r->recall_size[1]), "ar_large", real(r->recall_size[2]));
}

static const char *rule_name(elc_score_rule rule) {
    return rule == ELC_SCORE_COCO ? "coco" : rule == ELC_SCORE_VOC ? "voc" : "xview";
}

elc_status elc_eval_json(const eval_data *data, const eval_wish *wish,
                         const eval_result *r, elc_string *out, elc_error *err) {
    json_t *all = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "scorer",
        rule_name(wish->rule), "shapes", data->by_shape ? "polygon" : "box", "iou",
        real(wish->iou), rule_name(wish->rule), scorer_json(wish, r), "all",
        class_json(data, r, r->n_classes), "classes", classes_json(data, r), "images",
        images_json(data, r), "zones", zones_json(data, r), "splits", splits_json(r),
        "confusion", confusion_json(data, r));
    char *written = all != NULL ? json_dumps(all, JSON_INDENT(1)) : NULL;
    json_decref(all);
    if (written == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the JSON of a comparison");
    elc_status status = elc_string_printf(out, err, "%s\n", written);
    free(written);
    return status;
}
