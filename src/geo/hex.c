/* hex.c - hexagons of one size over the whole world. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/isea.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_M 0.1

/* A cell by its place on one of the faces that have it: whole weights that sum to the
   grid's steps. */
typedef struct {
    int face;
    int64_t w[3];
} node;

/* Faces round a node: five at a vertex, two at an edge. */
enum { MOST_FACES = 5, SIDES = 6 };

/* The nodes next to one, in turn round it. */
static const signed char AROUND[SIDES][3] = {{1, -1, 0}, {0, -1, 1}, {-1, 0, 1},
                                             {-1, 1, 0}, {0, 1, -1}, {1, 0, -1}};

/* ---- numbers ----------------------------------------------------------------------
 */

/* Cells are numbered by vertices, then the nodes inside edges, then those in faces. */
static int64_t in_edge(int64_t steps) {
    return steps - 1;
}

static int64_t in_face(int64_t steps) {
    return (steps - 1) * (steps - 2) / 2;
}

static int64_t first_in_edge(int64_t steps, int edge) {
    return ELC_ISEA_VERTICES + edge * in_edge(steps);
}

static int64_t first_in_face(int64_t steps, int face) {
    return first_in_edge(steps, ELC_ISEA_EDGES) + face * in_face(steps);
}

/* Nodes of a face before those whose first weight is a, counted from 1: rows of
   steps - 1 - a. */
static int64_t before_row(int64_t steps, int64_t a) {
    return (a - 1) * (steps - 1) - (a - 1) * a / 2;
}

static int64_t row_of(int64_t steps, int64_t index) {
    double m = (double)steps - 1.5;
    int64_t a = 1 + (int64_t)(m - sqrt(fmax(0, m * m - 2 * (double)index)));
    a = a < 1 ? 1 : a > steps - 2 ? steps - 2 : a;
    while (a > 1 && before_row(steps, a) > index) /* what the root has rounded */
        a--;
    while (a < steps - 2 && before_row(steps, a + 1) <= index)
        a++;
    return a;
}

static int edge_between(int from, int to) {
    int e = 0;
    while (elc_isea_ends[e][0] != from || elc_isea_ends[e][1] != to)
        e++;
    return e;
}

/* Corners of a face are in rising order, so the later one is the edge's end. */
static int64_t number_of(int64_t steps, node n) {
    const signed char *corners = elc_isea_corners[n.face];
    for (int k = 0; k < 3; k++)
        if (n.w[k] == steps)
            return corners[k];
    for (int k = 0; k < 3; k++) {
        int low = k == 0 ? 1 : 0, high = k == 2 ? 1 : 2;
        if (n.w[k] == 0)
            return first_in_edge(steps, edge_between(corners[low], corners[high])) +
                   n.w[high] - 1;
    }
    return first_in_face(steps, n.face) + before_row(steps, n.w[0]) + n.w[1] - 1;
}

/* ---- the places of a number -------------------------------------------------------
 */

static int corner_of(int face, int vertex) {
    for (int k = 0; k < 3; k++)
        if (elc_isea_corners[face][k] == vertex)
            return k;
    return -1;
}

static size_t nodes_of_vertex(int64_t steps, int vertex, node out[MOST_FACES]) {
    size_t n = 0;
    for (int f = 0; f < ELC_ISEA_FACES; f++) {
        int k = corner_of(f, vertex);
        if (k >= 0) {
            out[n] = (node){.face = f};
            out[n++].w[k] = steps;
        }
    }
    return n;
}

static size_t nodes_of_edge(int64_t steps, int edge, int64_t from_start,
                            node out[MOST_FACES]) {
    size_t n = 0;
    for (int f = 0; f < ELC_ISEA_FACES; f++) {
        int a = corner_of(f, elc_isea_ends[edge][0]);
        int b = corner_of(f, elc_isea_ends[edge][1]);
        if (a >= 0 && b >= 0) {
            out[n] = (node){.face = f};
            out[n].w[a] = steps - from_start;
            out[n++].w[b] = from_start;
        }
    }
    return n;
}

/* All nodes that are this cell: one on each face that has it. */
static size_t nodes_of(int64_t steps, int64_t cell, node out[MOST_FACES]) {
    if (cell < ELC_ISEA_VERTICES)
        return nodes_of_vertex(steps, (int)cell, out);
    if (cell < first_in_face(steps, 0)) {
        int64_t i = cell - ELC_ISEA_VERTICES;
        return nodes_of_edge(steps, (int)(i / in_edge(steps)), i % in_edge(steps) + 1,
                             out);
    }
    int64_t i = cell - first_in_face(steps, 0), left = i % in_face(steps);
    int64_t a = row_of(steps, left), b = left - before_row(steps, a) + 1;
    out[0] = (node){(int)(i / in_face(steps)), {a, b, steps - a - b}};
    return 1;
}

/* ---- grids ------------------------------------------------------------------------
 */

elc_status elc_hex_grid_create(double size_m, elc_hex_grid *out, elc_error *err) {
    if (!(size_m >= LEAST_M && size_m <= ELC_ISEA_EDGE_M))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "hexagons of %g m: give 0.1 m to 7,674 km between the centres",
                        size_m);
    out->steps = (int64_t)floor(ELC_ISEA_EDGE_M / size_m + 0.5);
    return ELC_OK;
}

int64_t elc_hex_count(elc_hex_grid grid) {
    return 10 * grid.steps * grid.steps + 2;
}

double elc_hex_area_m2(elc_hex_grid grid) {
    return ELC_ISEA_AREA_M2 / (10 * (double)grid.steps * (double)grid.steps);
}

static elc_status check(elc_hex_grid grid, int64_t cell, elc_error *err) {
    if (cell >= 0 && cell < elc_hex_count(grid))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "there is no hexagon %lld: this grid has 0 to %lld",
                    (long long)cell, (long long)(elc_hex_count(grid) - 1));
}

/* ---- the cell of a point ----------------------------------------------------------
 */

/* Rounds weights so that they still sum to the steps: the one that moved most gives
   way. That is the nearest node. */
static node nearest(int64_t steps, elc_isea place) {
    node n = {.face = place.face};
    double most = -1;
    int worst = 0;
    int64_t rest = steps;
    for (int k = 0; k < 3; k++) {
        double exact = place.weights[k] * (double)steps, whole = floor(exact + 0.5);
        whole = whole < 0 ? 0 : whole;
        n.w[k] = (int64_t)whole;
        rest -= n.w[k];
        if (fabs(whole - exact) > most)
            most = fabs(whole - exact), worst = k;
    }
    n.w[worst] += rest;
    for (int k = 0; k < 3; k++) /* rounding beyond the rim of the face */
        if (n.w[k] < 0) {
            n.w[n.w[(k + 1) % 3] > n.w[(k + 2) % 3] ? (k + 1) % 3 : (k + 2) % 3] +=
                n.w[k];
            n.w[k] = 0;
        }
    return n;
}

static int64_t cell_at(elc_hex_grid grid, elc_point lonlat) {
    if (!isfinite(lonlat.x) || !(fabs(lonlat.y) <= 90))
        return -1;
    return number_of(grid.steps, nearest(grid.steps, elc_isea_from_lonlat(lonlat)));
}

void elc_hex_at(elc_hex_grid grid, const elc_point *lonlat, size_t n, int64_t *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = cell_at(grid, lonlat[i]);
}

elc_status elc_hex_parent(elc_hex_grid grid, int64_t cell, elc_hex_grid coarser,
                          int64_t *out, elc_error *err) {
    elc_point centre;
    ELC_TRY(elc_hex_centre(grid, cell, &centre, err));
    *out = cell_at(coarser, centre);
    return ELC_OK;
}

/* ---- shapes -----------------------------------------------------------------------
 */

/* The place of a node, moved by so many thirds of steps. */
static elc_point place_of(int64_t steps, node n, const int thirds[3]) {
    elc_isea place = {.face = n.face};
    for (int k = 0; k < 3; k++)
        place.weights[k] = (double)(3 * n.w[k] + thirds[k]) / (3 * (double)steps);
    return elc_isea_to_lonlat(place);
}

elc_status elc_hex_centre(elc_hex_grid grid, int64_t cell, elc_point *out,
                          elc_error *err) {
    static const int none[3] = {0};
    node nodes[MOST_FACES];
    ELC_TRY(check(grid, cell, err));
    nodes_of(grid.steps, cell, nodes);
    *out = place_of(grid.steps, nodes[0], none);
    return ELC_OK;
}

static bool next_to(node n, const signed char step[3], node *out) {
    *out = n;
    for (int k = 0; k < 3; k++) {
        out->w[k] += step[k];
        if (out->w[k] < 0)
            return false;
    }
    return true;
}

/* What stands round a centre, by the direction in which it is seen from there. */
typedef struct {
    double direction_deg;
    elc_point place;
    int64_t cell;
} seen;

static int by_direction(const void *a, const void *b) {
    double p = ((const seen *)a)->direction_deg, q = ((const seen *)b)->direction_deg;
    return (p < q) - (p > q); /* azimuths go clockwise */
}

static void put_in_turn(elc_point centre, seen *all, size_t n) {
    for (size_t i = 0; i < n; i++)
        all[i].direction_deg = elc_azimuth_deg(centre, all[i].place);
    qsort(all, n, sizeof *all, by_direction);
}

/* A corner is the middle of a triangle of nodes, which is on one face alone. */
static size_t corners_on(int64_t steps, node n, seen *out) {
    size_t count = 0;
    for (int s = 0; s < SIDES; s++) {
        const signed char *one = AROUND[s], *two = AROUND[(s + 1) % SIDES];
        node other;
        if (!next_to(n, one, &other) || !next_to(n, two, &other))
            continue;
        int thirds[3] = {one[0] + two[0], one[1] + two[1], one[2] + two[2]};
        out[count++].place = place_of(steps, n, thirds);
    }
    return count;
}

elc_status elc_hex_corners(elc_hex_grid grid, int64_t cell, elc_point out[6], size_t *n,
                           elc_error *err) {
    node nodes[MOST_FACES];
    seen all[SIDES + 1];
    elc_point centre;
    ELC_TRY(elc_hex_centre(grid, cell, &centre, err));
    size_t faces = nodes_of(grid.steps, cell, nodes), count = 0;
    for (size_t f = 0; f < faces; f++)
        count += corners_on(grid.steps, nodes[f], all + count);
    put_in_turn(centre, all, count);
    for (size_t i = 0; i < count; i++) {
        out[i] = all[i].place;
        out[i].x -= 360 * floor((out[i].x - centre.x + 180) / 360);
    }
    *n = count;
    return ELC_OK;
}

static bool is_among(const seen *all, size_t n, int64_t cell) {
    for (size_t i = 0; i < n; i++)
        if (all[i].cell == cell)
            return true;
    return false;
}

elc_status elc_hex_neighbours(elc_hex_grid grid, int64_t cell, int64_t out[6],
                              size_t *n, elc_error *err) {
    static const int none[3] = {0};
    node nodes[MOST_FACES], other;
    seen all[SIDES];
    elc_point centre;
    ELC_TRY(elc_hex_centre(grid, cell, &centre, err));
    size_t faces = nodes_of(grid.steps, cell, nodes), count = 0;
    for (size_t f = 0; f < faces; f++)
        for (int s = 0; s < SIDES; s++) {
            if (!next_to(nodes[f], AROUND[s], &other))
                continue;
            int64_t number = number_of(grid.steps, other);
            if (!is_among(all, count, number))
                all[count++] =
                    (seen){.place = place_of(grid.steps, other, none), .cell = number};
        }
    put_in_turn(centre, all, count);
    for (size_t i = 0; i < count; i++)
        out[i] = all[i].cell;
    *n = count;
    return ELC_OK;
}
