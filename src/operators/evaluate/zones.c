/* zones.c - counts by the polygons of a layer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <elcano/geometry.h>
#include <elcano/layer.h>

#include <math.h>
#include <stdlib.h>

typedef struct zoner {
    const eval_data *data;
    const eval_wish *wish;
    eval_result *out;
    struct ArrowSchema schema;
    int64_t geometry, name; /* columns; name -1: zones are numbered */
    elc_type name_type;
    elc_point *points[2]; /* centres of found and true boxes in the zones' CRS */
} zoner;

/* ---- points --------------------------------------------------------------------- */

static elc_status move_points(zoner *z, const eval_boxes *boxes, int which,
                              elc_transform *to_zones, elc_error *err) {
    ELC_TRY(elc_alloc(boxes->count, sizeof(elc_point), &z->points[which], err));
    for (size_t i = 0; i < boxes->count; i++) {
        z->points[which][i] = boxes->places[i].lonlat;
        if (to_zones != NULL)
            elc_transform_points(to_zones, &z->points[which][i], 1);
    }
    return ELC_OK;
}

static elc_status make_points(zoner *z, elc_error *err) {
    char *text = NULL;
    elc_crs *crs = NULL;
    elc_transform *to_zones = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_schema_crs(z->schema.children[z->geometry], &text, err));
    if (text[0] != '\0' && !elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, &crs, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(NULL, crs, &to_zones, err);
    if (status == ELC_OK)
        status = move_points(z, &z->data->found, 0, to_zones, err);
    if (status == ELC_OK)
        status = move_points(z, &z->data->truth, 1, to_zones, err);
    elc_transform_free(to_zones);
    elc_crs_free(crs);
    free(text);
    return status;
}

static elc_status check_places(const zoner *z, elc_error *err) {
    const eval_boxes *lists[] = {&z->data->found, &z->data->truth};
    for (int k = 0; k < 2; k++) {
        bool known = lists[k]->count == 0;
        for (size_t i = 0; i < lists[k]->count && !known; i++)
            known = !isnan(lists[k]->places[i].lonlat.x);
        if (!known)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--zones %s: nothing says where the %s boxes lie on the "
                            "map; %s",
                            z->wish->zones, k == 0 ? "found" : "true",
                            k == 0 ? "the detections need lon and lat"
                                   : "give the images (--images)");
    }
    return ELC_OK;
}

/* ---- zones ---------------------------------------------------------------------- */

static elc_status name_zone(const zoner *z, const elc_rows *rows, size_t row,
                            char **out, elc_error *err) {
    elc_string text = {0};
    size_t n, column = (size_t)z->name;
    elc_status status;
    if (z->name < 0 || elc_rows_null(rows, column, row)) {
        status = elc_string_printf(&text, err, "%zu", z->out->n_zones);
    } else if (z->name_type == ELC_UTF8) {
        const char *bytes = elc_rows_bytes(rows, column, row, &n);
        status = elc_string_append(&text, bytes, n, err);
    } else {
        status = elc_string_printf(&text, err, "%lld",
                                   (long long)elc_rows_int(rows, column, row));
    }
    *out = text.data;
    return status;
}

static elc_status count_zone(const zoner *z, elc_area *area, eval_count *counts,
                             elc_error *err) {
    const eval_data *data = z->data;
    size_t all = z->out->n_classes;
    bool in;
    for (size_t i = 0; i < data->found.count; i++) {
        if (!z->out->taken[i])
            continue;
        ELC_TRY(elc_area_covers_point(area, z->points[0][i], &in, err));
        uint32_t c = data->found.items[i].class_id;
        counts[c].found += in;
        counts[all].found += in;
    }
    for (size_t i = 0; i < data->truth.count; i++) {
        if (z->out->hidden[i])
            continue;
        ELC_TRY(elc_area_covers_point(area, z->points[1][i], &in, err));
        uint32_t c = data->truth.items[i].class_id;
        counts[c].truth += in;
        counts[all].truth += in;
        counts[c].right += in && z->out->met[i];
        counts[all].right += in && z->out->met[i];
    }
    return ELC_OK;
}

static elc_status take_zone(void *with, const elc_rows *rows, size_t row,
                            elc_error *err) {
    zoner *z = with;
    eval_result *out = z->out;
    elc_area *area = NULL;
    size_t size;
    if (elc_rows_null(rows, (size_t)z->geometry, row))
        return ELC_OK;
    size_t capacity = out->n_zones;
    ELC_TRY(
        elc_reserve(&out->zones, &capacity, out->n_zones + 1, sizeof *out->zones, err));
    eval_zone *zone = &out->zones[out->n_zones++];
    *zone = (eval_zone){0};
    ELC_TRY(name_zone(z, rows, row, &zone->name, err));
    ELC_TRY(elc_alloc(out->n_classes + 1, sizeof *zone->classes, &zone->classes, err));
    ELC_TRY(elc_area_create(&area, err));
    const char *wkb = elc_rows_bytes(rows, (size_t)z->geometry, row, &size);
    elc_status status = elc_area_add(area, wkb, size, err);
    if (status == ELC_OK)
        status = count_zone(z, area, zone->classes, err);
    elc_area_free(area);
    return status;
}

/* ---- the layer ------------------------------------------------------------------ */

static elc_status find_columns(zoner *z, elc_error *err) {
    const char *name = z->wish->zone_name;
    z->geometry = elc_schema_find(&z->schema, "geometry");
    z->name = elc_schema_find(&z->schema, name ? name : "name");
    if (z->geometry < 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--zones %s: has no geometry, give a polygon layer",
                        z->wish->zones);
    if (name != NULL && z->name < 0)
        return elc_fail(err, ELC_E_NOT_FOUND, "--zone-name %s: %s has no such column",
                        name, z->wish->zones);
    if (z->name < 0)
        return ELC_OK;
    ELC_TRY(elc_schema_type(z->schema.children[z->name], &z->name_type, err));
    bool fits = z->name_type == ELC_UTF8 || z->name_type == ELC_INT32 ||
                z->name_type == ELC_INT64;
    return fits ? ELC_OK
                : elc_fail(err, ELC_E_ARGUMENT,
                           "--zone-name: the column is %s; give one of text or whole "
                           "numbers",
                           elc_type_name(z->name_type));
}

static elc_status take_stream(zoner *z, struct ArrowArrayStream *stream,
                              elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &z->schema, err));
    ELC_TRY(find_columns(z, err));
    ELC_TRY(check_places(z, err));
    ELC_TRY(make_points(z, err));
    return elc_stream_each(stream, &z->schema, NULL, take_zone, z, err);
}

elc_status elc_eval_zones(const eval_data *data, const eval_wish *wish, eval_result *r,
                          elc_error *err) {
    struct ArrowArrayStream stream = {0};
    zoner z = {.data = data, .wish = wish, .out = r};
    if (wish->zones == NULL)
        return ELC_OK;
    ELC_TRY(elc_layer_read(wish->zones, &stream, err));
    elc_status status = take_stream(&z, &stream, err);
    elc_stream_release(&stream);
    elc_schema_release(&z.schema);
    free(z.points[0]);
    free(z.points[1]);
    return status;
}
