/* finish.c - the pieces of a run, for those who open its parts elsewhere. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

#include <stdlib.h>

elc_status elc_run_open_part(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    ELC_TRY(elc_check_cancel(call->context, err));
    if (call->op->prepare != NULL && call->prepared == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: a part cannot be opened before elc_call_prepare()",
                        call->op->name);
    return call->op->open(call, part, in, out, err);
}

/* The streams of one scope's parts, one after another. */
typedef struct {
    struct ArrowArrayStream *streams;
    size_t count, next; /* the stream of the turn is next - 1 */
    struct ArrowSchema schema;
    elc_gather *gather;
} finish;

static void finish_free(void *state) {
    finish *f = state;
    elc_gather_free(f->gather);
    for (size_t i = 0; i < f->count; i++)
        elc_stream_release(&f->streams[i]);
    elc_schema_release(&f->schema);
    free(f->streams);
    free(f);
}

static elc_status finish_create(struct ArrowArrayStream *parts, size_t n, finish **out,
                                elc_error *err) {
    finish *f;
    ELC_TRY(elc_alloc(1, sizeof *f, &f, err));
    elc_status status = elc_alloc(n, sizeof *f->streams, &f->streams, err);
    if (status != ELC_OK) {
        finish_free(f);
        return status;
    }
    for (; f->count < n; f->count++) {
        f->streams[f->count] = parts[f->count];
        parts[f->count].release = NULL;
    }
    *out = f;
    return ELC_OK;
}

static elc_status part(void *state, elc_turn *turn, elc_error *err) {
    finish *f = state;
    elc_schema_release(&f->schema);
    if (f->next > 0)
        elc_stream_release(&f->streams[f->next - 1]);
    *turn = (elc_turn){.end = f->next == f->count, .alone = f->count == 1};
    if (turn->end)
        return ELC_OK;
    ELC_TRY(elc_stream_schema(&f->streams[f->next], &f->schema, err));
    turn->schema = &f->schema;
    f->next++;
    return ELC_OK;
}

static elc_status batch(void *state, struct ArrowArray *out, elc_error *err) {
    finish *f = state;
    return elc_stream_next(&f->streams[f->next - 1], out, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    finish *f = state;
    return elc_gather_next(f->gather, out, err);
}

elc_status elc_run_finish_scope(const elc_call *call, struct ArrowArrayStream *parts,
                                size_t n_parts, struct ArrowArrayStream *out,
                                elc_error *err) {
    finish *f;
    struct ArrowSchema schema = {0};
    ELC_TRY(finish_create(parts, n_parts, &f, err));
    elc_status status =
        elc_gather_create(call, (elc_feed){part, batch, f}, false, &f->gather, err);
    if (status == ELC_OK)
        status = elc_gather_schema(f->gather, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, finish_free, f}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        finish_free(f);
    }
    return status;
}
