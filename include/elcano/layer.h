/* layer.h - vector files and databases: tables written to them and read from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_LAYER_H
#define ELCANO_LAYER_H

#include <elcano/geometry.h>
#include <elcano/table.h>

ELC_BEGIN

/* A file being written: GeoPackage, GeoJSON (RFC 7946), GeoJSONSeq, FlatGeobuf,
   Shapefile, KML, GML, CSV or Parquet by extension (.gpkg .geojson .json .geojsonl
   .geojsons .fgb .shp .kml .gml .csv .parquet .geoparquet), "-" for GeoJSONSeq to
   standard output, or a table of PostGIS ("PG:dbname=x:table",
   "postgresql://host/x:table"), a batch at a time. A file grows in a
   hidden folder beside it (.NAME.part-XXXXXX) and is renamed by commit (a shapefile's
   .shp last), so that it appears only whole; the same rows give the same bytes, however
   they are cut into batches. What each format keeps: docs/formats.md. One thread at a
   time. */
typedef struct elc_sink elc_sink;

typedef struct elc_sink_options {
    bool overwrite;
    bool index; /* FlatGeobuf's spatial index, which reorders the rows */
} elc_sink_options;

/* Checks everything that can be checked before work begins: known extension, folder
   there and writable, file not there unless overwrite. `options` may be NULL. */
elc_status elc_sink_create(const char *path, const elc_sink_options *options,
                           elc_sink **out, elc_error *err);
/* True when the format holds several layers (GeoPackage, PostGIS). */
bool elc_sink_takes_layers(const elc_sink *sink);
/* Adds a layer for a table's schema, which is copied; hidden columns are left out.
   `*out` is its number for elc_sink_write. A second layer in a format of one layer, and
   a table without geometry in FlatGeobuf or a shapefile, are ELC_E_UNSUPPORTED. */
elc_status elc_sink_add_layer(elc_sink *sink, const char *name,
                              const struct ArrowSchema *schema, size_t *out,
                              elc_error *err);
/* Appends rows; the batch stays the caller's. Disk full, and a reader of standard
   output that went away, are ELC_E_IO; a row that the format cannot hold is
   ELC_E_UNSUPPORTED with its number. After a failure only elc_sink_free makes sense. */
elc_status elc_sink_write(elc_sink *sink, size_t layer, const struct ArrowArray *batch,
                          elc_error *err);
/* Flushes, closes, counts the rows of what was written, syncs it to disk and renames. A
   file that came into being meanwhile is ELC_E_EXISTS unless overwriting was asked for.
 */
elc_status elc_sink_commit(elc_sink *sink, elc_error *err);
/* Without a commit: nothing is left of it. */
void elc_sink_free(elc_sink *sink);

/* The extensions and what they mean, for help texts: ".gpkg  GeoPackage",
 * NULL-terminated. */
const char *const *elc_sink_formats(void);

/* Opens a layer of anything that OGR reads, or a Parquet file, as a table: "file",
   "file:layer", or a database's "PG:…:table"; .gz and .zip are looked into. Of several
   layers and none named the first is read (of OpenStreetMap's the lines), and `context`,
   which may be NULL, hears of it; of a database's that is refused. It hears of what is
   read otherwise than it is written, too, as late as the stream is read. Further geometries of a
   GeoParquet file are geometry columns in their place. Memory does not grow with the rows
   but for KML, which the driver reads whole. Batches have
   at most 4,096 rows. Geometry is the first column, `geometry`, as WKB with the layer's
   CRS
   ("" for none), x being east: arcs are made lines, surfaces polygons, measures
   dropped. Narrower integers widen, times of a day and lists (as JSON) are utf8, times
   without a zone are UTC. Leading '_' of names are dropped and double names numbered. A
   row that cannot be read ends the stream with ELC_E_FORMAT. */
elc_status elc_layer_open(const char *reference, const elc_context *context,
                          struct ArrowArrayStream *out, elc_error *err);
/* The same, with nobody to hear. */
elc_status elc_layer_read(const char *reference, struct ArrowArrayStream *out,
                          elc_error *err);
/* `reference` without the passwords of a database's connection, for messages; freed by
   the caller. */
elc_status elc_layer_label(const char *reference, char **out, elc_error *err);
/* True for a name that a table may have: one of the endings above or of a database's
   table, ":layer" aside. What is there is not looked at: a GeoPackage may be an image. */
bool elc_layer_is_named(const char *reference);
/* True when `reference` ("file", "file:layer", "DRIVER:file", "DRIVER:file:layer") is
   read from the file that `path` names too, by this name or another, so that writing
   `path` would replace it. False when either is NULL or not there. */
bool elc_layer_is_of_file(const char *reference, const char *path);
/* True when two names are of one file: by device and inode where both are there, else by
   the real path of their folders, so that writing both would leave one. False when either
   is NULL. */
bool elc_layer_same_file(const char *a, const char *b);

ELC_END
#endif
