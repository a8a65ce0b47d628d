/* result.h - what a comparison gives, by class, image, zone, size and border. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_EVALUATE_RESULT_H
#define ELCANO_SRC_OPERATORS_EVALUATE_RESULT_H

#include "data.h"

/* What is asked for. */
typedef struct eval_wish {
    elc_score_rule rule;
    eval_shapes shapes;
    double iou;    /* of counts, precision, recall, confusion */
    double least;  /* score for them; NaN: each class's best */
    uint32_t most; /* boxes of an image and class; 0: all */
    int threads;
    int64_t chip, overlap; /* chip 0: no split by border */
    double edge; /* px from an edge of the image where nothing counts; 0: none */
    const char *zones, *zone_name;
    size_t n_mistakes; /* of each kind */
} eval_wish;

/* True and found boxes that count, and pairs of them. */
typedef struct eval_count {
    size_t truth, found, right;
} eval_count;

typedef struct eval_class {
    double ap, ap50, ap75, ap_size[3]; /* NaN: no true box */
    double least;
    double f1_best;
    eval_count count;
    double error_px, error_m, error_p95_m; /* of places; NaN: not known */
    elc_score_point *curve;
    size_t n_curve;
} eval_class;

typedef enum eval_kind {
    EVAL_EXTRA,
    EVAL_DOUBLE,
    EVAL_CONFUSED,
    EVAL_MISSED
} eval_kind;

typedef struct eval_mistake {
    eval_kind kind;
    uint32_t box;   /* found; of a missed one: true */
    uint32_t other; /* the true box that it overlaps most; ELC_SCORE_NONE: none */
    double iou;     /* with that */
} eval_mistake;

/* True boxes by a property: found boxes too, and which are right. */
typedef struct eval_split {
    const char *kind; /* "size", "border" */
    char range[32];
    eval_count count;
} eval_split;

enum { EVAL_MOST_SPLITS = 8 };

/* xView's means of some classes, by the size of such objects and how many there are. */
enum {
    EVAL_XVIEW_SMALL,
    EVAL_XVIEW_MEDIUM,
    EVAL_XVIEW_LARGE,
    EVAL_XVIEW_COMMON,
    EVAL_XVIEW_RARE,
    EVAL_XVIEW_LISTS
};

typedef struct eval_zone {
    char *name;
    eval_count *classes; /* of each class, and of all at the end */
} eval_zone;

typedef struct eval_result {
    eval_class *classes; /* of each class, and of all at the end */
    size_t n_classes;
    double recall_of[ELC_SCORE_RECALLS], recall_size[3]; /* means, as COCO gives them */
    double mean_precision, mean_recall, mean_f1;         /* of all boxes: xView */
    double map_xview[EVAL_XVIEW_LISTS];
    eval_count *images;
    size_t *confusion; /* as elc_score_confusion gives it */
    eval_split splits[EVAL_MOST_SPLITS];
    size_t n_splits;
    eval_zone *zones;
    size_t n_zones;
    eval_mistake *mistakes; /* by kind, the worst first */
    size_t n_mistakes, mistakes_capacity;
    size_t n_cut; /* boxes beyond `most` */
    /* the verdicts that all of this comes from: */
    uint8_t *taken;    /* of each found box: it is over the score and counts */
    uint8_t *right;    /* of each found box */
    uint8_t *met;      /* of each true box: a taken box is its partner */
    uint8_t *hidden;   /* of each true box: it does not count */
    uint32_t *partner; /* of each found box that is right */
} eval_result;

elc_status elc_eval_compare(const eval_data *data, const eval_wish *wish,
                            eval_result *out, elc_error *err);
void elc_eval_result_free(eval_result *result);

/* ---- the parts of it ---- */
void elc_eval_xview_means(const eval_data *data, eval_result *result);
elc_status elc_eval_positions(const eval_data *data, eval_result *result,
                              elc_error *err);
elc_status elc_eval_splits(const eval_data *data, const eval_wish *wish,
                           eval_result *result, elc_error *err);
elc_status elc_eval_zones(const eval_data *data, const eval_wish *wish,
                          eval_result *result, elc_error *err);
elc_status elc_eval_mistakes(const elc_score *score, const eval_data *data,
                             const eval_wish *wish, eval_result *result,
                             elc_error *err);

/* The name of a class by its number; "all" for the last. */
const char *elc_eval_class_name(const eval_data *data, size_t i);
static inline double eval_share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : __builtin_nan("");
}

#endif
