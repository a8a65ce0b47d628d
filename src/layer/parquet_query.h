/* parquet_query.h - what is asked of DuckDB to read a Parquet file; inside layer only.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_QUERY_H
#define ELC_LAYER_PARQUET_QUERY_H

#include "geo.h"

#include <elcano/sql.h>

/* A file whose rows are still to be asked for. Start with {0}. */
typedef struct elc_parquet {
    const char *path;
    elc_sql *sql;
    elc_string from;   /* read_parquet('path') */
    elc_names columns; /* of the file */
    elc_geo geo;       /* no columns: none */
    size_t *order, n;  /* those of the file that the table has, in its order */
    elc_names names;   /* of these, as the table has them */
    bool *left_out;    /* of these, what nobody wants */
    elc_string where;
} elc_parquet;

/* Opens the file, whose path is borrowed, and says its schema. To be freed after a
   failure, too. */
elc_status elc_parquet_look(const char *path, int threads, elc_parquet *out,
                            struct ArrowSchema *schema, elc_error *err);
/* As elc_stream_narrow says. A box is compared with the file's column of boxes, where
   it has one: DuckDB then passes over row groups whose statistics say that all of their
   boxes are elsewhere. */
elc_status elc_parquet_narrow(elc_parquet *file, const elc_wish *wish,
                              struct ArrowSchema *schema, elc_error *err);
/* The rows, with types that are not yet geometries. */
elc_status elc_parquet_rows(elc_parquet *file, struct ArrowArrayStream *out,
                            elc_error *err);
void elc_parquet_free(elc_parquet *file);

#endif
