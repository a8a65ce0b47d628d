/* test_malformed.c - broken images from GDAL's own collection: read, or refused
 * clearly. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pictures.h"

enum { CHIP = 640, CHIPS_MAX = 40, MEMORY_MAX = 1200 };

static void is_clear(const elc_error *err, const char *path) {
    if (!strstr(err->message, path) || strlen(err->message) < strlen(path) + 8)
        fail_msg("%s: \"%s\" says too little", path, err->message);
    print_message("%s\n", err->message);
}

/* Some chips from all over the image; the count of those that failed. */
static int read_chips(elc_image *image, const char *path) {
    const elc_image_info *info = elc_image_info_at(image);
    uint8_t *out = malloc(CHIP * CHIP);
    elc_error err = {0};
    elc_grid grid;
    const int band = 1;
    int failed = 0;
    bool valid = false;
    assert_int_equal(elc_grid_create(info->width, info->height, CHIP, CHIP, 0, 0, 32,
                                     false, &grid, NULL),
                     ELC_OK);
    int64_t count = elc_grid_count(&grid), step = count / CHIPS_MAX + 1;
    for (int64_t i = 0; i < count; i += step)
        if (elc_image_read(image, elc_grid_window(&grid, i), &band, 1, 0, out, &valid,
                           &err) != ELC_OK)
            failed++;
    if (failed)
        is_clear(&err, path);
    free(out);
    return failed;
}

static void reads_or_refuses(const elc_found *found) {
    elc_image *image = NULL;
    elc_error err = {0};
    if (elc_image_open(found->path, &image, &err) != ELC_OK) {
        is_clear(&err, found->path);
        return;
    }
    if (read_chips(image, found->path) == 0)
        print_message("%s: reads\n", found->path);
    elc_image_free(image);
}

static void folder_reads_or_refuses(const char *below, size_t least) {
    const char *folder = data_path(below);
    elc_found_list list = {0};
    size_t before = elc_memory_resident();
    elc_image_set_cache(64 << 20);
    assert_int_equal(elc_images_find(&folder, 1, &list, NULL), ELC_OK);
    assert_true(list.count >= least);
    for (size_t i = 0; i < list.count; i++)
        reads_or_refuses(&list.items[i]);
    elc_found_list_free(&list);
    size_t grown = (elc_memory_peak() - before) >> 20;
    print_message("memory grew by at most %zu MiB\n", grown);
    assert_true(grown < MEMORY_MAX);
}

static void test_malformed_tiffs_are_read_or_refused(void **state) {
    (void)state;
    folder_reads_or_refuses("malformed/tiff", 20);
}

static void test_malformed_images_are_read_or_refused(void **state) {
    (void)state;
    folder_reads_or_refuses("malformed/image", 5);
}

static void refuses_to_read(const char *below) {
    const char *path = data_path(below);
    elc_image *image = picture_open(path);
    assert_true(read_chips(image, path) > 0);
    elc_image_free(image);
}

static void test_damaged_pixels_are_never_passed_on(void **state) {
    (void)state;
    refuses_to_read("malformed/image/byte_corrupted2.jpg");
    refuses_to_read("malformed/image/small_world_truncated.jp2");
    refuses_to_read("malformed/tiff/byte_truncated.tif");
    refuses_to_read("malformed/tiff/corrupt.tif");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_tiffs_are_read_or_refused),
        cmocka_unit_test(test_malformed_images_are_read_or_refused),
        cmocka_unit_test(test_damaged_pixels_are_never_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
