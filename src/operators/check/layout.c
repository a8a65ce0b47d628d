/* layout.c - the columns of detections, and those that check adds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <stdlib.h>

#include "operators/parts/points.h"

const elc_column elc_check_added[CHECK_ADDED] = {
    {"rule", ELC_UTF8, NULL, "must or must_not, and within or near"},
    {"theme", ELC_UTF8, NULL, "the theme of the rule"},
    {"reason", ELC_UTF8, NULL, "why the detection is doubtful, in the rule's words"},
    {"map_id", ELC_UTF8, NULL,
     "the nearest object of the theme: node, way or relation and number in "
     "OpenStreetMap, else the layer's id, or the number of its row"},
    {"map_name", ELC_UTF8, NULL, "its name"},
    {"distance_m", ELC_FLOAT64, "m",
     "how far it is from the detection, 0 inside; these three are NULL where none is "
     "within 1 km, or the rule's distance where that is more"},
};

const elc_column elc_check_land_columns[CHECK_LAND_COLUMNS] = {
    {"class", ELC_UTF8, NULL, "the class of the detections"},
    {"land_use", ELC_UTF8, NULL, "the theme that they are on; none: on none"},
    {"n_detections", ELC_INT64, NULL,
     "how many; one that is on several themes counts in each"},
};

/* ---- the table ------------------------------------------------------------------ */

static elc_status find_class(check_layout *l, elc_error *err) {
    elc_type type;
    int64_t found = elc_schema_find(&l->schema, "class");
    if (found < 0)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "detections: no column class, by which rules are chosen");
    ELC_TRY(elc_schema_type(l->schema.children[found], &type, err));
    l->class_name = (size_t)found;
    if (type == ELC_UTF8)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "detections: the column class is %s, and classes are texts",
                    elc_type_name(type));
}

static elc_status find_place(check_layout *l, const elc_options *options,
                             elc_error *err) {
    ELC_TRY(elc_part_place_find(options, &l->schema, "table", &l->place, err));
    if (l->place.stated)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "detections: the CRS of their geometry is not stated, so that "
                    "nobody knows where they are; elcano project says it");
}

/* ---- columns -------------------------------------------------------------------- */

/* A side table takes its columns from those of its name; the detections' own must not
   be of another type. */
static elc_status check_land(const check_layout *l, const elc_column *land,
                             elc_error *err) {
    elc_type type = land->type;
    int64_t found = elc_schema_find(&l->schema, land->name);
    if (found >= 0)
        ELC_TRY(elc_schema_type(l->schema.children[found], &type, err));
    if (type == land->type)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "detections: the column %s is %s, and the table " CHECK_LAND_TABLE
                    " has one of that name that is %s; rename it",
                    land->name, elc_type_name(type), elc_type_name(land->type));
}

static elc_status add_land(check_layout *l, elc_error *err) {
    static const char *const hidden[CHECK_LAND_COLUMNS] = {"_class", "_land_use",
                                                           "_n_detections"};
    for (int i = 0; i < CHECK_LAND_COLUMNS; i++) {
        elc_column column = elc_check_land_columns[i];
        ELC_TRY(check_land(l, &column, err));
        int64_t own = elc_schema_find(&l->schema, column.name);
        for (size_t k = 0; own >= 0 && k < l->columns.count; k++)
            if (l->columns.like[k] == l->schema.children[own])
                l->land[i] = k;
        if (own >= 0)
            continue;
        column.name = hidden[i];
        l->land[i] = l->columns.count;
        ELC_TRY(elc_part_columns_add(&l->columns, column, NULL, "_check", err));
    }
    l->table = l->columns.count;
    return elc_part_columns_add(&l->columns,
                                (elc_column){.name = "_table", .type = ELC_UTF8}, NULL,
                                "_check", err);
}

elc_status elc_check_layout_read(const elc_options *options,
                                 struct ArrowArrayStream *detections, check_layout *l,
                                 elc_error *err) {
    ELC_TRY(elc_stream_schema(detections, &l->schema, err));
    ELC_TRY(elc_part_points_schema(options, &l->schema, err));
    ELC_TRY(find_class(l, err));
    ELC_TRY(find_place(l, options, err));
    ELC_TRY(elc_part_columns_pass(&l->columns, &l->schema, -1, "_again", err));
    for (int i = 0; i < CHECK_ADDED; i++) {
        l->added[i] = l->columns.count;
        ELC_TRY(
            elc_part_columns_add(&l->columns, elc_check_added[i], NULL, "_check", err));
    }
    ELC_TRY(add_land(l, err));
    return elc_part_columns_from(&l->columns, &l->schema, &l->from, err);
}

void elc_check_layout_free(check_layout *l) {
    elc_part_columns_free(&l->columns);
    elc_schema_release(&l->schema);
    elc_part_place_free(&l->place);
    free(l->from);
}
