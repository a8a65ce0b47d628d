/* box_total.c - the loss of a head over many cells, and its gradient, cell by cell. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/box_net.h"

/* A class that has none is divided by all there are. */
static void balance(double *of_class, size_t classes) {
    double there = 0, all = 0;
    for (size_t k = 0; k < classes; k++) {
        there += of_class[k] > 0;
        all += of_class[k];
    }
    for (size_t k = 0; k < classes; k++)
        of_class[k] = of_class[k] > 0 ? of_class[k] * there : all > 0 ? all : 1;
}

box_norm elc_box_norm_of(const elc_box_cells *c, const size_t *list, size_t n,
                         bool *any) {
    box_norm norm = {0};
    double hits = 0;
    for (size_t i = 0; i < n; i++) {
        const float *heat = c->heat + list[i] * c->classes;
        norm.weight[elc_box_class(heat, c->classes)] += c->weight[list[i]];
        for (size_t k = 0; k < c->classes; k++)
            norm.hits[k] += heat[k] > 0.999;
    }
    for (size_t k = 0; k < c->classes; k++)
        hits += norm.hits[k];
    if (any)
        *any = hits > 0;
    balance(norm.hits, c->classes);
    balance(norm.weight, c->classes);
    return norm;
}

/* The padded gradient, in the order of a head's arrays. */
static void order(const box_net *net, const float *g, double *out) {
    box_net to = *net;
    size_t outputs = net->classes + 4, in = net->hidden ? net->hidden : net->channels;
    to.weights = (float *)(uintptr_t)g;
    for (size_t h = 0; h < net->hidden; h++)
        for (size_t c = 0; c < net->channels; c++)
            *out++ = elc_box_first(&to)[c * net->hidden_padded + h];
    for (size_t h = 0; h < net->hidden; h++)
        *out++ = elc_box_first_bias(&to)[h];
    for (size_t o = 0; o < outputs; o++)
        for (size_t i = 0; i < in; i++)
            *out++ = elc_box_last(&to)[i * net->outputs_padded + o];
    for (size_t o = 0; o < outputs; o++)
        *out++ = elc_box_last_bias(&to)[o];
}

static elc_status loss_of(const box_net *net, box_block *b, const elc_box_cells *cells,
                          const size_t *list, size_t n, float *g, double *loss) {
    box_norm norm = elc_box_norm_of(cells, list, n, NULL);
    *loss = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(b->x, cells->features + list[i] * cells->channels,
               cells->channels * sizeof *b->x);
        elc_box_forward(net, b, 1);
        *loss += elc_box_cell_loss(net, cells, list[i], &norm, b->out, b->d_out);
        elc_box_backward(net, b, 1, g);
    }
    return ELC_OK;
}

elc_status elc_box_loss(const elc_box_head *head, const elc_box_cells *cells,
                        int64_t place, double *loss, double *gradient, elc_error *err) {
    box_net net;
    box_block block = {0};
    size_t *list = NULL, n = 0;
    float *g = NULL;
    ELC_TRY(elc_box_net_of(head, &net, err));
    elc_box_net_turn(&net);
    elc_status status = elc_box_block_create(&net, 1, &block, err);
    if (status == ELC_OK)
        status = elc_alloc(net.count, sizeof *g, &g, err);
    if (status == ELC_OK)
        status = elc_alloc(cells->count, sizeof *list, &list, err);
    for (size_t i = 0; i < cells->count && status == ELC_OK; i++)
        if (place < 0 || cells->place[i] == (uint64_t)place)
            list[n++] = i;
    if (status == ELC_OK)
        status = loss_of(&net, &block, cells, list, n, g, loss);
    if (status == ELC_OK && gradient)
        order(&net, g, gradient);
    free(list);
    free(g);
    elc_box_block_free(&block);
    elc_box_net_free(&net);
    return status;
}
