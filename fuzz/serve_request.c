/* serve_request.c - fuzzes what the map's server reads of an address: its path and
   parameters, filters, boxes, times and polygons. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A layer of three classes, with scores and times and without rows. */
static serve_layer *empty_layer(void) {
    static char bus[] = "bus", car[] = "car", truck[] = "truck", name[] = "layer";
    static char *names[] = {bus, car, truck};
    static float score;
    static int64_t time;
    static serve_layer layer = {.scores = &score, .times = &time};
    layer.name = name;
    layer.class_names = (elc_names){names, 3, 3};
    return &layer;
}

static void read_polygon(const serve_request *request) {
    elc_string wkb = {0};
    serve_call call = {.request = request};
    if (elc_serve_polygon_read(&call, &wkb, NULL) == ELC_OK && wkb.size > 0 &&
        elc_wkb_check(wkb.data, wkb.size, NULL) != ELC_OK)
        abort();
    elc_string_free(&wkb);
}

static void read_filter(const serve_request *request) {
    serve_filter filter;
    if (elc_serve_filter_read(request, empty_layer(), &filter, NULL) != ELC_OK)
        return;
    if (filter.has_time && filter.time_low == INT64_MIN)
        abort();
    if (filter.has_box && !(filter.box[1] <= filter.box[3]))
        abort();
    elc_serve_filter_clear(&filter);
}

static void read_tile(const serve_request *request) {
    elc_quad tile;
    serve_call call = {.request = request};
    if (request->n_segments == 6 &&
        elc_serve_tile_read(&call, 3, SERVE_ZOOM, &tile, NULL) == ELC_OK &&
        (tile.zoom > SERVE_ZOOM || tile.x < 0 || tile.y < 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *uri = malloc(size + 1);
    serve_request request;
    if (uri == NULL)
        return 0;
    memcpy(uri, data, size);
    uri[size] = '\0';
    if (elc_serve_request_read(uri, &request, NULL) == ELC_OK) {
        for (size_t i = 0; i < request.n_segments; i++)
            if (strchr(request.segments[i], '/') || !strcmp(request.segments[i], ".."))
                abort();
        elc_serve_route_find(&request);
        read_filter(&request);
        read_polygon(&request);
        read_tile(&request);
        elc_serve_request_clear(&request);
    }
    free(uri);
    return 0;
}
