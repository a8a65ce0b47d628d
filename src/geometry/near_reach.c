/* near_reach.c - which pieces are within a distance of a cell of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cells along a side, in how many of them a piece may stand on average, and how many
   pieces may stand together with one. */
enum { SIDE_LEAST = 16, SIDE_MOST = 2048, CELLS_A_PIECE = 16, CROWD = 256 };

/* Numbers of pieces in a line of the cache. */
enum { A_LINE = 16 };

/* The shortest degree of latitude on WGS 84 is 110,574 m. Nothing within a distance is
   nearer to a pole than by it, and circles of latitude there are at least as long as
   those of a sphere of that degree. */
#define METRES_A_DEGREE 110500.0

typedef struct span {
    uint32_t column, row, to_column, to_row;
} span;

typedef struct wish {
    size_t n;
    bool metres;
    double largest, distance;
} wish;

/* What is within the distance of a piece; false where longitudes do not hold it. */
static bool bound_piece(const near_piece *piece, const wish *w, double box[4]) {
    elc_point a = piece->a, b = piece->b;
    double high = w->distance + (w->largest + w->distance) * 0x1p-46, wide = high;
    if (w->metres) {
        high = w->distance / METRES_A_DEGREE + 1e-9;
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
           (!w->metres || (box[0] >= -180 && box[2] <= 180));
}

/* Sets the boxes of all pieces, and r->box; false where one has none. */
static bool bound_all(near_reach *r, const wish *w, double (*boxes)[4]) {
    double low_x = INFINITY, low_y = INFINITY, high_x = -INFINITY, high_y = -INFINITY;
    for (size_t i = 0; i < w->n; i++) {
        const double *box = boxes[i];
        if (!bound_piece(&r->set.pieces[i], w, boxes[i]))
            return false;
        low_x = box[0] < low_x ? box[0] : low_x;
        low_y = box[1] < low_y ? box[1] : low_y;
        high_x = box[2] > high_x ? box[2] : high_x;
        high_y = box[3] > high_y ? box[3] : high_y;
    }
    memcpy(r->box, (double[]){low_x, low_y, high_x, high_y}, sizeof r->box);
    return isfinite(SIDE_MOST / (high_x - low_x)) &&
           isfinite(SIDE_MOST / (high_y - low_y));
}

static void set_side(near_reach *r, uint32_t side) {
    r->side = side;
    r->to_column = side / (r->box[2] - r->box[0]);
    r->to_row = side / (r->box[3] - r->box[1]);
}

static span span_of(const near_reach *r, const double box[4]) {
    return (span){elc_nearby_slot(box[0], r->box[0], r->to_column, r->side),
                  elc_nearby_slot(box[1], r->box[1], r->to_row, r->side),
                  elc_nearby_slot(box[2], r->box[0], r->to_column, r->side),
                  elc_nearby_slot(box[3], r->box[1], r->to_row, r->side)};
}

/* The most cells along a side with which pieces stand in few of them. */
static bool choose_side(near_reach *r, double (*boxes)[4], size_t n, size_t *total) {
    uint32_t side = SIDE_LEAST;
    while (side < SIDE_MOST && (size_t)side * side < 4 * n)
        side *= 2;
    for (; side >= SIDE_LEAST; side /= 2) {
        set_side(r, side);
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

static void mark_cells(near_reach *r) {
    size_t cells = (size_t)r->side * r->side;
    for (size_t i = 0; i < cells; i++)
        r->any[i / 64] |= (uint64_t)(r->starts[i + 1] > r->starts[i]) << i % 64;
}

static elc_status fill_grid(near_reach *r, double (*boxes)[4], size_t n,
                            elc_error *err) {
    size_t total;
    if (!choose_side(r, boxes, n, &total) || total > UINT32_MAX)
        return ELC_OK;
    size_t cells = (size_t)r->side * r->side;
    ELC_TRY(elc_alloc(cells + 1, sizeof *r->starts, &r->starts, err));
    if (!count_pieces(r, boxes, n))
        return ELC_OK;
    ELC_TRY(elc_alloc(total, sizeof *r->pieces, &r->pieces, err));
    ELC_TRY(elc_alloc(cells / 64, sizeof *r->any, &r->any, err));
    put_pieces(r, boxes, n);
    mark_cells(r);
    r->total = total;
    r->made = true;
    return ELC_OK;
}

static elc_status build(near_reach *r, const wish *w, elc_error *err) {
    double(*boxes)[4];
    elc_status status = ELC_OK;
    if (w->n == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(w->n, sizeof *boxes, &boxes, err));
    if (bound_all(r, w, boxes))
        status = fill_grid(r, boxes, w->n, err);
    free(boxes);
    return status;
}

static void drop(near_reach *r) {
    free(r->starts);
    free(r->pieces);
    free(r->any);
    r->starts = r->pieces = NULL;
    r->any = NULL;
}

elc_status elc_nearby_reach_create(const near_set *set, size_t n, bool metres,
                                   double largest, double distance, near_reach **out,
                                   elc_error *err) {
    near_reach *r;
    wish w = {n, metres, largest, distance};
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->distance = distance;
    r->set = *set;
    elc_status status = build(r, &w, err);
    if (!r->made)
        drop(r);
    if (status == ELC_OK)
        *out = r;
    else
        elc_nearby_reach_free(r);
    return status;
}

void elc_nearby_reach_free(near_reach *r) {
    drop(r);
    free(r);
}

size_t elc_nearby_reach_bytes(const near_reach *r) {
    size_t cells = r->made ? (size_t)r->side * r->side : 0;
    return sizeof *r + cells * sizeof *r->starts + cells / 8 +
           r->total * sizeof *r->pieces;
}

/* ---- asking -----------------------------------------------------------------------
 */

/* An item may lie over two lines of the cache. */
static void fetch(const void *item, size_t size) {
    __builtin_prefetch(item);
    __builtin_prefetch((const char *)item + size - 1);
}

static void fetch_pieces(const near_reach *r, size_t cell) {
    for (size_t k = r->starts[cell]; k < r->starts[cell + 1]; k++)
        if (r->set.chords != NULL)
            fetch(&r->set.chords[r->pieces[k]], sizeof *r->set.chords);
        else
            fetch(&r->set.pieces[r->pieces[k]], sizeof *r->set.pieces);
}

void elc_nearby_reach_expect(const near_reach *r, const elc_point *points, size_t n) {
    size_t cells[ELC_NEARBY_EXPECTED], count = 0;
    if (!r->made)
        return;
    for (size_t i = 0; i < n && i < ELC_NEARBY_EXPECTED; i++) {
        cells[count] = elc_nearby_reach_cell(r, points[i]);
        count += cells[count] != SIZE_MAX;
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&r->starts[cells[i]]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = r->starts[cells[i]]; k < r->starts[cells[i] + 1]; k += A_LINE)
            __builtin_prefetch(&r->pieces[k]);
    for (size_t i = 0; i < count; i++)
        fetch_pieces(r, cells[i]);
}
