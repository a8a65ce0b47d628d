/* wkb.c - a row's place as WKB, and what is said of places that are not sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wkb.h"

#include "place.h"

#include <math.h>
#include <string.h>

/* Little endian, as all that Elcano writes. */
static const unsigned char head[] = {1, 1, 0, 0, 0};

enum { PIECE = 256 };

static void read_numbers(const part_side *place, const elc_rows *rows, size_t row,
                         size_t n, elc_point *points, bool *is) {
    double x[PIECE], y[PIECE];
    elc_rows_reals(rows, place->column, row, n, x);
    elc_rows_reals(rows, place->y, row, n, y);
    for (size_t i = 0; i < n; i++) {
        points[i] = (elc_point){x[i], y[i]};
        is[i] = isfinite(x[i]) && isfinite(y[i]);
    }
}

void elc_part_points_read(const part_side *place, const elc_rows *rows, size_t row,
                          size_t n, elc_point *points, bool *is) {
    memset(is, 0, n * sizeof *is);
    if (place->text != NULL)
        return;
    for (size_t i = 0; place->numbers && i < n; i += PIECE)
        read_numbers(place, rows, row + i, n - i < PIECE ? n - i : PIECE, points + i,
                     is + i);
    for (size_t i = 0; !place->numbers && i < n; i++) {
        size_t size;
        const char *bytes = elc_rows_bytes(rows, place->column, row + i, &size);
        is[i] = elc_wkb_plain_point(bytes, size, &points[i]) && isfinite(points[i].x) &&
                isfinite(points[i].y);
    }
}

static void write_point(double x, double y, part_wkb *out) {
    memcpy(out->point, head, sizeof head);
    memcpy(out->point + 5, &x, sizeof x);
    memcpy(out->point + 13, &y, sizeof y);
    out->bytes = out->point;
    out->size = sizeof out->point;
}

elc_status elc_part_wkb_read(const part_side *place, const elc_rows *rows, size_t row,
                             part_wkb *out, elc_error *err) {
    out->bytes = NULL;
    out->size = 0;
    if (!place->numbers) {
        out->bytes = elc_rows_bytes(rows, place->column, row, &out->size);
        return ELC_OK;
    }
    if (elc_rows_null(rows, place->column, row) || elc_rows_null(rows, place->y, row))
        return ELC_OK;
    if (place->text != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the column %s is text, and coordinates are numbers; in a CSV "
                        "a value that is no number makes a column text",
                        place->text);
    write_point(elc_rows_real(rows, place->column, row),
                elc_rows_real(rows, place->y, row), out);
    return ELC_OK;
}

/* Of those without a place nothing is said: that is what their rows say. */
static const struct {
    const char *what, *then;
} said[] = {
    [ELC_PLACE_EMPTY] = {"empty geometries", "they match nothing"},
    [ELC_PLACE_NOWHERE] = {"coordinates that are no finite numbers, or that have none "
                           "where they are compared, as latitudes beyond 90 degrees",
                           "they match nothing"},
    [ELC_PLACE_BROKEN] = {"what is no geometry, as rings that are open, lines of one "
                          "point and curves",
                          "it matches nothing"},
    [ELC_PLACE_INVALID] = {"geometries that are not valid, as polygons that cross "
                           "themselves",
                           "they are answered as GEOS does, and slowly"},
    [ELC_PLACE_UNASKABLE] = {"pairs that GEOS cannot compare", "they do not match"},
};

void elc_part_wkb_report(const uint64_t *states, const elc_context *context) {
    for (int i = ELC_PLACE_EMPTY; i < ELC_PLACE_UNASKABLE; i++)
        if (states[i] > 0)
            elc_warn(context, "the right table has %s (%llu): %s", said[i].what,
                     (unsigned long long)states[i], said[i].then);
}

void elc_part_wkb_tell(const elc_context *context, elc_place_state state) {
    if (state >= ELC_PLACE_EMPTY)
        elc_warn(context, "the left table has %s: %s", said[state].what,
                 said[state].then);
}
