/* inputs.c - which words of a command line are which input of an operator. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/image.h>
#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>

/* What the descriptor says of the number of words. */
typedef struct {
    size_t inputs, needed;
    bool source, driving;
    bool either; /* files that it reads itself or, in their place, a table */
} demand;

static demand demand_of(const elc_input *inputs) {
    demand d = {0};
    for (; inputs != NULL && inputs->name != NULL; inputs++) {
        d.inputs++;
        d.needed += !inputs->optional;
        d.source |= inputs->cut == ELC_CUT_SOURCE;
        d.driving |= inputs->cut == ELC_CUT_DRIVING;
    }
    d.either = d.source && d.driving && d.needed == 0;
    return d;
}

/* Words for one input, of which `spare` may be more than the needed ones. */
static size_t share_of(const elc_input *input, bool source, size_t spare) {
    size_t own = input->optional ? 0 : 1;
    if (input->cut == ELC_CUT_SOURCE)
        return own + (source ? spare : 0);
    return input->optional && !source && spare > 0 ? 1 : own;
}

/* Names the first input that has no word; the last ones go without. */
static elc_status too_few(elc_cli_call *call, demand d, elc_error *err) {
    size_t left = call->words.count;
    const elc_input *input = call->op->inputs;
    for (; !d.either && (input->optional || left > 0); input++)
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

/* The word for what the step before gives. */
static const char FROM_BEFORE[] = "-";

static bool is_image(const char *path) {
    elc_image *image = NULL;
    bool is = elc_image_open(path, &image, NULL) == ELC_OK;
    elc_image_free(image);
    return is;
}

/* Whether the one word is the table in place of files: GDAL may open as an image what
   ends like a table, a GeoPackage or a grid of text. */
static bool gives_table(const elc_cli_call *call, demand d) {
    if (!d.either || call->words.count != 1)
        return false;
    const char *word = call->words.items[0];
    return strcmp(word, FROM_BEFORE) == 0 ||
           (elc_layer_is_named(word) && !is_image(word));
}

static bool names_before(const elc_cli_call *call) {
    for (size_t i = 0; i < call->words.count; i++)
        if (strcmp(call->words.items[i], FROM_BEFORE) == 0)
            return true;
    return false;
}

/* Where no word stands for the step before, it is the first input. */
static elc_status give_first(elc_cli_call *call, elc_error *err) {
    elc_names words = {0};
    elc_status status = elc_names_add(&words, FROM_BEFORE, err);
    for (size_t i = 0; status == ELC_OK && i < call->words.count; i++)
        status = elc_names_add(&words, call->words.items[i], err);
    if (status != ELC_OK) {
        elc_names_free(&words);
        return status;
    }
    elc_names_free(&call->words);
    call->words = words;
    return ELC_OK;
}

static elc_status reads_files(elc_cli_call *call, elc_error *err) {
    char name[64];
    elc_cli_call_name(call, name);
    call->misuse = true;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "takes no rows from the step before; %s reads its files itself, so "
                    "it can only be the first step",
                    name);
}

static elc_status bind_one(elc_cli_call *call, size_t index, char **words, size_t n,
                           bool follows, const elc_context *context,
                           elc_cli_inputs *out, elc_error *err) {
    elc_reference *reference = &out->items[index];
    struct ArrowArrayStream *stream = &out->streams[index];
    reference->paths = (const char *const *)(const void *)words;
    reference->n_paths = n;
    bool given = follows && n > 0 && strcmp(words[0], FROM_BEFORE) == 0;
    if (call->op->inputs[index].cut == ELC_CUT_SOURCE)
        return given ? reads_files(call, err) : ELC_OK;
    if (n == 0)
        return ELC_OK;
    if (given)
        out->before = stream;
    else
        ELC_TRY(elc_layer_open(words[0], context, stream, err));
    reference->stream = stream;
    return ELC_OK;
}

static elc_status bind_all(elc_cli_call *call, demand d, bool follows,
                           const elc_context *context, elc_cli_inputs *out,
                           elc_error *err) {
    size_t at = 0, spare = call->words.count - d.needed;
    bool source = d.source && !gives_table(call, d);
    for (size_t i = 0; i < d.inputs; i++) {
        const elc_input *input = &call->op->inputs[i];
        size_t share = share_of(input, source, spare);
        spare -= share - (input->optional ? 0 : 1);
        ELC_TRY(bind_one(call, i, call->words.items + at, share, follows, context, out,
                         err));
        at += share;
    }
    return follows && out->before == NULL ? reads_files(call, err) : ELC_OK;
}

elc_status elc_cli_inputs_bind(elc_cli_call *call, bool follows,
                               const elc_context *context, elc_cli_inputs *out,
                               elc_error *err) {
    demand d = demand_of(call->op->inputs);
    if (follows && !names_before(call))
        ELC_TRY(give_first(call, err));
    if (call->words.count < d.needed + d.either)
        return too_few(call, d, err);
    if (call->words.count > d.inputs && !d.source)
        return too_many(call, d.inputs, err);
    ELC_TRY(elc_alloc(d.inputs, sizeof *out->items, &out->items, err));
    ELC_TRY(elc_alloc(d.inputs, sizeof *out->streams, &out->streams, err));
    out->count = d.inputs;
    return bind_all(call, d, follows, context, out, err);
}

void elc_cli_inputs_free(elc_cli_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++)
        elc_stream_release(&inputs->streams[i]);
    free(inputs->items);
    free(inputs->streams);
}
