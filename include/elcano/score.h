/* score.h - how good detections are: boxes found against true ones. Plain arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SCORE_H
#define ELCANO_SCORE_H

#include <elcano/base.h>

ELC_BEGIN

/* A box that was found, or a true one. Pixels or degrees: overlap does not depend on
   the unit of an axis. */
typedef struct elc_score_box {
    double xmin, ymin, xmax, ymax;
    double score;             /* of a found box; not looked at in a true one */
    double area;              /* for splits by size; NaN: width times height */
    uint32_t image, class_id; /* below the counts of the set */
    bool crowd;  /* true box: a region of many objects, which any number may match */
    bool ignore; /* true box: counts neither when found nor when missed; found box:
                    counts only when it is a true one that counts */
} elc_score_box;

/* What is compared. Boxes meet in their image; ties are broken by the order of images
   and of the arrays. Borrowed. */
typedef struct elc_score_set {
    const elc_score_box *found, *truth;
    size_t n_found, n_truth;
    uint32_t n_images, n_classes;
} elc_score_set;

/* Whose rules; docs/evaluate.md has each of them in words, with its source. */
typedef enum elc_score_rule {
    ELC_SCORE_COCO, /* the best true box that is still free; average at 101 recalls */
    ELC_SCORE_VOC,  /* the best true box alone; all-point average; ignored boxes */
    ELC_SCORE_XVIEW /* the same, nothing is ignored; mean over the truth's classes */
} elc_score_rule;

/* ELC_E_FORMAT with the number of the first box that cannot be meant: not finite, over
   2^30 from the origin, ending before it begins, an image or class beyond the counts;
   for xView also a negative corner and a score outside (0, 1]. */
elc_status elc_score_check(const elc_score_set *set, elc_score_rule rule,
                           elc_error *err);

/* A set with its boxes in order and every pair that overlaps by `least_iou` or more
   (over 0, at most 1). Time is about proportional to boxes and pairs, also where all
   lie in one image; more than 2^27 pairs are refused. `threads` 0: as many as
   processors; results are the same for any number. The set must outlive it. */
typedef struct elc_score elc_score;

elc_status elc_score_create(const elc_score_set *set, double least_iou, int threads,
                            elc_score **out, elc_error *err);
void elc_score_free(elc_score *score);

/* A found box and a true one of its image, by what else they are than boxes. */
typedef struct elc_score_overlap {
    uint32_t found, truth; /* indices */
    double iou; /* over 0, at most 1; of a crowd: the share of the found one */
} elc_score_overlap;

/* The same, where the overlaps of true shapes are known: all n of them of `least_iou`
   or more, in any order, each pair once (smaller ones do no harm). The sides of the
   boxes then matter only where `area` is NaN. ELC_E_ARGUMENT for an overlap that cannot
   be. */
elc_status elc_score_create_of(const elc_score_set *set,
                               const elc_score_overlap *overlaps, size_t n,
                               double least_iou, int threads, elc_score **out,
                               elc_error *err);

/* ---- matching ------------------------------------------------------------------- */

enum { ELC_SCORE_IOUS = 10, ELC_SCORE_IOUS_MAX = 16 };
#define ELC_SCORE_NONE UINT32_MAX

/* The ten IoUs of COCO, 0.5 to 0.95, to the last bit. */
const double *elc_score_ious(void);

typedef struct elc_score_wish {
    elc_score_rule rule;
    const double *ious; /* at most ELC_SCORE_IOUS_MAX, none below least_iou */
    size_t n_ious;
    uint32_t most;             /* found boxes of an image and class; 0: all */
    double area_min, area_max; /* true boxes outside are ignored; both 0: none */
} elc_score_wish;

/* Bit i of a mask is IoU i of the wish. A found box that is neither right nor passed
   over is wrong. */
typedef struct elc_score_match {
    uint16_t *right, *passed; /* of each found box; passed: it does not count */
    uint32_t *partner;        /* its true box at the first IoU, or ELC_SCORE_NONE */
    uint8_t *hidden;          /* of each true box: it is ignored */
    size_t *n_truth;          /* of each class: true boxes that count */
} elc_score_match;

elc_status elc_score_match_create(const elc_score *score, const elc_score_wish *wish,
                                  elc_score_match **out, elc_error *err);
void elc_score_match_free(elc_score_match *match);

/* For each found box the true box of any class that it overlaps most, the first among
   equals, and their IoU; ELC_SCORE_NONE and 0 where there is none of least_iou. */
void elc_score_nearest(const elc_score *score, uint32_t *truth, double *iou);

/* ---- averages ------------------------------------------------------------------- */

/* The average precision and the recall of a class at the first n_ious IoUs of the
   match. Where the class has no true box that counts both are NaN. `most` limits the
   boxes of an image that recall counts; 0: all. */
void elc_score_average(const elc_score *score, const elc_score_match *match,
                       elc_score_rule rule, size_t n_ious, uint32_t class_id,
                       double *precision);
void elc_score_recall(const elc_score *score, const elc_score_match *match,
                      size_t n_ious, uint32_t class_id, uint32_t most, double *recall);

/* One point of the curve of a class at the first IoU: what holds when boxes of at least
   this score are taken. */
typedef struct elc_score_point {
    double score, precision, recall, f1;
    size_t right, taken;
} elc_score_point;

/* The points of a class by falling score, one a score; `*best` is the one of the
   largest F1 (the highest score among equals); its score is NaN where nothing is there.
   Thinned evenly to at most `most` points, 3 or more, the best among them. The caller
   frees. */
elc_status elc_score_curve(const elc_score *score, const elc_score_match *match,
                           uint32_t class_id, size_t most, elc_score_point **points,
                           size_t *n, elc_score_point *best, elc_error *err);
/* What holds at a given least score. */
elc_score_point elc_score_at(const elc_score *score, const elc_score_match *match,
                             uint32_t class_id, double least);

/* ---- the whole ------------------------------------------------------------------ */

enum {
    ELC_SCORE_ALL,
    ELC_SCORE_SMALL,
    ELC_SCORE_MEDIUM,
    ELC_SCORE_LARGE,
    ELC_SCORE_SIZES
};
enum { ELC_SCORE_RECALLS = 3 }; /* of 1, 10 and all boxes of an image */

/* Averages of every class at the ten IoUs: precision[size][class * ELC_SCORE_IOUS + i],
   by size of the true boxes, and recall likewise; recall_of: of so many boxes an image,
   of any size. NaN where a class has no true box that counts. */
typedef struct elc_score_summary {
    double *precision[ELC_SCORE_SIZES], *recall[ELC_SCORE_SIZES];
    double *recall_of[ELC_SCORE_RECALLS];
} elc_score_summary;

/* `most` as in elc_score_wish; small is up to side[0]^2 px, large from side[1]^2 on
   (32 and 96 of COCO: NULL). The score needs a least_iou of 0.5 or less. */
elc_status elc_score_summarize(const elc_score *score, elc_score_rule rule,
                               uint32_t most, const double *side,
                               elc_score_summary *out, elc_error *err);
void elc_score_summary_clear(elc_score_summary *summary);

/* The mean of what is no NaN, at every `step`-th value; NaN where there is none. */
double elc_score_mean(const double *values, size_t n, size_t step);

/* ---- confusion ------------------------------------------------------------------ */

/* Which class is taken for which: found boxes of at least their class's score and true
   ones of any class, paired one to one by falling IoU from `iou` on. `out` has
   (n_classes + 1)^2 counts, row by row: row: true class, column: found class; the last
   row is what is found and not there, the last column what is there and not found.
   Found boxes that meet only an ignored or crowd box count nowhere. */
elc_status elc_score_confusion(const elc_score *score, double iou, const double *least,
                               size_t *out, elc_error *err);

ELC_END
#endif
