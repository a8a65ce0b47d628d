/* mercator.h - the transverse Mercator projection of arrays of points. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_MERCATOR_H
#define ELCANO_SRC_GEO_MERCATOR_H

#include <elcano/geo.h>

enum { ELC_TM_ORDER = 6 };

/* A transverse Mercator projection of an ellipsoid: Krüger's series to the sixth order
   (Karney 2011, "Transverse Mercator with an accuracy of a few nanometers"). */
typedef struct elc_tm {
    double lon0, easting, northing; /* degrees; metres of the origin */
    double radian,
        radians; /* metres of a radian of the rectifying latitude; 1 / that */
    double degree, degree_rest;   /* metres of a degree, as a sum */
    double degrees, degrees_rest; /* 1 / that */
    /* Sums of sines as polynomials in cos(2x): Karney's (35) and (36), and those
       between geodetic and conformal latitude. */
    double alpha[ELC_TM_ORDER], beta[ELC_TM_ORDER];
    double to_conformal[ELC_TM_ORDER], to_geodetic[ELC_TM_ORDER];
} elc_tm;

/* Half axis in metres, flattening, central meridian in degrees, scale there, and the
   easting and northing of where it meets the equator. */
void elc_tm_create(elc_tm *tm, double a, double f, double lon0, double k0,
                   double easting, double northing);

/* In place: longitudes and latitudes in degrees to eastings and northings in metres,
   and back. NaN, NaN for what lies farther than 35 degrees of arc (back: 4,169 km) or
   50 degrees of longitude from the central meridian. All tables give the same bits. */
typedef struct elc_tm_loops {
    void (*forward)(const elc_tm *tm, elc_point *points, size_t n);
    void (*inverse)(const elc_tm *tm, elc_point *points, size_t n);
} elc_tm_loops;

extern const elc_tm_loops elc_tm_plain;
extern const elc_tm_loops elc_tm_wide;   /* only where elc_cpu_is_wide() */
extern const elc_tm_loops elc_tm_widest; /* only where elc_cpu_is_widest() */

/* The fastest one of this processor. */
const elc_tm_loops *elc_tm_choose(void);

#endif
