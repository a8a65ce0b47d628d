/* near_reach.c - which pieces are within a distance of a cell of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_reach.h"

#include <math.h>
#include <stdlib.h>

/* Cells along a side, in how many of them a piece may stand on average, and how many
   pieces may stand together with one. */
enum { SIDE_LEAST = 16, SIDE_MOST = 2048, CELLS_A_PIECE = 16, CROWD = 256 };

/* The shortest degree of latitude on WGS 84 is 110,574 m. Nothing within a distance is
   nearer to a pole than by it, and circles of latitude there are at least as long as
   those of a sphere of that degree. */
#define METRES_A_DEGREE 110500.0

typedef struct span {
    uint32_t column, row, to_column, to_row;
} span;

/* What is within the distance of a piece; false where longitudes do not hold it. */
static bool bound_piece(const elc_nearby *near, size_t i, double distance,
                        double box[4]) {
    elc_point a = near->pieces[i].a, b = near->pieces[i].b;
    double high = distance + (near->largest + distance) * 0x1p-46, wide = high;
    if (near->metres) {
        high = distance / METRES_A_DEGREE + 1e-9;
        double most = fmax(fabs(a.y), fabs(b.y)) + high;
        if (!(most < 89))
            return false;
        wide = high / cos(most * M_PI / 180);
    }
    box[0] = fmin(a.x, b.x) - wide;
    box[1] = fmin(a.y, b.y) - high;
    box[2] = fmax(a.x, b.x) + wide;
    box[3] = fmax(a.y, b.y) + high;
    return isfinite(box[0] + box[1] + box[2] + box[3]) &&
           (!near->metres || (box[0] >= -180 && box[2] <= 180));
}

/* Sets the boxes of all pieces, and r->box; false where one has none. */
static bool bound_all(near_reach *r, const elc_nearby *near, double distance,
                      double (*boxes)[4]) {
    for (size_t i = 0; i < near->n_pieces; i++) {
        if (!bound_piece(near, i, distance, boxes[i]))
            return false;
        for (int k = 0; k < 4; k++)
            r->box[k] = i == 0  ? boxes[i][k]
                        : k < 2 ? fmin(r->box[k], boxes[i][k])
                                : fmax(r->box[k], boxes[i][k]);
    }
    r->to_column = 1 / (r->box[2] - r->box[0]);
    r->to_row = 1 / (r->box[3] - r->box[1]);
    return isfinite(r->to_column * SIDE_MOST) && isfinite(r->to_row * SIDE_MOST);
}

static uint32_t slot(double v, double from, double scale, uint32_t n) {
    double at = (v - from) * scale * n;
    return !(at > 0) ? 0 : at >= n ? n - 1 : (uint32_t)at;
}

static span span_of(const near_reach *r, const double box[4]) {
    return (span){slot(box[0], r->box[0], r->to_column, r->side),
                  slot(box[1], r->box[1], r->to_row, r->side),
                  slot(box[2], r->box[0], r->to_column, r->side),
                  slot(box[3], r->box[1], r->to_row, r->side)};
}

/* The most cells along a side with which pieces stand in few of them. */
static bool choose_side(near_reach *r, double (*boxes)[4], size_t n, size_t *total) {
    r->side = SIDE_LEAST;
    while (r->side < SIDE_MOST && (size_t)r->side * r->side < 4 * n)
        r->side *= 2;
    for (; r->side >= SIDE_LEAST; r->side /= 2) {
        *total = 0;
        for (size_t i = 0; i < n; i++) {
            span s = span_of(r, boxes[i]);
            *total += (size_t)(s.to_column - s.column + 1) * (s.to_row - s.row + 1);
        }
        if (*total <= CELLS_A_PIECE * n)
            return true;
    }
    return false;
}

/* Counts pieces in the cells, each cell's in the place after its own; false where many
   stand together. */
static bool count_pieces(near_reach *r, double (*boxes)[4], size_t n) {
    size_t cells = (size_t)r->side * r->side;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        span s = span_of(r, boxes[i]);
        for (uint32_t row = s.row; row <= s.to_row; row++)
            for (uint32_t column = s.column; column <= s.to_column; column++)
                r->starts[(size_t)row * r->side + column + 1]++;
    }
    for (size_t i = 1; i <= cells; i++) {
        sum += r->starts[i];
        squares += (double)r->starts[i] * r->starts[i];
    }
    return squares <= CROWD * sum;
}

/* A cell's start is moved on to its end, which is the next one's, so that all are one
   place too far afterwards. */
static void put_pieces(near_reach *r, double (*boxes)[4], size_t n) {
    size_t cells = (size_t)r->side * r->side;
    for (size_t i = 0; i < cells; i++)
        r->starts[i + 1] += r->starts[i];
    for (size_t i = 0; i < n; i++) {
        span s = span_of(r, boxes[i]);
        for (uint32_t row = s.row; row <= s.to_row; row++)
            for (uint32_t column = s.column; column <= s.to_column; column++)
                r->pieces[r->starts[(size_t)row * r->side + column]++] = (uint32_t)i;
    }
    for (size_t i = cells; i > 0; i--)
        r->starts[i] = r->starts[i - 1];
    r->starts[0] = 0;
}

static elc_status fill_grid(near_reach *r, double (*boxes)[4], size_t n,
                            elc_error *err) {
    size_t total;
    if (!choose_side(r, boxes, n, &total) || total > UINT32_MAX)
        return ELC_OK;
    ELC_TRY(
        elc_alloc((size_t)r->side * r->side + 1, sizeof *r->starts, &r->starts, err));
    if (!count_pieces(r, boxes, n))
        return ELC_OK;
    ELC_TRY(elc_alloc(total, sizeof *r->pieces, &r->pieces, err));
    put_pieces(r, boxes, n);
    r->made = true;
    return ELC_OK;
}

elc_status elc_nearby_reach_build(near_reach *r, const elc_nearby *near,
                                  double distance, elc_error *err) {
    double(*boxes)[4];
    elc_status status = ELC_OK;
    r->tried = true;
    if (near->n_pieces == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(near->n_pieces, sizeof *boxes, &boxes, err));
    if (bound_all(r, near, distance, boxes))
        status = fill_grid(r, boxes, near->n_pieces, err);
    free(boxes);
    return status;
}

/* ---- asking -----------------------------------------------------------------------
 */

static bool is_beyond(const near_reach *r, elc_point p) {
    return !(p.x >= r->box[0] && p.x <= r->box[2] && p.y >= r->box[1] &&
             p.y <= r->box[3]);
}

static size_t cell_of(const near_reach *r, elc_point p) {
    return (size_t)slot(p.y, r->box[1], r->to_row, r->side) * r->side +
           slot(p.x, r->box[0], r->to_column, r->side);
}

bool elc_nearby_reach_ask(const near_reach *r, elc_point p, const uint32_t **pieces,
                          size_t *n) {
    *n = 0;
    if (!r->made)
        return false;
    if (is_beyond(r, p))
        return true;
    size_t cell = cell_of(r, p);
    *pieces = r->pieces + r->starts[cell];
    *n = r->starts[cell + 1] - r->starts[cell];
    return true;
}

void elc_nearby_reach_expect(const near_reach *r, const elc_nearby *near,
                             const elc_point *points, size_t n) {
    size_t cells[ELC_NEARBY_EXPECTED], count = 0;
    if (!r->made)
        return;
    for (size_t i = 0; i < n && i < ELC_NEARBY_EXPECTED; i++) {
        if (is_beyond(r, points[i]))
            continue;
        cells[count] = cell_of(r, points[i]);
        __builtin_prefetch(&r->starts[cells[count++]]);
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&r->pieces[r->starts[cells[i]]]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = r->starts[cells[i]]; k < r->starts[cells[i] + 1]; k++)
            __builtin_prefetch(near->metres ? (void *)&near->chords[r->pieces[k]]
                                            : (void *)&near->pieces[r->pieces[k]]);
}

void elc_nearby_reach_free(near_reach *r) {
    free(r->starts);
    free(r->pieces);
    *r = (near_reach){0};
}
