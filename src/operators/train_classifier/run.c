/* run.c - a classifier's training from labels to a file, as a stream of one batch. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <stdlib.h>

#include "operators/networks/try.h"
#include "operators/parts/write.h"

typedef struct training {
    train_job job;
    bool done;
} training;

/* ---- files --------------------------------------------------------------------------
 */

/* Before the work, which may be long. */
static elc_status check_file(const train_job *job, const char *option, elc_error *err) {
    return elc_check_file(elc_options_text(job->options, option),
                          elc_options_bool(job->options, "overwrite"), err);
}

typedef struct files {
    elc_string network, report;
} files;

/* All of it before the first file is there, and the network tried. */
static elc_status make(const train_job *job, files *out, elc_error *err) {
    const network_promise promise = {elc_options_text(job->options, "out"),
                                     ELC_MODEL_CLASSIFIER, &job->classes};
    ELC_TRY(elc_classes_json(job, &out->report, err));
    ELC_TRY(elc_classes_write(job, &out->network, err));
    ELC_TRY(elc_network_try(&promise, &out->network, err));
    return elc_check_cancel(job->context, err);
}

/* Both or none. */
static elc_status write_files(const train_job *job, const files *m, elc_error *err) {
    const char *json = elc_options_text(job->options, "json");
    const written_file both[] = {
        {elc_options_text(job->options, "out"), m->network.data, m->network.size},
        {json, m->report.data, m->report.size}};
    return elc_write_files(both, json != NULL ? 2 : 1, err);
}

static elc_status give_files(const train_job *job, elc_error *err) {
    files m = {0};
    elc_status status = make(job, &m, err);
    if (status == ELC_OK)
        status = write_files(job, &m, err);
    elc_string_free(&m.network);
    elc_string_free(&m.report);
    return status;
}

/* ---- the work -----------------------------------------------------------------------
 */

static void tell(const train_job *job) {
    if (job->by_image && !elc_options_has(job->options, "labels"))
        elc_warn(job->context,
                 "no image has a place on the map, so that folds are of images; where "
                 "several show one place, put them into folders CLASS/PLACE/");
    else if (job->by_image)
        elc_warn(job->context,
                 "no image has a place on the map, so that folds are of images");
    if (job->folds < (int)elc_options_int(job->options, "folds"))
        elc_warn(job->context, "the labels lie in %zu places: there are as many folds",
                 job->n_places);
}

static elc_status work(train_job *job, struct ArrowArray *out, elc_error *err) {
    ELC_TRY(check_file(job, "out", err));
    ELC_TRY(check_file(job, "json", err));
    ELC_TRY(elc_classes_start(job, err));
    ELC_TRY(elc_classes_list(job, err));
    ELC_TRY(elc_classes_look(job, err));
    ELC_TRY(elc_classes_place(job, err));
    ELC_TRY(elc_classes_fit(job, err));
    tell(job);
    ELC_TRY(elc_classes_rows(job, out, err));
    return give_files(job, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    training *t = state;
    struct ArrowArray made = {0};
    if (t->done)
        return ELC_OK;
    t->done = true;
    elc_status status = work(&t->job, &made, err);
    if (status != ELC_OK) {
        elc_array_release(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

static void training_free(void *state) {
    training *t = state;
    elc_classes_clear(&t->job);
    free(t);
}

elc_status elc_classes_run(const elc_call *call, struct ArrowArrayStream *out,
                           elc_error *err) {
    training *t;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *t, &t, err));
    t->job =
        (train_job){.call = call, .options = call->options, .context = call->context};
    elc_status status =
        elc_schema_create(elc_classes_columns, TRAIN_N_COLUMNS, NULL, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next, training_free, t}, out,
                                   err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        training_free(t);
    }
    return status;
}
