/* wkb_check.c - fuzzes elc_wkb_check: what it accepts is whole, and GEOS survives it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>
#include <elcano/map.h>

#include <stdlib.h>

static void must(bool holds) {
    if (!holds)
        abort();
}

/* The points are as many as their numbers have room for. */
static void check_points(const uint8_t *data, size_t size) {
    elc_point *points = NULL;
    size_t n = 0, capacity = 0;
    must(elc_wkb_points(data, size, &points, &n, &capacity, NULL) == ELC_OK);
    must(n <= size / 16 && n <= capacity);
    free(points);
}

/* Bytes that were accepted become an area, or are refused for their kind. */
static void check_area(const uint8_t *data, size_t size) {
    static const elc_point ring[] = {{-1, -1}, {11, -1}, {11, 11}, {-1, 11}};
    elc_area *area = NULL;
    elc_error err = {0};
    bool meets = false;
    must(elc_area_create(&area, NULL) == ELC_OK);
    elc_status status = elc_area_add(area, data, size, &err);
    must(status == ELC_OK || err.message[0] != '\0');
    if (elc_area_meets_ring(area, ring, 4, &meets, &err) != ELC_OK)
        must(err.message[0] != '\0');
    must(elc_area_polygons(area) > 0 || !meets);
    elc_area_free(area);
}

/* The outline shares no more than its area with a box, or has a point that cannot be.
 */
static void check_outline(const uint8_t *data, size_t size) {
    static const elc_point ring[] = {{-1, -1}, {11, -1}, {11, 11}, {-1, 11}};
    elc_shape box = {ring, 4, 0}, outline = {0};
    elc_point *points = NULL;
    elc_overlap *found = NULL;
    elc_error err = {0};
    size_t n = 0, capacity = 0, pairs = 0;
    double area = 0;
    must(elc_wkb_shape(data, size, &points, &n, &capacity, NULL) == ELC_OK);
    must(n <= size / 8 && n <= capacity);
    outline.ring = points;
    outline.n = n;
    elc_status status = elc_shape_areas(&outline, 1, &area, &err);
    must(status == ELC_OK || err.message[0] != '\0');
    if (status == ELC_OK &&
        elc_shapes_overlap(&outline, 1, &box, 1, 0, &found, &pairs, NULL) == ELC_OK)
        must(pairs == 0 || (found[0].common <= area && found[0].common <= 144));
    free(found);
    free(points);
}

/* Polygons are rings of the points that there are, and cover cells by a share of them,
   unless one is no place. */
static void check_rings(const uint8_t *data, size_t size) {
    static const elc_raster_grid grid = {-2, 12, 1, 14, 14};
    float cover[14 * 14];
    size_t ends[64], n = 0;
    elc_outline o = {0};
    elc_error err = {0};
    elc_status status = elc_outline_read(data, size, &o, &err);
    must(status == ELC_OK || (status == ELC_E_UNSUPPORTED && err.message[0] != '\0'));
    for (size_t i = 0; i < o.n_rings; n += o.rings[i++].n)
        must(o.rings[i].first == n && o.rings[i].n >= 3 && (i > 0 || !o.rings[i].hole));
    must(n == o.n_points && n <= size / 16);
    for (size_t i = 0; i < o.n_rings && i < 64; i++)
        ends[i] = o.rings[i].first + o.rings[i].n;
    status = elc_raster_cover(&grid, o.points, ends, o.n_rings < 64 ? o.n_rings : 64,
                              NULL, cover, NULL);
    for (size_t i = 0; status == ELC_OK && i < 14 * 14; i++)
        must(cover[i] >= 0 && cover[i] <= 1);
    must(status == ELC_OK || status == ELC_E_ARGUMENT);
    elc_outline_free(&o);
}

/* It has sizes, none below 0 but by holes that are larger than what they are in, or a
   reason to have none. */
static void check_measures(const uint8_t *data, size_t size) {
    elc_measure_wish wish = {true, true, true, true, ELC_MEASURE_HULL};
    elc_measure *measure = NULL;
    elc_measured got;
    elc_string made = {0};
    elc_error err = {0};
    must(elc_measure_create(NULL, size % 2, &measure, NULL) == ELC_OK);
    if (elc_measure_wkb(measure, data, size, &wish, &got, &made, &err) != ELC_OK)
        must(err.message[0] != '\0');
    else
        must(!(got.length < 0 || got.perimeter < 0) &&
             (!(got.area < 0) || got.validity == ELC_MEASURE_IS_INVALID));
    elc_string_free(&made);
    elc_measure_free(measure);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_error err = {0};
    elc_status status = elc_wkb_check(data, size, &err);
    must(status == ELC_OK || (status == ELC_E_FORMAT && err.message[0] != '\0'));
    if (status != ELC_OK)
        return 0;
    must(elc_wkb_check(data, size - 1, NULL) == ELC_E_FORMAT);
    check_points(data, size);
    check_area(data, size);
    check_outline(data, size);
    check_rings(data, size);
    check_measures(data, size);
    return 0;
}
