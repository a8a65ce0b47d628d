/* reader.c - the rows of a stream, one after the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <string.h>

static void drop_batch(part_reader *r) {
    elc_rows_free(r->rows);
    r->rows = NULL;
    elc_array_release(&r->batch);
}

elc_status elc_part_reader_next(part_reader *r, elc_error *err) {
    if (r->rows != NULL && ++r->row < elc_rows_count(r->rows))
        return ELC_OK;
    for (;;) {
        drop_batch(r);
        r->row = 0;
        ELC_TRY(elc_stream_next(&r->stream, &r->batch, err));
        r->ended = r->batch.release == NULL;
        if (r->ended)
            return ELC_OK;
        ELC_TRY(elc_rows_view(r->schema, &r->batch, &r->rows, err));
        if (elc_rows_count(r->rows) > 0)
            return ELC_OK;
    }
}

const char *elc_part_reader_bytes(const part_reader *r, int64_t column, size_t *size) {
    *size = 0;
    if (elc_rows_null(r->rows, (size_t)column, r->row))
        return NULL;
    return elc_rows_bytes(r->rows, (size_t)column, r->row, size);
}

void elc_part_reader_free(part_reader *r) {
    drop_batch(r);
    elc_stream_release(&r->stream);
}

struct ArrowArrayStream *elc_part_input(const elc_call *call, size_t i) {
    struct ArrowArrayStream *stream =
        call->inputs != NULL ? call->inputs[i].stream : NULL;
    return stream != NULL && stream->release != NULL ? stream : NULL;
}

const char *elc_part_input_name(const elc_call *call, size_t i) {
    const elc_reference *in = call->inputs != NULL ? &call->inputs[i] : NULL;
    bool named = in != NULL && in->n_paths > 0 && strcmp(in->paths[0], "-") != 0;
    return named ? in->paths[0] : call->op->inputs[i].name;
}

elc_status elc_part_blame(elc_status status, const char *table, uint64_t row,
                          elc_error *err) {
    if (status != ELC_E_FORMAT || err == NULL)
        return status;
    elc_error why = *err;
    if (row == 0)
        return elc_fail(err, status, "%s: %s", table, why.message);
    return elc_fail(err, status, "%s: row %llu: %s", table, (unsigned long long)row,
                    why.message);
}
