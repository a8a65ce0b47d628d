/* run.c - the whole of a training: from labels to a file, and the rows that tell of it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "operators/networks/try.h"
#include "operators/parts/write.h"

enum { CLASS, OBJECTS, LEFT_OUT, AP50, PRECISION, RECALL, F1, SCORE, EPOCHS };

const elc_column elc_train_columns[TRAIN_N_COLUMNS] = {
    [CLASS] = {"class", ELC_UTF8, NULL, NULL},
    [OBJECTS] = {"objects", ELC_INT64, NULL, "labelled ones that were learnt from"},
    [LEFT_OUT] = {"left_out", ELC_INT64, NULL,
                  "labelled ones that were left out, to measure; the network that is "
                  "written learnt from them, too"},
    [AP50] = {"ap50", ELC_FLOAT64, NULL,
              "average precision on what was left out, IoU 0.5, all points"},
    [PRECISION] = {"precision", ELC_FLOAT64, NULL, "there, at the best F1"},
    [RECALL] = {"recall", ELC_FLOAT64, NULL, NULL},
    [F1] = {"f1", ELC_FLOAT64, NULL, NULL},
    [SCORE] = {"score", ELC_FLOAT64, NULL,
               "of the best F1, which became 0.4 in what is written"},
    [EPOCHS] = {"epochs", ELC_INT32, NULL, "how long it learnt"},
};

typedef struct {
    const elc_call *call;
    bool done;
} training;

static elc_status need(const elc_options *o, const char *name, const char *what,
                       elc_error *err) {
    return elc_options_text(o, name)
               ? ELC_OK
               : elc_fail(err, ELC_E_ARGUMENT, "no %s given: %s", what,
                          strcmp(name, "out") == 0      ? "-o solar.onnx"
                          : strcmp(name, "labels") == 0 ? "--labels"
                                                        : "--images");
}

elc_status elc_train_check(const elc_options *options, elc_error *err) {
    ELC_TRY(need(options, "labels", "labelled objects", err));
    ELC_TRY(need(options, "images", "images", err));
    ELC_TRY(need(options, "out", "file for the detector", err));
    return elc_check_file(elc_options_text(options, "out"),
                          elc_options_bool(options, "overwrite"), err);
}

static elc_status put_share(elc_batch *batch, size_t column, double value,
                            elc_error *err) {
    return isfinite(value) ? elc_batch_real(batch, column, value, err) : ELC_OK;
}

static elc_status put_row(const train_job *job, const train_outcome *o, size_t c,
                          elc_batch *batch, elc_error *err) {
    const train_score *s = &o->scores[c];
    ELC_TRY(elc_batch_text(batch, CLASS, job->classes.items[c], err));
    ELC_TRY(elc_batch_int(batch, OBJECTS, (int64_t)s->learnt, err));
    ELC_TRY(elc_batch_int(batch, LEFT_OUT, (int64_t)s->left_out, err));
    ELC_TRY(put_share(batch, AP50, s->ap50, err));
    ELC_TRY(put_share(batch, PRECISION, s->precision, err));
    ELC_TRY(put_share(batch, RECALL, s->recall, err));
    ELC_TRY(put_share(batch, F1, s->f1, err));
    ELC_TRY(put_share(batch, SCORE, s->score, err));
    ELC_TRY(elc_batch_int(batch, EPOCHS, (int64_t)o->epochs, err));
    return elc_batch_end_row(batch, err);
}

static elc_status put_rows(const train_job *job, const train_outcome *o,
                           struct ArrowArray *out, elc_error *err) {
    elc_batch *batch;
    elc_status status = ELC_OK;
    ELC_TRY(elc_batch_create(elc_train_columns, TRAIN_N_COLUMNS, &batch, err));
    for (size_t c = 0; c < job->classes.count && status == ELC_OK; c++)
        status = put_row(job, o, c, batch, err);
    if (status == ELC_OK)
        status = elc_batch_finish(batch, out, err);
    elc_batch_free(batch);
    return status;
}

static elc_status write_network(const train_job *job, const train_outcome *o,
                                elc_error *err) {
    const char *path = elc_options_text(job->call->options, "out");
    const network_promise promise = {path, ELC_MODEL_DETECTOR, &job->classes};
    elc_string bytes = {0};
    elc_status status = elc_train_network(job, o, &bytes, err);
    if (status == ELC_OK)
        status = elc_network_try(&promise, &bytes, err);
    if (status == ELC_OK)
        status = elc_write_file(path, bytes.data, bytes.size, err);
    elc_string_free(&bytes);
    return status;
}

static elc_status work(const elc_call *call, struct ArrowArray *out, elc_error *err) {
    train_job *job = NULL;
    train_outcome outcome = {0};
    ELC_TRY(elc_train_check(call->options, err));
    ELC_TRY(elc_train_job_open(call, &job, err));
    elc_status status = elc_train_learn(job, &outcome, err);
    if (status == ELC_OK)
        status = write_network(job, &outcome, err);
    if (status == ELC_OK)
        status = put_rows(job, &outcome, out, err);
    if (status == ELC_OK && outcome.stopped)
        elc_warn(call->context, "stopped after %zu epochs: the best so far is written",
                 outcome.epochs);
    elc_train_outcome_clear(&outcome);
    elc_train_job_free(job);
    return status;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    training *t = state;
    if (t->done)
        return ELC_OK;
    t->done = true;
    return work(t->call, out, err);
}

elc_status elc_train_run(const elc_call *call, struct ArrowArrayStream *out,
                         elc_error *err) {
    training *t;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *t, &t, err));
    t->call = call;
    elc_status status =
        elc_schema_create(elc_train_columns, TRAIN_N_COLUMNS, NULL, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next, free, t}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        free(t);
    }
    return status;
}
