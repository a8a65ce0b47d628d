/* themes.h - what OpenStreetMap's tags say of a theme, as data. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_THEMES_H
#define ELCANO_SRC_OPERATORS_CHECK_THEMES_H

#include "csv.h"

#include <jansson.h>

/* How near a line or point of a theme counts as being on it, where nothing says so. */
#define CHECK_USUAL_M 10.0

typedef enum check_layer {
    CHECK_POINTS,
    CHECK_LINES,
    CHECK_AREAS,
    CHECK_LAYERS
} check_layer;

typedef struct check_tag {
    const char *key;  /* of the CSV */
    bool forbids;     /* the tag must not be there with such a value */
    elc_names values; /* none: any */
} check_tag;

/* Features of a layer that have all of the tags are of the theme. */
typedef struct check_kind {
    size_t theme;
    check_layer layer;
    size_t first, n; /* of the tags */
} check_kind;

typedef struct check_theme_name {
    const char *name; /* of the CSV */
    double distance_m;
    bool stated;
} check_theme_name;

/* Start with {0}. */
typedef struct check_themes {
    check_csv csv;
    check_theme_name *names; /* by first appearance */
    check_kind *kinds;
    check_tag *tags;
    size_t n_names, n_kinds, n_tags;
    size_t names_capacity, kinds_capacity, tags_capacity;
} check_themes;

/* Reads the columns theme, layer, tags and distance_m. ELC_E_FORMAT with the line for
   what cannot be meant. */
elc_status elc_check_themes_parse(const char *name, const void *bytes, size_t size,
                                  check_themes *out, elc_error *err);
void elc_check_themes_free(check_themes *themes);

/* Its number, or SIZE_MAX. */
size_t elc_check_themes_find(const check_themes *themes, const char *name);
/* True when a feature of these tags is of the kind. */
bool elc_check_kind_has(const check_themes *themes, const check_kind *kind,
                        const json_t *tags);
/* "multipolygons" */
const char *elc_check_layer_name(check_layer layer);

#endif
