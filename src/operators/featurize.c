/* featurize.c - what a network sees of images, as vectors. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chips/cut.h"
#include "networks/features.h"
#include "networks/job.h"
#include "networks/table.h"
#include "operators/pixels/options.h"

#include <stdlib.h>

static const elc_input inputs[] = {NETWORK_INPUTS, {0}};

static const char *const pools[] = {"mean", "max", "none", NULL};

static const elc_option options[] = {
    {.name = "model",
     .type = ELC_OPTION_PATH,
     .fallback = "vehicles",
     .help = "the ONNX network: a file, or the name of an installed one (see model "
             "list)"},
    {.name = "tensor",
     .type = ELC_OPTION_TEXT,
     .fallback = "auto",
     .help = "what of its inside the features are, by name; auto: the last before the "
             "head, which model info shows"},
    {.name = "pool",
     .type = ELC_OPTION_CHOICE,
     .choices = pools,
     .fallback = "mean",
     .help = "what becomes of a map [channels, rows, columns], or of the tokens of "
             "[tokens, numbers]: their mean, their greatest, or all of them in a row"},
    NETWORK_OPTIONS,
    {0},
};

static const elc_output outputs[] = {
    {.name = "features",
     .help = "One row a chip that is not blank, in the images' order.",
     .more = "The columns of elcano chips, without those of files and labels; then "
             "feature, a list of float32 that is as long for every chip."},
    {0},
};

static void release(void *prepared) {
    elc_network_job_clear(prepared);
    free(prepared);
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    network_job *job;
    const elc_model_options more = {.tensor =
                                        elc_options_text(call->options, "tensor")};
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    elc_status status = elc_network_job_fill(call, &more, job, err);
    job->wish = elc_options_text(call->options, "pool");
    if (status == ELC_OK)
        status = elc_network_job_use(call, &elc_features_reading, job, err);
    if (status != ELC_OK) {
        release(job);
        return status;
    }
    *prepared = job;
    return ELC_OK;
}

const elc_operator elc_operator_featurize = {
    .name = "featurize",
    .summary = "take what a network sees of images as vectors, to compare and to learn "
               "from",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano featurize chips/ --model backbone.onnx --tensor pool -o "
               "features.parquet",
    .prepare = prepare,
    .release = release,
    .plan = elc_chips_plan,
    .open = elc_network_open,
    .narrow = elc_network_table_narrow,
};
