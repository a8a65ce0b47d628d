/* located.h - a table whose places are columns of numbers, with a column of points. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_LOCATED_H
#define ELCANO_SRC_SERVE_LOCATED_H

#include <elcano/table.h>

/* Replaces a stream, which is taken, by one that has the points of its columns of
   longitude and latitude (elc_schema_lonlat) as a further column, a geometry; NULL
   where one is none. Columns of text are read, since in a CSV one word makes a column
   text; at its end the stream warns of rows that have no numbers there, and is
   ELC_E_ARGUMENT where no row of text has. As it is where there are no such columns.
   `label` names the table; both are borrowed until its end. After a failure the stream
   is still the caller's. */
elc_status elc_serve_locate(struct ArrowArrayStream *stream, const char *label,
                            const elc_context *context, elc_error *err);

#endif
