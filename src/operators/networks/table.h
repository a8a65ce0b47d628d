/* table.h - chips that are rows of a table, seen by a network. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NETWORKS_TABLE_H
#define ELCANO_SRC_OPERATORS_NETWORKS_TABLE_H

#include "job.h"

#include "operators/parts/columns.h"

/* Where a table has what a chip is; -1: it has no such column. */
typedef struct table_places {
    int64_t data, height, width, channels, mode; /* Spark's image struct */
    int64_t path;                                /* the chip's file */
    int64_t image, x, y, width_px, height_px;    /* a window of an image */
    int64_t index, stretch, error;
} table_places;

/* Its columns, and those of the rows that are made of it: all of its own but for the
   pixels, and then the network's. */
struct network_table {
    struct ArrowSchema schema;
    part_columns columns;
    int64_t *from; /* of each column its place in the table; -1: set by hand */
    table_places at;
    size_t error;       /* of the columns that are made */
    int64_t stretch;    /* -1: it has none */
    const char *folder; /* that files and images are below; NULL: none */
};

/* The table that is given in place of images, with the reading's columns. Says in
   `job` that it is one, and where the network's own columns begin. ELC_E_ARGUMENT for a
   table without chips, and options that are of images. */
elc_status elc_network_table_create(const elc_call *call, network_job *job,
                                    elc_error *err);
void elc_network_table_free(network_table *table);

/* The operator's narrow: batches of few rows, so that threads share them. */
elc_status elc_network_table_narrow(const elc_call *call, struct ArrowArrayStream *in,
                                    struct ArrowArrayStream *table, elc_error *err);
/* The rows of a slice of it, which is moved from. */
elc_status elc_network_table_look(const elc_call *call, struct ArrowArrayStream *slice,
                                  struct ArrowArrayStream *out, elc_error *err);

#endif
