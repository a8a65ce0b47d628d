/* load.c - the map that rules are held against, from an OSM file and layers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- themes --------------------------------------------------------------------- */

/* Those of OSM first, in the order of their table; then those of layers alone. A theme
   that layers give is theirs. */
static elc_status make_themes(const check_job *job, check_map *map, size_t *numbers,
                              elc_error *err) {
    const check_themes *themes = &job->themes;
    size_t at;
    for (size_t i = 0; i < themes->n_names; i++) {
        numbers[i] = SIZE_MAX;
        if (job->osm != NULL)
            ELC_TRY(elc_check_map_theme(map, themes->names[i].name, &numbers[i], err));
    }
    for (size_t i = 0; i < job->n_given; i++) {
        ELC_TRY(elc_check_map_theme(map, job->given[i].theme, &at, err));
        map->themes[at].layer = job->given[i].reference;
    }
    for (size_t i = 0; i < themes->n_names; i++)
        if (numbers[i] != SIZE_MAX && map->themes[numbers[i]].layer != NULL)
            numbers[i] = SIZE_MAX;
    for (size_t i = 0; i < map->count; i++) {
        at = elc_check_themes_find(themes, map->themes[i].name);
        map->themes[i].on_m =
            at != SIZE_MAX ? themes->names[at].distance_m : CHECK_USUAL_M;
        map->themes[i].reach_m[CHECK_BARE] = map->themes[i].on_m;
    }
    return ELC_OK;
}

/* As far as the rules and the table of land use need to see. */
static elc_status find_reach(const check_job *job, check_map *map, size_t *theme_of,
                             elc_error *err) {
    for (size_t i = 0; i < job->rules.count; i++) {
        const check_rule *rule = &job->rules.items[i];
        theme_of[i] = SIZE_MAX;
        if (!job->asked[i])
            continue;
        ELC_TRY(elc_check_map_theme(map, rule->theme, &theme_of[i], err));
        double *reach = map->themes[theme_of[i]].reach_m;
        reach[CHECK_INSIDES] = fmax(reach[CHECK_INSIDES], elc_check_reach(rule));
        if (rule->near)
            reach[CHECK_BARE] = fmax(reach[CHECK_BARE], elc_check_reach(rule));
    }
    return ELC_OK;
}

/* ---- what is said --------------------------------------------------------------- */

static size_t count_objects(const check_theme *theme, const check_rule *rule) {
    size_t n = theme->objects[CHECK_INSIDES].count;
    return rule->near ? n + theme->objects[CHECK_BARE].count : n;
}

static void warn_of_empty(const check_job *job, const check_map *map,
                          const size_t *theme_of, const elc_context *context) {
    for (size_t i = 0; i < job->rules.count; i++) {
        const check_rule *rule = &job->rules.items[i];
        if (theme_of[i] == SIZE_MAX ||
            count_objects(&map->themes[theme_of[i]], rule) > 0)
            continue;
        elc_warn(context, "%s: line %zu: the map has no %s of the theme %s: %s",
                 job->rules_name, rule->line, rule->near ? "object" : "area",
                 rule->theme,
                 rule->must ? "every detection of the rule is doubtful"
                            : "no detection of the rule is doubtful");
    }
}

static void warn_of_places(const check_map *map, const elc_context *context) {
    unsigned long long lost =
        map->states[ELC_PLACE_MISSING] + map->states[ELC_PLACE_EMPTY] +
        map->states[ELC_PLACE_NOWHERE] + map->states[ELC_PLACE_BROKEN];
    if (lost > 0)
        elc_warn(context,
                 "%llu objects of the map have no geometry, an empty one, one that is "
                 "broken or coordinates that are nowhere: nothing is near to them",
                 lost);
}

/* ---- all of it ------------------------------------------------------------------ */

static elc_status load(const check_job *job, const elc_context *context, check_map *map,
                       size_t *numbers, size_t *theme_of, elc_error *err) {
    ELC_TRY(make_themes(job, map, numbers, err));
    ELC_TRY(find_reach(job, map, theme_of, err));
    if (job->osm != NULL)
        ELC_TRY(elc_check_osm_read(job, numbers, context, map, err));
    for (size_t i = 0; i < job->n_given; i++) {
        size_t theme;
        ELC_TRY(elc_check_map_theme(map, job->given[i].theme, &theme, err));
        ELC_TRY(elc_check_layer_read(&job->given[i], theme, context, map, err));
    }
    ELC_TRY(elc_check_map_build(map, err));
    warn_of_places(map, context);
    warn_of_empty(job, map, theme_of, context);
    return ELC_OK;
}

elc_status elc_check_load(const check_job *job, const elc_context *context,
                          check_map *out, size_t **theme_of, elc_error *err) {
    check_map map = {0};
    size_t *numbers = NULL, *themes = NULL;
    elc_status status;
    ELC_TRY_GOTO(elc_alloc(job->themes.n_names, sizeof *numbers, &numbers, err), status,
                 done);
    ELC_TRY_GOTO(elc_alloc(job->rules.count, sizeof *themes, &themes, err), status,
                 done);
    status = load(job, context, &map, numbers, themes, err);
done:
    free(numbers);
    if (status != ELC_OK) {
        free(themes);
        elc_check_map_free(&map);
        return status;
    }
    *out = map;
    *theme_of = themes;
    return ELC_OK;
}
