/* request.c - an address taken apart, without believing any of its bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/request.h"

#include <stdlib.h>
#include <string.h>

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

typedef enum piece { SEGMENT, NAME, VALUE } piece;

static bool may_stand(char c, piece what) {
    bool control = (unsigned char)c < 0x20 || c == 0x7f;
    return c != '\0' && (what == VALUE || !control);
}

/* Decodes a piece in place, which only becomes shorter. A plus sign is a blank in
   parameters (WHATWG URL, 5.1). */
static elc_status decode(char *text, piece what, elc_error *err) {
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;
        if (c == '%') {
            int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);
            if (low < 0)
                return elc_fail(err, ELC_E_ARGUMENT,
                                "the address has a %% without two hex digits");
            c = (char)(high << 4 | low);
            from += 2;
        } else if (what != SEGMENT && c == '+') {
            c = ' ';
        }
        if (!may_stand(c, what))
            return elc_fail(err, ELC_E_ARGUMENT, "the address has a control character");
        *to++ = c;
    }
    *to = '\0';
    if (!elc_utf8_valid(text, (size_t)(to - text)))
        return elc_fail(err, ELC_E_ARGUMENT, "the address is not UTF-8");
    return ELC_OK;
}

static elc_status add_segment(serve_request *r, char *text, elc_error *err) {
    if (r->n_segments == SERVE_SEGMENTS)
        return elc_fail(err, ELC_E_ARGUMENT, "the path has more than %d segments",
                        SERVE_SEGMENTS);
    ELC_TRY(decode(text, SEGMENT, err));
    if (*text == '\0' || strcmp(text, ".") == 0 || strcmp(text, "..") == 0 ||
        strpbrk(text, "/\\") != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the path has a segment that names nothing");
    r->segments[r->n_segments++] = text;
    return ELC_OK;
}

/* A slash at the end of a path is passed over. */
static elc_status read_path(serve_request *r, char *path, elc_error *err) {
    while (path != NULL && *path != '\0') {
        char *next = strchr(path, '/');
        if (next != NULL)
            *next++ = '\0';
        ELC_TRY(add_segment(r, path, err));
        path = next;
    }
    return ELC_OK;
}

static elc_status add_parameter(serve_request *r, char *text, elc_error *err) {
    if (r->n_parameters == SERVE_PARAMETERS)
        return elc_fail(err, ELC_E_ARGUMENT, "the address has more than %d parameters",
                        SERVE_PARAMETERS);
    char *value = strchr(text, '=');
    if (value != NULL)
        *value++ = '\0';
    else
        value = text + strlen(text);
    ELC_TRY(decode(text, NAME, err));
    ELC_TRY(decode(value, VALUE, err));
    r->parameters[r->n_parameters++] = (serve_parameter){text, value};
    return ELC_OK;
}

static elc_status read_query(serve_request *r, char *query, elc_error *err) {
    while (query != NULL) {
        char *next = strchr(query, '&');
        if (next != NULL)
            *next++ = '\0';
        if (*query != '\0')
            ELC_TRY(add_parameter(r, query, err));
        query = next;
    }
    return ELC_OK;
}

static elc_status read_all(serve_request *r, const char *uri, elc_error *err) {
    ELC_TRY(elc_strdup(uri, &r->text, err));
    ELC_TRY(elc_alloc(SERVE_PARAMETERS, sizeof *r->parameters, &r->parameters, err));
    char *query = strchr(r->text, '?');
    if (query != NULL)
        *query++ = '\0';
    ELC_TRY(read_path(r, r->text + 1, err));
    return read_query(r, query, err);
}

elc_status elc_serve_request_read(const char *uri, serve_request *out, elc_error *err) {
    if (strnlen(uri, SERVE_URI_MOST + 1) > SERVE_URI_MOST)
        return elc_fail(err, ELC_E_ARGUMENT, "the address has more than %d bytes",
                        SERVE_URI_MOST);
    if (uri[0] != '/')
        return elc_fail(err, ELC_E_ARGUMENT, "the address does not begin with a slash");
    serve_request made = {0};
    elc_status status = read_all(&made, uri, err);
    if (status != ELC_OK)
        elc_serve_request_clear(&made);
    else
        *out = made;
    return status;
}

void elc_serve_request_clear(serve_request *request) {
    free(request->text);
    free(request->parameters);
    *request = (serve_request){0};
}

const char *elc_serve_parameter(const serve_request *request, const char *name,
                                size_t *from) {
    for (size_t i = from == NULL ? 0 : *from; i < request->n_parameters; i++) {
        if (strcmp(request->parameters[i].name, name) != 0)
            continue;
        if (from != NULL)
            *from = i + 1;
        return request->parameters[i].value;
    }
    return NULL;
}
