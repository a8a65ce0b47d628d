/* test_catalog_crs.c - a row is the same whatever images are read before it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cataloguing.h"
#include "support/planted.h"

/* The whole table, a part having about so many files; 0: all of them. */
static elc_string table_of(const char *path, uint64_t part_units) {
    const char *paths[] = {path, NULL};
    cataloguing_wish wish = {.paths = paths, .threads = 2, .part_units = part_units};
    elc_string rows = {0};
    elc_error err = {0};
    if (cataloguing_rows(&wish, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return rows;
}

static void make(const char *path, const char *crs, double x) {
    cataloguing_make(&(cataloguing_picture){path, crs, x, 5e6, 10, 20, 20});
}

/* In a part of its own an image cannot take its CRS from another one. */
static void check_alone_and_together(const char *folder, const char *some_row) {
    elc_string together = table_of(folder, 0), alone = table_of(folder, 1);
    assert_string_equal(together.data, alone.data);
    if (!strstr(together.data, some_row))
        fail_msg("no \"%s\" in %s", some_row, together.data);
    elc_string_free(&together);
    elc_string_free(&alone);
}

static void test_images_of_several_crss_keep_their_own(void **state) {
    (void)state;
    cataloguing_enter("several");
    make("b.tif", "EPSG:32633", 5e5), make("c.tif", "EPSG:32633", 6e5);
    make("d.tif", "EPSG:32634", 5e5), make("e.tif", "EPSG:32633", 5e5);
    cataloguing_make(&(cataloguing_picture){"f.tif", "EPSG:4326", 14, 49, 0.1, 5, 5});
    cataloguing_make(&(cataloguing_picture){"g.tif", "EPSG:4326", 15, 49, 0.1, 5, 5});
    make("h.tif", "EPSG:2193", 16e5), make("i.tif", "EPSG:2193", 17e5);
    make("j.tif", "EPSG:32633+3855", 5e5), make("k.tif", "EPSG:32633+3855", 6e5);
    check_alone_and_together(".", "EPSG:32634");
    assert_string_equal(cataloguing("image crs", "."),
                        "a.tif -\nb.tif EPSG:32633\nc.tif EPSG:32633\n"
                        "d.tif EPSG:32634\ne.tif EPSG:32633\nf.tif EPSG:4326\n"
                        "g.tif EPSG:4326\nh.tif EPSG:2193\ni.tif EPSG:2193\n"
                        "j.tif EPSG:32633\nk.tif EPSG:32633\n");
}

static void put_pam(const char *path, int zone) {
    char text[300];
    snprintf(text, sizeof text,
             "<PAMDataset><SRS>EPSG:%d</SRS><Metadata><MDI key=\"AREA_OR_POINT\">Area"
             "</MDI></Metadata></PAMDataset>",
             zone);
    cataloguing_put(path, text);
}

static void test_a_file_beside_an_image_may_state_another_crs(void **state) {
    (void)state;
    cataloguing_enter("beside");
    make("b.tif", "EPSG:32633", 5e5), make("c.tif", "EPSG:32633", 6e5);
    make("d.tif", "EPSG:32633", 5e5), make("e.tif", "EPSG:32633", 5e5);
    put_pam("c.tif.aux.xml", 32635), put_pam("d.TIF.AUX.XML", 32636);
    check_alone_and_together(".", "EPSG:32635");
    assert_string_equal(cataloguing("image crs", "b.tif c.tif e.tif"),
                        "b.tif EPSG:32633\nc.tif EPSG:32635\ne.tif EPSG:32633\n");
}

/* The keys are those of all others; the affine is that of the world file. */
static void test_a_world_file_places_an_image_that_has_keys_alone(void **state) {
    (void)state;
    cataloguing_enter("world");
    make("b.tif", "EPSG:32633", 5e5), make("d.tif", "EPSG:32633", 6e5);
    planted_run("cd world && gdal_translate -q -a_srs EPSG:32633 a.tif c.tif");
    cataloguing_put("c.tfw", "10\n0\n0\n-10\n500000\n5000000\n");
    check_alone_and_together(".", "c.tfw");
}

/* GDAL's own metadata say "Point", the keys "Area": whichever GDAL takes. */
static void test_how_pixels_are_counted_does_not_follow_from_the_order(void **state) {
    (void)state;
    cataloguing_enter("point");
    planted_run("cd point && for n in b c d; do gdal_translate -q -a_srs EPSG:32633 "
                "-a_ullr 500000 5000000 500300 4999800 -mo AREA_OR_POINX=Point "
                "a.tif $n.tif && sed -i s/AREA_OR_POINX/AREA_OR_POINT/ $n.tif; done");
    planted_run("cd point && gdal_translate -q -a_srs EPSG:32633 "
                "-a_ullr 500000 5000000 500300 4999800 -mo AREA_OR_POINT=Point a.tif e.tif && cp e.tif f.tif");
    check_alone_and_together(".", "AREA_OR_POINT");
}

static void test_control_points_are_no_affine(void **state) {
    (void)state;
    cataloguing_enter("points");
    make("b.tif", "EPSG:32633", 5e5);
    planted_run("cd points && for n in c d; do gdal_translate -q -a_srs EPSG:32633 "
                "-gcp 0 0 500000 5000000 -gcp 3 0 500030 5000000 -gcp 0 2 500000 "
                "4999980 -gcp 3 2 500030 4999981 a.tif $n.tif; done");
    check_alone_and_together(".", "gcps");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_images_of_several_crss_keep_their_own),
        cmocka_unit_test(test_a_file_beside_an_image_may_state_another_crs),
        cmocka_unit_test(test_a_world_file_places_an_image_that_has_keys_alone),
        cmocka_unit_test(test_how_pixels_are_counted_does_not_follow_from_the_order),
        cmocka_unit_test(test_control_points_are_no_affine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
