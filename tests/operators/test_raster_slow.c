/* test_raster_slow.c - merged chips against the network's own boxes over a whole
 * raster. */
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

/* 1,764 x 430 px frames, five side by side, in rows. */
enum { FRAME_W = 1764, FRAME_H = 430, ACROSS = 5, DOWN = 23, FRAMES = 13 };
enum { WIDTH = FRAME_W * ACROSS, HEIGHT = FRAME_H * DOWN };
/* Chips of the reference, of which only what is this far inside counts. */
enum { BIG = 2048, MARGIN = 256 };

static char model_option[1100], model_path[1100], raster[600];
static elc_box_list reference;

/* Chips at steps that are no multiple of the network's stride see it at other phases,
   and a network answers differently at each. Its own boxes are then those at the phase
   of the chip that owns them. */
typedef struct phase {
    const elc_grid *grid; /* NULL: all boxes count */
    int64_t x, y;         /* chip starts modulo 16 */
} phase;

static void lay_frames(const char *folder) {
    char list[64 * 1024] = "";
    for (int i = 0; i < ACROSS * DOWN; i++) {
        char one[700];
        int number = 155 + 2 * ((i * 5 + i / ACROSS) % FRAMES);
        snprintf(
            one, sizeof one,
            "<SimpleSource><SourceFilename>%s/MOS%d.png</SourceFilename>"
            "<SourceBand>BAND</SourceBand><SrcRect xOff=\"0\" yOff=\"0\" "
            "xSize=\"%d\" ySize=\"%d\"/><DstRect xOff=\"%d\" yOff=\"%d\" xSize=\"%d\" "
            "ySize=\"%d\"/></SimpleSource>",
            folder, number, FRAME_W, FRAME_H, i % ACROSS * FRAME_W,
            i / ACROSS * FRAME_H, FRAME_W, FRAME_H);
        strcat(list, one);
    }
    FILE *file = fopen(planted_path("raster.vrt"), "w");
    fprintf(file, "<VRTDataset rasterXSize=\"%d\" rasterYSize=\"%d\">", WIDTH, HEIGHT);
    for (int band = 1; band <= 3; band++) {
        fprintf(file,
                "<VRTRasterBand dataType=\"Byte\" band=\"%d\"><ColorInterp>%s"
                "</ColorInterp>",
                band, (const char *[]){"Red", "Green", "Blue"}[band - 1]);
        for (const char *at = list; *at; at++) {
            if (strncmp(at, "BAND", 4) == 0) {
                fprintf(file, "%d", band);
                at += 3;
            } else {
                fputc(*at, file);
            }
        }
        fprintf(file, "</VRTRasterBand>");
    }
    fprintf(file, "</VRTDataset>");
    fclose(file);
    planted_run("gdal_translate -q -co TILED=YES raster.vrt raster.tif");
    snprintf(raster, sizeof raster, "%s", planted_path("raster.tif"));
}

/* Keeps what lies in the inner part of a big chip; outer sides of the raster count. */
static bool is_of_phase(const phase *p, double x, double y) {
    if (!p->grid)
        return true;
    elc_window w = elc_grid_window(p->grid, elc_grid_owner(p->grid, x, y));
    return w.x % 16 == p->x && w.y % 16 == p->y;
}

static void add_inner(const elc_box_list *boxes, elc_window w, const phase *p,
                      elc_box_list *out) {
    double x0 = w.x <= 0 ? -1 : (double)w.x + MARGIN;
    double y0 = w.y <= 0 ? -1 : (double)w.y + MARGIN;
    double x1 = w.x + w.width >= WIDTH ? 1e9 : (double)(w.x + w.width - MARGIN);
    double y1 = w.y + w.height >= HEIGHT ? 1e9 : (double)(w.y + w.height - MARGIN);
    for (size_t i = 0; i < boxes->count; i++) {
        elc_box b = boxes->items[i];
        b.xmin += (double)w.x;
        b.xmax += (double)w.x;
        b.ymin += (double)w.y;
        b.ymax += (double)w.y;
        double x = (b.xmin + b.xmax) / 2, y = (b.ymin + b.ymax) / 2;
        if (x < x0 || y < y0 || x >= x1 || y >= y1 || !is_of_phase(p, x, y))
            continue;
        assert_int_equal(
            elc_reserve(&out->items, &out->capacity, out->count + 1, sizeof b, NULL),
            ELC_OK);
        out->items[out->count++] = b;
    }
}

static void run_window(elc_inference *inference, elc_image *image,
                       const elc_model_info *info, elc_window w, uint8_t *pixels,
                       const phase *p, elc_box_list *out) {
    const int bands[] = {1, 2, 3};
    elc_box_list boxes = {0};
    uint64_t flat = 0;
    bool capped;
    assert_int_equal(elc_image_read(image, w, bands, 3, info->pad, pixels, NULL, NULL),
                     ELC_OK);
    elc_inference_put(inference, 0, pixels);
    assert_int_equal(elc_inference_run(inference, 1, NULL), ELC_OK);
    assert_int_equal(elc_inference_boxes(inference, 0, (float)info->score, &boxes,
                                         &flat, &capped, NULL),
                     ELC_OK);
    assert_int_equal(elc_nms(boxes.items, &boxes.count, 0.5, false, NULL), ELC_OK);
    add_inner(&boxes, w, p, out);
    free(boxes.items);
}

/* Inner parts tile the raster: a box belongs to one, but for chance on their seams. */
static void run_reference(const phase *p, elc_box_list *out) {
    int64_t x0 = p->x ? p->x - 16 : 0, y0 = p->y ? p->y - 16 : 0;
    elc_model *model = NULL;
    elc_image *image = NULL;
    elc_inference *inference = NULL;
    uint8_t *pixels = malloc((size_t)BIG * BIG * 3);
    assert_int_equal(elc_model_open(model_path, NULL, &model, NULL), ELC_OK);
    assert_int_equal(elc_image_open(raster, &image, NULL), ELC_OK);
    assert_int_equal(elc_inference_create(model, 1, BIG, BIG, &inference, NULL),
                     ELC_OK);
    for (int64_t y = y0; y == y0 || y + 2 * MARGIN < HEIGHT; y += BIG - 2 * MARGIN)
        for (int64_t x = x0; x == x0 || x + 2 * MARGIN < WIDTH; x += BIG - 2 * MARGIN)
            run_window(inference, image, elc_model_info_at(model),
                       (elc_window){x, y, BIG, BIG}, pixels, p, out);
    elc_inference_free(inference);
    elc_image_free(image);
    elc_model_free(model);
    free(pixels);
}

static int prepare(void **state) {
    (void)state;
    const char *model = planted_data("models/vehicle/vehicle.onnx");
    if (!model)
        return 0;
    snprintf(model_path, sizeof model_path, "%s", model);
    snprintf(model_option, sizeof model_option, "model=%s", model);
    const char *folder = planted_data("imagery/kit_ais");
    if (!folder)
        return 0;
    lay_frames(folder);
    const phase all = {0};
    run_reference(&all, &reference);
    return 0;
}

static elc_box_list detect(const char *overlap, const char *step) {
    const char *paths[] = {raster, NULL};
    const char *options[] = {model_option, overlap, step, NULL};
    detecting d = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_box_list found = boxes_of_rows(text.data, NULL);
    elc_string_free(&text);
    return found;
}

static void test_raster_has_enough_reference_boxes(void **state) {
    (void)state;
    if (!*raster)
        skip();
    assert_true(reference.count >= 5000);
}

static void
test_raster_loses_and_adds_next_to_nothing_with_default_steps(void **state) {
    (void)state;
    if (!*raster)
        skip();
    elc_box_list found = detect("overlap=0.2", "exact_step=no");
    boxes_match m = boxes_compare(&reference, &found);
    printf("%zu reference boxes: %zu lost, %zu extra\n", reference.count, m.lost,
           m.extra);
    assert_true((double)(m.lost + m.extra) <= 2.0 / 7000 * (double)reference.count);
    free(found.items);
}

/* Chips of 640 px at steps of 520: starts of 0 and 8 modulo 16. */
static elc_box_list reference_at_phases(void) {
    elc_grid grid;
    elc_box_list boxes = {0};
    assert_int_equal(
        elc_grid_create(WIDTH, HEIGHT, 640, 640, 120, 120, 16, true, &grid, NULL),
        ELC_OK);
    for (int64_t y = 0; y < 16; y += 8)
        for (int64_t x = 0; x < 16; x += 8) {
            phase p = {&grid, x, y};
            run_reference(&p, &boxes);
        }
    return boxes;
}

static void test_raster_counts_hold_with_steps_that_shift_the_network(void **state) {
    (void)state;
    if (!*raster)
        skip();
    elc_box_list own = reference_at_phases();
    elc_box_list found = detect("overlap=120", "exact_step=yes");
    boxes_match m = boxes_compare(&own, &found);
    double off = (double)found.count / (double)own.count - 1;
    printf("%zu of %zu: %+.3f %%, %zu lost, %zu extra\n", found.count, own.count,
           100 * off, m.lost, m.extra);
    assert_true(off <= 0.001 && off >= -0.001);
    free(found.items);
    free(own.items);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raster_has_enough_reference_boxes),
        cmocka_unit_test(test_raster_loses_and_adds_next_to_nothing_with_default_steps),
        cmocka_unit_test(test_raster_counts_hold_with_steps_that_shift_the_network),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
