/* write.c - a network's fields as the bytes of an ONNX file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

/* From this version on, weights need not be inputs, too. */
enum { IR_LEAST = 4 };

static elc_status put_list(elc_string *to, uint32_t number, const onnx_list *list,
                           elc_error *err) {
    for (size_t i = 0; i < list->count; i++)
        ELC_TRY(
            elc_wire_put_bytes(to, number, list->items[i].at, list->items[i].n, err));
    return ELC_OK;
}

static elc_status put_string(elc_string *to, const elc_string *bytes, elc_error *err) {
    return bytes->size > 0 ? elc_string_append(to, bytes->data, bytes->size, err)
                           : ELC_OK;
}

static elc_status put_graph(const elc_network *n, elc_string *to, elc_error *err) {
    static const char NAME[] = "elcano";
    bool named = n->graph_name.n > 0;
    ELC_TRY(put_list(to, GRAPH_NODE, &n->nodes, err));
    ELC_TRY(put_string(to, &n->new_nodes, err));
    ELC_TRY(elc_wire_put_bytes(to, GRAPH_NAME,
                               named ? (const void *)n->graph_name.at : NAME,
                               named ? n->graph_name.n : sizeof NAME - 1, err));
    ELC_TRY(put_list(to, GRAPH_TENSOR, &n->tensors, err));
    ELC_TRY(put_string(to, &n->new_tensors, err));
    ELC_TRY(put_list(to, GRAPH_INPUT, &n->inputs, err));
    ELC_TRY(put_list(to, GRAPH_OUTPUT, &n->outputs, err));
    ELC_TRY(put_string(to, &n->new_outputs, err));
    ELC_TRY(put_list(to, GRAPH_VALUE, &n->values, err));
    ELC_TRY(put_list(to, GRAPH_QUANTIZATION, &n->quantizations, err));
    return put_list(to, GRAPH_SPARSE, &n->sparse, err);
}

static elc_status put_entry(elc_string *to, const char *key, const char *value,
                            elc_error *err) {
    elc_string entry = {0};
    elc_status status = elc_wire_put_text(&entry, ENTRY_KEY, key, err);
    if (status == ELC_OK)
        status = elc_wire_put_text(&entry, ENTRY_VALUE, value, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(to, MODEL_METADATA, entry.data, entry.size, err);
    elc_string_free(&entry);
    return status;
}

static elc_status put_new_opset(const elc_network *n, elc_string *to, elc_error *err) {
    elc_string opset = {0};
    if (n->opset >= 0)
        return ELC_OK;
    elc_status status = elc_onnx_put_int(&opset, OPSET_VERSION, -n->opset, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(to, MODEL_OPSET, opset.data, opset.size, err);
    elc_string_free(&opset);
    return status;
}

static elc_status put_model(const elc_network *n, const elc_string *graph,
                            elc_string *to, elc_error *err) {
    ELC_TRY(elc_onnx_put_int(to, MODEL_IR, n->ir < IR_LEAST ? IR_LEAST : n->ir, err));
    ELC_TRY(elc_wire_put_text(to, MODEL_PRODUCER, "elcano", err));
    ELC_TRY(elc_wire_put_bytes(to, MODEL_GRAPH, graph->data, graph->size, err));
    for (size_t i = 0; i < n->kept.count; i++)
        ELC_TRY(elc_string_append(to, n->kept.items[i].at, n->kept.items[i].n, err));
    ELC_TRY(put_new_opset(n, to, err));
    for (size_t i = 0; i < n->keys.count; i++)
        ELC_TRY(put_entry(to, n->keys.items[i], n->texts.items[i], err));
    return ELC_OK;
}

elc_status elc_network_write(const elc_network *network, elc_string *out,
                             elc_error *err) {
    elc_string graph = {0}, model = {0};
    elc_status status = put_graph(network, &graph, err);
    if (status == ELC_OK)
        status = put_model(network, &graph, &model, err);
    elc_string_free(&graph);
    if (status == ELC_OK && model.size > ELC_NETWORK_BYTES_MAX)
        status = elc_fail(err, ELC_E_UNSUPPORTED,
                          "%s: is over 2 GB as one file, which ONNX cannot hold",
                          network->name);
    if (status == ELC_OK)
        status = put_string(out, &model, err);
    elc_string_free(&model);
    return status;
}
