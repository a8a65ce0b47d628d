/* test_job.c - operators called by texts: whole, by slices, by scopes, by parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/job.h>

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gdal.h>
#include <ogr_srs_api.h>

enum { ROWS = 10000, IMAGES = 3 };

static char folder[64] = "/tmp/elcano-job-XXXXXX";

static void write_table(void) {
    char path[128];
    snprintf(path, sizeof path, "%s/points.csv", folder);
    FILE *file = fopen(path, "we");
    fputs("n,lon,lat\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%d,%.4f,%.4f\n", i, i * 0.01, i * 0.005);
    fclose(file);
}

static void write_zone(void) {
    char path[128];
    snprintf(path, sizeof path, "%s/zone.geojson", folder);
    FILE *file = fopen(path, "we");
    fputs("{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", "
          "\"properties\": {\"n\": 7}, \"geometry\": {\"type\": \"Polygon\", "
          "\"coordinates\": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}",
          file);
    fclose(file);
}

static void write_image(int i) {
    char path[128];
    double affine[6] = {500000 + 1000.0 * i, 1, 0, 4000000, 0, -1};
    snprintf(path, sizeof path, "%s/image%d.tif", folder, i);
    GDALDriverH driver = GDALGetDriverByName("GTiff");
    GDALDatasetH image =
        GDALCreate(driver, path, 300, 200 + 100 * i, 1, GDT_Byte, NULL);
    GDALSetGeoTransform(image, affine);
    GDALFillRaster(GDALGetRasterBand(image, 1), 7, 0);
    GDALClose(image);
}

static int make_files(void **state) {
    (void)state;
    GDALAllRegister();
    if (mkdtemp(folder) == NULL)
        return 1;
    write_table();
    for (int i = 0; i < IMAGES; i++)
        write_image(i);
    return 0;
}

static int drop_files(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- helpers ----------------------------------------------------------------------
 */

static elc_job *job_of(const char *op, const char *options, const char *inputs) {
    elc_job *job = NULL;
    elc_error err = {0};
    char text[512];
    snprintf(text, sizeof text, inputs, folder, folder, folder);
    if (elc_job_create(op, options, text, 2, &job, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return job;
}

/* Appends the rows, a line each, of the columns that are numbers or texts. */
static void add_rows(struct ArrowArrayStream *stream, elc_string *out) {
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_error err = {0};
    assert_int_equal(elc_stream_schema(stream, &schema, NULL), ELC_OK);
    for (;;) {
        elc_rows *rows;
        if (elc_stream_next(stream, &batch, &err) != ELC_OK)
            fail_msg("%s", err.message);
        if (batch.release == NULL)
            break;
        assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
        for (size_t r = 0; r < elc_rows_count(rows); r++) {
            for (int64_t c = 0; c < schema.n_children; c++) {
                elc_type type;
                size_t size = 0;
                assert_int_equal(elc_schema_type(schema.children[c], &type, NULL), 0);
                if (type == ELC_INT32 || type == ELC_INT64)
                    elc_string_printf(out, NULL, " %lld",
                                      (long long)elc_rows_int(rows, (size_t)c, r));
                else if (type == ELC_UTF8 && !elc_rows_null(rows, (size_t)c, r)) {
                    const char *text = elc_rows_bytes(rows, (size_t)c, r, &size);
                    elc_string_printf(out, NULL, " %.*s", (int)size, text);
                }
            }
            elc_string_printf(out, NULL, "\n");
        }
        elc_rows_free(rows);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    elc_stream_release(stream);
}

static size_t lines_of(const elc_string *text) {
    size_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += text->data[i] == '\n';
    return n;
}

static void refuses(const char *op, const char *options, const char *inputs,
                    const char *because) {
    elc_job *job = NULL;
    elc_error err = {0};
    assert_int_not_equal(elc_job_create(op, options, inputs, 1, &job, &err), ELC_OK);
    assert_non_null(strstr(err.message, because));
    assert_null(job);
}

/* ---- tests ------------------------------------------------------------------------
 */

static void test_job_gives_the_whole_table(void **state) {
    (void)state;
    elc_job *job = job_of("read", NULL, "{\"table\": [\"%s/points.csv\"]}");
    struct ArrowArrayStream stream = {0};
    elc_string text = {0};
    assert_int_equal(elc_job_read(job, &stream, NULL), ELC_OK);
    add_rows(&stream, &text);
    assert_int_equal(lines_of(&text), ROWS);
    elc_string_free(&text);
    elc_job_free(job);
}

/* Each number once, in some slice. */
static void test_job_slices_are_the_table_together(void **state) {
    (void)state;
    char *seen = calloc(ROWS, 1);
    elc_job *job = job_of("read", NULL, "{\"table\": \"%s/points.csv\"}");
    assert_true(elc_job_slices(job));
    for (uint64_t slice = 0; slice < 2; slice++) {
        struct ArrowArrayStream stream = {0};
        elc_string text = {0};
        assert_int_equal(elc_job_read_slice(job, slice, 2, &stream, NULL), ELC_OK);
        add_rows(&stream, &text);
        assert_true(lines_of(&text) > 0 && lines_of(&text) < ROWS);
        for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n"))
            seen[atoi(line)]++;
        elc_string_free(&text);
    }
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(seen[i], 1);
    struct ArrowArrayStream none = {0};
    assert_int_equal(elc_job_read_slice(job, 2, 2, &none, NULL), ELC_E_ARGUMENT);
    elc_job_free(job);
    free(seen);
}

static void test_job_tells_columns_before_rows(void **state) {
    (void)state;
    struct ArrowSchema schema = {0};
    elc_job *job = job_of("read", NULL, "{\"table\": [\"%s/points.csv\"]}");
    assert_int_equal(elc_job_schema(job, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_find(&schema, "n"), 0);
    elc_schema_release(&schema);
    elc_job_free(job);
    job = job_of("chips", NULL, "{\"images\": [\"%s/image0.tif\"]}");
    assert_int_equal(elc_job_schema(job, &schema, NULL), ELC_OK);
    assert_true(elc_schema_find(&schema, "image") >= 0);
    for (int64_t i = 0; i < schema.n_children; i++)
        assert_true(schema.children[i]->name[0] != '_');
    elc_schema_release(&schema);
    elc_job_free(job);
}

/* Another job, as another process would have, reads what one has planned. */
static void read_scopes(const elc_plan *plan, elc_string *out) {
    elc_job *job = job_of("chips", "{\"chip\": \"64\"}", "{\"images\": [\"%s\"]}");
    for (size_t i = 0, n; i < plan->count; i += n) {
        struct ArrowArrayStream stream = {0};
        for (n = 1;
             i + n < plan->count && plan->parts[i + n].scope == plan->parts[i].scope;)
            n++;
        assert_int_equal(elc_job_read_scope(job, &plan->parts[i], n, &stream, NULL),
                         ELC_OK);
        add_rows(&stream, out);
    }
    elc_job_free(job);
}

static void test_job_scopes_are_the_table_together(void **state) {
    (void)state;
    elc_job *job = job_of("chips", "{\"chip\": \"64\"}", "{\"images\": [\"%s\"]}");
    struct ArrowArrayStream stream = {0};
    elc_string whole = {0}, scopes = {0};
    const elc_plan *plan;
    assert_int_equal(elc_job_read(job, &stream, NULL), ELC_OK);
    add_rows(&stream, &whole);
    assert_true(lines_of(&whole) > 50);
    for (uint64_t units = 10; units <= 1000000000; units *= 1000) {
        assert_int_equal(elc_job_plan(job, units, &plan, NULL), ELC_OK);
        assert_true(plan->count >= (units < 100 ? IMAGES : 1));
        scopes.size = 0;
        read_scopes(plan, &scopes);
        assert_int_equal(whole.size, scopes.size);
        assert_memory_equal(whole.data, scopes.data, whole.size);
    }
    elc_string_free(&whole);
    elc_string_free(&scopes);
    elc_job_free(job);
}

/* Each on an image of its own, by what one job has prepared for all of them. */
static void test_jobs_that_follow_one_give_their_own_images(void **state) {
    (void)state;
    elc_job *first =
        job_of("chips", "{\"chip\": \"64\"}", "{\"images\": [\"%s/image0.tif\"]}");
    for (int i = 0; i < IMAGES; i++) {
        elc_string own = {0}, following = {0};
        struct ArrowArrayStream stream = {0};
        elc_job *alone, *job = NULL;
        const elc_plan *plan;
        char inputs[128], text[128];
        snprintf(inputs, sizeof inputs, "{\"images\": [\"%%s/image%d.tif\"]}", i);
        alone = job_of("chips", "{\"chip\": \"64\"}", inputs);
        assert_int_equal(elc_job_read(alone, &stream, NULL), ELC_OK);
        add_rows(&stream, &own);
        snprintf(text, sizeof text, inputs, folder);
        assert_int_equal(elc_job_follow(first, text, 1, &job, NULL), ELC_OK);
        assert_int_equal(elc_job_plan(job, 1000, &plan, NULL), ELC_OK);
        assert_int_equal(plan->count, 1);
        assert_int_equal(elc_job_read_scope(job, plan->parts, 1, &stream, NULL),
                         ELC_OK);
        add_rows(&stream, &following);
        assert_string_equal(own.data, following.data);
        elc_job_free(job);
        elc_job_free(alone);
        elc_string_free(&own);
        elc_string_free(&following);
    }
    elc_job *none = NULL;
    elc_error err = {0};
    assert_int_equal(elc_job_follow(first, "{\"tables\": []}", 1, &none, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "has no input tables"));
    elc_job_free(first);
}

static void write_placed(void) {
    char path[128];
    double affine[6] = {500000, 1, 0, 4000000, 0, -1};
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    snprintf(path, sizeof path, "%s/placed.tif", folder);
    OSRImportFromEPSG(srs, 32631);
    GDALDatasetH image =
        GDALCreate(GDALGetDriverByName("GTiff"), path, 300, 200, 1, GDT_Byte, NULL);
    GDALSetGeoTransform(image, affine);
    GDALSetSpatialRef(image, srs);
    GDALSetMetadataItem(image, "EXIF_DateTimeOriginal", "2024:05:01 10:00:00", NULL);
    GDALClose(image);
    OSRDestroySpatialReference(srs);
}

static void test_plan_tells_where_and_when_rows_can_be(void **state) {
    elc_job *job;
    const elc_plan *plan = NULL;
    (void)state;
    write_placed();
    job = job_of("detect", "{\"chip\": \"128\", \"bands\": \"1,1,1\"}",
                 "{\"images\": [\"%s/placed.tif\", \"%s/image0.tif\"]}");
    assert_int_equal(elc_job_plan(job, 1, &plan, NULL), ELC_OK);
    assert_false(plan->parts[0].extent.placed || plan->parts[0].extent.timed);
    elc_job_want_extents(job);
    assert_int_equal(elc_job_plan(job, 1, &plan, NULL), ELC_OK);
    assert_true(plan->count > 4);
    for (size_t i = 0; i < plan->count; i++) {
        const elc_extent *e = &plan->parts[i].extent;
        bool first = plan->parts[i].scope == 0;
        assert_int_equal(e->placed, first);
        assert_int_equal(e->timed, first);
        if (!first)
            continue;
        assert_true(e->acquired_us == 1714557600000000);
        assert_true(e->xmin < 3 && e->xmin > 2.999);
        assert_true(e->xmax > 3.0033 && e->xmax < 3.0043);
        assert_true(e->ymin < 36.1429 && e->ymin > 36.142);
        assert_true(e->ymax > 36.1447 && e->ymax < 36.1455);
    }
    elc_job_free(job);
}

/* Its tables cannot be in many places; columns are told before, and rows come once. */
static void test_job_of_whole_tables_is_one_part(void **state) {
    (void)state;
    write_zone();
    elc_job *job = job_of("overlay", "{\"op\": \"make-valid\"}",
                          "{\"first\": [\"%s/zone.geojson\"]}");
    struct ArrowSchema schema = {0};
    const elc_plan *plan;
    elc_string rows = {0};
    assert_int_equal(elc_job_schema(job, &schema, NULL), ELC_OK);
    assert_true(schema.n_children >= 2);
    elc_schema_release(&schema);
    assert_int_equal(elc_job_part_schema(job, &schema, NULL), ELC_E_UNSUPPORTED);
    assert_false(elc_job_slices(job));
    for (int again = 0; again < 2; again++) {
        struct ArrowArrayStream stream = {0};
        assert_int_equal(elc_job_plan(job, 1, &plan, NULL), ELC_OK);
        assert_int_equal(plan->count, 1);
        assert_int_equal(elc_job_read_scope(job, plan->parts, 1, &stream, NULL),
                         ELC_OK);
        rows.size = 0;
        add_rows(&stream, &rows);
        assert_int_equal(lines_of(&rows), 1);
    }
    elc_string_free(&rows);
    elc_job_free(job);
}

static void test_job_is_cancelled_from_outside(void **state) {
    (void)state;
    elc_job *job = job_of("read", NULL, "{\"table\": [\"%s/points.csv\"]}");
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch = {0};
    elc_error err = {0};
    elc_job_cancel(job);
    elc_status status = elc_job_read(job, &stream, &err);
    if (status == ELC_OK)
        status = elc_stream_next(&stream, &batch, &err);
    assert_int_equal(status, ELC_E_CANCELLED);
    elc_stream_release(&stream);
    elc_job_free(job);
}

static void test_job_keeps_warnings_until_they_are_taken(void **state) {
    (void)state;
    elc_job *job =
        job_of("join", "{\"on\": \"n\"}",
               "{\"left\": \"%s/points.csv\", \"right\": \"%s/points.csv\"}");
    struct ArrowArrayStream stream = {0};
    elc_string text = {0};
    char line[200];
    assert_int_equal(elc_job_read(job, &stream, NULL), ELC_OK);
    add_rows(&stream, &text);
    assert_int_equal(lines_of(&text), ROWS);
    assert_false(elc_job_warning(job, line, sizeof line));
    elc_string_free(&text);
    elc_job_free(job);
}

static void detect_in_parts(void) {
    const elc_plan *plan;
    elc_string text = {0};
    elc_job *job = job_of(
        "detect", "{\"chip\": \"128\", \"overlap\": \"0\", \"bands\": \"1,1,1\"}",
        "{\"images\": [\"%s/image0.tif\"]}");
    assert_int_equal(elc_job_plan(job, 1, &plan, NULL), ELC_OK);
    assert_in_range(plan->count, 1, 16);
    for (size_t i = 0; i < plan->count; i++) {
        struct ArrowArrayStream stream = {0};
        assert_int_equal(elc_job_read_part(job, &plan->parts[i], &stream, NULL),
                         ELC_OK);
        add_rows(&stream, &text);
    }
    elc_string_free(&text);
    elc_job_free(job);
}

/* Bytes that the allocator has given out and not got back; 0 under sanitizers. */
static size_t bytes_in_use(void) {
    struct mallinfo2 all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

static void test_jobs_of_detections_leave_no_memory_behind(void **state) {
    size_t before = 0;
    (void)state;
    for (int i = 0; i < 40; i++) {
        detect_in_parts();
        before = i == 9 ? bytes_in_use() : before;
    }
    assert_true(bytes_in_use() < before + 500000);
}

static void test_job_refuses_what_cannot_be_meant(void **state) {
    (void)state;
    refuses("raed", NULL, NULL, "read");
    refuses("read", NULL, NULL, "no table given");
    refuses("read", NULL, "{\"tabel\": \"a\"}", "has no input tabel; it has table");
    refuses("read", NULL, "{\"table\": [\"a\", \"b\"]}", "is one table");
    refuses("read", NULL, "{\"table\": 7}", "no text");
    refuses("read", NULL, "[]", "no JSON object");
    refuses("read", NULL, "{", "no JSON object");
    refuses("chips", "{\"chipp\": \"3\"}", "{\"images\": \"a\"}", "chip");
    refuses("chips", "{\"chip\": \"no\"}", "{\"images\": \"a\"}", "chip");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_job_gives_the_whole_table),
        cmocka_unit_test(test_job_slices_are_the_table_together),
        cmocka_unit_test(test_job_tells_columns_before_rows),
        cmocka_unit_test(test_job_scopes_are_the_table_together),
        cmocka_unit_test(test_jobs_that_follow_one_give_their_own_images),
        cmocka_unit_test(test_plan_tells_where_and_when_rows_can_be),
        cmocka_unit_test(test_job_of_whole_tables_is_one_part),
        cmocka_unit_test(test_job_is_cancelled_from_outside),
        cmocka_unit_test(test_job_keeps_warnings_until_they_are_taken),
        cmocka_unit_test(test_jobs_of_detections_leave_no_memory_behind),
        cmocka_unit_test(test_job_refuses_what_cannot_be_meant),
    };
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
