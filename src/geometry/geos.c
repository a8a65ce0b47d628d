/* geos.c - a GEOS handle with a reader and a writer, which keeps its last complaint. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/geos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <elcano/geometry.h>

static void keep_message(const char *message, void *data) {
    snprintf(data, ELC_GEOS_SAID, "%s", message);
}

GEOSContextHandle_t elc_geos_context(char *said) {
    GEOSContextHandle_t geos = GEOS_init_r();
    if (geos != NULL)
        GEOSContext_setErrorMessageHandler_r(geos, keep_message, said);
    return geos;
}

const char *elc_geos_said(const char *said) {
    return said[0] != '\0' ? said : "GEOS gives no reason";
}

elc_status elc_geos_open(elc_geos *g, elc_error *err) {
    *g = (elc_geos){.handle = elc_geos_context(g->said)};
    if (g->handle == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for GEOS");
    g->reader = GEOSWKBReader_create_r(g->handle);
    g->writer = GEOSWKBWriter_create_r(g->handle);
    if (g->reader == NULL || g->writer == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for GEOS");
    GEOSWKBWriter_setByteOrder_r(g->handle, g->writer, GEOS_WKB_NDR);
    GEOSWKBWriter_setOutputDimension_r(g->handle, g->writer, 2);
    return ELC_OK;
}

void elc_geos_close(elc_geos *g) {
    if (g->handle == NULL)
        return;
    if (g->reader != NULL)
        GEOSWKBReader_destroy_r(g->handle, g->reader);
    if (g->writer != NULL)
        GEOSWKBWriter_destroy_r(g->handle, g->writer);
    GEOS_finish_r(g->handle);
    g->handle = NULL;
}

const char *elc_geos_reason(const elc_geos *g) {
    return elc_geos_said(g->said);
}

elc_status elc_geos_fail(const elc_geos *g, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED, "%s: %s", what, elc_geos_reason(g));
}

elc_status elc_geos_read(elc_geos *g, const void *wkb, size_t size, GEOSGeometry **out,
                         elc_error *err) {
    ELC_TRY(elc_wkb_check(wkb, size, err));
    g->said[0] = '\0';
    GEOSGeometry *shape = GEOSWKBReader_read_r(g->handle, g->reader, wkb, size);
    shape = elc_geos_drop_empty(g->handle, shape);
    if (shape == NULL)
        return elc_geos_fail(g, "a geometry cannot be read", err);
    *out = shape;
    return ELC_OK;
}

elc_status elc_geos_write(elc_geos *g, const GEOSGeometry *shape, elc_string *out,
                          elc_error *err) {
    size_t size = 0;
    g->said[0] = '\0';
    unsigned char *wkb = GEOSWKBWriter_write_r(g->handle, g->writer, shape, &size);
    if (wkb == NULL)
        return elc_geos_fail(g, "a geometry cannot be written", err);
    elc_status status = elc_string_append(out, wkb, size, err);
    GEOSFree_r(g->handle, wkb);
    return status;
}

/* ---- parts that are EMPTY ---------------------------------------------------------
 */

static bool is_collection(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    return GEOSGeomTypeId_r(geos, shape) >= GEOS_MULTIPOINT;
}

static bool has_empty(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    if (!is_collection(geos, shape))
        return GEOSisEmpty_r(geos, shape) == 1;
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, shape); i++)
        if (has_empty(geos, GEOSGetGeometryN_r(geos, shape, i)))
            return true;
    return false;
}

/* Copies of the parts that are not; of collections without theirs. False: no memory. */
static bool copy_parts(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                       GEOSGeometry **parts, unsigned *made) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, shape); i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, shape, i);
        if (GEOSisEmpty_r(geos, part) == 1)
            continue;
        parts[*made] = elc_geos_drop_empty(geos, GEOSGeom_clone_r(geos, part));
        if (parts[*made] == NULL)
            return false;
        ++*made;
    }
    return true;
}

static GEOSGeometry *without_empty(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                                   GEOSGeometry **parts) {
    unsigned made = 0;
    if (copy_parts(geos, shape, parts, &made))
        return GEOSGeom_createCollection_r(geos, GEOSGeomTypeId_r(geos, shape), parts,
                                           made);
    while (made > 0)
        GEOSGeom_destroy_r(geos, parts[--made]);
    return NULL;
}

GEOSGeometry *elc_geos_drop_empty(GEOSContextHandle_t geos, GEOSGeometry *shape) {
    if (shape == NULL || !is_collection(geos, shape) || !has_empty(geos, shape))
        return shape;
    GEOSGeometry **parts, *out = NULL;
    size_t n = (size_t)GEOSGetNumGeometries_r(geos, shape);
    if (elc_alloc(n, sizeof *parts, &parts, NULL) == ELC_OK) {
        out = without_empty(geos, shape, parts);
        free(parts);
    }
    GEOSGeom_destroy_r(geos, shape);
    return out;
}

static int is_finite(double *x, double *y, void *arg) {
    (void)arg;
    return isfinite(*x) && isfinite(*y);
}

bool elc_geos_is_finite(elc_geos *g, const GEOSGeometry *shape) {
    GEOSGeometry *same = GEOSGeom_transformXY_r(g->handle, shape, is_finite, NULL);
    GEOSGeom_destroy_r(g->handle, same);
    return same != NULL;
}
