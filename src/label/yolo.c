/* yolo.c - YOLO's text: a class, then a box or an outline in shares of the image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/yolo.h"

#include "label/format.h"
#include "label/tokens.h"

#include <stdlib.h>
#include <string.h>

#define SHARE_MIN (-1.0)
#define SHARE_MAX 2.0 /* outlines of what lies across the border leave the image */

typedef struct yolo {
    elc_label_build *b;
    elc_string image, class_text;
    double width, height;
    elc_point *ring;
    size_t capacity;
} yolo;

static elc_status read_class(yolo *y, const char *word, elc_label *form,
                             const char **name, elc_error *err) {
    const elc_names *classes = &y->b->out->classes;
    double value = 0;
    ELC_TRY(elc_label_real(y->b, word, "class", &value, err));
    if (!(value >= 0 && value <= INT32_MAX && value == (double)(int32_t)value))
        return ELC_LABEL_FAIL(y->b, err, ELC_E_FORMAT,
                              "class %.20s is no number of a class: write 0, 1, 2, ...",
                              word);
    form->class_id = (int32_t)value;
    if (y->b->names_path == NULL) {
        y->class_text.size = 0;
        ELC_TRY(elc_string_printf(&y->class_text, err, "%d", form->class_id));
        *name = y->class_text.data;
        return ELC_OK;
    }
    if ((size_t)form->class_id >= classes->count)
        return ELC_LABEL_FAIL(y->b, err, ELC_E_FORMAT,
                              "class %d, but %s names only %zu, from 0 on",
                              form->class_id, y->b->names_path, classes->count);
    *name = classes->items[form->class_id];
    return ELC_OK;
}

static elc_status read_share(yolo *y, char **at, double *out, elc_error *err) {
    const char *word = elc_label_word(at);
    ELC_TRY(elc_label_real(y->b, word, "coordinate", out, err));
    if (*out >= SHARE_MIN && *out <= SHARE_MAX)
        return ELC_OK;
    return ELC_LABEL_FAIL(y->b, err, ELC_E_FORMAT,
                          "%.20s is no share of the image: YOLO counts from 0 to 1, "
                          "whatever the image's size",
                          word);
}

static elc_status take_box(yolo *y, char *at, const char *name, const elc_label *form,
                           elc_error *err) {
    double v[4];
    for (int i = 0; i < 4; i++)
        ELC_TRY(read_share(y, &at, &v[i], err));
    if (v[2] < 0 || v[3] < 0)
        return ELC_LABEL_FAIL(
            y->b, err, ELC_E_FORMAT,
            "the box is %g wide and %g high: both must be from 0 to 1", v[2], v[3]);
    double box[] = {(v[0] - v[2] / 2) * y->width, (v[1] - v[3] / 2) * y->height,
                    (v[0] + v[2] / 2) * y->width, (v[1] + v[3] / 2) * y->height};
    return elc_label_add_box(y->b, y->image.data, name, form, box, err);
}

static elc_status take_ring(yolo *y, char *at, size_t n, const char *name,
                            const elc_label *form, elc_error *err) {
    ELC_TRY(elc_reserve(&y->ring, &y->capacity, n, sizeof *y->ring, err));
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(read_share(y, &at, &y->ring[i].x, err));
        ELC_TRY(read_share(y, &at, &y->ring[i].y, err));
        y->ring[i].x *= y->width;
        y->ring[i].y *= y->height;
    }
    return elc_label_add(y->b, y->image.data, name, form, y->ring, n, err);
}

static elc_status take_line(void *arg, char *line, elc_error *err) {
    yolo *y = arg;
    size_t n = elc_label_words(line);
    if (n != 5 && (n < 7 || n % 2 == 0))
        return ELC_LABEL_FAIL(
            y->b, err, ELC_E_FORMAT,
            "%zu words; YOLO has a class and then 4 numbers for a box, "
            "8 for an oriented box, or 6 and more, an even number, for "
            "an outline",
            n);
    elc_label form = elc_label_blank();
    const char *name = NULL;
    ELC_TRY(read_class(y, elc_label_word(&line), &form, &name, err));
    return n == 5 ? take_box(y, line, name, &form, err)
                  : take_ring(y, line, (n - 1) / 2, name, &form, err);
}

/* The size of the image; `known` false: passed over. */
static elc_status ask_size(yolo *y, bool *known, elc_error *err) {
    int64_t width = 0, height = 0;
    elc_error why = {0};
    if (y->b->size_of == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: YOLO's shares mean nothing without the image's size",
                        y->b->path);
    elc_status status =
        y->b->size_of(y->b->size_arg, y->image.data, &width, &height, &why);
    *known = status == ELC_OK;
    if (status == ELC_E_NOT_FOUND)
        return ELC_OK;
    if (status != ELC_OK)
        return elc_fail(err, status, "%s", why.message);
    if (width <= 0 || height <= 0)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: its image is %lld x %lld pixels",
                        y->b->path, (long long)width, (long long)height);
    y->width = (double)width;
    y->height = (double)height;
    return ELC_OK;
}

static elc_status yolo_read(elc_label_build *b, elc_error *err) {
    yolo y = {.b = b};
    bool known = false;
    elc_status status = elc_label_stem_name(b, &y.image, err);
    if (status == ELC_OK)
        status = elc_label_name_image(b, y.image.data, err);
    if (status == ELC_OK)
        status = ask_size(&y, &known, err);
    if (status == ELC_OK && known)
        status = elc_label_yolo_names(b, err);
    if (status == ELC_OK && known)
        status = elc_label_each_line(b, take_line, &y, err);
    elc_string_free(&y.image);
    elc_string_free(&y.class_text);
    free(y.ring);
    return status;
}

/* A whole number, a number, and at least five words. */
static bool yolo_is(const char *head) {
    char line[1000], *at = line;
    elc_label_first_line(head, line, sizeof line);
    if (elc_label_words(line) < 5)
        return false;
    const char *first = elc_label_word(&at), *second = elc_label_word(&at);
    return elc_label_is_int(first, strlen(first)) &&
           elc_label_is_real(second, strlen(second));
}

static const char *const endings[] = {"txt", NULL};
const elc_label_format elc_label_format_yolo = {"yolo", endings, yolo_is, yolo_read};
