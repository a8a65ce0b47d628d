/* onnx_graph.c - fuzzes what reads ONNX files: any bytes give a verdict, the same one
 * again, and few files of weights. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/graph.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_tail tail = ELC_TAIL_UNKNOWN, again = ELC_TAIL_UNKNOWN;
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_graph_tail(copy, size, "output0", &tail, NULL) != ELC_OK ||
        elc_graph_tail(copy, size, "output0", &again, NULL) != ELC_OK ||
        tail != again || tail > ELC_TAIL_DECODED)
        abort();
    elc_names files = {0};
    if (elc_graph_files(copy, size, &files, NULL) != ELC_OK || files.count > 16)
        abort();
    elc_names_free(&files);
    free(copy);
    return 0;
}
