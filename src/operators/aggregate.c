/* aggregate.c - the rows of a table counted by the rows of another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include "aggregate/run.h"
#include "operators/parts/meet.h"
#include "operators/parts/reader.h"
#include "operators/parts/right_shared.h"

static const elc_input inputs[] = {
    {.name = "left",
     .cut = ELC_CUT_DRIVING,
     .help = "the table whose rows are counted; it may be larger than memory: FILE or "
             "FILE:LAYER"},
    {.name = "right",
     .cut = ELC_CUT_WHOLE,
     .help =
         "the table by whose rows they are counted, as zones; it is held in memory"},
    {0},
};

static const elc_option options[] = {
    PART_MEET_OPTIONS,
    {.name = "by",
     .type = ELC_OPTION_LIST,
     .help = "a row for each right row and each value of these left columns in it"},
    {.name = "sum",
     .type = ELC_OPTION_LIST,
     .help = "the sums of these left columns (NAME_sum)"},
    {.name = "mean", .type = ELC_OPTION_LIST, .help = "their means (NAME_mean)"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help =
         "A row for each row of RIGHT, in its order, with the number of rows of LEFT "
         "that match it (count); 0 where there is none.",
     .more =
         "All columns of RIGHT, those of --by, count, sums and means; _left is added "
         "to names that RIGHT has. NULL and NaN count, and are in no sum or mean; "
         "those of no value are NULL. With --by rows are in the order of the values, "
         "NULL last."},
    {0},
};

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    part_right_shared *shared;
    ELC_TRY(elc_aggregate_check(call, elc_part_input(call, PART_LEFT),
                                elc_part_input(call, PART_RIGHT), err));
    ELC_TRY(elc_part_right_shared_create(&shared, err));
    *prepared = shared;
    return ELC_OK;
}

static void release(void *prepared) {
    elc_part_right_shared_free(prepared);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    return elc_aggregate_part(call, in, out, err);
}

const elc_operator elc_operator_aggregate = {
    .name = "aggregate",
    .summary = "count the rows of a table by the zones that they lie in",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano aggregate vehicles.gpkg zones.geojson --predicate within "
               "--mean score -o counts.gpkg",
    .prepare = prepare,
    .release = release,
    .narrow = elc_aggregate_narrow,
    .open = open_part,
    .combine = elc_aggregate_combine,
    .folds = true,
};
