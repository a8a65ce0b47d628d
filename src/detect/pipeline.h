/* pipeline.h - what the files of the pipeline share: images under way and their chips.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_DETECT_PIPELINE_H
#define ELCANO_SRC_DETECT_PIPELINE_H

#include <elcano/detect.h>

#include <pthread.h>

/* An image opened once more, for one worker at a time. */
typedef struct handle {
    elc_image *image;
    elc_view *view;
} handle;

/* An image under way: from its opening until the consumer has had all of it. Members
   are guarded by the detector's lock, the merger by merge_lock. */
typedef struct live_image {
    struct live_image *next;
    elc_image_report report;
    char *error;      /* of the image itself */
    elc_image *image; /* for info and strips; closed last */
    elc_view *view;   /* of it */
    handle *idle;     /* further ones, lent to one worker at a time */
    size_t n_idle, idle_capacity;
    int bands[ELC_BANDS_MAX];
    int n_bands;
    int64_t first, next_chip, end; /* handed out below next_chip */
    int64_t done;                  /* chips that are through */
    bool *was_run;                 /* of [first, end) */
    elc_strip *strip;              /* NULL: chips are read one by one */
    int64_t strip_row;             /* row of chips in the strip; -1: none */
    char *strip_error;             /* why that row could not be read */
    elc_status strip_status;
    int cutting; /* workers that copy from the strip */
    elc_scene scene;
    elc_locator *locator; /* where it is wanted and the image has a place */
    elc_transform *to_area;
    pthread_mutex_t merge_lock;
    elc_merger *merger;
    elc_detection *ready; /* for the consumer */
    size_t n_ready, ready_capacity;
    bool settled; /* all chips are through, or it failed */
} live_image;

/* A chip handed to a worker, and its window as the network sees the image. */
typedef struct chip_job {
    live_image *image;
    int64_t chip;
    elc_window window;
} chip_job;

struct elc_detector {
    elc_model *model;
    const elc_model_info *info;
    elc_detect_options options;
    const elc_detect_image *images;
    size_t n_images;
    const elc_context *context;
    int64_t reach; /* pixels around a chip that its blur needs */
    int threads, n_workers;
    pthread_t *workers;
    struct worker_arg *args;
    elc_inference **inferences; /* one a worker */
    int started;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* anything below did */
    pthread_cond_t may_run; /* a worker left the network */
    size_t next_image;      /* to be opened */
    live_image *front, *back;
    size_t n_live;
    elc_scenes *scenes; /* of the options, or its own */
    bool opening, filling;
    size_t waiting; /* objects that the consumer has not had */
    int running;    /* workers inside the network */
    int finished;   /* workers that are through */
    bool stop;
    elc_error failure; /* first one; status ELC_OK while well */
    elc_detect_totals totals;
    uint64_t found, chips_done, chips_total;
    uint64_t pixels;  /* of chips that were run */
    double network_s; /* of all workers, inside the network */
    live_image *shown; /* the event's, freed with the next call */
    elc_detection *objects;
    size_t n_objects;
};

typedef enum next_chip {
    CHIP_READY,
    CHIP_WAIT, /* none now; asked not to wait */
    CHIP_NONE  /* no more, or stopped */
} next_chip;

/* The next chip in order. Opens images and fills strips on the way. Without `wait` it
   returns CHIP_WAIT rather than block. */
next_chip elc_queue_next(elc_detector *d, bool wait, chip_job *job);

/* A chip's window with what its blur needs around. */
elc_window elc_queue_window(const elc_detector *d, elc_window chip);
/* Reads what of that window is wanted for a job; once a job. `*valid` is false when it
   is all nodata. */
elc_status elc_queue_read(elc_detector *d, live_image *image, elc_window window,
                          uint8_t *pixels, bool *valid, elc_error *err);

typedef enum chip_result { CHIP_RUN, CHIP_SKIPPED, CHIP_FAILED } chip_result;

/* Gives a chip's boxes (of the full image as it is seen) to the merger and counts it.
   `why` for failed ones; what fails the whole run is noted in the detector. */
void elc_queue_done(elc_detector *d, const chip_job *job, chip_result result,
                    const elc_box *boxes, size_t n, const elc_error *why);

/* Notes the first failure of the run and stops it; with the lock, and without. */
void elc_queue_fail(elc_detector *d, const elc_error *why);
void elc_queue_fail_unlocked(elc_detector *d, const elc_error *why);

void elc_live_image_free(live_image *image);

/* A worker's thread: arg is worker_arg. */
typedef struct worker_arg {
    elc_detector *detector;
    int index;
} worker_arg;
void *elc_worker_main(void *arg);

#endif
