/* shapes.h - geometries of tests, from WKT to WKB and back by GEOS alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_GEOMETRY_SHAPES_H
#define ELCANO_TESTS_GEOMETRY_SHAPES_H

#include <elcano/base.h>

#include <geos_c.h>

/* For a group of tests. */
int shapes_set_up(void **state);
int shapes_tear_down(void **state);
GEOSContextHandle_t shapes_geos(void);

GEOSGeometry *shapes_of_wkt(const char *wkt);
GEOSGeometry *shapes_of_wkb(const elc_string *wkb);
/* The caller frees it. */
elc_string shapes_wkb(const char *wkt);

#endif
