/* rows.c - the rows of a slice of the left table with the right rows nearest to them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <stdlib.h>

#include "operators/parts/wkb.h"
#include "operators/parts/reader.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, LOOK_ROWS = 256 };

typedef struct nearest {
    const elc_call *call;
    nearest_shape *shape;
    nearest_shared *shared;
    part_reader left;
    elc_transform *way; /* of left places */
    elc_nearby_asker *asker;
    const elc_nearby_hit *hits; /* of the row */
    size_t n_hits, given;
    elc_batch *out;
    elc_progress progress; /* rows of the left table */
} nearest;

/* ---- a row ----------------------------------------------------------------------- */

static elc_status copy_left(nearest *n, elc_error *err) {
    return elc_batch_copy_cells(n->out, n->left.rows, n->shape->table.from[PART_LEFT],
                                n->left.row, err);
}

static elc_status give_hit(nearest *n, elc_error *err) {
    const elc_nearby_hit *hit = &n->hits[n->given++];
    size_t row;
    const elc_rows *rows = elc_part_held_row(&n->shared->rows, hit->place, &row);
    ELC_TRY(copy_left(n, err));
    ELC_TRY(
        elc_batch_copy_cells(n->out, rows, n->shape->table.from[PART_RIGHT], row, err));
    ELC_TRY(elc_batch_real(n->out, n->shape->table.out_distance, hit->distance, err));
    ELC_TRY(elc_batch_int(n->out, n->shape->table.out_rank, (int64_t)n->given, err));
    return elc_batch_end_row(n->out, err);
}

static elc_status begin_row(nearest *n, elc_error *err) {
    elc_place_state state;
    part_wkb wkb;
    if (n->left.row % LOOK_ROWS == 0)
        ELC_TRY(elc_check_cancel(n->call->context, err));
    ELC_TRY(elc_part_wkb_read(&n->shape->place[PART_LEFT], n->left.rows, n->left.row,
                              &wkb, err));
    ELC_TRY(elc_part_blame(elc_nearby_find(n->asker, wkb.bytes, wkb.size, &state,
                                           &n->hits, &n->n_hits, err),
                           elc_part_input_name(n->call, PART_LEFT), 0, err));
    elc_nearest_shared_tell(n->shared, n->call->context, state);
    n->given = 0;
    n->progress.done++;
    if (n->n_hits > 0 || !n->shape->wish.keeps)
        return ELC_OK;
    ELC_TRY(copy_left(n, err));
    return elc_batch_end_row(n->out, err);
}

static elc_status step(nearest *n, elc_error *err) {
    if (n->given < n->n_hits)
        return give_hit(n, err);
    ELC_TRY(elc_part_reader_next(&n->left, err));
    return n->left.ended ? ELC_OK : begin_row(n, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    nearest *n = state;
    ELC_TRY(elc_check_cancel(n->call->context, err));
    while (!n->left.ended && elc_batch_rows(n->out) < ROWS_A_BATCH &&
           elc_batch_size(n->out) < BYTES_A_BATCH)
        ELC_TRY(step(n, err));
    size_t rows = elc_batch_rows(n->out);
    n->progress.found += rows;
    elc_report(n->call->context, &n->progress);
    return rows > 0 ? elc_batch_finish(n->out, out, err) : ELC_OK;
}

/* ---- life ------------------------------------------------------------------------ */

static void nearest_free(void *state) {
    nearest *n = state;
    part_reader *left = &n->left;
    elc_part_reader_free(left);
    elc_nearby_asker_free(n->asker);
    elc_transform_free(n->way);
    elc_batch_free(n->out);
    elc_nearest_shape_free(n->shape);
    free(n);
}

static elc_status fill(nearest *n, const nearest_shape *shape,
                       struct ArrowSchema *schema, elc_error *err) {
    ELC_TRY(elc_nearest_way(shape, PART_LEFT, &n->way, err));
    elc_nearby_question question = {shape->wish.k, shape->wish.most, n->way};
    ELC_TRY(elc_nearby_asker_create(n->shared->near, &question, &n->asker, err));
    ELC_TRY(elc_batch_create(shape->table.columns.items, shape->table.columns.count,
                             &n->out, err));
    return elc_part_columns_schema(&shape->table.columns, schema, err);
}

elc_status elc_nearest_rows(const elc_call *call, nearest_shape *shape,
                            nearest_shared *shared, struct ArrowArrayStream *left,
                            struct ArrowArrayStream *out, elc_error *err) {
    nearest *n;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *n, &n, err));
    n->call = call;
    n->shared = shared;
    n->progress.unit = "rows";
    elc_status status = fill(n, shape, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, nearest_free, n}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        nearest_free(n);
        return status;
    }
    n->shape = shape;
    n->left =
        (part_reader){.stream = *left, .schema = &shape->table.schemas[PART_LEFT]};
    left->release = NULL;
    return ELC_OK;
}
