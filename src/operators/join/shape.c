/* shape.c - which columns of two tables a join gives, and under which names. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <elcano/geo.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- which columns -------------------------------------------------------------- */

static bool is_seen(const struct ArrowSchema *column) {
    return column->name != NULL && column->name[0] != '\0' && column->name[0] != '_';
}

static bool is_right_key(const join_shape *s, int64_t column) {
    for (size_t i = 0; i < s->keys.count; i++) {
        if ((int64_t)s->keys.items[i].column[PART_RIGHT] == column)
            return true;
    }
    return false;
}

/* Of a join by place, where the zone's outline would be written again and again. */
static bool is_right_place(const join_shape *s, int64_t column) {
    elc_type type;
    return s->spatial.asked &&
           elc_schema_type(s->schemas[PART_RIGHT].children[column], &type, NULL) ==
               ELC_OK &&
           type == ELC_GEOMETRY;
}

static bool is_given(const join_shape *s, int side, int64_t column) {
    if (!is_seen(s->schemas[side].children[column]))
        return false;
    bool adds = s->how == JOIN_INNER || s->how == JOIN_OUTER;
    return side == PART_LEFT ||
           (adds && !is_right_key(s, column) && !is_right_place(s, column));
}

static elc_status take_columns(join_shape *s, int side, elc_error *err) {
    const struct ArrowSchema *schema = &s->schemas[side];
    join_columns *given = &s->given[side];
    size_t n = (size_t)schema->n_children;
    ELC_TRY(elc_alloc(n, sizeof *given->items, &given->items, err));
    ELC_TRY(elc_alloc(n, sizeof *given->from, &given->from, err));
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (!is_given(s, side, i))
            continue;
        elc_column *column = &given->items[given->count];
        column->name = schema->children[i]->name;
        ELC_TRY(elc_schema_type(schema->children[i], &column->type, err));
        given->from[given->count++] = i;
    }
    return ELC_OK;
}

/* ---- names ---------------------------------------------------------------------- */

/* Databases take "ID" and "id" for one name, and so does Spark. */
static bool has_name(const join_columns *columns, const char *name) {
    for (size_t i = 0; i < columns->count; i++) {
        if (strcasecmp(columns->items[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Counts and sums are of neither table. */
static elc_status rename_column(join_shape *s, elc_column *column, bool made,
                                elc_error *err) {
    elc_string name = {0};
    elc_status status = elc_string_printf(&name, err, "%s", column->name);
    do {
        if (status == ELC_OK)
            status = elc_string_printf(&name, err, made ? "_joined" : "_right");
    } while (status == ELC_OK && (has_name(&s->given[PART_LEFT], name.data) ||
                                  has_name(&s->given[PART_RIGHT], name.data)));
    if (status == ELC_OK)
        status = elc_names_add(&s->renamed, name.data, err);
    if (status == ELC_OK)
        column->name = s->renamed.items[s->renamed.count - 1];
    elc_string_free(&name);
    return status;
}

static elc_status rename_columns(join_shape *s, elc_error *err) {
    join_columns *right = &s->given[PART_RIGHT];
    for (size_t i = 0; i < right->count; i++) {
        if (has_name(&s->given[PART_LEFT], right->items[i].name))
            ELC_TRY(rename_column(s, &right->items[i], right->from[i] < 0, err));
    }
    return ELC_OK;
}

/* ---- making --------------------------------------------------------------------- */

static join_how how_of(const elc_options *options) {
    const char *word = elc_options_text(options, "how");
    return strcmp(word, "left") == 0   ? JOIN_OUTER
           : strcmp(word, "semi") == 0 ? JOIN_SEMI
           : strcmp(word, "anti") == 0 ? JOIN_ANTI
                                       : JOIN_INNER;
}

static elc_status fill(join_shape *s, const elc_options *options, elc_error *err) {
    s->how = how_of(options);
    ELC_TRY(elc_part_spatial_read(options, &s->spatial, err));
    s->sums.counted = elc_options_bool(options, "count") ||
                      elc_options_list(options, "sum")->count > 0 ||
                      elc_options_list(options, "mean")->count > 0;
    if (s->spatial.asked)
        ELC_TRY(elc_part_spatial_find(options, s->schemas, &s->spatial, err));
    else
        ELC_TRY(elc_part_keys_find(elc_options_list(options, "on"), s->schemas,
                                   &s->keys, err));
    ELC_TRY(take_columns(s, PART_LEFT, err));
    if (s->sums.counted)
        ELC_TRY(elc_join_sums_find(s, options, err));
    else
        ELC_TRY(take_columns(s, PART_RIGHT, err));
    return rename_columns(s, err);
}

elc_status elc_join_shape_create(const elc_options *options,
                                 struct ArrowSchema schemas[PART_SIDES],
                                 join_shape **out, elc_error *err) {
    join_shape *s;
    elc_status status = elc_alloc(1, sizeof *s, &s, err);
    if (status != ELC_OK) {
        elc_schema_release(&schemas[PART_LEFT]);
        elc_schema_release(&schemas[PART_RIGHT]);
        return status;
    }
    memcpy(s->schemas, schemas, sizeof s->schemas);
    status = fill(s, options, err);
    if (status != ELC_OK) {
        elc_join_shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

void elc_join_shape_free(join_shape *s) {
    if (s == NULL)
        return;
    for (int side = 0; side < PART_SIDES; side++) {
        free(s->given[side].items);
        free(s->given[side].from);
        elc_schema_release(&s->schemas[side]);
    }
    elc_part_keys_free(&s->keys);
    free(s->sums.items);
    elc_names_free(&s->renamed);
    free(s);
}

/* ---- the joined table's schema -------------------------------------------------- */

/* elc_schema_create made the struct; its columns give way to the tables' own, which
   have all their metadata. */
static elc_status replace_children(const join_shape *s, int side,
                                   struct ArrowSchema **children, elc_error *err) {
    const join_columns *given = &s->given[side];
    for (size_t i = 0; i < given->count; i++) {
        if (given->from[i] < 0)
            continue;
        struct ArrowSchema column = *s->schemas[side].children[given->from[i]];
        column.name = given->items[i].name;
        column.flags |= ARROW_FLAG_NULLABLE;
        elc_schema_release(children[i]);
        ELC_TRY(elc_schema_clone(&column, children[i], err));
    }
    return ELC_OK;
}

static elc_status bare_schema(const join_shape *s, struct ArrowSchema *out,
                              elc_error *err) {
    const join_columns *left = &s->given[PART_LEFT], *right = &s->given[PART_RIGHT];
    elc_column *columns;
    ELC_TRY(elc_alloc(left->count + right->count, sizeof *columns, &columns, err));
    memcpy(columns, left->items, left->count * sizeof *columns);
    memcpy(columns + left->count, right->items, right->count * sizeof *columns);
    elc_status status =
        elc_schema_create(columns, left->count + right->count, NULL, out, err);
    free(columns);
    return status;
}

elc_status elc_join_shape_schema(const join_shape *s, struct ArrowSchema *out,
                                 elc_error *err) {
    struct ArrowSchema schema;
    ELC_TRY(bare_schema(s, &schema, err));
    elc_status status = replace_children(s, PART_LEFT, schema.children, err);
    if (status == ELC_OK)
        status = replace_children(s, PART_RIGHT,
                                  schema.children + s->given[PART_LEFT].count, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        return status;
    }
    *out = schema;
    return ELC_OK;
}

/* ---- warnings ------------------------------------------------------------------- */

static const struct ArrowSchema *first_geometry(const join_shape *s, int side,
                                                const char **name) {
    const join_columns *given = &s->given[side];
    for (size_t i = 0; i < given->count; i++) {
        *name = given->items[i].name;
        if (given->from[i] < 0)
            continue;
        if (given->items[i].type == ELC_GEOMETRY)
            return s->schemas[side].children[given->from[i]];
    }
    return NULL;
}

static elc_status create_crs(const struct ArrowSchema *column, elc_crs **out,
                             elc_error *err) {
    char *text = NULL;
    ELC_TRY(elc_schema_crs(column, &text, err));
    elc_status status = *text == '\0' ? ELC_OK : elc_crs_create(text, out, err);
    free(text);
    return status;
}

static const char *label(const elc_crs *crs) {
    return crs == NULL ? "none" : elc_crs_label(crs);
}

elc_status elc_join_shape_warn(const join_shape *s, const elc_context *context,
                               elc_error *err) {
    const char *left_name = "", *right_name = "";
    const struct ArrowSchema *left = first_geometry(s, PART_LEFT, &left_name);
    const struct ArrowSchema *right = first_geometry(s, PART_RIGHT, &right_name);
    elc_crs *ours = NULL, *theirs = NULL;
    elc_status status = ELC_OK;
    elc_part_keys_warn(&s->keys, s->schemas, context);
    if (left == NULL || right == NULL)
        return ELC_OK;
    ELC_TRY_GOTO(create_crs(left, &ours, err), status, done);
    ELC_TRY_GOTO(create_crs(right, &theirs, err), status, done);
    bool same =
        ours == NULL || theirs == NULL ? ours == theirs : elc_crs_equal(ours, theirs);
    if (!same)
        elc_warn(context,
                 "the CRS of %s (%s) is not that of %s (%s), and it stays as it "
                 "is",
                 right_name, label(theirs), left_name, label(ours));
done:
    elc_crs_free(ours);
    elc_crs_free(theirs);
    return status;
}
