/* read.c - what reading a layer costs, beside OGR.
 *
 *   bench-read elcano PATH   as a table, batch by batch
 *   bench-read ogr PATH      OGR's features, one after the other, thrown away
 *   bench-read arrow PATH    OGR's own stream of Arrow batches
 *
 * One thread, the opening included. Prints JSON: the seconds, the CPU seconds and the
 * rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/layer.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <gdal.h>
#include <ogr_api.h>

static long long rows_of_stream(struct ArrowArrayStream *stream) {
    long long rows = 0;
    for (bool more = true; more;) {
        struct ArrowArray batch = {0};
        if (stream->get_next(stream, &batch) != 0)
            return -1;
        more = batch.release != NULL;
        rows += batch.length;
        if (more)
            batch.release(&batch);
    }
    stream->release(stream);
    return rows;
}

static long long read_elcano(const char *path) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    if (elc_layer_read(path, &stream, &err) == ELC_OK)
        return rows_of_stream(&stream);
    fprintf(stderr, "bench-read: %s\n", err.message);
    return -1;
}

static long long rows_of_features(OGRLayerH layer) {
    long long rows = 0;
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer)) != NULL; rows++)
        OGR_F_Destroy(f);
    return rows;
}

static long long read_ogr(const char *path, bool arrow) {
    GDALAllRegister();
    GDALDatasetH dataset =
        GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
    if (dataset == NULL)
        return -1;
    OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
    struct ArrowArrayStream stream = {0};
    long long rows = !arrow ? rows_of_features(layer)
                     : OGR_L_GetArrowStream(layer, &stream, NULL)
                         ? rows_of_stream(&stream)
                         : -1;
    GDALClose(dataset);
    return rows;
}

int main(int argc, char **argv) {
    bool elcano = argc == 3 && strcmp(argv[1], "elcano") == 0;
    bool arrow = argc == 3 && strcmp(argv[1], "arrow") == 0;
    if (argc != 3 || (!elcano && !arrow && strcmp(argv[1], "ogr") != 0)) {
        fprintf(stderr, "usage: bench-read elcano|ogr|arrow PATH\n");
        return 2;
    }
    clock_t cpu = clock();
    double began = elc_clock();
    long long rows = elcano ? read_elcano(argv[2]) : read_ogr(argv[2], arrow);
    if (rows < 0)
        return 1;
    printf("{\"seconds\": %.4f, \"cpu\": %.4f, \"found\": %lld}\n", elc_clock() - began,
           (double)(clock() - cpu) / CLOCKS_PER_SEC, rows);
    return 0;
}
