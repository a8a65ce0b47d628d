/* polar.c - polygons of longitude and latitude whose rings go round a pole. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/polar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/wkb.h"

/* A polygon is turned so that its pole is the north one: rings round it go eastwards
   then, and the way to the pole is up. The antimeridian is a seam at each 180 + 360 k,
   since longitudes go on. From where the shell meets it highest the polygon is opened,
   straight up to the pole; on a hole in between the two sides part and go round it. */
enum {
    DIMS_MOST = 4,
    LOOKS_MOST = 20000 /* at all holes, or all of an outline: hostile ones have more */
};

typedef struct path {
    double *at;
    size_t n, capacity; /* points */
} path;

typedef struct ring {
    double *at;
    size_t n;  /* points, the last as the first, or a turn from it */
    bool gone; /* into the outline */
} ring;

/* Where a ring meets the seam: on the edge from a point to the next. */
typedef struct gate {
    size_t edge;
    double seam, y;
    bool found;
} gate;

typedef struct leader {
    elc_wkb_cursor in;
    elc_string *out;
    size_t dims;
    double *reals; /* of a polygon */
    size_t reals_capacity;
    ring *rings;
    size_t n, rings_capacity;
    path outline, left, right;
    size_t looks;
} leader;

/* ---- rings ----------------------------------------------------------------------- */

static void reverse(void *points, size_t n, size_t dims) {
    size_t size = dims * sizeof(double);
    for (size_t i = 0; i < n / 2; i++) {
        char was[DIMS_MOST * sizeof(double)], *a = (char *)points + i * size,
                                              *b = (char *)points + (n - 1 - i) * size;
        memcpy(was, a, size);
        memcpy(a, b, size);
        memcpy(b, was, size);
    }
}

void elc_polar_face(const elc_point *was, void *at, size_t n, size_t dims) {
    double area = 0;
    for (size_t i = 0; i + 1 < n; i++)
        area += (was[i].x - was[0].x) * (was[i + 1].y - was[0].y) -
                (was[i + 1].x - was[0].x) * (was[i].y - was[0].y);
    if (area < 0)
        reverse(at, n, dims);
}

static const double *point_of(const leader *l, const ring *r, size_t i) {
    return r->at + i * l->dims;
}

static double turn_of(const leader *l, const ring *r) {
    return r->n == 0 ? 0 : point_of(l, r, r->n - 1)[0] - r->at[0];
}

static bool goes_round(const leader *l, const ring *r) {
    return fabs(turn_of(l, r)) > 180;
}

static void face(const leader *l, const ring *r) {
    double area = 0;
    const double *o = r->at;
    for (size_t i = 0; i + 1 < r->n; i++) {
        const double *a = point_of(l, r, i), *b = a + l->dims;
        area += (a[0] - o[0]) * (b[1] - o[1]) - (b[0] - o[0]) * (a[1] - o[1]);
    }
    if (area < 0)
        reverse(r->at, r->n, l->dims);
}

/* By half a turn round the place 0 0: south is north, and left is left. */
static void turn_over(double *at, size_t n, size_t dims) {
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 2; k++)
            at[i * dims + k] = 0 - at[i * dims + k];
}

/* ---- gates ----------------------------------------------------------------------- */

static gate gate_of(const leader *l, const ring *r, size_t edge) {
    const double *a = point_of(l, r, edge), *b = a + l->dims;
    double low = fmin(a[0], b[0]), high = fmax(a[0], b[0]);
    double seam = 180 + 360 * ceil((low - 180) / 360);
    gate g = {.edge = edge, .seam = seam, .y = a[1], .found = seam <= high};
    if (low < high)
        g.y += (seam - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
    return g;
}

/* The lowest that is not below `level`, or the highest. */
static gate find_gate(const leader *l, const ring *r, double level, bool highest) {
    gate best = {0};
    for (size_t i = 0; i + 1 < r->n; i++) {
        gate g = gate_of(l, r, i);
        if (g.found && g.y >= level &&
            (!best.found || (highest ? g.y > best.y : g.y < best.y)))
            best = g;
    }
    return best;
}

/* ---- paths ----------------------------------------------------------------------- */

/* Adds a point that is not the last one again. */
static elc_status put(leader *l, path *to, const double *point, double x, double y,
                      elc_error *err) {
    size_t dims = l->dims;
    const double *last = to->n > 0 ? to->at + (to->n - 1) * dims : NULL;
    if (last != NULL && last[0] == x && last[1] == y)
        return ELC_OK;
    double next[DIMS_MOST] = {0}; /* the point may be one of the path */
    memcpy(next, point, dims * sizeof *next);
    next[0] = x;
    next[1] = y;
    ELC_TRY(elc_reserve(&to->at, &to->capacity, to->n + 1, dims * sizeof *to->at, err));
    memcpy(to->at + to->n++ * dims, next, dims * sizeof *next);
    return ELC_OK;
}

static elc_status put_gate(leader *l, path *to, const ring *r, const gate *g, double x,
                           double y, elc_error *err) {
    double point[DIMS_MOST];
    const double *a = point_of(l, r, g->edge), *b = a + l->dims;
    double share = a[0] != b[0] ? (g->seam - a[0]) / (b[0] - a[0]) : 0;
    for (size_t k = 0; k < l->dims; k++)
        point[k] = a[k] + share * (b[k] - a[k]);
    return put(l, to, point, x, y, err);
}

/* A ring from a gate, which is put at x, once round to the same gate. */
static elc_status put_round(leader *l, path *to, const ring *r, const gate *g, double x,
                            elc_error *err) {
    size_t m = r->n - 1;
    double by = x - g->seam, turn = goes_round(l, r) ? 360 : 0;
    ELC_TRY(put_gate(l, to, r, g, x, g->y, err));
    for (size_t k = 1; k <= m; k++) {
        size_t i = g->edge + k;
        const double *p = point_of(l, r, i % m);
        ELC_TRY(put(l, to, p, p[0] + by + (i < m ? 0 : turn), p[1], err));
    }
    return put_gate(l, to, r, g, x + turn, g->y, err);
}

/* From a hole's foot, which is put at x, to its top; a hole has its inside on the left
   forwards. */
static elc_status put_arc(leader *l, path *to, const ring *r, const gate *foot,
                          const gate *top, bool forwards, double x, elc_error *err) {
    size_t m = r->n - 1, from = forwards ? foot->edge : top->edge;
    size_t n = ((forwards ? top->edge : foot->edge) + m - from) % m;
    double by = x - foot->seam;
    ELC_TRY(put_gate(l, to, r, foot, x, foot->y, err));
    for (size_t k = 0; k < n; k++) {
        const double *p = point_of(l, r, (from + (forwards ? k + 1 : n - k)) % m);
        ELC_TRY(put(l, to, p, p[0] + by, p[1], err));
    }
    return put_gate(l, to, r, top, top->seam + by, top->y, err);
}

/* ---- an outline ------------------------------------------------------------------ */

/* The hole that is met first on the way up; NULL: the pole. One that only touches the
   seam is passed by. */
static ring *next_hole(leader *l, double level, gate *foot, gate *top) {
    ring *next = NULL;
    l->looks++;
    for (size_t i = 1; i < l->n; i++) {
        ring *r = &l->rings[i];
        gate low = {0}, high = {0};
        if (!r->gone)
            low = find_gate(l, r, level, false);
        if (!low.found || (next != NULL && low.y >= foot->y))
            continue;
        high = find_gate(l, r, level, true);
        if (low.y == high.y && !goes_round(l, r))
            continue;
        *foot = low;
        *top = high;
        next = r;
    }
    return next;
}

/* Both sides of the way up from the shell's gate, the left one at x. */
static elc_status lead_up(leader *l, const gate *from, double x, elc_error *err) {
    gate foot = {0}, top = {0};
    double level = from->y;
    ring *hole = next_hole(l, level, &foot, &top);
    for (; hole != NULL && !goes_round(l, hole) && l->looks < LOOKS_MOST;
         hole = next_hole(l, level, &foot, &top)) {
        face(l, hole);
        foot = find_gate(l, hole, level, false);
        top = find_gate(l, hole, level, true);
        ELC_TRY(put_arc(l, &l->left, hole, &foot, &top, true, x, err));
        ELC_TRY(put_arc(l, &l->right, hole, &foot, &top, false, x + 360, err));
        x += top.seam - foot.seam;
        level = top.y;
        hole->gone = true;
    }
    if (hole == NULL) {
        ELC_TRY(put_gate(l, &l->left, l->rings, from, x, 90, err));
        return put_gate(l, &l->right, l->rings, from, x + 360, 90, err);
    }
    hole->gone = true;
    return put_round(l, &l->left, hole, &foot, x, err);
}

static elc_status put_back(leader *l, const path *from, elc_error *err) {
    for (size_t i = from->n; i-- > 0;) {
        const double *p = from->at + i * l->dims;
        ELC_TRY(put(l, &l->outline, p, p[0], p[1], err));
    }
    return ELC_OK;
}

static elc_status make_outline(leader *l, elc_error *err) {
    path *outline = &l->outline, *right = &l->right;
    gate from = find_gate(l, l->rings, -INFINITY, true);
    outline->n = l->left.n = right->n = 0;
    ELC_TRY(put_round(l, outline, l->rings, &from, -180, err));
    ELC_TRY(lead_up(l, &from, -180, err));
    for (size_t i = 0; i < right->n; i++) {
        const double *p = right->at + i * l->dims;
        ELC_TRY(put(l, outline, p, p[0], p[1], err));
    }
    ELC_TRY(put_back(l, &l->left, err));
    return put(l, outline, outline->at, outline->at[0], outline->at[1], err);
}

static elc_status fail_round(elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "the geometry goes round a pole, where longitudes make no ring");
}

/* ---- the other holes ------------------------------------------------------------- */

static bool is_in_outline(leader *l, double x, double y) {
    bool inside = false;
    l->looks++;
    for (size_t i = 0; i + 1 < l->outline.n; i++) {
        const double *a = l->outline.at + i * l->dims, *b = a + l->dims;
        if ((a[1] > y) != (b[1] > y) &&
            x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside;
}

static void box_of(const double *at, size_t n, size_t dims, double *low, double *high) {
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        *low = fmin(*low, at[i * dims]);
        *high = fmax(*high, at[i * dims]);
    }
}

/* Puts a hole into the turn in which the outline has it: most lie where there is but
   one. The middle of an edge says so, since a point of it may touch the outline. */
static void turn_hole(leader *l, const ring *r, const double reach[2]) {
    double low, high, by = 0;
    const double *a = r->at, *b = a + l->dims;
    box_of(r->at, r->n, l->dims, &low, &high);
    if (low > reach[1] - 360 && high < reach[0] + 360)
        return;
    for (int k = -2; k <= 2 && l->looks < LOOKS_MOST; k++)
        if (is_in_outline(l, (a[0] + b[0]) / 2 + 360 * k, (a[1] + b[1]) / 2))
            by = 360 * k;
    for (size_t i = 0; i < r->n; i++)
        r->at[i * l->dims] += by;
}

/* ---- bytes ----------------------------------------------------------------------- */

static elc_status put_ring(leader *l, double *at, size_t n, bool over, elc_error *err) {
    if (over)
        turn_over(at, n, l->dims);
    ELC_TRY(elc_wkb_put_number(l->out, (uint32_t)n, err));
    return elc_wkb_put_reals(l->out, at, n * l->dims, err);
}

/* The rings' count, once all of them are where they belong. */
static elc_status turn_holes(leader *l, uint32_t *count, elc_error *err) {
    double reach[2];
    bool closed = true;
    *count = 1;
    box_of(l->outline.at, l->outline.n, l->dims, &reach[0], &reach[1]);
    for (size_t i = 1; i < l->n; i++) {
        ring *r = &l->rings[i];
        *count += !r->gone;
        closed &= r->gone || !goes_round(l, r);
        if (!r->gone && r->n > 1)
            turn_hole(l, r, reach);
    }
    return closed && l->looks < LOOKS_MOST ? ELC_OK : fail_round(err);
}

static elc_status put_polygon(leader *l, bool over, elc_error *err) {
    uint32_t count;
    ELC_TRY(turn_holes(l, &count, err));
    ELC_TRY(elc_wkb_put_number(l->out, count, err));
    ELC_TRY(put_ring(l, l->outline.at, l->outline.n, over, err));
    for (size_t i = 1; i < l->n; i++)
        if (!l->rings[i].gone)
            ELC_TRY(put_ring(l, l->rings[i].at, l->rings[i].n, over, err));
    return ELC_OK;
}

static elc_status read_rings(leader *l, uint32_t count, elc_error *err) {
    size_t used = 0;
    const uint8_t *from = l->in.at;
    for (uint32_t i = 0; i < count; i++) {
        size_t n = elc_wkb_number(&l->in) * l->dims;
        used += n;
        l->in.at += 8 * n;
    }
    ELC_TRY(
        elc_reserve(&l->reals, &l->reals_capacity, used + 1, sizeof *l->reals, err));
    ELC_TRY(elc_reserve(&l->rings, &l->rings_capacity, count, sizeof *l->rings, err));
    l->in.at = from;
    l->n = used = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t n = elc_wkb_number(&l->in);
        ring *r = &l->rings[l->n++];
        *r = (ring){.at = l->reals + used, .n = n};
        used += n * l->dims;
        elc_wkb_reals(&l->in, r->at, n * l->dims);
    }
    return ELC_OK;
}

static elc_status lead_polygon(leader *l, const elc_wkb_head *head,
                               const uint8_t *start, elc_error *err) {
    const uint8_t *rings = l->in.at;
    bool any = false, contrary = false, over;
    ELC_TRY(read_rings(l, head->count, err));
    for (size_t i = 0; i < l->n; i++) {
        double turn = turn_of(l, &l->rings[i]);
        any |= fabs(turn) > 180;
        contrary |= fabs(turn) > 180 && turn * turn_of(l, l->rings) < 0;
    }
    if (!any)
        return elc_string_append(l->out, start, (size_t)(l->in.at - start), err);
    if (contrary || !goes_round(l, l->rings) || head->kind->number != ELC_WKB_POLYGON)
        return fail_round(err);
    over = turn_of(l, l->rings) < 0;
    for (size_t i = 0; i < l->n && over; i++)
        turn_over(l->rings[i].at, l->rings[i].n, l->dims);
    ELC_TRY(make_outline(l, err));
    ELC_TRY(elc_string_append(l->out, start, (size_t)(rings - 4 - start), err));
    return put_polygon(l, over, err);
}

static elc_status lead_geometry(leader *l, elc_error *err) {
    const uint8_t *start = l->in.at;
    elc_wkb_head head = elc_wkb_begin(&l->in);
    l->dims = elc_wkb_dims(head.z, head.m);
    switch (head.kind->build) {
    case ELC_BUILT_AS_POINT:
    case ELC_BUILT_AS_LINE:
        l->in.at += head.count * l->dims * 8;
        return elc_string_append(l->out, start, (size_t)(l->in.at - start), err);
    case ELC_BUILT_OF_RINGS:
        return lead_polygon(l, &head, start, err);
    default:
        ELC_TRY(elc_string_append(l->out, start, (size_t)(l->in.at - start), err));
        for (uint32_t i = 0; i < head.count; i++)
            ELC_TRY(lead_geometry(l, err));
        return ELC_OK;
    }
}

elc_status elc_polar_lead(const void *wkb, elc_string *out, elc_error *err) {
    leader l = {.in = {.at = wkb}, .out = out};
    elc_status status = lead_geometry(&l, err);
    free(l.reals);
    free(l.rings);
    free(l.outline.at);
    free(l.left.at);
    free(l.right.at);
    return status;
}
