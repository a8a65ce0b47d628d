/* outside.c - how many chips of an image no one will look at. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "outside.h"

#include <stdlib.h>

enum { CHIPS_A_LOOK = 1024 }; /* between two looks at cancel */

static bool is_nearer(int64_t chip, int64_t than, int64_t middle) {
    return than < 0 || llabs(chip - middle) < llabs(than - middle);
}

static elc_status count(const pixels_limits *limits, const pixels_cut *cut,
                        const elc_area_way *way, elc_locator *locator,
                        pixels_outside *out, elc_error *err) {
    int64_t n = elc_grid_count(&cut->grid);
    *out = (pixels_outside){n, 0, -1};
    for (int64_t chip = 0; chip < n; chip++) {
        bool outside = false;
        if (chip % CHIPS_A_LOOK == 0)
            ELC_TRY(elc_check_cancel(limits->context, err));
        ELC_TRY(elc_sight_outside(&cut->sight, &cut->grid, chip, way, locator, &outside,
                                  err));
        out->count += outside;
        if (!outside && is_nearer(chip, out->inside, n / 2))
            out->inside = chip;
    }
    return ELC_OK;
}

static elc_status count_by_area(const pixels_limits *limits, const pixels_cut *cut,
                                const elc_place *place, pixels_outside *out,
                                elc_error *err) {
    elc_locator *locator = NULL;
    elc_area_way way = {limits->area, limits->area_crs, NULL};
    if (place->kind == ELC_PLACE_NONE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no georeference, so the area cannot be found in it; "
                        "leave --area out",
                        cut->name);
    elc_status status = elc_place_locator(place, &locator, err);
    if (status == ELC_OK)
        status = elc_transform_create(NULL, limits->area_crs, &way.to_area, err);
    if (status == ELC_OK)
        status = count(limits, cut, &way, locator, out, err);
    elc_transform_free(way.to_area);
    elc_locator_free(locator);
    return status;
}

elc_status elc_pixels_outside(const pixels_limits *limits, const pixels_cut *cut,
                              pixels_outside *out, elc_error *err) {
    elc_place place = {0};
    const elc_area_way everywhere = {0};
    if (!limits->area)
        return count(limits, cut, &everywhere, NULL, out, err);
    ELC_TRY(elc_scenes_place(limits->scenes, cut->image, &place, err));
    elc_status status = count_by_area(limits, cut, &place, out, err);
    elc_place_clear(&place);
    return status;
}
