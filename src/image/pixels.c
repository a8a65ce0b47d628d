/* pixels.c - bytes in memory as the bytes of an image file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <pthread.h>
#include <stdio.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include "image/gdal.h"

static GDALDatasetH as_dataset(const uint8_t *pixels, int width, int height, int n) {
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 0, GDT_Byte, NULL);
    for (int i = 0; dataset != NULL && i < n; i++) {
        char pointer[64] = {0}, text[3][96],
             *options[] = {text[0], text[1], text[2], NULL};
        pointer[CPLPrintPointer(pointer, (void *)(uintptr_t)(pixels + i),
                                sizeof pointer - 1)] = 0;
        snprintf(text[0], sizeof text[0], "DATAPOINTER=%s", pointer);
        snprintf(text[1], sizeof text[1], "PIXELOFFSET=%d", n);
        snprintf(text[2], sizeof text[2], "LINEOFFSET=%lld", (long long)n * width);
        if (GDALAddBand(dataset, GDT_Byte, options) != CE_None) {
            GDALClose(dataset);
            return NULL;
        }
    }
    return dataset;
}

/* A name in memory that no other thread has. */
static void name_file(char out[64]) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static unsigned long long number;
    pthread_mutex_lock(&lock);
    snprintf(out, 64, "/vsimem/elcano-pixels-%llu", number++);
    pthread_mutex_unlock(&lock);
}

static bool write_file(GDALDatasetH from, elc_file_kind kind, const char *path) {
    char *png[] = {(char[]){"ZLEVEL=1"}, NULL},
         *jpeg[] = {(char[]){"QUALITY=85"}, NULL};
    GDALDriverH driver = GDALGetDriverByName(kind == ELC_FILE_PNG ? "PNG" : "JPEG");
    if (driver == NULL)
        return false;
    GDALDatasetH made = GDALCreateCopy(driver, path, from, FALSE,
                                       kind == ELC_FILE_PNG ? png : jpeg, NULL, NULL);
    if (made != NULL)
        GDALClose(made);
    return made != NULL;
}

elc_status elc_pixels_encode(const uint8_t *pixels, int width, int height, int n,
                             elc_file_kind kind, elc_string *out, elc_error *err) {
    char path[64];
    elc_gdal_log log;
    vsi_l_offset size = 0;
    if (kind == ELC_FILE_TIF || n < 1 || n > 4 || (kind == ELC_FILE_JPEG && n % 2 == 0))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "pixels of %d bytes: PNG holds 1 to 4, JPEG 1 or 3", n);
    elc_gdal_ready();
    name_file(path);
    elc_gdal_begin(&log);
    GDALDatasetH dataset = as_dataset(pixels, width, height, n);
    bool written = dataset != NULL && write_file(dataset, kind, path);
    if (dataset != NULL)
        GDALClose(dataset);
    const void *bytes = written ? VSIGetMemFileBuffer(path, &size, FALSE) : NULL;
    elc_status status = bytes == NULL
                            ? elc_fail(err, ELC_E_INTERNAL, "pixels: not encoded: %s",
                                       elc_gdal_reason(&log))
                            : elc_string_append(out, bytes, (size_t)size, err);
    VSIUnlink(path);
    char beside[80];
    snprintf(beside, sizeof beside, "%s.aux.xml", path);
    VSIUnlink(beside);
    elc_gdal_end();
    return status;
}
