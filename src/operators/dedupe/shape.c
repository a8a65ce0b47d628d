/* shape.c - outlines on a plane, cut where an image ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <math.h>

double elc_shape_side(const half_plane *line, elc_point p) {
    double x = line->b.x - line->a.x, y = line->b.y - line->a.y;
    return (x * (p.y - line->a.y) - y * (p.x - line->a.x)) / hypot(x, y);
}

static elc_status add(shape_points *to, elc_point p, elc_error *err) {
    ELC_TRY(elc_reserve(&to->items, &to->capacity, to->n + 1, sizeof p, err));
    to->items[to->n++] = p;
    return ELC_OK;
}

elc_status elc_shape_cut(shape_points *ring, const half_plane *line,
                         shape_points *spare, elc_error *err) {
    spare->n = 0;
    for (size_t i = 0; i < ring->n; i++) {
        elc_point p = ring->items[i], q = ring->items[(i + 1) % ring->n];
        double here = elc_shape_side(line, p), there = elc_shape_side(line, q);
        double t = here / (here - there);
        if (here >= 0)
            ELC_TRY(add(spare, p, err));
        if ((here > 0 && there < 0) || (here < 0 && there > 0))
            ELC_TRY(add(
                spare, (elc_point){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)}, err));
    }
    shape_points cut = *spare;
    *spare = *ring;
    *ring = cut;
    return ELC_OK;
}

/* By triangles from the first point: coordinates stay small. */
elc_point elc_shape_centre(const shape_points *ring) {
    double x = 0, y = 0, area = 0, far = 0, n = (double)ring->n;
    elc_point mean = {0, 0};
    for (size_t i = 0; i < ring->n; i++) {
        elc_point o = ring->items[0], p = ring->items[i];
        elc_point q = ring->items[(i + 1) % ring->n];
        p.x -= o.x, p.y -= o.y, q.x -= o.x, q.y -= o.y;
        double twice = p.x * q.y - q.x * p.y;
        area += twice;
        x += twice * (p.x + q.x) / 3;
        y += twice * (p.y + q.y) / 3;
        mean = (elc_point){mean.x + p.x, mean.y + p.y};
        far = fmax(far, hypot(p.x, p.y));
    }
    if (ring->n == 0)
        return (elc_point){NAN, NAN};
    elc_point o = ring->items[0];
    if (fabs(area) <= 1e-12 * far * far)
        return (elc_point){o.x + mean.x / n, o.y + mean.y / n};
    return (elc_point){o.x + x / area, o.y + y / area};
}
