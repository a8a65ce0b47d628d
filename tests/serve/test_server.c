/* test_server.c - what the map's server answers, and what it refuses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/planted.h"

#define GEOJSON "Content-Type: application/geo+json\r\n"

static elc_server *server;

static int begin(void **state) {
    (void)state;
    server = asking_server();
    return 0;
}

static int end(void **state) {
    (void)state;
    elc_server_free(server);
    elc_string_free(&asking_answer);
    return 0;
}

/* ---- what it answers
 * ------------------------------------------------------------------- */

static void test_the_page_has_a_policy_and_its_files(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/", ""), 200);
    assert_non_null(
        strstr(asking_answer.data, "default-src 'none'; script-src 'self'"));
    assert_null(strstr(asking_body, "<script>"));
    assert_int_equal(asking_get(server, "/web/main.js", ""), 200);
    assert_non_null(strstr(asking_answer.data, "Content-Type: text/javascript"));
    assert_int_equal(asking_get(server, "/web/leaflet.js", ""), 200);
    assert_int_equal(asking_get(server, "/web/none.js", ""), 404);
}

static uint32_t word_at(size_t at) {
    uint32_t value;
    memcpy(&value, asking_body + at, sizeof value);
    return value;
}

static void test_a_tile_has_a_record_for_each_place(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0", ""), 200);
    assert_memory_equal(asking_body, "ELCP", 4);
    assert_int_equal(word_at(8), ASKING_ROWS);
    assert_int_equal(word_at(12), ASKING_ROWS);
    assert_int_equal(asking_body_size, 16 + 16 * ASKING_ROWS);
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0?class=car", ""), 200);
    assert_int_equal(word_at(12), (ASKING_ROWS + 2) / 3);
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0?as=density", ""), 200);
    assert_memory_equal(asking_body, "\x89PNG", 4);
}

/* Places lie within a 65536th of the tile's side of where they are. */
static void test_records_say_where_rows_lie(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0", ""), 200);
    for (size_t i = 0; i < ASKING_ROWS; i++) {
        const char *at = asking_body + 16 + 16 * i;
        uint32_t row;
        uint16_t x;
        float score;
        memcpy(&row, at, 4);
        memcpy(&x, at + 4, 2);
        memcpy(&score, at + 8, 4);
        assert_true(row < ASKING_ROWS);
        assert_float_equal(x, (asking_rows[row].lon + 180) / 360 * 65536, 1.01);
        assert_float_equal(score, asking_rows[row].score, 1e-6);
    }
}

static size_t count_within(double west, double south, double east, double north) {
    size_t n = 0;
    for (size_t i = 0; i < ASKING_ROWS; i++) {
        asking_row r = asking_rows[i];
        n += r.lon >= west && r.lon <= east && r.lat >= south && r.lat <= north;
    }
    return n;
}

static void test_counts_are_those_of_a_loop(void **state) {
    (void)state;
    static const char square[] = "{\"type\":\"Polygon\",\"coordinates\":[[[9.97,19.96],"
                                 "[10.01,19.96],[10.01,20.02],[9.97,20.02],"
                                 "[9.97,19.96]]]}";
    size_t wanted = count_within(9.97, 19.96, 10.01, 20.02);
    assert_true(wanted > 50);
    assert_int_equal(
        asking_post(server, "/layers/summary/v", GEOJSON, square, strlen(square)), 200);
    assert_int_equal(asking_number("total"), wanted);
    assert_int_equal(
        asking_get(server,
                   "/layers/summary/v?within=POLYGON((9.97+19.96,10.01+19.96"
                   ",10.01+20.02,9.97+20.02,9.97+19.96))",
                   ""),
        200);
    assert_int_equal(asking_number("total"), wanted);
    assert_int_equal(
        asking_get(server, "/layers/summary/v?bbox=9.97,19.96,10.01,20.02", ""), 200);
    assert_int_equal(asking_number("total"), wanted);
    assert_int_equal(
        asking_get(server, "/layers/summary/v?view=9.97,19.96,10.01,20.02", ""), 200);
    assert_int_equal(asking_number("total"), wanted);
}

static void test_scores_and_times_filter(void **state) {
    (void)state;
    size_t high = 0, day = 0;
    for (int i = 0; i < ASKING_ROWS; i++) {
        high += asking_rows[i].score >= 0.5;
        day += i % 28 == 4;
    }
    assert_int_equal(asking_get(server, "/layers/summary/v?score=0.5/1", ""), 200);
    assert_int_equal(asking_number("total"), high);
    assert_int_equal(asking_get(server, "/layers/summary/v?datetime=2024-05-05", ""),
                     200);
    assert_int_equal(asking_number("total"), day);
}

/* A class may be any text. */
static void test_classes_of_several_lines_filter(void **state) {
    (void)state;
    planted_run("printf 'lon,lat,class\\n1,2,\"a\\tb\\nc\"\\n3,4,car\\n' >lines.csv");
    elc_server *lines = asking_server_of(planted_path("lines.csv"));
    int status = asking_get(lines, "/layers/summary/lines?class=a%09b%0ac", "");
    json_int_t total = status == 200 ? asking_number("total") : -1;
    elc_server_free(lines);
    assert_int_equal(total, 1);
    assert_int_equal(asking_get(server, "/layers/summary/v?class=a%00", ""), 400);
    assert_int_equal(asking_get(server, "/layers/summary/v?cl%0aass=car", ""), 400);
    assert_int_equal(asking_get(server, "/layers/summary/v%0a", ""), 400);
}

static void test_items_come_in_pages(void **state) {
    (void)state;
    assert_int_equal(
        asking_get(server, "/ogc/collections/v/items?limit=7&offset=490", ""), 200);
    assert_int_equal(asking_number("numberMatched"), ASKING_ROWS);
    assert_int_equal(asking_number("numberReturned"), 7);
    assert_non_null(strstr(asking_body, "\"next\""));
    assert_int_equal(
        asking_get(server, "/ogc/collections/v/items?limit=20&offset=490", ""), 200);
    assert_int_equal(asking_number("numberReturned"), 10);
    assert_null(strstr(asking_body, "\"next\""));
    assert_int_equal(asking_get(server, "/ogc/collections/v/items/5", ""), 200);
    assert_int_equal(asking_get(server, "/ogc/collections/v/items/500", ""), 404);
    assert_int_equal(asking_get(server, "/ogc/collections/w/items", ""), 404);
}

static void test_a_limit_beyond_the_maximum_is_the_maximum(void **state) {
    (void)state;
    static const char *const limits[] = {"10001", "3000000000",
                                         "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char path[100];
        snprintf(path, sizeof path, "/ogc/collections/v/items?limit=%s", limits[i]);
        assert_int_equal(asking_get(server, path, ""), 200);
        assert_int_equal(asking_number("numberReturned"), ASKING_ROWS);
    }
    assert_int_equal(
        asking_get(server, "/ogc/collections/v/items?limit=00000000000007", ""), 200);
    assert_int_equal(asking_number("numberReturned"), 7);
}

/* OGC 17-069r4: /req/core/f-links, fc-limit-definition, fc-bbox-definition, fc-time. */
static void test_the_api_says_what_it_is(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/ogc/collections/v/items/5", ""), 200);
    assert_non_null(strstr(asking_body, "\"rel\":\"collection\""));
    assert_non_null(strstr(asking_body, "/ogc/collections/v/items/5\""));
    assert_int_equal(asking_get(server, "/ogc/collections/v", ""), 200);
    assert_non_null(strstr(asking_body, "\"interval\":[[\"2024-05-01T10:00:00Z\","
                                        "\"2024-05-28T10:00:00Z\"]]"));
    assert_int_equal(asking_get(server, "/ogc/api", ""), 200);
    assert_non_null(strstr(asking_body,
                           "\"schema\":{\"type\":\"integer\",\"minimum\":1,"
                           "\"maximum\":10000,\"default\":10}"));
    assert_non_null(strstr(asking_body,
                           "\"schema\":{\"type\":\"array\",\"minItems\":4,"
                           "\"maxItems\":6,\"items\":{\"type\":\"number\"}}"));
    assert_int_equal(asking_get(server, "/ogc/collections/v/items?limit=1000000", ""),
                     200);
    assert_int_equal(asking_number("numberReturned"), ASKING_ROWS);
}

static int count_text(const char *text, const char *what) {
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

/* As QGIS and others read it, page after page. */
static void test_ogr_reads_the_api(void **state) {
    (void)state;
    char text[2000];
    double box[] = {9.97, 19.96, 10.01, 20.02};
    size_t wanted = count_within(box[0], box[1], box[2], box[3]);
    planted_run(
        "ogrinfo -ro -al -oo PAGE_SIZE=7 OAPIF:http://127.0.0.1:%d/ogc v >all.txt",
        elc_server_port(server));
    planted_run("ogrinfo -ro -so -spat 9.97 19.96 10.01 20.02 "
                "OAPIF:http://127.0.0.1:%d/ogc v >box.txt",
                elc_server_port(server));
    planted_run("test $(grep -c '^OGRFeature' all.txt) = %d", ASKING_ROWS);
    FILE *file = fopen(planted_path("box.txt"), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char line[64];
    snprintf(line, sizeof line, "Feature Count: %zu\n", wanted);
    assert_int_equal(count_text(text, line), 1);
    assert_int_equal(count_text(text, "acquired: DateTime"), 1);
}

static void test_every_page_of_the_api_answers(void **state) {
    (void)state;
    static const char *const paths[] = {"/info.json",
                                        "/ogc",
                                        "/ogc/",
                                        "/ogc/conformance",
                                        "/ogc/collections",
                                        "/ogc/collections/v",
                                        "/ogc/api",
                                        "/tiles/points/v"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_int_equal(asking_get(server, paths[i], ""), 200);
        json_decref(asking_json());
    }
    assert_int_equal(asking_get(server, "/tiles/imagery/0/0/0", ""), 404);
}

static void test_downloads_are_files(void **state) {
    (void)state;
    static const char *const formats[][2] = {
        {"geojson", "{"}, {"gpkg", "SQLite"}, {"csv", "geometry"}};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char path[100];
        snprintf(path, sizeof path, "/layers/download/v?class=truck&format=%s",
                 formats[i][0]);
        assert_int_equal(asking_get(server, path, ""), 200);
        assert_memory_equal(asking_body, formats[i][1], strlen(formats[i][1]));
        assert_non_null(strstr(asking_answer.data, "attachment; filename=\"v."));
    }
    assert_int_equal(asking_get(server, "/layers/download/v?format=exe", ""), 400);
}

static void test_what_a_client_has_is_not_sent_again(void **state) {
    (void)state;
    char tag[200], again[300];
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0", ""), 200);
    const char *at = strstr(asking_answer.data, "ETag: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "ETag: %199s", tag), 1);
    snprintf(again, sizeof again, "If-None-Match: %s\r\n", tag);
    assert_int_equal(asking_get(server, "/tiles/points/v/0/0/0", again), 304);
    assert_int_equal(asking_body_size, 0);
    assert_int_equal(asking_get(server, "/tiles/points/v/1/1/0", again), 200);
}

static int send_text(const char *format, ...) {
    char text[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return asking_send(server, text, strlen(text));
}

/* Of a page's file, of JSON, and of a download. */
static void test_parts_make_the_whole(void **state) {
    (void)state;
    static const char *const paths[] = {"/web/main.js", "/ogc/collections/v/items",
                                        "/layers/download/v?format=csv"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char line[100];
        elc_string whole = {0};
        assert_int_equal(asking_get(server, paths[i], ""), 200);
        assert_non_null(strstr(asking_answer.data, "Accept-Ranges: bytes\r\n"));
        elc_string_append(&whole, asking_body, asking_body_size, NULL);
        assert_int_equal(asking_get(server, paths[i], "Range: bytes=0-99\r\n"), 206);
        snprintf(line, sizeof line, "Content-Range: bytes 0-99/%zu\r\n", whole.size);
        assert_non_null(strstr(asking_answer.data, line));
        assert_int_equal(asking_body_size, 100);
        assert_memory_equal(asking_body, whole.data, 100);
        assert_int_equal(asking_get(server, paths[i], "Range: bytes=100-\r\n"), 206);
        assert_int_equal(asking_body_size, whole.size - 100);
        assert_memory_equal(asking_body, whole.data + 100, whole.size - 100);
        assert_int_equal(asking_get(server, paths[i], "Range: bytes=-7\r\n"), 206);
        assert_memory_equal(asking_body, whole.data + whole.size - 7, 7);
        snprintf(line, sizeof line, "Range: bytes=%zu-\r\n", whole.size);
        assert_int_equal(asking_get(server, paths[i], line), 416);
        snprintf(line, sizeof line, "Content-Range: bytes */%zu\r\n", whole.size);
        assert_non_null(strstr(asking_answer.data, line));
        json_decref(asking_json());
        elc_string_free(&whole);
    }
}

static void test_ranges_that_do_not_hold_are_passed_over(void **state) {
    (void)state;
    static const char path[] = "/tiles/points/v/0/0/0";
    assert_int_equal(asking_get(server, path, "Range: bytes=5-3\r\n"), 416);
    assert_int_equal(asking_get(server, path, "Range: rows=0-3\r\n"), 200);
    assert_int_equal(asking_get(server, path, "Range: bytes=0-3,5-6\r\n"), 200);
    assert_int_equal(
        asking_get(server, path, "Range: bytes=0-3\r\nIf-Range: \"another\"\r\n"), 200);
    assert_int_equal(asking_get(server, "/none", "Range: bytes=0-3\r\n"), 404);
    assert_int_equal(
        send_text("HEAD %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nRange: bytes=0-3\r\n"
                  "Connection: close\r\n\r\n",
                  path, elc_server_port(server)),
        200);
}

/* It may be told first that the answer is coming. */
static void test_who_says_no_more_gets_the_answer(void **state) {
    (void)state;
    static const char *const paths[] = {"/info.json", "/layers/summary/v",
                                        "/ogc/collections/v/items",
                                        "/layers/download/v?format=csv"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        for (int minor = 0; minor < 2; minor++) {
            char text[200];
            snprintf(text, sizeof text,
                     "GET %s HTTP/1.%d\r\nHost: 127.0.0.1:%d\r\n\r\n", paths[i], minor,
                     elc_server_port(server));
            asking_send_all(server, text, strlen(text));
            const char *answer = asking_answer.data;
            assert_non_null(answer);
            assert_true(strncmp(answer, "HTTP/1.1 200 ", 13) == 0 ||
                        (minor > 0 && strncmp(answer, "HTTP/1.1 102 ", 13) == 0 &&
                         strstr(answer, "HTTP/1.1 200 ") != NULL));
        }
}

/* A latitude without a place on the web map, one that is none, and none at all. */
static void test_both_numbers_of_rows_are_said(void **state) {
    (void)state;
    planted_run("printf 'lon,lat,class\\n1,2,car\\n3,89,car\\n3,,bus\\n5,nan,car\\n'"
                " >off.csv");
    elc_server *off = asking_server_of(planted_path("off.csv"));
    assert_int_equal(asking_get(off, "/info.json", ""), 200);
    bool said = strstr(asking_body, "\"rows\":4,\"placed\":1,") != NULL;
    assert_int_equal(asking_get(off, "/tiles/points/off/0/0/0", ""), 200);
    uint32_t drawn = word_at(12);
    assert_int_equal(asking_get(off, "/layers/summary/off", ""), 200);
    json_int_t total = asking_number("total"), placed = asking_number("placed");
    elc_server_free(off);
    assert_true(said);
    assert_int_equal(drawn, 1);
    assert_int_equal(total, 4);
    assert_int_equal(placed, 1);
}

/* ---- what it refuses
 * -------------------------------------------------------------------- */

static void test_other_hosts_and_sites_are_refused(void **state) {
    (void)state;
    int port = elc_server_port(server);
    assert_int_equal(
        send_text(
            "GET / HTTP/1.1\r\nHost: evil.example:%d\r\nConnection: close\r\n\r\n",
            port),
        421);
    assert_int_equal(
        send_text("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
        421);
    assert_int_equal(send_text("GET / HTTP/1.0\r\n\r\n"), 421);
    assert_int_equal(send_text("GET / HTTP/1.1\r\nHost: localhost:%d\r\nHost: "
                               "localhost:%d\r\nConnection: close\r\n\r\n",
                               port, port),
                     400);
    assert_int_equal(
        send_text("GET / HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n",
                  port),
        200);
    assert_int_equal(asking_get(server, "/", "Origin: http://evil.example\r\n"), 403);
    assert_int_equal(asking_get(server, "/", "Origin: null\r\n"), 403);
    assert_int_equal(asking_get(server, "/", "Sec-Fetch-Site: cross-site\r\n"), 403);
    assert_int_equal(asking_get(server, "/", "Sec-Fetch-Site: same-origin\r\n"), 200);
    assert_int_equal(asking_get(server, "/",
                                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: "
                                "navigate\r\nSec-Fetch-Dest: document\r\n"),
                     200);
    assert_int_equal(asking_get(server, "/",
                                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: "
                                "navigate\r\nSec-Fetch-Dest: iframe\r\n"),
                     403);
}

static void test_paths_lead_nowhere_else(void **state) {
    (void)state;
    static const char *const paths[] = {"/web/../../etc/passwd",
                                        "/web/%2e%2e/main.js",
                                        "/web/..%2fmain.js",
                                        "/web/..%5cmain.js",
                                        "/web/%00main.js",
                                        "/web//main.js",
                                        "/web/%ff",
                                        "/%"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(asking_get(server, paths[i], ""), 400);
    assert_int_equal(asking_get(server, "/etc/passwd", ""), 404);
    assert_int_equal(asking_get(server, "/web/etc", ""), 404);
}

static void test_tiles_that_are_none_are_refused(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/tiles/points/v/31/0/0", ""), 404);
    assert_int_equal(asking_get(server, "/tiles/points/v/1/2/0", ""), 404);
    assert_int_equal(asking_get(server, "/tiles/points/v/1/-1/0", ""), 400);
    assert_int_equal(asking_get(server, "/tiles/points/v/99999999999999999999/0/0", ""),
                     400);
    assert_int_equal(asking_get(server, "/tiles/points/v/a/b/c", ""), 400);
    assert_int_equal(asking_get(server, "/tiles/points/w/0/0/0", ""), 404);
}

static void test_parameters_that_are_none_are_refused(void **state) {
    (void)state;
    assert_int_equal(asking_get(server, "/ogc/collections/v/items?unknown=3", ""), 400);
    assert_int_equal(asking_get(server, "/ogc/collections/v/items?f=json", ""), 200);
    static const char *const queries[] = {"bbox=1,2,3",
                                          "bbox=a,b,c,d",
                                          "limit=0",
                                          "limit=x",
                                          "offset=-1",
                                          "class=plane",
                                          "limit=-3000000000",
                                          "limit=3000000000x",
                                          "limit=00000000000",
                                          "limit=",
                                          "score=1",
                                          "score=a/b",
                                          "datetime=never",
                                          "within=POINT(1 2)",
                                          "within=POLYGON((0+0"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        char path[200];
        snprintf(path, sizeof path, "/ogc/collections/v/items?%s", queries[i]);
        for (char *c = strchr(path, ' '); c != NULL; c = strchr(path, ' '))
            *c = '+';
        assert_int_equal(asking_get(server, path, ""), 400);
        json_decref(asking_json());
    }
    assert_int_equal(asking_get(server, "/layers/summary/v?view=0,0,1000,1", ""), 400);
    assert_non_null(strstr(asking_body, "view: not in degrees"));
}

static void test_mistyped_parameters_are_refused_everywhere(void **state) {
    (void)state;
    static const char *const paths[] = {"/info.json?x",
                                        "/tiles/points/v/0/0/0?clas=car",
                                        "/tiles/points/v/0/0/0?bbox=1,2,3,4",
                                        "/tiles/points/v?as=density",
                                        "/tiles/imagery/0/0/0?x=1",
                                        "/layers/summary/v?bbx=1,2,3,4",
                                        "/layers/download/v?fromat=csv",
                                        "/layers/chip/v/1?size=9",
                                        "/layers/zones/v?x=1",
                                        "/ogc?x=1",
                                        "/ogc/collections/v/items?limt=5",
                                        "/ogc/collections/v/items/5?limit=5"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_int_equal(asking_get(server, paths[i], ""), 400);
        json_decref(asking_json());
    }
    assert_int_equal(asking_get(server, "/?utm_source=mail", ""),
                     200); /* a link's own */
    assert_int_equal(asking_get(server, "/layers/summary/v?bbx=1", ""), 400);
    assert_non_null(strstr(asking_body, "bbx: there is no such parameter here (did you "
                                        "mean bbox?); known are class, not, score, "
                                        "datetime, view, bbox, within"));
    assert_int_equal(asking_get(server, "/info.json?%C3%A9%C3%A9=1", ""), 400);
    json_decref(asking_json());
}

/* A message that is cut within a letter is still JSON. */
static void test_long_names_are_told_as_json(void **state) {
    (void)state;
    for (int shift = 0; shift < 2; shift++) {
        elc_string path = {0};
        elc_string_printf(&path, NULL, "/layers/summary/%s", shift > 0 ? "x" : "");
        for (int i = 0; i < 2000; i++)
            elc_string_printf(&path, NULL, "%%C3%%A9");
        assert_int_equal(asking_get(server, path.data, ""), 404);
        json_decref(asking_json());
        elc_string_free(&path);
    }
}

static void test_other_methods_are_refused(void **state) {
    (void)state;
    static const char *const methods[] = {"PUT", "DELETE", "OPTIONS", "PATCH", "BREW"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        assert_int_equal(send_text("%s /info.json HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                                   "Connection: close\r\n\r\n",
                                   methods[i], elc_server_port(server)),
                         405);
        assert_non_null(strstr(asking_answer.data, "Allow: GET, HEAD"));
    }
    assert_int_equal(asking_post(server, "/info.json", GEOJSON, "{}", 2), 405);
    assert_int_equal(send_text("HEAD /info.json HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                               "Connection: close\r\n\r\n",
                               elc_server_port(server)),
                     200);
    assert_int_equal(asking_body_size, 0);
}

static void test_bodies_are_limited_and_plain(void **state) {
    (void)state;
    static const char path[] = "/layers/summary/v";
    size_t size = (1 << 20) + 1;
    char *large = malloc(size);
    assert_non_null(large);
    memset(large, ' ', size);
    assert_int_equal(asking_post(server, path, GEOJSON, large, size), 413);
    free(large);
    assert_int_equal(asking_post(server, path, "", "{}", 2), 415);
    assert_int_equal(asking_post(server, path, "Content-Type: text/plain\r\n", "{}", 2),
                     415);
    assert_int_equal(
        asking_post(server, path, GEOJSON "Content-Encoding: gzip\r\n", "{}", 2), 415);
    assert_int_equal(
        asking_post(server, path, GEOJSON "Content-Length: 3\r\n", "{}", 2), 400);
    assert_non_null(strstr(asking_body, "a body has one length"));
    assert_int_equal(asking_post(server, path, GEOJSON "Transfer-Encoding: chunked\r\n",
                                 "0\r\n\r\n", 5),
                     400);
    assert_non_null(strstr(asking_body, "a body has one length"));
    assert_int_equal(asking_post(server, path, GEOJSON, "{", 1), 400);
    assert_int_equal(asking_post(server, path, GEOJSON, "[[[[", 4), 400);
    assert_int_equal(asking_get(server, path, "Content-Length: 2\r\n" GEOJSON "\r\n{}"),
                     400);
}

static void test_headers_and_addresses_are_limited(void **state) {
    (void)state;
    elc_string header = {0}, path = {0};
    elc_string_printf(&header, NULL, "X-Long: %0*d\r\n", 40000, 0);
    elc_string_printf(&path, NULL, "/ogc/collections?a=%0*d", 20000, 0);
    assert_int_equal(asking_get(server, "/", header.data), 431);
    assert_int_equal(asking_get(server, path.data, ""), 400);
    elc_string_free(&header);
    elc_string_free(&path);
    assert_int_equal(asking_get(server, "/info.json", ""), 200);
}

static void test_many_parameters_are_refused_at_once(void **state) {
    (void)state;
    for (int n = 100; n < 10000; n *= 3) {
        elc_string path = {0};
        elc_string_append(&path, "/layers/summary/v?class=car", 27, NULL);
        for (int i = 0; i < n; i++)
            elc_string_append(&path, i % 2 > 0 ? "&a" : "&", i % 2 > 0 ? 2 : 1, NULL);
        assert_int_equal(asking_get(server, path.data, ""), 400);
        json_decref(asking_json());
        elc_string_free(&path);
    }
}

static void test_what_is_no_http_gets_no_answer(void **state) {
    (void)state;
    static const char bytes[] = "\x16\x03\x01\x02\r\n\r\n";
    int status = asking_send(server, bytes, sizeof bytes - 1);
    assert_true(status == 0 || status >= 400);
    assert_int_equal(asking_get(server, "/info.json", ""), 200);
}

/* ---- many
 * ---------------------------------------------------------------------------------- */

static void test_silent_connections_stop_nobody(void **state) {
    (void)state;
    enum { SILENT = 200 };
    int sockets[SILENT];
    for (int i = 0; i < SILENT; i++) {
        sockets[i] = asking_connect(server);
        if (i % 2 == 0)
            assert_int_equal(write(sockets[i], "GET / HTTP/1.1\r\nHo", 18), 18);
    }
    double start = elc_clock();
    assert_int_equal(asking_get(server, "/layers/summary/v", ""), 200);
    assert_true(elc_clock() - start < 2);
    for (int i = 0; i < SILENT; i++)
        close(sockets[i]);
}

static void test_a_port_that_is_taken_is_said(void **state) {
    (void)state;
    elc_server *other = NULL;
    elc_error err = {0};
    const char *path = planted_path("v.geojson");
    elc_server_options options = {
        .layers = &path, .n_layers = 1, .port = elc_server_port(server)};
    assert_int_equal(elc_server_create(&options, NULL, &other, &err), ELC_E_IO);
    assert_non_null(strstr(err.message, "Address already in use"));
    options =
        (elc_server_options){.layers = &path, .n_layers = 1, .class_column = "kind"};
    assert_int_equal(elc_server_create(&options, NULL, &other, &err), ELC_E_NOT_FOUND);
    options.class_column = "score";
    assert_int_equal(elc_server_create(&options, NULL, &other, &err), ELC_E_ARGUMENT);
    assert_null(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_has_a_policy_and_its_files),
        cmocka_unit_test(test_a_tile_has_a_record_for_each_place),
        cmocka_unit_test(test_records_say_where_rows_lie),
        cmocka_unit_test(test_counts_are_those_of_a_loop),
        cmocka_unit_test(test_scores_and_times_filter),
        cmocka_unit_test(test_classes_of_several_lines_filter),
        cmocka_unit_test(test_items_come_in_pages),
        cmocka_unit_test(test_a_limit_beyond_the_maximum_is_the_maximum),
        cmocka_unit_test(test_the_api_says_what_it_is),
        cmocka_unit_test(test_ogr_reads_the_api),
        cmocka_unit_test(test_every_page_of_the_api_answers),
        cmocka_unit_test(test_downloads_are_files),
        cmocka_unit_test(test_what_a_client_has_is_not_sent_again),
        cmocka_unit_test(test_parts_make_the_whole),
        cmocka_unit_test(test_ranges_that_do_not_hold_are_passed_over),
        cmocka_unit_test(test_who_says_no_more_gets_the_answer),
        cmocka_unit_test(test_both_numbers_of_rows_are_said),
        cmocka_unit_test(test_other_hosts_and_sites_are_refused),
        cmocka_unit_test(test_paths_lead_nowhere_else),
        cmocka_unit_test(test_tiles_that_are_none_are_refused),
        cmocka_unit_test(test_parameters_that_are_none_are_refused),
        cmocka_unit_test(test_mistyped_parameters_are_refused_everywhere),
        cmocka_unit_test(test_long_names_are_told_as_json),
        cmocka_unit_test(test_other_methods_are_refused),
        cmocka_unit_test(test_bodies_are_limited_and_plain),
        cmocka_unit_test(test_headers_and_addresses_are_limited),
        cmocka_unit_test(test_many_parameters_are_refused_at_once),
        cmocka_unit_test(test_what_is_no_http_gets_no_answer),
        cmocka_unit_test(test_silent_connections_stop_nobody),
        cmocka_unit_test(test_a_port_that_is_taken_is_said),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
