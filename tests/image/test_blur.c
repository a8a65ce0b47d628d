/* test_blur.c - blurred chips against a sum over two dimensions, and against each
 * other.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { WIDTH = 150, HEIGHT = 110, N = 3, PAD = 114 };

/* An image of which only `shown` is there. */
typedef struct picture {
    uint8_t pixels[HEIGHT][WIDTH][N];
    elc_window shown;
} picture;

static const elc_window whole = {0, 0, WIDTH, HEIGHT};

static void draw(picture *p, elc_window shown) {
    uint32_t state = 7;
    p->shown = shown;
    for (size_t i = 0; i < sizeof p->pixels; i++) {
        state = state * 1664525 + 1013904223;
        (&p->pixels[0][0][0])[i] = (uint8_t)(state >> 24);
    }
}

static bool is_shown(const picture *p, int64_t x, int64_t y) {
    elc_window w = p->shown;
    return x >= w.x && x < w.x + w.width && y >= w.y && y < w.y + w.height;
}

static uint8_t pixel_at(const picture *p, int64_t x, int64_t y, int c) {
    return is_shown(p, x, y) ? p->pixels[y][x][c] : PAD;
}

/* A chip as a window with its margins gives it; the buffer is as large as it must be.
 */
static uint8_t *blurred(const picture *p, double sigma, elc_window chip) {
    int64_t reach = 0;
    elc_blur *blur = NULL;
    assert_int_equal(elc_blur_reach(sigma, &reach, NULL), ELC_OK);
    assert_int_equal(elc_blur_create(sigma, chip.width, chip.height, N, &blur, NULL),
                     ELC_OK);
    int64_t x0 = chip.x - reach, y0 = chip.y - reach;
    int64_t width = chip.width + 2 * reach, height = chip.height + 2 * reach;
    uint8_t *pixels = malloc((size_t)(width * height * N));
    uint8_t *out = malloc((size_t)(chip.width * chip.height * N));
    for (int64_t i = 0; i < width * height * N; i++)
        pixels[i] = pixel_at(p, x0 + i / N % width, y0 + i / N / width, (int)(i % N));
    elc_window inside =
        elc_window_common(p->shown, (elc_window){x0, y0, width, height});
    inside.x -= x0;
    inside.y -= y0;
    elc_blur_chip(blur, pixels, inside, out);
    elc_blur_free(blur);
    free(pixels);
    return out;
}

/* ---- against the definition -------------------------------------------------------
 */

/* The mean of what is shown, weighed by the distance in both directions at once. */
static double weighed(const picture *p, double sigma, int64_t x, int64_t y, int c) {
    int64_t reach = (int64_t)ceil(3 * sigma);
    double sum = 0, weight = 0;
    for (int64_t j = -reach; j <= reach; j++)
        for (int64_t i = -reach; i <= reach; i++) {
            double w = exp(-(double)(i * i + j * j) / (2 * sigma * sigma));
            if (!is_shown(p, x + i, y + j))
                continue;
            sum += w * p->pixels[y + j][x + i][c];
            weight += w;
        }
    return sum / weight;
}

static void is_weighed(const picture *p, double sigma, elc_window chip) {
    uint8_t *out = blurred(p, sigma, chip);
    for (int64_t i = 0; i < chip.width * chip.height * N; i++) {
        int64_t x = chip.x + i / N % chip.width, y = chip.y + i / N / chip.width;
        double wanted = is_shown(p, x, y) ? weighed(p, sigma, x, y, (int)(i % N)) : PAD;
        if (!(fabs(out[i] - wanted) <= 0.5 + 1e-3))
            fail_msg("%d, not %g at %d, %d", out[i], wanted, (int)x, (int)y);
    }
    free(out);
}

static void test_a_blur_is_the_mean_weighed_by_a_gaussian(void **state) {
    (void)state;
    picture p;
    draw(&p, whole);
    is_weighed(&p, 0.1, (elc_window){40, 30, 20, 20});
    is_weighed(&p, 1, (elc_window){40, 30, 33, 21});
    is_weighed(&p, 2.7, (elc_window){40, 30, 21, 33});
}

static void test_a_blur_leaves_out_what_is_outside_of_the_image(void **state) {
    (void)state;
    picture p;
    draw(&p, whole);
    is_weighed(&p, 2, (elc_window){-7, -5, 30, 30});
    is_weighed(&p, 2, (elc_window){WIDTH - 20, HEIGHT - 10, 30, 30});
    is_weighed(&p, 2, (elc_window){WIDTH + 3, 0, 30, 30});
    draw(&p, (elc_window){50, 40, 1, 9});
    is_weighed(&p, 5, (elc_window){45, 35, 20, 20});
    is_weighed(&p, 100, (elc_window){45, 35, 20, 20});
}

/* ---- against itself ---------------------------------------------------------------
 */

static void equals_whole(const picture *p, double sigma, int64_t width,
                         int64_t height) {
    uint8_t *all = blurred(p, sigma, whole);
    for (int64_t y = 0; y + height <= HEIGHT; y += height / 2)
        for (int64_t x = 0; x + width <= WIDTH; x += width / 2) {
            uint8_t *chip = blurred(p, sigma, (elc_window){x, y, width, height});
            for (int64_t row = 0; row < height; row++)
                assert_memory_equal(chip + row * width * N,
                                    all + ((y + row) * WIDTH + x) * N,
                                    (size_t)width * N);
            free(chip);
        }
    free(all);
}

static void test_a_blurred_chip_is_a_window_of_the_blurred_image(void **state) {
    (void)state;
    static const double sigmas[] = {0.1, 0.4, 1, 1.9, 4, 17};
    picture p;
    for (size_t i = 0; i < sizeof sigmas / sizeof *sigmas; i++) {
        draw(&p, whole);
        equals_whole(&p, sigmas[i], 32, 32);
        draw(&p, (elc_window){13, 5, 88, 71});
        equals_whole(&p, sigmas[i], 25, 40);
    }
}

static void test_a_blur_leaves_an_even_image_as_it_is(void **state) {
    (void)state;
    picture p = {.shown = whole};
    for (int value = 0; value < 256; value += 51) {
        memset(p.pixels, value, sizeof p.pixels);
        uint8_t *out = blurred(&p, 3, whole);
        assert_memory_equal(out, p.pixels, sizeof p.pixels);
        free(out);
    }
}

/* ---- what is refused --------------------------------------------------------------
 */

static void test_a_blur_refuses_sigmas_that_make_no_sense(void **state) {
    (void)state;
    static const double sigmas[] = {0, -1, NAN, INFINITY, -INFINITY, 100.001, 1e300};
    for (size_t i = 0; i < sizeof sigmas / sizeof *sigmas; i++) {
        int64_t reach = 7;
        elc_blur *blur = NULL;
        elc_error err = {0};
        assert_int_equal(elc_blur_reach(sigmas[i], &reach, &err), ELC_E_ARGUMENT);
        assert_non_null(strstr(err.message, "over 0 and up to 100"));
        assert_int_equal(elc_blur_create(sigmas[i], 8, 8, 3, &blur, NULL),
                         ELC_E_ARGUMENT);
        assert_true(reach == 7 && !blur);
    }
}

static void test_a_blur_refuses_chips_without_pixels_or_bands(void **state) {
    (void)state;
    elc_blur *blur = NULL;
    assert_int_equal(elc_blur_create(1, 0, 8, 3, &blur, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_blur_create(1, 8, INT64_MAX, 3, &blur, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_blur_create(1, 8, 8, 0, &blur, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_blur_create(1, 8, 8, 17, &blur, NULL), ELC_E_ARGUMENT);
    assert_null(blur);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_blur_is_the_mean_weighed_by_a_gaussian),
        cmocka_unit_test(test_a_blur_leaves_out_what_is_outside_of_the_image),
        cmocka_unit_test(test_a_blurred_chip_is_a_window_of_the_blurred_image),
        cmocka_unit_test(test_a_blur_leaves_an_even_image_as_it_is),
        cmocka_unit_test(test_a_blur_refuses_sigmas_that_make_no_sense),
        cmocka_unit_test(test_a_blur_refuses_chips_without_pixels_or_bands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
