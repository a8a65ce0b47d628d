/* run.c - a comparison from the tables to the rows and files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "rows.h"

#include "operators/parts/write.h"

#include <math.h>
#include <stdlib.h>

/* ---- what is said --------------------------------------------------------------- */

/* Classes that only one of both has are most often two names of one. */
static elc_status warn_of_classes(const eval_data *data, const elc_context *context,
                                  elc_error *err) {
    size_t n = data->classes.shown.count, *seen = NULL;
    ELC_TRY(elc_alloc(2 * n, sizeof *seen, &seen, err));
    for (size_t i = 0; i < data->found.count; i++)
        seen[2 * data->found.items[i].class_id]++;
    for (size_t i = 0; i < data->truth.count; i++)
        seen[2 * data->truth.items[i].class_id + 1]++;
    for (size_t c = 0; c < n && data->truth.count > 0; c++)
        if (seen[2 * c] > 0 && seen[2 * c + 1] == 0)
            elc_warn(context,
                     "class %s: found %zu times, and the truth has none; if it has "
                     "another name there, --styles can say so",
                     data->classes.shown.items[c], seen[2 * c]);
    free(seen);
    return ELC_OK;
}

static void warn_of_cut(const eval_wish *wish, const eval_result *r,
                        const elc_context *context) {
    if (r->n_cut > 0)
        elc_warn(context,
                 "%zu found objects do not count: they are beyond the %u best of their "
                 "image and class (--per-image)",
                 r->n_cut, wish->most);
}

static void warn_of_failed(const eval_data *data, const elc_context *context) {
    if (data->n_failed > 0)
        elc_warn(context,
                 "%zu rows of the detections only say what failed, and are passed over",
                 data->n_failed);
}

/* ---- what is read --------------------------------------------------------------- */

/* The truth's classes come first, in its own order. */
static elc_status name_classes(const eval_job *job, eval_data *data, elc_error *err) {
    uint32_t at;
    for (size_t i = 0; i < job->labels.classes.count; i++)
        ELC_TRY(elc_eval_class(data, job->labels.classes.items[i], &at, err));
    return ELC_OK;
}

static elc_status read_all(const eval_job *job, const elc_context *context,
                           struct ArrowArrayStream *detections, eval_data *data,
                           elc_error *err) {
    data->by_group = job->by_group;
    data->on_map = job->on_map;
    data->xview = job->wish.rule == ELC_SCORE_XVIEW;
    ELC_TRY(name_classes(job, data, err));
    ELC_TRY(elc_eval_read_found(detections, job->wish.shapes, context, data, err));
    ELC_TRY(elc_eval_take_truth(&job->labels, context, data, err));
    ELC_TRY(elc_eval_choose_shapes(job->wish.shapes, job->labels.format, context, data,
                                   err));
    warn_of_failed(data, context);
    ELC_TRY(warn_of_classes(data, context, err));
    ELC_TRY(elc_eval_set_aside(&job->images, job->wish.edge, data, err));
    return elc_eval_place_truth(&job->images, data, err);
}

/* ---- what is written ------------------------------------------------------------ */

static elc_status write_json(const eval_job *job, const eval_data *data,
                             const eval_result *r, elc_error *err) {
    elc_string text = {0};
    if (job->json == NULL)
        return ELC_OK;
    elc_status status = elc_eval_json(data, &job->wish, r, &text, err);
    if (status == ELC_OK)
        status = elc_write_file(job->json, text.data, text.size, err);
    elc_string_free(&text);
    return status;
}

static elc_status write_report(const eval_job *job, const eval_data *data,
                               const eval_result *r, const elc_context *context,
                               elc_error *err) {
    elc_string text = {0};
    if (job->report == NULL)
        return ELC_OK;
    elc_status status =
        elc_eval_html(data, &job->wish, r, &job->images, context, &text, err);
    if (status == ELC_OK)
        status = elc_write_file(job->report, text.data, text.size, err);
    elc_string_free(&text);
    return status;
}

static elc_status run(const elc_call *call, struct ArrowArrayStream *detections,
                      eval_data *data, eval_result *r, struct ArrowArrayStream *out,
                      elc_error *err) {
    const eval_job *job = call->prepared;
    ELC_TRY(read_all(job, call->context, detections, data, err));
    ELC_TRY(elc_eval_compare(data, &job->wish, r, err));
    warn_of_cut(&job->wish, r, call->context);
    ELC_TRY(write_json(job, data, r, err));
    ELC_TRY(write_report(job, data, r, call->context, err));
    return elc_eval_stream(data, r, out, err);
}

elc_status elc_eval_run(const elc_call *call, struct ArrowArrayStream *detections,
                        struct ArrowArrayStream *out, elc_error *err) {
    const eval_job *job = call->prepared;
    eval_data data = {.styles = job->styles}; /* lent: not freed with the rest */
    eval_result result = {0};
    elc_status status = run(call, detections, &data, &result, out, err);
    elc_eval_result_free(&result);
    elc_eval_data_free(&data);
    return status;
}
