/* add.c - nodes, weights, outputs and metadata that a network gets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The operators of heads keep one meaning from here on: Gemm and Softmax on rows. */
enum { OPSET_LEAST = 7, OPSET_NEW = 13 };

/* ---- names --------------------------------------------------------------------------
 */

bool elc_network_mentions(const elc_network *network, const char *text) {
    const elc_string *bytes = &network->bytes;
    return memmem(bytes->data, bytes->size, text, strlen(text)) != NULL;
}

/* Weights may hold the text by chance: that costs a number, and nothing else. */
elc_status elc_network_prefix(const elc_network *network, const char *base,
                              char out[ELC_PREFIX_SIZE], elc_error *err) {
    for (int i = 1; i < 10000; i++) {
        snprintf(out, ELC_PREFIX_SIZE, i == 1 ? "%.20s/" : "%.20s%d/", base, i);
        if (!elc_network_mentions(network, out))
            return ELC_OK;
    }
    return elc_fail(err, ELC_E_UNSUPPORTED, "%s: has used up the names %s1 to %s9999",
                    network->name, base, base);
}

static elc_status make_name(elc_network *n, const char *name, elc_error *err) {
    if (!elc_utf8_valid(name, strlen(name)) || name[0] == '\0')
        return elc_fail(err, ELC_E_ARGUMENT, "%s: a tensor's name is empty or no UTF-8",
                        n->name);
    if (elc_names_find(&n->made, name) != SIZE_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: tensor %s is made twice", n->name,
                        name);
    return elc_names_add(&n->made, name, err);
}

/* ---- nodes --------------------------------------------------------------------------
 */

static elc_status put_lists(const elc_attribute *a, elc_string *out, elc_error *err) {
    for (size_t i = 0; i < a->n; i++) {
        if (a->kind == ELC_ATTRIBUTE_INTS)
            ELC_TRY(elc_onnx_put_int(out, ATTRIBUTE_INTS, a->wholes[i], err));
        else
            ELC_TRY(elc_onnx_put_float(out, ATTRIBUTE_FLOATS, a->reals[i], err));
    }
    return ELC_OK;
}

static elc_status put_value(const elc_attribute *a, elc_string *out, elc_error *err) {
    switch (a->kind) {
    case ELC_ATTRIBUTE_INT:
        return elc_onnx_put_int(out, ATTRIBUTE_INT, a->whole, err);
    case ELC_ATTRIBUTE_FLOAT:
        return elc_onnx_put_float(out, ATTRIBUTE_FLOAT, a->real, err);
    case ELC_ATTRIBUTE_TEXT:
        return elc_wire_put_text(out, ATTRIBUTE_TEXT, a->text, err);
    default:
        return put_lists(a, out, err);
    }
}

static elc_status put_attribute(const elc_attribute *a, elc_string *node,
                                elc_error *err) {
    elc_string bytes = {0};
    elc_status status = elc_wire_put_text(&bytes, ATTRIBUTE_NAME, a->name, err);
    if (status == ELC_OK)
        status = put_value(a, &bytes, err);
    if (status == ELC_OK)
        status = elc_onnx_put_int(&bytes, ATTRIBUTE_TYPE, (int64_t)a->kind, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(node, NODE_ATTRIBUTE, bytes.data, bytes.size, err);
    elc_string_free(&bytes);
    return status;
}

static elc_status put_node(elc_network *n, const char *op, const char *const *inputs,
                           const char *const *outputs, const elc_attribute *attributes,
                           elc_string *node, elc_error *err) {
    for (; *inputs != NULL; inputs++)
        ELC_TRY(elc_wire_put_text(node, NODE_INPUT, *inputs, err));
    for (const char *const *o = outputs; *o != NULL; o++) {
        ELC_TRY(make_name(n, *o, err));
        ELC_TRY(elc_wire_put_text(node, NODE_OUTPUT, *o, err));
    }
    ELC_TRY(elc_wire_put_text(node, NODE_NAME, outputs[0], err));
    ELC_TRY(elc_wire_put_text(node, NODE_OP, op, err));
    for (; attributes != NULL && attributes->name != NULL; attributes++)
        ELC_TRY(put_attribute(attributes, node, err));
    return ELC_OK;
}

static elc_status check_opset(elc_network *n, elc_error *err) {
    if (n->opset >= OPSET_LEAST)
        return ELC_OK;
    if (n->opset != 0)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: is of opset %lld, and %d is needed; convert it with "
                        "Python's onnx.version_converter",
                        n->name, (long long)n->opset, OPSET_LEAST);
    n->opset = -OPSET_NEW; /* to be written, since the file has none */
    return ELC_OK;
}

elc_status elc_network_add_node(elc_network *network, const char *op,
                                const char *const *inputs, const char *const *outputs,
                                const elc_attribute *attributes, elc_error *err) {
    elc_string node = {0};
    if (network->opset != -OPSET_NEW)
        ELC_TRY(check_opset(network, err));
    elc_status status = put_node(network, op, inputs, outputs, attributes, &node, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(&network->new_nodes, GRAPH_NODE, node.data,
                                    node.size, err);
    elc_string_free(&node);
    return status;
}

/* ---- weights ------------------------------------------------------------------------
 */

static elc_status count_of(const elc_network *n, const char *name, const int64_t *dims,
                           size_t rank, size_t *out, elc_error *err) {
    size_t count = 1;
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] < 0 || __builtin_mul_overflow(count, (uint64_t)dims[i], &count))
            return elc_fail(err, ELC_E_MEMORY, "%s: tensor %s is too large", n->name,
                            name);
    }
    *out = count;
    return ELC_OK;
}

/* Raw data are little-endian, as every processor that this builds for is. */
static elc_status add_tensor(elc_network *n, const char *name, int type,
                             const void *values, size_t each, const int64_t *dims,
                             size_t rank, elc_error *err) {
    elc_string head = {0};
    size_t count = 0, bytes = 0;
    ELC_TRY(count_of(n, name, dims, rank, &count, err));
    if (__builtin_mul_overflow(count, each, &bytes) || bytes > ELC_NETWORK_BYTES_MAX)
        return elc_fail(err, ELC_E_MEMORY, "%s: tensor %s is too large", n->name, name);
    ELC_TRY(make_name(n, name, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < rank && status == ELC_OK; i++)
        status = elc_onnx_put_int(&head, TENSOR_DIM, dims[i], err);
    ELC_TRY_GOTO(status, status, done);
    ELC_TRY_GOTO(elc_onnx_put_int(&head, TENSOR_TYPE, type, err), status, done);
    ELC_TRY_GOTO(elc_wire_put_text(&head, TENSOR_NAME, name, err), status, done);
    ELC_TRY_GOTO(elc_onnx_put_head(&head, TENSOR_RAW, bytes, err), status, done);
    ELC_TRY_GOTO(
        elc_onnx_put_head(&n->new_tensors, GRAPH_TENSOR, head.size + bytes, err),
        status, done);
    ELC_TRY_GOTO(elc_string_append(&n->new_tensors, head.data, head.size, err), status,
                 done);
    if (bytes > 0)
        status = elc_string_append(&n->new_tensors, values, bytes, err);
done:
    elc_string_free(&head);
    return status;
}

elc_status elc_network_add_floats(elc_network *network, const char *name,
                                  const float *values, const int64_t *dims, size_t rank,
                                  elc_error *err) {
    return add_tensor(network, name, FLOAT32, values, sizeof *values, dims, rank, err);
}

elc_status elc_network_add_ints(elc_network *network, const char *name,
                                const int64_t *values, const int64_t *dims, size_t rank,
                                elc_error *err) {
    return add_tensor(network, name, INT64, values, sizeof *values, dims, rank, err);
}

/* ---- outputs ------------------------------------------------------------------------
 */

static elc_status put_dim(elc_string *shape, const char *text, elc_error *err) {
    elc_string dim = {0};
    int64_t value;
    elc_status status = elc_parse_int(text, "size", &value, NULL) == ELC_OK
                            ? elc_onnx_put_int(&dim, DIM_VALUE, value, err)
                            : elc_wire_put_text(&dim, DIM_NAME, text, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(shape, SHAPE_DIM, dim.data, dim.size, err);
    elc_string_free(&dim);
    return status;
}

static elc_status put_output(const char *name, const elc_names *dims,
                             elc_string room[4], elc_error *err) {
    elc_string *shape = &room[0], *tensor = &room[1], *type = &room[2];
    for (size_t i = 0; i < dims->count; i++)
        ELC_TRY(put_dim(shape, dims->items[i], err));
    ELC_TRY(elc_onnx_put_int(tensor, TYPE_ELEMENT, FLOAT32, err));
    ELC_TRY(elc_wire_put_bytes(tensor, TYPE_SHAPE, shape->data, shape->size, err));
    ELC_TRY(elc_wire_put_bytes(type, TYPE_TENSOR, tensor->data, tensor->size, err));
    ELC_TRY(elc_wire_put_text(&room[3], VALUE_NAME, name, err));
    return elc_wire_put_bytes(&room[3], VALUE_TYPE, type->data, type->size, err);
}

elc_status elc_network_add_output(elc_network *network, const char *name,
                                  const char *shape, elc_error *err) {
    elc_names dims = {0};
    elc_string room[4] = {{0}, {0}, {0}, {0}};
    elc_status status = shape ? elc_names_split(&dims, shape, ',', err)
                              : elc_wire_put_text(&room[3], VALUE_NAME, name, err);
    if (status == ELC_OK && shape)
        status = put_output(name, &dims, room, err);
    if (status == ELC_OK)
        status = elc_wire_put_bytes(&network->new_outputs, GRAPH_OUTPUT, room[3].data,
                                    room[3].size, err);
    for (size_t i = 0; i < 4; i++)
        elc_string_free(&room[i]);
    elc_names_free(&dims);
    return status;
}

/* ---- metadata -----------------------------------------------------------------------
 */

const char *elc_network_metadata(const elc_network *network, const char *key) {
    size_t i = elc_names_find(&network->keys, key);
    return i == SIZE_MAX ? NULL : network->texts.items[i];
}

static void drop(elc_names *names, size_t i) {
    free(names->items[i]);
    names->count--;
    memmove(names->items + i, names->items + i + 1,
            (names->count - i) * sizeof *names->items);
}

elc_status elc_network_set_metadata(elc_network *network, const char *key,
                                    const char *value, elc_error *err) {
    size_t i = elc_names_find(&network->keys, key);
    if (!elc_utf8_valid(key, strlen(key)) ||
        (value != NULL && !elc_utf8_valid(value, strlen(value))))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: its new metadata %s are no UTF-8",
                        network->name, key);
    if (i != SIZE_MAX) {
        drop(&network->keys, i);
        drop(&network->texts, i);
    }
    if (value == NULL)
        return ELC_OK;
    ELC_TRY(elc_names_add(&network->keys, key, err));
    return elc_names_add(&network->texts, value, err);
}

void elc_network_clear_metadata(elc_network *network) {
    elc_names_free(&network->keys);
    elc_names_free(&network->texts);
    network->keys = network->texts = (elc_names){0};
}
