/* side.h - on which side of a line a point lies, exactly. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_SIDE_H
#define ELCANO_SRC_GEOMETRY_SIDE_H

#include <elcano/geo.h>

#include <math.h>

/* Numbers within which no product here overflows and none is rounded to nothing. */
#define ELC_SIDE_LEAST 0x1p-400
#define ELC_SIDE_MOST  0x1p+400

/* Of |l| + |r|: how far rounding can move a difference of two such products. */
#define ELC_SIDE_BOUND 3.3306690738754716e-16

static inline bool elc_side_takes(double v) {
    return (v == 0) | ((fabs(v) >= ELC_SIDE_LEAST) & (fabs(v) <= ELC_SIDE_MOST));
}

int elc_side_exact(elc_point a, elc_point b, elc_point p);

/* 1 where p lies left of the line from a to b, -1 right of it, 0 on it. Exact for
   numbers that elc_side_takes: Shewchuk 1997, "Adaptive Precision Floating-Point
   Arithmetic and Fast Robust Geometric Predicates"; the bound holds without FMA only.
 */
static inline int elc_side(elc_point a, elc_point b, elc_point p) {
    double l = (a.x - p.x) * (b.y - p.y), r = (a.y - p.y) * (b.x - p.x), det = l - r;
    double bound = ELC_SIDE_BOUND * (fabs(l) + fabs(r));
    if (det > bound)
        return 1;
    if (det < -bound)
        return -1;
    return elc_side_exact(a, b, p);
}

#endif
