/* coco.c - COCO's JSON: images, categories and annotations, in any order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/coco.h"

#include "label/format.h"
#include "label/json.h"
#include "label/shape.h"

#include <stdlib.h>
#include <string.h>

/* The ids of images or of categories, as texts, and the name that each was given; NULL:
   only an annotation speaks of it, so far. */
typedef struct registry {
    elc_label_map map;
    elc_names ids;
    char **names;
    size_t capacity, count;
} registry;

/* What an annotation says, to be looked up at the end. */
typedef struct pending {
    size_t image, category;
    uint64_t line;
} pending;

typedef struct coco {
    elc_label_build *b;
    registry images, categories;
    pending *waiting;
    size_t n, capacity;
    elc_string text;
    elc_label_ring ring;
    elc_point *part;
    size_t part_capacity;
} coco;

enum { IMAGES, CATEGORIES, ANNOTATIONS };
static const char *const wanted[] = {"images", "categories", "annotations", NULL};

/* ---- ids ------------------------------------------------------------------ */

static elc_status register_id(registry *r, const char *id, size_t *out,
                              elc_error *err) {
    ELC_TRY(elc_label_intern(&r->map, &r->ids, id, out, err));
    ELC_TRY(elc_reserve(&r->names, &r->capacity, r->ids.count, sizeof *r->names, err));
    while (r->count < r->ids.count)
        r->names[r->count++] = NULL;
    return ELC_OK;
}

static void registry_free(registry *r) {
    for (size_t i = 0; i < r->count; i++)
        free(r->names[i]);
    free(r->names);
    free(r->map.slots);
    elc_names_free(&r->ids);
}

static elc_status read_id(coco *c, registry *r, const json_t *object, const char *key,
                          size_t *out, elc_error *err) {
    bool is = false;
    ELC_TRY(elc_label_json_text(json_object_get(object, key), &c->text, &is, err));
    if (!is)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "no %s: it must be a number or a text", key);
    return register_id(r, c->text.data, out, err);
}

static elc_status take_named(coco *c, registry *r, const json_t *object,
                             const char *key, elc_error *err) {
    size_t id = 0;
    const char *name = json_string_value(json_object_get(object, key));
    ELC_TRY(read_id(c, r, object, "id", &id, err));
    if (name == NULL)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT, "no %s: it must be a text", key);
    if (r->names[id] != NULL)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT, "the id %s comes twice",
                              r->ids.items[id]);
    return elc_strdup(name, &r->names[id], err);
}

/* ---- shapes --------------------------------------------------------------- */

static elc_status read_box(coco *c, const json_t *bbox, double box[4], elc_error *err) {
    for (size_t i = 0; i < 4; i++) {
        const json_t *value = json_array_get(bbox, i);
        if (!json_is_number(value) || json_array_size(bbox) != 4)
            return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                                  "bbox is not [x, y, width, height] in pixels");
        box[i] = json_number_value(value);
    }
    if (box[2] < 0 || box[3] < 0)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "the box is %g wide and %g high: bbox is [x, y, width, "
                              "height]",
                              box[2], box[3]);
    box[2] += box[0];
    box[3] += box[1];
    return ELC_OK;
}

/* "[x, y, x, y, ...]" joined to the ring; what has under three points is left out. */
static elc_status join_part(coco *c, const json_t *list, elc_error *err) {
    size_t n = json_array_size(list) / 2;
    if (!json_is_array(list) || json_array_size(list) % 2 != 0)
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "segmentation is not lists of x, y, x, y, ...");
    if (n < 3)
        return ELC_OK;
    ELC_TRY(elc_reserve(&c->part, &c->part_capacity, n, sizeof *c->part, err));
    for (size_t i = 0; i < 2 * n; i++) {
        const json_t *value = json_array_get(list, i);
        if (!json_is_number(value))
            return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                                  "segmentation has something that is no number");
        *(i % 2 ? &c->part[i / 2].y : &c->part[i / 2].x) = json_number_value(value);
    }
    return elc_label_ring_join(&c->ring, c->part, n, err);
}

static elc_status join_parts(coco *c, const json_t *lists, elc_error *err) {
    size_t i;
    json_t *list;
    c->ring.n = 0;
    json_array_foreach(lists, i, list) ELC_TRY(join_part(c, list, err));
    return ELC_OK;
}

static elc_status add_box(coco *c, const json_t *bbox, const json_t *mask,
                          const elc_label *form, elc_error *err) {
    elc_point ring[4];
    double box[4];
    if (json_array_size(bbox) > 0)
        ELC_TRY(read_box(c, bbox, box, err));
    else if (json_is_object(mask))
        ELC_TRY(elc_label_rle_box(c->b, mask, box, err));
    else
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "neither a bbox nor a segmentation");
    ELC_TRY(elc_label_box_ring(c->b, box, ring, err));
    return elc_label_add_bare(c->b, form, ring, 4, err);
}

static elc_status add_shape(coco *c, const json_t *annotation, const elc_label *form,
                            elc_error *err) {
    const json_t *segmentation = json_object_get(annotation, "segmentation");
    if (json_is_array(segmentation)) {
        ELC_TRY(join_parts(c, segmentation, err));
        if (c->ring.n > 0)
            return elc_label_add_bare(c->b, form, c->ring.points, c->ring.n, err);
    }
    return add_box(c, json_object_get(annotation, "bbox"), segmentation, form, err);
}

/* What is stated besides the shape, where it can be meant. */
static void take_stated(coco *c, const json_t *annotation, elc_label *form) {
    const json_t *bbox = json_object_get(annotation, "bbox");
    const json_t *area = json_object_get(annotation, "area");
    double box[4];
    if (json_array_size(bbox) == 4 && read_box(c, bbox, box, NULL) == ELC_OK)
        memcpy(form->box, box, sizeof box);
    if (json_is_number(area))
        form->area = json_number_value(area);
}

static elc_status take_annotation(coco *c, const json_t *value, elc_error *err) {
    elc_label form = elc_label_blank();
    const json_t *crowd = json_object_get(value, "iscrowd");
    pending p = {.line = c->b->number};
    ELC_TRY(read_id(c, &c->images, value, "image_id", &p.image, err));
    ELC_TRY(read_id(c, &c->categories, value, "category_id", &p.category, err));
    ELC_TRY(elc_reserve(&c->waiting, &c->capacity, c->n + 1, sizeof *c->waiting, err));
    form.crowd = json_is_true(crowd) || json_integer_value(crowd) == 1;
    take_stated(c, value, &form);
    ELC_TRY(add_shape(c, value, &form, err));
    c->waiting[c->n++] = p;
    return ELC_OK;
}

static elc_status take_element(void *arg, size_t which, const json_t *value,
                               elc_error *err) {
    coco *c = arg;
    if (!json_is_object(value))
        return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                              "%s has an element that is no object", wanted[which]);
    if (which == IMAGES)
        return take_named(c, &c->images, value, "file_name", err);
    if (which == CATEGORIES)
        return take_named(c, &c->categories, value, "name", err);
    return take_annotation(c, value, err);
}

/* ---- the end -------------------------------------------------------------- */

static int64_t id_number(const char *id) {
    int64_t value = INT64_MAX;
    elc_parse_int(id, "id", &value, NULL);
    return value;
}

static int by_id(const void *a, const void *b, void *arg) {
    const registry *r = arg;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int64_t i = id_number(r->ids.items[x]), j = id_number(r->ids.items[y]);
    return i != j ? (i < j ? -1 : 1) : (x > y) - (x < y);
}

/* All categories by their numbers, so that the list is that of the file. */
static elc_status list_classes(coco *c, elc_error *err) {
    registry *r = &c->categories;
    size_t *order = NULL, at = 0;
    ELC_TRY(elc_alloc(r->count, sizeof *order, &order, err));
    for (size_t i = 0; i < r->count; i++)
        order[i] = i;
    if (r->count > 1)
        qsort_r(order, r->count, sizeof *order, by_id, r);
    elc_status status = ELC_OK;
    for (size_t i = 0; i < r->count && status == ELC_OK; i++)
        if (r->names[order[i]] != NULL)
            status = elc_label_intern(&c->b->classes, &c->b->out->classes,
                                      r->names[order[i]], &at, err);
    free(order);
    return status;
}

static elc_status find_name(const coco *c, const registry *r, size_t id,
                            const char *what, const char **out, elc_error *err) {
    *out = r->names[id];
    if (*out != NULL)
        return ELC_OK;
    return ELC_LABEL_FAIL(c->b, err, ELC_E_FORMAT,
                          "the %s %s is not among those of the file", what,
                          r->ids.items[id]);
}

static elc_status name_label(coco *c, const pending *p, elc_label *label,
                             elc_error *err) {
    elc_labels *out = c->b->out;
    const char *image = NULL, *name = NULL;
    size_t at = 0;
    c->b->number = p->line;
    ELC_TRY(find_name(c, &c->images, p->image, "image", &image, err));
    ELC_TRY(find_name(c, &c->categories, p->category, "category", &name, err));
    ELC_TRY(elc_label_image_name(c->b, image, &c->text, err));
    ELC_TRY(elc_label_intern(&c->b->images, &out->images, c->text.data, &at, err));
    label->image = out->images.items[at];
    ELC_TRY(elc_label_intern(&c->b->classes, &out->classes, name, &at, err));
    label->class_name = out->classes.items[at];
    int64_t id = id_number(c->categories.ids.items[p->category]);
    label->class_id = id >= 0 && id < INT32_MAX ? (int32_t)id : -1;
    return ELC_OK;
}

/* Those without an object, too: what is found in them is wrong. */
static elc_status list_images(coco *c, elc_error *err) {
    size_t at = 0;
    for (size_t i = 0; i < c->images.count; i++) {
        if (c->images.names[i] == NULL)
            continue;
        ELC_TRY(elc_label_image_name(c->b, c->images.names[i], &c->text, err));
        ELC_TRY(elc_label_intern(&c->b->images, &c->b->out->images, c->text.data, &at,
                                 err));
    }
    return ELC_OK;
}

static elc_status coco_read(elc_label_build *b, elc_error *err) {
    coco c = {.b = b};
    size_t first = b->out->count;
    elc_status status = elc_label_json_each(b, wanted, take_element, &c, err);
    if (status == ELC_OK)
        status = list_classes(&c, err);
    for (size_t i = 0; i < c.n && status == ELC_OK; i++)
        status = name_label(&c, &c.waiting[i], &b->out->items[first + i], err);
    if (status == ELC_OK)
        status = list_images(&c, err);
    registry_free(&c.images);
    registry_free(&c.categories);
    elc_string_free(&c.text);
    free(c.waiting);
    free(c.ring.points);
    free(c.part);
    return status;
}

static bool coco_is(const char *head) {
    return head[strspn(head, " \t\r\n")] == '{' &&
           (strstr(head, "\"annotations\"") || strstr(head, "\"images\"")) &&
           !strstr(head, "\"FeatureCollection\"");
}

static const char *const endings[] = {"json", NULL};
const elc_label_format elc_label_format_coco = {"coco", endings, coco_is, coco_read};
