/* moments.c - second moments of features, by which steps towards the least are shaped.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "loops.h"

/* Above, the triangle's memory and the time to make it are no longer small. */
enum {
    WHOLE_MAX = 2048,
    EACH_LEAST = 8,
    EACH_MOST = 20,
    ROWS_LEAST = 2048,
    BLOCK = 64
};

/* Rows that are looked at, spread evenly: an eighth, of so many for each feature at
   least and at most; more iterations are saved than a look costs. */
static size_t sample_of(const learn_objective *o) {
    size_t least = EACH_LEAST * (o->d + 1), most = EACH_MOST * (o->d + 1);
    size_t wanted = o->n / 8 < most ? o->n / 8 : most;
    wanted = wanted > least ? wanted : least;
    wanted = wanted > ROWS_LEAST ? wanted : ROWS_LEAST;
    return o->n < wanted ? o->n : wanted;
}

/* The features of some rows, standardised and rounded, which is near enough, with a 1
   as the last, and the same by their weights. */
typedef struct sample {
    size_t tall, n;
    const float *x[BLOCK];
    float *z;
    double *r, *p; /* p: of one row's classes */
} sample;

/* How much a row bends what is minimised along the scores, the mean of its classes. */
static double bend_of(const learn_objective *o, size_t row, double *p) {
    double top, sum = 0, squares = 0;
    const float *x = o->x + row * o->d;
    const learn_products one = {&x, 1, o->d, o->w, o->w_stride, o->tall, p};
    elc_learn_products(&one);
    if (o->rows == 1) {
        double e = exp(-fabs(p[0] + o->b[0]));
        return e / ((1 + e) * (1 + e));
    }
    for (size_t k = 0; k < o->rows; k++)
        p[k] += o->b[k];
    top = p[0];
    for (size_t k = 1; k < o->rows; k++)
        top = p[k] > top ? p[k] : top;
    for (size_t k = 0; k < o->rows; k++) {
        double e = exp(p[k] - top);
        sum += e;
        squares += e * e;
    }
    return (1 - squares / (sum * sum)) / (double)o->rows;
}

static void take_row(const learn_objective *o, size_t row, double weight, sample *s) {
    float *z = s->z + s->n * s->tall;
    double *r = s->r + s->n * s->tall;
    const float *x = o->x + row * o->d;
    weight *= bend_of(o, row, s->p);
    for (size_t j = 0; j < o->d; j++) {
        z[j] = (float)(((double)x[j] - o->mean[j]) * o->scale[j]);
        r[j] = weight * (double)z[j];
    }
    z[o->d] = 1;
    r[o->d] = weight;
    s->x[s->n++] = z;
}

/* Of the lower triangle; what else a tile has is not looked at. */
static void add_rows(const learn_objective *o, sample *s, const learn_moments *m,
                     double *sums) {
    const learn_outer outer = {s->x, s->n, s->r, s->tall, sums, s->tall};
    for (size_t k = 0; m->triangle != NULL && k < s->tall; k += LEARN_TILE)
        elc_learn_outer(&outer, k, k + LEARN_TILE);
    for (size_t i = 0; m->triangle == NULL && i < s->n; i++)
        for (size_t j = 0; j <= o->d; j++)
            sums[j] += s->r[i * s->tall + j] * (double)s->x[i][j];
    s->n = 0;
}

static void add_all(const learn_objective *o, sample *s, const learn_moments *m,
                    double *sums) {
    size_t n = sample_of(o);
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += o->weights[i * o->n / n];
    for (size_t i = 0; i < n; i++) {
        size_t row = i * o->n / n;
        if (o->weights[row] > 0)
            take_row(o, row, o->weights[row] / total, s);
        if (s->n == BLOCK)
            add_rows(o, s, m, sums);
    }
    add_rows(o, s, m, sums);
}

/* ---- the triangle -------------------------------------------------------------------
 */

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

/* Cholesky, row by row; false where it is not positive definite. */
static bool factor(double *a, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j < i; j++)
            row[j] = (row[j] - dot(row, a + j * n, j)) / a[j * n + j];
        double left = row[i] - dot(row, row, i);
        if (!(left > 0))
            return false;
        row[i] = sqrt(left);
    }
    return true;
}

/* With the penalty, and a little where there is neither. */
static double diagonal(const learn_objective *o, double sum, bool penalised) {
    return sum + (penalised ? o->penalty : 0) + 1e-12;
}

static void set(const learn_objective *o, const double *sums, size_t tall,
                learn_moments *m) {
    size_t step = m->triangle != NULL ? tall + 1 : 1;
    for (size_t i = 0; i < m->n; i++)
        m->roots[i] = sqrt(diagonal(o, sums[i * step], i < o->d));
    for (size_t i = 0; m->triangle != NULL && i < m->n; i++) {
        memcpy(m->triangle + i * m->n, sums + i * tall, i * sizeof *sums);
        m->triangle[i * m->n + i] = diagonal(o, sums[i * tall + i], i < o->d);
    }
    m->whole = m->triangle != NULL && factor(m->triangle, m->n);
}

elc_status elc_learn_moments_create(const learn_objective *o, learn_moments *out,
                                    elc_error *err) {
    out->n = o->d + 1;
    ELC_TRY(elc_alloc(out->n, sizeof *out->roots, &out->roots, err));
    return o->d > WHOLE_MAX
               ? ELC_OK
               : elc_alloc(out->n * out->n, sizeof *out->triangle, &out->triangle, err);
}

elc_status elc_learn_moments_look(const learn_objective *o, learn_moments *m,
                                  elc_error *err) {
    sample s = {.tall = elc_learn_padded(m->n)};
    double *sums = NULL;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_alloc(BLOCK * s.tall, sizeof *s.z, &s.z, err), status, done);
    ELC_TRY_GOTO(elc_alloc(BLOCK * s.tall, sizeof *s.r, &s.r, err), status, done);
    ELC_TRY_GOTO(elc_alloc(o->tall, sizeof *s.p, &s.p, err), status, done);
    ELC_TRY_GOTO(elc_alloc(m->triangle != NULL ? s.tall * s.tall : s.tall, sizeof *sums,
                           &sums, err),
                 status, done);
    add_all(o, &s, m, sums);
    set(o, sums, s.tall, m);
done:
    free(s.z);
    free(s.r);
    free(s.p);
    free(sums);
    return status;
}

void elc_learn_moments_solve(const learn_moments *m, double *v) {
    const double *l = m->triangle;
    size_t n = m->n;
    if (!m->whole) {
        for (size_t i = 0; i < n; i++)
            v[i] /= m->roots[i] * m->roots[i];
        return;
    }
    for (size_t i = 0; i < n; i++)
        v[i] = (v[i] - dot(l + i * n, v, i)) / l[i * n + i];
    for (size_t i = n; i-- > 0;) {
        v[i] /= l[i * n + i];
        for (size_t j = 0; j < i; j++)
            v[j] -= v[i] * l[i * n + j];
    }
}

void elc_learn_moments_free(learn_moments *m) {
    free(m->triangle);
    free(m->roots);
}
