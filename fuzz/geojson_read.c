/* geojson_read.c - fuzzes the reader of geometries of GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "spellings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return spellings_fuzz(elc_wkb_from_geojson, data, size);
}
