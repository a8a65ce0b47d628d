/* clip.h - the area that convex rings share, by arithmetic. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_CLIP_H
#define ELCANO_SRC_GEOMETRY_CLIP_H

#include <elcano/geometry.h>

enum {
    ELC_CLIP_MOST = ELC_CONVEX_MOST / 2
}; /* points of a ring that counts as convex */

/* Four points that go round a box, from any corner, either way. */
bool elc_clip_is_box(const elc_point *ring, size_t n);
/* It turns one way only, and once; of at most ELC_CLIP_MOST points. */
bool elc_clip_is_convex(const elc_point *ring, size_t n);
/* Of a ring that does not cross itself. */
double elc_clip_area(const elc_point *ring, size_t n);
/* Of two convex rings. */
double elc_clip_common(const elc_point *a, size_t n_a, const elc_point *b, size_t n_b);

#endif
