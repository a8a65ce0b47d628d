/* town.c - the lattice of roads and plots, and how many vehicles each plot gets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#include <stdlib.h>

#define PLOT_M        88.0
#define ROAD_JITTER_M 5.0
#define OBJECTS_A_M2  0.00256 /* where no number is asked for */
#define REACH_M       20.0    /* a plot's things are so near to its roads' lines */

enum { USE_UPRIGHT = 1, USE_LEVEL, USE_LAND };

elc_road elc_road_make(uint64_t seed, bool upright, int index) {
    elc_noise noise = {elc_noise_at(seed, index, 0, upright ? USE_UPRIGHT : USE_LEVEL)};
    elc_road road = {0};
    road.at_m = PLOT_M * (index - 0.72) +
                elc_noise_between(&noise, -ROAD_JITTER_M, ROAD_JITTER_M);
    road.swing_m = elc_noise_between(&noise, 0.5, 5);
    road.wave = 2 * M_PI / elc_noise_between(&noise, 190, 420);
    road.phase = elc_noise_between(&noise, 0, 2 * M_PI);
    road.lanes = elc_noise_unit(&noise) < 0.55 ? 2 : 1;
    road.kerb_stalls = elc_noise_unit(&noise) < 0.9;
    road.lanes_m = road.lanes * ELC_LANE_M;
    road.half_m = road.lanes_m + (road.kerb_stalls ? ELC_KERB_STALL_M : 0.3);
    return road;
}

static elc_land land_make(uint64_t seed, int col, int row) {
    static const elc_land lands[10] = {ELC_LAND_LOT,   ELC_LAND_HOUSES, ELC_LAND_BLOCKS,
                                       ELC_LAND_SHOP,  ELC_LAND_HOUSES, ELC_LAND_PARK,
                                       ELC_LAND_DEPOT, ELC_LAND_HOUSES, ELC_LAND_BLOCKS,
                                       ELC_LAND_HOUSES};
    uint64_t shift = elc_noise_at(seed, 0, 0, USE_LAND) % 10;
    /* Every neighbourhood has every kind of land; one plot in eight is a surprise. */
    uint64_t h = elc_noise_at(seed, col, row, USE_LAND);
    if (h % 8 == 0)
        return lands[(h >> 8) % 10];
    return lands[((uint64_t)(3 * col + 7 * row) + shift) % 10];
}

elc_land elc_town_land(const elc_town *town, int col, int row) {
    return town->land[(size_t)row * (size_t)town->cols + (size_t)col];
}

double elc_town_clearance(const elc_town *town, int col, int row, double x, double y) {
    const elc_road *left = &town->upright[col], *right = &town->upright[col + 1];
    const elc_road *top = &town->level[row], *bottom = &town->level[row + 1];
    double across = fmin(x - elc_road_centre(left, y) - left->half_m,
                         elc_road_centre(right, y) - right->half_m - x);
    double down = fmin(y - elc_road_centre(top, x) - top->half_m,
                       elc_road_centre(bottom, x) - bottom->half_m - y);
    return fmin(across, down);
}

static bool make_roads(elc_town *town) {
    town->cols = (int)ceil(town->width_m / PLOT_M) + 2;
    town->rows = (int)ceil(town->height_m / PLOT_M) + 2;
    town->upright = calloc((size_t)town->cols + 1, sizeof *town->upright);
    town->level = calloc((size_t)town->rows + 1, sizeof *town->level);
    size_t plots = (size_t)town->cols * (size_t)town->rows;
    town->streets_before = calloc(plots + 1, sizeof *town->streets_before);
    town->parked_before = calloc(plots + 1, sizeof *town->parked_before);
    town->land = calloc(plots, sizeof *town->land);
    town->cache_side = (int)((ELC_TILE * town->options->gsd_m + 2 * REACH_M) /
                             (PLOT_M - 2 * ROAD_JITTER_M)) +
                       3;
    town->cache =
        calloc((size_t)(town->cache_side * town->cache_side), sizeof *town->cache);
    if (town->upright == NULL || town->level == NULL || town->streets_before == NULL ||
        town->parked_before == NULL || town->land == NULL || town->cache == NULL)
        return false;
    for (int i = 0; i <= town->cols; i++)
        town->upright[i] = elc_road_make(town->options->seed, true, i);
    for (int i = 0; i <= town->rows; i++)
        town->level[i] = elc_road_make(town->options->seed, false, i);
    for (size_t i = 0; i < plots; i++)
        town->land[i] = land_make(town->options->seed, (int)(i % (size_t)town->cols),
                                  (int)(i / (size_t)town->cols));
    return true;
}

static bool count_room(elc_town *town) {
    elc_plot *plot = malloc(sizeof *plot);
    if (plot == NULL)
        return false;
    plot->full = false;
    size_t at = 0;
    for (int row = 0; row < town->rows; row++)
        for (int col = 0; col < town->cols; col++, at++) {
            elc_plot_make(plot, town, col, row);
            town->streets_before[at + 1] = town->streets_before[at] + plot->streets;
            town->parked_before[at + 1] = town->parked_before[at] + plot->parked;
        }
    free(plot);
    return true;
}

static int64_t most_that_fit(const elc_scene_options *options, int64_t streets,
                             int64_t parked) {
    double share = options->parking;
    if (!options->parking_given)
        return streets + parked;
    double by_parked = share > 0 ? (double)parked / share : INFINITY;
    double by_streets = share < 1 ? (double)streets / (1 - share) : INFINITY;
    int64_t most = (int64_t)fmin(by_parked, by_streets);
    while (most > 0 && (llround((double)most * share) > parked ||
                        most - llround((double)most * share) > streets))
        most--;
    return most;
}

static bool share_out(elc_town *town, elc_scene_error *err) {
    const elc_scene_options *options = town->options;
    size_t plots = (size_t)town->cols * (size_t)town->rows;
    int64_t streets = town->streets_before[plots], parked = town->parked_before[plots];
    int64_t most = most_that_fit(options, streets, parked), objects = options->objects;
    if (!options->objects_given)
        objects =
            llround(fmin(OBJECTS_A_M2 * town->width_m * town->height_m, (double)most));
    if (objects > most)
        return elc_scene_fail(
            err,
            "--objects %lld: %dx%d px hold %lld in streets and %lld in parking rows, "
            "at most %lld%s: give a larger --size or fewer --objects",
            (long long)objects, options->width, options->height, (long long)streets,
            (long long)parked, (long long)most,
            options->parking_given ? " with this --parking" : "");
    int64_t in_rows = llround((double)objects * options->parking);
    if (!options->parking_given) { /* what one sort has no room for goes to the other */
        in_rows = in_rows < parked ? in_rows : parked;
        in_rows = objects - in_rows > streets ? objects - streets : in_rows;
    }
    town->parked_wanted = in_rows;
    town->streets_wanted = objects - in_rows;
    return true;
}

bool elc_town_open(elc_town *town, const elc_scene_options *options,
                   elc_scene_error *err) {
    *town = (elc_town){.options = options};
    town->width_m = options->width * options->gsd_m;
    town->height_m = options->height * options->gsd_m;
    if (!make_roads(town) || !count_room(town))
        return elc_scene_fail(err, "out of memory for a town of %dx%d px",
                              options->width, options->height);
    return share_out(town, err);
}

void elc_town_close(elc_town *town) {
    for (int i = 0; town->cache != NULL && i < town->cache_side * town->cache_side; i++)
        free(town->cache[i]);
    free(town->cache);
    free(town->upright);
    free(town->level);
    free(town->land);
    free(town->streets_before);
    free(town->parked_before);
    *town = (elc_town){0};
}

/*
 * A plot's share of n vehicles, when `before` counts the room of the plots before each:
 * floor(n before[i + 1] / all) - floor(n before[i] / all). The shares sum to n, and
 * none is above its plot's room as long as n is not above all.
 */
static int share_of(const int64_t *before, size_t at, size_t plots, int64_t n) {
    int64_t all = before[plots];
    if (all == 0)
        return 0;
    return (int)(n * before[at + 1] / all - n * before[at] / all);
}

void elc_town_quota(const elc_town *town, int col, int row, int *streets, int *parked) {
    size_t plots = (size_t)town->cols * (size_t)town->rows;
    size_t at = (size_t)row * (size_t)town->cols + (size_t)col;
    *streets = share_of(town->streets_before, at, plots, town->streets_wanted);
    *parked = share_of(town->parked_before, at, plots, town->parked_wanted);
}

const elc_plot *elc_town_plot(elc_town *town, int col, int row) {
    int side = town->cache_side;
    elc_plot **slot = &town->cache[(row % side) * side + col % side];
    if (*slot == NULL) {
        *slot = malloc(sizeof **slot);
        if (*slot == NULL)
            return NULL;
        (*slot)->col = -1;
        (*slot)->full = true;
    }
    if ((*slot)->col != col || (*slot)->row != row)
        elc_plot_make(*slot, town, col, row);
    return *slot;
}
