/* box_head.c - a head over all cells of a chip: scores, sides, and the best of each
 * nine.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/box_chip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/box_net.h"

enum { BLOCK = 256 };

/* ---- a chip -----------------------------------------------------------------------
 */

size_t elc_box_chip_channels(const elc_box_chip *chip) {
    size_t sum = 0;
    for (size_t i = 0; i < chip->n_maps; i++)
        sum += chip->maps[i].channels;
    return sum;
}

elc_status elc_box_chip_check(const elc_box_chip *chip, size_t channels,
                              elc_error *err) {
    size_t cells;
    for (size_t i = 0; i < chip->n_maps; i++) {
        size_t shrink = chip->maps[i].shrink;
        if (shrink == 0 || chip->rows % shrink != 0 || chip->cols % shrink != 0)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "map %zu: %zu x %zu cells cannot be %zu times coarser", i,
                            chip->rows, chip->cols, shrink);
    }
    if (elc_box_chip_channels(chip) != channels || channels == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a chip of %zu channels among those of %zu",
                        elc_box_chip_channels(chip), channels);
    if (__builtin_mul_overflow(chip->rows, chip->cols, &cells) || !(chip->cell_px > 0))
        return elc_fail(err, ELC_E_ARGUMENT, "a chip of %zu x %zu cells of %g px",
                        chip->rows, chip->cols, chip->cell_px);
    return ELC_OK;
}

void elc_box_chip_features(const elc_box_chip *chip, size_t cell, float *out) {
    size_t y = cell / chip->cols, x = cell % chip->cols;
    for (size_t i = 0; i < chip->n_maps; i++) {
        const elc_box_map *map = &chip->maps[i];
        size_t cols = chip->cols / map->shrink, rows = chip->rows / map->shrink;
        const float *from = map->values + y / map->shrink * cols + x / map->shrink;
        for (size_t c = 0; c < map->channels; c++)
            *out++ = from[c * rows * cols];
    }
}

/* ---- all of its cells -------------------------------------------------------------
 */

elc_status elc_box_chip_run(const elc_box_head *head, const elc_box_chip *chip,
                            float **scores, float **sides, elc_error *err) {
    size_t n = chip->rows * chip->cols, k = head->classes;
    box_net net;
    box_block block;
    float *s = NULL, *d = NULL;
    ELC_TRY(elc_box_chip_check(chip, head->channels, err));
    ELC_TRY(elc_box_net_of(head, &net, err));
    elc_status status = elc_box_block_create(&net, BLOCK, &block, err);
    if (status == ELC_OK)
        status = elc_alloc(n, k * sizeof *s, &s, err);
    if (status == ELC_OK)
        status = elc_alloc(n, 4 * sizeof *d, &d, err);
    for (size_t at = 0; at < n && status == ELC_OK; at += BLOCK) {
        size_t count = n - at < BLOCK ? n - at : BLOCK;
        for (size_t i = 0; i < count; i++)
            elc_box_chip_features(chip, at + i, block.x + i * net.channels);
        elc_box_forward(&net, &block, count);
        for (size_t i = 0; i < count; i++)
            elc_box_answer(&net, &block, i, s + (at + i) * k, d + (at + i) * 4);
    }
    elc_box_block_free(&block);
    elc_box_net_free(&net);
    if (status == ELC_OK) {
        *scores = s;
        *sides = d;
        return ELC_OK;
    }
    free(s);
    free(d);
    return status;
}

static float best_of(const float *scores, size_t k, uint32_t *class_id) {
    size_t best = 0;
    for (size_t i = 1; i < k; i++)
        if (scores[i] > scores[best])
            best = i;
    *class_id = (uint32_t)best;
    return scores[best];
}

static bool is_peak(const float *best, size_t rows, size_t cols, size_t y, size_t x) {
    size_t y0 = y > 0 ? y - 1 : 0, y1 = y + 1 < rows ? y + 1 : y;
    size_t x0 = x > 0 ? x - 1 : 0, x1 = x + 1 < cols ? x + 1 : x;
    for (size_t r = y0; r <= y1; r++)
        for (size_t c = x0; c <= x1; c++)
            if (best[r * cols + c] > best[y * cols + x])
                return false;
    return true;
}

static elc_status find_peaks(const elc_box_chip *chip, size_t classes,
                             const float *scores, const float *sides, float *best,
                             uint32_t *kind, float least, elc_box_found **out,
                             size_t *n, elc_error *err) {
    size_t capacity = 0, cells = chip->rows * chip->cols;
    for (size_t i = 0; i < cells; i++)
        best[i] = best_of(scores + i * classes, classes, &kind[i]);
    for (size_t i = 0; i < cells; i++) {
        size_t y = i / chip->cols, x = i % chip->cols;
        const float *d = sides + 4 * i;
        if (!(best[i] >= least) || !is_peak(best, chip->rows, chip->cols, y, x))
            continue;
        double mx = ((double)x + 0.5) * chip->cell_px;
        double my = ((double)y + 0.5) * chip->cell_px;
        ELC_TRY(elc_reserve(out, &capacity, *n + 1, sizeof **out, err));
        (*out)[(*n)++] = (elc_box_found){mx - d[0], my - d[1], mx + d[2],
                                         my + d[3], best[i],   kind[i]};
    }
    return ELC_OK;
}

elc_status elc_box_head_find(const elc_box_head *head, const elc_box_chip *chip,
                             float least, elc_box_found **out, size_t *n,
                             elc_error *err) {
    float *scores, *sides, *best = NULL;
    uint32_t *kind = NULL;
    elc_box_found *found = NULL;
    size_t count = 0, cells = chip->rows * chip->cols;
    ELC_TRY(elc_box_chip_run(head, chip, &scores, &sides, err));
    elc_status status = elc_alloc(cells, sizeof *best, &best, err);
    if (status == ELC_OK)
        status = elc_alloc(cells, sizeof *kind, &kind, err);
    if (status == ELC_OK)
        status = find_peaks(chip, head->classes, scores, sides, best, kind, least,
                            &found, &count, err);
    free(scores);
    free(sides);
    free(best);
    free(kind);
    if (status != ELC_OK) {
        free(found);
        return status;
    }
    *out = found;
    *n = count;
    return ELC_OK;
}

/* ---- its memory -------------------------------------------------------------------
 */

void elc_box_head_free(elc_box_head *head) {
    if (head == NULL)
        return;
    free(head->first);
    free(head->first_bias);
    free(head->last);
    free(head->last_bias);
    free(head);
}

static elc_status copy(const float *from, size_t n, float **out, elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof **out, out, err));
    if (n > 0)
        memcpy(*out, from, n * sizeof **out);
    return ELC_OK;
}

elc_status elc_box_head_clone(const elc_box_head *head, elc_box_head **out,
                              elc_error *err) {
    elc_box_head *h;
    size_t in = head->hidden > 0 ? head->hidden : head->channels;
    ELC_TRY(elc_alloc(1, sizeof *h, &h, err));
    *h = (elc_box_head){.channels = head->channels,
                        .hidden = head->hidden,
                        .classes = head->classes,
                        .unit_px = head->unit_px};
    elc_status status =
        copy(head->first, head->hidden * head->channels, &h->first, err);
    if (status == ELC_OK)
        status = copy(head->first_bias, head->hidden, &h->first_bias, err);
    if (status == ELC_OK)
        status = copy(head->last, (head->classes + 4) * in, &h->last, err);
    if (status == ELC_OK)
        status = copy(head->last_bias, head->classes + 4, &h->last_bias, err);
    if (status == ELC_OK)
        *out = h;
    else
        elc_box_head_free(h);
    return status;
}
