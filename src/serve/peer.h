/* peer.h - whether a client still waits for its answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_PEER_H
#define ELCANO_SRC_SERVE_PEER_H

#include <elcano/base.h>

/* Start with {.socket = ...}. */
typedef struct serve_peer {
    int socket;
    bool old; /* it speaks HTTP/1.0 */
    bool asked;
} serve_peer;

/* One that says no more (shutdown of its side) and one that has closed the connection
   look the same until something is sent to them: only the latter's system says then
   that nobody is there. So an interim answer is sent, once, which clients of HTTP/1.1
   pass over (RFC 9110, 15.2); those of HTTP/1.0 do not know any, and are taken to be
   there. To be asked while nobody else sends, before the answer. */
bool elc_serve_peer_gone(serve_peer *peer);
/* It says no more, whether it is there or not. */
bool elc_serve_peer_ended(const serve_peer *peer);

#endif
