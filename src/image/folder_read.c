/* folder_read.c - goes through a folder's names and opens its images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_string.h>
#include <gdal.h>

#include "image/image.h"

/* A folder of no more names is told to GDAL whole; of larger ones the names that begin
   like the image's, since GDAL goes through them a dozen times for each image. */
enum { FEW = 128 };

struct elc_folder_reader {
    const elc_folder *folder;
    elc_names names; /* of all files; empty when the folder is not listed */
    bool listed;
    size_t next, end; /* in names, or in folder->files */
    elc_found found;  /* the current one, of a folder */
    elc_string path, name;
    elc_opening opening;
    const char *siblings[FEW + 1];
    char *real_root; /* of the root, with links followed; NULL: not local */
};

/* ---- names beside a name --------------------------------------------------------- */

static size_t lower_bound(const elc_names *names, const char *text) {
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->items[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds names that begin with `start`. */
static size_t add_like(elc_folder_reader *r, const char *start, size_t n) {
    const elc_names *names = &r->names;
    size_t length = strlen(start);
    for (size_t i = lower_bound(names, start); i < names->count && n < FEW; i++) {
        if (strncmp(names->items[i], start, length) != 0)
            break;
        r->siblings[n++] = names->items[i];
    }
    return n;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* NULL: GDAL looks for itself. */
static const char *const *siblings_of(elc_folder_reader *r, const char *path) {
    char start[300];
    if (!r->listed)
        return NULL;
    size_t n = 0;
    if (r->names.count <= FEW) {
        for (; n < r->names.count; n++)
            r->siblings[n] = r->names.items[n];
    } else {
        const char *name = last_part(path), *dot = strrchr(name, '.');
        size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
        stem = stem < sizeof start - 2 ? stem : sizeof start - 2;
        memcpy(start, name, stem);
        start[stem + 1] = 0;
        start[stem] = '.';
        n = add_like(r, start, n);
        start[stem] = '_';
        n = add_like(r, start, n);
    }
    r->siblings[n] = NULL;
    return r->siblings;
}

/* ---- what is looked at anyway ---------------------------------------------------- */

/* True when a path is in the folders of this argument. Both are real paths. */
static bool is_below(const elc_folder_reader *r, const char *real) {
    size_t n = r->real_root ? strlen(r->real_root) : 0;
    if (n == 0 || strncmp(real, r->real_root, n) || (n > 1 && real[n] != '/'))
        return false;
    const char *rest = real + n + (n > 1);
    bool hidden = rest[0] == '.' || strstr(rest, "/.");
    return !hidden && (r->folder->recursive || !strchr(rest, '/'));
}

/* A link to an image that has its own row. */
static bool is_alias(const elc_folder_reader *r, const char *path) {
    struct stat about;
    if (!r->real_root || lstat(path, &about) != 0 || !S_ISLNK(about.st_mode))
        return false;
    char *real = realpath(path, NULL);
    bool is = real && is_below(r, real) && elc_path_is_image(real, NULL);
    free(real);
    return is;
}

static bool source_is_looked_at(const elc_folder_reader *r, const char *path) {
    if (elc_path_nature(path, NULL, NULL) != ELC_NATURE_FILE ||
        !elc_path_is_image(path, NULL))
        return false;
    if (!elc_path_is_local(path)) {
        size_t n = strlen(r->folder->path);
        const char *rest = path + n + 1;
        return !strncmp(path, r->folder->path, n) && path[n] == '/' &&
               (r->folder->recursive || !strchr(rest, '/'));
    }
    char *real = realpath(path, NULL);
    bool is = real && is_below(r, real);
    free(real);
    return is;
}

bool elc_folder_reader_shows_others(const elc_folder_reader *reader,
                                    const elc_image *image) {
    if (!reader->folder->root || strcmp(image->info.driver, "VRT") != 0)
        return false;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    char **files = GDALGetFileList(image->dataset);
    size_t sources = 0, looked_at = 0;
    for (char **file = files; file && *file; file++) {
        const char *dot = strrchr(*file, '.');
        if (!strcmp(*file, image->path) || (dot && !strcasecmp(dot, ".xml")) ||
            (dot && !strcasecmp(dot, ".ovr")))
            continue;
        sources++;
        looked_at += source_is_looked_at(reader, *file) ? 1 : 0;
    }
    CSLDestroy(files);
    elc_gdal_end();
    return sources > 0 && looked_at == sources;
}

/* ---- reading --------------------------------------------------------------------- */

static elc_status list(elc_folder_reader *r, elc_error *err) {
    const elc_folder *folder = r->folder;
    elc_error why = {0};
    r->end = folder->files.count;
    if (!folder->path)
        return ELC_OK;
    elc_status status = elc_folder_entries(folder->path, &r->names, NULL, &why);
    r->listed = status == ELC_OK;
    if (status != ELC_OK && (r->end == 0 || status == ELC_E_MEMORY))
        return elc_fail(err, status, "%s", why.message);
    if (r->end > 0)
        return ELC_OK;
    r->next = folder->from ? lower_bound(&r->names, folder->from) : 0;
    r->end = folder->to ? lower_bound(&r->names, folder->to) : r->names.count;
    if (folder->root && elc_path_is_local(folder->root))
        r->real_root = realpath(*folder->root ? folder->root : ".", NULL);
    return ELC_OK;
}

elc_status elc_folder_reader_create(const elc_folder *folder, elc_folder_reader **out,
                                    elc_error *err) {
    elc_folder_reader *r = NULL;
    elc_gdal_ready();
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->folder = folder;
    elc_status status = list(r, err);
    if (status != ELC_OK) {
        elc_folder_reader_free(r);
        return status;
    }
    *out = r;
    return ELC_OK;
}

const elc_names *elc_folder_reader_names(const elc_folder_reader *reader) {
    return &reader->names;
}

/* Makes `found` of the name at `next`. */
static elc_status name_next(elc_folder_reader *r, elc_error *err) {
    const char *entry = r->names.items[r->next];
    free(r->found.name);
    r->found.name = NULL;
    r->name.size = 0;
    ELC_TRY(elc_path_join(&r->path, r->folder->path, entry, err));
    ELC_TRY(elc_string_printf(&r->name, err, "%s%s", r->folder->prefix, entry));
    ELC_TRY(elc_name_readable(r->name.data, &r->found.name, err));
    r->found.path = r->path.data;
    return ELC_OK;
}

elc_status elc_folder_reader_next(elc_folder_reader *reader, const elc_found **out,
                                  bool *is_image, elc_error *err) {
    elc_folder_reader *r = reader;
    *out = NULL;
    *is_image = true;
    if (r->next >= r->end)
        return ELC_OK;
    if (r->folder->files.count > 0) {
        *out = &r->folder->files.items[r->next++];
        return ELC_OK;
    }
    ELC_TRY(name_next(r, err));
    elc_gdal_log log;
    elc_gdal_begin(&log);
    const char *path = r->found.path;
    *is_image = elc_path_is_image(path, siblings_of(r, path)) && !is_alias(r, path);
    elc_gdal_end();
    *out = &r->found;
    r->next++;
    return ELC_OK;
}

elc_status elc_folder_reader_open(elc_folder_reader *reader, const char *path,
                                  elc_image **out, elc_error *err) {
    reader->opening.siblings = siblings_of(reader, path);
    return elc_image_open_with(path, &reader->opening, out, err);
}

void elc_folder_reader_free(elc_folder_reader *reader) {
    if (!reader)
        return;
    elc_names_free(&reader->names);
    free(reader->found.name);
    elc_string_free(&reader->path);
    elc_string_free(&reader->name);
    free(reader->opening.wkt);
    elc_crs_free(reader->opening.crs);
    elc_string_free(&reader->opening.keys);
    free(reader->real_root);
    free(reader);
}

/* ---- about an image -------------------------------------------------------------- */

elc_status elc_image_subdatasets(const char *path, elc_names *out, elc_error *err) {
    elc_gdal_log log;
    elc_gdal_ready();
    elc_gdal_begin(&log);
    elc_status status = ELC_OK;
    GDALDatasetH dataset =
        GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    char **items = dataset ? GDALGetMetadata(dataset, "SUBDATASETS") : NULL;
    for (; items && *items && status == ELC_OK; items++) {
        const char *equals = strchr(*items, '=');
        if (equals && equals - *items > 5 && !strncmp(equals - 5, "_NAME", 5))
            status = elc_names_add(out, equals + 1, err);
    }
    if (dataset)
        GDALClose(dataset);
    elc_gdal_end();
    return status;
}

int elc_image_overviews(const elc_image *image) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    int n = GDALGetOverviewCount(GDALGetRasterBand(image->dataset, 1));
    elc_gdal_end();
    return n;
}

const char *elc_image_compression(const elc_image *image) {
    return GDALGetMetadataItem(image->dataset, "COMPRESSION", "IMAGE_STRUCTURE");
}
