/* outlines.c - the true shapes of boxes, and what they share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STRAIGHT                                                                       \
    0.01 /* of a side: places on the map are rounded, and north is not up */

/* ---- keeping -------------------------------------------------------------------- */

/* Whether the corners of a ring are those of its envelope. */
static bool is_straight(const elc_point *ring, size_t n, const double box[4]) {
    double near_x = STRAIGHT * (box[2] - box[0]), near_y = STRAIGHT * (box[3] - box[1]);
    unsigned corners = 0;
    for (size_t i = 0; i < n; i++) {
        bool left = fabs(ring[i].x - box[0]) <= near_x;
        bool right = fabs(ring[i].x - box[2]) <= near_x;
        bool upper = fabs(ring[i].y - box[1]) <= near_y;
        bool lower = fabs(ring[i].y - box[3]) <= near_y;
        if (!(left || right) || !(upper || lower))
            return false;
        corners |= 1u << (2 * right + lower);
    }
    return n == 4 && corners == 15;
}

static void box_of(const elc_point *ring, size_t n, double box[4]) {
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        box[0] = fmin(box[0], ring[i].x);
        box[1] = fmin(box[1], ring[i].y);
        box[2] = fmax(box[2], ring[i].x);
        box[3] = fmax(box[3], ring[i].y);
    }
}

bool elc_eval_is_turned(const elc_point *ring, size_t n) {
    double box[4];
    box_of(ring, n, box);
    return n >= 3 && !is_straight(ring, n, box);
}

elc_status elc_eval_outline_add(eval_outlines *o, const elc_point *ring, size_t n,
                                elc_error *err) {
    ELC_TRY(elc_reserve(&o->points, &o->capacity, o->n + n + 1, sizeof *ring, err));
    ELC_TRY(
        elc_reserve(&o->ends, &o->ends_capacity, o->count + 1, sizeof *o->ends, err));
    if (n > 0)
        memcpy(o->points + o->n, ring, n * sizeof *ring);
    o->n += n;
    o->ends[o->count++] = o->n;
    o->turned |= elc_eval_is_turned(ring, n);
    return ELC_OK;
}

elc_status elc_eval_outline_add_box(eval_outlines *o, const elc_score_box *b,
                                    elc_error *err) {
    const elc_point ring[] = {
        {b->xmin, b->ymin}, {b->xmax, b->ymin}, {b->xmax, b->ymax}, {b->xmin, b->ymax}};
    return elc_eval_outline_add(o, ring, 4, err);
}

const elc_point *elc_eval_outline(const eval_outlines *o, size_t i, size_t *n) {
    size_t from = i > 0 ? o->ends[i - 1] : 0;
    *n = o->ends[i] - from;
    return o->points + from;
}

void elc_eval_outlines_free(eval_outlines *o) {
    free(o->points);
    free(o->ends);
    *o = (eval_outlines){0};
}

/* ---- whether they count --------------------------------------------------------- */

static elc_status list_outlines(const eval_boxes *boxes, elc_shape **out,
                                elc_error *err) {
    ELC_TRY(elc_alloc(boxes->count, sizeof **out, out, err));
    for (size_t i = 0; i < boxes->count; i++) {
        elc_shape *o = &(*out)[i];
        o->ring = elc_eval_outline(&boxes->outlines, i, &o->n);
        o->group = boxes->items[i].image;
    }
    return ELC_OK;
}

/* Sizes are those of the shapes, where the truth's file does not state them. */
static elc_status set_areas(eval_boxes *boxes, elc_error *err) {
    elc_shape *outlines = NULL;
    double *areas = NULL;
    ELC_TRY(list_outlines(boxes, &outlines, err));
    elc_status status = elc_alloc(boxes->count, sizeof *areas, &areas, err);
    if (status == ELC_OK)
        status = elc_shape_areas(outlines, boxes->count, areas, err);
    for (size_t i = 0; i < boxes->count && status == ELC_OK; i++)
        if (isnan(boxes->items[i].area))
            boxes->items[i].area = areas[i];
    free(outlines);
    free(areas);
    return status;
}

elc_status elc_eval_choose_shapes(eval_shapes wish, const char *format,
                                  const elc_context *context, eval_data *data,
                                  elc_error *err) {
    const eval_outlines *found = &data->found.outlines, *truth = &data->truth.outlines;
    data->by_shape = wish == EVAL_SHAPES_POLYGON ||
                     (wish == EVAL_SHAPES_AUTO && found->turned && truth->turned);
    if (wish == EVAL_SHAPES_AUTO && !data->by_shape && truth->turned &&
        data->found.count > 0 && strcmp(format, "coco") != 0)
        elc_warn(context,
                 "the truth has outlines that are no upright boxes, and the detections "
                 "have none: envelopes are compared (--shapes box: as it is meant)");
    if (!data->by_shape)
        return ELC_OK;
    ELC_TRY(set_areas(&data->found, err));
    return set_areas(&data->truth, err);
}

/* ---- what they share ------------------------------------------------------------ */

static double iou_of(const eval_data *data, const elc_overlap *o, const double *found,
                     const double *truth) {
    double own = found[o->a];
    if (data->truth.items[o->b].crowd)
        return fmin(o->common / own, 1);
    return fmin(o->common / (own + truth[o->b] - o->common), 1);
}

typedef struct sharing {
    elc_shape *found, *truth;
    double *found_area, *truth_area;
    elc_overlap *pairs;
    size_t n;
} sharing;

static elc_status share(const eval_data *data, double least, sharing *s,
                        elc_error *err) {
    size_t n_found = data->found.count, n_truth = data->truth.count;
    ELC_TRY(list_outlines(&data->found, &s->found, err));
    ELC_TRY(list_outlines(&data->truth, &s->truth, err));
    ELC_TRY(elc_alloc(n_found, sizeof(double), &s->found_area, err));
    ELC_TRY(elc_alloc(n_truth, sizeof(double), &s->truth_area, err));
    ELC_TRY(elc_shape_areas(s->found, n_found, s->found_area, err));
    ELC_TRY(elc_shape_areas(s->truth, n_truth, s->truth_area, err));
    return elc_shapes_overlap(s->found, n_found, s->truth, n_truth, least, &s->pairs,
                              &s->n, err);
}

elc_status elc_eval_overlaps(const eval_data *data, double least,
                             elc_score_overlap **out, size_t *n, elc_error *err) {
    sharing s = {0};
    elc_score_overlap *overlaps = NULL;
    elc_status status = share(data, least, &s, err);
    if (status == ELC_OK)
        status = elc_alloc(s.n, sizeof *overlaps, &overlaps, err);
    for (size_t i = 0; i < s.n && status == ELC_OK; i++)
        overlaps[i] =
            (elc_score_overlap){s.pairs[i].a, s.pairs[i].b,
                                iou_of(data, &s.pairs[i], s.found_area, s.truth_area)};
    if (status == ELC_OK) {
        *out = overlaps;
        *n = s.n;
    }
    free(s.found);
    free(s.truth);
    free(s.found_area);
    free(s.truth_area);
    free(s.pairs);
    return status;
}
