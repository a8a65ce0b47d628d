/* zones.c - polygons of a layer as the cells that rows are counted by. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "zones.h"

#include <elcano/layer.h>

#include <stdlib.h>

#include "operators/parts/columns.h"

static elc_status find_geometry(bin_zones *z, const char *reference, elc_error *err) {
    elc_crs *crs = NULL;
    bool stated = false;
    ELC_TRY(elc_stream_schema(&z->stream, &z->schema, err));
    ELC_TRY(elc_part_geometry(&z->schema, "--zones", &z->geometry, &crs, &stated, err));
    elc_status status = ELC_OK;
    if (!stated)
        status =
            elc_fail(err, ELC_E_ARGUMENT,
                     "--zones %s: states no CRS, so that its place on the ground is "
                     "not known",
                     reference);
    else if (crs != NULL)
        status = elc_transform_create(crs, NULL, &z->way, err);
    elc_crs_free(crs);
    return status;
}

elc_status elc_bin_zones_open(const char *reference, const elc_context *context,
                              bin_zones **out, elc_error *err) {
    bin_zones *z;
    ELC_TRY(elc_alloc(1, sizeof *z, &z, err));
    elc_status status = elc_layer_open(reference, context, &z->stream, err);
    if (status == ELC_OK)
        status = find_geometry(z, reference, err);
    if (status != ELC_OK) {
        elc_bin_zones_free(z);
        return status;
    }
    *out = z;
    return ELC_OK;
}

static elc_status add_zones(bin_zones *z, size_t *lost, elc_error *err) {
    for (size_t i = 0; i < z->rows.n_rows; i++) {
        size_t row, size;
        elc_place_state state;
        const elc_rows *rows = elc_part_held_row(&z->rows, i, &row);
        const char *wkb = elc_rows_bytes(rows, (size_t)z->geometry, row, &size);
        ELC_TRY(elc_places_add(z->places, wkb, size, z->way, &state, err));
        *lost += state != ELC_PLACE_SOUND && state != ELC_PLACE_MISSING;
    }
    return ELC_OK;
}

elc_status elc_bin_zones_read(bin_zones *z, const elc_context *context,
                              elc_error *err) {
    const elc_question question = {.predicate = ELC_INTERSECTS, .owner = true};
    size_t lost = 0;
    ELC_TRY(elc_part_held_read(&z->rows, &z->stream, &z->schema, context, err));
    ELC_TRY(elc_places_create(&z->places, err));
    elc_places_globe(z->places);
    ELC_TRY(add_zones(z, &lost, err));
    if (lost > 0)
        elc_warn(context,
                 "--zones: polygons that are empty, not valid or nowhere on the globe "
                 "have no rows: %zu of %zu",
                 lost, z->rows.n_rows);
    ELC_TRY(elc_places_build(z->places, elc_context_threads(context), err));
    return elc_asker_create(z->places, &question, &z->asker, err);
}

elc_status elc_bin_zones_cells(bin_zones *z, const elc_point *lonlat, size_t n,
                               int64_t *out, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        elc_place_state state;
        const uint32_t *rows;
        size_t many, left = n - i;
        if (i % ELC_ZONES_EXPECTED == 0)
            elc_asker_expect(z->asker, lonlat + i,
                             left < ELC_ZONES_EXPECTED ? left : ELC_ZONES_EXPECTED);
        ELC_TRY(elc_asker_find_point(z->asker, lonlat[i], &state, &rows, &many, err));
        out[i] = many > 0 ? (int64_t)rows[0] : -1;
    }
    return ELC_OK;
}

void elc_bin_zones_free(bin_zones *z) {
    if (z == NULL)
        return;
    elc_asker_free(z->asker);
    elc_places_free(z->places);
    elc_part_held_free(&z->rows);
    elc_transform_free(z->way);
    elc_schema_release(&z->schema);
    elc_stream_release(&z->stream);
    free(z);
}
