/* near_squares.h - how far a point of the plane is from many pieces, roughly. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_SQUARES_H
#define ELCANO_SRC_GEOMETRY_NEAR_SQUARES_H

#include "geometry/near_shape.h"

/* out[i] = the square of the distance from p to pieces[numbers[i]], whose root is right
   to some units of the last place of the largest coordinate. */
typedef void elc_near_squares(const near_piece *pieces, const uint32_t *numbers,
                              size_t n, elc_point p, double *out);

/* That of this processor. */
elc_near_squares *elc_near_squares_choose(void);

#endif
