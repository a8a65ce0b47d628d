/* join.c - the rows of a table with those of another that belong to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <pthread.h>
#include <stdlib.h>

#include "join/pairs.h"

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

static const char *const predicates[] = {
    "intersects", "within",   "contains", "covers",   "covered_by", "touches",
    "crosses",    "overlaps", "equals",   "disjoint", NULL};

static const elc_option options[] = {
    {.name = "on",
     .type = ELC_OPTION_LIST,
     .help = "columns whose values must be equal: NAME where both tables have it, else "
             "LEFT=RIGHT; numbers are compared by value, whole numbers with text as "
             "decimals; NULL equals nothing"},
    {.name = "predicate",
     .type = ELC_OPTION_CHOICE,
     .choices = predicates,
     .help = "how the place of a left row must lie to that of a right one, exactly; a "
             "point on a border intersects, is covered by and touches, and is not "
             "within"},
    {.name = "distance",
     .type = ELC_OPTION_LENGTH,
     .help = "places at most so far apart: 50m on the ellipsoid, where one of the two "
             "is a point; without a unit in that of the left CRS"},
    {.name = "ownership",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "a left point gets one zone at most: on a border that zones share, that "
             "to its right, else above"},
    {.name = "x",
     .type = ELC_OPTION_TEXT,
     .help =
         "the column of numbers that is x where a table has no geometry, in the CRS "
         "of the other; default: lon and lat, degrees on WGS 84"},
    {.name = "y", .type = ELC_OPTION_TEXT, .help = "the column that is y"},
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
     .more =
         "All columns of LEFT, then those of RIGHT without its key columns. Where "
         "LEFT has a column of that name already, _right is added to it. The "
         "geometry is LEFT's if it has one; RIGHT's is then one column more, in "
         "its own CRS. With --count, --sum or --mean: a row for each row of LEFT, with "
         "those instead of RIGHT's columns."},
    {0},
};

/* ---- what the parts share ------------------------------------------------------- */

/* The right table, read by the first part that comes. */
typedef struct {
    pthread_mutex_t lock;
    join_right *right;
} shared;

static elc_status shape_of(const elc_call *call, struct ArrowArrayStream *left,
                           struct ArrowArrayStream *right, join_shape **out,
                           elc_error *err) {
    struct ArrowSchema schemas[JOIN_SIDES] = {0};
    ELC_TRY(elc_stream_schema(left, &schemas[JOIN_LEFT], err));
    elc_status status = elc_stream_schema(right, &schemas[JOIN_RIGHT], err);
    if (status != ELC_OK) {
        elc_schema_release(&schemas[JOIN_LEFT]);
        return status;
    }
    return elc_join_shape_create(call->options, schemas, out, err);
}

static bool is_given(const elc_call *call, size_t i) {
    const elc_reference *given = call->inputs != NULL ? &call->inputs[i] : NULL;
    return given != NULL && given->stream != NULL && given->stream->release != NULL;
}

/* Early, where the tables are known: what cannot be joined, and what must be said. */
static elc_status check_tables(const elc_call *call, elc_error *err) {
    join_shape *shape;
    if (!is_given(call, JOIN_LEFT) || !is_given(call, JOIN_RIGHT))
        return ELC_OK;
    ELC_TRY(shape_of(call, call->inputs[JOIN_LEFT].stream,
                     call->inputs[JOIN_RIGHT].stream, &shape, err));
    elc_status status = elc_join_shape_warn(shape, call->context, err);
    elc_join_shape_free(shape);
    return status;
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    shared *s;
    join_spatial spatial;
    ELC_TRY(elc_join_spatial_read(call->options, &spatial, err));
    ELC_TRY(check_tables(call, err));
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    pthread_mutex_init(&s->lock, NULL);
    *prepared = s;
    return ELC_OK;
}

static void release(void *prepared) {
    shared *s = prepared;
    elc_join_right_free(s->right);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* After a failure the next part tries again: it may only have been this part that was
   told to stop. */
static elc_status share_right(shared *s, const elc_call *call, const join_shape *shape,
                              struct ArrowArrayStream *stream, elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&s->lock);
    if (s->right == NULL)
        status = elc_join_right_read(stream, shape, call->context, &s->right, err);
    pthread_mutex_unlock(&s->lock);
    ELC_TRY(status);
    return elc_join_right_check(s->right, &shape->keys, err);
}

/* ---- a part --------------------------------------------------------------------- */

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    shared *s = call->prepared;
    join_shape *shape;
    ELC_TRY(shape_of(call, &in[JOIN_LEFT], &in[JOIN_RIGHT], &shape, err));
    elc_status status = share_right(s, call, shape, &in[JOIN_RIGHT], err);
    if (status == ELC_OK)
        status = elc_join_pairs(call, shape, s->right, &in[JOIN_LEFT], out, err);
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
    .open = open_part,
};
