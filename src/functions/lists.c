/* lists.c - results that are lists of whole numbers: built as two columns, the items of
   all rows and where each row's end, which become one array of lists. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/lists.h"

#include <stdlib.h>

elc_status elc_lists_create(elc_frame *f, elc_error *err) {
    elc_column end = {.name = f->function->name, .type = ELC_INT32};
    elc_column item = {.name = "item", .type = ELC_INT64};
    ELC_TRY(elc_batch_create(&end, 1, &f->results, err));
    return elc_batch_create(&item, 1, &f->items, err);
}

static elc_status add_items(elc_frame *f, const int64_t *items, size_t n,
                            elc_error *err) {
    size_t before = elc_batch_rows(f->items);
    if (n > INT32_MAX - before)
        return elc_fail(err, ELC_E_MEMORY,
                        "lists of more than %d numbers in one batch; make smaller "
                        "batches",
                        INT32_MAX);
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_batch_int(f->items, 0, items[i], err));
        ELC_TRY(elc_batch_end_row(f->items, err));
    }
    return elc_batch_int(f->results, 0, (int64_t)(before + n), err);
}

elc_status elc_give_list(elc_frame *f, const int64_t *items, size_t n, elc_error *err) {
    return f->one == NULL ? add_items(f, items, n, err)
                          : elc_give_bytes(f, items, n * sizeof *items, err);
}

/* ---- as an array ------------------------------------------------------------------
 */

/* What an array of lists owns; a consumer may move the items out of it. */
typedef struct {
    const void *buffers[2];
    int32_t *offsets;
    struct ArrowArray ends; /* whose bits say which lists are NULL */
    struct ArrowArray items, *child;
} owned;

static void release(struct ArrowArray *array) {
    owned *o = array->private_data;
    elc_array_release(&o->items);
    elc_array_release(&o->ends);
    free(o->offsets);
    free(o);
    array->release = NULL;
}

/* A list that is NULL ends where it begins. */
static elc_status make_offsets(owned *o, elc_error *err) {
    const uint8_t *valid = o->ends.buffers[0];
    const int32_t *ends = o->ends.buffers[1];
    size_t n = (size_t)o->ends.length;
    ELC_TRY(elc_alloc(n + 1, sizeof *o->offsets, &o->offsets, err));
    for (size_t i = 0; i < n; i++) {
        bool is = valid == NULL || (valid[i / 8] >> i % 8 & 1);
        o->offsets[i + 1] = is ? ends[i] : o->offsets[i];
    }
    return ELC_OK;
}

/* Moves the only column out of a table. */
static elc_status take(elc_batch *batch, struct ArrowArray *out, elc_error *err) {
    struct ArrowArray table;
    ELC_TRY(elc_batch_finish(batch, &table, err));
    *out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    return ELC_OK;
}

elc_status elc_lists_finish(elc_frame *f, struct ArrowArray *out, elc_error *err) {
    owned *o;
    elc_status status;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    struct ArrowArray list = {.n_buffers = 2,
                              .n_children = 1,
                              .buffers = o->buffers,
                              .children = &o->child,
                              .release = release,
                              .private_data = o};
    ELC_TRY_GOTO(take(f->results, &o->ends, err), status, failed);
    ELC_TRY_GOTO(take(f->items, &o->items, err), status, failed);
    ELC_TRY_GOTO(make_offsets(o, err), status, failed);
    o->child = &o->items;
    o->buffers[0] = o->ends.buffers[0];
    o->buffers[1] = o->offsets;
    list.length = o->ends.length;
    list.null_count = o->ends.null_count;
    *out = list;
    return ELC_OK;
failed:
    elc_array_release(&list);
    return status;
}
