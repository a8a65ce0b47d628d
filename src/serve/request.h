/* request.h - what a client asks for: the path and the parameters of an address. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_REQUEST_H
#define ELCANO_SRC_SERVE_REQUEST_H

#include <elcano/base.h>

enum {
    SERVE_URI_MOST = 16 << 10,
    SERVE_SEGMENTS = 8, /* of a path, at most */
    SERVE_PARAMETERS = 256
};

typedef struct serve_parameter {
    const char *name, *value;
} serve_parameter;

/* Texts are decoded, UTF-8, without control characters but in values, and owned by
   `text`. */
typedef struct serve_request {
    char *text;
    const char *segments[SERVE_SEGMENTS];
    size_t n_segments;
    serve_parameter *parameters;
    size_t n_parameters;
} serve_request;

/* Reads "/tiles/points/a%20b/3/1/2?class=car&score=0.5/1". ELC_E_ARGUMENT for what is
   no such address: one that is longer than SERVE_URI_MOST, that does not begin with a
   slash, a percent sign without two hex digits, bytes that are not UTF-8, control
   characters but in values, NUL in values, empty segments, ".", "..", a slash or
   backslash inside of a segment, and more segments or parameters than there may be. */
elc_status elc_serve_request_read(const char *uri, serve_request *out, elc_error *err);
void elc_serve_request_clear(serve_request *request);

/* The value of the first parameter of that name after *from (an index, which is moved
   on; NULL: the first of all), or NULL. */
const char *elc_serve_parameter(const serve_request *request, const char *name,
                                size_t *from);

#endif
