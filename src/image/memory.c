/* memory.c - images that have no file, under paths of GDAL's memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

/* ---- paths ------------------------------------------------------------------------
 */

static const char *last_of(const char *name) {
    const char *slash = strrchr(name, '/');
    const char *last = slash ? slash + 1 : name;
    return *last ? last : "image";
}

/* A folder for each, so that nothing lies beside it. */
static elc_status new_path(const char *name, char **out, elc_error *err) {
    static atomic_ullong made;
    elc_string path = {0};
    elc_status status = elc_string_printf(
        &path, err, ELC_IMAGE_MEMORY "image-%llu/%s",
        (unsigned long long)atomic_fetch_add(&made, 1), last_of(name));
    if (status == ELC_OK)
        *out = path.data;
    else
        elc_string_free(&path);
    return status;
}

void elc_image_memory_drop(char *path) {
    if (!path)
        return;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    VSIUnlink(path);
    char *slash = strrchr(path, '/');
    *slash = 0;
    VSIRmdir(path);
    elc_gdal_end();
    free(path);
}

/* ---- bytes of a file --------------------------------------------------------------
 */

elc_status elc_image_memory_bytes(const void *bytes, size_t size, const char *name,
                                  char **out, elc_error *err) {
    char *path = NULL;
    elc_gdal_ready();
    if (size == 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: the file is empty", name);
    ELC_TRY(new_path(name, &path, err));
    VSILFILE *file = VSIFOpenL(path, "wb");
    bool well = file && VSIFWriteL(bytes, 1, size, file) == size;
    if (file && VSIFCloseL(file) != 0)
        well = false;
    if (well) {
        *out = path;
        return ELC_OK;
    }
    elc_image_memory_drop(path);
    return elc_fail(err, ELC_E_MEMORY, "%s: no memory for its %zu bytes", name, size);
}

/* ---- pixels -----------------------------------------------------------------------
 */

static void set_place(GDALDatasetH dataset, const elc_affine *affine,
                      const elc_crs *crs) {
    double a[6];
    if (!affine)
        return;
    memcpy(a, affine->a, sizeof a);
    GDALSetGeoTransform(dataset, a);
    GDALSetProjection(dataset, elc_crs_wkt(crs));
}

/* GeoTIFF holds every type of pixel, and is not compressed. */
static elc_status write_copy(GDALDatasetH memory, const char *name, const char *path,
                             elc_error *err) {
    elc_gdal_log log;
    char *options[] = {(char[]){"INTERLEAVE=PIXEL"}, NULL};
    elc_gdal_begin(&log);
    GDALDatasetH copy = GDALCreateCopy(GDALGetDriverByName("GTiff"), path, memory,
                                       false, options, NULL, NULL);
    bool made = copy != NULL;
    if (copy)
        GDALClose(copy);
    elc_gdal_end();
    if (made && !log.failure[0])
        return ELC_OK;
    return elc_fail(err, ELC_E_IO, "%s: its pixels cannot be kept: %s", name,
                    elc_gdal_reason(&log));
}

elc_status elc_image_memory_struct(const elc_image_struct *from, const char *name,
                                   const elc_affine *affine, const elc_crs *crs,
                                   char **out, elc_error *err) {
    elc_image *image = NULL;
    char *path = NULL;
    ELC_TRY(elc_image_struct_open(from, name, &image, err));
    set_place(image->dataset, affine, crs);
    elc_status status = new_path(name, &path, err);
    if (status == ELC_OK)
        status = write_copy(image->dataset, name, path, err);
    elc_image_free(image);
    if (status == ELC_OK)
        *out = path;
    else
        elc_image_memory_drop(path);
    return status;
}
