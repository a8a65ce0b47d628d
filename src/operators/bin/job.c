/* job.c - what bin is asked of a table, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>

/* ---- options --------------------------------------------------------------------- */

elc_status elc_bin_check(const elc_options *options, elc_error *err) {
    bin_grid grid;
    ELC_TRY(elc_bin_grid_read(options, &grid, err));
    if (elc_options_given(options, "per") && !elc_options_given(options, "images"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--per imaged-area needs --images, which says what was looked "
                        "at, as in --images vehicles.gpkg:images");
    return ELC_OK;
}

static elc_status find_place(bin_job *job, elc_error *err) {
    part_place *place = &job->place;
    ELC_TRY(elc_part_place_find(job->call->options, &job->schema, "table", place, err));
    if (!place->stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table states no CRS, so that its place on the ground is "
                        "not known; elcano project gives it one");
    return place->crs != NULL ? elc_transform_create(place->crs, NULL, &job->way, err)
                              : ELC_OK;
}

/* ---- columns of the table -------------------------------------------------------- */

static elc_status find_column(const bin_job *job, const char *option, const char *name,
                              int64_t *at, elc_type *type, elc_error *err) {
    *at = name[0] == '_' ? -1 : elc_schema_find(&job->schema, name);
    if (*at < 0)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "--%s %s: the table has no column of that name", option, name);
    return elc_schema_type(job->schema.children[*at], type, err);
}

static elc_status find_by(bin_job *job, elc_error *err) {
    job->by = elc_options_list(job->call->options, "by");
    size_t n = job->by->count;
    ELC_TRY(elc_alloc(n, sizeof *job->by_columns, &job->by_columns, err));
    ELC_TRY(elc_alloc(n, sizeof *job->by_types, &job->by_types, err));
    for (size_t i = 0; i < n; i++) {
        int64_t at;
        ELC_TRY(find_column(job, "by", job->by->items[i], &at, &job->by_types[i], err));
        job->by_columns[i] = (size_t)at;
        if (job->by_types[i] == ELC_GEOMETRY)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--by %s: the column is a geometry, whose values are no "
                            "groups",
                            job->by->items[i]);
    }
    return ELC_OK;
}

/* A column of text may have no values: a CSV of a header has no types. */
static elc_status find_day(bin_job *job, elc_error *err) {
    const char *name = elc_options_text(job->call->options, "day");
    job->day = -1;
    if (name == NULL)
        return ELC_OK;
    ELC_TRY(find_column(job, "day", name, &job->day, &job->day_type, err));
    if (job->day_type == ELC_DATE32 || job->day_type == ELC_TIMESTAMP ||
        job->day_type == ELC_UTF8)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--day %s: the column is %s, and days are of times or dates", name,
                    elc_type_name(job->day_type));
}

static elc_status add_sums(bin_job *job, const char *option, bool mean,
                           elc_error *err) {
    const elc_names *names = elc_options_list(job->call->options, option);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        size_t at = elc_names_find(&job->values, name);
        int64_t column;
        elc_type type;
        if (at == SIZE_MAX) {
            at = job->values.count;
            ELC_TRY(find_column(job, option, name, &column, &type, err));
            if (type > ELC_FLOAT64 && type != ELC_UTF8)
                return elc_fail(err, ELC_E_ARGUMENT,
                                "--%s %s: the column is %s, which cannot be added up",
                                option, name, elc_type_name(type));
            ELC_TRY(elc_names_add(&job->values, name, err));
            job->numbers[at] = (part_number){.column = (size_t)column,
                                             .text = type == ELC_UTF8 ? name : NULL,
                                             .whole = type == ELC_INT64};
        }
        job->sums[job->n_sums++] = (bin_sum){at, mean};
    }
    return ELC_OK;
}

static elc_status find_sums(bin_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    size_t n = elc_options_list(options, "sum")->count +
               elc_options_list(options, "mean")->count;
    ELC_TRY(elc_alloc(n, sizeof *job->sums, &job->sums, err));
    ELC_TRY(elc_alloc(n, sizeof *job->numbers, &job->numbers, err));
    ELC_TRY(add_sums(job, "sum", false, err));
    return add_sums(job, "mean", true, err);
}

/* ---- columns that come out ------------------------------------------------------- */

static elc_status add(bin_job *job, elc_column column, const struct ArrowSchema *like,
                      size_t *at, elc_error *err) {
    *at = job->columns.count;
    return elc_part_columns_add(&job->columns, column, like, "_binned", err);
}

static elc_status add_by(bin_job *job, elc_error *err) {
    size_t at;
    job->out_by = job->columns.count;
    for (size_t i = 0; i < job->by->count; i++) {
        const struct ArrowSchema *own = job->schema.children[job->by_columns[i]];
        ELC_TRY(add(job, (elc_column){.name = own->name, .type = job->by_types[i]}, own,
                    &at, err));
    }
    if (job->day < 0)
        return ELC_OK;
    return add(job, (elc_column){.name = "day", .type = ELC_DATE32}, NULL,
               &job->out_day, err);
}

static elc_status add_sum_columns(bin_job *job, elc_error *err) {
    elc_string name = {0};
    elc_status status = ELC_OK;
    job->out_sums = job->columns.count;
    for (size_t i = 0; i < job->n_sums && status == ELC_OK; i++) {
        const bin_sum *sum = &job->sums[i];
        size_t at;
        name.size = 0;
        status = elc_string_printf(&name, err, "%s_%s", job->values.items[sum->value],
                                   sum->mean ? "mean" : "sum");
        if (status == ELC_OK)
            status = elc_names_add(&job->names, name.data, err);
        if (status == ELC_OK)
            status = add(job,
                         (elc_column){.name = job->names.items[job->names.count - 1],
                                      .type = ELC_FLOAT64},
                         NULL, &at, err);
    }
    elc_string_free(&name);
    return status;
}

static elc_status add_area(bin_job *job, elc_error *err) {
    if (job->images == NULL)
        return ELC_OK;
    ELC_TRY(add(job, (elc_column){"imaged_m2", ELC_FLOAT64, "m2", NULL}, NULL,
                &job->out_area, err));
    if (!job->rate)
        return ELC_OK;
    return add(job, (elc_column){.name = "count_per_km2", .type = ELC_FLOAT64}, NULL,
               &job->out_rate, err);
}

static elc_status add_columns(bin_job *job, elc_error *err) {
    const bin_zones *zones = job->zones;
    const struct ArrowSchema *like = NULL;
    elc_column shape = {.name = "geometry", .type = ELC_GEOMETRY};
    size_t at;
    if (zones != NULL) {
        like = zones->schema.children[zones->geometry];
        shape.name = like->name;
        ELC_TRY(elc_part_columns_pass(&job->columns, &zones->schema, zones->geometry,
                                      "_again", err));
    } else
        ELC_TRY(
            add(job, (elc_column){.name = "cell", .type = ELC_UTF8}, NULL, &at, err));
    ELC_TRY(add_by(job, err));
    ELC_TRY(add(job, (elc_column){.name = "count", .type = ELC_INT64}, NULL,
                &job->out_count, err));
    ELC_TRY(add_sum_columns(job, err));
    ELC_TRY(add_area(job, err));
    ELC_TRY(add(job, shape, like, &job->out_shape, err));
    static const struct ArrowSchema none;
    return elc_part_columns_from(&job->columns, zones != NULL ? &zones->schema : &none,
                                 &job->from, err);
}

/* ---- life ------------------------------------------------------------------------ */

static elc_status fill(bin_job *job, struct ArrowArrayStream *table, elc_error *err) {
    const elc_options *options = job->call->options;
    job->images = elc_options_text(options, "images");
    job->rate = elc_options_given(options, "per");
    ELC_TRY(elc_bin_grid_read(options, &job->grid, err));
    ELC_TRY(elc_stream_schema(table, &job->schema, err));
    ELC_TRY(find_place(job, err));
    ELC_TRY(find_by(job, err));
    ELC_TRY(find_day(job, err));
    ELC_TRY(find_sums(job, err));
    if (job->grid.kind == BIN_ZONES)
        ELC_TRY(elc_bin_zones_open(elc_options_text(options, "zones"),
                                   job->call->context, &job->zones, err));
    return add_columns(job, err);
}

elc_status elc_bin_job_create(const elc_call *call, struct ArrowArrayStream *table,
                              bin_job **out, elc_error *err) {
    bin_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    job->call = call;
    elc_status status = fill(job, table, err);
    if (status != ELC_OK) {
        elc_bin_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_bin_job_free(bin_job *job) {
    if (job == NULL)
        return;
    elc_part_columns_free(&job->columns);
    elc_names_free(&job->values);
    elc_names_free(&job->names);
    elc_bin_zones_free(job->zones);
    elc_part_place_free(&job->place);
    elc_transform_free(job->way);
    elc_schema_release(&job->schema);
    free(job->by_columns);
    free(job->by_types);
    free(job->numbers);
    free(job->sums);
    free(job->from);
    free(job);
}
