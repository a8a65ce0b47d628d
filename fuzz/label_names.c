/* label_names.c - fuzzes the YAML that names YOLO's classes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char path[] = "/vsimem/fuzz/names/data.yaml",
                      label[] = "0 0.5 0.5 1 1\n";
    VSILFILE *file = VSIFOpenL(path, "wb");
    labels_must(file != NULL && VSIFWriteL(data, 1, size, file) == size);
    VSIFCloseL(file);
    labels_fuzz("/vsimem/fuzz/names/a.txt", "yolo", (const uint8_t *)label,
                strlen(label));
    VSIUnlink(path);
    return 0;
}
