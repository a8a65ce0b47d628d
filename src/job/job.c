/* job.c - an operator with its options and files: made, watched, planned, freed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is told on the way ------------------------------------------------------
 */

static void keep_progress(void *arg, const elc_progress *now) {
    elc_job *job = arg;
    pthread_mutex_lock(&job->lock);
    job->progress = *now;
    pthread_mutex_unlock(&job->lock);
}

static void keep_warning(void *arg, const char *line) {
    elc_job *job = arg;
    pthread_mutex_lock(&job->lock);
    if (job->warnings.count < JOB_WARNINGS)
        (void)elc_names_add(&job->warnings, line, NULL); /* no memory: one less */
    pthread_mutex_unlock(&job->lock);
}

static elc_progress sum(const elc_progress *a, const elc_progress *b) {
    return (elc_progress){.unit = b->unit != NULL ? b->unit : a->unit,
                          .done = a->done + b->done,
                          .total = a->total + b->total,
                          .found = a->found + b->found,
                          .skipped = a->skipped + b->skipped,
                          .pixels = a->pixels + b->pixels,
                          .network_s = a->network_s + b->network_s};
}

elc_progress elc_job_progress(elc_job *job) {
    pthread_mutex_lock(&job->lock);
    elc_progress now = sum(&job->before, &job->progress);
    pthread_mutex_unlock(&job->lock);
    return now;
}

void elc_job_next_part(elc_job *job) {
    pthread_mutex_lock(&job->lock);
    job->before = sum(&job->before, &job->progress);
    job->progress = (elc_progress){0};
    pthread_mutex_unlock(&job->lock);
}

bool elc_job_warning(elc_job *job, char *out, size_t size) {
    pthread_mutex_lock(&job->lock);
    bool any = job->n_taken < job->warnings.count;
    if (any)
        snprintf(out, size, "%s", job->warnings.items[job->n_taken++]);
    pthread_mutex_unlock(&job->lock);
    return any;
}

void elc_job_cancel(elc_job *job) {
    job->cancel = 1;
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status take_options(elc_job *job, const char *json, elc_error *err) {
    ELC_TRY(elc_options_create(job->op->options, &job->options, err));
    return json == NULL ? ELC_OK
                        : elc_options_from_json(job->options, json, strlen(json), err);
}

static void fill_sources(elc_job *job) {
    for (size_t i = 0; i < job->n_inputs; i++)
        job->sources[i] = (elc_reference){
            .paths = (const char *const *)(const void *)job->files[i].items,
            .n_paths = job->files[i].count};
    job->call = (elc_call){.op = job->op,
                           .options = job->options,
                           .inputs = job->sources,
                           .context = &job->context,
                           .part_units = 1};
}

static elc_status fill(elc_job *job, const char *op, const char *options,
                       const char *inputs, elc_error *err) {
    ELC_TRY(elc_operator_find(op, &job->op, err));
    while (job->op->inputs != NULL && job->op->inputs[job->n_inputs].name != NULL)
        job->n_inputs++;
    ELC_TRY(elc_alloc(job->n_inputs, sizeof *job->files, &job->files, err));
    ELC_TRY(elc_alloc(job->n_inputs, sizeof *job->sources, &job->sources, err));
    ELC_TRY(take_options(job, options, err));
    ELC_TRY(elc_job_take_inputs(job, inputs, err));
    fill_sources(job);
    return ELC_OK;
}

static void watch(elc_job *job, int threads) {
    pthread_mutex_init(&job->lock, NULL);
    job->context = (elc_context){.threads = threads,
                                 .cancel = &job->cancel,
                                 .progress = keep_progress,
                                 .warn = keep_warning,
                                 .arg = job};
}

elc_status elc_job_create(const char *op, const char *options, const char *inputs,
                          int threads, elc_job **out, elc_error *err) {
    elc_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    watch(job, threads);
    elc_status status = fill(job, op, options, inputs, err);
    if (status != ELC_OK) {
        elc_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

static elc_status follow(elc_job *job, elc_job *first, const char *inputs,
                         elc_error *err) {
    job->first = first;
    job->op = first->op;
    job->options = first->options;
    job->n_inputs = first->n_inputs;
    ELC_TRY(elc_alloc(job->n_inputs, sizeof *job->files, &job->files, err));
    ELC_TRY(elc_alloc(job->n_inputs, sizeof *job->sources, &job->sources, err));
    ELC_TRY(elc_job_take_inputs(job, inputs, err));
    fill_sources(job);
    if (!elc_job_parts(job))
        return ELC_OK;
    ELC_TRY(elc_call_prepare(&first->call, err));
    job->call.prepared = first->call.prepared;
    return ELC_OK;
}

elc_status elc_job_follow(elc_job *first, const char *inputs, int threads,
                          elc_job **out, elc_error *err) {
    elc_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    watch(job, threads);
    elc_status status = follow(job, first, inputs, err);
    if (status != ELC_OK) {
        elc_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

static void free_shared(elc_job *job) {
    if (job->first != NULL)
        return;
    elc_call_release(&job->call);
    elc_options_free(job->options);
}

void elc_job_free(elc_job *job) {
    if (job == NULL)
        return;
    free_shared(job);
    elc_plan_clear(&job->plan);
    for (size_t i = 0; job->files != NULL && i < job->n_inputs; i++)
        elc_names_free(&job->files[i]);
    free(job->files);
    free(job->sources);
    elc_names_free(&job->warnings);
    elc_names_free(&job->wanted);
    pthread_mutex_destroy(&job->lock);
    free(job);
}

/* ---- the plan ---------------------------------------------------------------------
 */

bool elc_job_has(const elc_job *job, elc_cut cut) {
    for (size_t i = 0; i < job->n_inputs; i++)
        if (job->op->inputs[i].cut == cut)
            return true;
    return false;
}

static bool drives(const elc_job *job) {
    for (size_t i = 0; i < job->n_inputs; i++)
        if (job->op->inputs[i].cut == ELC_CUT_DRIVING &&
            (job->files[i].count > 0 || !job->op->inputs[i].optional))
            return true;
    return false;
}

bool elc_job_slices(const elc_job *job) {
    return drives(job) && job->op->combine == NULL;
}

bool elc_job_parts(const elc_job *job) {
    return job->op->plan != NULL && !drives(job) && !elc_job_has(job, ELC_CUT_WHOLE) &&
           !elc_job_has(job, ELC_CUT_KEYED);
}

elc_status elc_job_want_columns(elc_job *job, const elc_names *columns,
                                elc_error *err) {
    elc_names_free(&job->wanted);
    for (size_t i = 0; i < columns->count; i++)
        ELC_TRY(elc_names_add(&job->wanted, columns->items[i], err));
    return ELC_OK;
}

void elc_job_want_extents(elc_job *job) {
    job->call.extents = true;
}

elc_status elc_job_plan(elc_job *job, uint64_t part_units, const elc_plan **out,
                        elc_error *err) {
    elc_plan_clear(&job->plan);
    job->plan = (elc_plan){0};
    if (elc_job_slices(job)) {
        *out = &job->plan;
        return ELC_OK;
    }
    if (!elc_job_parts(job)) {
        ELC_TRY(elc_plan_add(&job->plan, NULL, 0, 0, 1, err));
    } else {
        job->call.part_units = part_units;
        ELC_TRY(elc_call_prepare(&job->call, err));
        ELC_TRY(job->op->plan(&job->call, &job->plan, err));
    }
    *out = &job->plan;
    return ELC_OK;
}
