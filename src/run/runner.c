/* runner.c - a call planned, opened on threads and given as tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <stdlib.h>

struct elc_run {
    elc_call call;
    elc_context context; /* for combine: the threads of one part */
    elc_call settling;
    elc_plan plan;
    elc_inputs *inputs;
    elc_pool *pool;
    elc_gather *gather;
    bool taken, prepares; /* prepares: what was prepared is the run's own */
};

/* ---- planning ------------------------------------------------------------------- */

/* The parts are a driving input's batches where there is one; else the operator's plan,
   or one part of no bytes. */
static elc_status make_plan(elc_run *run, elc_error *err) {
    bool drives = elc_inputs_drive(run->inputs), keyed = elc_inputs_keyed(run->inputs);
    const elc_operator *op = run->call.op;
    if (drives && keyed)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: has a driving input and a keyed one; please report this",
                        op->name);
    if (op->plan != NULL && !drives)
        ELC_TRY(op->plan(&run->call, &run->plan, err));
    else if (!drives)
        ELC_TRY(elc_plan_add(&run->plan, NULL, 0, 0, 1, err));
    if (keyed && run->plan.count > 1)
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: has a keyed input and a plan of %zu parts; please report "
                        "this",
                        op->name, run->plan.count);
    return ELC_OK;
}

static elc_status prepare(elc_run *run, elc_error *err) {
    ELC_TRY(elc_inputs_create(&run->call, &run->inputs, err));
    ELC_TRY(elc_call_prepare(&run->call, err));
    ELC_TRY(make_plan(run, err));
    if (run->call.context != NULL)
        run->context = *run->call.context;
    run->context.threads =
        elc_pool_threads(&run->call, &run->plan, elc_inputs_drive(run->inputs)).each;
    run->settling = run->call;
    run->settling.context = &run->context;
    elc_inputs_move(run->inputs);
    return ELC_OK;
}

elc_status elc_run_create(const elc_call *call, elc_run **out, elc_error *err) {
    elc_run *run;
    ELC_TRY(elc_alloc(1, sizeof *run, &run, err));
    run->call = *call;
    run->prepares = call->prepared == NULL;
    elc_status status = prepare(run, err);
    if (status != ELC_OK) {
        elc_run_free(run);
        return status;
    }
    *out = run;
    return ELC_OK;
}

const elc_plan *elc_run_plan(const elc_run *run) {
    return &run->plan;
}

elc_status elc_run_rehearse(const elc_run *run, double *seconds, elc_error *err) {
    const elc_operator *op = run->call.op;
    *seconds = -1;
    if (op->rehearse == NULL || run->plan.count == 0)
        return ELC_OK;
    return op->rehearse(&run->call, &run->plan, seconds, err);
}

/* ---- the table ------------------------------------------------------------------ */

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    elc_run *run = state;
    elc_status status = elc_gather_next(run->gather, out, err);
    if (status != ELC_OK)
        elc_pool_stop(run->pool);
    return status;
}

static void stop(void *state) {
    elc_run *run = state;
    elc_pool_stop(run->pool);
}

static elc_status start(elc_run *run, elc_error *err) {
    ELC_TRY(elc_check_cancel(run->call.context, err));
    if (elc_inputs_drive(run->inputs) || run->plan.count > 1)
        ELC_TRY(elc_inputs_share(run->inputs, run->call.context, err));
    ELC_TRY(elc_inputs_narrow(run->inputs, &run->call, err));
    ELC_TRY(elc_pool_create(&run->call, &run->plan, run->inputs, &run->pool, err));
    return elc_gather_create(&run->settling, elc_pool_feed(run->pool), true,
                             &run->gather, err);
}

elc_status elc_run_table(elc_run *run, struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    if (run->taken)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: its table was taken already; make a new run",
                        run->call.op->name);
    run->taken = true;
    elc_status status = start(run, err);
    if (status == ELC_OK)
        status = elc_gather_schema(run->gather, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next, stop, run}, out, err);
    elc_schema_release(&schema);
    if (status != ELC_OK && run->pool != NULL)
        elc_pool_stop(run->pool);
    return status;
}

elc_status elc_run_side(elc_run *run, size_t index, struct ArrowArrayStream *out,
                        elc_error *err) {
    if (run->gather == NULL || !elc_gather_ended(run->gather))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: side table %zu asked for before the table has ended; read "
                        "that to its end first",
                        run->call.op->name, index);
    return elc_sides_take(elc_gather_sides(run->gather), index, out, err);
}

void elc_run_free(elc_run *run) {
    if (run == NULL)
        return;
    elc_pool_free(run->pool);
    elc_gather_free(run->gather);
    elc_inputs_free(run->inputs);
    elc_plan_clear(&run->plan);
    if (run->prepares)
        elc_call_release(&run->call);
    free(run);
}
