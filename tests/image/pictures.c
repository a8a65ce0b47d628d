/* pictures.c - small images made for the tests, whose every pixel is known. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <cpl_vsi.h>
#include <ogr_srs_api.h>

uint8_t picture_pixel(int64_t x, int64_t y, int band) {
    return (uint8_t)(x * 7 + y * 13 + band * 29 + x * y / 8);
}

static void write_rows(GDALDatasetH dataset, const picture *p) {
    uint8_t *row = malloc((size_t)p->width);
    for (int band = 1; band <= p->bands; band++)
        for (int y = 0; y < p->height; y++) {
            for (int x = 0; x < p->width; x++)
                row[x] = p->blank ? 0 : picture_pixel(x, y, band);
            assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, band), GF_Write, 0,
                                          y, p->width, 1, row, p->width, 1, GDT_Byte, 0,
                                          0),
                             CE_None);
        }
    free(row);
}

static void describe(GDALDatasetH dataset, const picture *p) {
    if (p->affine)
        GDALSetGeoTransform(dataset, (double *)(uintptr_t)p->affine);
    if (p->crs) {
        OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
        assert_int_equal(OSRSetFromUserInput(srs, p->crs), OGRERR_NONE);
        OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
        GDALSetSpatialRef(dataset, srs);
        OSRDestroySpatialReference(srs);
    }
    for (int b = 1; p->has_nodata && b <= p->bands; b++)
        GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, b), p->nodata);
    if (p->alpha)
        GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset, p->alpha),
                                         GCI_AlphaBand);
}

static GDALDatasetH create(const picture *p, const char *driver, const char *path) {
    char **options = (char **)(uintptr_t)p->options;
    GDALDriverH d = GDALGetDriverByName(driver);
    GDALDatasetH dataset =
        GDALCreate(d, path, p->width, p->height, p->bands, p->type ? p->type : GDT_Byte,
                   driver[0] == 'M' ? NULL : options);
    if (!dataset)
        fail_msg("%s: cannot be made", p->path);
    describe(dataset, p);
    write_rows(dataset, p);
    return dataset;
}

void picture_make(const picture *p) {
    GDALAllRegister();
    const char *driver = p->driver ? p->driver : "GTiff";
    GDALDriverH d = GDALGetDriverByName(driver);
    if (!strcmp(driver, "GTiff")) {
        GDALClose(create(p, driver, p->path));
        return;
    }
    GDALDatasetH memory = create(p, "MEM", "");
    GDALDatasetH copy = GDALCreateCopy(d, p->path, memory, 0,
                                       (char **)(uintptr_t)p->options, NULL, NULL);
    assert_non_null(copy);
    GDALClose(copy);
    GDALClose(memory);
}

void picture_fill(const char *path, int band, elc_window w, uint8_t value) {
    GDALDatasetH dataset = GDALOpen(path, GA_Update);
    assert_non_null(dataset);
    uint8_t *pixels = malloc((size_t)(w.width * w.height));
    for (int64_t i = 0; i < w.width * w.height; i++)
        pixels[i] = value;
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, band), GF_Write, (int)w.x,
                                  (int)w.y, (int)w.width, (int)w.height, pixels,
                                  (int)w.width, (int)w.height, GDT_Byte, 0, 0),
                     CE_None);
    free(pixels);
    GDALClose(dataset);
}

void picture_delete(const char *path) {
    VSIUnlink(path);
}

elc_image *picture_open(const char *path) {
    elc_image *image = NULL;
    elc_error err = {0};
    if (elc_image_open(path, &image, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return image;
}

const char *data_path(const char *below) {
    static char path[4096];
    const char *root = getenv("ELCANO_DATA");
    snprintf(path, sizeof path, "%s/%s",
             root ? root : ELCANO_SOURCE_DIR "/../shared/data", below);
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: %s is not there; set ELCANO_DATA\n", path);
        skip();
    }
    return path;
}
