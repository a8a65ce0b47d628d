/* run.c - the table that dedupe gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <stdlib.h>

#include "groups.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 64 << 20 };

typedef struct running {
    dedupe_wish wish;
    const elc_context *context;
    struct ArrowArrayStream in;
    dedupe_table table;
    elc_column *columns; /* of the output: the input's, then n_images */
    int64_t *from;
    size_t n_columns;
    elc_batch *out;
    bool is_read;
    size_t batch, row; /* the next one to look at */
    elc_progress progress;
} running;

/* ---- columns -------------------------------------------------------------------- */

static bool stays(const running *r, int64_t column) {
    const char *name = r->table.schema.children[column]->name;
    bool named = name != NULL && name[0] != '\0';
    return named && (name[0] != '_' || r->wish.hidden) &&
           column != r->table.columns[DEDUPE_SEEN];
}

static elc_status take_columns(running *r, elc_error *err) {
    const struct ArrowSchema *schema = &r->table.schema;
    size_t n = (size_t)schema->n_children + 1;
    ELC_TRY(elc_alloc(n, sizeof *r->columns, &r->columns, err));
    ELC_TRY(elc_alloc(n, sizeof *r->from, &r->from, err));
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (!stays(r, i))
            continue;
        elc_column *column = &r->columns[r->n_columns];
        column->name = schema->children[i]->name;
        ELC_TRY(elc_schema_type(schema->children[i], &column->type, err));
        r->from[r->n_columns++] = i;
    }
    r->columns[r->n_columns] = (elc_column){.name = "n_images", .type = ELC_INT32};
    r->from[r->n_columns++] = -1;
    return elc_batch_create(r->columns, r->n_columns, &r->out, err);
}

/* The columns keep all that the table says of them. */
static elc_status schema_of(const running *r, struct ArrowSchema *out, elc_error *err) {
    struct ArrowSchema made;
    elc_status status = ELC_OK;
    ELC_TRY(elc_schema_create(r->columns, r->n_columns, NULL, &made, err));
    for (size_t i = 0; i + 1 < r->n_columns && status == ELC_OK; i++) {
        struct ArrowSchema column = *r->table.schema.children[r->from[i]];
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

/* ---- what is told --------------------------------------------------------------- */

static void warn_of_rows(const running *r) {
    const dedupe_table *t = &r->table;
    size_t rows = t->n_rows - t->n_images;
    if (t->n_lost > 0)
        elc_warn(r->context,
                 "%zu of %zu rows have no place or no image: they stay as they are",
                 t->n_lost, rows);
    if (t->n_timeless > 0 && r->wish.rule.within_us >= 0)
        elc_warn(r->context,
                 "%zu of %zu rows have no time: they are compared whatever the times "
                 "of others, so that vehicles that have moved since count as they are",
                 t->n_timeless, rows);
}

/* Rows without any measure of how far they may be off meet only at one very point. */
static elc_status check_sizes(const running *r, elc_error *err) {
    const dedupe_table *t = &r->table;
    if (t->n_sizeless == 0 || r->wish.rule.tolerance_m >= 0)
        return ELC_OK;
    if (t->n_sizeless == t->n_placed)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the rows have neither sizes nor position errors, which say how "
            "far apart one object may be seen; give --tolerance METRES");
    elc_warn(r->context,
             "%zu of %zu rows have neither size nor position error: give --tolerance",
             t->n_sizeless, t->n_placed);
    return ELC_OK;
}

static void warn_of_edges(const running *r, uint64_t joined) {
    if (joined > 0 && r->table.edges.n_known == 0)
        elc_warn(
            r->context,
            "where images end is not known: of what several images show (%llu) the "
            "row of the best score is kept, not that of the image whose edge is "
            "farthest, and what an edge cuts may be there twice; give --images",
            (unsigned long long)joined);
}

/* ---- rows ----------------------------------------------------------------------- */

static elc_status group_rows(running *r, elc_error *err) {
    rule_book book;
    uint64_t joined;
    ELC_TRY(elc_rule_book_create(&r->wish.rule, &r->table, r->context, &book, err));
    elc_status status = elc_dedupe_groups(&book, r->context, &joined, err);
    elc_rule_book_free(&book);
    if (status == ELC_OK)
        warn_of_edges(r, joined);
    return status;
}

static elc_status read_table(running *r, elc_error *err) {
    r->is_read = true;
    ELC_TRY(elc_dedupe_table_read(&r->in, r->context, &r->table, err));
    warn_of_rows(r);
    ELC_TRY(check_sizes(r, err));
    if (r->wish.images != NULL)
        ELC_TRY(elc_edges_read(r->wish.images, &r->table.images, r->context,
                               &r->table.edges, err));
    return group_rows(r, err);
}

static elc_status add_row(running *r, const dedupe_batch *batch, size_t row,
                          elc_error *err) {
    int32_t seen = r->table.seen[batch->first + row];
    if (seen == 0)
        return ELC_OK;
    if (seen > 0)
        ELC_TRY(elc_batch_int(r->out, r->n_columns - 1, seen, err));
    return elc_batch_copy_row(r->out, batch->rows, r->from, row, err);
}

static bool is_full(const running *r) {
    return elc_batch_rows(r->out) >= ROWS_A_BATCH ||
           elc_batch_size(r->out) >= BYTES_A_BATCH;
}

/* A batch that has been looked through is let go. */
static elc_status take_batch(running *r, elc_error *err) {
    dedupe_batch *batch = &r->table.batches[r->batch];
    for (; r->row < elc_rows_count(batch->rows) && !is_full(r); r->row++)
        ELC_TRY(add_row(r, batch, r->row, err));
    if (r->row < elc_rows_count(batch->rows))
        return ELC_OK;
    r->progress.done += r->row;
    r->row = 0;
    r->batch++;
    elc_rows_free(batch->rows);
    elc_array_release(&batch->array);
    batch->rows = NULL;
    return ELC_OK;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    running *r = state;
    if (!r->is_read)
        ELC_TRY(read_table(r, err));
    ELC_TRY(elc_check_cancel(r->context, err));
    while (r->batch < r->table.n_batches && !is_full(r))
        ELC_TRY(take_batch(r, err));
    size_t rows = elc_batch_rows(r->out);
    r->progress.found += rows;
    if (!r->wish.hidden) /* else it is another's work that is told of */
        elc_report(r->context, &r->progress);
    return rows > 0 ? elc_batch_finish(r->out, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void running_free(void *state) {
    running *r = state;
    elc_stream_release(&r->in);
    elc_dedupe_table_free(&r->table);
    elc_batch_free(r->out);
    free(r->columns);
    free(r->from);
    free(r);
}

static elc_status running_fill(running *r, struct ArrowArrayStream *in,
                               struct ArrowSchema *schema, elc_error *err) {
    struct ArrowSchema given = {0};
    ELC_TRY(elc_stream_schema(in, &given, err));
    elc_status status = elc_dedupe_table_shape(&given, &r->table, err);
    elc_schema_release(&given);
    ELC_TRY(status);
    r->table.any_time = r->wish.rule.within_us < 0;
    r->table.any_class = r->wish.rule.across_classes;
    ELC_TRY(take_columns(r, err));
    return schema_of(r, schema, err);
}

elc_status elc_dedupe_stream(const dedupe_wish *wish, const elc_context *context,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    running *r;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->wish = *wish;
    r->context = context;
    r->progress.unit = "rows";
    elc_status status = running_fill(r, in, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, running_free, r}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        running_free(r);
        return status;
    }
    r->in = *in;
    in->release = NULL;
    return ELC_OK;
}
