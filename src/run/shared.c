/* shared.c - a table read once and seen whole by every part. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

#include <stdatomic.h>
#include <stdlib.h>

struct elc_shared {
    atomic_size_t references;
    struct ArrowSchema schema;
    struct ArrowArray *batches;
    size_t count, capacity;
};

static elc_shared *take_reference(elc_shared *shared) {
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void elc_shared_free(elc_shared *shared) {
    if (shared == NULL ||
        atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < shared->count; i++)
        elc_array_release(&shared->batches[i]);
    elc_schema_release(&shared->schema);
    free(shared->batches);
    free(shared);
}

/* ---- reading -------------------------------------------------------------------- */

static elc_status read_all(elc_shared *shared, struct ArrowArrayStream *stream,
                           const elc_context *context, elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &shared->schema, err));
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_check_memory(context, err));
        ELC_TRY(elc_reserve(&shared->batches, &shared->capacity, shared->count + 1,
                            sizeof *shared->batches, err));
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        shared->batches[shared->count++] = batch;
    }
}

elc_status elc_shared_read(struct ArrowArrayStream *stream, const elc_context *context,
                           elc_shared **out, elc_error *err) {
    elc_shared *shared;
    ELC_TRY(elc_alloc(1, sizeof *shared, &shared, err));
    atomic_init(&shared->references, 1);
    elc_status status = read_all(shared, stream, context, err);
    elc_stream_release(stream);
    if (status != ELC_OK) {
        elc_shared_free(shared);
        return status;
    }
    *out = shared;
    return ELC_OK;
}

/* ---- looking -------------------------------------------------------------------- */

/* What a look at an array owns: the structs of its children, and a reference. Each
   child has its own, since a consumer may move it out. */
typedef struct {
    elc_shared *shared;
    struct ArrowArray *room; /* for the children and the dictionary */
    struct ArrowArray **children;
} look;

static void look_free(look *l) {
    elc_shared_free(l->shared);
    free(l->room);
    free(l->children);
    free(l);
}

static void look_release(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        elc_array_release(array->children[i]);
    elc_array_release(array->dictionary);
    look_free(array->private_data);
    array->release = NULL;
}

static elc_status look_create(elc_shared *shared, size_t n, look **out,
                              elc_error *err) {
    look *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->shared = take_reference(shared);
    elc_status status = elc_alloc(n + 1, sizeof *l->room, &l->room, err);
    if (status == ELC_OK)
        status = elc_alloc(n, sizeof *l->children, &l->children, err);
    if (status != ELC_OK) {
        look_free(l);
        return status;
    }
    for (size_t i = 0; i < n; i++)
        l->children[i] = &l->room[i];
    *out = l;
    return ELC_OK;
}

static elc_status look_at(elc_shared *shared, const struct ArrowArray *array,
                          struct ArrowArray *out, elc_error *err);

static elc_status look_at_children(elc_shared *shared, const struct ArrowArray *array,
                                   look *l, struct ArrowArray *out, elc_error *err) {
    for (int64_t i = 0; i < array->n_children; i++)
        ELC_TRY(look_at(shared, array->children[i], out->children[i], err));
    if (array->dictionary == NULL)
        return ELC_OK;
    out->dictionary = &l->room[array->n_children];
    return look_at(shared, array->dictionary, out->dictionary, err);
}

static elc_status look_at(elc_shared *shared, const struct ArrowArray *array,
                          struct ArrowArray *out, elc_error *err) {
    look *l;
    ELC_TRY(look_create(shared, (size_t)array->n_children, &l, err));
    struct ArrowArray seen = *array;
    seen.children = l->children;
    seen.dictionary = NULL;
    seen.release = look_release;
    seen.private_data = l;
    elc_status status = look_at_children(shared, array, l, &seen, err);
    if (status != ELC_OK) {
        elc_array_release(&seen);
        return status;
    }
    *out = seen;
    return ELC_OK;
}

/* ---- streams -------------------------------------------------------------------- */

typedef struct {
    elc_shared *shared;
    size_t next;
} reader;

static elc_status reader_next(void *state, struct ArrowArray *out, elc_error *err) {
    reader *r = state;
    if (r->next == r->shared->count)
        return ELC_OK;
    ELC_TRY(look_at(r->shared, &r->shared->batches[r->next], out, err));
    r->next++;
    return ELC_OK;
}

static void reader_release(void *state) {
    reader *r = state;
    elc_shared_free(r->shared);
    free(r);
}

elc_status elc_shared_stream(elc_shared *shared, struct ArrowArrayStream *out,
                             elc_error *err) {
    reader *r;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->shared = take_reference(shared);
    elc_status status = elc_schema_clone(&shared->schema, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(
            &schema, (elc_producer){reader_next, reader_release, r}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        reader_release(r);
    }
    return status;
}
