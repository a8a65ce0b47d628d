/* metres_pieces.c - metres between points and short straight pieces of lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/metres_pieces.h"

#include <math.h>

#define WGS84_A 6378137.0 /* EPSG:7030, metres */
#define WGS84_F (1 / 298.257223563)
#define E2      (WGS84_F * (2 - WGS84_F))
#define RADIANS 0.017453292519943295 /* a degree */

/* Metres by which a distance may yet fall when the search ends. */
#define NEAR_ENOUGH 1e-10
enum { STEPS = 60 };

void elc_metres_globe(struct geod_geodesic *globe) {
    geod_init(globe, WGS84_A, WGS84_F);
}

/* A distance that depends on a place along a piece, from 0 to 1, and its derivative. */
typedef struct slope {
    double metres, rise;
} slope;

typedef struct search {
    const struct geod_geodesic *globe;
    const elc_point *one, *other;
    elc_point p; /* of the search along `other` */
} search;

typedef slope (*looker)(search *s, double t);

static elc_point along(const elc_point piece[2], double t) {
    elc_point a = piece[0], b = piece[1];
    return t == 1 ? b : (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

/* The first variation of length: moving an end changes a geodesic by what it moves
   along it. */
static slope look_from(const struct geod_geodesic *globe, elc_point p,
                       const elc_point piece[2], double t) {
    elc_point q = along(piece, t);
    double metres, azimuth, sine = sin(q.y * RADIANS), w2 = 1 - E2 * sine * sine;
    geod_inverse(globe, p.y, p.x, q.y, q.x, &metres, NULL, &azimuth);
    double n = WGS84_A / sqrt(w2), m = n * (1 - E2) / w2;
    double east = n * cos(q.y * RADIANS) * (piece[1].x - piece[0].x) * RADIANS;
    double north = m * (piece[1].y - piece[0].y) * RADIANS;
    azimuth *= RADIANS;
    return (slope){metres, east * sin(azimuth) + north * cos(azimuth)};
}

/* Regula falsi with Illinois's halving of the end that stays, on a fall at `low` and a
   rise at `high`; *at = where it is least. */
static double descend(looker look, search *s, slope low, slope high, double *at) {
    double t0 = 0, t1 = 1, best = fmin(low.metres, high.metres);
    *at = low.metres <= high.metres ? 0 : 1;
    for (int i = 0; i < STEPS; i++) {
        double t = t0 + (t1 - t0) * (low.rise / (low.rise - high.rise));
        if (!(t > t0 && t < t1))
            break;
        slope now = look(s, t);
        if (now.metres < best) {
            best = now.metres;
            *at = t;
        }
        if (fabs(now.rise) * (t1 - t0) <= NEAR_ENOUGH)
            break;
        if (now.rise < 0) {
            t0 = t;
            low.rise = now.rise;
            high.rise /= 2;
        } else {
            t1 = t;
            high.rise = now.rise;
            low.rise /= 2;
        }
    }
    return best;
}

static double least(looker look, search *s, double *at) {
    slope low = look(s, 0), high = look(s, 1);
    if (low.rise < 0 && high.rise > 0)
        return descend(look, s, low, high, at);
    *at = low.metres <= high.metres ? 0 : 1;
    return fmin(low.metres, high.metres);
}

static slope look_along_other(search *s, double t) {
    return look_from(s->globe, s->p, s->other, t);
}

static double to_other(search *s, elc_point p, double *at) {
    s->p = p;
    return least(look_along_other, s, at);
}

/* The nearest place of the other piece goes along, which changes the distance by
   nothing of first order. */
static slope look_along_both(search *s, double t) {
    double at, metres = to_other(s, along(s->one, t), &at);
    slope found = look_from(s->globe, along(s->other, at), s->one, t);
    found.metres = metres;
    return found;
}

static bool is_point(elc_point a, elc_point b) {
    return a.x == b.x && a.y == b.y;
}

double elc_metres_to_piece(const struct geod_geodesic *globe, elc_point p, elc_point a,
                           elc_point b) {
    const elc_point piece[2] = {a, b};
    search s = {.globe = globe, .other = piece};
    double at, metres;
    if (!is_point(a, b))
        return to_other(&s, p, &at);
    geod_inverse(globe, p.y, p.x, a.y, a.x, &metres, NULL, NULL);
    return metres;
}

double elc_metres_pieces(const struct geod_geodesic *globe, const elc_point one[2],
                         const elc_point other[2]) {
    double at;
    search s = {.globe = globe, .one = one, .other = other};
    if (is_point(one[0], one[1]))
        return elc_metres_to_piece(globe, one[0], other[0], other[1]);
    if (is_point(other[0], other[1]))
        return elc_metres_to_piece(globe, other[0], one[0], one[1]);
    double inside = least(look_along_both, &s, &at);
    double from = elc_metres_to_piece(globe, other[0], one[0], one[1]);
    double to = elc_metres_to_piece(globe, other[1], one[0], one[1]);
    return fmin(inside, fmin(from, to));
}
