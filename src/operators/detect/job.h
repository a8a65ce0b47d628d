/* job.h - one use of detect: its options as the pipeline wants them, and its parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DETECT_JOB_H
#define ELCANO_SRC_OPERATORS_DETECT_JOB_H

#include <elcano/detect.h>
#include <elcano/label.h>
#include <elcano/run.h>

#include <pthread.h>

#include "operators/pixels/network.h"
#include "operators/pixels/stretches.h"

/* What a call's options mean, with what they refer to loaded. */
typedef struct detect_job {
    elc_model *model;
    const elc_model_info *info;
    pixels_network network; /* as it was said to be */
    elc_styles styles;      /* of --styles */
    elc_names names;        /* of the classes, by id: the styles', else the network's */
    float *least;           /* scores by class id; NULL: one for all */
    bool *keep; /* by class id; NULL: all */
    elc_area *area;
    elc_crs *area_crs;
    elc_stretches recorded; /* of --stretch-from */
    elc_stretch_memo *memo; /* of what is decided, for all parts */
    elc_scenes *scenes;     /* the same of what lies beside images */
    elc_detect_options options;
    pthread_mutex_t lock; /* of what follows */
    uint64_t to_tell;     /* planned parts, and images cut into some, under way */
    elc_detect_totals totals;
} detect_job;

/* The operator's prepare and release. */
elc_status elc_detect_prepare(const elc_call *call, void **job, elc_error *err);
void elc_detect_release(void *job);

/* Names the classes, and finds the least score of each where --score is not given. */
elc_status elc_detect_use_styles(const elc_options *options, detect_job *job,
                                 elc_error *err);

/* Where detections in an image can be, and when it was taken; anywhere for RPCs, whose
   ground is not known from the outline, and round poles and the antimeridian. */
elc_status elc_detect_extent(const elc_scene *scene, const elc_image_info *info,
                             elc_extent *out, elc_error *err);

/* Loads the polygons of a layer. `*crs` is NULL for OGC:CRS84. */
elc_status elc_area_load(const char *layer, elc_area **area, elc_crs **crs,
                         elc_error *err);

/* The images of a part, as its bytes say. `crs` is the geometry's, NULL for CRS84. */
typedef struct detect_part {
    char *crs;
    char *model_sha256; /* of the network that it was planned with; NULL: any */
    bool partial; /* other parts hold more chips of its images */
    elc_detect_image *images;
    size_t n_images;
} detect_part;

elc_status elc_detect_part_write(const detect_part *part, elc_string *out,
                                 elc_error *err);
/* From another process: checked. */
elc_status elc_detect_part_read(const void *bytes, size_t size, detect_part *out,
                                elc_error *err);
void elc_detect_part_free(detect_part *part);

#endif
