/* side.c - on which side of a line a point lies, where rounding could tell wrongly. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/side.h"

/* A sum of doubles that do not overlap, from the smallest to the largest. */
typedef struct sum {
    double part[16];
    int n;
} sum;

/* a + b as a rounded sum and what rounding took (Knuth). */
static double two_sum(double a, double b, double *rest) {
    double s = a + b, c = s - a;
    *rest = (a - (s - c)) + (b - c);
    return s;
}

/* Shewchuk's Grow-Expansion. */
static void add(sum *s, double value) {
    int n = 0;
    for (int i = 0; i < s->n; i++) {
        double rest;
        value = two_sum(value, s->part[i], &rest);
        if (rest != 0)
            s->part[n++] = rest;
    }
    if (value != 0)
        s->part[n++] = value;
    s->n = n;
}

static void add_product(sum *s, double a, double b) {
    double product = a * b;
    add(s, fma(a, b, -product)); /* exact: what the rounding of the product took */
    add(s, product);
}

static void add_products(sum *s, double a, double a_rest, double b, double b_rest) {
    add_product(s, a_rest, b_rest);
    add_product(s, a_rest, b);
    add_product(s, a, b_rest);
    add_product(s, a, b);
}

int elc_side_exact(elc_point a, elc_point b, elc_point p) {
    double ax_rest, ay_rest, bx_rest, by_rest;
    double ax = two_sum(a.x, -p.x, &ax_rest), ay = two_sum(a.y, -p.y, &ay_rest);
    double bx = two_sum(b.x, -p.x, &bx_rest), by = two_sum(b.y, -p.y, &by_rest);
    sum s = {.n = 0};
    add_products(&s, ax, ax_rest, by, by_rest);
    add_products(&s, -ay, -ay_rest, bx, bx_rest);
    return s.n == 0 ? 0 : s.part[s.n - 1] > 0 ? 1 : -1;
}
