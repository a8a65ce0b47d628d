/* like.c - rows with those of another table whose vectors are nearest to theirs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "like.h"

#include <pthread.h>
#include <stdlib.h>

#include "vectors.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, QUERIES = 256, HITS = 1 << 20 };

static const char *const side_names[PART_SIDES] = {"left", "right"};

/* ---- shape ------------------------------------------------------------------------
 */

struct like_shape {
    nearest_wish wish;
    nearest_table table;
    size_t vectors[PART_SIDES]; /* the column of each table */
};

static elc_status no_column(const like_shape *s, int side, elc_error *err) {
    const struct ArrowSchema *schema = &s->table.schemas[side];
    const char **words;
    ELC_TRY(elc_alloc((size_t)schema->n_children + 1, sizeof *words, &words, err));
    for (int64_t i = 0; i < schema->n_children; i++)
        words[i] = schema->children[i]->name;
    const char *near = elc_nearest_word(s->wish.by, words);
    elc_status status =
        elc_fail(err, ELC_E_NOT_FOUND, "the %s table has no column \"%s\"%s%s%s",
                 side_names[side], s->wish.by, near != NULL ? ": did you mean \"" : "",
                 near != NULL ? near : "", near != NULL ? "\"?" : "");
    free(words);
    return status;
}

static elc_status find_vectors(like_shape *s, int side, elc_error *err) {
    elc_type type;
    int64_t column = elc_schema_find(&s->table.schemas[side], s->wish.by);
    if (column < 0)
        return no_column(s, side, err);
    ELC_TRY(elc_schema_type(s->table.schemas[side].children[column], &type, err));
    if (type != ELC_FLOATS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "column \"%s\" of the %s table is %s, no vectors; those that "
                        "featurize gives stay vectors in Parquet",
                        s->wish.by, side_names[side], elc_type_name(type));
    s->vectors[side] = (size_t)column;
    return elc_nearest_table_add(&s->table, side, column, err);
}

static elc_status fill_shape(like_shape *s, const elc_options *options,
                             struct ArrowArrayStream *left,
                             struct ArrowArrayStream *right, elc_error *err) {
    ELC_TRY(elc_nearest_wish_read(options, &s->wish, err));
    ELC_TRY(elc_nearest_table_read(&s->table, left, right, err));
    for (int side = 0; side < PART_SIDES; side++)
        ELC_TRY(find_vectors(s, side, err));
    return elc_nearest_table_end(
        &s->table, (elc_column){.name = "distance", .type = ELC_FLOAT64}, err);
}

elc_status elc_like_shape_create(const elc_options *options,
                                 struct ArrowArrayStream *left,
                                 struct ArrowArrayStream *right, like_shape **out,
                                 elc_error *err) {
    like_shape *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = fill_shape(s, options, left, right, err);
    if (status != ELC_OK) {
        elc_like_shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

void elc_like_shape_free(like_shape *s) {
    if (s == NULL)
        return;
    elc_nearest_table_free(&s->table);
    free(s);
}

/* ---- the right table --------------------------------------------------------------
 */

struct like_shared {
    pthread_mutex_t lock;
    bool read;
    bool told;                 /* of rows of the left table without a vector */
    struct ArrowSchema schema; /* of the table, whose rows borrow it */
    part_held rows;
    nearest_vectors vectors; /* borrow the rows' */
};

elc_status elc_like_shared_create(like_shared **out, elc_error *err) {
    ELC_TRY(elc_alloc(1, sizeof **out, out, err));
    pthread_mutex_init(&(*out)->lock, NULL);
    return ELC_OK;
}

static void drop(like_shared *s) {
    nearest_vectors *vectors = &s->vectors;
    part_held *rows = &s->rows;
    elc_nearest_vectors_free(vectors);
    elc_part_held_free(rows);
    elc_schema_release(&s->schema);
}

void elc_like_shared_free(like_shared *s) {
    if (s == NULL)
        return;
    drop(s);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void warn_right(const like_shape *shape, uint64_t without,
                       const elc_context *context) {
    if (without > 0)
        elc_warn(context,
                 "%llu row%s of the right table %s no vector%s, and %s near to nothing",
                 (unsigned long long)without, without == 1 ? "" : "s",
                 without == 1 ? "has" : "have",
                 shape->wish.cosine ? " with a direction" : "",
                 without == 1 ? "is" : "are");
}

/* Once: each batch may be another thread's, so that nobody knows how many they are. */
static void warn_left(like_shared *s, const like_shape *shape, uint64_t without,
                      const elc_context *context) {
    pthread_mutex_lock(&s->lock);
    bool now = without > 0 && !s->told;
    s->told |= now;
    pthread_mutex_unlock(&s->lock);
    if (now)
        elc_warn(context,
                 "there are rows of the left table that have no vector%s, and are near "
                 "to nothing",
                 shape->wish.cosine ? " with a direction" : "");
}

static elc_status read_right(like_shared *s, const like_shape *shape,
                             struct ArrowArrayStream *right, const elc_context *context,
                             elc_error *err) {
    uint64_t without = 0;
    part_held *rows = &s->rows;
    s->vectors.cosine = shape->wish.cosine;
    ELC_TRY(elc_stream_schema(right, &s->schema, err));
    ELC_TRY(elc_part_held_read(rows, right, &s->schema, context, err));
    for (size_t i = 0; i < rows->count; i++)
        ELC_TRY(elc_nearest_vectors_add(
            &s->vectors, rows->batches[i].rows, shape->vectors[PART_RIGHT],
            rows->batches[i].first, side_names[PART_RIGHT], &without, err));
    warn_right(shape, without, context);
    return ELC_OK;
}

elc_status elc_like_shared_read(like_shared *s, const elc_call *call,
                                const like_shape *shape, struct ArrowArrayStream *right,
                                elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&s->lock);
    if (!s->read) {
        status = read_right(s, shape, right, call->context, err);
        s->read = status == ELC_OK;
        if (status != ELC_OK)
            drop(s);
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* ---- rows -------------------------------------------------------------------------
 */

typedef struct like {
    const elc_call *call;
    like_shape *shape;
    like_shared *shared;
    struct ArrowArrayStream left;
    struct ArrowArray array;
    elc_rows *rows; /* of the left batch; NULL: the next is to be read */
    nearest_vectors queries;
    size_t query, searched; /* queries up to `searched` have been looked for */
    size_t block;           /* of them at a time, */
    vectors_near *near;     /* k each, */
    size_t *counts;         /* found, */
    size_t first;           /* from this query on */
    size_t row, given;      /* of the batch, and of its hits */
    size_t before;          /* rows of earlier batches */
    bool ended;
    elc_batch *out;
    elc_progress progress;
} like;

static void drop_batch(like *l) {
    nearest_vectors *queries = &l->queries;
    elc_rows_free(l->rows);
    l->rows = NULL;
    elc_nearest_vectors_free(queries);
    elc_array_release(&l->array);
}

static elc_status next_batch(like *l, elc_error *err) {
    uint64_t without = 0;
    if (l->rows != NULL)
        l->before += elc_rows_count(l->rows);
    drop_batch(l);
    ELC_TRY(elc_stream_next(&l->left, &l->array, err));
    l->ended = l->array.release == NULL;
    if (l->ended)
        return ELC_OK;
    ELC_TRY(
        elc_rows_view(&l->shape->table.schemas[PART_LEFT], &l->array, &l->rows, err));
    l->queries.cosine = l->shape->wish.cosine;
    l->row = l->given = l->query = l->searched = l->first = 0;
    ELC_TRY(elc_nearest_vectors_add(&l->queries, l->rows, l->shape->vectors[PART_LEFT],
                                    l->before, side_names[PART_LEFT], &without, err));
    warn_left(l->shared, l->shape, without, l->call->context);
    return ELC_OK;
}

static elc_status copy_left(like *l, elc_error *err) {
    return elc_batch_copy_cells(l->out, l->rows, l->shape->table.from[PART_LEFT],
                                l->row, err);
}

static elc_status search_block(like *l, elc_error *err) {
    size_t left = l->queries.count - l->query;
    l->first = l->query;
    l->searched = l->query + (left < l->block ? left : l->block);
    vectors_question ask = {l->first, l->searched, l->shape->wish.k,
                            l->shape->wish.most};
    return elc_nearest_vectors_find(&l->shared->vectors, &l->queries, &ask,
                                    l->call->context, l->near, l->counts, err);
}

static elc_status give_hit(like *l, const vectors_near *hit, elc_error *err) {
    size_t row;
    const elc_rows *rows = elc_part_held_row(&l->shared->rows, hit->row, &row);
    ELC_TRY(copy_left(l, err));
    ELC_TRY(
        elc_batch_copy_cells(l->out, rows, l->shape->table.from[PART_RIGHT], row, err));
    ELC_TRY(elc_batch_real(l->out, l->shape->table.out_distance, hit->distance, err));
    ELC_TRY(
        elc_batch_int(l->out, l->shape->table.out_rank, (int64_t)l->given + 1, err));
    return elc_batch_end_row(l->out, err);
}

static elc_status end_row(like *l, bool asked, elc_error *err) {
    if (l->given == 0 && l->shape->wish.keeps) {
        ELC_TRY(copy_left(l, err));
        ELC_TRY(elc_batch_end_row(l->out, err));
    }
    l->query += asked;
    l->row++;
    l->given = 0;
    l->progress.done++;
    return ELC_OK;
}

/* Queries are the rows with a vector, in the rows' order. */
static elc_status step(like *l, elc_error *err) {
    if (l->rows == NULL || l->row == elc_rows_count(l->rows))
        return next_batch(l, err);
    bool asked =
        l->query < l->queries.count && l->queries.rows[l->query] == l->before + l->row;
    if (asked && l->query == l->searched)
        ELC_TRY(search_block(l, err));
    size_t at = l->query - l->first;
    if (asked && l->given < l->counts[at]) {
        ELC_TRY(give_hit(l, &l->near[at * l->shape->wish.k + l->given], err));
        l->given++;
        return ELC_OK;
    }
    return end_row(l, asked, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    like *l = state;
    ELC_TRY(elc_check_cancel(l->call->context, err));
    while (!l->ended && elc_batch_rows(l->out) < ROWS_A_BATCH &&
           elc_batch_size(l->out) < BYTES_A_BATCH)
        ELC_TRY(step(l, err));
    size_t rows = elc_batch_rows(l->out);
    l->progress.found += rows;
    elc_report(l->call->context, &l->progress);
    return rows > 0 ? elc_batch_finish(l->out, out, err) : ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static void like_free(void *state) {
    like *l = state;
    drop_batch(l);
    elc_stream_release(&l->left);
    free(l->near);
    free(l->counts);
    elc_batch_free(l->out);
    elc_like_shape_free(l->shape);
    free(l);
}

static elc_status fill(like *l, const like_shape *shape, struct ArrowSchema *schema,
                       elc_error *err) {
    size_t k = shape->wish.k;
    l->block = HITS / k < QUERIES ? HITS / k : QUERIES;
    ELC_TRY(elc_alloc(l->block * k, sizeof *l->near, &l->near, err));
    ELC_TRY(elc_alloc(l->block, sizeof *l->counts, &l->counts, err));
    ELC_TRY(elc_batch_create(shape->table.columns.items, shape->table.columns.count,
                             &l->out, err));
    return elc_part_columns_schema(&shape->table.columns, schema, err);
}

elc_status elc_like_rows(const elc_call *call, like_shape *shape, like_shared *shared,
                         struct ArrowArrayStream *left, struct ArrowArrayStream *out,
                         elc_error *err) {
    like *l;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->call = call;
    l->shared = shared;
    l->progress.unit = "rows";
    elc_status status = fill(l, shape, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, like_free, l}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        like_free(l);
        return status;
    }
    l->shape = shape;
    l->left = *left;
    left->release = NULL;
    return ELC_OK;
}
