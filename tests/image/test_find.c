/* test_find.c - files, patterns, folders, archives and addresses give their images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <cpl_vsi.h>

#include "pictures.h"

static char root[] = "/tmp/elcano-find-XXXXXX";

static int remove_entry(const char *path, const struct stat *about, int type,
                        struct FTW *at) {
    (void)about, (void)type, (void)at;
    return remove(path);
}

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_image(const char *path) {
    picture_make(&(picture){.path = path, .width = 3, .height = 2, .bands = 1});
}

/* day1/{a,b}.tif, day1/notes.txt, day2/a.tif, day2/deep/c (a TIFF), and what is none.
 */
static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(root) || chdir(root) != 0)
        return -1;
    mkdir("day1", 0755), mkdir("day2", 0755), mkdir("day2/deep", 0755);
    mkdir("empty", 0755), mkdir(".hidden", 0755);
    put_image("day1/b.tif"), put_image("day1/a.tif"), put_image("day2/a.tif");
    put_image("day2/deep/c"), put_image(".hidden/z.tif"), put_image("frame[1].tif");
    put("day1/notes.txt", "notes"), put("day1/a.tif.aux.xml", "<PAMDataset/>");
    put("day1/.a.tif", "x"), put("day2/labels", "car 1 2 3 4"), put("broken.tif", "");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    return chdir("/") || nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* "name=path name=path ...", or the message. */
static const char *found(const char *arguments) {
    static char text[4000];
    elc_names list = {0};
    elc_found_list images = {0};
    elc_error err = {0};
    assert_int_equal(elc_names_split(&list, arguments, ' ', NULL), ELC_OK);
    elc_status status =
        elc_images_find((const char *const *)list.items, list.count, &images, &err);
    text[0] = 0;
    for (size_t i = 0; i < images.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s=%s",
                 i ? " " : "", images.items[i].name, images.items[i].path);
    if (status != ELC_OK)
        snprintf(text, sizeof text, "%s: %s", elc_status_name(status), err.message);
    elc_found_list_free(&images);
    elc_names_free(&list);
    return text;
}

static void test_find_takes_files_as_given(void **state) {
    (void)state;
    assert_string_equal(found("day1/b.tif day1/a.tif"),
                        "b.tif=day1/b.tif a.tif=day1/a.tif");
    assert_string_equal(found("day1/notes.txt broken.tif"),
                        "notes.txt=day1/notes.txt broken.tif=broken.tif");
}

static void test_find_walks_folders_in_order_and_passes_side_files(void **state) {
    (void)state;
    assert_string_equal(found("day1"), "a.tif=day1/a.tif b.tif=day1/b.tif");
    assert_string_equal(found("day2/"), "a.tif=day2/a.tif deep/c=day2/deep/c");
    assert_string_equal(found("."),
                        "broken.tif=./broken.tif day1/a.tif=./day1/a.tif "
                        "day1/b.tif=./day1/b.tif day2/a.tif=./day2/a.tif "
                        "day2/deep/c=./day2/deep/c frame[1].tif=./frame[1].tif");
}

static void test_find_expands_patterns_below_their_fixed_folder(void **state) {
    (void)state;
    assert_string_equal(found("day1/?.tif"), "a.tif=day1/a.tif b.tif=day1/b.tif");
    assert_string_equal(found("day[12]/a.*f"),
                        "day1/a.tif=day1/a.tif day2/a.tif=day2/a.tif");
    assert_string_equal(found("d*/deep/*"), "day2/deep/c=day2/deep/c");
    assert_string_equal(found("*1"), "day1/a.tif=day1/a.tif day1/b.tif=day1/b.tif");
    assert_string_equal(found("day1/.*"), "not_found: day1/.*: nothing matches");
}

static void test_find_prefers_a_file_whose_name_looks_like_a_pattern(void **state) {
    (void)state;
    assert_string_equal(found("frame[1].tif"), "frame[1].tif=frame[1].tif");
}

static void test_find_gives_the_same_file_once(void **state) {
    (void)state;
    assert_int_equal(symlink("day1/a.tif", "link.tif"), 0);
    assert_string_equal(found("day1/a.tif ./day1/../day1/a.tif link.tif day1"),
                        "a.tif=day1/a.tif b.tif=day1/b.tif");
    unlink("link.tif");
}

static void test_find_keeps_different_files_of_one_name_apart(void **state) {
    (void)state;
    assert_string_equal(found("day2/a.tif day1"),
                        "day2/a.tif=day2/a.tif day1/a.tif=day1/a.tif b.tif=day1/b.tif");
}

static void test_find_follows_links_but_no_loop(void **state) {
    (void)state;
    assert_int_equal(symlink("..", "day1/up"), 0);
    assert_int_equal(symlink("self", "day1/self"), 0);
    assert_string_equal(found("day1"), "a.tif=day1/a.tif b.tif=day1/b.tif "
                                       "up/broken.tif=day1/up/broken.tif "
                                       "up/day2/a.tif=day1/up/day2/a.tif "
                                       "up/day2/deep/c=day1/up/day2/deep/c "
                                       "up/frame[1].tif=day1/up/frame[1].tif");
    unlink("day1/up"), unlink("day1/self");
}

static void test_find_says_what_is_not_there(void **state) {
    (void)state;
    assert_string_equal(found("gone.tif"),
                        "not_found: gone.tif: no such file or folder");
    assert_string_equal(found("day1/*.png"), "not_found: day1/*.png: nothing matches");
    assert_string_equal(found("gone/*/a.tif"),
                        "not_found: gone/*/a.tif: nothing matches");
    assert_string_equal(found("empty"), "not_found: empty: no image in it");
    const char *const nothing[] = {""};
    elc_found_list list = {0};
    assert_int_equal(elc_images_find(nothing, 1, &list, NULL), ELC_E_ARGUMENT);
    assert_int_equal(list.count, 0);
}

static void test_find_of_nothing_is_an_empty_list(void **state) {
    (void)state;
    elc_found_list list = {0};
    assert_int_equal(elc_images_find(NULL, 0, &list, NULL), ELC_OK);
    assert_int_equal(list.count, 0);
    elc_found_list_free(&list);
}

static void test_find_survives_hostile_names(void **state) {
    (void)state;
    static const char *const NAMES[] = {"new\nline.tif", "quote'\".tif", "\xff\xfe.tif",
                                        "-rf.tif", "%s%n.tif"};
    mkdir("odd", 0755);
    for (size_t i = 0; i < 5; i++) {
        char path[100];
        snprintf(path, sizeof path, "odd/%s", NAMES[i]);
        put_image(path);
    }
    assert_string_equal(found("odd"),
                        "%FF%FE.tif=odd/\xff\xfe.tif %s%n.tif=odd/%s%n.tif "
                        "-rf.tif=odd/-rf.tif new\nline.tif=odd/new\nline.tif "
                        "quote'\".tif=odd/quote'\".tif");
}

static void test_find_refuses_folders_without_end(void **state) {
    (void)state;
    char path[1000] = "deep";
    mkdir(path, 0755);
    for (int i = 0; i < 70; i++) {
        strcat(path, "/d");
        mkdir(path, 0755);
    }
    assert_non_null(strstr(found("deep"), "argument: deep/d/d"));
    assert_non_null(strstr(found("deep"), "deeper than 64 folders"));
}

static void test_find_copes_with_many_files(void **state) {
    (void)state;
    char path[100];
    mkdir("many", 0755);
    for (int i = 0; i < 5000; i++) {
        snprintf(path, sizeof path, "many/%04d.tif", i);
        put(path, "");
    }
    const char *const many[] = {"many", "many/*.tif"};
    elc_found_list list = {0};
    assert_int_equal(elc_images_find(many, 2, &list, NULL), ELC_OK);
    assert_int_equal(list.count, 5000);
    assert_string_equal(list.items[4999].name, "4999.tif");
    elc_found_list_free(&list);
}

static void test_find_looks_into_archives(void **state) {
    (void)state;
    void *zip = VSIFOpenL("/vsizip/set.zip/a/one.tif", "wb");
    assert_non_null(zip);
    VSIFWriteL("x", 1, 1, zip);
    VSIFCloseL(zip);
    zip = VSIFOpenL("/vsizip/set.zip/two.tif", "wb");
    VSIFWriteL("x", 1, 1, zip);
    VSIFCloseL(zip);
    static const char *const BOTH =
        "a/one.tif=/vsizip/set.zip/a/one.tif two.tif=/vsizip/set.zip/two.tif";
    assert_string_equal(found("set.zip"), BOTH);
    assert_string_equal(found("/vsizip/set.zip"), BOTH);
    assert_string_equal(found("/vsizip/set.zip/a"),
                        "one.tif=/vsizip/set.zip/a/one.tif");
    assert_string_equal(found("/vsizip/set.zip/t*"), "two.tif=/vsizip/set.zip/two.tif");
    assert_string_equal(found("/vsizip/set.zip/two.tif"),
                        "two.tif=/vsizip/set.zip/two.tif");
}

static void test_find_takes_images_inside_an_image(void **state) {
    (void)state;
    assert_string_equal(found("GTIFF_DIR:1:day1/a.tif"),
                        "GTIFF_DIR:1:day1/a.tif=GTIFF_DIR:1:day1/a.tif");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_takes_files_as_given),
        cmocka_unit_test(test_find_walks_folders_in_order_and_passes_side_files),
        cmocka_unit_test(test_find_expands_patterns_below_their_fixed_folder),
        cmocka_unit_test(test_find_prefers_a_file_whose_name_looks_like_a_pattern),
        cmocka_unit_test(test_find_gives_the_same_file_once),
        cmocka_unit_test(test_find_keeps_different_files_of_one_name_apart),
        cmocka_unit_test(test_find_follows_links_but_no_loop),
        cmocka_unit_test(test_find_says_what_is_not_there),
        cmocka_unit_test(test_find_of_nothing_is_an_empty_list),
        cmocka_unit_test(test_find_survives_hostile_names),
        cmocka_unit_test(test_find_refuses_folders_without_end),
        cmocka_unit_test(test_find_copes_with_many_files),
        cmocka_unit_test(test_find_looks_into_archives),
        cmocka_unit_test(test_find_takes_images_inside_an_image),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
