/* deduping.h - runs dedupe on sightings that are written as structs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_DEDUPING_H
#define ELCANO_TESTS_DEDUPING_H

#include <elcano/geo.h>
#include <elcano/run.h>

/* What an image shows: a box on the ground, metres to the east and north of a base. */
typedef struct sighting {
    const char *id, *image; /* image NULL: NULL */
    double x, y;            /* its centre; NaN: no place, and no geometry */
    const char *class_name; /* NULL: car */
    double wide, high;      /* 0: 1.8 and 4.5 */
    double score;           /* 0: 0.5 */
    double error_m;         /* 0: not stated */
    int64_t seconds;        /* 0: not stated */
    const char *error;
} sighting;

typedef struct deduping {
    const sighting *rows;
    size_t n;
    elc_point base;                          /* 0, 0: 11 degrees east, 48 north */
    const char *tolerance, *within, *images; /* NULL: not given */
    bool across_classes, points, no_size;    /* without geometry; without sizes */
    size_t batch;                            /* rows a batch; 0: all */
    elc_string *warnings;                    /* NULL: they are not looked at */
} deduping;

/* The place of a point in metres. */
elc_point deduping_place(const deduping *d, double x, double y);

/* Appends "id:n_images " for each row that stays, '-' for NULL. */
elc_status deduping_rows(const deduping *d, elc_string *out, elc_error *err);

/* What stays is `expected`: whatever the batches, and in whatever order the rows come
   (sorted by id then, so that `expected` has to be). */
void deduping_gives(deduping d, const char *expected);
void deduping_refuses(deduping d, elc_status status, const char *message);

/* Writes outlines of images to a file of the test's folder: "name x0 y0 x1 y1", metres
   again; its path. */
const char *deduping_outlines(const deduping *d, const char *const *images, size_t n);

#endif
