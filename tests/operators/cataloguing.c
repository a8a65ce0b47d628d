/* cataloguing.c - runs catalog as a face does, and gives chosen columns as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cataloguing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "support/planted.h"

/* ---- pictures and folders -------------------------------------------------------- */

void cataloguing_make(const cataloguing_picture *p) {
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), p->path, p->width,
                                p->height, 1, GDT_Byte, NULL);
    assert_non_null(d);
    if (p->crs) {
        double affine[6] = {p->x, p->step, 0, p->y, 0, -p->step};
        OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
        assert_int_equal(OSRSetFromUserInput(srs, p->crs), OGRERR_NONE);
        OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
        GDALSetGeoTransform(d, affine);
        GDALSetSpatialRef(d, srs);
        OSRDestroySpatialReference(srs);
    }
    GDALClose(d);
}

void cataloguing_enter(const char *name) {
    const char *path = planted_path(name);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(chdir(path), 0);
    cataloguing_make(&(cataloguing_picture){.path = "a.tif", .width = 3, .height = 2});
}

void cataloguing_put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

void cataloguing_copy(const char *paths) {
    char command[2000];
    snprintf(command, sizeof command,
             "for p in %s; do mkdir -p \"$(dirname \"$p\")\" && cp a.tif \"$p\" || "
             "exit 1; done",
             paths);
    assert_int_equal(system(command), 0);
}

/* ---- rows as text ---------------------------------------------------------------- */

static elc_status print_wkb(const char *wkb, size_t size, elc_string *out,
                            elc_error *err) {
    OGRGeometryH shape = NULL;
    char *wkt = NULL;
    assert_int_equal(OGR_G_CreateFromWkb(wkb, NULL, &shape, (int)size), OGRERR_NONE);
    OGR_G_ExportToWkt(shape, &wkt);
    elc_status status = elc_string_printf(out, err, "%s", wkt);
    VSIFree(wkt);
    OGR_G_DestroyGeometry(shape);
    return status;
}

static elc_status print_cell(const elc_rows *rows, const struct ArrowSchema *column,
                             size_t c, size_t r, elc_string *out, elc_error *err) {
    elc_type type;
    size_t size = 0;
    if (elc_rows_null(rows, c, r))
        return elc_string_append(out, "-", 1, err);
    ELC_TRY(elc_schema_type(column, &type, err));
    if (type == ELC_FLOAT64)
        return elc_string_printf(out, err, "%.12g", elc_rows_real(rows, c, r));
    if (type != ELC_UTF8 && type != ELC_GEOMETRY)
        return elc_string_printf(out, err, "%lld", (long long)elc_rows_int(rows, c, r));
    const char *bytes = elc_rows_bytes(rows, c, r, &size);
    return type == ELC_UTF8 ? elc_string_append(out, bytes, size, err)
                            : print_wkb(bytes, size, out, err);
}

static elc_status print_batch(const struct ArrowSchema *schema,
                              const struct ArrowArray *batch, const elc_names *wanted,
                              elc_string *out, elc_error *err) {
    elc_rows *rows = NULL;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    size_t n = wanted->count ? wanted->count : (size_t)schema->n_children;
    for (size_t r = 0; r < elc_rows_count(rows); r++)
        for (size_t i = 0; i < n; i++) {
            int64_t c =
                wanted->count ? elc_rows_column(rows, wanted->items[i]) : (int64_t)i;
            if (c < 0)
                fail_msg("no column %s", wanted->items[i]);
            assert_int_equal(
                print_cell(rows, schema->children[c], (size_t)c, r, out, err), ELC_OK);
            assert_int_equal(elc_string_append(out, i + 1 < n ? " " : "\n", 1, err),
                             ELC_OK);
        }
    elc_rows_free(rows);
    return ELC_OK;
}

static elc_status print_table(struct ArrowArrayStream *stream, const elc_names *wanted,
                              elc_string *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_status status = elc_stream_schema(stream, &schema, err);
    while (status == ELC_OK) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(stream, &batch, err);
        if (status != ELC_OK || !batch.release)
            break;
        status = print_batch(&schema, &batch, wanted, out, err);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    elc_stream_release(stream);
    return status;
}

/* ---- a run ----------------------------------------------------------------------- */

static elc_status set_options(elc_options *options, const char *const *texts,
                              elc_error *err) {
    for (; texts && *texts; texts++) {
        char name[64] = {0};
        const char *equals = strchr(*texts, '=');
        assert_non_null(equals);
        memcpy(name, *texts, (size_t)(equals - *texts));
        ELC_TRY(elc_options_set(options, name, equals + 1, err));
    }
    return ELC_OK;
}

static elc_status run_call(const elc_call *call, const elc_names *wanted,
                           elc_string *out, elc_error *err) {
    elc_run *run = NULL;
    struct ArrowArrayStream stream = {0};
    elc_status status = elc_run_create(call, &run, err);
    if (status == ELC_OK)
        status = elc_run_table(run, &stream, err);
    if (status == ELC_OK)
        status = print_table(&stream, wanted, out, err);
    elc_run_free(run);
    return status;
}

elc_status cataloguing_rows(const cataloguing_wish *wish, elc_string *out,
                            elc_error *err) {
    const elc_operator *op = NULL;
    elc_options *options = NULL;
    elc_names wanted = {0};
    elc_reference input = {.paths = wish->paths};
    elc_context context = {.threads = wish->threads};
    while (wish->paths[input.n_paths])
        input.n_paths++;
    ELC_TRY(elc_operator_find("catalog", &op, err));
    ELC_TRY(elc_options_create(op->options, &options, err));
    elc_call call = {.op = op,
                     .options = options,
                     .inputs = &input,
                     .context = &context,
                     .part_units = wish->part_units};
    elc_status status = set_options(options, wish->options, err);
    if (status == ELC_OK && wish->columns)
        status = elc_names_split(&wanted, wish->columns, ' ', err);
    if (status == ELC_OK)
        status = elc_string_append(out, "", 0, err);
    if (status == ELC_OK)
        status = run_call(&call, &wanted, out, err);
    elc_names_free(&wanted);
    elc_options_free(options);
    return status;
}

/* Words that begin with "--" are options. */
static elc_status run_words(const char *columns, const char *words, elc_string *out,
                            elc_error *err) {
    elc_names all = {0};
    const char *paths[32] = {0}, *options[32] = {0};
    size_t n_paths = 0, n_options = 0;
    assert_int_equal(elc_names_split(&all, words, ' ', NULL), ELC_OK);
    assert_true(all.count < 32);
    for (size_t i = 0; i < all.count; i++)
        if (!strncmp(all.items[i], "--", 2))
            options[n_options++] = all.items[i] + 2;
        else
            paths[n_paths++] = all.items[i];
    cataloguing_wish wish = {.paths = paths, .options = options, .columns = columns};
    wish.threads = 2;
    elc_status status = cataloguing_rows(&wish, out, err);
    elc_names_free(&all);
    return status;
}

const char *cataloguing(const char *columns, const char *words) {
    static elc_string text;
    elc_error err = {0};
    elc_string_free(&text);
    if (run_words(columns, words, &text, &err) != ELC_OK)
        fail_msg("catalog %s: %s", words, err.message);
    return text.data;
}

const char *cataloguing_failure(const char *words) {
    static elc_error err;
    elc_string text = {0};
    elc_status status = run_words("id", words, &text, &err);
    elc_string_free(&text);
    assert_int_not_equal(status, ELC_OK);
    return err.message;
}
