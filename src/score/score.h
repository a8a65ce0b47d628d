/* score.h - a set of boxes in order, and its pairs (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SCORE_SCORE_H
#define ELCANO_SRC_SCORE_SCORE_H

#include <elcano/score.h>

/* A true box that a found one overlaps. */
typedef struct score_pair {
    double iou;
    uint32_t truth;
    bool same; /* of the same class */
} score_pair;

struct elc_score {
    elc_score_set set;
    int threads;
    uint32_t *by_image;                /* found boxes by image, falling score, index; */
    uint32_t *by_class;                /* by class, falling score, image, index */
    uint32_t *truths;                  /* true boxes by image, index */
    size_t *image_start;               /* of each image in by_image, and the end; */
    size_t *class_start, *truth_start; /* the same for classes, and for truths */
    uint32_t *rank;     /* of a found box among those of its image and class */
    size_t *pair_start; /* of each place in by_image, and the end */
    score_pair *pairs;  /* by index of the true box */
};

/* Fills by_image, by_class, truths, their starts and rank. */
elc_status elc_score_order(elc_score *score, elc_error *err);
/* Fills pairs and pair_start, the same for any number of threads. */
elc_status elc_score_find_pairs(elc_score *score, double least_iou, int threads,
                                elc_error *err);

/* Fills them from overlaps that are known. */
elc_status elc_score_take_pairs(elc_score *score, const elc_score_overlap *overlaps,
                                size_t n, double least_iou, elc_error *err);
/* Puts the pairs of one found box in their order. */
void elc_score_sort_pairs(score_pair *pairs, size_t n);

static inline double score_area(const elc_score_box *b) {
    return (b->xmax - b->xmin) * (b->ymax - b->ymin);
}

#endif
