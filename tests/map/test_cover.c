/* test_cover.c - how much of each cell polygons cover, beside what GEOS cuts out of it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>
#include <elcano/map.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

enum { WIDTH = 23, HEIGHT = 17, CELLS = WIDTH * HEIGHT, CORNERS = 40, MOST = 12 };

static const double PI = 3.14159265358979323846;
static const elc_raster_grid GRID = {500000, 5400000, 4, WIDTH, HEIGHT};

static uint64_t state = 88172645463325252u;

/* 0 to 1, the same each time. */
static double any(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (double)(state >> 11) / (double)(1ull << 53);
}

/* ---- shapes: in cells from the grid's corner, y downward --------------------------
 */

typedef struct {
    elc_string wkb[MOST];
    size_t n;
} shapes;

static elc_point at(double x, double y) {
    return (elc_point){GRID.x + x * GRID.cell, GRID.y - y * GRID.cell};
}

static void add_outline(shapes *s, elc_outline outline) {
    elc_error err = {0};
    s->wkb[s->n] = (elc_string){0};
    if (elc_wkb_outline(&outline, &s->wkb[s->n++], &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void add_ring(shapes *s, elc_point *points, size_t n) {
    elc_ring ring = {0, n, false};
    add_outline(s, (elc_outline){points, &ring, n, 1});
}

static void add_box(shapes *s, double left, double top, double right, double bottom) {
    elc_point p[] = {at(left, top), at(right, top), at(right, bottom),
                     at(left, bottom)};
    add_ring(s, p, 4);
}

/* A star round a place, whose corners are between half of the radius and all of it;
   `hollow`: with a hole a third as large. */
static void add_star(shapes *s, double x, double y, double radius, bool hollow) {
    elc_point p[2 * CORNERS];
    elc_ring rings[] = {{0, CORNERS, false}, {CORNERS, CORNERS, true}};
    for (int i = 0; i < CORNERS; i++) {
        double far = radius * (0.5 + 0.5 * any()), turn = 2 * PI * i / CORNERS;
        p[i] = at(x + far * cos(turn), y + far * sin(turn));
        p[CORNERS + i] = at(x + far / 3 * cos(turn), y + far / 3 * sin(turn));
    }
    add_outline(
        s, (elc_outline){p, rings, (size_t)(hollow ? 2 : 1) * CORNERS, hollow ? 2 : 1});
}

static void free_shapes(shapes *s) {
    for (size_t i = 0; i < s->n; i++)
        elc_string_free(&s->wkb[i]);
    *s = (shapes){0};
}

/* ---- what is found, and what GEOS finds -------------------------------------------
 */

static void unite(const shapes *s, elc_outline *out) {
    elc_overlay *overlay;
    elc_taken taken;
    elc_string wkb = {0};
    size_t members[MOST];
    assert_int_equal(elc_overlay_create(NULL, false, &overlay, NULL), ELC_OK);
    for (size_t i = 0; i < s->n; i++) {
        members[i] = i;
        assert_int_equal(elc_overlay_add(overlay, s->wkb[i].data, s->wkb[i].size, NULL,
                                         &taken, NULL),
                         ELC_OK);
    }
    assert_int_equal(elc_overlay_union(overlay, members, s->n, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_outline_read(wkb.data, wkb.size, out, NULL), ELC_OK);
    elc_string_free(&wkb);
    elc_overlay_free(overlay);
}

static void cover(const elc_raster_grid *grid, const elc_outline *o, float *out) {
    size_t ends[200];
    elc_error err = {0};
    assert_true(o->n_rings <= 200);
    for (size_t i = 0; i < o->n_rings; i++)
        ends[i] = o->rings[i].first + o->rings[i].n;
    if (elc_raster_cover(grid, o->points, ends, o->n_rings, NULL, out, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static GEOSGeometry *geos_union(GEOSContextHandle_t geos, const shapes *s) {
    GEOSGeometry *parts[MOST];
    for (size_t i = 0; i < s->n; i++)
        parts[i] = GEOSGeomFromWKB_buf_r(geos, (const unsigned char *)s->wkb[i].data,
                                         s->wkb[i].size);
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION,
                                                    parts, (unsigned)s->n);
    GEOSGeometry *one = GEOSUnaryUnion_r(geos, all);
    GEOSGeom_destroy_r(geos, all);
    assert_non_null(one);
    return one;
}

static double geos_share(GEOSContextHandle_t geos, const GEOSGeometry *all, int cell) {
    elc_point low = at(cell % WIDTH, cell / WIDTH + 1),
              high = at(cell % WIDTH + 1, cell / WIDTH);
    GEOSGeometry *box = GEOSGeom_createRectangle_r(geos, low.x, low.y, high.x, high.y);
    GEOSGeometry *common = GEOSIntersection_r(geos, box, all);
    double area = 0;
    assert_non_null(common);
    assert_int_equal(GEOSArea_r(geos, common, &area), 1);
    GEOSGeom_destroy_r(geos, common);
    GEOSGeom_destroy_r(geos, box);
    return area / (GRID.cell * GRID.cell);
}

/* Frees the shapes. */
static void is_as_geos_cuts_it(shapes *s, const char *what) {
    static float found[CELLS];
    GEOSContextHandle_t geos = GEOS_init_r();
    elc_outline outline = {0};
    GEOSGeometry *all = geos_union(geos, s);
    unite(s, &outline);
    memset(found, 1, sizeof found);
    cover(&GRID, &outline, found);
    for (int i = 0; i < CELLS; i++) {
        double wanted = geos_share(geos, all, i);
        if (!(fabs((double)found[i] - wanted) < 1e-7))
            fail_msg("%s: %.9g of cell %d, %d, and GEOS says %.9g", what,
                     (double)found[i], i % WIDTH, i / WIDTH, wanted);
    }
    GEOSGeom_destroy_r(geos, all);
    GEOS_finish_r(geos);
    elc_outline_free(&outline);
    free_shapes(s);
}

/* ---- what is imaged of a kernel ---------------------------------------------------
 */

enum {
    SIDE = 80,
    FINE = 5,
    DEEP_SIDE = SIDE * FINE,
    DEEP_CELLS = DEEP_SIDE * DEEP_SIDE
};
static const elc_raster_grid WIDE = {500000, 5400000, 4, SIDE, SIDE};
static const elc_raster_grid DEEP = {500000, 5400000, 0.8, DEEP_SIDE, DEEP_SIDE};

/* A box in cells, turned about the grid's middle. */
typedef struct {
    double wide, high, turn;
} turned_box;

static turned_box any_box(bool turned) {
    return (turned_box){20 + 35 * any(), 20 + 35 * any(), turned ? PI * any() : 0};
}

/* The middle of a cell of WIDE from the box's own. */
static elc_point in_box(const turned_box *b, int cell) {
    double u = cell % SIDE + 0.5 - SIDE / 2.0, v = cell / SIDE + 0.5 - SIDE / 2.0;
    return (elc_point){u * cos(b->turn) + v * sin(b->turn),
                       v * cos(b->turn) - u * sin(b->turn)};
}

static void cover_box(const elc_raster_grid *grid, const turned_box *b, float *out) {
    static const int sides[4][2] = {{-1, -1}, {-1, 1}, {1, 1}, {1, -1}};
    elc_point p[4];
    size_t end = 4;
    for (int i = 0; i < 4; i++) {
        double u = sides[i][0] * b->wide / 2, v = sides[i][1] * b->high / 2;
        p[i] = at(SIDE / 2.0 + u * cos(b->turn) - v * sin(b->turn),
                  SIDE / 2.0 + v * cos(b->turn) + u * sin(b->turn));
    }
    assert_int_equal(elc_raster_cover(grid, p, &end, 1, NULL, out, NULL), ELC_OK);
}

/* Each cell's area at its middle, spread by a kernel of so many of WIDE's cells: as
   rates have it. */
static void sum_share(const elc_raster_grid *g, elc_kernel kernel, double cells,
                      const turned_box *b, float *out) {
    static float cover[DEEP_CELLS];
    static elc_point middles[DEEP_CELLS];
    static double areas[DEEP_CELLS];
    elc_density d = {*g, kernel, cells * WIDE.cell};
    size_t n = (size_t)g->width * (size_t)g->height;
    cover_box(g, b, cover);
    for (size_t i = 0; i < n; i++) {
        middles[i] =
            (elc_point){g->x + ((double)(i % (size_t)g->width) + 0.5) * g->cell,
                        g->y - ((double)(i / (size_t)g->width) + 0.5) * g->cell};
        areas[i] = (double)cover[i] * g->cell * g->cell;
    }
    assert_int_equal(elc_density_sum(&d, middles, areas, n, NULL, out, NULL), ELC_OK);
}

/* What of a Gaussian of `cells` lies between two lines. */
static double between(double at, double half, double cells) {
    return (erf((at + half) / (cells * sqrt(2))) -
            erf((at - half) / (cells * sqrt(2)))) /
           2;
}

/* What is imaged of the kernel of a cell, as it is: of a Gaussian the integral, of the
   others what cells of a fifth of the side say, whose middles are those of WIDE's. */
static double true_share(const turned_box *b, elc_kernel kernel, double cells, int cell,
                         const float *deep) {
    elc_point p = in_box(b, cell);
    if (kernel == ELC_KERNEL_GAUSSIAN)
        return between(p.x, b->wide / 2, cells) * between(p.y, b->high / 2, cells);
    int column = cell % SIDE * FINE + FINE / 2, row = cell / SIDE * FINE + FINE / 2;
    return (double)deep[row * DEEP_SIDE + column];
}

/* The greatest error of itself within the box. */
static double worst_share(const turned_box *b, elc_kernel kernel, double cells) {
    static float share[SIDE * SIDE], deep[DEEP_CELLS];
    double worst = 0;
    sum_share(&WIDE, kernel, cells, b, share);
    if (kernel != ELC_KERNEL_GAUSSIAN)
        sum_share(&DEEP, kernel, cells, b, deep);
    for (int i = 0; i < SIDE * SIDE; i++) {
        elc_point p = in_box(b, i);
        if (fabs(p.x) > b->wide / 2 || fabs(p.y) > b->high / 2)
            continue;
        double wanted = true_share(b, kernel, cells, i, deep);
        worst = fmax(worst, fabs((double)share[i] / wanted - 1));
    }
    return worst;
}

/* ---- tests ------------------------------------------------------------------------
 */

static void test_cover_of_a_polygon_is_its_area_in_each_cell(void **unused) {
    (void)unused;
    for (int i = 0; i < 20; i++) {
        shapes s = {0};
        add_star(&s, WIDTH * any(), HEIGHT * any(), 12 * any(), false);
        is_as_geos_cuts_it(&s, "a star");
    }
}

static void test_cover_leaves_holes_out(void **unused) {
    (void)unused;
    for (int i = 0; i < 10; i++) {
        shapes s = {0};
        add_star(&s, WIDTH * any(), HEIGHT * any(), 15 * any(), true);
        is_as_geos_cuts_it(&s, "a star with a hole");
    }
}

static void test_cover_counts_what_overlaps_once(void **unused) {
    (void)unused;
    for (int i = 0; i < 10; i++) {
        shapes s = {0};
        for (int k = 0; k < MOST; k++)
            add_star(&s, WIDTH * any(), HEIGHT * any(), 8 * any(), k % 2 > 0);
        is_as_geos_cuts_it(&s, "stars over stars");
    }
}

static void test_cover_of_slivers_is_as_thin_as_they_are(void **unused) {
    (void)unused;
    for (int i = 0; i < 20; i++) {
        shapes s = {0};
        double x = WIDTH * any(), y = HEIGHT * any(), thin = pow(10, -9 * any());
        elc_point p[] = {at(x, y), at(x + 30 * any() - 15, y + 30 * any() - 15),
                         at(x + thin, y + thin)};
        add_ring(&s, p, 3);
        is_as_geos_cuts_it(&s, "a sliver");
    }
}

/* Corners up to a million cells away, on all sides. */
static void test_cover_of_huge_polygons_is_what_lies_on_the_grid(void **unused) {
    (void)unused;
    for (int i = 0; i < 30; i++) {
        shapes s = {0};
        double far = pow(10, 2 + 4 * any());
        add_star(&s, WIDTH * any() + far * (any() - 0.5),
                 HEIGHT * any() + far * (any() - 0.5), far, i % 3 == 0);
        is_as_geos_cuts_it(&s, "a huge star");
    }
}

static void test_cover_of_whole_cells_is_one_or_nothing_to_the_bit(void **unused) {
    static float found[CELLS];
    shapes s = {0};
    elc_outline outline = {0};
    (void)unused;
    add_box(&s, 2, 3, 9, 8);
    add_box(&s, 5, 6, 14, 12);
    add_box(&s, -1e6, 14, 1e6, 1e6);
    unite(&s, &outline);
    cover(&GRID, &outline, found);
    for (int i = 0; i < CELLS; i++) {
        int x = i % WIDTH, y = i / WIDTH;
        bool in = (x >= 2 && x < 9 && y >= 3 && y < 8) ||
                  (x >= 5 && x < 14 && y >= 6 && y < 12) || y >= 14;
        assert_memory_equal(&found[i], (in ? (float[]){1} : (float[]){0}),
                            sizeof *found);
    }
    elc_outline_free(&outline);
    free_shapes(&s);
}

/* Inside of cells that an edge only goes by, nothing is left of rounding. */
static void test_cover_leaves_no_dust(void **unused) {
    static float found[CELLS];
    (void)unused;
    for (int i = 0; i < 50; i++) {
        shapes s = {0};
        elc_outline outline = {0};
        add_star(&s, 11 + any(), 8 + any(), 5, true);
        unite(&s, &outline);
        cover(&GRID, &outline, found);
        for (int k = 0; k < CELLS; k++)
            if (hypot(k % WIDTH - 11, k / WIDTH - 8) > 8)
                assert_memory_equal(&found[k], (float[]){0}, sizeof *found);
        elc_outline_free(&outline);
        free_shapes(&s);
    }
}

static void test_cover_of_nothing_is_nothing(void **unused) {
    static float found[CELLS];
    elc_outline none = {0};
    (void)unused;
    memset(found, 1, sizeof found);
    cover(&GRID, &none, found);
    for (int i = 0; i < CELLS; i++)
        assert_memory_equal(&found[i], (float[]){0}, sizeof *found);
}

static void is_refused(elc_raster_grid grid, elc_point corner, const char *why) {
    static float found[CELLS];
    elc_point ring[] = {{GRID.x, GRID.y}, corner, {GRID.x + 1, GRID.y - 1}};
    size_t end = 3;
    elc_error err = {0};
    assert_int_equal(elc_raster_cover(&grid, ring, &end, 1, NULL, found, &err),
                     ELC_E_ARGUMENT);
    if (strstr(err.message, why) == NULL)
        fail_msg("%s", err.message);
}

static void test_cover_refuses_what_is_no_place(void **unused) {
    (void)unused;
    is_refused(GRID, (elc_point){NAN, 0}, "no place");
    is_refused(GRID, (elc_point){0, INFINITY}, "no place");
    is_refused(GRID, (elc_point){1e300, 0}, "too far");
    is_refused((elc_raster_grid){0, 0, 0, 5, 5}, (elc_point){0, 0}, "is none");
}

/* Boxes of any size and turn: the numbers of docs/heatmap.md. */
static void expect_shares(elc_kernel kernel, double cells, int boxes, double most) {
    double worst = 0;
    for (int i = 0; i < boxes; i++) {
        turned_box b = any_box(i > boxes / 4);
        worst = fmax(worst, worst_share(&b, kernel, cells));
    }
    print_message("kernel %d of %g cells: %.2g of itself\n", (int)kernel, cells, worst);
    assert_true(worst < most);
}

static void test_cover_says_what_is_imaged_of_a_kernel(void **unused) {
    (void)unused;
    expect_shares(ELC_KERNEL_GAUSSIAN, 5, 60, 0.003);
    expect_shares(ELC_KERNEL_GAUSSIAN, 10, 60, 0.001);
    expect_shares(ELC_KERNEL_GAUSSIAN, 20, 60, 0.0005);
    expect_shares(ELC_KERNEL_EPANECHNIKOV, 5, 12, 0.02);
    expect_shares(ELC_KERNEL_EPANECHNIKOV, 10, 8, 0.005);
    expect_shares(ELC_KERNEL_QUARTIC, 5, 12, 0.02);
    expect_shares(ELC_KERNEL_QUARTIC, 10, 8, 0.005);
}

static void test_outline_is_read_as_it_was_written(void **unused) {
    shapes s = {0};
    elc_outline outline = {0};
    elc_string again = {0};
    (void)unused;
    add_star(&s, 3, 4, 5, true);
    assert_int_equal(elc_outline_read(s.wkb[0].data, s.wkb[0].size, &outline, NULL),
                     ELC_OK);
    assert_int_equal(outline.n_rings, 2);
    assert_true(outline.rings[1].hole && !outline.rings[0].hole);
    assert_int_equal(elc_wkb_outline(&outline, &again, NULL), ELC_OK);
    assert_int_equal(again.size, s.wkb[0].size);
    assert_memory_equal(again.data, s.wkb[0].data, again.size);
    elc_string_free(&again);
    elc_outline_free(&outline);
    free_shapes(&s);
}

static void test_outline_has_the_polygons_of_collections_alone(void **unused) {
    static const char wkt[] =
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING Z (0 0 1, 1 1 2), POLYGON EMPTY, "
        "MULTIPOLYGON Z (((0 0 1, 0 9 1, 9 9 1, 0 0 1), (1 2 3, 1 3 3, 2 3 3, 1 2 "
        "3))), "
        "POLYGON ((5 5, 6 6, 5 5), (1 2, 1 3, 2 3, 1 2)))";
    elc_string wkb = {0};
    elc_outline outline = {0};
    (void)unused;
    assert_int_equal(elc_wkb_from_wkt(wkt, strlen(wkt), &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_outline_read(wkb.data, wkb.size, &outline, NULL), ELC_OK);
    assert_int_equal(outline.n_rings, 2);
    assert_int_equal(outline.rings[0].n, 3);
    assert_true(outline.points[0].x > 8 || outline.points[1].x > 8);
    assert_int_equal(elc_outline_read(wkb.data, wkb.size - 1, &outline, NULL),
                     ELC_E_FORMAT);
    elc_outline_free(&outline);
    elc_string_free(&wkb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cover_of_a_polygon_is_its_area_in_each_cell),
        cmocka_unit_test(test_cover_leaves_holes_out),
        cmocka_unit_test(test_cover_counts_what_overlaps_once),
        cmocka_unit_test(test_cover_of_slivers_is_as_thin_as_they_are),
        cmocka_unit_test(test_cover_of_huge_polygons_is_what_lies_on_the_grid),
        cmocka_unit_test(test_cover_of_whole_cells_is_one_or_nothing_to_the_bit),
        cmocka_unit_test(test_cover_leaves_no_dust),
        cmocka_unit_test(test_cover_of_nothing_is_nothing),
        cmocka_unit_test(test_cover_refuses_what_is_no_place),
        cmocka_unit_test(test_cover_says_what_is_imaged_of_a_kernel),
        cmocka_unit_test(test_outline_is_read_as_it_was_written),
        cmocka_unit_test(test_outline_has_the_polygons_of_collections_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
