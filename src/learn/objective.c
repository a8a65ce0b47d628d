/* objective.c - what logistic regression minimises, and its slope. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "objective.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "loops.h"

/* Rows whose scores and features stay in a core's cache between their two uses; sums of
   so many chunks at most, in that much memory. */
enum { BLOCK = 64, CHUNKS_MAX = 16 };
/* Doubles of a line of the caches. */
enum { LINE = 8 };
#define SLOPES_MAX ((size_t)64 << 20)
/* Less work than this is done before threads have started. */
#define ALONE 2e6

size_t elc_learn_size(const learn_objective *o) {
    return o->rows * (o->d + 1);
}

static size_t slopes_each(const learn_objective *o) {
    return o->tall * (o->d + 1);
}

/* By the shape of the problem alone, so that sums do not depend on threads. */
static size_t choose_chunks(const learn_objective *o) {
    size_t blocks = (o->n + BLOCK - 1) / BLOCK;
    size_t room = SLOPES_MAX / (slopes_each(o) * sizeof(double)) + 1;
    size_t most = room < CHUNKS_MAX ? room : CHUNKS_MAX;
    return blocks < most ? blocks : most;
}

elc_status elc_learn_prepare(learn_objective *o, elc_error *err) {
    o->tall = elc_learn_padded(o->rows);
    o->chunks = choose_chunks(o);
    o->w_stride = (o->d + LINE - 1) / LINE * LINE;
    ELC_TRY(elc_alloc(o->tall * o->w_stride + LINE, sizeof(double), &o->w_room, err));
    o->w = o->w_room;
    while ((uintptr_t)o->w % (LINE * sizeof(double)) != 0)
        o->w++;
    ELC_TRY(elc_alloc(o->tall, sizeof(double), &o->b, err));
    ELC_TRY(elc_alloc(o->chunks * slopes_each(o), sizeof(double), &o->slopes, err));
    return elc_alloc(o->chunks, sizeof(double), &o->losses, err);
}

void elc_learn_objective_free(learn_objective *o) {
    free(o->w_room);
    free(o->b);
    free(o->slopes);
    free(o->losses);
}

void elc_learn_unscale(learn_objective *o, const double *parameters) {
    for (size_t k = 0; k < o->rows; k++) {
        const double *from = parameters + k * (o->d + 1);
        double *to = o->w + k * o->w_stride, shift = 0;
        for (size_t j = 0; j < o->d; j++) {
            to[j] = from[j] * o->scale[j];
            shift += to[j] * o->mean[j];
        }
        o->b[k] = from[o->d] - shift;
    }
}

/* ---- a row --------------------------------------------------------------------------
 */

/* Turns the score of the second class into its weighted residual; gives the loss. */
static double residual_of_two(double *score, int32_t label, double weight) {
    double s = *score, e = exp(-fabs(s));
    double p = s > 0 ? 1 / (1 + e) : e / (1 + e);
    double against = label == 1 ? -s : s;
    *score = weight * (p - label);
    return weight * ((against > 0 ? against : 0) + log1p(e));
}

static double residual_of_many(double *scores, size_t n, int32_t label, double weight) {
    double top = scores[0], sum = 0, own = scores[label];
    for (size_t k = 1; k < n; k++)
        top = scores[k] > top ? scores[k] : top;
    for (size_t k = 0; k < n; k++)
        sum += scores[k] = exp(scores[k] - top);
    double part = weight / sum;
    for (size_t k = 0; k < n; k++)
        scores[k] *= part;
    scores[label] -= weight;
    return weight * (log(sum) + top - own);
}

/* ---- a chunk ------------------------------------------------------------------------
 */

typedef struct block {
    const float *x[BLOCK];
    size_t rows[BLOCK], n;
    double *residuals; /* BLOCK rows of `tall` */
} block;

/* Rows of weight 0 are passed over: those that are left out cost nothing. */
static void take_block(const learn_objective *o, size_t *next, size_t end, block *b) {
    for (b->n = 0; *next < end && b->n < BLOCK; ++*next) {
        if (o->weights[*next] <= 0)
            continue;
        b->x[b->n] = o->x + *next * o->d;
        b->rows[b->n++] = *next;
    }
}

static double fill_block(const learn_objective *o, const block *b) {
    double loss = 0;
    const learn_products products = {b->x,        b->n,    o->d,        o->w,
                                     o->w_stride, o->tall, b->residuals};
    elc_learn_products(&products);
    for (size_t i = 0; i < b->n; i++) {
        double *r = b->residuals + i * o->tall, weight = o->weights[b->rows[i]];
        int32_t label = o->labels[b->rows[i]];
        for (size_t k = 0; k < o->rows; k++)
            r[k] += o->b[k];
        loss += o->rows == 1 ? residual_of_two(r, label, weight)
                             : residual_of_many(r, o->rows, label, weight);
    }
    return loss;
}

static void add_block(const learn_objective *o, const block *b, double *slopes) {
    const learn_outer outer = {b->x, b->n, b->residuals, o->tall, slopes, o->d};
    double *ends = slopes + o->tall * o->d;
    for (size_t k = 0; k < o->tall; k += LEARN_TILE)
        elc_learn_outer(&outer, k, o->d);
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < o->rows; k++)
            ends[k] += b->residuals[i * o->tall + k];
}

static void do_chunk(learn_objective *o, size_t chunk, double *room) {
    double *slopes = o->slopes + chunk * slopes_each(o), loss = 0;
    size_t blocks = (o->n + BLOCK - 1) / BLOCK;
    size_t next = chunk * blocks / o->chunks * BLOCK;
    size_t end = (chunk + 1) * blocks / o->chunks * BLOCK;
    block b = {.residuals = room};
    end = end < o->n ? end : o->n;
    memset(slopes, 0, slopes_each(o) * sizeof *slopes);
    while (next < end) {
        take_block(o, &next, end, &b);
        loss += fill_block(o, &b);
        add_block(o, &b, slopes);
    }
    o->losses[chunk] = loss;
}

/* ---- threads ------------------------------------------------------------------------
 */

typedef struct crew {
    learn_objective *o;
    int threads;
} crew;

static elc_status do_chunks(void *arg, int index, elc_error *err) {
    crew *c = arg;
    double *room = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(BLOCK * c->o->tall, sizeof *room, &room, err));
    for (size_t i = (size_t)index; i < c->o->chunks && status == ELC_OK;
         i += (size_t)c->threads) {
        status = elc_check_cancel(c->o->context, err);
        if (status == ELC_OK)
            do_chunk(c->o, i, room);
    }
    free(room);
    return status;
}

static elc_status do_all(learn_objective *o, elc_error *err) {
    crew c = {o, o->threads};
    double work = (double)o->n * (double)o->d * (double)o->tall;
    if (work < ALONE)
        c.threads = 1;
    if ((size_t)c.threads > o->chunks)
        c.threads = (int)o->chunks;
    return c.threads == 1 ? do_chunks(&c, 0, err)
                          : elc_threads_run(c.threads, do_chunks, &c, err);
}

/* ---- all ----------------------------------------------------------------------------
 */

static void sum_chunks(learn_objective *o) {
    for (size_t c = 1; c < o->chunks; c++) {
        const double *from = o->slopes + c * slopes_each(o);
        for (size_t i = 0; i < slopes_each(o); i++)
            o->slopes[i] += from[i];
        o->losses[0] += o->losses[c];
    }
}

elc_status elc_learn_evaluate(learn_objective *o, const double *parameters,
                              double *slope, double *value, elc_error *err) {
    double squares = 0;
    elc_learn_unscale(o, parameters);
    ELC_TRY(do_all(o, err));
    sum_chunks(o);
    const double *ends = o->slopes + o->tall * o->d;
    for (size_t k = 0; k < o->rows; k++) {
        const double *at = parameters + k * (o->d + 1), *sums = o->slopes + k * o->d;
        double *to = slope + k * (o->d + 1);
        for (size_t j = 0; j < o->d; j++) {
            squares += at[j] * at[j];
            to[j] = (sums[j] - ends[k] * o->mean[j]) * o->scale[j] + o->penalty * at[j];
        }
        to[o->d] = ends[k];
    }
    *value = o->losses[0] + o->penalty / 2 * squares;
    return ELC_OK;
}
