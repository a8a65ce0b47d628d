/* shape.c - boxes by their true shapes: order, overlap, and what a window shows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- order ------------------------------------------------------------------------
 */

static int compare_real(double a, double b) {
    return (a > b) - (a < b);
}

static int compare_masks(const elc_mask *a, const elc_mask *b) {
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return memcmp(a->runs, b->runs, a->n * sizeof *a->runs);
}

static int compare_shapes(const elc_box *a, const elc_box *b) {
    const elc_turned *t = &a->turned, *u = &b->turned;
    const double pairs[][2] = {{t->x, u->x},
                               {t->y, u->y},
                               {t->width, u->width},
                               {t->height, u->height},
                               {t->angle, u->angle}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int order = compare_real(pairs[i][0], pairs[i][1]);
        if (order)
            return order;
    }
    return compare_masks(a->mask, b->mask);
}

int elc_box_compare(const elc_box *a, const elc_box *b) {
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->ymin != b->ymin)
        return a->ymin < b->ymin ? -1 : 1;
    if (a->xmin != b->xmin)
        return a->xmin < b->xmin ? -1 : 1;
    if (a->ymax != b->ymax)
        return a->ymax < b->ymax ? -1 : 1;
    if (a->xmax != b->xmax)
        return a->xmax < b->xmax ? -1 : 1;
    if (a->class_id != b->class_id)
        return a->class_id < b->class_id ? -1 : 1;
    return compare_shapes(a, b);
}

/* ---- what is seen ------------------------------------------------------------------
 */

static elc_convex rectangle(double x0, double y0, double x1, double y1) {
    return (elc_convex){4, {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
}

/* The box less what its corners and a window (NULL: none) hide. */
static elc_convex seen_of(const elc_box *box, const elc_window *w) {
    double x0 = box->xmin, y0 = box->ymin, x1 = box->xmax, y1 = box->ymax;
    if (w) {
        x0 = fmax(x0, (double)w->x);
        y0 = fmax(y0, (double)w->y);
        x1 = fmin(x1, (double)(w->x + w->width));
        y1 = fmin(y1, (double)(w->y + w->height));
    }
    if (!(x1 > x0 && y1 > y0))
        return (elc_convex){0};
    elc_convex frame = rectangle(x0, y0, x1, y1);
    if (!(box->turned.width > 0))
        return frame;
    double corners[4][2];
    elc_convex shape = {.n = 4};
    elc_turned_corners(&box->turned, corners);
    for (size_t i = 0; i < 4; i++)
        shape.at[i] = (elc_point){corners[i][0], corners[i][1]};
    elc_convex_cut(&shape, &frame);
    return shape;
}

/* ---- masks -------------------------------------------------------------------------
 */

static elc_run run_in(elc_run run, const elc_window *w) {
    if (!w)
        return run;
    bool row = run.y >= w->y && run.y < w->y + w->height;
    int64_t start = run.start > w->x ? run.start : w->x;
    int64_t end = run.end < w->x + w->width ? run.end : w->x + w->width;
    return row && start < end ? (elc_run){run.y, (int32_t)start, (int32_t)end}
                              : (elc_run){run.y, run.start, run.start};
}

static int64_t pixels(const elc_mask *mask, const elc_window *w) {
    int64_t sum = 0;
    for (size_t i = 0; i < mask->n; i++) {
        elc_run run = run_in(mask->runs[i], w);
        sum += run.end - run.start;
    }
    return sum;
}

static bool ends_first(elc_run a, elc_run b) {
    return a.y != b.y ? a.y < b.y : a.end < b.end;
}

static int64_t common_pixels(const elc_mask *a, const elc_window *a_in,
                             const elc_mask *b, const elc_window *b_in) {
    int64_t sum = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        elc_run p = run_in(a->runs[i], a_in), q = run_in(b->runs[k], b_in);
        int64_t start = p.start > q.start ? p.start : q.start;
        int64_t end = p.end < q.end ? p.end : q.end;
        if (p.y == q.y && start < end)
            sum += end - start;
        if (ends_first(a->runs[i], b->runs[k]))
            i++;
        else
            k++;
    }
    return sum;
}

static elc_status add_run(elc_mask **mask, size_t *capacity, elc_run run,
                          elc_error *err) {
    size_t n = *mask ? (*mask)->n : 0;
    elc_run *last = n > 0 ? &(*mask)->runs[n - 1] : NULL;
    if (last && last->y == run.y && run.start <= last->end) {
        last->end = run.end > last->end ? run.end : last->end;
        return ELC_OK;
    }
    ELC_TRY(elc_reserve(mask, capacity, sizeof **mask + (n + 1) * sizeof run, 1, err));
    (*mask)->runs[n] = run;
    (*mask)->n = n + 1;
    return ELC_OK;
}

static bool starts_first(elc_run a, elc_run b) {
    return a.y != b.y ? a.y < b.y : a.start < b.start;
}

elc_status elc_mask_join(const elc_mask *a, const elc_mask *b, elc_mask **out,
                         elc_error *err) {
    elc_mask *all = NULL;
    size_t capacity = 0;
    elc_status status = elc_reserve(&all, &capacity, sizeof *all, 1, err);
    if (status == ELC_OK)
        all->n = 0;
    for (size_t i = 0, k = 0; status == ELC_OK && (i < a->n || k < b->n);) {
        bool first = k == b->n || (i < a->n && starts_first(a->runs[i], b->runs[k]));
        status = add_run(&all, &capacity, first ? a->runs[i++] : b->runs[k++], err);
    }
    if (status == ELC_OK)
        *out = all;
    else
        free(all);
    return status;
}

static void clip_mask(elc_mask *mask, const elc_window *w) {
    size_t kept = 0;
    for (size_t i = 0; i < mask->n; i++) {
        elc_run run = run_in(mask->runs[i], w);
        if (run.start < run.end)
            mask->runs[kept++] = run;
    }
    mask->n = kept;
}

/* ---- overlap -----------------------------------------------------------------------
 */

static double share(double common, double a, double b) {
    return common > 0 ? common / (a + b - common) : 0;
}

double elc_box_iou_seen(const elc_box *a, const elc_window *a_in, const elc_box *b,
                        const elc_window *b_in) {
    if (a->mask && b->mask)
        return share((double)common_pixels(a->mask, a_in, b->mask, b_in),
                     (double)pixels(a->mask, a_in), (double)pixels(b->mask, b_in));
    elc_convex in_a = seen_of(a, a_in), in_b = seen_of(b, b_in), common = in_a;
    elc_convex_cut(&common, &in_b);
    if (in_a.n == 0 || in_b.n == 0)
        return 0;
    return share(elc_convex_area(&common), elc_convex_area(&in_a),
                 elc_convex_area(&in_b));
}

static bool is_plain(const elc_box *box) {
    return !(box->turned.width > 0) && !box->mask;
}

double elc_box_iou(const elc_box *a, const elc_box *b) {
    double w = fmin(a->xmax, b->xmax) - fmax(a->xmin, b->xmin);
    double h = fmin(a->ymax, b->ymax) - fmax(a->ymin, b->ymin);
    if (!(w > 0 && h > 0))
        return 0;
    if (!is_plain(a) || !is_plain(b))
        return elc_box_iou_seen(a, NULL, b, NULL);
    double common = w * h;
    double total = (a->xmax - a->xmin) * (a->ymax - a->ymin) +
                   (b->xmax - b->xmin) * (b->ymax - b->ymin) - common;
    return common / total;
}

/* ---- boxes -------------------------------------------------------------------------
 */

void elc_box_clear(elc_box *box) {
    free(box->mask);
    box->mask = NULL;
}

elc_status elc_box_copy(const elc_box *box, elc_box *out, elc_error *err) {
    elc_box copy = *box;
    if (box->mask) {
        size_t size = sizeof *box->mask + box->mask->n * sizeof *box->mask->runs;
        ELC_TRY(elc_alloc(1, size, &copy.mask, err));
        memcpy(copy.mask, box->mask, size);
    }
    *out = copy;
    return ELC_OK;
}

void elc_box_clip(elc_box *box, elc_window w) {
    if (box->turned.width > 0) {
        elc_convex seen = seen_of(box, &w);
        box->xmin = box->ymin = INFINITY;
        box->xmax = box->ymax = -INFINITY;
        for (size_t i = 0; i < seen.n; i++) {
            box->xmin = fmin(box->xmin, seen.at[i].x);
            box->ymin = fmin(box->ymin, seen.at[i].y);
            box->xmax = fmax(box->xmax, seen.at[i].x);
            box->ymax = fmax(box->ymax, seen.at[i].y);
        }
    }
    box->xmin = fmax(box->xmin, (double)w.x);
    box->ymin = fmax(box->ymin, (double)w.y);
    box->xmax = fmin(box->xmax, (double)(w.x + w.width));
    box->ymax = fmin(box->ymax, (double)(w.y + w.height));
    if (box->mask)
        clip_mask(box->mask, &w);
}

void elc_box_move(elc_box *box, int64_t x, int64_t y) {
    box->xmin += (double)x;
    box->xmax += (double)x;
    box->ymin += (double)y;
    box->ymax += (double)y;
    if (box->turned.width > 0) {
        box->turned.x += (double)x;
        box->turned.y += (double)y;
    }
    for (size_t i = 0; box->mask && i < box->mask->n; i++) {
        elc_run *run = &box->mask->runs[i];
        *run = (elc_run){(int32_t)(run->y + y), (int32_t)(run->start + x),
                         (int32_t)(run->end + x)};
    }
}

void elc_box_widen(elc_box *all, const elc_box *box) {
    all->xmin = fmin(all->xmin, box->xmin);
    all->ymin = fmin(all->ymin, box->ymin);
    all->xmax = fmax(all->xmax, box->xmax);
    all->ymax = fmax(all->ymax, box->ymax);
}

/* ---- turned boxes of several views --------------------------------------------------
 */

void elc_spread_start(elc_spread *spread, const elc_turned *like) {
    *spread = (elc_spread){.angle = like->angle,
                           .x = like->x,
                           .y = like->y,
                           .low = {INFINITY, INFINITY},
                           .high = {-INFINITY, -INFINITY}};
}

void elc_spread_add(elc_spread *spread, const elc_box *box) {
    double c = cos(spread->angle), s = sin(spread->angle);
    elc_convex seen = seen_of(box, NULL);
    for (size_t i = 0; i < seen.n; i++) {
        double x = seen.at[i].x - spread->x, y = seen.at[i].y - spread->y;
        double at[2] = {x * c + y * s, y * c - x * s};
        for (size_t k = 0; k < 2; k++) {
            spread->low[k] = fmin(spread->low[k], at[k]);
            spread->high[k] = fmax(spread->high[k], at[k]);
        }
    }
}

elc_turned elc_spread_turned(const elc_spread *spread) {
    double c = cos(spread->angle), s = sin(spread->angle);
    double x = (spread->low[0] + spread->high[0]) / 2;
    double y = (spread->low[1] + spread->high[1]) / 2;
    return (elc_turned){.x = spread->x + x * c - y * s,
                        .y = spread->y + x * s + y * c,
                        .width = spread->high[0] - spread->low[0],
                        .height = spread->high[1] - spread->low[1],
                        .angle = spread->angle};
}
