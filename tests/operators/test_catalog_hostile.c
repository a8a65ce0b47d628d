/* test_catalog_hostile.c - broken images are rows, in bounded memory, never a crash. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cataloguing.h"
#include "support/planted.h"

#define MIB ((size_t)1 << 20)

static size_t lines(const char *text) {
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* The path, or the test is skipped. */
static const char *data(const char *name) {
    const char *path = planted_data(name);
    if (!path)
        skip();
    return path;
}

static void test_every_malformed_image_has_a_row(void **state) {
    (void)state;
    char words[1100];
    snprintf(words, sizeof words, "%s", data("malformed"));
    const char *rows = cataloguing("image error", words);
    assert_int_equal(lines(rows), 26);
    assert_non_null(strstr(rows, "tiff/hugeblocksize.tif /"));
    assert_non_null(strstr(rows, "image/truncated.jp2 /"));
    assert_true(elc_memory_peak() < 1024 * MIB);
}

static void test_negative_pixel_sizes_are_a_place(void **state) {
    (void)state;
    const char *path = data("malformed/tiff/negative_scaley.tif");
    assert_string_equal(cataloguing("width_px error", path), "1 -\n");
}

/* Copies the first bytes of a file as CUT-NAME. */
static void cut(const char *path, const char *name, long bytes) {
    char to[300], *block = malloc((size_t)bytes + 1);
    snprintf(to, sizeof to, "%ld-%s", bytes, name);
    FILE *in = fopen(path, "rb"), *out = fopen(to, "wb");
    assert_true(in && out && block);
    size_t n = fread(block, 1, (size_t)bytes, in);
    assert_int_equal(fwrite(block, 1, n, out), n);
    fclose(in), fclose(out), free(block);
}

static void test_truncated_images_have_a_row_each(void **state) {
    (void)state;
    static const char *const NAMES[] = {
        "imagery/rasterio/RGB.byte.tif",   "imagery/rio-tiler/cog.tif",
        "imagery/gdal/erdas_foo.jp2",      "imagery/kit_ais/MOS155.png",
        "imagery/minsk/DJI_0005-0041.jpg", "metadata/gdal/IMG_md_ple_R1C1.jp2",
        "imagery/solaris/pan1.tif"};
    static const long SIZES[] = {0, 1, 8, 9, 100, 1000, 5000, 20000, 100000};
    size_t n = 0;
    data("imagery/rasterio/RGB.byte.tif");
    cataloguing_enter("cut");
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        for (size_t s = 0; s < sizeof SIZES / sizeof SIZES[0]; s++, n++)
            cut(data(NAMES[i]), strrchr(NAMES[i], '/') + 1, SIZES[s]);
    unlink("a.tif");
    const char *rows = cataloguing("image width_px error", ".");
    assert_int_equal(lines(rows), n);
    assert_non_null(strstr(rows, "0-pan1.tif - ./0-pan1.tif: the file is empty\n"));
    assert_true(elc_memory_peak() < 1024 * MIB);
}

static void test_noise_beside_images_harms_nothing(void **state) {
    (void)state;
    cataloguing_enter("noise");
    cataloguing_put("a.xml", "<a><b></a>"),
        cataloguing_put("a.IMD", "BEGIN_GROUP = \n");
    cataloguing_put("a.RPB", "\xff\xfe\x01"), cataloguing_put("a_MTL.txt", "GROUP = ");
    cataloguing_put("a_MTL.json", "{\"a\": "), cataloguing_put("a.tif.aux.xml", "<");
    cataloguing_put("DIM_a.XML",
                    "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]><a>&b;"
                    "</a>");
    const char *rows = cataloguing("image width_px error raw", ".");
    assert_memory_equal(rows, "a.tif 3 - ", 10);
    assert_null(strstr(rows, "root:"));
    assert_int_equal(lines(rows), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_malformed_image_has_a_row),
        cmocka_unit_test(test_negative_pixel_sizes_are_a_place),
        cmocka_unit_test(test_truncated_images_have_a_row_each),
        cmocka_unit_test(test_noise_beside_images_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
