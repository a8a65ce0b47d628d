/* template.c - what GDAL wrote for one chip, for the next of the same size. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/template.h"

#include <stdlib.h>
#include <string.h>

/* TIFF 6.0, and GeoTIFF 1.1 for the two that say where the image lies. */
enum {
    TAG_STRIP_OFFSETS = 273,
    TAG_STRIP_COUNTS = 279,
    TAG_TIEPOINT = 33922,
    TAG_TRANSFORMATION = 34264,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    ENTRY = 12
};

typedef struct file_bytes {
    const uint8_t *at;
    size_t size;
} file_bytes;

/* Little-endian number of n bytes; 0 beyond the end. */
static uint64_t number_at(file_bytes f, size_t offset, size_t n) {
    uint64_t value = 0;
    if (offset > f.size || n > f.size - offset)
        return 0;
    for (size_t i = 0; i < n; i++)
        value |= (uint64_t)f.at[offset + i] << (8 * i);
    return value;
}

/* An entry of the directory: its place, or 0. */
static size_t find_tag(file_bytes f, unsigned tag) {
    size_t directory = (size_t)number_at(f, 4, 4);
    size_t n = (size_t)number_at(f, directory, 2);
    for (size_t i = 0; i < n; i++) {
        size_t entry = directory + 2 + i * ENTRY;
        if (number_at(f, entry, 2) == tag)
            return entry;
    }
    return 0;
}

/* The i-th value of an entry of shorts or longs; 0: none. */
static size_t value_of(file_bytes f, size_t entry, size_t i) {
    size_t type = (size_t)number_at(f, entry + 2, 2);
    size_t count = (size_t)number_at(f, entry + 4, 4);
    size_t each = type == TYPE_SHORT ? 2 : type == TYPE_LONG ? 4 : 0;
    if (entry == 0 || each == 0 || i >= count)
        return 0;
    size_t values = count * each <= 4 ? entry + 8 : (size_t)number_at(f, entry + 8, 4);
    return (size_t)number_at(f, values + i * each, each);
}

/* Where the pixels begin, when strips lie one after another; 0: they do not. */
static size_t find_pixels(file_bytes f, size_t n_pixels) {
    size_t offsets = find_tag(f, TAG_STRIP_OFFSETS);
    size_t counts = find_tag(f, TAG_STRIP_COUNTS);
    size_t n = offsets ? (size_t)number_at(f, offsets + 4, 4) : 0;
    size_t first = value_of(f, offsets, 0), end = first;
    for (size_t i = 0; i < n; i++) {
        size_t count = value_of(f, counts, i);
        if (value_of(f, offsets, i) != end || count == 0)
            return 0;
        end += count;
    }
    return first > 0 && end - first == n_pixels && end <= f.size ? first : 0;
}

/* Where the doubles of the corner stand: in the tie point of the first pixel, or in the
   matrix. */
static bool find_corner(file_bytes f, const double *affine, size_t place[2]) {
    size_t tie = find_tag(f, TAG_TIEPOINT), matrix = find_tag(f, TAG_TRANSFORMATION);
    size_t entry = matrix ? matrix : tie;
    size_t values = entry ? (size_t)number_at(f, entry + 8, 4) : 0;
    if (!entry || number_at(f, entry + 4, 4) != (matrix ? 16u : 6u))
        return false;
    place[0] = values + 24;
    place[1] = values + (matrix ? 56 : 32);
    for (int i = 0; i < 2; i++)
        if (place[i] + 8 > f.size ||
            memcmp(f.at + place[i], &affine[3 * i], sizeof(double)) != 0)
            return false;
    return true;
}

static bool copy(const uint8_t *from, size_t n, uint8_t **out) {
    if (elc_alloc(n + 1, 1, out, NULL) != ELC_OK)
        return false;
    memcpy(*out, from, n);
    return true;
}

static bool is_little_endian(void) {
    const uint16_t one = 1;
    return *(const uint8_t *)&one == 1;
}

bool elc_tiff_template_make(const void *bytes, size_t size, const void *pixels,
                            size_t n_pixels, const double *affine,
                            elc_tiff_template *out) {
    file_bytes f = {bytes, size};
    elc_tiff_template t = {.pixels = n_pixels};
    if (size < 8 || memcmp(bytes, "II*\0", 4) != 0 || !is_little_endian())
        return false;
    size_t first = find_pixels(f, n_pixels);
    if (first == 0 || memcmp(f.at + first, pixels, n_pixels) != 0)
        return false;
    if (affine && !find_corner(f, affine, t.place))
        return false;
    t.n_place = affine ? 2 : 0;
    t.head_size = first;
    t.tail_size = size - first - n_pixels;
    if (!copy(f.at, t.head_size, &t.head) ||
        !copy(f.at + first + n_pixels, t.tail_size, &t.tail)) {
        elc_tiff_template_clear(&t);
        return false;
    }
    elc_tiff_template_clear(out);
    *out = t;
    return true;
}

/* Sets eight bytes of the file, which are before or after the pixels. */
static void put(elc_tiff_template *t, size_t offset, const double *value) {
    if (offset < t->head_size)
        memcpy(t->head + offset, value, sizeof *value);
    else
        memcpy(t->tail + (offset - t->head_size - t->pixels), value, sizeof *value);
}

elc_status elc_tiff_template_fill(elc_tiff_template *t, const void *pixels,
                                  const double *affine, elc_string *out,
                                  elc_error *err) {
    for (size_t i = 0; i < t->n_place; i++)
        put(t, t->place[i], &affine[3 * i]);
    ELC_TRY(elc_string_append(out, t->head, t->head_size, err));
    ELC_TRY(elc_string_append(out, pixels, t->pixels, err));
    return elc_string_append(out, t->tail, t->tail_size, err);
}

void elc_tiff_template_clear(elc_tiff_template *t) {
    free(t->head);
    free(t->tail);
    *t = (elc_tiff_template){0};
}
