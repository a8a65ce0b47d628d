/* layout.c - labels of chips as the files that training tools read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const elc_label *label_of(const chips_labelled *chip, size_t i) {
    return &chip->labels->all.items[chip->cut[i].label];
}

static int32_t class_of(const chips_labelled *chip, size_t i) {
    return chip->labels->class_ids[chip->cut[i].label];
}

/* ---- Pascal VOC -------------------------------------------------------------------
 */

/* Text in XML; what XML has no character for is left out. */
static elc_status add_text(elc_string *out, const char *text, elc_error *err) {
    for (const char *c = text; *c; c++) {
        const char *entity = *c == '&'   ? "&amp;"
                             : *c == '<' ? "&lt;"
                             : *c == '>' ? "&gt;"
                                         : NULL;
        if (entity)
            ELC_TRY(elc_string_append(out, entity, strlen(entity), err));
        else if ((unsigned char)*c >= 0x20 || *c == '\t')
            ELC_TRY(elc_string_append(out, c, 1, err));
    }
    return ELC_OK;
}

/* Whole pixels, counted from 1, the last one included. */
static elc_status add_voc_object(const chips_labelled *chip, size_t i, elc_string *out,
                                 elc_error *err) {
    const elc_cut_label *cut = &chip->cut[i];
    const elc_label *label = label_of(chip, i);
    double xmin = floor(cut->xmin + 0.5), ymin = floor(cut->ymin + 0.5);
    double xmax = fmax(floor(cut->xmax + 0.5), xmin + 1);
    double ymax = fmax(floor(cut->ymax + 0.5), ymin + 1);
    bool truncated = label->truncated || cut->visible < 1;
    ELC_TRY(elc_string_printf(out, err, "  <object>\n    <name>"));
    ELC_TRY(add_text(out, label->class_name, err));
    ELC_TRY(elc_string_printf(out, err,
                              "</name>\n    <truncated>%d</truncated>\n"
                              "    <difficult>%d</difficult>\n"
                              "    <visible>%.6g</visible>\n",
                              truncated, label->difficult, cut->visible));
    return elc_string_printf(out, err,
                             "    <bndbox><xmin>%.0f</xmin><ymin>%.0f</ymin>"
                             "<xmax>%.0f</xmax><ymax>%.0f</ymax></bndbox>\n"
                             "  </object>\n",
                             xmin + 1, ymin + 1, xmax, ymax);
}

elc_status elc_chips_voc(const chips_labelled *chip, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err, "<annotation>\n  <filename>"));
    ELC_TRY(add_text(out, chip->file, err));
    ELC_TRY(elc_string_printf(
        out, err,
        "</filename>\n  <size><width>%lld</width><height>%lld</height>"
        "<depth>%d</depth></size>\n",
        (long long)chip->width, (long long)chip->height, chip->bands));
    for (size_t i = 0; i < chip->n; i++)
        ELC_TRY(add_voc_object(chip, i, out, err));
    return elc_string_printf(out, err, "</annotation>\n");
}

/* ---- YOLO -------------------------------------------------------------------------
 */

elc_status elc_chips_yolo(const chips_labelled *chip, elc_string *out, elc_error *err) {
    double width = (double)chip->width, height = (double)chip->height;
    for (size_t i = 0; i < chip->n; i++) {
        const elc_cut_label *c = &chip->cut[i];
        ELC_TRY(elc_string_printf(
            out, err, "%d %.8f %.8f %.8f %.8f\n", (int)class_of(chip, i),
            (c->xmin + (c->xmax - c->xmin) / 2) / width,
            (c->ymin + (c->ymax - c->ymin) / 2) / height, (c->xmax - c->xmin) / width,
            (c->ymax - c->ymin) / height));
    }
    return ELC_OK;
}

/* ---- COCO -------------------------------------------------------------------------
 */

static double area_of(const elc_point *ring, size_t n) {
    double twice = 0;
    for (size_t i = 0; i < n; i++) {
        elc_point a = ring[i], b = ring[(i + 1) % n];
        twice += a.x * b.y - b.x * a.y;
    }
    return fabs(twice) / 2;
}

static json_t *ring_json(const elc_point *ring, size_t n) {
    json_t *numbers = json_array(), *rings = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(numbers, json_real(ring[i].x));
        json_array_append_new(numbers, json_real(ring[i].y));
    }
    json_array_append_new(rings, numbers);
    return rings;
}

/* Categories count from 1, as COCO's do. */
static json_t *object_json(const chips_labelled *chip, size_t i) {
    const elc_cut_label *c = &chip->cut[i];
    json_t *segmentation = c->n >= 3 ? ring_json(c->ring, c->n) : json_array();
    return json_pack("{s:[f,f,f,f], s:i, s:f, s:i, s:o, s:f}", "bbox", c->xmin, c->ymin,
                     c->xmax - c->xmin, c->ymax - c->ymin, "category_id",
                     (int)class_of(chip, i) + 1, "area", area_of(c->ring, c->n),
                     "iscrowd", (int)label_of(chip, i)->crowd, "segmentation",
                     segmentation, "visible", c->visible);
}

static json_t *chip_json(const chips_labelled *chip, const elc_names *classes) {
    json_t *objects = json_array();
    for (size_t i = 0; i < chip->n; i++)
        json_array_append_new(objects, object_json(chip, i));
    json_t *root = json_pack("{s:s, s:I, s:I, s:o}", "file", chip->file, "width",
                             (json_int_t)chip->width, "height",
                             (json_int_t)chip->height, "objects", objects);
    if (!classes)
        return root;
    json_t *names = json_array();
    for (size_t i = 0; i < classes->count; i++)
        json_array_append_new(names, json_string(classes->items[i]));
    json_object_set_new(root, "classes", names);
    return root;
}

elc_status elc_chips_coco(const chips_labelled *chip, const elc_names *classes,
                          elc_string *out, elc_error *err) {
    json_t *root = chip_json(chip, classes);
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(10));
    json_decref(root);
    if (!text)
        return elc_fail(err, ELC_E_MEMORY, "%s: no memory for its labels", chip->file);
    elc_status status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}
