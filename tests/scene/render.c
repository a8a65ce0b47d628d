/* render.c - run the scene renderer in a folder of its own, and read what it wrote. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include <gdal.h>
#include <jansson.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

int render_setup(void **state) {
    char *folder = strdup("/tmp/elcano-scene-XXXXXX");
    if (folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    GDALAllRegister();
    *state = folder;
    return 0;
}

int render_teardown(void **state) {
    int status = chdir("/") == 0 ? render_shell("rm -r %s", (char *)*state) : -1;
    free(*state);
    return status;
}

static int run(const char *command) {
    int status = system(command);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

int render_shell(const char *format, ...) {
    char command[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_in_range(length, 1, sizeof command - 1);
    return run(command);
}

static int run_tool(const char *tool, const char *format, va_list args) {
    char arguments[700], command[1024];
    int length = vsnprintf(arguments, sizeof arguments, format, args);
    assert_in_range(length, 0, sizeof arguments - 1);
    length = snprintf(command, sizeof command, "%s%s 2>talk", tool, arguments);
    assert_in_range(length, 1, sizeof command - 1);
    return run(command);
}

int render(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int status = run_tool(ELCANO_BINARY_DIR "/scene ", format, args);
    va_end(args);
    return status;
}

int render_python(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int status = run_tool("python3 -B " ELCANO_SOURCE_DIR "/tools/", format, args);
    va_end(args);
    return status;
}

char *render_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    rewind(file);
    char *text = malloc((size_t)length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    fclose(file);
    text[length] = '\0';
    *size = (size_t)length;
    return text;
}

bool render_talked(const char *words) {
    size_t size;
    char *talk = render_read("talk", &size);
    bool found = talk != NULL && strstr(talk, words) != NULL;
    free(talk);
    return found;
}

static int whole(const json_t *properties, const char *key) {
    const json_t *value = json_object_get(properties, key);
    assert_true(json_is_integer(value));
    return (int)json_integer_value(value);
}

static planted planted_of(const json_t *feature) {
    const json_t *p = json_object_get(feature, "properties");
    const json_t *geometry = json_object_get(feature, "geometry");
    const json_t *ring = json_array_get(json_object_get(geometry, "coordinates"), 0);
    assert_int_equal(json_array_size(ring), 5);
    planted one = {whole(p, "xmin_px"),
                   whole(p, "ymin_px"),
                   whole(p, "xmax_px"),
                   whole(p, "ymax_px"),
                   whole(p, "class_id"),
                   json_is_true(json_object_get(p, "parked")),
                   json_number_value(json_object_get(p, "lon")),
                   json_number_value(json_object_get(p, "lat")),
                   {{0}}};
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 2; k++)
            one.ring[i][k] =
                json_number_value(json_array_get(json_array_get(ring, i), k));
    return one;
}

planted *render_truth(const char *path, size_t *count) {
    json_t *root = json_load_file(path, 0, NULL);
    const json_t *features = json_object_get(root, "features");
    assert_true(json_is_array(features));
    *count = json_array_size(features);
    planted *all = malloc((*count + 1) * sizeof *all);
    assert_non_null(all);
    for (size_t i = 0; i < *count; i++)
        all[i] = planted_of(json_array_get(features, i));
    json_decref(root);
    return all;
}

picture render_picture(const char *path) {
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    assert_non_null(dataset);
    picture p = {.width = GDALGetRasterXSize(dataset),
                 .height = GDALGetRasterYSize(dataset),
                 .bands = GDALGetRasterCount(dataset)};
    assert_int_equal(GDALGetGeoTransform(dataset, p.affine), CE_None);
    p.pixels = malloc((size_t)p.width * (size_t)p.height * (size_t)p.bands);
    assert_non_null(p.pixels);
    assert_int_equal(GDALDatasetRasterIO(dataset, GF_Read, 0, 0, p.width, p.height,
                                         p.pixels, p.width, p.height, GDT_Byte, p.bands,
                                         NULL, p.bands, p.bands * p.width, 1),
                     CE_None);
    GDALClose(dataset);
    return p;
}

double render_iou(const planted *a, const planted *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    if (w <= 0 || h <= 0)
        return 0;
    double areas = (double)(a->xmax - a->xmin) * (a->ymax - a->ymin) +
                   (double)(b->xmax - b->xmin) * (b->ymax - b->ymin);
    return w * h / (areas - w * h);
}
