/* overlap.c - which outlines share area, and how much. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

#include <geos_c.h>

#include "geometry/clip.h"
#include "geometry/crossings.h"
#include "geometry/geos.h"

#define FARTHEST   1073741824.0 /* 2^30: squares of sides stay far from overflow */
#define MOST_PAIRS ((size_t)1 << 27)
#define TREE_NODE  10
/* Rounding that a share may be wrong by before a pair is passed over. */
#define SLACK 1e-9

/* How the area that an outline shares with another is found. */
typedef enum kind { EMPTY, BOX, CONVEX, OTHER } kind;

typedef struct shape {
    const elc_shape *outline;
    kind kind;
    double box[4], area;
    GEOSGeometry *valid; /* of OTHER, and of what met one; NULL: not made */
} shape;

typedef struct finder {
    GEOSContextHandle_t geos;
    char said[ELC_GEOS_SAID];
    shape *a, *b;
    size_t n_a, n_b;
    double least;
    elc_overlap *out;
    size_t n, capacity;
    elc_status status; /* of the question that a tree is at */
    size_t at;         /* the `a` of that question */
    elc_error *err;
} finder;

static elc_status fail_geos(const finder *f, elc_error *err) {
    return elc_fail(err, ELC_E_INTERNAL, "outlines cannot be compared: %s",
                    elc_geos_said(f->said));
}

static elc_status start_geos(finder *f, elc_error *err) {
    f->geos = elc_geos_context(f->said);
    return f->geos != NULL ? ELC_OK : elc_fail(err, ELC_E_MEMORY, "no memory for GEOS");
}

/* ---- one outline ---------------------------------------------------------------- */

static GEOSGeometry *polygon_of(finder *f, const elc_shape *o) {
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(f->geos, (unsigned)o->n + 1, 2);
    if (points == NULL)
        return NULL;
    for (size_t i = 0; i <= o->n; i++)
        GEOSCoordSeq_setXY_r(f->geos, points, (unsigned)i, o->ring[i % o->n].x,
                             o->ring[i % o->n].y);
    GEOSGeometry *line = GEOSGeom_createLinearRing_r(f->geos, points);
    return line ? GEOSGeom_createPolygon_r(f->geos, line, NULL, 0) : NULL;
}

/* GEOS takes minutes and gigabytes for what crosses itself ten thousands of times. */
enum { CROSSINGS_MAX = 1000 };

static elc_status check_crossings(const elc_shape *o, elc_error *err) {
    size_t n = 0;
    ELC_TRY(elc_ring_crossings(o->ring, o->n, CROSSINGS_MAX, &n, err));
    if (n < CROSSINGS_MAX)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "an outline of %zu points from %g, %g on crosses itself %d times or "
        "more: mend it, or compare boxes",
        o->n, o->ring[0].x, o->ring[0].y, CROSSINGS_MAX);
}

static elc_status make_valid(finder *f, shape *s, elc_error *err) {
    if (s->valid != NULL)
        return ELC_OK;
    GEOSGeometry *polygon = polygon_of(f, s->outline);
    if (polygon != NULL && GEOSisValid_r(f->geos, polygon) == 1) {
        s->valid = polygon;
        return ELC_OK;
    }
    elc_status status = polygon ? check_crossings(s->outline, err) : ELC_OK;
    if (polygon && status == ELC_OK)
        s->valid = GEOSMakeValid_r(f->geos, polygon);
    GEOSGeom_destroy_r(f->geos, polygon);
    ELC_TRY(status);
    return s->valid ? ELC_OK : fail_geos(f, err);
}

static elc_status check_outline(const elc_shape *o, size_t i, elc_error *err) {
    if (o->n >= INT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED, "outline %zu has %zu points: too many",
                        i + 1, o->n);
    for (size_t k = 0; k < o->n; k++)
        if (!(fabs(o->ring[k].x) <= FARTHEST && fabs(o->ring[k].y) <= FARTHEST))
            return elc_fail(
                err, ELC_E_FORMAT,
                "outline %zu has a point (%g, %g) that is no number, or over "
                "2^30 from the origin",
                i + 1, o->ring[k].x, o->ring[k].y);
    return ELC_OK;
}

static void set_box(shape *s) {
    const elc_shape *o = s->outline;
    s->box[0] = s->box[1] = INFINITY;
    s->box[2] = s->box[3] = -INFINITY;
    for (size_t i = 0; i < o->n; i++) {
        s->box[0] = fmin(s->box[0], o->ring[i].x);
        s->box[1] = fmin(s->box[1], o->ring[i].y);
        s->box[2] = fmax(s->box[2], o->ring[i].x);
        s->box[3] = fmax(s->box[3], o->ring[i].y);
    }
}

static elc_status take_outline(finder *f, const elc_shape *o, size_t i, shape *s,
                               elc_error *err) {
    *s = (shape){.outline = o};
    ELC_TRY(check_outline(o, i, err));
    set_box(s);
    if (o->n < 3)
        return ELC_OK;
    if (elc_clip_is_box(o->ring, o->n)) {
        s->kind = BOX;
        s->area = (s->box[2] - s->box[0]) * (s->box[3] - s->box[1]);
    } else if (elc_clip_is_convex(o->ring, o->n)) {
        s->kind = CONVEX;
        s->area = elc_clip_area(o->ring, o->n);
    } else {
        s->kind = OTHER;
        ELC_TRY(make_valid(f, s, err));
        if (!GEOSArea_r(f->geos, s->valid, &s->area))
            return fail_geos(f, err);
    }
    if (!(s->area > 0))
        s->kind = EMPTY;
    return ELC_OK;
}

static elc_status take_all(finder *f, const elc_shape *outlines, size_t n, shape **out,
                           elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof **out, out, err));
    for (size_t i = 0; i < n; i++)
        ELC_TRY(take_outline(f, &outlines[i], i, &(*out)[i], err));
    return ELC_OK;
}

static void free_shapes(finder *f, shape *shapes, size_t n) {
    for (size_t i = 0; i < n && shapes != NULL; i++)
        GEOSGeom_destroy_r(f->geos, shapes[i].valid);
    free(shapes);
}

/* ---- two outlines --------------------------------------------------------------- */

static double common_of_boxes(const shape *a, const shape *b) {
    double w = fmin(a->box[2], b->box[2]) - fmax(a->box[0], b->box[0]);
    double h = fmin(a->box[3], b->box[3]) - fmax(a->box[1], b->box[1]);
    return w > 0 && h > 0 ? w * h : 0;
}

static elc_status common_by_geos(finder *f, shape *a, shape *b, double *out,
                                 elc_error *err) {
    ELC_TRY(make_valid(f, a, err));
    ELC_TRY(make_valid(f, b, err));
    GEOSGeometry *part = GEOSIntersection_r(f->geos, a->valid, b->valid);
    int done = part != NULL && GEOSArea_r(f->geos, part, out);
    GEOSGeom_destroy_r(f->geos, part);
    return done ? ELC_OK : fail_geos(f, err);
}

static elc_status common_of(finder *f, shape *a, shape *b, double *out,
                            elc_error *err) {
    const elc_shape *p = a->outline, *q = b->outline;
    if (a->kind == OTHER || b->kind == OTHER)
        ELC_TRY(common_by_geos(f, a, b, out, err));
    else if (a->kind == BOX && b->kind == BOX)
        *out = common_of_boxes(a, b);
    else
        *out = elc_clip_common(p->ring, p->n, q->ring, q->n);
    *out = fmin(*out, fmin(a->area, b->area));
    return ELC_OK;
}

static elc_status look_at(finder *f, size_t i, size_t k, elc_error *err) {
    shape *a = &f->a[i], *b = &f->b[k];
    double least = f->least * fmin(a->area, b->area) * (1 - SLACK), common = 0;
    if (common_of_boxes(a, b) < least)
        return ELC_OK;
    ELC_TRY(common_of(f, a, b, &common, err));
    if (!(common > 0 && common >= least))
        return ELC_OK;
    if (f->n == MOST_PAIRS)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "more than 2^27 pairs of outlines overlap: are there many copies "
            "of each? suppress doubles first");
    ELC_TRY(elc_reserve(&f->out, &f->capacity, f->n + 1, sizeof *f->out, err));
    f->out[f->n++] = (elc_overlap){(uint32_t)i, (uint32_t)k, common};
    return ELC_OK;
}

/* ---- groups --------------------------------------------------------------------- */

typedef struct place {
    uint32_t group, i;
} place;

static int by_group(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->i > y->i) - (x->i < y->i);
}

static elc_status order_groups(const elc_shape *outlines, size_t n, place **out,
                               elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof **out, out, err));
    for (size_t i = 0; i < n; i++)
        (*out)[i] = (place){outlines[i].group, (uint32_t)i};
    if (n > 1)
        qsort(*out, n, sizeof **out, by_group);
    return ELC_OK;
}

static GEOSGeometry *envelope_of(finder *f, const shape *s) {
    return GEOSGeom_createRectangle_r(f->geos, s->box[0], s->box[1], s->box[2],
                                      s->box[3]);
}

static void ask(void *item, void *arg) {
    finder *f = arg;
    if (f->status == ELC_OK)
        f->status = look_at(f, f->at, (size_t)((const shape *)item - f->b), f->err);
}

/* The tree keeps no copies of the envelopes in it. */
static elc_status fill_tree(finder *f, GEOSSTRtree *tree, const place *b, size_t n,
                            GEOSGeometry **envelopes, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        shape *s = &f->b[b[i].i];
        if (s->kind == EMPTY)
            continue;
        envelopes[i] = envelope_of(f, s);
        if (envelopes[i] == NULL)
            return fail_geos(f, err);
        GEOSSTRtree_insert_r(f->geos, tree, envelopes[i], s);
    }
    return ELC_OK;
}

static elc_status ask_all(finder *f, GEOSSTRtree *tree, const place *a, size_t n,
                          elc_error *err) {
    f->status = ELC_OK;
    f->err = err;
    for (size_t i = 0; i < n && f->status == ELC_OK; i++) {
        f->at = a[i].i;
        if (f->a[f->at].kind == EMPTY)
            continue;
        GEOSGeometry *envelope = envelope_of(f, &f->a[f->at]);
        if (envelope == NULL)
            return fail_geos(f, err);
        GEOSSTRtree_query_r(f->geos, tree, envelope, ask, f);
        GEOSGeom_destroy_r(f->geos, envelope);
    }
    return f->status;
}

static elc_status find_in_group(finder *f, const place *a, size_t n_a, const place *b,
                                size_t n_b, elc_error *err) {
    GEOSGeometry **envelopes = NULL;
    ELC_TRY(elc_alloc(n_b, sizeof(GEOSGeometry *), &envelopes, err));
    GEOSSTRtree *tree = GEOSSTRtree_create_r(f->geos, TREE_NODE);
    elc_status status =
        tree ? fill_tree(f, tree, b, n_b, envelopes, err) : fail_geos(f, err);
    if (status == ELC_OK)
        status = ask_all(f, tree, a, n_a, err);
    if (tree != NULL)
        GEOSSTRtree_destroy_r(f->geos, tree);
    for (size_t i = 0; i < n_b; i++)
        GEOSGeom_destroy_r(f->geos, envelopes[i]);
    free(envelopes);
    return status;
}

static size_t end_of(const place *places, size_t from, size_t n) {
    size_t to = from;
    while (to < n && places[to].group == places[from].group)
        to++;
    return to;
}

static elc_status find_all(finder *f, const place *a, const place *b, elc_error *err) {
    size_t i = 0, k = 0;
    while (i < f->n_a && k < f->n_b) {
        size_t i_end = end_of(a, i, f->n_a), k_end = end_of(b, k, f->n_b);
        if (a[i].group == b[k].group)
            ELC_TRY(find_in_group(f, a + i, i_end - i, b + k, k_end - k, err));
        bool first = a[i].group <= b[k].group, second = b[k].group <= a[i].group;
        i = first ? i_end : i;
        k = second ? k_end : k;
    }
    return ELC_OK;
}

/* ---- the calls ------------------------------------------------------------------ */

static int by_pair(const void *a, const void *b) {
    const elc_overlap *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static elc_status find(finder *f, const elc_shape *a, const elc_shape *b,
                       elc_error *err) {
    place *order_a = NULL, *order_b = NULL;
    ELC_TRY(take_all(f, a, f->n_a, &f->a, err));
    ELC_TRY(take_all(f, b, f->n_b, &f->b, err));
    elc_status status = order_groups(a, f->n_a, &order_a, err);
    if (status == ELC_OK)
        status = order_groups(b, f->n_b, &order_b, err);
    if (status == ELC_OK)
        status = find_all(f, order_a, order_b, err);
    free(order_a);
    free(order_b);
    if (status == ELC_OK && f->n > 1)
        qsort(f->out, f->n, sizeof *f->out, by_pair);
    return status;
}

elc_status elc_shape_areas(const elc_shape *outlines, size_t n, double *areas,
                           elc_error *err) {
    finder f = {0};
    ELC_TRY(start_geos(&f, err));
    elc_status status = take_all(&f, outlines, n, &f.a, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        areas[i] = f.a[i].area;
    free_shapes(&f, f.a, n);
    GEOS_finish_r(f.geos);
    return status;
}

elc_status elc_shapes_overlap(const elc_shape *a, size_t n_a, const elc_shape *b,
                              size_t n_b, double least, elc_overlap **out, size_t *n,
                              elc_error *err) {
    finder f = {.n_a = n_a, .n_b = n_b, .least = least};
    if (n_a >= UINT32_MAX || n_b >= UINT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED, "more than 2^32 outlines");
    ELC_TRY(start_geos(&f, err));
    elc_status status = find(&f, a, b, err);
    free_shapes(&f, f.a, n_a);
    free_shapes(&f, f.b, n_b);
    GEOS_finish_r(f.geos);
    if (status != ELC_OK) {
        free(f.out);
        return status;
    }
    *out = f.out;
    *n = f.n;
    return ELC_OK;
}
