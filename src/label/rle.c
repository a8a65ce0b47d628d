/* rle.c - COCO's masks as run lengths, and the boxes of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/coco.h"

#include <string.h>

#define SIDE_MAX INT32_MAX

typedef struct mask {
    int64_t width, height;
    int64_t at;      /* pixels before the next run, down the columns */
    int64_t runs;    /* so far; those with an odd number are set */
    int64_t last[2]; /* the lengths of the last two runs */
    int64_t xmin, ymin, xmax, ymax;
} mask;

static elc_status fail_mask(const elc_label_build *b, elc_error *err) {
    return ELC_LABEL_FAIL(b, err, ELC_E_FORMAT,
                          "the mask is no run lengths: it needs counts and size "
                          "[height, width]");
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static void add_set(mask *m, int64_t n) {
    int64_t first = m->at / m->height, last = (m->at + n - 1) / m->height;
    int64_t top = m->at % m->height, bottom = (m->at + n - 1) % m->height;
    if (last > first) {
        top = 0;
        bottom = m->height - 1;
    }
    m->xmin = least(m->xmin, first);
    m->xmax = most(m->xmax, last + 1);
    m->ymin = least(m->ymin, top);
    m->ymax = most(m->ymax, bottom + 1);
}

static elc_status add_run(mask *m, const elc_label_build *b, int64_t n,
                          elc_error *err) {
    if (n < 0 || n > m->width * m->height - m->at)
        return ELC_LABEL_FAIL(b, err, ELC_E_FORMAT,
                              "the mask's runs are longer than its %lld x %lld pixels",
                              (long long)m->width, (long long)m->height);
    if (m->runs++ % 2 == 1 && n > 0)
        add_set(m, n);
    m->at += n;
    m->last[0] = m->last[1];
    m->last[1] = n;
    return ELC_OK;
}

static elc_status add_counts(mask *m, const elc_label_build *b, const json_t *counts,
                             elc_error *err) {
    size_t i;
    json_t *count;
    json_array_foreach(counts, i, count) {
        if (!json_is_integer(count))
            return fail_mask(b, err);
        ELC_TRY(add_run(m, b, json_integer_value(count), err));
    }
    return ELC_OK;
}

/* One number of the text: five bits a character from '0', low ones first, bit 5 for
   more, the highest bit being the sign (cocoapi, rleToString). */
static bool take_number(const char **at, int64_t *out) {
    int64_t value = 0;
    for (int shift = 0; shift <= 55; shift += 5) {
        int c = (unsigned char)**at - '0';
        if (c < 0 || c > 63)
            return false;
        ++*at;
        value += (int64_t)(c & 31) * ((int64_t)1 << shift);
        if (!(c & 32)) {
            *out = c & 16 ? value - ((int64_t)1 << (shift + 5)) : value;
            return true;
        }
    }
    return false;
}

/* From the fourth on, each is less the one two before it. */
static elc_status add_packed(mask *m, const elc_label_build *b, const char *text,
                             elc_error *err) {
    while (*text != '\0') {
        int64_t n = 0;
        if (!take_number(&text, &n))
            return fail_mask(b, err);
        ELC_TRY(add_run(m, b, m->runs > 2 ? n + m->last[0] : n, err));
    }
    return ELC_OK;
}

elc_status elc_label_rle_box(const elc_label_build *b, const json_t *value,
                             double box[4], elc_error *err) {
    const json_t *counts = json_object_get(value, "counts");
    const json_t *size = json_object_get(value, "size");
    mask m = {.height = json_integer_value(json_array_get(size, 0)),
              .width = json_integer_value(json_array_get(size, 1)),
              .xmin = INT64_MAX,
              .ymin = INT64_MAX};
    if (m.height <= 0 || m.width <= 0 || m.height > SIDE_MAX || m.width > SIDE_MAX)
        return fail_mask(b, err);
    if (json_is_array(counts))
        ELC_TRY(add_counts(&m, b, counts, err));
    else if (json_is_string(counts))
        ELC_TRY(add_packed(&m, b, json_string_value(counts), err));
    else
        return fail_mask(b, err);
    bool empty = m.xmax == 0;
    box[0] = empty ? 0 : (double)m.xmin;
    box[1] = empty ? 0 : (double)m.ymin;
    box[2] = (double)m.xmax;
    box[3] = (double)m.ymax;
    return ELC_OK;
}
