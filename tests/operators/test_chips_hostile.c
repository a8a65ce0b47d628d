/* test_chips_hostile.c - chips of broken images: rows with a reason, the same in parts.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chipping.h"

#include "support/planted.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Rows of the chips of an image in parts of about so many, by so many threads. */
static char *rows_of(const char *path, int threads, uint64_t part_units) {
    static const char *const OPTIONS[] = {"chip=200", "overlap=40", "nodata_share=1",
                                          "on_error=record", NULL};
    const char *paths[] = {path, NULL};
    elc_context context = {.threads = threads};
    chipping c = {paths, OPTIONS, &context, part_units};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    if (chipping_rows(&c, &text, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data ? text.data : calloc(1, 1);
}

/* Makes NAME with a driver of GDAL's and keeps a share of its bytes. */
static const char *cut_image(const char *driver, const char *name, double share) {
    raster_make(
        &(raster){.name = "whole.tif", .width = 700, .height = 500, .bands = 1});
    planted_run("rm -f %s && gdal_translate -q -of %s whole.tif %s", name, driver,
                name);
    const char *path = planted_path(name);
    elc_string bytes = {0};
    assert_int_equal(elc_file_read(path, 1 << 26, &bytes, NULL), ELC_OK);
    assert_int_equal(truncate(path, (off_t)(share * (double)bytes.size)), 0);
    elc_string_free(&bytes);
    return path;
}

static void same_in_parts(const char *path, const char *reason) {
    char *whole = rows_of(path, 1, 0), *parts = rows_of(path, 3, 3);
    assert_string_equal(parts, whole);
    if (!strstr(whole, reason))
        fail_msg("\"%s\" is not in %s", reason, whole);
    free(whole);
    free(parts);
}

static void test_chips_of_a_jpeg_cut_short_fail_alike_in_parts(void **state) {
    (void)state;
    same_in_parts(cut_image("JPEG", "cut.jpg", 0.9), "Premature end of JPEG");
}

static void test_chips_of_a_text_grid_cut_short_end(void **state) {
    (void)state;
    same_in_parts(cut_image("AAIGrid", "cut.asc", 0.1), "File short, can't read line");
}

static void test_chips_of_a_text_grid_are_its_values(void **state) {
    (void)state;
    char *rows = rows_of(cut_image("AAIGrid", "whole.asc", 1), 2, 3);
    assert_null(strstr(rows, "error="));
    assert_int_equal(chip_count(rows), 5 * 3);
    free(rows);
}

static void test_chips_of_a_tiff_cut_short_fail_alike_in_parts(void **state) {
    (void)state;
    static const char *const KINDS[] = {
        "GTiff -co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=64",
        "GTiff -co COMPRESS=DEFLATE", "COG -co BLOCKSIZE=128"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        same_in_parts(cut_image(KINDS[i], "cut.tif", 0.6),
                      "it is cut short: the file ends after");
}

#define JP2                                                                            \
    "JP2OpenJPEG -co BLOCKXSIZE=128 -co BLOCKYSIZE=128 -co QUALITY=100 -co "           \
    "REVERSIBLE=YES"

static void write_chips(const char *path, const char *folder) {
    char out[1100];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder(folder));
    const char *const options[] = {"chip=100", "pixels=tif", "on_error=record", out,
                                   NULL};
    free(chips_of(path, options));
}

/* GDAL's own threads would print a failure, and pass on what was in memory. */
static void test_chips_of_a_jpeg_2000_cut_short_are_whole_or_fail(void **state) {
    (void)state;
    if (!GDALGetDriverByName("JP2OpenJPEG"))
        skip();
    write_chips(cut_image(JP2, "cut.jp2", 1), "of-whole");
    for (int percent = 15; percent < 100; percent += 12) {
        same_in_parts(cut_image(JP2, "cut.jp2", percent / 100.0), "error=");
        write_chips(planted_path("cut.jp2"), "of-cut");
        planted_run("cd of-cut && ! find . -type f ! -exec cmp -s {} ../of-whole/{} "
                    "\\; -print | grep .");
    }
}

/* As many as a TIFF can state. */
static void test_images_of_65535_bands_are_cut_band_by_band(void **state) {
    (void)state;
    const char *sparse[] = {"SPARSE_OK=TRUE", "INTERLEAVE=BAND", NULL};
    const char *path = planted_path("bands.tif");
    GDALAllRegister();
    GDALClose(GDALCreate(GDALGetDriverByName("GTiff"), path, 32, 32, 65535, GDT_Byte,
                         (char **)(uintptr_t)sparse));
    const char *const all[] = {"pixels=column", "nodata_share=1", NULL};
    const char *const some[] = {"pixels=column", "chip=32", "bands=65535,1", NULL};
    const char *const beyond[] = {"pixels=column", "bands=65536", NULL};
    assert_chips_fail(path, all, ELC_E_UNSUPPORTED, "choose bands (--bands 1,2,3)");
    assert_chips_fail(path, beyond, ELC_E_ARGUMENT, "65535 the last that can be");
    char *rows = chips_of(path, some);
    assert_int_equal(chip_count(rows), 1);
    assert_string_equal(chip_value(rows, 0, "n_channels"), "2");
    free(rows);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    assert_true(elc_memory_peak() < (size_t)1 << 30);
#endif
}

static size_t files_in(const char *folder) {
    size_t n = 0;
    DIR *open = opendir(folder);
    for (const struct dirent *e; open && (e = readdir(open)) != NULL;)
        n += e->d_name[0] != '.';
    if (open)
        closedir(open);
    return n;
}

static void test_chips_that_are_killed_leave_whole_files_only(void **state) {
    (void)state;
    const char *path = raster_make(
        &(raster){.name = "large.tif", .width = 1600, .height = 1600, .bands = 1});
    const char *folder = chips_folder("killed");
    int probe = open(folder, O_WRONLY | O_TMPFILE, 0600);
    if (probe < 0)
        skip(); /* there killed runs leave a hidden file a thread */
    close(probe);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char out[1100];
        snprintf(out, sizeof out, "out_dir=%s", folder);
        const char *const options[] = {"chip=16", "pixels=tif", out, NULL};
        free(chips_of(path, options));
        _exit(0);
    }
    for (int i = 0; i < 2000 && files_in(folder) < 50; i++)
        usleep(5000);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(files_in(folder) >= 50);
    planted_run(
        "cd killed && ! ls -A | grep '^[.]' && ! find . -size -400c | grep tif");
}

static void test_messages_hold_no_addresses_of_memory(void **state) {
    (void)state;
    same_in_parts(cut_image("HFA", "cut.img", 0.5), "VSIFReadL(0x,");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chips_of_a_jpeg_cut_short_fail_alike_in_parts),
        cmocka_unit_test(test_chips_of_a_text_grid_cut_short_end),
        cmocka_unit_test(test_chips_of_a_text_grid_are_its_values),
        cmocka_unit_test(test_chips_of_a_tiff_cut_short_fail_alike_in_parts),
        cmocka_unit_test(test_chips_of_a_jpeg_2000_cut_short_are_whole_or_fail),
        cmocka_unit_test(test_images_of_65535_bands_are_cut_band_by_band),
        cmocka_unit_test(test_chips_that_are_killed_leave_whole_files_only),
        cmocka_unit_test(test_messages_hold_no_addresses_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
