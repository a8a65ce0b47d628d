/* job.c - what a heatmap is asked for, and the points of its table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double WIDEST_M = 1e7;

/* ---- options ----------------------------------------------------------------------
 */

static elc_status check_length(const elc_options *options, const char *name,
                               elc_error *err) {
    double length = elc_options_length(options, name).value;
    if (elc_options_has(options, name) && !(length > 0))
        return elc_fail(err, ELC_E_ARGUMENT, "--%s is %g; it is to be more than 0",
                        name, length);
    return ELC_OK;
}

static elc_status check_name(const char *path, elc_error *err) {
    const char *dot = path != NULL ? strrchr(path, '.') : NULL;
    if (path == NULL || (dot != NULL && (strcasecmp(dot, ".tif") == 0 ||
                                         strcasecmp(dot, ".tiff") == 0)))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: the raster is a GeoTIFF, whose name ends in .tif or .tiff",
                    path);
}

elc_status elc_heat_check(const elc_options *options, elc_error *err) {
    bool imaged = strcmp(elc_options_text(options, "per"), "imaged-area") == 0;
    if (!elc_options_has(options, "bandwidth"))
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--bandwidth is not given; it says how far a place is spread, as "
            "in --bandwidth 50m");
    if (!elc_options_has(options, "out") && !elc_options_has(options, "png") &&
        !elc_options_has(options, "html"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "no file is named; give -o heat.tif, --png heat.png, --html "
                        "heat.html, or more of them");
    ELC_TRY(check_name(elc_options_text(options, "out"), err));
    if (imaged != elc_options_has(options, "images"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        imaged ? "--per imaged-area needs --images, as in --images "
                                 "vehicles.gpkg:images"
                               : "--images is given, but without --per imaged-area "
                                 "nothing uses it");
    ELC_TRY(check_length(options, "bandwidth", err));
    if (elc_options_length(options, "bandwidth").value > WIDEST_M)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--bandwidth is %g m, as wide as Earth; give at most 10,000 km",
                        elc_options_length(options, "bandwidth").value);
    ELC_TRY(check_length(options, "pixel", err));
    double widest = elc_options_length(options, "bandwidth").value;
    if (elc_options_length(options, "pixel").value > widest)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--pixel %g is wider than the bandwidth, so that places would fall "
            "between cells; give at most %g",
            elc_options_length(options, "pixel").value, widest);
    return ELC_OK;
}

/* ---- columns ----------------------------------------------------------------------
 */

static elc_status find_column(const heat_job *job, const char *option, int64_t *out,
                              elc_error *err) {
    const char *name = elc_options_text(job->call->options, option);
    *out = name != NULL && name[0] != '_' ? elc_schema_find(job->schema, name) : -1;
    if (name != NULL && *out < 0)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "--%s %s: the table has no column of that name", option, name);
    return ELC_OK;
}

static elc_status check_weight(const heat_job *job, elc_error *err) {
    elc_type type;
    if (job->weight < 0)
        return ELC_OK;
    ELC_TRY(elc_schema_type(job->schema->children[job->weight], &type, err));
    if (type == ELC_INT32 || type == ELC_INT64 || type == ELC_FLOAT32 ||
        type == ELC_FLOAT64)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "--weight %s: the column is %s, and no number",
                    job->schema->children[job->weight]->name, elc_type_name(type));
}

static elc_status check_by(heat_job *job, elc_error *err) {
    if (job->by < 0)
        return ELC_OK;
    ELC_TRY(elc_schema_type(job->schema->children[job->by], &job->by_type, err));
    if (job->by_type == ELC_UTF8 || job->by_type == ELC_INT32 ||
        job->by_type == ELC_INT64)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "--by %s: the column is %s; bands are made of texts or whole numbers",
        job->schema->children[job->by]->name, elc_type_name(job->by_type));
}

static elc_status fail_bounds(const char *text, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--bounds %s: is to be WEST,SOUTH,EAST,NORTH in degrees, as "
                    "16.2,48.1,16.6,48.3; a west beyond the east lies across 180",
                    text);
}

elc_status elc_heat_read_bounds(heat_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    const char *text = elc_options_text(options, "bounds");
    double *b = job->bounds;
    elc_names words = {0};
    job->bounded = text != NULL;
    if (text == NULL)
        return ELC_OK;
    elc_status status = elc_names_split(&words, text, ',', err);
    if (status == ELC_OK && words.count != 4)
        status = fail_bounds(text, err);
    for (size_t i = 0; i < 4 && status == ELC_OK; i++)
        if (elc_parse_real(words.items[i], "--bounds", &b[i], NULL) != ELC_OK)
            status = fail_bounds(text, err);
    elc_names_free(&words);
    ELC_TRY(status);
    bool well = fabs(b[0]) <= 180 && fabs(b[2]) <= 180 && fabs(b[1]) <= 90 &&
                fabs(b[3]) <= 90 && b[1] < b[3] && (b[0] < b[2] || b[0] > b[2]);
    return well ? ELC_OK : fail_bounds(text, err);
}

static elc_kernel kernel_of(const elc_options *options) {
    const char *word = elc_options_text(options, "kernel");
    return strcmp(word, "quartic") == 0        ? ELC_KERNEL_QUARTIC
           : strcmp(word, "epanechnikov") == 0 ? ELC_KERNEL_EPANECHNIKOV
                                               : ELC_KERNEL_GAUSSIAN;
}

elc_status elc_heat_job_start(heat_job *job, const struct ArrowSchema *schema,
                              elc_error *err) {
    const elc_options *options = job->call->options;
    const char *crs = elc_options_text(options, "crs");
    job->schema = schema;
    job->kernel = kernel_of(options);
    job->imaged = elc_options_has(options, "images");
    ELC_TRY(elc_heat_read_bounds(job, err));
    ELC_TRY(elc_part_place_find(options, schema, "table", &job->place, err));
    job->place.stated = job->place.stated || job->place.numbers; /* degrees */
    if (!job->place.stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table's geometry states no CRS, without which it has no "
                        "metres; `elcano project --from` gives it one");
    ELC_TRY(find_column(job, "weight", &job->weight, err));
    ELC_TRY(check_weight(job, err));
    ELC_TRY(find_column(job, "by", &job->by, err));
    ELC_TRY(check_by(job, err));
    if (crs == NULL)
        return ELC_OK;
    ELC_TRY(elc_crs_create(crs, &job->to, err));
    return elc_raster_check_crs(job->to, err);
}

void elc_heat_job_clear(heat_job *job) {
    elc_outline_free(&job->seen);
    elc_part_place_free(&job->place);
    elc_crs_free(job->to);
    elc_part_names_free(&job->names);
    free(job->points);
    free(job->weights);
    free(job->values);
    free(job->share);
    *job = (heat_job){0};
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status add_weight(heat_job *job, const elc_rows *rows, size_t row,
                             elc_error *err) {
    if (job->weight < 0)
        return ELC_OK;
    double weight = elc_rows_real(rows, (size_t)job->weight, row);
    if (isinf(weight))
        return elc_fail(err, ELC_E_ARGUMENT, "--weight %s: a row has infinity",
                        job->schema->children[job->weight]->name);
    ELC_TRY(elc_reserve(&job->weights, &job->weights_capacity, job->n + 1,
                        sizeof *job->weights, err));
    job->weights[job->n] = isnan(weight) ? 0 : weight;
    return ELC_OK;
}

/* A NULL is a value of its own, and no empty text. */
static elc_status write_key(const heat_job *job, const elc_rows *rows, size_t row,
                            elc_string *out, elc_error *err) {
    size_t size;
    out->size = 0;
    if (elc_rows_null(rows, (size_t)job->by, row))
        return elc_string_append(out, HEAT_NO_VALUE, 1, err);
    ELC_TRY(elc_string_append(out, "=", 1, err));
    if (job->by_type != ELC_UTF8)
        return elc_string_printf(out, err, "%" PRId64,
                                 elc_rows_int(rows, (size_t)job->by, row));
    const char *text = elc_rows_bytes(rows, (size_t)job->by, row, &size);
    return elc_string_append(out, text, size, err);
}

static elc_status add_value(heat_job *job, const elc_rows *rows, size_t row,
                            elc_string *key, elc_error *err) {
    if (job->by < 0)
        return ELC_OK;
    ELC_TRY(write_key(job, rows, row, key, err));
    ELC_TRY(elc_reserve(&job->values, &job->values_capacity, job->n + 1,
                        sizeof *job->values, err));
    ELC_TRY(elc_part_names_add(&job->names, key->data, key->data + 1,
                               &job->values[job->n], err));
    if (job->names.keys.count > HEAT_MOST_BANDS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--by %s: the column has more than %d values, and each is a "
                        "band; choose one with fewer",
                        job->schema->children[job->by]->name, HEAT_MOST_BANDS);
    return ELC_OK;
}

static elc_status add_row(heat_job *job, part_spotter *spotter, const elc_rows *rows,
                          size_t row, elc_string *key, elc_error *err) {
    elc_point at;
    bool missing;
    ELC_TRY(elc_part_spot(spotter, rows, row, &at, &missing, err));
    if (!isfinite(at.x) || !isfinite(at.y)) {
        job->n_bare++;
        return ELC_OK;
    }
    ELC_TRY(add_weight(job, rows, row, err));
    ELC_TRY(add_value(job, rows, row, key, err));
    ELC_TRY(elc_reserve(&job->points, &job->points_capacity, job->n + 1,
                        sizeof *job->points, err));
    job->points[job->n++] = at;
    return ELC_OK;
}

static elc_status add_batch(heat_job *job, part_spotter *spotter,
                            const struct ArrowArray *batch, elc_error *err) {
    elc_rows *rows;
    elc_string key = {0};
    ELC_TRY(elc_rows_view(job->schema, batch, &rows, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < elc_rows_count(rows) && status == ELC_OK; i++)
        status = add_row(job, spotter, rows, i, &key, err);
    elc_string_free(&key);
    elc_rows_free(rows);
    return status;
}

static elc_status read_batches(heat_job *job, part_spotter *spotter,
                               struct ArrowArrayStream *table, elc_error *err) {
    elc_progress progress = {.unit = "rows"};
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_cancel(job->call->context, err));
        ELC_TRY(elc_check_memory(job->call->context, err));
        ELC_TRY(elc_stream_next(table, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        progress.done += (uint64_t)batch.length;
        elc_status status = add_batch(job, spotter, &batch, err);
        elc_array_release(&batch);
        ELC_TRY(status);
        elc_report(job->call->context, &progress);
    }
}

elc_status elc_heat_read(heat_job *job, struct ArrowArrayStream *table,
                         elc_error *err) {
    part_spotter spotter = {.place = &job->place};
    elc_status status = read_batches(job, &spotter, table, err);
    elc_part_spotter_free(&spotter);
    return status;
}
