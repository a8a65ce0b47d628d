/* exchange.c - who asks, what for, whether they may, and who answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/exchange.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what is refused ------------------------------------------------------------- */

static const char *header(const exchange *e, const char *name) {
    return MHD_lookup_connection_value(e->connection, MHD_HEADER_KIND, name);
}

static bool refuse(exchange *e, int status, const char *why) {
    elc_serve_answer_failure(&e->answer, status, why);
    return false;
}

typedef struct counter {
    const char *name;
    size_t n;
} counter;

static enum MHD_Result count(void *arg, enum MHD_ValueKind kind, const char *name,
                             const char *value) {
    (void)kind, (void)value;
    counter *c = arg;
    c->n += strcasecmp(name, c->name) == 0;
    return MHD_YES;
}

static size_t count_headers(const exchange *e, const char *name) {
    counter c = {name, 0};
    MHD_get_connection_values(e->connection, MHD_HEADER_KIND, count, &c);
    return c.n;
}

static bool is_known_host(const elc_server *s, const char *host) {
    return strcasecmp(host, s->hosts[0]) == 0 || strcasecmp(host, s->hosts[1]) == 0;
}

/* Somebody follows a link, which shows the answer to them and to nobody else. */
static bool is_followed(const exchange *e) {
    const char *mode = header(e, "Sec-Fetch-Mode"), *to = header(e, "Sec-Fetch-Dest");
    return mode != NULL && to != NULL && strcmp(mode, "navigate") == 0 &&
           strcmp(to, "document") == 0;
}

/* A page of another site must reach nothing here: not by a name that it made lead to
   this machine (Host), nor from its own scripts, forms and pictures. */
static bool check_origin(exchange *e) {
    const char *host = header(e, MHD_HTTP_HEADER_HOST);
    const char *origin = header(e, "Origin"), *site = header(e, "Sec-Fetch-Site");
    if (count_headers(e, MHD_HTTP_HEADER_HOST) > 1) /* RFC 9112, 3.2 */
        return refuse(e, 400, "there is more than one Host");
    if (host == NULL || !is_known_host(e->server, host))
        return refuse(e, 421, "this server answers to 127.0.0.1 and localhost alone");
    if (origin != NULL &&
        (strncmp(origin, "http://", 7) != 0 || !is_known_host(e->server, origin + 7)))
        return refuse(e, 403, "pages of other sites get no answer");
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0 &&
        !is_followed(e))
        return refuse(e, 403, "pages of other sites get no answer");
    return true;
}

static bool check_body(exchange *e) {
    const char *type = header(e, MHD_HTTP_HEADER_CONTENT_TYPE);
    const char *encoding = header(e, MHD_HTTP_HEADER_CONTENT_ENCODING);
    if (count_headers(e, MHD_HTTP_HEADER_CONTENT_LENGTH) +
            count_headers(e, MHD_HTTP_HEADER_TRANSFER_ENCODING) >
        1) /* RFC 9112, 6.3 */
        return refuse(e, 400, "a body has one length");
    if (encoding != NULL && strcasecmp(encoding, "identity") != 0)
        return refuse(e, 415, "bodies are taken as they are, without an encoding");
    if (type == NULL || (strncasecmp(type, SERVE_GEOJSON, strlen(SERVE_GEOJSON)) != 0 &&
                         strncasecmp(type, SERVE_JSON, strlen(SERVE_JSON)) != 0))
        return refuse(e, 415, "a body has to be application/geo+json");
    return true;
}

static bool check_method(exchange *e, const char *method) {
    bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (get) {
        if (header(e, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
            return refuse(e, 400, "a question with GET has no body");
        return true;
    }
    if (strcmp(method, "POST") != 0 || !e->route->post)
        return refuse(e, 405, "this method has no meaning here");
    e->posted = true;
    return check_body(e);
}

/* False where e->answer refuses. */
static bool check(exchange *e, const char *method) {
    elc_error err = {0};
    if (e->uri == NULL)
        return refuse(e, 503, "no memory");
    if (!check_origin(e))
        return false;
    elc_status status = elc_serve_request_read(e->uri, &e->request, &err);
    if (status != ELC_OK)
        return refuse(e, elc_serve_http_status(status), err.message);
    e->route = elc_serve_route_find(&e->request);
    if (e->route == NULL)
        return refuse(e, 404, "there is no such address");
    status = elc_serve_parameters_check(e->route, &e->request, &err);
    if (status != ELC_OK)
        return refuse(e, elc_serve_http_status(status), err.message);
    return check_method(e, method);
}

/* ---- answers --------------------------------------------------------------------- */

/* Between a suspension and its end nothing is read or sent by others. */
static bool has_gone(void *arg) {
    exchange *e = arg;
    return atomic_load(&e->server->ending) || elc_serve_peer_gone(&e->peer);
}

static void answer(exchange *e) {
    elc_error err = {0};
    serve_patience patience = {has_gone, e};
    serve_call call = {&e->server->shown, &e->request, &e->body, e->server->base,
                       &patience};
    elc_status status = ELC_OK;
    if (e->route->lane != SERVE_AT_ONCE)
        status = elc_serve_still_there(&patience, &err);
    if (status == ELC_OK)
        status = e->route->handler(&call, &e->answer, &err);
    if (status != ELC_OK)
        elc_serve_answer_failure(&e->answer, elc_serve_http_status(status),
                                 err.message);
    else if (e->answer.keep && e->body.size == 0)
        elc_serve_cache_keep(e->server->cache, e->uri, &e->answer);
}

/* libmicrohttpd reads on where it may get another question, and at the end of what a
   client says it ends the connection, before the answer or much later: not where the
   question says that there is none. */
static void expect_no_more(exchange *e) {
    if (elc_serve_peer_ended(&e->peer))
        MHD_set_connection_value(e->connection, MHD_HEADER_KIND,
                                 MHD_HTTP_HEADER_CONNECTION, "close");
}

static void run(serve_job *job) {
    exchange *e = (exchange *)(void *)job;
    struct MHD_Connection *connection = e->connection;
    answer(e);
    expect_no_more(e);
    atomic_store(&e->answered, true);
    MHD_resume_connection(connection);
}

/* False where there are as many downloads as there may be. */
static bool take_file(exchange *e) {
    e->has_file = atomic_fetch_add(&e->server->files, 1) < SERVE_FILES_MOST;
    if (!e->has_file)
        atomic_fetch_sub(&e->server->files, 1);
    return e->has_file;
}

static enum MHD_Result answer_later(exchange *e) {
    bool files = e->route->lane == SERVE_WRITERS;
    serve_work *work = files ? e->server->writers : e->server->work;
    if (files && !take_file(e)) {
        refuse(e, 503, "too many downloads at once; try again");
        return elc_serve_send(e);
    }
    e->job.run = run;
    elc_serve_watch_allow(e->watched, INFINITY);
    MHD_suspend_connection(e->connection);
    if (!elc_serve_work_add(work, &e->job)) {
        elc_serve_answer_failure(&e->answer, 503,
                                 "too much is asked at once; try again");
        atomic_store(&e->answered, true);
        MHD_resume_connection(e->connection);
    }
    return MHD_YES;
}

static enum MHD_Result answer_whole(exchange *e) {
    expect_no_more(e);
    if (elc_serve_has_it(e)) {
        e->answer.status = 304;
        return elc_serve_send(e);
    }
    if (e->body.size == 0 && elc_serve_cache_find(e->server->cache, e->uri, &e->answer))
        return elc_serve_send(e);
    if (e->route->lane != SERVE_AT_ONCE)
        return answer_later(e);
    answer(e);
    return elc_serve_send(e);
}

/* ---- steps ----------------------------------------------------------------------- */

/* Each parameter would take libmicrohttpd 64 bytes of the connection's memory, and
   where that is full no answer comes. They are read from e->uri instead (request.c), so
   that it need not see any: its text, which lies in a buffer that it writes itself,
   ends where they begin. */
static void hide_parameters(const char *uri) {
    char *mark = (char *)(uintptr_t)strchr(uri, '?');
    if (mark != NULL)
        mark[1] = '\0';
}

void *elc_serve_exchange_begin(void *server, const char *uri,
                               struct MHD_Connection *connection) {
    exchange *e;
    if (elc_alloc(1, sizeof *e, &e, NULL) != ELC_OK)
        return NULL;
    e->server = server;
    e->connection = connection;
    elc_strdup(uri, &e->uri, NULL);
    hide_parameters(uri);
    return e;
}

static enum MHD_Result begin(exchange *e, const char *method, const char *version) {
    e->begun = true;
    e->get = strcmp(method, MHD_HTTP_METHOD_GET) == 0;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(e->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    e->peer.socket = info == NULL ? -1 : info->connect_fd;
    e->peer.old = strcmp(version, MHD_HTTP_VERSION_1_1) != 0;
    info = MHD_get_connection_info(e->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    e->watched = info == NULL ? NULL : info->socket_context;
    return check(e, method) ? MHD_YES : elc_serve_send(e);
}

static enum MHD_Result take_body(exchange *e, const char *upload, size_t *size) {
    if (e->answer.status != 0) { /* refused already: the rest is passed over */
        *size = 0;
        return MHD_YES;
    }
    if (!e->posted)
        refuse(e, 400, "a question with GET has no body");
    else if (e->body.size + *size > SERVE_BODY_MOST)
        refuse(e, 413, "the body has more than 1 MiB");
    else if (elc_string_append(&e->body, upload, *size, NULL) != ELC_OK)
        refuse(e, 503, "no memory");
    *size = 0;
    return MHD_YES;
}

enum MHD_Result elc_serve_exchange_go_on(void *server,
                                         struct MHD_Connection *connection,
                                         const char *url, const char *method,
                                         const char *version, const char *upload,
                                         size_t *upload_size, void **state) {
    (void)server, (void)connection, (void)url;
    exchange *e = *state;
    if (e == NULL)
        return MHD_NO;
    if (!e->begun)
        return begin(e, method, version);
    if (*upload_size > 0)
        return take_body(e, upload, upload_size);
    if (atomic_load(&e->answered) || e->answer.status != 0)
        return elc_serve_send(e);
    return answer_whole(e);
}

void elc_serve_exchange_end(void *server, struct MHD_Connection *connection,
                            void **state, enum MHD_RequestTerminationCode why) {
    (void)server, (void)connection, (void)why;
    exchange *e = *state;
    *state = NULL;
    if (e == NULL)
        return;
    if (e->has_file)
        atomic_fetch_sub(&e->server->files, 1);
    elc_serve_watch_ask(e->watched, atomic_load(&e->server->asking_s));
    elc_serve_request_clear(&e->request);
    elc_serve_answer_clear(&e->answer);
    elc_string_free(&e->body);
    free(e->uri);
    free(e);
}

void elc_serve_connection(void *server, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what) {
    elc_server *s = server;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        elc_serve_watch_end(*state);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *state = info == NULL ? NULL : elc_serve_watch_begin(s->watch, info->connect_fd);
    elc_serve_watch_ask(*state, atomic_load(&s->asking_s));
}
