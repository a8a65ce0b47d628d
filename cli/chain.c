/* chain.c - operators in a row on the local runner, each on the rows of the last. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Notes whose failure it was: the first step that fails has the message, those that
   read it only pass it on. */
static elc_status note(elc_cli_step *step, elc_status status) {
    if (status != ELC_OK && step->chain->failed == NULL)
        step->chain->failed = step;
    return status;
}

/* ---- what a step gives ----------------------------------------------------- */

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    elc_cli_step *step = state;
    ELC_TRY(note(step, elc_stream_next(&step->table, out, err)));
    if (out->release == NULL) {
        step->ended = true;
        elc_cli_progress_step_ends(&step->reporter);
    }
    return ELC_OK;
}

static void release(void *state) {
    elc_cli_step *step = state;
    elc_stream_release(&step->table);
}

/* The step's table, watched. */
static elc_status table_of(elc_cli_step *step, struct ArrowArrayStream *out,
                           elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_run_table(step->run, &step->table, err));
    elc_status status = elc_stream_schema(&step->table, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, release, step}, out, err);
    elc_schema_release(&schema);
    if (status != ELC_OK)
        elc_stream_release(&step->table);
    return status;
}

/* ---- planning -------------------------------------------------------------- */

/* Which options an operator cannot do without only itself knows: it says so by refusing
   one that was not given. */
static bool names_missing_option(const elc_cli_call *cli, const char *message) {
    const elc_option *o = cli->op->options;
    for (; o != NULL && o->name != NULL; o++) {
        char kebab[64], dashed[80], plain[80];
        elc_cli_kebab(o->name, kebab);
        snprintf(dashed, sizeof dashed, "--%s", kebab);
        snprintf(plain, sizeof plain, "option %s:", o->name);
        if (!elc_options_has(cli->own, o->name) &&
            (strstr(message, dashed) != NULL || strstr(message, plain) != NULL))
            return true;
    }
    return false;
}

static elc_status plan(elc_cli_step *step, elc_error *err) {
    elc_cli_call *cli = step->cli;
    step->call = (elc_call){
        .op = cli->op,
        .options = cli->own,
        .inputs = step->inputs.items,
        .context = &step->context,
        .part_units = (uint64_t)elc_options_int(cli->common, "part_units"),
        .rehearsal = elc_options_bool(cli->common, "dry_run"),
    };
    elc_status status = elc_run_create(&step->call, &step->run, err);
    cli->misuse = status == ELC_E_ARGUMENT && names_missing_option(cli, err->message);
    return note(step, status);
}

elc_status elc_cli_chain_plan(elc_cli_chain *chain, elc_error *err) {
    return plan(&chain->steps[0], err);
}

elc_status elc_cli_chain_open(elc_cli_chain *chain, struct ArrowArrayStream *out,
                              elc_error *err) {
    for (size_t i = 1; i < chain->count; i++) {
        elc_cli_step *before = &chain->steps[i - 1];
        ELC_TRY(note(before, table_of(before, chain->steps[i].inputs.before, err)));
        ELC_TRY(plan(&chain->steps[i], err));
    }
    elc_cli_step *last = &chain->steps[chain->count - 1];
    return note(last, table_of(last, out, err));
}

/* ---- life ------------------------------------------------------------------ */

static void step_fill(elc_cli_step *step, elc_cli_call *call, size_t index,
                      const elc_context *context, elc_cli_progress *progress) {
    step->cli = call;
    elc_cli_call_name(call, step->name);
    step->reporter = (elc_cli_reporter){progress, index, step->name, 0};
    step->context = (elc_context){.threads = context->threads,
                                  .cancel = context->cancel,
                                  .progress = elc_cli_progress_update,
                                  .warn = elc_cli_progress_warn,
                                  .arg = &step->reporter,
                                  .memory = context->memory};
}

elc_status elc_cli_chain_create(elc_cli_call *calls, size_t n,
                                const elc_context *context, elc_cli_progress *progress,
                                elc_cli_chain *out, elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof *out->steps, &out->steps, err));
    out->count = progress->steps = n;
    for (size_t i = 0; i < n; i++) {
        out->steps[i].chain = out;
        step_fill(&out->steps[i], &calls[i], i, context, progress);
    }
    for (size_t i = 0; i < n; i++)
        ELC_TRY(note(&out->steps[i],
                     elc_cli_inputs_bind(&calls[i], i > 0, &out->steps[i].context,
                                         &out->steps[i].inputs, err)));
    return ELC_OK;
}

/* The last first: it reads the others. */
void elc_cli_chain_stop(elc_cli_chain *chain) {
    for (size_t i = chain->count; i-- > 0;) {
        elc_run_free(chain->steps[i].run);
        chain->steps[i].run = NULL;
        elc_cli_inputs_free(&chain->steps[i].inputs);
        chain->steps[i].inputs = (elc_cli_inputs){0};
    }
}

void elc_cli_chain_free(elc_cli_chain *chain) {
    elc_cli_chain_stop(chain);
    free(chain->steps);
}
