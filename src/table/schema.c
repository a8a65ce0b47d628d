/* schema.c - an ArrowSchema made, copied and asked. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include "layout.h"
#include "metadata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Schemas from outside may nest; nobody's nests deeper. */
enum { DEEPEST = 64 };

/* ---- ownership --------------------------------------------------------------- */

/* What a schema owns. Each child owns its own, for a consumer may move a child out. */
typedef struct {
    char *format, *name, *metadata;
    struct ArrowSchema *room; /* for the children and the dictionary */
    struct ArrowSchema **children;
} owned;

void elc_schema_release(struct ArrowSchema *schema) {
    if (schema != NULL && schema->release != NULL)
        schema->release(schema);
}

static void owned_free(owned *o) {
    free(o->format);
    free(o->name);
    free(o->metadata);
    free(o->room);
    free(o->children);
    free(o);
}

static void release(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++)
        elc_schema_release(schema->children[i]);
    elc_schema_release(schema->dictionary);
    owned_free(schema->private_data);
    schema->release = NULL;
}

/* What a schema says apart from its children. */
typedef struct {
    const char *format, *name;
    elc_slice metadata;
    int64_t flags;
} saying;

static elc_status owned_fill(owned *o, const saying *says, size_t n_children,
                             elc_error *err) {
    ELC_TRY(elc_strdup(says->format, &o->format, err));
    ELC_TRY(elc_strdup(says->name, &o->name, err));
    if (says->metadata.size > 0) {
        ELC_TRY(elc_alloc(says->metadata.size, 1, &o->metadata, err));
        memcpy(o->metadata, says->metadata.data, says->metadata.size);
    }
    ELC_TRY(elc_alloc(n_children + 1, sizeof *o->room, &o->room, err));
    ELC_TRY(elc_alloc(n_children, sizeof *o->children, &o->children, err));
    for (size_t i = 0; i < n_children; i++)
        o->children[i] = &o->room[i];
    return ELC_OK;
}

/* A schema with its own copies of all texts; its children are still to be filled, and
   as long as one is not its release is NULL, which release() passes over. */
static elc_status create(const saying *says, size_t n_children, struct ArrowSchema *out,
                         elc_error *err) {
    owned *o;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    elc_status status = owned_fill(o, says, n_children, err);
    if (status != ELC_OK) {
        owned_free(o);
        return status;
    }
    *out = (struct ArrowSchema){
        .format = o->format,
        .name = o->name,
        .metadata = o->metadata,
        .flags = says->flags,
        .n_children = (int64_t)n_children,
        .children = n_children > 0 ? o->children : NULL,
        .release = release,
        .private_data = o,
    };
    return ELC_OK;
}

/* ---- making ------------------------------------------------------------------ */

/* What a list is of. */
static elc_status create_item(struct ArrowSchema *list, elc_error *err) {
    const saying says = {"f", "item", {NULL, 0}, ARROW_FLAG_NULLABLE};
    elc_status status = create(&says, 0, list->children[0], err);
    if (status != ELC_OK)
        elc_schema_release(list);
    return status;
}

static elc_status create_column(const elc_column *column, const char *crs,
                                struct ArrowSchema *out, elc_error *err) {
    const elc_layout *layout = elc_layout_of(column->type);
    if (layout == NULL)
        return elc_fail(err, ELC_E_INTERNAL, "column \"%s\": no such type as %d",
                        column->name, (int)column->type);
    elc_string metadata = {0};
    elc_status status = ELC_OK;
    if (column->type == ELC_GEOMETRY)
        status = elc_metadata_geometry(crs, &metadata, err);
    if (status == ELC_OK) {
        saying says = {layout->format,
                       column->name,
                       {metadata.data, metadata.size},
                       ARROW_FLAG_NULLABLE};
        status = create(&says, column->type == ELC_FLOATS, out, err);
    }
    if (status == ELC_OK && column->type == ELC_FLOATS)
        status = create_item(out, err);
    elc_string_free(&metadata);
    return status;
}

elc_status elc_schema_create(const elc_column *columns, size_t n, const char *crs,
                             struct ArrowSchema *out, elc_error *err) {
    struct ArrowSchema schema;
    const saying says = {"+s", "", {NULL, 0}, 0};
    ELC_TRY(create(&says, n, &schema, err));
    for (size_t i = 0; i < n; i++) {
        elc_status status = create_column(&columns[i], crs, schema.children[i], err);
        if (status != ELC_OK) {
            elc_schema_release(&schema);
            return status;
        }
    }
    *out = schema;
    return ELC_OK;
}

static elc_status clone(const struct ArrowSchema *schema, int depth,
                        struct ArrowSchema *out, elc_error *err);

static elc_status clone_children(const struct ArrowSchema *schema, int depth,
                                 struct ArrowSchema *copy, elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++)
        ELC_TRY(clone(schema->children[i], depth + 1, copy->children[i], err));
    if (schema->dictionary == NULL)
        return ELC_OK;
    owned *o = copy->private_data;
    copy->dictionary = &o->room[schema->n_children];
    return clone(schema->dictionary, depth + 1, copy->dictionary, err);
}

static elc_status clone(const struct ArrowSchema *schema, int depth,
                        struct ArrowSchema *out, elc_error *err) {
    if (schema == NULL || schema->release == NULL || schema->format == NULL)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "schema: released, or without a format; give it while it lives");
    if (depth > DEEPEST || schema->n_children < 0 ||
        (schema->n_children > 0 && schema->children == NULL))
        return elc_fail(err, ELC_E_FORMAT,
                        "schema: %lld children at depth %d; at most %d levels",
                        (long long)schema->n_children, depth, DEEPEST);
    saying says = {schema->format,
                   schema->name,
                   {schema->metadata, elc_metadata_size(schema->metadata)},
                   schema->flags};
    struct ArrowSchema copy;
    ELC_TRY(create(&says, (size_t)schema->n_children, &copy, err));
    elc_status status = clone_children(schema, depth, &copy, err);
    if (status != ELC_OK) {
        elc_schema_release(&copy);
        return status;
    }
    *out = copy;
    return ELC_OK;
}

elc_status elc_schema_clone(const struct ArrowSchema *schema, struct ArrowSchema *out,
                            elc_error *err) {
    return clone(schema, 0, out, err);
}

/* ---- asking ------------------------------------------------------------------ */

/* elc_schema_create made the struct; its columns give way to copies of the others,
   which have all their metadata. */
static elc_status take_seen(const struct ArrowSchema *schema, struct ArrowSchema *out,
                            elc_error *err) {
    int64_t at = 0;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->name[0] == '_')
            continue;
        elc_schema_release(out->children[at]);
        ELC_TRY(elc_schema_clone(schema->children[i], out->children[at++], err));
    }
    return ELC_OK;
}

void elc_schema_keep(struct ArrowSchema *schema, const bool *keep) {
    int64_t n = 0;
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct ArrowSchema *child = schema->children[i];
        if (!keep[i]) {
            elc_schema_release(child);
            continue;
        }
        schema->children[i] = schema->children[n];
        schema->children[n++] = child;
    }
    schema->n_children = n;
}

elc_status elc_schema_seen(const struct ArrowSchema *schema, struct ArrowSchema *out,
                           elc_error *err) {
    elc_column *columns;
    struct ArrowSchema seen = {0};
    size_t n = 0;
    ELC_TRY(elc_alloc((size_t)schema->n_children, sizeof *columns, &columns, err));
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->name[0] != '_')
            columns[n++] =
                (elc_column){schema->children[i]->name, ELC_INT32, NULL, NULL};
    elc_status status = elc_schema_create(columns, n, NULL, &seen, err);
    free(columns);
    if (status == ELC_OK)
        status = take_seen(schema, &seen, err);
    if (status != ELC_OK) {
        elc_schema_release(&seen);
        return status;
    }
    *out = seen;
    return ELC_OK;
}

int64_t elc_schema_find(const struct ArrowSchema *schema, const char *name) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        const char *child = schema->children[i]->name;
        if (child != NULL && strcmp(child, name) == 0)
            return i;
    }
    return -1;
}

/* The column of the first of these names, in small letters, that there is in any. */
static int64_t find_named(const struct ArrowSchema *schema, const char *const *names) {
    for (const char *const *name = names; *name != NULL; name++)
        for (int64_t i = 0; i < schema->n_children; i++)
            if (schema->children[i]->name != NULL &&
                strcasecmp(schema->children[i]->name, *name) == 0)
                return i;
    return -1;
}

bool elc_schema_lonlat(const struct ArrowSchema *schema, int64_t *lon, int64_t *lat) {
    static const char *const x[] = {"lon", "longitude", "lng", "long", NULL};
    static const char *const y[] = {"lat", "latitude", NULL};
    *lon = elc_schema_find(schema, x[0]);
    *lat = elc_schema_find(schema, y[0]);
    if (*lon < 0 || *lat < 0) {
        *lon = find_named(schema, x);
        *lat = find_named(schema, y);
    }
    return *lon >= 0 && *lat >= 0;
}

static bool is_utc(const char *zone) {
    static const char *const names[] = {"UTC", "Etc/UTC", "Z", "+00:00", "+0000"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(zone, names[i]) == 0)
            return true;
    }
    return false;
}

/* OGR 3.6 writes ogc.wkb, GeoArrow's documents write geoarrow.wkb. */
static bool is_wkb(const struct ArrowSchema *column) {
    elc_slice name = elc_metadata_find(column->metadata, ELC_EXTENSION_NAME);
    return elc_slice_is(name, "geoarrow.wkb") || elc_slice_is(name, "ogc.wkb");
}

static bool type_of_format(const char *format, elc_type *out) {
    if (strncmp(format, "tsu:", 4) == 0 && is_utc(format + 4)) {
        *out = ELC_TIMESTAMP;
        return true;
    }
    for (elc_type type = ELC_INT32; type < ELC_GEOMETRY; type++) {
        if (strcmp(format, elc_layout_of(type)->format) == 0) {
            *out = type;
            return true;
        }
    }
    return false;
}

static bool is_floats(const struct ArrowSchema *column) {
    if (strcmp(column->format, "+l") != 0 || column->n_children != 1 ||
        column->children == NULL || column->children[0] == NULL)
        return false;
    const struct ArrowSchema *item = column->children[0];
    return item->release != NULL && item->format != NULL &&
           strcmp(item->format, "f") == 0 && item->dictionary == NULL &&
           item->n_children == 0;
}

elc_status elc_schema_type(const struct ArrowSchema *column, elc_type *out,
                           elc_error *err) {
    if (column == NULL || column->release == NULL || column->format == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "schema: a column that is released or has no format");
    const char *name = column->name == NULL ? "" : column->name;
    elc_type type;
    if (column->dictionary != NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "column \"%s\": dictionary-encoded; decode it first", name);
    if (is_floats(column)) {
        *out = ELC_FLOATS;
        return ELC_OK;
    }
    if (!type_of_format(column->format, &type) || column->n_children != 0)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "column \"%s\": Arrow format \"%.40s\" is not among int32, int64, "
            "float32, float64, bool, utf8, binary, date32, timestamp[us, UTC] and "
            "list<float32>; cast it first",
            name, column->format);
    *out = type == ELC_BINARY && is_wkb(column) ? ELC_GEOMETRY : type;
    return ELC_OK;
}

elc_status elc_schema_crs(const struct ArrowSchema *column, char **out,
                          elc_error *err) {
    return elc_metadata_crs(elc_metadata_find(column->metadata, ELC_EXTENSION_METADATA),
                            out, err);
}
