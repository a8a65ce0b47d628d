/* serve_request.c - fuzzes what the map's server reads of an address: its path and
   parameters, filters, boxes, times and polygons; and ranges of bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/range.h"
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

/* What a route does not know is refused in words that name it. */
static void check_parameters(const serve_request *request) {
    elc_error err = {0};
    const serve_route *route = elc_serve_route_find(request);
    if (route != NULL && elc_serve_parameters_check(route, request, &err) != ELC_OK &&
        err.message[0] == '\0')
        abort();
}

/* The bytes as a header Range. */
static void read_range(const char *text) {
    uint64_t first = 0, n = 0;
    if (elc_serve_range_read(text, 1000, &first, &n) == SERVE_PART &&
        (n == 0 || first >= 1000 || n > 1000 - first))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *uri = malloc(size + 1);
    serve_request request;
    if (uri == NULL)
        return 0;
    memcpy(uri, data, size);
    uri[size] = '\0';
    read_range(uri);
    if (elc_serve_request_read(uri, &request, NULL) == ELC_OK) {
        for (size_t i = 0; i < request.n_segments; i++)
            if (strchr(request.segments[i], '/') || !strcmp(request.segments[i], ".."))
                abort();
        check_parameters(&request);
        read_filter(&request);
        read_polygon(&request);
        read_tile(&request);
        elc_serve_request_clear(&request);
    }
    free(uri);
    return 0;
}
