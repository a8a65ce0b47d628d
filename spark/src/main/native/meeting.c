/* meeting.c - how rows of two tables meet: what a call of join or nearest asks. The
   operators' own rules decide, on tables that have no rows and only the columns of
   places. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "meeting.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables of places -------------------------------------------------------------
 */

static elc_status geometry_schema(const char *crs, struct ArrowSchema *out,
                                  elc_error *err) {
    const elc_column column = {.name = "geometry", .type = ELC_GEOMETRY};
    elc_crs *known = NULL;
    if (*crs != '\0')
        ELC_TRY(elc_crs_create(crs, &known, err));
    elc_status status = elc_schema_create(
        &column, 1, known != NULL ? elc_crs_projjson(known) : "", out, err);
    elc_crs_free(known);
    return status;
}

static elc_status numbers_schema(const elc_options *options, struct ArrowSchema *out,
                                 elc_error *err) {
    const char *x = elc_options_text(options, "x"), *y = elc_options_text(options, "y");
    const elc_column columns[] = {{.name = x != NULL ? x : "lon", .type = ELC_FLOAT64},
                                  {.name = y != NULL ? y : "lat", .type = ELC_FLOAT64}};
    return elc_schema_create(columns, 2, NULL, out, err);
}

static elc_status schemas_of(const elc_options *options,
                             const char *const crs[PART_SIDES],
                             struct ArrowSchema out[PART_SIDES], elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++)
        ELC_TRY(crs[side] != NULL ? geometry_schema(crs[side], &out[side], err)
                                  : numbers_schema(options, &out[side], err));
    return ELC_OK;
}

/* ---- the two operators ------------------------------------------------------------
 */

static elc_status fill_join(meeting *m, struct ArrowSchema schemas[PART_SIDES],
                            elc_error *err) {
    elc_status status = elc_join_shape_create(m->options, schemas, &m->join, err);
    memset(schemas, 0, PART_SIDES * sizeof *schemas); /* they were moved */
    ELC_TRY(status);
    if (!m->join->spatial.asked)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "on is given; rows with equal values are Spark's own join");
    if (m->join->sums.counted)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "count, sum or mean is given; group the joined rows by Spark's "
                        "own means");
    return elc_part_frame_create(&m->join->spatial, m->join->schemas, NULL, &m->frame,
                                 err);
}

static elc_status fill_nearest(meeting *m, struct ArrowSchema schemas[PART_SIDES],
                               elc_error *err) {
    struct ArrowArrayStream streams[PART_SIDES] = {0};
    elc_status status = ELC_OK;
    for (int side = 0; side < PART_SIDES && status == ELC_OK; side++) {
        status = elc_stream_of_batches(&schemas[side], NULL, 0, &streams[side], err);
        if (status == ELC_OK)
            schemas[side].release = NULL;
    }
    if (status == ELC_OK)
        status = elc_nearest_shape_create(m->options, &streams[PART_LEFT],
                                          &streams[PART_RIGHT], &m->nearest, err);
    for (int side = 0; side < PART_SIDES; side++)
        elc_stream_release(&streams[side]);
    return status;
}

static elc_status fill(meeting *m, const elc_operator *op, const char *options,
                       const char *const crs[PART_SIDES], elc_error *err) {
    struct ArrowSchema schemas[PART_SIDES] = {0};
    bool join = strcmp(op->name, "join") == 0;
    ELC_TRY(elc_options_create(op->options, &m->options, err));
    ELC_TRY(elc_options_from_json(m->options, options, strlen(options), err));
    elc_status status = schemas_of(m->options, crs, schemas, err);
    if (status == ELC_OK)
        status = join ? fill_join(m, schemas, err) : fill_nearest(m, schemas, err);
    for (int side = 0; side < PART_SIDES; side++)
        elc_schema_release(&schemas[side]);
    return status;
}

elc_status elc_meeting_create(const char *op, const char *options,
                              const char *const crs[PART_SIDES], meeting **out,
                              elc_error *err) {
    const elc_operator *known;
    meeting *m;
    ELC_TRY(elc_operator_find(op, &known, err));
    if (strcmp(known->name, "join") != 0 && strcmp(known->name, "nearest") != 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: no operator of places; give join or "
                        "nearest",
                        op);
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    elc_status status = fill(m, known, options, crs, err);
    if (status != ELC_OK) {
        elc_meeting_free(m);
        return status;
    }
    *out = m;
    return ELC_OK;
}

void elc_meeting_free(meeting *m) {
    if (m == NULL)
        return;
    elc_part_frame_free(&m->frame);
    elc_join_shape_free(m->join);
    elc_nearest_shape_free(m->nearest);
    elc_options_free(m->options);
    free(m);
}

elc_status elc_meeting_way(const meeting *m, int side, elc_transform **way,
                           elc_transform **own, elc_error *err) {
    *own = NULL;
    if (m->nearest != NULL)
        ELC_TRY(elc_nearest_way(m->nearest, side, own, err));
    else if (side == PART_LEFT && m->frame.moves_left)
        ELC_TRY(elc_transform_create(m->frame.left, NULL, own, err));
    *way = m->join != NULL && side == PART_RIGHT ? m->frame.moves : *own;
    return ELC_OK;
}
