/* ogc.c - OGC API Features, part 1, core (OGC 17-069r4): landing page, conformance,
   collections, items and an item, as GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONFORMS "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
#define CRS84    "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

/* ---- links ----------------------------------------------------------------------- */

static void add_link(json_t *links, const char *rel, const char *type,
                     const elc_string *href) {
    json_array_append_new(links,
                          json_pack("{s:s, s:s, s:s}", "rel", rel, "type", type, "href",
                                    href->data == NULL ? "" : href->data));
}

__attribute__((format(printf, 5, 6))) static elc_status
put_link(json_t *links, const char *rel, const char *type, elc_error *err,
         const char *format, ...) {
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof text)
        return elc_fail(err, ELC_E_ARGUMENT, "the address is too long for a link");
    elc_string href = {text, (size_t)n, sizeof text};
    add_link(links, rel, type, &href);
    return ELC_OK;
}

/* Percent-encodes all but what RFC 3986 calls unreserved. */
static elc_status put_encoded(elc_string *out, const char *text, elc_error *err) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";
    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            ELC_TRY(elc_string_append(out, text, 1, err));
        else
            ELC_TRY(elc_string_printf(out, err, "%%%02X", (unsigned char)*text));
    }
    return ELC_OK;
}

static elc_status layer_address(const serve_call *call, const serve_layer *l,
                                elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err, "%s/ogc/collections/", call->base));
    return put_encoded(out, l->name, err);
}

/* ---- what there is --------------------------------------------------------------- */

elc_status elc_serve_landing(const serve_call *call, serve_answer *answer,
                             elc_error *err) {
    json_t *links = json_array();
    elc_status status = ELC_OK;
    const char *base = call->base;
    ELC_TRY_GOTO(put_link(links, "self", SERVE_JSON, err, "%s/ogc", base), status,
                 failed);
    ELC_TRY_GOTO(put_link(links, "service-desc",
                          "application/vnd.oai.openapi+json;version=3.0", err,
                          "%s/ogc/api", base),
                 status, failed);
    ELC_TRY_GOTO(put_link(links, "service-doc", "text/html", err, "%s/", base), status,
                 failed);
    ELC_TRY_GOTO(
        put_link(links, "conformance", SERVE_JSON, err, "%s/ogc/conformance", base),
        status, failed);
    ELC_TRY_GOTO(put_link(links, "data", SERVE_JSON, err, "%s/ogc/collections", base),
                 status, failed);
    return elc_serve_answer_json(answer, SERVE_JSON,
                                 json_pack("{s:s, s:s, s:o}", "title", "Elcano",
                                           "description", "Tables of a map", "links",
                                           links),
                                 err);
failed:
    json_decref(links);
    return status;
}

elc_status elc_serve_conformance(const serve_call *call, serve_answer *answer,
                                 elc_error *err) {
    (void)call;
    return elc_serve_answer_json(answer, SERVE_JSON,
                                 json_pack("{s:[s, s, s]}", "conformsTo",
                                           CONFORMS "core", CONFORMS "oas30",
                                           CONFORMS "geojson"),
                                 err);
}

/* ---- collections ----------------------------------------------------------------- */

static json_t *extent_json(const serve_layer *l) {
    json_t *extent = json_object();
    const double *box = l->extent.box;
    double east = box[2] > 180 ? box[2] - 360 : box[2];
    if (l->extent.any)
        json_object_set_new(extent, "spatial",
                            json_pack("{s:[[f, f, f, f]], s:s}", "bbox", box[0], box[1],
                                      east, box[3], "crs", CRS84));
    if (l->time_low <= l->time_high)
        json_object_set_new(extent, "temporal",
                            json_pack("{s:[[o, o]]}", "interval",
                                      elc_serve_time(l->time_low, false),
                                      elc_serve_time(l->time_high, false)));
    return extent;
}

static elc_status collection_json(const serve_call *call, const serve_layer *l,
                                  json_t **out, elc_error *err) {
    elc_string address = {0};
    json_t *links = json_array();
    elc_status status = layer_address(call, l, &address, err);
    if (status == ELC_OK)
        status = put_link(links, "self", SERVE_JSON, err, "%s", address.data);
    if (status == ELC_OK)
        status = put_link(links, "items", SERVE_GEOJSON, err, "%s/items", address.data);
    elc_string_free(&address);
    *out = NULL;
    if (status != ELC_OK) {
        json_decref(links);
        return status;
    }
    *out = json_pack("{s:s, s:o, s:s, s:[s], s:o, s:o}", "id", l->name, "title",
                     elc_serve_text(l->label, strlen(l->label)), "itemType", "feature",
                     "crs", CRS84, "extent", extent_json(l), "links", links);
    return *out == NULL ? elc_fail(err, ELC_E_MEMORY, "no memory for a collection")
                        : ELC_OK;
}

elc_status elc_serve_collection(const serve_call *call, serve_answer *answer,
                                elc_error *err) {
    const serve_layer *l;
    json_t *json;
    ELC_TRY(elc_serve_layer_named(call, 2, &l, err));
    ELC_TRY(collection_json(call, l, &json, err));
    return elc_serve_answer_json(answer, SERVE_JSON, json, err);
}

elc_status elc_serve_collections(const serve_call *call, serve_answer *answer,
                                 elc_error *err) {
    json_t *list = json_array(), *links = json_array(), *one;
    elc_status status =
        put_link(links, "self", SERVE_JSON, err, "%s/ogc/collections", call->base);
    for (size_t i = 0; status == ELC_OK && i < call->shown->n_layers; i++) {
        status = collection_json(call, call->shown->layers[i], &one, err);
        if (status == ELC_OK)
            json_array_append_new(list, one);
    }
    if (status == ELC_OK)
        return elc_serve_answer_json(
            answer, SERVE_JSON,
            json_pack("{s:o, s:o}", "links", links, "collections", list), err);
    json_decref(list);
    json_decref(links);
    return status;
}

/* ---- items ----------------------------------------------------------------------- */

typedef struct page {
    const serve_call *call;
    const serve_layer *layer;
    int64_t limit, offset;
    uint32_t *rows; /* NULL: all */
    size_t n;       /* that match */
} page;

/* The address of another page of the same question. */
static elc_status next_address(const page *p, int64_t offset, elc_string *out,
                               elc_error *err) {
    const serve_request *r = p->call->request;
    ELC_TRY(layer_address(p->call, p->layer, out, err));
    ELC_TRY(elc_string_printf(out, err, "/items?offset=%" PRId64, offset));
    for (size_t i = 0; i < r->n_parameters; i++) {
        if (strcmp(r->parameters[i].name, "offset") == 0)
            continue;
        ELC_TRY(elc_string_append(out, "&", 1, err));
        ELC_TRY(put_encoded(out, r->parameters[i].name, err));
        ELC_TRY(elc_string_append(out, "=", 1, err));
        ELC_TRY(put_encoded(out, r->parameters[i].value, err));
    }
    return ELC_OK;
}

static elc_status page_links(const page *p, json_t *links, elc_error *err) {
    elc_string href = {0};
    elc_status status = next_address(p, p->offset, &href, err);
    if (status == ELC_OK)
        add_link(links, "self", SERVE_GEOJSON, &href);
    elc_string_free(&href);
    int64_t next = p->offset + p->limit;
    if (status != ELC_OK || next >= (int64_t)p->n)
        return status;
    href = (elc_string){0};
    status = next_address(p, next, &href, err);
    if (status == ELC_OK)
        add_link(links, "next", SERVE_GEOJSON, &href);
    elc_string_free(&href);
    return status;
}

static elc_status page_features(const page *p, json_t *features, elc_error *err) {
    elc_transform *way;
    ELC_TRY(elc_serve_layer_way(p->layer, false, &way, err));
    elc_status status = ELC_OK;
    size_t from = (size_t)p->offset, to = from + (size_t)p->limit;
    for (size_t i = from; status == ELC_OK && i < to && i < p->n; i++) {
        json_t *feature;
        status = elc_serve_still_there(p->call->patience, err);
        if (status == ELC_OK)
            status = elc_serve_feature(p->layer, p->rows == NULL ? i : p->rows[i], way,
                                       &feature, err);
        if (status == ELC_OK)
            json_array_append_new(features, feature);
    }
    elc_transform_free(way);
    return status;
}

static elc_status find_rows(page *p, elc_error *err) {
    serve_filter filter;
    elc_string polygon = {0};
    ELC_TRY(elc_serve_filter_read(p->call->request, p->layer, &filter, err));
    elc_status status = elc_serve_polygon_read(p->call, &polygon, err);
    serve_within within = {polygon.data, polygon.size};
    p->n = p->layer->n_rows;
    bool all = serve_filter_is_open(&filter) && !filter.has_box && within.wkb == NULL;
    if (status == ELC_OK && !all)
        status = elc_serve_select_rows(p->layer, &filter, &within, p->call->patience,
                                       &p->rows, &p->n, err);
    elc_serve_filter_clear(&filter);
    elc_string_free(&polygon);
    return status;
}

static elc_status page_json(const page *p, serve_answer *answer, elc_error *err) {
    json_t *links = json_array(), *features = json_array();
    elc_status status = page_links(p, links, err);
    if (status == ELC_OK)
        status = page_features(p, features, err);
    size_t n = json_array_size(features);
    if (status == ELC_OK)
        return elc_serve_answer_json(
            answer, SERVE_GEOJSON,
            json_pack("{s:s, s:I, s:I, s:o, s:o}", "type", "FeatureCollection",
                      "numberMatched", (json_int_t)p->n, "numberReturned",
                      (json_int_t)n, "links", links, "features", features),
            err);
    json_decref(links);
    json_decref(features);
    return status;
}

/* OGC API - Features 1.0, /per/core/fc-limit-response-1: a limit beyond the maximum is
   the maximum, however many digits it has. */
static elc_status read_limit(const serve_request *r, int64_t *out, elc_error *err) {
    const char *text = elc_serve_parameter(r, "limit", NULL);
    size_t zeros = text == NULL ? 0 : strspn(text, "0");
    size_t digits = text == NULL ? 0 : strspn(text + zeros, "0123456789");
    *out = SERVE_LIMIT_MOST;
    if (digits > 9 && text[zeros + digits] == '\0')
        return ELC_OK;
    ELC_TRY(elc_serve_count_read(r, "limit", 1, INT32_MAX, SERVE_LIMIT, out, err));
    *out = *out < SERVE_LIMIT_MOST ? *out : SERVE_LIMIT_MOST;
    return ELC_OK;
}

elc_status elc_serve_items(const serve_call *call, serve_answer *answer,
                           elc_error *err) {
    page p = {.call = call};
    ELC_TRY(elc_serve_layer_named(call, 2, &p.layer, err));
    ELC_TRY(read_limit(call->request, &p.limit, err));
    ELC_TRY(
        elc_serve_count_read(call->request, "offset", 0, INT32_MAX, 0, &p.offset, err));
    elc_status status = find_rows(&p, err);
    if (status == ELC_OK)
        status = page_json(&p, answer, err);
    free(p.rows);
    return status;
}

static elc_status item_links(const serve_call *call, const serve_layer *l, size_t row,
                             json_t *feature, elc_error *err) {
    elc_string address = {0};
    json_t *links = json_array();
    elc_status status = layer_address(call, l, &address, err);
    if (status == ELC_OK)
        status = put_link(links, "self", SERVE_GEOJSON, err, "%s/items/%zu",
                          address.data, row);
    if (status == ELC_OK)
        status = put_link(links, "collection", SERVE_JSON, err, "%s", address.data);
    elc_string_free(&address);
    json_object_set_new(feature, "links", links);
    return status;
}

elc_status elc_serve_item(const serve_call *call, serve_answer *answer,
                          elc_error *err) {
    const serve_layer *l;
    int64_t row;
    elc_transform *way;
    json_t *feature = NULL;
    ELC_TRY(elc_serve_layer_named(call, 2, &l, err));
    const char *id = call->request->segments[call->request->n_segments - 1];
    if (elc_parse_int(id, "item", &row, NULL) != ELC_OK || row < 0 ||
        (size_t)row >= l->n_rows)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: no item of %s", id, l->name);
    ELC_TRY(elc_serve_layer_way(l, false, &way, err));
    elc_status status = elc_serve_feature(l, (size_t)row, way, &feature, err);
    elc_transform_free(way);
    if (status == ELC_OK)
        status = item_links(call, l, (size_t)row, feature, err);
    if (status == ELC_OK)
        return elc_serve_answer_json(answer, SERVE_GEOJSON, feature, err);
    json_decref(feature);
    return status;
}
