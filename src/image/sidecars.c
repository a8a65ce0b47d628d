/* sidecars.c - which files of a folder describe an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/sidecars.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_vsi.h>

#include "image/find.h"
#include "image/sidecars_stated.h"

struct elc_sidecars {
    char *folder;
    elc_names names; /* sorted, upper and lower case alike */
    elc_stated *stated;
};

static int by_name(const void *a, const void *b) {
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = strcasecmp(x, y);
    return order != 0 ? order : strcmp(x, y);
}

elc_status elc_sidecars_create(const char *folder, const char *const *names, size_t n,
                               elc_sidecars **out, elc_error *err) {
    elc_sidecars *s = NULL;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = elc_strdup(folder, &s->folder, err);
    if (status == ELC_OK)
        status = elc_stated_create(&s->stated, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = elc_names_add(&s->names, names[i], err);
    if (status != ELC_OK) {
        elc_sidecars_free(s);
        return status;
    }
    if (s->names.count > 1)
        qsort(s->names.items, s->names.count, sizeof *s->names.items, by_name);
    *out = s;
    return ELC_OK;
}

elc_status elc_sidecars_beside(const char *path, elc_sidecars **out, elc_error *err) {
    elc_names names = {0};
    char *folder = NULL;
    elc_status status = elc_strdup(path, &folder, err);
    if (status == ELC_OK) {
        folder[elc_name_of(path) - path] = '\0';
        /* A web server shows its folders as pages, if at all. */
        if (strncmp(path, "/vsicurl", 8) != 0)
            status = elc_folder_read(folder, &names, NULL);
        if (status != ELC_E_MEMORY)
            status = elc_sidecars_create(folder, (const char *const *)names.items,
                                         names.count, out, err);
        else
            elc_fail(err, status, "%s: no memory to list its folder", path);
    }
    elc_names_free(&names);
    free(folder);
    return status;
}

void elc_sidecars_free(elc_sidecars *sidecars) {
    if (sidecars == NULL)
        return;
    free(sidecars->folder);
    elc_names_free(&sidecars->names);
    elc_stated_free(sidecars->stated);
    free(sidecars);
}

/* ---- by stem --------------------------------------------------------------------- */

typedef struct {
    const elc_sidecars *sidecars;
    const char *name; /* of the image */
    elc_string text;  /* a name that is looked for */
    elc_names *out;
} match;

/* The name in the folder that is `name`, whatever the case; NULL: none. */
static const char *look_up(const elc_sidecars *s, const char *name) {
    size_t low = 0, high = s->names.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(s->names.items[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->names.count && strcasecmp(s->names.items[low], name) == 0
               ? s->names.items[low]
               : NULL;
}

static elc_status add_path(match *m, const char *folder, const char *name,
                           elc_error *err) {
    elc_string path = {0};
    elc_status status = elc_path_join(&path, folder, name, err);
    if (status == ELC_OK && elc_names_find(m->out, path.data) == SIZE_MAX)
        status = elc_names_add(m->out, path.data, err);
    elc_string_free(&path);
    return status;
}

/* Adds the file "<before><n bytes of stem><after>" where the folder has it. */
static elc_status try_name(match *m, const char *before, const char *stem, size_t n,
                           const char *after, bool *found, elc_error *err) {
    m->text.size = 0;
    ELC_TRY(elc_string_append(&m->text, before, strlen(before), err));
    ELC_TRY(elc_string_append(&m->text, stem, n, err));
    ELC_TRY(elc_string_append(&m->text, after, strlen(after), err));
    const char *name = look_up(m->sidecars, m->text.data);
    *found = name != NULL && strcasecmp(name, m->name) != 0;
    return *found ? add_path(m, m->sidecars->folder, name, err) : ELC_OK;
}

static size_t stem_length(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
}

/* Without "_R1C2" at its end, the tile of a larger image. */
static size_t without_tile(const char *name, size_t n) {
    size_t i = n;
    while (i > 0 && isdigit((unsigned char)name[i - 1]))
        i--;
    if (i == n || i < 1 || toupper((unsigned char)name[i - 1]) != 'C')
        return n;
    size_t middle = --i;
    while (i > 0 && isdigit((unsigned char)name[i - 1]))
        i--;
    if (i == middle || i < 2 || toupper((unsigned char)name[i - 1]) != 'R')
        return n;
    return name[i - 2] == '_' || name[i - 2] == '-' ? i - 2 : n;
}

static elc_status match_stem(match *m, size_t n, elc_error *err) {
    static const char *const endings[] = {".xml", ".imd", ".rpb", ".til", NULL};
    bool found;
    for (const char *const *ending = endings; *ending != NULL; ending++)
        ELC_TRY(try_name(m, "", m->name, n, *ending, &found, err));
    return ELC_OK;
}

/* "<scene>_SR_B2.TIF" and "<scene>_MTL.xml"; the text and the JSON are the same again.
 */
static elc_status match_landsat(match *m, size_t n, elc_error *err) {
    static const char *const endings[] = {"_MTL.xml", "_MTL.txt", "_MTL.json", NULL};
    bool found = false;
    for (size_t at = n; at > 0 && !found; at--) {
        if (at != n && m->name[at] != '_')
            continue;
        for (const char *const *ending = endings; *ending != NULL && !found; ending++)
            ELC_TRY(try_name(m, "", m->name, at, *ending, &found, err));
    }
    return ELC_OK;
}

/* "IMG_<product>_R1C1.JP2" with "DIM_<product>.XML" and "RPC_<product>.XML"; SPOT's
   older "IMAGERY.TIF" with "METADATA.DIM". */
static elc_status match_dimap(match *m, size_t n, elc_error *err) {
    bool found;
    if (strcasecmp(m->name, "imagery.tif") == 0)
        return try_name(m, "", "metadata.dim", 12, "", &found, err);
    if (n <= 4 || strncasecmp(m->name, "IMG_", 4) != 0)
        return ELC_OK;
    ELC_TRY(try_name(m, "DIM_", m->name + 4, n - 4, ".xml", &found, err));
    return try_name(m, "RPC_", m->name + 4, n - 4, ".xml", &found, err);
}

static elc_status match_names(match *m, elc_error *err) {
    size_t n = stem_length(m->name), whole = without_tile(m->name, n);
    bool found;
    ELC_TRY(match_stem(m, n, err));
    if (whole != n)
        ELC_TRY(match_stem(m, whole, err));
    ELC_TRY(match_landsat(m, n, err));
    ELC_TRY(match_dimap(m, whole, err));
    return try_name(m, "", m->name, strlen(m->name), ".xml", &found, err);
}

/* A product that is opened by its metadata is described by them. */
static elc_status match_itself(match *m, const char *path, elc_error *err) {
    size_t n = stem_length(m->name);
    const char *ending = m->name + n;
    bool metadata = strcasecmp(ending, ".xml") == 0 ||
                    strcasecmp(ending, ".dim") == 0 ||
                    (n >= 4 && strcasecmp(m->name + n - 4, "_MTL.txt") == 0);
    return metadata ? elc_names_add(m->out, path, err) : ELC_OK;
}

static elc_status match_stated(match *m, elc_error *err) {
    const elc_sidecars *s = m->sidecars;
    elc_names found = {0};
    elc_status status =
        elc_stated_find(s->stated, s->folder, &s->names, m->name, &found, err);
    for (size_t i = 0; i < found.count && status == ELC_OK; i++)
        status = add_path(m, s->folder, found.items[i], err);
    elc_names_free(&found);
    return status;
}

/* ---- by the layout of folders -------------------------------------------------------
 */

static elc_status try_file(match *m, const char *folder, const char *name,
                           elc_error *err) {
    VSIStatBufL about;
    elc_string path = {0};
    elc_status status = elc_path_join(&path, folder, name, err);
    bool there =
        status == ELC_OK && VSIStatExL(path.data, &about, VSI_STAT_EXISTS_FLAG) == 0;
    elc_string_free(&path);
    return there ? add_path(m, folder, name, err) : status;
}

static const char *const products[] = {"MTD_MSIL2A.xml", "MTD_MSIL1C.xml"};

/* Cuts the last folder off; false when there is none. */
static bool go_up(char *folder) {
    char *slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return false;
    *slash = '\0';
    return true;
}

/* "<product>.SAFE/GRANULE/<tile>/IMG_DATA/R10m/T07HFE_…_B02_10m.jp2": the tile's
   metadata is beside IMG_DATA, the product's beside GRANULE. */
static elc_status match_granule(match *m, const char *path, elc_error *err) {
    const char *data = strstr(path, "/IMG_DATA/");
    char *folder = NULL;
    if (data == NULL)
        return ELC_OK;
    ELC_TRY(elc_strdup(path, &folder, err));
    folder[data - path] = '\0';
    elc_status status = try_file(m, folder, "MTD_TL.xml", err);
    bool up = go_up(folder) && go_up(folder);
    for (size_t i = 0; i < 2 && up && status == ELC_OK; i++)
        status = try_file(m, folder, products[i], err);
    free(folder);
    return status;
}

/* The same files put beside the images: "T07HFE_20190212T192651_B02.jp2". */
static elc_status match_flat_granule(match *m, elc_error *err) {
    bool found;
    const char *name = m->name;
    if (strlen(name) < 7 || name[0] != 'T' || !isdigit((unsigned char)name[1]) ||
        !isdigit((unsigned char)name[2]) || name[6] != '_')
        return ELC_OK;
    ELC_TRY(try_name(m, "", "MTD_TL.xml", 10, "", &found, err));
    for (size_t i = 0; i < 2; i++)
        ELC_TRY(try_name(m, "", products[i], 14, "", &found, err));
    return ELC_OK;
}

/* ---- public ---------------------------------------------------------------------- */

elc_status elc_sidecars_match(const elc_sidecars *sidecars, const char *path,
                              elc_names *out, elc_error *err) {
    match m = {.sidecars = sidecars, .name = elc_name_of(path), .out = out};
    elc_status status = match_itself(&m, path, err);
    if (status == ELC_OK && sidecars != NULL && m.name[0] != '\0') {
        status = match_names(&m, err);
        if (status == ELC_OK)
            status = match_flat_granule(&m, err);
        if (status == ELC_OK)
            status = match_stated(&m, err);
    }
    if (status == ELC_OK)
        status = match_granule(&m, path, err);
    elc_string_free(&m.text);
    return status;
}

elc_status elc_sidecars_prj(const elc_sidecars *sidecars, const char *path, char **out,
                            elc_error *err) {
    elc_names found = {0};
    match m = {.sidecars = sidecars, .name = elc_name_of(path), .out = &found};
    bool there = false;
    *out = NULL;
    elc_status status = ELC_OK;
    if (sidecars != NULL)
        status = try_name(&m, "", m.name, stem_length(m.name), ".prj", &there, err);
    if (status == ELC_OK && there)
        status = elc_strdup(found.items[0], out, err);
    elc_names_free(&found);
    elc_string_free(&m.text);
    return status;
}
