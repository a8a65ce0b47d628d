/* pool.c - swimming pools beside houses, which only those who ask for get. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

enum { USE_POOLS = 50, TRIES = 40 };
#define RIM_M 0.7 /* of stone, which is no part of the pool */

/* Metres from the outline, negative inside: a rectangle with rounded corners, which
   are as round as the pool is narrow where it is an oval. */
static double beyond(const elc_pool *pool, double x, double y) {
    const elc_slab *s = &pool->slab;
    double dx = x - s->x, dy = y - s->y;
    double u = fabs(dx * s->cosine + dy * s->sine) - s->half_length + pool->round_m;
    double w = fabs(dy * s->cosine - dx * s->sine) - s->half_width + pool->round_m;
    return hypot(fmax(u, 0), fmax(w, 0)) + fmin(fmax(u, w), 0) - pool->round_m;
}

static double reach(const elc_pool *pool) {
    return hypot(pool->slab.half_length, pool->slab.half_width) + RIM_M;
}

/* The tightest box round the pixels whose middle is inside. */
static elc_bounds box_of(const elc_pool *pool, double gsd_m) {
    double r = reach(pool);
    int x0 = (int)floor((pool->slab.x - r) / gsd_m);
    int y0 = (int)floor((pool->slab.y - r) / gsd_m);
    int n = (int)ceil(2 * r / gsd_m) + 1;
    elc_bounds b = {x0 + n, y0 + n, x0, y0};
    for (int y = y0; y < y0 + n; y++)
        for (int x = x0; x < x0 + n; x++) {
            if (beyond(pool, (x + 0.5) * gsd_m, (y + 0.5) * gsd_m) > 0)
                continue;
            b.xmin = x < b.xmin ? x : b.xmin;
            b.ymin = y < b.ymin ? y : b.ymin;
            b.xmax = x >= b.xmax ? x + 1 : b.xmax;
            b.ymax = y >= b.ymax ? y + 1 : b.ymax;
        }
    return b;
}

static bool fits(const elc_plot *plot, const elc_town *town, const elc_pool *pool) {
    elc_slab s = pool->slab;
    s.half_length += RIM_M;
    s.half_width += RIM_M;
    if (elc_town_clearance(town, plot->col, plot->row, s.x, s.y) < reach(pool) + 0.5)
        return false;
    for (int i = 0; i < plot->buildings; i++)
        if (!elc_slab_apart(&s, &plot->building[i].slab, 0.8))
            return false;
    for (int i = 0; i < plot->vehicles; i++)
        if (!elc_slab_apart(&s, &plot->vehicle[i].slab, 0.5))
            return false;
    for (int i = 0; i < plot->pools; i++)
        if (!elc_slab_apart(&s, &plot->pool[i].slab, 4))
            return false;
    const elc_scene_options *o = town->options;
    return pool->box.xmin >= 0 && pool->box.ymin >= 0 && pool->box.xmax <= o->width &&
           pool->box.ymax <= o->height;
}

static elc_pool pool_make(elc_noise *noise) {
    elc_pool p = {.look = (uint32_t)elc_noise_next(noise)};
    double angle = elc_noise_between(noise, 0, M_PI);
    p.slab.cosine = cos(angle);
    p.slab.sine = sin(angle);
    p.slab.half_length = elc_noise_between(noise, 2.2, 5);
    p.slab.half_width = p.slab.half_length * elc_noise_between(noise, 0.4, 0.7);
    p.round_m = p.slab.half_width * (elc_noise_unit(noise) < 0.35 ? 1 : 0.15);
    return p;
}

void elc_plot_pools(elc_plot *plot, const elc_town *town) {
    elc_noise noise = {
        elc_noise_at(town->options->seed, plot->col, plot->row, USE_POOLS)};
    bool lived_in = plot->land == ELC_LAND_HOUSES || plot->land == ELC_LAND_BLOCKS;
    const elc_road *left = &town->upright[plot->col], *top = &town->level[plot->row];
    for (int i = 0; lived_in && i < TRIES && plot->pools < ELC_PLOT_POOLS; i++) {
        elc_pool p = pool_make(&noise);
        p.slab.x = elc_noise_between(&noise, left->at_m, left[1].at_m);
        p.slab.y = elc_noise_between(&noise, top->at_m, top[1].at_m);
        p.box = box_of(&p, town->options->gsd_m);
        if (fits(plot, town, &p))
            plot->pool[plot->pools++] = p;
    }
}

static elc_colour water(const elc_pool *pool, double depth_m, double along) {
    static const elc_colour waters[6] = {{96, 190, 200},  {70, 160, 190},
                                         {120, 200, 196}, {52, 120, 160},
                                         {92, 150, 130},  {150, 190, 196}};
    elc_colour c = waters[pool->look % 6];
    float gain = (float)(1.06 - 0.1 * fmin(depth_m, 1.5) + 0.05 * sin(2.3 * along));
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

void elc_pool_paint(elc_tile *tile, const elc_pool *pool) {
    static const elc_colour stones[4] = {
        {206, 200, 188}, {176, 168, 156}, {158, 140, 118}, {190, 190, 190}};
    double r = reach(pool), g = tile->gsd_m;
    elc_bounds box;
    if (!elc_tile_clip(tile, pool->slab.x - r, pool->slab.y - r, pool->slab.x + r,
                       pool->slab.y + r, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double px = (x + 0.5) * g, py = (y + 0.5) * g, d = beyond(pool, px, py);
            if (d > RIM_M)
                continue;
            elc_colour c =
                d > 0 ? stones[(pool->look >> 8) & 3] : water(pool, -d, px * 1.7 + py);
            elc_tile_set(tile, (size_t)(y - tile->y) * ELC_TILE + (size_t)(x - tile->x),
                         c, 1);
        }
}
