/* open.h - a layer of anything that OGR opens; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_OPEN_H
#define ELC_LAYER_OPEN_H

#include "ogr.h"

/* A CSV's column of one of these names, the first there is, is its geometry. */
#define ELC_OPENED_SHAPES "geometry", "geom", "the_geom", "wkt"

typedef struct elc_opened {
    const elc_context *context; /* to be set before: who hears of choices; or NULL */
    char *name; /* of the file or database, for messages: without passwords */
    GDALDatasetH dataset;
    OGRLayerH layer;
    bool is_query;  /* the layer is a result, which has to be released */
    bool is_osm;    /* its column "all_tags" is hstore's text */
    bool is_csv;    /* geometry stands in a column, too, and may be no geometry */
    bool has_words; /* a CSV's: values of other types have theirs in the next field */
    bool *mixed;    /* of each field, that its words are what it is; NULL: of none */
    OGRFieldType *times; /* a GeoJSON's: of each field, which is text, that it is one of
                            dates or times; NULL: they are what they seem */
    uint64_t *empty;     /* a GeoJSON's: the rows, from 1 and rising, that are polygons
                            without rings, of which OGR makes NULL */
    size_t n_empty;
    bool is_lonlat; /* on WGS 84, which OGR does not say */
    bool no_crs;    /* what OGR says of one is a guess */
    bool is_old;    /* a format that states no encoding, or seldom */
    int64_t rows; /* that the file says it has, where it would not be seen that some are
                     lost; else 0 */
    char memory[64]; /* a folder of /vsimem with what drivers read of us; "" for none */
} elc_opened;

/* Inside a scope of ogr.h. What was opened is closed by elc_opened_close, after a
   failure too. */
elc_status elc_opened_open(const char *reference, elc_ogr_scope *scope, elc_opened *out,
                           elc_error *err);
void elc_opened_close(elc_opened *opened);

#endif
