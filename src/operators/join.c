/* join.c - the rows of a table with those of another that belong to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include "join/pairs.h"
#include "operators/parts/meet.h"
#include "operators/parts/reader.h"
#include "operators/parts/right_shared.h"

static const elc_input inputs[] = {
    {.name = "left",
     .cut = ELC_CUT_DRIVING,
     .help = "the table whose rows are looked at, in their order: FILE or FILE:LAYER"},
    {.name = "right",
     .cut = ELC_CUT_WHOLE,
     .help = "the table whose columns are added; it is held in memory"},
    {0},
};

static const char *const hows[] = {"inner", "left", "semi", "anti", NULL};

static const elc_option options[] = {
    PART_MEET_OPTIONS,
    {.name = "count",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "a row for each left row, with the number of right rows that match "
             "(count)"},
    {.name = "sum",
     .type = ELC_OPTION_LIST,
     .help = "the same, with the sums of these right columns (NAME_sum)"},
    {.name = "mean",
     .type = ELC_OPTION_LIST,
     .help = "the same, with their means (NAME_mean)"},
    {.name = "how",
     .type = ELC_OPTION_CHOICE,
     .choices = hows,
     .fallback = "inner",
     .help = "rows of the left table without a match are left out (inner) or have "
             "NULLs (left); semi and anti add no columns: rows with a match, rows "
             "without"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "A row for each row of LEFT and each row of RIGHT that matches it, in "
             "LEFT's order, and for one row in RIGHT's.",
     .more = "All columns of LEFT, then those of RIGHT without its key columns. Where "
             "LEFT has a column of that name already, _right is added to it. The "
             "geometry is LEFT's if it has one; RIGHT's is then one column more, in "
             "its own CRS, and none where rows are joined by place. With --count, "
             "--sum or --mean: a row for each row of LEFT, with "
             "those instead of RIGHT's columns."},
    {0},
};

/* ---- before the parts ----------------------------------------------------------- */

static elc_status shape_of(const elc_call *call, struct ArrowArrayStream *left,
                           struct ArrowArrayStream *right, join_shape **out,
                           elc_error *err) {
    struct ArrowSchema schemas[PART_SIDES] = {0};
    ELC_TRY(elc_stream_schema(left, &schemas[PART_LEFT], err));
    elc_status status = elc_stream_schema(right, &schemas[PART_RIGHT], err);
    if (status != ELC_OK) {
        elc_schema_release(&schemas[PART_LEFT]);
        return status;
    }
    return elc_join_shape_create(call->options, schemas, out, err);
}

/* Early, where the tables are known: what cannot be joined, and what must be said. */
static elc_status check_tables(const elc_call *call, elc_error *err) {
    join_shape *shape;
    if (elc_part_input(call, PART_LEFT) == NULL ||
        elc_part_input(call, PART_RIGHT) == NULL)
        return ELC_OK;
    ELC_TRY(shape_of(call, call->inputs[PART_LEFT].stream,
                     call->inputs[PART_RIGHT].stream, &shape, err));
    elc_status status = elc_join_shape_warn(shape, call->context, err);
    elc_join_shape_free(shape);
    return status;
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    part_right_shared *shared;
    part_spatial spatial;
    ELC_TRY(elc_part_spatial_read(call->options, &spatial, err));
    ELC_TRY(check_tables(call, err));
    ELC_TRY(elc_part_right_shared_create(&shared, err));
    *prepared = shared;
    return ELC_OK;
}

static void release(void *prepared) {
    elc_part_right_shared_free(prepared);
}

/* Rows that match nothing are not given, so that those of a file need not be read. */
static elc_status narrow(const elc_call *call, struct ArrowArrayStream *in,
                         struct ArrowArrayStream *left, elc_error *err) {
    part_right *right;
    join_shape *shape;
    ELC_TRY(shape_of(call, left, &in[PART_RIGHT], &shape, err));
    elc_status status = ELC_OK;
    if (shape->spatial.asked && (shape->how == JOIN_INNER || shape->how == JOIN_SEMI)) {
        status = elc_part_right_shared_take(call->prepared, &in[PART_RIGHT],
                                            &shape->keys, &shape->spatial,
                                            shape->schemas, call->context, &right, err);
        if (status == ELC_OK)
            status = elc_part_right_narrow(right, &shape->spatial, left, err);
    }
    elc_join_shape_free(shape);
    return status;
}

/* ---- a part --------------------------------------------------------------------- */

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    part_right *right = NULL;
    join_shape *shape;
    ELC_TRY(shape_of(call, &in[PART_LEFT], &in[PART_RIGHT], &shape, err));
    elc_status status = elc_part_right_shared_take(
        call->prepared, &in[PART_RIGHT], &shape->keys, &shape->spatial, shape->schemas,
        call->context, &right, err);
    if (status == ELC_OK)
        status = elc_join_pairs(call, shape, right, &in[PART_LEFT], out, err);
    if (status != ELC_OK)
        elc_join_shape_free(shape);
    return status;
}

const elc_operator elc_operator_join = {
    .name = "join",
    .summary = "add the columns of another table where keys are equal or places meet",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano join images.gpkg records.csv --on catalog_id -o joined.gpkg",
    .prepare = prepare,
    .release = release,
    .narrow = narrow,
    .open = open_part,
};
