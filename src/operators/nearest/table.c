/* table.c - the columns of two tables beside each other, a distance and a rank. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <stdlib.h>

elc_status elc_nearest_table_read(nearest_table *t, struct ArrowArrayStream *left,
                                  struct ArrowArrayStream *right, elc_error *err) {
    ELC_TRY(elc_stream_schema(left, &t->schemas[PART_LEFT], err));
    return elc_stream_schema(right, &t->schemas[PART_RIGHT], err);
}

elc_status elc_nearest_table_add(nearest_table *t, int side, int64_t but,
                                 elc_error *err) {
    return elc_part_columns_pass(&t->columns, &t->schemas[side], but, "_right", err);
}

elc_status elc_nearest_table_end(nearest_table *t, elc_column distance,
                                 elc_error *err) {
    const elc_column rank = {.name = "rank", .type = ELC_INT32};
    t->out_distance = t->columns.count;
    t->out_rank = t->columns.count + 1;
    ELC_TRY(elc_part_columns_add(&t->columns, distance, NULL, "_nearest", err));
    ELC_TRY(elc_part_columns_add(&t->columns, rank, NULL, "_nearest", err));
    for (int side = 0; side < PART_SIDES; side++)
        ELC_TRY(
            elc_part_columns_from(&t->columns, &t->schemas[side], &t->from[side], err));
    return ELC_OK;
}

void elc_nearest_table_free(nearest_table *t) {
    elc_part_columns_free(&t->columns);
    for (int side = 0; side < PART_SIDES; side++) {
        free(t->from[side]);
        elc_schema_release(&t->schemas[side]);
    }
}
