/* parquet_query.h - what is asked of DuckDB to read a Parquet file; inside layer only.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_QUERY_H
#define ELC_LAYER_PARQUET_QUERY_H

#include "geo.h"
#include "parquet_files.h"

#include <elcano/sql.h>

/* Files of one table whose rows are still to be asked for. Start with {0}. */
typedef struct elc_parquet {
    elc_sql *sql;
    elc_string files;  /* ['path', ...] */
    elc_string from;   /* read_parquet(files) */
    elc_names keys;    /* columns that are in the names of folders */
    elc_names columns; /* of the files, and these */
    elc_geo geo;       /* no columns: none */
    size_t *order, n;  /* those of the files that the table has, in its order */
    elc_names names;   /* of these, as the table has them */
    bool *left_out;    /* of these, what nobody wants */
    elc_string where;
} elc_parquet;

/* Opens the files and says their schema: that of the first, which the others must fit.
   `files` is emptied of its keys. To be freed after a failure, too. */
elc_status elc_parquet_look(elc_parquet_files *files, int threads, elc_parquet *out,
                            struct ArrowSchema *schema, elc_error *err);
/* As elc_stream_narrow says. A box is compared with the files' column of boxes, where
   they have one: DuckDB then passes over row groups whose statistics say that all of
   their boxes are elsewhere. */
elc_status elc_parquet_narrow(elc_parquet *file, const elc_wish *wish,
                              struct ArrowSchema *schema, elc_error *err);
/* The rows, with types that are not yet geometries. */
elc_status elc_parquet_rows(elc_parquet *file, struct ArrowArrayStream *out,
                            elc_error *err);
void elc_parquet_free(elc_parquet *file);

/* The path of one file as a text of SQL, appended. */
elc_status elc_parquet_quote(const char *path, elc_string *out, elc_error *err);
/* The values of a query's first column, as texts or bytes. */
elc_status elc_parquet_texts(elc_parquet *file, const char *query, elc_names *out,
                             elc_error *err);
/* Whether a column is of boxes, and no geometry itself, whatever is stated: those are
   all in the table. */
bool elc_parquet_is_covering(const elc_parquet *file, const char *column);

#endif
