/* merge.c - boxes of overlapping chips become objects, each counted once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "merge.h"
#include "shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A chip keeps a box whose centre is at most this far outside of its core. */
static const double CORE_MARGIN_PX = 4;
/* A box that ends this near to an inner border of its chip may be cut by it. */
static const double CUT_PX = 3;
/* Two views of one object, as the other chip could have seen them, share this IoU. */
static const double SAME_IOU = 0.5;

struct elc_merger {
    elc_grid grid;
    int64_t first, end;
    int64_t first_row, next_row,
        end_row;                  /* rows below next_row are settled or active */
    int64_t *left;                /* chips still to come, by row */
    elc_glimpse *staged, *active; /* of rows to come; shared ones that are unsettled */
    size_t n_staged, staged_capacity, n_active, active_capacity;
    elc_pair *pairs; /* of active views */
    size_t n_pairs, pair_capacity;
    elc_detection_list settled, ready; /* waiting for lower rows; to be taken */
};

/* ---- views ---------------------------------------------------------------------- */

static bool is_empty(const elc_box *box) {
    return !(box->xmax > box->xmin && box->ymax > box->ymin);
}

static uint8_t cuts(const elc_grid *grid, int64_t chip, const elc_box *box) {
    elc_window w = elc_grid_window(grid, chip);
    int64_t col = chip % grid->cols, row = chip / grid->cols;
    unsigned cut = 0;
    if (col > 0 && box->xmin <= (double)w.x + CUT_PX)
        cut |= CUT_LEFT;
    if (row > 0 && box->ymin <= (double)w.y + CUT_PX)
        cut |= CUT_TOP;
    if (col < grid->cols - 1 && box->xmax >= (double)(w.x + w.width) - CUT_PX)
        cut |= CUT_RIGHT;
    if (row < grid->rows - 1 && box->ymax >= (double)(w.y + w.height) - CUT_PX)
        cut |= CUT_BOTTOM;
    return (uint8_t)cut;
}

static double middle(double a, double b) {
    return a + (b - a) / 2;
}

static bool near_core(const elc_grid *grid, int64_t chip, const elc_box *box) {
    elc_core core = elc_grid_core(grid, chip);
    double x = middle(box->xmin, box->xmax), y = middle(box->ymin, box->ymax);
    return x >= (double)core.x0 / 2 - CORE_MARGIN_PX &&
           x <= (double)core.x1 / 2 + CORE_MARGIN_PX &&
           y >= (double)core.y0 / 2 - CORE_MARGIN_PX &&
           y <= (double)core.y1 / 2 + CORE_MARGIN_PX;
}

/* Which chips may hold another view of the object. A whole box holds the centre of
   every box that it matches, since an interval that shares half of another one holds
   its middle; so it reaches into that chip's core plus the margin. A cut box, and one
   whose shape is less than the box, may match any of a chip whose window it touches. */
static void find_reach(const elc_merger *m, elc_glimpse *v) {
    const elc_grid *g = &m->grid;
    const elc_box *b = &v->box;
    int64_t c0, r0, c1, r1;
    if (v->cut || v->box.turned.width > 0 || v->box.mask) {
        elc_grid_meeting(g, b->xmin, b->ymin, b->xmax, b->ymax, &c0, &r0, &c1, &r1);
    } else {
        double margin = CORE_MARGIN_PX + 1e-6;
        int64_t low = elc_grid_owner(g, b->xmin - margin, b->ymin - margin);
        int64_t high = elc_grid_owner(g, b->xmax + margin, b->ymax + margin);
        c0 = low % g->cols;
        r0 = low / g->cols;
        c1 = high % g->cols;
        r1 = high / g->cols;
    }
    int64_t own_row = v->chip / g->cols;
    int64_t low = r0 * g->cols + c0, high = r1 * g->cols + c1;
    v->last_row = r1 > own_row ? r1 : own_row;
    v->shared = low != v->chip || high != v->chip;
    v->open = low < m->first || high >= m->end;
}

/* Copies the box, cut to a window (NULL: as it is). */
static elc_status stage(elc_merger *m, int64_t chip, const elc_box *box,
                        const elc_window *window, elc_error *err) {
    ELC_TRY(elc_reserve(&m->staged, &m->staged_capacity, m->n_staged + 1,
                        sizeof *m->staged, err));
    elc_glimpse *v = &m->staged[m->n_staged];
    *v = (elc_glimpse){.chip = chip, .fresh = true};
    ELC_TRY(elc_box_copy(box, &v->box, err));
    m->n_staged++;
    if (window)
        elc_box_clip(&v->box, *window);
    v->cut = cuts(&m->grid, chip, box);
    find_reach(m, v);
    return ELC_OK;
}

/* ---- comparing ------------------------------------------------------------------ */

/* Each box is clipped to the other's chip if the other is cut: what that chip could
   have seen of it. `a` is of the lower chip. */
static double view_iou(const elc_grid *grid, const elc_glimpse *a,
                       const elc_glimpse *b) {
    elc_window a_chip = elc_grid_window(grid, a->chip);
    elc_window b_chip = elc_grid_window(grid, b->chip);
    const elc_window *a_in = b->cut ? &b_chip : NULL, *b_in = a->cut ? &a_chip : NULL;
    elc_box in_b = a->box, in_a = b->box;
    if (in_b.mask && in_a.mask)
        return elc_box_iou_seen(&a->box, a_in, &b->box, b_in);
    if (a_in)
        elc_box_clip(&in_b, *a_in);
    if (b_in)
        elc_box_clip(&in_a, *b_in);
    if (is_empty(&in_a) || is_empty(&in_b))
        return 0;
    return elc_box_iou(&in_a, &in_b);
}

static elc_status compare_pair(elc_merger *m, size_t i, size_t j, elc_error *err) {
    const elc_glimpse *a = &m->active[i], *b = &m->active[j];
    if (a->chip == b->chip || !(a->fresh || b->fresh))
        return ELC_OK;
    if (a->box.ymin >= b->box.ymax || b->box.ymin >= a->box.ymax)
        return ELC_OK;
    bool swap = a->chip > b->chip;
    double iou = swap ? view_iou(&m->grid, b, a) : view_iou(&m->grid, a, b);
    if (!(iou >= SAME_IOU))
        return ELC_OK;
    ELC_TRY(elc_reserve(&m->pairs, &m->pair_capacity, m->n_pairs + 1, sizeof *m->pairs,
                        err));
    m->pairs[m->n_pairs++] =
        (elc_pair){.a = swap ? j : i,
                   .b = swap ? i : j,
                   .iou = iou,
                   .same_class = a->box.class_id == b->box.class_id};
    return ELC_OK;
}

typedef struct by_x {
    double xmin;
    size_t view;
} by_x;

static int compare_by_x(const void *a, const void *b) {
    const by_x *p = a, *q = b;
    if (p->xmin != q->xmin)
        return p->xmin < q->xmin ? -1 : 1;
    return (p->view > q->view) - (p->view < q->view);
}

static elc_status sweep(elc_merger *m, const by_x *order, elc_error *err) {
    for (size_t i = 0; i < m->n_active; i++) {
        double xmax = m->active[order[i].view].box.xmax;
        for (size_t j = i + 1; j < m->n_active && order[j].xmin < xmax; j++)
            ELC_TRY(compare_pair(m, order[i].view, order[j].view, err));
    }
    return ELC_OK;
}

/* Compares the fresh views with all that overlap them. */
static elc_status compare_fresh(elc_merger *m, elc_error *err) {
    by_x *order = NULL;
    ELC_TRY(elc_alloc(m->n_active, sizeof *order, &order, err));
    for (size_t i = 0; i < m->n_active; i++)
        order[i] = (by_x){m->active[i].box.xmin, i};
    if (m->n_active > 1)
        qsort(order, m->n_active, sizeof *order, compare_by_x);
    elc_status status = sweep(m, order, err);
    for (size_t i = 0; i < m->n_active; i++)
        m->active[i].fresh = false;
    free(order);
    return status;
}

/* ---- rows ----------------------------------------------------------------------- */

/* Moves the staged views of a row (all rows: -1) to the active ones; what no other chip
   may see is settled at once. */
static elc_status activate(elc_merger *m, int64_t row, elc_error *err) {
    size_t kept = 0;
    elc_status status = ELC_OK;
    for (size_t i = 0; i < m->n_staged; i++) {
        elc_glimpse v = m->staged[i];
        if (status != ELC_OK || (row >= 0 && v.chip / m->grid.cols != row)) {
            m->staged[kept++] = v;
            continue;
        }
        if (v.shared) {
            status = elc_reserve(&m->active, &m->active_capacity, m->n_active + 1,
                                 sizeof *m->active, err);
            if (status == ELC_OK)
                m->active[m->n_active++] = v;
        } else {
            status = elc_settle_alone(&v, &m->settled, err);
        }
    }
    m->n_staged = kept;
    return status;
}

/* Drops settled views and the pairs between them. */
static elc_status compact(elc_merger *m, const bool *done, elc_error *err) {
    size_t *moved = NULL;
    ELC_TRY(elc_alloc(m->n_active, sizeof *moved, &moved, err));
    size_t kept = 0;
    for (size_t i = 0; i < m->n_active; i++) {
        moved[i] = kept;
        if (!done[i])
            m->active[kept++] = m->active[i];
        else
            elc_box_clear(&m->active[i].box);
    }
    size_t pairs = 0;
    for (size_t i = 0; i < m->n_pairs; i++) {
        elc_pair p = m->pairs[i];
        if (done[p.a])
            continue;
        p.a = moved[p.a];
        p.b = moved[p.b];
        m->pairs[pairs++] = p;
    }
    m->n_active = kept;
    m->n_pairs = pairs;
    free(moved);
    return ELC_OK;
}

static int compare_real(double a, double b) {
    return (a > b) - (a < b);
}

/* The order of rows: by the lowest chip that saw the object, then by place. */
static int compare_detections(const void *p, const void *q) {
    const elc_detection *a = p, *b = q;
    if (a->first_chip != b->first_chip)
        return a->first_chip < b->first_chip ? -1 : 1;
    int order = compare_real(a->box.ymin, b->box.ymin);
    if (!order)
        order = compare_real(a->box.xmin, b->box.xmin);
    return order ? order : elc_box_compare(&a->box, &b->box);
}

/* Gives out what lies in rows that no active view and no chip to come belongs to. */
static elc_status give_out(elc_merger *m, elc_error *err) {
    int64_t below = m->next_row;
    for (size_t i = 0; i < m->n_active; i++)
        if (m->active[i].chip / m->grid.cols < below)
            below = m->active[i].chip / m->grid.cols;
    ELC_TRY(elc_reserve(&m->ready.items, &m->ready.capacity,
                        m->ready.count + m->settled.count, sizeof *m->ready.items,
                        err));
    size_t from = m->ready.count, kept = 0;
    for (size_t i = 0; i < m->settled.count; i++) {
        elc_detection d = m->settled.items[i];
        if (d.first_chip / m->grid.cols >= below) {
            m->settled.items[kept++] = d;
            continue;
        }
        if (!d.open && !d.error)
            d.chip = elc_grid_owner(&m->grid, middle(d.box.xmin, d.box.xmax),
                                    middle(d.box.ymin, d.box.ymax));
        m->ready.items[m->ready.count++] = d;
    }
    m->settled.count = kept;
    if (m->ready.count > from)
        qsort(m->ready.items + from, m->ready.count - from, sizeof *m->ready.items,
              compare_detections);
    return ELC_OK;
}

/* Compares and settles once the views of `row` (all: -1) are there. */
static elc_status process(elc_merger *m, int64_t row, bool last, elc_error *err) {
    ELC_TRY(activate(m, row, err));
    ELC_TRY(compare_fresh(m, err));
    bool *done = NULL;
    ELC_TRY(elc_alloc(m->n_active, sizeof *done, &done, err));
    elc_status status = elc_settle(m->active, m->n_active, m->pairs, m->n_pairs,
                                   last ? INT64_MAX : row, done, &m->settled, err);
    if (status == ELC_OK)
        status = compact(m, done, err);
    free(done);
    return status == ELC_OK ? give_out(m, err) : status;
}

static elc_status chip_done(elc_merger *m, int64_t chip, elc_error *err) {
    m->left[chip / m->grid.cols - m->first_row]--;
    while (m->next_row < m->end_row && m->left[m->next_row - m->first_row] == 0) {
        m->next_row++;
        ELC_TRY(process(m, m->next_row - 1, m->next_row == m->end_row, err));
    }
    return ELC_OK;
}

/* ---- public --------------------------------------------------------------------- */

elc_status elc_merger_create(const elc_grid *grid, int64_t first, int64_t end,
                             elc_merger **out, elc_error *err) {
    if (grid->cols < 1 || first < 0 || first > end || end > elc_grid_count(grid))
        return elc_fail(
            err, ELC_E_ARGUMENT, "chips %lld to %lld asked for, the image has %lld",
            (long long)first, (long long)end, (long long)elc_grid_count(grid));
    elc_merger *m = NULL;
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    m->grid = *grid;
    m->first = first;
    m->end = end;
    m->first_row = m->next_row = first / grid->cols;
    m->end_row = (end + grid->cols - 1) / grid->cols;
    if (m->end_row < m->first_row)
        m->end_row = m->first_row;
    size_t rows = (size_t)(m->end_row - m->first_row);
    elc_status status = elc_alloc(rows, sizeof *m->left, &m->left, err);
    if (status != ELC_OK) {
        free(m);
        return status;
    }
    for (int64_t row = m->first_row; row < m->end_row; row++) {
        int64_t from = row * grid->cols, to = from + grid->cols;
        m->left[row - m->first_row] =
            (to < end ? to : end) - (from > first ? from : first);
    }
    *out = m;
    return ELC_OK;
}

elc_status elc_merger_add(elc_merger *merger, int64_t chip, const elc_box *boxes,
                          size_t n, elc_error *err) {
    elc_window image = {0, 0, merger->grid.width, merger->grid.height};
    elc_window window = elc_window_common(elc_grid_window(&merger->grid, chip), image);
    for (size_t i = 0; i < n; i++) {
        elc_box box = boxes[i];
        box.mask = NULL;
        elc_box_clip(&box, window);
        if (!is_empty(&box) && near_core(&merger->grid, chip, &box))
            ELC_TRY(stage(merger, chip, &boxes[i], &window, err));
    }
    return chip_done(merger, chip, err);
}

elc_status elc_merger_add_failed(elc_merger *merger, int64_t chip, const char *error,
                                 elc_error *err) {
    if (error) {
        elc_detection d = {.chip = chip, .first_chip = chip};
        ELC_TRY(elc_reserve(&merger->settled.items, &merger->settled.capacity,
                            merger->settled.count + 1, sizeof d, err));
        ELC_TRY(elc_strdup(error, &d.error, err));
        merger->settled.items[merger->settled.count++] = d;
    }
    return chip_done(merger, chip, err);
}

elc_status elc_merger_add_open(elc_merger *merger, const elc_detection *open,
                               elc_error *err) {
    if (open->chip < merger->first || open->chip >= merger->end)
        return elc_fail(err, ELC_E_FORMAT, "a row of chip %lld, the image has %lld",
                        (long long)open->chip, (long long)merger->end);
    return stage(merger, open->chip, &open->box, NULL, err);
}

elc_status elc_merger_finish(elc_merger *merger, elc_error *err) {
    merger->next_row = merger->end_row;
    return process(merger, -1, true, err);
}

void elc_merger_take(elc_merger *merger, elc_detection **items, size_t *n) {
    *items = merger->ready.items;
    *n = merger->ready.count;
    merger->ready = (elc_detection_list){0};
}

void elc_detection_clear(elc_detection *detection) {
    free(detection->error);
    detection->error = NULL;
    elc_box_clear(&detection->box);
}

static void list_free(elc_detection_list *list) {
    for (size_t i = 0; i < list->count; i++)
        elc_detection_clear(&list->items[i]);
    free(list->items);
}

static void views_free(elc_glimpse *views, size_t n) {
    for (size_t i = 0; i < n; i++)
        elc_box_clear(&views[i].box);
    free(views);
}

void elc_merger_free(elc_merger *merger) {
    if (!merger)
        return;
    list_free(&merger->settled);
    list_free(&merger->ready);
    free(merger->left);
    views_free(merger->staged, merger->n_staged);
    views_free(merger->active, merger->n_active);
    free(merger->pairs);
    free(merger);
}
