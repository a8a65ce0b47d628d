/* lots.c - a row a cluster: how many, where, and its shape. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lots.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIANS  0.017453292519943295 /* a degree */
#define M2_A_KM2 1e6

struct cluster_lots {
    const cluster_job *job;
    const cluster_found *found;
    uint32_t *first;  /* n_clusters + 1: the first of each among */
    uint32_t *member; /* placed rows by their clusters, in the table's order */
    elc_measure *measure;
    elc_edit *edit;           /* for buffers */
    elc_transform *to_lonlat; /* of middles; NULL: none is needed */
    elc_point *points;        /* of a cluster */
    elc_string many, shape, text;
};

/* ---- members --------------------------------------------------------------------- */

static elc_status find_members(cluster_lots *l, elc_error *err) {
    const cluster_found *f = l->found;
    size_t most = 0, n = f->n_clusters;
    ELC_TRY(elc_alloc(n + 1, sizeof *l->first, &l->first, err));
    ELC_TRY(elc_alloc(f->n_placed, sizeof *l->member, &l->member, err));
    for (size_t i = 0; i < f->n_placed; i++)
        if (f->cluster[i] >= 0)
            l->first[f->cluster[i]]++;
    for (size_t k = 0, sum = 0; k <= n; k++) {
        most = l->first[k] > most ? l->first[k] : most;
        sum += l->first[k];
        l->first[k] = (uint32_t)sum; /* where the cluster ends, */
    }
    for (size_t i = f->n_placed; i-- > 0;) /* and in the end begins */
        if (f->cluster[i] >= 0)
            l->member[--l->first[f->cluster[i]]] = (uint32_t)i;
    return elc_alloc(most, sizeof *l->points, &l->points, err);
}

static const elc_rows *row_of(const cluster_lots *l, size_t member, size_t *row) {
    return elc_part_held_row(&l->found->table, l->found->row[l->member[member]], row);
}

/* ---- counts by class ------------------------------------------------------------- */

static elc_status name_class(cluster_lots *l, const elc_rows *rows, size_t row,
                             elc_error *err) {
    size_t column = (size_t)l->job->classes, size;
    l->text.size = 0;
    if (l->job->class_type != ELC_UTF8)
        return elc_string_printf(&l->text, err, "%lld",
                                 (long long)elc_rows_int(rows, column, row));
    const char *text = elc_rows_bytes(rows, column, row, &size);
    if (elc_utf8_valid(text, size))
        return elc_string_append(&l->text, text, size, err);
    return elc_string_append(&l->text, "?", 1, err);
}

static elc_status count_classes(cluster_lots *l, size_t number, json_t *counts,
                                elc_error *err) {
    for (size_t i = l->first[number]; i < l->first[number + 1]; i++) {
        size_t row;
        const elc_rows *rows = row_of(l, i, &row);
        if (elc_rows_null(rows, (size_t)l->job->classes, row))
            continue;
        ELC_TRY(name_class(l, rows, row, err));
        json_int_t so_far = json_integer_value(json_object_get(counts, l->text.data));
        if (json_object_set_new(counts, l->text.data, json_integer(so_far + 1)) != 0)
            return elc_fail(err, ELC_E_MEMORY, "no memory for counts by class");
    }
    return ELC_OK;
}

static elc_status put_counts(cluster_lots *l, size_t number, elc_batch *out,
                             elc_error *err) {
    if (l->job->classes < 0)
        return ELC_OK;
    json_t *counts = json_object();
    char *text = NULL;
    elc_status status =
        counts != NULL ? count_classes(l, number, counts, err)
                       : elc_fail(err, ELC_E_MEMORY, "no memory for counts by class");
    if (status == ELC_OK)
        text = json_dumps(counts, JSON_SORT_KEYS | JSON_COMPACT);
    if (status == ELC_OK && text == NULL)
        status = elc_fail(err, ELC_E_MEMORY, "no memory for counts by class");
    if (status == ELC_OK)
        status = elc_batch_text(out, (size_t)l->job->made[CLUSTER_COUNTS], text, err);
    free(text);
    json_decref(counts);
    return status;
}

/* ---- the middle ------------------------------------------------------------------ */

static elc_point mean_place(const elc_point *points, size_t n) {
    elc_point sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        sum.x += points[i].x - points[0].x;
        sum.y += points[i].y - points[0].y;
    }
    return (elc_point){points[0].x + sum.x / (double)n,
                       points[0].y + sum.y / (double)n};
}

/* The mean of their directions in space, which has no antimeridian. */
static elc_point mean_direction(const elc_point *lonlat, size_t n) {
    double x = 0, y = 0, z = 0;
    for (size_t i = 0; i < n; i++) {
        double lon = lonlat[i].x * RADIANS, lat = lonlat[i].y * RADIANS;
        x += cos(lat) * cos(lon);
        y += cos(lat) * sin(lon);
        z += sin(lat);
    }
    return (elc_point){atan2(y, x) / RADIANS, atan2(z, hypot(x, y)) / RADIANS};
}

static elc_status put_middle(cluster_lots *l, size_t n, elc_batch *out,
                             elc_error *err) {
    const cluster_job *job = l->job;
    bool degrees = elc_part_place_is_degrees(&job->place);
    elc_point p = degrees ? mean_direction(l->points, n) : mean_place(l->points, n);
    if (l->to_lonlat != NULL)
        elc_transform_points(l->to_lonlat, &p, 1);
    if (!isfinite(p.x) || !isfinite(p.y))
        return ELC_OK;
    ELC_TRY(elc_batch_real(out, (size_t)job->made[CLUSTER_X], p.x, err));
    return elc_batch_real(out, (size_t)job->made[CLUSTER_Y], p.y, err);
}

/* ---- the shape ------------------------------------------------------------------- */

static elc_status write_points(cluster_lots *l, size_t n, elc_error *err) {
    static const unsigned char head[] = {1, 4, 0, 0, 0};
    uint32_t count = (uint32_t)n; /* little endian, as all that WKB here is */
    l->many.size = 0;
    ELC_TRY(elc_string_append(&l->many, head, sizeof head, err));
    ELC_TRY(elc_string_append(&l->many, &count, sizeof count, err));
    for (size_t i = 0; i < n; i++)
        ELC_TRY(elc_wkb_point(l->points[i], &l->many, err));
    return ELC_OK;
}

static elc_status make_buffer(cluster_lots *l, size_t n, elc_error *err) {
    const elc_cluster_wish *wish = &l->job->wish;
    elc_taken taken;
    ELC_TRY(write_points(l, n, err));
    return elc_edit_buffer(l->edit, l->many.data, l->many.size, wish->eps / 2,
                           wish->metres, &l->shape, &taken, err);
}

static elc_status put_shape(cluster_lots *l, size_t n, elc_batch *out, elc_error *err) {
    const cluster_job *job = l->job;
    const elc_measure_wish wish = {.sizes = true};
    elc_measured got;
    l->shape.size = 0;
    if (job->shapes == CLUSTER_BUFFERS)
        ELC_TRY(make_buffer(l, n, err));
    else
        ELC_TRY(elc_wkb_hull(l->points, n, elc_part_place_is_degrees(&job->place),
                             &l->shape, err));
    if (l->shape.size == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_bytes(out, (size_t)job->made[CLUSTER_SHAPE], l->shape.data,
                            l->shape.size, err));
    ELC_TRY(elc_measure_wkb(l->measure, l->shape.data, l->shape.size, &wish, &got, NULL,
                            err));
    if (!isfinite(got.area))
        return ELC_OK;
    ELC_TRY(elc_batch_real(out, (size_t)job->made[CLUSTER_AREA], got.area + 0.0, err));
    if (got.area <= 0)
        return ELC_OK;
    double unit = job->place.stated ? M2_A_KM2 : 1;
    return elc_batch_real(out, (size_t)job->made[CLUSTER_DENSITY],
                          (double)n / got.area * unit, err);
}

/* ---- rows ------------------------------------------------------------------------ */

elc_status elc_cluster_lots_give(cluster_lots *l, size_t number, elc_batch *out,
                                 elc_error *err) {
    const cluster_job *job = l->job;
    size_t from = l->first[number], n = l->first[number + 1] - from, row;
    for (size_t i = 0; i < n; i++)
        l->points[i] = l->found->places[l->member[from + i]];
    ELC_TRY(elc_batch_int(out, (size_t)job->made[CLUSTER_ID], (int64_t)number, err));
    ELC_TRY(elc_batch_int(out, (size_t)job->made[CLUSTER_COUNT], (int64_t)n, err));
    ELC_TRY(put_counts(l, number, out, err));
    ELC_TRY(put_middle(l, n, out, err));
    ELC_TRY(put_shape(l, n, out, err));
    const elc_rows *rows = row_of(l, from, &row); /* the values of --by are all one */
    return elc_batch_copy_row(out, rows, job->from, row, err);
}

/* ---- life ------------------------------------------------------------------------ */

static elc_status fill(cluster_lots *l, elc_error *err) {
    const part_place *place = &l->job->place;
    ELC_TRY(find_members(l, err));
    ELC_TRY(elc_measure_create(place->crs, place->stated, &l->measure, err));
    ELC_TRY(elc_edit_create(place->crs, place->stated, &l->edit, err));
    if (place->crs != NULL && !elc_part_place_is_degrees(place))
        return elc_transform_create(place->crs, NULL, &l->to_lonlat, err);
    return ELC_OK;
}

elc_status elc_cluster_lots_create(const cluster_job *job, const cluster_found *found,
                                   cluster_lots **out, elc_error *err) {
    cluster_lots *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->job = job;
    l->found = found;
    elc_status status = fill(l, err);
    if (status != ELC_OK) {
        elc_cluster_lots_free(l);
        return status;
    }
    *out = l;
    return ELC_OK;
}

void elc_cluster_lots_free(cluster_lots *l) {
    if (l == NULL)
        return;
    elc_measure_free(l->measure);
    elc_edit_free(l->edit);
    elc_transform_free(l->to_lonlat);
    elc_string_free(&l->many);
    elc_string_free(&l->shape);
    elc_string_free(&l->text);
    free(l->first);
    free(l->member);
    free(l->points);
    free(l);
}
