/* web.c - Web Mercator in bulk. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/web.h"

#include <math.h>

const elc_web_loops *elc_web_choose(void) {
    return elc_cpu_is_widest() ? &elc_web_widest
           : elc_cpu_is_wide() ? &elc_web_wide
                               : &elc_web_plain;
}

static size_t count_lost(const elc_point *points, size_t n) {
    size_t lost = 0;
    for (size_t i = 0; i < n; i++)
        lost += isnan(points[i].x) ? 1 : 0;
    return lost;
}

size_t elc_web_from_lonlat(elc_point *points, size_t n) {
    elc_web_choose()->forward(points, n);
    return count_lost(points, n);
}

size_t elc_web_to_lonlat(elc_point *points, size_t n) {
    elc_web_choose()->inverse(points, n);
    return count_lost(points, n);
}
