/* frame.c - the columns of a call's part streams, seen and hidden. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

static bool is_hidden(const char *name) {
    return name[0] == '_';
}

int64_t elc_columns_find(const elc_column *columns, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, name) == 0)
            return (int64_t)i;
    }
    return -1;
}

/* ---- making --------------------------------------------------------------------- */

static elc_status read_columns(elc_frame *frame, elc_error *err) {
    size_t n = (size_t)frame->schema.n_children;
    ELC_TRY(elc_alloc(n, sizeof *frame->columns, &frame->columns, err));
    ELC_TRY(elc_alloc(n, sizeof *frame->seen, &frame->seen, err));
    for (size_t i = 0; i < n; i++) {
        const struct ArrowSchema *child = frame->schema.children[i];
        elc_column *column = &frame->columns[i];
        column->name = child->name != NULL ? child->name : "";
        ELC_TRY(elc_schema_type(child, &column->type, err));
        if (!is_hidden(column->name))
            frame->seen[frame->n_seen++] = i;
    }
    frame->count = n;
    return ELC_OK;
}

/* The index of a column that the runner reads; -1 when there is none. */
static elc_status find_hidden(const elc_frame *frame, const char *name, elc_type type,
                              bool needed, int64_t *out, elc_error *err) {
    *out = elc_columns_find(frame->columns, frame->count, name);
    if (*out < 0 && needed)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: gives no column %s, which it needs as it combines; please "
                        "report this",
                        frame->op->name, name);
    if (*out >= 0 && frame->columns[*out].type != type)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: column %s is %s, not %s; please report this",
                        frame->op->name, name, elc_type_name(frame->columns[*out].type),
                        elc_type_name(type));
    return ELC_OK;
}

static elc_status fill(elc_frame *frame, elc_error *err) {
    bool combines = frame->op->combine != NULL;
    ELC_TRY(read_columns(frame, err));
    ELC_TRY(find_hidden(frame, "_group", ELC_UTF8, combines, &frame->group, err));
    ELC_TRY(find_hidden(frame, "_order", ELC_BINARY, combines, &frame->order, err));
    return find_hidden(frame, "_table", ELC_UTF8, false, &frame->table, err);
}

elc_status elc_frame_create(const elc_operator *op, struct ArrowSchema *schema,
                            elc_frame **out, elc_error *err) {
    elc_frame *frame;
    ELC_TRY(elc_alloc(1, sizeof *frame, &frame, err));
    frame->op = op;
    frame->schema = *schema;
    elc_status status = fill(frame, err);
    if (status != ELC_OK) {
        frame->schema.release = NULL; /* still the caller's */
        elc_frame_free(frame);
        return status;
    }
    schema->release = NULL;
    *out = frame;
    return ELC_OK;
}

void elc_frame_free(elc_frame *frame) {
    if (frame == NULL)
        return;
    elc_schema_release(&frame->schema);
    free(frame->columns);
    free(frame->seen);
    free(frame);
}

/* ---- comparing ------------------------------------------------------------------ */

/* Arrow's metadata: an int32 count of pairs, each an int32 size and as many bytes,
 * twice. */
static bool same_metadata(const char *a, const char *b) {
    int32_t pairs, size;
    if (a == NULL || b == NULL)
        return a == b;
    if (memcmp(a, b, sizeof pairs) != 0)
        return false;
    memcpy(&pairs, a, sizeof pairs);
    size_t at = sizeof pairs;
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++, at += (size_t)size) {
        memcpy(&size, a + at, sizeof size);
        if (size < 0 || memcmp(a + at, b + at, sizeof size) != 0)
            return false;
        at += sizeof size;
        if (memcmp(a + at, b + at, (size_t)size) != 0)
            return false;
    }
    return true;
}

static elc_status same_crs(const elc_frame *frame, size_t i,
                           const struct ArrowSchema *column, elc_error *err) {
    char *ours = NULL, *theirs = NULL;
    if (same_metadata(frame->schema.children[i]->metadata, column->metadata))
        return ELC_OK;
    elc_status status = elc_schema_crs(frame->schema.children[i], &ours, err);
    if (status == ELC_OK)
        status = elc_schema_crs(column, &theirs, err);
    if (status == ELC_OK && strcmp(ours, theirs) != 0)
        status =
            elc_fail(err, ELC_E_INTERNAL,
                     "%s: parts differ in the CRS of column %s; please report this",
                     frame->op->name, frame->columns[i].name);
    free(ours);
    free(theirs);
    return status;
}

static elc_status same_column(const elc_frame *frame, size_t i,
                              const struct ArrowSchema *column, elc_error *err) {
    const elc_column *ours = &frame->columns[i];
    const char *name = column->name != NULL ? column->name : "";
    elc_type type;
    ELC_TRY(elc_schema_type(column, &type, err));
    if (strcmp(name, ours->name) != 0 || type != ours->type)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: column %zu is %s %s in one part, %s %s in another; please "
                        "report this",
                        frame->op->name, i, elc_type_name(ours->type), ours->name,
                        elc_type_name(type), name);
    return type == ELC_GEOMETRY ? same_crs(frame, i, column, err) : ELC_OK;
}

elc_status elc_frame_check(const elc_frame *frame, const struct ArrowSchema *schema,
                           elc_error *err) {
    if ((size_t)schema->n_children != frame->count)
        return elc_fail(
            err, ELC_E_INTERNAL,
            "%s: one part has %zu columns, another %lld; please report this",
            frame->op->name, frame->count, (long long)schema->n_children);
    for (size_t i = 0; i < frame->count; i++)
        ELC_TRY(same_column(frame, i, schema->children[i], err));
    return ELC_OK;
}

/* ---- seen columns only ---------------------------------------------------------- */

void elc_frame_seen_columns(const elc_frame *frame, elc_column *out) {
    for (size_t i = 0; i < frame->n_seen; i++)
        out[i] = frame->columns[frame->seen[i]];
}

elc_status elc_frame_seen_schema(const elc_frame *frame, struct ArrowSchema *out,
                                 elc_error *err) {
    return elc_schema_seen(&frame->schema, out, err);
}

/* A struct array that owns only the structs of its children. */
typedef struct {
    const void *buffers[1];
    struct ArrowArray *room;
    struct ArrowArray **children;
} stripped;

static void stripped_free(stripped *s) {
    free(s->room);
    free(s->children);
    free(s);
}

static void stripped_release(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        elc_array_release(array->children[i]);
    stripped_free(array->private_data);
    array->release = NULL;
}

static elc_status stripped_create(size_t n, stripped **out, elc_error *err) {
    stripped *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = elc_alloc(n, sizeof *s->room, &s->room, err);
    if (status == ELC_OK)
        status = elc_alloc(n, sizeof *s->children, &s->children, err);
    if (status != ELC_OK) {
        stripped_free(s);
        return status;
    }
    for (size_t i = 0; i < n; i++)
        s->children[i] = &s->room[i];
    *out = s;
    return ELC_OK;
}

bool elc_frame_strippable(const elc_frame *frame, const struct ArrowArray *batch) {
    return batch->offset == 0 && batch->null_count == 0 &&
           (size_t)batch->n_children == frame->count;
}

elc_status elc_frame_strip(const elc_frame *frame, struct ArrowArray *batch,
                           struct ArrowArray *out, elc_error *err) {
    if (frame->n_seen == frame->count) {
        *out = *batch;
        batch->release = NULL;
        return ELC_OK;
    }
    stripped *s;
    ELC_TRY(stripped_create(frame->n_seen, &s, err));
    for (size_t i = 0; i < frame->n_seen; i++) {
        struct ArrowArray *child = batch->children[frame->seen[i]];
        s->room[i] = *child;
        child->release = NULL;
    }
    *out = (struct ArrowArray){
        .length = batch->length,
        .n_buffers = 1,
        .n_children = (int64_t)frame->n_seen,
        .buffers = s->buffers,
        .children = s->children,
        .release = stripped_release,
        .private_data = s,
    };
    elc_array_release(batch);
    return ELC_OK;
}
