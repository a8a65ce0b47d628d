/* box_net.h - a head as it is trained: padded weights, blocks of cells, losses. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_BOX_NET_H
#define ELCANO_SRC_LEARN_BOX_NET_H

#include <elcano/learn.h>

/* Weights by rows of their inputs, outputs padded to lanes: `first` channels x hidden
   and `first_bias`, then `last` in x outputs and `last_bias`, all in one array. */
typedef struct box_net {
    size_t channels, hidden, classes;
    size_t hidden_padded, outputs_padded, last_in; /* rows of last */
    double unit_px;
    size_t count; /* of weights */
    float *weights;
    float *last_turned; /* outputs x hidden_padded, for gradients: elc_box_net_turn */
} box_net;

elc_status elc_box_net_create(size_t channels, size_t hidden, size_t classes,
                              double unit_px, box_net *out, elc_error *err);
elc_status elc_box_net_of(const elc_box_head *head, box_net *out, elc_error *err);
/* The head of a net that saw (feature - mean) * scale. NULL: the features. */
elc_status elc_box_net_head(const box_net *net, const float *mean, const float *scale,
                            elc_box_head **out, elc_error *err);
void elc_box_net_free(box_net *net);
static inline float *elc_box_first(const box_net *net) {
    return net->weights;
}
static inline float *elc_box_first_bias(const box_net *net) {
    return net->weights + net->channels * net->hidden_padded;
}
static inline float *elc_box_last(const box_net *net) {
    return elc_box_first_bias(net) + net->hidden_padded;
}
static inline float *elc_box_last_bias(const box_net *net) {
    return elc_box_last(net) + net->last_in * net->outputs_padded;
}

/* Memory for some cells: what goes in, what is hidden, what comes out, and for the
   latter two what the loss changes by. */
typedef struct box_block {
    float *x, *hidden, *out, *d_hidden, *d_out;
} box_block;

elc_status elc_box_block_create(const box_net *net, size_t cells, box_block *out,
                                elc_error *err);
void elc_box_block_free(box_block *block);

/* From x to out. */
void elc_box_forward(const box_net *net, box_block *block, size_t cells);
/* The scores and sides of a cell. */
void elc_box_answer(const box_net *net, const box_block *block, size_t i, float *scores,
                    float *sides);
/* Adds to `gradient` what d_out means for the weights. */
void elc_box_backward(const box_net *net, box_block *block, size_t cells,
                      float *gradient);
void elc_box_net_turn(box_net *net);

/* What the parts of the loss are divided by, of each class: its objects' middles and
   the weights of its sides, each times the number of classes that have some, so that a
   rare class counts as much as one of many objects. */
typedef struct box_norm {
    double hits[ELC_BOX_CLASSES_MAX], weight[ELC_BOX_CLASSES_MAX];
} box_norm;

/* The class that a cell with an object is most of. */
static inline size_t elc_box_class(const float *heat, size_t classes) {
    size_t most = 0;
    for (size_t k = 1; k < classes; k++)
        most = heat[k] > heat[most] ? k : most;
    return most;
}

/* `any` (NULL: not asked) tells whether there is an object's middle. */
box_norm elc_box_norm_of(const elc_box_cells *cells, const size_t *list, size_t n,
                         bool *any);

/* The loss of one cell, and what it changes by with each output. */
double elc_box_cell_loss(const box_net *net, const elc_box_cells *cells, size_t cell,
                         const box_norm *norm, const float *out, float *change);

#endif
