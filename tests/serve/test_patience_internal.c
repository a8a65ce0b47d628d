/* test_patience_internal.c - many downloads, and clients that take for ever. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/exchange.h"
#include "support/planted.h"

enum { ROWS = 20000, CLIENTS = 200 };

static elc_server *server;

/* 20 MB, more than what the system keeps of an answer that nobody reads. */
static int begin(void **state) {
    (void)state;
    FILE *file = fopen(planted_path("v.csv"), "w");
    assert_non_null(file);
    fputs("geometry,note\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "POINT(10 20),%01000d-\n", i);
    assert_int_equal(fclose(file), 0);
    server = asking_server_of(planted_path("v.csv"));
    return 0;
}

static int end(void **state) {
    (void)state;
    elc_server_free(server);
    elc_string_free(&asking_answer);
    return 0;
}

static int ask(const char *path) {
    char text[200];
    int fd = asking_connect(server);
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                     path, elc_server_port(server));
    assert_int_equal(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
    return fd;
}

/* Of an answer whose first bytes may take a while. */
static int status_at(int fd, char *head, size_t size) {
    int status = 0;
    struct pollfd one = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&one, 1, 60000), 1);
    ssize_t n = recv(fd, head, size - 1, 0);
    assert_true(n > 0);
    head[n] = '\0';
    assert_int_equal(sscanf(head, "HTTP/1.1 %d", &status), 1);
    return status;
}

static void expect_soon(const char *path) {
    double start = elc_clock();
    assert_int_equal(asking_get(server, path, ""), 200);
    assert_true(elc_clock() - start < 2);
}

static bool becomes_free(void) {
    double start = elc_clock();
    while (atomic_load(&server->files) > 0 && elc_clock() - start < 20)
        poll(NULL, 0, 20);
    return atomic_load(&server->files) == 0;
}

static void test_downloads_that_nobody_reads_stop_nobody(void **state) {
    (void)state;
    int sockets[CLIENTS], whole = 0, refused = 0;
    char head[2000];
    for (int i = 0; i < CLIENTS; i++)
        sockets[i] = ask("/layers/download/v?format=csv");
    expect_soon("/tiles/points/v/0/0/0");
    expect_soon("/layers/summary/v");
    expect_soon("/ogc/collections/v/items?limit=1");
    for (int i = 0; i < CLIENTS; i++) {
        int status = status_at(sockets[i], head, sizeof head);
        whole += status == 200;
        refused += status == 503 && strstr(head, "Retry-After: ") != NULL;
    }
    assert_int_equal(whole, SERVE_FILES_MOST);
    assert_int_equal(refused, CLIENTS - SERVE_FILES_MOST);
    for (int i = 0; i < CLIENTS; i++)
        close(sockets[i]);
    assert_true(becomes_free());
    expect_soon("/layers/download/v?format=csv");
}

static void test_who_reads_a_byte_at_a_time_is_left_in_the_end(void **state) {
    (void)state;
    char byte;
    atomic_store(&server->sending_s, 1);
    atomic_store(&server->bytes_s, 1 << 30);
    int fd = ask("/layers/download/v?format=csv");
    assert_int_equal(recv(fd, &byte, 1, 0), 1);
    double start = elc_clock();
    while (atomic_load(&server->files) > 0 && elc_clock() - start < 20) {
        recv(fd, &byte, 1, 0);
        poll(NULL, 0, 50);
    }
    assert_int_equal(atomic_load(&server->files), 0);
    close(fd);
    atomic_store(&server->sending_s, SERVE_SENDING_S);
    atomic_store(&server->bytes_s, SERVE_BYTES_S);
}

/* Sends the same byte again and again until the server hangs up. */
static bool is_hung_up(int fd, char byte) {
    double start = elc_clock();
    char answer;
    while (elc_clock() - start < 20) {
        if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1 ||
            recv(fd, &answer, 1, MSG_DONTWAIT) == 0)
            return true;
        poll(NULL, 0, 50);
    }
    return false;
}

static void test_who_asks_a_byte_at_a_time_is_left_in_the_end(void **state) {
    (void)state;
    char text[200];
    atomic_store(&server->asking_s, 1);
    int line = asking_connect(server), header = asking_connect(server),
        body = asking_connect(server);
    send(header, "GET / HTTP/1.1\r\nX: ", 19, MSG_NOSIGNAL);
    int n = snprintf(text, sizeof text,
                     "POST /layers/summary/v HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                     "Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
                     elc_server_port(server));
    send(body, text, (size_t)n, MSG_NOSIGNAL);
    assert_true(is_hung_up(line, 'G'));
    assert_true(is_hung_up(header, 'a'));
    assert_true(is_hung_up(body, ' '));
    close(line);
    close(header);
    close(body);
    atomic_store(&server->asking_s, SERVE_ASKING_S);
    expect_soon("/info.json");
}

/* As many as one address may have. */
static void test_a_crowd_that_asks_nothing_gives_way(void **state) {
    (void)state;
    enum { CROWD = 384 };
    int sockets[CROWD], status = 0;
    double start = elc_clock();
    for (int i = 0; i < CROWD; i++) {
        sockets[i] = asking_connect(server);
        send(sockets[i], "GET / HTTP/1.1\r\nX: ", 19, MSG_NOSIGNAL);
    }
    while (status != 200 && elc_clock() - start < 15) {
        poll(NULL, 0, 100);
        status = asking_get(server, "/info.json", "");
    }
    for (int i = 0; i < CROWD; i++)
        close(sockets[i]);
    assert_int_equal(status, 200);
    assert_true(elc_clock() - start < 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_downloads_that_nobody_reads_stop_nobody),
        cmocka_unit_test(test_who_reads_a_byte_at_a_time_is_left_in_the_end),
        cmocka_unit_test(test_who_asks_a_byte_at_a_time_is_left_in_the_end),
        cmocka_unit_test(test_a_crowd_that_asks_nothing_gives_way),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
