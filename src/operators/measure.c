/* measure.c - how large the geometries of a table are, where, and whether they are
   valid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "measure/rows.h"
#include "parts/points.h"

#include <stdlib.h>

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_DRIVING,
     .help =
         "the table whose geometries, else columns lon and lat, are measured: FILE or "
         "FILE:LAYER"},
    {0},
};

static const char *const shapes[] = {"same", "centroid", "hull", "envelope", NULL};

static const elc_option options[] = {
    {.name = "area",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "area_m2, of the polygons without their holes; no measure named: area, "
             "length, perimeter and valid"},
    {.name = "length",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "length_m, of the lines"},
    {.name = "perimeter",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "perimeter_m, of the polygons with their holes"},
    {.name = "centroid",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "centroid_x and centroid_y, in the table's CRS"},
    {.name = "bounds",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "xmin, ymin, xmax and ymax, in the table's CRS"},
    {.name = "valid",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "valid, and invalid_reason with the place"},
    {.name = "planar",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "in the plane and the units of the table's CRS: area, length, perimeter; "
             "else on the ellipsoid"},
    {.name = "geometry",
     .type = ELC_OPTION_CHOICE,
     .choices = shapes,
     .fallback = "same",
     .help = "what the table has as its geometry: its own (same), or its centroid, "
             "convex hull or envelope"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "The table's rows, in its order.",
     .more = "All columns of the table, then those of the measures; _measured is added "
             "to the name of one that the table has already."},
    {0},
};

/* ---- what the parts share ------------------------------------------------------- */

static bool is_given(const elc_call *call) {
    const elc_reference *given = call->inputs;
    return given != NULL && given->stream != NULL && given->stream->release != NULL;
}

/* Early, where the table is known: what cannot be measured. */
static elc_status check_table(const elc_call *call, elc_error *err) {
    measure_shape *shape;
    if (!is_given(call))
        return ELC_OK;
    ELC_TRY(elc_measure_shape_create(call, call->inputs[0].stream, &shape, err));
    elc_measure_shape_free(shape);
    return ELC_OK;
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    measure_told *told;
    ELC_TRY(check_table(call, err));
    ELC_TRY(elc_alloc(1, sizeof *told, &told, err));
    *prepared = told;
    return ELC_OK;
}

static void release(void *prepared) {
    free(prepared);
}

/* ---- a part --------------------------------------------------------------------- */

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    measure_shape *shape;
    ELC_TRY(elc_part_points(call->options, &in[0], err));
    ELC_TRY(elc_measure_shape_create(call, &in[0], &shape, err));
    elc_status status = elc_measure_rows(call, shape, &in[0], out, err);
    if (status != ELC_OK)
        elc_measure_shape_free(shape);
    return status;
}

const elc_operator elc_operator_measure = {
    .name = "measure",
    .summary = "add area, length, centroid, bounds and validity of geometries",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano measure parcels.gpkg --area --length --centroid -o measured.gpkg",
    .prepare = prepare,
    .release = release,
    .open = open_part,
};
