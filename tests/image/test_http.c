/* test_http.c - images over HTTP and in an object store, from a server of our own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <cpl_conv.h>

#include "pictures.h"

static char root[] = "/tmp/elcano-http-XXXXXX";
static char address[100]; /* "http://127.0.0.1:40123"; empty without python3 */
static pid_t server;

static int remove_entry(const char *path, const struct stat *about, int type,
                        struct FTW *at) {
    (void)about, (void)type, (void)at;
    return remove(path);
}

static void serve(int out) {
    dup2(out, 1);
    freopen("/dev/null", "w", stderr);
    execlp("python3", "python3", "-u", ELCANO_SOURCE_DIR "/tests/image/server.py", root,
           (char *)NULL);
    _exit(127);
}

/* "Serving HTTP on 127.0.0.1 port 40123 (...) ..." */
static void read_address(int in) {
    FILE *said = fdopen(in, "r");
    int port = 0;
    if (said && fscanf(said, "Serving HTTP on 127.0.0.1 port %d", &port) == 1)
        snprintf(address, sizeof address, "http://127.0.0.1:%d", port);
    /* `said` stays open: a server that cannot write would end. */
}

/* As Apache writes it: GDAL does not understand Python's own. */
static void put_listing(void) {
    char path[100];
    snprintf(path, sizeof path, "%s/set/index.html", root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("<html><head><title>Index of /set</title></head><body>\n"
          "<a href=\"/\">Parent Directory</a>\n<a href=\"a.tif\">a.tif</a>\n"
          "</body></html>\n",
          file);
    fclose(file);
}

/* bucket/a.tif, bucket/below/b.tif, bucket/cut.tif */
static void fill_bucket(void) {
    static const char *const names[] = {"a.tif", "below/b.tif", "cut.tif"};
    char path[100];
    snprintf(path, sizeof path, "%s/bucket", root);
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/bucket/below", root);
    mkdir(path, 0755);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/bucket/%s", root, names[i]);
        picture_make(&(picture){.path = path, .width = 30, .height = 20, .bands = 1});
    }
}

static void point_to_store(void) {
    CPLSetConfigOption("AWS_S3_ENDPOINT", address + strlen("http://"));
    CPLSetConfigOption("AWS_HTTPS", "NO");
    CPLSetConfigOption("AWS_VIRTUAL_HOSTING", "FALSE");
    CPLSetConfigOption("AWS_NO_SIGN_REQUEST", "YES");
}

static int set_up(void **state) {
    (void)state;
    int ends[2];
    char path[100];
    if (!mkdtemp(root) || pipe(ends) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/set", root);
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/set/a.tif", root);
    picture_make(&(picture){.path = path, .width = 30, .height = 20, .bands = 1});
    put_listing();
    fill_bucket();
    CPLSetConfigOption("GDAL_HTTP_PROXY", "");
    unsetenv("http_proxy"), setenv("no_proxy", "127.0.0.1", 1);
    server = fork();
    if (server == 0)
        serve(ends[1]);
    close(ends[1]);
    read_address(ends[0]);
    if (address[0])
        point_to_store();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    return nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The address of a file, with `prefix` before it. */
static const char *at(const char *prefix, const char *path) {
    static char text[300];
    if (!address[0]) {
        print_message("SKIPPED: no python3 to serve files\n");
        skip();
    }
    snprintf(text, sizeof text, "%s%s/%s", prefix, address, path);
    return text;
}

static void finds_one(const char *argument, const char *name) {
    elc_found_list list = {0};
    elc_error err = {0};
    if (elc_images_find(&argument, 1, &list, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].name, name);
    elc_image *image = picture_open(list.items[0].path);
    uint8_t pixel = 0;
    const int band = 1;
    assert_int_equal(elc_image_read(image, (elc_window){29, 19, 1, 1}, &band, 1, 0,
                                    &pixel, NULL, NULL),
                     ELC_OK);
    assert_int_equal(pixel, picture_pixel(29, 19, 1));
    elc_image_free(image);
    elc_found_list_free(&list);
}

static void test_http_files_are_found_and_read(void **state) {
    (void)state;
    finds_one(at("/vsicurl/", "set/a.tif"), "a.tif");
    finds_one(at("", "set/a.tif"), "a.tif");
}

static void test_http_names_leave_out_what_may_be_secret(void **state) {
    (void)state;
    finds_one(at("", "set/a.tif?token=secret"), "a.tif");
}

static void test_http_folders_are_listed(void **state) {
    (void)state;
    finds_one(at("/vsicurl/", "set/"), "a.tif");
}

static void test_http_files_that_are_not_there_are_told(void **state) {
    (void)state;
    const char *argument = at("", "set/b.tif");
    elc_found_list list = {0};
    elc_error err = {0};
    assert_int_equal(elc_images_find(&argument, 1, &list, &err), ELC_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "set/b.tif"));
    elc_image *image = NULL;
    assert_int_equal(elc_image_open(at("/vsicurl/", "set/b.tif"), &image, &err),
                     ELC_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "set/b.tif: not there: "));
}

static void test_store_is_listed_page_by_page_and_below(void **state) {
    (void)state;
    at("", "");
    const char *argument = "s3://bucket";
    elc_found_list list = {0};
    elc_error err = {0};
    if (elc_images_find(&argument, 1, &list, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].name, "a.tif");
    assert_string_equal(list.items[1].name, "below/b.tif");
    assert_string_equal(list.items[2].name, "cut.tif");
    elc_found_list_free(&list);
    finds_one("s3://bucket/below", "b.tif");
    finds_one("s3://bucket/a.tif", "a.tif");
}

static void test_store_that_refuses_is_no_missing_file(void **state) {
    (void)state;
    at("", "");
    static const char *const arguments[] = {"s3://closed/folder", "s3://closed/a.tif"};
    for (int i = 0; i < 2; i++) {
        elc_found_list list = {0};
        elc_error err = {0};
        assert_int_equal(elc_images_find(&arguments[i], 1, &list, &err), ELC_E_IO);
        assert_non_null(strstr(err.message, "cannot be reached: Access Denied"));
    }
    const char *missing = "s3://bucket/none.tif";
    assert_int_equal(elc_images_find(&missing, 1, &(elc_found_list){0}, NULL),
                     ELC_E_NOT_FOUND);
}

static void test_store_that_breaks_off_is_told(void **state) {
    (void)state;
    at("", "");
    elc_image *image = NULL;
    elc_error err = {0};
    uint8_t pixel = 0;
    const int band = 1;
    elc_status status = elc_image_open("/vsis3/bucket/cut.tif", &image, &err);
    if (status == ELC_OK)
        status = elc_image_read(image, (elc_window){29, 19, 1, 1}, &band, 1, 0, &pixel,
                                NULL, &err);
    assert_int_not_equal(status, ELC_OK);
    assert_non_null(strstr(err.message, "cut.tif"));
    elc_image_free(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_files_are_found_and_read),
        cmocka_unit_test(test_http_names_leave_out_what_may_be_secret),
        cmocka_unit_test(test_http_folders_are_listed),
        cmocka_unit_test(test_http_files_that_are_not_there_are_told),
        cmocka_unit_test(test_store_is_listed_page_by_page_and_below),
        cmocka_unit_test(test_store_that_refuses_is_no_missing_file),
        cmocka_unit_test(test_store_that_breaks_off_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
