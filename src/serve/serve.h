/* serve.h - what the server holds, and how an address is answered. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_SERVE_H
#define ELCANO_SRC_SERVE_SERVE_H

#include <elcano/image.h>
#include <elcano/serve.h>

#include "serve/answer.h"
#include "serve/select.h"

/* A layer of zones, as the GeoJSON that it was made to once. */
typedef struct serve_zones {
    char *name, *label;
    elc_string geojson;
    size_t n;
} serve_zones;

/* All that is shown. It does not change once it is made. */
typedef struct serve_shown {
    serve_layer **layers;
    size_t n_layers;
    serve_zones *zones;
    size_t n_zones;
    elc_mosaic *imagery; /* NULL: none */
} serve_shown;

elc_status elc_serve_shown_make(const elc_server_options *options,
                                const elc_context *context, serve_shown *out,
                                elc_error *err);
void elc_serve_shown_clear(serve_shown *shown);

/* One question. */
typedef struct serve_call {
    const serve_shown *shown;
    const serve_request *request;
    const elc_string *body; /* of POST; NULL: none */
    const char *base;       /* "http://127.0.0.1:8080" */
    const serve_patience *patience;
} serve_call;

/* A failure is answered as its status says. */
typedef elc_status (*serve_handler)(const serve_call *call, serve_answer *answer,
                                    elc_error *err);

/* Who answers. */
typedef enum serve_lane {
    SERVE_AT_ONCE, /* who listens */
    SERVE_WORKERS,
    SERVE_WRITERS /* who writes files, few at a time, so that workers are left for
                     others */
} serve_lane;

typedef struct serve_route {
    const char *pattern; /* segments, "*" being any; "" is the root */
    serve_handler handler;
    bool post; /* a polygon may be posted, too */
    serve_lane lane;
    const char *const *parameters; /* names, and a NULL; NULL: none */
} serve_route;

/* NULL: there is none. */
const serve_route *elc_serve_route_find(const serve_request *request);
/* ELC_E_ARGUMENT for a parameter that the route does not know, so that a mistyped one
   is not passed over (OGC API - Features 1.0, /req/core/query-param-unknown). */
elc_status elc_serve_parameters_check(const serve_route *route,
                                      const serve_request *request, elc_error *err);

/* ---- what handlers share --------------------------------------------------------- */

/* The layer that a segment names. */
elc_status elc_serve_layer_named(const serve_call *call, size_t segment,
                                 const serve_layer **out, elc_error *err);
/* The tile that three segments name, zooms up to `most`. */
elc_status elc_serve_tile_read(const serve_call *call, size_t segment, int most,
                               elc_quad *out, elc_error *err);
/* A whole number of a parameter, between two; `fallback` without it. */
elc_status elc_serve_count_read(const serve_request *request, const char *name,
                                int64_t least, int64_t most, int64_t fallback,
                                int64_t *out, elc_error *err);
/* The polygon that was posted as GeoJSON (a geometry, a feature, or a collection of
   one), else that of the parameter `within` as WKT; appended to `wkb`, nothing without
   one. */
elc_status elc_serve_polygon_read(const serve_call *call, elc_string *wkb,
                                  elc_error *err);
/* A row as a GeoJSON feature in longitude and latitude. `way` as of
   elc_serve_layer_way(). */
elc_status elc_serve_feature(const serve_layer *layer, size_t row, elc_transform *way,
                             json_t **out, elc_error *err);

/* A timestamp's microseconds, or a date's days, as ISO 8601 in UTC; JSON's null beyond
   the years that that can say. */
json_t *elc_serve_time(int64_t value, bool date);
/* The colours of density tiles, at equal steps of the logarithm, and how many objects a
   cell of the last colour has: "#rrggbb" each. */
json_t *elc_serve_density(void);
enum { SERVE_LIMIT = 10, SERVE_LIMIT_MOST = 10000 }; /* items of a page */

/* ---- handlers, by their files ---------------------------------------------------- */

elc_status elc_serve_page(const serve_call *call, serve_answer *answer, elc_error *err);
elc_status elc_serve_info(const serve_call *call, serve_answer *answer, elc_error *err);
elc_status elc_serve_points(const serve_call *call, serve_answer *answer,
                            elc_error *err);
elc_status elc_serve_tilejson(const serve_call *call, serve_answer *answer,
                              elc_error *err);
elc_status elc_serve_imagery(const serve_call *call, serve_answer *answer,
                             elc_error *err);
elc_status elc_serve_chip(const serve_call *call, serve_answer *answer, elc_error *err);
elc_status elc_serve_zones_json(const serve_call *call, serve_answer *answer,
                                elc_error *err);
elc_status elc_serve_summary(const serve_call *call, serve_answer *answer,
                             elc_error *err);
elc_status elc_serve_download(const serve_call *call, serve_answer *answer,
                              elc_error *err);
elc_status elc_serve_detail(const serve_call *call, serve_answer *answer,
                            elc_error *err);
elc_status elc_serve_landing(const serve_call *call, serve_answer *answer,
                             elc_error *err);
elc_status elc_serve_conformance(const serve_call *call, serve_answer *answer,
                                 elc_error *err);
elc_status elc_serve_api(const serve_call *call, serve_answer *answer, elc_error *err);
elc_status elc_serve_collections(const serve_call *call, serve_answer *answer,
                                 elc_error *err);
elc_status elc_serve_collection(const serve_call *call, serve_answer *answer,
                                elc_error *err);
elc_status elc_serve_items(const serve_call *call, serve_answer *answer,
                           elc_error *err);
elc_status elc_serve_item(const serve_call *call, serve_answer *answer, elc_error *err);

#endif
