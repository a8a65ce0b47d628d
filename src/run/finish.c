/* finish.c - the pieces of a run, for those who open its parts elsewhere. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

#include <stdatomic.h>
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

/* The streams of one scope's parts, one after another; freed by the last table. */
typedef struct {
    atomic_size_t tables;
    struct ArrowArrayStream *streams;
    size_t count, next; /* the stream of the turn is next - 1 */
    struct ArrowSchema schema;
    elc_gather *gather;
} finish;

static void finish_free(void *state) {
    finish *f = state;
    if (atomic_fetch_sub_explicit(&f->tables, 1, memory_order_acq_rel) > 1)
        return;
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
    atomic_init(&f->tables, 1);
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

/* Moves the parts; gives the main table. */
static elc_status finish_start(const elc_call *call, struct ArrowArrayStream *parts,
                               size_t n_parts, bool with_sides, finish **out,
                               struct ArrowArrayStream *table, elc_error *err) {
    finish *f;
    struct ArrowSchema schema = {0};
    ELC_TRY(finish_create(parts, n_parts, &f, err));
    elc_status status = elc_gather_create(call, (elc_feed){part, batch, f}, with_sides,
                                          &f->gather, err);
    if (status == ELC_OK)
        status = elc_gather_schema(f->gather, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next, finish_free, f}, table,
                                   err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        finish_free(f);
        return status;
    }
    *out = f;
    return ELC_OK;
}

elc_status elc_run_finish_scope(const elc_call *call, struct ArrowArrayStream *parts,
                                size_t n_parts, struct ArrowArrayStream *out,
                                elc_error *err) {
    finish *f;
    return finish_start(call, parts, n_parts, false, &f, out, err);
}

/* ---- side tables ---------------------------------------------------------------- */

typedef struct {
    finish *finish;
    size_t index;
    struct ArrowArrayStream rows; /* released until they are all there */
} side;

static elc_status side_next(void *state, struct ArrowArray *out, elc_error *err) {
    side *s = state;
    elc_gather *gather = s->finish->gather;
    if (!elc_gather_ended(gather))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "side table %zu asked for before the table has ended; read "
                        "that to its end first",
                        s->index);
    if (s->rows.release == NULL)
        ELC_TRY(elc_sides_take(elc_gather_sides(gather), s->index, &s->rows, err));
    return elc_stream_next(&s->rows, out, err);
}

static void side_free(void *state) {
    side *s = state;
    elc_stream_release(&s->rows);
    finish_free(s->finish);
    free(s);
}

static elc_status side_create(finish *f, size_t index, struct ArrowArrayStream *out,
                              elc_error *err) {
    side *s;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    atomic_fetch_add_explicit(&f->tables, 1, memory_order_relaxed);
    *s = (side){.finish = f, .index = index};
    elc_status status =
        elc_sides_schema(elc_gather_sides(f->gather), index, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){side_next, side_free, s}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        side_free(s);
    }
    return status;
}

elc_status elc_run_finish_tables(const elc_call *call, struct ArrowArrayStream *parts,
                                 size_t n_parts, struct ArrowArrayStream *tables,
                                 elc_error *err) {
    finish *f;
    size_t made = 1;
    ELC_TRY(finish_start(call, parts, n_parts, true, &f, &tables[0], err));
    elc_status status = ELC_OK;
    while (status == ELC_OK && call->op->outputs[made].name != NULL) {
        status = side_create(f, made, &tables[made], err);
        made += status == ELC_OK;
    }
    while (status != ELC_OK && made > 0)
        elc_stream_release(&tables[--made]);
    return status;
}
