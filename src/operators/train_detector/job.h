/* job.h - one use of train detector: its options, images, labels and backbone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_JOB_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_JOB_H

#include <elcano/detect.h>
#include <elcano/label.h>
#include <elcano/learn.h>
#include <elcano/run.h>

#include "operators/chips/labels.h"

enum { TRAIN_MAPS_MAX = 8, TRAIN_TURNS = 8 };
/* The score from which on a box counts: each class is brought to it. */
#define TRAIN_ALIGNED 0.4

/* An image to learn from, as the network sees it. */
typedef struct train_image {
    const char *path, *name; /* the list's */
    elc_sight sight;
    elc_grid grid;
    int bands[ELC_BANDS_MAX];
    chips_labels labels; /* in pixels that are seen */
    size_t n_labels;
    bool left_out;     /* the whole of it is not learnt from but measured */
    int64_t first_out; /* pixels from here on along its longer side are; INT64_MAX: none */
} train_image;

/* A chip of an image. */
typedef struct train_chip {
    size_t image;
    int64_t index;
    bool left_out;
    elc_box_cells cells; /* what was collected of it */
} train_chip;

/* The network up to the tensors that are learnt from. */
typedef struct train_backbone {
    elc_model *model;    /* whose outputs are the maps */
    elc_names tensors;   /* the finest first */
    size_t channels[TRAIN_MAPS_MAX], shrink[TRAIN_MAPS_MAX];
    size_t n_maps, channels_all;
    double cell_px;      /* of the finest */
} train_backbone;

typedef struct train_job {
    const elc_call *call;
    elc_model *whole; /* the network as it is, for its preparation and resolution */
    const elc_model_info *info;
    train_backbone backbone;
    elc_labels labels;
    elc_names classes; /* those that have a label */
    elc_found_list found;
    train_image *images;
    size_t n_images;
    train_chip *chips;
    size_t n_chips;
    elc_detect_options options; /* chips, bands, stretch, resolution */
    elc_scenes *scenes;
    double edge_px;    /* so near to an image's edge nothing is known */
    double least_seen; /* share of an object that a chip must show */
    uint64_t seed;
    size_t most_cells;
} train_job;

elc_status elc_train_job_open(const elc_call *call, train_job **out, elc_error *err);
void elc_train_job_free(train_job *job);

/* Finds images, their labels and chips, and what is left out. */
elc_status elc_train_find_images(train_job *job, elc_error *err);

/* Opens the backbone at the tensors that are named, or found. */
elc_status elc_train_open_backbone(train_job *job, elc_error *err);
void elc_train_backbone_clear(train_backbone *backbone);

#endif
