/* label_coco.c - fuzzes the reader of COCO's JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    labels_fuzz("/vsimem/fuzz/coco/a.json", "coco", data, size);
    return 0;
}
