/* ramp.c - colours of values: white, yellow, orange, red, purple, nearly black. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/ramp.h"

static const uint8_t stops[][3] = {{255, 255, 255}, {255, 232, 150}, {253, 178, 76},
                                   {240, 100, 59},  {190, 34, 78},   {112, 13, 92},
                                   {38, 4, 61}};
enum { LAST = sizeof stops / sizeof *stops - 1 };

static double within(double share) {
    return share > 0 ? share < 1 ? share : 1 : 0; /* NaN too */
}

static uint8_t between(uint8_t a, uint8_t b, double t) {
    return (uint8_t)(a + (b - a) * t + 0.5);
}

elc_colour elc_ramp_at(double share) {
    double at = within(share) * LAST;
    int i = at < LAST ? (int)at : LAST - 1;
    const uint8_t *a = stops[i], *b = stops[i + 1];
    double t = at - i;
    return (elc_colour){between(a[0], b[0], t), between(a[1], b[1], t),
                        between(a[2], b[2], t), 255};
}
