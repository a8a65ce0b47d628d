/* test_mosaic.c - images drawn on the web map, beside gdalwarp. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/planted.h"

enum { SIDE = 256 };

/* A smooth picture: ramps along columns and rows. */
static void make_picture(const char *name, const char *type, const char *more) {
    planted_run(
        "python3 - <<'E'\n"
        "with open('%s.xyz','w') as f:\n"
        " for y in range(300):\n"
        "  for x in range(400):\n"
        "   f.write('%%d %%d %%d\\n'%%(500005+10*x,5399995-10*y,(x+y)*250//700))\n"
        "E\n"
        "gdal_translate -q -ot %s -a_srs EPSG:32633 %s %s.xyz %s.tif",
        name, type, more, name, name);
}

static elc_mosaic *open_mosaic(const char *path) {
    elc_mosaic *m = NULL;
    elc_error err = {0};
    if (elc_mosaic_create(&path, 1, NULL, &m, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return m;
}

/* A square of the web map in the middle of the picture, 2,000 m wide. */
static void middle(const elc_mosaic *m, double box[4]) {
    double b[4];
    assert_true(elc_mosaic_bounds(m, b));
    elc_point p = {(b[0] + b[2]) / 2, (b[1] + b[3]) / 2};
    assert_int_equal(elc_web_from_lonlat(&p, 1), 0);
    box[0] = p.x - 1000;
    box[1] = p.y - 1000;
    box[2] = p.x + 1000;
    box[3] = p.y + 1000;
}

static void test_pixels_lie_where_gdalwarp_puts_them(void **state) {
    (void)state;
    double box[4], worst = 0;
    uint8_t *ours = calloc(SIDE * SIDE, 4), theirs[SIDE];
    int bands[] = {1};
    elc_image *image = NULL;
    make_picture("smooth", "Byte", "");
    elc_mosaic *m = open_mosaic(planted_path("smooth.tif"));
    middle(m, box);
    assert_int_equal(elc_mosaic_draw(m, box, SIDE, SIDE, NULL, ours, NULL), ELC_OK);
    planted_run("gdalwarp -q -t_srs EPSG:3857 -te %.9f %.9f %.9f %.9f -ts 256 256 -r "
                "bilinear smooth.tif warped.tif",
                box[0], box[1], box[2], box[3]);
    assert_int_equal(elc_image_open(planted_path("warped.tif"), &image, NULL), ELC_OK);
    for (int y = 0; y < SIDE; y++) {
        elc_window row = {0, y, SIDE, 1};
        assert_int_equal(elc_image_read(image, row, bands, 1, 0, theirs, NULL, NULL),
                         ELC_OK);
        for (int x = 0; x < SIDE; x++) {
            assert_int_equal(ours[(y * SIDE + x) * 4 + 3], 255);
            worst = fmax(worst, abs(ours[(y * SIDE + x) * 4] - theirs[x]));
        }
    }
    assert_true(worst <= 1);
    elc_image_free(image);
    elc_mosaic_free(m);
    free(ours);
}

static void test_what_is_outside_or_nodata_stays_clear(void **state) {
    (void)state;
    double box[4], far[4] = {0, 0, 1000, 1000};
    uint8_t *rgba = calloc(SIDE * SIDE, 4);
    make_picture("holes", "Byte", "-a_nodata 125");
    elc_mosaic *m = open_mosaic(planted_path("holes.tif"));
    middle(m, box);
    assert_int_equal(elc_mosaic_draw(m, far, SIDE, SIDE, NULL, rgba, NULL), ELC_OK);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        assert_int_equal(rgba[4 * i + 3], 0);
    assert_int_equal(elc_mosaic_draw(m, box, SIDE, SIDE, NULL, rgba, NULL), ELC_OK);
    size_t clear = 0;
    for (size_t i = 0; i < SIDE * SIDE; i++)
        clear += rgba[4 * i + 3] == 0;
    assert_true(clear > 100 && clear < SIDE * SIDE / 4);
    elc_mosaic_free(m);
    free(rgba);
}

/* 16-bit values of 0 to 250 are stretched over all bytes. */
static void test_other_values_are_stretched_once(void **state) {
    (void)state;
    double box[4];
    uint8_t *rgba = calloc(SIDE * SIDE, 4), low = 255, high = 0;
    make_picture("wide", "UInt16", "");
    elc_mosaic *m = open_mosaic(planted_path("wide.tif"));
    middle(m, box);
    box[0] -= 1500;
    box[2] += 1500;
    assert_int_equal(elc_mosaic_draw(m, box, SIDE, SIDE, NULL, rgba, NULL), ELC_OK);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        low = rgba[4 * i + 3] && rgba[4 * i] < low ? rgba[4 * i] : low;
        high = rgba[4 * i + 3] && rgba[4 * i] > high ? rgba[4 * i] : high;
    }
    assert_true(low < 40 && high > 215);
    elc_mosaic_free(m);
    free(rgba);
}

typedef struct drawing {
    elc_mosaic *mosaic;
    double box[4];
    uint8_t *rgba;
} drawing;

static void *draw(void *arg) {
    drawing *d = arg;
    for (int i = 0; i < 20; i++)
        if (elc_mosaic_draw(d->mosaic, d->box, SIDE, SIDE, NULL, d->rgba, NULL) !=
            ELC_OK)
            return d;
    return NULL;
}

static void test_threads_draw_the_same(void **state) {
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    drawing drawings[THREADS];
    void *failed;
    make_picture("shared", "Byte", "");
    elc_mosaic *m = open_mosaic(planted_path("shared.tif"));
    for (int i = 0; i < THREADS; i++) {
        drawings[i] = (drawing){.mosaic = m, .rgba = calloc(SIDE * SIDE, 4)};
        middle(m, drawings[i].box);
        pthread_create(&threads[i], NULL, draw, &drawings[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
        assert_memory_equal(drawings[i].rgba, drawings[0].rgba, SIDE * SIDE * 4);
    }
    for (int i = 0; i < THREADS; i++)
        free(drawings[i].rgba);
    elc_mosaic_free(m);
}

static void test_pixels_become_files(void **state) {
    (void)state;
    static const uint8_t pixels[2 * 2 * 4] = {255, 0, 0, 255, 0, 255, 0, 128};
    elc_string png = {0}, jpeg = {0};
    assert_int_equal(elc_pixels_encode(pixels, 2, 2, 4, ELC_FILE_PNG, &png, NULL),
                     ELC_OK);
    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(elc_pixels_encode(pixels, 2, 2, 3, ELC_FILE_JPEG, &jpeg, NULL),
                     ELC_OK);
    assert_memory_equal(jpeg.data, "\xff\xd8\xff", 3);
    assert_int_equal(elc_pixels_encode(pixels, 2, 2, 4, ELC_FILE_JPEG, &jpeg, NULL),
                     ELC_E_UNSUPPORTED);
    elc_string_free(&png);
    elc_string_free(&jpeg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_lie_where_gdalwarp_puts_them),
        cmocka_unit_test(test_what_is_outside_or_nodata_stays_clear),
        cmocka_unit_test(test_other_values_are_stretched_once),
        cmocka_unit_test(test_threads_draw_the_same),
        cmocka_unit_test(test_pixels_become_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
