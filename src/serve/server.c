/* server.c - a server that begins and ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/exchange.h"

enum {
    LISTENERS = 4,
    CONNECTIONS_MOST = 512,
    PER_ADDRESS = 384,
    SILENCE_S = 20,
    WAITING_MOST = 512,
    WRITERS = 2,
    BACKLOG = 256,
    HEADERS_MOST = 32 << 10, /* bytes of a connection: its first line and headers */
    CACHE_BYTES = 64 << 20
};

static elc_status make_nonce(elc_server *s, elc_error *err) {
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return elc_fail(err, ELC_E_IO, "the system gives no random numbers");
    snprintf(s->nonce, sizeof s->nonce, "%016llx", (unsigned long long)random);
    return ELC_OK;
}

static elc_status fail_port(int port, elc_error *err) {
    char text[128];
    return elc_fail(err, ELC_E_IO, "port %d: cannot be listened at: %s", port,
                    strerror_r(errno, text, sizeof text));
}

/* A socket that listens on 127.0.0.1, and its port. */
static elc_status open_socket(int port, int *out, int *bound, elc_error *err) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *any = (struct sockaddr *)(void *)&address;
    socklen_t size = sizeof address;
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail_port(port, err);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, any, size) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, any, &size) != 0) {
        elc_status status = fail_port(port, err);
        close(fd);
        return status;
    }
    *out = fd;
    *bound = ntohs(address.sin_port);
    return ELC_OK;
}

static struct MHD_Daemon *start(elc_server *s, int fd) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        elc_serve_exchange_go_on, s, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, elc_serve_exchange_begin, s,
        MHD_OPTION_NOTIFY_COMPLETED, elc_serve_exchange_end, s,
        MHD_OPTION_NOTIFY_CONNECTION, elc_serve_connection, s,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)LISTENERS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MOST, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MOST, MHD_OPTION_END);
}

/* What the server is called must be known before the first request is looked at. */
static elc_status listen_at(elc_server *s, int port, elc_error *err) {
    int fd = -1;
    ELC_TRY(open_socket(port, &fd, &s->port, err));
    snprintf(s->hosts[0], sizeof s->hosts[0], "127.0.0.1:%d", s->port);
    snprintf(s->hosts[1], sizeof s->hosts[1], "localhost:%d", s->port);
    snprintf(s->base, sizeof s->base, "http://127.0.0.1:%d", s->port);
    s->daemon = start(s, fd); /* which closes the socket when it stops */
    if (s->daemon != NULL)
        return ELC_OK;
    close(fd);
    return elc_fail(err, ELC_E_MEMORY, "the server's threads cannot be started");
}

static elc_status make(elc_server *s, const elc_server_options *options,
                       const elc_context *context, elc_error *err) {
    if (options->port < 0 || options->port > 65535)
        return elc_fail(err, ELC_E_ARGUMENT, "port %d: 0 to 65535 are ports",
                        options->port);
    ELC_TRY(make_nonce(s, err));
    ELC_TRY(elc_serve_shown_make(options, context, &s->shown, err));
    ELC_TRY(elc_serve_cache_create(CACHE_BYTES, &s->cache, err));
    ELC_TRY(elc_serve_work_create(elc_context_threads(context), WAITING_MOST, &s->work,
                                  err));
    ELC_TRY(elc_serve_work_create(WRITERS, SERVE_FILES_MOST, &s->writers, err));
    ELC_TRY(elc_serve_watch_create(&s->watch, err));
    atomic_store(&s->asking_s, SERVE_ASKING_S);
    atomic_store(&s->sending_s, SERVE_SENDING_S);
    atomic_store(&s->bytes_s, SERVE_BYTES_S);
    return listen_at(s, options->port, err);
}

elc_status elc_server_create(const elc_server_options *options,
                             const elc_context *context, elc_server **out,
                             elc_error *err) {
    elc_server *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = make(s, options, context, err);
    if (status == ELC_OK)
        *out = s;
    else
        elc_server_free(s);
    return status;
}

int elc_server_port(const elc_server *server) {
    return server->port;
}

/* All that is suspended has to go on before the daemon may stop: what waits is answered
   at once, since has_gone() says so from now on, and nothing more is suspended. */
void elc_server_free(elc_server *s) {
    if (s == NULL)
        return;
    atomic_store(&s->ending, true);
    if (s->work != NULL)
        elc_serve_work_end(s->work);
    if (s->writers != NULL)
        elc_serve_work_end(s->writers);
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon);
    elc_serve_work_free(s->work);
    elc_serve_work_free(s->writers);
    elc_serve_watch_free(s->watch);
    elc_serve_cache_free(s->cache);
    elc_serve_shown_clear(&s->shown);
    free(s);
}
