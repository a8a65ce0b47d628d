/* answer.h - what is answered: bytes or a file, and what is said of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_ANSWER_H
#define ELCANO_SRC_SERVE_ANSWER_H

#include <elcano/base.h>

#include <jansson.h>

#define SERVE_JSON    "application/json"
#define SERVE_GEOJSON "application/geo+json"

/* Start with {0}. */
typedef struct serve_answer {
    int status; /* of HTTP; 0: 200 */
    const char *type;
    elc_string body;   /* owned */
    const void *fixed; /* bytes that outlive the server, instead of a body */
    size_t fixed_size;
    int file; /* an open file, instead of a body; 0: none. Owned */
    uint64_t file_size;
    char download[300]; /* the name that the client keeps it by; "": none */
    bool keep;          /* may be sent again for the same address */
} serve_answer;

void elc_serve_answer_clear(serve_answer *answer);
/* Makes JSON the body; takes the reference, which may be NULL where memory failed. */
elc_status elc_serve_answer_json(serve_answer *answer, const char *type, json_t *json,
                                 elc_error *err);
/* The answer that a failure is: its status and its message as JSON. */
void elc_serve_answer_failure(serve_answer *answer, int http, const char *message);
int elc_serve_http_status(elc_status status);
/* JSON text of bytes that need not be UTF-8: what is none becomes '?'. */
json_t *elc_serve_text(const char *text, size_t size);

#endif
