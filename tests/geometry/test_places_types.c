/* test_places_types.c - every type of geometry with every other, with Z, M and EMPTY,
   under every predicate: as GEOS says of what GDAL makes of the same bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <geos_c.h>
#include <ogr_api.h>

enum { TYPES = 7, OF_EACH = 3, PLACES = TYPES * 4 * OF_EACH };

typedef struct place {
    uint32_t kind;
    elc_string wkb;
    GEOSGeometry *flat; /* without Z and M */
} place;

static GEOSContextHandle_t geos;

static void stay_silent(const char *message, void *arg) {
    (void)message;
    (void)arg;
}

static int set_up(void **state) {
    (void)state;
    geos = GEOS_init_r();
    GEOSContext_setErrorMessageHandler_r(geos, stay_silent, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

/* ---- places -----------------------------------------------------------------------
 */

/* GEOS 3.11 reads no memory where they are asked for. */
static void leave_empty_parts_out(OGRGeometryH shape) {
    if (wkbFlatten(OGR_G_GetGeometryType(shape)) < wkbMultiPoint)
        return;
    for (int i = OGR_G_GetGeometryCount(shape) - 1; i >= 0; i--) {
        OGRGeometryH part = OGR_G_GetGeometryRef(shape, i);
        leave_empty_parts_out(part);
        if (OGR_G_IsEmpty(part))
            OGR_G_RemoveGeometry(shape, i, true);
    }
}

static GEOSGeometry *flat_of(const elc_string *wkb) {
    OGRGeometryH shape = NULL;
    assert_int_equal(OGR_G_CreateFromWkb(wkb->data, NULL, &shape, (int)wkb->size), 0);
    OGR_G_FlattenTo2D(shape);
    leave_empty_parts_out(shape);
    size_t size = (size_t)OGR_G_WkbSize(shape);
    unsigned char *bytes = malloc(size);
    OGR_G_ExportToIsoWkb(shape, wkbNDR, bytes);
    GEOSGeometry *flat = GEOSGeomFromWKB_buf_r(geos, bytes, size);
    free(bytes);
    OGR_G_DestroyGeometry(shape);
    assert_non_null(flat);
    return flat;
}

static void fill(place places[PLACES]) {
    for (int i = 0; i < PLACES; i++) {
        random_wish wish = {
            .z = i / TYPES % 2, .m = i / TYPES / 2 % 2, .lattice = true};
        places[i] = (place){.kind = (uint32_t)(i % TYPES) + 1};
        random_wkb(places[i].kind, &wish, &places[i].wkb);
        places[i].flat = flat_of(&places[i].wkb);
    }
}

static void clear(place places[PLACES]) {
    for (int i = 0; i < PLACES; i++) {
        elc_string_free(&places[i].wkb);
        GEOSGeom_destroy_r(geos, places[i].flat);
    }
}

/* ---- the oracle -------------------------------------------------------------------
 */

typedef char (*predicate)(GEOSContextHandle_t, const GEOSGeometry *,
                          const GEOSGeometry *);

/* Whether parts of two places are near where what an odd number of a part's rings hold
   is its inside: GEOS looks at no hole that is beyond the shell. */
static bool parts_near(const GEOSGeometry *a, const GEOSGeometry *b, double far) {
    bool several = GEOSGeomTypeId_r(geos, a) >= GEOS_MULTIPOINT;
    for (int i = 0; several && i < GEOSGetNumGeometries_r(geos, a); i++)
        if (parts_near(GEOSGetGeometryN_r(geos, a, i), b, far))
            return true;
    if (several || GEOSisEmpty_r(geos, a) || GEOSisEmpty_r(geos, b))
        return false;
    if (GEOSGeomTypeId_r(geos, b) >= GEOS_MULTIPOINT)
        return parts_near(b, a, far);
    GEOSGeometry *one = GEOSMakeValid_r(geos, a), *other = GEOSMakeValid_r(geos, b);
    bool near = GEOSDistanceWithin_r(geos, one, other, far) == 1;
    GEOSGeom_destroy_r(geos, one);
    GEOSGeom_destroy_r(geos, other);
    return near;
}

/* Disjoint is what does not intersect, since GEOS's own is another on invalid places;
   what it cannot say is no. */
static bool says(elc_question q, const GEOSGeometry *left, const GEOSGeometry *right) {
    static const predicate predicates[] = {
        GEOSIntersects_r, GEOSWithin_r,  GEOSContains_r, GEOSCovers_r, GEOSCoveredBy_r,
        GEOSTouches_r,    GEOSCrosses_r, GEOSOverlaps_r, GEOSEquals_r};
    if (GEOSisEmpty_r(geos, left) || GEOSisEmpty_r(geos, right))
        return false;
    if (q.predicate == ELC_NEAR)
        return GEOSDistanceWithin_r(geos, left, right, q.distance) == 1 ||
               parts_near(left, right, q.distance);
    if (q.predicate == ELC_DISJOINT)
        return GEOSIntersects_r(geos, left, right) == 0;
    return predicates[q.predicate](geos, left, right) == 1;
}

/* How many right places match, which are those that GEOS names. */
static size_t row_agrees(elc_asker *asker, elc_question q, const place *left,
                         const place right[PLACES]) {
    elc_place_state said;
    const uint32_t *rows;
    size_t n, at = 0;
    assert_int_equal(
        elc_asker_find(asker, left->wkb.data, left->wkb.size, &said, &rows, &n, NULL),
        ELC_OK);
    for (uint32_t i = 0; i < PLACES; i++) {
        bool has = at < n && rows[at] == i;
        at += has;
        if (has == says(q, left->flat, right[i].flat))
            continue;
        elc_string a = {0}, b = {0};
        elc_wkb_to_wkt(left->wkb.data, left->wkb.size, ELC_EXACT, &a, NULL);
        elc_wkb_to_wkt(right[i].wkb.data, right[i].wkb.size, ELC_EXACT, &b, NULL);
        fail_msg("predicate %d: %d, %s and %s", q.predicate, has, a.data, b.data);
    }
    assert_int_equal(at, n);
    return n;
}

static void all_agree(elc_question q, const place left[PLACES],
                      const place right[PLACES]) {
    elc_places *places;
    elc_asker *asker;
    elc_place_state said;
    size_t matches = 0;
    assert_int_equal(elc_places_create(&places, NULL), ELC_OK);
    for (int i = 0; i < PLACES; i++)
        assert_int_equal(elc_places_add(places, right[i].wkb.data, right[i].wkb.size,
                                        NULL, &said, NULL),
                         ELC_OK);
    assert_int_equal(elc_places_build(places, 1, NULL), ELC_OK);
    assert_int_equal(elc_asker_create(places, &q, &asker, NULL), ELC_OK);
    for (int i = 0; i < PLACES; i++)
        matches += row_agrees(asker, q, &left[i], right);
    assert_true(matches > 0);
    elc_asker_free(asker);
    elc_places_free(places);
}

/* A part that is EMPTY made GEOS 3.11 read no memory. */
static void test_places_with_empty_parts_are_answered(void **state) {
    static const char some[] = "MULTIPOINT (EMPTY, (3 4))";
    static const char box[] = "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))";
    static const char half[] = "MULTIPOLYGON (EMPTY, ((0 0, 9 0, 9 9, 0 0)))";
    static const char nest[] = "GEOMETRYCOLLECTION (MULTIPOINT (EMPTY, (8 3)))";
    elc_question near = {.predicate = ELC_NEAR, .distance = 5};
    elc_question contains = {.predicate = ELC_CONTAINS},
                 within = {.predicate = ELC_WITHIN};
    elc_question meets = {.predicate = ELC_INTERSECTS};
    (void)state;
    assert_true(pair_ask_wkt("POINT (0 0)", some, near).matches);
    assert_true(pair_ask_wkt(some, "POINT (0 0)", near).matches);
    assert_true(pair_ask_wkt(box, some, contains).matches);
    assert_true(pair_ask_wkt(some, box, within).matches);
    assert_true(pair_ask_wkt(half, nest, meets).matches);
}

static void test_every_type_stands_to_every_other_as_geos_says(void **state) {
    static place left[PLACES], right[PLACES];
    (void)state;
    fill(left);
    fill(right);
    for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++)
        all_agree((elc_question){.predicate = p}, left, right);
    for (double far = 0; far < 3; far++)
        all_agree((elc_question){.predicate = ELC_NEAR, .distance = far}, left, right);
    clear(left);
    clear(right);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_with_empty_parts_are_answered),
        cmocka_unit_test(test_every_type_stands_to_every_other_as_geos_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
