/* asking.c - a server of a few rows, and requests that are sent to it as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/planted.h"

asking_row asking_rows[ASKING_ROWS];
elc_string asking_answer;
const char *asking_body;
size_t asking_body_size;

/* ---- the server
 * ---------------------------------------------------------------------- */

static double chance(uint64_t *seed) { /* SplitMix64 */
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) / (double)(UINT64_C(1) << 53);
}

static void write_rows(const char *path) {
    static const char *const names[] = {"car", "truck", "a \\\"b\\\" & c"};
    uint64_t seed = 1;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"type\":\"FeatureCollection\",\"features\":[\n", file);
    for (int i = 0; i < ASKING_ROWS; i++) {
        asking_row *r = &asking_rows[i];
        *r = (asking_row){9.95 + chance(&seed) / 10, 19.95 + chance(&seed) / 10,
                          names[i % 3], chance(&seed)};
        fprintf(
            file,
            "%s{\"type\":\"Feature\",\"properties\":{\"class\":\"%s\",\"score\":%.9f,"
            "\"acquired\":\"2024-05-%02dT10:00:00Z\"},\"geometry\":{\"type\":"
            "\"Point\",\"coordinates\":[%.9f,%.9f]}}\n",
            i > 0 ? "," : "", r->name, r->score, 1 + i % 28, r->lon, r->lat);
    }
    fputs("]}\n", file);
    assert_int_equal(fclose(file), 0);
}

elc_server *asking_server(void) {
    const char *path = planted_path("v.geojson");
    write_rows(path);
    return asking_server_of(path);
}

elc_server *asking_server_of(const char *path) {
    elc_error err = {0};
    elc_server *server = NULL;
    elc_server_options options = {.layers = &path, .n_layers = 1};
    if (elc_server_create(&options, NULL, &server, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return server;
}

/* ---- requests
 * ------------------------------------------------------------------------ */

int asking_connect(const elc_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)elc_server_port(server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {3, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    assert_int_equal(connect(fd, (struct sockaddr *)(void *)&address, sizeof address),
                     0);
    return fd;
}

static int status_of(void) {
    int status = 0;
    const char *text = asking_answer.data;
    if (text == NULL || sscanf(text, "HTTP/1.1 %d", &status) != 1)
        return 0;
    const char *end = strstr(text, "\r\n\r\n");
    asking_body = end == NULL ? "" : end + 4;
    asking_body_size =
        end == NULL ? 0 : asking_answer.size - (size_t)(asking_body - text);
    return status;
}

static int exchange(const elc_server *server, const char *bytes, size_t size,
                    bool all) {
    char buffer[65536];
    ssize_t n;
    int fd = asking_connect(server);
    elc_string_free(&asking_answer);
    asking_answer = (elc_string){0};
    for (size_t sent = 0; sent < size; sent += (size_t)n)
        if ((n = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL)) <= 0)
            break;
    if (all)
        shutdown(fd, SHUT_WR);
    while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
        assert_int_equal(elc_string_append(&asking_answer, buffer, (size_t)n, NULL),
                         ELC_OK);
    close(fd);
    return status_of();
}

int asking_send(const elc_server *server, const char *bytes, size_t size) {
    return exchange(server, bytes, size, false);
}

int asking_send_all(const elc_server *server, const char *bytes, size_t size) {
    return exchange(server, bytes, size, true);
}

int asking_get(const elc_server *server, const char *path, const char *more) {
    elc_string text = {0};
    elc_string_printf(&text, NULL,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
                      "%s\r\n",
                      path, elc_server_port(server), more);
    int status = asking_send(server, text.data, text.size);
    elc_string_free(&text);
    return status;
}

json_t *asking_json(void) {
    json_t *json = json_loadb(asking_body, asking_body_size, 0, NULL);
    assert_non_null(json);
    return json;
}

json_int_t asking_number(const char *key) {
    json_t *json = asking_json();
    json_int_t value = json_integer_value(json_object_get(json, key));
    json_decref(json);
    return value;
}

int asking_post(const elc_server *server, const char *path, const char *headers,
                const char *body, size_t size) {
    elc_string text = {0};
    elc_string_printf(&text, NULL,
                      "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
                      "Content-Length: %zu\r\n%s\r\n",
                      path, elc_server_port(server), size, headers);
    elc_string_append(&text, body, size, NULL);
    int status = asking_send(server, text.data, text.size);
    elc_string_free(&text);
    return status;
}
