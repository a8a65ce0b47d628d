/* box_train.c - trains a head of a detector on cells of frozen features. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/box_net.h"

enum { BLOCK = 256, LEAST_BATCH = 128, MOST_BATCH = 8192 };
static const double BETA_1 = 0.9, BETA_2 = 0.999, EPSILON = 1e-8; /* Adam's */
static const double START = -4, START_SIDES = 0.6; /* as the vehicle network's heads */

/* ---- what is trained --------------------------------------------------------------
 */

typedef struct {
    const elc_box_cells *cells;
    elc_box_wish wish;
    const elc_context *context;
    int threads;
    size_t *learnt, *left; /* cells that are learnt from, and those left out */
    size_t n_learnt, n_left;
    float *mean, *scale; /* of each channel: what goes in is (x - mean) * scale */
    box_net net, average;
    double *first, *second; /* Adam's moments */
    box_norm norm, norm_left;
    /* Of a pass over cells, each block of which has a place of its own, so that sums do
       not depend on which thread did it. */
    const box_net *now;
    const size_t *list;
    size_t n_list;
    const box_norm *list_norm;
    bool wants_gradient;
    box_block *blocks; /* one a thread */
    size_t n_sums;     /* blocks of a batch */
    double *sums;
    float *gradients; /* n_sums x weights */
} trainer;

static void trainer_free(trainer *t) {
    free(t->learnt);
    free(t->left);
    free(t->mean);
    free(t->scale);
    elc_box_net_free(&t->net);
    elc_box_net_free(&t->average);
    free(t->first);
    free(t->second);
    for (int i = 0; t->blocks && i < t->threads; i++)
        elc_box_block_free(&t->blocks[i]);
    free(t->blocks);
    free(t->sums);
    free(t->gradients);
}

static uint64_t next_number(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double next_unit(uint64_t *state) {
    return (double)(next_number(state) >> 11) * 0x1p-53;
}

static void shuffle(size_t *list, size_t n, uint64_t *state) {
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(next_unit(state) * (double)i), kept = list[i - 1];
        list[i - 1] = list[j];
        list[j] = kept;
    }
}

static elc_status split(trainer *t, elc_error *err) {
    const elc_box_cells *c = t->cells;
    ELC_TRY(elc_alloc(c->count, sizeof *t->learnt, &t->learnt, err));
    ELC_TRY(elc_alloc(c->count, sizeof *t->left, &t->left, err));
    for (size_t i = 0; i < c->count; i++) {
        if (t->wish.left_out >= 0 && c->place[i] == (uint64_t)t->wish.left_out)
            t->left[t->n_left++] = i;
        else
            t->learnt[t->n_learnt++] = i;
    }
    bool any;
    t->norm = elc_box_norm_of(c, t->learnt, t->n_learnt, &any);
    if (!any)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "none of the %zu cells to learn from has an object's middle: "
                        "labels are needed in what is learnt from",
                        t->n_learnt);
    t->norm_left = elc_box_norm_of(c, t->left, t->n_left, NULL);
    return ELC_OK;
}

static elc_status check_classes(const trainer *t, elc_error *err) {
    const elc_box_cells *c = t->cells;
    for (size_t k = 0; k < c->classes; k++) {
        size_t i = 0;
        while (i < t->n_learnt && !(c->heat[t->learnt[i] * c->classes + k] > 0.999))
            i++;
        if (i == t->n_learnt)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "class %zu of %zu has no object to learn from", k,
                            c->classes);
    }
    return ELC_OK;
}

/* By what stands for what, in double and in order. A channel that never changes stays
   nought. */
static elc_status measure_channels(trainer *t, elc_error *err) {
    const elc_box_cells *c = t->cells;
    size_t n = c->channels;
    double *sums, total = 0;
    ELC_TRY(elc_alloc(2 * n, sizeof *sums, &sums, err));
    elc_status status = elc_alloc(n, sizeof *t->mean, &t->mean, err);
    if (status == ELC_OK)
        status = elc_alloc(n, sizeof *t->scale, &t->scale, err);
    for (size_t i = 0; i < t->n_learnt && status == ELC_OK; i++) {
        const float *x = c->features + t->learnt[i] * n;
        double stands = c->stands[t->learnt[i]];
        total += stands;
        for (size_t k = 0; k < n; k++) {
            sums[k] += stands * x[k];
            sums[n + k] += stands * x[k] * x[k];
        }
    }
    for (size_t k = 0; k < n && status == ELC_OK; k++) {
        double mean = sums[k] / total, square = sums[n + k] / total - mean * mean;
        bool varies = square > 1e-12 * (1 + mean * mean);
        t->mean[k] = (float)mean;
        t->scale[k] = varies ? (float)(1 / sqrt(square)) : 0;
    }
    free(sums);
    return status;
}

/* He's uniform start for what goes through a ReLU, half of that for what does not. */
static void start_layer(float *w, size_t rows, size_t cols, size_t pitch, double gain,
                        uint64_t *state) {
    double most = sqrt(gain / (double)rows);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++)
            w[r * pitch + c] = (float)((2 * next_unit(state) - 1) * most);
}

static void start_weights(trainer *t) {
    box_net *n = &t->net;
    uint64_t state = t->wish.seed ^ 0x626F78u;
    size_t in = n->hidden > 0 ? n->hidden : n->channels;
    start_layer(elc_box_first(n), n->channels, n->hidden, n->hidden_padded, 6, &state);
    start_layer(elc_box_last(n), in, n->classes + 4, n->outputs_padded, 0.3, &state);
    for (size_t k = 0; k < n->classes + 4; k++)
        elc_box_last_bias(n)[k] = (float)(k < n->classes ? START : START_SIDES);
}

/* Some fifty steps an epoch, where there is neither little nor very much. */
static size_t batch_of(size_t n) {
    size_t batch = n / 48;
    return batch < LEAST_BATCH ? LEAST_BATCH : batch > MOST_BATCH ? MOST_BATCH : batch;
}

static elc_status start(trainer *t, elc_error *err) {
    const elc_box_cells *c = t->cells;
    const elc_box_wish *w = &t->wish;
    ELC_TRY(split(t, err));
    ELC_TRY(check_classes(t, err));
    if (t->wish.batch == 0)
        t->wish.batch = batch_of(t->n_learnt);
    ELC_TRY(measure_channels(t, err));
    ELC_TRY(elc_box_net_create(c->channels, w->hidden, c->classes, w->unit_px, &t->net,
                               err));
    ELC_TRY(elc_box_net_create(c->channels, w->hidden, c->classes, w->unit_px,
                               &t->average, err));
    start_weights(t);
    ELC_TRY(elc_alloc(t->net.count, sizeof *t->first, &t->first, err));
    ELC_TRY(elc_alloc(t->net.count, sizeof *t->second, &t->second, err));
    t->n_sums = (w->batch + BLOCK - 1) / BLOCK;
    ELC_TRY(elc_alloc(t->n_sums, sizeof *t->sums, &t->sums, err));
    ELC_TRY(
        elc_alloc(t->n_sums, t->net.count * sizeof *t->gradients, &t->gradients, err));
    t->threads = elc_context_threads(t->context);
    if ((size_t)t->threads > t->n_sums)
        t->threads = (int)t->n_sums;
    ELC_TRY(elc_alloc((size_t)t->threads, sizeof *t->blocks, &t->blocks, err));
    for (int i = 0; i < t->threads; i++)
        ELC_TRY(elc_box_block_create(&t->net, BLOCK, &t->blocks[i], err));
    return ELC_OK;
}

/* ---- a pass over some cells -------------------------------------------------------
 */

static void gather(const trainer *t, const size_t *list, size_t n, float *x) {
    size_t channels = t->cells->channels;
    for (size_t i = 0; i < n; i++) {
        const float *from = t->cells->features + list[i] * channels;
        for (size_t c = 0; c < channels; c++)
            x[i * channels + c] = (from[c] - t->mean[c]) * t->scale[c];
    }
}

static void do_block(const trainer *t, size_t number, box_block *b) {
    size_t at = number * BLOCK, n = t->n_list - at < BLOCK ? t->n_list - at : BLOCK;
    size_t pitch = t->now->outputs_padded;
    double sum = 0;
    gather(t, t->list + at, n, b->x);
    elc_box_forward(t->now, b, n);
    for (size_t i = 0; i < n; i++)
        sum += elc_box_cell_loss(t->now, t->cells, t->list[at + i], t->list_norm,
                                 b->out + i * pitch, b->d_out + i * pitch);
    t->sums[number] = sum;
    if (!t->wants_gradient)
        return;
    float *gradient = t->gradients + number * t->now->count;
    memset(gradient, 0, t->now->count * sizeof *gradient);
    elc_box_backward(t->now, b, n, gradient);
}

static elc_status do_blocks(void *arg, int index, elc_error *err) {
    const trainer *t = arg;
    (void)err;
    for (size_t i = (size_t)index; i * BLOCK < t->n_list; i += (size_t)t->threads)
        do_block(t, i, &t->blocks[index]);
    return ELC_OK;
}

/* The loss over at most a batch of cells; the gradients of its blocks. */
static elc_status pass(trainer *t, const size_t *list, size_t n, double *loss,
                       elc_error *err) {
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    int threads = (size_t)t->threads < blocks ? t->threads : (int)blocks;
    t->list = list;
    t->n_list = n;
    if (threads > 0)
        ELC_TRY(elc_threads_run(t->threads, do_blocks, t, err));
    for (size_t i = 0; i < blocks; i++)
        *loss += t->sums[i];
    return ELC_OK;
}

/* ---- steps ------------------------------------------------------------------------
 */

static double gradient_of(const trainer *t, size_t blocks, size_t weight) {
    double sum = 0;
    for (size_t i = 0; i < blocks; i++)
        sum += t->gradients[i * t->net.count + weight];
    return sum;
}

/* AdamW (Loshchilov and Hutter 2019, algorithm 2). Biases decay too: they are few. */
static void step_weights(trainer *t, size_t blocks, double rate, double factor,
                         uint64_t step) {
    double fix_1 = 1 - pow(BETA_1, (double)step), fix_2 = 1 - pow(BETA_2, (double)step);
    for (size_t i = 0; i < t->net.count; i++) {
        double g = gradient_of(t, blocks, i) * factor, w = t->net.weights[i];
        double m = t->first[i] = BETA_1 * t->first[i] + (1 - BETA_1) * g;
        double v = t->second[i] = BETA_2 * t->second[i] + (1 - BETA_2) * g * g;
        w -= rate * (m / fix_1 / (sqrt(v / fix_2) + EPSILON) + t->wish.decay * w);
        t->net.weights[i] = (float)w;
    }
}

/* The mean of about the last epoch's weights; of all of them at first. */
static void follow(trainer *t, size_t steps_per_epoch, uint64_t step) {
    double share = 1 / fmin((double)step, (double)steps_per_epoch + 1);
    for (size_t i = 0; i < t->net.count; i++) {
        double mean = t->average.weights[i];
        t->average.weights[i] = (float)(mean + share * (t->net.weights[i] - mean));
    }
}

static elc_status learn_batch(trainer *t, size_t at, size_t n, double progress,
                              uint64_t step, double *loss, elc_error *err) {
    double rate = t->wish.rate * 0.5 * (1 + cos(progress * acos(-1)));
    double warm = fmin(1, (double)step / 50);
    elc_box_net_turn(&t->net);
    t->now = &t->net;
    t->list_norm = &t->norm;
    t->wants_gradient = true;
    ELC_TRY(pass(t, t->learnt + at, n, loss, err));
    step_weights(t, (n + BLOCK - 1) / BLOCK, rate * warm,
                 (double)t->n_learnt / (double)n, step);
    return ELC_OK;
}

/* The loss of the mean weights over what was left out. */
static elc_status measure_left(trainer *t, double *loss, elc_error *err) {
    size_t most = t->n_sums * BLOCK;
    *loss = 0;
    t->now = &t->average;
    t->list_norm = &t->norm_left;
    t->wants_gradient = false;
    for (size_t at = 0; at < t->n_left; at += most)
        ELC_TRY(pass(t, t->left + at, t->n_left - at < most ? t->n_left - at : most,
                     loss, err));
    return ELC_OK;
}

static elc_status learn_epoch(trainer *t, size_t epoch, uint64_t *state, uint64_t *step,
                              double *loss, elc_error *err) {
    size_t batch = t->wish.batch, steps = (t->n_learnt + batch - 1) / batch;
    shuffle(t->learnt, t->n_learnt, state);
    *loss = 0;
    for (size_t i = 0; i < steps; i++) {
        size_t at = i * batch, n = t->n_learnt - at < batch ? t->n_learnt - at : batch;
        double progress =
            ((double)epoch + (double)i / (double)steps) / (double)t->wish.epochs;
        ELC_TRY(elc_check_cancel(t->context, err));
        ELC_TRY(learn_batch(t, at, n, progress, ++*step, loss, err));
        follow(t, steps, *step);
    }
    return ELC_OK;
}

static elc_status take_head(trainer *t, size_t epoch, double loss, elc_box_result *best,
                            elc_error *err) {
    elc_box_head *head;
    ELC_TRY(elc_box_net_head(&t->average, t->mean, t->scale, &head, err));
    elc_box_head_free(best->head);
    best->head = head;
    best->epochs = epoch;
    best->loss = loss;
    return ELC_OK;
}

/* The last head is the best where nothing is left out. */
static elc_status learn(trainer *t, elc_box_result *best, elc_error *err) {
    uint64_t state = t->wish.seed, step = 0;
    size_t all = t->wish.done + t->wish.epochs + t->wish.more;
    for (size_t epoch = 0; epoch < t->wish.epochs; epoch++) {
        double loss, left;
        elc_progress now = {
            .unit = "epochs", .done = t->wish.done + epoch, .total = all};
        elc_report(t->context, &now);
        ELC_TRY(learn_epoch(t, epoch, &state, &step, &loss, err));
        ELC_TRY(measure_left(t, &left, err));
        bool measured = t->n_left > 0;
        if (!measured || !best->head || left < best->loss)
            ELC_TRY(take_head(t, epoch + 1, measured ? left : loss, best, err));
        if (measured && epoch + 1 >= best->epochs + t->wish.patience)
            break;
    }
    return ELC_OK;
}

static elc_box_wish with_defaults(const elc_box_wish *wish) {
    elc_box_wish w = *wish;
    w.hidden = w.hidden == SIZE_MAX ? 0 : w.hidden == 0 ? 64 : w.hidden;
    w.epochs = w.epochs ? w.epochs : 24;
    w.patience = w.patience ? w.patience : 10;
    w.rate = w.rate > 0 ? w.rate : 0.004;
    w.decay = w.decay < 0 ? 0 : w.decay > 0 ? w.decay : 1;
    w.unit_px = w.unit_px > 0 ? w.unit_px : 16;
    return w;
}

elc_status elc_box_train(const elc_box_cells *cells, const elc_box_wish *wish,
                         const elc_context *context, elc_box_result *out,
                         elc_error *err) {
    trainer t = {.cells = cells, .wish = with_defaults(wish), .context = context};
    elc_box_result best = {0};
    elc_status status = start(&t, err);
    if (status == ELC_OK)
        status = learn(&t, &best, err);
    trainer_free(&t);
    if (status == ELC_E_CANCELLED && wish->keep && best.head) {
        best.stopped = true;
        status = ELC_OK;
    }
    if (status == ELC_OK)
        *out = best;
    else
        elc_box_head_free(best.head);
    return status;
}
