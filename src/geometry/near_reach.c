/* near_reach.c - which leaves of a tree are within a distance of a cell of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_reach.h"

#include <math.h>
#include <stdlib.h>

/* Cells for each leaf, their number along a side at most, and leaves in a cell on
   average that are too many. */
enum { CELLS_A_LEAF = 64, SIDE_MOST = 1024, LEAVES_A_CELL = 8 };

/* The shortest degree of latitude on WGS 84 is 110,574 m, and a of it a degree of
   longitude by the cosine at least: of the sphere that the circles of latitude leave.
 */
#define METRES_A_DEGREE 110500.0

typedef struct span {
    uint32_t column, row, to_column, to_row;
} span;

static void piece_bounds(const near_piece *piece, double box[4], bool first) {
    elc_point a = piece->a, b = piece->b;
    box[0] = fmin(first ? INFINITY : box[0], fmin(a.x, b.x));
    box[1] = fmin(first ? INFINITY : box[1], fmin(a.y, b.y));
    box[2] = fmax(first ? -INFINITY : box[2], fmax(a.x, b.x));
    box[3] = fmax(first ? -INFINITY : box[3], fmax(a.y, b.y));
}

/* Widens a box by the distance; false where longitudes do not hold what is near. */
static bool widen(const elc_nearby *near, double distance, double box[4]) {
    double wide = distance + (near->largest + distance) * 0x1p-46, high = wide;
    if (near->metres) {
        high = distance / METRES_A_DEGREE + 1e-9;
        double most = fmax(fabs(box[1]), fabs(box[3])) + high;
        if (!(most < 89))
            return false;
        wide = high / cos(most * M_PI / 180);
    }
    box[0] -= wide;
    box[1] -= high;
    box[2] += wide;
    box[3] += high;
    return isfinite(box[0] + box[1] + box[2] + box[3]) &&
           (!near->metres || (box[0] >= -180 && box[2] <= 180));
}

/* The widened boxes of all leaves; *sound is false where one cannot be widened. */
static void bound_leaves(const elc_nearby *near, double distance, double (*boxes)[4],
                         bool *sound) {
    size_t leaves = (size_t)1 << near->piece_tree.depth, low, high;
    *sound = true;
    for (size_t i = 0; i < leaves && *sound; i++) {
        elc_nearby_items(&near->piece_tree, leaves + i, &low, &high);
        for (size_t k = low; k < high; k++)
            piece_bounds(&near->pieces[k], boxes[i], k == low);
        *sound = high > low && widen(near, distance, boxes[i]);
    }
}

static void lay_grid(near_reach *r, double (*boxes)[4], size_t leaves) {
    double all[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < leaves; i++)
        for (int k = 0; k < 4; k++)
            all[k] = k < 2 ? fmin(all[k], boxes[i][k]) : fmax(all[k], boxes[i][k]);
    r->x = all[0];
    r->y = all[1];
    r->x_end = all[2];
    r->y_end = all[3];
    r->side = 1;
    while (r->side < SIDE_MOST && (size_t)r->side * r->side < leaves * CELLS_A_LEAF)
        r->side *= 2;
    r->to_column = r->side / (all[2] - all[0]);
    r->to_row = r->side / (all[3] - all[1]);
}

static uint32_t slot(double v, double from, double scale, uint32_t n) {
    double at = (v - from) * scale;
    return !(at > 0) ? 0 : at >= n ? n - 1 : (uint32_t)at;
}

static span span_of(const near_reach *r, const double box[4]) {
    return (span){slot(box[0], r->x, r->to_column, r->side),
                  slot(box[1], r->y, r->to_row, r->side),
                  slot(box[2], r->x, r->to_column, r->side),
                  slot(box[3], r->y, r->to_row, r->side)};
}

/* Counts leaves in the cells, each cell's in the place after its own. */
static size_t count_leaves(near_reach *r, double (*boxes)[4], size_t leaves,
                           size_t most) {
    size_t total = 0;
    for (size_t i = 0; i < leaves; i++) {
        span s = span_of(r, boxes[i]);
        total += (size_t)(s.to_column - s.column + 1) * (s.to_row - s.row + 1);
        if (total > most)
            return total;
        for (uint32_t row = s.row; row <= s.to_row; row++)
            for (uint32_t column = s.column; column <= s.to_column; column++)
                r->starts[(size_t)row * r->side + column + 1]++;
    }
    return total;
}

/* Puts the leaves into their cells: a cell's start is moved on to its end, which is the
   next one's, so that all are one place too far afterwards. */
static void put_leaves(near_reach *r, double (*boxes)[4], size_t leaves, size_t cells) {
    for (size_t i = 0; i < cells; i++)
        r->starts[i + 1] += r->starts[i];
    for (size_t i = 0; i < leaves; i++) {
        span s = span_of(r, boxes[i]);
        for (uint32_t row = s.row; row <= s.to_row; row++)
            for (uint32_t column = s.column; column <= s.to_column; column++)
                r->leaves[r->starts[(size_t)row * r->side + column]++] = (uint32_t)i;
    }
    for (size_t i = cells; i > 0; i--)
        r->starts[i] = r->starts[i - 1];
    r->starts[0] = 0;
}

static elc_status fill_grid(near_reach *r, double (*boxes)[4], size_t leaves,
                            elc_error *err) {
    lay_grid(r, boxes, leaves);
    size_t cells = (size_t)r->side * r->side, most = cells * LEAVES_A_CELL;
    if (!isfinite(r->to_column) || !isfinite(r->to_row))
        return ELC_OK;
    ELC_TRY(elc_alloc(cells + 1, sizeof *r->starts, &r->starts, err));
    size_t total = count_leaves(r, boxes, leaves, most);
    if (total > most)
        return ELC_OK;
    ELC_TRY(elc_alloc(total, sizeof *r->leaves, &r->leaves, err));
    put_leaves(r, boxes, leaves, cells);
    r->made = true;
    return ELC_OK;
}

elc_status elc_nearby_reach_build(near_reach *r, const elc_nearby *near,
                                  double distance, elc_error *err) {
    size_t leaves = (size_t)1 << near->piece_tree.depth;
    double(*boxes)[4];
    bool sound = near->n_pieces > 0;
    elc_status status = ELC_OK;
    r->tried = true;
    ELC_TRY(elc_alloc(leaves, sizeof *boxes, &boxes, err));
    if (sound)
        bound_leaves(near, distance, boxes, &sound);
    if (sound)
        status = fill_grid(r, boxes, leaves, err);
    free(boxes);
    return status;
}

bool elc_nearby_reach_ask(const near_reach *r, elc_point p, const uint32_t **leaves,
                          size_t *n) {
    *n = 0;
    if (!r->made)
        return false;
    if (p.x < r->x || p.x > r->x_end || p.y < r->y || p.y > r->y_end)
        return true;
    size_t cell = (size_t)slot(p.y, r->y, r->to_row, r->side) * r->side +
                  slot(p.x, r->x, r->to_column, r->side);
    *leaves = r->leaves + r->starts[cell];
    *n = r->starts[cell + 1] - r->starts[cell];
    return true;
}

void elc_nearby_reach_free(near_reach *r) {
    free(r->starts);
    free(r->leaves);
    *r = (near_reach){0};
}
