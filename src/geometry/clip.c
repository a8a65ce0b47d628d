/* clip.c - what convex rings share, by arithmetic. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/clip.h"

#include <math.h>

bool elc_clip_is_box(const elc_point *r, size_t n) {
    if (n != 4)
        return false;
    bool across =
        r[0].y == r[1].y && r[1].x == r[2].x && r[2].y == r[3].y && r[3].x == r[0].x;
    bool down =
        r[0].x == r[1].x && r[1].y == r[2].y && r[2].x == r[3].x && r[3].y == r[0].y;
    return across || down;
}

/* ---- convex --------------------------------------------------------------------- */

static double cross(elc_point o, elc_point a, elc_point b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static int sign_of(double v) {
    return (v > 0) - (v < 0);
}

/* How often the steps of a ring along an axis change their direction: twice when it
   goes round once. */
static int count_turns(const elc_point *r, size_t n, bool along_y) {
    int turns = 0, before = 0, first = 0;
    for (size_t i = 0; i < n; i++) {
        elc_point a = r[i], b = r[(i + 1) % n];
        int way = sign_of(along_y ? b.y - a.y : b.x - a.x);
        if (way == 0)
            continue;
        first = first == 0 ? way : first;
        turns += before != 0 && way != before;
        before = way;
    }
    return turns + (first != 0 && before != first);
}

bool elc_clip_is_convex(const elc_point *r, size_t n) {
    int way = 0;
    if (n < 3 || n > ELC_CLIP_MOST)
        return false;
    for (size_t i = 0; i < n; i++) {
        int turn = sign_of(cross(r[i], r[(i + 1) % n], r[(i + 2) % n]));
        if (turn == 0 || (way != 0 && turn != way))
            return false; /* straight on or back: no matter for arithmetic */
        way = turn;
    }
    return count_turns(r, n, false) == 2 && count_turns(r, n, true) == 2;
}

/* ---- areas ---------------------------------------------------------------------- */

static double twice_area(const elc_point *r, size_t n) {
    double sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += cross(r[0], r[i], r[i + 1]);
    return sum;
}

double elc_clip_area(const elc_point *r, size_t n) {
    return fabs(twice_area(r, n)) / 2;
}

double elc_convex_area(const elc_convex *shape) {
    return elc_clip_area(shape->at, shape->n);
}

static void add(elc_convex *to, elc_point p) {
    if (to->n < ELC_CONVEX_MOST)
        to->at[to->n++] = p;
}

/* Keeps what lies on the inner side of the line from a to b; `way` 1: that is where
   cross is positive. */
static void keep_side(elc_convex *shape, elc_point a, elc_point b, double way) {
    elc_convex from = *shape;
    shape->n = 0;
    for (size_t i = 0; i < from.n; i++) {
        elc_point p = from.at[i], q = from.at[(i + 1) % from.n];
        double dp = way * cross(a, b, p), dq = way * cross(a, b, q);
        if (dp >= 0)
            add(shape, p);
        if ((dp > 0 && dq < 0) || (dp < 0 && dq > 0)) {
            double t = dp / (dp - dq);
            add(shape, (elc_point){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
        }
    }
}

void elc_convex_cut(elc_convex *shape, const elc_convex *by) {
    double way = twice_area(by->at, by->n) > 0 ? 1 : -1;
    for (size_t i = 0; i < by->n && shape->n > 0; i++)
        keep_side(shape, by->at[i], by->at[(i + 1) % by->n], way);
}

/* Near the origin, differences keep all their digits. */
static elc_convex from(elc_point o, const elc_point *ring, size_t n) {
    elc_convex shape = {.n = n};
    for (size_t i = 0; i < n; i++)
        shape.at[i] = (elc_point){ring[i].x - o.x, ring[i].y - o.y};
    return shape;
}

double elc_clip_common(const elc_point *a, size_t n_a, const elc_point *b, size_t n_b) {
    elc_convex one = from(a[0], a, n_a), other = from(a[0], b, n_b);
    elc_convex_cut(&one, &other);
    return elc_convex_area(&one);
}
