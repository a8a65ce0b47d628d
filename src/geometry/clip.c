/* clip.c - the area that convex rings share (Sutherland and Hodgman 1974). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/clip.h"

#include <math.h>

/* Each side that cuts adds a point. */
enum { ROOM = 2 * ELC_CLIP_MOST };

typedef struct ring {
    elc_point p[ROOM];
    size_t n;
} ring;

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

static void add(ring *to, elc_point p) {
    if (to->n < ROOM)
        to->p[to->n++] = p;
}

/* What of a ring lies on the inner side of the line from a to b; `way` 1: that is where
   cross is positive. */
static void cut(const ring *from, elc_point a, elc_point b, double way, ring *to) {
    to->n = 0;
    for (size_t i = 0; i < from->n; i++) {
        elc_point p = from->p[i], q = from->p[(i + 1) % from->n];
        double dp = way * cross(a, b, p), dq = way * cross(a, b, q);
        if (dp >= 0)
            add(to, p);
        if ((dp > 0 && dq < 0) || (dp < 0 && dq > 0)) {
            double t = dp / (dp - dq);
            add(to, (elc_point){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
        }
    }
}

double elc_clip_common(const elc_point *a, size_t n_a, const elc_point *b, size_t n_b) {
    ring one = {.n = n_a}, other;
    elc_point o = a[0]; /* near the origin, differences keep all their digits */
    double way = twice_area(b, n_b) > 0 ? 1 : -1;
    for (size_t i = 0; i < n_a; i++)
        one.p[i] = (elc_point){a[i].x - o.x, a[i].y - o.y};
    for (size_t i = 0; i < n_b && one.n > 0; i++) {
        elc_point p = b[i], q = b[(i + 1) % n_b];
        cut(&one, (elc_point){p.x - o.x, p.y - o.y}, (elc_point){q.x - o.x, q.y - o.y},
            way, &other);
        one = other;
    }
    return elc_clip_area(one.p, one.n);
}
