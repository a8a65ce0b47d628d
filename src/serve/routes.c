/* routes.c - which addresses there are, and what their parts say. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <string.h>

/* The parameters that filter rows; `f`, the format, is what many clients of the API
   send, and there is one format. */
#define PLACED "class", "not", "score", "datetime", "view"
#define ROWS   PLACED, "bbox", "within"
static const char *const of_tiles[] = {PLACED, "as", NULL};
static const char *const of_summaries[] = {ROWS, NULL};
static const char *const of_downloads[] = {ROWS, "format", NULL};
static const char *const of_items[] = {ROWS, "limit", "offset", "f", NULL};
static const char *const of_api[] = {"f", NULL};

/* docs/map.md is the same table. */
static const serve_route routes[] = {
    {.pattern = "", .handler = elc_serve_page},
    {.pattern = "web/*", .handler = elc_serve_page},
    {.pattern = "info.json", .handler = elc_serve_info},
    {.pattern = "tiles/points/*/*/*/*",
     .handler = elc_serve_points,
     .parameters = of_tiles},
    {.pattern = "tiles/points/*", .handler = elc_serve_tilejson},
    {.pattern = "tiles/imagery/*/*/*",
     .handler = elc_serve_imagery,
     .lane = SERVE_WORKERS},
    {.pattern = "tiles/imagery", .handler = elc_serve_tilejson},
    {.pattern = "layers/zones/*", .handler = elc_serve_zones_json},
    {.pattern = "layers/summary/*",
     .handler = elc_serve_summary,
     .post = true,
     .lane = SERVE_WORKERS,
     .parameters = of_summaries},
    {.pattern = "layers/download/*",
     .handler = elc_serve_download,
     .post = true,
     .lane = SERVE_WRITERS,
     .parameters = of_downloads},
    {.pattern = "layers/chip/*/*", .handler = elc_serve_chip, .lane = SERVE_WORKERS},
    {.pattern = "ogc", .handler = elc_serve_landing, .parameters = of_api},
    {.pattern = "ogc/api", .handler = elc_serve_api, .parameters = of_api},
    {.pattern = "ogc/conformance",
     .handler = elc_serve_conformance,
     .parameters = of_api},
    {.pattern = "ogc/collections",
     .handler = elc_serve_collections,
     .parameters = of_api},
    {.pattern = "ogc/collections/*",
     .handler = elc_serve_collection,
     .parameters = of_api},
    {.pattern = "ogc/collections/*/items",
     .handler = elc_serve_items,
     .lane = SERVE_WORKERS,
     .parameters = of_items},
    {.pattern = "ogc/collections/*/items/*",
     .handler = elc_serve_item,
     .parameters = of_api},
};

static bool matches(const char *pattern, const serve_request *request) {
    for (size_t i = 0; i < request->n_segments; i++) {
        size_t n = strcspn(pattern, "/");
        bool any = n == 1 && *pattern == '*';
        const char *segment = request->segments[i];
        if (n == 0 ||
            (!any && (strlen(segment) != n || memcmp(segment, pattern, n) != 0)))
            return false;
        pattern += n + (pattern[n] == '/');
    }
    return *pattern == '\0';
}

const serve_route *elc_serve_route_find(const serve_request *request) {
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (matches(routes[i].pattern, request))
            return &routes[i];
    return NULL;
}

static bool is_among(const char *name, const char *const *names) {
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static elc_status say_unknown(const char *name, const char *const *known,
                              elc_error *err) {
    const char *near = elc_nearest_word(name, known);
    elc_string all = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; known[i] != NULL && status == ELC_OK; i++)
        status = elc_string_printf(&all, err, "%s%s", i == 0 ? "" : ", ", known[i]);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "%.60s: there is no such parameter here%s%s%s; known are %s",
                          name, near == NULL ? "" : " (did you mean ",
                          near == NULL ? "" : near, near == NULL ? "" : "?)", all.data);
    elc_string_free(&all);
    return status;
}

elc_status elc_serve_parameters_check(const serve_route *route,
                                      const serve_request *request, elc_error *err) {
    for (size_t i = 0; i < request->n_parameters; i++) {
        const char *name = request->parameters[i].name;
        if (route->handler ==
            elc_serve_page) /* people's links have marks of their own */
            return ELC_OK;
        if (route->parameters == NULL)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "%.60s: this address has no parameters", name);
        if (!is_among(name, route->parameters))
            return say_unknown(name, route->parameters, err);
    }
    return ELC_OK;
}

elc_status elc_serve_layer_named(const serve_call *call, size_t segment,
                                 const serve_layer **out, elc_error *err) {
    const char *name = call->request->segments[segment];
    for (size_t i = 0; i < call->shown->n_layers; i++) {
        if (strcmp(call->shown->layers[i]->name, name) == 0) {
            *out = call->shown->layers[i];
            return ELC_OK;
        }
    }
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such layer", name);
}

/* Endings that other clients add (.png, .jpg) are passed over. */
static elc_status tile_number(const char *text, int64_t most, int64_t *out,
                              elc_error *err) {
    char digits[16];
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n >= sizeof digits || (text[n] != '\0' && text[n] != '.'))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: no number of a tile", text);
    memcpy(digits, text, n);
    digits[n] = '\0';
    ELC_TRY(elc_parse_int(digits, "tile", out, err));
    if (*out > most)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "%s: there is no such tile; the last is %lld", text,
                        (long long)most);
    return ELC_OK;
}

elc_status elc_serve_tile_read(const serve_call *call, size_t segment, int most,
                               elc_quad *out, elc_error *err) {
    int64_t zoom, x, y;
    const char *const *s = call->request->segments + segment;
    ELC_TRY(tile_number(s[0], most, &zoom, err));
    ELC_TRY(tile_number(s[1], (INT64_C(1) << zoom) - 1, &x, err));
    ELC_TRY(tile_number(s[2], (INT64_C(1) << zoom) - 1, &y, err));
    *out = (elc_quad){(int)zoom, (int32_t)x, (int32_t)y};
    return ELC_OK;
}

elc_status elc_serve_count_read(const serve_request *request, const char *name,
                                int64_t least, int64_t most, int64_t fallback,
                                int64_t *out, elc_error *err) {
    const char *text = elc_serve_parameter(request, name, NULL);
    *out = fallback;
    if (text == NULL)
        return ELC_OK;
    ELC_TRY(elc_parse_int(text, name, out, err));
    if (*out < least || *out > most)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %s is not within %lld to %lld", name,
                        text, (long long)least, (long long)most);
    return ELC_OK;
}
