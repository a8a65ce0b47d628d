/* layer.c - labels from any layer that OGR reads: polygons and points on the map. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/format.h"
#include "label/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct reader {
    elc_label_build *b;
    struct ArrowSchema schema;
    const elc_rows *rows;
    elc_transform *transform; /* NULL: the places are lon, lat or pixels already */
    elc_label form;
    int64_t geometry, class_column, image_column; /* -1: none */
    GEOSContextHandle_t geos;
    GEOSWKBReader *wkb;
    char said[200];
    elc_string class_name, image, text;
    elc_label_ring ring;
} reader;

/* ---- columns -------------------------------------------------------------- */

static bool is_text(const struct ArrowSchema *column) {
    elc_type type;
    return elc_schema_type(column, &type, NULL) == ELC_OK &&
           (type == ELC_UTF8 || type == ELC_INT32 || type == ELC_INT64);
}

/* The first of `names` that a column has; -1. */
static int64_t find_column(const struct ArrowSchema *schema, const char *const *names) {
    for (; *names; names++)
        for (int64_t i = 0; i < schema->n_children; i++)
            if (strcasecmp(schema->children[i]->name, *names) == 0 &&
                is_text(schema->children[i]))
                return i;
    return -1;
}

static int64_t only_text_column(const struct ArrowSchema *schema, int64_t but) {
    int64_t found = -1;
    for (int64_t i = 0; i < schema->n_children; i++) {
        elc_type type;
        if (i == but || elc_schema_type(schema->children[i], &type, NULL) != ELC_OK ||
            type != ELC_UTF8)
            continue;
        if (found >= 0)
            return -1;
        found = i;
    }
    return found;
}

static void find_columns(reader *r) {
    static const char *const classes[] = {"class", "class_name", "label", "category",
                                          "name",  "type",       NULL};
    static const char *const images[] = {"image",      "image_path", "image_name",
                                         "image_id",   "filename",   "file_name",
                                         "image_file", NULL};
    r->geometry = elc_schema_find(&r->schema, "geometry");
    r->image_column = find_column(&r->schema, images);
    r->class_column = find_column(&r->schema, classes);
    if (r->class_column < 0)
        r->class_column = only_text_column(&r->schema, r->image_column);
}

/* ---- the map -------------------------------------------------------------- */

static elc_status make_transform(reader *r, const char *text, elc_error *err) {
    elc_crs *crs = NULL;
    if (elc_crs_text_is_crs84(text))
        return ELC_OK;
    ELC_TRY(elc_crs_create(text, &crs, err));
    elc_status status = elc_transform_create(crs, NULL, &r->transform, err);
    elc_crs_free(crs);
    return status;
}

/* Places without a CRS are pixels when each row names its image; else nobody can know.
 */
static elc_status find_crs(reader *r, elc_error *err) {
    char *text = NULL;
    ELC_TRY(elc_schema_crs(r->schema.children[r->geometry], &text, err));
    r->form.on_map = text[0] != '\0';
    elc_status status = ELC_OK;
    if (r->form.on_map)
        status = make_transform(r, text, err);
    else if (r->image_column < 0)
        status =
            elc_fail(err, ELC_E_FORMAT,
                     "%s: states no CRS, and no column names an image whose pixels "
                     "could be meant; give it one (ogr2ogr -a_srs EPSG:...)",
                     r->b->path);
    free(text);
    return status;
}

static elc_status project(reader *r, elc_error *err) {
    if (r->transform == NULL ||
        elc_transform_points(r->transform, r->ring.points, r->ring.n) == 0)
        return ELC_OK;
    return ELC_LABEL_FAIL(r->b, err, ELC_E_FORMAT,
                          "a place cannot be brought to longitude and latitude: is the "
                          "layer's CRS the right one?");
}

/* ---- rows ----------------------------------------------------------------- */

static elc_status column_text(const reader *r, int64_t column, size_t row,
                              elc_string *out, elc_error *err) {
    size_t size = 0, at = (size_t)column;
    elc_type type;
    out->size = 0;
    ELC_TRY(elc_string_append(out, "", 0, err));
    if (column < 0 || elc_rows_null(r->rows, at, row))
        return ELC_OK;
    ELC_TRY(elc_schema_type(r->schema.children[column], &type, err));
    if (type != ELC_UTF8)
        return elc_string_printf(out, err, "%lld",
                                 (long long)elc_rows_int(r->rows, at, row));
    const char *bytes = elc_rows_bytes(r->rows, at, row, &size);
    return elc_string_append(out, bytes, size, err);
}

static elc_status add_ring(reader *r, elc_error *err) {
    const char *image = r->image.size > 0 ? r->image.data : NULL;
    ELC_TRY(project(r, err));
    return elc_label_add(r->b, image, r->class_name.data, &r->form, r->ring.points,
                         r->ring.n, err);
}

static elc_status add_point(reader *r, const GEOSGeometry *point, elc_error *err) {
    elc_point p = {0};
    if (GEOSisEmpty_r(r->geos, point) == 1)
        return ELC_OK;
    if (!GEOSGeomGetX_r(r->geos, point, &p.x) || !GEOSGeomGetY_r(r->geos, point, &p.y))
        return ELC_LABEL_FAIL(r->b, err, ELC_E_FORMAT, "a point without coordinates");
    r->ring.n = 0;
    ELC_TRY(elc_label_ring_join(&r->ring, &p, 1, err));
    return add_ring(r, err);
}

/* A multipoint is a label a point; a multipolygon is one. */
static elc_status add_shape(reader *r, const GEOSGeometry *shape, elc_error *err) {
    int type = GEOSGeomTypeId_r(r->geos, shape);
    if (type == GEOS_POINT)
        return add_point(r, shape, err);
    if (type == GEOS_MULTIPOINT) {
        for (int i = 0; i < GEOSGetNumGeometries_r(r->geos, shape); i++)
            ELC_TRY(add_point(r, GEOSGetGeometryN_r(r->geos, shape, i), err));
        return ELC_OK;
    }
    if (type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON)
        return ELC_LABEL_FAIL(r->b, err, ELC_E_UNSUPPORTED,
                              "lines and mixed shapes are no labels; make polygons or "
                              "points of them");
    r->ring.n = 0;
    ELC_TRY(elc_label_ring_of(r->geos, shape, &r->ring, err));
    return r->ring.n > 0 ? add_ring(r, err) : ELC_OK;
}

static elc_status take_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    reader *r = with;
    size_t size = 0, column = (size_t)r->geometry;
    r->rows = rows;
    r->b->number++;
    if (elc_rows_null(r->rows, column, row))
        return ELC_OK;
    const char *wkb = elc_rows_bytes(r->rows, column, row, &size);
    ELC_TRY(elc_wkb_check(wkb, size, err));
    ELC_TRY(column_text(r, r->class_column, row, &r->class_name, err));
    ELC_TRY(column_text(r, r->image_column, row, &r->text, err));
    r->image.size = 0;
    if (r->text.size > 0)
        ELC_TRY(elc_label_image_name(r->b, r->text.data, &r->image, err));
    r->said[0] = '\0';
    GEOSGeometry *shape =
        GEOSWKBReader_read_r(r->geos, r->wkb, (const unsigned char *)wkb, size);
    if (shape == NULL)
        return ELC_LABEL_FAIL(r->b, err, ELC_E_FORMAT, "its shape cannot be read: %s",
                              r->said);
    elc_status status = add_shape(r, shape, err);
    GEOSGeom_destroy_r(r->geos, shape);
    return status;
}

/* ---- the layer ------------------------------------------------------------ */

static void keep_message(const char *message, void *data) {
    reader *r = data;
    snprintf(r->said, sizeof r->said, "%s", message);
}

static elc_status start(reader *r, elc_error *err) {
    find_columns(r);
    if (r->geometry < 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: has no geometry; labels are polygons or points",
                        r->b->path);
    ELC_TRY(find_crs(r, err));
    r->geos = GEOS_init_r();
    if (r->geos != NULL) {
        GEOSContext_setErrorMessageHandler_r(r->geos, keep_message, r);
        r->wkb = GEOSWKBReader_create_r(r->geos);
    }
    return r->wkb ? ELC_OK : elc_fail(err, ELC_E_MEMORY, "labels: no memory for GEOS");
}

static elc_status take_stream(reader *r, struct ArrowArrayStream *stream,
                              elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &r->schema, err));
    ELC_TRY(start(r, err));
    return elc_stream_each(stream, &r->schema, NULL, take_row, r, err);
}

static void reader_clear(reader *r) {
    if (r->wkb)
        GEOSWKBReader_destroy_r(r->geos, r->wkb);
    if (r->geos)
        GEOS_finish_r(r->geos);
    elc_transform_free(r->transform);
    elc_schema_release(&r->schema);
    elc_string_free(&r->class_name);
    elc_string_free(&r->image);
    elc_string_free(&r->text);
    free(r->ring.points);
}

static elc_status layer_read(elc_label_build *b, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    reader r = {.b = b, .form = elc_label_blank()};
    b->unit = "row";
    b->number = 0;
    ELC_TRY(elc_layer_read(b->path, &stream, err));
    elc_status status = take_stream(&r, &stream, err);
    elc_stream_release(&stream);
    reader_clear(&r);
    return status;
}

static const char *const endings[] = {NULL};
const elc_label_format elc_label_format_layer = {"layer", endings, NULL, layer_read};
