/* onnx_cut.c - fuzzes what cuts ONNX files: any bytes are refused, or are a network
 * that can be cut at each of its tensors and that reads back as it was written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const elc_network *network) {
    elc_network *again = NULL;
    elc_string once = {0}, twice = {0};
    if (elc_network_write(network, &once, NULL) != ELC_OK)
        abort();
    elc_status status = elc_network_parse(once.data, once.size, "again", &again, NULL);
    if (status == ELC_OK &&
        (elc_network_write(again, &twice, NULL) != ELC_OK || once.size != twice.size ||
         memcmp(once.data, twice.data, once.size) != 0))
        abort();
    elc_network_free(again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const tensors[] = {"output0", "x", "a"};
    elc_network *network = NULL;
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_network_parse(copy, size, "fuzz", &network, NULL) == ELC_OK) {
        read_back(network);
        for (size_t i = 0; i < 3; i++)
            if (elc_network_cut(network, tensors + i, 1, NULL) != ELC_OK)
                break;
        read_back(network);
    }
    elc_network_free(network);
    free(copy);
    return 0;
}
