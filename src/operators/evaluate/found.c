/* found.c - the table of detections as boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FARTHEST 1073741824.0 /* 2^30: as for boxes */

enum {
    IMAGE,
    CLASS,
    SCORE,
    XMIN,
    YMIN,
    XMAX,
    YMAX,
    LON,
    LAT,
    GSD,
    GEOMETRY,
    OUTLINE,
    ERROR_,
    N_COLUMNS
};

/* The names that a column may have; the first that is there counts. */
static const char *const column_names[N_COLUMNS][4] = {
    [IMAGE] = {"image", "image_path", "filename", "file_name"},
    [CLASS] = {"class", "class_name", "label", "class_id"},
    [SCORE] = {"score", "confidence"},
    [XMIN] = {"xmin_px", "xmin"},
    [YMIN] = {"ymin_px", "ymin"},
    [XMAX] = {"xmax_px", "xmax"},
    [YMAX] = {"ymax_px", "ymax"},
    [LON] = {"lon"},
    [LAT] = {"lat"},
    [GSD] = {"gsd_m"},
    [GEOMETRY] = {"geometry"},
    [OUTLINE] = {"shape_px"},
    [ERROR_] = {"error"},
};

typedef struct reader {
    eval_data *data;
    struct ArrowSchema schema;
    int64_t columns[N_COLUMNS];
    elc_type types[N_COLUMNS];
    elc_transform *to_lonlat; /* NULL: the geometry is in it already */
    const elc_rows *rows;
    size_t row, number; /* in the batch; in the table, from 1 */
    elc_string text, last;
    uint32_t last_image;
    elc_point *points;
    size_t n, capacity;
} reader;

/* ---- columns -------------------------------------------------------------------- */

static bool is_number(elc_type type) {
    return type <= ELC_FLOAT64;
}

static bool fits(int which, elc_type type) {
    if (which == IMAGE || which == CLASS)
        return type == ELC_UTF8 || type == ELC_INT32 || type == ELC_INT64;
    if (which == GEOMETRY)
        return type == ELC_GEOMETRY;
    if (which == OUTLINE)
        return type == ELC_GEOMETRY || type == ELC_BINARY || type == ELC_UTF8;
    /* An empty CSV has columns of text alone, and quotes make text of numbers. */
    return which == ERROR_ || is_number(type) || type == ELC_UTF8;
}

static elc_status find_column(reader *r, int which, elc_error *err) {
    r->columns[which] = -1;
    for (int i = 0; i < 4 && column_names[which][i] && r->columns[which] < 0; i++)
        r->columns[which] = elc_schema_find(&r->schema, column_names[which][i]);
    if (r->columns[which] < 0)
        return ELC_OK;
    const struct ArrowSchema *column = r->schema.children[r->columns[which]];
    ELC_TRY(elc_schema_type(column, &r->types[which], err));
    if (fits(which, r->types[which]))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_FORMAT, "detections: the column %s is %s, which cannot be its %s",
        column->name, elc_type_name(r->types[which]), column_names[which][0]);
}

static elc_status need_column(const reader *r, int which, const char *why,
                              elc_error *err) {
    if (r->columns[which] >= 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_NOT_FOUND, "detections: no column %s, %s",
                    column_names[which][0], why);
}

static elc_status need_columns(const reader *r, elc_error *err) {
    ELC_TRY(need_column(r, SCORE, "so that no threshold can be found", err));
    if (r->data->on_map)
        return need_column(r, GEOMETRY,
                           "and the truth is on the map; give the detections' places, "
                           "or a truth in pixels",
                           err);
    for (int i = XMIN; i <= YMAX && r->columns[OUTLINE] < 0; i++)
        ELC_TRY(need_column(r, i,
                            "and the truth is in pixels; give the detections' boxes in "
                            "pixels, or a truth on the map",
                            err));
    return ELC_OK;
}

/* A geometry without CRS beside a column of images is in pixels, as in labels. */
static elc_status find_outlines(reader *r, elc_error *err) {
    char *text = NULL;
    if (r->columns[OUTLINE] >= 0 || r->columns[GEOMETRY] < 0 || r->columns[IMAGE] < 0)
        return ELC_OK;
    ELC_TRY(elc_schema_crs(r->schema.children[r->columns[GEOMETRY]], &text, err));
    if (text[0] == '\0') {
        r->columns[OUTLINE] = r->columns[GEOMETRY];
        r->types[OUTLINE] = r->types[GEOMETRY];
    }
    free(text);
    return ELC_OK;
}

static elc_status choose_outlines(reader *r, eval_shapes shapes, elc_error *err) {
    bool any = r->data->on_map || r->columns[OUTLINE] >= 0;
    r->data->outlined = any && shapes != EVAL_SHAPES_BOX;
    if (any || shapes != EVAL_SHAPES_POLYGON)
        return ELC_OK;
    return elc_fail(err, ELC_E_NOT_FOUND,
                    "--shapes polygon: the detections have boxes in pixels alone; a "
                    "column %s can have their outlines",
                    column_names[OUTLINE][0]);
}

static elc_status find_crs(reader *r, elc_error *err) {
    char *text = NULL;
    elc_crs *crs = NULL;
    if (!r->data->on_map)
        return ELC_OK;
    ELC_TRY(elc_schema_crs(r->schema.children[r->columns[GEOMETRY]], &text, err));
    elc_status status = ELC_OK;
    if (text[0] == '\0')
        status = elc_fail(err, ELC_E_FORMAT,
                          "detections: state no CRS, and the truth is on the map; give "
                          "them one (ogr2ogr -a_srs EPSG:...)");
    else if (!elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, &crs, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(crs, NULL, &r->to_lonlat, err);
    elc_crs_free(crs);
    free(text);
    return status;
}

/* ---- values --------------------------------------------------------------------- */

static bool is_null(const reader *r, int which) {
    return r->columns[which] < 0 ||
           elc_rows_null(r->rows, (size_t)r->columns[which], r->row);
}

static double text_number(const char *bytes, size_t n) {
    char text[64];
    double value;
    if (n >= sizeof text)
        return NAN;
    memcpy(text, bytes, n);
    text[n] = '\0';
    return elc_parse_real(text, "number", &value, NULL) == ELC_OK ? value : NAN;
}

/* NaN for what is none. */
static double number(const reader *r, int which) {
    size_t n, column = (size_t)r->columns[which];
    if (is_null(r, which))
        return NAN;
    if (is_number(r->types[which]))
        return elc_rows_real(r->rows, column, r->row);
    const char *bytes = elc_rows_bytes(r->rows, column, r->row, &n);
    return text_number(bytes, n);
}

static elc_status text_of(reader *r, int which, const char *fallback, elc_error *err) {
    size_t n, column = (size_t)r->columns[which];
    r->text.size = 0;
    if (is_null(r, which))
        return elc_string_append(&r->text, fallback, strlen(fallback), err);
    if (is_number(r->types[which]))
        return elc_string_printf(&r->text, err, "%lld",
                                 (long long)elc_rows_int(r->rows, column, r->row));
    const char *bytes = elc_rows_bytes(r->rows, column, r->row, &n);
    return elc_string_append(&r->text, bytes, n, err);
}

static elc_status fail_row(const reader *r, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "detections: row %zu: %s", r->number, what);
}

/* Rows of one image follow each other, so that most are known without a look. */
static elc_status take_image(reader *r, uint32_t *out, elc_error *err) {
    ELC_TRY(text_of(r, IMAGE, "", err));
    if (r->last.data != NULL && strcmp(r->last.data, r->text.data) == 0) {
        *out = r->last_image;
        return ELC_OK;
    }
    r->last.size = 0;
    ELC_TRY(elc_string_append(&r->last, r->text.data, r->text.size, err));
    ELC_TRY(elc_part_names_add(&r->data->images, r->text.data, r->text.data, out, err));
    r->last_image = *out;
    return ELC_OK;
}

/* ---- boxes ---------------------------------------------------------------------- */

static void wrap(elc_point *points, size_t n) {
    /* On both sides of the antimeridian: the eastern part goes on beyond 180. */
    double least = 180, most = -180;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, points[i].x);
        most = fmax(most, points[i].x);
    }
    for (size_t i = 0; i < n && most - least > 180; i++)
        if (points[i].x < 0)
            points[i].x += 360;
}

static void take_envelope(const reader *r, elc_score_box *b) {
    b->xmin = b->ymin = INFINITY;
    b->xmax = b->ymax = -INFINITY;
    for (size_t i = 0; i < r->n; i++) {
        b->xmin = fmin(b->xmin, r->points[i].x);
        b->xmax = fmax(b->xmax, r->points[i].x);
        b->ymin = fmin(b->ymin, r->points[i].y);
        b->ymax = fmax(b->ymax, r->points[i].y);
    }
}

static elc_status parse_outline(reader *r, int which, elc_error *err) {
    size_t size;
    const char *bytes =
        elc_rows_bytes(r->rows, (size_t)r->columns[which], r->row, &size);
    if (r->types[which] != ELC_UTF8)
        return elc_wkb_shape(bytes, size, &r->points, &r->n, &r->capacity, err);
    r->text.size = 0;
    ELC_TRY(elc_string_append(&r->text, bytes, size, err));
    return elc_wkt_shape(r->text.data, &r->points, &r->n, &r->capacity, err);
}

static elc_status read_outline(reader *r, int which, elc_error *err) {
    elc_error why = {0};
    r->n = 0;
    if (parse_outline(r, which, &why) != ELC_OK)
        return fail_row(r, why.message, err);
    if (r->n == 0)
        return fail_row(r, "an empty geometry", err);
    for (size_t i = 0; i < r->n; i++)
        if (!(fabs(r->points[i].x) <= FARTHEST && fabs(r->points[i].y) <= FARTHEST))
            return fail_row(r,
                            "a point of its geometry is no number, or over 2^30 from "
                            "the origin",
                            err);
    return ELC_OK;
}

/* In longitude and latitude. */
static elc_status take_ground_box(reader *r, elc_score_box *b, elc_error *err) {
    if (is_null(r, GEOMETRY))
        return fail_row(r, "no geometry", err);
    ELC_TRY(read_outline(r, GEOMETRY, err));
    if (r->to_lonlat != NULL && elc_transform_points(r->to_lonlat, r->points, r->n) > 0)
        return fail_row(r, "a place cannot be brought to longitude and latitude", err);
    wrap(r->points, r->n);
    take_envelope(r, b);
    return ELC_OK;
}

/* Leaves its outline in the points; none where a box is all there is. */
static elc_status take_box(reader *r, elc_score_box *b, elc_error *err) {
    r->n = 0;
    if (r->data->on_map)
        return take_ground_box(r, b, err);
    if (!is_null(r, OUTLINE)) {
        ELC_TRY(read_outline(r, OUTLINE, err));
        take_envelope(r, b);
    }
    if (r->columns[XMIN] < 0 && r->n > 0)
        return ELC_OK;
    b->xmin = number(r, XMIN);
    b->ymin = number(r, YMIN);
    b->xmax = number(r, XMAX);
    b->ymax = number(r, YMAX);
    return ELC_OK;
}

static elc_status keep_outline(reader *r, const elc_score_box *b, elc_error *err) {
    eval_outlines *outlines = &r->data->found.outlines;
    if (!r->data->outlined)
        return ELC_OK;
    return r->n > 0 ? elc_eval_outline_add(outlines, r->points, r->n, err)
                    : elc_eval_outline_add_box(outlines, b, err);
}

static elc_status check_box(const reader *r, const elc_score_box *b, elc_error *err) {
    if (!isfinite(b->score))
        return fail_row(r, "score is no number", err);
    if (!(isfinite(b->xmin + b->ymin) && isfinite(b->xmax + b->ymax)))
        return fail_row(r, "a side of the box is no number", err);
    if (b->xmax < b->xmin || b->ymax < b->ymin)
        return fail_row(r, "the box ends before it begins", err);
    return ELC_OK;
}

static eval_place place_of(const reader *r, const elc_score_box *b) {
    eval_place p = {{number(r, LON), number(r, LAT)}, number(r, GSD)};
    if (r->data->on_map)
        p.lonlat = (elc_point){(b->xmin + b->xmax) / 2, (b->ymin + b->ymax) / 2};
    return p;
}

static elc_status take_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    reader *r = with;
    r->rows = rows;
    r->row = row;
    r->number++;
    elc_score_box b = {.score = number(r, SCORE), .area = NAN};
    if (is_null(r, SCORE) && !is_null(r, ERROR_)) { /* what failed, as detect says */
        r->data->n_failed++;
        return ELC_OK;
    }
    ELC_TRY(take_box(r, &b, err));
    ELC_TRY(check_box(r, &b, err));
    if (!r->data->on_map)
        ELC_TRY(take_image(r, &b.image, err));
    ELC_TRY(text_of(r, CLASS, "object", err));
    if (r->data->xview && elc_eval_is_left_out(r->text.data))
        return ELC_OK;
    ELC_TRY(elc_eval_class(r->data, r->text.data, &b.class_id, err));
    eval_place place = place_of(r, &b);
    ELC_TRY(keep_outline(r, &b, err));
    return elc_eval_boxes_add(&r->data->found, &b, &place, err);
}

/* ---- the table ------------------------------------------------------------------ */

static elc_status find_columns(reader *r, eval_shapes shapes, elc_error *err) {
    for (int i = 0; i < N_COLUMNS; i++)
        ELC_TRY(find_column(r, i, err));
    if (!r->data->on_map)
        ELC_TRY(find_outlines(r, err));
    ELC_TRY(need_columns(r, err));
    return choose_outlines(r, shapes, err);
}

static elc_status take_all(reader *r, struct ArrowArrayStream *stream,
                           const elc_context *context, elc_error *err) {
    uint32_t at;
    ELC_TRY(find_crs(r, err));
    if (r->data->on_map)
        ELC_TRY(elc_part_names_add(&r->data->images, "", "", &at, err));
    return elc_stream_each(stream, &r->schema, context, take_row, r, err);
}

elc_status elc_eval_read_found(struct ArrowArrayStream *stream, eval_shapes shapes,
                               const elc_context *context, eval_data *data,
                               elc_error *err) {
    reader r = {.data = data};
    ELC_TRY(elc_stream_schema(stream, &r.schema, err));
    elc_status status = find_columns(&r, shapes, err);
    if (status == ELC_OK)
        status = take_all(&r, stream, context, err);
    elc_schema_release(&r.schema);
    elc_transform_free(r.to_lonlat);
    elc_string_free(&r.text);
    elc_string_free(&r.last);
    free(r.points);
    return status;
}
