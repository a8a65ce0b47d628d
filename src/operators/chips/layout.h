/* layout.h - labels of chips as the files that training tools read. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_LAYOUT_H
#define ELCANO_SRC_OPERATORS_CHIPS_LAYOUT_H

#include "labels.h"

/* A chip with what is seen in it. */
typedef struct chips_labelled {
    const char *file; /* its name, without folder */
    int64_t width, height;
    int bands;
    const chips_labels *labels;
    const elc_cut_label *cut;
    size_t n;
} chips_labelled;

/* Appends a Pascal VOC file. */
elc_status elc_chips_voc(const chips_labelled *chip, elc_string *out, elc_error *err);
/* Appends a YOLO label file: a line an object, in shares of the chip. */
elc_status elc_chips_yolo(const chips_labelled *chip, elc_string *out, elc_error *err);
/* Appends the chip as JSON, for elc_chips_layout_end. `classes` are in it when they are
   given. */
elc_status elc_chips_coco(const chips_labelled *chip, const elc_names *classes,
                          elc_string *out, elc_error *err);

#endif
