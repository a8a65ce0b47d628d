/* fields.h - a network as the fields of its ONNX file, as the files of this folder
 * share it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MODEL_WRITE_FIELDS_H
#define ELCANO_SRC_MODEL_WRITE_FIELDS_H

#include <elcano/model.h>

#include "model/wire.h"

/* Fields of one kind: spans of their messages in the network's bytes. */
typedef struct onnx_list {
    elc_span *items;
    size_t count, capacity;
} onnx_list;

struct elc_network {
    elc_string bytes;  /* of the file, which the spans point into */
    char *name;        /* for messages */
    int64_t ir, opset; /* opset 0: of other domains alone */
    elc_span graph_name;
    onnx_list nodes, tensors, sparse, inputs, outputs, values, quantizations;
    onnx_list kept;        /* fields of the model that stay, keys included */
    elc_names keys, texts; /* the metadata */
    elc_string new_nodes, new_tensors, new_outputs; /* fields of the graph, in bytes */
    elc_names made; /* names of tensors that were added */
};

elc_span elc_onnx_text(const char *text);

/* What wire.h does not write: numbers with a sign, floats, and the key and length of n
   bytes that come next. */
elc_status elc_onnx_put_int(elc_string *to, uint32_t number, int64_t value,
                            elc_error *err);
elc_status elc_onnx_put_float(elc_string *to, uint32_t number, float value,
                              elc_error *err);
elc_status elc_onnx_put_head(elc_string *to, uint32_t number, size_t n, elc_error *err);

elc_status elc_onnx_list_add(onnx_list *list, elc_span item, elc_error *err);

/* A set of names; start with {0}, free with elc_onnx_set_free. Names are borrowed. */
typedef struct onnx_set {
    elc_span *slots;
    size_t count, capacity; /* a power of two */
} onnx_set;

elc_status elc_onnx_set_add(onnx_set *set, elc_span name, elc_error *err);
bool elc_onnx_set_has(const onnx_set *set, elc_span name);
void elc_onnx_set_free(onnx_set *set);

#endif
