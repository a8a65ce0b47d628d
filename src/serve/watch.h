/* watch.h - connections that have taken too long are ended, however busy they seem. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_WATCH_H
#define ELCANO_SRC_SERVE_WATCH_H

#include <elcano/base.h>

typedef struct serve_watch serve_watch;
typedef struct serve_watched serve_watched; /* a connection */

/* Begins a thread of its own. */
elc_status elc_serve_watch_create(serve_watch **out, elc_error *err);
/* Ends the thread; connections must have ended before. NULL is fine. */
void elc_serve_watch_free(serve_watch *watch);

/* A socket is looked after until elc_serve_watch_end(), which must come before it is
   closed. NULL: no memory, which the functions below take. */
serve_watched *elc_serve_watch_begin(serve_watch *watch, int socket);
void elc_serve_watch_end(serve_watched *watched);
/* It is shut down where neither of these is called again within so many seconds;
   INFINITY: it may take as long as it likes. One that is asking, or asks nothing, gets
   SERVE_HURRY_S at most while there are more than SERVE_CROWD, so that those who ask
   nothing do not hold the places of others. */
enum { SERVE_CROWD = 256, SERVE_HURRY_S = 3 };
void elc_serve_watch_allow(serve_watched *watched, double seconds);
void elc_serve_watch_ask(serve_watched *watched, double seconds);

#endif
