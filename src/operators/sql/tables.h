/* tables.h - the tables of a query, by their names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_SQL_TABLES_H
#define ELCANO_SRC_OPERATORS_SQL_TABLES_H

#include <elcano/run.h>
#include <elcano/sql.h>

/* The name of a table that is read from `reference`: what is given (NAME=FILE), its
   layer's, or its file's without folder and ending. `*file` is what is to be read. */
elc_status elc_sql_table_name(const char *reference, elc_string *name,
                              const char **file, elc_error *err);

/* Reads those tables that the query names; `input` is moved from. */
elc_status elc_sql_tables_add(const elc_call *call, elc_sql *sql, const char *query,
                              struct ArrowArrayStream *input, elc_error *err);

/* The option --crs, as elc_sql_query takes it; freed by the caller. */
elc_status elc_sql_tables_crs(const elc_options *options, char **out, elc_error *err);

/* Adds which tables there are to a failure that is about one that is not. */
elc_status elc_sql_tables_explain(const elc_call *call, elc_status status,
                                  const elc_error *why, elc_error *err);

#endif
