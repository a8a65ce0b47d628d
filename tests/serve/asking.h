/* asking.h - a server of a few rows, and requests that are sent to it as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_ASKING_H
#define ELCANO_TESTS_ASKING_H

#include <elcano/serve.h>

#include <jansson.h>

enum { ASKING_ROWS = 500 };

/* Places of the rows: degrees in a square of 0.1 round (10, 20). */
typedef struct asking_row {
    double lon, lat;
    const char *name; /* of the class */
    double score;
} asking_row;
extern asking_row asking_rows[ASKING_ROWS];

/* Starts a server of a layer `v` of these; fails the test where that fails. */
elc_server *asking_server(void);
/* The same of the layer of a file, which is called as it is without its ending. */
elc_server *asking_server_of(const char *path);

/* A connection to it. */
int asking_connect(const elc_server *server);

/* Sends bytes on a connection of their own, reads until the server ends
   it or is silent for three seconds, and gives the status; 0: no answer. The answer is
   in `asking_answer`, headers first, and its body at `asking_body`. */
int asking_send(const elc_server *server, const char *bytes, size_t size);
/* The same of a client that says no more then (shutdown of its side). */
int asking_send_all(const elc_server *server, const char *bytes, size_t size);
/* "GET path" with the headers that a browser would send, and more. */
int asking_get(const elc_server *server, const char *path, const char *more);
int asking_post(const elc_server *server, const char *path, const char *headers,
                const char *body, size_t size);
extern elc_string asking_answer;
extern const char *asking_body;
extern size_t asking_body_size;
/* The body as JSON, and a whole number in it; fail the test where it is none. */
json_t *asking_json(void);
json_int_t asking_number(const char *key);

#endif
