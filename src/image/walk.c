/* walk.c - the images below a folder, an archive or a bucket. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>

#define DEPTH_MAX 64

/* Taken by name alone, so that a broken one is told of instead of passed over. */
static const char *const IMAGE_ENDINGS[] = {"tif",  "tiff", "gtiff", "jpg", "jpeg",
                                            "png",  "jp2",  "j2k",   "img", "vrt",
                                            "webp", "ntf",  "nitf",  "bmp", NULL};

/* Side files, and layers that GDAL's raster half would claim. */
static const char *const OTHER_ENDINGS[] = {
    "ovr",      "msk",      "aux",    "xml",  "txt",    "csv",  "tsv",     "json",
    "geojson",  "prj",      "tfw",    "tifw", "tiffw",  "jgw",  "jpgw",    "jpw",
    "pgw",      "pngw",     "wld",    "j2w",  "gfw",    "bpw",  "hdr",     "rpb",
    "imd",      "til",      "rpc",    "gpkg", "sqlite", "db",   "shp",     "shx",
    "dbf",      "cpg",      "qix",    "fgb",  "kml",    "gml",  "parquet", "pdf",
    "html",     "md",       "zip",    "tar",  "gz",     "onnx", "py",      "log",
    "geojsonl", "geojsons", "ndjson", NULL};

static bool is_one_of(const char *ending, const char *const *list) {
    for (; *list; list++)
        if (!strcasecmp(ending, *list))
            return true;
    return false;
}

bool elc_path_is_image(const char *path, const char *const *siblings) {
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    const char *ending = dot && (!slash || dot > slash) ? dot + 1 : "";
    if (is_one_of(ending, IMAGE_ENDINGS))
        return true;
    if (is_one_of(ending, OTHER_ENDINGS))
        return false;
    return GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, siblings) != NULL;
}

/* ---- one folder
 * ------------------------------------------------------------------------- */

elc_nature elc_path_nature(const char *path, uint64_t *device, uint64_t *node) {
    VSIStatBufL about;
    memset(&about, 0, sizeof about);
    if (VSIStatExL(path, &about, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) != 0)
        return ELC_NATURE_NONE;
    if (device)
        *device = (uint64_t)about.st_dev;
    if (node)
        *node = (uint64_t)about.st_ino;
    if (VSI_ISDIR(about.st_mode))
        return ELC_NATURE_FOLDER;
    /* A pipe or a device may never answer: it is there, but no image. */
    bool odd = strncmp(path, "/vsi", 4) != 0 && !VSI_ISREG(about.st_mode);
    return odd ? ELC_NATURE_ODD : ELC_NATURE_FILE;
}

elc_status elc_path_join(elc_string *out, const char *folder, const char *entry,
                         elc_error *err) {
    out->size = 0;
    size_t n = strlen(folder);
    const char *between = n > 0 && folder[n - 1] != '/' ? "/" : "";
    return elc_string_printf(out, err, "%s%s%s", folder, between, entry);
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

elc_status elc_folder_read(const char *path, elc_names *out, elc_error *err) {
    errno = 0;
    char **entries = VSIReadDir(*path ? path : ".");
    if (!entries && (errno == EACCES || errno == EPERM))
        return elc_fail(err, ELC_E_IO, "%s: no permission to read the folder", path);
    elc_status status = ELC_OK;
    for (char **e = entries; e && *e && status == ELC_OK; e++) {
        size_t n = strlen(*e);
        if (n > 0 && (*e)[n - 1] == '/')
            (*e)[n - 1] = 0;
        if ((*e)[0] && (*e)[0] != '.')
            status = elc_names_add(out, *e, err);
    }
    CSLDestroy(entries);
    if (status == ELC_OK && out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, by_bytes);
    return status;
}

/* ---- all folders below
 * ------------------------------------------------------------------ */

typedef struct walk {
    elc_found_list *list;
    elc_seen seen;
    int depth;
} walk;

static elc_status walk_folder(walk *w, const char *path, const char *prefix,
                              elc_error *err);

static elc_status walk_entry(walk *w, const char *path, const char *name,
                             elc_error *err) {
    uint64_t device = 0, node = 0;
    elc_nature nature = elc_path_nature(path, &device, &node);
    if (nature == ELC_NATURE_FILE && elc_path_is_image(path, NULL))
        return elc_found_add(w->list, path, name, err);
    if (nature != ELC_NATURE_FOLDER)
        return ELC_OK;
    bool first = true;
    ELC_TRY(elc_seen_visit(&w->seen, device, node, &first, err));
    if (!first)
        return ELC_OK;
    elc_string prefix = {0};
    elc_status status = elc_string_printf(&prefix, err, "%s/", name);
    if (status == ELC_OK)
        status = walk_folder(w, path, prefix.data, err);
    elc_string_free(&prefix);
    return status;
}

static elc_status walk_folder(walk *w, const char *path, const char *prefix,
                              elc_error *err) {
    if (w->depth >= DEPTH_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: deeper than %d folders; name it itself", path, DEPTH_MAX);
    elc_names entries = {0};
    elc_string below = {0}, name = {0};
    elc_status status = elc_folder_read(path, &entries, err);
    w->depth++;
    for (size_t i = 0; i < entries.count && status == ELC_OK; i++) {
        name.size = 0;
        status = elc_path_join(&below, path, entries.items[i], err);
        if (status == ELC_OK)
            status = elc_string_printf(&name, err, "%s%s", prefix, entries.items[i]);
        if (status == ELC_OK)
            status = walk_entry(w, below.data, name.data, err);
    }
    w->depth--;
    elc_names_free(&entries);
    elc_string_free(&below);
    elc_string_free(&name);
    return status;
}

elc_status elc_folder_walk(const char *path, const char *prefix, elc_found_list *list,
                           elc_error *err) {
    walk w = {.list = list};
    uint64_t device = 0, node = 0;
    bool first = true;
    elc_path_nature(path, &device, &node);
    elc_status status = elc_seen_visit(&w.seen, device, node, &first, err);
    if (status == ELC_OK)
        status = walk_folder(&w, path, prefix, err);
    elc_seen_free(&w.seen);
    return status;
}
