/* tap.c - a value inside of a network, made its only output. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* Detectors have six to thirty. */
#define HEADS_MAX 256
#define WORDS     (HEADS_MAX / 64)

static const size_t *inputs_of(const elc_onnx *onnx, const elc_onnx_node *node) {
    return onnx->links + node->first;
}

static const size_t *outputs_of(const elc_onnx *onnx, const elc_onnx_node *node) {
    return onnx->links + node->first + node->n_inputs;
}

static bool makes_wanted(const elc_onnx *onnx, size_t i, const bool *wanted) {
    const elc_onnx_node *node = &onnx->nodes[i];
    const size_t *made = outputs_of(onnx, node);
    for (size_t k = 0; k < node->n_outputs; k++) {
        if (wanted[made[k]] && onnx->values[made[k]].maker == i)
            return true;
    }
    return false;
}

/* ---- a network without a head -------------------------------------------------------
 */

static const char *const moves[] = {"Reshape", "Identity", "Flatten",
                                    "Squeeze", "Dropout",  "Cast",
                                    "Slice",   "Gather",   NULL};
static const char *const pools[] = {"GlobalAveragePool",  "GlobalMaxPool",
                                    "ReduceMean",         "ReduceMax",
                                    "LayerNormalization", NULL};

static bool is_headless(const elc_onnx *onnx) {
    size_t value = onnx->first_output;
    for (size_t left = onnx->n_nodes; left > 0 && value != SIZE_MAX; left--) {
        size_t maker = onnx->values[value].maker;
        if (maker == SIZE_MAX || !onnx->values[value].live)
            return false;
        const elc_onnx_node *node = &onnx->nodes[maker];
        if (!elc_span_is_any(node->op, moves))
            return elc_span_is_any(node->op, pools);
        value = node->n_own > 0 ? inputs_of(onnx, node)[0] : SIZE_MAX;
    }
    return false;
}

/* ---- heads --------------------------------------------------------------------------
 */

static const char *const layers[] = {
    "Conv",        "ConvTranspose", "Gemm",          "MatMul",
    "QLinearConv", "ConvInteger",   "QLinearMatMul", "MatMulInteger",
    "FusedConv",   "FusedGemm",     "FusedMatMul",   "QGemm",
    NULL};

/* A layer's weights do not depend on the image; a product of two that do is no layer.
 */
static bool is_learnt(const elc_onnx *onnx, const elc_onnx_node *node) {
    bool live = false, fixed = false;
    const size_t *taken = inputs_of(onnx, node);
    if (!elc_span_is_any(node->op, layers))
        return false;
    for (size_t k = 0; k < node->n_own; k++) {
        live |= onnx->values[taken[k]].live;
        fixed |= !onnx->values[taken[k]].live && onnx->values[taken[k]].name.n > 0;
    }
    return live && fixed;
}

typedef struct search {
    const elc_onnx *onnx;
    bool *wanted;               /* by value: on the way from the outputs to a layer */
    uint64_t (*reaches)[WORDS]; /* by value: the heads made from it */
    size_t heads[HEADS_MAX];    /* their nodes */
    size_t n_heads;
} search;

/* Back from the outputs as far as the first layers. */
static elc_status find_heads(search *s, elc_error *err) {
    const elc_onnx *onnx = s->onnx;
    for (size_t i = 0; i < onnx->n_values; i++)
        s->wanted[i] = onnx->values[i].output && onnx->values[i].live;
    for (size_t i = onnx->n_nodes; i-- > 0;) {
        const elc_onnx_node *node = &onnx->nodes[i];
        if (!makes_wanted(onnx, i, s->wanted))
            continue;
        if (!is_learnt(onnx, node)) {
            for (size_t k = 0; k < node->n_inputs; k++)
                s->wanted[inputs_of(onnx, node)[k]] |=
                    onnx->values[inputs_of(onnx, node)[k]].live;
            continue;
        }
        if (s->n_heads == HEADS_MAX)
            return elc_fail(err, ELC_E_MODEL,
                            "ends in more than %d layers: which value its features are "
                            "is not known; name it by --tensor",
                            HEADS_MAX);
        s->heads[s->n_heads++] = i;
    }
    return ELC_OK;
}

static void reach(search *s, const elc_onnx_node *node, const uint64_t made[WORDS]) {
    for (size_t k = 0; k < node->n_inputs; k++) {
        size_t value = inputs_of(s->onnx, node)[k];
        for (size_t w = 0; s->onnx->values[value].live && w < WORDS; w++)
            s->reaches[value][w] |= made[w];
    }
}

static void spread_back(search *s) {
    const elc_onnx *onnx = s->onnx;
    for (size_t i = onnx->n_nodes, head = 0; i-- > 0;) {
        const elc_onnx_node *node = &onnx->nodes[i];
        uint64_t made[WORDS] = {0};
        for (size_t k = 0; k < node->n_outputs; k++) {
            size_t value = outputs_of(onnx, node)[k];
            for (size_t w = 0; onnx->values[value].maker == i && w < WORDS; w++)
                made[w] |= s->reaches[value][w];
        }
        if (head < s->n_heads && s->heads[head] == i) {
            made[head / 64] |= (uint64_t)1 << head % 64;
            head++;
        }
        reach(s, node, made);
    }
}

static bool reaches_all(const search *s, size_t value) {
    for (size_t head = 0; head < s->n_heads; head++) {
        if (!(s->reaches[value][head / 64] >> head % 64 & 1))
            return false;
    }
    return true;
}

static elc_status last_of(const search *s, size_t *value, elc_error *err) {
    const elc_onnx *onnx = s->onnx;
    for (size_t i = s->n_heads > 0 ? onnx->n_nodes : 0; i-- > 0;) {
        const elc_onnx_node *node = &onnx->nodes[i];
        for (size_t k = 0; k < node->n_outputs; k++) {
            size_t made = outputs_of(onnx, node)[k];
            if (onnx->values[made].maker == i && onnx->values[made].live &&
                reaches_all(s, made)) {
                *value = made;
                return ELC_OK;
            }
        }
    }
    return elc_fail(err, ELC_E_MODEL,
                    "has no value inside that all of its outputs are made from by "
                    "learnt layers: no usable tensor; name one by --tensor");
}

static elc_status find_last(search *s, size_t *value, elc_error *err) {
    size_t n = s->onnx->n_values;
    ELC_TRY(elc_alloc(n, sizeof *s->wanted, &s->wanted, err));
    ELC_TRY(find_heads(s, err));
    ELC_TRY(elc_alloc(n, sizeof *s->reaches, &s->reaches, err));
    spread_back(s);
    return last_of(s, value, err);
}

elc_status elc_tap_find(const elc_onnx *onnx, size_t *value, elc_tap_place *place,
                        elc_error *err) {
    *place = is_headless(onnx) ? ELC_TAP_OUTPUT : ELC_TAP_BEFORE_HEAD;
    if (*place == ELC_TAP_OUTPUT) {
        *value = onnx->first_output;
        return ELC_OK;
    }
    search s = {.onnx = onnx};
    elc_status status = find_last(&s, value, err);
    free(s.wanted);
    free(s.reaches);
    return status;
}

/* ---- by name ------------------------------------------------------------------------
 */

/* Words of the values that nodes make. */
static elc_status list_made(const elc_onnx *onnx, elc_names *out, elc_error *err) {
    for (size_t i = 0; i < onnx->n_values; i++) {
        const elc_onnx_value *value = &onnx->values[i];
        elc_string text = {0};
        if (!value->live || value->input || value->maker == SIZE_MAX)
            continue;
        elc_status status =
            elc_string_append(&text, value->name.at, value->name.n, err);
        if (status == ELC_OK)
            status = elc_names_add(out, text.data, err);
        elc_string_free(&text);
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status unknown(const elc_onnx *onnx, const char *name, elc_error *err) {
    elc_names made = {0};
    const char **words = NULL;
    elc_status status = list_made(onnx, &made, err);
    if (status == ELC_OK)
        status = elc_alloc(made.count + 1, sizeof *words, &words, err);
    for (size_t i = 0; status == ELC_OK && i < made.count; i++)
        words[i] = made.items[i];
    if (status == ELC_OK) {
        const char *near = elc_nearest_word(name, words);
        status =
            elc_fail(err, ELC_E_ARGUMENT,
                     "has no tensor \"%.200s\"%s%.200s%s; model info shows the one "
                     "before its head",
                     name, near != NULL ? ": did you mean \"" : "",
                     near != NULL ? near : "", near != NULL ? "\"?" : "");
    }
    free(words);
    elc_names_free(&made);
    return status;
}

elc_status elc_tap_named(const elc_onnx *onnx, const char *name, size_t *value,
                         elc_error *err) {
    size_t found =
        elc_onnx_find(onnx, (elc_span){(const unsigned char *)name, strlen(name)});
    if (name[0] == '\0' || found == SIZE_MAX)
        return unknown(onnx, name, err);
    if (onnx->values[found].weight || onnx->values[found].input)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "tensor \"%.200s\" is %s, not made by it; name one that is",
                        name, onnx->values[found].weight ? "a weight" : "what goes in");
    if (onnx->values[found].maker == SIZE_MAX)
        return unknown(onnx, name, err);
    *value = found;
    return ELC_OK;
}

/* ---- cutting ------------------------------------------------------------------------
 */

static void want_back(const elc_onnx *onnx, bool *wanted) {
    for (size_t i = onnx->n_nodes; i-- > 0;) {
        const elc_onnx_node *node = &onnx->nodes[i];
        if (!makes_wanted(onnx, i, wanted))
            continue;
        for (size_t k = 0; k < node->n_inputs; k++)
            wanted[inputs_of(onnx, node)[k]] = true;
    }
}

static bool keeps(const elc_onnx *onnx, const elc_wire_field *f, size_t *node,
                  const bool *wanted) {
    size_t value;
    switch (f->number) {
    case GRAPH_NODE:
        return makes_wanted(onnx, (*node)++, wanted);
    case GRAPH_TENSOR:
        return wanted[elc_onnx_find(onnx, elc_wire_first(f->bytes, TENSOR_NAME))];
    case GRAPH_INPUT: /* old networks list their weights among them */
        value = elc_onnx_find(onnx, elc_wire_first(f->bytes, VALUE_NAME));
        return value == SIZE_MAX || !onnx->values[value].weight || wanted[value];
    case GRAPH_OUTPUT:
        return false;
    default:
        return true;
    }
}

static elc_status cut_graph(const elc_onnx *onnx, size_t value, const bool *wanted,
                            elc_string *out, elc_error *err) {
    elc_span graph = onnx->graph, name = onnx->values[value].name;
    elc_wire_field f;
    size_t node = 0;
    while (graph.n > 0 && elc_wire_next(&graph, &f)) {
        if (keeps(onnx, &f, &node, wanted))
            ELC_TRY(elc_string_append(out, f.whole.at, f.whole.n, err));
    }
    elc_string info = {0};
    elc_status status = elc_wire_put_bytes(&info, VALUE_NAME, name.at, name.n, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(out, GRAPH_OUTPUT, info.data, info.size, err);
    elc_string_free(&info);
    return status;
}

static elc_status cut_model(const elc_onnx *onnx, const elc_string *graph,
                            elc_string *out, elc_error *err) {
    elc_span model = onnx->model;
    elc_wire_field f;
    while (model.n > 0 && elc_wire_next(&model, &f)) {
        if (f.number == MODEL_GRAPH)
            ELC_TRY(
                elc_wire_put_bytes(out, MODEL_GRAPH, graph->data, graph->size, err));
        else
            ELC_TRY(elc_string_append(out, f.whole.at, f.whole.n, err));
    }
    return ELC_OK;
}

elc_status elc_tap_cut(const elc_onnx *onnx, size_t value, elc_string *out,
                       elc_error *err) {
    bool *wanted;
    elc_string graph = {0};
    ELC_TRY(elc_alloc(onnx->n_values, sizeof *wanted, &wanted, err));
    wanted[value] = true;
    want_back(onnx, wanted);
    elc_status status = cut_graph(onnx, value, wanted, &graph, err);
    if (status == ELC_OK)
        status = cut_model(onnx, &graph, out, err);
    elc_string_free(&graph);
    free(wanted);
    return status;
}
