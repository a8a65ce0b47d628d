/* affine.c - pixel to map and back by six numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>

elc_point elc_affine_apply(const elc_affine *t, elc_point pixel) {
    const double *a = t->a;
    return (elc_point){a[0] + a[1] * pixel.x + a[2] * pixel.y,
                       a[3] + a[4] * pixel.x + a[5] * pixel.y};
}

static bool all_finite(const elc_affine *t) {
    for (int i = 0; i < 6; i++)
        if (!isfinite(t->a[i]))
            return false;
    return true;
}

/* The determinant against the products it is the difference of: what is left of it
   after rounding. Below that the two axes are parallel. */
static bool is_singular(const double *a, double det) {
    double size = fabs(a[1] * a[5]) + fabs(a[2] * a[4]);
    return !(fabs(det) > 1e-14 * size) || !isnormal(det);
}

elc_status elc_affine_invert(const elc_affine *t, elc_affine *out, elc_error *err) {
    const double *a = t->a;
    double det = a[1] * a[5] - a[2] * a[4];
    elc_affine inverse = {{0}};
    if (all_finite(t) && !is_singular(a, det)) {
        double *b = inverse.a;
        b[1] = a[5] / det, b[2] = -a[2] / det;
        b[4] = -a[4] / det, b[5] = a[1] / det;
        b[0] = -(b[1] * a[0] + b[2] * a[3]);
        b[3] = -(b[4] * a[0] + b[5] * a[3]);
        if (all_finite(&inverse)) {
            *out = inverse;
            return ELC_OK;
        }
    }
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "affine [%g, %g, %g, %g, %g, %g] has no inverse: its two pixel steps "
        "must be finite and point in different directions",
        a[0], a[1], a[2], a[3], a[4], a[5]);
}
