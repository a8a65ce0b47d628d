/* check_input.c - what a network is tried on: a chip of an image, numbers, or neither.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS_LIMIT = 16 << 20 };

/* ---- an image -----------------------------------------------------------------------
 */

/* How detect would see it: bands, resolution and stretch. */
static elc_status open_view(const elc_check *check, elc_image *image, elc_view **out,
                            elc_error *err) {
    const elc_check_wish *wish = check->wish;
    const elc_names none = {0};
    int n = check->info->channels, bands[ELC_BANDS_MAX];
    elc_view_options options = {.bands = bands, .n = n};
    elc_resolution resolution = {.gsd_m = check->info->gsd_m};
    elc_scenes *scenes = NULL;
    elc_scene scene = {0};
    if (n > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: %d input channels, at most %d are handled",
                        check->info->name, n, ELC_BANDS_MAX);
    ELC_TRY(elc_image_choose_bands(
        image, wish->input, wish->bands == NULL ? &none : wish->bands, n, bands, err));
    ELC_TRY(elc_scenes_create(&(elc_place_wish){0}, &scenes, err));
    elc_status status = elc_scenes_find(scenes, image, &scene, err);
    if (status == ELC_OK)
        status = elc_detect_steps(&resolution, image, &scene, wish->input,
                                  &options.step_x, &options.step_y, NULL, err);
    if (status == ELC_OK)
        status =
            elc_stretch_decide(image, bands, n, &wish->stretch, &options.stretch, err);
    if (status == ELC_OK)
        status = elc_view_create(image, &options, out, err);
    elc_scene_clear(&scene);
    elc_scenes_free(scenes);
    return status;
}

static int64_t middle(int64_t size, int64_t chip) {
    return size > chip ? (size - chip) / 2 : 0;
}

static elc_status read_middle(elc_check *check, elc_view *view, uint8_t *pixels,
                              elc_error *err) {
    const elc_model_info *info = check->info;
    int64_t width = elc_view_width(view), height = elc_view_height(view);
    elc_window window = {middle(width, info->chip_width),
                         middle(height, info->chip_height), info->chip_width,
                         info->chip_height};
    bool valid = true;
    ELC_TRY(elc_view_read(view, window, info->pad, pixels, &valid, err));
    check->padded = width < info->chip_width || height < info->chip_height;
    check->empty = !valid;
    return elc_string_printf(
        &check->source, err, "%s, %lld x %lld px from %lld, %lld on, of %lld x %lld px",
        check->wish->input, (long long)window.width, (long long)window.height,
        (long long)window.x, (long long)window.y, (long long)width, (long long)height);
}

static elc_status read_image(elc_check *check, uint8_t *pixels, elc_error *err) {
    elc_image *image = NULL;
    elc_view *view = NULL;
    ELC_TRY(elc_image_open(check->wish->input, &image, err));
    elc_status status = open_view(check, image, &view, err);
    if (status == ELC_OK)
        status = read_middle(check, view, pixels, err);
    elc_view_free(view);
    elc_image_free(image);
    return status;
}

/* ---- a generated chip ---------------------------------------------------------------
 */

static uint32_t scatter(uint32_t x) { /* Wellons' lowbias32 */
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    return x ^ x >> 16;
}

/* Patches of 16 px, each of a colour, with noise over them: edges, areas and grain. */
static uint8_t texture(int64_t x, int64_t y, int64_t channel) {
    uint32_t patch = scatter((uint32_t)(x / 16 * 8192 + y / 16 * 4 + channel));
    uint32_t grain = scatter((uint32_t)(x * 65536 + y) ^ (uint32_t)channel << 30);
    return (uint8_t)(16 + patch % 192 + grain % 32);
}

static elc_status generate_chip(elc_check *check, uint8_t *pixels, elc_error *err) {
    const elc_model_info *info = check->info;
    for (int64_t y = 0; y < info->chip_height; y++)
        for (int64_t x = 0; x < info->chip_width; x++)
            for (int c = 0; c < info->channels; c++)
                *pixels++ = texture(x, y, c);
    return elc_string_printf(&check->source, err,
                             "a generated chip of %lld x %lld px, always the same",
                             (long long)info->chip_width, (long long)info->chip_height);
}

static elc_status feed_chip(elc_check *check, elc_error *err) {
    const elc_model_info *info = check->info;
    uint8_t *pixels = NULL;
    ELC_TRY(elc_inference_create(check->model, 1, info->chip_width, info->chip_height,
                                 &check->inference, err));
    ELC_TRY(elc_alloc((size_t)info->chip_width * (size_t)info->chip_height,
                      (size_t)info->channels, &pixels, err));
    elc_status status = check->generated ? generate_chip(check, pixels, err)
                                         : read_image(check, pixels, err);
    if (status == ELC_OK)
        elc_inference_put(check->inference, 0, pixels);
    free(pixels);
    return status;
}

/* ---- numbers ------------------------------------------------------------------------
 */

static elc_status parse_numbers(const char *path, const elc_names *words,
                                double *numbers, elc_error *err) {
    for (size_t i = 0; i < words->count; i++) {
        if (elc_parse_real(words->items[i], "number", &numbers[i], NULL) != ELC_OK)
            return elc_fail(err, ELC_E_FORMAT,
                            "%s: \"%.40s\" is no number; the network takes no image, "
                            "but numbers such as 0.25, 1e-3",
                            path, words->items[i]);
    }
    return ELC_OK;
}

static elc_status read_numbers(const char *path, double **numbers, size_t *n,
                               elc_error *err) {
    elc_string text = {0};
    elc_names words = {0};
    ELC_TRY(elc_file_read(path, NUMBERS_LIMIT, &text, err));
    for (size_t i = 0; i < text.size; i++)
        if (strchr(" \t\r\n;", text.data[i]) != NULL)
            text.data[i] = ',';
    elc_status status =
        elc_names_split(&words, text.data == NULL ? "" : text.data, ',', err);
    if (status == ELC_OK && words.count == 0)
        status = elc_fail(err, ELC_E_FORMAT, "%s: no numbers in it", path);
    if (status == ELC_OK)
        status = elc_alloc(words.count, sizeof **numbers, numbers, err);
    if (status == ELC_OK)
        status = parse_numbers(path, &words, *numbers, err);
    *n = words.count;
    elc_names_free(&words);
    elc_string_free(&text);
    return status;
}

static elc_status feed_row(elc_check *check, elc_error *err) {
    const char *path = check->wish->input;
    double *numbers = NULL;
    size_t n = 0;
    elc_status status =
        check->generated ? ELC_OK : read_numbers(path, &numbers, &n, err);
    if (status == ELC_OK)
        status = elc_inference_create(check->model, 1, (int64_t)n, 0, &check->inference,
                                      err);
    if (status == ELC_OK)
        status = elc_inference_fill(check->inference, numbers, n, err);
    free(numbers);
    ELC_TRY(status);
    if (check->generated)
        return elc_string_printf(&check->source, err,
                                 "generated numbers, always the same");
    return elc_string_printf(&check->source, err, "%s, %zu numbers", path, n);
}

elc_status elc_check_feed(elc_check *check, elc_error *err) {
    check->generated = check->wish->input == NULL;
    return check->info->channels > 0 ? feed_chip(check, err) : feed_row(check, err);
}
