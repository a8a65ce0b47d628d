/* held.c - a table kept in memory, its rows by their numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "held.h"

#include <stdlib.h>

/* Takes the batch, whatever comes of it. */
static elc_status add_batch(part_held *held, struct ArrowArray *array,
                            const struct ArrowSchema *schema, elc_error *err) {
    elc_rows *rows = NULL;
    elc_status status = elc_reserve(&held->batches, &held->capacity, held->count + 1,
                                    sizeof *held->batches, err);
    if (status == ELC_OK)
        status = elc_rows_view(schema, array, &rows, err);
    if (status == ELC_OK &&
        __builtin_add_overflow(held->n_rows, elc_rows_count(rows), &held->n_rows)) {
        elc_rows_free(rows);
        status = elc_fail(err, ELC_E_MEMORY, "more rows than can be counted");
    }
    if (status != ELC_OK) {
        elc_array_release(array);
        return status;
    }
    held->batches[held->count++] =
        (part_held_batch){*array, rows, held->n_rows - elc_rows_count(rows)};
    return ELC_OK;
}

elc_status elc_part_held_read(part_held *held, struct ArrowArrayStream *stream,
                              const struct ArrowSchema *schema,
                              const elc_context *context, elc_error *err) {
    for (;;) {
        struct ArrowArray array = {0};
        ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_check_memory(context, err));
        ELC_TRY(elc_stream_next(stream, &array, err));
        if (array.release == NULL)
            return ELC_OK;
        if (array.length == 0)
            elc_array_release(&array);
        else
            ELC_TRY(add_batch(held, &array, schema, err));
    }
}

const elc_rows *elc_part_held_row(const part_held *held, size_t number, size_t *row) {
    size_t low = 0, high = held->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (held->batches[middle].first <= number)
            low = middle;
        else
            high = middle;
    }
    *row = number - held->batches[low].first;
    return held->batches[low].rows;
}

void elc_part_held_free(part_held *held) {
    for (size_t i = 0; i < held->count; i++) {
        elc_rows_free(held->batches[i].rows);
        elc_array_release(&held->batches[i].array);
    }
    free(held->batches);
    *held = (part_held){0};
}
