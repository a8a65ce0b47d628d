/* exchange.h - a request from its first line to its answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_EXCHANGE_H
#define ELCANO_SRC_SERVE_EXCHANGE_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "serve/cache.h"
#include "serve/peer.h"
#include "serve/serve.h"
#include "serve/watch.h"
#include "serve/work.h"

enum {
    SERVE_BODY_MOST = 1 << 20,
    SERVE_FILES_MOST = 16,   /* downloads being written or sent */
    SERVE_ASKING_S = 30,     /* from the first byte of a question to its last */
    SERVE_SENDING_S = 30,    /* of an answer, and more for its size: */
    SERVE_BYTES_S = 64 << 10 /* bytes a second, at least */
};

struct elc_server {
    serve_shown shown;
    struct MHD_Daemon *daemon;
    serve_cache *cache;
    serve_work *work, *writers;
    serve_watch *watch;
    atomic_int files;                        /* downloads being written or sent */
    atomic_int asking_s, sending_s, bytes_s; /* as above; tests are less patient */
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
    bool begun, get, posted, has_file; /* it counts among the server's `files` */
    serve_watched *watched;
    serve_peer peer;
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

/* Callback of libmicrohttpd: a connection begins and ends. */
void elc_serve_connection(void *server, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what);

/* Sends e->answer, which is taken. */
enum MHD_Result elc_serve_send(exchange *e);
/* Says 304 where the client has the answer already, which is then sent. */
bool elc_serve_has_it(const exchange *e);

#endif
