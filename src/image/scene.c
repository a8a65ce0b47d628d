/* scene.c - where and when images were taken, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "image/folder.h"
#include "image/image.h"
#include "image/place.h"

struct elc_scenes {
    elc_place_wish wish;
    pthread_mutex_t lock;   /* of what follows */
    char *folder;           /* that `sidecars` are of; NULL: none yet */
    elc_sidecars *sidecars; /* NULL: it cannot be listed */
};

elc_status elc_scenes_create(const elc_place_wish *wish, elc_scenes **out,
                             elc_error *err) {
    elc_scenes *s = NULL;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->wish = *wish;
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return ELC_OK;
}

void elc_scenes_free(elc_scenes *scenes) {
    if (!scenes)
        return;
    free(scenes->folder);
    elc_sidecars_free(scenes->sidecars);
    pthread_mutex_destroy(&scenes->lock);
    free(scenes);
}

elc_status elc_scene_clone(const elc_scene *scene, elc_scene *out, elc_error *err) {
    elc_scene copy = *scene;
    ELC_TRY(elc_place_clone(&scene->place, &copy.place, err));
    *out = copy;
    return ELC_OK;
}

void elc_scene_clear(elc_scene *scene) {
    elc_place_clear(&scene->place);
    *scene = (elc_scene){0};
}

static bool must_fail(elc_status status) {
    return status == ELC_E_MEMORY || status == ELC_E_CANCELLED;
}

/* ---- the folder ------------------------------------------------------------------ */

static elc_status folder_of(const char *path, char **out, elc_error *err) {
    const char *slash = strrchr(path, '/');
    ELC_TRY(elc_strdup(slash == path ? "/" : slash ? path : ".", out, err));
    if (slash && slash != path)
        (*out)[slash - path] = 0;
    return ELC_OK;
}

static elc_status list_folder(elc_scenes *s, elc_error *err) {
    elc_names names = {0};
    elc_status status = ELC_OK;
    /* A web server shows its folders as pages, if at all. */
    if (strncmp(s->folder, "/vsicurl", 8))
        status = elc_folder_entries(s->folder, &names, NULL, err);
    if (status == ELC_OK && names.count > 0)
        status = elc_sidecars_create(s->folder, (const char *const *)names.items,
                                     names.count, &s->sidecars, err);
    elc_names_free(&names);
    return must_fail(status) ? status : ELC_OK;
}

static elc_status go_to(elc_scenes *s, const char *path, elc_error *err) {
    char *folder = NULL;
    ELC_TRY(folder_of(path, &folder, err));
    if (s->folder && !strcmp(s->folder, folder)) {
        free(folder);
        return ELC_OK;
    }
    free(s->folder);
    elc_sidecars_free(s->sidecars);
    s->folder = folder;
    s->sidecars = NULL;
    return list_folder(s, err);
}

/* ---- scenes ---------------------------------------------------------------------- */

static void read_numbers(const elc_facts *facts, elc_scene *out) {
    const elc_fact *gsd = &facts->items[ELC_FACT_GSD];
    const elc_fact *acquired = &facts->items[ELC_FACT_ACQUIRED];
    bool has_gsd = gsd->source && gsd->n == 1 && gsd->numbers[0] > 0 &&
                   !elc_facts_of_another(facts);
    out->gsd_m = has_gsd ? gsd->numbers[0] : NAN;
    out->has_time = acquired->source != NULL;
    out->acquired_us = out->has_time ? acquired->time_us : 0;
}

static elc_status read_facts(elc_scenes *s, elc_image *image, elc_facts *out,
                             elc_error *err) {
    pthread_mutex_lock(&s->lock);
    elc_status status = go_to(s, image->path, err);
    if (status == ELC_OK)
        status = elc_facts_read(image->path, image, s->sidecars, out, err);
    pthread_mutex_unlock(&s->lock);
    return status;
}

elc_status elc_scenes_find(elc_scenes *scenes, elc_image *image, elc_scene *out,
                           elc_error *err) {
    elc_facts facts = {0};
    elc_scene scene = {0};
    ELC_TRY(read_facts(scenes, image, &facts, err));
    elc_status status = elc_place_find(image, &facts, &scenes->wish, &scene.place, err);
    if (status == ELC_OK) {
        read_numbers(&facts, &scene);
        *out = scene;
    }
    elc_facts_clear(&facts);
    return status;
}

elc_status elc_scenes_place(elc_scenes *scenes, elc_image *image, elc_place *out,
                            elc_error *err) {
    elc_scene scene = {0};
    if (image->info.has_place)
        return elc_place_find(image, NULL, &scenes->wish, out, err);
    ELC_TRY(elc_scenes_find(scenes, image, &scene, err));
    *out = scene.place;
    return ELC_OK;
}

elc_status elc_scenes_place_or_all(elc_scenes *scenes, elc_image *image, bool wants_gsd,
                                   elc_scene *out, elc_error *err) {
    elc_scene scene = {.gsd_m = (double)NAN};
    ELC_TRY(elc_scenes_place(scenes, image, &scene.place, err));
    if (scene.place.kind == ELC_PLACE_NONE && wants_gsd) {
        elc_scene_clear(&scene);
        ELC_TRY(elc_scenes_find(scenes, image, &scene, err));
    }
    *out = scene;
    return ELC_OK;
}
