/* shape.c - what nearest is asked of two tables, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const side_names[PART_SIDES] = {"left", "right"};

/* ---- options --------------------------------------------------------------------- */

static elc_status read_length(const elc_options *options, nearest_wish *w,
                              elc_error *err) {
    elc_length length = elc_options_length(options, "max_distance");
    if (length.metres && w->by != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--max-distance in metres, and --by %s: give a number of the "
                        "metric without a unit",
                        w->by);
    if (length.metres && !w->metres)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--planar and a --max-distance in metres are given; give the "
                        "distance without a unit, in that of the left CRS, or leave "
                        "--planar out");
    if (length.value < 0)
        return elc_fail(err, ELC_E_ARGUMENT, "--max-distance is %g; give 0 or more",
                        length.value);
    w->metres = length.metres;
    w->most = length.value;
    return ELC_OK;
}

static elc_status read_by(const elc_options *options, nearest_wish *w, elc_error *err) {
    static const char *const places[] = {"planar", "x", "y"};
    w->by = elc_options_text(options, "by");
    w->cosine = *elc_options_text(options, "metric") == 'c';
    if (w->by == NULL && elc_options_given(options, "metric"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--metric %s: is of vectors; give their column: --by feature",
                        elc_options_text(options, "metric"));
    for (size_t i = 0; w->by != NULL && i < sizeof places / sizeof *places; i++)
        if (elc_options_given(options, places[i]))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--by %s and --%s: vectors have no place; give one of them",
                            w->by, places[i]);
    return ELC_OK;
}

elc_status elc_nearest_wish_read(const elc_options *options, nearest_wish *out,
                                 elc_error *err) {
    nearest_wish w = {.k = (size_t)elc_options_int(options, "k"), .most = INFINITY};
    ELC_TRY(read_by(options, &w, err));
    w.metres = w.by == NULL && !elc_options_bool(options, "planar");
    w.keeps = *elc_options_text(options, "how") == 'l';
    if (elc_options_given(options, "max_distance"))
        ELC_TRY(read_length(options, &w, err));
    if (elc_options_has(options, "x") != elc_options_has(options, "y"))
        return elc_fail(err, ELC_E_ARGUMENT, "--x and --y belong together; give both");
    *out = w;
    return ELC_OK;
}

/* ---- coordinate reference systems ------------------------------------------------ */

/* Columns that --x and --y name have none of their own. */
static bool is_as_other(const nearest_shape *s, int side) {
    return s->place[side].numbers && !s->place[side].lonlat;
}

static elc_status find_crs(nearest_shape *s, int side, elc_error *err) {
    const part_side *place = &s->place[side];
    char *text = NULL;
    if (place->lonlat)
        return elc_crs_create("OGC:CRS84", &s->crs[side], err);
    if (place->numbers)
        return ELC_OK;
    ELC_TRY(elc_schema_crs(s->table.schemas[side].children[place->column], &text, err));
    elc_status status =
        *text == '\0' ? ELC_OK : elc_crs_create(text, &s->crs[side], err);
    free(text);
    return status;
}

static elc_status find_crses(nearest_shape *s, elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++)
        ELC_TRY(find_crs(s, side, err));
    for (int side = 0; side < PART_SIDES; side++)
        if (is_as_other(s, side) && s->crs[!side] != NULL)
            ELC_TRY(elc_crs_clone(s->crs[!side], &s->crs[side], err));
    for (int side = 0; side < PART_SIDES && s->wish.metres; side++)
        if (s->crs[side] == NULL)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "the CRS of the %s table is not stated, so that metres are "
                            "not known; give --planar for distances in the unit of its "
                            "coordinates",
                            side_names[side]);
    return ELC_OK;
}

elc_status elc_nearest_way(const nearest_shape *s, int side, elc_transform **out,
                           elc_error *err) {
    elc_crs *to = NULL;
    elc_status status = ELC_OK;
    *out = NULL;
    if (s->crs[side] == NULL || (side == PART_LEFT && !s->wish.metres))
        return ELC_OK;
    if (s->wish.metres)
        status = elc_crs_create("OGC:CRS84", &to, err);
    else if (s->crs[PART_LEFT] != NULL)
        status = elc_crs_clone(s->crs[PART_LEFT], &to, err);
    if (status == ELC_OK && to != NULL && !elc_crs_equal(s->crs[side], to))
        status = elc_transform_create(s->crs[side], to, out, err);
    elc_crs_free(to);
    return status;
}

/* ---- columns --------------------------------------------------------------------- */

static elc_status find_columns(nearest_shape *s, elc_error *err) {
    elc_column distance = {.name = "distance", .type = ELC_FLOAT64};
    if (s->wish.metres)
        distance = (elc_column){.name = "distance_m", .type = ELC_FLOAT64, .unit = "m"};
    ELC_TRY(elc_nearest_table_add(&s->table, PART_LEFT, -1, err));
    /* A zone's outline would be written for each row that it is nearest to. */
    ELC_TRY(elc_part_columns_placeless(&s->table.columns, &s->table.schemas[PART_RIGHT],
                                       "_right", err));
    return elc_nearest_table_end(&s->table, distance, err);
}

static elc_status fill(nearest_shape *s, const elc_options *options,
                       struct ArrowArrayStream *left, struct ArrowArrayStream *right,
                       elc_error *err) {
    part_spatial spatial = {0};
    ELC_TRY(elc_nearest_wish_read(options, &s->wish, err));
    ELC_TRY(elc_nearest_table_read(&s->table, left, right, err));
    ELC_TRY(elc_part_spatial_find(options, s->table.schemas, &spatial, err));
    memcpy(s->place, spatial.place, sizeof s->place);
    ELC_TRY(find_crses(s, err));
    return find_columns(s, err);
}

elc_status elc_nearest_shape_create(const elc_options *options,
                                    struct ArrowArrayStream *left,
                                    struct ArrowArrayStream *right, nearest_shape **out,
                                    elc_error *err) {
    nearest_shape *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    elc_status status = fill(s, options, left, right, err);
    if (status != ELC_OK) {
        elc_nearest_shape_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

void elc_nearest_shape_free(nearest_shape *s) {
    if (s == NULL)
        return;
    for (int side = 0; side < PART_SIDES; side++)
        elc_crs_free(s->crs[side]);
    elc_nearest_table_free(&s->table);
    free(s);
}

/* ---- warnings -------------------------------------------------------------------- */

void elc_nearest_shape_warn(const nearest_shape *s, const elc_context *context) {
    const elc_crs *left = s->crs[PART_LEFT], *right = s->crs[PART_RIGHT];
    for (int side = 0; side < PART_SIDES; side++)
        elc_part_side_warn(&s->place[side], &s->table.schemas[side], s->crs[!side],
                           context);
    if ((left == NULL) != (right == NULL))
        elc_warn(context,
                 "the CRS of the %s table is not stated: its coordinates are taken to "
                 "be in that of the other, %s",
                 side_names[left == NULL ? PART_LEFT : PART_RIGHT],
                 elc_crs_label(left == NULL ? right : left));
}
