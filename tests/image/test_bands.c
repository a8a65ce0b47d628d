/* test_bands.c - which bands a network gets by default, and what choices are refused.
 */
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

#define PATH "/vsimem/bands.tif"

static elc_status choose(int bands, const char *colours, const char *chosen, int wanted,
                         int *out, elc_error *err) {
    static const char *const LETTERS = "gprGBA"; /* grey, palette, red, ... */
    static const GDALColorInterp INTERP[] = {GCI_GrayIndex, GCI_PaletteIndex,
                                             GCI_RedBand,   GCI_GreenBand,
                                             GCI_BlueBand,  GCI_AlphaBand};
    picture_make(&(picture){.path = PATH, .width = 2, .height = 2, .bands = bands});
    GDALDatasetH dataset = GDALOpen(PATH, GA_Update);
    for (int b = 0; b < bands; b++)
        GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset, b + 1),
                                         INTERP[strchr(LETTERS, colours[b]) - LETTERS]);
    GDALClose(dataset);
    elc_image *image = picture_open(PATH);
    elc_names names = {0};
    assert_int_equal(elc_names_split(&names, chosen, ',', NULL), ELC_OK);
    elc_status status =
        elc_image_choose_bands(image, "bands.tif", &names, wanted, out, err);
    elc_names_free(&names);
    elc_image_free(image);
    picture_delete(PATH);
    picture_delete(PATH ".aux.xml");
    return status;
}

static void gives(const char *colours, const char *chosen, int wanted,
                  const int *bands) {
    int out[8] = {0};
    elc_error err = {0};
    if (choose((int)strlen(colours), colours, chosen, wanted, out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_memory_equal(out, bands, (size_t)wanted * sizeof *bands);
}

static void refuses(const char *colours, const char *chosen, int wanted,
                    elc_status status, const char *says) {
    int out[8];
    elc_error err = {0};
    assert_int_equal(choose((int)strlen(colours), colours, chosen, wanted, out, &err),
                     status);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void test_bands_three_are_red_green_blue_by_colour(void **state) {
    (void)state;
    gives("rGB", "", 3, (const int[]){1, 2, 3});
    gives("BGrA", "", 3, (const int[]){3, 2, 1});
    gives("gBGr", "", 3, (const int[]){4, 3, 2});
}

static void test_bands_without_colours_are_the_first(void **state) {
    (void)state;
    gives("ggggg", "", 3, (const int[]){1, 2, 3});
    gives("Agggg", "", 3, (const int[]){2, 3, 4});
    gives("ggggg", "", 4, (const int[]){1, 2, 3, 4});
}

static void test_bands_grey_is_repeated_for_three(void **state) {
    (void)state;
    gives("g", "", 3, (const int[]){1, 1, 1});
    gives("gA", "", 3, (const int[]){1, 1, 1});
    gives("gA", "", 1, (const int[]){1});
}

static void test_bands_chosen_are_taken_as_given(void **state) {
    (void)state;
    gives("rGBg", "4,1,1", 3, (const int[]){4, 1, 1});
    gives("rGBA", "4", 1, (const int[]){4});
}

static void test_bands_that_do_not_fit_are_refused(void **state) {
    (void)state;
    refuses("rGB", "", 1, ELC_E_ARGUMENT,
            "bands.tif: the model takes 1 band, the image has 3: choose one");
    refuses("gg", "", 3, ELC_E_ARGUMENT, "the model takes 3 bands, the image has 2");
    refuses("rGB", "", 4, ELC_E_ARGUMENT, "the model takes 4 bands, the image has 3");
    refuses("rGB", "1,2", 3, ELC_E_ARGUMENT, "2 bands chosen, the model takes 3");
    refuses("rGB", "1,2,4", 3, ELC_E_NOT_FOUND, "band 4 asked for, the image has 3");
    refuses("rGB", "1,2,0", 3, ELC_E_NOT_FOUND, "band 0 asked for");
    refuses("rGB", "1,2,red", 3, ELC_E_ARGUMENT, "red");
    refuses("rGB", "", 0, ELC_E_ARGUMENT, "0 bands wanted");
}

static void test_bands_of_a_colour_table_are_refused(void **state) {
    (void)state;
    refuses(
        "p", "", 3, ELC_E_UNSUPPORTED,
        "band 1 holds numbers of a colour table. Convert it: gdal_translate -expand");
    refuses("p", "1", 1, ELC_E_UNSUPPORTED, "colour table");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_three_are_red_green_blue_by_colour),
        cmocka_unit_test(test_bands_without_colours_are_the_first),
        cmocka_unit_test(test_bands_grey_is_repeated_for_three),
        cmocka_unit_test(test_bands_chosen_are_taken_as_given),
        cmocka_unit_test(test_bands_that_do_not_fit_are_refused),
        cmocka_unit_test(test_bands_of_a_colour_table_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
