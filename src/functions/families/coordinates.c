/* coordinates.c - other numbers for the same places: CRSs, UTM, shifts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>
#include <stdlib.h>

/* ---- another CRS ----------------------------------------------------------------- */

typedef struct way {
    elc_known from, to;
    elc_transform *transform;
} way;

static void release_way(void *kept) {
    way *w = kept;
    elc_string_free(&w->from.bytes);
    elc_string_free(&w->to.bytes);
    elc_transform_free(w->transform);
    free(w);
}

static elc_status make_transform(elc_frame *f, size_t row, way *w, elc_error *err) {
    elc_crs *from = NULL, *to = NULL;
    const char *text;
    elc_status status;
    ELC_TRY_GOTO(elc_frame_text(f, 1, row, &text, err), status, done);
    ELC_TRY_GOTO(elc_crs_create(text, &from, err), status, done);
    ELC_TRY_GOTO(elc_frame_text(f, 2, row, &text, err), status, done);
    ELC_TRY_GOTO(elc_crs_create(text, &to, err), status, done);
    ELC_TRY_GOTO(elc_transform_create(from, to, &w->transform, err), status, done);
    ELC_TRY_GOTO(elc_frame_learn(f, 1, row, &w->from, err), status, done);
    ELC_TRY_GOTO(elc_frame_learn(f, 2, row, &w->to, err), status, done);
done:
    elc_crs_free(from);
    elc_crs_free(to);
    return status;
}

static elc_status way_of(elc_frame *f, size_t row, elc_transform **out,
                         elc_error *err) {
    way *w = f->kept;
    if (w == NULL) {
        ELC_TRY(elc_alloc(1, sizeof *w, &w, err));
        f->kept = w;
        f->release = release_way;
    }
    bool same = elc_frame_knows(f, 1, row, &w->from) &&
                elc_frame_knows(f, 2, row, &w->to) && w->transform != NULL;
    if (!same) {
        elc_transform_free(w->transform);
        w->transform = NULL;
        w->from.any = w->to.any = false;
        ELC_TRY(make_transform(f, row, w, err));
    }
    *out = w->transform;
    return ELC_OK;
}

static elc_status unreachable(elc_frame *f, size_t row, elc_error *err) {
    const char *to;
    ELC_TRY(elc_frame_text(f, 2, row, &to, err));
    return elc_fail(err, ELC_E_ARGUMENT, "geom lies where %.60s has no coordinates",
                    to);
}

/* The shape is asked for its messages; what moves is its bytes, whose parts stay
   together. */
static elc_status transform_row(elc_frame *f, size_t row, elc_error *err) {
    elc_transform *t;
    const GEOSGeometry *shape;
    ELC_TRY(way_of(f, row, &t, err));
    ELC_TRY(elc_frame_finite(f, 0, row, &shape, err));
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    f->made.size = 0;
    elc_status status = elc_wkb_move(wkb.data, wkb.size, t, &f->made, err);
    if (status == ELC_E_ARGUMENT)
        return unreachable(f, row, err);
    return status == ELC_OK ? elc_give_made(f, err) : status;
}

/* ---- many points at once --------------------------------------------------------- */

enum { BLOCK = 1024 };

/* Rows that are points without Z and M, moved together. */
typedef struct block {
    elc_point points[BLOCK];
    bool plain[BLOCK];
} block;

/* The others are NaN, and stay it. */
static void read_block(const elc_frame *f, size_t first, size_t n, block *b) {
    elc_head head;
    for (size_t i = 0; i < n; i++) {
        b->plain[i] = !elc_frame_is_null(f, first + i) &&
                      elc_frame_head(f, 0, first + i, &head, NULL) == ELC_OK &&
                      head.type == HEAD_POINT && !head.z && !head.m &&
                      isfinite(head.at.x) && isfinite(head.at.y);
        b->points[i] = b->plain[i] ? head.at : (elc_point){NAN, NAN};
    }
}

static elc_status give_block(elc_frame *f, size_t first, size_t n, const block *b,
                             elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        if (!b->plain[i]) {
            ELC_TRY(elc_frame_run(f, first + i, transform_row, err));
        } else if (isnan(b->points[i].x)) {
            ELC_TRY(elc_frame_run(f, first + i, unreachable, err));
        } else {
            f->made.size = 0;
            ELC_TRY(elc_wkb_point(b->points[i], &f->made, err));
            ELC_TRY(elc_give_made(f, err));
            ELC_TRY(elc_frame_end_row(f, err));
        }
    }
    return ELC_OK;
}

static elc_status transform_blocks(elc_frame *f, elc_transform *t, elc_error *err) {
    block *b;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(1, sizeof *b, &b, err));
    for (size_t row = 0; row < f->n && status == ELC_OK; row += BLOCK) {
        size_t n = f->n - row < BLOCK ? f->n - row : BLOCK;
        read_block(f, row, n, b);
        elc_transform_points(t, b->points, n);
        status = give_block(f, row, n, b, err);
    }
    free(b);
    return status;
}

static bool is_constant(const elc_frame *f, size_t argument) {
    return f->arguments[argument].step == 0 &&
           !elc_rows_null(f->arguments[argument].rows, 0, 0);
}

static elc_status transform(elc_frame *f, elc_error *err) {
    elc_transform *t;
    if (f->n > 0 && is_constant(f, 1) && is_constant(f, 2)) {
        ELC_TRY(way_of(f, 0, &t, err));
        return transform_blocks(f, t, err);
    }
    for (size_t row = 0; row < f->n; row++)
        ELC_TRY(elc_frame_run(f, row, transform_row, err));
    return ELC_OK;
}

/* ---- shifts ---------------------------------------------------------------------- */

static int shift(double *x, double *y, void *arg) {
    const elc_point *by = arg;
    *x += by->x;
    *y += by->y;
    return 1;
}

static elc_status translate(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    elc_point by = {elc_frame_real(f, 1, row), elc_frame_real(f, 2, row)};
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    return elc_give_shape(f, GEOSGeom_transformXY_r(f->shapes->geos, shape, shift, &by),
                          "the geometry", err);
}

static int flip(double *x, double *y, void *arg) {
    double was = *x;
    (void)arg;
    *x = *y;
    *y = was;
    return 1;
}

static elc_status flip_axes(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    return elc_give_shape(f, GEOSGeom_transformXY_r(f->shapes->geos, shape, flip, NULL),
                          "the geometry", err);
}

static elc_status force_2d(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    f->shapes->flat = true;
    return elc_give_shape_of(f, shape, err);
}

static const elc_function functions[] = {
    {.name = "st_flipcoordinates",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "x and y in each other's place",
     .example = "st_flipcoordinates(st_point(48.1, 11.5))",
     .gives = "POINT (11.5 48.1)",
     .row = flip_axes},
    {.name = "st_force2d",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "the geometry without Z and M",
     .example = "st_force2d(st_point(1, 2, 3))",
     .gives = "POINT (1 2)",
     .row = force_2d},
    {.name = "st_transform",
     .arguments = {ARG_GEOM, ARG_TEXT("from"), ARG_TEXT("to")},
     .result = ELC_GEOMETRY,
     .summary =
         "the same place in another CRS (EPSG:32633, WKT, PROJJSON, PROJ text); x "
         "is east or longitude, y north or latitude, whatever the CRS says",
     .example = "st_transform(st_point(500000, 0), 'EPSG:32633', 'EPSG:4326')",
     .gives = "POINT (15 0)",
     .bulk = transform},
    {.name = "st_translate",
     .arguments = {ARG_GEOM, ARG("dx"), ARG("dy")},
     .result = ELC_GEOMETRY,
     .summary = "the geometry moved by so much",
     .example = "st_translate(st_point(1, 2), 10, 20)",
     .gives = "POINT (11 22)",
     .row = translate},
    {0},
};

const elc_function_family elc_function_family_coordinates = {
    .name = "coordinates",
    .summary = "other numbers for the same places",
    .functions = functions,
};
