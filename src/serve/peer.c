/* peer.c - whether a client still waits for its answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/peer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { REPLY_MS = 1 }; /* on this machine a reset comes at once */

/* What a socket says, within so many milliseconds. */
static short look(int socket, short events, int wait) {
    struct pollfd one = {.fd = socket, .events = events};
    return poll(&one, 1, wait) > 0 ? one.revents : 0;
}

static bool is_over(short said) {
    return (said & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

bool elc_serve_peer_ended(const serve_peer *peer) {
    return (look(peer->socket, POLLRDHUP, 0) & POLLRDHUP) != 0;
}

bool elc_serve_peer_gone(serve_peer *peer) {
    static const char interim[] = "HTTP/1.1 102 Processing\r\n\r\n";
    short said = look(peer->socket, POLLRDHUP, 0);
    if (is_over(said))
        return true;
    if ((said & POLLRDHUP) == 0 || peer->old || peer->asked)
        return false;
    ssize_t n =
        send(peer->socket, interim, strlen(interim), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) /* there may be no room yet for what nobody reads */
        return errno != EAGAIN && errno != EINTR;
    peer->asked = true;
    return (size_t)n < strlen(interim) || is_over(look(peer->socket, 0, REPLY_MS));
}
