/* where.c - fuzzes what finds the wrong feature of a GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <layer/where.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint64_t feature = 0;
    size_t byte = 0;
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_where_in(copy, size, &feature, &byte) &&
        (byte > size || feature == 0 || feature > size + 1))
        abort();
    free(copy);
    return 0;
}
