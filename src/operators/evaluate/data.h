/* data.h - what is compared: boxes of both tables, their images, classes and places. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_EVALUATE_DATA_H
#define ELCANO_SRC_OPERATORS_EVALUATE_DATA_H

#include <elcano/image.h>
#include <elcano/label.h>
#include <elcano/run.h>
#include <elcano/score.h>

#include "operators/parts/names.h"

/* What is known of a box besides; NaN where it is not. */
typedef struct eval_place {
    elc_point lonlat; /* of the centre */
    double gsd_m;
} eval_place;

/* What is compared. */
typedef enum eval_shapes {
    EVAL_SHAPES_AUTO, /* outlines where both sides have some that are no boxes */
    EVAL_SHAPES_BOX,
    EVAL_SHAPES_POLYGON
} eval_shapes;

/* Outlines of boxes, one each in their order, as elc_shape has them. Start with {0}.
 */
typedef struct eval_outlines {
    elc_point *points;
    size_t n, capacity;
    size_t *ends; /* where each ends among the points */
    size_t count, ends_capacity;
    bool turned; /* one of them is not its own envelope */
} eval_outlines;

/* Whether a ring is not its own envelope, but for rounding. */
bool elc_eval_is_turned(const elc_point *ring, size_t n);
elc_status elc_eval_outline_add(eval_outlines *outlines, const elc_point *ring,
                                size_t n, elc_error *err);
elc_status elc_eval_outline_add_box(eval_outlines *outlines, const elc_score_box *box,
                                    elc_error *err);
const elc_point *elc_eval_outline(const eval_outlines *outlines, size_t i, size_t *n);
void elc_eval_outlines_free(eval_outlines *outlines);

typedef struct eval_boxes {
    elc_score_box *items;
    eval_place *places;
    eval_outlines outlines; /* where data.outlined says so */
    size_t count, capacity, places_capacity;
} eval_boxes;

elc_status elc_eval_boxes_add(eval_boxes *boxes, const elc_score_box *box,
                              const eval_place *place, elc_error *err);
void elc_eval_boxes_free(eval_boxes *boxes);

/* All of it. Images are in the order of their names. */
typedef struct eval_data {
    part_names images, classes;
    eval_boxes found, truth;
    bool on_map;       /* boxes are in longitude and latitude, in one "image" */
    size_t n_failed;   /* rows of the detections that only say what failed */
    elc_styles styles; /* borrowed */
    bool outlined;     /* outlines are kept */
    bool by_shape;     /* and compared, not boxes */
    bool by_group;     /* classes are the groups of the styles */
    bool xview;        /* boxes of the classes that xView leaves out are passed over */
} eval_data;

/* The class that a text names, by the styles' name or group where they know it. */
elc_status elc_eval_class(eval_data *data, const char *text, uint32_t *out,
                          elc_error *err);

/* Whether xView's scoring leaves a class out: it has the number 75, 82 or 87. */
bool elc_eval_is_left_out(const char *class_name);

/* Reads the table of detections. `on_map` says which coordinates are wanted; outlines
   are kept, and data.outlined set, where it has some and `shapes` is not
   EVAL_SHAPES_BOX. */
elc_status elc_eval_read_found(struct ArrowArrayStream *stream, eval_shapes shapes,
                               const elc_context *context, eval_data *data,
                               elc_error *err);
/* Whether the labels are on the map; refuses a mixture. */
elc_status elc_eval_labels_on_map(const elc_labels *labels, bool *on_map,
                                  elc_error *err);
/* Adds the labels, matched with the images of the detections, which are read; then puts
   images in order. Warns of images that only one of both names. */
elc_status elc_eval_take_truth(const elc_labels *labels, const elc_context *context,
                               eval_data *data, elc_error *err);

/* Says in data.by_shape what is compared, once both are read; `format` of the truth. */
elc_status elc_eval_choose_shapes(eval_shapes wish, const char *format,
                                  const elc_context *context, eval_data *data,
                                  elc_error *err);
/* Overlaps of outlines, all of at least `least`. The caller's. */
elc_status elc_eval_overlaps(const eval_data *data, double least,
                             elc_score_overlap **out, size_t *n, elc_error *err);

/* Where an image lies of the same name, or the first of the same stem; NULL: nowhere.
 */
const char *elc_eval_image_path(const elc_found_list *images, const char *name);

/* Finds the places of true boxes in pixels through the images themselves. */
elc_status elc_eval_place_truth(const elc_found_list *images, eval_data *data,
                                elc_error *err);

/* Sets aside all boxes in pixels that come nearer than `edge` px to an edge of their
   image; those of images that are not there stay. */
elc_status elc_eval_set_aside(const elc_found_list *images, double edge,
                              eval_data *data, elc_error *err);

void elc_eval_data_free(eval_data *data);

#endif
