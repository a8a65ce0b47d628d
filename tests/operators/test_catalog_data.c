/* test_catalog_data.c - every real image has the row that gdalinfo would give. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "cataloguing.h"
#include "support/planted.h"

static json_t *gdalinfo(const char *path) {
    char command[1200];
    json_error_t why;
    snprintf(command, sizeof command, "gdalinfo -json '%s' 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    json_t *info = json_loadf(pipe, 0, &why);
    pclose(pipe);
    if (!info)
        fail_msg("%s: %s", path, why.text);
    return info;
}

/* ---- one image ------------------------------------------------------------------- */

typedef struct row {
    char image[300], path[600], driver[40], type[20], place[20];
    long long width, height, bands, block_width, block_height, overviews;
    char nodata[40], corners[8][40];
} row;

static const char COLUMNS[] =
    "image path driver data_type place width_px height_px bands block_width_px "
    "block_height_px overviews nodata ul_lon ul_lat ur_lon ur_lat lr_lon lr_lat ll_lon "
    "ll_lat error";

static void scan(const char *line, row *out) {
    char error[200];
    int n = sscanf(line,
                   "%299s %599s %39s %19s %19s %lld %lld %lld %lld %lld %lld %39s %39s "
                   "%39s %39s %39s "
                   "%39s %39s %39s %39s %199[^\n]",
                   out->image, out->path, out->driver, out->type, out->place,
                   &out->width, &out->height, &out->bands, &out->block_width,
                   &out->block_height, &out->overviews, out->nodata, out->corners[0],
                   out->corners[1], out->corners[2], out->corners[3], out->corners[4],
                   out->corners[5], out->corners[6], out->corners[7], error);
    if (n != 21 || strcmp(error, "-") != 0)
        fail_msg("no sound row: %s", line);
}

static void check_band(const row *r, const json_t *band) {
    const json_t *block = json_object_get(band, "block");
    const json_t *nodata = json_object_get(band, "noDataValue");
    assert_int_equal(json_integer_value(json_array_get(block, 0)), r->block_width);
    assert_int_equal(json_integer_value(json_array_get(block, 1)), r->block_height);
    assert_int_equal(json_array_size(json_object_get(band, "overviews")), r->overviews);
    assert_string_equal(json_string_value(json_object_get(band, "type")), r->type);
    assert_int_equal(nodata != NULL, strcmp(r->nodata, "-") != 0);
    if (json_is_number(nodata))
        assert_true(fabs(json_number_value(nodata) - strtod(r->nodata, NULL)) <=
                    1e-8 * fabs(json_number_value(nodata)));
}

/* gdalinfo's ring goes UL, LL, LR, UR. */
static void check_corners(const row *r, const json_t *extent) {
    static const size_t RING[4] = {0, 3, 2, 1};
    const json_t *ring = json_array_get(json_object_get(extent, "coordinates"), 0);
    for (size_t i = 0; i < 4; i++) {
        const json_t *point = json_array_get(ring, i);
        for (size_t k = 0; k < 2; k++) {
            double theirs = json_number_value(json_array_get(point, k));
            double ours = strtod(r->corners[2 * RING[i] + k], NULL);
            if (!(fabs(remainder(theirs - ours, 360)) <= 2e-7))
                fail_msg("%s: corner %zu: %.9g, gdalinfo %.9g", r->image, i, ours,
                         theirs);
        }
    }
}

static void check_row(const row *r) {
    json_t *info = gdalinfo(r->path);
    const json_t *size = json_object_get(info, "size");
    const json_t *bands = json_object_get(info, "bands");
    const json_t *extent = json_object_get(info, "wgs84Extent");
    assert_int_equal(json_integer_value(json_array_get(size, 0)), r->width);
    assert_int_equal(json_integer_value(json_array_get(size, 1)), r->height);
    assert_int_equal(json_array_size(bands), r->bands);
    assert_string_equal(json_string_value(json_object_get(info, "driverShortName")),
                        r->driver);
    check_band(r, json_array_get(bands, 0));
    if (strcmp(r->place, "affine") == 0 && extent)
        check_corners(r, extent);
    json_decref(info);
}

/* ---- all images of a folder ------------------------------------------------------ */

static size_t check_all(const char *name) {
    const char *path = planted_data(name);
    if (!path)
        skip();
    char words[1100];
    size_t n = 0;
    snprintf(words, sizeof words, "%s", path);
    char *rows = strdup(cataloguing(COLUMNS, words)), *rest = NULL;
    for (char *line = strtok_r(rows, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest), n++) {
        row r = {0};
        scan(line, &r);
        check_row(&r);
    }
    free(rows);
    return n;
}

static void test_imagery_has_the_rows_of_gdalinfo(void **state) {
    (void)state;
    assert_int_equal(check_all("imagery"), 57);
}

static void test_metadata_has_the_rows_of_gdalinfo(void **state) {
    (void)state;
    assert_int_equal(check_all("metadata"), 7);
}

static void test_a_scene_shares_its_product(void **state) {
    (void)state;
    const char *path = planted_data("metadata/LC08_017036");
    if (!path)
        skip();
    const char *rows = cataloguing("product_id platform acquired cloud place", path);
    const char *line = "LC08_L2SP_017036_20130419_20200913_02_T2 LANDSAT_8 "
                       "1366387311829419 1 affine\n";
    for (int i = 0; i < 4; i++, rows += strlen(line))
        assert_memory_equal(rows, line, strlen(line));
    assert_string_equal(rows, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imagery_has_the_rows_of_gdalinfo),
        cmocka_unit_test(test_metadata_has_the_rows_of_gdalinfo),
        cmocka_unit_test(test_a_scene_shares_its_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
