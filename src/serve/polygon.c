/* polygon.c - the polygon that a question comes with. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <stdlib.h>
#include <string.h>

/* The geometry object of a geometry, a feature or a collection of one feature. */
static const json_t *geometry_of(const json_t *json) {
    const char *type = json_string_value(json_object_get(json, "type"));
    if (type != NULL && strcmp(type, "FeatureCollection") == 0) {
        const json_t *features = json_object_get(json, "features");
        return json_array_size(features) == 1 ? geometry_of(json_array_get(features, 0))
                                              : NULL;
    }
    return type != NULL && strcmp(type, "Feature") == 0
               ? json_object_get(json, "geometry")
               : json;
}

static elc_status from_json(const elc_string *body, elc_string *wkb, elc_error *err) {
    json_t *json = json_loadb(body->data, body->size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *geometry = json == NULL ? NULL : geometry_of(json);
    char *text = geometry == NULL ? NULL : json_dumps(geometry, JSON_ENCODE_ANY);
    elc_status status =
        text == NULL
            ? elc_fail(err, ELC_E_ARGUMENT,
                       "what was sent is no GeoJSON of one geometry or feature")
            : elc_wkb_from_geojson(text, strlen(text), wkb, NULL, err);
    free(text);
    json_decref(json);
    return status;
}

/* ISO WKB, little endian: the type's number, Z and M aside. */
static bool is_polygonal(const elc_string *wkb) {
    uint32_t type;
    if (wkb->size < 5)
        return false;
    memcpy(&type, wkb->data + 1, sizeof type);
    return type % 1000 == 3 || type % 1000 == 6;
}

elc_status elc_serve_polygon_read(const serve_call *call, elc_string *wkb,
                                  elc_error *err) {
    const char *text = elc_serve_parameter(call->request, "within", NULL);
    bool posted = call->body != NULL && call->body->size > 0;
    if (posted && text != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "within: a polygon was sent already; one of both is enough");
    elc_status status = ELC_OK;
    if (posted)
        status = from_json(call->body, wkb, err);
    else if (text != NULL)
        status = elc_wkb_from_wkt(text, strlen(text), wkb, NULL, err);
    if (status == ELC_E_FORMAT) /* who asks made the mistake */
        status = elc_fail(err, ELC_E_ARGUMENT, "%s", err == NULL ? "" : err->message);
    ELC_TRY(status);
    if ((posted || text != NULL) && !is_polygonal(wkb))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a polygon or multipolygon is wanted, no other geometry");
    return ELC_OK;
}
