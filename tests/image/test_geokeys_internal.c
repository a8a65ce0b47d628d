/* test_geokeys_internal.c - images that state a CRS in the same bytes share it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/geokeys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <ogr_srs_api.h>

#include "image/image.h"
#include "pictures.h"
#include "support/planted.h"

static const double NORTH_UP[6] = {500000, 0.5, 0, 5000000, 0, -0.5};
static const double ELSEWHERE[6] = {12.5, 0.25, 0, 48.5, 0, -0.25};

static const char *const SYSTEMS[] = {
    "EPSG:32633", "EPSG:32634", "EPSG:4326",      "EPSG:4258",
    "EPSG:2193",  "EPSG:3857",  "EPSG:3035",      "EPSG:31467",
    "EPSG:5972",  "ESRI:54009", "EPSG:32633+3855"};
enum { N = sizeof SYSTEMS / sizeof SYSTEMS[0] };

static void make(const char *path, const char *crs, const double *affine,
                 const char *option) {
    picture_make(&(picture){.path = path,
                            .width = affine == NORTH_UP ? 4 : 30,
                            .height = 3,
                            .bands = 1,
                            .options = {option},
                            .affine = affine,
                            .crs = crs});
}

static elc_string keys_of(const char *path) {
    elc_string keys = {0};
    assert_int_equal(elc_geokeys_read(path, &keys, NULL), ELC_OK);
    return keys;
}

/* ---- keys ------------------------------------------------------------------------ */

static void check_pair(const char *a, const char *b) {
    make("/vsimem/a.tif", a, NORTH_UP, NULL);
    make("/vsimem/b.tif", b, ELSEWHERE, NULL);
    elc_string first = keys_of("/vsimem/a.tif"), second = keys_of("/vsimem/b.tif");
    assert_true(first.size > 0 && second.size > 0);
    bool same = first.size == second.size &&
                !memcmp(first.data, second.data, first.size);
    if (same != !strcmp(a, b))
        fail_msg("%s and %s: keys %s", a, b, same ? "the same" : "differ");
    elc_string_free(&first);
    elc_string_free(&second);
}

static void test_keys_are_the_same_where_the_crs_is_and_only_there(void **state) {
    (void)state;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            check_pair(SYSTEMS[i], SYSTEMS[k]);
    VSIUnlink("/vsimem/a.tif");
    VSIUnlink("/vsimem/b.tif");
}

static void test_keys_are_read_from_every_kind_of_tiff(void **state) {
    static const char *const kinds[] = {"ENDIANNESS=LITTLE", "ENDIANNESS=BIG",
                                        "BIGTIFF=YES"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        make("/vsimem/kind.tif", "EPSG:3035", NORTH_UP, kinds[i]);
        elc_string keys = keys_of("/vsimem/kind.tif");
        assert_memory_equal(keys.data, i == 1 ? "MM 34735" : "II 34735", 8);
        assert_non_null(memmem(keys.data, keys.size, "ETRS89", 6));
        elc_string_free(&keys);
    }
    VSIUnlink("/vsimem/kind.tif");
}

static void test_what_is_no_geotiff_has_no_keys(void **state) {
    (void)state;
    make("/vsimem/bare.tif", NULL, NORTH_UP, "PROFILE=BASELINE");
    elc_string keys = keys_of("/vsimem/bare.tif");
    assert_int_equal(keys.size, 0);
    assert_int_equal(elc_geokeys_read("/vsimem/nothing.tif", &keys, NULL), ELC_OK);
    assert_int_equal(keys.size, 0);
    elc_string_free(&keys);
    VSIUnlink("/vsimem/bare.tif");
}

/* ---- sharing --------------------------------------------------------------------- */

static bool shares(elc_opening *opening, const char *path) {
    elc_image *image = NULL;
    assert_int_equal(elc_image_open_with(path, opening, &image, NULL), ELC_OK);
    bool is = image->alone;
    assert_true(image->info.has_place);
    elc_image_free(image);
    return is;
}

static void opening_clear(elc_opening *opening) {
    CPLFree(opening->wkt);
    elc_crs_free(opening->crs);
    elc_string_free(&opening->keys);
}

static void test_the_second_image_of_a_crs_shares_it(void **state) {
    char a[300], b[300], c[300];
    const char *siblings[] = {"a.tif", "b.tif", "c.tif", NULL, NULL};
    elc_opening opening = {.siblings = siblings};
    (void)state;
    snprintf(a, sizeof a, "%s", planted_path("a.tif"));
    snprintf(b, sizeof b, "%s", planted_path("b.tif"));
    snprintf(c, sizeof c, "%s", planted_path("c.tif"));
    make(a, "EPSG:32633", NORTH_UP, NULL), make(b, "EPSG:32633", ELSEWHERE, NULL);
    make(c, "EPSG:32634", NORTH_UP, NULL);
    assert_false(shares(&opening, a));
    assert_true(shares(&opening, b));
    assert_false(shares(&opening, c));
    assert_true(shares(&opening, c));
    siblings[3] = "C.TIF.aux.xml"; /* GDAL may find the CRS in there */
    assert_false(shares(&opening, c));
    opening.siblings = NULL;
    assert_false(shares(&opening, a));
    opening_clear(&opening);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_the_same_where_the_crs_is_and_only_there),
        cmocka_unit_test(test_keys_are_read_from_every_kind_of_tiff),
        cmocka_unit_test(test_what_is_no_geotiff_has_no_keys),
        cmocka_unit_test(test_the_second_image_of_a_crs_shares_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
