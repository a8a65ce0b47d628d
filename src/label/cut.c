/* cut.c - labels cut to a window: boxes by arithmetic, shapes by GEOS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/label.h>

#include "label/shape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct box {
    double xmin, ymin, xmax, ymax;
} box;

typedef struct cutter {
    box window;
    GEOSContextHandle_t geos; /* NULL until a shape needs it */
    GEOSGeometry *pane;       /* the window */
    char said[300];
    elc_cut_label *out;
    size_t n, capacity;
} cutter;

/* ---- boxes ---------------------------------------------------------------- */

static box bounds_of(const elc_point *ring, size_t n) {
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        b.xmin = fmin(b.xmin, ring[i].x);
        b.ymin = fmin(b.ymin, ring[i].y);
        b.xmax = fmax(b.xmax, ring[i].x);
        b.ymax = fmax(b.ymax, ring[i].y);
    }
    return b;
}

static box common(box a, box b) {
    return (box){fmax(a.xmin, b.xmin), fmax(a.ymin, b.ymin), fmin(a.xmax, b.xmax),
                 fmin(a.ymax, b.ymax)};
}

static double area_of(box b) {
    return (b.xmax - b.xmin) * (b.ymax - b.ymin);
}

/* Four points that go round a box, from any corner, either way. */
static bool is_box(const elc_point *r, size_t n) {
    if (n != 4)
        return false;
    bool across =
        r[0].y == r[1].y && r[1].x == r[2].x && r[2].y == r[3].y && r[3].x == r[0].x;
    bool down =
        r[0].x == r[1].x && r[1].y == r[2].y && r[2].x == r[3].x && r[3].y == r[0].y;
    return across || down;
}

static bool covers(box a, box b) {
    return a.xmin <= b.xmin && a.ymin <= b.ymin && a.xmax >= b.xmax && a.ymax >= b.ymax;
}

/* Twice the area, with its sign; 0 for what crosses itself evenly, too. */
static double shoelace(const elc_point *r, size_t n) {
    double sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += (r[i].x - r[0].x) * (r[i + 1].y - r[0].y) -
               (r[i + 1].x - r[0].x) * (r[i].y - r[0].y);
    return sum;
}

static bool all_finite(const elc_point *ring, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(ring[i].x) || !isfinite(ring[i].y))
            return false;
    return true;
}

/* ---- results -------------------------------------------------------------- */

/* A visible part; the ring is copied, and moved into the window. */
static elc_status keep(cutter *c, size_t label, double visible, const elc_point *ring,
                       size_t n, elc_error *err) {
    ELC_TRY(elc_reserve(&c->out, &c->capacity, c->n + 1, sizeof *c->out, err));
    elc_cut_label cut = {.label = label, .visible = fmin(visible, 1), .n = n};
    ELC_TRY(elc_alloc(n, sizeof *ring, &cut.ring, err));
    double width = c->window.xmax - c->window.xmin;
    double height = c->window.ymax - c->window.ymin;
    for (size_t i = 0; i < n; i++) {
        cut.ring[i].x = fmin(fmax(ring[i].x - c->window.xmin, 0), width);
        cut.ring[i].y = fmin(fmax(ring[i].y - c->window.ymin, 0), height);
    }
    box b = bounds_of(cut.ring, n);
    cut.xmin = b.xmin, cut.ymin = b.ymin, cut.xmax = b.xmax, cut.ymax = b.ymax;
    c->out[c->n++] = cut;
    return ELC_OK;
}

static elc_status cut_point(cutter *c, size_t at, elc_point p, elc_error *err) {
    box w = c->window;
    bool inside = p.x >= w.xmin && p.x < w.xmax && p.y >= w.ymin && p.y < w.ymax;
    return inside ? keep(c, at, 1, &p, 1, err) : ELC_OK;
}

static elc_status cut_box(cutter *c, size_t at, box whole, elc_error *err) {
    box part = common(whole, c->window);
    elc_point ring[] = {{part.xmin, part.ymin},
                        {part.xmax, part.ymin},
                        {part.xmax, part.ymax},
                        {part.xmin, part.ymax}};
    return keep(c, at, area_of(part) / area_of(whole), ring, 4, err);
}

/* ---- shapes --------------------------------------------------------------- */

static void keep_message(const char *message, void *data) {
    cutter *c = data;
    snprintf(c->said, sizeof c->said, "%s", message);
}

static elc_status fail_geos(const cutter *c, size_t at, elc_error *err) {
    return elc_fail(err, ELC_E_INTERNAL, "label %zu cannot be cut: %s", at,
                    c->said[0] ? c->said : "GEOS gives no reason");
}

static elc_status start_geos(cutter *c, elc_error *err) {
    if (c->geos != NULL)
        return ELC_OK;
    box w = c->window;
    elc_point ring[] = {
        {w.xmin, w.ymin}, {w.xmax, w.ymin}, {w.xmax, w.ymax}, {w.xmin, w.ymax}};
    c->geos = GEOS_init_r();
    if (c->geos == NULL)
        return elc_fail(err, ELC_E_MEMORY, "labels: no memory for GEOS");
    GEOSContext_setErrorMessageHandler_r(c->geos, keep_message, c);
    c->pane = elc_label_polygon(c->geos, ring, 4);
    return c->pane ? ELC_OK : fail_geos(c, 0, err);
}

/* A valid shape of what the ring encloses an odd number of times; NULL on failure. */
static GEOSGeometry *valid_shape(cutter *c, const elc_label *label) {
    GEOSGeometry *shape = elc_label_polygon(c->geos, label->ring, label->n);
    if (shape == NULL || GEOSisValid_r(c->geos, shape) == 1)
        return shape;
    GEOSGeometry *valid = GEOSMakeValid_r(c->geos, shape);
    GEOSGeom_destroy_r(c->geos, shape);
    return valid;
}

/* Keeps `part` of `shape`, when it has an area. */
static elc_status keep_part(cutter *c, size_t at, const GEOSGeometry *shape,
                            GEOSGeometry *part, elc_error *err) {
    double whole = 0, seen = 0;
    elc_label_ring ring = {0};
    if (!GEOSArea_r(c->geos, shape, &whole) || !GEOSArea_r(c->geos, part, &seen) ||
        GEOSNormalize_r(c->geos, part) != 0)
        return fail_geos(c, at, err);
    if (!(seen > 0))
        return ELC_OK;
    elc_status status = elc_label_ring_of(c->geos, part, &ring, err);
    if (status == ELC_OK && ring.n > 0)
        status = keep(c, at, seen / whole, ring.points, ring.n, err);
    free(ring.points);
    return status;
}

static elc_status cut_shape(cutter *c, size_t at, const elc_label *label,
                            elc_error *err) {
    ELC_TRY(start_geos(c, err));
    GEOSGeometry *shape = valid_shape(c, label);
    GEOSGeometry *part = shape ? GEOSIntersection_r(c->geos, shape, c->pane) : NULL;
    elc_status status =
        part ? keep_part(c, at, shape, part, err) : fail_geos(c, at, err);
    GEOSGeom_destroy_r(c->geos, part);
    GEOSGeom_destroy_r(c->geos, shape);
    return status;
}

static elc_status cut_label(cutter *c, size_t at, const elc_label *label,
                            elc_error *err) {
    if (label->on_map || label->n == 0)
        return ELC_OK;
    if (!all_finite(label->ring, label->n) || label->n >= INT32_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "label %zu: its %zu points are not all finite numbers", at,
                        label->n);
    if (label->n == 1)
        return cut_point(c, at, label->ring[0], err);
    box whole = bounds_of(label->ring, label->n), part = common(whole, c->window);
    if (!(part.xmin < part.xmax && part.ymin < part.ymax) || label->n == 2)
        return ELC_OK;
    if (is_box(label->ring, label->n))
        return cut_box(c, at, whole, err);
    if (covers(c->window, whole) && shoelace(label->ring, label->n) != 0)
        return keep(c, at, 1, label->ring, label->n, err);
    return cut_shape(c, at, label, err);
}

/* ---- the call ------------------------------------------------------------- */

elc_status elc_labels_cut(const elc_labels *labels, const size_t *indices, size_t n,
                          double x, double y, double width, double height,
                          elc_cut_label **out, size_t *n_out, elc_error *err) {
    if (!(width > 0 && height > 0 && isfinite(x + width) && isfinite(y + height)))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "labels: a window of %g x %g pixels at %g, %g has no area",
                        width, height, x, y);
    cutter c = {.window = {x, y, x + width, y + height}};
    elc_status status = elc_reserve(&c.out, &c.capacity, 1, sizeof *c.out, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        size_t at = indices ? indices[i] : i;
        status = cut_label(&c, at, &labels->items[at], err);
    }
    if (c.geos != NULL) {
        GEOSGeom_destroy_r(c.geos, c.pane);
        GEOS_finish_r(c.geos);
    }
    if (status != ELC_OK) {
        elc_cut_labels_free(c.out, c.n);
        return status;
    }
    *out = c.out;
    *n_out = c.n;
    return ELC_OK;
}

void elc_cut_labels_free(elc_cut_label *labels, size_t n) {
    for (size_t i = 0; i < n && labels; i++)
        free(labels[i].ring);
    free(labels);
}
