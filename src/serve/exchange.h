/* exchange.h - a request from its first line to its answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_EXCHANGE_H
#define ELCANO_SRC_SERVE_EXCHANGE_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "serve/cache.h"
#include "serve/serve.h"
#include "serve/work.h"

enum { SERVE_BODY_MOST = 1 << 20 };

struct elc_server {
    serve_shown shown;
    struct MHD_Daemon *daemon;
    serve_cache *cache;
    serve_work *work;
    int port;
    char base[40];     /* "http://127.0.0.1:8080" */
    char hosts[2][32]; /* what a client may call it */
    char nonce[17];    /* of this server's answers, in their tags */
    atomic_bool ending;
};

typedef struct exchange {
    serve_job job; /* the first member: a job is its exchange */
    elc_server *server;
    struct MHD_Connection *connection;
    char *uri; /* as it was sent; NULL: no memory */
    serve_request request;
    const serve_route *route;
    elc_string body;
    serve_answer answer;
    atomic_bool answered;
    bool begun, posted;
    int socket;
} exchange;

/* Callbacks of libmicrohttpd: a request begins, goes on and ends. */
void *elc_serve_exchange_begin(void *server, const char *uri,
                               struct MHD_Connection *connection);
enum MHD_Result elc_serve_exchange_go_on(void *server,
                                         struct MHD_Connection *connection,
                                         const char *url, const char *method,
                                         const char *version, const char *upload,
                                         size_t *upload_size, void **state);
void elc_serve_exchange_end(void *server, struct MHD_Connection *connection,
                            void **state, enum MHD_RequestTerminationCode why);

/* Sends e->answer, which is taken. */
enum MHD_Result elc_serve_send(exchange *e);
/* Says 304 where the client has the answer already, which is then sent. */
bool elc_serve_has_it(const exchange *e);

#endif
