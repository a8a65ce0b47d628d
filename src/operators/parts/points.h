/* points.h - tables whose places are columns of numbers, as tables with a geometry. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_POINTS_H
#define ELCANO_SRC_OPERATORS_PARTS_POINTS_H

#include <elcano/geo.h>
#include <elcano/run.h>

/* Where a table has no geometry, but the columns of elc_part_place_names: points of
   OGC:CRS84 as its first column, "geometry", NULL where a number is; other columns
   stay. Every other table stays as it is. For the schema alone, and for the stream,
   which is replaced. `options` may be NULL: neither --x nor --y. */
elc_status elc_part_points_schema(const elc_options *options,
                                  struct ArrowSchema *schema, elc_error *err);
elc_status elc_part_points(const elc_options *options, struct ArrowArrayStream *table,
                           elc_error *err);
/* elc_part_geometry of such a schema, whose message names both. */
elc_status elc_part_points_geometry(const struct ArrowSchema *schema, const char *what,
                                    int64_t *column, elc_crs **crs, bool *stated,
                                    elc_error *err);

#endif
