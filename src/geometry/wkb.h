/* wkb.h - the types of WKB, and its bytes read and written (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_WKB_H
#define ELCANO_SRC_GEOMETRY_WKB_H

#include <elcano/geo.h>

/* OGC 06-103r4, 8.2.3. */
enum {
    ELC_WKB_POINT = 1,
    ELC_WKB_LINE = 2,
    ELC_WKB_POLYGON = 3,
    ELC_WKB_MULTIPOINT = 4,
    ELC_WKB_MULTILINE = 5,
    ELC_WKB_MULTIPOLYGON = 6,
    ELC_WKB_COLLECTION = 7,
    ELC_WKB_CIRCULAR = 8,
    ELC_WKB_COMPOUND = 9,
    ELC_WKB_CURVEPOLYGON = 10,
    ELC_WKB_MULTICURVE = 11,
    ELC_WKB_MULTISURFACE = 12,
    ELC_WKB_CURVE = 13, /* which has no geometries of its own, nor has the next */
    ELC_WKB_SURFACE = 14,
    ELC_WKB_POLYHEDRAL = 15,
    ELC_WKB_TIN = 16,
    ELC_WKB_TRIANGLE = 17
};

enum { ELC_WKB_DEPTH = 32 }; /* collections in each other */

/* What a type is made of. */
typedef enum elc_wkb_build {
    ELC_BUILT_OF_CURVES, /* which only elc_wkb_check knows */
    ELC_BUILT_AS_POINT,
    ELC_BUILT_AS_LINE,
    ELC_BUILT_OF_RINGS,
    ELC_BUILT_OF_PARTS, /* all of one kind */
    ELC_BUILT_OF_ANY
} elc_wkb_build;

typedef struct elc_wkb_kind {
    const char *name; /* "LINESTRING" */
    const char *json; /* "LineString"; NULL: GeoJSON has none */
    uint32_t number, part;
    elc_wkb_build build;
} elc_wkb_kind;

/* NULL: there is none. `number` is without Z and M; the last two take letters of either
   case, and of GeoJSON's spelling. */
const elc_wkb_kind *elc_wkb_kind_of(uint32_t number);
const elc_wkb_kind *elc_wkb_kind_named(const char *name, size_t n);
const elc_wkb_kind *elc_wkb_kind_of_json(const char *name, size_t n);
/* ELC_E_UNSUPPORTED for one of curves, else ELC_OK. */
elc_status elc_wkb_refuse_curves(const elc_wkb_kind *kind, elc_error *err);

/* PostGIS puts Z, M and SRID into high bits, ISO adds 1000, 2000 and 3000. */
uint32_t elc_wkb_split(uint32_t type, bool *z, bool *m, bool *srid);

/* ---- reading what elc_wkb_check took ----------------------------------------------
 */

typedef struct elc_wkb_cursor {
    const uint8_t *at;
    bool big; /* most significant bytes first */
} elc_wkb_cursor;

/* How a geometry begins. */
typedef struct elc_wkb_head {
    const elc_wkb_kind *kind;
    bool z, m, has_srid;
    uint32_t srid;
    uint32_t count; /* of points, rings or parts; of a point 1 */
    bool nothing;   /* has no points or parts: a point of two NaN, or a count of 0 */
} elc_wkb_head;

elc_wkb_head elc_wkb_begin(elc_wkb_cursor *c);
uint32_t elc_wkb_number(elc_wkb_cursor *c);
void elc_wkb_reals(elc_wkb_cursor *c, double *out, size_t n);

/* Twice the area of a ring, closed or not; less than 0 where it turns clockwise. */
double elc_ring_twice_area(const elc_point *ring, size_t n);

static inline size_t elc_wkb_dims(bool z, bool m) {
    return 2u + z + m;
}

/* ---- writing ----------------------------------------------------------------------
 */

elc_status elc_wkb_put_number(elc_string *out, uint32_t value, elc_error *err);
elc_status elc_wkb_put_reals(elc_string *out, const double *values, size_t n,
                             elc_error *err);
/* Byte order and ISO's type. */
elc_status elc_wkb_put_type(elc_string *out, uint32_t kind, bool z, bool m,
                            elc_error *err);
/* Overwrites a number, or a type, that was put at `at`. */
void elc_wkb_mend_number(elc_string *out, size_t at, uint32_t value);
void elc_wkb_mend_type(elc_string *out, size_t at, uint32_t kind, bool z, bool m);
/* Takes what was begun and failed away from `out`, which had `before` bytes. */
elc_status elc_wkb_keep_or_undo(elc_string *out, size_t before, elc_status status);

#endif
