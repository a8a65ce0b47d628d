/* options_json.c - fuzzes elc_options_from_json: values keep to what was described. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const shapes[] = {"box", "outline", NULL};
static const elc_option described[] = {
    {.name = "chip", .type = ELC_OPTION_INT, .min = 32, .max = 4096},
    {.name = "score", .type = ELC_OPTION_REAL, .max = 1, .fallback = "0.25"},
    {.name = "size", .type = ELC_OPTION_REAL},
    {.name = "deep", .type = ELC_OPTION_BOOL},
    {.name = "shape", .type = ELC_OPTION_CHOICE, .choices = shapes},
    {.name = "keep_classes", .type = ELC_OPTION_LIST},
    {.name = "overlap", .type = ELC_OPTION_SHARE_OR_PX, .fallback = "0.2"},
    {.name = "distance", .type = ELC_OPTION_LENGTH},
    {.name = "title", .type = ELC_OPTION_TEXT},
    {.name = "area", .type = ELC_OPTION_LAYER},
    {0},
};

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check_values(const elc_options *options) {
    double score = elc_options_real(options, "score");
    const char *shape = elc_options_text(options, "shape");
    const elc_names *keep = elc_options_list(options, "keep_classes");
    if (elc_options_given(options, "chip"))
        must(elc_options_int(options, "chip") >= 32 &&
             elc_options_int(options, "chip") <= 4096);
    must(score >= 0 && score <= 1 && isfinite(elc_options_real(options, "size")));
    must(shape == NULL || strcmp(shape, shapes[0]) == 0 ||
         strcmp(shape, shapes[1]) == 0);
    for (size_t i = 0; i < keep->count; i++)
        must(keep->items[i][0] != '\0');
    must(elc_options_pixels(options, "overlap", 1000) >= 0);
    must(isfinite(elc_options_length(options, "distance").value));
}

/* Options that were accepted give a text that is accepted and gives the same. */
static void check_again(const elc_options *options) {
    elc_options *again = NULL;
    elc_string once = {0}, twice = {0};
    must(elc_options_create(described, &again, NULL) == ELC_OK);
    must(elc_options_to_json(options, &once, NULL) == ELC_OK);
    must(elc_options_from_json(again, once.data, once.size, NULL) == ELC_OK);
    must(elc_options_to_json(again, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_options_free(again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_options *options = NULL;
    elc_error err = {0};
    must(elc_options_create(described, &options, NULL) == ELC_OK);
    if (elc_options_from_json(options, (const char *)data, size, &err) == ELC_OK)
        check_again(options);
    else
        must(err.message[0] != '\0');
    check_values(options);
    elc_options_free(options);
    return 0;
}
