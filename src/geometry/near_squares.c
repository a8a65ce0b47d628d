/* near_squares.c - how far a point of the plane is from many pieces, compiled for each
 * kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_squares.h"

/* To the point of the piece that is nearest, without a branch. */
static inline __attribute__((always_inline)) double square_to(elc_point p,
                                                              const near_piece *piece) {
    double x = piece->b.x - piece->a.x, y = piece->b.y - piece->a.y;
    double from_x = p.x - piece->a.x, from_y = p.y - piece->a.y;
    double share = (from_x * x + from_y * y) / (x * x + y * y);
    share = share > 0 ? share : 0;
    share = share < 1 ? share : 1;
    double to_x = from_x - share * x, to_y = from_y - share * y;
    return to_x * to_x + to_y * to_y;
}

#define SQUARES(name, attribute)                                                       \
    attribute static void squares_##name(const near_piece *pieces,                     \
                                         const uint32_t *restrict numbers, size_t n,   \
                                         elc_point p, double *restrict out) {          \
        for (size_t i = 0; i < n; i++)                                                 \
            out[i] = square_to(p, &pieces[numbers[i]]);                                \
    }

SQUARES(plain, )
SQUARES(wide, ELC_WIDE)
SQUARES(widest, ELC_WIDEST)

elc_near_squares *elc_near_squares_choose(void) {
    return elc_cpu_is_widest() ? squares_widest
           : elc_cpu_is_wide() ? squares_wide
                               : squares_plain;
}
