/* boxes.h - lists of boxes: from rows, truth files and labels; matched one to one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_BOXES_H
#define ELCANO_TESTS_BOXES_H

#include <elcano/model.h>

/* A plain box, as an initialiser. */
#define PLAIN_BOX(x0, y0, x1, y1, of_score, of_class)                                  \
    {                                                                                  \
        .xmin = (x0), .ymin = (y0), .xmax = (x1), .ymax = (y1), .score = (of_score),   \
        .class_id = (of_class)                                                         \
    }

/* The boxes of detecting_rows' text; those of one image, or of all (NULL). */
elc_box_list boxes_of_rows(const char *rows, const char *image);

/* The boxes of a scene's truth (GeoJSON). */
elc_box_list boxes_of_truth(const char *path);

/* The boxes of a label file, "class cx cy w h" in shares of the frame. */
elc_box_list boxes_of_labels(const char *path, int width, int height);

/* Drops the boxes that come within `margin` px of the frame's edge. */
void boxes_drop_at_edge(elc_box_list *boxes, int width, int height, double margin);

/* Pairs boxes one to one by falling score of `found`, each with the free reference of
   the largest IoU of at least one half. Time is about proportional to the counts. */
typedef struct boxes_match {
    size_t both, lost, extra;
} boxes_match;
boxes_match boxes_compare(const elc_box_list *reference, const elc_box_list *found);

#endif
