/* test_places.c - every chip's corners and centre lie where GDAL's own transformer and
   PROJ put them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <gdal_alg.h>

#include "pictures.h"

#define TOLERANCE_PX 0.001

/* GDAL's way from pixels to longitude and latitude, and back. */
static void *transformer_of(GDALDatasetH dataset) {
    char *options[] = {"DST_SRS=OGC:CRS84", "METHOD=GEOTRANSFORM", NULL};
    void *t = GDALCreateGenImgProjTransformer2(dataset, NULL, options);
    assert_non_null(t);
    return t;
}

/* How far our place of a pixel is from it, in pixels, when GDAL leads it back. */
static void agrees(void *transformer, elc_locator *locator, elc_point pixel) {
    elc_point place = pixel;
    int ok = 0;
    double z = 0, x = pixel.x, y = pixel.y;
    assert_int_equal(elc_locator_lonlat(locator, &place, 1), 0);
    assert_true(GDALGenImgProjTransform(transformer, FALSE, 1, &x, &y, &z, &ok) && ok);
    assert_true(elc_distance_m(place, (elc_point){x, y}) < 1e-3);
    x = place.x, y = place.y;
    assert_true(GDALGenImgProjTransform(transformer, TRUE, 1, &x, &y, &z, &ok) && ok);
    double off = hypot(x - pixel.x, y - pixel.y);
    if (!(off < TOLERANCE_PX))
        fail_msg("pixel %g, %g is off by %g px", pixel.x, pixel.y, off);
}

static void chip_agrees(void *transformer, elc_locator *locator, elc_window w) {
    double x = (double)w.x, y = (double)w.y;
    double width = (double)w.width, height = (double)w.height;
    agrees(transformer, locator, (elc_point){x, y});
    agrees(transformer, locator, (elc_point){x + width, y});
    agrees(transformer, locator, (elc_point){x, y + height});
    agrees(transformer, locator, (elc_point){x + width, y + height});
    agrees(transformer, locator, (elc_point){x + width / 2, y + height / 2});
}

static void image_agrees(const char *path) {
    elc_image *image = picture_open(path);
    const elc_image_info *info = elc_image_info_at(image);
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    void *transformer = transformer_of(dataset);
    elc_locator *locator = NULL;
    elc_grid grid;
    assert_true(info->has_place);
    assert_int_equal(elc_locator_create(&info->affine, info->crs, &locator, NULL),
                     ELC_OK);
    assert_int_equal(elc_grid_create(info->width, info->height, 640, 640, 128, 128, 32,
                                     false, &grid, NULL),
                     ELC_OK);
    for (int64_t i = 0; i < elc_grid_count(&grid); i++)
        chip_agrees(transformer, locator, elc_grid_window(&grid, i));
    elc_locator_free(locator);
    GDALDestroyGenImgProjTransformer(transformer);
    GDALClose(dataset);
    elc_image_free(image);
}

static void made_image_agrees(const char *crs, double x, double y, double size,
                              double angle_deg, double shear) {
    double c = size * cos(angle_deg * M_PI / 180),
           s = size * sin(angle_deg * M_PI / 180);
    const double affine[6] = {x, c, s + shear * c, y, s, -c + shear * s};
    picture p = {.path = "/vsimem/place.tif",
                 .width = 2000,
                 .height = 1500,
                 .bands = 1,
                 .affine = affine,
                 .crs = crs};
    picture_make(&p);
    image_agrees(p.path);
    picture_delete(p.path);
}

static void test_places_of_a_north_up_image(void **state) {
    (void)state;
    made_image_agrees("EPSG:32633", 500000, 5000000, 0.3, 0, 0);
}

static void test_places_of_rotated_and_sheared_images(void **state) {
    (void)state;
    made_image_agrees("EPSG:32633", 500000, 5000000, 0.3, 30, 0);
    made_image_agrees("EPSG:32633", 500000, 5000000, 0.3, -155, 0.2);
}

static void test_places_of_southern_utm_images(void **state) {
    (void)state;
    made_image_agrees("EPSG:32756", 334000, 6250000, 0.5, 0, 0);
    made_image_agrees("+proj=utm +zone=56 +south +datum=WGS84", 334000, 6250000, 0.5, 3,
                      0);
}

static void test_places_of_geographic_images(void **state) {
    (void)state;
    made_image_agrees("EPSG:4326", -122.5, 37.8, 3e-6, 0, 0);
    made_image_agrees("OGC:CRS84", 27.5, -53.9, 3e-6, 12, 0);
    made_image_agrees("EPSG:4258", 9.5, 47.1, 1e-5, 0, 0);
}

static void test_places_of_lambert_images(void **state) {
    (void)state;
    made_image_agrees("EPSG:2154", 652000, 6862000, 0.2, 0, 0);
    made_image_agrees("EPSG:3034", 3000000, 4000000, 2, 7, 0);
    made_image_agrees("EPSG:27572", 600000, 2428000, 0.5, 0, 0);
}

static void test_places_of_images_whose_crs_has_northing_first(void **state) {
    (void)state;
    made_image_agrees("EPSG:2193", 1750000, 5420000, 0.3, 0, 0);
    made_image_agrees("EPSG:2180", 640000, 486000, 0.3, 5, 0);
    made_image_agrees("EPSG:31467", 3500000, 5400000, 0.3, 0, 0);
}

static void test_places_of_polar_and_web_images(void **state) {
    (void)state;
    made_image_agrees("EPSG:3031", -200000, 300000, 100, 0, 0);
    made_image_agrees("EPSG:32661", 2100000, 2500000, 10, 0, 0);
    made_image_agrees("EPSG:3857", 1500000, 6000000, 0.6, 0, 0);
}

static void test_places_of_a_crs_with_heights_are_its_horizontal_ones(void **state) {
    (void)state;
    made_image_agrees("EPSG:32633+5773", 500000, 5000000, 0.3, 0, 0);
}

static void test_places_of_every_chip_of_real_images(void **state) {
    (void)state;
    image_agrees(data_path("imagery/rasterio/cogeo.tif"));
    image_agrees(data_path("imagery/rasterio/RGB.byte.tif"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_of_a_north_up_image),
        cmocka_unit_test(test_places_of_rotated_and_sheared_images),
        cmocka_unit_test(test_places_of_southern_utm_images),
        cmocka_unit_test(test_places_of_geographic_images),
        cmocka_unit_test(test_places_of_lambert_images),
        cmocka_unit_test(test_places_of_images_whose_crs_has_northing_first),
        cmocka_unit_test(test_places_of_polar_and_web_images),
        cmocka_unit_test(test_places_of_a_crs_with_heights_are_its_horizontal_ones),
        cmocka_unit_test(test_places_of_every_chip_of_real_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
