/* test_frames.c - detect with a real network on real frames, against their labels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/boxes.h"
#include "support/detecting.h"
#include "support/planted.h"

#include <elcano/detect.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two films of one street each, 13 and 10 frames. */
typedef struct film {
    int first, last, step, width, height;
} film;

static const film films[] = {{155, 179, 2, 1764, 430}, {74, 92, 2, 684, 547}};

static char model_option[1100], frames[1100];

static bool have_data(void) {
    const char *model = planted_data("models/vehicle/vehicle.onnx");
    if (!model)
        return false;
    snprintf(model_option, sizeof model_option, "model=%s", model);
    const char *folder = planted_data("imagery/kit_ais");
    if (folder)
        snprintf(frames, sizeof frames, "%s", folder);
    return folder != NULL;
}

static char *detect_frames(void) {
    const char *paths[] = {frames, NULL}, *options[] = {model_option, NULL};
    detecting d = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

/* Vehicles that the frame's edge cuts carry no label: boxes at the edge do not count.
 */
static boxes_match score_frame(const char *rows, const film *f, int number) {
    char name[32], path[1200];
    snprintf(name, sizeof name, "MOS%d.png", number);
    snprintf(path, sizeof path, "%s/MOS%d.txt", frames, number);
    elc_box_list found = boxes_of_rows(rows, name);
    elc_box_list labels = boxes_of_labels(path, f->width, f->height);
    boxes_drop_at_edge(&found, f->width, f->height, 3);
    boxes_drop_at_edge(&labels, f->width, f->height, 3);
    boxes_match m = boxes_compare(&labels, &found);
    free(found.items);
    free(labels.items);
    return m;
}

static double f1(boxes_match m) {
    return 2.0 * (double)m.both / (double)(2 * m.both + m.lost + m.extra);
}

static void test_frames_have_their_vehicles_where_the_labels_say(void **state) {
    (void)state;
    if (!have_data())
        skip();
    char *rows = detect_frames();
    double sum = 0, least = 1;
    int n = 0;
    for (size_t k = 0; k < 2; k++)
        for (int i = films[k].first; i <= films[k].last; i += films[k].step, n++) {
            double score = f1(score_frame(rows, &films[k], i));
            sum += score;
            least = score < least ? score : least;
        }
    printf("%d frames: mean F1 %.4f, least %.4f\n", n, sum / n, least);
    assert_int_equal(n, 23);
    assert_true(sum / n >= 0.94);
    assert_true(least >= 0.85);
    free(rows);
}

/* The network's own boxes: the whole frame at once, padded to the multiple it needs.
   What it makes of a vehicle that the frame cuts depends on how far the padding
   reaches. */
static elc_box_list run_whole(const elc_model *model, const film *f, const char *path) {
    const elc_model_info *info = elc_model_info_at(model);
    int64_t m = info->multiple, w = (f->width + m - 1) / m * m,
            h = (f->height + m - 1) / m * m;
    elc_image *image = NULL;
    elc_inference *inference = NULL;
    elc_box_list boxes = {0};
    uint64_t flat = 0;
    bool capped;
    int bands[3];
    uint8_t *pixels = malloc((size_t)(w * h) * 3);
    assert_int_equal(elc_image_open(path, &image, NULL), ELC_OK);
    assert_int_equal(elc_image_choose_bands(image, path, NULL, 3, bands, NULL), ELC_OK);
    assert_int_equal(elc_image_read(image, (elc_window){0, 0, w, h}, bands, 3,
                                    info->pad, pixels, NULL, NULL),
                     ELC_OK);
    assert_int_equal(
        elc_inference_create((elc_model *)(uintptr_t)model, 1, w, h, &inference, NULL),
        ELC_OK);
    elc_inference_put(inference, 0, pixels);
    assert_int_equal(elc_inference_run(inference, 1, NULL), ELC_OK);
    assert_int_equal(elc_inference_boxes(inference, 0, (float)info->score, &boxes,
                                         &flat, &capped, NULL),
                     ELC_OK);
    assert_int_equal(elc_nms(boxes.items, &boxes.count, 0.5, false, NULL), ELC_OK);
    elc_inference_free(inference);
    elc_image_free(image);
    free(pixels);
    return boxes;
}

static size_t compare_frame(const elc_model *model, const film *f, int number,
                            const char *rows) {
    char name[32], path[1200];
    snprintf(name, sizeof name, "MOS%d.png", number);
    snprintf(path, sizeof path, "%s/%s", frames, name);
    elc_box_list whole = run_whole(model, f, path), found = boxes_of_rows(rows, name);
    boxes_drop_at_edge(&whole, f->width, f->height, 3);
    boxes_drop_at_edge(&found, f->width, f->height, 3);
    boxes_match m = boxes_compare(&whole, &found);
    if (m.lost + m.extra > 0)
        fail_msg("%s: %zu lost, %zu extra", name, m.lost, m.extra);
    free(found.items);
    free(whole.items);
    return m.both;
}

static void test_frames_lose_nothing_against_the_whole_frame_at_once(void **state) {
    (void)state;
    if (!have_data())
        skip();
    elc_model *model = NULL;
    assert_int_equal(
        elc_model_open(model_option + strlen("model="), NULL, &model, NULL), ELC_OK);
    char *rows = detect_frames();
    size_t both = 0;
    for (size_t k = 0; k < 2; k++)
        for (int i = films[k].first; i <= films[k].last; i += films[k].step)
            both += compare_frame(model, &films[k], i, rows);
    assert_true(both > 900);
    free(rows);
    elc_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_have_their_vehicles_where_the_labels_say),
        cmocka_unit_test(test_frames_lose_nothing_against_the_whole_frame_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
