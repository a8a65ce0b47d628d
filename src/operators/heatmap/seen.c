/* seen.c - what images show of a heatmap's cells. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdlib.h>

#include "operators/parts/footprints.h"

/* Of a cell, or of the most that is imaged of any kernel: what is less says nothing. */
static const double DUST = 1e-6, LITTLE = 1e-3;

/* ---- the images -------------------------------------------------------------------
 */

static elc_status fail_none(const heat_job *job, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT, "--images %s: no row has a polygon in %s",
                    elc_options_text(job->call->options, "images"),
                    elc_crs_label(job->to));
}

static elc_status count_outside(const heat_job *job, const part_footprints *footprints,
                                elc_error *err) {
    elc_zones *index;
    uint64_t outside = 0;
    const elc_context *context = job->call->context;
    ELC_TRY(elc_part_footprints_index(footprints, context, &index, err));
    elc_status status =
        elc_part_footprints_outside(index, job->points, job->n, &outside, err);
    elc_zones_free(index);
    if (status == ELC_OK)
        elc_part_footprints_warn_outside(context, outside, job->n);
    return status;
}

static elc_status unite(heat_job *job, const part_footprints *footprints,
                        elc_error *err) {
    elc_string wkb = {0};
    elc_status status = ELC_OK;
    if (elc_part_footprints_none(footprints))
        return fail_none(job, err);
    status = elc_part_footprints_unite(footprints, job->call->context, &wkb, err);
    if (status == ELC_OK && wkb.size > 0)
        status = elc_outline_read(wkb.data, wkb.size, &job->seen, err);
    elc_string_free(&wkb);
    if (status == ELC_OK && job->seen.n_rings == 0)
        return fail_none(job, err);
    return status;
}

elc_status elc_heat_read_images(heat_job *job, elc_error *err) {
    const char *name = elc_options_text(job->call->options, "images");
    part_footprints footprints = {0};
    if (!job->imaged)
        return ELC_OK;
    elc_status status =
        elc_part_footprints_read(name, job->to, job->call->context, &footprints, err);
    if (status == ELC_OK)
        status = unite(job, &footprints, err);
    if (status == ELC_OK)
        status = count_outside(job, &footprints, err);
    elc_part_footprints_free(&footprints);
    return status;
}

/* ---- cells ------------------------------------------------------------------------
 */

/* How much of each cell they show. */
static elc_status find_cover(const heat_job *job, float *cover, elc_error *err) {
    const elc_outline *seen = &job->seen;
    size_t *ends;
    ELC_TRY(elc_alloc(seen->n_rings, sizeof *ends, &ends, err));
    for (size_t i = 0; i < seen->n_rings; i++)
        ends[i] = seen->rings[i].first + seen->rings[i].n;
    elc_status status = elc_raster_cover(&job->density.grid, seen->points, ends,
                                         seen->n_rings, job->call->context, cover, err);
    free(ends);
    return status;
}

static bool is_seen(float cover) {
    return (double)cover > DUST;
}

/* The middles of the cells that are seen, each of which stands for the area that is. */
static void list_middles(const heat_job *job, const float *cover, elc_point *points,
                         double *areas) {
    const elc_raster_grid *g = &job->density.grid;
    size_t n = 0, wide = (size_t)g->width;
    for (size_t i = 0; i < job->cells; i++)
        if (is_seen(cover[i])) {
            points[n] = (elc_point){g->x + ((double)(i % wide) + 0.5) * g->cell,
                                    g->y - ((double)(i / wide) + 0.5) * g->cell};
            areas[n++] = (double)cover[i] * g->cell * g->cell;
        }
}

static size_t count_seen(const heat_job *job, const float *cover) {
    size_t n = 0;
    for (size_t i = 0; i < job->cells; i++)
        n += is_seen(cover[i]);
    return n;
}

static elc_status sum_share(heat_job *job, const float *cover, elc_error *err) {
    size_t n = count_seen(job, cover);
    elc_point *points = NULL;
    double *areas = NULL;
    elc_status status = elc_alloc(n, sizeof *points, &points, err);
    if (status == ELC_OK)
        status = elc_alloc(n, sizeof *areas, &areas, err);
    if (status == ELC_OK) {
        list_middles(job, cover, points, areas);
        status = elc_density_sum(&job->density, points, areas, n, job->call->context,
                                 job->share, err);
    }
    free(points);
    free(areas);
    return status;
}

static void drop_unseen(heat_job *job, const float *cover) {
    float most = 0;
    for (size_t i = 0; i < job->cells; i++)
        most = fmaxf(most, job->share[i]);
    for (size_t i = 0; i < job->cells; i++)
        if (!is_seen(cover[i]) || !((double)job->share[i] > LITTLE * (double)most))
            job->share[i] = NAN;
}

elc_status elc_heat_find_share(heat_job *job, elc_error *err) {
    float *cover = NULL;
    if (!job->imaged)
        return ELC_OK;
    ELC_TRY(elc_alloc(job->cells, sizeof *job->share, &job->share, err));
    elc_status status = elc_alloc(job->cells, sizeof *cover, &cover, err);
    if (status == ELC_OK)
        status = find_cover(job, cover, err);
    if (status == ELC_OK)
        status = sum_share(job, cover, err);
    if (status == ELC_OK)
        drop_unseen(job, cover);
    free(cover);
    return status;
}
