/* look.h - goes over chips on threads: pixels in any direction, features, what is there.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LOOK_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LOOK_H

#include "job.h"

/* What a chip shows in one way. */
typedef struct train_view {
    train_chip *chip;
    elc_window window; /* of the image as it is seen */
    int number;        /* 0: as it is; below 8 a direction, else a warp */
    elc_box_chip features;
    elc_box_known known;
} train_view;

/* Called from any thread, never two at once for one chip; in the order of views. */
typedef elc_status (*train_see)(void *arg, const train_view *view, elc_error *err);

/* What to look at. */
typedef struct train_wish {
    bool learnt, left_out; /* which chips */
    int views;             /* 1: as it is; up to 8 directions; more: warps of them */
    double background;     /* share that is kept of cells far from objects */
    const char *unit;      /* for progress */
} train_wish;

elc_status elc_train_look(train_job *job, const train_wish *wish, train_see see,
                          void *arg, elc_error *err);

/* A view beyond the eight directions: one of them, then stretched about the chip's middle
   by x and y, each value of a channel by its table. */
typedef struct train_warp {
    int turn;
    double x, y;
    uint8_t light[ELC_BANDS_MAX][256];
} train_warp;

/* The same for the same seed. */
void elc_train_warp_choose(uint64_t seed, size_t channels, train_warp *out);
void elc_train_warp_box(const train_warp *warp, double width, double height,
                        double box[4]);
/* What comes from beyond the chip is `pad`. */
void elc_train_warp_pixels(const train_warp *warp, size_t width, size_t height, size_t n,
                           uint8_t pad, const uint8_t *from, uint8_t *to);

/* A box of a chip of width x height pixels, turned. */
void elc_train_turn_box(int turn, double width, double height, double box[4]);
/* Pixels of n bytes; odd quarters need a square. */
void elc_train_turn_pixels(int turn, size_t width, size_t height, size_t n,
                           const uint8_t *from, uint8_t *to);

#endif
