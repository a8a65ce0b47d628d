/* lonlat.c - bounds in longitude and latitude, where the antimeridian is no edge. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>

enum { TURN = 360, HALF = 180 };

/* Degrees: widths that differ by less are the same, for a turn further rounds. */
static const double SAME = 1e-9;

/* ---- longitudes ------------------------------------------------------------------ */

static void widen(double range[2], double west, double east) {
    range[0] = fmin(range[0], west);
    range[1] = fmax(range[1], east);
}

/* The turns that bring a longitude to within [-180, 180], as degrees. */
static double turns_of(double lon) {
    return -copysign(TURN * ceil((fabs(lon) - HALF) / TURN), lon);
}

void elc_lonlat_span_add(elc_lonlat_span *span, double west, double east) {
    double middle = west + (east - west) / 2;
    double turn = fabs(middle) > HALF ? turns_of(middle) : 0;
    double further = middle + turn < 0 ? turn + TURN : turn;
    if (!span->any)
        *span = (elc_lonlat_span){true, {INFINITY, -INFINITY}, {INFINITY, -INFINITY}};
    widen(span->here, west + turn, east + turn);
    widen(span->across, west + further, east + further);
}

bool elc_lonlat_span_ends(const elc_lonlat_span *span, double *west, double *east) {
    double here = span->here[1] - span->here[0];
    double across = span->across[1] - span->across[0];
    const double *range = across < here - SAME ? span->across : span->here;
    if (!span->any)
        return false;
    bool whole = range[1] - range[0] >= TURN;
    double turn = range[0] < -HALF ? TURN : 0;
    *west = whole ? -HALF : range[0] + turn;
    *east = whole ? HALF : range[1] + turn;
    return true;
}

/* ---- bounds ---------------------------------------------------------------------- */

typedef struct ring {
    double west, east; /* led along its edges */
    double low, high;  /* its longitudes as they are */
    double south, north, sum;
    bool turned, round; /* an edge went the short way; it goes round a pole */
    size_t n;
} ring;

static ring follow(const elc_point *points, size_t n) {
    ring r = {INFINITY,  -INFINITY, INFINITY, -INFINITY, INFINITY,
              -INFINITY, 0,         false,    false,     0};
    double turn = 0, last = 0, first = NAN;
    for (size_t i = 0; i < n; i++) {
        elc_point p = points[i];
        if (!isfinite(p.x) || !isfinite(p.y))
            continue;
        double edge = r.n > 0 ? p.x - last : 0;
        turn += edge > HALF ? -TURN : edge < -HALF ? TURN : 0;
        r.turned |= turn != 0;
        first = r.n == 0 ? p.x : first;
        last = p.x;
        r.west = fmin(r.west, p.x + turn);
        r.east = fmax(r.east, p.x + turn);
        r.low = fmin(r.low, p.x);
        r.high = fmax(r.high, p.x);
        r.south = fmin(r.south, p.y);
        r.north = fmax(r.north, p.y);
        r.sum += p.y;
        r.n++;
    }
    r.round = turn != 0 && first == last;
    return r;
}

static void add_ring(elc_lonlat_span *span, ring *r, double box[4]) {
    bool whole = r->low <= -HALF && r->high >= HALF; /* a map's whole width */
    if (whole)
        elc_lonlat_span_add(span, r->low, r->high);
    else if (r->round)
        elc_lonlat_span_add(span, -HALF, HALF);
    else
        elc_lonlat_span_add(span, r->west, r->east);
    if (r->round && !whole && r->sum > 0)
        r->north = 90;
    else if (r->round && !whole)
        r->south = -90;
    box[1] = fmin(box[1], r->south);
    box[3] = fmax(box[3], r->north);
}

bool elc_lonlat_bounds(const elc_point *points, size_t n, const size_t *ends,
                       size_t n_ends, double box[4], bool *turned) {
    elc_lonlat_span span = {0};
    *turned = false;
    box[1] = INFINITY;
    box[3] = -INFINITY;
    for (size_t at = 0, i = 0; at < n; i++) {
        size_t end = i < n_ends ? ends[i] : at + 1;
        ring r = follow(points + at, end - at);
        if (r.n > 0)
            add_ring(&span, &r, box);
        *turned |= r.turned;
        at = end;
    }
    return elc_lonlat_span_ends(&span, &box[0], &box[2]);
}
