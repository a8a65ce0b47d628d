/* place.c - where the rows of a table are, each as one point. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include "columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns --------------------------------------------------------------------- */

bool elc_part_place_is_geometry(const struct ArrowSchema *schema) {
    elc_type type;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (elc_schema_type(schema->children[i], &type, NULL) == ELC_OK &&
            type == ELC_GEOMETRY)
            return true;
    return false;
}

static bool is_number(elc_type type) {
    return type == ELC_INT32 || type == ELC_INT64 || type == ELC_FLOAT32 ||
           type == ELC_FLOAT64;
}

elc_status elc_part_place_number(const struct ArrowSchema *schema, const char *what,
                                 const char *name, size_t *out, const char **text,
                                 elc_error *err) {
    elc_type type = ELC_GEOMETRY;
    int64_t found = elc_schema_find(schema, name);
    if (found >= 0)
        ELC_TRY(elc_schema_type(schema->children[found], &type, err));
    if (!is_number(type) && type != ELC_UTF8)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "the %s has neither a geometry nor a column %s of numbers; "
                        "name its columns by --x and --y",
                        what, name);
    if (type == ELC_UTF8)
        *text = name;
    *out = (size_t)found;
    return ELC_OK;
}

static bool is_named(const elc_options *options, const char *name) {
    return options != NULL && elc_options_has(options, name);
}

void elc_part_place_names(const elc_options *options, const struct ArrowSchema *schema,
                          const char **x, const char **y) {
    int64_t lon, lat;
    bool named = is_named(options, "x");
    elc_schema_lonlat(schema, &lon, &lat);
    *x = named      ? elc_options_text(options, "x")
         : lon >= 0 ? schema->children[lon]->name
                    : "lon";
    *y = named      ? elc_options_text(options, "y")
         : lat >= 0 ? schema->children[lat]->name
                    : "lat";
}

elc_status elc_part_place_find(const elc_options *options,
                               const struct ArrowSchema *schema, const char *what,
                               part_place *out, elc_error *err) {
    bool named = is_named(options, "x");
    if (named != is_named(options, "y"))
        return elc_fail(err, ELC_E_ARGUMENT, "--x and --y belong together; give both");
    if (elc_part_place_is_geometry(schema)) {
        int64_t column;
        ELC_TRY(elc_part_geometry(schema, what, &column, &out->crs, &out->stated, err));
        out->column = (size_t)column;
        return ELC_OK;
    }
    out->numbers = true;
    out->stated = !named;
    const char *x, *y;
    elc_part_place_names(options, schema, &x, &y);
    ELC_TRY(elc_part_place_number(schema, what, x, &out->column, &out->text, err));
    return elc_part_place_number(schema, what, y, &out->y, &out->text, err);
}

bool elc_part_place_is_degrees(const part_place *place) {
    return place->stated && (place->crs == NULL || elc_crs_is_degrees(place->crs));
}

void elc_part_place_free(part_place *place) {
    elc_crs_free(place->crs);
    *place = (part_place){0};
}

/* ---- points ---------------------------------------------------------------------- */

/* The middle of bounds that may lie across the antimeridian. */
static elc_status middle_across(part_spotter *s, const char *wkb, size_t size,
                                elc_point *out, elc_error *err) {
    double box[4];
    size_t n = 0, n_ends = 0;
    bool turned;
    ELC_TRY(elc_wkb_rings(wkb, size, &s->points, &n, &s->capacity, &s->ends, &n_ends,
                          &s->end_capacity, err));
    if (!elc_lonlat_bounds(s->points, n, s->ends, n_ends, box, &turned))
        return ELC_OK;
    *out = (elc_point){(box[0] + box[2]) / 2, (box[1] + box[3]) / 2};
    out->x -= out->x > 180 ? 360 : 0;
    return ELC_OK;
}

static elc_status middle_of(part_spotter *s, const char *wkb, size_t size,
                            elc_point *out, elc_error *err) {
    const elc_measure_wish wish = {.centroid = true, .bounds = true};
    elc_measured got;
    if (s->measure == NULL)
        ELC_TRY(elc_measure_create(s->place->crs, false, &s->measure, err));
    ELC_TRY(elc_measure_wkb(s->measure, wkb, size, &wish, &got, NULL, err));
    if (!got.known)
        return ELC_OK;
    *out = got.centroid;
    if (elc_part_place_is_degrees(s->place) && got.box[2] - got.box[0] > 180)
        return middle_across(s, wkb, size, out, err);
    return ELC_OK;
}

static elc_status of_numbers(const part_place *place, const elc_rows *rows, size_t row,
                             elc_point *out, bool *missing, elc_error *err) {
    *missing =
        elc_rows_null(rows, place->column, row) || elc_rows_null(rows, place->y, row);
    if (*missing)
        return ELC_OK;
    if (place->text != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the column %s is text, and coordinates are numbers; in a CSV "
                        "a value that is no number makes a column text",
                        place->text);
    *out = (elc_point){elc_rows_real(rows, place->column, row),
                       elc_rows_real(rows, place->y, row)};
    return ELC_OK;
}

elc_status elc_part_spot(part_spotter *s, const elc_rows *rows, size_t row,
                         elc_point *out, bool *missing, elc_error *err) {
    size_t size;
    *out = (elc_point){NAN, NAN};
    if (s->place->numbers)
        return of_numbers(s->place, rows, row, out, missing, err);
    const char *wkb = elc_rows_bytes(rows, s->place->column, row, &size);
    *missing = wkb == NULL;
    if (wkb == NULL || elc_wkb_plain_point(wkb, size, out))
        return ELC_OK;
    return middle_of(s, wkb, size, out, err);
}

void elc_part_spotter_free(part_spotter *s) {
    elc_measure_free(s->measure);
    free(s->points);
    free(s->ends);
    *s = (part_spotter){.place = s->place};
}
