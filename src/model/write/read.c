/* read.c - an ONNX file as the lists of its fields. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdlib.h>
#include <string.h>

#include "model/graph.h"

elc_status elc_onnx_list_add(onnx_list *list, elc_span item, elc_error *err) {
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    list->items[list->count++] = item;
    return ELC_OK;
}

static elc_status unsound(const elc_network *n, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: is no ONNX network, or was cut off; export it again", n->name);
}

/* True when a whole message can be taken field by field. */
static bool is_sound(elc_span message) {
    elc_wire_field f;
    while (message.n > 0) {
        if (!elc_wire_next(&message, &f))
            return false;
    }
    return true;
}

/* ---- the graph ----------------------------------------------------------------------
 */

static onnx_list *list_of(elc_network *n, uint32_t field) {
    switch (field) {
    case GRAPH_NODE:
        return &n->nodes;
    case GRAPH_TENSOR:
        return &n->tensors;
    case GRAPH_INPUT:
        return &n->inputs;
    case GRAPH_OUTPUT:
        return &n->outputs;
    case GRAPH_VALUE:
        return &n->values;
    case GRAPH_QUANTIZATION:
        return &n->quantizations;
    case GRAPH_SPARSE:
        return &n->sparse;
    default:
        return NULL;
    }
}

static elc_status read_graph(elc_network *n, elc_span graph, elc_error *err) {
    elc_wire_field f;
    while (graph.n > 0) {
        if (!elc_wire_next(&graph, &f))
            return unsound(n, err);
        onnx_list *list = list_of(n, f.number);
        if (f.number == GRAPH_NAME)
            n->graph_name = f.bytes;
        if (list == NULL)
            continue;
        if (f.number != GRAPH_TENSOR && !is_sound(f.bytes))
            return unsound(n, err);
        ELC_TRY(elc_onnx_list_add(list, f.bytes, err));
    }
    return ELC_OK;
}

/* ---- the model ----------------------------------------------------------------------
 */

static elc_status read_entry(elc_network *n, elc_span entry, elc_error *err) {
    elc_span key = elc_wire_first(entry, ENTRY_KEY);
    elc_span value = elc_wire_first(entry, ENTRY_VALUE);
    elc_string text = {0};
    elc_status status = elc_string_append(&text, key.at, key.n, err);
    if (status == ELC_OK)
        status = elc_names_add(&n->keys, text.data, err);
    text.size = 0;
    if (status == ELC_OK)
        status = elc_string_append(&text, value.at, value.n, err);
    if (status == ELC_OK)
        status = elc_names_add(&n->texts, text.data, err);
    elc_string_free(&text);
    return status;
}

static int64_t version_of(elc_span opset) {
    elc_wire_field f;
    while (opset.n > 0 && elc_wire_next(&opset, &f)) {
        if (f.number == OPSET_VERSION)
            return (int64_t)f.value;
    }
    return 0;
}

static elc_status read_opset(elc_network *n, const elc_wire_field *f, elc_error *err) {
    elc_span domain = elc_wire_first(f->bytes, OPSET_DOMAIN);
    if (domain.n == 0 || elc_span_same(domain, elc_onnx_text("ai.onnx")))
        n->opset = version_of(f->bytes);
    return elc_onnx_list_add(&n->kept, f->whole, err);
}

static elc_status read_field(elc_network *n, const elc_wire_field *f, bool *graph,
                             elc_error *err) {
    switch (f->number) {
    case MODEL_IR:
        n->ir = (int64_t)f->value;
        return ELC_OK;
    case MODEL_GRAPH:
        if (*graph)
            return unsound(n, err);
        *graph = true;
        return read_graph(n, f->bytes, err);
    case MODEL_OPSET:
        return read_opset(n, f, err);
    case MODEL_METADATA:
        return read_entry(n, f->bytes, err);
    case MODEL_FUNCTION:
        return elc_onnx_list_add(&n->kept, f->whole, err);
    default:
        return ELC_OK;
    }
}

static elc_status read_model(elc_network *n, elc_error *err) {
    elc_span model = {(const unsigned char *)n->bytes.data, n->bytes.size};
    bool graph = false;
    elc_wire_field f;
    while (model.n > 0) {
        if (!elc_wire_next(&model, &f))
            return unsound(n, err);
        ELC_TRY(read_field(n, &f, &graph, err));
    }
    return graph && n->nodes.count + n->inputs.count > 0 ? ELC_OK : unsound(n, err);
}

/* What is written has its weights inside, which those of another file are not. */
static elc_status refuse_files(const elc_network *n, elc_error *err) {
    elc_names files = {0};
    elc_status status = elc_graph_files(n->bytes.data, n->bytes.size, &files, err);
    if (status == ELC_OK && files.count > 0)
        status = elc_fail(err, ELC_E_UNSUPPORTED,
                          "%s: its weights are in %s; join them first, with Python's "
                          "onnx.save(onnx.load(\"%s\"), \"joined.onnx\")",
                          n->name, files.items[0], n->name);
    elc_names_free(&files);
    return status;
}

/* Takes the bytes. */
static elc_status create(elc_string *bytes, const char *name, elc_network **out,
                         elc_error *err) {
    elc_network *n = NULL;
    elc_status status = elc_alloc(1, sizeof *n, &n, err);
    if (status != ELC_OK) {
        elc_string_free(bytes);
        return status;
    }
    n->bytes = *bytes;
    status = elc_strdup(name, &n->name, err);
    if (status == ELC_OK)
        status = read_model(n, err);
    if (status == ELC_OK)
        status = refuse_files(n, err);
    if (status == ELC_OK)
        *out = n;
    else
        elc_network_free(n);
    return status;
}

elc_status elc_network_parse(const void *bytes, size_t size, const char *name,
                             elc_network **out, elc_error *err) {
    elc_string copy = {0};
    ELC_TRY(elc_string_append(&copy, bytes, size, err));
    return create(&copy, name, out, err);
}

elc_status elc_network_read(const char *path, elc_network **out, elc_error *err) {
    elc_string bytes = {0};
    ELC_TRY(elc_file_read(path, ELC_GRAPH_BYTES_MAX, &bytes, err));
    return create(&bytes, path, out, err);
}

int64_t elc_network_opset(const elc_network *network) {
    return network->opset;
}

void elc_network_free(elc_network *n) {
    if (n == NULL)
        return;
    onnx_list *lists[] = {&n->nodes,  &n->tensors,       &n->sparse, &n->inputs,
                          &n->values, &n->quantizations, &n->kept,   &n->outputs};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]->items);
    elc_names_free(&n->keys);
    elc_names_free(&n->texts);
    elc_names_free(&n->made);
    elc_string_free(&n->new_nodes);
    elc_string_free(&n->new_tensors);
    elc_string_free(&n->new_outputs);
    elc_string_free(&n->bytes);
    free(n->name);
    free(n);
}
