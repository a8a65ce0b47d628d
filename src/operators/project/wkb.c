/* wkb.c - the points of a geometry moved, and all else of it kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wkb.h"

#include <math.h>
#include <string.h>

/* OGC 06-103r4, 8.2.3; PostGIS puts Z, M and SRID into high bits. */
enum {
    POINT = 1,
    LINE = 2,
    POLYGON = 3,
    CIRCULAR = 8,
    COMPOUND = 9,
    CURVEPOLYGON = 10,
    POLYHEDRAL = 15,
    TIN = 16,
    TRIANGLE = 17
};
#define HAS_Z    0x80000000u
#define HAS_M    0x40000000u
#define HAS_SRID 0x20000000u

typedef struct {
    uint8_t *at; /* in the copy whose points are moved */
    bool big;    /* its numbers have their most significant byte first */
    size_t dims;
    elc_point *points;
    const elc_point *was;
    elc_transform *way;
    double middle;   /* of the longitudes of a part; NaN: not known yet */
    uint64_t joined; /* geometries still to come that are of one part */
    bool any, nan, lost, round;
} mover;

static uint32_t take_u32(mover *m) {
    const uint8_t *b = m->at;
    m->at += 4;
    return m->big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
                        b[3]
                  : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 |
                        b[0];
}

static double number_at(const mover *m, const uint8_t *at) {
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; i++)
        bits = bits << 8 | at[m->big ? i : 7 - i];
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put_number(const mover *m, uint8_t *at, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (size_t i = 0; i < 8; i++, bits >>= 8)
        at[m->big ? 7 - i : i] = (uint8_t)(bits & 0xFF);
}

static bool all_moved(const mover *m, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (isnan(m->points[i].x))
            return false;
    return true;
}

static void move_points(mover *m, size_t count) {
    if (all_moved(m, count))
        m->round |= !elc_transform_unroll(m->way, m->was, m->points, count, &m->middle);
    m->was += count;
    for (size_t i = 0; i < count; i++, m->points++, m->at += 8 * m->dims) {
        m->any = true;
        if (isnan(number_at(m, m->at)) || isnan(number_at(m, m->at + 8))) {
            m->nan = true;
            continue;
        }
        m->lost |= isnan(m->points->x);
        put_number(m, m->at, m->points->x);
        put_number(m, m->at + 8, m->points->y);
    }
}

/* The kind of the geometry that begins here, after its header. */
static uint32_t take_header(mover *m) {
    m->big = *m->at++ == 0;
    uint32_t type = take_u32(m), plain = type & 0x1FFFFFFFu;
    uint32_t iso = plain / 1000 <= 3 ? plain / 1000 : 0;
    bool z = type & HAS_Z || iso == 1 || iso == 3;
    bool measure = type & HAS_M || iso == 2 || iso == 3;
    if (type & HAS_SRID) {
        memset(m->at, 0, 4);
        m->at += 4;
    }
    m->dims = 2u + z + measure;
    return plain - 1000 * iso;
}

/* What a collection holds follows it as if it stood alone, so that nothing nests. */
static void move_geometry(mover *m) {
    uint32_t kind = take_header(m), rings = 1;
    if (m->joined > 0)
        m->joined--;
    else
        m->middle = NAN;
    if (kind == POINT) {
        move_points(m, 1);
        return;
    }
    if (kind == POLYGON || kind == TRIANGLE)
        rings = take_u32(m);
    else if (kind != LINE && kind != CIRCULAR) {
        uint32_t parts = take_u32(m);
        if (kind == COMPOUND || kind == CURVEPOLYGON || kind == POLYHEDRAL ||
            kind == TIN)
            m->joined += parts;
        return;
    }
    for (uint32_t i = 0; i < rings; i++)
        move_points(m, take_u32(m));
}

elc_status elc_project_wkb(const void *wkb, size_t size, project_points *points,
                           project_fate *fate, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_append(out, wkb, size, err));
    uint8_t *end = (uint8_t *)out->data + out->size;
    mover m = {.at = end - size,
               .points = points->moved,
               .was = points->was,
               .way = points->way};
    while (m.at < end)
        move_geometry(&m);
    *fate = m.lost            ? PROJECT_LOST
            : m.round         ? PROJECT_ROUND
            : m.nan || !m.any ? PROJECT_BARE
                              : PROJECT_MOVED;
    return ELC_OK;
}
