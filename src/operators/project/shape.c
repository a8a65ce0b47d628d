/* shape.c - which columns a table in another CRS has, and where its points come from.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "operators/parts/place.h"

static const char GEOMETRY[] = "geometry";

/* ---- where points come from -------------------------------------------------------
 */

/* A name with a leading '_' is somebody's state and no column of a table. */
static bool is_seen(const struct ArrowSchema *column) {
    return column->name != NULL && column->name[0] != '\0' && column->name[0] != '_';
}

static elc_status fail_missing(const struct ArrowSchema *schema, const char *name,
                               elc_error *err) {
    const char **words;
    ELC_TRY(elc_alloc((size_t)schema->n_children + 1, sizeof *words, &words, err));
    size_t n = 0;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (is_seen(schema->children[i]))
            words[n++] = schema->children[i]->name;
    const char *near = elc_nearest_word(name, words);
    elc_status status =
        near != NULL
            ? elc_fail(err, ELC_E_NOT_FOUND,
                       "the table has no column %s; did you mean %s?", name, near)
            : elc_fail(err, ELC_E_NOT_FOUND,
                       "the table has no column %s; it has %s and %zu more", name,
                       n > 0 ? words[0] : "none", n > 0 ? n - 1 : 0);
    free(words);
    return status;
}

static elc_status find_column(const project_shape *s, const char *name, int64_t *out,
                              elc_error *err) {
    int64_t found = name[0] == '_' ? -1 : elc_schema_find(&s->schema, name);
    if (found < 0)
        return fail_missing(&s->schema, name, err);
    *out = found;
    return ELC_OK;
}

static elc_status find_geometry(project_shape *s, elc_error *err) {
    for (int64_t i = 0; i < s->schema.n_children && s->geometry < 0; i++) {
        elc_type type;
        if (!is_seen(s->schema.children[i]))
            continue;
        ELC_TRY(elc_schema_type(s->schema.children[i], &type, err));
        if (type == ELC_GEOMETRY)
            s->geometry = i;
    }
    return ELC_OK;
}

/* Or text, which has no values. */
static bool has_numbers(const project_shape *s, const char *x, const char *y) {
    size_t column;
    const char *text;
    return elc_part_place_number(&s->schema, "", x, &column, &text, NULL) == ELC_OK &&
           elc_part_place_number(&s->schema, "", y, &column, &text, NULL) == ELC_OK;
}

static elc_status find_places(project_shape *s, const elc_options *options,
                              elc_error *err) {
    const char *x = elc_options_text(options, "x"), *y = elc_options_text(options, "y");
    s->geometry = s->x = s->y = PROJECT_NONE;
    if ((x == NULL) != (y == NULL))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--%s is given without --%s; a place needs both", x ? "x" : "y",
                        x ? "y" : "x");
    ELC_TRY(find_geometry(s, err));
    bool degrees = x == NULL && s->geometry < 0;
    s->lonlat = degrees && !elc_options_has(options, "from");
    if (degrees)
        elc_part_place_names(options, &s->schema, &x, &y);
    if (degrees && !has_numbers(s, x, y))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table has neither a geometry nor columns lon and lat; "
                        "name those of its coordinates with --x and --y");
    if (x == NULL)
        return ELC_OK;
    if (s->geometry >= 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table has the geometry %s; leave out --x and --y to "
                        "move it",
                        s->schema.children[s->geometry]->name);
    ELC_TRY(find_column(s, x, &s->x, err));
    return find_column(s, y, &s->y, err);
}

/* ---- columns ----------------------------------------------------------------------
 */

static elc_status add_column(project_shape *s, const char *name, elc_type type,
                             int64_t from, elc_error *err) {
    if (type == ELC_GEOMETRY && from == PROJECT_NONE)
        s->place = s->count;
    else if (s->geometry == PROJECT_NONE && strcasecmp(name, GEOMETRY) == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table has a column %s already, and that is what the "
                        "places would be called; rename it",
                        name);
    s->columns[s->count] = (elc_column){.name = name, .type = type};
    s->from[s->count++] = from;
    return ELC_OK;
}

static elc_status list_columns(project_shape *s, elc_error *err) {
    size_t most = (size_t)s->schema.n_children + 1;
    ELC_TRY(elc_alloc(most, sizeof *s->columns, &s->columns, err));
    ELC_TRY(elc_alloc(most, sizeof *s->from, &s->from, err));
    if (s->geometry == PROJECT_NONE)
        ELC_TRY(add_column(s, GEOMETRY, ELC_GEOMETRY, PROJECT_NONE, err));
    for (int64_t i = 0; i < s->schema.n_children; i++) {
        const struct ArrowSchema *column = s->schema.children[i];
        elc_type type;
        if (!is_seen(column))
            continue;
        ELC_TRY(elc_schema_type(column, &type, err));
        ELC_TRY(add_column(s, column->name, type, i == s->geometry ? PROJECT_NONE : i,
                           err));
    }
    return ELC_OK;
}

elc_status elc_project_shape_create(const elc_options *options,
                                    struct ArrowSchema *schema, project_shape **out,
                                    elc_error *err) {
    project_shape *s;
    elc_status status = elc_alloc(1, sizeof *s, &s, err);
    if (status != ELC_OK) {
        elc_schema_release(schema);
        return status;
    }
    s->schema = *schema;
    schema->release = NULL;
    status = find_places(s, options, err);
    if (status == ELC_OK)
        status = list_columns(s, err);
    if (status != ELC_OK) {
        elc_project_shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

void elc_project_shape_free(project_shape *s) {
    if (s == NULL)
        return;
    elc_schema_release(&s->schema);
    free(s->columns);
    free(s->from);
    free(s);
}

/* ---- CRSs and the schema ----------------------------------------------------------
 */

elc_status elc_project_shape_crs(const project_shape *s, char **out, elc_error *err) {
    if (s->geometry == PROJECT_NONE)
        return elc_strdup(s->lonlat ? "OGC:CRS84" : "", out, err);
    return elc_schema_crs(s->schema.children[s->geometry], out, err);
}

elc_status elc_project_shape_schema(const project_shape *s, const elc_crs *to,
                                    struct ArrowSchema *out, elc_error *err) {
    struct ArrowSchema schema;
    bool usual = strcmp(elc_crs_label(to), "OGC:CRS84") == 0;
    ELC_TRY(elc_schema_create(s->columns, s->count, usual ? NULL : elc_crs_projjson(to),
                              &schema, err));
    for (size_t i = 0; i < s->count; i++) {
        if (s->from[i] == PROJECT_NONE)
            continue;
        struct ArrowSchema column = *s->schema.children[s->from[i]];
        column.flags |= ARROW_FLAG_NULLABLE;
        elc_schema_release(schema.children[i]);
        elc_status status = elc_schema_clone(&column, schema.children[i], err);
        if (status != ELC_OK) {
            elc_schema_release(&schema);
            return status;
        }
    }
    *out = schema;
    return ELC_OK;
}
