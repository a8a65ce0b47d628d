/* osm.c - the objects of themes from an OpenStreetMap file, by their tags. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "source.h"

#include <string.h>

typedef struct osm {
    const check_job *job;
    const size_t *numbers;
    check_layer layer;
    check_source source;
    int64_t tags, id, way_id, name; /* columns */
    elc_string text, id_text;
    check_map *map;
} osm;

/* ---- a feature ------------------------------------------------------------------ */

/* OSM counts nodes, ways and relations each by themselves: "way/12". */
static elc_status write_id(osm *o, const char **out, elc_error *err) {
    const char *kind = o->layer == CHECK_POINTS  ? "node"
                       : o->layer == CHECK_LINES ? "way"
                                                 : "relation";
    const char *number;
    ELC_TRY(elc_check_source_text(&o->source, o->id, &o->text, &number, err));
    if (number == NULL) {
        kind = "way";
        ELC_TRY(elc_check_source_text(&o->source, o->way_id, &o->text, &number, err));
    }
    o->id_text.size = 0;
    *out = NULL;
    if (number == NULL)
        return ELC_OK;
    ELC_TRY(elc_string_printf(&o->id_text, err, "%s/%s", kind, number));
    *out = o->id_text.data;
    return ELC_OK;
}

static elc_status add_feature(osm *o, size_t theme, elc_error *err) {
    const check_source *s = &o->source;
    const char *id, *name;
    size_t size;
    const void *wkb = elc_part_reader_bytes(&s->reader, s->geometry, &size);
    ELC_TRY(write_id(o, &id, err));
    ELC_TRY(elc_check_source_text(s, o->name, &o->text, &name, err));
    return elc_check_map_add(o->map, theme, wkb, size, s->way, id, name, err);
}

/* A feature is once of a theme, however many kinds of it fit. */
static elc_status sort_feature(osm *o, const json_t *tags, elc_error *err) {
    const check_themes *themes = &o->job->themes;
    for (size_t theme = 0; theme < themes->n_names; theme++) {
        bool is = false;
        for (size_t i = 0; i < themes->n_kinds && o->numbers[theme] != SIZE_MAX && !is;
             i++) {
            const check_kind *kind = &themes->kinds[i];
            is = kind->theme == theme && kind->layer == o->layer &&
                 elc_check_kind_has(themes, kind, tags);
        }
        if (is)
            ELC_TRY(add_feature(o, o->numbers[theme], err));
    }
    return ELC_OK;
}

static elc_status read_feature(osm *o, elc_error *err) {
    size_t size;
    const char *text = elc_part_reader_bytes(&o->source.reader, o->tags, &size);
    json_t *tags = text == NULL ? NULL : json_loadb(text, size, 0, NULL);
    if (tags == NULL)
        return ELC_OK; /* a feature that says nothing of itself */
    elc_status status = sort_feature(o, tags, err);
    json_decref(tags);
    return status;
}

/* ---- a layer -------------------------------------------------------------------- */

static elc_status find_columns(osm *o, elc_error *err) {
    static const char *const tags[] = {"tags", NULL}, *const id[] = {"osm_id", NULL},
                             *const way[] = {"osm_way_id", NULL},
                             *const name[] = {"name", NULL};
    elc_type type = ELC_BINARY;
    o->tags = elc_check_source_find(&o->source, tags);
    o->id = elc_check_source_find(&o->source, id);
    o->way_id = elc_check_source_find(&o->source, way);
    o->name = elc_check_source_find(&o->source, name);
    if (o->tags >= 0)
        ELC_TRY(elc_schema_type(o->source.schema.children[o->tags], &type, err));
    if (type == ELC_UTF8 && o->id >= 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: is no OpenStreetMap file (.osm or .pbf); layers of others are "
                    "given by --layers THEME=FILE:LAYER",
                    o->source.label);
}

static elc_status read_features(osm *o, elc_error *err) {
    bool more = true;
    ELC_TRY(find_columns(o, err));
    while (more) {
        ELC_TRY(elc_check_source_next(&o->source, &more, err));
        if (more)
            ELC_TRY(read_feature(o, err));
    }
    if (o->layer == CHECK_AREAS && o->source.rows == 0)
        elc_warn(o->source.context,
                 "%s: has no areas (its layer multipolygons is empty), so that nothing "
                 "is within any; an extract has them with its ways and their nodes",
                 o->job->osm);
    return ELC_OK;
}

static elc_status read_layer(osm *o, const elc_context *context, elc_error *err) {
    elc_string reference = {0};
    elc_status status = elc_string_printf(&reference, err, "%s:%s", o->job->osm,
                                          elc_check_layer_name(o->layer));
    if (status == ELC_OK)
        status = elc_check_source_open(&o->source, reference.data, context, err);
    if (status == ELC_OK)
        status = read_features(o, err);
    elc_check_source_close(&o->source);
    elc_string_free(&o->text);
    elc_string_free(&o->id_text);
    elc_string_free(&reference);
    return status;
}

static bool is_wanted(const check_job *job, const size_t *numbers, check_layer layer) {
    for (size_t i = 0; i < job->themes.n_kinds; i++)
        if (job->themes.kinds[i].layer == layer &&
            numbers[job->themes.kinds[i].theme] != SIZE_MAX)
            return true;
    return false;
}

elc_status elc_check_osm_read(const check_job *job, const size_t *numbers,
                              const elc_context *context, check_map *map,
                              elc_error *err) {
    for (check_layer layer = CHECK_POINTS; layer < CHECK_LAYERS; layer++) {
        osm o = {.job = job, .numbers = numbers, .layer = layer, .map = map};
        if (is_wanted(job, numbers, layer))
            ELC_TRY(read_layer(&o, context, err));
    }
    return ELC_OK;
}
