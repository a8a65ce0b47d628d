/* shared.c - the right table, which the first part reads for all. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

#include <stdlib.h>

#include "operators/parts/reader.h"
#include "operators/parts/wkb.h"

enum { LOOK_ROWS = 256 };

elc_status elc_nearest_shared_create(nearest_shared **out, elc_error *err) {
    ELC_TRY(elc_alloc(1, sizeof **out, out, err));
    pthread_mutex_init(&(*out)->lock, NULL);
    return ELC_OK;
}

static void drop(nearest_shared *s) {
    part_held *rows = &s->rows;
    elc_part_held_free(rows);
    elc_nearby_free(s->near);
    s->near = NULL;
    elc_schema_release(&s->schema);
}

void elc_nearest_shared_free(nearest_shared *s) {
    if (s == NULL)
        return;
    drop(s);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- reading --------------------------------------------------------------------- */

static elc_status add_batch(nearest_shared *s, const part_held_batch *batch,
                            const nearest_shape *shape, elc_transform *way,
                            uint64_t *states, const elc_context *context,
                            elc_error *err) {
    const elc_rows *rows = batch->rows;
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        elc_place_state state;
        part_wkb wkb;
        if (row % LOOK_ROWS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_part_wkb_read(&shape->place[PART_RIGHT], rows, row, &wkb, err));
        ELC_TRY(elc_part_blame(
            elc_nearby_add(s->near, wkb.bytes, wkb.size, way, &state, err),
            "the right table", batch->first + row + 1, err));
        states[state]++;
    }
    return ELC_OK;
}

static elc_status index_rows(nearest_shared *s, const nearest_shape *shape,
                             const elc_context *context, elc_error *err) {
    elc_transform *way;
    uint64_t states[ELC_PLACE_UNASKABLE + 1] = {0};
    elc_status status = ELC_OK;
    ELC_TRY(elc_nearby_create(shape->wish.metres, &s->near, err));
    ELC_TRY(elc_nearest_way(shape, PART_RIGHT, &way, err));
    for (size_t i = 0; i < s->rows.count && status == ELC_OK; i++)
        status = add_batch(s, &s->rows.batches[i], shape, way, states, context, err);
    elc_transform_free(way);
    ELC_TRY(status);
    elc_part_wkb_report(states, context);
    return elc_nearby_build(s->near, err);
}

static elc_status say_memory(elc_error *err) {
    elc_error why = {0};
    if (err != NULL)
        why = *err;
    return elc_fail(err, ELC_E_MEMORY,
                    "the right table of nearest is held in memory, which it does not "
                    "fit (%s); make it smaller, or give it as the left one",
                    why.message);
}

static elc_status read_right(nearest_shared *s, const nearest_shape *shape,
                             struct ArrowArrayStream *right, const elc_context *context,
                             elc_error *err) {
    part_held *rows = &s->rows;
    ELC_TRY(elc_stream_schema(right, &s->schema, err));
    ELC_TRY(elc_part_held_read(rows, right, &s->schema, context, err));
    return index_rows(s, shape, context, err);
}

elc_status elc_nearest_shared_read(nearest_shared *s, const elc_call *call,
                                   const nearest_shape *shape,
                                   struct ArrowArrayStream *right, elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&s->lock);
    if (!s->read) {
        status = read_right(s, shape, right, call->context, err);
        s->read = status == ELC_OK;
        if (status != ELC_OK)
            drop(s);
    }
    pthread_mutex_unlock(&s->lock);
    return status == ELC_E_MEMORY ? say_memory(err) : status;
}

void elc_nearest_shared_tell(nearest_shared *s, const elc_context *context,
                             elc_place_state state) {
    unsigned bit = 1u << state;
    if (state != ELC_PLACE_SOUND && !(atomic_fetch_or(&s->told, bit) & bit))
        elc_part_wkb_tell(context, state);
}
