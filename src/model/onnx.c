/* onnx.c - the bytes of an ONNX file as nodes and the values between them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "onnx.h"

#include <stdlib.h>
#include <string.h>

/* Graphs inside of nodes inside of graphs: networks have two or three. */
#define DEPTH_MAX 16

static elc_status no_network(elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "is no ONNX network, or is cut short");
}

/* ---- names --------------------------------------------------------------------------
 */

/* As they come: two spellings of one name are told apart later. */
typedef struct names {
    elc_span *items;
    size_t count, capacity;
} names;

static elc_status add(names *list, elc_span name, elc_error *err) {
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    list->items[list->count++] = name;
    return ELC_OK;
}

/* By length first: it is at hand. */
static int by_name(const void *a, const void *b) {
    const elc_span *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->n == 0 ? 0 : memcmp(x->at, y->at, x->n);
}

/* ---- nodes --------------------------------------------------------------------------
 */

static elc_status add_all(elc_span node, uint32_t number, names *links,
                          elc_error *err) {
    elc_wire_field f;
    while (node.n > 0) {
        if (!elc_wire_next(&node, &f))
            return no_network(err);
        if (f.number == number)
            ELC_TRY(add(links, f.bytes, err));
    }
    return ELC_OK;
}

static elc_status add_inner(elc_span node, int depth, names *links, elc_error *err);

/* What a graph inside of a node takes may come from outside of it: what is made inside
   has no maker outside, and does no harm. */
static elc_status add_graph(elc_span graph, int depth, names *links, elc_error *err) {
    elc_wire_field f;
    while (graph.n > 0) {
        if (!elc_wire_next(&graph, &f))
            return no_network(err);
        if (f.number == GRAPH_OUTPUT)
            ELC_TRY(add(links, elc_wire_first(f.bytes, VALUE_NAME), err));
        if (f.number != GRAPH_NODE)
            continue;
        ELC_TRY(add_all(f.bytes, NODE_INPUT, links, err));
        ELC_TRY(add_inner(f.bytes, depth + 1, links, err));
    }
    return ELC_OK;
}

static elc_status add_graphs(elc_span attribute, int depth, names *links,
                             elc_error *err) {
    elc_wire_field f;
    while (attribute.n > 0) {
        if (!elc_wire_next(&attribute, &f))
            return no_network(err);
        if (f.number == ATTRIBUTE_GRAPH || f.number == ATTRIBUTE_GRAPHS)
            ELC_TRY(add_graph(f.bytes, depth, links, err));
    }
    return ELC_OK;
}

static elc_status add_inner(elc_span node, int depth, names *links, elc_error *err) {
    elc_wire_field f;
    if (depth > DEPTH_MAX)
        return elc_fail(err, ELC_E_MODEL, "holds graphs in graphs, more than %d deep",
                        DEPTH_MAX);
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_ATTRIBUTE)
            ELC_TRY(add_graphs(f.bytes, depth, links, err));
    }
    return ELC_OK;
}

static elc_status add_node(elc_onnx *onnx, const elc_wire_field *f, names *links,
                           elc_error *err) {
    elc_onnx_node node = {.whole = f->whole,
                          .op = elc_wire_first(f->bytes, NODE_OP),
                          .first = links->count};
    ELC_TRY(add_all(f->bytes, NODE_INPUT, links, err));
    node.n_own = links->count - node.first;
    ELC_TRY(add_inner(f->bytes, 0, links, err));
    node.n_inputs = links->count - node.first;
    ELC_TRY(add_all(f->bytes, NODE_OUTPUT, links, err));
    node.n_outputs = links->count - node.first - node.n_inputs;
    ELC_TRY(elc_reserve(&onnx->nodes, &onnx->nodes_capacity, onnx->n_nodes + 1,
                        sizeof *onnx->nodes, err));
    onnx->nodes[onnx->n_nodes++] = node;
    return ELC_OK;
}

/* ---- the graph ----------------------------------------------------------------------
 */

/* What the graph names beside its nodes. */
typedef struct ends {
    names weights, inputs, outputs;
} ends;

static elc_status add_end(const elc_wire_field *f, ends *out, elc_error *err) {
    elc_span values;
    switch (f->number) {
    case GRAPH_TENSOR:
        return add(&out->weights, elc_wire_first(f->bytes, TENSOR_NAME), err);
    case GRAPH_SPARSE:
        values = elc_wire_first(f->bytes, SPARSE_VALUES);
        return add(&out->weights, elc_wire_first(values, TENSOR_NAME), err);
    case GRAPH_INPUT:
        return add(&out->inputs, elc_wire_first(f->bytes, VALUE_NAME), err);
    case GRAPH_OUTPUT:
        return add(&out->outputs, elc_wire_first(f->bytes, VALUE_NAME), err);
    default:
        return ELC_OK;
    }
}

static elc_status read_graph(elc_onnx *onnx, names *links, ends *out, elc_error *err) {
    elc_span graph = onnx->graph;
    elc_wire_field f;
    while (graph.n > 0) {
        if (!elc_wire_next(&graph, &f))
            return no_network(err);
        ELC_TRY(f.number == GRAPH_NODE ? add_node(onnx, &f, links, err)
                                       : add_end(&f, out, err));
    }
    return ELC_OK;
}

/* Protobuf would merge two graphs into one; ONNX writes one. */
static elc_status find_graph(elc_onnx *onnx, elc_error *err) {
    elc_span model = onnx->model;
    size_t count = 0;
    elc_wire_field f;
    while (model.n > 0) {
        if (!elc_wire_next(&model, &f))
            return no_network(err);
        if (f.number != MODEL_GRAPH)
            continue;
        onnx->graph = f.bytes;
        count++;
    }
    return count == 1 ? ELC_OK : no_network(err);
}

/* ---- values -------------------------------------------------------------------------
 */

static elc_status join(names *all, const names *more, elc_error *err) {
    ELC_TRY(elc_reserve(&all->items, &all->capacity, all->count + more->count + 1,
                        sizeof *all->items, err));
    if (more->count > 0)
        memcpy(all->items + all->count, more->items, more->count * sizeof *all->items);
    all->count += more->count;
    return ELC_OK;
}

/* Each name once, sorted. */
static elc_status name_values(elc_onnx *onnx, const names *links, const ends *e,
                              elc_error *err) {
    names all = {0};
    elc_status status = join(&all, links, err);
    if (status == ELC_OK)
        status = join(&all, &e->weights, err);
    if (status == ELC_OK)
        status = join(&all, &e->inputs, err);
    if (status == ELC_OK)
        status = join(&all, &e->outputs, err);
    if (status == ELC_OK)
        status = elc_alloc(all.count, sizeof *onnx->values, &onnx->values, err);
    if (status == ELC_OK && all.count > 1)
        qsort(all.items, all.count, sizeof *all.items, by_name);
    for (size_t i = 0; status == ELC_OK && i < all.count; i++) {
        if (i > 0 && elc_span_same(all.items[i], all.items[i - 1]))
            continue;
        onnx->values[onnx->n_values++] =
            (elc_onnx_value){.name = all.items[i], .maker = SIZE_MAX};
    }
    free(all.items);
    return status;
}

static elc_status link_nodes(elc_onnx *onnx, const names *links, elc_error *err) {
    ELC_TRY(elc_alloc(links->count, sizeof *onnx->links, &onnx->links, err));
    for (size_t i = 0; i < links->count; i++)
        onnx->links[i] = elc_onnx_find(onnx, links->items[i]);
    for (size_t i = 0; i < onnx->n_nodes; i++) {
        const elc_onnx_node *node = &onnx->nodes[i];
        for (size_t k = 0; k < node->n_outputs; k++) {
            elc_onnx_value *value =
                &onnx->values[onnx->links[node->first + node->n_inputs + k]];
            if (value->name.n > 0) /* an output that nobody wants has no name */
                value->maker = i;
        }
    }
    return ELC_OK;
}

static void mark_ends(elc_onnx *onnx, const ends *e) {
    for (size_t i = 0; i < e->weights.count; i++)
        onnx->values[elc_onnx_find(onnx, e->weights.items[i])].weight = true;
    for (size_t i = 0; i < e->inputs.count; i++) {
        elc_onnx_value *value = &onnx->values[elc_onnx_find(onnx, e->inputs.items[i])];
        value->input = value->live = !value->weight && value->name.n > 0;
    }
    onnx->first_output = SIZE_MAX;
    for (size_t i = e->outputs.count; i-- > 0;) {
        onnx->first_output = elc_onnx_find(onnx, e->outputs.items[i]);
        onnx->values[onnx->first_output].output = true;
    }
}

/* What these make of an image are sizes and places, not what is seen there. */
static const char *const sizes[] = {"Shape", "Size", "NonMaxSuppression", NULL};

static void mark_live(elc_onnx *onnx) {
    for (size_t i = 0; i < onnx->n_nodes; i++) {
        const elc_onnx_node *node = &onnx->nodes[i];
        const size_t *link = onnx->links + node->first;
        bool live = false;
        for (size_t k = 0; k < node->n_inputs; k++)
            live |= onnx->values[link[k]].live;
        live &= !elc_span_is_any(node->op, sizes);
        for (size_t k = 0; live && k < node->n_outputs; k++) {
            elc_onnx_value *value = &onnx->values[link[node->n_inputs + k]];
            value->live |= value->maker == i;
        }
    }
}

static elc_status read_values(elc_onnx *onnx, const names *links, const ends *e,
                              elc_error *err) {
    ELC_TRY(name_values(onnx, links, e, err));
    ELC_TRY(link_nodes(onnx, links, err));
    mark_ends(onnx, e);
    mark_live(onnx);
    return ELC_OK;
}

/* ---- public -------------------------------------------------------------------------
 */

elc_status elc_onnx_read(const void *bytes, size_t n, elc_onnx *out, elc_error *err) {
    names links = {0};
    ends e = {0};
    elc_status status;
    out->model = (elc_span){bytes, n};
    ELC_TRY_GOTO(find_graph(out, err), status, done);
    ELC_TRY_GOTO(read_graph(out, &links, &e, err), status, done);
    status = read_values(out, &links, &e, err);
done:
    free(links.items);
    free(e.weights.items);
    free(e.inputs.items);
    free(e.outputs.items);
    return status;
}

size_t elc_onnx_find(const elc_onnx *onnx, elc_span name) {
    size_t low = 0, high = onnx->n_values;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_name(&onnx->values[middle].name, &name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

void elc_onnx_clear(elc_onnx *onnx) {
    free(onnx->nodes);
    free(onnx->links);
    free(onnx->values);
    *onnx = (elc_onnx){0};
}
