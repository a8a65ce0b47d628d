/* classify.c - which class a network takes images for, and how sure it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chips/cut.h"
#include "networks/classes.h"
#include "networks/job.h"
#include "networks/table.h"
#include "operators/pixels/options.h"

#include <stdlib.h>

static const elc_input inputs[] = {NETWORK_INPUTS, {0}};

static const char *const scores[] = {"auto", "softmax", "sigmoid", "as_is", NULL};

static const elc_option options[] = {
    {.name = "model",
     .type = ELC_OPTION_PATH,
     .help = "the ONNX classifier: a file, or the name of an installed one (see model "
             "list)"},
    {.name = "top",
     .type = ELC_OPTION_INT,
     .fallback = "1",
     .min = 1,
     .max = 65536,
     .help = "how many classes a chip gets, the surest first, each a row"},
    {.name = "scores",
     .type = ELC_OPTION_CHOICE,
     .choices = scores,
     .fallback = "auto",
     .help = "how the network's numbers become scores: softmax (one class holds), "
             "sigmoid (each for itself), or as they are; auto: as they are where they "
             "lie between 0 and 1 on every chip of a trial, else softmax, or for one "
             "class sigmoid"},
    ELC_OPTION_CLASSES,
    NETWORK_OPTIONS,
    {0},
};

static const elc_output outputs[] = {
    {.name = "classes",
     .help = "--top rows a chip that is not blank, in the images' order, the surest "
             "class first.",
     .more = "The columns of elcano chips, without those of files and labels; then "
             "rank, from 1; class and class_id; score, 0 to 1."},
    {0},
};

typedef struct classify_job {
    network_job network; /* first, for it is what chips' open finds */
    classes_wish wish;
} classify_job;

static void release(void *prepared) {
    elc_network_job_clear(prepared);
    free(prepared);
}

static elc_status fill(const elc_call *call, classify_job *job, elc_error *err) {
    const elc_model_options more = {.any = true};
    if (!elc_options_has(call->options, "model"))
        return elc_fail(err, ELC_E_ARGUMENT, "no network given: --model FILE");
    ELC_TRY(elc_network_job_fill(call, &more, &job->network, err));
    ELC_TRY(elc_classes_wish_read(call->options, &job->network, &job->wish, err));
    job->network.wish = &job->wish;
    return elc_network_job_use(call, &job->wish.reading, &job->network, err);
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    classify_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    elc_status status = fill(call, job, err);
    if (status != ELC_OK) {
        release(job);
        return status;
    }
    *prepared = job;
    return ELC_OK;
}

const elc_operator elc_operator_classify = {
    .name = "classify",
    .summary = "say which class a network takes images for, and how sure it is",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano classify chips/ --model scenes.onnx --whole --top 5 -o classes.csv",
    .prepare = prepare,
    .release = release,
    .plan = elc_chips_plan,
    .open = elc_network_open,
    .narrow = elc_network_table_narrow,
};
