/* answer.h - a query that is ready to run; inside sql only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SQL_ANSWER_H
#define ELC_SQL_ANSWER_H

#include "session.h"

/* A query's columns as a table has them. */
typedef struct elc_sql_shape {
    elc_names names;     /* unique, none hidden */
    elc_names casts;     /* what has to be done to each: see elc_sql_shape_read */
    elc_column *columns; /* borrow the names */
    size_t *types;       /* of geometries: which of wkb, wkb_2, … */
    bool direct;         /* no column needs a cast */
} elc_sql_shape;

/* Start with {0}. A cast is "%s" or SQL with %s for the column's name. */
elc_status elc_sql_shape_read(elc_sql *sql, duckdb_prepared_statement statement,
                              elc_sql_shape *shape, elc_error *err);
void elc_sql_shape_free(elc_sql_shape *shape);

/* The schema; geometries have the CRS of their type, or `crs`. */
elc_status elc_sql_shape_schema(const elc_sql *sql, const elc_sql_shape *shape,
                                const char *crs, struct ArrowSchema *out,
                                elc_error *err);

#endif
