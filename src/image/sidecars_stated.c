/* sidecars_stated.c - the sidecars of a folder that name their images inside. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/sidecars_stated.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "image/find.h"
#include "image/sidecars.h"

#define FILES_MAX 256

struct elc_stated {
    pthread_mutex_t lock;
    bool done;
    elc_names images, sidecars; /* one beside the other */
};

elc_status elc_stated_create(elc_stated **out, elc_error *err) {
    elc_stated *stated = NULL;
    ELC_TRY(elc_alloc(1, sizeof *stated, &stated, err));
    pthread_mutex_init(&stated->lock, NULL);
    *out = stated;
    return ELC_OK;
}

void elc_stated_free(elc_stated *stated) {
    if (stated == NULL)
        return;
    pthread_mutex_destroy(&stated->lock);
    elc_names_free(&stated->images);
    elc_names_free(&stated->sidecars);
    free(stated);
}

static const char *ending_of(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot != NULL ? dot : "";
}

static bool is_sidecar(const char *name) {
    static const char *const endings[] = {".xml", ".til", ".dim", ".imd", ".rpb",
                                          ".aux", ".prj", ".txt", NULL};
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        if (strcasecmp(ending_of(name), *ending) == 0)
            return true;
    }
    return false;
}

static bool may_state(const char *name) {
    const char *ending = ending_of(name);
    size_t n = strlen(name);
    if (n >= 8 && strcasecmp(name + n - 8, ".aux.xml") == 0)
        return false;
    return strcasecmp(ending, ".xml") == 0 || strcasecmp(ending, ".til") == 0 ||
           strcasecmp(ending, ".dim") == 0;
}

/* True when an image beside it has its stem: then it is that one's. Files of one stem
   are neighbours but for longer stems between. */
static bool has_image(const elc_names *names, size_t at) {
    const char *name = names->items[at];
    size_t n = (size_t)(ending_of(name) - name) + 1; /* the dot, too */
    for (int step = -1; step <= 1; step += 2) {
        for (size_t i = at + (size_t)step; i < names->count; i += (size_t)step) {
            if (strncasecmp(names->items[i], name, n) != 0)
                break;
            if (!is_sidecar(names->items[i]))
                return true;
        }
    }
    return false;
}

static elc_status keep(elc_stated *stated, const elc_record *record, const char *name,
                       elc_error *err) {
    static const char *const patterns[] = {
        "TILE/FILENAME",  "annotation/filename",   "DATA_FILE_PATH@href",
        "FILE_NAME_BAND", "fileName/FileName@src", NULL};
    for (size_t i = 0; i < record->count; i++) {
        const elc_leaf *leaf = &record->items[i];
        for (const char *const *p = patterns; *p != NULL; p++) {
            if (!elc_path_matches(leaf->path, *p))
                continue;
            ELC_TRY(elc_names_add(&stated->images, elc_name_of(leaf->text), err));
            ELC_TRY(elc_names_add(&stated->sidecars, name, err));
        }
    }
    return ELC_OK;
}

static elc_status read_one(elc_stated *stated, const char *folder, const char *name,
                           elc_error *err) {
    elc_string path = {0};
    elc_record record = {0};
    elc_status status = elc_path_join(&path, folder, name, err);
    /* One that cannot be read states nothing of any image. */
    if (status == ELC_OK && elc_sidecar_read(path.data, &record, NULL) == ELC_OK)
        status = keep(stated, &record, name, err);
    elc_record_free(&record);
    elc_string_free(&path);
    return status;
}

static elc_status read_all(elc_stated *stated, const char *folder,
                           const elc_names *names, elc_error *err) {
    size_t n = 0;
    for (size_t i = 0; i < names->count && n < FILES_MAX; i++) {
        if (!may_state(names->items[i]) || has_image(names, i))
            continue;
        ELC_TRY(read_one(stated, folder, names->items[i], err));
        n++;
    }
    stated->done = true;
    return ELC_OK;
}

elc_status elc_stated_find(elc_stated *stated, const char *folder,
                           const elc_names *names, const char *image, elc_names *out,
                           elc_error *err) {
    pthread_mutex_lock(&stated->lock);
    elc_status status = ELC_OK;
    if (!stated->done)
        status = read_all(stated, folder, names, err);
    for (size_t i = 0; i < stated->images.count && status == ELC_OK; i++) {
        if (strcasecmp(stated->images.items[i], image) == 0)
            status = elc_names_add(out, stated->sidecars.items[i], err);
    }
    pthread_mutex_unlock(&stated->lock);
    return status;
}
