/* head.c - a trained head as nodes of an ONNX network. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_OPSET = 11, NAME = 64 };

/* Names begin with a prefix that the backbone does not use. After the first failure
   nothing more is added. */
typedef struct {
    elc_network *network;
    const train_backbone *backbone;
    const elc_box_head *head;
    char prefix[ELC_PREFIX_SIZE];
    elc_status status;
    elc_error *err;
} adder;

typedef struct {
    char text[ELC_PREFIX_SIZE + NAME];
} name;

static name named(const adder *a, const char *word, size_t number) {
    name n;
    snprintf(n.text, sizeof n.text, "%s%.40s%zu", a->prefix, word, number);
    return n;
}

/* ---- pieces -----------------------------------------------------------------------
 */

static void node(adder *a, const char *op, const char *const *inputs,
                 const char *output, const elc_attribute *attributes) {
    const char *const outputs[] = {output, NULL};
    if (a->status == ELC_OK)
        a->status =
            elc_network_add_node(a->network, op, inputs, outputs, attributes, a->err);
}

static void one(adder *a, const char *op, const char *x, const char *output,
                const elc_attribute *attributes) {
    node(a, op, (const char *const[]){x, NULL}, output, attributes);
}

static void two(adder *a, const char *op, const char *x, const char *y,
                const char *output) {
    node(a, op, (const char *const[]){x, y, NULL}, output, NULL);
}

static name floats(adder *a, const char *word, size_t number, const float *values,
                   const int64_t *dims, size_t rank) {
    name n = named(a, word, number);
    if (a->status == ELC_OK)
        a->status =
            elc_network_add_floats(a->network, n.text, values, dims, rank, a->err);
    return n;
}

static name ints(adder *a, const char *word, size_t number, const int64_t *values,
                 const int64_t *dims, size_t rank) {
    name n = named(a, word, number);
    if (a->status == ELC_OK)
        a->status =
            elc_network_add_ints(a->network, n.text, values, dims, rank, a->err);
    return n;
}

/* A 1 x 1 convolution. `bias` NULL: none. Weights n_out x n_in. */
static name conv(adder *a, const char *word, size_t number, const char *x,
                 const float *weights, const float *bias, size_t n_out, size_t n_in) {
    char text[NAME];
    const int64_t dims[] = {(int64_t)n_out, (int64_t)n_in, 1, 1};
    const int64_t ones[] = {1, 1};
    const elc_attribute kernel[] = {
        {.name = "kernel_shape", .kind = ELC_ATTRIBUTE_INTS, .wholes = ones, .n = 2},
        {.name = NULL}};
    snprintf(text, sizeof text, "%s_weight", word);
    name w = floats(a, text, number, weights, dims, 4), b = {""};
    snprintf(text, sizeof text, "%s_bias", word);
    if (bias)
        b = floats(a, text, number, bias, dims, 1);
    name out = named(a, word, number);
    node(a, "Conv", (const char *const[]){x, w.text, bias ? b.text : NULL, NULL},
         out.text, kernel);
    return out;
}

/* Each cell `shrink` times along both sides. */
static name repeat(adder *a, const char *x, size_t number, size_t shrink) {
    const elc_attribute how[] = {
        {.name = "mode", .kind = ELC_ATTRIBUTE_TEXT, .text = "nearest"},
        {.name = "coordinate_transformation_mode",
         .kind = ELC_ATTRIBUTE_TEXT,
         .text = "asymmetric"},
        {.name = "nearest_mode", .kind = ELC_ATTRIBUTE_TEXT, .text = "floor"},
        {.name = NULL}};
    const float scales[] = {1, 1, (float)shrink, (float)shrink};
    name s = floats(a, "scales", number, scales, (const int64_t[]){4}, 1);
    name roi = {""};
    if (elc_network_opset(a->network) < 13)
        roi = floats(a, "roi", number, scales, (const int64_t[]){0}, 1);
    name out = named(a, "repeated", number);
    node(a, "Resize", (const char *const[]){x, roi.text, s.text, NULL}, out.text, how);
    return out;
}

/* ---- the layers -------------------------------------------------------------------
 */

/* The columns of a layer's weights that are one map's. */
static elc_status part_of(const float *weights, size_t n_out, size_t n_in, size_t first,
                          size_t n, float **out, elc_error *err) {
    ELC_TRY(elc_alloc(n_out * n, sizeof **out, out, err));
    for (size_t o = 0; o < n_out; o++)
        memcpy(*out + o * n, weights + o * n_in + first, n * sizeof **out);
    return ELC_OK;
}

/* Weights are float32; maps may be float16. */
static name real_map(adder *a, size_t i) {
    const elc_attribute to_float[] = {
        {.name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {.name = NULL}};
    name out = named(a, "map", i);
    one(a, "Cast", a->backbone->tensors.items[i], out.text, to_float);
    return out;
}

/* A layer on all maps is the sum of one on each, and a coarse one's is made before its
   cells are repeated, which gives the same. */
static name on_maps(adder *a, const char *word, const float *weights, const float *bias,
                    size_t n_out) {
    const train_backbone *b = a->backbone;
    name sum = {""};
    size_t first = 0;
    for (size_t i = 0; i < b->n_maps && a->status == ELC_OK; i++) {
        float *part = NULL;
        a->status = part_of(weights, n_out, b->channels_all, first, b->channels[i],
                            &part, a->err);
        name map = real_map(a, i);
        name here = conv(a, word, i, map.text, part, i == 0 ? bias : NULL, n_out,
                         b->channels[i]);
        free(part);
        first += b->channels[i];
        if (b->shrink[i] > 1)
            here = repeat(a, here.text, i, b->shrink[i]);
        name both = named(a, "sum", i);
        if (i > 0)
            two(a, "Add", sum.text, here.text, both.text);
        sum = i > 0 ? both : here;
    }
    return sum;
}

/* Classes' logits, and sides before their softplus. */
static void add_layers(adder *a, name *logits, name *sides) {
    const elc_box_head *h = a->head;
    size_t k = h->classes, in = h->hidden > 0 ? h->hidden : h->channels;
    if (h->hidden == 0) {
        name all = on_maps(a, "last", h->last, h->last_bias, k + 4);
        float *picks = NULL;
        if (a->status == ELC_OK)
            a->status = elc_alloc((k + 4) * (k + 4), sizeof *picks, &picks, a->err);
        for (size_t i = 0; picks && i < k + 4; i++)
            picks[i * (k + 4) + i] = 1;
        if (picks) {
            *logits = conv(a, "logits", 0, all.text, picks, NULL, k, k + 4);
            *sides = conv(a, "sides", 0, all.text, picks + k * (k + 4), NULL, 4, k + 4);
        }
        free(picks);
        return;
    }
    name hidden = on_maps(a, "first", h->first, h->first_bias, h->hidden);
    name open = named(a, "open", 0);
    one(a, "Relu", hidden.text, open.text, NULL);
    *logits = conv(a, "logits", 0, open.text, h->last, h->last_bias, k, in);
    *sides = conv(a, "sides", 0, open.text, h->last + k * in, h->last_bias + k, 4, in);
}

/* ---- boxes ------------------------------------------------------------------------
 */

/* 0, 1, 2, … along an axis of a map, times `cell`, and half of it; as `shape`, and
   times the four numbers of `to`: which of x, y, width and height it is added to. */
static name places(adder *a, const char *shape_of, int64_t axis, const int64_t *shape,
                   const float *to) {
    size_t i = (size_t)axis;
    float cell = (float)a->backbone->cell_px, half = cell / 2;
    const int64_t zero = 0, step = 1, four[] = {1, 4, 1, 1}, rank[] = {4};
    const elc_attribute to_float[] = {
        {.name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {.name = NULL}};
    name at = ints(a, "axis", i, &axis, NULL, 0),
         from = ints(a, "from", i, &zero, NULL, 0);
    name by = ints(a, "by", i, &step, NULL, 0), n = named(a, "count", i);
    name range = named(a, "range", i), real = named(a, "real", i);
    two(a, "Gather", shape_of, at.text, n.text);
    node(a, "Range", (const char *const[]){from.text, n.text, by.text, NULL},
         range.text, NULL);
    one(a, "Cast", range.text, real.text, to_float);
    name c = floats(a, "cell", i, &cell, NULL, 0),
         h = floats(a, "half", i, &half, NULL, 0);
    name scaled = named(a, "scaled", i), middle = named(a, "middle", i);
    two(a, "Mul", real.text, c.text, scaled.text);
    two(a, "Add", scaled.text, h.text, middle.text);
    name s = ints(a, "shape", i, shape, rank, 1),
         w = floats(a, "which", i, to, four, 4);
    name lying = named(a, "lying", i), out = named(a, "place", i);
    two(a, "Reshape", middle.text, s.text, lying.text);
    two(a, "Mul", lying.text, w.text, out.text);
    return out;
}

/* Left, top, right and bottom to centre and size: half the difference, and the sum. */
static name add_boxes(adder *a, const name *sides) {
    static const float turn[16] = {-0.5f, 0, 0.5f, 0, 0, -0.5f, 0, 0.5f,
                                   1,     0, 1,    0, 0, 1,     0, 1};
    static const float x[] = {1, 0, 0, 0}, y[] = {0, 1, 0, 0};
    float unit = (float)a->head->unit_px;
    name soft = named(a, "soft", 0), px = named(a, "px", 0),
         shape = named(a, "size", 0);
    one(a, "Softplus", sides->text, soft.text, NULL);
    name u = floats(a, "unit", 0, &unit, NULL, 0);
    two(a, "Mul", soft.text, u.text, px.text);
    name centred = conv(a, "centred", 0, px.text, turn, NULL, 4, 4);
    one(a, "Shape", sides->text, shape.text, NULL);
    name columns = places(a, shape.text, 3, (const int64_t[]){1, 1, 1, -1}, x);
    name rows = places(a, shape.text, 2, (const int64_t[]){1, 1, -1, 1}, y);
    name across = named(a, "across", 0), boxes = named(a, "boxes", 0);
    two(a, "Add", centred.text, columns.text, across.text);
    two(a, "Add", across.text, rows.text, boxes.text);
    return boxes;
}

static name best_class(adder *a, const char *scores) {
    const int64_t axis = 1, dims[] = {1};
    name out = named(a, "best", 0);
    bool input = elc_network_opset(a->network) >= 18; /* of ReduceMax since then */
    const elc_attribute axes[] = {
        {.name = "axes", .kind = ELC_ATTRIBUTE_INTS, .wholes = &axis, .n = 1},
        {.name = NULL}};
    if (!input) {
        one(a, "ReduceMax", scores, out.text, axes);
        return out;
    }
    name at = ints(a, "classes", 0, &axis, dims, 1);
    two(a, "ReduceMax", scores, at.text, out.text);
    return out;
}

/* A cell that is not the best of the nine round it scores nothing. */
static name add_scores(adder *a, const name *logits) {
    const int64_t three[] = {3, 3}, ones[] = {1, 1}, pads[] = {1, 1, 1, 1};
    const elc_attribute nine[] = {
        {.name = "kernel_shape", .kind = ELC_ATTRIBUTE_INTS, .wholes = three, .n = 2},
        {.name = "strides", .kind = ELC_ATTRIBUTE_INTS, .wholes = ones, .n = 2},
        {.name = "pads", .kind = ELC_ATTRIBUTE_INTS, .wholes = pads, .n = 4},
        {.name = NULL}};
    const elc_attribute to_float[] = {
        {.name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {.name = NULL}};
    name scores = named(a, "scores", 0), around = named(a, "around", 0);
    name peak = named(a, "peak", 0), real = named(a, "peak_real", 0);
    name out = named(a, "peaks", 0);
    one(a, "Sigmoid", logits->text, scores.text, NULL);
    name best = best_class(a, scores.text);
    one(a, "MaxPool", best.text, around.text, nine);
    two(a, "Equal", around.text, best.text, peak.text);
    one(a, "Cast", peak.text, real.text, to_float);
    two(a, "Mul", scores.text, real.text, out.text);
    return out;
}

static void add_output(adder *a, const name *boxes, const name *scores) {
    int64_t features = (int64_t)a->head->classes + 4;
    const int64_t flat[] = {0, features, -1}, dims[] = {3};
    const elc_attribute axis[] = {
        {.name = "axis", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {.name = NULL}};
    name all = named(a, "all", 0), shape = ints(a, "flat", 0, flat, dims, 1);
    name out = named(a, "output", 0);
    char text[64];
    node(a, "Concat", (const char *const[]){boxes->text, scores->text, NULL}, all.text,
         axis);
    two(a, "Reshape", all.text, shape.text, out.text);
    snprintf(text, sizeof text, "n,%lld,cells", (long long)features);
    if (a->status == ELC_OK)
        a->status = elc_network_add_output(a->network, out.text, text, a->err);
}

elc_status elc_train_add_head(elc_network *network, const train_backbone *backbone,
                              const elc_box_head *head, elc_error *err) {
    adder a = {.network = network, .backbone = backbone, .head = head, .err = err};
    name logits = {""}, sides = {""};
    if (elc_network_opset(network) < LEAST_OPSET)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "the backbone is of ONNX opset %lld, and a detector needs %d "
                        "or more; export it anew",
                        (long long)elc_network_opset(network), LEAST_OPSET);
    ELC_TRY(elc_network_prefix(network, "detector", a.prefix, err));
    add_layers(&a, &logits, &sides);
    name boxes = add_boxes(&a, &sides);
    name scores = add_scores(&a, &logits);
    add_output(&a, &boxes, &scores);
    return a.status;
}
