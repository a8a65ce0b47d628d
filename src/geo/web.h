/* web.h - Web Mercator of arrays of points, for each kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_WEB_H
#define ELCANO_SRC_GEO_WEB_H

#include <elcano/geo.h>

/* In place: longitudes and latitudes in degrees to metres of EPSG:3857, and back; NaN,
   NaN off the map. All tables give the same bits. */
typedef struct elc_web_loops {
    void (*forward)(elc_point *points, size_t n);
    void (*inverse)(elc_point *points, size_t n);
} elc_web_loops;

extern const elc_web_loops elc_web_plain;
extern const elc_web_loops elc_web_wide;   /* only where elc_cpu_is_wide() */
extern const elc_web_loops elc_web_widest; /* only where elc_cpu_is_widest() */

#endif
