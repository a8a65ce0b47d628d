/* gauss.h - Gaussians at evenly spaced places. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_GAUSS_H
#define ELCANO_SRC_MAP_GAUSS_H

#include <elcano/base.h>

/* exp(-d^2 / 2 sigma^2), d in cells, looked at up to `radius` cells away. */
typedef struct elc_gauss {
    double sigma;
    int32_t radius;
    double *steps; /* of d = 0, 1, .. radius */
} elc_gauss;

/* `sigma` is at least 1. */
elc_status elc_gauss_create(double sigma, elc_gauss *out, elc_error *err);
/* At the 2 radius + 1 middles of cells round the one that holds `x`, from the left:
   `out` has room for them. */
void elc_gauss_at(const elc_gauss *gauss, double x, double *out);
/* 1 over what it holds along a line. */
double elc_gauss_norm(const elc_gauss *gauss);
void elc_gauss_free(elc_gauss *gauss);

#endif
