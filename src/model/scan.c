/* scan.c - what heads share to find the cells that score, and to give their boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <math.h>
#include <string.h>

/* Cells whose best scores are kept at once: they and a row of scores fit in the first
   cache, and a constant count lets compilers use vectors. */
#define BLOCK 1024

/* Classes of a row that are compared at once. */
#define LANES 16

/* Rounding of float16 may put a certain score a little over 1. */
#define SCORE_MAX 1.001f

float elc_scan_at(const elc_head_input *in, size_t cell, size_t k) {
    const elc_head_layout *layout = in->layout;
    return layout->cells_last ? in->data[k * in->cells + cell]
                              : in->data[cell * (size_t)layout->features + k];
}

elc_status elc_scan_not_finite(const char *what, size_t cell, elc_error *err) {
    return elc_fail(err, ELC_E_MODEL,
                    "the network gave a %s that is no number (NaN or infinite) in cell "
                    "%zu; check its export, and its input scale with model info",
                    what, cell);
}

elc_status elc_scan_add(elc_head_boxes *out, const elc_hit *hit,
                        const double corners[4], elc_error *err) {
    elc_box_list *list = out->list;
    double sum = corners[0] + corners[1] + corners[2] + corners[3];
    if (!isfinite(sum))
        return elc_scan_not_finite("box", hit->cell, err);
    if (hit->score > SCORE_MAX)
        return elc_fail(
            err, ELC_E_MODEL,
            "the network gave the score %g, over 1: its scores are no shares; "
            "export it with its last sigmoid, or give the right --head",
            (double)hit->score);
    if (corners[2] <= corners[0] || corners[3] <= corners[1]) {
        ++*out->flat;
        return ELC_OK;
    }
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    list->items[list->count++] = (elc_box){.xmin = corners[0],
                                           .ymin = corners[1],
                                           .xmax = corners[2],
                                           .ymax = corners[3],
                                           .score = hit->score > 1 ? 1 : hit->score,
                                           .class_id = hit->class_id,
                                           .cell = (int32_t)hit->cell};
    return ELC_OK;
}

void elc_turned_corners(const elc_turned *t, double corners[4][2]) {
    static const double sides[4][2] = {
        {-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
    double c = cos(t->angle), s = sin(t->angle);
    for (size_t i = 0; i < 4; i++) {
        double along = sides[i][0] * t->width, across = sides[i][1] * t->height;
        corners[i][0] = t->x + along * c - across * s;
        corners[i][1] = t->y + along * s + across * c;
    }
}

elc_status elc_scan_add_turned(elc_head_boxes *out, const elc_hit *hit,
                               const elc_turned *t, elc_error *err) {
    double c[4][2];
    size_t before = out->list->count;
    elc_turned_corners(t, c);
    double envelope[4] = {
        fmin(fmin(c[0][0], c[1][0]), fmin(c[2][0], c[3][0])),
        fmin(fmin(c[0][1], c[1][1]), fmin(c[2][1], c[3][1])),
        fmax(fmax(c[0][0], c[1][0]), fmax(c[2][0], c[3][0])),
        fmax(fmax(c[0][1], c[1][1]), fmax(c[2][1], c[3][1])),
    };
    if (!isfinite(c[0][0] + c[0][1]))
        return elc_scan_not_finite("box", hit->cell, err);
    if (t->width <= 0 || t->height <= 0)
        envelope[2] = envelope[0]; /* flat */
    ELC_TRY(elc_scan_add(out, hit, envelope, err));
    if (out->list->count > before)
        out->list->items[before].turned = *t;
    return ELC_OK;
}

elc_status elc_scan_centred(const elc_head_input *in, const elc_hit *hit,
                            elc_head_boxes *out, elc_error *err) {
    double x = (double)elc_scan_at(in, hit->cell, 0);
    double y = (double)elc_scan_at(in, hit->cell, 1);
    double half_width = (double)elc_scan_at(in, hit->cell, 2) / 2;
    double half_height = (double)elc_scan_at(in, hit->cell, 3) / 2;
    const double corners[4] = {x - half_width, y - half_height, x + half_width,
                               y + half_height};
    return elc_scan_add(out, hit, corners, err);
}

/* ---- kernels ------------------------------------------------------------------------
 */

/* 1 where all bits of the exponent are set, for NaN and infinity alike. */
static uint32_t not_finite(const float *value) {
    uint32_t bits;
    memcpy(&bits, value, sizeof bits);
    return (bits & 0x7f800000u) == 0x7f800000u;
}

/* best = max(best, row), and whether the row holds what is not finite. */
static uint32_t raise_block(const float *restrict row, float *restrict best) {
    uint32_t bad = 0;
    for (int i = 0; i < BLOCK; i++) {
        best[i] = row[i] > best[i] ? row[i] : best[i];
        bad |= not_finite(&row[i]);
    }
    return bad;
}

static uint32_t bad_block(const float *restrict row) {
    uint32_t bad = 0;
    for (int i = 0; i < BLOCK; i++)
        bad |= not_finite(&row[i]);
    return bad;
}

/* How many reach the score: most blocks have none and are done with. */
static uint32_t count_block(const float *restrict best, float min_score) {
    uint32_t count = 0;
    for (int i = 0; i < BLOCK; i++)
        count += best[i] >= min_score;
    return count;
}

/* ---- [features, cells] --------------------------------------------------------------
 */

/* A whole block of row k from `first`; the end of a row is copied and filled up. */
static const float *block_of(const elc_head_input *in, size_t k, size_t first, size_t n,
                             float room[BLOCK]) {
    const float *row = in->data + k * in->cells + first;
    if (n == BLOCK)
        return row;
    memcpy(room, row, n * sizeof *row);
    for (size_t i = n; i < BLOCK; i++)
        room[i] = -1;
    return room;
}

static elc_status name_bad(const elc_head_input *in, size_t k, size_t first, size_t n,
                           elc_error *err) {
    for (size_t i = first; i < first + n; i++) {
        if (!isfinite(elc_scan_at(in, i, k)))
            return elc_scan_not_finite("score", i, err);
    }
    return ELC_OK;
}

/* Best class score of each cell of a block, before objectness. */
static elc_status best_of_block(const elc_head_input *in, size_t from, size_t first,
                                size_t n, float best[BLOCK], elc_error *err) {
    float room[BLOCK];
    memcpy(best, block_of(in, from, first, n, room), BLOCK * sizeof *best);
    if (bad_block(best))
        return name_bad(in, from, first, n, err);
    size_t end = from + (size_t)in->layout->classes;
    for (size_t k = from + 1; k < end; k++) {
        if (raise_block(block_of(in, k, first, n, room), best))
            return name_bad(in, k, first, n, err);
    }
    return ELC_OK;
}

static elc_status scan_planes(const elc_head_input *in, size_t from, elc_scan_box box,
                              elc_head_boxes *out, elc_error *err) {
    float best[BLOCK];
    for (size_t first = 0; first < in->cells; first += BLOCK) {
        size_t n = in->cells - first < BLOCK ? in->cells - first : BLOCK;
        ELC_TRY(best_of_block(in, from, first, n, best, err));
        if (count_block(best, in->min_score) == 0)
            continue;
        for (size_t i = 0; i < n; i++) {
            if (!(best[i] >= in->min_score))
                continue;
            elc_hit hit = {first + i, best[i], 0};
            while (elc_scan_at(in, hit.cell, from + (size_t)hit.class_id) < best[i])
                hit.class_id++;
            ELC_TRY(box(in, &hit, out, err));
        }
    }
    return ELC_OK;
}

/* ---- [cells, features] --------------------------------------------------------------
 */

static float best_of_few(const float *restrict scores, size_t n, uint32_t *bad) {
    float best = scores[0];
    uint32_t wrong = 0;
    for (size_t c = 0; c < n; c++) {
        best = scores[c] > best ? scores[c] : best;
        wrong |= not_finite(&scores[c]);
    }
    *bad |= wrong;
    return best;
}

static float best_of_many(const float *restrict scores, size_t n, uint32_t *bad) {
    float lanes[LANES];
    uint32_t wrong = 0;
    size_t whole = n / LANES * LANES;
    memcpy(lanes, scores, sizeof lanes);
    for (size_t c = 0; c < whole; c += LANES) {
        for (size_t i = 0; i < LANES; i++) {
            lanes[i] = scores[c + i] > lanes[i] ? scores[c + i] : lanes[i];
            wrong |= not_finite(&scores[c + i]);
        }
    }
    *bad |= wrong;
    float best = best_of_few(lanes, LANES, bad);
    if (whole == n)
        return best;
    float rest = best_of_few(scores + whole, n - whole, bad);
    return rest > best ? rest : best;
}

/* The best score of a row; `bad` gathers what is not finite. */
static float best_of_row(const float *scores, size_t n, uint32_t *bad) {
    return n < LANES ? best_of_few(scores, n, bad) : best_of_many(scores, n, bad);
}

static elc_status scan_rows(const elc_head_input *in, bool objectness, elc_scan_box box,
                            elc_head_boxes *out, elc_error *err) {
    size_t features = (size_t)in->layout->features, from = objectness ? 5 : 4;
    for (size_t cell = 0; cell < in->cells; cell++) {
        const float *row = in->data + cell * features;
        float object = objectness ? row[4] : 1;
        uint32_t bad = not_finite(&object);
        if (!bad && object < in->min_score)
            continue;
        float best = 0;
        if (!bad)
            best = best_of_row(row + from, (size_t)in->layout->classes, &bad);
        if (bad)
            return elc_scan_not_finite("score", cell, err);
        if (!(best * object >= in->min_score))
            continue;
        elc_hit hit = {cell, best * object, 0};
        while (row[from + (size_t)hit.class_id] < best)
            hit.class_id++;
        ELC_TRY(box(in, &hit, out, err));
    }
    return ELC_OK;
}

elc_status elc_scan(const elc_head_input *in, bool objectness, elc_scan_box box,
                    elc_head_boxes *out, elc_error *err) {
    if (in->layout->cells_last)
        return scan_planes(in, 4, box, out, err);
    return scan_rows(in, objectness, box, out, err);
}
