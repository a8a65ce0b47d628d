/* test_text.c - growing strings, lists of names, UTF-8, the nearest word. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- strings ----------------------------------------------------------------- */

static void test_append_grows_and_ends_with_nul(void **state) {
    (void)state;
    elc_string s = {0};
    for (int i = 0; i < 100; i++)
        assert_int_equal(elc_string_append(&s, "ab\0", 3, NULL), ELC_OK);
    assert_int_equal(s.size, 300);
    assert_memory_equal(s.data + 297, "ab\0", 4);
    elc_string_free(&s);
    assert_null(s.data);
}

static void test_append_of_nothing_makes_an_empty_text(void **state) {
    (void)state;
    elc_string s = {0};
    assert_int_equal(elc_string_append(&s, NULL, 0, NULL), ELC_OK);
    assert_string_equal(s.data, "");
    elc_string_free(&s);
}

static void test_printf_appends_short_and_long_text(void **state) {
    (void)state;
    elc_string s = {0};
    assert_int_equal(elc_string_printf(&s, NULL, "%d-", 7), ELC_OK);
    assert_int_equal(elc_string_printf(&s, NULL, "%0500d", 1), ELC_OK);
    assert_int_equal(s.size, 502);
    assert_memory_equal(s.data, "7-000", 5);
    assert_int_equal(s.data[501], '1');
    assert_int_equal(strlen(s.data), 502);
    elc_string_free(&s);
}

static void test_append_refuses_a_size_that_overflows(void **state) {
    (void)state;
    elc_string s = {0};
    assert_int_equal(elc_string_append(&s, "abc", 3, NULL), ELC_OK);
    assert_int_equal(elc_string_append(&s, "x", SIZE_MAX - 2, NULL), ELC_E_MEMORY);
    assert_int_equal(elc_string_append(&s, "x", SIZE_MAX - 3, NULL), ELC_E_MEMORY);
    assert_string_equal(s.data, "abc");
    elc_string_free(&s);
}

/* ---- names ------------------------------------------------------------------- */

static void test_split_trims_and_leaves_empty_items_out(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_names_split(&names, " car ,, big truck,\tbus\n, ", ',', NULL),
                     ELC_OK);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.items[0], "car");
    assert_string_equal(names.items[1], "big truck");
    assert_string_equal(names.items[2], "bus");
    elc_names_free(&names);
    assert_int_equal(names.count, 0);
}

static void test_split_of_blanks_is_no_item(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_names_split(&names, "", ',', NULL), ELC_OK);
    assert_int_equal(elc_names_split(&names, "  ", ',', NULL), ELC_OK);
    assert_int_equal(names.count, 0);
    elc_names_free(&names);
}

static void test_find_gives_the_index(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_names_add(&names, "car", NULL), ELC_OK);
    assert_int_equal(elc_names_add(&names, "bus", NULL), ELC_OK);
    assert_int_equal(elc_names_find(&names, "bus"), 1);
    assert_true(elc_names_find(&names, "Bus") == SIZE_MAX);
    elc_names_free(&names);
}

/* ---- UTF-8 ------------------------------------------------------------------- */

/* By definition, from the code point: what a decoder would do, unlike the table of
   ranges that the library uses. */
static bool valid_by_definition(const unsigned char *u, size_t n) {
    static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
    for (size_t i = 0, k; i < n; i += k) {
        k = u[i] < 0x80 ? 1 : u[i] >> 5 == 6 ? 2 : u[i] >> 4 == 14 ? 3 : 4;
        if (u[i] >> 6 == 2 || u[i] >= 0xf8 || i + k > n)
            return false;
        uint32_t code = k == 1 ? u[i] : u[i] & (0xffu >> (k + 1));
        for (size_t j = 1; j < k; j++) {
            if (u[i + j] >> 6 != 2)
                return false;
            code = code << 6 | (u[i + j] & 0x3fu);
        }
        if (code < least[k] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return false;
    }
    return true;
}

static void test_utf8_agrees_with_its_definition(void **state) {
    (void)state;
    static const unsigned char edges[] = {0x00, 0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90,
                                          0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
                                          0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
                                          0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff};
    enum { N = sizeof edges };
    for (size_t i = 0; i < (size_t)N * N * N * N; i++) {
        unsigned char u[4] = {edges[i % N], edges[i / N % N], edges[i / N / N % N],
                              edges[i / N / N / N]};
        for (size_t n = 0; n <= 4; n++)
            assert_int_equal(elc_utf8_valid((char *)u, n), valid_by_definition(u, n));
    }
}

static void test_utf8_finds_a_bad_byte_anywhere(void **state) {
    (void)state;
    char text[40];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        assert_true(elc_utf8_valid(text, sizeof text));
        text[at] = '\0';
        assert_false(elc_utf8_valid(text, sizeof text));
        text[at] = (char)0x80;
        assert_false(elc_utf8_valid(text, sizeof text));
    }
}

/* ---- the nearest word -------------------------------------------------------- */

static void test_nearest_word_forgives_a_third(void **state) {
    (void)state;
    static const char *const words[] = {"score", "overlap", "overwrite", NULL};
    assert_string_equal(elc_nearest_word("scroe", words), "score");
    assert_string_equal(elc_nearest_word("overlay", words), "overlap");
    assert_string_equal(elc_nearest_word("overwrit", words), "overwrite");
    assert_string_equal(elc_nearest_word("score", words), "score");
}

static void test_nearest_word_is_null_when_none_is_near(void **state) {
    (void)state;
    static const char *const words[] = {"score", "iou", NULL};
    assert_null(elc_nearest_word("threads", words));
    assert_null(elc_nearest_word("x", words));
    assert_null(elc_nearest_word("", words));
    assert_null(elc_nearest_word("sc", words));
}

static void test_nearest_word_takes_long_words(void **state) {
    (void)state;
    char word[200];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const words[] = {word, "iou", NULL};
    assert_null(elc_nearest_word(word, words));
    assert_string_equal(elc_nearest_word("iuo", words), "iou");
}

/* ---- strings of JSON --------------------------------------------------------- */

static bool is(const char *text, const char *word) {
    return elc_json_is(text, strlen(text), word);
}

static void test_strings_of_json_are_the_words_that_their_escapes_say(void **state) {
    (void)state;
    assert_true(is("type", "type") && is("\\u0074ype", "type"));
    assert_true(is("typ\\u0065", "type") && is("\\u004A\\u004a", "JJ"));
    assert_true(is("a\\/b\\n", "a/b\n") && is("", ""));
    assert_false(is("typ", "type") || is("types", "type") || is("\\u0074yp", "type"));
    assert_false(is("\\u0174ype", "type") || is("\\u007", "p") || is("\\", "\\"));
    assert_false(is("\\t", "t") || is("\\x", "x") || is("\\u0074ypes", "type"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append_grows_and_ends_with_nul),
        cmocka_unit_test(test_append_of_nothing_makes_an_empty_text),
        cmocka_unit_test(test_printf_appends_short_and_long_text),
        cmocka_unit_test(test_append_refuses_a_size_that_overflows),
        cmocka_unit_test(test_split_trims_and_leaves_empty_items_out),
        cmocka_unit_test(test_split_of_blanks_is_no_item),
        cmocka_unit_test(test_find_gives_the_index),
        cmocka_unit_test(test_utf8_agrees_with_its_definition),
        cmocka_unit_test(test_utf8_finds_a_bad_byte_anywhere),
        cmocka_unit_test(test_strings_of_json_are_the_words_that_their_escapes_say),
        cmocka_unit_test(test_nearest_word_forgives_a_third),
        cmocka_unit_test(test_nearest_word_is_null_when_none_is_near),
        cmocka_unit_test(test_nearest_word_takes_long_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
