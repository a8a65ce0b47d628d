/* spatial.c - where the places of two tables are, and what is asked of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "spatial.h"

#include <elcano/geo.h>

#include "place.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const side_names[PART_SIDES] = {"left", "right"};

/* In the order of elc_predicate. */
static const char *const predicates[] = {
    "intersects", "within",  "contains", "covers", "covered_by",
    "touches",    "crosses", "overlaps", "equals", "disjoint"};

/* ---- options --------------------------------------------------------------------- */

static elc_predicate predicate_of(const elc_options *options) {
    const size_t n = sizeof predicates / sizeof *predicates;
    const char *word = elc_options_text(options, "predicate");
    size_t i = 0; /* intersects */
    while (word != NULL && i < n && strcmp(predicates[i], word) != 0)
        i++;
    assert(i < n); /* the descriptor has no others */
    return (elc_predicate)i;
}

static elc_status read_distance(const elc_options *options, part_spatial *out,
                                elc_error *err) {
    elc_length far = elc_options_length(options, "distance");
    if (elc_options_given(options, "predicate"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--distance and --predicate are given; what is within a "
                        "distance needs no predicate, so leave one of them out");
    if (far.value < 0)
        return elc_fail(err, ELC_E_ARGUMENT, "--distance is %g; give 0 or more",
                        far.value);
    out->question.predicate = ELC_NEAR;
    out->question.metres = far.metres;
    out->question.distance = far.value;
    return ELC_OK;
}

static bool has_keys(const elc_options *options) {
    return elc_options_list(options, "on")->count > 0;
}

static elc_status check_together(const elc_options *options, const part_spatial *s,
                                 elc_error *err) {
    bool on = has_keys(options);
    if (on && s->asked)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--on and --%s are given; join by one, and the result by the "
                        "other",
                        s->question.predicate == ELC_NEAR ? "distance" : "predicate");
    if (s->question.owner && s->question.predicate != ELC_INTERSECTS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--ownership is a rule of its own: give it alone or with "
                        "--predicate intersects");
    bool counts = elc_options_find(options, "count") != NULL &&
                  elc_options_bool(options, "count");
    if (s->question.owner && counts)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--ownership gives points their zone, and --count zones the "
                        "number of their points; use elcano aggregate --ownership");
    if (elc_options_has(options, "x") != elc_options_has(options, "y"))
        return elc_fail(err, ELC_E_ARGUMENT, "--x and --y belong together; give both");
    return ELC_OK;
}

elc_status elc_part_spatial_read(const elc_options *options, part_spatial *out,
                                 elc_error *err) {
    part_spatial s = {.question.owner = elc_options_bool(options, "ownership")};
    s.question.predicate = predicate_of(options);
    s.asked = s.question.owner || elc_options_given(options, "predicate") ||
              elc_options_given(options, "distance");
    if (elc_options_given(options, "distance"))
        ELC_TRY(read_distance(options, &s, err));
    ELC_TRY(check_together(options, &s, err));
    s.implied = !s.asked && !has_keys(options);
    s.asked |= s.implied;
    *out = s;
    return ELC_OK;
}

/* ---- columns --------------------------------------------------------------------- */

static elc_status find_place(const elc_options *options,
                             const struct ArrowSchema *schema, int side, part_side *out,
                             elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        elc_type type;
        ELC_TRY(elc_schema_type(schema->children[i], &type, err));
        if (type == ELC_GEOMETRY) {
            *out = (part_side){.column = (size_t)i};
            return ELC_OK;
        }
    }
    bool named = elc_options_has(options, "x");
    const char *x, *y;
    elc_part_place_names(options, schema, &x, &y);
    const char *what = side == PART_LEFT ? "left table" : "right table";
    *out = (part_side){.numbers = true, .lonlat = !named};
    ELC_TRY(elc_part_place_number(schema, what, x, &out->column, &out->text, err));
    return elc_part_place_number(schema, what, y, &out->y, &out->text, err);
}

static elc_status fail_implied(int side, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--on is not given, and the %s table has no places; name the "
                    "columns whose values must be equal, as in --on catalog_id or --on "
                    "id=record_id, or those of its coordinates by --x and --y",
                    side_names[side]);
}

elc_status elc_part_spatial_find(const elc_options *options,
                                 const struct ArrowSchema schemas[PART_SIDES],
                                 part_spatial *s, elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++) {
        elc_error why = {0};
        elc_status status =
            find_place(options, &schemas[side], side, &s->place[side], &why);
        if (status == ELC_E_NOT_FOUND && s->implied)
            return fail_implied(side, err);
        if (status != ELC_OK)
            return elc_fail(err, status, "%s", why.message);
    }
    return ELC_OK;
}

/* ---- coordinate reference systems ------------------------------------------------ */

typedef struct side_crs {
    elc_crs *crs; /* NULL: not stated */
    bool as_other;
} side_crs;

static elc_status crs_of(const part_side *place, const struct ArrowSchema *schema,
                         side_crs *out, elc_error *err) {
    char *text = NULL;
    *out = (side_crs){.as_other = place->numbers && !place->lonlat};
    if (place->lonlat)
        return elc_crs_create("OGC:CRS84", &out->crs, err);
    if (place->numbers)
        return ELC_OK;
    ELC_TRY(elc_schema_crs(schema->children[place->column], &text, err));
    elc_status status = *text == '\0' ? ELC_OK : elc_crs_create(text, &out->crs, err);
    free(text);
    return status;
}

void elc_part_side_warn(const part_side *place, const struct ArrowSchema *schema,
                        const elc_crs *other, const elc_context *context) {
    int64_t lon, lat;
    if (!place->numbers || place->lonlat || other == NULL || elc_crs_is_degrees(other))
        return;
    if (elc_schema_lonlat(schema, &lon, &lat) && (size_t)lon == place->column &&
        (size_t)lat == place->y)
        elc_warn(context,
                 "columns %s and %s are taken to be in %s, as --x and --y say; leave "
                 "these out for degrees",
                 schema->children[lon]->name, schema->children[lat]->name,
                 elc_crs_label(other));
}

static elc_status to_metres(const side_crs crs[PART_SIDES], part_frame *out,
                            elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++)
        if (crs[side].crs == NULL)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--distance is in metres, and the CRS of the %s table is "
                            "not stated; give the distance in units of its "
                            "coordinates, without m",
                            side_names[side]);
    out->moves_left = true;
    return elc_transform_create(crs[PART_RIGHT].crs, NULL, &out->moves, err);
}

static elc_status to_left(const side_crs crs[PART_SIDES], const elc_context *context,
                          part_frame *out, elc_error *err) {
    const elc_crs *left = crs[PART_LEFT].crs, *right = crs[PART_RIGHT].crs;
    if (crs[PART_LEFT].as_other || crs[PART_RIGHT].as_other ||
        (left == NULL && right == NULL))
        return ELC_OK;
    if (left == NULL || right == NULL) {
        elc_warn(context,
                 "the CRS of the %s table is not stated: its coordinates are taken to "
                 "be in that of the other, %s",
                 side_names[left == NULL ? PART_LEFT : PART_RIGHT],
                 elc_crs_label(left == NULL ? right : left));
        return ELC_OK;
    }
    return elc_crs_equal(left, right)
               ? ELC_OK
               : elc_transform_create(right, left, &out->moves, err);
}

elc_status elc_part_frame_create(const part_spatial *s,
                                 const struct ArrowSchema schemas[PART_SIDES],
                                 const elc_context *context, part_frame *out,
                                 elc_error *err) {
    side_crs crs[PART_SIDES] = {0};
    elc_status status = ELC_OK;
    *out = (part_frame){0};
    for (int side = 0; side < PART_SIDES && status == ELC_OK; side++)
        status = crs_of(&s->place[side], &schemas[side], &crs[side], err);
    for (int side = 0; side < PART_SIDES && status == ELC_OK; side++)
        elc_part_side_warn(&s->place[side], &schemas[side], crs[!side].crs, context);
    if (s->question.metres && crs[PART_LEFT].as_other && status == ELC_OK &&
        crs[PART_RIGHT].crs != NULL)
        status = elc_crs_clone(crs[PART_RIGHT].crs, &crs[PART_LEFT].crs, err);
    if (s->question.metres && crs[PART_RIGHT].as_other && status == ELC_OK &&
        crs[PART_LEFT].crs != NULL)
        status = elc_crs_clone(crs[PART_LEFT].crs, &crs[PART_RIGHT].crs, err);
    if (status == ELC_OK)
        status = s->question.metres ? to_metres(crs, out, err)
                                    : to_left(crs, context, out, err);
    const elc_crs *there = crs[crs[PART_LEFT].crs != NULL ? PART_LEFT : PART_RIGHT].crs;
    out->globe = !s->question.metres && there != NULL && elc_crs_is_degrees(there);
    out->left = crs[PART_LEFT].crs;
    elc_crs_free(crs[PART_RIGHT].crs);
    if (status != ELC_OK)
        elc_part_frame_free(out);
    return status;
}

void elc_part_frame_free(part_frame *frame) {
    elc_transform_free(frame->moves);
    elc_crs_free(frame->left);
    *frame = (part_frame){0};
}
