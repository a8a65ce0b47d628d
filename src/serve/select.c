/* select.c - rows by filter, box and polygon: places rule most of them out, and the
   geometries of the others are asked. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_EVERY = 4096 }; /* places, between two looks for who asked */

/* What must be met: a geometry, and the degrees that it lies in. */
typedef struct target {
    elc_places *places;
    elc_asker *asker;
    elc_transform *way; /* of rows to degrees; NULL: they are in them */
    double box[4];
    serve_frame frame; /* of places that may meet it */
} target;

elc_status elc_serve_still_there(const serve_patience *patience, elc_error *err) {
    if (patience != NULL && patience->gone != NULL && patience->gone(patience->arg))
        return elc_fail(err, ELC_E_CANCELLED, "who asked has gone");
    return ELC_OK;
}

/* ---- targets --------------------------------------------------------------------- */

static void widen(target *t, const serve_layer *l) {
    double x = l->reach[0] + (t->box[2] - t->box[0]) * 1e-9 + 1e-6;
    double y = l->reach[1] + (t->box[3] - t->box[1]) * 1e-9 + 1e-6;
    t->box[0] -= x;
    t->box[1] -= y;
    t->box[2] += x;
    t->box[3] += y;
    t->frame = elc_serve_frame(t->box);
}

static elc_status find_box(target *t, const serve_within *shape, elc_error *err) {
    elc_point *points = NULL;
    size_t n = 0, capacity = 0;
    t->box[0] = t->box[1] = INFINITY;
    t->box[2] = t->box[3] = -INFINITY;
    elc_status status =
        elc_wkb_points(shape->wkb, shape->size, &points, &n, &capacity, err);
    for (size_t i = 0; status == ELC_OK && i < n; i++) {
        t->box[0] = fmin(t->box[0], points[i].x);
        t->box[1] = fmin(t->box[1], points[i].y);
        t->box[2] = fmax(t->box[2], points[i].x);
        t->box[3] = fmax(t->box[3], points[i].y);
    }
    free(points);
    return status;
}

/* Shapes stay in degrees, and rows are brought there: what is wide has no shape in a
   CRS that is made for a part of the globe. */
static elc_status place_target(target *t, const serve_within *shape, elc_error *err) {
    elc_place_state state = ELC_PLACE_SOUND;
    ELC_TRY(elc_places_create(&t->places, err));
    elc_places_globe(t->places);
    ELC_TRY(elc_places_add(t->places, shape->wkb, shape->size, NULL, &state, err));
    if (state != ELC_PLACE_SOUND && state != ELC_PLACE_INVALID)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the polygon is empty, broken, or nowhere on the globe");
    return elc_places_build(t->places, 1, err);
}

static elc_status target_make(target *t, const serve_layer *l,
                              const serve_within *shape, elc_error *err) {
    elc_question question = {.predicate = ELC_INTERSECTS};
    ELC_TRY(find_box(t, shape, err));
    widen(t, l);
    ELC_TRY(place_target(t, shape, err));
    ELC_TRY(elc_serve_layer_way(l, false, &t->way, err));
    question.transform = t->way;
    return elc_asker_create(t->places, &question, &t->asker, err);
}

static void target_free(target *t) {
    elc_asker_free(t->asker);
    elc_places_free(t->places);
    elc_transform_free(t->way);
}

/* The filter's box as a shape; one that crosses 180 degrees goes on beyond it. */
static elc_status box_shape(const double box[4], elc_string *out, elc_error *err) {
    double west = box[0], east = box[2] < west ? box[2] + 360 : box[2];
    double wide = east > west ? east : nextafter(west, INFINITY);
    double high = box[3] > box[1] ? box[3] : nextafter(box[1], INFINITY);
    elc_point ring[] = {{west, box[1]}, {wide, box[1]}, {wide, high}, {west, high}};
    return elc_wkb_polygon(ring, 4, out, err);
}

/* ---- rows ------------------------------------------------------------------------ */

typedef struct selection {
    const serve_layer *layer;
    const serve_filter *filter;
    target targets[2];
    size_t n;
    size_t waiting[ELC_ZONES_EXPECTED]; /* places that are asked together */
    size_t n_waiting;
    serve_visit body;
    void *arg;
} selection;

static const char *wkb_of(const serve_layer *l, size_t place, size_t *size) {
    size_t row;
    const elc_rows *rows = elc_serve_layer_row(l, l->rows[place], &row);
    return elc_rows_bytes(rows, (size_t)l->geometry, row, size);
}

/* A point's coordinates, as all that Elcano reads has them; false for others. */
static bool point_of(const char *wkb, size_t size, elc_point *out) {
    static const char head[] = {1, 1, 0, 0, 0};
    if (size != sizeof head + sizeof *out || memcmp(wkb, head, sizeof head) != 0)
        return false;
    memcpy(out, wkb + sizeof head, sizeof *out);
    return true;
}

/* Points are found faster where the asker knows which come. */
static void announce(selection *s, target *t) {
    elc_point points[ELC_ZONES_EXPECTED];
    size_t n = 0, size;
    for (size_t i = 0; i < s->n_waiting; i++) {
        const char *wkb = wkb_of(s->layer, s->waiting[i], &size);
        n += point_of(wkb, size, &points[n]);
    }
    elc_asker_expect(t->asker, points, n);
}

/* Leaves of those that wait what meets a target. */
static elc_status ask(selection *s, target *t, elc_error *err) {
    size_t kept = 0;
    announce(s, t);
    for (size_t i = 0; i < s->n_waiting; i++) {
        size_t size, n;
        const uint32_t *found;
        elc_place_state state;
        const char *wkb = wkb_of(s->layer, s->waiting[i], &size);
        ELC_TRY(elc_asker_find(t->asker, wkb, size, &state, &found, &n, err));
        if (n > 0)
            s->waiting[kept++] = s->waiting[i];
    }
    s->n_waiting = kept;
    return ELC_OK;
}

static elc_status flush(selection *s, elc_error *err) {
    for (size_t i = 0; i < s->n; i++)
        ELC_TRY(ask(s, &s->targets[i], err));
    for (size_t i = 0; i < s->n_waiting; i++)
        ELC_TRY(s->body(s->arg, s->waiting[i], err));
    s->n_waiting = 0;
    return ELC_OK;
}

static bool is_nowhere(const serve_layer *l, size_t place) {
    size_t row;
    const elc_rows *rows = elc_serve_layer_row(l, l->rows[place], &row);
    return elc_rows_null(rows, (size_t)l->geometry, row);
}

static bool may_pass(const selection *s, size_t place) {
    if (!serve_filter_passes(s->filter, s->layer, place))
        return false;
    if (place >= s->layer->placed) /* off the map, and yet perhaps somewhere */
        return s->n == 0 || !is_nowhere(s->layer, place);
    for (size_t i = 0; i < s->n; i++)
        if (!serve_frame_has(&s->targets[i].frame, s->layer->codes[place]))
            return false;
    return true;
}

static elc_status visit_all(selection *s, const serve_patience *patience,
                            elc_error *err) {
    for (size_t i = 0; i < s->layer->n_rows; i++) {
        if (i % LOOK_EVERY == 0)
            ELC_TRY(elc_serve_still_there(patience, err));
        if (!may_pass(s, i))
            continue;
        s->waiting[s->n_waiting++] = i;
        if (s->n_waiting == ELC_ZONES_EXPECTED)
            ELC_TRY(flush(s, err));
    }
    return flush(s, err);
}

static elc_status add_targets(selection *s, const serve_within *within,
                              elc_error *err) {
    if (within != NULL && within->wkb != NULL)
        ELC_TRY(target_make(&s->targets[s->n++], s->layer, within, err));
    if (!s->filter->has_box)
        return ELC_OK;
    elc_string box = {0};
    elc_status status = box_shape(s->filter->box, &box, err);
    serve_within shape = {box.data, box.size};
    if (status == ELC_OK)
        status = target_make(&s->targets[s->n++], s->layer, &shape, err);
    elc_string_free(&box);
    return status;
}

elc_status elc_serve_select(const serve_layer *layer, const serve_filter *filter,
                            const serve_within *within, const serve_patience *patience,
                            serve_visit body, void *arg, elc_error *err) {
    selection s = {.layer = layer, .filter = filter, .body = body, .arg = arg};
    elc_status status = add_targets(&s, within, err);
    if (status == ELC_OK)
        status = visit_all(&s, patience, err);
    for (size_t i = 0; i < s.n; i++)
        target_free(&s.targets[i]);
    return status;
}

/* ---- as numbers of rows ---------------------------------------------------------- */

typedef struct numbers {
    const serve_layer *layer;
    uint32_t *rows;
    size_t n, capacity;
} numbers;

static elc_status keep(void *arg, size_t place, elc_error *err) {
    numbers *k = arg;
    ELC_TRY(elc_reserve(&k->rows, &k->capacity, k->n + 1, sizeof *k->rows, err));
    k->rows[k->n++] = k->layer->rows[place];
    return ELC_OK;
}

static int by_number(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

elc_status elc_serve_select_rows(const serve_layer *layer, const serve_filter *filter,
                                 const serve_within *within,
                                 const serve_patience *patience, uint32_t **out,
                                 size_t *n, elc_error *err) {
    numbers kept = {.layer = layer};
    elc_status status =
        elc_serve_select(layer, filter, within, patience, keep, &kept, err);
    if (status != ELC_OK) {
        free(kept.rows);
        return status;
    }
    if (kept.n > 1)
        qsort(kept.rows, kept.n, sizeof *kept.rows, by_number);
    *out = kept.rows;
    *n = kept.n;
    return ELC_OK;
}
