/* find.c - from arguments to images: files, patterns, folders, archives, addresses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <cpl_vsi.h>
#include <cpl_vsi_error.h>
#include <gdal.h>

#include "image/gdal.h"

/* What GDAL calls the addresses that people write. */
static const struct {
    const char *scheme, *prefix;
    bool whole; /* the scheme stays in the path */
} SCHEMES[] = {
    {"http://", "/vsicurl/", true},
    {"https://", "/vsicurl/", true},
    {"s3://", "/vsis3/", false},
    {"gs://", "/vsigs/", false},
};

static const struct {
    const char *ending, *prefix;
} ARCHIVES[] = {
    {".zip", "/vsizip/"},
    {".tar", "/vsitar/"},
    {".tar.gz", "/vsitar/"},
    {".tgz", "/vsitar/"},
};

elc_status elc_path_spell(const char *argument, elc_string *out, elc_error *err) {
    for (size_t i = 0; i < sizeof SCHEMES / sizeof SCHEMES[0]; i++) {
        size_t n = strlen(SCHEMES[i].scheme);
        if (!strncasecmp(argument, SCHEMES[i].scheme, n))
            return elc_string_printf(out, err, "%s%s", SCHEMES[i].prefix,
                                     argument + (SCHEMES[i].whole ? 0 : n));
    }
    return elc_string_printf(out, err, "%s", argument);
}

const char *elc_path_archive(const char *path) {
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ARCHIVES / sizeof ARCHIVES[0]; i++) {
        size_t k = strlen(ARCHIVES[i].ending);
        if (n > k && !strcasecmp(path + n - k, ARCHIVES[i].ending))
            return ARCHIVES[i].prefix;
    }
    return NULL;
}

/* The last part of a path; of an address without what follows "?", which may be secret.
 */
static elc_status add_file(const char *path, elc_found_list *list, elc_error *err) {
    size_t end = strstr(path, "://") ? strcspn(path, "?") : strlen(path), begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    elc_string name = {0};
    elc_status status = elc_string_append(&name, path + begin, end - begin, err);
    if (status == ELC_OK)
        status = elc_found_add(list, path, name.data, err);
    elc_string_free(&name);
    return status;
}

static elc_status add_folder(const char *path, elc_found_list *list, elc_error *err) {
    size_t before = list->count;
    ELC_TRY(elc_folder_walk(path, "", list, err));
    if (list->count == before)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: no image in it", path);
    return ELC_OK;
}

static elc_status add_archive(const char *prefix, const char *path,
                              elc_found_list *list, elc_error *err) {
    elc_string inner = {0};
    elc_status status = elc_string_printf(&inner, err, "%s%s", prefix, path);
    if (status == ELC_OK)
        status = add_folder(inner.data, list, err);
    elc_string_free(&inner);
    return status;
}

static elc_status add_glob(const char *pattern, elc_found_list *list, elc_error *err) {
    size_t before = list->count;
    ELC_TRY(elc_glob_expand(pattern, list, err));
    if (list->count == before)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: nothing matches", pattern);
    return ELC_OK;
}

/* True when a server or object store is there and refuses: that is no missing file. What
   it said before is forgotten, since an answer out of GDAL's cache has no reason. */
static bool is_refused(const char *path, char reason[200]) {
    VSIStatBufL about;
    VSICurlPartialClearCache(path);
    VSIErrorReset();
    if (VSIStatExL(path, &about,
                   VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG |
                       VSI_STAT_SET_ERROR_FLAG) == 0)
        return false;
    int code = VSIGetLastErrorNo();
    const char *said = VSIGetLastErrorMsg();
    snprintf(reason, 200, "%s", said);
    return code == VSIE_AWSAccessDenied || code == VSIE_AWSInvalidCredentials ||
           code == VSIE_AWSSignatureDoesNotMatch ||
           (code == VSIE_HttpError && !strstr(said, "404") && !strstr(said, "410"));
}

/* What no file system calls a file: a listed address, or a name such as
   "NETCDF:file.nc:variable". */
static elc_status add_other(const char *path, int why, const elc_gdal_log *log,
                            elc_found_list *list, elc_error *err) {
    bool remote = !strncmp(path, "/vsi", 4);
    if (elc_glob_is(path))
        return add_glob(path, list, err);
    size_t before = list->count;
    if (remote)
        ELC_TRY(elc_folder_walk(path, "", list, err));
    if (list->count > before)
        return ELC_OK;
    if (!remote && strchr(path, ':') &&
        GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, NULL))
        return elc_found_add(list, path, path, err);
    if (why == EACCES || why == EPERM)
        return elc_fail(err, ELC_E_IO, "%s: no permission to reach it", path);
    char reason[200];
    if (remote && is_refused(path, reason))
        return elc_fail(err, ELC_E_IO, "%s: cannot be reached: %s", path, reason);
    if (remote && log->failure[0])
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: not there: %s", path, log->failure);
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such file or folder", path);
}

static elc_status add_path(const char *path, const elc_gdal_log *log,
                           elc_found_list *list, elc_error *err) {
    errno = 0;
    elc_nature nature = elc_path_nature(path, NULL, NULL);
    int why = errno;
    const char *archive = elc_path_archive(path);
    if (nature == ELC_NATURE_FOLDER)
        return add_folder(path, list, err);
    if (nature == ELC_NATURE_FILE && archive)
        return add_archive(archive, path, list, err);
    if (nature == ELC_NATURE_FILE)
        return add_file(path, list, err);
    if (nature == ELC_NATURE_ODD)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: no regular file; copy it to one",
                        path);
    return add_other(path, why, log, list, err);
}

static elc_status add_argument(const char *argument, elc_found_list *list,
                               elc_error *err) {
    if (!argument || !*argument)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "image \"\": give a file, a pattern, a folder or an address");
    elc_string path = {0};
    size_t before = list->count;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = elc_path_spell(argument, &path, err);
    if (status == ELC_OK)
        status = add_path(path.data, &log, list, err);
    elc_gdal_end();
    elc_string_free(&path);
    elc_found_sort(list, before);
    return status;
}

elc_status elc_images_find(const char *const *arguments, size_t n, elc_found_list *out,
                           elc_error *err) {
    elc_gdal_ready();
    elc_found_list list = {0};
    elc_arguments words = {0};
    elc_status status = elc_arguments_expand(arguments, n, &words, err);
    for (size_t i = 0; i < words.count && status == ELC_OK; i++)
        status = add_argument(words.items[i].text, &list, err);
    elc_arguments_free(&words);
    if (status == ELC_OK)
        status = elc_found_unique(&list, err);
    if (status == ELC_OK)
        status = elc_found_part_names(&list, err);
    if (status != ELC_OK) {
        elc_found_list_free(&list);
        return status;
    }
    *out = list;
    return ELC_OK;
}
