/* labels.h - labelled objects, brought to the pixels of images and cut with the chips.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_LABELS_H
#define ELCANO_SRC_OPERATORS_CHIPS_LABELS_H

#include <elcano/detect.h>
#include <elcano/image.h>
#include <elcano/label.h>

/* Those of one image, in its pixels as they are seen. Start with {0}. */
typedef struct chips_labels {
    elc_labels all;     /* rings are its own, texts the reader's */
    int32_t *class_ids; /* of each, among the classes of all labels; from 0 */
    size_t *numbers;    /* of each, among all labels */
} chips_labels;

/* Chooses the labels of an image; those on the map are brought to its pixels, and all
   to those that are seen. Labels on the map of an image without a place are
   ELC_E_ARGUMENT.
 */
elc_status elc_chips_labels_of(const elc_labels *labels, const char *path,
                               const elc_place *place, const elc_sight *sight,
                               chips_labels *out, elc_error *err);
void elc_chips_labels_clear(chips_labels *labels);

/* What is seen of them in a window: at least the share `min_visible`. */
elc_status elc_chips_labels_cut(const chips_labels *labels, elc_window window,
                                double min_visible, elc_cut_label **out, size_t *n,
                                elc_error *err);

#endif
