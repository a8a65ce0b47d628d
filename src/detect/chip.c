/* chip.c - a chip's pixels as the network sees them: cropped and blurred. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"

#include <stdlib.h>
#include <string.h>

elc_status elc_chip_reader_open(const elc_detector *d, chip_reader *out,
                                elc_error *err) {
    const elc_detect_options *o = &d->options;
    int64_t width = o->chip_width, height = o->chip_height;
    size_t n = (size_t)d->info->channels;
    size_t pixels = (size_t)(width + 2 * d->reach) * (size_t)(height + 2 * d->reach);
    ELC_TRY(elc_alloc(pixels, n, &out->window, err));
    if (d->reach == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc((size_t)width * (size_t)height, n, &out->chip, err));
    return elc_blur_create(o->blur, width, height, (int)n, &out->blur, err);
}

void elc_chip_reader_clear(chip_reader *reader) {
    elc_blur_free(reader->blur);
    free(reader->window);
    free(reader->chip);
    *reader = (chip_reader){0};
}

/* Moves the pixels of `part`, which are the first of the memory, to where they are in
   `window`; what is around becomes padding. From the last row on, since each moves
   towards the end. */
static void spread(elc_window window, elc_window part, size_t n, uint8_t pad,
                   uint8_t *pixels) {
    size_t line = (size_t)window.width * n, used = (size_t)part.width * n;
    size_t left = (size_t)(part.x - window.x) * n;
    for (int64_t y = window.height - 1; y >= 0; y--) {
        uint8_t *to = pixels + (size_t)y * line;
        int64_t row = window.y + y - part.y;
        if (row < 0 || row >= part.height) {
            memset(to, pad, line);
            continue;
        }
        memmove(to + left, pixels + (size_t)row * used, used);
        memset(to, pad, left);
        memset(to + left + used, pad, line - left - used);
    }
}

/* The pixels of `window`, of which those outside of `shown` are not looked at. */
static elc_status read_shown(elc_detector *d, live_image *l, elc_window window,
                             elc_window shown, uint8_t *pixels, bool *valid,
                             elc_error *err) {
    if (!elc_sight_is_cropped(&l->report.sight))
        return elc_queue_read(d, l, window, pixels, valid, err);
    ELC_TRY(elc_queue_read(d, l, shown, pixels, valid, err));
    spread(window, shown, (size_t)d->info->channels, d->info->pad, pixels);
    return ELC_OK;
}

elc_status elc_chip_read(elc_detector *d, chip_reader *reader, const chip_job *job,
                         const uint8_t **pixels, bool *valid, elc_error *err) {
    elc_window window = elc_queue_window(d, job->window);
    elc_window shown = elc_window_common(window, job->image->report.sight.shown);
    ELC_TRY(read_shown(d, job->image, window, shown, reader->window, valid, err));
    *pixels = reader->blur ? reader->chip : reader->window;
    if (!reader->blur || !*valid)
        return ELC_OK;
    shown.x -= window.x;
    shown.y -= window.y;
    elc_blur_chip(reader->blur, reader->window, shown, reader->chip);
    return ELC_OK;
}
