/* look.h - goes over chips on threads: pixels in any direction, features, what is there.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LOOK_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LOOK_H

#include "job.h"

/* What a chip shows in one of the eight directions. */
typedef struct train_view {
    train_chip *chip;
    elc_window window; /* of the image as it is seen */
    int turn;          /* 0: as it is */
    elc_box_chip features;
    elc_box_known known;
} train_view;

/* Called from any thread, never two at once for one chip; in the order of turns. */
typedef elc_status (*train_see)(void *arg, const train_view *view, elc_error *err);

/* What to look at. */
typedef struct train_wish {
    bool learnt, left_out; /* which chips */
    int turns;             /* 1 to 8 directions */
    double background;     /* share that is kept of cells far from objects */
    const char *unit;      /* for progress */
} train_wish;

elc_status elc_train_look(train_job *job, const train_wish *wish, train_see see,
                          void *arg, elc_error *err);

/* A box of a chip of width x height pixels, turned. */
void elc_train_turn_box(int turn, double width, double height, double box[4]);
/* Pixels of n bytes; odd quarters need a square. */
void elc_train_turn_pixels(int turn, size_t width, size_t height, size_t n,
                           const uint8_t *from, uint8_t *to);

#endif
