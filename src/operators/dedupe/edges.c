/* edges.c - where images end on the ground. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "edges.h"

#include <elcano/geometry.h>
#include <elcano/layer.h>

#include <math.h>
#include <stdlib.h>

/* ---- outlines ------------------------------------------------------------------- */

static bool same_point(elc_point a, elc_point b) {
    return a.x == b.x && a.y == b.y;
}

/* Where a shape was cut at the antimeridian, or led along a pole. */
static bool is_seam(elc_point a, elc_point b) {
    const double turn = 180 - 1e-9, pole = 90 - 1e-9;
    return (fabs(a.x) >= turn && fabs(b.x) >= turn) ||
           (fabs(a.y) >= pole && fabs(b.y) >= pole);
}

static elc_status grow(dedupe_edges *edges, size_t need, elc_error *err) {
    ELC_TRY(
        elc_reserve(&edges->items, &edges->capacity, need, sizeof *edges->items, err));
    while (edges->count < need)
        edges->items[edges->count++] = (edge_outline){0};
    return ELC_OK;
}

elc_status elc_edges_add(dedupe_edges *edges, uint32_t image, const elc_point *ring,
                         size_t n, elc_error *err) {
    ELC_TRY(grow(edges, (size_t)image + 1, err));
    edge_outline *o = &edges->items[image];
    for (size_t i = 0; i < n; i++)
        if (!elc_ground_is_place(ring[i]))
            n = 0;
    if (o->n > 0 || n < 3)
        return ELC_OK;
    ELC_TRY(elc_alloc(n, sizeof *o->points, &o->points, err));
    size_t first = 0; /* of the ring: it ends where its first point comes again */
    for (size_t i = 0; i < n; i++) {
        bool ends = i + 1 == n || (i > first && same_point(ring[i], ring[first]));
        o->points[i] = (edge_point){elc_ground_point(ring[i]), !ends,
                                    !ends && is_seam(ring[i], ring[i + 1])};
        if (ends)
            first = i + 1;
    }
    o->n = n;
    edges->n_known++;
    return ELC_OK;
}

bool elc_edges_has(const dedupe_edges *edges, uint32_t image) {
    return image < edges->count && edges->items[image].n > 0;
}

double elc_edges_depth(const dedupe_edges *edges, uint32_t image,
                       const ground_plane *plane, elc_point p) {
    if (!elc_edges_has(edges, image))
        return NAN;
    const edge_outline *o = &edges->items[image];
    double least = INFINITY;
    bool inside = false;
    elc_point a = {0, 0};
    for (size_t i = 0; i < o->n; i++) {
        elc_point b = elc_ground_on_plane(plane, o->points[i].at);
        b.x -= p.x, b.y -= p.y;
        if (i > 0 && o->points[i - 1].joined && isfinite(a.x + b.x)) {
            inside ^= elc_ground_crosses(a, b, (elc_point){0, 0});
            if (!o->points[i - 1].seam)
                least = fmin(least, elc_ground_to_line(a, b));
        }
        a = b;
    }
    return inside ? least : -least;
}

/* Turned so that the point of the ring that is farthest from it lies to the left. */
static half_plane turned(elc_point a, elc_point b, const shape_points *ring) {
    half_plane line = {a, b};
    double farthest = 0;
    for (size_t i = 0; i < ring->n; i++) {
        double side = elc_shape_side(&line, ring->items[i]);
        if (fabs(side) > fabs(farthest))
            farthest = side;
    }
    return farthest < 0 ? (half_plane){b, a} : line;
}

static bool is_near(elc_point a, elc_point b, elc_point p, double limit) {
    elc_point from = {a.x - p.x, a.y - p.y}, to = {b.x - p.x, b.y - p.y};
    return elc_ground_to_line(from, to) <= limit;
}

/* Adds the edges within `limit` of a point. */
static size_t add_near(const edge_outline *o, const ground_plane *plane,
                       const shape_points *ring, elc_point p, double limit,
                       half_plane lines[EDGE_LINES], size_t n) {
    for (size_t i = 0; i + 1 < o->n && n < EDGE_LINES; i++) {
        if (!o->points[i].joined || o->points[i].seam)
            continue;
        elc_point a = elc_ground_on_plane(plane, o->points[i].at);
        elc_point b = elc_ground_on_plane(plane, o->points[i + 1].at);
        if (!same_point(a, b) && is_near(a, b, p, limit))
            lines[n++] = turned(a, b, ring);
    }
    return n;
}

size_t elc_edges_cutting(const dedupe_edges *edges, uint32_t image,
                         const ground_plane *plane, const shape_points *ring,
                         double near, half_plane lines[EDGE_LINES]) {
    size_t n = 0;
    for (size_t i = 0; i < ring->n; i++) {
        double depth = elc_edges_depth(edges, image, plane, ring->items[i]);
        if (depth <= near) /* of those beyond it, the edge that is the nearest */
            n = add_near(&edges->items[image], plane, ring, ring->items[i],
                         fmax(near, -depth * (1 + 1e-9)), lines, n);
    }
    return n;
}

elc_status elc_edges_renumber(dedupe_edges *edges, const uint32_t *new_number, size_t n,
                              elc_error *err) {
    edge_outline *items;
    ELC_TRY(grow(edges, n, err));
    ELC_TRY(elc_alloc(n, sizeof *items, &items, err));
    for (size_t i = 0; i < n; i++)
        items[new_number[i]] = edges->items[i];
    free(edges->items);
    edges->items = items;
    edges->count = edges->capacity = n;
    return ELC_OK;
}

void elc_edges_free(dedupe_edges *edges) {
    for (size_t i = 0; i < edges->count; i++)
        free(edges->items[i].points);
    free(edges->items);
    *edges = (dedupe_edges){0};
}

/* ---- a table of images ------------------------------------------------------------
 */

typedef struct reader {
    const char *layer;
    const part_names *images;
    dedupe_edges *edges;
    elc_transform *to_lonlat;
    size_t name, geometry; /* columns */
    elc_string text;
    elc_point *points;
    size_t n, capacity;
} reader;

static elc_status find_columns(reader *r, const struct ArrowSchema *schema,
                               elc_error *err) {
    static const char *const names[] = {"image", "image_path", "filename", "file_name"};
    int64_t name = -1, geometry = elc_schema_find(schema, "geometry");
    elc_type type = ELC_INT32;
    for (size_t i = 0; i < sizeof names / sizeof *names && name < 0; i++)
        name = elc_schema_find(schema, names[i]);
    if (name >= 0)
        ELC_TRY(elc_schema_type(schema->children[name], &type, err));
    if (name < 0 || type != ELC_UTF8)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "%s: has no column image with the names of images", r->layer);
    type = ELC_INT32;
    if (geometry >= 0)
        ELC_TRY(elc_schema_type(schema->children[geometry], &type, err));
    if (type != ELC_GEOMETRY)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "%s: has no geometry, so that it cannot say where images end",
                        r->layer);
    r->name = (size_t)name;
    r->geometry = (size_t)geometry;
    return ELC_OK;
}

static elc_status find_crs(reader *r, const struct ArrowSchema *column,
                           elc_error *err) {
    char *text = NULL;
    elc_crs *crs = NULL;
    ELC_TRY(elc_schema_crs(column, &text, err));
    elc_status status = ELC_OK;
    if (*text == '\0')
        status = elc_fail(err, ELC_E_FORMAT,
                          "%s: states no CRS; give it one (ogr2ogr -a_srs EPSG:...)",
                          r->layer);
    else if (!elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, &crs, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(crs, NULL, &r->to_lonlat, err);
    elc_crs_free(crs);
    free(text);
    return status;
}

static elc_status take_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    reader *r = with;
    size_t size;
    if (elc_rows_null(rows, r->name, row) || elc_rows_null(rows, r->geometry, row))
        return ELC_OK;
    const char *bytes = elc_rows_bytes(rows, r->name, row, &size);
    r->text.size = r->n = 0;
    ELC_TRY(elc_string_append(&r->text, bytes, size, err));
    uint32_t image = elc_part_names_find(r->images, r->text.data);
    if (image == PART_NAME_NONE)
        return ELC_OK;
    bytes = elc_rows_bytes(rows, r->geometry, row, &size);
    ELC_TRY(elc_wkb_points(bytes, size, &r->points, &r->n, &r->capacity, err));
    if (r->to_lonlat != NULL)
        elc_transform_points(r->to_lonlat, r->points, r->n);
    return elc_edges_add(r->edges, image, r->points, r->n, err);
}

static elc_status tell(const reader *r, const elc_context *context, elc_error *err) {
    size_t wanted = r->images->keys.count, known = r->edges->n_known;
    if (wanted > 0 && known == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has the outline of none of the detections' images; its "
                        "column image must have the same names",
                        r->layer);
    if (known < wanted)
        elc_warn(context,
                 "%s: has no outline of %zu of %zu images: their rows count as "
                 "farther out than those of the others",
                 r->layer, wanted - known, wanted);
    return ELC_OK;
}

elc_status elc_edges_read(const char *layer, const part_names *images,
                          const elc_context *context, dedupe_edges *edges,
                          elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    reader r = {.layer = layer, .images = images, .edges = edges};
    elc_status status;
    ELC_TRY_GOTO(elc_layer_read(layer, &stream, err), status, done);
    ELC_TRY_GOTO(elc_stream_schema(&stream, &schema, err), status, done);
    ELC_TRY_GOTO(find_columns(&r, &schema, err), status, done);
    ELC_TRY_GOTO(find_crs(&r, schema.children[r.geometry], err), status, done);
    ELC_TRY_GOTO(elc_stream_each(&stream, &schema, context, take_row, &r, err), status,
                 done);
    status = tell(&r, context, err);
done:
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    elc_transform_free(r.to_lonlat);
    elc_string_free(&r.text);
    free(r.points);
    return status;
}
