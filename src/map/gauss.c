/* gauss.c - Gaussians at evenly spaced places, by two exponentials each. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/gauss.h"

#include <math.h>
#include <stdlib.h>

/* In units of sigma: exp(-5.9^2 / 2) is under 4e-8. */
static const double REACH = 5.9;

elc_status elc_gauss_create(double sigma, elc_gauss *out, elc_error *err) {
    elc_gauss g = {.sigma = sigma, .radius = (int32_t)ceil(REACH * sigma + 0.5)};
    ELC_TRY(elc_alloc((size_t)g.radius + 1, sizeof *g.steps, &g.steps, err));
    for (int32_t j = 0; j <= g.radius; j++)
        g.steps[j] = exp(-(double)j * j / (2 * sigma * sigma));
    *out = g;
    return ELC_OK;
}

/* With t from the middle of x's own cell: exp(-(t + j)^2 / 2 s^2) =
   exp(-t^2 / 2 s^2) exp(-t / s^2)^j exp(-j^2 / 2 s^2). */
void elc_gauss_at(const elc_gauss *g, double x, double *out) {
    double t = floor(x) + 0.5 - x, s2 = g->sigma * g->sigma;
    double right = exp(-t * t / (2 * s2)), left = right;
    double ratio = exp(-t / s2), back = 1 / ratio;
    double *middle = out + g->radius;
    *middle = right;
    for (int32_t j = 1; j <= g->radius; j++) {
        right *= ratio;
        left *= back;
        middle[j] = right * g->steps[j];
        middle[-j] = left * g->steps[j];
    }
}

double elc_gauss_norm(const elc_gauss *g) {
    return 1 / (sqrt(2 * acos(-1)) * g->sigma);
}

void elc_gauss_free(elc_gauss *g) {
    free(g->steps);
    *g = (elc_gauss){0};
}
