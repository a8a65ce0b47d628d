/* sql.h - SQL over tables, by DuckDB, which is loaded when a session is opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SQL_H
#define ELCANO_SQL_H

#include <elcano/table.h>

ELC_BEGIN

/* A database of its own in memory, with what memory cannot hold in a temporary folder.
   DuckDB is looked for in $ELCANO_DUCKDB (then nowhere else), beside this library, where
   Elcano was built, and on the system's path; ELC_E_NOT_FOUND says how to get it. One
   thread at a time; ends early once context->cancel is set. Extensions are never loaded or
   fetched. */
typedef struct elc_sql elc_sql;

typedef struct elc_sql_options {
    const elc_context *context; /* borrowed for the session's life; may be NULL */
    int threads;                /* of DuckDB; 0: those of the context */
    bool files;                 /* statements may read and write files by their names */
} elc_sql_options;

/* `options` may be NULL: no context, no files. */
elc_status elc_sql_open(const elc_sql_options *options, elc_sql **out, elc_error *err);
/* Lets go of it; streams that come from it keep it alive until they are released. */
void elc_sql_free(elc_sql *sql);

/* Makes a table of all rows of a stream, which is moved from and released. Geometry
   columns have the type wkb, or wkb_2, wkb_3, … where their CRS is not that of the first
   one; times are TIMESTAMP in UTC. A name that is taken (in either case) is
   ELC_E_ARGUMENT. */
elc_status elc_sql_add_table(elc_sql *sql, const char *name,
                             struct ArrowArrayStream *rows, elc_error *err);
/* The same rows as a table function, name(), that one statement may read once, as it
   goes. `instants`: times are TIMESTAMP WITH TIME ZONE. Geometries are BLOB. */
elc_status elc_sql_add_stream(elc_sql *sql, const char *name,
                              struct ArrowArrayStream *rows, bool instants,
                              elc_error *err);
/* Registers the functions of <elcano/function.h> as a query needs them, after all tables:
   they take geometries of one CRS. */
elc_status elc_sql_add_functions(elc_sql *sql, const char *query, elc_error *err);

/* Appends the tables that a query names, as it names them, once each; none where the
   query cannot be understood, if only for a function that is not known yet. */
elc_status elc_sql_tables_of(elc_sql *sql, const char *query, elc_names *out,
                             elc_error *err);

/* Runs statements that give no rows. */
elc_status elc_sql_run(elc_sql *sql, const char *statements, elc_error *err);

/* Runs one query and gives its rows as they come, with the types that tables keep to: narrow integers are int32,
   unsigned and huge ones int64 (a value beyond it ends the stream), decimals float64,
   times with or without a zone UTC, lists and structs JSON as utf8, all else utf8.
   Infinite dates are NULL. A wkb column is a geometry in the CRS of its table; `crs` is
   that of what st_transform gives, and of type wkb where no table has a geometry (NULL:
   CRS84, "": none).
   Leading '_' of names are dropped and double names numbered. Rows have the query's
   order, else the tables'; but DuckDB groups in any order and adds in any order when it
   has several threads. */
elc_status elc_sql_query(elc_sql *sql, const char *query, const char *crs,
                         struct ArrowArrayStream *out, elc_error *err);

/* Warns through the context of a query that compares all rows of one table with all of
   another by a function of a geometry. */
elc_status elc_sql_warn_of_pairs(elc_sql *sql, const char *query, elc_error *err);

/* Appends "name" with its quotes, as SQL wants it; the same for 'text'. */
elc_status elc_sql_quote_name(elc_string *out, const char *name, elc_error *err);
elc_status elc_sql_quote_text(elc_string *out, const char *text, elc_error *err);

ELC_END
#endif
