/* columns.c - the columns of a table that pass through an operator, and those that it
   adds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- adding --------------------------------------------------------------------- */

static bool has_name(const part_columns *columns, const char *name) {
    for (size_t i = 0; i < columns->count; i++)
        if (strcasecmp(columns->items[i].name, name) == 0)
            return true;
    return false;
}

static elc_status rename_column(part_columns *columns, elc_column *column,
                                const char *suffix, elc_error *err) {
    elc_string name = {0};
    elc_status status = elc_string_printf(&name, err, "%s", column->name);
    while (status == ELC_OK && has_name(columns, name.data))
        status = elc_string_printf(&name, err, "%s", suffix);
    if (status == ELC_OK)
        status = elc_names_add(&columns->renamed, name.data, err);
    if (status == ELC_OK)
        column->name = columns->renamed.items[columns->renamed.count - 1];
    elc_string_free(&name);
    return status;
}

elc_status elc_part_columns_add(part_columns *columns, elc_column column,
                                const struct ArrowSchema *like, const char *suffix,
                                elc_error *err) {
    size_t need = columns->count + 1;
    ELC_TRY(elc_reserve(&columns->items, &columns->capacity, need,
                        sizeof *columns->items, err));
    ELC_TRY(elc_reserve(&columns->like, &columns->like_capacity, need,
                        sizeof *columns->like, err));
    if (has_name(columns, column.name))
        ELC_TRY(rename_column(columns, &column, suffix, err));
    columns->items[columns->count] = column;
    columns->like[columns->count++] = like;
    return ELC_OK;
}

static bool is_seen(const struct ArrowSchema *column) {
    return column->name != NULL && column->name[0] != '\0' && column->name[0] != '_';
}

static elc_status pass(part_columns *columns, const struct ArrowSchema *schema,
                       int64_t but, bool geometries, const char *suffix,
                       elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *child = schema->children[i];
        elc_column column = {.name = child->name};
        if (i == but || !is_seen(child))
            continue;
        ELC_TRY(elc_schema_type(child, &column.type, err));
        if (geometries || column.type != ELC_GEOMETRY)
            ELC_TRY(elc_part_columns_add(columns, column, child, suffix, err));
    }
    return ELC_OK;
}

elc_status elc_part_columns_pass(part_columns *columns,
                                 const struct ArrowSchema *schema, int64_t but,
                                 const char *suffix, elc_error *err) {
    return pass(columns, schema, but, true, suffix, err);
}

elc_status elc_part_columns_placeless(part_columns *columns,
                                      const struct ArrowSchema *schema,
                                      const char *suffix, elc_error *err) {
    return pass(columns, schema, -1, false, suffix, err);
}

void elc_part_columns_free(part_columns *columns) {
    free(columns->items);
    free(columns->like);
    elc_names_free(&columns->renamed);
    *columns = (part_columns){0};
}

/* ---- the table that they make --------------------------------------------------- */

/* elc_schema_create made the struct; its columns give way to the tables' own, which
   have all their metadata. */
elc_status elc_part_columns_schema(const part_columns *columns, struct ArrowSchema *out,
                                   elc_error *err) {
    struct ArrowSchema made;
    elc_status status = ELC_OK;
    ELC_TRY(elc_schema_create(columns->items, columns->count, NULL, &made, err));
    for (size_t i = 0; i < columns->count && status == ELC_OK; i++) {
        if (columns->like[i] == NULL)
            continue;
        struct ArrowSchema column = *columns->like[i];
        column.name = columns->items[i].name;
        column.flags |= ARROW_FLAG_NULLABLE;
        elc_schema_release(made.children[i]);
        status = elc_schema_clone(&column, made.children[i], err);
    }
    if (status != ELC_OK) {
        elc_schema_release(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

elc_status elc_part_columns_stream(const part_columns *columns, elc_producer producer,
                                   struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_status status = elc_part_columns_schema(columns, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, producer, out, err);
    if (status != ELC_OK)
        elc_schema_release(&schema);
    return status;
}

elc_status elc_part_columns_from(const part_columns *columns,
                                 const struct ArrowSchema *schema, int64_t **from,
                                 elc_error *err) {
    int64_t *made;
    ELC_TRY(elc_alloc(columns->count, sizeof *made, &made, err));
    for (size_t i = 0; i < columns->count; i++) {
        made[i] = -1;
        for (int64_t k = 0; k < schema->n_children && columns->like[i] != NULL; k++)
            if (schema->children[k] == columns->like[i])
                made[i] = k;
    }
    *from = made;
    return ELC_OK;
}

/* ---- geometry ------------------------------------------------------------------- */

static elc_status find_crs(const struct ArrowSchema *column, elc_crs **crs,
                           bool *stated, elc_error *err) {
    char *text = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_schema_crs(column, &text, err));
    *stated = *text != '\0';
    if (*stated && !elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, crs, err);
    free(text);
    return status;
}

elc_status elc_part_geometry(const struct ArrowSchema *schema, const char *what,
                             int64_t *column, elc_crs **crs, bool *stated,
                             elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        elc_type type;
        if (!is_seen(schema->children[i]))
            continue;
        ELC_TRY(elc_schema_type(schema->children[i], &type, err));
        if (type != ELC_GEOMETRY)
            continue;
        *column = i;
        *crs = NULL;
        return find_crs(schema->children[i], crs, stated, err);
    }
    return elc_fail(err, ELC_E_NOT_FOUND,
                    "%s: no column has geometries; a CSV has them as WKT, in a "
                    "column called geometry",
                    what);
}
