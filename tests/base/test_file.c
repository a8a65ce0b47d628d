/* test_file.c - files read whole, and their hash. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

/* A file of n bytes that repeat 0..250; the caller unlinks it. */
static void write_file(char path[40], size_t n) {
    strcpy(path, "/tmp/elcano-file-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "w");
    for (size_t i = 0; i < n; i++)
        fputc((int)(i % 251), stream);
    fclose(stream);
}

static void test_file_read_gives_all_bytes(void **state) {
    (void)state;
    char path[40];
    elc_string text = {0};
    write_file(path, 200000);
    assert_int_equal(elc_file_read(path, 200000, &text, NULL), ELC_OK);
    unlink(path);
    assert_int_equal(text.size, 200000);
    for (size_t i = 0; i < text.size; i++)
        assert_int_equal((unsigned char)text.data[i], i % 251);
    assert_int_equal(text.data[text.size], 0);
    elc_string_free(&text);
}

static void test_file_read_of_an_empty_file_is_empty(void **state) {
    (void)state;
    elc_string text = {0};
    assert_int_equal(elc_file_read("/dev/null", 0, &text, NULL), ELC_OK);
    assert_string_equal(text.data, "");
    elc_string_free(&text);
}

static void test_file_read_stops_at_the_limit(void **state) {
    (void)state;
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(elc_file_read("/dev/zero", 100000, &text, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "/dev/zero: larger than the 100000 bytes"));
    assert_null(text.data);
}

static void test_file_read_names_what_is_not_there(void **state) {
    (void)state;
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(elc_file_read("/no/such", 9, &text, &err), ELC_E_NOT_FOUND);
    assert_string_equal(err.message,
                        "/no/such: cannot be read: No such file or directory");
    assert_int_equal(elc_file_read("/tmp", 9, &text, &err), ELC_E_IO);
    assert_string_equal(err.message, "/tmp: cannot be read: Is a directory");
}

/* FIPS 180-2, appendix B. */
static void test_sha256_agrees_with_the_standard(void **state) {
    (void)state;
    char hex[65];
    elc_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
    elc_sha256(NULL, 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
                             "27ae41e4649b934ca495991b7852b855");
}

static void test_sha256_of_a_file_is_that_of_its_bytes(void **state) {
    (void)state;
    char path[40], of_file[65], of_bytes[65];
    elc_string text = {0};
    write_file(path, 1000003);
    assert_int_equal(elc_sha256_file(path, of_file, NULL), ELC_OK);
    assert_int_equal(elc_file_read(path, 1000003, &text, NULL), ELC_OK);
    unlink(path);
    elc_sha256(text.data, text.size, of_bytes);
    assert_string_equal(of_file, of_bytes);
    elc_string_free(&text);
    assert_int_equal(elc_sha256_file(path, of_file, NULL), ELC_E_NOT_FOUND);
}

static void test_id_is_the_start_of_the_hash(void **state) {
    (void)state;
    char id[17], hex[65];
    elc_id(id, "%s-%d", "ab", 12);
    elc_sha256("ab-12", 5, hex);
    assert_int_equal(strlen(id), 16);
    assert_memory_equal(id, hex, 16);
}

static void test_id_of_a_long_text_takes_all_of_it(void **state) {
    (void)state;
    static char text[5000];
    char id[17], hex[65];
    memset(text, 'x', sizeof text - 1);
    for (size_t n = 1020; n < sizeof text; n += n < 1030 ? 1 : 3969) {
        elc_id(id, "%.*s", (int)n, text);
        elc_sha256(text, n, hex);
        assert_memory_equal(id, hex, 16);
    }
}

static void test_file_hash_refuses_what_may_have_no_end(void **state) {
    (void)state;
    char hex[65];
    elc_error err = {0};
    assert_int_equal(elc_sha256_file("/dev/zero", hex, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "no regular file"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_read_gives_all_bytes),
        cmocka_unit_test(test_file_read_of_an_empty_file_is_empty),
        cmocka_unit_test(test_file_read_stops_at_the_limit),
        cmocka_unit_test(test_file_read_names_what_is_not_there),
        cmocka_unit_test(test_sha256_agrees_with_the_standard),
        cmocka_unit_test(test_sha256_of_a_file_is_that_of_its_bytes),
        cmocka_unit_test(test_id_is_the_start_of_the_hash),
        cmocka_unit_test(test_id_of_a_long_text_takes_all_of_it),
        cmocka_unit_test(test_file_hash_refuses_what_may_have_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
