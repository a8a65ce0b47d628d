/* deduping.c - runs dedupe on sightings that are written as structs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "deduping.h"

#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/planted.h"

enum {
    ID,
    IMAGE,
    CLASS,
    SCORE,
    LON,
    LAT,
    WIDTH,
    LENGTH,
    TIME,
    POSITION,
    FAILED,
    GEOMETRY,
    N_COLUMNS
};

static const elc_column columns[N_COLUMNS] = {
    {"id", ELC_UTF8, NULL, NULL},
    {"image", ELC_UTF8, NULL, NULL},
    {"class", ELC_UTF8, NULL, NULL},
    {"score", ELC_FLOAT32, NULL, NULL},
    {"lon", ELC_FLOAT64, NULL, NULL},
    {"lat", ELC_FLOAT64, NULL, NULL},
    {"width_m", ELC_FLOAT64, NULL, NULL},
    {"length_m", ELC_FLOAT64, NULL, NULL},
    {"acquired", ELC_TIMESTAMP, NULL, NULL},
    {"position_error_m", ELC_FLOAT64, NULL, NULL},
    {"error", ELC_UTF8, NULL, NULL},
    {"geometry", ELC_GEOMETRY, NULL, NULL},
};

elc_point deduping_place(const deduping *d, double x, double y) {
    elc_point base = d->base.x == 0 && d->base.y == 0 ? (elc_point){11, 48} : d->base;
    double lon = base.x + x / (111319.49 * cos(base.y * 0.017453292519943295));
    double lat = base.y + y / 111132;
    if (lat > 90) { /* beyond the pole */
        lat = 180 - lat;
        lon += 180;
    }
    return (elc_point){remainder(lon, 360), lat};
}

static void set_geometry(const deduping *d, elc_batch *batch, const double box[4]) {
    elc_string wkb = {0};
    elc_point ring[4] = {
        deduping_place(d, box[0], box[1]), deduping_place(d, box[2], box[1]),
        deduping_place(d, box[2], box[3]), deduping_place(d, box[0], box[3])};
    assert_int_equal(elc_wkb_polygon_lonlat(ring, 4, &wkb, NULL), ELC_OK);
    elc_batch_bytes(batch, GEOMETRY, wkb.data, wkb.size, NULL);
    elc_string_free(&wkb);
}

static void set_place(const deduping *d, elc_batch *batch, const sighting *s) {
    double wide = s->wide > 0 ? s->wide : 1.8, high = s->high > 0 ? s->high : 4.5;
    elc_point p = deduping_place(d, s->x, s->y);
    double box[4] = {s->x - wide / 2, s->y - high / 2, s->x + wide / 2,
                     s->y + high / 2};
    elc_batch_real(batch, LON, p.x, NULL);
    elc_batch_real(batch, LAT, p.y, NULL);
    if (!d->points)
        set_geometry(d, batch, box);
    if (d->no_size)
        return;
    elc_batch_real(batch, WIDTH, fmin(wide, high), NULL);
    elc_batch_real(batch, LENGTH, fmax(wide, high), NULL);
}

static void put_row(const deduping *d, elc_batch *batch, const sighting *s) {
    elc_batch_text(batch, ID, s->id, NULL);
    elc_batch_text(batch, IMAGE, s->image, NULL);
    elc_batch_text(batch, CLASS, s->class_name ? s->class_name : "car", NULL);
    elc_batch_real(batch, SCORE, s->score > 0 ? s->score : 0.5, NULL);
    elc_batch_text(batch, FAILED, s->error, NULL);
    if (!isnan(s->x))
        set_place(d, batch, s);
    if (s->seconds != 0)
        elc_batch_int(batch, TIME, s->seconds * 1000000, NULL);
    if (s->error_m > 0)
        elc_batch_real(batch, POSITION, s->error_m, NULL);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
}

static struct ArrowArrayStream table_of(const deduping *d) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray *batches = calloc(d->n + 1, sizeof *batches);
    size_t step = d->batch > 0 ? d->batch : d->n + 1, made = 0;
    elc_batch *batch;
    size_t n_columns = d->points ? GEOMETRY : N_COLUMNS;
    assert_int_equal(elc_batch_create(columns, n_columns, &batch, NULL), ELC_OK);
    for (size_t at = 0; at < d->n; at += step) {
        for (size_t i = at; i < d->n && i < at + step; i++)
            put_row(d, batch, &d->rows[i]);
        assert_int_equal(elc_batch_finish(batch, &batches[made++], NULL), ELC_OK);
    }
    elc_batch_free(batch);
    assert_int_equal(elc_schema_create(columns, n_columns, NULL, &schema, NULL),
                     ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, batches, made, &stream, NULL),
                     ELC_OK);
    free(batches);
    return stream;
}

static elc_status print_rows(struct ArrowArrayStream *stream, elc_string *out,
                             elc_error *err) {
    struct ArrowSchema schema;
    elc_status status;
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    for (;;) {
        struct ArrowArray batch = {0};
        elc_rows *rows;
        status = elc_stream_next(stream, &batch, err);
        if (status != ELC_OK || batch.release == NULL)
            break;
        assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
        size_t seen = (size_t)elc_rows_column(rows, "n_images"), n;
        for (size_t i = 0; i < elc_rows_count(rows); i++) {
            const char *id = elc_rows_bytes(rows, ID, i, &n);
            elc_string_printf(out, NULL, "%.*s:", (int)n, id);
            if (elc_rows_null(rows, seen, i))
                elc_string_append(out, "- ", 2, NULL);
            else
                elc_string_printf(out, NULL, "%d ", (int)elc_rows_int(rows, seen, i));
        }
        elc_rows_free(rows);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return status;
}

static void keep_warning(void *arg, const char *line) {
    elc_string *warnings = arg;
    if (warnings != NULL)
        elc_string_printf(warnings, NULL, "%s\n", line);
}

static void set(elc_options *options, const char *name, const char *text) {
    elc_error err = {0};
    if (text != NULL && elc_options_set(options, name, text, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

elc_status deduping_rows(const deduping *d, elc_string *out, elc_error *err) {
    const elc_operator *op;
    elc_options *options;
    elc_run *run = NULL;
    struct ArrowArrayStream in = table_of(d), table = {0};
    elc_reference input = {.stream = &in};
    elc_context context = {.threads = 1, .warn = keep_warning, .arg = d->warnings};
    assert_int_equal(elc_operator_find("dedupe", &op, NULL), ELC_OK);
    assert_int_equal(elc_options_create(op->options, &options, NULL), ELC_OK);
    set(options, "tolerance", d->tolerance);
    set(options, "within", d->within);
    set(options, "images", d->images);
    set(options, "across_classes", d->across_classes ? "yes" : NULL);
    elc_call call = {
        .op = op, .options = options, .inputs = &input, .context = &context};
    elc_string_append(out, "", 0, NULL);
    elc_status status = elc_run_create(&call, &run, err);
    if (status == ELC_OK)
        status = elc_run_table(run, &table, err);
    if (status == ELC_OK)
        status = print_rows(&table, out, err);
    elc_stream_release(&table);
    elc_run_free(run);
    elc_options_free(options);
    elc_stream_release(&in);
    return status;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words in order. */
static char *sorted(const char *text) {
    elc_names words = {0};
    elc_string out = {0};
    assert_int_equal(elc_names_split(&words, text, ' ', NULL), ELC_OK);
    qsort(words.items, words.count, sizeof *words.items, by_text);
    elc_string_append(&out, "", 0, NULL);
    for (size_t i = 0; i < words.count; i++)
        elc_string_printf(&out, NULL, "%s ", words.items[i]);
    elc_names_free(&words);
    return out.data;
}

static void check(const deduping *d, const char *expected) {
    elc_string out = {0};
    elc_error err = {0};
    if (deduping_rows(d, &out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    char *got = sorted(out.data);
    assert_string_equal(got, expected);
    free(got);
    elc_string_free(&out);
}

void deduping_gives(deduping d, const char *expected) {
    sighting *rows = calloc(d.n, sizeof *rows);
    memcpy(rows, d.rows, d.n * sizeof *rows);
    d.rows = rows;
    for (size_t round = 0; round < 6; round++) {
        d.batch = round % 3;
        check(&d, expected);
        for (size_t i = d.n - 1; i > 0; i--) { /* the same shuffles in every run */
            size_t j = (i * 7919 + round * 104729) % (i + 1);
            sighting kept = rows[i];
            rows[i] = rows[j];
            rows[j] = kept;
        }
    }
    free(rows);
}

void deduping_refuses(deduping d, elc_status status, const char *message) {
    elc_string out = {0};
    elc_error err = {0};
    assert_int_equal(deduping_rows(&d, &out, &err), status);
    assert_string_equal(err.message, message);
    elc_string_free(&out);
}

const char *deduping_outlines(const deduping *d, const char *const *images, size_t n) {
    const char *path = planted_path("outlines.geojson");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "{\"type\": \"FeatureCollection\", \"features\": [");
    for (size_t i = 0; i < n; i++) {
        char name[32];
        double b[4];
        assert_int_equal(
            sscanf(images[i], "%31s %lf %lf %lf %lf", name, b, b + 1, b + 2, b + 3), 5);
        fprintf(file,
                "%s{\"type\": \"Feature\", \"properties\": {\"image\": \"%s\"}, "
                "\"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[",
                i > 0 ? ",\n" : "", name);
        const int corner[5][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};
        for (int k = 0; k < 5; k++) {
            elc_point p = deduping_place(d, b[corner[k][0]], b[corner[k][1]]);
            fprintf(file, "%s[%.12f, %.12f]", k > 0 ? ", " : "", p.x, p.y);
        }
        fprintf(file, "]]}}");
    }
    fprintf(file, "]}\n");
    fclose(file);
    return path;
}
