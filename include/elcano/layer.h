/* layer.h - vector files and databases: tables written to them and read from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_LAYER_H
#define ELCANO_LAYER_H

#include <elcano/geometry.h>
#include <elcano/table.h>

ELC_BEGIN

/* A file being written: GeoPackage, GeoJSON (RFC 7946), GeoJSONSeq, FlatGeobuf, Shapefile
   or CSV by extension (.gpkg .geojson .json .geojsonl .geojsons .fgb .shp .csv), "-" for
   GeoJSONSeq to standard output. It is written under a hidden temporary name beside its
   own and renamed by commit (a shapefile's .shp last), so that it appears only whole; the
   same rows give the same bytes. */
typedef struct elc_sink elc_sink;

typedef struct elc_sink_options {
    bool overwrite;
    bool index; /* FlatGeobuf's spatial index, which reorders the rows */
} elc_sink_options;

/* Checks everything that can be checked before work begins: known extension, folder there
   and writable, file not there unless overwrite. `options` may be NULL. */
elc_status elc_sink_create(const char *path, const elc_sink_options *options,
                           elc_sink **out, elc_error *err);
/* True when the format holds several layers (GeoPackage). */
bool elc_sink_takes_layers(const elc_sink *sink);
/* Adds a layer for a table's schema; hidden columns are left out. A second layer in a
   format of one layer is ELC_E_UNSUPPORTED. */
elc_status elc_sink_add_layer(elc_sink *sink, const char *name,
                              const struct ArrowSchema *schema, size_t *out,
                              elc_error *err);
/* Appends rows; the batch stays the caller's. Disk full and the like are ELC_E_IO. */
elc_status elc_sink_write(elc_sink *sink, size_t layer, const struct ArrowArray *batch,
                          elc_error *err);
/* Flushes, closes, checks and renames. */
elc_status elc_sink_commit(elc_sink *sink, elc_error *err);
/* Without a commit: nothing is left of it. */
void elc_sink_free(elc_sink *sink);

/* The extensions and what they mean, for help texts: ".gpkg  GeoPackage", NULL-terminated. */
const char *const *elc_sink_formats(void);

/* Opens a layer of anything that OGR reads as a table: "file" (its only or first layer)
   or "file:layer". Columns by design: narrower integers widen, times and decimals as utf8,
   lists as JSON text, geometry as WKB column `geometry` with its CRS. Several layers and
   none named is refused with their names. */
elc_status elc_layer_read(const char *reference, struct ArrowArrayStream *out,
                          elc_error *err);

ELC_END
#endif
