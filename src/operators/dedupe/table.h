/* table.h - the table that dedupe looks at: its rows, kept in memory, and what of them
   is compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_TABLE_H
#define ELCANO_SRC_OPERATORS_DEDUPE_TABLE_H

#include <elcano/run.h>

#include "edges.h"

/* What is known of the columns; -1: not there. */
enum {
    DEDUPE_IMAGE,
    DEDUPE_CLASS,
    DEDUPE_SCORE,
    DEDUPE_LON,
    DEDUPE_LAT,
    DEDUPE_WIDTH,
    DEDUPE_LENGTH,
    DEDUPE_GSD,
    DEDUPE_TIME,
    DEDUPE_ERROR_M,
    DEDUPE_ID,
    DEDUPE_GEOMETRY,
    DEDUPE_FAILED,
    DEDUPE_SEEN,
    DEDUPE_TABLE,
    DEDUPE_N_COLUMNS
};

typedef struct dedupe_batch {
    struct ArrowArray array;
    elc_rows *rows;
    size_t first; /* number of its first row */
} dedupe_batch;

/* A row that has a place. */
typedef struct dedupe_row {
    elc_point lonlat;
    ground_point at;
    double error_m;  /* one sigma; 0 where none is stated */
    double short_m;  /* shorter side; 0 where there is none */
    double radius_m; /* how far its corners are from its centre; the same */
    double gsd_m;    /* 0: not stated */
    double score;    /* -INFINITY: none */
    int64_t time;    /* microseconds; INT64_MIN: not stated */
    uint64_t cell;   /* of a grid that fills space: what is near stands near */
    uint32_t image, class_id;
    uint32_t number; /* in the table */
} dedupe_row;

typedef struct dedupe_table {
    struct ArrowSchema schema;
    int64_t columns[DEDUPE_N_COLUMNS];
    elc_type types[DEDUPE_N_COLUMNS];
    bool any_time;            /* times are not looked at, */
    bool any_class;           /* nor classes */
    elc_transform *to_lonlat; /* NULL: the geometry is in it already */
    bool has_geometry;        /* and the CRS that says where */
    dedupe_batch *batches;
    size_t n_batches, batches_capacity, n_rows;
    dedupe_row *rows;
    size_t n_placed, placed_capacity;
    int32_t *seen; /* of each row of the table: images that saw it; 0: it goes;
                      -1: it was not compared */
    part_names images, classes;
    dedupe_edges edges; /* of the images, by their number */
    size_t n_images;    /* rows of a side table, which are no detections */
    size_t n_lost;      /* rows without a place or an image */
    size_t n_timeless;  /* of those compared: without time, */
    size_t n_sizeless;  /* and with neither size nor position error */
    elc_string text;    /* scratch */
    elc_point *ring;    /* the same */
    size_t n_ring, ring_capacity;
} dedupe_table;

/* Reads a whole table. Rows come sorted, in an order that the table's does not matter
   for; images are numbered in the order of their names. */
elc_status elc_dedupe_table_read(struct ArrowArrayStream *stream,
                                 const elc_context *context, dedupe_table *out,
                                 elc_error *err);
void elc_dedupe_table_free(dedupe_table *table);

/* Finds the columns, to refuse early what cannot be compared. */
elc_status elc_dedupe_table_shape(const struct ArrowSchema *schema, dedupe_table *out,
                                  elc_error *err);

/* The points of a row's geometry in longitude and latitude, into `ring`; none where it
   has none, or one that is nowhere. */
elc_status elc_dedupe_ring(dedupe_table *table, size_t number, elc_error *err);

#endif
