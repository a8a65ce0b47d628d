/* geojson_read.c - geometries of GeoJSON, which nobody vouches for, as WKB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <string.h>

#include "geometry/json.h"
#include "geometry/wkb.h"

#define NOT_THERE SIZE_MAX

typedef struct reader {
    elc_json json;
    int depth;
    bool z;      /* what is being read has three numbers a position */
    bool z_late; /* a position had three, though `z` is false: it must be read again */
    elc_string *out;
} reader;

/* Where the members of an object begin. */
typedef struct members {
    const elc_wkb_kind *kind;
    size_t coordinates, geometries, crs, end;
} members;

static elc_status fail_at(reader *r, size_t at, elc_error *err, const char *what) {
    r->json.at = at;
    return elc_json_fail(&r->json, err, what);
}

/* ---- objects ----------------------------------------------------------------------
 */

static elc_status read_type(elc_json *j, members *m, elc_error *err) {
    const char *type;
    size_t n;
    ELC_TRY(elc_json_string(j, &type, &n, err));
    m->kind = elc_wkb_kind_of_json(type, n);
    if (m->kind != NULL)
        return ELC_OK;
    if (elc_json_is(type, n, "Feature") || elc_json_is(type, n, "FeatureCollection"))
        return elc_json_fail(j, err,
                             "a Feature stands where a geometry is wanted; give its "
                             "member \"geometry\"");
    return elc_json_fail(j, err, "the type is none of GeoJSON's seven geometries");
}

static elc_status find_member(elc_json *j, members *m, elc_error *err) {
    const char *name;
    size_t n;
    ELC_TRY(elc_json_string(j, &name, &n, err));
    ELC_TRY(elc_json_need(j, ':', err));
    if (elc_json_is(name, n, "type"))
        return read_type(j, m, err);
    if (elc_json_is(name, n, "coordinates"))
        m->coordinates = j->at;
    else if (elc_json_is(name, n, "geometries"))
        m->geometries = j->at;
    else if (elc_json_is(name, n, "crs"))
        m->crs = j->at;
    return elc_json_skip(j, err);
}

/* The type may come last, so members are looked for before they are read. */
static elc_status find_members(elc_json *j, members *m, elc_error *err) {
    *m = (members){.coordinates = NOT_THERE, .geometries = NOT_THERE, .crs = NOT_THERE};
    ELC_TRY(elc_json_need(j, '{', err));
    if (!elc_json_take(j, '}')) {
        do
            ELC_TRY(find_member(j, m, err));
        while (elc_json_take(j, ','));
        ELC_TRY(elc_json_need(j, '}', err));
    }
    m->end = j->at;
    if (m->kind == NULL)
        return elc_json_fail(j, err, "a geometry has ended without a \"type\"");
    bool any = m->kind->build == ELC_BUILT_OF_ANY;
    if ((any ? m->geometries : m->coordinates) == NOT_THERE)
        return elc_json_fail(j, err,
                             any ? "a collection has ended without \"geometries\""
                                 : "a geometry has ended without \"coordinates\"");
    return ELC_OK;
}

/* ---- coordinates ------------------------------------------------------------------
 */

/* After its "[". */
static elc_status read_position(reader *r, elc_error *err) {
    double point[3] = {NAN, NAN, NAN}, beyond;
    size_t n = 0;
    do {
        ELC_TRY(elc_json_number(&r->json, n < 3 ? &point[n] : &beyond, err));
        n++;
    } while (elc_json_take(&r->json, ','));
    ELC_TRY(elc_json_need(&r->json, ']', err));
    if (n < 2)
        return elc_json_fail(&r->json, err, "a position has one number");
    r->z_late |= n > 2 && !r->z;
    return elc_wkb_put_reals(r->out, point, 2u + r->z, err);
}

static elc_status read_single(reader *r, elc_error *err) {
    static const double none[] = {NAN, NAN, NAN};
    ELC_TRY(elc_json_need(&r->json, '[', err));
    if (elc_json_take(&r->json, ']'))
        return elc_wkb_put_reals(r->out, none, 2u + r->z, err);
    return read_position(r, err);
}

static elc_status read_item_position(reader *r, const elc_wkb_kind *kind,
                                     elc_error *err) {
    (void)kind;
    ELC_TRY(elc_json_need(&r->json, '[', err));
    return read_position(r, err);
}

/* A list of items, whose count goes before them. */
static elc_status read_list(reader *r, const elc_wkb_kind *kind,
                            elc_status (*item)(reader *, const elc_wkb_kind *,
                                               elc_error *),
                            elc_error *err) {
    size_t at = r->out->size;
    uint32_t count = 0;
    ELC_TRY(elc_wkb_put_number(r->out, 0, err));
    ELC_TRY(elc_json_need(&r->json, '[', err));
    if (elc_json_take(&r->json, ']'))
        return ELC_OK;
    do {
        ELC_TRY(item(r, kind, err));
        count++;
    } while (elc_json_take(&r->json, ','));
    elc_wkb_mend_number(r->out, at, count);
    return elc_json_need(&r->json, ']', err);
}

static elc_status read_item_ring(reader *r, const elc_wkb_kind *kind, elc_error *err) {
    return read_list(r, kind, read_item_position, err);
}

static elc_status read_coordinates(reader *r, const elc_wkb_kind *kind, elc_error *err);

static elc_status read_item_part(reader *r, const elc_wkb_kind *kind, elc_error *err) {
    const elc_wkb_kind *part = elc_wkb_kind_of(kind->part);
    ELC_TRY(elc_wkb_put_type(r->out, part->number, r->z, false, err));
    return read_coordinates(r, part, err);
}

static elc_status read_coordinates(reader *r, const elc_wkb_kind *kind,
                                   elc_error *err) {
    switch (kind->build) {
    case ELC_BUILT_AS_POINT:
        return read_single(r, err);
    case ELC_BUILT_AS_LINE:
        return read_list(r, kind, read_item_position, err);
    case ELC_BUILT_OF_RINGS:
        return read_list(r, kind, read_item_ring, err);
    default:
        return read_list(r, kind, read_item_part, err);
    }
}

/* ---- geometries -------------------------------------------------------------------
 */

/* Twice where a later position has a Z that the first ones lack. */
static elc_status read_plain(reader *r, const members *m, elc_error *err) {
    size_t before = r->out->size;
    r->z = false;
    do {
        r->z |= r->z_late;
        r->z_late = false;
        r->out->size = before;
        r->json.at = m->coordinates;
        ELC_TRY(elc_wkb_put_type(r->out, m->kind->number, r->z, false, err));
        ELC_TRY(read_coordinates(r, m->kind, err));
    } while (r->z_late);
    return ELC_OK;
}

static elc_status read_object(reader *r, members *m, elc_error *err);

static elc_status read_item_object(reader *r, const elc_wkb_kind *kind,
                                   elc_error *err) {
    members m;
    bool z = r->z;
    (void)kind;
    ELC_TRY(read_object(r, &m, err));
    r->z |= z;
    return ELC_OK;
}

/* `z` is afterwards whether any of its geometries has it. */
static elc_status read_collection(reader *r, const members *m, elc_error *err) {
    size_t at = r->out->size;
    if (r->depth >= ELC_WKB_DEPTH)
        return fail_at(r, m->geometries, err, "it is nested deeper than 32");
    r->depth++;
    r->z = false;
    r->json.at = m->geometries;
    ELC_TRY(elc_wkb_put_type(r->out, ELC_WKB_COLLECTION, false, false, err));
    ELC_TRY(read_list(r, m->kind, read_item_object, err));
    elc_wkb_mend_type(r->out, at, ELC_WKB_COLLECTION, r->z, false);
    r->depth--;
    return ELC_OK;
}

static elc_status read_object(reader *r, members *m, elc_error *err) {
    ELC_TRY(find_members(&r->json, m, err));
    ELC_TRY(m->kind->build == ELC_BUILT_OF_ANY ? read_collection(r, m, err)
                                               : read_plain(r, m, err));
    r->json.at = m->end;
    return ELC_OK;
}

/* ---- the coordinate system of 2008 ------------------------------------------------
 */

/* "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84" */
static bool srid_of(const char *name, size_t n, int32_t *srid) {
    size_t at = n;
    int64_t code = 0, ten = 1;
    if (n >= 5 && memcmp(name + n - 5, "CRS84", 5) == 0) {
        *srid = 4326;
        return true;
    }
    for (; at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9'; at--) {
        if (ten > INT32_MAX)
            return false;
        code += ten * (name[at - 1] - '0');
        ten *= 10;
    }
    *srid = (int32_t)code;
    return n > 5 && at < n && at > 0 && name[at - 1] == ':' && code > 0 &&
           code <= INT32_MAX &&
           (memcmp(name, "EPSG:", 5) == 0 ||
            (n > 22 && memcmp(name, "urn:ogc:def:crs:EPSG:", 21) == 0));
}

/* The value of a member, or false. */
static bool find_value(elc_json *j, const char *wanted) {
    const char *name;
    size_t n;
    if (!elc_json_take(j, '{'))
        return false;
    do {
        if (elc_json_string(j, &name, &n, NULL) != ELC_OK || !elc_json_take(j, ':'))
            return false;
        if (elc_json_is(name, n, wanted))
            return true;
        if (elc_json_skip(j, NULL) != ELC_OK)
            return false;
    } while (elc_json_take(j, ','));
    return false;
}

static elc_status read_crs(reader *r, size_t at, int32_t *srid, elc_error *err) {
    elc_json j = r->json;
    const char *name = "";
    size_t n = 0;
    *srid = 0;
    if (at == NOT_THERE)
        return ELC_OK;
    j.at = at;
    elc_json_blanks(&j);
    if (j.text[j.at] == 'n') /* null: it is not known */
        return ELC_OK;
    if (find_value(&j, "properties") && find_value(&j, "name") &&
        elc_json_string(&j, &name, &n, NULL) == ELC_OK && srid_of(name, n, srid))
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "GeoJSON: its crs \"%.*s\" is none such as EPSG:32633 or "
                    "urn:ogc:def:crs:OGC:1.3:CRS84",
                    n < 80 ? (int)n : 80, name);
}

static elc_status read_all(reader *r, int32_t *srid, elc_error *err) {
    members m;
    ELC_TRY(read_object(r, &m, err));
    elc_json_blanks(&r->json);
    if (r->json.at < r->json.size)
        return elc_json_fail(&r->json, err, "the geometry has ended, but not the text");
    return read_crs(r, m.crs, srid, err);
}

elc_status elc_wkb_from_geojson(const char *text, size_t size, elc_string *out,
                                int32_t *srid, elc_error *err) {
    reader r = {.json = {.text = text, .size = size}, .out = out};
    size_t before = out->size;
    int32_t stated = 0;
    if (size > UINT32_MAX)
        return elc_fail(
            err, ELC_E_FORMAT,
            "GeoJSON of %zu bytes: more than the 4294967295 of one geometry", size);
    ELC_TRY(elc_wkb_keep_or_undo(out, before, read_all(&r, &stated, err)));
    if (srid != NULL)
        *srid = stated;
    return ELC_OK;
}
