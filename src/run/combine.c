/* combine.c - the rows of a group to those that `combine` makes of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "combine.h"

static elc_status group_stream(const elc_combiner *s, const elc_groups *groups,
                               const elc_group *group, struct ArrowArrayStream *out,
                               elc_error *err) {
    struct ArrowArray batch = {0};
    struct ArrowSchema schema = {0};
    for (size_t i = group->first; i != SIZE_MAX; i = groups->rows[i].next) {
        const elc_group_row *from = &groups->rows[i];
        ELC_TRY(elc_batch_copy_row(s->group, from->rows, s->all, from->row, err));
    }
    ELC_TRY(elc_batch_finish(s->group, &batch, err));
    elc_status status = elc_schema_clone(&s->frame->schema, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_of_batches(&schema, &batch, 1, out, err);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return status;
}

/* Where the frame's columns lie in what combine gives; seen ones must be there. */
static elc_status map_combined(const elc_combiner *s, const struct ArrowSchema *schema,
                               int64_t *from, elc_error *err) {
    for (size_t i = 0; i < s->frame->count; i++) {
        const elc_column *column = &s->frame->columns[i];
        elc_type type = column->type;
        from[i] = elc_schema_find(schema, column->name);
        if (from[i] >= 0)
            ELC_TRY(elc_schema_type(schema->children[from[i]], &type, err));
        if (type != column->type || (from[i] < 0 && column->name[0] != '_'))
            return elc_fail(err, ELC_E_INTERNAL,
                            "%s: combine does not give the column %s as %s; please "
                            "report this",
                            s->frame->op->name, column->name,
                            elc_type_name(column->type));
    }
    return ELC_OK;
}

typedef struct taking {
    const elc_combiner *combiner;
    const char *again; /* the group that rows belong to again; NULL: they are final */
    const int64_t *from;
    elc_batch *whole;
} taking;

static elc_status take_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    const taking *t = with;
    const elc_frame *frame = t->combiner->frame;
    int64_t group = t->from[frame->group];
    if (group >= 0 && !elc_rows_null(rows, (size_t)group, row))
        return elc_fail(err, ELC_E_INTERNAL,
                        "%s: combine gives a row with a _group; please report this",
                        frame->op->name);
    if (t->again == NULL)
        return elc_batch_copy_row(t->whole, rows, t->from, row, err);
    ELC_TRY(elc_batch_copy_cells(t->whole, rows, t->from, row, err));
    ELC_TRY(elc_batch_text(t->whole, (size_t)frame->group, t->again, err));
    return elc_batch_end_row(t->whole, err);
}

static elc_status take_stream(const elc_combiner *s, const char *again,
                              struct ArrowArrayStream *stream,
                              const struct ArrowSchema *schema, int64_t *from,
                              elc_batch *whole, elc_error *err) {
    taking t = {s, again, from, whole};
    ELC_TRY(map_combined(s, schema, from, err));
    return elc_stream_each(stream, schema, s->call->context, take_row, &t, err);
}

elc_status elc_combine_group(const elc_combiner *s, const elc_groups *groups,
                             const elc_group *group, bool folding, int64_t *from,
                             elc_batch *whole, elc_error *err) {
    struct ArrowArrayStream in = {0}, out = {0};
    struct ArrowSchema schema = {0};
    elc_string name = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_check_cancel(s->call->context, err), status, done);
    ELC_TRY_GOTO(elc_string_append(&name, group->key, group->size, err), status, done);
    ELC_TRY_GOTO(group_stream(s, groups, group, &in, err), status, done);
    ELC_TRY_GOTO(s->frame->op->combine(s->call, &in, &out, err), status, done);
    ELC_TRY_GOTO(elc_stream_schema(&out, &schema, err), status, done);
    ELC_TRY_GOTO(
        take_stream(s, folding ? name.data : NULL, &out, &schema, from, whole, err),
        status, done);
done:
    elc_string_free(&name);
    elc_schema_release(&schema);
    elc_stream_release(&out);
    elc_stream_release(&in);
    return status;
}
