/* cataloguing.h - runs catalog as a face does, and gives chosen columns as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_CATALOGUING_H
#define ELCANO_TESTS_CATALOGUING_H

#include <elcano/run.h>

/* Fails the test unless catalog does as it is told. The words are paths and options
   ("--sample=0.1"), the columns those that are wanted; blanks between. A row is a line,
   "a.tif 3 -" with '-' for NULL; geometries are WKT, and reals have twelve digits. The
   text is good until the next call. */
const char *cataloguing(const char *columns, const char *words);

/* The same with many words, threads, and about so many files a part. */
typedef struct cataloguing_wish {
    const char *const *paths;   /* NULL-terminated */
    const char *const *options; /* "name=value", NULL-terminated; may be NULL */
    const char *columns;        /* NULL: all */
    int threads;
    uint64_t part_units;
} cataloguing_wish;

elc_status cataloguing_rows(const cataloguing_wish *wish, elc_string *out,
                            elc_error *err);
/* The message of a run that fails. */
const char *cataloguing_failure(const char *words);

/* Writes a GeoTIFF of `width` x `height` px whose first corner is at (x, y) of a CRS, a
   pixel being `step` of its units; without a place when `crs` is NULL. */
typedef struct cataloguing_picture {
    const char *path, *crs;
    double x, y, step;
    int width, height;
} cataloguing_picture;
void cataloguing_make(const cataloguing_picture *picture);

/* Enters a new folder of the test's own, with "a.tif" (3 x 2 px, no place) in it. */
void cataloguing_enter(const char *name);
void cataloguing_put(const char *path, const char *text);
/* "mkdir -p" and "cp a.tif PATH" for each path, blanks between. */
void cataloguing_copy(const char *paths);

#endif
