/* send.c - an answer with all that is said of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "serve/exchange.h"
#include "serve/names.h"
#include "serve/range.h"

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

static const char *header(const exchange *e, const char *name) {
    return MHD_lookup_connection_value(e->connection, MHD_HEADER_KIND, name);
}

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
    const char *sent = header(e, MHD_HTTP_HEADER_IF_NONE_MATCH);
    if (sent == NULL || !is_get(e))
        return false;
    tag_of(e, tag);
    return strstr(sent, tag) != NULL;
}

static uint64_t size_of(const serve_answer *a) {
    return a->file > 0 ? a->file_size : a->fixed != NULL ? a->fixed_size : a->body.size;
}

/* ---- parts ----------------------------------------------------------------------- */

typedef struct part {
    serve_range kind;
    uint64_t first, n, size; /* bytes that are sent, of so many */
} part;

/* What is asked for; all of it where the client knows an answer of another tag. */
static part find_part(const exchange *e) {
    char tag[64];
    uint64_t size = size_of(&e->answer);
    part whole = {SERVE_WHOLE, 0, size, size}, found = whole;
    const char *range = header(e, MHD_HTTP_HEADER_RANGE);
    const char *known = header(e, MHD_HTTP_HEADER_IF_RANGE);
    if (range == NULL || e->answer.status != 0 || !e->get || !is_get(e))
        return whole;
    tag_of(e, tag);
    if (known != NULL && strcmp(known, tag) != 0)
        return whole;
    found.kind = elc_serve_range_read(range, size, &found.first, &found.n);
    return found;
}

static void say_part(struct MHD_Response *r, const part *p) {
    char text[80];
    if (p->kind == SERVE_PART)
        snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, p->first,
                 p->first + p->n - 1, p->size);
    else
        snprintf(text, sizeof text, "bytes */%" PRIu64, p->size);
    if (p->kind != SERVE_WHOLE)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_RANGE, text);
}

/* ---- responses ------------------------------------------------------------------- */

static struct MHD_Response *response_of(serve_answer *a, const part *p) {
    struct MHD_Response *made;
    if (a->file > 0) {
        made = MHD_create_response_from_fd_at_offset64(p->n, a->file, p->first);
        if (made != NULL)
            a->file = 0;
        return made;
    }
    if (a->fixed != NULL)
        return MHD_create_response_from_buffer(
            p->n, (char *)(uintptr_t)a->fixed + p->first, MHD_RESPMEM_PERSISTENT);
    if (p->first > 0)
        memmove(a->body.data, a->body.data + p->first, p->n);
    made = MHD_create_response_from_buffer(
        p->n, a->body.data,
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

static void say_status(const exchange *e, unsigned status, struct MHD_Response *r) {
    char tag[64];
    if (status == 503)
        MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_S);
    if (status == 405)
        MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW,
                                e->route != NULL && e->route->post ? "GET, HEAD, POST"
                                                                   : "GET, HEAD");
    if (status >= 400 || !is_get(e))
        return;
    tag_of(e, tag);
    MHD_add_response_header(r, MHD_HTTP_HEADER_ETAG, tag);
    MHD_add_response_header(r, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
}

enum MHD_Result elc_serve_send(exchange *e) {
    serve_answer *a = &e->answer;
    part p = find_part(e);
    if (p.kind == SERVE_NO_PART) {
        elc_serve_answer_failure(a, 416, "Range: the answer has no such bytes");
        p.n = a->body.size;
        p.first = 0;
    }
    unsigned whole = p.kind == SERVE_PART ? 206 : 200;
    unsigned status = a->status == 0 ? whole : (unsigned)a->status;
    elc_serve_watch_allow(e->watched,
                          atomic_load(&e->server->sending_s) +
                              (double)p.n / atomic_load(&e->server->bytes_s));
    struct MHD_Response *r = response_of(a, &p);
    if (r == NULL)
        return MHD_NO;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        MHD_add_response_header(r, headers[i][0], headers[i][1]);
    if (a->type != NULL)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, a->type);
    if (a->download[0] != '\0')
        say_download(r, a->download);
    say_part(r, &p);
    say_status(e, status, r);
    enum MHD_Result sent = MHD_queue_response(e->connection, status, r);
    MHD_destroy_response(r);
    return sent;
}
