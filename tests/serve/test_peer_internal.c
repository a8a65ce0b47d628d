/* test_peer_internal.c - clients that say no more, and clients that have gone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/peer.h"

static int client;
static serve_peer peer;

/* Both ends of a connection of this machine. */
static int begin(void **state) {
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *address = (struct sockaddr *)(void *)&at;
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, address, &size), 0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(client, address, size), 0);
    peer = (serve_peer){.socket = accept(listener, NULL, NULL)};
    close(listener);
    return 0;
}

static int end(void **state) {
    (void)state;
    close(peer.socket);
    return 0;
}

/* What has come. */
static ssize_t received(char *text, size_t size) {
    return recv(client, text, size, MSG_DONTWAIT);
}

static void test_who_waits_is_there(void **state) {
    (void)state;
    char text[100];
    assert_false(elc_serve_peer_gone(&peer));
    assert_false(elc_serve_peer_ended(&peer));
    send(client, "GET / HTTP/1.1\r\n", 16, 0);
    assert_false(elc_serve_peer_gone(&peer));
    assert_true(received(text, sizeof text) < 0);
    close(client);
}

static void test_who_says_no_more_is_there_and_hears_so_once(void **state) {
    (void)state;
    char text[100] = "";
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    assert_true(elc_serve_peer_ended(&peer));
    for (int i = 0; i < 3; i++)
        assert_false(elc_serve_peer_gone(&peer));
    assert_int_equal(received(text, sizeof text), 27);
    assert_memory_equal(text, "HTTP/1.1 102 Processing\r\n\r\n", 27);
    close(client);
    usleep(10000);
    assert_int_equal(send(peer.socket, "x", 1, MSG_NOSIGNAL), 1);
    usleep(10000);
    assert_true(elc_serve_peer_gone(&peer));
}

static void test_who_has_closed_has_gone(void **state) {
    (void)state;
    close(client);
    assert_true(elc_serve_peer_gone(&peer));
    assert_true(elc_serve_peer_gone(&peer));
}

static void test_who_has_closed_after_more_questions_has_gone(void **state) {
    (void)state;
    send(client, "GET / HTTP/1.1\r\n", 16, 0);
    close(client);
    assert_true(elc_serve_peer_gone(&peer));
}

static void test_of_old_clients_nobody_knows(void **state) {
    (void)state;
    char text[100];
    peer.old = true;
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    assert_false(elc_serve_peer_gone(&peer));
    assert_true(received(text, sizeof text) < 0);
    close(client);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_who_waits_is_there),
        CASE(test_who_says_no_more_is_there_and_hears_so_once),
        CASE(test_who_has_closed_has_gone),
        CASE(test_who_has_closed_after_more_questions_has_gone),
        CASE(test_of_old_clients_nobody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
