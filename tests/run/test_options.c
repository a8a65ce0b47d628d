/* test_options.c - options from text: types, ranges, names, JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char *const modes[] = {"fail", "skip", "record", "across_classes", NULL};
static const char *const crs_words[] = {"image", NULL};

static const elc_option described[] = {
    {"fast", ELC_OPTION_BOOL, NULL, "no", 0, 0, NULL, "be quick"},
    {"chip", ELC_OPTION_INT, "px", "640", 32, 4096, NULL, "side of a chip"},
    {"score", ELC_OPTION_REAL, NULL, "0.25", 0, 1, NULL, "least score"},
    {"title", ELC_OPTION_TEXT, NULL, NULL, 0, 0, NULL, "a text"},
    {"on_error", ELC_OPTION_CHOICE, NULL, "fail", 0, 0, modes, "what to do"},
    {"keep", ELC_OPTION_LIST, NULL, NULL, 0, 0, NULL, "classes"},
    {"modes", ELC_OPTION_LIST, NULL, NULL, 0, 0, modes, "words of a set"},
    {"model", ELC_OPTION_PATH, NULL, NULL, 0, 0, NULL, "a file"},
    {"area", ELC_OPTION_LAYER, NULL, NULL, 0, 0, NULL, "a layer"},
    {"crs", ELC_OPTION_CRS, NULL, "image", 0, 0, crs_words, "of the result"},
    {"overlap", ELC_OPTION_SHARE_OR_PX, NULL, "0.2", 0, 0.9, NULL, "of chips"},
    {"border", ELC_OPTION_SHARE_OR_PX, NULL, NULL, 0, 100, NULL, "of chips"},
    {"distance", ELC_OPTION_LENGTH, NULL, NULL, 0, 1e6, NULL, "how far"},
    {NULL, ELC_OPTION_BOOL, NULL, NULL, 0, 0, NULL, NULL},
};

static int set_up(void **state) {
    return (int)elc_options_create(described, (elc_options **)state, NULL);
}

static int tear_down(void **state) {
    elc_options_free(*state);
    return 0;
}

static void set(elc_options *options, const char *name, const char *text) {
    elc_error err = {0};
    if (elc_options_set(options, name, text, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void refused(elc_options *options, const char *name, const char *text,
                    const char *message) {
    elc_error err = {0};
    assert_int_equal(elc_options_set(options, name, text, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message, message);
    assert_int_equal(err.status, ELC_E_ARGUMENT);
}

static void test_options_start_with_their_fallbacks(void **state) {
    elc_options *options = *state;
    assert_false(elc_options_bool(options, "fast"));
    assert_int_equal(elc_options_int(options, "chip"), 640);
    assert_float_equal(elc_options_real(options, "score"), 0.25, 0);
    assert_string_equal(elc_options_text(options, "on_error"), "fail");
    assert_true(elc_options_has(options, "chip"));
    assert_false(elc_options_given(options, "chip"));
}

static void test_options_without_value_are_empty(void **state) {
    elc_options *options = *state;
    assert_false(elc_options_has(options, "title"));
    assert_null(elc_options_text(options, "title"));
    assert_null(elc_options_text(options, "model"));
    assert_int_equal(elc_options_list(options, "keep")->count, 0);
    assert_int_equal(elc_options_pixels(options, "border", 640), 0);
    assert_float_equal(elc_options_length(options, "distance").value, 0, 0);
}

static void test_options_names_ignore_case_and_marks(void **state) {
    elc_options *options = *state;
    const char *const spellings[] = {"on_error", "on-error", "onError", "ONERROR"};
    for (size_t i = 0; i < 4; i++) {
        set(options, spellings[i], i % 2 == 0 ? "skip" : "record");
        assert_string_equal(elc_options_text(options, spellings[3 - i]),
                            i % 2 == 0 ? "skip" : "record");
    }
    assert_true(elc_options_given(options, "on-error"));
    assert_string_equal(elc_options_find(options, "OnError")->name, "on_error");
    assert_null(elc_options_find(options, "on_err"));
    assert_null(elc_options_find(options, ""));
}

static void test_options_unknown_name_is_refused_with_the_nearest(void **state) {
    refused(*state, "--something", "1",
            "option: \"--something\" is not known; there are fast, chip, score, title, "
            "on_error, keep, modes, model, area, crs, overlap, border, distance");
    refused(*state, "Overlp", "1",
            "option: \"Overlp\" is not known; did you mean overlap?");
    refused(*state, "on-eror", "1",
            "option: \"on-eror\" is not known; did you mean on_error?");
}

static void test_options_bool_takes_four_pairs_of_words(void **state) {
    elc_options *options = *state;
    const char *const words[] = {"yes", "no", "TRUE", "false", "On", "OFF", "1", "0"};
    for (size_t i = 0; i < 8; i++) {
        set(options, "fast", words[i]);
        assert_int_equal(elc_options_bool(options, "fast"), i % 2 == 0);
    }
    refused(options, "fast", "maybe",
            "option fast: \"maybe\" is neither yes nor no; give one of them");
    refused(options, "fast", "-1",
            "option fast: \"-1\" is neither yes nor no; give one of them");
}

static void test_options_int_keeps_its_range(void **state) {
    elc_options *options = *state;
    set(options, "chip", "32");
    set(options, "chip", "4096");
    refused(options, "chip", "31",
            "option chip: 31 px is too small; give 32 px or more");
    refused(options, "chip", "4097",
            "option chip: 4097 px is too large; give 4096 px or less");
    refused(options, "chip", "640.5",
            "option chip: \"640.5\" is not a whole number; write it like 640");
    assert_int_equal(elc_options_int(options, "chip"), 4096);
}

static void test_options_real_keeps_its_range(void **state) {
    elc_options *options = *state;
    set(options, "score", "1e-3");
    assert_float_equal(elc_options_real(options, "score"), 1e-3, 0);
    refused(options, "score", "1.01",
            "option score: 1.01 is too large; give 1 or less");
    refused(options, "score", "nan",
            "option score: \"nan\" is not a number; write it like 0.25 or 1e-3");
}

static void test_options_choice_keeps_the_described_spelling(void **state) {
    elc_options *options = *state;
    set(options, "on_error", "Across-Classes");
    assert_string_equal(elc_options_text(options, "on_error"), "across_classes");
    refused(options, "on_error", "recrod",
            "option on_error: \"recrod\" is not known; did you mean record?");
    refused(options, "on_error", "",
            "option on_error: \"\" is not known; there are fail, skip, record, "
            "across_classes");
}

static void test_options_list_keeps_words_as_given(void **state) {
    elc_options *options = *state;
    set(options, "keep", " 0.5,0.25,,0.5 ");
    const elc_names *list = elc_options_list(options, "keep");
    assert_int_equal(list->count, 3);
    assert_string_equal(list->items[0], "0.5");
    assert_string_equal(list->items[1], "0.25");
    assert_string_equal(list->items[2], "0.5");
    refused(options, "keep", " , ",
            "option keep: no words; write them with commas between, like a,b");
}

static void test_options_list_of_choices_is_checked(void **state) {
    elc_options *options = *state;
    set(options, "modes", "Skip,FAIL,skip");
    assert_int_equal(elc_options_list(options, "modes")->count, 2);
    assert_string_equal(elc_options_list(options, "modes")->items[0], "skip");
    refused(options, "modes", "skip,flail",
            "option modes: \"flail\" is not known; did you mean fail?");
    assert_int_equal(elc_options_list(options, "modes")->count, 2);
}

static void test_options_paths_and_layers_are_kept_as_given(void **state) {
    elc_options *options = *state;
    set(options, "model", "/vsicurl/http://x/My Model.onnx");
    assert_string_equal(elc_options_text(options, "model"),
                        "/vsicurl/http://x/My Model.onnx");
    set(options, "area", "city.gpkg:districts");
    assert_string_equal(elc_options_text(options, "area"), "city.gpkg:districts");
    refused(options, "model", "",
            "option model: is empty; give a path, or leave it out");
    refused(options, "area", "  ",
            "option area: is empty; give file or file:layer, or leave it out");
    refused(options, "model", "caf\xe9",
            "option model: the text is not UTF-8; write it in UTF-8");
}

static void test_options_crs_takes_text_and_its_own_words(void **state) {
    elc_options *options = *state;
    set(options, "crs", "EPSG:32632");
    assert_string_equal(elc_options_text(options, "crs"), "EPSG:32632");
    set(options, "crs", "IMAGE");
    assert_string_equal(elc_options_text(options, "crs"), "image");
    refused(options, "crs", "",
            "option crs: is empty; give a CRS like EPSG:32632, or leave it out");
}

static void test_options_share_or_px_tells_them_apart(void **state) {
    elc_options *options = *state;
    assert_int_equal(elc_options_pixels(options, "overlap", 640), 128);
    set(options, "overlap", "0.33");
    assert_int_equal(elc_options_pixels(options, "overlap", 100), 33);
    assert_int_equal(elc_options_pixels(options, "overlap", 101), 33);
    assert_int_equal(elc_options_pixels(options, "overlap", 500), 165);
    set(options, "overlap", "64");
    assert_int_equal(elc_options_pixels(options, "overlap", 640), 64);
    set(options, "overlap", "0");
    assert_int_equal(elc_options_pixels(options, "overlap", 640), 0);
    set(options, "overlap", "1");
    assert_int_equal(elc_options_pixels(options, "overlap", 640), 1);
}

static void test_options_share_or_px_refuses_what_is_neither(void **state) {
    refused(
        *state, "overlap", "1.5",
        "option overlap: 1.5 is neither a share nor whole pixels; give a share under "
        "1 like 0.2 or pixels like 128");
    refused(*state, "overlap", "1.0",
            "option overlap: 1.0 is neither a share nor whole pixels; give a share "
            "under 1 like 0.2 or pixels like 128");
    refused(*state, "overlap", "-0.1",
            "option overlap: -0.1 is below zero; give a share like 0.2 or pixels like "
            "128");
    refused(*state, "overlap", "3e9",
            "option overlap: 3000000000 px is too large; give 2147483647 px or less");
}

static void test_options_share_or_px_range_is_of_shares_or_of_pixels(void **state) {
    elc_options *options = *state;
    refused(options, "overlap", "0.95",
            "option overlap: 0.95 is too large; give 0.9 or less");
    set(options, "overlap", "200");
    refused(options, "border", "101",
            "option border: 101 px is too large; give 100 px or less");
    set(options, "border", "0.99");
}

static void length_is(elc_options *options, const char *text, double value,
                      bool metres) {
    set(options, "distance", text);
    elc_length length = elc_options_length(options, "distance");
    assert_float_equal(length.value, value, 1e-9);
    assert_int_equal(length.metres, metres);
}

static void test_options_length_knows_four_units(void **state) {
    length_is(*state, "15m", 15, true);
    length_is(*state, "0.5km", 500, true);
    length_is(*state, "40 ft", 12.192, true);
    length_is(*state, "2MI", 3218.688, true);
    length_is(*state, "1e3m", 1000, true);
    length_is(*state, "15", 15, false);
}

static void test_options_length_refuses_other_units(void **state) {
    const char *const wrong[] = {"15 yards", "m", "", "15m 2", "fifteen"};
    for (size_t i = 0; i < 5; i++) {
        char message[200];
        snprintf(message, sizeof message,
                 "option distance: \"%s\" is not a length; write it like 15m, 0.5km, "
                 "40ft or 2mi, or a bare number for units of the CRS",
                 wrong[i]);
        refused(*state, "distance", wrong[i], message);
    }
    refused(*state, "distance", "2000km",
            "option distance: 2000000 m is too large; give 1000000 m or less");
    refused(*state, "distance", "-5m",
            "option distance: -5 m is too small; give 0 m or more");
}

static void test_options_missing_value_is_refused(void **state) {
    refused(*state, "chip", NULL, "option chip: has no value; give one");
}

static void test_options_words_do_not_depend_on_the_locale(void **state) {
    elc_options *options = *state;
    const char *set_to = setlocale(LC_ALL, "tr_TR.UTF-8");
    set(options, "distance", "1MI");
    set(options, "ON_ERROR", "SKIP");
    set(options, "score", "0.5");
    assert_float_equal(elc_options_real(options, "score"), 0.5, 0);
    if (set_to != NULL)
        setlocale(LC_ALL, "C");
}

static void test_options_json_holds_the_given_ones_only(void **state) {
    elc_options *options = *state;
    elc_string json = {0};
    set(options, "keep", "car,truck");
    set(options, "chip", "512");
    set(options, "title", "a \"b\"\n\xc3\xa9");
    assert_int_equal(elc_options_to_json(options, &json, NULL), ELC_OK);
    assert_string_equal(json.data,
                        "{\"chip\":\"512\",\"title\":\"a \\\"b\\\"\\n\xc3\xa9\","
                        "\"keep\":\"car,truck\"}");
    elc_string_free(&json);
}

static void test_options_json_comes_back_the_same(void **state) {
    elc_options *options = *state, *other;
    elc_string json = {0}, again = {0};
    set(options, "overlap", "0.3");
    set(options, "distance", "3ft");
    assert_int_equal(elc_options_create(described, &other, NULL), ELC_OK);
    assert_int_equal(elc_options_to_json(options, &json, NULL), ELC_OK);
    assert_int_equal(elc_options_from_json(other, json.data, json.size, NULL), ELC_OK);
    assert_int_equal(elc_options_to_json(other, &again, NULL), ELC_OK);
    assert_string_equal(json.data, again.data);
    assert_true(elc_options_given(other, "overlap"));
    assert_false(elc_options_given(other, "chip"));
    assert_float_equal(elc_options_length(other, "distance").value, 0.9144, 1e-12);
    elc_string_free(&json);
    elc_string_free(&again);
    elc_options_free(other);
}

static void json_refused(elc_options *options, const char *json, elc_status status,
                         const char *message) {
    elc_error err = {0};
    assert_int_equal(elc_options_from_json(options, json, strlen(json), &err), status);
    assert_non_null(strstr(err.message, message));
}

static void test_options_json_that_is_wrong_is_refused(void **state) {
    json_refused(*state, "", ELC_E_FORMAT, "options: not JSON");
    json_refused(*state, "{\"chip\":", ELC_E_FORMAT, "options: not JSON");
    json_refused(*state, "[1]", ELC_E_FORMAT, "is not an object");
    json_refused(*state, "{\"chip\":640}", ELC_E_FORMAT, "option chip: its JSON value");
    json_refused(*state, "{\"chip\":\"1\",\"chip\":\"2\"}", ELC_E_FORMAT, "duplicate");
    json_refused(*state, "{\"chop\":\"1\"}", ELC_E_ARGUMENT, "did you mean chip?");
    json_refused(*state, "{\"title\":\"a\\u0000b\"}", ELC_E_FORMAT,
                 "options: not JSON");
}

static void test_options_without_any_described_say_so(void **state) {
    (void)state;
    const elc_option none[] = {{0}};
    elc_options *options;
    assert_int_equal(elc_options_create(none, &options, NULL), ELC_OK);
    refused(options, "chip", "1", "option: \"chip\" is not known; there are none");
    elc_options_free(options);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_options_start_with_their_fallbacks),
        CASE(test_options_without_value_are_empty),
        CASE(test_options_names_ignore_case_and_marks),
        CASE(test_options_unknown_name_is_refused_with_the_nearest),
        CASE(test_options_bool_takes_four_pairs_of_words),
        CASE(test_options_int_keeps_its_range),
        CASE(test_options_real_keeps_its_range),
        CASE(test_options_choice_keeps_the_described_spelling),
        CASE(test_options_list_keeps_words_as_given),
        CASE(test_options_list_of_choices_is_checked),
        CASE(test_options_paths_and_layers_are_kept_as_given),
        CASE(test_options_crs_takes_text_and_its_own_words),
        CASE(test_options_share_or_px_tells_them_apart),
        CASE(test_options_share_or_px_refuses_what_is_neither),
        CASE(test_options_share_or_px_range_is_of_shares_or_of_pixels),
        CASE(test_options_length_knows_four_units),
        CASE(test_options_length_refuses_other_units),
        CASE(test_options_missing_value_is_refused),
        CASE(test_options_words_do_not_depend_on_the_locale),
        CASE(test_options_json_holds_the_given_ones_only),
        CASE(test_options_json_comes_back_the_same),
        CASE(test_options_json_that_is_wrong_is_refused),
        cmocka_unit_test(test_options_without_any_described_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
