/* window.h - what a point adds to the cells round it, along one line. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_WINDOW_H
#define ELCANO_SRC_MAP_WINDOW_H

#include <elcano/base.h>

/* A function of the distance between a point and nodes a cell apart, looked at in the
   `count` nodes that are nearest to the cell that holds the point. For a place t from
   the middle of that cell, |t| <= 1/2, its values there are polynomials of t, evaluated
   side by side. */
enum { ELC_WINDOW_LANES = 4, ELC_BESSEL_NODES = 8, ELC_BESSEL_TERMS = 7 };
typedef struct elc_window {
    int32_t before; /* nodes before that of the point's cell */
    size_t count;
    size_t room;          /* the same, rounded up to whole ELC_WINDOW_LANES */
    size_t terms;         /* of the polynomials */
    double *coefficients; /* terms times `room`, of t^0 first; beyond `count` 0 */
} elc_window;

/* exp(-d^2 / 2 sigma^2), sigma >= 1, within 1e-9. Nodes are the middles of cells. */
elc_status elc_window_gauss(double sigma, elc_window *out, elc_error *err);
/* I0(beta sqrt(1 - d^2 / 16)) / I0(beta), 0 from d = 4 on: Kaiser and Bessel's window.
   Nodes are where cells begin, three before that of the point's cell and four after. */
elc_status elc_window_bessel(double beta, elc_window *out, elc_error *err);
/* Its transform at f cycles a cell, pi |f| < beta / 8. */
double elc_window_bessel_at(double beta, double f);
/* The values round a point at x >= 0, where cell i reaches from i to i + 1, from the
   left: `out` has `room` places. */
void elc_window_at(const elc_window *window, double x, double *out);
void elc_window_free(elc_window *window);

#endif
