/* send.c - an answer with all that is said of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "serve/exchange.h"
#include "serve/names.h"

#define RETRY_S "5"

static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: "
     "data:; "
     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "private, no-cache"},
    {"Server", "elcano"},
};

/* What an address is answered does not change while the server runs. */
static void tag_of(const exchange *e, char out[64]) {
    snprintf(out, 64, "\"%s-%016llx\"", e->server->nonce,
             (unsigned long long)elc_serve_hash(e->uri, strlen(e->uri)));
}

static bool is_get(const exchange *e) {
    return e->route != NULL && e->uri != NULL && e->body.size == 0;
}

bool elc_serve_has_it(const exchange *e) {
    char tag[64];
    const char *sent = MHD_lookup_connection_value(e->connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_IF_NONE_MATCH);
    if (sent == NULL || !is_get(e))
        return false;
    tag_of(e, tag);
    return strstr(sent, tag) != NULL;
}

static uint64_t size_of(const serve_answer *a) {
    return a->file > 0 ? a->file_size : a->fixed != NULL ? a->fixed_size : a->body.size;
}

static struct MHD_Response *response_of(serve_answer *a) {
    struct MHD_Response *made;
    if (a->file > 0) {
        made = MHD_create_response_from_fd64(a->file_size, a->file);
        if (made != NULL)
            a->file = 0;
        return made;
    }
    if (a->fixed != NULL)
        return MHD_create_response_from_buffer(
            a->fixed_size, (void *)(uintptr_t)a->fixed, MHD_RESPMEM_PERSISTENT);
    made = MHD_create_response_from_buffer(
        a->body.size, a->body.data,
        a->body.data == NULL ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE);
    if (made != NULL)
        a->body = (elc_string){0};
    return made;
}

static void say_download(struct MHD_Response *r, const char *name) {
    char text[400];
    snprintf(text, sizeof text, "attachment; filename=\"%s\"", name);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_DISPOSITION, text);
}

enum MHD_Result elc_serve_send(exchange *e) {
    serve_answer *a = &e->answer;
    unsigned status = a->status == 0 ? 200 : (unsigned)a->status;
    const char *type = a->type;
    elc_serve_watch_allow(e->watched,
                          atomic_load(&e->server->sending_s) +
                              (double)size_of(a) / atomic_load(&e->server->bytes_s));
    struct MHD_Response *r = response_of(a);
    if (r == NULL)
        return MHD_NO;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        MHD_add_response_header(r, headers[i][0], headers[i][1]);
    if (type != NULL)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (a->download[0] != '\0')
        say_download(r, a->download);
    if (status == 503)
        MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_S);
    if (status == 405)
        MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW,
                                e->route != NULL && e->route->post ? "GET, HEAD, POST"
                                                                   : "GET, HEAD");
    char tag[64];
    if ((status == 200 || status == 304) && is_get(e)) {
        tag_of(e, tag);
        MHD_add_response_header(r, MHD_HTTP_HEADER_ETAG, tag);
    }
    enum MHD_Result sent = MHD_queue_response(e->connection, status, r);
    MHD_destroy_response(r);
    return sent;
}
