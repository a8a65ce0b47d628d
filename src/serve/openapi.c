/* openapi.c - what the API says of itself, as OpenAPI 3.0. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <stdio.h>
#include <string.h>

#define TYPE "application/vnd.oai.openapi+json;version=3.0"

/* A path of the API that is read with GET. */
static json_t *path_json(const char *summary, const char *type) {
    return json_pack("{s:{s:s, s:{s:{s:s, s:{s:{s:{s:s}}}}}}}", "get", "summary",
                     summary, "responses", "200", "description", summary, "content",
                     type, "schema", "type", "object");
}

static json_t *parameter_json(const char *name, const char *in, json_t *schema) {
    return json_pack("{s:s, s:s, s:b, s:s, s:b, s:o}", "name", name, "in", in,
                     "required", strcmp(in, "path") == 0, "style",
                     strcmp(in, "path") == 0 ? "simple" : "form", "explode", false,
                     "schema", schema);
}

static json_t *text_json(void) {
    return json_pack("{s:s}", "type", "string");
}

/* As OGC 17-069r4, 7.15 has them, and what else there is (docs/map.md). */
static json_t *items_json(void) {
    static const char *const texts[] = {"datetime", "class", "not",
                                        "score",    "view",  "within"};
    json_t *path = path_json("items of a collection", SERVE_GEOJSON);
    json_t *list = json_array();
    json_array_append_new(list, parameter_json("collectionId", "path", text_json()));
    json_array_append_new(list,
                          parameter_json("bbox", "query",
                                         json_pack("{s:s, s:i, s:i, s:{s:s}}", "type",
                                                   "array", "minItems", 4, "maxItems",
                                                   6, "items", "type", "number")));
    json_array_append_new(
        list, parameter_json("limit", "query",
                             json_pack("{s:s, s:i, s:i, s:i}", "type", "integer",
                                       "minimum", 1, "maximum", SERVE_LIMIT_MOST,
                                       "default", SERVE_LIMIT)));
    json_array_append_new(list,
                          parameter_json("offset", "query",
                                         json_pack("{s:s, s:i, s:i}", "type", "integer",
                                                   "minimum", 0, "default", 0)));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_array_append_new(list, parameter_json(texts[i], "query", text_json()));
    json_object_set_new(json_object_get(path, "get"), "parameters", list);
    return path;
}

static json_t *with_ids(json_t *path, bool item) {
    json_t *parameters = json_array();
    json_array_append_new(parameters,
                          parameter_json("collectionId", "path", text_json()));
    if (item)
        json_array_append_new(parameters,
                              parameter_json("featureId", "path", text_json()));
    json_object_set_new(json_object_get(path, "get"), "parameters", parameters);
    return path;
}

elc_status elc_serve_api(const serve_call *call, serve_answer *answer, elc_error *err) {
    json_t *paths = json_object();
    json_object_set_new(paths, "/", path_json("landing page", SERVE_JSON));
    json_object_set_new(paths, "/conformance", path_json("conformance", SERVE_JSON));
    json_object_set_new(paths, "/collections", path_json("collections", SERVE_JSON));
    json_object_set_new(paths, "/collections/{collectionId}",
                        with_ids(path_json("a collection", SERVE_JSON), false));
    json_object_set_new(paths, "/collections/{collectionId}/items", items_json());
    json_object_set_new(paths, "/collections/{collectionId}/items/{featureId}",
                        with_ids(path_json("an item", SERVE_GEOJSON), true));
    char server[200];
    snprintf(server, sizeof server, "%s/ogc", call->base);
    return elc_serve_answer_json(answer, TYPE,
                                 json_pack("{s:s, s:{s:s, s:s}, s:[{s:s}], s:o}",
                                           "openapi", "3.0.3", "info", "title",
                                           "Elcano", "version", elc_version(),
                                           "servers", "url", server, "paths", paths),
                                 err);
}
