/* label_csv.c - fuzzes the reader of labels as CSV. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    labels_fuzz("/vsimem/fuzz/csv/a.csv", "csv", data, size);
    return 0;
}
