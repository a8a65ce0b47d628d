/* geos_cases.c - what GEOS's own XML cases ask, answered by Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geos_cases.h"

#include "pair.h"
#include "shapes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- predicates -------------------------------------------------------------------
 */

static bool asks(const operand *left, const operand *right, elc_predicate p,
                 double distance) {
    elc_question question = {.predicate = p, .distance = distance};
    return pair_ask(&left->wkb, &right->wkb, question).matches;
}

int cases_ask(const operand *a, const operand *b, elc_predicate p, double distance) {
    static const elc_predicate converse[] = {[ELC_INTERSECTS] = ELC_INTERSECTS,
                                             [ELC_WITHIN] = ELC_CONTAINS,
                                             [ELC_CONTAINS] = ELC_WITHIN,
                                             [ELC_COVERS] = ELC_COVERED_BY,
                                             [ELC_COVERED_BY] = ELC_COVERS,
                                             [ELC_TOUCHES] = ELC_TOUCHES,
                                             [ELC_CROSSES] = ELC_CROSSES,
                                             [ELC_OVERLAPS] = ELC_OVERLAPS,
                                             [ELC_EQUALS] = ELC_EQUALS,
                                             [ELC_DISJOINT] = ELC_DISJOINT,
                                             [ELC_NEAR] = ELC_NEAR};
    bool there = asks(a, b, p, distance), back = asks(b, a, converse[p], distance);
    return there == back ? there : -1;
}

bool cases_matrix_says(const char *m, int dim_a, int dim_b, elc_predicate p) {
    bool ii = m[0] != 'F', ie = m[2] != 'F', ei = m[6] != 'F';
    bool borders = m[1] != 'F' || m[3] != 'F' || m[4] != 'F';
    bool in_b = m[2] == 'F' && m[5] == 'F', in_a = m[6] == 'F' && m[7] == 'F';
    switch (p) {
    case ELC_INTERSECTS:
        return ii || borders;
    case ELC_DISJOINT:
        return !ii && !borders;
    case ELC_WITHIN:
        return ii && in_b;
    case ELC_CONTAINS:
        return ii && in_a;
    case ELC_COVERED_BY:
        return (ii || borders) && in_b;
    case ELC_COVERS:
        return (ii || borders) && in_a;
    case ELC_TOUCHES:
        return !ii && borders;
    case ELC_CROSSES:
        return dim_a < dim_b   ? ii && ie
               : dim_a > dim_b ? ii && ei
                               : dim_a == 1 && m[0] == '0';
    case ELC_OVERLAPS:
        return dim_a == dim_b && ii && ie && ei && (dim_a != 1 || m[0] == '1');
    default:
        return dim_a == dim_b && ii && in_a && in_b;
    }
}

/* ---- overlays ---------------------------------------------------------------------
 */

static int dimension(const GEOSGeometry *shape) {
    return GEOSGeom_getDimensions_r(shapes_geos(), shape);
}

static bool is_empty(const GEOSGeometry *shape) {
    return GEOSisEmpty_r(shapes_geos(), shape) == 1;
}

/* What elc_overlay_common leaves out. */
static bool is_sliver(const GEOSGeometry *part) {
    double xmax = 0, ymax = 0, area = 0, length = 0;
    GEOSGeom_getXMax_r(shapes_geos(), part, &xmax);
    GEOSGeom_getYMax_r(shapes_geos(), part, &ymax);
    GEOSArea_r(shapes_geos(), part, &area);
    GEOSLength_r(shapes_geos(), part, &length);
    return 2 * area <= 1e-12 * fmax(fabs(xmax), fabs(ymax)) * length;
}

/* The union of the parts of a dimension. */
static GEOSGeometry *parts_of(const GEOSGeometry *shape, int dim) {
    GEOSContextHandle_t geos = shapes_geos();
    GEOSGeometry *out = GEOSGeom_createEmptyCollection_r(geos, GEOS_GEOMETRYCOLLECTION);
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, shape); i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, shape, i);
        if (is_empty(part) || dimension(part) != dim || (dim == 2 && is_sliver(part)))
            continue;
        GEOSGeometry *more =
            is_empty(out) ? GEOSGeom_clone_r(geos, part) : GEOSUnion_r(geos, out, part);
        GEOSGeom_destroy_r(geos, out);
        out = more;
    }
    return out;
}

/* As near as the decimals of the cases are. */
static bool is_same(const GEOSGeometry *got, const GEOSGeometry *wanted, int dim) {
    GEOSContextHandle_t geos = shapes_geos();
    double far = 0, xmax = 0, ymax = 0, area = 0, apart_by = 0;
    if (is_empty(got) || is_empty(wanted))
        return is_empty(got) && is_empty(wanted);
    if (dim < 2) {
        GEOSGeom_getXMax_r(geos, wanted, &xmax);
        GEOSGeom_getYMax_r(geos, wanted, &ymax);
        GEOSHausdorffDistance_r(geos, got, wanted, &far);
        return far <= 1e-7 * (1 + fabs(xmax) + fabs(ymax));
    }
    GEOSGeometry *other = GEOSSymDifference_r(geos, got, wanted);
    GEOSArea_r(geos, other, &apart_by);
    GEOSArea_r(geos, wanted, &area);
    GEOSGeom_destroy_r(geos, other);
    return apart_by <= 1e-7 * area;
}

/* Takes the WKB; of one dimension. */
static verdict compare(elc_string *wkb, const GEOSGeometry *wanted, int dim) {
    GEOSContextHandle_t geos = shapes_geos();
    GEOSGeometry *right = parts_of(wanted, dim);
    GEOSGeometry *got =
        wkb->size > 0 ? shapes_of_wkb(wkb)
                      : GEOSGeom_createEmptyCollection_r(geos, GEOS_GEOMETRYCOLLECTION);
    GEOSGeometry *left = parts_of(got, dim);
    bool same = is_same(left, right, dim);
    GEOSGeom_destroy_r(geos, got);
    GEOSGeom_destroy_r(geos, left);
    GEOSGeom_destroy_r(geos, right);
    elc_string_free(wkb);
    return same ? AGREES : DIFFERS;
}

static elc_overlay *overlay_of(const elc_string *wkb, const elc_string *more) {
    elc_overlay *o;
    elc_taken taken;
    assert_int_equal(elc_overlay_create(NULL, false, &o, NULL), ELC_OK);
    assert_int_equal(elc_overlay_add(o, wkb->data, wkb->size, NULL, &taken, NULL),
                     ELC_OK);
    if (more != NULL)
        assert_int_equal(elc_overlay_add(o, more->data, more->size, NULL, &taken, NULL),
                         ELC_OK);
    return o;
}

static void cut(const operand *a, const operand *b, elc_string *common,
                elc_string *rest) {
    elc_overlay *o = overlay_of(&b->wkb, NULL);
    elc_taken taken;
    const size_t *met;
    size_t n;
    assert_int_equal(
        elc_overlay_ask(o, a->wkb.data, a->wkb.size, NULL, &met, &n, &taken, NULL),
        ELC_OK);
    if (n > 0)
        assert_int_equal(elc_overlay_common(o, 0, common, NULL), ELC_OK);
    assert_int_equal(elc_overlay_rest(o, rest, NULL), ELC_OK);
    elc_overlay_free(o);
}

static elc_string united(const elc_string *a, const elc_string *b) {
    elc_string out = {0};
    elc_overlay *o = overlay_of(a, b);
    assert_int_equal(elc_overlay_union(o, (size_t[]){0, 1}, 2, &out, NULL), ELC_OK);
    elc_overlay_free(o);
    return out;
}

/* What one has and the other has not. */
static elc_string apart(const operand *a, const operand *b) {
    elc_string common = {0}, left = {0}, right = {0}, out = {0};
    cut(a, b, &common, &left);
    cut(b, a, &common, &right);
    if (left.size > 0 && right.size > 0)
        out = united(&left, &right);
    else
        elc_string_append(&out, left.size > 0 ? left.data : right.data,
                          left.size > 0 ? left.size : right.size, NULL);
    elc_string_free(&common);
    elc_string_free(&left);
    elc_string_free(&right);
    return out;
}

verdict cases_overlay(const char *name, const operand *a, const operand *b,
                      const operand *wanted) {
    elc_string common = {0}, rest = {0}, out;
    int dim_a = dimension(a->shape), dim_b = dimension(b->shape);
    int high = dim_a > dim_b ? dim_a : dim_b;
    if (is_empty(a->shape) || is_empty(b->shape))
        return PASSED_OVER; /* nothing is of no dimension here */
    if (strcmp(name, "union") == 0) {
        out = united(&a->wkb, &b->wkb);
        return compare(&out, wanted->shape, high);
    }
    if (strcmp(name, "symdifference") == 0 && dim_a != dim_b)
        return PASSED_OVER;
    if (strcmp(name, "symdifference") == 0) {
        out = apart(a, b);
        return compare(&out, wanted->shape, dim_a);
    }
    cut(a, b, &common, &rest);
    bool both = strcmp(name, "intersection") == 0;
    out = both ? common : rest;
    elc_string_free(both ? &rest : &common);
    return compare(&out, wanted->shape, both && dim_b < dim_a ? dim_b : dim_a);
}

static double area_of(elc_string *wkb) {
    double area = 0;
    if (wkb->size > 0) {
        GEOSGeometry *shape = shapes_of_wkb(wkb);
        GEOSArea_r(shapes_geos(), shape, &area);
        GEOSGeom_destroy_r(shapes_geos(), shape);
    }
    elc_string_free(wkb);
    return area;
}

verdict cases_areas(const operand *a, const operand *b) {
    elc_string common = {0}, rest = {0};
    double whole = 0;
    cut(a, b, &common, &rest);
    GEOSArea_r(shapes_geos(), a->shape, &whole);
    double parts = area_of(&common) + area_of(&rest);
    return fabs(parts - whole) <= 1e-6 * whole || is_sliver(a->shape) ? AGREES
                                                                      : DIFFERS;
}

/* ---- measures ---------------------------------------------------------------------
 */

static elc_measured measured(const operand *a, elc_measure_wish wish,
                             elc_string *made) {
    elc_measure *m;
    elc_measured got;
    assert_int_equal(elc_measure_create(NULL, false, &m, NULL), ELC_OK);
    assert_int_equal(
        elc_measure_wkb(m, a->wkb.data, a->wkb.size, &wish, &got, made, NULL), ELC_OK);
    elc_measure_free(m);
    return got;
}

verdict cases_centroid(const operand *a, const operand *wanted) {
    double x = NAN, y = NAN;
    elc_measured got = measured(a, (elc_measure_wish){.centroid = true}, NULL);
    if (is_empty(wanted->shape))
        return isnan(got.centroid.x) && isnan(got.centroid.y) ? AGREES : DIFFERS;
    GEOSGeomGetX_r(shapes_geos(), wanted->shape, &x);
    GEOSGeomGetY_r(shapes_geos(), wanted->shape, &y);
    double most = 1e-9 * (1 + fabs(x) + fabs(y));
    bool same = fabs(got.centroid.x - x) <= most && fabs(got.centroid.y - y) <= most;
    return same ? AGREES : DIFFERS;
}

verdict cases_hull(const operand *a, const operand *wanted) {
    elc_string hull = {0};
    if (is_empty(a->shape))
        return PASSED_OVER;
    measured(a, (elc_measure_wish){.shape = ELC_MEASURE_HULL}, &hull);
    return compare(&hull, wanted->shape, dimension(wanted->shape));
}

verdict cases_validity(const operand *a, bool wanted) {
    elc_measured got = measured(a, (elc_measure_wish){.validity = true}, NULL);
    bool valid = got.validity == ELC_MEASURE_IS_VALID;
    return valid == wanted ? AGREES : DIFFERS;
}
