/* gather.c - the rows of parts, in plan order, to the rows of a table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

#include "settle.h"

#include <stdlib.h>

struct elc_gather {
    const elc_call *call;
    elc_feed feed;
    bool drives; /* parts are slices of an input: how many comes to light at the end */
    elc_frame *frame; /* NULL: there are no parts */
    elc_sides *sides;
    elc_settler *settler;
    elc_turn turn;
    uint64_t scope;
    enum { BETWEEN_SCOPES, BETWEEN_PARTS, IN_PART, SETTLED, ENDED } at;
};

/* ---- making --------------------------------------------------------------------- */

static bool has_driving_input(const elc_operator *op) {
    for (const elc_input *in = op->inputs; in != NULL && in->name != NULL; in++) {
        if (in->cut == ELC_CUT_DRIVING)
            return true;
    }
    return false;
}

static elc_status make_frame(elc_gather *gather, elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_schema_clone(gather->turn.schema, &schema, err));
    elc_status status =
        elc_frame_create(gather->call->op, &schema, &gather->frame, err);
    elc_schema_release(&schema);
    return status;
}

static elc_status start(elc_gather *gather, bool with_sides, elc_error *err) {
    ELC_TRY(gather->feed.part(gather->feed.state, &gather->turn, err));
    if (!gather->turn.end)
        ELC_TRY(make_frame(gather, err));
    if (with_sides)
        ELC_TRY(elc_sides_create(gather->call->op, gather->frame, &gather->sides, err));
    if (gather->frame == NULL)
        return ELC_OK;
    return elc_settler_create(gather->call, gather->frame, gather->sides,
                              &gather->settler, err);
}

elc_status elc_gather_create(const elc_call *call, elc_feed feed, bool with_sides,
                             elc_gather **out, elc_error *err) {
    elc_gather *gather;
    ELC_TRY(elc_alloc(1, sizeof *gather, &gather, err));
    gather->call = call;
    gather->feed = feed;
    gather->drives = has_driving_input(call->op);
    gather->at = BETWEEN_SCOPES;
    elc_status status = start(gather, with_sides, err);
    if (status != ELC_OK) {
        elc_gather_free(gather);
        return status;
    }
    *out = gather;
    return ELC_OK;
}

void elc_gather_free(elc_gather *gather) {
    if (gather == NULL)
        return;
    elc_settler_free(gather->settler);
    elc_sides_free(gather->sides);
    elc_frame_free(gather->frame);
    free(gather);
}

/* The declared columns, for a plan without parts. */
static elc_status declared_schema(const elc_operator *op, struct ArrowSchema *out,
                                  elc_error *err) {
    const elc_output *output = op->outputs;
    size_t n = 0,
           count = output != NULL && output->name != NULL ? output->n_columns : 0;
    elc_column *columns;
    ELC_TRY(elc_alloc(count, sizeof *columns, &columns, err));
    for (size_t i = 0; i < count; i++) {
        if (output->columns[i].name[0] != '_')
            columns[n++] = output->columns[i];
    }
    elc_status status = elc_schema_create(columns, n, NULL, out, err);
    free(columns);
    return status;
}

elc_status elc_gather_schema(const elc_gather *gather, struct ArrowSchema *out,
                             elc_error *err) {
    return gather->frame != NULL ? elc_frame_seen_schema(gather->frame, out, err)
                                 : declared_schema(gather->call->op, out, err);
}

/* ---- going through the parts ---------------------------------------------------- */

/* The turn is a part's, or the end; the scope that it belongs to is not begun yet. */
static void begin_scope(elc_gather *gather) {
    if (gather->turn.end) {
        gather->at = ENDED;
        return;
    }
    gather->scope = gather->turn.scope;
    elc_settler_begin(gather->settler, gather->turn.alone && !gather->drives);
    gather->at = IN_PART;
}

static elc_status next_part(elc_gather *gather, elc_error *err) {
    ELC_TRY(gather->feed.part(gather->feed.state, &gather->turn, err));
    if (!gather->turn.end)
        ELC_TRY(elc_frame_check(gather->frame, gather->turn.schema, err));
    if (!gather->turn.end && gather->turn.scope == gather->scope) {
        gather->at = IN_PART;
        return ELC_OK;
    }
    ELC_TRY(elc_settler_end(gather->settler, err));
    gather->at = SETTLED;
    return ELC_OK;
}

static elc_status next_batch(elc_gather *gather, struct ArrowArray *out,
                             elc_error *err) {
    struct ArrowArray batch = {0};
    ELC_TRY(gather->feed.batch(gather->feed.state, &batch, err));
    if (batch.release == NULL) {
        gather->at = BETWEEN_PARTS;
        return ELC_OK;
    }
    return elc_settler_add(gather->settler, &batch, out, err);
}

static elc_status next_settled(elc_gather *gather, struct ArrowArray *out,
                               elc_error *err) {
    ELC_TRY(elc_settler_next(gather->settler, out, err));
    if (out->release == NULL)
        gather->at = BETWEEN_SCOPES;
    return ELC_OK;
}

static elc_status step(elc_gather *gather, struct ArrowArray *out, elc_error *err) {
    switch (gather->at) {
    case BETWEEN_SCOPES:
        begin_scope(gather);
        return ELC_OK;
    case BETWEEN_PARTS:
        return next_part(gather, err);
    case IN_PART:
        return next_batch(gather, out, err);
    case SETTLED:
        return next_settled(gather, out, err);
    case ENDED:
        break;
    }
    return ELC_OK;
}

elc_status elc_gather_next(elc_gather *gather, struct ArrowArray *out, elc_error *err) {
    struct ArrowArray batch = {0};
    while (gather->at != ENDED) {
        ELC_TRY(elc_check_cancel(gather->call->context, err));
        ELC_TRY(step(gather, &batch, err));
        if (batch.release != NULL && batch.length > 0)
            break;
        elc_array_release(&batch);
    }
    *out = batch;
    return ELC_OK;
}

bool elc_gather_ended(const elc_gather *gather) {
    return gather->at == ENDED;
}

elc_sides *elc_gather_sides(const elc_gather *gather) {
    return gather->sides;
}
