/* loops.c - products of rows of float features with doubles, for any processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "loops.h"

#include <string.h>

/* Eight numbers side by side: processors with narrower registers take some of them, and
   each number's own operations stay as they are. */
typedef double eight __attribute__((vector_size(64)));
enum { LANES = 8 };

size_t elc_learn_padded(size_t n) {
    return n == 1 ? 1 : (n + LEARN_TILE - 1) / LEARN_TILE * LEARN_TILE;
}

/* A loop of its own: compilers turn it into the one instruction that there is. */
#define LOAD_FLOATS(to, from)                                                          \
    do {                                                                               \
        double doubles_[LANES];                                                        \
        for (size_t l_ = 0; l_ < LANES; l_++)                                          \
            doubles_[l_] = (double)(from)[l_];                                         \
        memcpy(&(to), doubles_, sizeof doubles_);                                      \
    } while (0)

/* Rows that come next, which processors do not guess beyond a page; they need not be
   there. */
#define FETCH(from, floats)                                                            \
    __builtin_prefetch((const void *)((uintptr_t)(from) + (floats) * sizeof(float)))

#define ADD_LANES(v)                                                                   \
    ((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + (((v)[2] + (v)[6]) + ((v)[3] + (v)[7])))

/* Of two rows, which share what is loaded of w; the second may be the first again. */
#define PRODUCTS(name, target)                                                         \
    target static void name(const learn_products *p, size_t i, size_t i2, size_t k0) { \
        const float *x = p->x[i], *x2 = p->x[i2];                                      \
        const double *w = p->w + k0 * p->stride;                                       \
        eight sum[LEARN_TILE] = {{0}, {0}, {0}, {0}}, v, v2, u;                        \
        eight sum2[LEARN_TILE] = {{0}, {0}, {0}, {0}};                                 \
        size_t whole = p->d / LANES * LANES, stride = p->stride;                       \
        for (size_t j = 0; j < whole; j += LANES) {                                    \
            FETCH(x + j, 2 * p->d);                                                    \
            FETCH(x2 + j, 2 * p->d);                                                   \
            LOAD_FLOATS(v, x + j);                                                     \
            LOAD_FLOATS(v2, x2 + j);                                                   \
            _Pragma("GCC unroll 4") for (size_t k = 0; k < LEARN_TILE; k++) {          \
                memcpy(&u, w + k * stride + j, sizeof u);                              \
                sum[k] += u * v;                                                       \
                sum2[k] += u * v2;                                                     \
            }                                                                          \
        }                                                                              \
        for (size_t k = 0; k < LEARN_TILE; k++) {                                      \
            double one = ADD_LANES(sum[k]), two = ADD_LANES(sum2[k]);                  \
            for (size_t j = whole; j < p->d; j++) {                                    \
                one += w[k * stride + j] * (double)x[j];                               \
                two += w[k * stride + j] * (double)x2[j];                              \
            }                                                                          \
            p->out[i * p->tall + k0 + k] = one;                                        \
            p->out[i2 * p->tall + k0 + k] = two;                                       \
        }                                                                              \
    }

#define OUTER(name, target)                                                            \
    target static void name(const learn_outer *o, size_t first, size_t width) {        \
        double *const to = o->sum + first * o->stride;                                 \
        size_t whole = width / LANES * LANES;                                          \
        eight sum[LEARN_TILE], v;                                                      \
        for (size_t j = 0; j < whole; j += LANES) {                                    \
            for (size_t k = 0; k < LEARN_TILE; k++)                                    \
                memcpy(&sum[k], to + k * o->stride + j, sizeof v);                     \
            for (size_t i = 0; i < o->n; i++) {                                        \
                const double *r = o->r + i * o->tall + first;                          \
                LOAD_FLOATS(v, o->x[i] + j);                                           \
                _Pragma("GCC unroll 4") for (size_t k = 0; k < LEARN_TILE; k++)        \
                    sum[k] += r[k] * v;                                                \
            }                                                                          \
            for (size_t k = 0; k < LEARN_TILE; k++)                                    \
                memcpy(to + k * o->stride + j, &sum[k], sizeof v);                     \
        }                                                                              \
        for (size_t i = 0; i < o->n; i++) {                                            \
            for (size_t k = 0; k < LEARN_TILE; k++)                                    \
                for (size_t j = whole; j < width; j++)                                 \
                    to[k * o->stride + j] +=                                           \
                        o->r[i * o->tall + first + k] * (double)o->x[i][j];            \
        }                                                                              \
    }

/* The same of one row of w, by which four of x are multiplied at once: as many sums are
   under way as above. */
#define ONE_PRODUCTS(name, target)                                                     \
    target static void name(const learn_products *p, const size_t rows[LEARN_TILE]) {  \
        const float *x[LEARN_TILE];                                                    \
        eight sum[LEARN_TILE] = {{0}, {0}, {0}, {0}}, v, u;                            \
        size_t ahead = LEARN_TILE * p->d;                                              \
        size_t whole = p->d / LANES * LANES;                                           \
        for (size_t k = 0; k < LEARN_TILE; k++)                                        \
            x[k] = p->x[rows[k]];                                                      \
        for (size_t j = 0; j < whole; j += LANES) {                                    \
            memcpy(&u, p->w + j, sizeof u);                                            \
            _Pragma("GCC unroll 4") for (size_t k = 0; k < LEARN_TILE; k++) {          \
                FETCH(x[k] + j, ahead);                                                \
                LOAD_FLOATS(v, x[k] + j);                                              \
                sum[k] += u * v;                                                       \
            }                                                                          \
        }                                                                              \
        for (size_t k = 0; k < LEARN_TILE; k++) {                                      \
            double all = ADD_LANES(sum[k]);                                            \
            for (size_t j = whole; j < p->d; j++)                                      \
                all += p->w[j] * (double)x[k][j];                                      \
            p->out[rows[k]] = all;                                                     \
        }                                                                              \
    }

#define ONE_OUTER(name, target)                                                        \
    target static void name(const learn_outer *o, size_t width) {                      \
        enum { STEP = LEARN_TILE * LANES };                                            \
        size_t whole = width / STEP * STEP;                                            \
        eight sum[LEARN_TILE], v;                                                      \
        for (size_t j = 0; j < whole; j += STEP) {                                     \
            memcpy(sum, o->sum + j, sizeof sum);                                       \
            for (size_t i = 0; i < o->n; i++) {                                        \
                _Pragma("GCC unroll 4") for (size_t k = 0; k < LEARN_TILE; k++) {      \
                    LOAD_FLOATS(v, o->x[i] + j + k * LANES);                           \
                    sum[k] += o->r[i] * v;                                             \
                }                                                                      \
            }                                                                          \
            memcpy(o->sum + j, sum, sizeof sum);                                       \
        }                                                                              \
        for (size_t i = 0; i < o->n; i++)                                              \
            for (size_t j = whole; j < width; j++)                                     \
                o->sum[j] += o->r[i] * (double)o->x[i][j];                             \
    }

PRODUCTS(products_plain, )
PRODUCTS(products_wide, ELC_WIDE)
PRODUCTS(products_widest, ELC_WIDEST)
OUTER(outer_plain, )
OUTER(outer_wide, ELC_WIDE)
OUTER(outer_widest, ELC_WIDEST)
ONE_PRODUCTS(one_products_plain, )
ONE_PRODUCTS(one_products_wide, ELC_WIDE)
ONE_PRODUCTS(one_products_widest, ELC_WIDEST)
ONE_OUTER(one_outer_plain, )
ONE_OUTER(one_outer_wide, ELC_WIDE)
ONE_OUTER(one_outer_widest, ELC_WIDEST)

/* What is left of four is the last row again. */
static void one_products(const learn_products *p) {
    bool widest = elc_cpu_is_widest(), wide = elc_cpu_is_wide();
    for (size_t i = 0; i < p->n; i += LEARN_TILE) {
        size_t rows[LEARN_TILE];
        for (size_t k = 0; k < LEARN_TILE; k++)
            rows[k] = i + k < p->n ? i + k : p->n - 1;
        if (widest)
            one_products_widest(p, rows);
        else if (wide)
            one_products_wide(p, rows);
        else
            one_products_plain(p, rows);
    }
}

static void one_outer(const learn_outer *o, size_t width) {
    if (elc_cpu_is_widest())
        one_outer_widest(o, width);
    else if (elc_cpu_is_wide())
        one_outer_wide(o, width);
    else
        one_outer_plain(o, width);
}

void elc_learn_products(const learn_products *p) {
    if (p->tall == 1) {
        one_products(p);
        return;
    }
    bool widest = elc_cpu_is_widest(), wide = elc_cpu_is_wide();
    for (size_t i = 0; i < p->n; i += 2) {
        size_t i2 = i + 1 < p->n ? i + 1 : i;
        for (size_t k = 0; k < p->tall; k += LEARN_TILE) {
            if (widest)
                products_widest(p, i, i2, k);
            else if (wide)
                products_wide(p, i, i2, k);
            else
                products_plain(p, i, i2, k);
        }
    }
}

void elc_learn_outer(const learn_outer *from, size_t first, size_t width) {
    if (from->tall == 1)
        one_outer(from, width);
    else if (elc_cpu_is_widest())
        outer_widest(from, first, width);
    else if (elc_cpu_is_wide())
        outer_wide(from, first, width);
    else
        outer_plain(from, first, width);
}
