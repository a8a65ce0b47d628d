/* where.c - fuzzes what finds the wrong feature of a GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <layer/where.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_where where;
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_where_look(copy, size, &where, NULL) != ELC_OK || where.byte > size ||
        where.feature > size + 1 || where.crs.size > size ||
        (where.wrong && where.feature == 0 && where.byte == 0))
        abort();
    elc_where_free(&where);
    free(copy);
    return 0;
}
