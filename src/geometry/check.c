/* check.c - WKB from outside, walked without believing any of its numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include "geometry/wkb.h"

#include <string.h>

#define CHILD_MIN 9 /* bytes of the smallest geometry: order, type, count */

typedef struct reader {
    const uint8_t *bytes;
    size_t size, at;
    int depth;
    bool big; /* the geometry being read has its most significant byte first */
    size_t dims;
    elc_point **points; /* NULL: they are passed over */
    size_t *n, *capacity;
    bool joined; /* as one ring that begins at `first` */
    size_t first;
    size_t **ends; /* of lines and rings in `points`; NULL: not wanted */
    size_t *n_ends, *end_capacity;
} reader;

static elc_status check_geometry(reader *r, uint32_t allowed, elc_error *err);

static elc_status fail_at(const reader *r, elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "WKB of %zu bytes: at byte %zu %s", r->size,
                    r->at, what);
}

static elc_status read_u32(reader *r, uint32_t *out, elc_error *err) {
    if (r->size - r->at < 4)
        return fail_at(r, err, "it ends within a number");
    const uint8_t *b = r->bytes + r->at;
    *out =
        r->big
            ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
            : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
    r->at += 4;
    return ELC_OK;
}

/* A count whose items of at least `least` bytes fit into what is left. */
static elc_status read_count(reader *r, size_t least, uint32_t *out, elc_error *err) {
    uint32_t count = 0;
    ELC_TRY(read_u32(r, &count, err));
    if (count > (r->size - r->at) / least)
        return elc_fail(
            err, ELC_E_FORMAT,
            "WKB of %zu bytes: at byte %zu it counts %u items, more than it has "
            "room for",
            r->size, r->at - 4, count);
    *out = count;
    return ELC_OK;
}

static double number_at(const uint8_t *b, bool big) {
    uint64_t bits = 0;
    if (big)
        for (size_t i = 0; i < 8; i++)
            bits = bits << 8 | b[i];
    else
        for (size_t i = 0; i < 8; i++)
            bits |= (uint64_t)b[i] << 8 * i;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The order of bytes is a constant where this is called: then it is a move of memory.
 */
static inline void copy_points(const uint8_t *from, size_t step, size_t n, bool big,
                               elc_point *to) {
    for (size_t i = 0; i < n; i++, from += step)
        to[i] = (elc_point){number_at(from, big), number_at(from + 8, big)};
}

static elc_status take_points(const reader *r, size_t count, elc_error *err) {
    size_t need;
    if (count == 0) /* there may be no memory to add it to */
        return ELC_OK;
    if (__builtin_add_overflow(*r->n, count, &need))
        return elc_fail(err, ELC_E_MEMORY, "more points than can be counted");
    ELC_TRY(elc_reserve(r->points, r->capacity, need, sizeof **r->points, err));
    elc_point *to = *r->points + *r->n;
    if (r->big)
        copy_points(r->bytes + r->at, 8 * r->dims, count, true, to);
    else
        copy_points(r->bytes + r->at, 8 * r->dims, count, false, to);
    *r->n = need;
    return ELC_OK;
}

/* A further ring of an outline: a line to it from the first point, and back. */
static elc_status join_points(const reader *r, size_t count, elc_error *err) {
    size_t begin = *r->n;
    if (count == 0)
        return ELC_OK;
    if (begin == r->first) {
        ELC_TRY(take_points(r, count, err));
        const elc_point *p = *r->points + begin;
        bool closed = count > 1 && p[0].x == p[count - 1].x && p[0].y == p[count - 1].y;
        *r->n -= closed;
        return ELC_OK;
    }
    ELC_TRY(elc_reserve(r->points, r->capacity, begin + 1, sizeof **r->points, err));
    (*r->points)[(*r->n)++] = (*r->points)[r->first];
    return take_points(r, count, err);
}

static elc_status skip_points(reader *r, size_t count, elc_error *err) {
    size_t point = 8 * r->dims;
    if (count > (r->size - r->at) / point)
        return fail_at(r, err, "it ends within a point");
    if (r->joined)
        ELC_TRY(join_points(r, count, err));
    else if (r->points != NULL)
        ELC_TRY(take_points(r, count, err));
    r->at += count * point;
    return ELC_OK;
}

static elc_status check_line(reader *r, elc_error *err) {
    uint32_t count = 0;
    ELC_TRY(read_count(r, 8 * r->dims, &count, err));
    ELC_TRY(skip_points(r, count, err));
    if (r->ends == NULL)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(r->ends, r->end_capacity, *r->n_ends + 1, sizeof **r->ends, err));
    (*r->ends)[(*r->n_ends)++] = *r->n;
    return ELC_OK;
}

static elc_status check_rings(reader *r, elc_error *err) {
    uint32_t count = 0;
    ELC_TRY(read_count(r, 4, &count, err));
    for (uint32_t i = 0; i < count; i++)
        ELC_TRY(check_line(r, err));
    return ELC_OK;
}

static elc_status check_children(reader *r, uint32_t allowed, elc_error *err) {
    uint32_t count = 0;
    ELC_TRY(read_count(r, CHILD_MIN, &count, err));
    if (r->depth >= ELC_WKB_DEPTH)
        return elc_fail(err, ELC_E_FORMAT,
                        "WKB of %zu bytes: at byte %zu it is nested deeper than %d",
                        r->size, r->at, ELC_WKB_DEPTH);
    r->depth++;
    for (uint32_t i = 0; i < count; i++)
        ELC_TRY(check_geometry(r, allowed, err));
    r->depth--;
    return ELC_OK;
}

/* The types that may be inside a type, one bit each; 0: it has no children. */
static uint32_t children_of(uint32_t kind) {
    enum { CURVES = 1u << ELC_WKB_LINE | 1u << ELC_WKB_CIRCULAR };
    switch (kind) {
    case ELC_WKB_MULTIPOINT:
        return 1u << ELC_WKB_POINT;
    case ELC_WKB_MULTILINE:
        return 1u << ELC_WKB_LINE;
    case ELC_WKB_MULTIPOLYGON:
    case ELC_WKB_POLYHEDRAL:
        return 1u << ELC_WKB_POLYGON;
    case ELC_WKB_COLLECTION:
        return UINT32_MAX;
    case ELC_WKB_COMPOUND:
        return CURVES;
    case ELC_WKB_CURVEPOLYGON:
    case ELC_WKB_MULTICURVE:
        return CURVES | 1u << ELC_WKB_COMPOUND;
    case ELC_WKB_MULTISURFACE:
        return 1u << ELC_WKB_POLYGON | 1u << ELC_WKB_CURVEPOLYGON;
    case ELC_WKB_TIN:
        return 1u << ELC_WKB_TRIANGLE | 1u << ELC_WKB_POLYGON;
    default:
        return 0;
    }
}

static elc_status check_body(reader *r, uint32_t kind, elc_error *err) {
    switch (kind) {
    case ELC_WKB_POINT:
        return skip_points(r, 1, err);
    case ELC_WKB_LINE:
    case ELC_WKB_CIRCULAR:
        return check_line(r, err);
    case ELC_WKB_POLYGON:
    case ELC_WKB_TRIANGLE:
        return check_rings(r, err);
    default:
        return check_children(r, children_of(kind), err);
    }
}

static bool is_known(uint32_t kind) {
    return elc_wkb_kind_of(kind) != NULL && kind != ELC_WKB_CURVE &&
           kind != ELC_WKB_SURFACE;
}

static elc_status check_geometry(reader *r, uint32_t allowed, elc_error *err) {
    if (r->at >= r->size)
        return fail_at(r, err, "a geometry is missing");
    uint8_t order = r->bytes[r->at];
    if (order > 1)
        return fail_at(r, err, "the byte order is neither 0 nor 1");
    r->at++;
    r->big = order == 0;
    uint32_t type = 0, number = 0;
    bool z = false, m = false, srid = false;
    ELC_TRY(read_u32(r, &type, err));
    uint32_t kind = elc_wkb_split(type, &z, &m, &srid);
    if (!is_known(kind))
        return elc_fail(
            err, ELC_E_FORMAT,
            "WKB of %zu bytes: at byte %zu the geometry type is %u, none that "
            "is known",
            r->size, r->at - 4, type);
    if (!(allowed >> kind & 1))
        return elc_fail(
            err, ELC_E_FORMAT,
            "WKB of %zu bytes: at byte %zu a geometry of type %u is inside one "
            "that cannot hold it",
            r->size, r->at - 4, kind);
    if (srid)
        ELC_TRY(read_u32(r, &number, err));
    r->dims = 2u + z + m;
    return check_body(r, kind, err);
}

static elc_status check_all(reader *r, elc_error *err) {
    ELC_TRY(check_geometry(r, UINT32_MAX, err));
    if (r->at < r->size)
        return fail_at(r, err, "the geometry has ended, but not the bytes");
    return ELC_OK;
}

/* One ring of x and y, as boxes are. */
static bool is_plain_polygon(const uint8_t *wkb, size_t size) {
    static const uint8_t head[] = {1, ELC_WKB_POLYGON, 0, 0, 0, 1, 0, 0, 0};
    uint32_t points;
    if (wkb == NULL || size < sizeof head + sizeof points ||
        memcmp(wkb, head, sizeof head) != 0)
        return false;
    memcpy(&points, wkb + sizeof head, sizeof points);
    return size - sizeof head - sizeof points == (size_t)points * 16;
}

elc_status elc_wkb_check(const void *wkb, size_t size, elc_error *err) {
    elc_point point;
    if (elc_wkb_plain_point(wkb, size, &point) || /* as most are, of many */
        is_plain_polygon(wkb, size))
        return ELC_OK;
    reader r = {.bytes = wkb, .size = wkb ? size : 0};
    return check_all(&r, err);
}

elc_status elc_wkb_points(const void *wkb, size_t size, elc_point **points, size_t *n,
                          size_t *capacity, elc_error *err) {
    reader r = {.bytes = wkb, .size = wkb ? size : 0};
    r.points = points;
    r.n = n;
    r.capacity = capacity;
    return check_all(&r, err);
}

elc_status elc_wkb_rings(const void *wkb, size_t size, elc_point **points, size_t *n,
                         size_t *capacity, size_t **ends, size_t *n_ends,
                         size_t *end_capacity, elc_error *err) {
    reader r = {.bytes = wkb, .size = wkb ? size : 0};
    r.points = points;
    r.n = n;
    r.capacity = capacity;
    r.ends = ends;
    r.n_ends = n_ends;
    r.end_capacity = end_capacity;
    return check_all(&r, err);
}

elc_status elc_wkb_shape(const void *wkb, size_t size, elc_point **points, size_t *n,
                         size_t *capacity, elc_error *err) {
    reader r = {.bytes = wkb, .size = wkb ? size : 0};
    r.points = points;
    r.n = n;
    r.capacity = capacity;
    r.joined = true;
    r.first = *n;
    return check_all(&r, err);
}
