/* metres_wkb.c - metres on the ellipsoid between two geometries. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>

static elc_status check(elc_place_state state, elc_error *err) {
    if (state == ELC_PLACE_NOWHERE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a geometry has a coordinate that is no finite number, or that "
                        "is not on the globe");
    return ELC_OK;
}

static elc_status ask(elc_nearby *near, const void *wkb, size_t size, double *out,
                      elc_error *err) {
    const elc_nearby_question question = {.k = 1, .most = INFINITY};
    elc_nearby_asker *asker = NULL;
    const elc_nearby_hit *hits;
    elc_place_state state;
    size_t n = 0;
    ELC_TRY(elc_nearby_asker_create(near, &question, &asker, err));
    elc_status status = elc_nearby_find(asker, wkb, size, &state, &hits, &n, err);
    if (status == ELC_OK)
        status = check(state, err);
    if (status == ELC_OK)
        *out = n > 0 ? hits[0].distance : NAN;
    elc_nearby_asker_free(asker);
    return status;
}

elc_status elc_wkb_distance_m(const void *a, size_t size_a, const void *b,
                              size_t size_b, double *out, elc_error *err) {
    elc_nearby *near = NULL;
    elc_place_state state;
    ELC_TRY(elc_nearby_create(true, &near, err));
    elc_status status = elc_nearby_add(near, b, size_b, NULL, &state, err);
    if (status == ELC_OK)
        status = check(state, err);
    if (status == ELC_OK)
        status = elc_nearby_build(near, err);
    if (status == ELC_OK)
        status = ask(near, a, size_a, out, err);
    elc_nearby_free(near);
    return status;
}
