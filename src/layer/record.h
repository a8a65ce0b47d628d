/* record.h - rows of a table as OGR features; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_RECORD_H
#define ELC_LAYER_RECORD_H

#include "format.h"
#include "ogr.h"

#include <elcano/table.h>

typedef struct elc_field {
    size_t column; /* of the schema */
    int index;     /* of the feature */
    elc_type type;
    const char *name; /* borrowed of the schema */
} elc_field;

enum { ELC_DIMS_XY = 1, ELC_DIMS_XYZ = 2 };

/* A layer's columns, and the geometry's way into the file. Hidden columns are left out;
   the first geometry column is the feature's, others are written as WKT. */
typedef struct elc_ogr_row {
    struct ArrowSchema schema;
    elc_field *fields;
    size_t n_fields;
    int64_t geometry; /* its column; -1: none */
    const char *geometry_name;
    OGRSpatialReferenceH srs;        /* of the file; NULL: none is stated */
    OGRCoordinateTransformationH to; /* to CRS84; both NULL: coordinates stay */
    OGRGeomTransformerH transformer;
    const elc_format *format;
    uint64_t rows; /* so far, for messages */
    OGRwkbGeometryType
        shapes; /* of all rows so far: one type, wkbUnknown for several */
    bool any_shape;
    unsigned dims; /* ELC_DIMS_… of all shapes so far */
    elc_string scratch;
} elc_ogr_row;

/* `schema` is cloned. */
elc_status elc_ogr_row_create(elc_ogr_row *record, const elc_format *format,
                              const struct ArrowSchema *schema, elc_error *err);
/* Makes the layer's fields, and the feature that all rows are set in. */
elc_status elc_ogr_row_define(elc_ogr_row *record, OGRLayerH layer,
                              OGRFeatureH *feature, elc_ogr_scope *scope,
                              elc_error *err);
/* Sets every field of the feature, its geometry, and no FID. */
elc_status elc_ogr_row_set(elc_ogr_row *record, const elc_rows *rows, size_t row,
                           OGRFeatureH feature, elc_error *err);
/* The geometry of a row in the file's CRS; NULL for NULL. Freed by the caller. */
elc_status elc_ogr_row_geometry(elc_ogr_row *record, const elc_rows *rows,
                                size_t column, size_t row, OGRGeometryH *out,
                                elc_error *err);
/* A value that is not NULL as text in record->scratch, NUL-terminated: texts as they
   are, times as ISO, bytes as base64, geometry as WKT. */
elc_status elc_ogr_row_text(elc_ogr_row *record, const elc_field *field,
                            const elc_rows *rows, size_t row, elc_error *err);
/* "row 3, column 'image': …" */
elc_status elc_ogr_row_fail(const elc_ogr_row *record, const elc_field *field,
                            elc_status status, const char *why, elc_error *err);
void elc_ogr_row_free(elc_ogr_row *record);

#endif
