/* settle.c - the rows of a scope's parts to the rows of the table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "settle.h"

#include "combine.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_A_BATCH = 4096, FEW_ROWS = 512, BYTES_A_BATCH = 4 << 20 };
enum { FOLD_ROWS = 1 << 16 };

/* A batch with rows that are held; `rows` borrows from it. */
typedef struct {
    struct ArrowArray batch;
    elc_rows *rows;
} held_batch;

/* A held row that is final. */
typedef struct {
    const char *order;
    size_t size;
    size_t came; /* equal orders leave as they came */
    const elc_rows *rows;
    size_t row;
} held_row;

struct elc_settler {
    const elc_call *call;
    const elc_frame *frame;
    elc_sides *sides;
    bool holds;
    elc_batch *leaving; /* seen columns */
    elc_batch *group;   /* all columns: the rows of one group */
    elc_batch *whole;   /* all columns: rows to be held */
    int64_t *seen;      /* where the seen columns lie in the frame */
    int64_t *all;       /* 0, 1, 2, ... */
    elc_string last;    /* `_order` of the last row that left in this scope */
    bool any_left;
    held_batch **batches;
    size_t n_batches, batches_capacity;
    held_row *rows;
    size_t n_rows, rows_capacity, next_row;
    elc_groups groups;
    size_t fold_at; /* rows of groups, from which on they are folded */
};

/* ---- life ----------------------------------------------------------------------- */

static elc_status fill_maps(elc_settler *s, elc_error *err) {
    const elc_frame *frame = s->frame;
    ELC_TRY(elc_alloc(frame->n_seen, sizeof *s->seen, &s->seen, err));
    ELC_TRY(elc_alloc(frame->count, sizeof *s->all, &s->all, err));
    for (size_t i = 0; i < frame->n_seen; i++)
        s->seen[i] = (int64_t)frame->seen[i];
    for (size_t i = 0; i < frame->count; i++)
        s->all[i] = (int64_t)i;
    return ELC_OK;
}

static elc_status fill_builders(elc_settler *s, elc_error *err) {
    const elc_frame *frame = s->frame;
    elc_column *seen;
    ELC_TRY(elc_alloc(frame->n_seen, sizeof *seen, &seen, err));
    elc_frame_seen_columns(frame, seen);
    elc_status status = elc_batch_create(seen, frame->n_seen, &s->leaving, err);
    free(seen);
    ELC_TRY(status);
    ELC_TRY(elc_batch_create(frame->columns, frame->count, &s->group, err));
    return elc_batch_create(frame->columns, frame->count, &s->whole, err);
}

elc_status elc_settler_create(const elc_call *call, const elc_frame *frame,
                              elc_sides *sides, elc_settler **out, elc_error *err) {
    elc_settler *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->call = call;
    s->frame = frame;
    s->sides = sides;
    elc_status status = fill_maps(s, err);
    if (status == ELC_OK)
        status = fill_builders(s, err);
    if (status != ELC_OK) {
        elc_settler_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

static void held_free(held_batch *held) {
    if (held == NULL)
        return;
    elc_rows_free(held->rows);
    elc_array_release(&held->batch);
    free(held);
}

static void forget_scope(elc_settler *s) {
    for (size_t i = 0; i < s->n_batches; i++)
        held_free(s->batches[i]);
    free(s->batches);
    free(s->rows);
    elc_groups_clear(&s->groups);
    s->batches = NULL;
    s->rows = NULL;
    s->n_batches = s->batches_capacity = 0;
    s->n_rows = s->rows_capacity = s->next_row = 0;
    s->any_left = false;
    s->fold_at = FOLD_ROWS;
}

void elc_settler_free(elc_settler *s) {
    if (s == NULL)
        return;
    forget_scope(s);
    elc_batch_free(s->leaving);
    elc_batch_free(s->group);
    elc_batch_free(s->whole);
    elc_string_free(&s->last);
    free(s->seen);
    free(s->all);
    free(s);
}

void elc_settler_begin(elc_settler *s, bool alone) {
    forget_scope(s);
    s->holds = s->frame->op->combine != NULL && !alone;
}

/* ---- order ---------------------------------------------------------------------- */

static int compare_bytes(const char *a, size_t na, const char *b, size_t nb) {
    size_t n = na < nb ? na : nb;
    int sign = n > 0 ? memcmp(a, b, n) : 0;
    return sign != 0 ? sign : (na > nb) - (na < nb);
}

static int compare_rows(const void *a, const void *b) {
    const held_row *x = a, *y = b;
    int sign = compare_bytes(x->order, x->size, y->order, y->size);
    return sign != 0 ? sign : (x->came > y->came) - (x->came < y->came);
}

/* Notes the order of a row that leaves; it may not lie before one that has left. */
static elc_status note_left(elc_settler *s, const char *order, size_t size,
                            elc_error *err) {
    if (s->any_left && compare_bytes(s->last.data, s->last.size, order, size) > 0)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: a row's _order lies before that of a row already given; "
                        "please report this",
                        s->frame->op->name);
    s->any_left = true;
    s->last.size = 0;
    return elc_string_append(&s->last, order, size, err);
}

/* ---- rows that come ------------------------------------------------------------- */

static elc_status hold_batch(elc_settler *s, held_batch *held, elc_error *err) {
    ELC_TRY(elc_reserve(&s->batches, &s->batches_capacity, s->n_batches + 1,
                        sizeof *s->batches, err));
    s->batches[s->n_batches++] = held;
    return ELC_OK;
}

static elc_status hold_row(elc_settler *s, const elc_rows *rows, size_t row,
                           elc_error *err) {
    ELC_TRY(
        elc_reserve(&s->rows, &s->rows_capacity, s->n_rows + 1, sizeof *s->rows, err));
    held_row *held = &s->rows[s->n_rows];
    *held = (held_row){.came = s->n_rows++, .rows = rows, .row = row};
    held->order = elc_rows_bytes(rows, (size_t)s->frame->order, row, &held->size);
    return ELC_OK;
}

static elc_status leave(elc_settler *s, const elc_rows *rows, size_t row,
                        elc_error *err) {
    if (s->frame->op->combine != NULL) {
        size_t size;
        const char *order = elc_rows_bytes(rows, (size_t)s->frame->order, row, &size);
        ELC_TRY(note_left(s, order, size, err));
    }
    return elc_batch_copy_row(s->leaving, rows, s->seen, row, err);
}

static bool is_set(int64_t column, const elc_rows *rows, size_t row) {
    return column >= 0 && !elc_rows_null(rows, (size_t)column, row);
}

static elc_status add_row(elc_settler *s, const elc_rows *rows, size_t row,
                          elc_error *err) {
    if (s->frame->op->combine != NULL && is_set(s->frame->group, rows, row)) {
        s->holds = true;
        return elc_groups_add(&s->groups, rows, (size_t)s->frame->group, row, err);
    }
    if (is_set(s->frame->table, rows, row))
        return s->sides != NULL ? elc_sides_add(s->sides, rows, row, err) : ELC_OK;
    return s->holds ? hold_row(s, rows, row, err) : leave(s, rows, row, err);
}

static elc_status add_rows(elc_settler *s, const elc_rows *rows, elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(rows); row++)
        ELC_TRY(add_row(s, rows, row, err));
    return ELC_OK;
}

/* Moves the batch to the heap, where its view can borrow from it. */
static elc_status view(const elc_settler *s, struct ArrowArray *batch, held_batch **out,
                       elc_error *err) {
    held_batch *held;
    ELC_TRY(elc_alloc(1, sizeof *held, &held, err));
    held->batch = *batch;
    batch->release = NULL;
    elc_status status =
        elc_rows_view(&s->frame->schema, &held->batch, &held->rows, err);
    if (status != ELC_OK) {
        held_free(held);
        return status;
    }
    *out = held;
    return ELC_OK;
}

/* The rows that `whole` has gathered go their way. */
static elc_status hold_whole(elc_settler *s, elc_error *err) {
    struct ArrowArray batch = {0};
    held_batch *held;
    if (elc_batch_rows(s->whole) == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_finish(s->whole, &batch, err));
    ELC_TRY(view(s, &batch, &held, err));
    elc_status status = hold_batch(s, held, err);
    if (status != ELC_OK) {
        held_free(held);
        return status;
    }
    return add_rows(s, held->rows, err);
}

/* Small batches are held together, since each alone takes kilobytes. */
static elc_status gather(elc_settler *s, const elc_rows *rows, elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(rows); row++)
        ELC_TRY(elc_batch_copy_row(s->whole, rows, s->all, row, err));
    bool full = elc_batch_rows(s->whole) >= ROWS_A_BATCH ||
                elc_batch_size(s->whole) >= BYTES_A_BATCH;
    return full ? hold_whole(s, err) : ELC_OK;
}

/* True when all rows of the batch are rows of the table that leave at once. */
static bool all_leave(const elc_settler *s, const elc_rows *rows) {
    if (s->holds)
        return false;
    bool combines = s->frame->op->combine != NULL;
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        if (is_set(s->frame->table, rows, row) ||
            (combines && is_set(s->frame->group, rows, row)))
            return false;
    }
    return true;
}

static elc_status note_all(elc_settler *s, const elc_rows *rows, elc_error *err) {
    for (size_t row = 0; s->frame->op->combine != NULL && row < elc_rows_count(rows);
         row++) {
        size_t size;
        const char *order = elc_rows_bytes(rows, (size_t)s->frame->order, row, &size);
        ELC_TRY(note_left(s, order, size, err));
    }
    return ELC_OK;
}

/* Each row its way; the batch lives on in the settler when one of its rows is held. */
static elc_status split(elc_settler *s, held_batch *held, struct ArrowArray *out,
                        elc_error *err) {
    elc_status status = hold_whole(s, err);
    if (status == ELC_OK)
        status = hold_batch(s, held, err);
    if (status != ELC_OK) {
        held_free(held);
        return status;
    }
    ELC_TRY(add_rows(s, held->rows, err));
    if (!s->holds) {
        s->n_batches--;
        held_free(held);
    }
    return elc_batch_rows(s->leaving) > 0 ? elc_batch_finish(s->leaving, out, err)
                                          : ELC_OK;
}

static elc_status add_viewed(elc_settler *s, struct ArrowArray *batch,
                             struct ArrowArray *out, elc_error *err) {
    held_batch *held;
    elc_status status = ELC_OK;
    ELC_TRY(view(s, batch, &held, err));
    if (s->holds && elc_rows_count(held->rows) < FEW_ROWS) {
        status = gather(s, held->rows, err);
    } else if (!all_leave(s, held->rows) ||
               !elc_frame_strippable(s->frame, &held->batch)) {
        return split(s, held, out, err);
    } else {
        status = note_all(s, held->rows, err);
        if (status == ELC_OK)
            status = elc_frame_strip(s->frame, &held->batch, out, err);
    }
    held_free(held);
    return status;
}

/* ---- groups --------------------------------------------------------------------- */

/* `groups` are s->groups, or what a fold has taken from there. */
static elc_status combine_groups(elc_settler *s, const elc_groups *groups, bool folding,
                                 elc_error *err) {
    int64_t *from;
    elc_status status = ELC_OK;
    elc_combiner combiner = {s->call, s->frame, s->group, s->all};
    ELC_TRY(elc_alloc(s->frame->count, sizeof *from, &from, err));
    for (size_t i = 0; status == ELC_OK && i < groups->count; i++) {
        status = elc_combine_group(&combiner, groups, &groups->items[i], folding, from,
                                   s->whole, err);
        if (status == ELC_OK && elc_batch_rows(s->whole) >= ROWS_A_BATCH)
            status = hold_whole(s, err);
    }
    free(from);
    return status == ELC_OK ? hold_whole(s, err) : status;
}

/* Puts what combine gives for the rows of each group so far in their place. Only where
   nothing else is held, since batches go as a whole. */
static elc_status fold(elc_settler *s, elc_error *err) {
    ELC_TRY(hold_whole(s, err));
    elc_groups groups = s->groups;
    held_batch **batches = s->batches;
    size_t n = s->n_batches;
    s->groups = (elc_groups){0};
    s->batches = NULL;
    s->n_batches = s->batches_capacity = 0;
    elc_status status = combine_groups(s, &groups, true, err);
    elc_groups_clear(&groups);
    for (size_t i = 0; i < n; i++)
        held_free(batches[i]);
    free(batches);
    s->fold_at = s->groups.n_rows * 4 > FOLD_ROWS ? s->groups.n_rows * 4 : FOLD_ROWS;
    return status;
}

static elc_status fold_many(elc_settler *s, elc_error *err) {
    bool many = s->groups.n_rows >= s->fold_at && s->n_rows == 0;
    return s->frame->op->folds && many ? fold(s, err) : ELC_OK;
}

elc_status elc_settler_add(elc_settler *s, struct ArrowArray *batch,
                           struct ArrowArray *out, elc_error *err) {
    struct ArrowArray given = {0};
    bool plain = s->frame->op->combine == NULL && s->frame->table < 0 &&
                 elc_frame_strippable(s->frame, batch);
    elc_status status = plain ? elc_frame_strip(s->frame, batch, &given, err)
                              : add_viewed(s, batch, &given, err);
    elc_array_release(batch);
    if (status == ELC_OK)
        status = fold_many(s, err);
    if (status == ELC_OK)
        *out = given;
    else
        elc_array_release(&given);
    return status;
}

/* ---- rows that leave ------------------------------------------------------------ */

elc_status elc_settler_end(elc_settler *s, elc_error *err) {
    ELC_TRY(hold_whole(s, err));
    ELC_TRY(combine_groups(s, &s->groups, false, err));
    elc_groups_clear(&s->groups);
    if (s->n_rows > 0)
        qsort(s->rows, s->n_rows, sizeof *s->rows, compare_rows);
    return ELC_OK;
}

elc_status elc_settler_next(elc_settler *s, struct ArrowArray *out, elc_error *err) {
    out->release = NULL;
    ELC_TRY(elc_check_cancel(s->call->context, err));
    while (s->next_row < s->n_rows && elc_batch_rows(s->leaving) < ROWS_A_BATCH &&
           elc_batch_size(s->leaving) < BYTES_A_BATCH) {
        const held_row *held = &s->rows[s->next_row++];
        ELC_TRY(leave(s, held->rows, held->row, err));
    }
    if (elc_batch_rows(s->leaving) > 0)
        return elc_batch_finish(s->leaving, out, err);
    forget_scope(s);
    return ELC_OK;
}
