/* map.h - the objects of a map by their themes, which threads may ask at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_MAP_H
#define ELCANO_SRC_OPERATORS_CHECK_MAP_H

#include <elcano/geometry.h>

/* Areas, and what has no inside: lines, points and collections. */
enum { CHECK_INSIDES, CHECK_BARE, CHECK_KINDS };

#define CHECK_NO_NAME SIZE_MAX

/* The texts of an object, by where they begin. */
typedef struct check_label {
    size_t id, name; /* CHECK_NO_NAME: none */
} check_label;

typedef struct check_objects {
    elc_nearby *near;
    elc_string texts;
    check_label *labels;
    size_t count, capacity;
} check_objects;

typedef struct check_theme {
    char *name;
    const char *layer;           /* that it is read from; NULL: OpenStreetMap */
    double on_m;                 /* how near to a bare object is on it */
    double reach_m[CHECK_KINDS]; /* how far is asked */
    check_objects objects[CHECK_KINDS];
} check_theme;

/* Start with {0}. Places are in longitude and latitude. */
typedef struct check_map {
    check_theme *themes;
    size_t count, capacity;
    uint64_t states[ELC_PLACE_UNASKABLE + 1];
} check_map;

/* Adds a theme, or finds the one of the name; *out is its number. */
elc_status elc_check_map_theme(check_map *map, const char *name, size_t *out,
                               elc_error *err);
/* Adds an object. `id` and `name` may be NULL; `way` leads to longitude and latitude.
 */
elc_status elc_check_map_add(check_map *map, size_t theme, const void *wkb, size_t size,
                             elc_transform *way, const char *id, const char *name,
                             elc_error *err);
/* To be called once, after the last object. */
elc_status elc_check_map_build(check_map *map, elc_error *err);
void elc_check_map_free(check_map *map);

/* The text at a label's place; NULL for CHECK_NO_NAME. */
const char *elc_check_text(const check_objects *objects, size_t at);

#endif
