/* right.c - the right table of a join: read once, its rows found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "right.h"

#include "place.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    struct ArrowArray array;
    elc_rows *rows;
    size_t first; /* number of its first row */
} batch;

struct join_right {
    join_keys keys;
    struct ArrowSchema schema;
    batch *batches; /* none of them without rows */
    size_t count, capacity, n_rows;
    join_index index;
    join_spatial spatial; /* not asked: the rest is empty */
    join_frame frame;
    elc_places *places;
    uint64_t states[ELC_PLACE_UNASKABLE + 1]; /* how many places are in which */
    atomic_uint told;                         /* bits of left states */
};

static elc_status add_places(join_right *r, const batch *b, const elc_context *context,
                             elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(b->rows); row++) {
        elc_place_state state;
        join_wkb wkb;
        if (row % 256 == 0)
            ELC_TRY(elc_check_cancel(context, err));
        elc_join_wkb_read(&r->spatial.place[JOIN_RIGHT], b->rows, row, &wkb);
        ELC_TRY(elc_places_add(r->places, wkb.bytes, wkb.size, r->frame.moves, &state,
                               err));
        r->states[state]++;
    }
    return ELC_OK;
}

static elc_status index_rows(join_right *r, const batch *b, elc_string *key,
                             const elc_context *context, elc_error *err) {
    bool whole;
    for (size_t row = 0; row < elc_rows_count(b->rows); row++) {
        if (row % 4096 == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(
            elc_join_key_write(&r->keys, JOIN_RIGHT, b->rows, row, key, &whole, err));
        if (whole)
            ELC_TRY(elc_join_index_add(&r->index, b->first + row, key->data, key->size,
                                       err));
    }
    return ELC_OK;
}

/* Takes the batch, whatever comes of it. */
static elc_status add_batch(join_right *r, struct ArrowArray *array, elc_string *key,
                            const elc_context *context, elc_error *err) {
    elc_rows *rows;
    elc_status status =
        elc_reserve(&r->batches, &r->capacity, r->count + 1, sizeof *r->batches, err);
    if (status == ELC_OK)
        status = elc_rows_view(&r->schema, array, &rows, err);
    if (status != ELC_OK) {
        elc_array_release(array);
        return status;
    }
    batch *b = &r->batches[r->count++];
    *b = (batch){*array, rows, r->n_rows};
    if (__builtin_add_overflow(r->n_rows, elc_rows_count(rows), &r->n_rows))
        return elc_fail(err, ELC_E_MEMORY, "more rows than can be counted");
    return r->spatial.asked ? add_places(r, b, context, err)
                            : index_rows(r, b, key, context, err);
}

static elc_status read_all(join_right *r, struct ArrowArrayStream *stream,
                           elc_string *key, const elc_context *context,
                           elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &r->schema, err));
    for (;;) {
        struct ArrowArray array = {0};
        ELC_TRY(elc_stream_next(stream, &array, err));
        if (array.release == NULL)
            return r->spatial.asked
                       ? elc_places_build(r->places, elc_context_threads(context), err)
                       : elc_join_index_build(&r->index, err);
        if (array.length == 0)
            elc_array_release(&array);
        else
            ELC_TRY(add_batch(r, &array, key, context, err));
    }
}

static elc_status copy_keys(const join_keys *keys, join_keys *out, elc_error *err) {
    ELC_TRY(elc_alloc(keys->count, sizeof *out->items, &out->items, err));
    if (keys->count > 0)
        memcpy(out->items, keys->items, keys->count * sizeof *keys->items);
    out->count = keys->count;
    return ELC_OK;
}

static elc_status prepare_places(join_right *r, const join_shape *shape,
                                 const elc_context *context, elc_error *err) {
    r->spatial = shape->spatial;
    if (!r->spatial.asked)
        return ELC_OK;
    ELC_TRY(elc_places_create(&r->places, err));
    return elc_join_frame_create(&r->spatial, shape->schemas, context, &r->frame, err);
}

static elc_status say_memory(elc_error *err) {
    elc_error why = {0};
    if (err != NULL)
        why = *err;
    return elc_fail(
        err, ELC_E_MEMORY,
        "the right table of a join is held in memory, which it does not fit "
        "(%s); make it smaller, or let Spark join",
        why.message);
}

elc_status elc_join_right_read(struct ArrowArrayStream *stream, const join_shape *shape,
                               const elc_context *context, join_right **out,
                               elc_error *err) {
    join_right *r;
    elc_string key = {0};
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    elc_status status = copy_keys(&shape->keys, &r->keys, err);
    if (status == ELC_OK)
        status = prepare_places(r, shape, context, err);
    if (status == ELC_OK)
        status = read_all(r, stream, &key, context, err);
    elc_string_free(&key);
    if (status == ELC_E_MEMORY)
        status = say_memory(err);
    if (status != ELC_OK) {
        elc_join_right_free(r);
        return status;
    }
    elc_join_place_report(r->states, context);
    *out = r;
    return ELC_OK;
}

void elc_join_right_free(join_right *r) {
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->count; i++) {
        elc_rows_free(r->batches[i].rows);
        elc_array_release(&r->batches[i].array);
    }
    free(r->batches);
    elc_schema_release(&r->schema);
    elc_join_index_free(&r->index);
    elc_join_keys_free(&r->keys);
    elc_places_free(r->places);
    elc_join_frame_free(&r->frame);
    free(r);
}

elc_status elc_join_right_check(const join_right *r, const join_keys *keys,
                                elc_error *err) {
    if (elc_join_keys_same(&r->keys, keys))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "a part's key columns are of other types than those of the "
                    "parts before it; give all parts slices of one table");
}

bool elc_join_right_has_keys(const join_right *r) {
    return r->index.count > 0;
}

size_t elc_join_right_find(const join_right *r, const elc_string *key) {
    return elc_join_index_find(&r->index, key->data, key->size);
}

size_t elc_join_right_next(const join_right *r, size_t match) {
    return r->index.entries[match].next;
}

size_t elc_join_right_number(const join_right *r, size_t match) {
    return r->index.entries[match].row;
}

const elc_rows *elc_join_right_row(const join_right *r, size_t wanted, size_t *row) {
    size_t low = 0, high = r->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (r->batches[middle].first <= wanted)
            low = middle;
        else
            high = middle;
    }
    *row = wanted - r->batches[low].first;
    return r->batches[low].rows;
}

/* ---- places ---------------------------------------------------------------------- */

elc_status elc_join_right_asker(join_right *r, const join_spatial *spatial,
                                elc_transform **transform, elc_asker **out,
                                elc_error *err) {
    elc_question question = spatial->question;
    *transform = NULL;
    if (r->frame.moves_left)
        ELC_TRY(elc_transform_create(r->frame.left, NULL, transform, err));
    question.transform = *transform;
    return elc_asker_create(r->places, &question, out, err);
}

void elc_join_right_tell(join_right *r, const elc_context *context,
                         elc_place_state state) {
    unsigned bit = 1u << state;
    if (state != ELC_PLACE_SOUND && !(atomic_fetch_or(&r->told, bit) & bit))
        elc_join_place_tell(context, state);
}
