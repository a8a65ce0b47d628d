/* test_catalog_columns.c - keys of folders, samples, places, and the same from any
 * part.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cataloguing.h"
#include "support/planted.h"

/* Copies of a.tif by number. */
#define COPIES(numbers)                                                                \
    "seq -f %g.tif " numbers                                                           \
    " | xargs -n 500 sh -c 'tee \"$@\" <a.tif >all' sh && rm all"

/* ---- key=value ------------------------------------------------------------------- */

static void test_keys_of_folders_are_columns(void **state) {
    (void)state;
    cataloguing_enter("keys");
    cataloguing_copy("year=2024/site=K%C3%B6ln/b.tif year=2023/c.tif "
                     "year=__HIVE_DEFAULT_PARTITION__/d.tif year=/e.tif =x/f.tif");
    assert_string_equal(cataloguing("image year site", "."),
                        "a.tif - -\n"
                        "=x/f.tif - -\n"
                        "year=/e.tif - -\n"
                        "year=2023/c.tif 2023 -\n"
                        "year=2024/site=K%C3%B6ln/b.tif 2024 K\303\266ln\n"
                        "year=__HIVE_DEFAULT_PARTITION__/d.tif - -\n");
    assert_string_equal(cataloguing("image year", "year=*"),
                        "year=/e.tif -\nyear=2023/c.tif 2023\n"
                        "year=2024/site=K%C3%B6ln/b.tif 2024\n"
                        "year=__HIVE_DEFAULT_PARTITION__/d.tif -\n");
}

static void test_keys_do_not_hide_columns(void **state) {
    (void)state;
    cataloguing_enter("clash");
    cataloguing_copy("Image=x/_part=y/b.tif image=z/c.tif n=1/N=2/d.tif");
    assert_string_equal(cataloguing("image key_Image key__part n", "."),
                        "a.tif - - -\nImage=x/_part=y/b.tif x y -\n"
                        "image=z/c.tif z - -\nn=1/N=2/d.tif - - 2\n");
}

static void test_too_many_keys_are_refused(void **state) {
    (void)state;
    cataloguing_enter("toomany");
    for (int i = 0; i < 257; i++) {
        char name[32];
        snprintf(name, sizeof name, "k%d=v", i);
        assert_int_equal(mkdir(name, 0755), 0);
    }
    assert_non_null(strstr(cataloguing_failure("."), "more than 256 different"));
}

/* ---- sample ---------------------------------------------------------------------- */

static size_t lines(const char *text) {
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static bool holds_all_of(const char *text, char *part) {
    for (char *line = strtok(part, "\n"); line; line = strtok(NULL, "\n"))
        if (!strstr(text, line))
            return false;
    return true;
}

static void test_sample_is_a_share_that_grows(void **state) {
    (void)state;
    cataloguing_enter("sample");
    assert_int_equal(system(COPIES("1000 1999")), 0);
    char *tenth = strdup(cataloguing("image", ". --sample=0.1"));
    char *other = strdup(cataloguing("image", ". --sample=0.1 --seed=7"));
    const char *third = cataloguing("image", ". --sample=0.3");
    assert_in_range(lines(tenth), 70, 130);
    assert_in_range(lines(third), 250, 350);
    assert_string_not_equal(tenth, other);
    assert_true(holds_all_of(third, tenth));
    assert_int_equal(lines(cataloguing("image", ". --sample=0")), 0);
    free(tenth), free(other);
}

/* The rule is a promise to other machines: the first 52 bits of the SHA-256 of seed and
   name, as a share. */
static void test_sample_is_the_same_everywhere(void **state) {
    (void)state;
    cataloguing_enter("promise");
    cataloguing_copy("b.tif c.tif d/e.tif");
    char hex[65], expected[200] = "";
    const char *const names[] = {"a.tif", "b.tif", "c.tif", "d/e.tif"};
    for (size_t i = 0; i < 4; i++) {
        char text[40];
        snprintf(text, sizeof text, "5 %s", names[i]);
        elc_sha256(text, strlen(text), hex);
        if (hex[0] < '8')
            snprintf(expected + strlen(expected), 40, "%s\n", names[i]);
    }
    assert_string_equal(cataloguing("image", ". --sample=0.5 --seed=5"), expected);
}

/* ---- where images lie ------------------------------------------------------------ */

static void test_a_row_says_what_an_image_is(void **state) {
    (void)state;
    cataloguing_enter("what");
    cataloguing_make(
        &(cataloguing_picture){"p.tif", "EPSG:32633", 5e5, 6e6, 2, 40, 20});
    assert_string_equal(
        cataloguing(
            "driver width_px height_px bands data_type block_width_px crs place "
            "position_error_m ul_lon lr_lat",
            "p.tif"),
        "GTiff 40 20 1 Byte 40 EPSG:32633 affine - 15 54.1477445898\n");
    assert_in_range((int)(1e4 * strtod(cataloguing("gsd_m", "p.tif"), NULL)), 19999,
                    20015);
    char id[17];
    elc_id(id, "image p.tif 40 20");
    assert_memory_equal(cataloguing("id", "p.tif"), id, 16);
}

static void test_an_image_without_place_has_no_footprint(void **state) {
    (void)state;
    cataloguing_enter("nowhere");
    assert_string_equal(cataloguing("image geometry crs gsd_m place ul_lon", "."),
                        "a.tif - - - - -\n");
}

static void test_a_footprint_is_cut_at_the_antimeridian(void **state) {
    (void)state;
    cataloguing_enter("antimeridian");
    cataloguing_make(
        &(cataloguing_picture){"p.tif", "EPSG:32601", 1e5, 1e5, 1e4, 10, 4});
    const char *wkt = cataloguing("geometry", "p.tif");
    assert_memory_equal(wkt, "MULTIPOLYGON", 12);
    assert_non_null(strstr(wkt, "180"));
    assert_non_null(strstr(wkt, "-180"));
}

static void test_the_whole_globe_is_a_footprint(void **state) {
    (void)state;
    cataloguing_enter("globe");
    cataloguing_make(
        &(cataloguing_picture){"p.tif", "EPSG:4326", -180, 90, 1, 360, 180});
    assert_string_equal(cataloguing("ul_lon ul_lat ur_lon lr_lat", "p.tif"),
                        "-180 90 180 -90\n");
    const char *wkt = cataloguing("geometry", "p.tif");
    assert_memory_equal(wkt, "POLYGON", 7);
    assert_non_null(strstr(wkt, "-180 0"));
    assert_non_null(strstr(wkt, ",180 0"));
}

static void test_control_points_are_a_place(void **state) {
    (void)state;
    cataloguing_enter("gcps");
    assert_int_equal(
        system("gdal_translate -q -a_srs EPSG:4326 -gcp 0 0 10 50 -gcp 3 0 "
               "10.3 50 -gcp 0 2 10 49.8 -gcp 3 2 10.3 49.8 a.tif g.tif"),
        0);
    assert_string_equal(cataloguing("place crs ul_lon lr_lat", "g.tif"),
                        "gcps EPSG:4326 10 49.8\n");
}

/* ---- parts
 * --------------------------------------------------------------------------------------
 */

static char *all_rows(int threads, uint64_t part_units) {
    const char *const paths[] = {".", NULL}, *const options[] = {"sample=0.8", NULL};
    elc_string text = {0};
    elc_error err = {0};
    cataloguing_wish wish = {paths, options, NULL, threads, part_units};
    if (cataloguing_rows(&wish, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

static void test_rows_do_not_depend_on_threads_or_parts(void **state) {
    (void)state;
    cataloguing_enter("parts");
    assert_int_equal(system("mkdir -p k=1/l=2 k=2 && cp a.tif k=1 && cd k=1 && " COPIES(
                         "1000 1399") " && cp 12* l=2 && cp 13* ../k=2 && "
                                      ": > ../k=2/1300.png"),
                     0);
    char *expected = all_rows(1, 0);
    assert_in_range(lines(expected), 420, 602);
    static const struct {
        int threads;
        uint64_t part_units;
    } OTHERS[] = {{4, 0}, {2, 1}, {3, 7}, {1, 1000000}};
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
        char *rows = all_rows(OTHERS[i].threads, OTHERS[i].part_units);
        assert_string_equal(rows, expected);
        free(rows);
    }
    free(expected);
}

static void test_thousands_of_files_take_little_memory(void **state) {
    (void)state;
    cataloguing_enter("thousands");
    assert_int_equal(system(COPIES("1000 5998")), 0);
    size_t before = elc_memory_peak();
    assert_int_equal(lines(cataloguing("image", ".")), 5000);
    assert_true(elc_memory_peak() - before < ((size_t)400 << 20));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_of_folders_are_columns),
        cmocka_unit_test(test_keys_do_not_hide_columns),
        cmocka_unit_test(test_too_many_keys_are_refused),
        cmocka_unit_test(test_sample_is_a_share_that_grows),
        cmocka_unit_test(test_sample_is_the_same_everywhere),
        cmocka_unit_test(test_a_row_says_what_an_image_is),
        cmocka_unit_test(test_an_image_without_place_has_no_footprint),
        cmocka_unit_test(test_a_footprint_is_cut_at_the_antimeridian),
        cmocka_unit_test(test_the_whole_globe_is_a_footprint),
        cmocka_unit_test(test_control_points_are_a_place),
        cmocka_unit_test(test_rows_do_not_depend_on_threads_or_parts),
        cmocka_unit_test(test_thousands_of_files_take_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
