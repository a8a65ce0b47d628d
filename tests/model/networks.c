/* networks.c - the networks that the model's tests open, written afresh by scripts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "networks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/planted.h"

static void write_networks(void) {
    static bool written;
    if (written)
        return;
    planted_run("python3 '%s/tools/networks.py' heads nets", ELCANO_SOURCE_DIR);
    planted_run("python3 '%s/tests/model/odd_networks.py' nets", ELCANO_SOURCE_DIR);
    planted_run("python3 '%s/tools/networks.py' small nets/small.onnx >/dev/null",
                ELCANO_SOURCE_DIR);
    written = true;
}

const char *network_path(const char *name) {
    char file[128];
    write_networks();
    snprintf(file, sizeof file, "nets/%s.onnx", name);
    return planted_path(file);
}

static void skip_without_runtime(const elc_error *err) {
    if (strstr(err->message, "ONNX Runtime is not here") == NULL)
        return;
    fprintf(stderr, "[  SKIPPED ] %s\n", err->message);
    skip();
}

elc_model *network_open(const char *path, const elc_model_options *options) {
    elc_error err = {0};
    elc_model *model = NULL;
    if (elc_model_open(path, options, &model, &err) != ELC_OK) {
        skip_without_runtime(&err);
        fail_msg("%s", err.message);
    }
    return model;
}

void network_refused(const char *path, const elc_model_options *options,
                     elc_status status, const char *part) {
    elc_error err = {0};
    elc_model *model = NULL;
    elc_status got = elc_model_open(path, options, &model, &err);
    if (got == ELC_OK)
        elc_model_free(model);
    else
        skip_without_runtime(&err);
    if (got != status || strstr(err.message, part) == NULL)
        fail_msg("expected %s \"%s\", got %s \"%s\"", elc_status_name(status), part,
                 elc_status_name(got), err.message);
}

elc_inference *network_place(elc_model *model, int64_t batch) {
    const elc_model_info *info = elc_model_info_at(model);
    elc_inference *place = NULL;
    elc_error err;
    if (elc_inference_create(model, batch, info->chip_width, info->chip_height, &place,
                             &err) != ELC_OK)
        fail_msg("%s", err.message);
    return place;
}

static size_t chip_bytes(const elc_model_info *info) {
    return (size_t)(info->chip_width * info->chip_height * info->channels);
}

elc_status network_boxes(elc_inference *place, const elc_model_info *info, int grey,
                         elc_box_list *boxes, elc_error *err) {
    uint64_t flat = 0;
    bool capped;
    uint8_t *pixels = malloc(chip_bytes(info));
    assert_non_null(pixels);
    memset(pixels, grey, chip_bytes(info));
    elc_inference_put(place, 0, pixels);
    free(pixels);
    ELC_TRY(elc_inference_run(place, 1, err));
    return elc_inference_boxes(place, 0, 0.25f, boxes, &flat, &capped, err);
}

uint8_t *network_noise(const elc_model_info *info, unsigned seed) {
    size_t n = chip_bytes(info);
    uint32_t state = seed * 2654435761u + 1;
    uint8_t *pixels = malloc(n);
    assert_non_null(pixels);
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)(state >> 24);
    }
    return pixels;
}
