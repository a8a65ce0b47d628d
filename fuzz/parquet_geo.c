/* parquet_geo.c - fuzzes the geo metadata of GeoParquet. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layer/geo.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

/* What is accepted names its columns, each once, and states CRSs that can be said. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_geo geo = {0};
    elc_error err = {0};
    if (elc_geo_parse((const char *)data, size, &geo, &err) != ELC_OK) {
        must(err.message[0] != '\0' && geo.columns == NULL);
        return 0;
    }
    must(geo.count >= 1 && geo.count <= size);
    for (size_t i = 0; i < geo.count; i++) {
        const elc_geo_column *column = &geo.columns[i];
        must(column->name != NULL);
        must(column->crs == NULL || column->crs[0] == '\0' || column->crs[0] == '{');
        for (size_t j = 0; j < i; j++)
            must(strcmp(column->name, geo.columns[j].name) != 0);
    }
    elc_geo_free(&geo);
    return 0;
}
