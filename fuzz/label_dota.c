/* label_dota.c - fuzzes the reader of DOTA's text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    labels_fuzz("/vsimem/fuzz/dota/a.txt", "dota", data, size);
    return 0;
}
