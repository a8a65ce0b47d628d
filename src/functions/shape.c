/* shape.c - a caller's way to GEOS: arguments as shapes, shapes as results. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

#include "functions/head.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORTH_PREPARING = 3 };

/* ---- life ------------------------------------------------------------------------ */

static void keep_message(const char *message, void *data) {
    elc_shapes *s = data;
    snprintf(s->said, sizeof s->said, "%s", message);
}

static bool open_geos(elc_shapes *s) {
    s->geos = GEOS_init_r();
    if (s->geos == NULL)
        return false;
    GEOSContext_setErrorMessageHandler_r(s->geos, keep_message, s);
    s->reader = GEOSWKBReader_create_r(s->geos);
    s->writer = GEOSWKBWriter_create_r(s->geos);
    if (s->reader == NULL || s->writer == NULL)
        return false;
    GEOSWKBWriter_setByteOrder_r(s->geos, s->writer, GEOS_WKB_NDR);
    GEOSWKBWriter_setFlavor_r(s->geos, s->writer, GEOS_WKB_ISO);
    return true;
}

static void drop_shape(elc_shapes *s, size_t argument) {
    elc_kept_shape *kept = &s->kept[argument];
    GEOSPreparedGeom_destroy_r(s->geos, kept->prepared);
    GEOSGeom_destroy_r(s->geos, kept->shape);
    GEOSGeom_destroy_r(s->geos, kept->whole);
    kept->whole = NULL;
    kept->prepared = NULL;
    kept->shape = NULL;
    kept->wkb.any = false;
    kept->asked = 0;
}

void elc_shapes_free(elc_shapes *s) {
    if (s == NULL)
        return;
    for (size_t i = 0; i < ELC_FUNCTION_ARGUMENTS && s->geos != NULL; i++)
        drop_shape(s, i);
    for (size_t i = 0; i < ELC_FUNCTION_ARGUMENTS; i++)
        elc_string_free(&s->kept[i].wkb.bytes);
    if (s->reader != NULL)
        GEOSWKBReader_destroy_r(s->geos, s->reader);
    if (s->writer != NULL)
        GEOSWKBWriter_destroy_r(s->geos, s->writer);
    if (s->geos != NULL)
        GEOS_finish_r(s->geos);
    free(s);
}

elc_status elc_frame_geos(elc_frame *f, GEOSContextHandle_t *out, elc_error *err) {
    if (f->shapes == NULL) {
        elc_shapes *s;
        ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
        if (!open_geos(s)) {
            elc_shapes_free(s);
            return elc_fail(err, ELC_E_MEMORY, "no memory for GEOS");
        }
        f->shapes = s;
    }
    f->shapes->said[0] = '\0';
    *out = f->shapes->geos;
    return ELC_OK;
}

elc_status elc_frame_fail(const elc_frame *f, const char *what, elc_error *err) {
    const char *said = f->shapes->said;
    return elc_fail(err, ELC_E_UNSUPPORTED, "%s: %s", what,
                    said[0] != '\0' ? said
                                    : "GEOS gives no reason; there may be no memory");
}

/* ---- arguments ------------------------------------------------------------------- */

static void look_at_line(GEOSContextHandle_t geos, const GEOSGeometry *line,
                         elc_kept_shape *kept) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
    unsigned n = 0;
    elc_point p;
    if (points == NULL || !GEOSCoordSeq_getSize_r(geos, points, &n))
        return;
    for (unsigned i = 0; i < n; i++) {
        GEOSCoordSeq_getXY_r(geos, points, i, &p.x, &p.y);
        kept->finite &= isfinite(p.x) && isfinite(p.y);
        kept->usable &= fabs(p.x) <= ELC_SHAPE_MOST && fabs(p.y) <= ELC_SHAPE_MOST;
    }
}

/* Whether it is somewhere, and of use: GEOS 3.11 crashes on products of coordinates
   that overflow. */
static void look_at_places(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                           elc_kept_shape *kept) {
    int type = GEOSGeomTypeId_r(geos, shape), n;
    if (GEOSisEmpty_r(geos, shape) == 1)
        return;
    if (type < GEOS_POLYGON) {
        look_at_line(geos, shape, kept);
    } else if (type == GEOS_POLYGON) {
        n = GEOSGetNumInteriorRings_r(geos, shape);
        look_at_line(geos, GEOSGetExteriorRing_r(geos, shape), kept);
        for (int i = 0; i < n; i++)
            look_at_line(geos, GEOSGetInteriorRingN_r(geos, shape, i), kept);
    } else {
        n = GEOSGetNumGeometries_r(geos, shape);
        for (int i = 0; i < n; i++)
            look_at_places(geos, GEOSGetGeometryN_r(geos, shape, i), kept);
    }
}

static elc_status read_shape(elc_frame *f, size_t argument, size_t row,
                             elc_error *err) {
    elc_shapes *s = f->shapes;
    elc_kept_shape *kept = &s->kept[argument];
    elc_bytes wkb = elc_frame_bytes(f, argument, row);
    elc_head head;
    ELC_TRY(elc_head_read(wkb, &head, err));
    kept->z = head.z;
    kept->shape = GEOSWKBReader_read_r(s->geos, s->reader,
                                       (const unsigned char *)wkb.data, wkb.size);
    if (kept->shape == NULL)
        return elc_frame_fail(f, "a geometry cannot be read", err);
    kept->finite = kept->usable = true;
    look_at_places(s->geos, kept->shape, kept);
    s->said[0] = '\0';
    return elc_frame_learn(f, argument, row, &kept->wkb, err);
}

elc_status elc_frame_shape(elc_frame *f, size_t argument, size_t row,
                           const GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos;
    ELC_TRY(elc_frame_geos(f, &geos, err));
    elc_kept_shape *kept = &f->shapes->kept[argument];
    if (!elc_frame_knows(f, argument, row, &kept->wkb)) {
        drop_shape(f->shapes, argument);
        ELC_TRY(read_shape(f, argument, row, err));
    }
    kept->asked++;
    *out = kept->shape;
    return ELC_OK;
}

elc_status elc_frame_finite(elc_frame *f, size_t argument, size_t row,
                            const GEOSGeometry **out, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, argument, row, &shape, err));
    if (!f->shapes->kept[argument].usable)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s has a coordinate that is no number of at most %g",
                        f->function->arguments[argument].name, ELC_SHAPE_MOST);
    *out = shape;
    return ELC_OK;
}

/* ---- without empty parts --------------------------------------------------------- */

static bool has_empty_part(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    if (GEOSGeomTypeId_r(geos, shape) < GEOS_MULTIPOINT)
        return false;
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, shape, i);
        if (GEOSisEmpty_r(geos, part) == 1 || has_empty_part(geos, part))
            return true;
    }
    return false;
}

/* Appends the simple parts that are not empty to `list`, which has room for them. */
static bool list_parts(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                       GEOSGeometry **list, unsigned *n) {
    if (GEOSisEmpty_r(geos, shape) == 1)
        return true;
    if (GEOSGeomTypeId_r(geos, shape) < GEOS_MULTIPOINT) {
        list[*n] = GEOSGeom_clone_r(geos, shape);
        return list[(*n)++] != NULL;
    }
    int count = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < count; i++)
        if (!list_parts(geos, GEOSGetGeometryN_r(geos, shape, i), list, n))
            return false;
    return true;
}

static elc_status make_whole(elc_frame *f, elc_kept_shape *kept, elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    GEOSGeometry **list;
    unsigned n = 0;
    /* each has a point, and no part has none */
    size_t most = (size_t)GEOSGetNumCoordinates_r(geos, kept->shape);
    ELC_TRY(elc_alloc(most + 1, sizeof(GEOSGeometry *), &list, err));
    bool listed = list_parts(geos, kept->shape, list, &n);
    if (listed)
        kept->whole = GEOSGeom_createCollection_r(
            geos, GEOSGeomTypeId_r(geos, kept->shape), list, n);
    for (unsigned i = 0; i < n && !listed; i++)
        GEOSGeom_destroy_r(geos, list[i]);
    free(list);
    return kept->whole != NULL ? ELC_OK : elc_frame_fail(f, "its parts", err);
}

static elc_status whole_of(elc_frame *f, size_t argument, const GEOSGeometry *shape,
                           const GEOSGeometry **out, elc_error *err) {
    elc_kept_shape *kept = &f->shapes->kept[argument];
    if (kept->whole == NULL && has_empty_part(f->shapes->geos, shape))
        ELC_TRY(make_whole(f, kept, err));
    *out = kept->whole != NULL ? kept->whole : shape;
    return ELC_OK;
}

elc_status elc_frame_whole(elc_frame *f, size_t argument, size_t row,
                           const GEOSGeometry **out, elc_error *err) {
    const GEOSGeometry *shape = NULL;
    ELC_TRY(elc_frame_shape(f, argument, row, &shape, err));
    return whole_of(f, argument, shape, out, err);
}

elc_status elc_frame_usable(elc_frame *f, size_t argument, size_t row,
                            const GEOSGeometry **out, elc_error *err) {
    const GEOSGeometry *shape = NULL;
    ELC_TRY(elc_frame_finite(f, argument, row, &shape, err));
    return whole_of(f, argument, shape, out, err);
}

const GEOSPreparedGeometry *elc_frame_prepared(elc_frame *f, size_t argument) {
    elc_kept_shape *kept = &f->shapes->kept[argument];
    if (kept->prepared == NULL && kept->asked >= WORTH_PREPARING)
        kept->prepared = GEOSPrepare_r(f->shapes->geos,
                                       kept->whole != NULL ? kept->whole : kept->shape);
    return kept->prepared;
}

/* ---- results --------------------------------------------------------------------- */

/* GEOS gives empty geometries, and what holds some, a Z that nobody asked for. */
static int dimensions(const elc_shapes *s) {
    for (size_t i = 0; i < ELC_FUNCTION_ARGUMENTS; i++)
        if (s->kept[i].shape != NULL && s->kept[i].z)
            return 3;
    return 2;
}

elc_status elc_give_shape_of(elc_frame *f, const GEOSGeometry *shape, elc_error *err) {
    elc_shapes *s = f->shapes;
    size_t size = 0;
    GEOSWKBWriter_setOutputDimension_r(s->geos, s->writer, s->flat ? 2 : dimensions(s));
    unsigned char *wkb = GEOSWKBWriter_write_r(s->geos, s->writer, shape, &size);
    if (wkb == NULL)
        return elc_frame_fail(f, "a geometry cannot be written", err);
    elc_status status = elc_give_bytes(f, wkb, size, err);
    GEOSFree_r(s->geos, wkb);
    return status;
}

elc_status elc_give_shape(elc_frame *f, GEOSGeometry *shape, const char *what,
                          elc_error *err) {
    if (shape == NULL)
        return elc_frame_fail(f, what, err);
    elc_status status = elc_give_shape_of(f, shape, err);
    GEOSGeom_destroy_r(f->shapes->geos, shape);
    return status;
}

elc_status elc_give_answer(elc_frame *f, char answer, const char *what,
                           elc_error *err) {
    if (answer == 2)
        return elc_frame_fail(f, what, err);
    return elc_give_int(f, answer, err);
}
