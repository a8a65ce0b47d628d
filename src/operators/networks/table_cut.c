/* table_cut.c - a table of chips in batches that threads can share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "operators/parts/reader.h"

#include <stdlib.h>

/* As many as a part of images has, or less where they have pixels. */
enum { CHIPS = 64, BYTES = 8 << 20 };

typedef struct recutting {
    struct ArrowSchema schema;
    part_reader reader;
    int64_t *from; /* each column from its own place */
    elc_batch *batch;
} recutting;

static void free_recutting(void *state) {
    recutting *r = state;
    elc_part_reader_free(&r->reader);
    elc_batch_free(r->batch);
    elc_schema_release(&r->schema);
    free(r->from);
    free(r);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    recutting *r = state;
    while (!r->reader.ended && elc_batch_rows(r->batch) < CHIPS &&
           elc_batch_size(r->batch) < BYTES) {
        ELC_TRY(elc_part_reader_next(&r->reader, err));
        if (!r->reader.ended)
            ELC_TRY(elc_batch_copy_row(r->batch, r->reader.rows, r->from, r->reader.row,
                                       err));
    }
    return elc_batch_rows(r->batch) > 0 ? elc_batch_finish(r->batch, out, err) : ELC_OK;
}

static elc_status fill(recutting *r, elc_error *err) {
    elc_column *columns;
    size_t n = (size_t)r->schema.n_children;
    ELC_TRY(elc_alloc(n, sizeof *r->from, &r->from, err));
    ELC_TRY(elc_alloc(n, sizeof *columns, &columns, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        r->from[i] = (int64_t)i;
        columns[i].name = r->schema.children[i]->name;
        status = elc_schema_type(r->schema.children[i], &columns[i].type, err);
    }
    if (status == ELC_OK)
        status = elc_batch_create(columns, n, &r->batch, err);
    free(columns);
    return status;
}

/* The table gives way to the same in smaller batches. */
static elc_status start(recutting *r, struct ArrowArrayStream *table, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream out = {0};
    r->reader.schema = &r->schema;
    ELC_TRY(elc_stream_schema(table, &r->schema, err));
    ELC_TRY(fill(r, err));
    ELC_TRY(elc_schema_clone(&r->schema, &schema, err));
    elc_status status =
        elc_stream_create(&schema, (elc_producer){next, free_recutting, r}, &out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        return status;
    }
    r->reader.stream = *table;
    *table = out;
    return ELC_OK;
}

elc_status elc_network_table_narrow(const elc_call *call, struct ArrowArrayStream *in,
                                    struct ArrowArrayStream *table, elc_error *err) {
    recutting *r;
    (void)call, (void)in;
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    elc_status status = start(r, table, err);
    if (status != ELC_OK)
        free_recutting(r);
    return status;
}
