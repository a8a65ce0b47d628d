/* read.c - the tables of a job: whole, by slices, by scopes, by parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

#include <elcano/layer.h>

/* ---- every so many batches --------------------------------------------------------
 */

typedef struct {
    struct ArrowArrayStream all;
    uint64_t slice, slices, at;
} sieve;

static elc_status sieve_next(void *state, struct ArrowArray *out, elc_error *err) {
    sieve *s = state;
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_stream_next(&s->all, &batch, err));
        if (batch.release == NULL || s->at++ % s->slices == s->slice) {
            *out = batch;
            return ELC_OK;
        }
        elc_array_release(&batch);
    }
}

static void sieve_free(void *state) {
    sieve *s = state;
    elc_stream_release(&s->all);
    free(s);
}

/* The stream gives way to its slice. */
static elc_status take_slice(struct ArrowArrayStream *stream, uint64_t slice,
                             uint64_t slices, elc_error *err) {
    struct ArrowSchema schema = {0};
    sieve *s;
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    elc_status status = elc_alloc(1, sizeof *s, &s, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        return status;
    }
    *s = (sieve){*stream, slice, slices, 0};
    status = elc_stream_create(&schema, (elc_producer){sieve_next, sieve_free, s},
                               stream, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        free(s); /* the stream is the caller's still */
    }
    return status;
}

/* ---- a run of its own -------------------------------------------------------------
 */

/* How much of the tables is read. */
typedef struct {
    bool none; /* their columns alone */
    uint64_t slice, slices;
} extent;

static const extent ALL = {false, 0, 1}, NONE = {true, 0, 1};

/* The local runner at work, or a table alone, which its stream owns. */
typedef struct {
    elc_reference *inputs;
    struct ArrowArrayStream *tables;
    size_t n_inputs;
    elc_call call;
    elc_run *run;
    struct ArrowArrayStream rows;
} work;

static void work_free(void *state) {
    work *w = state;
    elc_stream_release(&w->rows);
    elc_run_free(w->run);
    for (size_t i = 0; w->tables != NULL && i < w->n_inputs; i++)
        elc_stream_release(&w->tables[i]);
    free(w->tables);
    free(w->inputs);
    free(w);
}

static elc_status work_next(void *state, struct ArrowArray *out, elc_error *err) {
    work *w = state;
    ELC_TRY(elc_check_cancel(w->call.context, err));
    return elc_stream_next(&w->rows, out, err);
}

/* A stream of the same columns and no rows. */
static elc_status empty(struct ArrowArrayStream *stream, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream none = {0};
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    elc_status status = elc_stream_of_batches(&schema, NULL, 0, &none, err);
    elc_schema_release(&schema);
    ELC_TRY(status);
    elc_stream_release(stream);
    *stream = none;
    return ELC_OK;
}

static elc_status open_table(const elc_job *job, size_t i, extent how,
                             struct ArrowArrayStream *out, elc_error *err) {
    ELC_TRY(elc_layer_open(job->files[i].items[0], &job->context, out, err));
    if (how.none)
        return empty(out, err);
    bool driving = job->op->inputs[i].cut == ELC_CUT_DRIVING;
    if (driving && job->op->plain && job->wanted.count > 0)
        ELC_TRY(elc_stream_narrow(out, &(elc_wish){.columns = &job->wanted}, err));
    if (driving && how.slices > 1)
        return take_slice(out, how.slice, how.slices, err);
    return ELC_OK;
}

static elc_status open_tables(const elc_job *job, extent how, work *w, elc_error *err) {
    for (size_t i = 0; i < w->n_inputs; i++) {
        w->inputs[i] = job->sources[i];
        if (job->op->inputs[i].cut == ELC_CUT_SOURCE || job->files[i].count == 0)
            continue;
        ELC_TRY(open_table(job, i, how, &w->tables[i], err));
        w->inputs[i].stream = &w->tables[i];
    }
    return ELC_OK;
}

/* A plain operator's rows are those of its table, which the caller's thread reads. */
static void take_rows(const elc_job *job, work *w) {
    for (size_t i = 0; i < w->n_inputs; i++)
        if (job->op->inputs[i].cut == ELC_CUT_DRIVING) {
            w->rows = w->tables[i];
            w->tables[i].release = NULL;
        }
}

static elc_status work_start(elc_job *job, extent how, work *w, elc_error *err) {
    w->n_inputs = job->n_inputs;
    ELC_TRY(elc_alloc(w->n_inputs, sizeof *w->inputs, &w->inputs, err));
    ELC_TRY(elc_alloc(w->n_inputs, sizeof *w->tables, &w->tables, err));
    ELC_TRY(open_tables(job, how, w, err));
    w->call = (elc_call){.op = job->op,
                         .options = job->options,
                         .inputs = w->inputs,
                         .context = &job->context};
    if (job->op->plain) {
        take_rows(job, w);
        return ELC_OK;
    }
    ELC_TRY(elc_run_create(&w->call, &w->run, err));
    return elc_run_table(w->run, &w->rows, err);
}

static elc_status read_extent(elc_job *job, extent how, struct ArrowArrayStream *out,
                              elc_error *err) {
    struct ArrowSchema schema = {0};
    work *w;
    ELC_TRY(elc_alloc(1, sizeof *w, &w, err));
    elc_status status = work_start(job, how, w, err);
    if (status == ELC_OK)
        status = elc_stream_schema(&w->rows, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){work_next, work_free, w},
                                   out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        work_free(w);
    }
    return status;
}

elc_status elc_job_read(elc_job *job, struct ArrowArrayStream *out, elc_error *err) {
    return read_extent(job, ALL, out, err);
}

elc_status elc_job_read_slice(elc_job *job, uint64_t slice, uint64_t slices,
                              struct ArrowArrayStream *out, elc_error *err) {
    if (!elc_job_slices(job) || slice >= slices)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: there is no slice %llu of %llu",
                        job->op->name, (unsigned long long)slice,
                        (unsigned long long)slices);
    return read_extent(job, (extent){false, slice, slices}, out, err);
}

/* ---- parts ------------------------------------------------------------------------
 */

elc_status elc_job_read_part(elc_job *job, const elc_part *part,
                             struct ArrowArrayStream *out, elc_error *err) {
    if (!elc_job_parts(job))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: has no parts", job->op->name);
    ELC_TRY(elc_call_prepare(&job->call, err));
    elc_job_next_part(job);
    return elc_run_open_part(&job->call, part, NULL, out, err);
}

static elc_status open_parts(elc_job *job, const elc_part *parts, size_t n,
                             struct ArrowArrayStream *streams, elc_error *err) {
    for (size_t i = 0; i < n; i++)
        ELC_TRY(elc_job_read_part(job, &parts[i], &streams[i], err));
    return ELC_OK;
}

elc_status elc_job_read_scope(elc_job *job, const elc_part *parts, size_t n,
                              struct ArrowArrayStream *out, elc_error *err) {
    struct ArrowArrayStream *streams;
    if (!elc_job_parts(job))
        return elc_job_read(job, out, err);
    ELC_TRY(elc_alloc(n, sizeof *streams, &streams, err));
    elc_status status = open_parts(job, parts, n, streams, err);
    if (status == ELC_OK)
        status = elc_run_finish_scope(&job->call, streams, n, out, err);
    for (size_t i = 0; i < n; i++)
        elc_stream_release(&streams[i]);
    free(streams);
    return status;
}

/* ---- columns ----------------------------------------------------------------------
 */

/* The first part's stream tells them; its rows are not waited for. */
static elc_status schema_of_parts(elc_job *job, struct ArrowSchema *out,
                                  elc_error *err) {
    const elc_output *output = &job->op->outputs[0];
    const elc_plan *plan;
    struct ArrowArrayStream stream = {0};
    ELC_TRY(elc_job_plan(job, UINT32_MAX, &plan, err));
    if (plan->count == 0)
        return elc_schema_create(output->columns, output->n_columns, NULL, out, err);
    ELC_TRY(elc_job_read_part(job, &plan->parts[0], &stream, err));
    elc_status status = elc_stream_schema(&stream, out, err);
    elc_stream_release(&stream);
    return status;
}

elc_status elc_job_part_schema(elc_job *job, struct ArrowSchema *out, elc_error *err) {
    if (!elc_job_parts(job))
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: is not cut into parts",
                        job->op->name);
    return schema_of_parts(job, out, err);
}

static elc_status schema_of_tables(elc_job *job, struct ArrowSchema *out,
                                   elc_error *err) {
    struct ArrowArrayStream none = {0};
    ELC_TRY(read_extent(job, NONE, &none, err));
    elc_status status = elc_stream_schema(&none, out, err);
    elc_stream_release(&none);
    return status;
}

elc_status elc_job_schema(elc_job *job, struct ArrowSchema *out, elc_error *err) {
    struct ArrowSchema schema = {0};
    if (!elc_job_parts(job))
        return schema_of_tables(job, out, err);
    ELC_TRY(schema_of_parts(job, &schema, err));
    elc_status status = elc_schema_seen(&schema, out, err);
    elc_schema_release(&schema);
    return status;
}

/* ---- settling ---------------------------------------------------------------------
 */

static bool is_geometry(const elc_output *output, const char *name) {
    for (size_t i = 0; i < output->n_columns; i++)
        if (output->columns[i].type == ELC_GEOMETRY &&
            strcmp(output->columns[i].name, name) == 0)
            return true;
    return false;
}

/* Other systems forget what is a geometry; the operator says so. */
static elc_status restore(const elc_job *job, const struct ArrowSchema *given,
                          struct ArrowSchema *out, elc_error *err) {
    elc_column *columns;
    elc_status status = ELC_OK;
    size_t n = (size_t)given->n_children;
    ELC_TRY(elc_alloc(n, sizeof *columns, &columns, err));
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        columns[i].name = given->children[i]->name;
        status = elc_schema_type(given->children[i], &columns[i].type, err);
        if (is_geometry(&job->op->outputs[0], columns[i].name))
            columns[i].type = ELC_GEOMETRY;
    }
    if (status == ELC_OK)
        status = elc_schema_create(columns, n, NULL, out, err);
    free(columns);
    return status;
}

elc_status elc_job_combine(elc_job *job, const struct ArrowSchema *columns,
                           struct ArrowArray *rows, struct ArrowArrayStream *out,
                           elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream stream = {0};
    ELC_TRY(restore(job, columns, &schema, err));
    elc_status status = elc_stream_of_batches(&schema, rows, 1, &stream, err);
    elc_schema_release(&schema);
    ELC_TRY(status);
    status = elc_run_finish_scope(&job->call, &stream, 1, out, err);
    elc_stream_release(&stream);
    return status;
}
