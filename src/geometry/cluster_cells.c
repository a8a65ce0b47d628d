/* cluster_cells.c - points sorted into cells, within each of which all are neighbours.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/metres_pieces.h"
#include "geometry/near_space.h"

#define WGS84_A   6378137.0 /* EPSG:7030, metres */
#define WGS84_F   (1 / 298.257223563)
#define WGS84_B   (WGS84_A * (1 - WGS84_F))
#define E2        (WGS84_F * (2 - WGS84_F))
#define RADIANS   0.017453292519943295 /* a degree */
#define SHARE     0.7071               /* of eps; a root of 2 has 1.4142 */
#define MOST_ROWS 4294967290.0
#define FAR       0x1p+400
#define NEAR      0x1p-400

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, LOOK_POINTS = 1 << 16 };

/* ---- reach ----------------------------------------------------------------------- */

/* The largest square whose root is at most eps. */
static double largest_square(double eps) {
    double square = eps * eps;
    while (sqrt(square) > eps)
        square = nextafter(square, 0);
    while (sqrt(nextafter(square, INFINITY)) <= eps)
        square = nextafter(square, INFINITY);
    return square;
}

/* The straight line whose geodesic is surely no longer (elc_space_geodesic_most). */
static double sure_line(double eps) {
    double radius = WGS84_B * (WGS84_B / WGS84_A);
    return 2 * radius * sin(eps / 2 / radius) - 2 * NEAR_SPACE_ROUNDING;
}

elc_status elc_cluster_reach_create(double eps, bool metres, cluster_reach *out,
                                    elc_error *err) {
    cluster_reach r = {.metres = metres, .eps = eps};
    if (metres && !(eps >= ELC_CLUSTER_LEAST_M && eps <= ELC_CLUSTER_MOST_M))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "eps is %g m; give a distance of 0.02 m to 1,000 km", eps);
    if (!metres && !(eps >= NEAR && eps <= FAR))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "eps is %g; give a distance of %.2g to %.2g", eps, NEAR, FAR);
    if (metres) {
        double sure = sure_line(eps), most = elc_space_line_most(eps);
        r.sure = sure * sure;
        r.most = most * most;
        r.side = sure * SHARE;
        elc_metres_globe(&r.globe);
    } else {
        r.sure = r.most = largest_square(eps);
        r.side = eps * SHARE;
    }
    *out = r;
    return ELC_OK;
}

/* ---- rows of the ellipsoid ------------------------------------------------------- */

/* The degrees of latitude that are at most a cell's side: no meridian bends less than
   at the poles, by a^2 / b. */
static double row_degrees(const cluster_reach *r) {
    return r->side / (WGS84_A * (WGS84_A / WGS84_B)) / RADIANS;
}

/* How far a parallel is from the axis. */
static double radius_at(double lat) {
    double s = sin(lat * RADIANS), c = cos(fmin(fabs(lat), 90) * RADIANS);
    return WGS84_A / sqrt(1 - E2 * s * s) * fmax(c, 0);
}

static void radii(const cluster_reach *r, uint32_t row, double *least, double *most) {
    double low = row * row_degrees(r) - 90, high = (row + 1.0) * row_degrees(r) - 90;
    double a = radius_at(low), b = radius_at(high);
    *least = high >= 90 ? 0 : fmin(a, b);
    *most = low <= 0 && high >= 0 ? WGS84_A : fmax(a, b);
}

/* The straight line between two places of one row is no longer than the root of the
   squares of that along the meridian and that along the widest parallel. */
uint64_t elc_cluster_turn(const cluster_reach *r, uint32_t row) {
    double least, most;
    radii(r, row, &least, &most);
    return 2 * most <= r->side ? 1 : (uint64_t)ceil(2 * M_PI * most / r->side);
}

/* The square of a straight line is at least 4 r r' sin^2 of half the difference of
   longitudes. */
double elc_cluster_share(const cluster_reach *r, uint32_t row, uint32_t other) {
    double least, also, most;
    radii(r, row, &least, &most);
    radii(r, other, &also, &most);
    double half = sqrt(r->most) / 2 / fmin(least, also);
    return half < 1 ? asin(half) / M_PI * (1 + 1e-9) + 1e-13 : 1;
}

/* ---- keys ------------------------------------------------------------------------ */

typedef struct cluster_grid {
    elc_point low;
    int column_bits, bits; /* of keys */
} cluster_grid;

static int bits_of(uint64_t most) {
    return most == 0 ? 0 : 64 - __builtin_clzll(most);
}

static uint64_t column_of(double lon, uint64_t turn) {
    double share = lon / 360 + 0.5;
    uint64_t column = (uint64_t)((share - floor(share)) * (double)turn);
    return column < turn ? column : turn - 1;
}

static uint64_t key_of(const cluster_reach *r, const cluster_grid *g, elc_point p) {
    if (!r->metres)
        return (uint64_t)((p.y - g->low.y) / r->side) << g->column_bits |
               (uint64_t)((p.x - g->low.x) / r->side);
    uint32_t row = (uint32_t)((p.y + 90) / row_degrees(r));
    return (uint64_t)row << g->column_bits | column_of(p.x, elc_cluster_turn(r, row));
}

static elc_status plane_grid(const cluster_reach *r, const elc_point *points, size_t n,
                             cluster_grid *out, elc_error *err) {
    elc_point low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        low = (elc_point){fmin(low.x, points[i].x), fmin(low.y, points[i].y)};
        high = (elc_point){fmax(high.x, points[i].x), fmax(high.y, points[i].y)};
    }
    double columns = (high.x - low.x) / r->side, rows = (high.y - low.y) / r->side;
    if (columns > MOST_ROWS || rows > MOST_ROWS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "eps is %g, less than a 3,000,000,000th of the extent of the "
                        "points, %g; give a larger one",
                        r->eps, fmax(high.x - low.x, high.y - low.y));
    out->low = low;
    out->column_bits = bits_of((uint64_t)columns);
    out->bits = out->column_bits + bits_of((uint64_t)rows);
    return ELC_OK;
}

static void globe_grid(const cluster_reach *r, cluster_grid *out) {
    uint64_t rows = (uint64_t)(180 / row_degrees(r));
    double degrees = row_degrees(r);
    out->column_bits = bits_of(elc_cluster_turn(r, (uint32_t)(90 / degrees)));
    out->bits = out->column_bits + bits_of(rows);
}

/* ---- sorting --------------------------------------------------------------------- */

typedef struct cluster_keys {
    uint64_t *key, *other_key;
    uint32_t *at, *other_at;
} cluster_keys;

static void keys_free(cluster_keys *k) {
    free(k->key);
    free(k->other_key);
    free(k->at);
    free(k->other_at);
}

static void sort_by_digit(cluster_keys *k, size_t n, int shift) {
    size_t starts[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        starts[k->key[i] >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t many = starts[d];
        starts[d] = sum;
        sum += many;
    }
    for (size_t i = 0; i < n; i++) {
        size_t to = starts[k->key[i] >> shift & (DIGITS - 1)]++;
        k->other_key[to] = k->key[i];
        k->other_at[to] = k->at[i];
    }
    cluster_keys swapped = {k->other_key, k->key, k->other_at, k->at};
    *k = swapped;
}

static elc_status sort_keys(const cluster_cells *c, const cluster_grid *g,
                            const elc_context *context, cluster_keys *k,
                            elc_error *err) {
    ELC_TRY(elc_alloc(c->n, sizeof *k->key, &k->key, err));
    ELC_TRY(elc_alloc(c->n, sizeof *k->key, &k->other_key, err));
    ELC_TRY(elc_alloc(c->n, sizeof *k->at, &k->at, err));
    ELC_TRY(elc_alloc(c->n, sizeof *k->at, &k->other_at, err));
    for (size_t i = 0; i < c->n; i++) {
        if (i % LOOK_POINTS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        k->key[i] = key_of(c->reach, g, c->points[i]);
        k->at[i] = (uint32_t)i;
    }
    for (int shift = 0; shift < g->bits; shift += DIGIT_BITS) {
        ELC_TRY(elc_check_cancel(context, err));
        sort_by_digit(k, c->n, shift);
    }
    free(k->other_key);
    free(k->other_at);
    k->other_key = NULL;
    k->other_at = NULL;
    return ELC_OK;
}

/* ---- cells ----------------------------------------------------------------------- */

static elc_status count_cells(cluster_cells *c, const uint64_t *key, int column_bits,
                              elc_error *err) {
    for (size_t i = 0; i < c->n; i++) {
        c->n_cells += i == 0 || key[i] != key[i - 1];
        c->n_rows += i == 0 || key[i] >> column_bits != key[i - 1] >> column_bits;
    }
    ELC_TRY(elc_alloc(c->n_cells + 1, sizeof *c->first, &c->first, err));
    ELC_TRY(elc_alloc(c->n_cells, sizeof *c->column, &c->column, err));
    ELC_TRY(elc_alloc(c->n_cells, sizeof *c->parent, &c->parent, err));
    ELC_TRY(elc_alloc(c->n_rows, sizeof *c->row, &c->row, err));
    return elc_alloc(c->n_rows + 1, sizeof *c->row_first, &c->row_first, err);
}

static void fill_cells(cluster_cells *c, const uint64_t *key, int column_bits) {
    size_t cell = 0, row = 0;
    uint64_t mask = (UINT64_C(1) << column_bits) - 1;
    for (size_t i = 0; i < c->n; i++) {
        if (i > 0 && key[i] == key[i - 1])
            continue;
        if (i == 0 || key[i] >> column_bits != key[i - 1] >> column_bits) {
            c->row[row] = (uint32_t)(key[i] >> column_bits);
            c->row_first[row++] = (uint32_t)cell;
        }
        c->first[cell] = (uint32_t)i;
        c->column[cell++] = (uint32_t)(key[i] & mask);
    }
    c->first[cell] = (uint32_t)c->n;
    c->row_first[row] = (uint32_t)cell;
}

/* Through room for all of them: a step from one to the next would wait for each. */
static elc_status sort_points(cluster_cells *c, elc_error *err) {
    elc_point *room;
    ELC_TRY(elc_alloc(c->n, sizeof *room, &room, err));
    for (size_t i = 0; i < c->n; i++)
        room[i] = c->points[c->order[i]];
    memcpy(c->points, room, c->n * sizeof *room);
    free(room);
    return ELC_OK;
}

static elc_status fill_space(cluster_cells *c, const elc_context *context,
                             elc_error *err) {
    if (!c->reach->metres)
        return ELC_OK;
    ELC_TRY(elc_alloc(c->n, sizeof *c->space, &c->space, err));
    for (size_t i = 0; i < c->n; i++) {
        if (i % LOOK_POINTS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        elc_space_point(c->points[i], c->space[i]);
    }
    return ELC_OK;
}

static elc_status make(cluster_cells *c, const elc_context *context, cluster_keys *keys,
                       elc_error *err) {
    cluster_grid grid = {0};
    if (c->reach->metres)
        globe_grid(c->reach, &grid);
    else
        ELC_TRY(plane_grid(c->reach, c->points, c->n, &grid, err));
    ELC_TRY(sort_keys(c, &grid, context, keys, err));
    ELC_TRY(count_cells(c, keys->key, grid.column_bits, err));
    fill_cells(c, keys->key, grid.column_bits);
    c->order = keys->at;
    keys->at = NULL;
    free(keys->key);
    keys->key = NULL;
    ELC_TRY(sort_points(c, err));
    ELC_TRY(elc_alloc(c->n, sizeof *c->core, &c->core, err));
    return fill_space(c, context, err);
}

elc_status elc_cluster_cells_create(const cluster_reach *reach, elc_point *points,
                                    size_t n, const elc_context *context,
                                    cluster_cells *out, elc_error *err) {
    cluster_keys keys = {0};
    *out = (cluster_cells){.reach = reach, .points = points, .n = n};
    elc_status status = n > 0 ? make(out, context, &keys, err) : ELC_OK;
    keys_free(&keys);
    if (status != ELC_OK)
        elc_cluster_cells_free(out);
    return status;
}

void elc_cluster_cells_free(cluster_cells *c) {
    free(c->space);
    free(c->order);
    free(c->first);
    free(c->column);
    free((void *)c->parent);
    free(c->row);
    free(c->row_first);
    free(c->core);
    *c = (cluster_cells){0};
}

elc_status elc_cluster_cells_restore(cluster_cells *c, elc_error *err) {
    elc_point *room = NULL;
    uint32_t *order = c->order;
    cluster_cells kept = *c;
    c->order = NULL;
    elc_cluster_cells_free(c);
    elc_status status = elc_alloc(kept.n, sizeof *room, &room, err);
    for (size_t i = 0; i < kept.n && status == ELC_OK; i++)
        room[order[i]] = kept.points[i];
    if (status == ELC_OK)
        memcpy(kept.points, room, kept.n * sizeof *room);
    free(room);
    free(order);
    return status;
}
