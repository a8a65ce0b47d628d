/* feature_cache.c - fuzzes what reads kept features: any bytes are none, or are printed
 * as the same bytes again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/train_classifier/cache.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *data, size_t size) {
    feature_file file;
    elc_string again = {0};
    if (!elc_feature_file_parse(data, size, &file))
        return;
    for (size_t i = 0; i < file.n; i++)
        if (elc_feature_file_find(&file, file.windows[i]) != file.features + i * file.d)
            abort();
    if (elc_feature_file_print(&file, &again, NULL) != ELC_OK || again.size != size ||
        memcmp(again.data, data, size) != 0)
        abort();
    elc_string_free(&again);
    elc_feature_file_clear(&file);
}

/* Also with the sum of what comes before it, which no fuzzer would find. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char hex[65];
    uint8_t *copy = calloc(size > 0 ? size : 1, 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    check(copy, size);
    if (size >= 64) {
        elc_sha256(copy, size - 64, hex);
        memcpy(copy + size - 64, hex, 64);
        check(copy, size);
    }
    free(copy);
    return 0;
}
