/* detect.h - objects of whole images: NMS, the border-correct merge, and the pipeline.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_DETECT_H
#define ELCANO_DETECT_H

#include <elcano/geometry.h>
#include <elcano/image.h>
#include <elcano/model.h>

ELC_BEGIN

/* Area of the intersection over that of the union, of the true shapes where boxes are
   turned or both have masks; 0 when both are empty. */
double elc_box_iou(const elc_box *a, const elc_box *b);

/* The one order of boxes that everything here sorts by: falling score, then ymin, xmin,
   ymax, xmax, class, and the shape. */
int elc_box_compare(const elc_box *a, const elc_box *b);

/* A copy that has a mask of its own. */
elc_status elc_box_copy(const elc_box *box, elc_box *out, elc_error *err);
/* Frees the mask. */
void elc_box_clear(elc_box *box);
/* Cuts a box, and its mask, to a window. What is turned stays whole: the corners become
   the envelope of what the window shows of it. Empty when that is nothing: xmax <= xmin
   or ymax <= ymin. */
void elc_box_clip(elc_box *box, elc_window window);
/* Moves a box by whole pixels; a mask must stay where its coordinates hold. */
void elc_box_move(elc_box *box, int64_t x, int64_t y);

/* The outline of a mask along the edges of its pixels, without points on straight sides.
   Pixels that meet at a corner alone do not touch; no ring touches itself. Free with
   elc_outline_free. */
elc_status elc_mask_outline(const elc_mask *mask, elc_outline *out, elc_error *err);

/* Non-maximum suppression: sorts the boxes by elc_box_compare and keeps each whose IoU
   with every kept one before it (of its class, unless across_classes) is at most `iou`.
   The kept ones are moved to the front and *count is lowered. Time is about
   proportional to the count when boxes are small against their common extent. */
elc_status elc_nms(elc_box *boxes, size_t *count, double iou, bool across_classes,
                   elc_error *err);

/* ---- merge --------------------------------------------------------------------- */

/* An object of a whole image, or a failed chip. */
typedef struct elc_detection {
    elc_box box;         /* full-image pixels, as the network sees them; owned */
    int64_t chip;        /* whose core holds its centre; for open ones: that saw it */
    int64_t first_chip;  /* the lowest chip that saw it: rows are ordered by it */
    bool touches_border; /* no chip saw it whole */
    bool too_long;       /* and one saw it end at two opposite borders */
    bool open;           /* not final: may be seen by chips outside of this merger's */
    char *error;         /* a failed chip's reason, owned; the box is empty */
} elc_detection;

/* Frees what it owns. */
void elc_detection_clear(elc_detection *detection);

/* Merges the boxes of overlapping chips so that each object counts once (the rule is in
   docs/architecture.md, "Borders"). Chips may be added in any order; results come row
   by row of chips, and their order and bytes do not depend on it. Memory: the
   detections of the rows of chips that are under way. One thread at a time. */
typedef struct elc_merger elc_merger;

/* For the chips [first, end) of a grid. Boxes that a chip outside may see too come out
   open; they are final only after elc_merger_add_open in a merger of all chips. */
elc_status elc_merger_create(const elc_grid *grid, int64_t first, int64_t end,
                             elc_merger **out, elc_error *err);
/* The boxes of a chip after its NMS, in full-image pixels; n = 0 for one that was not
   run. Each chip of the range exactly once. Boxes are copied, and clipped to the chip
   and the image. */
elc_status elc_merger_add(elc_merger *merger, int64_t chip, const elc_box *boxes,
                          size_t n, elc_error *err);
/* A chip that failed: gives a result with the reason, in its place in the order. NULL
   as text: no result. */
elc_status elc_merger_add_failed(elc_merger *merger, int64_t chip, const char *error,
                                 elc_error *err);
/* Settles open detections of all parts of one image, which are copied: any order, then
   finish. */
elc_status elc_merger_add_open(elc_merger *merger, const elc_detection *open,
                               elc_error *err);
elc_status elc_merger_finish(elc_merger *merger, elc_error *err);
/* Moves out the results that are settled, in order: *items is the caller's (clear each,
   then free). */
void elc_merger_take(elc_merger *merger, elc_detection **items, size_t *n);
void elc_merger_free(elc_merger *merger);

/* ---- pipeline -------------------------------------------------------------------- */

typedef enum elc_on_error {
    ELC_ON_ERROR_FAIL,  /* end with the reason */
    ELC_ON_ERROR_SKIP,  /* count it, warn */
    ELC_ON_ERROR_RECORD /* count it, give a row with the reason */
} elc_on_error;

typedef struct elc_detect_options {
    int64_t chip_width, chip_height; /* 0: the network's */
    int64_t overlap_x, overlap_y;    /* px that neighbouring chips share */
    bool exact_step;          /* step = chip - overlap, not rounded to the stride */
    int64_t batch;            /* chips a run */
    double score, iou;        /* thresholds; `score` is the lowest of any class */
    bool across_classes;      /* NMS over all classes together */
    const bool *keep;         /* by class id; NULL: all */
    size_t n_keep;            /* ids from here on are kept if keep is NULL */
    const float *least;       /* lowest scores by class id; NULL: `score` for all */
    size_t n_least;           /* ids from here on need `least_rest` */
    float least_rest;         /* the score of classes that `least` has not */
    const elc_names *bands;   /* chosen bands; empty: by default */
    elc_area *area;           /* NULL: all; in area_crs */
    const elc_crs *area_crs;  /* NULL: OGC:CRS84 */
    elc_stretch_wish stretch; /* zeroed: auto */
    const elc_recorded_stretch *recorded; /* used instead, where there are any */
    size_t n_recorded;
    elc_stretch_memo *memo; /* shares what is decided among runs; NULL: none */
    elc_resolution resolution; /* zeroed: pixels as they are */
    elc_window crop; /* of each image, in its own pixels; without width: all of it */
    double blur;     /* standard deviation of a Gaussian, px that are seen; 0: none */
    elc_place_wish heights; /* of images that lie by RPCs; borrowed */
    elc_scenes *scenes;     /* by these, shared among runs; NULL: the run's own */
    elc_on_error on_error;
} elc_detect_options;

/* The chips [first, end) of an image; end < 0: all. `step_x`, `step_y` as elc_sight has
   them, so that all parts of an image have the same; 0: to be found. */
typedef struct elc_detect_image {
    const char *path, *name;
    int64_t first, end;
    double step_x, step_y;
} elc_detect_image;

/* How the network sees an image. Grids, chips and detections are in pixels that it
   sees, each of which is step_x by step_y pixels of the image. */
typedef struct elc_sight {
    int64_t width, height; /* of the image, in its own pixels */
    double step_x, step_y;
    elc_window shown; /* of what is seen: less by a crop, the rest being padding; without
                         width: all */
    elc_stretch stretch;
} elc_sight;

/* Sets `shown` to the pixels that lie wholly inside of a crop (without width: of the
   image). The rest of the sight but the stretch must be there. ELC_E_ARGUMENT where the
   crop holds none of the image, which `name` names. */
elc_status elc_sight_crop(elc_sight *sight, elc_window crop, const char *name,
                          elc_error *err);
bool elc_sight_is_cropped(const elc_sight *sight);

/* A box in the image's own pixels, within it; without its shape. */
elc_box elc_sight_box(const elc_sight *sight, const elc_box *seen);
/* A window in the image's own pixels, rounded to whole ones. */
elc_window elc_sight_window(const elc_sight *sight, elc_window seen);

/* Whether a chip of the grid over what is seen needs no look: its core is outside of
   what is shown, whose boxes would be nobody's, or it misses the area, as
   elc_area_misses_box. The locator is that of the image's place; not used without an
   area. */
elc_status elc_sight_outside(const elc_sight *sight, const elc_grid *grid, int64_t chip,
                             const elc_area_way *way, elc_locator *locator, bool *out,
                             elc_error *err);

/* The steps at which an image is seen: by its scene's place, else by the resolution
   that is said of it, else by that of its metadata. ELC_E_ARGUMENT where they are
   asked for (wish.always) and not known; `*known` (may be NULL) tells. */
elc_status elc_detect_steps(const elc_resolution *wish, const elc_image *image,
                            const elc_scene *scene, const char *name, double *step_x,
                            double *step_y, bool *known, elc_error *err);

/* The grid that an image of this size, as the network sees it, is cut into. */
elc_status elc_detect_grid(const elc_model_info *model,
                           const elc_detect_options *options, int64_t width,
                           int64_t height, elc_grid *out, elc_error *err);

/* What came of an image (or its range of chips). */
typedef struct elc_image_report {
    size_t image;               /* index in the list given */
    const elc_image_info *info; /* NULL when it could not be opened */
    const elc_scene *scene;     /* where and when it was taken, as far as is known */
    elc_sight sight;
    elc_grid grid;
    int64_t first, end;           /* its chips */
    int64_t run, skipped, failed; /* of them */
    const bool *was_run; /* for each of them; NULL when it could not be opened */
    const char *error;   /* of the image itself; NULL when well */
} elc_image_report;

typedef enum elc_detect_event_kind {
    ELC_DETECT_OBJECTS, /* `objects` of the image, in order */
    ELC_DETECT_IMAGE,   /* the image is done: all its objects came before */
    ELC_DETECT_END
} elc_detect_event_kind;

/* Valid until the next call. The report's info is there with objects too. */
typedef struct elc_detect_event {
    elc_detect_event_kind kind;
    elc_image_report report;
    const elc_detection *objects;
    size_t n_objects;
} elc_detect_event;

/* Totals of a run, for summaries and warnings; of objects, those that are not open. */
typedef struct elc_detect_totals {
    int64_t images, run, skipped, failed, capped, flat_boxes, too_long;
} elc_detect_totals;

/* Reads, infers and merges on `threads` workers, one more where images come over a
   network; at most `threads` are inside the neural one at once. Objects come image by
   image in the order of the list, whatever the number of threads. Everything is
   borrowed. */
typedef struct elc_detector elc_detector;

elc_status elc_detector_create(elc_model *model, const elc_detect_options *options,
                               const elc_detect_image *images, size_t n,
                               const elc_context *context, elc_detector **out,
                               elc_error *err);
/* The next event, when it is there. After a failure every call gives the same failure.
 */
elc_status elc_detector_next(elc_detector *detector, elc_detect_event *event,
                             elc_error *err);
void elc_detector_totals(const elc_detector *detector, elc_detect_totals *out);
/* Stops what still runs and waits for it. */
void elc_detector_free(elc_detector *detector);

/* ---- trying a network ------------------------------------------------------------ */

/* What it is tried on. Borrowed. */
typedef struct elc_check_wish {
    const char *input; /* an image; for a network that takes none a text of numbers;
                          NULL: what is generated, always the same */
    const elc_names *bands;   /* of the image; NULL or empty: by default */
    elc_stretch_wish stretch; /* zeroed: auto */
    double score; /* lowest that counts; negative: the network's own, else 0.25 */
} elc_check_wish;

/* Runs any network (elc_model_options.any) once, on the middle of an image as detect
   would see it, and appends what went in and came out, its five best answers and what
   looks wrong: for people, lines of text; as JSON, one object. Only what keeps it from
   running is a failure. */
elc_status elc_model_check(elc_model *model, const elc_check_wish *wish, bool json,
                           elc_string *out, elc_error *err);

ELC_END
#endif
