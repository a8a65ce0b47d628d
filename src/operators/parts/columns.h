/* columns.h - the columns of a table that pass through an operator, and those that it
   adds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_COLUMNS_H
#define ELCANO_SRC_OPERATORS_PARTS_COLUMNS_H

#include <elcano/geo.h>
#include <elcano/table.h>

/* Start with {0}. Names and tables' columns are borrowed from their schemas, which must
   outlive it. */
typedef struct part_columns {
    elc_column *items;
    const struct ArrowSchema **like; /* the table's own; NULL: one that was added */
    size_t count, capacity, like_capacity;
    elc_names renamed; /* owns the names that are not a table's own */
} part_columns;

/* Adds a column, as `like` where it is not NULL; `suffix` is added to a name that is
   there already, for "ID" and "id" are one name to databases. */
elc_status elc_part_columns_add(part_columns *columns, elc_column column,
                                const struct ArrowSchema *like, const char *suffix,
                                elc_error *err);
/* Adds those of a table, hidden ones and `but` (-1: none) aside. */
elc_status elc_part_columns_pass(part_columns *columns,
                                 const struct ArrowSchema *schema, int64_t but,
                                 const char *suffix, elc_error *err);
/* Those that are no geometries. */
elc_status elc_part_columns_placeless(part_columns *columns,
                                      const struct ArrowSchema *schema,
                                      const char *suffix, elc_error *err);
/* The schema; the caller releases it. */
elc_status elc_part_columns_schema(const part_columns *columns, struct ArrowSchema *out,
                                   elc_error *err);
/* The stream of such a table; the producer stays the caller's where this fails. */
elc_status elc_part_columns_stream(const part_columns *columns, elc_producer producer,
                                   struct ArrowArrayStream *out, elc_error *err);
/* *from = for each column its place in `schema`, -1 where it is of no column of it. */
elc_status elc_part_columns_from(const part_columns *columns,
                                 const struct ArrowSchema *schema, int64_t **from,
                                 elc_error *err);
void elc_part_columns_free(part_columns *columns);

/* The first geometry column of a table, ELC_E_NOT_FOUND without one, and its CRS: NULL
   with *stated for OGC:CRS84, NULL without it where there is none. `what` names the
   table. */
elc_status elc_part_geometry(const struct ArrowSchema *schema, const char *what,
                             int64_t *column, elc_crs **crs, bool *stated,
                             elc_error *err);

#endif
