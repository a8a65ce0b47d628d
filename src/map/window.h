/* window.h - what a point adds to the cells round it, along one line. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_WINDOW_H
#define ELCANO_SRC_MAP_WINDOW_H

#include <elcano/base.h>

/* A function of the distance between a point and the middles of cells, looked at in the
   cell that holds the point and `radius` more on either side. For a place t from the
   middle of its own cell, |t| <= 1/2, its values there are polynomials of t, evaluated
   side by side. */
enum { ELC_WINDOW_LANES = 4 };
typedef struct elc_window {
    int32_t radius;
    size_t count;         /* 2 radius + 1 */
    size_t room;          /* the same, rounded up to whole ELC_WINDOW_LANES */
    size_t terms;         /* of the polynomials */
    double *coefficients; /* terms times `room`, of t^0 first; beyond `count` 0 */
} elc_window;

/* exp(-d^2 / 2 sigma^2), sigma >= 1, within 1e-9. */
elc_status elc_window_gauss(double sigma, elc_window *out, elc_error *err);
/* The B-spline of degree 6: what seven averages over a cell make of a point. */
elc_status elc_window_spline(elc_window *out, elc_error *err);
/* The values round a point at x >= 0, where cell i reaches from i to i + 1, from the
   left: `out` has `room` places. */
void elc_window_at(const elc_window *window, double x, double *out);
void elc_window_free(elc_window *window);

#endif
