/* serve.h - a map in the browser: tables and images of this machine, over HTTP. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SERVE_H
#define ELCANO_SERVE_H

#include <elcano/base.h>

ELC_BEGIN

/* What is shown. All is borrowed and read before elc_server_create returns. */
typedef struct elc_server_options {
    /* Tables of detections, as elc_layer_open takes them, held in memory; at least one. */
    const char *const *layers;
    size_t n_layers;
    /* Tables of polygons that are drawn beneath; may be none. */
    const char *const *zones;
    size_t n_zones;
    /* Images, as elc_images_find takes them; may be none. */
    const char *const *imagery;
    size_t n_imagery;
    /* Columns of the layers: names, or NULL for `class`, `score`, and the first column
       that has times. One that is named must be in every layer. */
    const char *class_column, *score_column, *time_column;
    int port; /* 0: any that is free */
} elc_server_options;

/* A server on 127.0.0.1, which answers on threads of its own from elc_server_create on.
   docs/map.md has its addresses. */
typedef struct elc_server elc_server;

/* ELC_E_NOT_FOUND for files and columns that are not there, ELC_E_ARGUMENT for a layer
   without geometry or whose classes are more than 65,534, ELC_E_IO for a port that is
   taken, ELC_E_MEMORY, ELC_E_CANCELLED. `context` may be NULL; it hears of images that
   have no place and of rows that are off the map, and is not used afterwards. */
elc_status elc_server_create(const elc_server_options *options,
                             const elc_context *context, elc_server **out,
                             elc_error *err);
/* The port that it listens on. */
int elc_server_port(const elc_server *server);
/* Ends all connections, waits for what is being answered, and frees. NULL is fine. */
void elc_server_free(elc_server *server);

ELC_END
#endif
