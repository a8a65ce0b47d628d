/* right.c - the right table of a join: read once, its rows found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "right.h"

#include "held.h"
#include "reader.h"
#include "wkb.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct part_right {
    part_keys keys;
    struct ArrowSchema schema;
    part_held held;
    part_index index;
    part_spatial spatial; /* not asked: the rest is empty */
    part_frame frame;
    elc_places *places;
    uint64_t states[ELC_PLACE_UNASKABLE + 1]; /* how many places are in which */
    atomic_uint told;                         /* bits of left states */
};

static elc_status say_memory(elc_error *err) {
    elc_error why = {0};
    if (err != NULL)
        why = *err;
    return elc_fail(err, ELC_E_MEMORY,
                    "the right table is held in memory, which it does not fit (%s); "
                    "make it smaller, "
                    "or let Spark do the work",
                    why.message);
}

elc_status elc_part_right_fits(const elc_context *context, elc_error *err) {
    elc_status status = elc_check_memory(context, err);
    return status == ELC_E_MEMORY ? say_memory(err) : status;
}

static elc_status add_places(part_right *r, const part_held_batch *b,
                             const elc_context *context, elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(b->rows); row++) {
        elc_place_state state;
        part_wkb wkb;
        if (row % 256 == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(
            elc_part_wkb_read(&r->spatial.place[PART_RIGHT], b->rows, row, &wkb, err));
        ELC_TRY(elc_part_blame(
            elc_places_add(r->places, wkb.bytes, wkb.size, r->frame.moves, &state, err),
            "the right table", b->first + row + 1, err));
        r->states[state]++;
    }
    return ELC_OK;
}

static elc_status index_rows(part_right *r, const part_held_batch *b, elc_string *key,
                             const elc_context *context, elc_error *err) {
    bool whole;
    for (size_t row = 0; row < elc_rows_count(b->rows); row++) {
        if (row % 4096 == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(
            elc_part_key_write(&r->keys, PART_RIGHT, b->rows, row, key, &whole, err));
        if (whole)
            ELC_TRY(elc_part_index_add(&r->index, b->first + row, key->data, key->size,
                                       err));
    }
    return ELC_OK;
}

static elc_status read_all(part_right *r, struct ArrowArrayStream *stream,
                           elc_string *key, const elc_context *context,
                           elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &r->schema, err));
    ELC_TRY(elc_part_held_read(&r->held, stream, &r->schema, context, err));
    for (size_t i = 0; i < r->held.count; i++) {
        const part_held_batch *b = &r->held.batches[i];
        ELC_TRY(elc_check_memory(context, err));
        ELC_TRY(r->spatial.asked ? add_places(r, b, context, err)
                                 : index_rows(r, b, key, context, err));
    }
    return r->spatial.asked
               ? elc_places_build(r->places, elc_context_threads(context), err)
               : elc_part_index_build(&r->index, err);
}

static elc_status copy_keys(const part_keys *keys, part_keys *out, elc_error *err) {
    ELC_TRY(elc_alloc(keys->count, sizeof *out->items, &out->items, err));
    if (keys->count > 0)
        memcpy(out->items, keys->items, keys->count * sizeof *keys->items);
    out->count = keys->count;
    return ELC_OK;
}

static elc_status prepare_places(part_right *r, const part_spatial *spatial,
                                 const struct ArrowSchema schemas[PART_SIDES],
                                 const elc_context *context, elc_error *err) {
    r->spatial = *spatial;
    if (!r->spatial.asked)
        return ELC_OK;
    ELC_TRY(elc_places_create(&r->places, err));
    ELC_TRY(elc_part_frame_create(&r->spatial, schemas, context, &r->frame, err));
    if (r->frame.globe)
        elc_places_globe(r->places);
    return ELC_OK;
}

elc_status elc_part_right_read(struct ArrowArrayStream *stream, const part_keys *keys,
                               const part_spatial *spatial,
                               const struct ArrowSchema schemas[PART_SIDES],
                               const elc_context *context, part_right **out,
                               elc_error *err) {
    part_right *r;
    elc_string key = {0};
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    elc_status status = copy_keys(keys, &r->keys, err);
    if (status == ELC_OK)
        status = prepare_places(r, spatial, schemas, context, err);
    if (status == ELC_OK)
        status = read_all(r, stream, &key, context, err);
    elc_string_free(&key);
    if (status == ELC_E_MEMORY)
        status = say_memory(err);
    if (status != ELC_OK) {
        elc_part_right_free(r);
        return status;
    }
    elc_part_wkb_report(r->states, context);
    *out = r;
    return ELC_OK;
}

void elc_part_right_free(part_right *r) {
    if (r == NULL)
        return;
    elc_part_held_free(&r->held);
    elc_schema_release(&r->schema);
    elc_part_index_free(&r->index);
    elc_part_keys_free(&r->keys);
    elc_places_free(r->places);
    elc_part_frame_free(&r->frame);
    free(r);
}

elc_status elc_part_right_check(const part_right *r, const part_keys *keys,
                                elc_error *err) {
    if (elc_part_keys_same(&r->keys, keys))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "a part's key columns are of other types than those of the "
                    "parts before it; give all parts slices of one table");
}

bool elc_part_right_has_keys(const part_right *r) {
    return r->index.count > 0;
}

size_t elc_part_right_find(const part_right *r, const elc_string *key) {
    return elc_part_index_find(&r->index, key->data, key->size);
}

size_t elc_part_right_next(const part_right *r, size_t match) {
    return r->index.entries[match].next;
}

size_t elc_part_right_number(const part_right *r, size_t match) {
    return r->index.entries[match].row;
}

size_t elc_part_right_rows(const part_right *r) {
    return r->held.n_rows;
}

const elc_rows *elc_part_right_row(const part_right *r, size_t number, size_t *row) {
    return elc_part_held_row(&r->held, number, row);
}

/* ---- places ---------------------------------------------------------------------- */

elc_status elc_part_right_asker(part_right *r, const part_spatial *spatial,
                                elc_transform **transform, elc_asker **out,
                                elc_error *err) {
    elc_question question = spatial->question;
    *transform = NULL;
    if (r->frame.moves_left)
        ELC_TRY(elc_transform_create(r->frame.left, NULL, transform, err));
    question.transform = *transform;
    return elc_asker_create(r->places, &question, out, err);
}

elc_status elc_part_right_narrow(const part_right *r, const part_spatial *spatial,
                                 struct ArrowArrayStream *left, elc_error *err) {
    double box[4];
    const elc_question *q = &spatial->question;
    bool apart = q->predicate == ELC_DISJOINT || q->predicate == ELC_NEAR;
    if (!spatial->asked || apart || spatial->place[PART_LEFT].numbers ||
        r->frame.moves_left || !elc_places_reach(r->places, box))
        return ELC_OK;
    return elc_stream_narrow(left, &(elc_wish){.box = box, .degrees = r->frame.globe},
                             err);
}

void elc_part_right_tell(part_right *r, const elc_context *context,
                         elc_place_state state) {
    unsigned bit = 1u << state;
    if (state != ELC_PLACE_SOUND && !(atomic_fetch_or(&r->told, bit) & bit))
        elc_part_wkb_tell(context, state);
}
