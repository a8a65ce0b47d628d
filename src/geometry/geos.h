/* geos.h - a GEOS handle with a reader and a writer, which keeps its last complaint
   (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_GEOS_H
#define ELCANO_SRC_GEOMETRY_GEOS_H

#include <elcano/base.h>

#include <geos_c.h>

enum { ELC_GEOS_SAID = 300 };

/* One thread at a time. */
typedef struct elc_geos {
    GEOSContextHandle_t handle;
    GEOSWKBReader *reader;
    GEOSWKBWriter *writer;
    char said[ELC_GEOS_SAID];
} elc_geos;

/* A handle that writes its complaints to `said`, of ELC_GEOS_SAID bytes, which must stay
   where they are; NULL: no memory. */
GEOSContextHandle_t elc_geos_context(char *said);
/* What it says, or that it says nothing. */
const char *elc_geos_said(const char *said);

/* Must stay where it is: the handle points to it. elc_geos_close may be called whatever
   came of it. */
elc_status elc_geos_open(elc_geos *g, elc_error *err);
void elc_geos_close(elc_geos *g);
/* Why the last call failed. */
const char *elc_geos_reason(const elc_geos *g);
/* "WHAT: REASON" */
elc_status elc_geos_fail(const elc_geos *g, const char *what, elc_error *err);

/* Without EMPTY parts. ELC_E_FORMAT for what is no WKB; ELC_E_UNSUPPORTED for what is, but of a kind that
   GEOS does not know (curves), or of rings that do not close. */
elc_status elc_geos_read(elc_geos *g, const void *wkb, size_t size, GEOSGeometry **out,
                         elc_error *err);
/* Appends WKB, little endian and 2D. */
elc_status elc_geos_write(elc_geos *g, const GEOSGeometry *shape, elc_string *out,
                          elc_error *err);
/* The same without parts that are EMPTY, at which GEOS 3.11 reads no memory when it is
   asked for distances, or what a box contains. Takes the shape; NULL: no memory. */
GEOSGeometry *elc_geos_drop_empty(GEOSContextHandle_t geos, GEOSGeometry *shape);
/* False where an x or y is no finite number. */
bool elc_geos_is_finite(elc_geos *g, const GEOSGeometry *shape);

#endif
