/* check_themes.c - fuzzes the reader of themes as CSV. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <operators/check/themes.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void themes_must(bool holds) {
    if (!holds)
        abort();
}

/* A kind says what its features are, so that one without tags is of none. */
static void themes_check(const check_themes *themes) {
    json_t *none = json_object();
    themes_must(none != NULL && themes->n_kinds > 0);
    for (size_t i = 0; i < themes->n_kinds; i++) {
        const check_kind *kind = &themes->kinds[i];
        themes_must(kind->theme < themes->n_names && kind->layer < CHECK_LAYERS);
        themes_must(kind->n > 0 && kind->first + kind->n <= themes->n_tags);
        themes_must(!elc_check_kind_has(themes, kind, none));
    }
    for (size_t i = 0; i < themes->n_names; i++)
        themes_must(elc_check_themes_find(themes, themes->names[i].name) == i &&
                    themes->names[i].distance_m >= 0);
    json_decref(none);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    check_themes themes = {0};
    elc_error err = {0};
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_check_themes_parse("themes.csv", copy, size, &themes, &err) == ELC_OK)
        themes_check(&themes);
    else
        themes_must(err.message[0] != '\0' && themes.kinds == NULL);
    elc_check_themes_free(&themes);
    free(copy);
    return 0;
}
