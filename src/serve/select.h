/* select.h - the rows of a layer that a filter, and a polygon, let pass. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_SELECT_H
#define ELCANO_SRC_SERVE_SELECT_H

#include "serve/filter.h"

/* Who asks, and whether they are still there. */
typedef struct serve_patience {
    bool (*gone)(void *arg); /* NULL: they wait for ever */
    void *arg;
} serve_patience;

/* ELC_E_CANCELLED once who asked has gone. */
elc_status elc_serve_still_there(const serve_patience *patience, elc_error *err);

/* A polygon in longitude and latitude, as WKB; `wkb` NULL: everywhere. */
typedef struct serve_within {
    const void *wkb;
    size_t size;
} serve_within;

/* Calls body() with each place (an index by code) that passes, in the order of codes:
   whose geometry, brought to longitude and latitude, meets the filter's box and the
   polygon, whose edges are straight there. For layers in degrees that is what `elcano
   join --predicate intersects` has; of others join brings the polygon's corners to the
   layer's CRS. ELC_E_ARGUMENT for a polygon that is none. */
typedef elc_status (*serve_visit)(void *arg, size_t place, elc_error *err);
elc_status elc_serve_select(const serve_layer *layer, const serve_filter *filter,
                            const serve_within *within, const serve_patience *patience,
                            serve_visit body, void *arg, elc_error *err);

/* The same as numbers of rows, rising. *out is the caller's. */
elc_status elc_serve_select_rows(const serve_layer *layer, const serve_filter *filter,
                                 const serve_within *within,
                                 const serve_patience *patience, uint32_t **out,
                                 size_t *n, elc_error *err);

#endif
