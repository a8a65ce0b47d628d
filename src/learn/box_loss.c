/* box_loss.c - what a head's outputs for a cell cost, and which way is down. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/box_net.h"

#include <math.h>

/* As the vehicle network weighs them (models/vehicle/network.py). */
static const double KIND = 2, SIDES = 5;
static const double HIT = 0.999;

static double sigmoid(double z) {
    return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
}

/* log(1 + exp(z)) */
static double softplus(double z) {
    return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

void elc_box_answer(const box_net *net, const box_block *block, size_t i, float *scores,
                    float *sides) {
    const float *out = block->out + i * net->outputs_padded;
    for (size_t k = 0; k < net->classes; k++)
        scores[k] = (float)sigmoid(out[k]);
    for (size_t k = 0; k < 4; k++)
        sides[k] = (float)(softplus(out[net->classes + k]) * net->unit_px);
}

/* CornerNet's focal loss (Law and Deng 2018, equation 1; alpha 2, beta 4), by logit:
   log p = -softplus(-z), log(1 - p) = -softplus(z), dp/dz = p (1 - p). */
static double focal(double z, double wanted, double *change) {
    double p = sigmoid(z), q = 1 - p;
    if (wanted > HIT) {
        double log_p = -softplus(-z);
        *change = q * q * (2 * p * log_p - q);
        return -q * q * log_p;
    }
    double log_q = -softplus(z), far = pow(1 - wanted, 4);
    *change = far * p * p * (p - 2 * q * log_q);
    return -far * p * p * log_q;
}

/* Cross-entropy between the classes. */
static double kind(const float *z, size_t right, size_t n, double factor,
                   float *change) {
    double top = z[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        top = fmax(top, z[k]);
    for (size_t k = 0; k < n; k++)
        sum += exp(z[k] - top);
    for (size_t k = 0; k < n; k++)
        change[k] += (float)(factor * (exp(z[k] - top) / sum - (k == right)));
    return factor * (log(sum) + top - z[right]);
}

/* 1 - GIoU (Rezatofighi et al. 2019) of two boxes round one point, by the distances to
   their sides, and its change with each distance of the first. */
static double overlap(const double a[4], const double b[4], double change[4]) {
    double w = fmin(a[0], b[0]) + fmin(a[2], b[2]);
    double h = fmin(a[1], b[1]) + fmin(a[3], b[3]);
    double wide = fmax(a[0], b[0]) + fmax(a[2], b[2]);
    double high = fmax(a[1], b[1]) + fmax(a[3], b[3]);
    double common = w * h, hull = wide * high;
    double aw = a[0] + a[2], ah = a[1] + a[3];
    double both = aw * ah + (b[0] + b[2]) * (b[1] + b[3]) - common;
    for (int k = 0; k < 4; k++) {
        bool across = k % 2 == 0, inside = a[k] < b[k];
        double d_common = inside ? (across ? h : w) : 0;
        double d_hull = inside ? 0 : (across ? high : wide);
        double d_both = (across ? ah : aw) - d_common;
        change[k] = -(d_common / both - common * d_both / (both * both) +
                      d_both / hull - both * d_hull / (hull * hull));
    }
    return 2 - common / both - both / hull;
}

static double sides(const box_net *net, const float *z, const float *wanted,
                    double factor, float *change) {
    double a[4], b[4], d[4];
    for (int k = 0; k < 4; k++) {
        a[k] = fmax(softplus(z[k]) * net->unit_px, 1e-3);
        b[k] = wanted[k];
    }
    double loss = overlap(a, b, d);
    for (int k = 0; k < 4; k++)
        change[k] = (float)(factor * d[k] * sigmoid(z[k]) * net->unit_px);
    return factor * loss;
}

double elc_box_cell_loss(const box_net *net, const elc_box_cells *cells, size_t cell,
                         const box_norm *norm, const float *out, float *change) {
    size_t n = net->classes;
    const float *heat = cells->heat + cell * n;
    double loss = 0;
    for (size_t k = 0; k < net->outputs_padded; k++)
        change[k] = 0;
    for (size_t k = 0; k < n; k++) {
        double d, stands = cells->stands[cell] / norm->hits[k];
        loss += stands * focal(out[k], heat[k], &d);
        change[k] = (float)(stands * d);
    }
    double weight = cells->weight[cell];
    if (!(weight > 0))
        return loss;
    size_t right = elc_box_class(heat, n);
    double share = weight / norm->weight[right];
    if (n > 1)
        loss += kind(out, right, n, KIND * share, change);
    return loss +
           sides(net, out + n, cells->sides + 4 * cell, SIDES * share, change + n);
}
