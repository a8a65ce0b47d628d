/* inputs.c - what is given for an operator's inputs, dealt out to parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inputs.h"

#include "queue.h"
#include "shared.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const elc_input *described;
    struct ArrowArrayStream *given; /* the caller's; NULL: none */
    struct ArrowArrayStream stream;
    struct ArrowSchema schema; /* of the given one */
    bool ended;
    elc_shared *shared; /* WHOLE, once shared */
} input;

struct elc_inputs {
    const elc_operator *op;
    input *items; /* those that are no source, in order */
    size_t count;
    input *driving;
};

/* ---- checks --------------------------------------------------------------------- */

static elc_status check_source(const elc_call *call, const elc_input *described,
                               const elc_reference *given, elc_error *err) {
    if (described->optional || (given != NULL && given->n_paths > 0))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "%s: no %s given; name at least one",
                    call->op->name, described->name);
}

static elc_status check_column(const elc_call *call, const input *in, const char *name,
                               elc_error *err) {
    if (elc_schema_find(&in->schema, name) >= 0)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_NOT_FOUND,
        "%s: the input %s has no column %s; rename one, or give a table that "
        "has it",
        call->op->name, in->described->name, name);
}

static elc_status check_columns(const elc_call *call, const input *in, elc_error *err) {
    const char *const *names = in->described->columns;
    for (; names != NULL && *names != NULL; names++)
        ELC_TRY(check_column(call, in, *names, err));
    return in->described->key != NULL ? check_column(call, in, in->described->key, err)
                                      : ELC_OK;
}

static elc_status look_at_stream(const elc_call *call, input *in,
                                 const elc_reference *given, elc_error *err) {
    bool any = given != NULL && given->stream != NULL && given->stream->release != NULL;
    if (!any && in->described->optional)
        return ELC_OK;
    if (!any)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: no table given for the input %s",
                        call->op->name, in->described->name);
    in->given = given->stream;
    ELC_TRY(elc_stream_schema(in->given, &in->schema, err));
    return check_columns(call, in, err);
}

static elc_status look_at_inputs(elc_inputs *inputs, const elc_call *call,
                                 elc_error *err) {
    for (size_t i = 0; call->op->inputs != NULL && call->op->inputs[i].name != NULL;
         i++) {
        const elc_input *described = &call->op->inputs[i];
        const elc_reference *given = call->inputs != NULL ? &call->inputs[i] : NULL;
        if (described->cut == ELC_CUT_SOURCE) {
            ELC_TRY(check_source(call, described, given, err));
            continue;
        }
        input *in = &inputs->items[inputs->count++];
        in->described = described;
        ELC_TRY(look_at_stream(call, in, given, err));
        if (described->cut == ELC_CUT_DRIVING && in->given != NULL) {
            if (inputs->driving != NULL)
                return elc_fail(err, ELC_E_INTERNAL,
                                "%s: has two driving inputs; please report this",
                                call->op->name);
            inputs->driving = in;
        }
    }
    return ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static size_t count_described(const elc_operator *op) {
    size_t n = 0;
    while (op->inputs != NULL && op->inputs[n].name != NULL)
        n++;
    return n;
}

elc_status elc_inputs_create(const elc_call *call, elc_inputs **out, elc_error *err) {
    elc_inputs *inputs;
    ELC_TRY(elc_alloc(1, sizeof *inputs, &inputs, err));
    inputs->op = call->op;
    elc_status status = elc_alloc(count_described(call->op), sizeof *inputs->items,
                                  &inputs->items, err);
    if (status == ELC_OK)
        status = look_at_inputs(inputs, call, err);
    if (status != ELC_OK) {
        elc_inputs_free(inputs);
        return status;
    }
    *out = inputs;
    return ELC_OK;
}

void elc_inputs_move(elc_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++) {
        input *in = &inputs->items[i];
        if (in->given == NULL)
            continue;
        in->stream = *in->given;
        in->given->release = NULL;
    }
}

void elc_inputs_free(elc_inputs *inputs) {
    if (inputs == NULL)
        return;
    for (size_t i = 0; i < inputs->count; i++) {
        elc_stream_release(&inputs->items[i].stream);
        elc_schema_release(&inputs->items[i].schema);
        elc_shared_free(inputs->items[i].shared);
    }
    free(inputs->items);
    free(inputs);
}

bool elc_inputs_drive(const elc_inputs *inputs) {
    return inputs->driving != NULL;
}

bool elc_inputs_keyed(const elc_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++) {
        if (inputs->items[i].described->cut == ELC_CUT_KEYED)
            return true;
    }
    return false;
}

size_t elc_inputs_streams(const elc_inputs *inputs) {
    return inputs->count;
}

/* ---- dealing out ---------------------------------------------------------------- */

static elc_status say_memory(const input *in, elc_error *err) {
    elc_error why = {0};
    if (err != NULL)
        why = *err;
    return elc_fail(err, ELC_E_MEMORY,
                    "the %s table is held in memory, which it does not fit (%s); make "
                    "it smaller, or let Spark do the work",
                    in->described->name, why.message);
}

elc_status elc_inputs_share(elc_inputs *inputs, const elc_context *context,
                            elc_error *err) {
    for (size_t i = 0; i < inputs->count; i++) {
        input *in = &inputs->items[i];
        if (in->described->cut != ELC_CUT_WHOLE || in->stream.release == NULL)
            continue;
        elc_status status = elc_shared_read(&in->stream, context, &in->shared, err);
        if (status == ELC_E_MEMORY)
            return say_memory(in, err);
        ELC_TRY(status);
    }
    return ELC_OK;
}

void elc_batches_release(elc_batches *slice) {
    for (size_t i = 0; i < slice->count; i++)
        elc_array_release(&slice->batches[i]);
    slice->count = 0;
}

elc_status elc_inputs_next(elc_inputs *inputs, size_t most, elc_batches *out,
                           elc_error *err) {
    input *in = inputs->driving;
    size_t bytes = 0;
    out->count = 0;
    while (!in->ended && out->count < most && out->count < ELC_PART_BATCHES &&
           bytes < ELC_PART_BYTES) {
        struct ArrowArray *batch = &out->batches[out->count];
        batch->release = NULL;
        elc_status status = elc_stream_next(&in->stream, batch, err);
        if (status != ELC_OK)
            elc_batches_release(out);
        ELC_TRY(status);
        in->ended = batch->release == NULL;
        if (in->ended)
            break;
        out->count++;
        bytes += most > 1 ? elc_queue_weigh(&in->schema, batch) : 0;
    }
    return ELC_OK;
}

static elc_status slice_stream(const input *in, elc_batches *slice,
                               struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_schema_clone(&in->schema, &schema, err));
    elc_status status =
        elc_stream_of_batches(&schema, slice->batches, slice->count, out, err);
    elc_schema_release(&schema);
    return status;
}

static elc_status open_one(elc_inputs *inputs, input *in, elc_batches *slice,
                           struct ArrowArrayStream *out, elc_error *err) {
    if (in == inputs->driving)
        return slice_stream(in, slice, out, err);
    if (in->shared != NULL)
        return elc_shared_stream(in->shared, out, err);
    if (in->stream.release != NULL) { /* this is the only part */
        *out = in->stream;
        in->stream.release = NULL;
    }
    return ELC_OK;
}

elc_status elc_inputs_open(elc_inputs *inputs, elc_batches *slice,
                           struct ArrowArrayStream *in, elc_error *err) {
    elc_status status = ELC_OK;
    for (size_t i = 0; i < inputs->count; i++)
        in[i] = (struct ArrowArrayStream){0};
    for (size_t i = 0; status == ELC_OK && i < inputs->count; i++)
        status = open_one(inputs, &inputs->items[i], slice, &in[i], err);
    elc_batches_release(slice);
    for (size_t i = 0; status != ELC_OK && i < inputs->count; i++)
        elc_stream_release(&in[i]);
    return status;
}

/* ---- narrowing ------------------------------------------------------------------ */

static elc_status narrow(elc_inputs *inputs, const elc_call *call,
                         struct ArrowArrayStream *in, elc_error *err) {
    input *driving = inputs->driving;
    struct ArrowSchema schema = {0};
    elc_batches none = {.count = 0};
    ELC_TRY(elc_inputs_open(inputs, &none, in, err));
    elc_status status = call->op->narrow(call, in, &driving->stream, err);
    if (status == ELC_OK)
        status = elc_stream_schema(&driving->stream, &schema, err);
    for (size_t i = 0; i < inputs->count; i++)
        elc_stream_release(&in[i]);
    ELC_TRY(status);
    elc_schema_release(&driving->schema);
    driving->schema = schema;
    return ELC_OK;
}

elc_status elc_inputs_narrow(elc_inputs *inputs, const elc_call *call, elc_error *err) {
    struct ArrowArrayStream *in;
    if (inputs->driving == NULL || call->op->narrow == NULL)
        return ELC_OK;
    ELC_TRY(elc_alloc(inputs->count, sizeof *in, &in, err));
    elc_status status = narrow(inputs, call, in, err);
    free(in);
    return status;
}
