/* info.c - what the page has to know before it draws: layers, zones, imagery; TileJSON.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <string.h>

static json_t *box_json(const double box[4]) {
    return json_pack("[f, f, f, f]", box[0], box[1], box[2], box[3]);
}

static json_t *classes_json(const serve_layer *l) {
    json_t *list = json_array();
    for (size_t i = 0; i < l->class_names.count; i++) {
        const char *name = l->class_names.items[i];
        json_array_append_new(list, json_pack("{s:o, s:I}", "name",
                                              elc_serve_text(name, strlen(name)),
                                              "count", (json_int_t)l->class_counts[i]));
    }
    return list;
}

static void set_column(json_t *json, const char *key, const serve_layer *l,
                       int64_t column) {
    const char *name = column < 0 ? NULL : l->schema.children[column]->name;
    json_object_set_new(
        json, key, name == NULL ? json_null() : elc_serve_text(name, strlen(name)));
}

static json_t *layer_json(const serve_layer *l) {
    json_t *json = json_pack("{s:o, s:o, s:I, s:I, s:o, s:I}", "name",
                             elc_serve_text(l->name, strlen(l->name)), "label",
                             elc_serve_text(l->label, strlen(l->label)), "rows",
                             (json_int_t)l->n_rows, "placed", (json_int_t)l->placed,
                             "classes", classes_json(l), "without_class",
                             (json_int_t)l->class_counts[l->class_names.count]);
    if (json == NULL)
        return NULL;
    set_column(json, "class_column", l, l->class_column);
    set_column(json, "score_column", l, l->score_column);
    set_column(json, "time_column", l, l->time_column);
    if (l->on_map.any)
        json_object_set_new(json, "bounds", box_json(l->on_map.box));
    if (l->score_low <= l->score_high)
        json_object_set_new(
            json, "scores",
            json_pack("[f, f]", (double)l->score_low, (double)l->score_high));
    if (l->time_low <= l->time_high) /* milliseconds, as JavaScript counts */
        json_object_set_new(json, "times",
                            json_pack("[I, I]", (json_int_t)(l->time_low / 1000),
                                      (json_int_t)(l->time_high / 1000)));
    return json;
}

elc_status elc_serve_info(const serve_call *call, serve_answer *answer,
                          elc_error *err) {
    const serve_shown *shown = call->shown;
    json_t *layers = json_array(), *zones = json_array();
    for (size_t i = 0; i < shown->n_layers; i++)
        json_array_append_new(layers, layer_json(shown->layers[i]));
    for (size_t i = 0; i < shown->n_zones; i++) {
        const serve_zones *z = &shown->zones[i];
        json_array_append_new(
            zones, json_pack("{s:o, s:o, s:I}", "name",
                             elc_serve_text(z->name, strlen(z->name)), "label",
                             elc_serve_text(z->label, strlen(z->label)), "rows",
                             (json_int_t)z->n));
    }
    json_t *json = json_pack("{s:s, s:o, s:o, s:o}", "version", elc_version(), "layers",
                             layers, "zones", zones, "density", elc_serve_density());
    double box[4];
    if (json != NULL && shown->imagery != NULL &&
        elc_mosaic_bounds(shown->imagery, box))
        json_object_set_new(json, "imagery",
                            json_pack("{s:I, s:o, s:i}", "images",
                                      (json_int_t)elc_mosaic_count(shown->imagery),
                                      "bounds", box_json(box), "maxzoom",
                                      elc_mosaic_zoom(shown->imagery)));
    return elc_serve_answer_json(answer, SERVE_JSON, json, err);
}

/* ---- TileJSON 3.0.0 -------------------------------------------------------------- */

static elc_status tile_json(const serve_call *call, const char *name, const char *path,
                            const char *query, const double bounds[4], int zoom,
                            serve_answer *answer, elc_error *err) {
    char address[1000];
    snprintf(address, sizeof address, "%s/tiles/%s/{z}/{x}/{y}%s", call->base, path,
             query);
    json_t *json = json_pack("{s:s, s:s, s:s, s:[o], s:i, s:i, s:o}", "tilejson",
                             "3.0.0", "name", name, "scheme", "xyz", "tiles",
                             elc_serve_text(address, strlen(address)), "minzoom", 0,
                             "maxzoom", zoom, "bounds", box_json(bounds));
    return elc_serve_answer_json(answer, SERVE_JSON, json, err);
}

elc_status elc_serve_tilejson(const serve_call *call, serve_answer *answer,
                              elc_error *err) {
    static const double world[4] = {-180, -85.0511, 180, 85.0511};
    const serve_layer *l;
    double box[4];
    if (call->request->n_segments == 2) {
        if (call->shown->imagery == NULL ||
            !elc_mosaic_bounds(call->shown->imagery, box))
            return elc_fail(err, ELC_E_NOT_FOUND, "there is no imagery");
        return tile_json(call, "imagery", "imagery", "", box,
                         elc_mosaic_zoom(call->shown->imagery), answer, err);
    }
    char path[500];
    ELC_TRY(elc_serve_layer_named(call, 2, &l, err));
    snprintf(path, sizeof path, "points/%s", l->name);
    return tile_json(call, l->name, path, "?as=density",
                     l->on_map.any && l->on_map.box[2] <= 180 ? l->on_map.box : world,
                     22, answer, err);
}
