/* truth.c - labels as boxes, and which image of the detections each is of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct taker {
    const elc_labels *labels;
    const elc_context *context;
    eval_data *data;
    bool *taken;     /* of each label */
    size_t n_found;  /* images that the detections name */
    size_t strange;  /* of those: without any label, and not named by the truth */
    const char *one; /* the first of these */
} taker;

elc_status elc_eval_labels_on_map(const elc_labels *labels, bool *on_map,
                                  elc_error *err) {
    *on_map = labels->count > 0 && labels->items[0].on_map;
    for (size_t i = 1; i < labels->count; i++)
        if (labels->items[i].on_map != *on_map)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "truth: some of it is in pixels and some on the map; give "
                            "one of both");
    return ELC_OK;
}

/* ---- one label ------------------------------------------------------------------ */

static elc_status take_label(taker *t, size_t i, uint32_t image, elc_error *err) {
    const elc_label *label = &t->labels->items[i];
    double box[4];
    t->taken[i] = true;
    if (t->data->xview && elc_eval_is_left_out(label->class_name))
        return ELC_OK;
    elc_label_box(label, box);
    elc_score_box b = {box[0],      box[1], box[2], box[3],       0,
                       label->area, image,  0,      label->crowd, label->difficult};
    eval_place place = {{NAN, NAN}, NAN};
    if (label->on_map)
        place.lonlat = (elc_point){(box[0] + box[2]) / 2, (box[1] + box[3]) / 2};
    ELC_TRY(elc_eval_class(t->data, label->class_name, &b.class_id, err));
    t->data->truth.outlines.turned |= elc_eval_is_turned(label->ring, label->n);
    if (t->data->outlined)
        ELC_TRY(
            elc_eval_outline_add(&t->data->truth.outlines, label->ring, label->n, err));
    return elc_eval_boxes_add(&t->data->truth, &b, &place, err);
}

/* ---- images --------------------------------------------------------------------- */

static bool is_named(const elc_labels *labels, const char *image) {
    for (size_t i = 0; i < labels->images.count; i++)
        if (elc_label_is_of(labels->images.items[i], image))
            return true;
    return false;
}

static elc_status take_image(taker *t, uint32_t image, elc_error *err) {
    const char *name = t->data->images.shown.items[image];
    size_t *indices = NULL, n = 0;
    ELC_TRY(elc_labels_of(t->labels, name, &indices, &n, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = take_label(t, indices[i], image, err);
    free(indices);
    if (n == 0 && t->labels->images.count > 0 && !is_named(t->labels, name) &&
        t->strange++ == 0)
        t->one = name;
    return status;
}

/* What the detections do not name is of an image in which nothing was found. */
static elc_status take_rest(taker *t, elc_error *err) {
    const elc_labels *labels = t->labels;
    uint32_t image;
    for (size_t i = 0; i < labels->count; i++) {
        const char *name = labels->items[i].image;
        if (t->taken[i])
            continue;
        name = name ? name : "";
        ELC_TRY(elc_part_names_add(&t->data->images, name, name, &image, err));
        ELC_TRY(take_label(t, i, image, err));
    }
    return ELC_OK;
}

static elc_status fail_strange(const taker *t, const char *near, elc_error *err) {
    if (t->one[0] == '\0')
        return elc_fail(
            err, ELC_E_NOT_FOUND,
            "detections: no column says which image a row is of (image, "
            "image_path, filename or file_name), and the truth names images, "
            "such as %s",
            t->labels->images.items[0]);
    return elc_fail(err, ELC_E_NOT_FOUND,
                    "truth: names none of the %zu images of the detections: they have "
                    "%s, it has %s",
                    t->n_found, t->one, near ? near : t->labels->images.items[0]);
}

static elc_status tell_images(const taker *t, elc_error *err) {
    const char **words;
    const elc_names *stated = &t->labels->images;
    if (t->strange == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(stated->count + 1, sizeof *words, &words, err));
    for (size_t i = 0; i < stated->count; i++)
        words[i] = stated->items[i];
    const char *near = elc_nearest_word(t->one, words);
    free(words);
    if (t->strange == t->n_found && t->labels->count > 0)
        return fail_strange(t, near, err);
    elc_warn(t->context,
             "the truth does not name %zu of the %zu images of the detections, such as "
             "%s%s%s%s: all that was found there counts as wrong",
             t->strange, t->n_found, t->one, near ? " (did you mean " : "",
             near ? near : "", near ? "?)" : "");
    return ELC_OK;
}

static elc_status check_unnamed(const taker *t, elc_error *err) {
    if (t->n_found < 2)
        return ELC_OK;
    for (size_t i = 0; i < t->labels->count; i++)
        if (t->labels->items[i].image == NULL)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "truth: some of it names no image, and the detections are "
                            "of %zu images; give a truth that says which",
                            t->n_found);
    return ELC_OK;
}

/* ---- order ---------------------------------------------------------------------- */

typedef struct named {
    const char *name;
    uint32_t image;
} named;

static int by_name(const void *a, const void *b) {
    const named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->image > y->image) - (x->image < y->image);
}

static elc_status put_in_order(eval_data *data, named *order, uint32_t *place,
                               elc_error *err) {
    size_t n = data->images.shown.count;
    part_names sorted = {0};
    for (uint32_t i = 0; i < n; i++)
        order[i] = (named){data->images.shown.items[i], i};
    if (n > 1)
        qsort(order, n, sizeof *order, by_name);
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = elc_part_names_add(&sorted, order[i].name, order[i].name,
                                    &place[order[i].image], err);
    for (size_t i = 0; i < data->found.count && status == ELC_OK; i++)
        data->found.items[i].image = place[data->found.items[i].image];
    for (size_t i = 0; i < data->truth.count && status == ELC_OK; i++)
        data->truth.items[i].image = place[data->truth.items[i].image];
    elc_part_names_free(&data->images);
    data->images = sorted;
    return status;
}

static elc_status order_images(eval_data *data, elc_error *err) {
    named *order = NULL;
    uint32_t *place = NULL;
    ELC_TRY(elc_alloc(data->images.shown.count, sizeof *order, &order, err));
    elc_status status = elc_alloc(data->images.shown.count, sizeof *place, &place, err);
    if (status == ELC_OK)
        status = put_in_order(data, order, place, err);
    free(order);
    free(place);
    return status;
}

/* ---- all ------------------------------------------------------------------------ */

static elc_status take_pixels(taker *t, elc_error *err) {
    ELC_TRY(check_unnamed(t, err));
    for (uint32_t i = 0; i < t->n_found; i++) {
        ELC_TRY(elc_check_cancel(t->context, err));
        ELC_TRY(take_image(t, i, err));
    }
    ELC_TRY(tell_images(t, err));
    size_t before = t->data->images.shown.count;
    ELC_TRY(take_rest(t, err));
    size_t alone = t->data->images.shown.count - before;
    if (alone > 0 && t->data->found.count > 0)
        elc_warn(t->context,
                 "nothing is found in %zu image%s of the truth, such as %s: all of it "
                 "counts as missed",
                 alone, alone == 1 ? "" : "s", t->data->images.shown.items[before]);
    return order_images(t->data, err);
}

elc_status elc_eval_take_truth(const elc_labels *labels, const elc_context *context,
                               eval_data *data, elc_error *err) {
    taker t = {.labels = labels, .context = context, .data = data};
    t.n_found = data->images.shown.count;
    ELC_TRY(elc_alloc(labels->count, sizeof *t.taken, &t.taken, err));
    elc_status status = data->on_map ? ELC_OK : take_pixels(&t, err);
    for (size_t i = 0; i < labels->count && data->on_map && status == ELC_OK; i++)
        status = take_label(&t, i, 0, err);
    free(t.taken);
    return status;
}
