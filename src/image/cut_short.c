/* cut_short.c - whether a failed read asked for what the file no longer has. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <cpl_vsi.h>

#include "image/image.h"

/* A number of a block of a GeoTIFF, which GDAL tells as text; 0: it does not. */
static uint64_t block_number(GDALRasterBandH band, const char *what, int64_t x,
                             int64_t y) {
    char name[80];
    int64_t value = 0;
    snprintf(name, sizeof name, "BLOCK_%s_%lld_%lld", what, (long long)x, (long long)y);
    const char *text = GDALGetMetadataItem(band, name, "TIFF");
    if (!text || elc_parse_int(text, name, &value, NULL) != ELC_OK || value < 0)
        return 0;
    return (uint64_t)value;
}

static bool block_ends_after(GDALRasterBandH band, int64_t x, int64_t y,
                             uint64_t size) {
    uint64_t from = block_number(band, "OFFSET", x, y);
    uint64_t bytes = from ? block_number(band, "SIZE", x, y) : 0;
    return from > size || bytes > size - from;
}

static bool band_ends_after(const elc_image *image, int number, elc_window w,
                            uint64_t size) {
    GDALRasterBandH band = GDALGetRasterBand(image->dataset, number);
    int64_t width = image->info.block_width, height = image->info.block_height;
    for (int64_t y = w.y / height; y <= (w.y + w.height - 1) / height; y++)
        for (int64_t x = w.x / width; x <= (w.x + w.width - 1) / width; x++)
            if (block_ends_after(band, x, y, size))
                return true;
    return false;
}

bool elc_image_ends_before(elc_image *image, elc_window w, const int *bands, int n,
                           uint64_t *size) {
    VSIStatBufL file;
    const int *alpha = image->info.alpha_band ? &image->info.alpha_band : NULL;
    if (!bands)
        bands = alpha, n = alpha ? 1 : 0;
    if (strcmp(image->info.driver, "GTiff") || VSIStatL(image->path, &file) != 0)
        return false;
    *size = (uint64_t)file.st_size;
    for (int i = 0; i < n; i++)
        if (band_ends_after(image, bands[i], w, *size))
            return true;
    return false;
}
