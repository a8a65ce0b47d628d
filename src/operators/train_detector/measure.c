/* measure.c - how good a head is on what was left out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <elcano/score.h>

static const float LEAST = 0.02f;
static const double NMS = 0.5, EDGE = 3;

/* Found boxes of one chip; those of all are put in the order of chips. */
typedef struct {
    elc_score_box *items;
    size_t count, capacity;
} box_list;

typedef struct {
    train_job *job;
    const elc_box_head *head;
    box_list *chips; /* one a chip of the job */
    box_list found, truth;
} measurer;

static elc_status add(box_list *list, elc_score_box box, elc_error *err) {
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    list->items[list->count++] = box;
    return ELC_OK;
}

/* What an image's edge cuts carries no label where --edge says so. */
static bool at_edge(const train_job *job, const train_image *t, const double box[4]) {
    return job->edge_px > 0 &&
           (box[0] < EDGE || box[1] < EDGE || box[2] > (double)t->grid.width - EDGE ||
            box[3] > (double)t->grid.height - EDGE);
}

static elc_score_box score_box(const train_job *job, size_t image, const double box[4],
                               uint32_t class_id) {
    return (elc_score_box){.xmin = box[0],
                           .ymin = box[1],
                           .xmax = box[2],
                           .ymax = box[3],
                           .area = NAN,
                           .image = (uint32_t)image,
                           .class_id = class_id,
                           .ignore = at_edge(job, &job->images[image], box)};
}

static double cut(double v, int64_t most) {
    return fmin(fmax(v, 0), (double)most);
}

/* A chip keeps what has its middle in its core, which is nobody else's. */
static elc_status keep_box(const measurer *m, const train_view *v, const elc_box *b,
                           elc_error *err) {
    const train_image *t = &m->job->images[v->chip->image];
    const double *in = v->known.inside;
    double x = (b->xmin + b->xmax) / 2, y = (b->ymin + b->ymax) / 2;
    if (x < in[0] || x >= in[2] || y < in[1] || y >= in[3])
        return ELC_OK;
    double box[4] = {cut(b->xmin + (double)v->window.x, t->grid.width),
                     cut(b->ymin + (double)v->window.y, t->grid.height),
                     cut(b->xmax + (double)v->window.x, t->grid.width),
                     cut(b->ymax + (double)v->window.y, t->grid.height)};
    elc_score_box s = score_box(m->job, v->chip->image, box, (uint32_t)b->class_id);
    s.score = b->score;
    return add(&m->chips[v->chip - m->job->chips], s, err);
}

static elc_status find_view(void *arg, const train_view *v, elc_error *err) {
    const measurer *m = arg;
    elc_box_found *found = NULL;
    elc_box *boxes = NULL;
    size_t n = 0;
    ELC_TRY(elc_box_head_find(m->head, &v->features, LEAST, &found, &n, err));
    elc_status status = elc_alloc(n, sizeof *boxes, &boxes, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        boxes[i] = (elc_box){.xmin = found[i].xmin,
                             .ymin = found[i].ymin,
                             .xmax = found[i].xmax,
                             .ymax = found[i].ymax,
                             .score = found[i].score,
                             .class_id = (int32_t)found[i].class_id};
    if (status == ELC_OK)
        status = elc_nms(boxes, &n, NMS, false, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = keep_box(m, v, &boxes[i], err);
    free(boxes);
    free(found);
    return status;
}

/* The labels of what is left out; found boxes of chips alone that are. */
static elc_status take_truth(measurer *m, elc_error *err) {
    const train_job *job = m->job;
    for (size_t i = 0; i < job->n_images; i++) {
        const train_image *t = &job->images[i];
        for (size_t k = 0; k < t->n_labels; k++) {
            double box[4];
            const elc_label *label = &t->labels.all.items[k];
            elc_label_box(label, box);
            int64_t owner =
                elc_grid_owner(&t->grid, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
            size_t at = 0;
            while (job->chips[at].image != i || job->chips[at].index != owner)
                at++;
            if (!job->chips[at].left_out)
                continue;
            elc_score_box b = score_box(job, i, box, (uint32_t)t->labels.class_ids[k]);
            b.ignore |= label->difficult;
            b.crowd = label->crowd;
            ELC_TRY(add(&m->truth, b, err));
        }
    }
    return ELC_OK;
}

static elc_status take_scores(const measurer *m, const elc_score *score,
                              train_score *scores, elc_error *err) {
    const double iou = 0.5;
    elc_score_wish wish = {.rule = ELC_SCORE_VOC, .ious = &iou, .n_ious = 1};
    elc_score_match *match = NULL;
    ELC_TRY(elc_score_match_create(score, &wish, &match, err));
    elc_status status = ELC_OK;
    for (uint32_t c = 0; c < m->job->classes.count && status == ELC_OK; c++) {
        elc_score_point *points = NULL, best;
        size_t n = 0;
        elc_score_average(score, match, ELC_SCORE_VOC, 1, c, &scores[c].ap50);
        status = elc_score_curve(score, match, c, 3, &points, &n, &best, err);
        free(points);
        if (status != ELC_OK || isnan(best.score))
            continue;
        scores[c].precision = best.precision;
        scores[c].recall = best.recall;
        scores[c].f1 = best.f1;
        scores[c].score = best.score;
    }
    elc_score_match_free(match);
    return status;
}

static elc_status compare(measurer *m, train_score *scores, elc_error *err) {
    for (size_t i = 0; i < m->job->n_chips; i++)
        for (size_t k = 0; k < m->chips[i].count; k++)
            ELC_TRY(add(&m->found, m->chips[i].items[k], err));
    ELC_TRY(take_truth(m, err));
    elc_score_set set = {.found = m->found.items,
                         .truth = m->truth.items,
                         .n_found = m->found.count,
                         .n_truth = m->truth.count,
                         .n_images = (uint32_t)m->job->n_images,
                         .n_classes = (uint32_t)m->job->classes.count};
    elc_score *score = NULL;
    ELC_TRY(elc_score_create(&set, 0.5, 1, &score, err));
    elc_status status = take_scores(m, score, scores, err);
    elc_score_free(score);
    return status;
}

elc_status elc_train_measure(train_job *job, const elc_box_head *head,
                             train_score *scores, elc_error *err) {
    measurer m = {.job = job, .head = head};
    train_wish wish = {
        .left_out = true, .views = 1, .background = 1, .unit = "chips left out"};
    ELC_TRY(elc_alloc(job->n_chips, sizeof *m.chips, &m.chips, err));
    elc_status status = elc_train_look(job, &wish, find_view, &m, err);
    if (status == ELC_OK)
        status = compare(&m, scores, err);
    for (size_t i = 0; i < job->n_chips; i++)
        free(m.chips[i].items);
    free(m.chips);
    free(m.found.items);
    free(m.truth.items);
    return status;
}
