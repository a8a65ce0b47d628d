/* run.c - a heatmap's bands, and the rows that say what was written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BAND,
    NAME,
    POINTS,
    WEIGHT,
    HIGHEST,
    BANDWIDTH,
    PIXEL,
    WIDTH,
    HEIGHT,
    CRS,
    GEOMETRY
};

const elc_column elc_heat_columns[HEAT_N_COLUMNS] = {
    [BAND] = {"band", ELC_INT32, NULL, "number of the band, from 1"},
    [NAME] = {"name", ELC_UTF8, NULL,
              "all, or a value of --by; NULL: of rows without one"},
    [POINTS] = {"points", ELC_INT64, NULL, "places in it"},
    [WEIGHT] = {"weight", ELC_FLOAT64, NULL,
                "the sum of their weights; 1 each without"},
    [HIGHEST] = {"highest_per_km2", ELC_FLOAT64, "1/km2",
                 "the highest value of the band"},
    [BANDWIDTH] = {"bandwidth_m", ELC_FLOAT64, "m", NULL},
    [PIXEL] = {"pixel_m", ELC_FLOAT64, "m", "side of a cell"},
    [WIDTH] = {"width_px", ELC_INT32, "px", NULL},
    [HEIGHT] = {"height_px", ELC_INT32, "px", NULL},
    [CRS] = {"crs", ELC_UTF8, NULL, "of the raster"},
    [GEOMETRY] = {"geometry", ELC_GEOMETRY, NULL, "where the highest value is"},
};

typedef struct {
    const elc_call *call;
    heat_job job;
    struct ArrowSchema schema;
    struct ArrowArrayStream table;
    heat_band *bands;
    size_t n_bands;
    elc_point *points; /* of a band */
    double *weights;
    double gross; /* the sum of their sizes */
    bool done;
} heat;

/* Weights that floats can sum. */
static const double MOST = 1e30;

/* ---- sums -------------------------------------------------------------------------
 */

static bool is_in(const heat_job *job, size_t i, size_t number) {
    return !isnan(job->points[i].x) &&
           (number == 0 || job->values[i] == (uint32_t)(number - 1));
}

static size_t choose_points(heat *h, size_t number, heat_band *b) {
    size_t n = 0;
    h->gross = 0;
    for (size_t i = 0; i < h->job.n; i++)
        if (is_in(&h->job, i, number)) {
            double weight = h->job.weights != NULL ? h->job.weights[i] : 1;
            h->points[n] = h->job.points[i];
            h->weights[n++] = weight;
            b->weight += weight;
            h->gross += fabs(weight);
        }
    b->n = n;
    return n;
}

/* To square kilometres, and to what was imaged. A cell's share is nought only where its
   kernel is so narrow that no middle is in it. */
static void scale(const heat_job *job, heat_band *b) {
    for (size_t i = 0; i < job->cells; i++) {
        double share = job->share != NULL ? job->share[i] : 1;
        b->values[i] = (float)(b->values[i] * 1e6 / share);
        if (!(share > 0))
            b->values[i] = NAN;
    }
    for (size_t i = 0; i < job->cells; i++)
        if (b->values[i] > b->values[b->highest] || isnan(b->values[b->highest]))
            b->highest = i;
}

static const char *name_of(const part_names *names, size_t number) {
    if (number == 0)
        return "all";
    bool none = strcmp(names->keys.items[number - 1], HEAT_NO_VALUE) == 0;
    return none ? NULL : names->shown.items[number - 1];
}

static elc_status fail_high(const heat_job *job, elc_error *err) {
    const char *name = elc_options_text(job->call->options, "weight");
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--weight %s: its values add up to more than the raster's floats "
                    "hold; divide the column",
                    name != NULL ? name : "1");
}

static elc_status sum_band(heat *h, size_t number, elc_error *err) {
    heat_band *b = &h->bands[number];
    elc_progress progress = {.unit = "bands", .done = number, .total = h->n_bands};
    b->name = name_of(&h->job.names, number);
    ELC_TRY(elc_alloc(h->job.cells, sizeof *b->values, &b->values, err));
    ELC_TRY(elc_check_memory(h->call->context, err));
    size_t n = choose_points(h, number, b);
    if (!(h->gross <= MOST))
        return fail_high(&h->job, err);
    elc_report(h->call->context, &progress);
    ELC_TRY(elc_density_sum(&h->job.density, h->points, h->weights, n, h->call->context,
                            b->values, err));
    scale(&h->job, b);
    return isinf(b->values[b->highest]) ? fail_high(&h->job, err) : ELC_OK;
}

double elc_heat_highest(const heat_band *b) {
    float value = b->values[b->highest];
    return isnan(value) ? 0 : value;
}

/* Whole numbers by their size, before all else by its bytes; last what has no value. */
static int by_name(const void *a, const void *b) {
    const char *names[] = {((const heat_band *)a)->name, ((const heat_band *)b)->name};
    int64_t numbers[2];
    bool is[2];
    if (names[0] == NULL || names[1] == NULL)
        return (names[0] == NULL) - (names[1] == NULL);
    for (int i = 0; i < 2; i++)
        is[i] = elc_parse_int(names[i], "name", &numbers[i], NULL) == ELC_OK;
    if (is[0] && is[1] && numbers[0] != numbers[1])
        return numbers[0] < numbers[1] ? -1 : 1;
    return is[0] != is[1] ? is[1] - is[0] : strcmp(names[0], names[1]);
}

static elc_status sum_bands(heat *h, elc_error *err) {
    ELC_TRY(elc_alloc(h->n_bands, sizeof *h->bands, &h->bands, err));
    ELC_TRY(elc_alloc(h->job.n, sizeof *h->points, &h->points, err));
    ELC_TRY(elc_alloc(h->job.n, sizeof *h->weights, &h->weights, err));
    for (size_t i = 0; i < h->n_bands; i++)
        ELC_TRY(sum_band(h, i, err));
    qsort(h->bands + 1, h->n_bands - 1, sizeof *h->bands, by_name);
    return ELC_OK;
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status put_place(const heat *h, elc_batch *out, const heat_band *b,
                            elc_error *err) {
    const elc_raster_grid *g = &h->job.density.grid;
    size_t wide = (size_t)g->width;
    elc_point at = {g->x + ((double)(b->highest % wide) + 0.5) * g->cell,
                    g->y - ((double)(b->highest / wide) + 0.5) * g->cell};
    elc_transform *way;
    elc_string wkb = {0};
    ELC_TRY(elc_transform_create(h->job.to, NULL, &way, err));
    bool lost = elc_transform_points(way, &at, 1) > 0;
    elc_transform_free(way);
    if (lost || !(elc_heat_highest(b) > 0))
        return ELC_OK;
    elc_status status = elc_wkb_point(at, &wkb, err);
    if (status == ELC_OK)
        status = elc_batch_bytes(out, GEOMETRY, wkb.data, wkb.size, err);
    elc_string_free(&wkb);
    return status;
}

static elc_status put_row(const heat *h, elc_batch *out, size_t i, elc_error *err) {
    const heat_band *b = &h->bands[i];
    const elc_density *d = &h->job.density;
    ELC_TRY(elc_batch_int(out, BAND, (int64_t)i + 1, err));
    if (b->name != NULL)
        ELC_TRY(elc_batch_text(out, NAME, b->name, err));
    ELC_TRY(elc_batch_int(out, POINTS, (int64_t)b->n, err));
    ELC_TRY(elc_batch_real(out, WEIGHT, b->weight, err));
    ELC_TRY(elc_batch_real(out, HIGHEST, elc_heat_highest(b), err));
    ELC_TRY(elc_batch_real(out, BANDWIDTH, d->bandwidth, err));
    ELC_TRY(elc_batch_real(out, PIXEL, d->grid.cell, err));
    ELC_TRY(elc_batch_int(out, WIDTH, d->grid.width, err));
    ELC_TRY(elc_batch_int(out, HEIGHT, d->grid.height, err));
    ELC_TRY(elc_batch_text(out, CRS, elc_crs_label(h->job.to), err));
    ELC_TRY(put_place(h, out, b, err));
    return elc_batch_end_row(out, err);
}

static elc_status put_rows(const heat *h, struct ArrowArray *out, elc_error *err) {
    elc_batch *batch;
    elc_status status = ELC_OK;
    ELC_TRY(elc_batch_create(elc_heat_columns, HEAT_N_COLUMNS, &batch, err));
    for (size_t i = 0; i < h->n_bands && status == ELC_OK; i++)
        status = put_row(h, batch, i, err);
    if (status == ELC_OK)
        status = elc_batch_finish(batch, out, err);
    elc_batch_free(batch);
    return status;
}

/* ---- the stream -------------------------------------------------------------------
 */

static void warn_left_out(const heat *h) {
    const elc_context *context = h->call->context;
    if (h->job.n_bare > 0)
        elc_warn(context, "%llu row%s without a place %s left out",
                 (unsigned long long)h->job.n_bare, h->job.n_bare == 1 ? "" : "s",
                 h->job.n_bare == 1 ? "is" : "are");
    if (h->job.n_lost > 0)
        elc_warn(context, "%llu place%s not in %s %s left out",
                 (unsigned long long)h->job.n_lost, h->job.n_lost == 1 ? "" : "s",
                 elc_crs_label(h->job.to), h->job.n_lost == 1 ? "is" : "are");
}

/* What would be an empty picture without a word. */
static void warn_of_values(const heat *h) {
    const elc_context *context = h->call->context;
    const heat_band *all = &h->bands[0];
    size_t below = 0;
    for (size_t i = 0; i < h->job.n && h->job.weights != NULL; i++)
        below += h->job.weights[i] < 0 ? 1 : 0;
    if (below > 0)
        elc_warn(context, "%zu weight%s less than 0; pictures show values below 0 as 0",
                 below, below == 1 ? " is" : "s are");
    if (!(elc_heat_highest(all) > 0))
        elc_warn(context, "no value is more than 0%s",
                 h->job.imaged ? " where --images show anything" : "");
}

static void warn_of_scale(const heat *h) {
    if (!elc_heat_is_true(h->job.true_km2))
        elc_warn(h->call->context,
                 "a square kilometre of %s is %.3g km2 on the ground here, so that "
                 "densities are %.3g times the true ones; --crs has another CRS",
                 elc_crs_label(h->job.to), h->job.true_km2, h->job.true_km2);
}

/* What a cell takes where images are looked at: places with areas, and again by rows.
 */
enum { SEEN_BYTES = 56 };

/* A system promises more memory than there is. */
static elc_status check_room(heat *h, elc_error *err) {
    const elc_context *context = h->call->context;
    const elc_raster_grid *g = &h->job.density.grid;
    double cells = (double)h->job.cells;
    double of_bands = (double)(h->n_bands + 2) * sizeof(float);
    double need = cells * (h->job.imaged ? fmax(of_bands, SEEN_BYTES) : of_bands);
    if (context == NULL || context->memory == 0 || need <= (double)context->memory)
        return ELC_OK;
    return elc_fail(err, ELC_E_MEMORY,
                    "a raster of %zu band%s, %d by %d cells, takes %.3g GB, and "
                    "--memory is %.3g GB; "
                    "give a larger --pixel%s",
                    h->n_bands, h->n_bands == 1 ? "" : "s", (int)g->width,
                    (int)g->height, need / 1e9, (double)context->memory / 1e9,
                    h->job.by >= 0 ? ", or no --by" : "");
}

static elc_status work(heat *h, struct ArrowArray *out, elc_error *err) {
    ELC_TRY(elc_heat_check_files(&h->job, err));
    ELC_TRY(elc_heat_read(&h->job, &h->table, err));
    ELC_TRY(elc_heat_place(&h->job, err));
    ELC_TRY(elc_heat_read_images(&h->job, err));
    ELC_TRY(elc_heat_lay_grid(&h->job, err));
    h->n_bands = 1 + (h->job.by >= 0 ? h->job.names.keys.count : 0);
    ELC_TRY(check_room(h, err));
    ELC_TRY(elc_heat_find_share(&h->job, err));
    ELC_TRY(sum_bands(h, err));
    ELC_TRY(elc_check_cancel(h->call->context, err));
    warn_left_out(h);
    warn_of_values(h);
    warn_of_scale(h);
    ELC_TRY(put_rows(h, out, err));
    return elc_heat_write(&h->job, h->bands, h->n_bands, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    heat *h = state;
    struct ArrowArray made = {0};
    if (h->done)
        return ELC_OK;
    h->done = true;
    elc_status status = work(h, &made, err);
    if (status != ELC_OK) {
        elc_array_release(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

static void heat_free(void *state) {
    heat *h = state;
    for (size_t i = 0; i < h->n_bands && h->bands != NULL; i++)
        free(h->bands[i].values);
    free(h->bands);
    free(h->points);
    free(h->weights);
    elc_heat_job_clear(&h->job);
    elc_stream_release(&h->table);
    elc_schema_release(&h->schema);
    free(h);
}

static elc_status fill(heat *h, struct ArrowArrayStream *table,
                       struct ArrowSchema *schema, elc_error *err) {
    ELC_TRY(elc_stream_schema(table, &h->schema, err));
    ELC_TRY(elc_heat_job_start(&h->job, &h->schema, err));
    return elc_schema_create(elc_heat_columns, HEAT_N_COLUMNS, NULL, schema, err);
}

elc_status elc_heat_run(const elc_call *call, struct ArrowArrayStream *table,
                        struct ArrowArrayStream *out, elc_error *err) {
    heat *h;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *h, &h, err));
    h->call = h->job.call = call;
    elc_status status = fill(h, table, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, heat_free, h}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        heat_free(h);
        return status;
    }
    h->table = *table;
    table->release = NULL;
    return ELC_OK;
}
