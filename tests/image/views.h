/* views.h - images whose every value is known, and views of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_IMAGE_VIEWS_H
#define ELCANO_TESTS_IMAGE_VIEWS_H

#include "pictures.h"

#define PATH "/vsimem/view.tif"

enum { WIDTH = 113, HEIGHT = 87, N_STEPS = 7 };

typedef struct made {
    GDALDataType type;
    int bands;
    double scale; /* of made_at; 0: 1 */
    double whole; /* made_at is divided by it and rounded down; 0: it is not */
    bool has_nodata;
    double nodata;
    double hole; /* what the hole (20..59, 30..44) holds, where has_hole */
    bool has_hole;
    const char *options[8];
} made;

extern const double STEPS[N_STEPS][2]; /* along and down, finer and coarser */
extern const int BANDS[8];             /* 1 to 8 */

/* From 0 to 2047, as if at random. */
double made_at(int64_t x, int64_t y, int band);
bool made_hole(const made *m, int64_t x, int64_t y);
/* What a pixel holds. */
double made_value(const made *m, int64_t x, int64_t y, int band);
/* Without its values. */
GDALDatasetH made_create(const made *m, const char *path);
/* At PATH. */
void made_write(const made *m);
/* Of the first n bands; fails the test when it cannot be made. */
elc_view *view_open(elc_image *image, int n, const char *stretch, double step_x,
                    double step_y);
/* What is outside is 77; freed by the caller. */
uint8_t *view_bytes(elc_view *view, elc_window w, int n, bool *valid);
elc_window view_whole(const elc_view *view);

#endif
