/* plot.c - what may stand on a plot: vehicles that keep apart, chosen by rank. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#include <stdlib.h>

#define GAP_M 0.15 /* between two outlines, so that no pixel is of two objects */

static bool boxes_meet(elc_bounds a, elc_bounds b) {
    return a.xmin < b.xmax && b.xmin < a.xmax && a.ymin < b.ymax && b.ymin < a.ymax;
}

/* Takes the vehicle when it is wholly in the image and leaves the others their room. */
bool elc_plot_place(elc_plot *plot, const elc_town *town, elc_vehicle vehicle) {
    const elc_scene_options *options = town->options;
    vehicle.box = elc_vehicle_box(&vehicle, options->gsd_m);
    if (plot->vehicles == ELC_PLOT_VEHICLES || vehicle.box.xmin < 0 ||
        vehicle.box.ymin < 0 || vehicle.box.xmax > options->width ||
        vehicle.box.ymax > options->height || vehicle.box.xmin >= vehicle.box.xmax)
        return false;
    for (int i = 0; i < plot->vehicles; i++) {
        const elc_vehicle *other = &plot->vehicle[i];
        if (boxes_meet(vehicle.box, other->box) &&
            (elc_bounds_iou(vehicle.box, other->box) > options->crowd ||
             !elc_slab_apart(&vehicle.slab, &other->slab, GAP_M)))
            return false;
    }
    plot->vehicle[plot->vehicles++] = vehicle;
    return true;
}

static int by_sort_and_rank(const void *left, const void *right) {
    const elc_vehicle *a = left, *b = right;
    if (a->parked != b->parked)
        return a->parked ? 1 : -1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->box.ymin != b->box.ymin)
        return a->box.ymin < b->box.ymin ? -1 : 1;
    return a->box.xmin < b->box.xmin ? -1 : a->box.xmin > b->box.xmin;
}

static int parked_in(const elc_plot *plot) {
    int parked = 0;
    for (int i = 0; i < plot->vehicles; i++)
        parked += plot->vehicle[i].parked;
    return parked;
}

void elc_plot_make(elc_plot *plot, const elc_town *town, int col, int row) {
    plot->col = col;
    plot->row = row;
    plot->land = elc_town_land(town, col, row);
    plot->vehicles = plot->buildings = plot->trees = plot->stripes = plot->pools = 0;
    elc_plot_streets(plot, town);
    elc_plot_yard(plot, town);
    elc_plot_rows(plot, town);
    if (town->options->pools != NULL)
        elc_plot_pools(plot, town);
    if (plot->full)
        elc_plot_trees(plot, town);
    qsort(plot->vehicle, (size_t)plot->vehicles, sizeof *plot->vehicle,
          by_sort_and_rank);
    plot->parked = parked_in(plot);
    plot->streets = plot->vehicles - plot->parked;
}
