/* shape.c - a caller's way to GEOS: arguments as shapes, shapes as results. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

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
    GEOSWKBWriter_setOutputDimension_r(s->geos, s->writer, 3);
    GEOSWKBWriter_setFlavor_r(s->geos, s->writer, GEOS_WKB_ISO);
    return true;
}

static void drop_shape(elc_shapes *s, size_t argument) {
    elc_kept_shape *kept = &s->kept[argument];
    GEOSPreparedGeom_destroy_r(s->geos, kept->prepared);
    GEOSGeom_destroy_r(s->geos, kept->shape);
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

static int is_finite(double *x, double *y, void *arg) {
    (void)arg;
    return isfinite(*x) && isfinite(*y);
}

static bool shape_is_finite(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    GEOSGeometry *same = GEOSGeom_transformXY_r(geos, shape, is_finite, NULL);
    GEOSGeom_destroy_r(geos, same);
    return same != NULL;
}

static elc_status read_shape(elc_frame *f, size_t argument, size_t row,
                             elc_error *err) {
    elc_shapes *s = f->shapes;
    elc_kept_shape *kept = &s->kept[argument];
    elc_bytes wkb = elc_frame_bytes(f, argument, row);
    ELC_TRY(elc_wkb_check(wkb.data, wkb.size, err));
    kept->shape = GEOSWKBReader_read_r(s->geos, s->reader,
                                       (const unsigned char *)wkb.data, wkb.size);
    if (kept->shape == NULL)
        return elc_frame_fail(f, "a geometry cannot be read", err);
    kept->finite = shape_is_finite(s->geos, kept->shape);
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
    if (!f->shapes->kept[argument].finite)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s has a coordinate that is no finite number",
                        f->function->arguments[argument].name);
    *out = shape;
    return ELC_OK;
}

const GEOSPreparedGeometry *elc_frame_prepared(elc_frame *f, size_t argument) {
    elc_kept_shape *kept = &f->shapes->kept[argument];
    if (kept->prepared == NULL && kept->asked >= WORTH_PREPARING)
        kept->prepared = GEOSPrepare_r(f->shapes->geos, kept->shape);
    return kept->prepared;
}

/* ---- results --------------------------------------------------------------------- */

elc_status elc_give_shape_of(elc_frame *f, const GEOSGeometry *shape, elc_error *err) {
    elc_shapes *s = f->shapes;
    size_t size = 0;
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
