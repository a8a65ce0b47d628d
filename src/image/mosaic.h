/* mosaic.h - the images of a mosaic, and the handles that threads lend each other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_MOSAIC_H
#define ELCANO_SRC_IMAGE_MOSAIC_H

#include <pthread.h>

#include "image/image.h"

enum { MOSAIC_HANDLES = 48, MOSAIC_BANDS = 3 };

typedef struct mosaic_image {
    char *path, *name;
    elc_place place;
    elc_affine inverse; /* of all places but RPC's */
    int64_t width, height;
    double box[4];        /* on the web map, metres: xmin, ymin, xmax, ymax */
    double pixel_m;       /* a pixel's side there */
    pthread_mutex_t lock; /* of the stretch, which the first who draws decides */
    bool stretched;
    elc_stretch stretch;
    int bands[MOSAIC_BANDS];
} mosaic_image;

/* An image that one thread has open. */
typedef struct mosaic_handle {
    mosaic_image *of;
    elc_image *image;
    elc_transform *way; /* from longitude and latitude to its CRS */
    uint64_t used;      /* when, in calls */
} mosaic_handle;

struct elc_mosaic {
    mosaic_image **images;
    size_t count, capacity;
    double box[4];
    double finest_m;
    pthread_mutex_t lock; /* of the handles */
    mosaic_handle handles[MOSAIC_HANDLES];
    uint64_t calls;
};

/* Opens an image, or takes a handle that nobody uses. Give it back. */
elc_status elc_mosaic_lend(elc_mosaic *mosaic, mosaic_image *image, mosaic_handle *out,
                           elc_error *err);
void elc_mosaic_return(elc_mosaic *mosaic, mosaic_handle *handle);

/* Pixels of n points of the web map, in place; NaN where there is none. */
void elc_mosaic_pixels(const mosaic_handle *handle, elc_point *points, size_t n);

/* Draws one image over what is there. */
elc_status elc_mosaic_draw_image(mosaic_handle *handle, const double box[4], int width,
                                 int height, uint8_t *rgba, elc_error *err);

#endif
