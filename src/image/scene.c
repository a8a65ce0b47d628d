/* scene.c - where and when images were taken, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <stdlib.h>

struct elc_scenes {
    elc_place_wish wish;
};

elc_status elc_scenes_create(const elc_place_wish *wish, elc_scenes **out,
                             elc_error *err) {
    elc_scenes *s = NULL;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->wish = *wish;
    *out = s;
    return ELC_OK;
}

void elc_scenes_free(elc_scenes *scenes) {
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

elc_status elc_scenes_find(elc_scenes *scenes, elc_image *image, elc_scene *out,
                           elc_error *err) {
    elc_scene scene = {.gsd_m = NAN};
    ELC_TRY(elc_place_find(image, NULL, &scenes->wish, &scene.place, err));
    *out = scene;
    return ELC_OK;
}

elc_status elc_scenes_place(elc_scenes *scenes, elc_image *image, elc_place *out,
                            elc_error *err) {
    return elc_place_find(image, NULL, &scenes->wish, out, err);
}
