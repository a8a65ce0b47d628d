/* fixture.c - tables of every column type, written and read by the tests of layer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elcano/sql.h>

#include <cpl_conv.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

/* ---- files ---------------------------------------------------------------- */

int fixture_setup(void **state) {
    char *folder = strdup("/tmp/elcano-layer-XXXXXX");
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL;
}

static void remove_all(const char *path) {
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char name[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        remove_all(name);
    }
    if (folder != NULL)
        closedir(folder);
    remove(path);
}

int fixture_teardown(void **state) {
    remove_all(*state);
    free(*state);
    return 0;
}

const char *fixture_path(void **state, const char *name) {
    static char paths[32][1024];
    static unsigned turn;
    char *path = paths[turn++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

size_t fixture_count_files(void **state) {
    size_t n = 0;
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return n;
}

bool fixture_exists(const char *path) {
    return access(path, F_OK) == 0;
}

const char *fixture_data(const char *name) {
    static char path[2048];
    const char *root = getenv("ELCANO_DATA");
    if (root != NULL)
        snprintf(path, sizeof path, "%s/%s", root, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/%s", ELCANO_SOURCE_DIR, name);
    if (fixture_exists(path))
        return path;
    print_message("SKIPPED: %s is not there; set ELCANO_DATA to the test data\n", path);
    return NULL;
}

char *fixture_slurp(const char *path, size_t *size) {
    elc_string text = {0};
    elc_error err = {0};
    if (elc_file_read(path, (size_t)1 << 30, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    if (size != NULL)
        *size = text.size;
    return text.data;
}

void fixture_put(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* ---- a table of every type ------------------------------------------------ */

const elc_column fixture_columns[] = {
    {"id", ELC_UTF8, NULL, NULL},      {"n32", ELC_INT32, NULL, NULL},
    {"n64", ELC_INT64, NULL, NULL},    {"f32", ELC_FLOAT32, NULL, NULL},
    {"f64", ELC_FLOAT64, NULL, NULL},  {"yes", ELC_BOOL, NULL, NULL},
    {"blob", ELC_BINARY, NULL, NULL},  {"day", ELC_DATE32, NULL, NULL},
    {"at", ELC_TIMESTAMP, NULL, NULL}, {"geometry", ELC_GEOMETRY, NULL, NULL},
    {"_hidden", ELC_UTF8, NULL, NULL},
};
const size_t fixture_n_columns = sizeof fixture_columns / sizeof *fixture_columns;

int64_t fixture_n64(size_t row) {
    return INT64_MAX - (int64_t)row;
}

double fixture_f64(size_t row) {
    return (double)row / 7.0 - 1.0;
}

int64_t fixture_day(size_t row) {
    return (int64_t)row * 37 - 4000;
}

int64_t fixture_time(size_t row) {
    return 1714558830123000 + (int64_t)row * 86399999000;
}

static void set_values(elc_batch *batch, size_t row) {
    static const char *const blobs[] = {"\0\1\2", "\xff", "elc", "", "x"};
    static const size_t sizes[] = {3, 1, 3, 0, 1};
    elc_string wkb = {0};
    double x = 9 + (double)row / 1000, y = 48;
    elc_point ring[] = {
        {x, y}, {x + 0.0001, y}, {x + 0.0001, y + 0.0001}, {x, y + 0.0001}};
    unsigned char head[] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
    elc_string_append(&wkb, head, sizeof head, NULL);
    elc_string_append(&wkb, ring, sizeof ring, NULL);
    elc_string_append(&wkb, ring, sizeof *ring, NULL);
    assert_int_equal(elc_batch_int(batch, N32, (int64_t)row - 2, NULL), ELC_OK);
    assert_int_equal(elc_batch_int(batch, N64, fixture_n64(row), NULL), ELC_OK);
    assert_int_equal(elc_batch_real(batch, F32, (double)row * 0.1, NULL), ELC_OK);
    assert_int_equal(elc_batch_real(batch, F64, fixture_f64(row), NULL), ELC_OK);
    assert_int_equal(elc_batch_int(batch, YES, row % 2, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, BLOB, blobs[row % 5], sizes[row % 5], NULL),
                     ELC_OK);
    assert_int_equal(elc_batch_int(batch, DAY, fixture_day(row), NULL), ELC_OK);
    assert_int_equal(elc_batch_int(batch, AT, fixture_time(row), NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, GEOMETRY, wkb.data, wkb.size, NULL),
                     ELC_OK);
    assert_int_equal(elc_batch_text(batch, HIDDEN, "state", NULL), ELC_OK);
    elc_string_free(&wkb);
}

void fixture_batch(size_t from, size_t to, struct ArrowArray *out) {
    static const char *const ids[] = {"0123", "a,b \"c\"", "zwei\nZeilen", "",
                                      "\xc3\xa4"};
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(fixture_columns, fixture_n_columns, &batch, NULL),
                     ELC_OK);
    for (size_t row = from; row < to; row++) {
        assert_int_equal(elc_batch_text(batch, ID, ids[row % 5], NULL), ELC_OK);
        if (row % 5 != 4)
            set_values(batch, row);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, out, NULL), ELC_OK);
    elc_batch_free(batch);
}

static elc_status write_batches(elc_sink *sink, size_t layer, size_t rows, size_t cut,
                                elc_error *err) {
    for (size_t from = 0; from < rows; from += cut) {
        struct ArrowArray batch = {0};
        fixture_batch(from, from + cut < rows ? from + cut : rows, &batch);
        elc_status status = elc_sink_write(sink, layer, &batch, err);
        elc_array_release(&batch);
        if (status != ELC_OK)
            return status;
    }
    return ELC_OK;
}

elc_status fixture_write(const char *path, size_t rows, size_t cut, bool overwrite,
                         elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_sink *sink = NULL;
    elc_sink_options options = {.overwrite = overwrite};
    size_t layer = 0;
    elc_status status = ELC_OK;
    size_t n = fixture_n_columns;
    ELC_TRY_GOTO(elc_schema_create(fixture_columns, n, NULL, &schema, err), status,
                 done);
    ELC_TRY_GOTO(elc_sink_create(path, &options, &sink, err), status, done);
    ELC_TRY_GOTO(elc_sink_add_layer(sink, "things", &schema, &layer, err), status,
                 done);
    ELC_TRY_GOTO(write_batches(sink, layer, rows, cut, err), status, done);
    ELC_TRY_GOTO(elc_sink_commit(sink, err), status, done);
done:
    elc_sink_free(sink);
    elc_schema_release(&schema);
    return status;
}

void fixture_write_ok(const char *path, size_t rows) {
    elc_error err = {0};
    if (fixture_write(path, rows, 4096, false, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static elc_status write_one(const char *path, const struct ArrowSchema *schema,
                            const struct ArrowArray *rows, elc_error *err) {
    elc_sink *sink = NULL;
    size_t layer = 0;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_sink_create(path, NULL, &sink, err), status, done);
    ELC_TRY_GOTO(elc_sink_add_layer(sink, "t", schema, &layer, err), status, done);
    ELC_TRY_GOTO(elc_sink_write(sink, layer, rows, err), status, done);
    ELC_TRY_GOTO(elc_sink_commit(sink, err), status, done);
done:
    if (status != ELC_OK && sink != NULL) /* a failure is not forgotten */
        assert_int_equal(elc_sink_commit(sink, NULL), ELC_E_ARGUMENT);
    elc_sink_free(sink);
    return status;
}

elc_status fixture_write_batch(const char *path, const elc_column *columns, size_t n,
                               elc_batch *batch, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArray rows = {0};
    assert_int_equal(elc_schema_create(columns, n, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &rows, NULL), ELC_OK);
    elc_status status = write_one(path, &schema, &rows, err);
    elc_batch_free(batch);
    elc_array_release(&rows);
    elc_schema_release(&schema);
    return status;
}

/* ---- reading -------------------------------------------------------------- */

static void expect_end(struct ArrowArrayStream *stream) {
    struct ArrowArray rest = {0};
    assert_int_equal(elc_stream_next(stream, &rest, NULL), ELC_OK);
    assert_null(rest.release);
}

void fixture_read(const char *reference, fixture_table *out) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    *out = (fixture_table){0};
    if (elc_layer_read(reference, &stream, &err) != ELC_OK ||
        elc_stream_schema(&stream, &out->schema, &err) != ELC_OK ||
        elc_stream_next(&stream, &out->batch, &err) != ELC_OK)
        fail_msg("%s", err.message);
    if (out->batch.release != NULL) {
        expect_end(&stream);
        if (elc_rows_view(&out->schema, &out->batch, &out->rows, &err) != ELC_OK)
            fail_msg("%s", err.message);
        out->count = elc_rows_count(out->rows);
    }
    elc_stream_release(&stream);
}

elc_status fixture_read_status(const char *reference, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    ELC_TRY(elc_layer_read(reference, &stream, err));
    elc_status status = ELC_OK;
    bool more = true;
    while (status == ELC_OK && more) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(&stream, &batch, err);
        more = batch.release != NULL;
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    return status;
}

size_t fixture_count(const char *reference) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    size_t rows = 0;
    elc_status status = elc_layer_read(reference, &stream, &err);
    for (bool more = true; status == ELC_OK && more;) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(&stream, &batch, &err);
        more = batch.release != NULL;
        rows += (size_t)batch.length;
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    if (status != ELC_OK)
        fail_msg("%s", err.message);
    return rows;
}

void fixture_assert_fails(const char *reference, elc_status status, const char *why) {
    elc_error err = {0};
    elc_status got = fixture_read_status(reference, &err);
    if (got != status || strstr(err.message, why) == NULL)
        fail_msg("%d: '%s' does not say '%s'", got, err.message, why);
}

void fixture_assert_wkt(const fixture_table *table, size_t row, const char *expected) {
    size_t n = 0, column = fixture_column(table, "geometry", ELC_GEOMETRY);
    const char *wkb = elc_rows_bytes(table->rows, column, row, &n);
    if (expected == NULL || wkb == NULL) {
        assert_true(expected == NULL && wkb == NULL);
        return;
    }
    OGRGeometryH shape = NULL;
    char *wkt = NULL;
    assert_int_equal(OGR_G_CreateFromWkbEx(wkb, NULL, &shape, n), OGRERR_NONE);
    OGR_G_ExportToIsoWkt(shape, &wkt);
    assert_string_equal(wkt, expected);
    OGR_G_DestroyGeometry(shape);
    CPLFree(wkt);
}

void fixture_table_free(fixture_table *table) {
    elc_rows_free(table->rows);
    elc_array_release(&table->batch);
    elc_schema_release(&table->schema);
}

size_t fixture_column(const fixture_table *table, const char *name, elc_type type) {
    int64_t column = elc_schema_find(&table->schema, name);
    if (column < 0)
        fail_msg("no column %s", name);
    elc_type is = ELC_INT32;
    assert_int_equal(elc_schema_type(table->schema.children[column], &is, NULL),
                     ELC_OK);
    assert_string_equal(elc_type_name(is), elc_type_name(type));
    return (size_t)column;
}

void fixture_assert_text(const fixture_table *table, const char *name, size_t row,
                         const char *expected) {
    size_t column = fixture_column(table, name, ELC_UTF8);
    size_t n = 0;
    assert_true(row < table->count);
    assert_false(elc_rows_null(table->rows, column, row));
    const char *text = elc_rows_bytes(table->rows, column, row, &n);
    char copy[4096];
    snprintf(copy, sizeof copy, "%.*s", (int)n, text);
    assert_string_equal(copy, expected);
}

/* ---- shapes --------------------------------------------------------------- */

static void set_shape(elc_batch *batch, const char *wkt) {
    char *text = strdup(wkt);
    char *rest = text;
    OGRGeometryH shape = NULL;
    assert_int_equal(OGR_G_CreateFromWkt(&rest, NULL, &shape), OGRERR_NONE);
    size_t n = OGR_G_WkbSizeEx(shape);
    unsigned char *wkb = malloc(n);
    assert_int_equal(OGR_G_ExportToIsoWkb(shape, wkbNDR, wkb), OGRERR_NONE);
    assert_int_equal(elc_batch_bytes(batch, 1, wkb, n, NULL), ELC_OK);
    OGR_G_DestroyGeometry(shape);
    free(wkb);
    free(text);
}

static void shapes_batch(const elc_column *columns, const char *const *wkt,
                         struct ArrowArray *out) {
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(columns, 2, &batch, NULL), ELC_OK);
    for (; *wkt != NULL; wkt++) {
        assert_int_equal(elc_batch_text(batch, 0, "shape", NULL), ELC_OK);
        if (**wkt != '\0')
            set_shape(batch, *wkt);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, out, NULL), ELC_OK);
    elc_batch_free(batch);
}

/* "EPSG:n" as PROJJSON, which tables keep CRSs in; others as they are. */
static char *projjson(const char *crs) {
    if (crs == NULL || strncmp(crs, "EPSG:", 5) != 0)
        return crs == NULL ? NULL : CPLStrdup(crs);
    char *text = NULL;
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(srs, atoi(crs + 5)), OGRERR_NONE);
    assert_int_equal(OSRExportToPROJJSON(srs, &text, NULL), OGRERR_NONE);
    OSRRelease(srs);
    return text;
}

elc_status fixture_write_shapes(const char *path, const char *crs,
                                const char *const *wkt, elc_error *err) {
    static const elc_column columns[] = {{"name", ELC_UTF8, NULL, NULL},
                                         {"geometry", ELC_GEOMETRY, NULL, NULL}};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_sink *sink = NULL;
    size_t layer = 0;
    elc_status status = ELC_OK;
    char *json = projjson(crs);
    ELC_TRY_GOTO(elc_schema_create(columns, 2, json, &schema, err), status, done);
    shapes_batch(columns, wkt, &batch);
    ELC_TRY_GOTO(elc_sink_create(path, NULL, &sink, err), status, done);
    ELC_TRY_GOTO(elc_sink_add_layer(sink, "shapes", &schema, &layer, err), status,
                 done);
    ELC_TRY_GOTO(elc_sink_write(sink, layer, &batch, err), status, done);
    ELC_TRY_GOTO(elc_sink_commit(sink, err), status, done);
done:
    elc_sink_free(sink);
    elc_array_release(&batch);
    CPLFree(json);
    elc_schema_release(&schema);
    return status;
}

void fixture_write_query(const char *path, const char *query, const char *geo) {
    elc_sql_options options = {.threads = 1, .files = true};
    elc_sql *sql = NULL;
    elc_string copy = {0};
    elc_error err = {0};
    assert_int_equal(elc_sql_open(&options, &sql, NULL), ELC_OK);
    elc_string_printf(&copy, NULL, "COPY (%s) TO ", query);
    elc_sql_quote_text(&copy, path, NULL);
    elc_string_printf(&copy, NULL, " (FORMAT parquet");
    if (geo != NULL) {
        elc_string_printf(&copy, NULL, ", KV_METADATA {geo: ");
        elc_sql_quote_text(&copy, geo, NULL);
        elc_string_printf(&copy, NULL, "}");
    }
    elc_string_printf(&copy, NULL, ")");
    if (elc_sql_run(sql, copy.data, &err) != ELC_OK)
        fail_msg("%s: %s", copy.data, err.message);
    elc_string_free(&copy);
    elc_sql_free(sql);
}
