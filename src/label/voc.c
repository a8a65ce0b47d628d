/* voc.c - Pascal VOC's XML: one file an image, boxes and rotated boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"
#include "label/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define XML_MAX ((uint64_t)1 << 30)

enum { XMIN, YMIN, XMAX, YMAX, CX, CY, W, H, ANGLE, N_FIELDS };

static const char *const fields[N_FIELDS] = {
    "bndbox/xmin", "bndbox/ymin", "bndbox/xmax", "bndbox/ymax",    "robndbox/cx",
    "robndbox/cy", "robndbox/w",  "robndbox/h",  "robndbox/angle",
};

/* What is known of the object that is open, and of the file. */
typedef struct voc {
    elc_label_build *b;
    elc_string image, class_name;
    elc_label form;
    double values[N_FIELDS];
    bool given[N_FIELDS];
    bool named;
    size_t first; /* the file's first label */
} voc;

static void begin_object(voc *v) {
    memset(v->given, 0, sizeof v->given);
    v->class_name.size = 0;
    v->form = elc_label_blank();
    v->b->number++;
}

static bool has_all(const voc *v, int from, int n) {
    for (int i = from; i < from + n; i++)
        if (!v->given[i])
            return false;
    return true;
}

/* VOC counts pixels from 1 and means both ends: its box begins at the outer corner of
   pixel xmin and ends at that of pixel xmax. */
static elc_status add_box(voc *v, elc_error *err) {
    const double *f = v->values;
    double box[] = {f[XMIN] - 1, f[YMIN] - 1, f[XMAX], f[YMAX]};
    return elc_label_add_box(v->b, NULL, v->class_name.data, &v->form, box, err);
}

/* roLabelImg's: centre, size and an angle in radians, clockwise as the image is seen.
 */
static elc_status add_rotated(voc *v, elc_error *err) {
    static const double corner[4][2] = {
        {-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
    const double *f = v->values;
    double c = cos(f[ANGLE]), s = sin(f[ANGLE]);
    elc_point ring[4];
    for (int i = 0; i < 4; i++) {
        double x = corner[i][0] * f[W], y = corner[i][1] * f[H];
        ring[i] = (elc_point){f[CX] + c * x - s * y, f[CY] + s * x + c * y};
    }
    v->form.angle_deg = f[ANGLE] * 180 / acos(-1);
    return elc_label_add(v->b, NULL, v->class_name.data, &v->form, ring, 4, err);
}

static elc_status end_object(voc *v, elc_error *err) {
    elc_status status = ELC_OK;
    if (has_all(v, XMIN, 4))
        status = add_box(v, err);
    else if (has_all(v, CX, 5))
        status = add_rotated(v, err);
    else
        status = ELC_LABEL_FAIL(v->b, err, ELC_E_FORMAT,
                                "no bndbox with xmin, ymin, xmax and ymax, and no "
                                "robndbox with cx, cy, w, h and angle");
    begin_object(v);
    return status;
}

static elc_status set_text(elc_string *s, const char *text, elc_error *err) {
    s->size = 0;
    return elc_string_append(s, text, strlen(text), err);
}

static elc_status take_field(voc *v, const char *path, const char *text,
                             elc_error *err) {
    for (int i = 0; i < N_FIELDS; i++)
        if (strcmp(path, fields[i]) == 0) {
            ELC_TRY(elc_label_real(v->b, text, fields[i], &v->values[i], err));
            v->given[i] = true;
        }
    return ELC_OK;
}

static elc_status take_object(voc *v, const char *path, const char *text,
                              elc_error *err) {
    bool yes = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    if (strcmp(path, "name") == 0)
        return set_text(&v->class_name, text, err);
    if (strcmp(path, "difficult") == 0)
        v->form.difficult = yes;
    else if (strcmp(path, "truncated") == 0)
        v->form.truncated = yes;
    return take_field(v, path, text, err);
}

static elc_status take_element(void *arg, const char *path, const char *text,
                               const char *const *attributes, elc_error *err) {
    static const char root[] = "annotation", object[] = "annotation/object";
    voc *v = arg;
    (void)attributes;
    if (strncmp(path, root, sizeof root - 1) != 0)
        return elc_fail(
            err, ELC_E_FORMAT,
            "%s: begins with <%.40s>, not with <annotation>: not Pascal VOC",
            v->b->path, path);
    if (strcmp(path, "annotation/filename") == 0) {
        v->named = text[0] != '\0';
        return elc_label_image_name(v->b, text, &v->image, err);
    }
    if (strncmp(path, object, sizeof object - 1) != 0)
        return ELC_OK;
    path += sizeof object - 1;
    return *path == '\0'  ? end_object(v, err)
           : *path == '/' ? take_object(v, path + 1, text, err)
                          : ELC_OK;
}

static int64_t read_bytes(void *arg, char *buffer, size_t size) {
    elc_label_file *file = arg;
    if (elc_label_file_peek(file) < 0)
        return 0;
    size_t n = file->filled - file->at < size ? file->filled - file->at : size;
    memcpy(buffer, file->buffer + file->at, n);
    file->at += n;
    return (int64_t)n;
}

/* The image may be named after the objects. */
static elc_status name_image(voc *v, elc_error *err) {
    elc_labels *out = v->b->out;
    size_t at = 0;
    if (!v->named)
        ELC_TRY(elc_label_stem_name(v->b, &v->image, err));
    if (v->first == out->count)
        return ELC_OK;
    ELC_TRY(elc_label_intern(&v->b->images, &out->images, v->image.data, &at, err));
    for (size_t i = v->first; i < out->count; i++)
        out->items[i].image = out->images.items[at];
    return ELC_OK;
}

static elc_status voc_read(elc_label_build *b, elc_error *err) {
    elc_label_file file = {0};
    voc v = {.b = b, .first = b->out->count};
    b->unit = "object";
    b->number = 0;
    begin_object(&v);
    ELC_TRY(elc_label_file_open(b->path, &file, err));
    elc_status status = elc_string_append(&v.class_name, "", 0, err);
    if (status == ELC_OK)
        status =
            elc_xml_read(b->path, read_bytes, &file, XML_MAX, take_element, &v, err);
    if (status == ELC_OK)
        status = name_image(&v, err);
    elc_label_file_close(&file);
    elc_string_free(&v.image);
    elc_string_free(&v.class_name);
    return status;
}

static bool voc_is(const char *head) {
    const char *root = strstr(head, "<annotation");
    return root != NULL && root[11] != '\0' && strchr(" \t\r\n>", root[11]) != NULL &&
           head[strspn(head, " \t\r\n")] == '<';
}

static const char *const endings[] = {"xml", NULL};
const elc_label_format elc_label_format_voc = {"voc", endings, voc_is, voc_read};
