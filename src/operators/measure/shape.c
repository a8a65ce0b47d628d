/* shape.c - which measures are asked for, and the columns that they make. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "operators/parts/points.h"
#include "operators/parts/reader.h"
#include "rows.h"

typedef struct {
    const char *option; /* that asks for it */
    elc_column geodesic, planar;
} measure_column;

static const measure_column known[MEASURE_COLUMNS] = {
    [MEASURE_AREA] = {"area",
                      {"area_m2", ELC_FLOAT64, "m2", NULL},
                      {"area", ELC_FLOAT64, NULL, NULL}},
    [MEASURE_LENGTH] = {"length",
                        {"length_m", ELC_FLOAT64, "m", NULL},
                        {"length", ELC_FLOAT64, NULL, NULL}},
    [MEASURE_PERIMETER] = {"perimeter",
                           {"perimeter_m", ELC_FLOAT64, "m", NULL},
                           {"perimeter", ELC_FLOAT64, NULL, NULL}},
    [MEASURE_X] = {"centroid", {"centroid_x", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_Y] = {"centroid", {"centroid_y", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_XMIN] = {"bounds", {"xmin", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_YMIN] = {"bounds", {"ymin", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_XMAX] = {"bounds", {"xmax", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_YMAX] = {"bounds", {"ymax", ELC_FLOAT64, NULL, NULL}, {0}},
    [MEASURE_VALID] = {"valid", {"valid", ELC_BOOL, NULL, NULL}, {0}},
    [MEASURE_REASON] = {"valid", {"invalid_reason", ELC_UTF8, NULL, NULL}, {0}},
};

/* No measure is named, and no other geometry. */
static bool takes_usual(const elc_options *options) {
    for (int i = 0; i < MEASURE_COLUMNS; i++)
        if (elc_options_given(options, known[i].option))
            return false;
    return !elc_options_given(options, "geometry");
}

static bool is_usual(int i) {
    return i <= MEASURE_PERIMETER || i >= MEASURE_VALID;
}

static elc_status add_measures(measure_shape *s, const elc_options *options,
                               elc_error *err) {
    bool usual = takes_usual(options);
    for (int i = 0; i < MEASURE_COLUMNS; i++) {
        bool wanted = usual ? is_usual(i) : elc_options_bool(options, known[i].option);
        bool plane = s->planar && known[i].planar.name != NULL;
        s->at[i] = wanted ? (int64_t)s->columns.count : -1;
        if (wanted)
            ELC_TRY(elc_part_columns_add(&s->columns,
                                         plane ? known[i].planar : known[i].geodesic,
                                         NULL, "_measured", err));
    }
    s->wish.sizes = s->at[MEASURE_AREA] >= 0 || s->at[MEASURE_LENGTH] >= 0 ||
                    s->at[MEASURE_PERIMETER] >= 0;
    s->wish.centroid = s->at[MEASURE_X] >= 0;
    s->wish.bounds = s->at[MEASURE_XMIN] >= 0;
    s->wish.validity = s->at[MEASURE_VALID] >= 0;
    return ELC_OK;
}

static elc_measure_shape shape_of(const elc_options *options) {
    const char *word = elc_options_text(options, "geometry");
    return strcmp(word, "centroid") == 0   ? ELC_MEASURE_CENTROID
           : strcmp(word, "hull") == 0     ? ELC_MEASURE_HULL
           : strcmp(word, "envelope") == 0 ? ELC_MEASURE_ENVELOPE
                                           : ELC_MEASURE_SAME;
}

static elc_status fill(measure_shape *s, const elc_call *call, elc_error *err) {
    const elc_options *options = call->options;
    const char *what = elc_part_input_name(call, 0);
    bool stated = false;
    s->planar = elc_options_bool(options, "planar");
    s->wish.shape = shape_of(options);
    ELC_TRY(elc_part_points_geometry(&s->schema, what, &s->geometry, &s->crs, &stated,
                                     err));
    ELC_TRY(elc_part_columns_pass(&s->columns, &s->schema, -1, "_measured", err));
    ELC_TRY(add_measures(s, options, err));
    ELC_TRY(elc_part_columns_from(&s->columns, &s->schema, &s->from, err));
    for (size_t i = 0; i < s->columns.count; i++)
        if (s->from[i] == s->geometry)
            s->out_geometry = i;
    if (s->wish.shape != ELC_MEASURE_SAME)
        s->from[s->out_geometry] = -1;
    if (stated || s->planar || !s->wish.sizes)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: the geometry states no CRS, so that its place on the "
                    "ellipsoid is not known; give it one (elcano project --from), or "
                    "measure in its own units (--planar)",
                    what);
}

elc_status elc_measure_shape_create(const elc_call *call,
                                    struct ArrowArrayStream *table, measure_shape **out,
                                    elc_error *err) {
    measure_shape *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = elc_stream_schema(table, &s->schema, err);
    if (status == ELC_OK)
        status = elc_part_points_schema(call->options, &s->schema, err);
    if (status == ELC_OK)
        status = fill(s, call, err);
    if (status != ELC_OK) {
        elc_measure_shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

void elc_measure_shape_free(measure_shape *s) {
    if (s == NULL)
        return;
    elc_part_columns_free(&s->columns);
    elc_schema_release(&s->schema);
    elc_crs_free(s->crs);
    free(s->from);
    free(s);
}
