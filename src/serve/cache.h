/* cache.h - answers that are kept, so that a tile is drawn once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_CACHE_H
#define ELCANO_SRC_SERVE_CACHE_H

#include "serve/answer.h"

typedef struct serve_cache serve_cache;

/* Keeps at most so many bytes. */
elc_status elc_serve_cache_create(size_t most, serve_cache **out, elc_error *err);
/* Copies what is kept for an address; false without it. Any thread. */
bool elc_serve_cache_find(serve_cache *cache, const char *uri, serve_answer *out);
/* Keeps a copy, where there is memory; the oldest make room. */
void elc_serve_cache_keep(serve_cache *cache, const char *uri,
                          const serve_answer *answer);
void elc_serve_cache_free(serve_cache *cache);

#endif
