/* geo_write.c - the `geo` metadata of GeoParquet, of what was written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo.h"

#include <elcano/geo.h>
#include <elcano/table.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Kinds of shapes by WKB's number; those with heights come after them in `shapes`. */
static const char *const kinds[] = {
    NULL,         "Point",           "LineString",   "Polygon",
    "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Four numbers of 24 characters, and all names of shapes. */
enum { MOST_SEEN = 4 * 26 + 2 * KINDS * 24 };

/* ---- what is seen -----------------------------------------------------------------
 */

static unsigned kind_of(const unsigned char *wkb) {
    const unsigned char *b = wkb + 1;
    uint32_t type = wkb[0] ? (uint32_t)b[0] | (uint32_t)b[1] << 8 |
                                 (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24
                           : (uint32_t)b[3] | (uint32_t)b[2] << 8 |
                                 (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
    uint32_t iso = type & 0x0fffffff;
    bool height = (type & 0x80000000u) != 0 || iso / 1000 == 1 || iso / 1000 == 3;
    return iso % 1000 < KINDS ? iso % 1000 + (height ? KINDS : 0) : 0;
}

static void widen(double box[4], double x, double y) {
    box[0] = fmin(box[0], x);
    box[1] = fmin(box[1], y);
    box[2] = fmax(box[2], x);
    box[3] = fmax(box[3], y);
}

elc_status elc_geo_see(elc_geo_seen *seen, const void *wkb, size_t size,
                       elc_geo_room *room, double box[4], elc_error *err) {
    size_t n = 0;
    ELC_TRY(elc_wkb_points(wkb, size, &room->points, &n, &room->capacity, err));
    seen->shapes |= 1u << kind_of(wkb);
    for (int i = 0; i < 4; i++)
        box[i] = NAN; /* which fmin and fmax pass over */
    for (size_t i = 0; i < n; i++)
        if (isfinite(room->points[i].x) && isfinite(room->points[i].y))
            widen(box, room->points[i].x, room->points[i].y);
    if (!isnan(box[0])) {
        widen(seen->box, box[0], box[1]);
        widen(seen->box, box[2], box[3]);
    }
    return ELC_OK;
}

/* ---- metadata ---------------------------------------------------------------------
 */

/* An empty list is "not known", which a kind without a name makes it. */
static json_t *shapes_json(const elc_geo_seen *seen) {
    json_t *list = json_array();
    for (unsigned i = 1; i < KINDS && (seen->shapes & 1u) == 0; i++) {
        if (seen->shapes >> i & 1)
            json_array_append_new(list, json_string(kinds[i]));
        if (seen->shapes >> (i + KINDS) & 1)
            json_array_append_new(list, json_sprintf("%s Z", kinds[i]));
    }
    return list;
}

/* CRS84 is what no word of it means; null that nothing is known. */
static elc_status set_crs(json_t *column, const char *text, elc_error *err) {
    if (elc_crs_text_is_crs84(text))
        return ELC_OK;
    if (text[0] == '\0') {
        json_object_set_new(column, "crs", json_null());
        return ELC_OK;
    }
    elc_crs *crs;
    ELC_TRY(elc_crs_create(text, &crs, err));
    json_t *json = json_loads(elc_crs_projjson(crs), 0, NULL);
    elc_crs_free(crs);
    if (json == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED, "the table's CRS has no PROJJSON");
    json_object_set_new(column, "crs", json);
    return ELC_OK;
}

static json_t *covering_json(const char *name) {
    return json_pack("{s:{s:[ss], s:[ss], s:[ss], s:[ss]}}", "bbox", "xmin", name,
                     "xmin", "ymin", name, "ymin", "xmax", name, "xmax", "ymax", name,
                     "ymax");
}

static elc_status column_json(const elc_geo_seen *seen, const char *covering,
                              json_t *column, elc_error *err) {
    json_object_set_new(column, "encoding", json_string("WKB"));
    json_object_set_new(column, "geometry_types", shapes_json(seen));
    if (seen->box[0] <= seen->box[2])
        json_object_set_new(column, "bbox",
                            json_pack("[f,f,f,f]", seen->box[0], seen->box[1],
                                      seen->box[2], seen->box[3]));
    if (covering != NULL)
        json_object_set_new(column, "covering", covering_json(covering));
    return set_crs(column, seen->crs, err);
}

static elc_status columns_json(const elc_geo_seen *seen, size_t n, const char *covering,
                               json_t *columns, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        json_t *column = json_object();
        elc_status status =
            column_json(&seen[i], i == 0 ? covering : NULL, column, err);
        if (json_object_set_new(columns, seen[i].name, column) != 0 && status == ELC_OK)
            status = elc_fail(err, ELC_E_FORMAT, "a column's name that is no UTF-8");
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status pad(elc_string *out, size_t size, elc_error *err) {
    if (out->size > size)
        return elc_fail(err, ELC_E_INTERNAL, "geo metadata that outgrew its room");
    return elc_string_printf(out, err, "%*s", (int)(size - out->size), "");
}

elc_status elc_geo_print(const elc_geo_seen *seen, size_t n, const char *covering,
                         size_t size, elc_string *out, elc_error *err) {
    json_t *columns = json_object();
    json_t *root = json_pack("{s:s, s:s, s:o}", "version", "1.1.0", "primary_column",
                             seen[0].name, "columns", columns);
    if (root == NULL)
        return elc_fail(err, ELC_E_FORMAT, "a column's name that is no UTF-8");
    elc_status status = columns_json(seen, n, covering, columns, err);
    char *text = status == ELC_OK ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (status == ELC_OK && text == NULL)
        status = elc_fail(err, ELC_E_MEMORY, "no memory for geo metadata");
    out->size = 0;
    if (status == ELC_OK)
        status = elc_string_printf(out, err, "%s", text);
    free(text);
    ELC_TRY(status);
    return pad(out, size > 0 ? size : out->size + n * MOST_SEEN, err);
}
