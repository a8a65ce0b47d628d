/* descent.c - the way to the least of a convex function: L-BFGS (Nocedal and Wright,
 * Numerical Optimization, algorithm 7.4) with bisection to a step of weak Wolfe
 * conditions (Lewis and Overton 2013), near the end by slopes alone, since values no
 * longer differ there (Hager and Zhang 2005). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Iterations at which the moments are looked at: 0, 6, 18, 54, … */
enum { MEMORY = 12, TRIES = 40, LOOK = 6, LOOK_LATER = 3 };
static const double ENOUGH = 1e-4, FLAT = 0.9, ROUNDING = 1e-14;

typedef struct descent {
    learn_objective *o;
    learn_moments *moments;
    size_t n;
    double *at, *slope;        /* where it is */
    double *next, *next_slope; /* where it may go */
    double *way;
    double *steps, *bends;   /* of the last iterations, MEMORY rows each */
    double products[MEMORY]; /* step . bend */
    size_t kept, newest;
    double value, next_value, scale;
} descent;

static double dot(const double *restrict a, const double *restrict b, size_t n) {
    double sum[8] = {0};
    size_t whole = n / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t l = 0; l < 8; l++)
            sum[l] += a[i + l] * b[i + l];
    for (size_t i = whole; i < n; i++)
        sum[0] += a[i] * b[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) +
           ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

static double largest(const double *v, size_t n) {
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(v[i]) > most ? fabs(v[i]) : most;
    return most;
}

static void shape(const descent *d, double *v) {
    size_t each = d->o->d + 1;
    for (size_t k = 0; k < d->o->rows; k++)
        elc_learn_moments_solve(d->moments, v + k * each);
}

/* ---- the way ------------------------------------------------------------------------
 */

static size_t nth_newest(const descent *d, size_t i) {
    return (d->newest + MEMORY - i) % MEMORY;
}

static void find_way(descent *d) {
    double parts[MEMORY];
    for (size_t i = 0; i < d->n; i++)
        d->way[i] = -d->slope[i];
    for (size_t i = 0; i < d->kept; i++) {
        size_t m = nth_newest(d, i);
        parts[m] = dot(d->steps + m * d->n, d->way, d->n) / d->products[m];
        for (size_t j = 0; j < d->n; j++)
            d->way[j] -= parts[m] * d->bends[m * d->n + j];
    }
    shape(d, d->way);
    for (size_t j = 0; j < d->n; j++)
        d->way[j] *= d->scale;
    for (size_t i = d->kept; i-- > 0;) {
        size_t m = nth_newest(d, i);
        double part =
            parts[m] - dot(d->bends + m * d->n, d->way, d->n) / d->products[m];
        for (size_t j = 0; j < d->n; j++)
            d->way[j] += part * d->steps[m * d->n + j];
    }
}

/* How far the first guess is from how the slope bends now. `bend` is used up. */
static double scale_of(const descent *d, double product, double *bend) {
    double *room = d->way; /* made anew before it is read again */
    memcpy(room, bend, d->n * sizeof *room);
    shape(d, room);
    double length = dot(room, bend, d->n);
    return length > 0 ? product / length : 1;
}

static void remember(descent *d) {
    size_t m = (d->newest + 1) % MEMORY;
    double *step = d->steps + m * d->n, *bend = d->bends + m * d->n;
    for (size_t i = 0; i < d->n; i++) {
        step[i] = d->next[i] - d->at[i];
        bend[i] = d->next_slope[i] - d->slope[i];
    }
    double product = dot(step, bend, d->n);
    if (!(product > 1e-16 * dot(bend, bend, d->n)))
        return;
    d->newest = m;
    d->products[m] = product;
    d->kept += d->kept < MEMORY;
    d->scale = scale_of(d, product, bend);
}

/* ---- a step -------------------------------------------------------------------------
 */

static elc_status try_step(descent *d, double length, elc_error *err) {
    for (size_t i = 0; i < d->n; i++)
        d->next[i] = d->at[i] + length * d->way[i];
    return elc_learn_evaluate(d->o, d->next, d->next_slope, &d->next_value, err);
}

static bool goes_down(const descent *d, double length, double first, double now) {
    if (!isfinite(d->next_value))
        return false;
    if (d->next_value <= d->value + ENOUGH * length * first)
        return true;
    return d->next_value <= d->value + ROUNDING * fabs(d->value) &&
           now <= (2 * ENOUGH - 1) * first;
}

/* False where no length of step goes down: rounding is all that is left. */
static elc_status step(descent *d, bool *moved, elc_error *err) {
    double low = 0, high = INFINITY, length = 1, first = dot(d->slope, d->way, d->n);
    *moved = false;
    for (int i = 0; i < TRIES && first < 0; i++) {
        ELC_TRY(try_step(d, length, err));
        double now = dot(d->next_slope, d->way, d->n);
        if (!goes_down(d, length, first, now))
            high = length;
        else if (now < FLAT * first)
            low = length;
        else {
            *moved = true;
            return ELC_OK;
        }
        length = isinf(high) ? 2 * length : (low + high) / 2;
    }
    return ELC_OK;
}

static void swap(double **a, double **b) {
    double *was = *a;
    *a = *b;
    *b = was;
}

static elc_status iterate(descent *d, double tolerance, int iterations, learn_end *end,
                          elc_error *err) {
    bool moved = true;
    int look = 0;
    ELC_TRY(elc_learn_evaluate(d->o, d->at, d->slope, &d->value, err));
    for (end->iterations = 0; end->iterations < iterations; end->iterations++) {
        end->slope = largest(d->slope, d->n);
        if (end->slope <= tolerance)
            return ELC_OK;
        if (end->iterations == look) {
            ELC_TRY(elc_learn_moments_look(d->o, d->moments, err));
            look = look == 0 ? LOOK : LOOK_LATER * look;
        }
        find_way(d);
        ELC_TRY(step(d, &moved, err));
        if (!moved && d->kept == 0)
            return ELC_OK;
        if (!moved) { /* once more, straight down */
            d->kept = 0;
            d->scale = 1;
            continue;
        }
        remember(d);
        swap(&d->at, &d->next);
        swap(&d->slope, &d->next_slope);
        d->value = d->next_value;
    }
    end->slope = largest(d->slope, d->n);
    return ELC_OK;
}

elc_status elc_learn_descend(learn_objective *o, learn_moments *moments,
                             double tolerance, int iterations, double *parameters,
                             learn_end *out, elc_error *err) {
    size_t n = elc_learn_size(o), rows = 5 + 2 * MEMORY;
    double *room = NULL;
    if (n > SIZE_MAX / rows)
        return elc_fail(err, ELC_E_MEMORY, "memory: too many coefficients");
    ELC_TRY(elc_alloc(rows * n, sizeof *room, &room, err));
    descent d = {.o = o,
                 .moments = moments,
                 .n = n,
                 .at = room,
                 .slope = room + n,
                 .next = room + 2 * n,
                 .next_slope = room + 3 * n,
                 .way = room + 4 * n,
                 .steps = room + 5 * n,
                 .bends = room + (5 + MEMORY) * n,
                 .scale = 1};
    memcpy(d.at, parameters, n * sizeof *room);
    elc_status status = iterate(&d, tolerance, iterations, out, err);
    memcpy(parameters, d.at, n * sizeof *room);
    free(room);
    return status;
}
