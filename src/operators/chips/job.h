/* job.h - one use of chips: what its options mean, and its parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_JOB_H
#define ELCANO_SRC_OPERATORS_CHIPS_JOB_H

#include <elcano/detect.h>
#include <elcano/label.h>
#include <elcano/run.h>

#include "operators/pixels/stretches.h"

/* What becomes of a chip's pixels. */
typedef enum chips_pixels {
    CHIPS_NONE, /* headers alone are read */
    CHIPS_TIF,
    CHIPS_PNG,
    CHIPS_JPEG,
    CHIPS_COLUMN /* Spark's image struct, in the rows */
} chips_pixels;

/* How files and labels lie in the folder. */
typedef enum chips_layout {
    CHIPS_LAYOUT_NONE, /* chips, each with a Pascal VOC file */
    CHIPS_LAYOUT_YOLO, /* images/, labels/, data.yaml */
    CHIPS_LAYOUT_COCO  /* images/, annotations.json */
} chips_layout;

typedef struct chips_job chips_job;

/* What another operator makes of each chip's pixels, in place of files and columns. */
typedef struct chips_use {
    /* A part's own; `free` takes it, and whatever else it holds. */
    elc_status (*start)(const chips_job *job, void **state, elc_error *err);
    void (*free)(void *state);
    /* Of an image, which lives until `end`. `*stretch` is how its pixels are scaled, as
       rows say it: the caller's. */
    elc_status (*image)(void *state, elc_image *image, const char *name,
                        const elc_sight *sight, char **stretch, elc_error *err);
    void (*end)(void *state);
    /* A window of it as it is seen; `*rows` are made of it, 0 where it is blank. */
    elc_status (*look)(void *state, elc_window window, size_t *rows, elc_error *err);
    /* Sets what row i has beside the chip's columns. */
    elc_status (*set)(void *state, size_t i, elc_batch *batch, elc_error *err);
} chips_use;

/* What a call's options mean, with what they refer to loaded. */
struct chips_job {
    const chips_use *use;      /* NULL: it is chips itself */
    const elc_column *columns; /* of `use`: those of chips, and then its own */
    size_t n_columns;
    bool whole;          /* an image is one chip, at whatever resolution that needs */
    int64_t chip_height; /* where it is not `chip`; else 0 */
    int64_t chip, overlap, stride;
    bool exact_step;
    const elc_names *bands; /* as they were given */
    int *band_numbers;      /* and as numbers; bands->count of them */
    chips_pixels pixels;
    bool looks;          /* pixels are read */
    double nodata_share; /* chips with more are left out */
    const char *out_dir; /* NULL: none */
    bool overwrite;
    elc_on_error on_error;
    elc_scenes *scenes;        /* where images lie, for all parts */
    elc_resolution resolution; /* of the chips; zeroed: that of each image */
    bool stretches;
    elc_stretch_wish stretch;
    elc_stretch_memo *memo; /* of what it comes to, for all parts */
    elc_stretches recorded; /* of --stretch-from: counts instead, where it has any */
    chips_layout layout;
    bool has_labels;
    elc_labels labels;    /* settled by paths of: */
    elc_found_list found; /* the images, with labels */
    double min_visible;
    elc_area *area;
    elc_crs *area_crs;
};

/* Frees what a job of chips holds, not the job. */
void elc_chips_job_clear(chips_job *job);
/* The operator's prepare and release. */
elc_status elc_chips_prepare(const elc_call *call, void **job, elc_error *err);
void elc_chips_release(void *job);

/* The grid over an image of this size, as it is seen. */
elc_status elc_chips_grid(const chips_job *job, int64_t width, int64_t height,
                          elc_grid *out, elc_error *err);

/* True when chips become files. */
bool elc_chips_writes(const chips_job *job);

/* Some chips of an image. */
typedef struct chips_image {
    char *path, *name;
    char *stem;            /* what the names of its files begin with */
    uint64_t index;        /* among the images of the plan */
    int64_t first, end;    /* its chips; end -1: it cannot be opened */
    double step_x, step_y; /* as elc_sight has them; 0: to be found */
} chips_image;

/* The images of a part, as its bytes say. */
typedef struct chips_part {
    chips_image *images;
    size_t n_images, capacity;
} chips_part;

elc_status elc_chips_part_write(const chips_part *part, elc_string *out,
                                elc_error *err);
/* From another process: checked. */
elc_status elc_chips_part_read(const void *bytes, size_t size, chips_part *out,
                               elc_error *err);
void elc_chips_part_free(chips_part *part);

/* The operator's plan. */
elc_status elc_chips_plan(const elc_call *call, elc_plan *out, elc_error *err);

/* Names of files for images: letters, digits, '.', '-' and '_' of the image's name less
   its ending, and a hash where that is not all of it, or not its alone. */
elc_status elc_chips_stems(const elc_found_list *found, elc_names *out, elc_error *err);
/* True for what such a name may be. */
bool elc_chips_stem_safe(const char *stem);

#endif
