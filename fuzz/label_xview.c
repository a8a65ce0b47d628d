/* label_xview.c - fuzzes the reader of xView's GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    labels_fuzz("/vsimem/fuzz/xview/a.geojson", "xview", data, size);
    return 0;
}
