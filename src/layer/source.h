/* source.h - an OGR layer's features as rows of a table; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_SOURCE_H
#define ELC_LAYER_SOURCE_H

#include "calendar.h"
#include "open.h"

#include <elcano/table.h>

typedef enum elc_source_kind {
    ELC_SOURCE_GEOMETRY,
    ELC_SOURCE_FID,  /* of a layer that has a name of its own for it */
    ELC_SOURCE_TAGS, /* a field of hstore's text */
    ELC_SOURCE_FIELD
} elc_source_kind;

typedef struct elc_source_field {
    elc_source_kind kind;
    int index;       /* of the layer's field */
    OGRFieldType is; /* there, or what its texts are */
} elc_source_field;

/* The columns of a layer: `columns` and `fields` are as long as `names`. */
typedef struct elc_source {
    elc_names names; /* owns the columns' names */
    elc_column *columns;
    elc_source_field *fields;
    const elc_opened *opened; /* whose rows they are */
    bool told_date;           /* that one does not exist */
    bool is_old;              /* text that is not UTF-8 is Windows-1252 */
    int shape_text;           /* the field that says the geometry in words; -1: none */
    bool swap;                /* the driver gives latitude or northing first */
    uint64_t rows;            /* that were given, this one too */
    size_t n_empty;           /* of the polygons without rings, those that were */
    elc_string scratch;
} elc_source;

elc_status elc_source_create(const elc_opened *opened, elc_source *source,
                             elc_error *err);
/* Appends the feature's values to the batch as one row. A date that does not exist is
   NULL, and the first is told to the context. `opened` must be there still. */
elc_status elc_source_row(elc_source *source, OGRFeatureH feature, elc_batch *batch,
                          elc_error *err);
void elc_source_free(elc_source *source);

/* The layer's CRS as a table's; "" where it states none, so that it is not taken for
   longitude and latitude. The caller frees it. */
elc_status elc_source_crs(const elc_opened *opened, const elc_ogr_scope *scope,
                          char **out, elc_error *err);
/* A time as OGR has it, its seconds and zone apart, as microseconds, or a date as days.
   A time that states no zone is taken as UTC. */
int64_t elc_source_time(const elc_time *t, float second, int zone, bool is_date);

#endif
