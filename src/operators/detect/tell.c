/* tell.c - what the user should know of all chips of a run, told once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "tell.h"

static void tell(const elc_context *context, const elc_detect_totals *t,
                 long long chip_width) {
    if (t->capped)
        elc_warn(
            context,
            "%lld chips gave as many boxes as the network ever gives, and may hold "
            "more objects: give a smaller --chip",
            (long long)t->capped);
    if (t->too_long)
        elc_warn(context,
                 "%lld objects end at two opposite borders of a chip and may be longer "
                 "than it: give a --chip larger than %lld",
                 (long long)t->too_long, chip_width);
    if (t->flat_boxes)
        elc_warn(context, "%lld boxes without width or height were left out",
                 (long long)t->flat_boxes);
}

void elc_detect_tell(detect_job *job, const elc_context *context,
                     const elc_detect_totals *totals) {
    pthread_mutex_lock(&job->lock);
    bool planned = job->to_tell > 0;
    elc_detect_totals *sum = &job->totals;
    sum->capped += totals->capped;
    sum->too_long += totals->too_long;
    sum->flat_boxes += totals->flat_boxes;
    bool last = !planned || --job->to_tell == 0;
    elc_detect_totals all = *sum;
    if (last)
        *sum = (elc_detect_totals){0};
    pthread_mutex_unlock(&job->lock);
    if (last)
        tell(context, &all, (long long)job->options.chip_width);
}
