/* chipping.c - runs chips as a face does, and looks at the files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chipping.h"

#include "support/detecting.h"
#include "support/planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ogr_srs_api.h>

/* ---- running ----------------------------------------------------------------------
 */

static elc_status set_options(const chipping *c, elc_options *options, elc_error *err) {
    for (size_t i = 0; c->options && c->options[i]; i++) {
        char name[64] = {0};
        const char *equals = strchr(c->options[i], '=');
        memcpy(name, c->options[i], (size_t)(equals - c->options[i]));
        ELC_TRY(elc_options_set(options, name, equals + 1, err));
    }
    return ELC_OK;
}

static elc_status take_tables(elc_run *run, const elc_operator *op, elc_string *out,
                              size_t *rows, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    size_t others = 0;
    ELC_TRY(elc_run_table(run, &stream, err));
    ELC_TRY(detecting_print(&stream, out, rows, err));
    for (size_t i = 1; op->outputs[i].name; i++) {
        ELC_TRY(elc_run_side(run, i, &stream, err));
        ELC_TRY(detecting_print(&stream, out, &others, err));
    }
    return ELC_OK;
}

elc_status chipping_rows(const chipping *c, elc_string *out, size_t *rows,
                         elc_error *err) {
    const elc_operator *op = NULL;
    elc_reference input = {.paths = c->paths};
    elc_options *options = NULL;
    elc_run *run = NULL;
    while (c->paths[input.n_paths])
        input.n_paths++;
    ELC_TRY(elc_operator_find("chips", &op, err));
    ELC_TRY(elc_options_create(op->options, &options, err));
    elc_call call = {.op = op,
                     .options = options,
                     .inputs = &input,
                     .context = c->context,
                     .part_units = c->part_units};
    elc_status status = set_options(c, options, err);
    if (status == ELC_OK)
        status = elc_run_create(&call, &run, err);
    if (status == ELC_OK)
        status = take_tables(run, op, out, rows, err);
    elc_run_free(run);
    elc_call_release(&call);
    elc_options_free(options);
    return status;
}

char *chips_of(const char *image, const char *const *options) {
    const char *paths[] = {image, NULL};
    chipping c = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    if (chipping_rows(&c, &text, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data ? text.data : calloc(1, 1);
}

void assert_chips_fail(const char *image, const char *const *options, elc_status status,
                       const char *part) {
    const char *paths[] = {image, NULL};
    chipping c = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    elc_status got = chipping_rows(&c, &text, &rows, &err);
    elc_string_free(&text);
    if (got != status || !strstr(err.message, part))
        fail_msg("%s: %s", elc_status_name(got), err.message);
}

/* ---- rows -------------------------------------------------------------------------
 */

static const char *line_at(const char *rows, size_t n) {
    for (; n > 0; n--) {
        rows = strchr(rows, '\n');
        assert_non_null(rows);
        rows++;
    }
    return rows;
}

const char *chip_value(const char *rows, size_t n, const char *column) {
    static char values[8][256];
    static size_t next;
    char wanted[64], *value = values[next++ % 8];
    const char *line = line_at(rows, n), *end = strchr(line, '\n');
    int length = snprintf(wanted, sizeof wanted, " %s=", column);
    bool first = strncmp(line, wanted + 1, (size_t)length - 1) == 0;
    const char *at = first ? line - 1 : strstr(line, wanted);
    value[0] = 0;
    if (!at || at > end)
        return value;
    at += length;
    snprintf(value, 256, "%.*s", (int)strcspn(at, " \n"), at);
    return value;
}

double chip_number(const char *rows, size_t n, const char *column) {
    const char *value = chip_value(rows, n, column);
    if (!*value)
        fail_msg("row %zu has no %s", n, column);
    return strtod(value, NULL);
}

size_t chip_count(const char *rows) {
    size_t n = 0;
    for (; (rows = strchr(rows, '\n')) != NULL; rows++)
        n++;
    return n;
}

/* ---- files ------------------------------------------------------------------------
 */

const char *chips_folder(const char *name) {
    planted_run("rm -rf %s && mkdir %s", name, name);
    return planted_path(name);
}

GDALDatasetH raster_open(const char *path) {
    GDALAllRegister();
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    if (!dataset)
        fail_msg("%s: cannot be opened", path);
    return dataset;
}

void *raster_pixels(GDALDatasetH dataset, size_t *size) {
    int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    int bands = GDALGetRasterCount(dataset);
    GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(dataset, 1));
    int each = GDALGetDataTypeSizeBytes(type);
    *size = (size_t)width * (size_t)height * (size_t)(bands * each);
    void *pixels = malloc(*size);
    assert_int_equal(GDALDatasetRasterIO(dataset, GF_Read, 0, 0, width, height, pixels,
                                         width, height, type, bands, NULL, bands * each,
                                         width * bands * each, each),
                     CE_None);
    return pixels;
}

static void describe(GDALDatasetH dataset, const raster *r) {
    if (r->affine)
        GDALSetGeoTransform(dataset, (double *)(uintptr_t)r->affine);
    if (r->crs) {
        OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
        assert_int_equal(OSRSetFromUserInput(srs, r->crs), OGRERR_NONE);
        OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
        GDALSetSpatialRef(dataset, srs);
        OSRDestroySpatialReference(srs);
    }
    if (r->has_nodata)
        GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, 1), r->nodata);
}

static void set_palette(GDALDatasetH dataset) {
    GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
    for (short i = 0; i < 256; i++) {
        GDALColorEntry entry = {i, (short)(255 - i), (short)(i / 2), 255};
        GDALSetColorEntry(table, i, &entry);
    }
    GDALSetRasterColorTable(GDALGetRasterBand(dataset, 1), table);
    GDALDestroyColorTable(table);
}

static void write_band(GDALDatasetH dataset, const raster *r, int band) {
    double *row = malloc(sizeof(double) * (size_t)r->width);
    for (int y = 0; y < r->height; y++) {
        for (int x = 0; x < r->width; x++)
            row[x] = 1 + (x * 7 + y * 13 + band * 29 + x * y / 8) % 120;
        assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, band), GF_Write, 0, y,
                                      r->width, 1, row, r->width, 1, GDT_Float64, 0, 0),
                         CE_None);
    }
    free(row);
}

const char *raster_make(const raster *r) {
    GDALAllRegister();
    const char *path = planted_path(r->name);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("GTiff"), path, r->width, r->height, r->bands,
                   r->type ? r->type : GDT_Byte, (char **)(uintptr_t)r->options);
    assert_non_null(dataset);
    describe(dataset, r);
    if (r->palette)
        set_palette(dataset);
    for (int band = 1; band <= r->bands; band++)
        write_band(dataset, r, band);
    GDALClose(dataset);
    return path;
}

void raster_fill(const char *path, int x, int y, int width, int height, double value) {
    GDALDatasetH dataset = GDALOpen(path, GA_Update);
    assert_non_null(dataset);
    for (int band = 1; band <= GDALGetRasterCount(dataset); band++) {
        GDALRasterBandH b = GDALGetRasterBand(dataset, band);
        for (int row = y; row < y + height; row++)
            for (int col = x; col < x + width; col++)
                assert_int_equal(GDALRasterIO(b, GF_Write, col, row, 1, 1, &value, 1, 1,
                                              GDT_Float64, 0, 0),
                                 CE_None);
    }
    GDALClose(dataset);
}
