/* onnx_tap.c - fuzzes what cuts ONNX files: of any bytes a value is found or not, and
 * what is cut at it can be read, ends there, and is the same when it is cut again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tap.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(elc_status status) {
    if (status != ELC_OK)
        abort();
}

static void cut_again(const elc_string *cut, elc_span name) {
    elc_onnx onnx = {0};
    elc_string again = {0};
    must(elc_onnx_read(cut->data, cut->size, &onnx, NULL));
    size_t value = elc_onnx_find(&onnx, name);
    if (value == SIZE_MAX || value != onnx.first_output)
        abort();
    must(elc_tap_cut(&onnx, value, &again, NULL));
    if (again.size != cut->size || memcmp(again.data, cut->data, cut->size) != 0)
        abort();
    elc_string_free(&again);
    elc_onnx_clear(&onnx);
}

static void cut_at(const elc_onnx *onnx, size_t value) {
    elc_string cut = {0};
    must(elc_tap_cut(onnx, value, &cut, NULL));
    cut_again(&cut, onnx->values[value].name);
    elc_string_free(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_onnx onnx = {0};
    elc_tap_place place;
    size_t value;
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_onnx_read(copy, size, &onnx, NULL) == ELC_OK) {
        if (elc_tap_find(&onnx, &value, &place, NULL) == ELC_OK)
            cut_at(&onnx, value);
        if (elc_tap_named(&onnx, "relu", &value, NULL) == ELC_OK)
            cut_at(&onnx, value);
    }
    elc_onnx_clear(&onnx);
    free(copy);
    return 0;
}
