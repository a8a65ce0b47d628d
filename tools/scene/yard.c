/* yard.c - the buildings and trees of a plot. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

enum { USE_YARD = 40, USE_TREES };

/* Buildings of a kind of land: how many are tried, and their measures in metres. */
typedef struct yard {
    int tries;
    int most;
    double length[2], width[2], height[2];
    double clear_m;  /* from the kerb */
    double gabled;   /* share with a ridge */
    double any_turn; /* share at any angle, the others along the streets */
} yard;

static const yard yards[] = {
    [ELC_LAND_HOUSES] = {70, 12, {9, 14}, {7.5, 10}, {6, 9}, 6.5, 0.85, 0.1},
    [ELC_LAND_BLOCKS] = {40, 7, {20, 42}, {11, 15}, {11, 21}, 6, 0.25, 0.25},
    [ELC_LAND_PARK] = {1, 1, {8, 12}, {7, 9}, {4, 5}, 15, 0.5, 1},
    [ELC_LAND_LOT] = {0, 0, {0, 0}, {0, 0}, {0, 0}, 0, 0, 0},
    [ELC_LAND_SHOP] = {8, 1, {26, 40}, {16, 22}, {6, 8}, 5, 0, 0.7},
    [ELC_LAND_DEPOT] = {2, 1, {22, 30}, {9, 12}, {6, 9}, 5, 0.2, 0.5},
};

static void random_point(const elc_plot *plot, const elc_town *town, elc_noise *noise,
                         double *x, double *y) {
    *x = elc_noise_between(noise, town->upright[plot->col].at_m,
                           town->upright[plot->col + 1].at_m);
    *y = elc_noise_between(noise, town->level[plot->row].at_m,
                           town->level[plot->row + 1].at_m);
}

static bool building_fits(const elc_plot *plot, const elc_town *town,
                          const elc_slab *slab, double clear_m) {
    for (int i = 0; i < 4; i++) {
        double u = i & 1 ? slab->half_length : -slab->half_length;
        double w = i & 2 ? slab->half_width : -slab->half_width;
        double x = slab->x + u * slab->cosine - w * slab->sine;
        double y = slab->y + u * slab->sine + w * slab->cosine;
        if (elc_town_clearance(town, plot->col, plot->row, x, y) < clear_m)
            return false;
    }
    for (int i = 0; i < plot->buildings; i++)
        if (!elc_slab_apart(slab, &plot->building[i].slab, 4.5))
            return false;
    return true;
}

static elc_building building_make(const yard *kind, elc_noise *noise) {
    elc_building b = {.look = (uint32_t)elc_noise_next(noise)};
    double angle = elc_noise_between(noise, -0.05, 0.05);
    if (elc_noise_unit(noise) < kind->any_turn)
        angle = elc_noise_between(noise, 0, M_PI);
    else if (elc_noise_unit(noise) < 0.5)
        angle += M_PI / 2;
    b.slab.cosine = cos(angle);
    b.slab.sine = sin(angle);
    b.slab.half_length = elc_noise_between(noise, kind->length[0], kind->length[1]) / 2;
    b.slab.half_width = elc_noise_between(noise, kind->width[0], kind->width[1]) / 2;
    b.height_m = elc_noise_between(noise, kind->height[0], kind->height[1]);
    b.gabled = elc_noise_unit(noise) < kind->gabled;
    return b;
}

void elc_plot_yard(elc_plot *plot, const elc_town *town) {
    const yard *kind = &yards[plot->land];
    elc_noise noise = {
        elc_noise_at(town->options->seed, plot->col, plot->row, USE_YARD)};
    for (int i = 0; i < kind->tries && plot->buildings < kind->most; i++) {
        elc_building b = building_make(kind, &noise);
        random_point(plot, town, &noise, &b.slab.x, &b.slab.y);
        if (building_fits(plot, town, &b.slab, kind->clear_m))
            plot->building[plot->buildings++] = b;
    }
}

/* A crown may touch another one, but stands off streets, roofs and parked vehicles. */
static bool tree_fits(const elc_plot *plot, const elc_town *town,
                      const elc_tree *tree) {
    double r = tree->radius;
    elc_slab crown = {tree->x, tree->y, 1, 0, r, r};
    if (elc_town_clearance(town, plot->col, plot->row, crown.x, crown.y) < r + 0.4)
        return false;
    for (int i = 0; i < plot->buildings; i++)
        if (!elc_slab_apart(&crown, &plot->building[i].slab, 0.2))
            return false;
    for (int i = 0; i < plot->vehicles; i++)
        if (!elc_slab_apart(&crown, &plot->vehicle[i].slab, 0.6))
            return false;
    for (int i = 0; i < plot->pools; i++)
        if (!elc_slab_apart(&crown, &plot->pool[i].slab, 0.3))
            return false;
    return true;
}

void elc_plot_trees(elc_plot *plot, const elc_town *town) {
    static const int tries[] = {
        [ELC_LAND_HOUSES] = 90, [ELC_LAND_BLOCKS] = 70, [ELC_LAND_PARK] = 110,
        [ELC_LAND_LOT] = 50,    [ELC_LAND_SHOP] = 40,   [ELC_LAND_DEPOT] = 25};
    elc_noise noise = {
        elc_noise_at(town->options->seed, plot->col, plot->row, USE_TREES)};
    for (int i = 0; i < tries[plot->land] && plot->trees < ELC_PLOT_TREES; i++) {
        double x, y;
        random_point(plot, town, &noise, &x, &y);
        double u = elc_noise_unit(&noise);
        elc_tree tree = {(float)x, (float)y, (float)(1.3 + 2.9 * u * u),
                         (uint32_t)elc_noise_next(&noise)};
        if (tree_fits(plot, town, &tree))
            plot->tree[plot->trees++] = tree;
    }
}
