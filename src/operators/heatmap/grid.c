/* grid.c - the cells of a heatmap. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdio.h>

/* UTM is true to four parts in ten thousand within its zone, and less beyond it. */
static const double WIDEST_M = 2e6;
/* Beyond a Gaussian's third bandwidth nothing is to be seen. */
static const double SHOWN = 3;
/* Places that reach over so many bandwidths may have one among them that is wrong. */
static const double FAR = 100;

void elc_heat_widen(double box[4], elc_point p) {
    box[0] = fmin(box[0], p.x);
    box[1] = fmin(box[1], p.y);
    box[2] = fmax(box[2], p.x);
    box[3] = fmax(box[3], p.y);
}

/* What images show is all that there is to see; without, it ends where the kernels do.
 */
static elc_status find_box(const heat_job *job, double box[4], elc_error *err) {
    if (job->bounded)
        return elc_heat_bounds_box(job, box, err);
    for (size_t i = 0; i < job->n && !job->imaged; i++)
        if (!isnan(job->points[i].x))
            elc_heat_widen(box, job->points[i]);
    for (size_t i = 0; i < job->seen.n_points; i++)
        elc_heat_widen(box, job->seen.points[i]);
    double reach = job->kernel == ELC_KERNEL_GAUSSIAN ? SHOWN : 1;
    double around = job->imaged ? 0 : reach * job->density.bandwidth;
    box[0] -= around, box[1] -= around, box[2] += around, box[3] += around;
    return ELC_OK;
}

/* ---- its size ---------------------------------------------------------------------
 */

/* Of n points the one that is farthest from their mean; NaN for none. */
static elc_point find_farthest(const elc_point *points, size_t n) {
    elc_point mean = {0, 0}, found = {NAN, NAN};
    double count = 0, most = -1;
    for (size_t i = 0; i < n; i++)
        if (!isnan(points[i].x)) {
            count++;
            mean.x += (points[i].x - mean.x) / count;
            mean.y += (points[i].y - mean.y) / count;
        }
    for (size_t i = 0; i < n; i++) {
        double away = hypot(points[i].x - mean.x, points[i].y - mean.y);
        if (away > most) {
            most = away;
            found = points[i];
        }
    }
    return found;
}

/* What a place far from all others may be the reason of, and what to do. */
static void tell_farthest(const heat_job *job, const double box[4], char *out,
                          size_t size) {
    elc_point p = job->imaged ? find_farthest(job->seen.points, job->seen.n_points)
                              : find_farthest(job->points, job->n);
    elc_transform *way;
    *out = '\0';
    if (job->bounded || fmax(box[2] - box[0], box[3] - box[1]) <
                            (FAR + 2 * SHOWN) * job->density.bandwidth)
        return;
    if (elc_transform_create(job->to, NULL, &way, NULL) != ELC_OK)
        return;
    if (elc_transform_points(way, &p, 1) == 0)
        snprintf(out, size,
                 "; or leave out what is elsewhere by --bounds WEST,SOUTH,EAST,NORTH: "
                 "farthest from the rest is what lies at longitude %.9g, latitude %.9g",
                 round(p.x * 1e5) / 1e5 + 0.0, round(p.y * 1e5) / 1e5 + 0.0);
    elc_transform_free(way);
}

static elc_status check_size(const heat_job *job, const double box[4], double cell,
                             elc_error *err) {
    const char *what = job->bounded  ? "the bounds reach"
                       : job->imaged ? "the images reach"
                                     : "the places and their kernels reach";
    double wide = box[2] - box[0], high = box[3] - box[1];
    bool chosen = elc_options_has(job->call->options, "crs");
    char far[240];
    if (!chosen && (wide > WIDEST_M || high > 4 * WIDEST_M)) {
        tell_farthest(job, box, far, sizeof far);
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s over %.0f by %.0f km, too far for %s; give a CRS for all "
                        "of it, as --crs EPSG:3035 for Europe%s",
                        what, wide / 1000, high / 1000, elc_crs_label(job->to), far);
    }
    if ((wide / cell + 2) * (high / cell + 2) > ELC_RASTER_CELLS) {
        tell_farthest(job, box, far, sizeof far);
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s over %.6g by %.6g km, which with cells of %g m are more "
                        "than %d cells; give a larger --pixel%s",
                        what, wide / 1000, high / 1000, cell, ELC_RASTER_CELLS, far);
    }
    return ELC_OK;
}

/* Places whose kernels end before the bounds begin. */
static elc_status drop_outside(heat_job *job, const double box[4], elc_error *err) {
    double reach = elc_kernel_reach(job->kernel) * job->density.bandwidth;
    size_t left = 0;
    for (size_t i = 0; i < job->n; i++) {
        elc_point *p = &job->points[i];
        if (p->x >= box[0] - reach && p->x <= box[2] + reach &&
            p->y >= box[1] - reach && p->y <= box[3] + reach)
            left++;
        else
            *p = (elc_point){NAN, NAN};
    }
    if (left > 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--bounds %s: no place is in it, or near enough to be seen there; "
                    "they are WEST,SOUTH,EAST,NORTH in degrees",
                    elc_options_text(job->call->options, "bounds"));
}

/* Cells lie at multiples of their side, so that rasters of one place fit together. */
elc_status elc_heat_lay_grid(heat_job *job, elc_error *err) {
    const elc_options *options = job->call->options;
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    elc_raster_grid *g = &job->density.grid;
    job->density.kernel = job->kernel;
    job->density.bandwidth = elc_options_length(options, "bandwidth").value;
    g->cell = elc_options_has(options, "pixel")
                  ? elc_options_length(options, "pixel").value
                  : job->density.bandwidth / 5;
    ELC_TRY(find_box(job, box, err));
    ELC_TRY(check_size(job, box, g->cell, err));
    if (job->bounded)
        ELC_TRY(drop_outside(job, box, err));
    g->x = floor(box[0] / g->cell) * g->cell;
    g->y = ceil(box[3] / g->cell) * g->cell;
    g->width = (int32_t)fmax(ceil((box[2] - g->x) / g->cell), 1);
    g->height = (int32_t)fmax(ceil((g->y - box[1]) / g->cell), 1);
    job->cells = (size_t)g->width * (size_t)g->height;
    return ELC_OK;
}
