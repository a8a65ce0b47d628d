/* map.c - the objects of a map by their themes: an index of distances for the areas of
   each, and one for its lines and points. Within an area is 0 from it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map.h"

#include <stdlib.h>
#include <string.h>

/* ---- themes --------------------------------------------------------------------- */

elc_status elc_check_map_theme(check_map *map, const char *name, size_t *out,
                               elc_error *err) {
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->themes[i].name, name) == 0) {
            *out = i;
            return ELC_OK;
        }
    ELC_TRY(elc_reserve(&map->themes, &map->capacity, map->count + 1,
                        sizeof *map->themes, err));
    check_theme *theme = &map->themes[map->count];
    *theme = (check_theme){0};
    ELC_TRY(elc_strdup(name, &theme->name, err));
    *out = map->count++;
    for (int k = 0; k < CHECK_KINDS; k++)
        ELC_TRY(elc_nearby_create(true, &theme->objects[k].near, err));
    return ELC_OK;
}

/* ---- objects -------------------------------------------------------------------- */

/* By the type that WKB and EWKB of either byte order begin with. */
static bool is_area(const void *wkb, size_t size) {
    const unsigned char *b = wkb;
    if (size < 5)
        return false;
    unsigned type = b[0] == 1 ? b[1] | (unsigned)b[2] << 8 : b[4] | (unsigned)b[3] << 8;
    return type % 1000 == 3 || type % 1000 == 6;
}

static elc_status add_text(check_objects *o, const char *text, size_t *out,
                           elc_error *err) {
    *out = CHECK_NO_NAME;
    if (text == NULL || *text == '\0')
        return ELC_OK;
    *out = o->texts.size;
    return elc_string_append(&o->texts, text, strlen(text) + 1, err);
}

elc_status elc_check_map_add(check_map *map, size_t theme, const void *wkb, size_t size,
                             elc_transform *way, const char *id, const char *name,
                             elc_error *err) {
    bool area = wkb != NULL && is_area(wkb, size);
    check_objects *o = &map->themes[theme].objects[area ? CHECK_INSIDES : CHECK_BARE];
    elc_place_state state;
    if (o->count >= UINT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "the theme %s has more than 2^32 objects",
                        map->themes[theme].name);
    ELC_TRY(
        elc_reserve(&o->labels, &o->capacity, o->count + 1, sizeof *o->labels, err));
    check_label *label = &o->labels[o->count];
    ELC_TRY(add_text(o, id, &label->id, err));
    ELC_TRY(add_text(o, name, &label->name, err));
    ELC_TRY(elc_nearby_add(o->near, wkb, size, way, &state, err));
    map->states[state]++;
    o->count++;
    return ELC_OK;
}

elc_status elc_check_map_build(check_map *map, elc_error *err) {
    for (size_t i = 0; i < map->count; i++)
        for (int k = 0; k < CHECK_KINDS; k++)
            ELC_TRY(elc_nearby_build(map->themes[i].objects[k].near, err));
    return ELC_OK;
}

const char *elc_check_text(const check_objects *objects, size_t at) {
    return at == CHECK_NO_NAME ? NULL : objects->texts.data + at;
}

void elc_check_map_free(check_map *map) {
    for (size_t i = 0; i < map->count; i++) {
        check_theme *theme = &map->themes[i];
        for (int k = 0; k < CHECK_KINDS; k++) {
            elc_nearby_free(theme->objects[k].near);
            elc_string_free(&theme->objects[k].texts);
            free(theme->objects[k].labels);
        }
        free(theme->name);
    }
    free(map->themes);
    *map = (check_map){0};
}
