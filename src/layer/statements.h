/* statements.h - statements to a PostGIS database, and its numbers of CRSs; inside
 * layer only.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_STATEMENTS_H
#define ELC_LAYER_STATEMENTS_H

#include "sink.h"

/* A failure with the database's reason. */
elc_status elc_pg_fail(const elc_sink *sink, elc_error *err);
/* Appends a text or a name in its quotes; a table's with its schema, which may be NULL.
 */
elc_status elc_pg_quote(elc_string *sql, char quote, const char *text, elc_error *err);
elc_status elc_pg_name(elc_string *sql, const char *name, elc_error *err);
elc_status elc_pg_table(elc_string *sql, const char *schema, const char *name,
                        elc_error *err);
/* Runs a statement; *answer, where not NULL, is the first number of its rows, and stays
   where there is none. The text is emptied. */
elc_status elc_pg_run(elc_sink *sink, elc_string *sql, int64_t *answer, elc_error *err);
elc_status elc_pg_run_text(elc_sink *sink, const char *text, elc_error *err);
/* The database's number of a CRS, which is added where it has none; 0 for NULL. */
elc_status elc_pg_srid(elc_sink *sink, OGRSpatialReferenceH srs, int64_t *srid,
                       elc_error *err);

#endif
