/* test_damaged.c - images cut short or with flipped bytes end in rows or a message. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cataloguing.h"
#include "chipping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/planted.h"

#define SIDE  64
#define FLIPS 12

typedef struct kind {
    const char *name, *driver, *option;
} kind;

static const kind KINDS[] = {
    {"strips.tif", "GTiff", NULL},
    {"deflate.tif", "GTiff", "COMPRESS=DEFLATE"},
    {"lzw.tif", "GTiff", "COMPRESS=LZW"},
    {"jpeg.tif", "GTiff", "COMPRESS=JPEG"},
    {"tiles.tif", "GTiff", "TILED=YES"},
    {"cog.tif", "COG", NULL},
    {"a.png", "PNG", NULL},
    {"a.jpg", "JPEG", NULL},
    {"a.gif", "GIF", NULL},
    {"a.bmp", "BMP", NULL},
    {"a.jp2", "JP2OpenJPEG", NULL},
};

/* ---- damage ---------------------------------------------------------------------- */

/* False when GDAL here has no such driver. */
static bool make_image(const kind *k, elc_string *bytes) {
    GDALDriverH driver = GDALGetDriverByName(k->driver);
    if (!driver)
        return false;
    uint8_t pixels[SIDE * SIDE];
    const char *options[] = {k->option, NULL};
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = (uint8_t)(i * 7 + i / SIDE);
    GDALDatasetH from =
        GDALCreate(GDALGetDriverByName("MEM"), "", SIDE, SIDE, 1, GDT_Byte, NULL);
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(from, 1), GF_Write, 0, 0, SIDE,
                                  SIDE, pixels, SIDE, SIDE, GDT_Byte, 0, 0),
                     CE_None);
    GDALDatasetH to =
        GDALCreateCopy(driver, k->name, from, 0, (char **)(void *)options, NULL, NULL);
    assert_non_null(to);
    GDALClose(to), GDALClose(from);
    FILE *file = fopen(k->name, "rb");
    char block[4096];
    assert_non_null(file);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        assert_int_equal(elc_string_append(bytes, block, n, NULL), ELC_OK);
    fclose(file);
    return true;
}

static void write_bytes(const char *path, const char *bytes, size_t n) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

/* ---- a run in a process of its own ----------------------------------------------- */

static void limit(void) {
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    setrlimit(RLIMIT_AS, &(struct rlimit){(rlim_t)2 << 30, (rlim_t)2 << 30});
#endif
    setrlimit(RLIMIT_CPU, &(struct rlimit){20, 20});
}

/* Rows, or a message that puts the blame on the image. */
static bool is_told(elc_status status, const elc_string *rows, const elc_error *err) {
    if (status == ELC_OK)
        return rows->size > 0;
    return err->message[0] != '\0' && status != ELC_E_ARGUMENT &&
           status != ELC_E_INTERNAL && status != ELC_E_MEMORY;
}

static bool catalog_tells(const char *path) {
    const char *const paths[] = {path, NULL};
    elc_string rows = {0};
    elc_error err = {0};
    elc_status status = cataloguing_rows(
        &(cataloguing_wish){.paths = paths, .columns = "image error", .threads = 1},
        &rows, &err);
    bool told = is_told(status, &rows, &err);
    elc_string_free(&rows);
    return told;
}

static elc_status rows_of(const char *path, uint64_t part_units, elc_string *rows,
                          elc_error *err) {
    const char *const paths[] = {path, NULL};
    const char *const options[] = {"chip=32", "pixels=column", "on_error=record", NULL};
    chipping c = {.paths = paths, .options = options, .part_units = part_units};
    size_t n = 0;
    return chipping_rows(&c, rows, &n, err);
}

static bool same_rows(const elc_string *a, const elc_string *b) {
    return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

static bool chips_tell(const char *path) {
    elc_string rows = {0}, parts = {0};
    elc_error err = {0};
    elc_status status = rows_of(path, 0, &rows, &err);
    bool told = is_told(status, &rows, &err);
    if (told && status == ELC_OK)
        told = rows_of(path, 1, &parts, &err) == ELC_OK && same_rows(&rows, &parts);
    if (!told)
        print_message("%s\n%s\nin parts: %s\n", err.message,
                      rows.data ? rows.data : "no rows", parts.data);
    elc_string_free(&rows);
    elc_string_free(&parts);
    return told;
}

static void assert_told(const char *path, const char *damage) {
    int state = 0;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        limit();
        _exit(!catalog_tells(path) ? 1 : !chips_tell(path) ? 2 : 0);
    }
    assert_int_equal(waitpid(child, &state, 0), child);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        fail_msg("%s, %s: wait status %#x", path, damage, (unsigned)state);
}

/* ---- tests ----------------------------------------------------------------------- */

static void sweep_cuts(const kind *k, const elc_string *bytes) {
    const size_t sizes[] = {16, bytes->size / 10, bytes->size / 2, bytes->size * 9 / 10,
                            bytes->size - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char damage[40];
        snprintf(damage, sizeof damage, "cut to %zu bytes", sizes[i]);
        write_bytes(k->name, bytes->data, sizes[i]);
        assert_told(k->name, damage);
    }
}

static void sweep_flips(const kind *k, elc_string *bytes) {
    uint32_t seed = 2463534242U;
    for (int i = 0; i < FLIPS; i++) {
        seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
        bytes->data[seed % bytes->size] ^= (char)(1U << (seed >> 29));
    }
    write_bytes(k->name, bytes->data, bytes->size);
    assert_told(k->name, "flipped bits");
}

static void test_damaged_images_end_in_rows_or_a_message(void **state) {
    (void)state;
    cataloguing_enter("damaged");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        elc_string bytes = {0};
        if (!make_image(&KINDS[i], &bytes)) {
            print_message("no driver %s: %s left out\n", KINDS[i].driver,
                          KINDS[i].name);
            continue;
        }
        assert_told(KINDS[i].name, "whole");
        sweep_cuts(&KINDS[i], &bytes);
        sweep_flips(&KINDS[i], &bytes);
        elc_string_free(&bytes);
    }
}

static void test_a_vrt_of_itself_ends_in_rows_or_a_message(void **state) {
    (void)state;
    cataloguing_enter("itself");
    cataloguing_put("self.vrt",
                    "<VRTDataset rasterXSize='64' rasterYSize='64'><VRTRasterBand "
                    "dataType='Byte' band='1'><SimpleSource><SourceFilename "
                    "relativeToVRT='1'>self.vrt</SourceFilename></SimpleSource>"
                    "</VRTRasterBand></VRTDataset>");
    assert_told("self.vrt", "its own source");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_images_end_in_rows_or_a_message),
        cmocka_unit_test(test_a_vrt_of_itself_ends_in_rows_or_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
