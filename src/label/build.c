/* build.c - labels added one by one, their texts kept once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIXEL_MAX 1e9 /* farther than any image reaches, and its square is exact */

/* ---- texts ---------------------------------------------------------------- */

static uint64_t hash_of(const char *text) { /* FNV-1a */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

/* Where a text is, or would be. */
static size_t *slot_of(const elc_label_map *map, const elc_names *names,
                       const char *text) {
    size_t at = (size_t)hash_of(text) & (map->capacity - 1);
    while (map->slots[at] != 0 && strcmp(names->items[map->slots[at] - 1], text) != 0)
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

/* Also takes up what others put into `names`; of two equal texts the first. */
static elc_status grow(elc_label_map *map, const elc_names *names, elc_error *err) {
    elc_label_map wider = {.capacity = 64};
    while (wider.capacity / 4 < names->count + 1)
        wider.capacity *= 2;
    ELC_TRY(elc_alloc(wider.capacity, sizeof *wider.slots, &wider.slots, err));
    for (size_t i = 0; i < names->count; i++) {
        size_t *slot = slot_of(&wider, names, names->items[i]);
        if (*slot == 0)
            *slot = i + 1;
    }
    free(map->slots);
    *map = wider;
    return ELC_OK;
}

elc_status elc_label_intern(elc_label_map *map, elc_names *names, const char *text,
                            size_t *out, elc_error *err) {
    if (map->capacity / 2 < names->count + 1)
        ELC_TRY(grow(map, names, err));
    size_t *slot = slot_of(map, names, text);
    if (*slot == 0) {
        ELC_TRY(elc_names_add(names, text, err));
        *slot = names->count;
    }
    *out = *slot - 1;
    return ELC_OK;
}

/* ---- names of images ------------------------------------------------------ */

static size_t folder_length(const char *name) {
    const char *slash = strrchr(name, '/');
    return slash ? (size_t)(slash - name) + 1 : 0;
}

elc_status elc_label_image_name(const elc_label_build *b, const char *stated,
                                elc_string *out, elc_error *err) {
    out->size = 0;
    if (strpbrk(stated, "/\\") == NULL)
        ELC_TRY(elc_string_append(out, b->name, folder_length(b->name), err));
    ELC_TRY(elc_string_append(out, stated, strlen(stated), err));
    for (char *c = out->data; (c = strchr(c, '\\')) != NULL;)
        *c = '/';
    return ELC_OK;
}

elc_status elc_label_stem_name(const elc_label_build *b, elc_string *out,
                               elc_error *err) {
    const char *base = b->name + folder_length(b->name);
    const char *dot = strrchr(base, '.');
    size_t n = dot && dot > base ? (size_t)(dot - b->name) : strlen(b->name);
    out->size = 0;
    return elc_string_append(out, b->name, n, err);
}

elc_status elc_label_name_image(elc_label_build *b, const char *image, elc_error *err) {
    size_t at;
    return elc_label_intern(&b->images, &b->out->images, image, &at, err);
}

/* ---- labels --------------------------------------------------------------- */

elc_label elc_label_blank(void) {
    return (elc_label){
        .class_id = -1, .angle_deg = NAN, .box = {NAN, NAN, NAN, NAN}, .area = NAN};
}

void elc_label_box(const elc_label *label, double box[4]) {
    const elc_point *ring = label->ring;
    for (int i = 0; i < 4; i++)
        box[i] = label->box[i];
    if (!isnan(box[0]))
        return;
    box[0] = box[2] = ring[0].x;
    box[1] = box[3] = ring[0].y;
    for (size_t i = 1; i < label->n; i++) {
        box[0] = fmin(box[0], ring[i].x);
        box[1] = fmin(box[1], ring[i].y);
        box[2] = fmax(box[2], ring[i].x);
        box[3] = fmax(box[3], ring[i].y);
    }
}

elc_status elc_label_real(const elc_label_build *b, const char *text, const char *what,
                          double *out, elc_error *err) {
    elc_error why = {0};
    if (elc_parse_real(text, what, out, &why) == ELC_OK)
        return ELC_OK;
    return ELC_LABEL_FAIL(b, err, ELC_E_FORMAT, "%s", why.message);
}

static elc_status check_ring(const elc_label_build *b, const elc_label *form,
                             const elc_point *ring, size_t n, elc_error *err) {
    double x_max = form->on_map ? 360 : PIXEL_MAX,
           y_max = form->on_map ? 90 : PIXEL_MAX;
    if (n == 0)
        return ELC_LABEL_FAIL(b, err, ELC_E_FORMAT, "a shape without points");
    for (size_t i = 0; i < n; i++)
        if (!(fabs(ring[i].x) <= x_max && fabs(ring[i].y) <= y_max))
            return ELC_LABEL_FAIL(b, err, ELC_E_FORMAT,
                                  "the point %g, %g lies beyond %g, %g %s", ring[i].x,
                                  ring[i].y, x_max, y_max,
                                  form->on_map ? "degrees: is the CRS the right one?"
                                               : "pixels: is it a place on the map?");
    return ELC_OK;
}

static elc_status name_label(elc_label_build *b, elc_label *label, const char *image,
                             const char *class_name, elc_error *err) {
    size_t at = 0;
    if (image != NULL) {
        ELC_TRY(elc_label_intern(&b->images, &b->out->images, image, &at, err));
        label->image = b->out->images.items[at];
    }
    if (class_name == NULL || class_name[0] == '\0')
        class_name = "object";
    ELC_TRY(elc_label_intern(&b->classes, &b->out->classes, class_name, &at, err));
    label->class_name = b->out->classes.items[at];
    return ELC_OK;
}

elc_status elc_label_add_bare(elc_label_build *b, const elc_label *form,
                              const elc_point *ring, size_t n, elc_error *err) {
    elc_labels *out = b->out;
    elc_label label = *form;
    ELC_TRY(check_ring(b, form, ring, n, err));
    ELC_TRY(elc_reserve(&out->items, &out->capacity, out->count + 1, sizeof *out->items,
                        err));
    ELC_TRY(elc_alloc(n, sizeof *ring, &label.ring, err));
    memcpy(label.ring, ring, n * sizeof *ring);
    label.n = n;
    out->items[out->count++] = label;
    return ELC_OK;
}

elc_status elc_label_add(elc_label_build *b, const char *image, const char *class_name,
                         const elc_label *form, const elc_point *ring, size_t n,
                         elc_error *err) {
    elc_label named = *form;
    ELC_TRY(check_ring(b, form, ring, n, err));
    ELC_TRY(name_label(b, &named, image, class_name, err));
    return elc_label_add_bare(b, &named, ring, n, err);
}

elc_status elc_label_box_ring(const elc_label_build *b, const double box[4],
                              elc_point ring[4], elc_error *err) {
    if (box[2] < box[0] || box[3] < box[1])
        return ELC_LABEL_FAIL(
            b, err, ELC_E_FORMAT,
            "the box ends at %g, %g, before it begins at %g, %g: are its columns in "
            "the right order?",
            box[2], box[3], box[0], box[1]);
    ring[0] = (elc_point){box[0], box[1]};
    ring[1] = (elc_point){box[2], box[1]};
    ring[2] = (elc_point){box[2], box[3]};
    ring[3] = (elc_point){box[0], box[3]};
    return ELC_OK;
}

elc_status elc_label_add_box(elc_label_build *b, const char *image,
                             const char *class_name, const elc_label *form,
                             const double box[4], elc_error *err) {
    elc_point ring[4];
    ELC_TRY(elc_label_box_ring(b, box, ring, err));
    return elc_label_add(b, image, class_name, form, ring, 4, err);
}
