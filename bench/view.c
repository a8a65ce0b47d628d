/* view.c - what chips of 640 px cost, stretched and resampled, from one open image.
 *
 *   bench-view IMAGE STEP STRETCH [gdal]
 *
 * Reads bands 1, 2, 3 of the 9 chips in the upper left corner, again and again, from
 * GDAL's cache. Prints the chips, the seconds and the CPU seconds. With "gdal", GDAL
 * reads the same windows in the file's own type and resamples them itself (average or
 * cubic); nothing is stretched then. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHIP = 640, ACROSS = 3, ROUNDS = 20, BANDS = 3 };

static const int bands[BANDS] = {1, 2, 3};

typedef struct bench {
    double step;
    elc_view *view;    /* what reads: this, */
    GDALDatasetH data; /* or GDAL */
    GDALDataType type;
    uint8_t *out;
} bench;

static elc_status gdal_read(bench *b, elc_window w, elc_error *err) {
    GDALRasterIOExtraArg how;
    INIT_RASTERIO_EXTRA_ARG(how);
    how.eResampleAlg = b->step < 1 ? GRIORA_Cubic : GRIORA_Average;
    int size = GDALGetDataTypeSizeBytes(b->type), step = BANDS * size;
    int side = (int)(CHIP * b->step);
    CPLErr result = GDALDatasetRasterIOEx(
        b->data, GF_Read, (int)((double)w.x * b->step), (int)((double)w.y * b->step),
        side, side, b->out, CHIP, CHIP, b->type, BANDS, (int *)(uintptr_t)bands, step,
        (GSpacing)step * CHIP, size, &how);
    return result == CE_None ? ELC_OK : elc_fail(err, ELC_E_IO, "GDAL failed");
}

static elc_status read_all(bench *b, elc_error *err) {
    for (int64_t i = 0; i < ACROSS * ACROSS; i++) {
        elc_window w = {i % ACROSS * CHIP, i / ACROSS * CHIP, CHIP, CHIP};
        if (b->data)
            ELC_TRY(gdal_read(b, w, err));
        else
            ELC_TRY(elc_view_read(b->view, w, 0, b->out, NULL, err));
    }
    return ELC_OK;
}

static elc_status measure(bench *b, elc_error *err) {
    ELC_TRY(elc_alloc(CHIP * CHIP * BANDS, sizeof(double), &b->out, err));
    ELC_TRY(read_all(b, err)); /* what is read is in GDAL's cache from here on */
    clock_t cpu = clock();
    double began = elc_clock();
    for (int i = 0; i < ROUNDS; i++)
        ELC_TRY(read_all(b, err));
    double seconds = elc_clock() - began;
    printf("{\"chips\": %d, \"seconds\": %.4f, \"cpu\": %.4f}\n",
           ROUNDS * ACROSS * ACROSS, seconds, (double)(clock() - cpu) / CLOCKS_PER_SEC);
    return ELC_OK;
}

static elc_status run(char **argv, elc_error *err) {
    elc_image *image = NULL;
    elc_stretch_wish wish;
    bench b = {.step = atof(argv[2])};
    elc_view_options o = {
        .bands = bands, .n = BANDS, .step_x = b.step, .step_y = b.step};
    ELC_TRY(elc_image_open(argv[1], &image, err));
    if (argv[4]) {
        b.data = GDALOpen(argv[1], GA_ReadOnly);
        b.type = GDALGetRasterDataType(GDALGetRasterBand(b.data, 1));
        return measure(&b, err);
    }
    ELC_TRY(elc_stretch_parse(argv[3], &wish, err));
    ELC_TRY(elc_stretch_decide(image, bands, BANDS, &wish, &o.stretch, err));
    ELC_TRY(elc_view_create(image, &o, &b.view, err));
    return measure(&b, err);
}

int main(int argc, char **argv) {
    elc_error err = {0};
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: bench-view IMAGE STEP STRETCH [gdal]\n");
        return 2;
    }
    if (run(argv, &err) != ELC_OK) {
        fprintf(stderr, "bench-view: %s\n", err.message);
        return 1;
    }
    return 0;
}
