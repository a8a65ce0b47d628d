/* job.c - what cluster is asked of a table, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>

/* ---- options --------------------------------------------------------------------- */

elc_status elc_cluster_check(const elc_options *options, elc_error *err) {
    if (!elc_options_has(options, "eps"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--eps is not given; it says how far apart neighbours are at "
                        "most, as in --eps 15m");
    elc_length eps = elc_options_length(options, "eps");
    if (!(eps.value > 0))
        return elc_fail(err, ELC_E_ARGUMENT, "--eps is %g; give more than 0",
                        eps.value);
    if (eps.metres &&
        !(eps.value >= ELC_CLUSTER_LEAST_M && eps.value <= ELC_CLUSTER_MOST_M))
        return elc_fail(err, ELC_E_ARGUMENT, "--eps is %g m; give 0.02 m to 1,000 km",
                        eps.value);
    return ELC_OK;
}

static cluster_shapes shapes_of(const elc_options *options) {
    const char *word = elc_options_text(options, "shapes");
    return *word == 'h' ? CLUSTER_HULLS : *word == 'b' ? CLUSTER_BUFFERS : CLUSTER_ROWS;
}

static elc_status read_wish(cluster_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    elc_length eps = elc_options_length(options, "eps");
    const part_place *place = &job->place;
    job->shapes = shapes_of(options);
    job->wish = (elc_cluster_wish){eps.value, eps.metres,
                                   (size_t)elc_options_int(options, "min_points"),
                                   job->call->context};
    if (eps.metres && !place->stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--eps is in metres, but the table states no CRS; without a "
                        "unit it is in that of its coordinates");
    if (!eps.metres && place->stated &&
        (place->crs == NULL || elc_crs_is_geographic(place->crs)))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--eps has no unit, and the table's CRS has degrees, in which "
                        "no distance is the same everywhere; write 15m or 1km");
    if (eps.metres && place->crs != NULL)
        return elc_transform_create(place->crs, NULL, &job->way, err);
    return ELC_OK;
}

/* ---- columns --------------------------------------------------------------------- */

static elc_status find_by(cluster_job *job, elc_error *err) {
    const struct ArrowSchema *schema = &job->schema;
    job->by = elc_options_list(job->call->options, "by");
    size_t n = job->by->count;
    ELC_TRY(elc_alloc(n, sizeof *job->by_columns, &job->by_columns, err));
    ELC_TRY(elc_alloc(n, sizeof *job->by_types, &job->by_types, err));
    for (size_t i = 0; i < n; i++) {
        const char *name = job->by->items[i];
        int64_t at = name[0] == '_' ? -1 : elc_schema_find(schema, name);
        if (at < 0)
            return elc_fail(err, ELC_E_NOT_FOUND,
                            "--by %s: the table has no column of that name", name);
        job->by_columns[i] = (size_t)at;
        ELC_TRY(elc_schema_type(schema->children[at], &job->by_types[i], err));
        if (job->by_types[i] == ELC_GEOMETRY)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--by %s: the column is a geometry, whose values are no "
                            "groups",
                            name);
    }
    return ELC_OK;
}

static elc_status find_classes(cluster_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    const char *name = elc_options_text(options, "class");
    bool given = elc_options_given(options, "class");
    elc_type type = ELC_GEOMETRY;
    job->classes = elc_schema_find(&job->schema, name);
    if (job->classes < 0 && given)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "--class %s: the table has no column of that name", name);
    if (job->classes >= 0)
        ELC_TRY(elc_schema_type(job->schema.children[job->classes], &type, err));
    bool fits =
        type == ELC_UTF8 || type == ELC_INT32 || type == ELC_INT64 || type == ELC_BOOL;
    if (given && !fits)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--class %s: the column is %s; classes are text or whole "
                        "numbers",
                        name, elc_type_name(type));
    if (!fits)
        job->classes = -1;
    job->class_type = type;
    return ELC_OK;
}

static elc_status add_like(cluster_job *job, int which, elc_column column,
                           const struct ArrowSchema *like, elc_error *err) {
    job->made[which] = (int64_t)job->columns.count;
    return elc_part_columns_add(&job->columns, column, like, "_clustered", err);
}

static elc_status add_made(cluster_job *job, int which, const char *name, elc_type type,
                           const char *unit, elc_error *err) {
    elc_column column = {.name = name, .type = type, .unit = unit};
    return add_like(job, which, column, NULL, err);
}

/* As the table's own; else of the CRS that its columns of coordinates have. */
static elc_status add_shape(cluster_job *job, elc_error *err) {
    const part_place *place = &job->place;
    elc_column column = {.name = "geometry", .type = ELC_GEOMETRY};
    const struct ArrowSchema *like = NULL;
    if (!place->numbers) {
        like = job->schema.children[place->column];
        column.name = like->name;
    } else if (!place->stated) {
        ELC_TRY(elc_schema_create(&column, 1, "", &job->bare, err));
        like = job->bare.children[0];
    }
    return add_like(job, CLUSTER_SHAPE, column, like, err);
}

static elc_status add_by(cluster_job *job, elc_error *err) {
    for (size_t i = 0; i < job->by->count; i++) {
        const struct ArrowSchema *own = job->schema.children[job->by_columns[i]];
        elc_column column = {.name = own->name, .type = job->by_types[i]};
        ELC_TRY(elc_part_columns_add(&job->columns, column, own, "_clustered", err));
    }
    return ELC_OK;
}

static elc_status add_shape_columns(cluster_job *job, elc_error *err) {
    bool stated = job->place.stated;
    ELC_TRY(add_made(job, CLUSTER_ID, "cluster", ELC_INT64, NULL, err));
    ELC_TRY(add_by(job, err));
    ELC_TRY(add_made(job, CLUSTER_COUNT, "count", ELC_INT64, NULL, err));
    if (job->classes >= 0)
        ELC_TRY(add_made(job, CLUSTER_COUNTS, "counts", ELC_UTF8, NULL, err));
    ELC_TRY(add_made(job, CLUSTER_X, stated ? "lon" : "x", ELC_FLOAT64, NULL, err));
    ELC_TRY(add_made(job, CLUSTER_Y, stated ? "lat" : "y", ELC_FLOAT64, NULL, err));
    ELC_TRY(add_made(job, CLUSTER_AREA, stated ? "area_m2" : "area", ELC_FLOAT64,
                     stated ? "m2" : NULL, err));
    ELC_TRY(add_made(job, CLUSTER_DENSITY, stated ? "density_per_km2" : "density",
                     ELC_FLOAT64, NULL, err));
    return add_shape(job, err);
}

static elc_status add_columns(cluster_job *job, elc_error *err) {
    for (int i = 0; i < CLUSTER_MADE; i++)
        job->made[i] = -1;
    if (job->shapes == CLUSTER_ROWS) {
        ELC_TRY(elc_part_columns_pass(&job->columns, &job->schema, -1, "_again", err));
        ELC_TRY(add_made(job, CLUSTER_ID, "cluster", ELC_INT64, NULL, err));
    } else
        ELC_TRY(add_shape_columns(job, err));
    ELC_TRY(elc_part_columns_from(&job->columns, &job->schema, &job->from, err));
    for (int i = 0; i < CLUSTER_MADE; i++)
        if (job->made[i] >= 0)
            job->from[job->made[i]] = -1;
    return ELC_OK;
}

/* ---- life ------------------------------------------------------------------------ */

static elc_status fill(cluster_job *job, struct ArrowArrayStream *table,
                       elc_error *err) {
    ELC_TRY(elc_stream_schema(table, &job->schema, err));
    ELC_TRY(elc_part_place_find(job->call->options, &job->schema, "table", &job->place,
                                err));
    ELC_TRY(read_wish(job, err));
    ELC_TRY(find_by(job, err));
    ELC_TRY(find_classes(job, err));
    return add_columns(job, err);
}

elc_status elc_cluster_job_create(const elc_call *call, struct ArrowArrayStream *table,
                                  cluster_job **out, elc_error *err) {
    cluster_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    job->call = call;
    elc_status status = fill(job, table, err);
    if (status != ELC_OK) {
        elc_cluster_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_cluster_job_free(cluster_job *job) {
    if (job == NULL)
        return;
    elc_part_columns_free(&job->columns);
    elc_schema_release(&job->schema);
    elc_schema_release(&job->bare);
    elc_part_place_free(&job->place);
    elc_transform_free(job->way);
    free(job->by_columns);
    free(job->by_types);
    free(job->from);
    free(job);
}
