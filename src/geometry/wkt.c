/* wkt.c - the outline of a polygon that is text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <string.h>

#include "geometry/wkb.h"

static elc_status take_shape(const elc_string *wkb, elc_point **points, size_t *n,
                             size_t *capacity, elc_error *err) {
    elc_wkb_cursor first = {.at = (const uint8_t *)wkb->data};
    const elc_wkb_kind *kind = elc_wkb_begin(&first).kind;
    if (kind->number != ELC_WKB_POLYGON && kind->number != ELC_WKB_MULTIPOLYGON)
        return elc_fail(err, ELC_E_FORMAT, "a %s is no POLYGON or MULTIPOLYGON",
                        kind->name);
    return elc_wkb_shape(wkb->data, wkb->size, points, n, capacity, err);
}

elc_status elc_wkt_shape(const char *text, elc_point **points, size_t *n,
                         size_t *capacity, elc_error *err) {
    elc_string wkb = {0};
    elc_status status = elc_wkb_from_wkt(text, strlen(text), &wkb, NULL, err);
    if (status == ELC_OK)
        status = take_shape(&wkb, points, n, capacity, err);
    elc_string_free(&wkb);
    return status;
}
