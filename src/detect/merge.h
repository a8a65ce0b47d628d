/* merge.h - what merge.c and settle.c share: views of objects and pairs of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_DETECT_MERGE_H
#define ELCANO_SRC_DETECT_MERGE_H

#include <elcano/detect.h>

enum { CUT_LEFT = 1, CUT_TOP = 2, CUT_RIGHT = 4, CUT_BOTTOM = 8 };

/* A box as one chip saw it. */
typedef struct elc_glimpse {
    elc_box box; /* owned */
    int64_t chip;
    int64_t last_row; /* of chips that may see the object too */
    uint8_t cut;      /* inner borders that it ends at */
    bool shared;      /* another chip may see it */
    bool open;        /* and that chip may be outside of this merger */
    bool fresh;       /* not yet compared with the others */
} elc_glimpse;

/* Two views that may be of one object. */
typedef struct elc_pair {
    size_t a, b; /* indices of views */
    double iou;  /* as the other chip could have seen them */
    bool same_class;
} elc_pair;

typedef struct elc_detection_list {
    elc_detection *items;
    size_t count, capacity;
} elc_detection_list;

/* By chip, then elc_box_compare. */
int elc_glimpse_compare(const elc_glimpse *a, const elc_glimpse *b);

/* Settles the connected sets of views (by pairs) of which no view can be paired any
   more: last_row <= row for all of them. Appends what they are to `out` and sets
   done[i] for their views. Sorts `pairs`. */
elc_status elc_settle(const elc_glimpse *views, size_t n, elc_pair *pairs,
                      size_t n_pairs, int64_t row, bool *done, elc_detection_list *out,
                      elc_error *err);

/* Appends a view that no other chip may see; takes its box, even when it fails. */
elc_status elc_settle_alone(elc_glimpse *view, elc_detection_list *out, elc_error *err);

#endif
