/* wkb.h - the numbers of WKB that more than one file needs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_WKB_H
#define ELCANO_SRC_GEOMETRY_WKB_H

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
    ELC_WKB_POLYHEDRAL = 15,
    ELC_WKB_TIN = 16,
    ELC_WKB_TRIANGLE = 17
};

#endif
