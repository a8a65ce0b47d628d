/* flip.c - chips mirrored for the network, and its boxes mirrored back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "flip.h"

#include <string.h>

static const struct {
    const char *name;
    elc_flip flip;
} flips[] = {{"none", {false, false}},
             {"horizontal", {true, false}},
             {"vertical", {false, true}},
             {"both", {true, true}}};

elc_status elc_flip_parse(const char *text, elc_flip *out, const char **name,
                          elc_error *err) {
    const char *word = text ? text : flips[0].name;
    for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
        if (strcmp(word, flips[i].name) == 0) {
            *out = flips[i].flip;
            *name = flips[i].name;
            return ELC_OK;
        }
    }
    return elc_fail(err, ELC_E_ARGUMENT,
                    "flip \"%.60s\" is not known: give none, horizontal, vertical or "
                    "both",
                    word);
}

static void reverse_row(const uint8_t *restrict from, int64_t width, size_t n,
                        uint8_t *restrict to) {
    to += (size_t)width * n;
    for (int64_t i = 0; i < width; i++, from += n) {
        to -= n;
        for (size_t c = 0; c < n; c++)
            to[c] = from[c];
    }
}

void elc_flip_pixels(elc_flip flip, const uint8_t *pixels, int64_t width,
                     int64_t height, size_t n, uint8_t *out) {
    size_t line = (size_t)width * n;
    for (int64_t y = 0; y < height; y++) {
        const uint8_t *from = pixels + (size_t)(flip.y ? height - 1 - y : y) * line;
        if (flip.x)
            reverse_row(from, width, n, out + (size_t)y * line);
        else
            memcpy(out + (size_t)y * line, from, line);
    }
}

static void mirror(double size, double *low, double *high) {
    double kept = *low;
    *low = size - *high;
    *high = size - kept;
}

/* A box mirrored once turns the other way round. */
static void flip_turned(elc_flip flip, double width, double height, elc_turned *t) {
    if (flip.x)
        t->x = width - t->x;
    if (flip.y)
        t->y = height - t->y;
    if (flip.x != flip.y)
        t->angle = -t->angle;
}

static void reverse_runs(elc_run *runs, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        elc_run kept = runs[i];
        runs[i] = runs[n - 1 - i];
        runs[n - 1 - i] = kept;
    }
}

/* Rows of runs stay in the order of y, and runs in that of their starts. */
static void flip_mask(elc_flip flip, int32_t width, int32_t height, elc_mask *mask) {
    for (size_t i = 0; i < mask->n; i++) {
        elc_run *run = &mask->runs[i];
        int32_t start = run->start;
        if (flip.x) {
            run->start = width - run->end;
            run->end = width - start;
        }
        if (flip.y)
            run->y = height - 1 - run->y;
    }
    if (flip.y)
        reverse_runs(mask->runs, mask->n);
    for (size_t i = 0, end; flip.x != flip.y && i < mask->n; i = end) {
        for (end = i + 1; end < mask->n && mask->runs[end].y == mask->runs[i].y;)
            end++;
        reverse_runs(mask->runs + i, end - i);
    }
}

void elc_flip_boxes(elc_flip flip, int64_t width, int64_t height, elc_box *boxes,
                    size_t count) {
    for (size_t i = 0; i < count; i++) {
        elc_box *box = &boxes[i];
        if (flip.x)
            mirror((double)width, &box->xmin, &box->xmax);
        if (flip.y)
            mirror((double)height, &box->ymin, &box->ymax);
        if (box->turned.width > 0)
            flip_turned(flip, (double)width, (double)height, &box->turned);
        if (box->mask)
            flip_mask(flip, (int32_t)width, (int32_t)height, box->mask);
    }
}
