/* joining.h - runs join and aggregate on tables that are written as text, and gives
   text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_JOINING_H
#define ELCANO_TESTS_JOINING_H

#include <elcano/geo.h>
#include <elcano/run.h>

/* "id:int64 name:utf8", and "1 a|2 -" with '-' for NULL; `batch` rows a batch, 0: all.
   `crs` is that of geometry columns, as elc_schema_create takes it, or
   "EPSG:32633". A geometry's cell
   is its bytes, or WKT with '_' for blanks, which is printed as '#'. */
typedef struct joining_table {
    const char *columns, *rows, *crs;
    size_t batch;
} joining_table;

typedef struct joining {
    joining_table left, right; /* a right one without columns is not given */
    const char *on, *how;      /* NULL: not given */
    const char *op;            /* NULL: join */
    const char *options;       /* "name=value name=value"; NULL: no others */
    int threads;               /* 0: 1 */
    bool wkt; /* geometries are printed as WKT of 6 decimals, with '_' for blanks */
    elc_string *warnings; /* NULL: they are not looked at */
    elc_progress *told;   /* what was reported last; NULL: the same */
    const volatile int *cancel;
} joining;

/* The caller frees them. */
elc_options *joining_options(const elc_operator *op, const joining *j);

struct ArrowArrayStream joining_stream(const joining_table *table);

/* Appends "name:type ..." and a line for each row. */
void joining_print(struct ArrowArrayStream *stream, elc_string *out);

/* Runs join as a face does: appends "name:type ..." and a line for each row. */
elc_status joining_rows(const joining *j, elc_string *out, elc_error *err);

/* What it gives is `expected`, on one thread and on three, whatever the batches. */
void joining_gives(joining j, const char *expected);
/* What it says when it refuses, with the status. */
void joining_refuses(joining j, elc_status status, const char *message);

#endif
