/* data.h - one training of a classifier: its images, samples, features and scores. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_CLASSIFIER_DATA_H
#define ELCANO_SRC_OPERATORS_TRAIN_CLASSIFIER_DATA_H

#include <elcano/detect.h>
#include <elcano/label.h>
#include <elcano/learn.h>
#include <elcano/run.h>

#include "operators/pixels/stretches.h"

/* A chip round a label. */
typedef struct train_sample {
    size_t image; /* in the list of found ones */
    int64_t x, y; /* its upper left corner, in pixels that are seen */
    int32_t class_id;
    int32_t place;    /* number of the block, image or folder that it lies in */
    elc_point lonlat; /* of its middle; NaN: not known */
} train_sample;

/* How an image is seen; its samples are those from `first` to `end`. */
typedef struct train_image {
    double step_x, step_y;
    size_t first, end;
} train_image;

/* How good a training is at labels of places that it did not see. */
typedef struct train_point {
    double share;  /* of the places that were learnt from */
    double labels; /* learnt from, the mean over folds */
    elc_assessment good;
    bool expected; /* of more labels than there are */
} train_point;

enum { TRAIN_POINTS_MAX = 5, TRAIN_FOLDS_MAX = 100 };

typedef struct train_job {
    const elc_call *call;
    const elc_options *options;
    const elc_context *context;
    elc_model *model; /* gives the features */
    const elc_model_info *info;
    elc_found_list found;
    elc_scenes *scenes;
    elc_stretch_memo *memo;
    elc_stretch_wish stretch;
    elc_stretches recorded;
    elc_resolution resolution;
    int64_t chip_width, chip_height;

    elc_names classes;
    uint64_t *class_counts;
    train_image *images; /* one for each found one */
    train_sample *samples;
    size_t n, capacity;
    uint64_t n_labels, n_outside, n_blank;
    bool by_image; /* a place is an image, for none is known on the map */
    size_t n_places;

    float *features; /* n rows of d */
    size_t d, rank;  /* rank of the tensor that they are the means of */
    uint64_t n_cached;

    int folds;
    int32_t *fold_of;      /* of each sample */
    int32_t *labels;       /* the classes of the samples, in one array */
    double *class_weights; /* NULL: none */
    double c, temperature;
    double *scores; /* n rows of classes, by a model that did not see their place */
    elc_assessment all, raw, of_fold[TRAIN_FOLDS_MAX]; /* raw: before calibration */
    uint64_t in_fold[TRAIN_FOLDS_MAX];
    uint64_t *confusion;
    train_point points[TRAIN_POINTS_MAX];
    size_t n_points;
    elc_logistic final;
} train_job;

void elc_classes_clear(train_job *job);

/* job.c: opens the network, finds the images, and takes the options. */
elc_status elc_classes_start(train_job *job, elc_error *err);
/* samples.c: a chip for each label, and the place of each. */
elc_status elc_classes_list(train_job *job, elc_error *err);
/* places.c: numbers the places of the samples. */
elc_status elc_classes_place(train_job *job, elc_error *err);
/* features.c: what the network sees in each; samples without a pixel are left out. */
elc_status elc_classes_look(train_job *job, elc_error *err);
/* fit.c: folds, strength, calibration, learning curve, and the final training. */
elc_status elc_classes_fit(train_job *job, elc_error *err);
/* network.c: the bytes of the ONNX file. */
elc_status elc_classes_write(const train_job *job, elc_string *out, elc_error *err);
/* report.c: the bytes of --json. */
elc_status elc_classes_json(const train_job *job, elc_string *out, elc_error *err);

/* rows.c: the table. */
enum { TRAIN_N_COLUMNS = 9 };
extern const elc_column elc_classes_columns[TRAIN_N_COLUMNS];
elc_status elc_classes_rows(const train_job *job, struct ArrowArray *out,
                            elc_error *err);

/* run.c: the stream of one batch, which does all of the work. */
elc_status elc_classes_run(const elc_call *call, struct ArrowArrayStream *out,
                           elc_error *err);

#endif
