/* inputs.c - which words of a command line are which input of an operator. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/layer.h>

#include <stdlib.h>

/* What the descriptor says of the number of words. */
typedef struct {
    size_t inputs, needed;
    bool source;
} demand;

static demand demand_of(const elc_input *inputs) {
    demand d = {0};
    for (; inputs != NULL && inputs->name != NULL; inputs++) {
        d.inputs++;
        d.needed += !inputs->optional;
        d.source |= inputs->cut == ELC_CUT_SOURCE;
    }
    return d;
}

/* Words for one input, of which `spare` may be more than the needed ones. */
static size_t share_of(const elc_input *input, bool source, size_t spare) {
    size_t own = input->optional ? 0 : 1;
    if (input->cut == ELC_CUT_SOURCE)
        return own + spare;
    return input->optional && !source && spare > 0 ? 1 : own;
}

/* Names the first input that has no word; the last ones go without. */
static elc_status too_few(elc_cli_call *call, elc_error *err) {
    size_t left = call->words.count;
    const elc_input *input = call->op->inputs;
    for (; input->optional || left > 0; input++)
        left -= !input->optional;
    call->misuse = true;
    return elc_fail(err, ELC_E_ARGUMENT, "no %s given%s%s", input->name,
                    input->help == NULL ? "" : ": ",
                    input->help == NULL ? "" : input->help);
}

static elc_status too_many(elc_cli_call *call, size_t taken, elc_error *err) {
    call->misuse = true;
    return elc_fail(err, ELC_E_ARGUMENT, "%s: an input too many",
                    call->words.items[taken]);
}

static elc_status bind_one(const elc_input *input, char **words, size_t n,
                           elc_reference *reference, struct ArrowArrayStream *stream,
                           elc_error *err) {
    reference->paths = (const char *const *)(const void *)words;
    reference->n_paths = n;
    if (input->cut != ELC_CUT_SOURCE && n > 0) {
        ELC_TRY(elc_layer_read(words[0], stream, err));
        reference->stream = stream;
    }
    return ELC_OK;
}

elc_status elc_cli_inputs_bind(elc_cli_call *call, elc_cli_inputs *out,
                               elc_error *err) {
    demand d = demand_of(call->op->inputs);
    size_t n = call->words.count;
    if (n < d.needed)
        return too_few(call, err);
    if (n > d.inputs && !d.source)
        return too_many(call, d.inputs, err);
    ELC_TRY(elc_alloc(d.inputs, sizeof *out->items, &out->items, err));
    ELC_TRY(elc_alloc(d.inputs, sizeof *out->streams, &out->streams, err));
    out->count = d.inputs;
    size_t at = 0, spare = n - d.needed;
    for (size_t i = 0; i < d.inputs; i++) {
        const elc_input *input = &call->op->inputs[i];
        size_t share = share_of(input, d.source, spare);
        spare -= share - (input->optional ? 0 : 1);
        ELC_TRY(bind_one(input, call->words.items + at, share, &out->items[i],
                         &out->streams[i], err));
        at += share;
    }
    return ELC_OK;
}

void elc_cli_inputs_free(elc_cli_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++)
        elc_stream_release(&inputs->streams[i]);
    free(inputs->items);
    free(inputs->streams);
}
