/* themes.c - what OpenStreetMap's tags say of a theme, as a CSV. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "themes.h"

#include "rules.h"

#include <stdlib.h>
#include <string.h>

enum { THEME, LAYER, TAGS, DISTANCE };
static const char *const columns[] = {"theme", "layer", "tags", "distance_m", NULL};
static const char *const layers[CHECK_LAYERS] = {"points", "lines", "multipolygons"};

const char *elc_check_layer_name(check_layer layer) {
    return layers[layer];
}

typedef struct reader {
    const char *name;
    const check_csv_row *row;
    check_themes *out;
} reader;

static elc_status wrong(const reader *r, const char *what, const char *cell,
                        elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s: line %zu: %s: \"%s\"", r->name,
                    r->row->line, what, cell);
}

/* ---- cells ---------------------------------------------------------------------- */

static elc_status read_layer(const reader *r, check_layer *out, elc_error *err) {
    const char *cell = r->row->cells[LAYER];
    for (int i = 0; i < CHECK_LAYERS; i++)
        if (strcmp(cell, layers[i]) == 0) {
            *out = (check_layer)i;
            return ELC_OK;
        }
    return wrong(r, "the layer is not points, lines or multipolygons", cell, err);
}

/* One of "key=a|b", "key!=a", "key=*" and "key!=*", which is cut in place. */
static elc_status read_tag(const reader *r, char *text, elc_error *err) {
    check_themes *out = r->out;
    char *equals = strchr(text, '=');
    bool forbids = equals != NULL && equals > text && equals[-1] == '!';
    if (equals == NULL || equals - forbids == text)
        return wrong(r, "a tag is not key=value, key!=value or key=*", text, err);
    ELC_TRY(elc_reserve(&out->tags, &out->tags_capacity, out->n_tags + 1,
                        sizeof *out->tags, err));
    check_tag *tag = &out->tags[out->n_tags++];
    *tag = (check_tag){.key = text, .forbids = forbids};
    equals[-forbids] = '\0';
    *equals = '\0';
    if (strcmp(equals + 1, "*") == 0)
        return ELC_OK;
    ELC_TRY(elc_names_split(&tag->values, equals + 1, '|', err));
    if (tag->values.count == 0)
        return wrong(r, "a tag without a value; * is any", text, err);
    return ELC_OK;
}

static elc_status read_tags(const reader *r, check_kind *kind, elc_error *err) {
    char *text = r->row->cells[TAGS];
    kind->first = r->out->n_tags;
    while (text != NULL) {
        char *end = strchr(text, ';');
        if (end != NULL)
            *end++ = '\0';
        text += strspn(text, " ");
        ELC_TRY(read_tag(r, text, err));
        text = end;
    }
    kind->n = r->out->n_tags - kind->first;
    for (size_t i = 0; i < kind->n; i++)
        if (!r->out->tags[kind->first + i].forbids)
            return ELC_OK;
    return wrong(r, "no tag says what a feature is, only what it is not",
                 r->row->cells[THEME], err);
}

static elc_status read_distance(const reader *r, check_theme_name *theme,
                                elc_error *err) {
    const char *cell = r->row->cells[DISTANCE];
    double value;
    if (*cell == '\0')
        return ELC_OK;
    if (elc_parse_real(cell, "distance_m", &value, NULL) != ELC_OK ||
        !(value >= 0 && value <= CHECK_FARTHEST))
        return wrong(r, "distance_m is no number of metres from 0 to 100000", cell,
                     err);
    if (theme->stated && theme->distance_m != value)
        return wrong(r, "the theme had another distance_m before", cell, err);
    theme->distance_m = value;
    theme->stated = true;
    return ELC_OK;
}

/* ---- kinds ---------------------------------------------------------------------- */

size_t elc_check_themes_find(const check_themes *themes, const char *name) {
    for (size_t i = 0; i < themes->n_names; i++)
        if (strcmp(themes->names[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static elc_status name_theme(const reader *r, size_t *out, elc_error *err) {
    check_themes *t = r->out;
    const char *name = r->row->cells[THEME];
    if (*name == '\0' || strcmp(name, "none") == 0)
        return wrong(r, "the name of a theme is missing, or means no theme", name, err);
    *out = elc_check_themes_find(t, name);
    if (*out == SIZE_MAX) {
        ELC_TRY(elc_reserve(&t->names, &t->names_capacity, t->n_names + 1,
                            sizeof *t->names, err));
        *out = t->n_names++;
        t->names[*out] = (check_theme_name){name, CHECK_USUAL_M, false};
    }
    return read_distance(r, &t->names[*out], err);
}

static elc_status read_kind(const reader *r, elc_error *err) {
    check_themes *t = r->out;
    check_kind kind;
    ELC_TRY(name_theme(r, &kind.theme, err));
    ELC_TRY(read_layer(r, &kind.layer, err));
    ELC_TRY(read_tags(r, &kind, err));
    ELC_TRY(elc_reserve(&t->kinds, &t->kinds_capacity, t->n_kinds + 1, sizeof *t->kinds,
                        err));
    t->kinds[t->n_kinds++] = kind;
    return ELC_OK;
}

elc_status elc_check_themes_parse(const char *name, const void *bytes, size_t size,
                                  check_themes *out, elc_error *err) {
    check_themes made = {0};
    elc_status status = elc_check_csv_read(name, bytes, size, columns, &made.csv, err);
    for (size_t i = 0; i < made.csv.count && status == ELC_OK; i++)
        status = read_kind(&(reader){name, &made.csv.rows[i], &made}, err);
    if (status == ELC_OK && made.n_kinds == 0)
        status = elc_fail(err, ELC_E_FORMAT, "%s: has no theme", name);
    if (status == ELC_OK)
        *out = made;
    else
        elc_check_themes_free(&made);
    return status;
}

void elc_check_themes_free(check_themes *themes) {
    for (size_t i = 0; i < themes->n_tags; i++)
        elc_names_free(&themes->tags[i].values);
    free(themes->names);
    free(themes->kinds);
    free(themes->tags);
    elc_check_csv_free(&themes->csv);
    *themes = (check_themes){0};
}

/* ---- features ------------------------------------------------------------------- */

static bool has_tag(const check_tag *tag, const json_t *tags) {
    const char *value = json_string_value(json_object_get(tags, tag->key));
    return value != NULL &&
           (tag->values.count == 0 || elc_names_find(&tag->values, value) != SIZE_MAX);
}

bool elc_check_kind_has(const check_themes *themes, const check_kind *kind,
                        const json_t *tags) {
    for (size_t i = 0; i < kind->n; i++) {
        const check_tag *tag = &themes->tags[kind->first + i];
        if (has_tag(tag, tags) == tag->forbids)
            return false;
    }
    return true;
}
