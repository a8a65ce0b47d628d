/* zones.h - polygons of a layer as the cells that rows are counted by. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_BIN_ZONES_H
#define ELCANO_SRC_OPERATORS_BIN_ZONES_H

#include <elcano/geometry.h>
#include <elcano/run.h>

#include "operators/parts/held.h"

typedef struct bin_zones {
    struct ArrowSchema schema;
    int64_t geometry;
    elc_transform *way; /* to longitude and latitude; NULL: none is needed */
    struct ArrowArrayStream stream;
    part_held rows; /* once they are read */
    elc_places *places;
    elc_asker *asker;
} bin_zones;

/* Opens the layer; its rows are read when they are wanted. */
elc_status elc_bin_zones_open(const char *reference, const elc_context *context,
                              bin_zones **out, elc_error *err);
elc_status elc_bin_zones_read(bin_zones *zones, const elc_context *context,
                              elc_error *err);
/* The zones, by their rows, of n points of longitude and latitude; -1: of none. */
elc_status elc_bin_zones_cells(bin_zones *zones, const elc_point *lonlat, size_t n,
                               int64_t *out, elc_error *err);
void elc_bin_zones_free(bin_zones *zones);

#endif
