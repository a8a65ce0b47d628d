/* sides.c - rows of side tables, put aside as they come by. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_A_BATCH = 4096 };

typedef struct {
    const elc_output *output;
    struct ArrowSchema schema;
    int64_t *from; /* for each column its index in the frame */
    elc_batch *rows;
    struct ArrowArray *batches;
    size_t n_batches, capacity;
} side;

struct elc_sides {
    const elc_operator *op;
    const elc_frame *frame;
    side *items; /* item i is op->outputs[i + 1] */
    size_t count;
};

/* Column `name` of the stream, else its hidden `_name`. */
static int64_t find_source(const elc_frame *frame, const char *name) {
    int64_t found = elc_columns_find(frame->columns, frame->count, name);
    char hidden[256];
    if (found < 0 &&
        (size_t)snprintf(hidden, sizeof hidden, "_%s", name) < sizeof hidden)
        found = elc_columns_find(frame->columns, frame->count, hidden);
    return found;
}

static elc_status map_columns(side *s, const elc_frame *frame, elc_error *err) {
    ELC_TRY(elc_alloc(s->output->n_columns, sizeof *s->from, &s->from, err));
    for (size_t i = 0; i < s->output->n_columns; i++) {
        const elc_column *column = &s->output->columns[i];
        s->from[i] = find_source(frame, column->name);
        if (s->from[i] < 0 || frame->columns[s->from[i]].type != column->type)
            return elc_fail(err, ELC_E_INTERNAL,
                            "%s: no column carries %s of the table %s as %s; please "
                            "report this",
                            frame->op->name, column->name, s->output->name,
                            elc_type_name(column->type));
    }
    return ELC_OK;
}

/* The CRS of the table's geometry in the stream; NULL when it has none. */
static elc_status find_crs(const side *s, const elc_frame *frame, char **out,
                           elc_error *err) {
    *out = NULL;
    for (size_t i = 0; frame != NULL && i < s->output->n_columns; i++) {
        if (s->output->columns[i].type == ELC_GEOMETRY)
            return elc_schema_crs(frame->schema.children[s->from[i]], out, err);
    }
    return ELC_OK;
}

static elc_status side_fill(side *s, const elc_frame *frame, elc_error *err) {
    const elc_output *output = s->output;
    char *crs;
    if (frame != NULL)
        ELC_TRY(map_columns(s, frame, err));
    ELC_TRY(find_crs(s, frame, &crs, err));
    elc_status status =
        elc_schema_create(output->columns, output->n_columns, crs, &s->schema, err);
    free(crs);
    ELC_TRY(status);
    return elc_batch_create(output->columns, output->n_columns, &s->rows, err);
}

static size_t count_sides(const elc_operator *op) {
    size_t n = 0;
    if (op->outputs == NULL || op->outputs[0].name == NULL)
        return 0;
    while (op->outputs[n + 1].name != NULL)
        n++;
    return n;
}

elc_status elc_sides_create(const elc_operator *op, const elc_frame *frame,
                            elc_sides **out, elc_error *err) {
    elc_sides *sides;
    ELC_TRY(elc_alloc(1, sizeof *sides, &sides, err));
    size_t count = count_sides(op);
    elc_status status = elc_alloc(count, sizeof *sides->items, &sides->items, err);
    sides->op = op;
    sides->frame = frame;
    sides->count = status == ELC_OK ? count : 0;
    for (size_t i = 0; status == ELC_OK && i < count; i++) {
        sides->items[i].output = &op->outputs[i + 1];
        status = side_fill(&sides->items[i], frame, err);
    }
    if (status != ELC_OK) {
        elc_sides_free(sides);
        return status;
    }
    *out = sides;
    return ELC_OK;
}

static void side_clear(side *s) {
    elc_schema_release(&s->schema);
    for (size_t i = 0; i < s->n_batches; i++)
        elc_array_release(&s->batches[i]);
    free(s->batches);
    free(s->from);
    elc_batch_free(s->rows);
}

void elc_sides_free(elc_sides *sides) {
    if (sides == NULL)
        return;
    for (size_t i = 0; i < sides->count; i++)
        side_clear(&sides->items[i]);
    free(sides->items);
    free(sides);
}

elc_status elc_sides_schema(const elc_sides *sides, size_t index,
                            struct ArrowSchema *out, elc_error *err) {
    return elc_schema_clone(&sides->items[index - 1].schema, out, err);
}

static elc_status flush(side *s, elc_error *err) {
    if (elc_batch_rows(s->rows) == 0)
        return ELC_OK;
    ELC_TRY(elc_reserve(&s->batches, &s->capacity, s->n_batches + 1, sizeof *s->batches,
                        err));
    ELC_TRY(elc_batch_finish(s->rows, &s->batches[s->n_batches], err));
    s->n_batches++;
    return ELC_OK;
}

static side *find_side(elc_sides *sides, const char *name, size_t size) {
    for (size_t i = 0; i < sides->count; i++) {
        const char *known = sides->items[i].output->name;
        if (strlen(known) == size && memcmp(known, name, size) == 0)
            return &sides->items[i];
    }
    return NULL;
}

elc_status elc_sides_add(elc_sides *sides, const elc_rows *rows, size_t row,
                         elc_error *err) {
    size_t size;
    const char *name = elc_rows_bytes(rows, (size_t)sides->frame->table, row, &size);
    side *s = find_side(sides, name, size);
    if (s == NULL)
        return elc_fail(
            err, ELC_E_INTERNAL,
            "%s: a row is of the table \"%.*s\", which it does not declare; "
            "please report this",
            sides->op->name, size < 60 ? (int)size : 60, name);
    ELC_TRY(elc_batch_copy_row(s->rows, rows, s->from, row, err));
    return elc_batch_rows(s->rows) < ROWS_A_BATCH ? ELC_OK : flush(s, err);
}

elc_status elc_sides_take(elc_sides *sides, size_t index, struct ArrowArrayStream *out,
                          elc_error *err) {
    if (index < 1 || index > sides->count)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: side table %zu asked for, it has %zu; count from 1",
                        sides->op->name, index, sides->count);
    side *s = &sides->items[index - 1];
    if (s->schema.release == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the table %s was taken already; keep what was given",
                        sides->op->name, s->output->name);
    ELC_TRY(flush(s, err));
    ELC_TRY(elc_stream_of_batches(&s->schema, s->batches, s->n_batches, out, err));
    s->schema.release = NULL;
    s->n_batches = 0;
    return ELC_OK;
}
