/* test_catalog.c - folders, lists, patterns and archives give one row an image. */
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

static void shell(const char *command) {
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

/* ---- what is an image ------------------------------------------------------------ */

static void test_catalog_takes_images_and_no_side_files(void **state) {
    (void)state;
    cataloguing_enter("side");
    cataloguing_copy("b.tif c.tif");
    shell("gdaladdo -q -ro b.tif 2 && gdal_translate -q -of PNG a.tif d.png");
    cataloguing_put("notes.txt", "x"), cataloguing_put("a.tfw", "1\n0\n0\n-1\n0\n0\n");
    cataloguing_put("c.tif.msk", "x"), cataloguing_put("b.xml", "<a/>");
    cataloguing_put(".hidden.tif", "x"), mkdir("empty", 0755);
    assert_string_equal(cataloguing("image driver overviews", "."),
                        "a.tif GTiff 0\nb.tif GTiff 1\nc.tif GTiff 0\nd.png PNG 0\n");
}

static void test_catalog_gives_a_row_to_what_cannot_be_read(void **state) {
    (void)state;
    cataloguing_enter("broken");
    cataloguing_put("b.tif", ""), cataloguing_put("c.png", "no picture");
    assert_string_equal(cataloguing("image driver width_px size_bytes", "."),
                        "a.tif GTiff 3 152\nb.tif - - 0\nc.png - - 10\n");
    assert_string_equal(cataloguing("geometry error", "b.tif"),
                        "- b.tif: the file is empty\n");
    assert_non_null(strstr(cataloguing("error", "c.png"), "c.png: not an image"));
}

static void test_catalog_can_skip_or_fail(void **state) {
    (void)state;
    cataloguing_enter("policy");
    cataloguing_put("b.tif", "");
    assert_string_equal(cataloguing("image", ". --on_error=skip"), "a.tif\n");
    assert_string_equal(cataloguing_failure(". --on_error=fail"),
                        "./b.tif: the file is empty");
}

static void test_catalog_counts_what_a_mosaic_shows_once(void **state) {
    (void)state;
    cataloguing_enter("mosaic");
    const char *make = "gdalbuildvrt -q %s.vrt %s";
    char command[100];
    cataloguing_make(&(cataloguing_picture){"p.tif", "EPSG:32633", 5e5, 6e6, 1, 4, 4});
    snprintf(command, sizeof command, make, "all", "p.tif");
    shell(command);
    shell("mkdir only && mv all.vrt only/ && gdalbuildvrt -q all.vrt p.tif");
    assert_string_equal(cataloguing("image", ". --recursive=no"), "a.tif\np.tif\n");
    assert_string_equal(cataloguing("image driver", "all.vrt"), "all.vrt VRT\n");
    shell("mkdir apart && gdalbuildvrt -q apart/all.vrt p.tif");
    assert_string_equal(cataloguing("image", "apart"), "all.vrt\n");
    assert_string_equal(cataloguing("image", ". --recursive=yes"),
                        "a.tif\np.tif\nonly/all.vrt\n");
}

/* A NetCDF file of two variables, 2 x 3. */
static void put_container(const char *path) {
    static const char bytes[] =
        "CDF\1\0\0\0\0\0\0\0\012\0\0\0\2\0\0\0\1y\0\0\0\0\0\0\2\0\0\0\1x\0\0\0\0\0\0\3"
        "\0\0\0\0\0\0\0\0\0\0\0\013\0\0\0\2\0\0\0\4heat\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0\0"
        "\0\0\0\0\0\0\0\5\0\0\0\030\0\0\0\210\0\0\0\4rain\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0"
        "\0\0\0\0\0\0\0\0\5\0\0\0\030\0\0\0\240\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, 184, file), 184);
    fclose(file);
}

static void test_catalog_gives_each_image_inside_a_container(void **state) {
    (void)state;
    cataloguing_enter("container");
    mkdir("nc", 0755), put_container("nc/two.nc");
    assert_string_equal(
        cataloguing("image path size_bytes width_px data_type", "nc"),
        "NETCDF:\"two.nc\":heat NETCDF:\"nc/two.nc\":heat 184 3 Float32\n"
        "NETCDF:\"two.nc\":rain NETCDF:\"nc/two.nc\":rain 184 3 Float32\n");
    assert_string_equal(cataloguing("image width_px", "NETCDF:nc/two.nc:rain"),
                        "NETCDF:nc/two.nc:rain 3\n");
}

/* ---- where images are ------------------------------------------------------------ */

static void test_catalog_looks_below_unless_told_not_to(void **state) {
    (void)state;
    cataloguing_enter("deep");
    cataloguing_copy("x/b.tif x/y/c.tif x.tif");
    assert_string_equal(cataloguing("image", "."),
                        "a.tif\nx.tif\nx/b.tif\nx/y/c.tif\n");
    assert_string_equal(cataloguing("image", ". --recursive=no"), "a.tif\nx.tif\n");
    assert_string_equal(cataloguing("image path", "x"),
                        "b.tif x/b.tif\ny/c.tif x/y/c.tif\n");
}

static void test_catalog_takes_patterns_and_files(void **state) {
    (void)state;
    cataloguing_enter("patterns");
    cataloguing_copy("d/b.tif d/c.tif e/b.tif e/f/g.tif");
    assert_string_equal(cataloguing("image", "*/b.tif"), "d/b.tif\ne/b.tif\n");
    assert_string_equal(cataloguing("image", "e/*"), "b.tif\nf/g.tif\n");
    assert_string_equal(cataloguing("image", "d/b.tif e/b.tif a.tif"),
                        "d/b.tif\ne/b.tif\na.tif\n");
    assert_string_equal(cataloguing_failure("none.tif"),
                        "none.tif: no such file or folder");
    assert_string_equal(cataloguing_failure("z*.tif"), "z*.tif: nothing matches");
}

static void test_catalog_takes_lists(void **state) {
    (void)state;
    cataloguing_enter("lists");
    cataloguing_copy("d/b.tif d/c.tif");
    cataloguing_put("list.txt", "# what came\n\n a.tif \r\nd\ngone.tif\n");
    assert_string_equal(cataloguing("image error", "@list.txt"),
                        "a.tif -\ngone.tif gone.tif: no such file\nb.tif -\nc.tif -\n");
    cataloguing_put("nested.txt", "@list.txt\n");
    assert_string_equal(cataloguing_failure("@nested.txt"),
                        "nested.txt: \"@list.txt\": a list may not name others");
    cataloguing_put("empty.txt", "\n# none\n");
    assert_string_equal(cataloguing_failure("@empty.txt"),
                        "empty.txt: names no image; one a line");
}

static void test_catalog_counts_each_image_once(void **state) {
    (void)state;
    cataloguing_enter("once");
    cataloguing_copy("d/b.tif");
    shell("ln -s b.tif d/latest.tif && ln -s ../a.tif d/other.tif");
    assert_string_equal(cataloguing("image", "a.tif ./a.tif d d/b.tif d"),
                        "a.tif\nb.tif\nother.tif\n");
    assert_string_equal(cataloguing("image", "."), "a.tif\nd/b.tif\n");
}

static void test_catalog_ends_in_loops_of_links(void **state) {
    (void)state;
    cataloguing_enter("loops");
    cataloguing_copy("d/b.tif");
    shell("ln -s .. d/up && ln -s d again && ln -s self self && ln -s none gone.tif");
    assert_string_equal(cataloguing("image", "."), "a.tif\nagain/b.tif\n");
}

static void test_catalog_tells_images_of_one_name_apart(void **state) {
    (void)state;
    cataloguing_enter("names");
    cataloguing_copy("d/a.tif e/a.tif e/f/b.tif");
    assert_string_equal(cataloguing("image", "d e"), "d/a.tif\ne/a.tif\nf/b.tif\n");
    assert_string_equal(cataloguing("image", "a.tif d"), "a.tif\nd/a.tif\n");
}

static void test_catalog_tells_a_folder_from_one_of_its_name_below(void **state) {
    (void)state;
    cataloguing_enter("below");
    cataloguing_copy("d/e/a.tif e/a.tif");
    assert_string_equal(cataloguing("image", "d"), "e/a.tif\n");
    assert_string_equal(cataloguing("image", "d e"), "d/e/a.tif\ne/a.tif\n");
}

static void test_catalog_takes_any_name(void **state) {
    (void)state;
    cataloguing_enter("odd");
    cataloguing_copy("'x y.tif' 'q?[1]*.tif' 'l\"q.tif'");
    shell("cp a.tif 'gr\xc3\xbc\xc3\x9f"
          "e.tif' && cp a.tif 'caf\xe9.tif' && mkdir 'b\xe9' && "
          "cp a.tif 'b\xe9/i.tif' && cp a.tif \"$(printf 'new\\nline.tif')\"");
    assert_string_equal(cataloguing("image error", "."),
                        "a.tif -\ncaf%E9.tif -\ngr\xc3\xbc\xc3\x9f"
                        "e.tif -\nl\"q.tif -\n"
                        "new\nline.tif -\nq?[1]*.tif -\nx y.tif -\nb%E9/i.tif -\n");
}

static void test_catalog_looks_into_archives(void **state) {
    (void)state;
    cataloguing_enter("archives");
    cataloguing_copy("in/b.tif in/deep/c.tif");
    shell("mkdir z && cd in && python3 -m zipfile -c ../z/p.zip . && tar cf ../z/q.tar "
          "b.tif && "
          "head -c 300 ../z/p.zip > ../z/short.zip");
    assert_string_equal(cataloguing("image path", "z/p.zip"),
                        "b.tif /vsizip/z/p.zip/b.tif\n"
                        "deep/c.tif /vsizip/z/p.zip/deep/c.tif\n");
    assert_string_equal(cataloguing("image width_px", "z"),
                        "p.zip/b.tif 3\np.zip/deep/c.tif 3\nq.tar/b.tif 3\n"
                        "short.zip -\n");
    assert_string_equal(cataloguing("image", "/vsizip/z/p.zip/deep"), "c.tif\n");
    assert_string_equal(cataloguing("image", "z --recursive=no"), "");
}

static void test_catalog_names_what_is_in_archives_as_in_folders(void **state) {
    (void)state;
    cataloguing_enter("beside");
    cataloguing_copy("in/b.tif z/b.tif");
    shell("cd in && python3 -m zipfile -c ../z/p.zip b.tif && cp ../z/p.zip .. && "
          "tar cf ../q.tar b.tif");
    const char *beside = "p.zip/b.tif\nz/b.tif\nz/p.zip/b.tif\nq.tar/b.tif\n";
    assert_string_equal(cataloguing("image", "p.zip z q.tar"), beside);
    assert_string_equal(cataloguing("image", "/vsizip/p.zip z q.tar"), beside);
    assert_string_equal(cataloguing("image path", "/vsizip/p.zip"),
                        "b.tif /vsizip/p.zip/b.tif\n");
    shell("mkdir all && mv p.zip z all/");
    assert_string_equal(cataloguing("image", "all"),
                        "p.zip/b.tif\nz/b.tif\nz/p.zip/b.tif\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog_takes_images_and_no_side_files),
        cmocka_unit_test(test_catalog_gives_a_row_to_what_cannot_be_read),
        cmocka_unit_test(test_catalog_can_skip_or_fail),
        cmocka_unit_test(test_catalog_counts_what_a_mosaic_shows_once),
        cmocka_unit_test(test_catalog_gives_each_image_inside_a_container),
        cmocka_unit_test(test_catalog_looks_below_unless_told_not_to),
        cmocka_unit_test(test_catalog_takes_patterns_and_files),
        cmocka_unit_test(test_catalog_takes_lists),
        cmocka_unit_test(test_catalog_counts_each_image_once),
        cmocka_unit_test(test_catalog_ends_in_loops_of_links),
        cmocka_unit_test(test_catalog_tells_images_of_one_name_apart),
        cmocka_unit_test(test_catalog_tells_a_folder_from_one_of_its_name_below),
        cmocka_unit_test(test_catalog_takes_any_name),
        cmocka_unit_test(test_catalog_looks_into_archives),
        cmocka_unit_test(test_catalog_names_what_is_in_archives_as_in_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
