/* splits.c - how far places are wrong, and counts by size and by distance from chips'
   borders. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- places --------------------------------------------------------------------- */

static elc_point centre_of(const elc_score_box *b) {
    return (elc_point){(b->xmin + b->xmax) / 2, (b->ymin + b->ymax) / 2};
}

static double error_px(const eval_data *data, size_t found, uint32_t truth) {
    elc_point a = centre_of(&data->found.items[found]);
    elc_point b = centre_of(&data->truth.items[truth]);
    return data->on_map ? NAN : hypot(a.x - b.x, a.y - b.y);
}

/* On the ellipsoid where both places are known, else by the ground size of a pixel. */
static double error_m(const eval_data *data, size_t found, uint32_t truth) {
    const eval_place *a = &data->found.places[found];
    const eval_place *b = &data->truth.places[truth];
    double m = elc_distance_m(a->lonlat, b->lonlat);
    return isnan(m) ? error_px(data, found, truth) * a->gsd_m : m;
}

typedef struct error {
    uint32_t class_id;
    double m;
} error;

static int compare_errors(const void *a, const void *b) {
    const error *x = a, *y = b;
    return (x->m > y->m) - (x->m < y->m);
}

typedef struct sums {
    double px, m;
    size_t n_px, n_m, seen;
} sums;

static void add_error(sums *s, double px, double m) {
    if (!isnan(px)) {
        s->px += px;
        s->n_px++;
    }
    if (!isnan(m)) {
        s->m += m;
        s->n_m++;
    }
}

/* By rising error: the first that at least 95 of 100 do not exceed. */
static void see_error(const sums *s, size_t seen, double m, eval_class *k) {
    if (isnan(k->error_p95_m) && (double)seen >= 0.95 * (double)s->n_m)
        k->error_p95_m = m;
}

static size_t sum_errors(const eval_data *data, const eval_result *r, sums *by_class,
                         error *errors) {
    size_t n = 0;
    for (size_t i = 0; i < data->found.count; i++) {
        if (!r->right[i])
            continue;
        uint32_t c = data->found.items[i].class_id;
        double px = error_px(data, i, r->partner[i]);
        double m = error_m(data, i, r->partner[i]);
        add_error(&by_class[c], px, m);
        add_error(&by_class[r->n_classes], px, m);
        if (!isnan(m))
            errors[n++] = (error){c, m};
    }
    return n;
}

elc_status elc_eval_positions(const eval_data *data, eval_result *r, elc_error *err) {
    sums *by_class = NULL;
    error *errors = NULL;
    size_t all = r->n_classes;
    ELC_TRY(elc_alloc(all + 1, sizeof *by_class, &by_class, err));
    elc_status status =
        elc_alloc(r->classes[all].count.right, sizeof *errors, &errors, err);
    size_t n = status == ELC_OK ? sum_errors(data, r, by_class, errors) : 0;
    for (size_t c = 0; c <= all; c++) {
        const sums *s = &by_class[c];
        r->classes[c].error_px = s->n_px > 0 ? s->px / (double)s->n_px : NAN;
        r->classes[c].error_m = s->n_m > 0 ? s->m / (double)s->n_m : NAN;
        r->classes[c].error_p95_m = NAN;
    }
    if (n > 1)
        qsort(errors, n, sizeof *errors, compare_errors);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = errors[i].class_id;
        see_error(&by_class[c], ++by_class[c].seen, errors[i].m, &r->classes[c]);
        see_error(&by_class[all], ++by_class[all].seen, errors[i].m, &r->classes[all]);
    }
    free(by_class);
    free(errors);
    return status;
}

/* ---- splits --------------------------------------------------------------------- */

/* Which range a box is in, from 0. */
typedef size_t (*chooser)(const void *arg, const elc_score_box *b);

static size_t choose_size(const void *arg, const elc_score_box *b) {
    (void)arg;
    double area = isnan(b->area) ? (b->xmax - b->xmin) * (b->ymax - b->ymin) : b->area;
    return area <= 32 * 32 ? 0 : area <= 96 * 96 ? 1 : 2;
}

static double from_border(const elc_grid *grid, double at, bool vertical) {
    int64_t step = vertical ? grid->step_y : grid->step_x;
    int64_t chip = vertical ? grid->chip_height : grid->chip_width;
    int64_t n = vertical ? grid->rows : grid->cols;
    double nearest = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        elc_window w = elc_grid_window(grid, vertical ? i * grid->cols : i);
        double start = (double)(vertical ? w.y : w.x);
        if (start > at + (double)(chip + step))
            break;
        if (i > 0)
            nearest = fmin(nearest, fabs(at - start));
        if (i + 1 < n)
            nearest = fmin(nearest, fabs(at - start - (double)chip));
    }
    return nearest;
}

static size_t choose_border(const void *arg, const elc_score_box *b) {
    elc_point at = centre_of(b);
    double d = fmin(from_border(arg, at.x, false), from_border(arg, at.y, true));
    return d < 16 ? 0 : d < 64 ? 1 : 2;
}

static void split(const eval_data *data, eval_result *r, const char *kind,
                  const char *const *ranges, chooser choose, const void *arg) {
    eval_split *to = &r->splits[r->n_splits];
    for (size_t i = 0; i < 3; i++) {
        to[i].kind = kind;
        snprintf(to[i].range, sizeof to[i].range, "%s", ranges[i]);
    }
    r->n_splits += 3;
    for (size_t i = 0; i < data->truth.count; i++)
        if (!r->hidden[i]) {
            eval_count *c = &to[choose(arg, &data->truth.items[i])].count;
            c->truth++;
            c->right += r->met[i];
        }
    for (size_t i = 0; i < data->found.count; i++)
        if (r->taken[i] && !r->right[i])
            to[choose(arg, &data->found.items[i])].count.found++;
    for (size_t i = 0; i < 3; i++)
        to[i].count.found += to[i].count.right;
}

/* The far end of all boxes stands for that of images: none of the borders between chips
   that matter lies beyond it. */
static elc_status make_grid(const eval_data *data, const eval_wish *wish, elc_grid *out,
                            elc_error *err) {
    double x = 1, y = 1;
    const eval_boxes *lists[] = {&data->found, &data->truth};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < lists[k]->count; i++) {
            x = fmax(x, lists[k]->items[i].xmax);
            y = fmax(y, lists[k]->items[i].ymax);
        }
    return elc_grid_create((int64_t)ceil(x), (int64_t)ceil(y), wish->chip, wish->chip,
                           wish->overlap, wish->overlap, 1, false, out, err);
}

elc_status elc_eval_splits(const eval_data *data, const eval_wish *wish, eval_result *r,
                           elc_error *err) {
    static const char *const sizes[] = {"small", "medium", "large"};
    static const char *const borders[] = {"under 16 px", "16 to 64 px", "over 64 px"};
    elc_grid grid;
    if (data->on_map)
        return ELC_OK;
    split(data, r, "size", sizes, choose_size, NULL);
    if (wish->chip == 0)
        return ELC_OK;
    ELC_TRY(make_grid(data, wish, &grid, err));
    split(data, r, "border", borders, choose_border, &grid);
    return ELC_OK;
}
