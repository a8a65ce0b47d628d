/* model_names.c - fuzzes the lists and dictionaries that stand in a network's metadata.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/literal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_names names = {0};
    elc_error err = {0};
    double numbers[8];
    size_t n = 0;
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (elc_literal_names(text, &names, &err) == ELC_OK) {
        must(names.count <= ELC_CLASSES_MAX);
        for (size_t i = 0; i < names.count; i++)
            must(elc_utf8_valid(names.items[i], strlen(names.items[i])));
    } else {
        must(err.message[0] != '\0' && names.items == NULL);
    }
    if (elc_literal_numbers(text, numbers, 8, &n, &err) == ELC_OK)
        must(n >= 1 && n <= 8);
    elc_names_free(&names);
    free(text);
    return 0;
}
