/* sink.h - a file being written, and the ways to write one; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_SINK_H
#define ELC_LAYER_SINK_H

#include "record.h"
#include "text.h"

#include <elcano/layer.h>

typedef struct elc_sink_layer {
    elc_ogr_row record;
    char *name;
    OGRLayerH layer; /* of the sink's dataset */
    OGRFeatureH feature;
    char *part;     /* postgis.c: the table's name while it is filled */
    int64_t srid;   /* postgis.c */
    int shape_kind; /* store.c: of a shapefile's shapes, plus one; 0: none yet */
} elc_sink_layer;

/* How one family of formats is written. All run inside a scope of ogr.h. */
typedef struct elc_writer {
    elc_status (*begin)(elc_sink *sink, elc_sink_layer *layer, elc_error *err);
    elc_status (*row)(elc_sink *sink, elc_sink_layer *layer, const elc_rows *rows,
                      size_t row, elc_error *err);
    elc_status (*end_batch)(elc_sink *sink, elc_error *err); /* may be NULL */
    elc_status (*finish)(elc_sink *sink, elc_error *err);    /* whole and closed */
    void (*undo)(elc_sink *sink);    /* before it is closed without a commit; or NULL */
    void (*release)(elc_sink *sink); /* after the dataset was closed; may be NULL */
} elc_writer;

extern const elc_writer elc_writer_ogr;     /* GeoPackage, FlatGeobuf, Shapefile */
extern const elc_writer elc_writer_geojson; /* GeoJSON, GeoJSONSeq */
extern const elc_writer elc_writer_csv;
extern const elc_writer elc_writer_postgis;
extern const elc_writer elc_writer_parquet;

typedef struct elc_parquet elc_parquet;

struct elc_sink {
    const elc_format *format;
    const elc_writer *writer;
    elc_sink_options options;
    elc_output *output;   /* NULL: standard output, or a database */
    char *place;          /* of a database, for messages; NULL */
    char *schema, *table; /* postgis.c: what was asked for, or NULL */
    elc_text text;        /* of formats that are text */
    GDALDatasetH dataset; /* OGR's, closed by finish or free */
    elc_sink_layer **layers;
    size_t n_layers, layers_capacity;
    elc_parquet *parquet; /* parquet_write.c: the file under way */
    uint64_t pending;     /* rows since the last transaction began */
    uint64_t size;        /* store.c: of the file when it was last looked at */
    size_t drained;       /* geojson.c: bytes of the memory file that text has */
    bool first;           /* geojson.c: no feature was written */
    bool failed;          /* a call failed: there is nothing to commit */
    elc_ogr_scope scope;
};

/* The file's name for messages. */
const char *elc_sink_name(const elc_sink *sink);
/* A name for the numbers of rows that no column has. */
const char *elc_sink_fid_name(const elc_ogr_row *record);
/* Frees the layer's feature, before the dataset whose layer defines it is closed. */
void elc_sink_drop_feature(elc_sink_layer *layer);

#endif
