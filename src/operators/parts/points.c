/* points.c - tables whose places are columns of numbers, as tables with a geometry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "points.h"

#include "columns.h"
#include "place.h"

#include <math.h>
#include <stdlib.h>

typedef struct points {
    struct ArrowArrayStream table;
    struct ArrowSchema schema; /* of the table */
    part_place place;
    part_spotter spotter;
    part_columns columns;
    int64_t *from;
    elc_batch *out;
    elc_string wkb;
} points;

/* ---- columns --------------------------------------------------------------------- */

/* Takes the schema. *needed: there are such columns, and no geometry. */
static elc_status begin(points *p, const elc_options *options,
                        struct ArrowSchema *schema, bool *needed, elc_error *err) {
    static const elc_column made = {"geometry", ELC_GEOMETRY, NULL, NULL};
    p->schema = *schema;
    schema->release = NULL;
    p->spotter.place = &p->place;
    *needed = !elc_part_place_is_geometry(&p->schema) &&
              elc_part_place_find(options, &p->schema, "", &p->place, NULL) == ELC_OK;
    if (!*needed)
        return ELC_OK;
    ELC_TRY(elc_part_columns_add(&p->columns, made, NULL, "", err));
    ELC_TRY(elc_part_columns_pass(&p->columns, &p->schema, -1, "_given", err));
    return elc_part_columns_from(&p->columns, &p->schema, &p->from, err);
}

static void end(points *p) {
    elc_part_spotter_free(&p->spotter);
    elc_part_place_free(&p->place);
    elc_part_columns_free(&p->columns);
    elc_schema_release(&p->schema);
    elc_batch_free(p->out);
    elc_string_free(&p->wkb);
    free(p->from);
}

elc_status elc_part_points_schema(const elc_options *options,
                                  struct ArrowSchema *schema, elc_error *err) {
    points p = {0};
    bool needed;
    struct ArrowSchema made = {0};
    elc_status status = begin(&p, options, schema, &needed, err);
    if (status == ELC_OK && needed)
        status = elc_part_columns_schema(&p.columns, &made, err);
    if (status == ELC_OK && !needed) {
        made = p.schema;
        p.schema.release = NULL;
    }
    *schema = made;
    end(&p);
    return status;
}

elc_status elc_part_points_geometry(const struct ArrowSchema *schema, const char *what,
                                    int64_t *column, elc_crs **crs, bool *stated,
                                    elc_error *err) {
    if (elc_part_place_is_geometry(schema))
        return elc_part_geometry(schema, what, column, crs, stated, err);
    return elc_fail(err, ELC_E_NOT_FOUND,
                    "%s: no column has geometries, and none are lon and lat; a CSV has "
                    "geometries as WKT, in a column called geometry",
                    what);
}

/* ---- rows ------------------------------------------------------------------------ */

static elc_status add_row(points *p, const elc_rows *rows, size_t row, elc_error *err) {
    elc_point at;
    bool missing = false;
    ELC_TRY(elc_part_spot(&p->spotter, rows, row, &at, &missing, err));
    p->wkb.size = 0;
    if (!missing && !isnan(at.x) && !isnan(at.y)) {
        ELC_TRY(elc_wkb_point(at, &p->wkb, err));
        ELC_TRY(elc_batch_bytes(p->out, 0, p->wkb.data, p->wkb.size, err));
    }
    return elc_batch_copy_row(p->out, rows, p->from, row, err);
}

static elc_status add_rows(points *p, const struct ArrowArray *batch, elc_error *err) {
    elc_rows *rows;
    ELC_TRY(elc_rows_view(&p->schema, batch, &rows, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < elc_rows_count(rows) && status == ELC_OK; i++)
        status = add_row(p, rows, i, err);
    elc_rows_free(rows);
    return status;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    points *p = state;
    struct ArrowArray batch = {0};
    ELC_TRY(elc_stream_next(&p->table, &batch, err));
    if (batch.release == NULL)
        return ELC_OK;
    elc_status status = add_rows(p, &batch, err);
    elc_array_release(&batch);
    return status == ELC_OK ? elc_batch_finish(p->out, out, err) : status;
}

static void points_free(void *state) {
    points *p = state;
    elc_stream_release(&p->table);
    end(p);
    free(p);
}

/* ---- the stream ------------------------------------------------------------------ */

static elc_status make(points *p, struct ArrowArrayStream *out, elc_error *err) {
    ELC_TRY(elc_batch_create(p->columns.items, p->columns.count, &p->out, err));
    return elc_part_columns_stream(&p->columns, (elc_producer){next, points_free, p},
                                   out, err);
}

elc_status elc_part_points(const elc_options *options, struct ArrowArrayStream *table,
                           elc_error *err) {
    points *p;
    bool needed = false;
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream out = {0};
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    elc_status status = elc_stream_schema(table, &schema, err);
    if (status == ELC_OK)
        status = begin(p, options, &schema, &needed, err);
    if (status == ELC_OK && needed)
        status = make(p, &out, err);
    if (status != ELC_OK || !needed) {
        points_free(p);
        return status;
    }
    p->table = *table;
    *table = out;
    return ELC_OK;
}
