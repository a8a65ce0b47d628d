/* nearest.c - the rows of a table with those of another that are nearest to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include "nearest/like.h"
#include "nearest/rows.h"
#include "operators/parts/reader.h"

#include <stdlib.h>

static const elc_input inputs[] = {
    {.name = "left",
     .cut = ELC_CUT_DRIVING,
     .help = "the table whose rows are looked at, in their order: FILE or FILE:LAYER"},
    {.name = "right",
     .cut = ELC_CUT_WHOLE,
     .help = "the table whose nearest rows are added; it is held in memory"},
    {0},
};

static const char *const metrics[] = {"cosine", "euclidean", NULL};

static const char *const hows[] = {"inner", "left", NULL};

static const elc_option options[] = {
    {.name = "k",
     .type = ELC_OPTION_INT,
     .fallback = "1",
     .min = 1,
     .max = NEAREST_MOST,
     .help = "how many right rows each left row gets, nearest first"},
    {.name = "max_distance",
     .type = ELC_OPTION_LENGTH,
     .help = "what is farther does not count: 50m on the ellipsoid; without a unit in "
             "that of the left CRS, as with --planar"},
    {.name = "by",
     .type = ELC_OPTION_TEXT,
     .help =
         "not the places but the vectors of this column of both tables are compared, "
         "as featurize gives them: more like this one"},
    {.name = "metric",
     .type = ELC_OPTION_CHOICE,
     .choices = metrics,
     .fallback = "cosine",
     .help = "with --by: 1 less the cosine of the angle between vectors, 0 to 2; or "
             "their Euclidean distance"},
    {.name = "planar",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "distances on the plane of the left CRS, in its unit, instead of metres "
             "on the ellipsoid"},
    {.name = "how",
     .type = ELC_OPTION_CHOICE,
     .choices = hows,
     .fallback = "inner",
     .help = "left rows without a right one in reach are left out (inner) or have "
             "NULLs (left)"},
    {.name = "x",
     .type = ELC_OPTION_TEXT,
     .help =
         "the column of numbers that is x where a table has no geometry, in the CRS "
         "of the other; default: lon and lat, degrees on WGS 84"},
    {.name = "y", .type = ELC_OPTION_TEXT, .help = "the column that is y"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "A row for each row of LEFT and each of its nearest rows of RIGHT, in "
             "LEFT's order, nearest first.",
     .more =
         "All columns of LEFT, then those of RIGHT, to whose names _right is added "
         "where LEFT has them; then distance_m (with --planar distance) and rank, from "
         "1, to whose names _nearest is added where a table has them. Rows at one "
         "distance come in RIGHT's order. The geometry is LEFT's, and RIGHT's is left "
         "out. With --by the distance is that of the metric, the vectors are left out, "
         "and geometries are not."},
    {0},
};

/* Early, where the tables are known: what cannot be compared, and what must be said. */
static elc_status check_tables(const elc_call *call, elc_error *err) {
    nearest_shape *shape;
    if (elc_part_input(call, PART_LEFT) == NULL ||
        elc_part_input(call, PART_RIGHT) == NULL)
        return ELC_OK;
    ELC_TRY(elc_nearest_shape_create(call->options, call->inputs[PART_LEFT].stream,
                                     call->inputs[PART_RIGHT].stream, &shape, err));
    elc_nearest_shape_warn(shape, call->context);
    elc_nearest_shape_free(shape);
    return ELC_OK;
}

/* One of them: places or vectors are compared. */
typedef struct shared {
    nearest_shared *places;
    like_shared *vectors;
} shared;

static void release(void *prepared) {
    shared *s = prepared;
    elc_nearest_shared_free(s->places);
    elc_like_shared_free(s->vectors);
    free(s);
}

static elc_status prepare_vectors(const elc_call *call, like_shared **out,
                                  elc_error *err) {
    like_shape *shape;
    if (elc_part_input(call, PART_LEFT) != NULL &&
        elc_part_input(call, PART_RIGHT) != NULL) {
        ELC_TRY(elc_like_shape_create(call->options, call->inputs[PART_LEFT].stream,
                                      call->inputs[PART_RIGHT].stream, &shape, err));
        elc_like_shape_free(shape);
    }
    return elc_like_shared_create(out, err);
}

static elc_status prepare_places(const elc_call *call, nearest_shared **out,
                                 elc_error *err) {
    ELC_TRY(check_tables(call, err));
    return elc_nearest_shared_create(out, err);
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    shared *made;
    nearest_wish wish;
    ELC_TRY(elc_nearest_wish_read(call->options, &wish, err));
    ELC_TRY(elc_alloc(1, sizeof *made, &made, err));
    elc_status status = wish.by == NULL ? prepare_places(call, &made->places, err)
                                        : prepare_vectors(call, &made->vectors, err);
    if (status != ELC_OK) {
        release(made);
        return status;
    }
    *prepared = made;
    return ELC_OK;
}

static elc_status open_vectors(const elc_call *call, like_shared *vectors,
                               struct ArrowArrayStream *in,
                               struct ArrowArrayStream *out, elc_error *err) {
    like_shape *shape;
    ELC_TRY(elc_like_shape_create(call->options, &in[PART_LEFT], &in[PART_RIGHT],
                                  &shape, err));
    elc_status status =
        elc_like_shared_read(vectors, call, shape, &in[PART_RIGHT], err);
    if (status == ELC_OK)
        status = elc_like_rows(call, shape, vectors, &in[PART_LEFT], out, err);
    if (status != ELC_OK)
        elc_like_shape_free(shape);
    return status;
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    nearest_shape *shape;
    const shared *s = call->prepared;
    if (s->vectors != NULL)
        return open_vectors(call, s->vectors, in, out, err);
    ELC_TRY(elc_nearest_shape_create(call->options, &in[PART_LEFT], &in[PART_RIGHT],
                                     &shape, err));
    elc_status status =
        elc_nearest_shared_read(s->places, call, shape, &in[PART_RIGHT], err);
    if (status == ELC_OK)
        status = elc_nearest_rows(call, shape, s->places, &in[PART_LEFT], out, err);
    if (status != ELC_OK)
        elc_nearest_shape_free(shape);
    return status;
}

const elc_operator elc_operator_nearest = {
    .name = "nearest",
    .summary = "add the nearest rows of another table, with their distances",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano nearest vehicles.gpkg roads.gpkg --max-distance 50m -o on_roads.gpkg",
    .prepare = prepare,
    .release = release,
    .open = open_part,
};
