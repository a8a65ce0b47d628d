/* zones.c - layers that are drawn beneath, made GeoJSON once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/zones.h"

#include <stdlib.h>
#include <string.h>

enum { ZONES_MOST = 64 << 20 }; /* bytes: what a browser still draws */

static elc_status add_row(serve_zones *z, const serve_layer *l, size_t row,
                          elc_transform *way, elc_error *err) {
    json_t *feature;
    ELC_TRY(elc_serve_feature(l, row, way, &feature, err));
    char *text = json_dumps(feature, JSON_COMPACT);
    json_decref(feature);
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the zones of %s", z->label);
    elc_status status =
        row > 0 ? elc_string_append(&z->geojson, ",\n", 2, err) : ELC_OK;
    if (status == ELC_OK)
        status = elc_string_append(&z->geojson, text, strlen(text), err);
    free(text);
    if (status == ELC_OK && z->geojson.size > ZONES_MOST)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: more than %d MB of GeoJSON, which no browser draws; "
                        "simplify it, or give it as a layer",
                        z->label, ZONES_MOST >> 20);
    return status;
}

static elc_status add_rows(serve_zones *z, const serve_layer *l,
                           const elc_context *context, elc_error *err) {
    elc_transform *way;
    ELC_TRY(elc_serve_layer_way(l, false, &way, err));
    elc_status status = elc_string_printf(
        &z->geojson, err, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t i = 0; status == ELC_OK && i < l->n_rows; i++) {
        status = elc_check_cancel(context, err);
        if (status == ELC_OK)
            status = add_row(z, l, i, way, err);
    }
    elc_transform_free(way);
    return status == ELC_OK ? elc_string_append(&z->geojson, "]}\n", 3, err) : status;
}

elc_status elc_serve_zones_make(const serve_layer *layer, const elc_context *context,
                                serve_zones *out, elc_error *err) {
    ELC_TRY(elc_strdup(layer->name, &out->name, err));
    ELC_TRY(elc_strdup(layer->label, &out->label, err));
    out->n = layer->n_rows;
    return add_rows(out, layer, context, err);
}

elc_status elc_serve_zones_json(const serve_call *call, serve_answer *answer,
                                elc_error *err) {
    const char *name = call->request->segments[2];
    for (size_t i = 0; i < call->shown->n_zones; i++) {
        const serve_zones *z = &call->shown->zones[i];
        if (strcmp(z->name, name) != 0)
            continue;
        answer->type = SERVE_GEOJSON;
        answer->fixed = z->geojson.data;
        answer->fixed_size = z->geojson.size;
        return ELC_OK;
    }
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such zones", name);
}
