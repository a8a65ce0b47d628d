/* label_voc.c - fuzzes the reader of Pascal VOC's XML. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    labels_fuzz("/vsimem/fuzz/voc/a.xml", "voc", data, size);
    return 0;
}
